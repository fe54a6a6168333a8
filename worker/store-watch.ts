import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../adapters/log.js';
import { sha256Hex } from '../adapters/crypto/hash.js';
import type { MongoLedger } from '../adapters/mongo/ledger.js';
import type { StoreMark } from '../adapters/mongo/store-mark.js';
import { EngineUnreachable, type TemporalGateway } from '../adapters/temporal/gateway.js';
import type { Recordings } from '../adapters/temporal/recordings.js';
import type { Runs } from '../adapters/temporal/runs.js';
import { ENGINE } from '../domain/incident/events.js';
import { inTurns } from './rebuild.js';

/**
 * Notices within seconds that the database was set back, also when nothing happens that would have to be recorded, and has every incident
 * that it concerns wake its people.
 */

export interface StoreWatch {
  readonly mark: StoreMark;
  readonly ledger: Pick<MongoLedger, 'head'>;
  readonly recordings: Pick<Recordings, 'incidents'>;
  readonly runs: Pick<Runs, 'of'>;
  readonly gateway: Pick<TemporalGateway, 'state' | 'send'>;
  readonly log: Log;
  readonly everyMs?: number;
}

const EVERY_MS = 10_000;
/** A recorder that is merely behind is through by then. */
const RECORDER_MS = 3_000;

export function watchStore({ mark, everyMs = EVERY_MS, ...rest }: StoreWatch): { stop(): Promise<void> } {
  const ended = new AbortController();
  const look = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        if ((await mark.step()) === 'set-back') {
          await tellAll(rest);
          await mark.settled();
        }
      } catch (error) {
        // One of the stores is away, which others say; the mark stands where it stood, so nothing is missed.
        rest.log.warn({ event: 'store.not_checked', error: error instanceof Error ? error : undefined });
      }
      await delay(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const looking = look();
  return {
    async stop() {
      ended.abort();
      await looking;
    },
  };
}

async function tellAll({
  ledger,
  recordings,
  runs,
  gateway,
  log,
}: Omit<StoreWatch, 'mark' | 'everyMs'>): Promise<void> {
  const open = (
    await inTurns(await recordings.incidents(), async (incident) =>
      (await runs.of(incident)) === 'running' ? [incident] : [],
    )
  ).flat();
  log.error({ event: 'mongo.set_back', count: open.length });
  const before = await inTurns(open, async (incident) => {
    const state = await gateway.state(incident).catch(() => null);
    if (!state) log.error({ event: 'ledger.not_checked', incident });
    return { incident, state, head: (await ledger.head(incident))?.seq ?? 0 };
  });
  if (open.length > 0 && before.every(({ state }) => state === null)) throw new EngineUnreachable();
  await delay(RECORDER_MS);
  await inTurns(before, async ({ incident, state, head }) => {
    const now = (await ledger.head(incident))?.seq ?? 0;
    if (!state || state.recordGap || now >= state.seq || now > head) return;
    const { seq } = state;
    const from = now + 1;
    log.error({ event: 'ledger.gap', incident, seq, firstBad: from });
    const cause = { keyHash: sha256Hex(Buffer.from(`record-gap/${incident}/${from}/${seq}`)), bodyHash: 'record-gap' };
    await gateway.send(incident, {
      command: { type: 'ReportRecordGap', from, why: 'missing' },
      actor: ENGINE,
      loginMadeBy: null,
      cause,
    });
  });
}
