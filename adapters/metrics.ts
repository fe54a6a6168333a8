import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What is counted. Labels are enumerations: no ids, because a label value lives as long as the process. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  declared(mode: 'live' | 'drill', confirmed: boolean): void;
  command(type: string, outcome: 'accepted' | 'repeated' | 'refused' | 'unknown' | 'unavailable'): void;
  /** One reason of a refusal. */
  refusal(code: string): void;
  /** Events accepted, but not yet in the ledger. */
  unrecorded(events: number): void;
  /** From the event's instant to its entry in the ledger. */
  recorded(events: number, lagSeconds: number): void;
  ledgerConflict(): void;
  notice(state: 'drafted' | 'sent' | 'ambiguous' | 'refused' | 'at_portal' | 'receipt'): void;
  escalation(channel: string, ok: boolean): void;
  /** Recipients of mailings by what became of them. */
  recipients(state: string, count: number): void;
  /** `route` is the id of the route, never a path with ids in it. */
  answered(route: string, status: number, ms: number): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const LAG_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800, 7_200];
const MS = 1_000;

/** A registry of its own, so that two processes in one (the local stack) do not share figures. */
export function createMetrics({ side, process = true }: { side: 'live' | 'drill'; process?: boolean }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ side });
  if (process) collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const declared = new Counter({
    registers,
    name: 'seventytwo_incidents_declared_total',
    help: 'Incidents declared.',
    labelNames: ['mode', 'state'],
  });
  const commands = new Counter({
    registers,
    name: 'seventytwo_commands_total',
    help: 'Commands by what became of them.',
    labelNames: ['type', 'outcome'],
  });
  const refusals = new Counter({
    registers,
    name: 'seventytwo_refusals_total',
    help: 'Reasons of refusals.',
    labelNames: ['code'],
  });
  const unrecorded = new Gauge({
    registers,
    name: 'seventytwo_ledger_unrecorded_events',
    help: 'Events accepted but not yet in the ledger, as last reported.',
  });
  const recorded = new Counter({ registers, name: 'seventytwo_ledger_events_total', help: 'Events in the ledger.' });
  const lag = new Histogram({
    registers,
    name: 'seventytwo_ledger_lag_seconds',
    help: 'From an event to its entry in the ledger.',
    buckets: LAG_SECONDS,
  });
  const conflicts = new Counter({
    registers,
    name: 'seventytwo_ledger_conflicts_total',
    help: 'Another entry stood at the same place: look at once.',
  });
  const notices = new Counter({
    registers,
    name: 'seventytwo_notices_total',
    help: 'Notices to authorities by state reached.',
    labelNames: ['state'],
  });
  const escalations = new Counter({
    registers,
    name: 'seventytwo_escalations_total',
    help: 'Alarms sent.',
    labelNames: ['channel', 'ok'],
  });
  const recipients = new Counter({
    registers,
    name: 'seventytwo_recipients_total',
    help: 'Recipients of mailings by outcome.',
    labelNames: ['state'],
  });
  const http = new Histogram({
    registers,
    name: 'seventytwo_http_seconds',
    help: 'Answers of the API.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
  });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    declared: (mode, confirmed) => declared.inc({ mode, state: confirmed ? 'confirmed' : 'suspected' }),
    command: (type, outcome) => commands.inc({ type, outcome }),
    refusal: (code) => refusals.inc({ code }),
    unrecorded: (events) => unrecorded.set(events),
    recorded(events, lagSeconds) {
      recorded.inc(events);
      lag.observe(lagSeconds);
    },
    ledgerConflict: () => conflicts.inc(),
    notice: (state) => notices.inc({ state }),
    escalation: (channel, ok) => escalations.inc({ channel, ok: String(ok) }),
    recipients: (state, count) => recipients.inc({ state }, count),
    answered: (route, status, ms) => http.observe({ route, status: String(status) }, ms / MS),
  };
}
