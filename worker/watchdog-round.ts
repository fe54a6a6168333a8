import type { Log } from '../adapters/log.js';
import type { Channel } from '../adapters/watchdog/channels.js';
import type { WatchDisk } from '../adapters/watchdog/disk.js';
import type { WatchMetrics } from '../adapters/watchdog/metrics.js';
import { type Instant, toInstant } from '../domain/clock/instant.js';
import { acknowledge, type Alarms, delivered, sound, type WatchMessage } from '../domain/watch/alarms.js';
import { look } from '../domain/watch/look.js';
import type { Patience } from '../domain/watch/patience.js';
import { type Cause, type Copy, isOpen, type MongoSays, type TemporalSays } from '../domain/watch/sight.js';

export interface RoundTools {
  readonly patience: Patience;
  readonly readRecord: (copy: Copy) => Promise<MongoSays>;
  readonly readEngine: (copy: Copy) => Promise<TemporalSays>;
  readonly disk: WatchDisk;
  readonly channels: readonly Channel[];
  /** Null: no dead-man switch is configured. */
  readonly ping: (() => Promise<boolean>) | null;
  readonly metrics: WatchMetrics;
  readonly log: Log;
  readonly nowMs: () => number;
}

/** What the door shows. */
export interface Watching {
  readonly alarms: Alarms;
  readonly copy: Copy;
  /** End of the last round in which nothing of the watchdog's own failed. */
  readonly lastRoundAt: Instant | null;
  readonly lastPingAt: Instant | null;
  readonly answers: { readonly mongo: boolean; readonly temporal: boolean } | null;
}

export interface Rounds {
  round(): Promise<void>;
  watching(): Watching;
  acknowledge(cause: Cause | null): void;
}

/**
 * One look after the other: ask both stores, judge, keep, tell, keep what was told, ping. What fails in a round fails for that round:
 * a disk that is full silences no alarm, and a round with a failure of its own does not ping.
 */
export function createRounds(tools: RoundTools): Rounds {
  const { patience, disk, channels, metrics, log, nowMs } = tools;
  let { copy, alarms } = disk.read();
  let lastRoundAt: Instant | null = null;
  let lastPingAt: Instant | null = null;
  let answers: Watching['answers'] = null;
  const acknowledged = new Set<Cause | null>();

  async function answer<T>(store: 'mongo' | 'temporal', ask: Promise<T>): Promise<T | null> {
    const said = await within(patience.askMs, ask).catch((error: unknown) => {
      log.debug({ event: 'watchdog.no-answer', engine: store, error: error instanceof Error ? error : undefined });
      return null;
    });
    metrics.store(store, said !== null);
    return said;
  }

  function keep(): boolean {
    try {
      disk.write({ copy, alarms });
      return true;
    } catch (error) {
      log.error({ event: 'watchdog.not-kept', error: error instanceof Error ? error : undefined });
      return false;
    }
  }

  /** True when at least one channel has it. All are tried at once: nobody waits for the broken one. */
  async function tell(message: WatchMessage): Promise<boolean> {
    const took = await Promise.all(
      channels.map(async (channel) => {
        const ok = await channel.send(message).catch(() => false);
        metrics.sent(channel.name, ok);
        const line = { event: 'watchdog.told', channel: channel.name, ok, type: message.cause, state: message.kind };
        log[ok ? 'info' : 'error']({ ...line, count: message.finding.incidents.length });
        return ok;
      }),
    );
    return took.includes(true);
  }

  async function round(): Promise<void> {
    const [mongo, temporal] = await Promise.all([
      answer('mongo', tools.readRecord(copy)),
      answer('temporal', tools.readEngine(copy)),
    ]);
    answers = { mongo: mongo !== null, temporal: temporal !== null };
    const at = toInstant(nowMs());
    const looked = look(copy, { at, mongo, temporal }, patience);
    for (const cause of [...disk.takeAcknowledged(), ...acknowledged]) {
      alarms = acknowledge(alarms, cause, at);
      log.info({ event: 'watchdog.acknowledged', type: cause ?? 'all' });
    }
    acknowledged.clear();
    const sounded = sound(alarms, looked, at, patience);
    ({ copy } = looked);
    ({ alarms } = sounded);
    let ok = keep();
    const told = await Promise.all(sounded.messages.map(async (message) => ((await tell(message)) ? [message] : [])));
    for (const message of told.flat()) alarms = delivered(alarms, message);
    if (sounded.messages.length > 0) ok = keep() && told.every((one) => one.length > 0) && ok;
    const sounding = Object.values(alarms);
    metrics.sounding(sounding.filter((one) => one.goneSince === null).map((one) => one.cause));
    metrics.known(Object.values(copy.incidents).filter((k) => isOpen(k.phase)).length);
    if (ok && tools.ping) {
      const took = await tools.ping();
      metrics.ping(nowMs(), took);
      if (took) lastPingAt = toInstant(nowMs());
      else log.warn({ event: 'watchdog.ping-failed' });
    }
    metrics.round(nowMs(), ok);
    if (ok) lastRoundAt = toInstant(nowMs());
  }

  return {
    async round() {
      try {
        await round();
      } catch (error) {
        metrics.round(nowMs(), false);
        log.error({ event: 'watchdog.round-failed', error: error instanceof Error ? error : undefined });
      }
    },
    watching: () => ({ alarms, copy, lastRoundAt, lastPingAt, answers }),
    acknowledge: (cause) => void acknowledged.add(cause),
  };
}

/** A store that hangs counts as silent; what it says later is not waited for. */
async function within<T>(ms: number, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer()), ms);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}
