import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Instant } from '../domain/clock/instant.js';

/** What is counted. Labels are enumerations: no ids, because a label value lives as long as the process. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  declared(mode: 'live' | 'drill', confirmed: boolean): void;
  command(type: string, outcome: 'accepted' | 'repeated' | 'refused' | 'unknown' | 'unavailable'): void;
  /** One reason of a refusal. */
  refusal(code: string): void;
  /** From the oldest event's instant to its entry in the ledger; null where the clock is an exercise's. */
  recorded(events: number, lagSeconds: number | null): void;
  /** Events that this process could not append so far, and the instant since when. Null: none. */
  behind(found: { readonly events: number; readonly sinceMs: number } | null): void;
  ledgerConflict(): void;
  /** Entries that were in the ledger are missing. */
  ledgerGap(): void;
  notice(outcome: string): void;
  escalation(channel: string, ok: boolean, count: number): void;
  /** Recipients of mailings by what became of them. */
  recipients(state: string, count: number): void;
  /** `route` is the id of the route, never a path with ids in it. */
  answered(route: string, status: number, ms: number): void;
  /** What the engine's own library counts in a worker. */
  engine(found: EngineFigure): void;
}

/** One figure of the engine's library, of those that we show. */
export type EngineFigure =
  | { readonly of: 'workflow-task-failed'; readonly type: string; readonly count: number }
  | { readonly of: 'activity-failed'; readonly type: string; readonly count: number }
  | { readonly of: 'workflow-task-waited'; readonly seconds: number }
  | { readonly of: 'activity-waited'; readonly seconds: number };

/** What is looked up when somebody asks for the figures. Each may fail: then its gauges are left out, and `readable` says so. */
export interface Watched {
  /** The open incidents as the board has them. */
  readonly board?: (() => Promise<BoardFigures>) | undefined;
  /** How many open incidents the engine does not run. */
  readonly clockless?: (() => Promise<number>) | undefined;
  /** Workers that asked for work of a queue within the last minutes. */
  readonly pollers?: (() => Promise<Readonly<Record<string, number>>>) | undefined;
  readonly checks?: readonly { readonly name: string; readonly check: () => Promise<void> }[] | undefined;
}

export interface BoardFigures {
  readonly open: Readonly<Record<string, number>>;
  /** Null: nothing is owed by an instant. */
  readonly nextDeadline: Instant | null;
  readonly overdue: number;
  readonly mailings: Readonly<Record<'running' | 'paused', number>>;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const LAG_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800, 7_200];
const MS = 1_000;
/** Anybody may ask: the stores are asked at most this often. */
const FRESH_MS = 5_000;
const LOOK_MS = 2_000;

