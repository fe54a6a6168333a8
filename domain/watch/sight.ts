import type { Instant } from '../clock/instant.js';

/** What the record (MongoDB) shows of an incident, in clear. */
export interface OnRecord {
  readonly id: string;
  readonly phase: string;
  /** Every due time that was not reached yet, earliest first; null in a view that an older build wrote. */
  readonly dueTimes: readonly Instant[] | null;
  readonly nextDueAt: Instant | null;
  /** The strict legal deadline, where one runs. */
  readonly deadline: Instant | null;
}

/** A declaration that was kept. */
export interface Kept {
  readonly id: string;
  readonly receivedAt: Instant;
  /** The engine has it. */
  readonly started: boolean;
  readonly deadline: Instant | null;
}

export interface MongoSays {
  /** All open incidents, and those of the copy that it knows, whatever their phase. */
  readonly incidents: readonly OnRecord[];
  /** Those that wait for the engine, and those in the copy of which nothing else is on record yet. */
  readonly intakes: readonly Kept[];
  /** What the database's clock shows; null when it does not tell. */
  readonly clock: Instant | null;
}

/** What the engine (Temporal) shows of an incident that runs. */
export interface Running {
  readonly id: string;
  /** Null before its first event is on record. */
  readonly phase: string | null;
  readonly nextDueAt: Instant | null;
}

export interface QueueSays {
  /** When a worker last asked for work; null when none did for minutes. */
  readonly pollerSeenAt: Instant | null;
  /** Age of the oldest task that no worker has taken; null when none waits. */
  readonly oldestTaskMs: number | null;
}

export interface TemporalSays {
  readonly running: readonly Running[];
  /** Of those in the copy that do not run: the ones that came to their end. */
  readonly over: readonly string[];
  /** Of those in the copy that do not run: the ones that it does not know, or that broke. */
  readonly absent: readonly string[];
  readonly queues: Readonly<Record<'incident' | 'mail', QueueSays>>;
}

/** One round. Null: it did not answer. */
export interface Sight {
  readonly at: Instant;
  readonly mongo: MongoSays | null;
  readonly temporal: TemporalSays | null;
}

export interface Known {
  readonly id: string;
  readonly phase: string | null;
  /** Earliest first; passed ones stay until the incident has acted. */
  readonly dueTimes: readonly Instant[];
  readonly deadline: Instant | null;
}

/** The watchdog's own copy of due times: ids, phases and instants, nothing personal. */
export interface Copy {
  readonly incidents: Readonly<Record<string, Known>>;
  /** What looks wrong and is not yet believed, and since when. */
  readonly doubts: Readonly<Record<string, Instant>>;
}

export const EMPTY_COPY: Copy = { incidents: {}, doubts: {} };

export const CAUSES = [
  'overdue',
  'not-in-engine',
  'not-on-record',
  'differs',
  'intake-waits',
  'stores-away',
  'temporal-away',
  'mongo-away',
  'no-worker',
  'tasks-wait',
  'no-mail-worker',
  'clock-off',
] as const;
export type Cause = (typeof CAUSES)[number];

/** An incident in an alarm. `dueAt`: the due time that passed, or the next one. */
export interface Endangered {
  readonly id: string;
  readonly dueAt: Instant | null;
  readonly deadline: Instant | null;
}

/** What is wrong, one for each cause. */
export interface Finding {
  readonly cause: Cause;
  readonly since: Instant;
  /** Nearest deadline first; all open ones where the cause endangers them all. */
  readonly incidents: readonly Endangered[];
  /** Neither store could be asked: this is from the copy alone. */
  readonly blind: boolean;
}

const OPEN: ReadonlySet<string> = new Set(['suspected', 'confirmed', 'notifying']);
/** Null: its first event is not on record yet. */
export const isOpen = (phase: string | null): boolean => phase === null || OPEN.has(phase);
