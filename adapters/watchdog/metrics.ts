import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { CAUSES, type Cause } from '../../domain/watch/sight.js';

/** What is counted of the watchdog. Labels are enumerations. */
export interface WatchMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  round(atMs: number, ok: boolean): void;
  store(store: 'mongo' | 'temporal', answered: boolean): void;
  known(incidents: number): void;
  sounding(causes: readonly Cause[]): void;
  sent(channel: 'webhook' | 'mail', ok: boolean): void;
  ping(atMs: number, ok: boolean): void;
}

const MS = 1_000;

export function createWatchMetrics({ process = true }: { process?: boolean } = {}): WatchMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ side: 'live' });
  if (process) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const lastRound = new Gauge({
    registers,
    name: 'seventytwo_watchdog_last_round_seconds',
    help: 'When the last healthy round ended, in seconds since 1970.',
  });
  const rounds = new Counter({
    registers,
    name: 'seventytwo_watchdog_rounds_total',
    help: 'Rounds; not ok: something of its own failed.',
    labelNames: ['ok'],
  });
  const stores = new Gauge({
    registers,
    name: 'seventytwo_watchdog_store_answers',
    help: '1 when the store answered in the last round.',
    labelNames: ['store'],
  });
  const incidents = new Gauge({
    registers,
    name: 'seventytwo_watchdog_incidents',
    help: 'Open incidents in the copy of due times.',
  });
  const alarms = new Gauge({
    registers,
    name: 'seventytwo_watchdog_alarm',
    help: '1 while an alarm of this cause sounds.',
    labelNames: ['cause'],
  });
  const messages = new Counter({
    registers,
    name: 'seventytwo_watchdog_messages_total',
    help: 'Alarm messages by channel; not ok: the channel did not take it.',
    labelNames: ['channel', 'ok'],
  });
  const lastPing = new Gauge({
    registers,
    name: 'seventytwo_watchdog_last_ping_seconds',
    help: 'When the dead-man switch last took a ping, in seconds since 1970.',
  });
  const pings = new Counter({
    registers,
    name: 'seventytwo_watchdog_pings_total',
    help: 'Pings to the dead-man switch.',
    labelNames: ['ok'],
  });
  for (const cause of CAUSES) alarms.set({ cause }, 0);

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    round(atMs, ok) {
      rounds.inc({ ok: String(ok) });
      if (ok) lastRound.set(atMs / MS);
    },
    store: (store, answered) => stores.set({ store }, answered ? 1 : 0),
    known: (count) => incidents.set(count),
    sounding(causes) {
      for (const cause of CAUSES) alarms.set({ cause }, causes.includes(cause) ? 1 : 0);
    },
    sent: (channel, ok) => messages.inc({ channel, ok: String(ok) }),
    ping(atMs, ok) {
      pings.inc({ ok: String(ok) });
      if (ok) lastPing.set(atMs / MS);
    },
  };
}