/** A registry of its own, so that two processes in one (the local stack) do not share figures. */
export function createMetrics({
  side,
  process = true,
  watched = {},
  now = () => Date.now(),
}: {
  side: 'live' | 'drill';
  process?: boolean;
  watched?: Watched;
  now?: () => number;
}): Metrics {
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
  let oldestMs: number | null = null;
  const unrecorded = new Gauge({
    registers,
    name: 'seventytwo_ledger_unrecorded_events',
    help: 'Events that this worker tried to append and could not so far.',
  });
  new Gauge({
    registers,
    name: 'seventytwo_recorder_behind_seconds',
    help: 'Since when this worker cannot append the oldest of them; 0 when there is none.',
    collect() {
      this.set(oldestMs === null ? 0 : Math.max(0, (now() - oldestMs) / MS));
    },
  });
  const recorded = new Counter({ registers, name: 'seventytwo_ledger_events_total', help: 'Events in the ledger.' });
  const lag = new Histogram({
    registers,
    name: 'seventytwo_ledger_lag_seconds',
    help: 'From an event to its entry in the ledger.',
    buckets: LAG_SECONDS,
  });
  const gaps = new Counter({
    registers,
    name: 'seventytwo_ledger_gaps_total',
    help: 'Entries that were in the ledger are missing: the database was set back.',
  });
  const conflicts = new Counter({
    registers,
    name: 'seventytwo_ledger_conflicts_total',
    help: 'Another entry stood at the same place: look at once.',
  });
  const notices = new Counter({
    registers,
    name: 'seventytwo_notices_total',
    help: 'Attempts to send a notice to an authority, by outcome.',
    labelNames: ['outcome'],
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

  const engineFailed = new Counter({
    registers,
    name: 'seventytwo_workflow_task_failures_total',
    help: 'Workflow tasks that failed and are tried again: the incident stands still until one succeeds.',
    labelNames: ['type'],
  });
  const activityFailed = new Counter({
    registers,
    name: 'seventytwo_activity_failures_total',
    help: 'Attempts of activities that failed.',
    labelNames: ['type'],
  });
  const waited = new Histogram({
    registers,
    name: 'seventytwo_task_wait_seconds',
    help: 'From the moment work was there to the moment a worker took it.',
    labelNames: ['kind'],
    buckets: SECONDS,
  });
  const look = createLooks(registers, side, watched, now);

  return {
    contentType: registry.contentType,
    async text() {
      await look();
      return registry.metrics();
    },
    declared: (mode, confirmed) => declared.inc({ mode, state: confirmed ? 'confirmed' : 'suspected' }),
    command: (type, outcome) => commands.inc({ type, outcome }),
    refusal: (code) => refusals.inc({ code }),
    recorded(events, lagSeconds) {
      recorded.inc(events);
      if (lagSeconds !== null) lag.observe(lagSeconds);
    },
    behind(found) {
      unrecorded.set(found?.events ?? 0);
      oldestMs = found?.sinceMs ?? null;
    },
    ledgerConflict: () => conflicts.inc(),
    ledgerGap: () => gaps.inc(),
    notice: (outcome) => notices.inc({ outcome }),
    escalation: (channel, ok, count) => escalations.inc({ channel, ok: String(ok) }, count),
    recipients: (state, count) => recipients.inc({ state }, count),
    answered: (route, status, ms) => http.observe({ route, status: String(status) }, ms / MS),
    engine(found) {
      if (found.of === 'workflow-task-failed') engineFailed.inc({ type: found.type }, found.count);
      else if (found.of === 'activity-failed') activityFailed.inc({ type: found.type }, found.count);
      else if (found.of === 'activity-waited') waited.observe({ kind: 'activity' }, found.seconds);
      else waited.observe({ kind: 'workflow' }, found.seconds);
    },
  };
}

/** The gauges that are looked up when somebody asks. What cannot be read is left out rather than shown as it was. */
function createLooks(
  registers: Registry[],
  side: 'live' | 'drill',
  { board, clockless, pollers, checks = [] }: Watched,
  now: () => number,
): () => Promise<void> {
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
    new Gauge({ registers, name, help, labelNames });
  const readable = gauge('seventytwo_board_readable', '1: the figures about open incidents could be read just now.');
  const open = gauge('seventytwo_incidents_open', 'Open incidents by phase.', 'phase');
  const owed = gauge('seventytwo_deadlines_owed', '1: a duty with a due time is open. 0: none is.');
  const deadline = gauge(
    'seventytwo_next_deadline_seconds',
    'Until the earliest due time of an open duty; negative: it has passed. Live side.',
  );
  const overdue = gauge(
    'seventytwo_milestones_overdue',
    'Open incidents with a due time that has passed and was not acted on. Live side.',
  );
  const without = gauge(
    'seventytwo_incidents_without_clock',
    'Open incidents that the workflow engine does not run: nothing is filed or rung for them.',
  );
  const mailings = gauge('seventytwo_mailings', 'Mailings to people that are not complete, by state.', 'state');
  const polling = gauge('seventytwo_queue_pollers', 'Workers that asked for work of this queue of late.', 'queue');
  const checked = gauge('seventytwo_check_ok', '1: what this process needs answers; by the names of /readyz.', 'check');
  const unlabelled = [readable, owed, deadline, overdue];
  for (const one of [...unlabelled, without]) one.remove(); // no value yet is no value, and not 0

  function show(found: BoardFigures): void {
    for (const [phase, count] of Object.entries(found.open)) open.set({ phase }, count);
    for (const [state, count] of Object.entries(found.mailings)) mailings.set({ state }, count);
    if (side === 'drill') return; // an exercise has its own clock
    owed.set(found.nextDeadline === null ? 0 : 1);
    overdue.set(found.overdue);
    if (found.nextDeadline !== null) deadline.set((Date.parse(found.nextDeadline) - now()) / MS);
  }
  async function lookAtBoard(): Promise<void> {
    if (!board) return;
    const found = await within(LOOK_MS, board());
    for (const one of [open, mailings]) one.reset();
    for (const one of unlabelled) one.remove();
    readable.set(found ? 1 : 0);
    if (found) show(found);
  }
  async function lookAtClocks(): Promise<void> {
    const found = clockless && (await within(LOOK_MS, clockless()));
    without.remove();
    if (typeof found === 'number') without.set(found);
  }
  async function lookAtQueues(): Promise<void> {
    const found = pollers && (await within(LOOK_MS, pollers()));
    polling.reset();
    for (const [queue, count] of Object.entries(found ?? {})) polling.set({ queue }, count);
  }
  async function lookAtChecks(): Promise<void> {
    await Promise.all(
      checks.map(async ({ name, check }) => {
        const ok = await within(
          LOOK_MS,
          check().then(() => true),
        );
        checked.set({ check: name }, ok === true ? 1 : 0);
      }),
    );
  }

  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<unknown> = Promise.resolve();
  return async () => {
    if (performance.now() - lookedAt >= FRESH_MS) {
      lookedAt = performance.now();
      looking = Promise.all([lookAtBoard(), lookAtClocks(), lookAtQueues(), lookAtChecks()]);
    }
    await looking;
  };
}

/** Null when it failed or took too long: a figure that nobody can read must not hold up the others. */
async function within<T>(ms: number, asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([asked.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
