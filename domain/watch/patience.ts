/** How long the watchdog waits before it believes what it sees, all in milliseconds. Each follows from how often it looks. */
export interface Patience {
  /** From the end of one round to the begin of the next. */
  readonly intervalMs: number;
  /** A store that has not answered by then counts as silent in this round. */
  readonly askMs: number;
  /** A channel that has not taken an alarm by then counts as failed. */
  readonly sendMs: number;
  readonly pingMs: number;
  /** So long after a due time the incident must have acted. Timers fire up to a second late; thousands at once take longer, and are late. */
  readonly overdueMs: number;
  /** So long the two stores may tell different things: a record is written after its event. */
  readonly graceMs: number;
  readonly bothAwayMs: number;
  readonly oneAwayMs: number;
  /** An idle worker shows itself once a minute, when its long poll ends. */
  readonly noWorkerMs: number;
  /** The oldest task that no worker has taken may be so old. The engine's own figure is up to 5 s behind. */
  readonly taskWaitsMs: number;
  /** So far the watchdog's clock and the database's may differ: a watchdog whose clock is slow calls late. */
  readonly clockMs: number;
  /** A cause must be gone for so long before its end is told: what comes and goes is one alarm. */
  readonly calmMs: number;
  readonly repeatMs: number;
  /** Somebody has it, and it still is so: said again, because hours pass. */
  readonly repeatAcknowledgedMs: number;
  /** Older than that, the last round says that the watchdog itself sleeps. */
  readonly staleMs: number;
}

export const DEFAULT_INTERVAL_MS = 10_000;
/** The promise: an alarm leaves so soon after the due time. */
export const WITHIN_MS = 60_000;
const ASK_MS = 4_000;
const SEND_MS = 8_000;
const PING_MS = 3_000;
const NO_WORKER_MS = 90_000;
const CLOCK_MS = 30_000;
const REPEAT_ACKNOWLEDGED_MS = 4 * 3_600_000;

/** House values. At the usual interval: overdue after 15 s, disagreement after 30 s, one store away after 2 min, repeated every 10 min. */
export const patienceFor = (intervalMs: number): Patience => ({
  intervalMs,
  askMs: ASK_MS,
  sendMs: SEND_MS,
  pingMs: PING_MS,
  overdueMs: intervalMs * 1.5,
  graceMs: intervalMs * 3,
  bothAwayMs: intervalMs,
  oneAwayMs: intervalMs * 12,
  noWorkerMs: NO_WORKER_MS,
  taskWaitsMs: intervalMs * 3,
  clockMs: CLOCK_MS,
  calmMs: intervalMs * 3,
  repeatMs: intervalMs * 60,
  repeatAcknowledgedMs: REPEAT_ACKNOWLEDGED_MS,
  staleMs: intervalMs * 3 + ASK_MS + SEND_MS + PING_MS,
});

/**
 * The longest time from a due time to its alarm: it becomes overdue just after a round has asked, that round takes as long as it may,
 * then comes the pause and a round that asks and sends.
 */
export const longestToAlarmMs = ({ overdueMs, intervalMs, askMs, sendMs, pingMs }: Patience): number =>
  overdueMs + askMs + sendMs + pingMs + intervalMs + askMs + sendMs;

/** The same from the moment at which both stores fall silent: the answers of a round are just in, the next two find nobody. */
export const longestToSilenceMs = ({ intervalMs, askMs, sendMs, pingMs }: Patience): number =>
  sendMs + pingMs + intervalMs + askMs + sendMs + pingMs + intervalMs + askMs + sendMs;

/** How often it must look for the promise to hold. */
export function keepsThePromise(intervalMs: number): boolean {
  const patience = patienceFor(intervalMs);
  return Math.max(longestToAlarmMs(patience), longestToSilenceMs(patience)) <= WITHIN_MS;
}
