import { earliest, type Instant, msBetween, toInstant, toMs } from '../clock/instant.js';
import { modeOfId } from '../incident/ids.js';
import { mergeCopy } from './copy.js';
import type { Patience } from './patience.js';
import {
  type Cause,
  type Copy,
  type Endangered,
  type Finding,
  isOpen,
  type Known,
  type MongoSays,
  type OnRecord,
  type Sight,
  type TemporalSays,
} from './sight.js';

export interface Looked {
  readonly copy: Copy;
  readonly findings: readonly Finding[];
  /** Causes that nobody could look at in this round: an alarm for them neither begins nor ends. */
  readonly unseen: readonly Cause[];
}

/** One round of the watchdog: what it knew and what both stores say now give what it knows and what is wrong. */
export function look(before: Copy, seen: Sight, patience: Patience): Looked {
  const sight = liveOnly(seen);
  const { at, mongo, temporal } = sight;
  const incidents = mergeCopy(before, sight);
  const doubts = new Doubts(before.doubts, at);
  const all = Object.values(incidents).filter((k) => isOpen(k.phase));
  const endangered = (ids: readonly string[]): Endangered[] =>
    inOrder(ids.flatMap((id) => withNext(incidents[id], id)));
  const findings: Finding[] = [];
  const find = (cause: Cause, since: Instant, whom: readonly Endangered[]): void => {
    findings.push({ cause, since, incidents: whom, blind: !mongo && !temporal });
  };
  /** All that have been in doubt for long enough, as one finding. */
  const findDoubtful = (cause: Cause, ids: readonly string[], waitMs: number): void => {
    const believed = ids
      .map((id) => ({ id, since: doubts.since(cause, id) }))
      .filter(({ since }) => msBetween(since, at) >= waitMs);
    if (believed.length > 0)
      find(cause, earliest(...believed.map((d) => d.since)), endangered(believed.map((d) => d.id)));
  };

  const late = Object.values(incidents).flatMap((known) => overdue(known, sight, patience));
  if (late.length > 0) find('overdue', earliest(...late.map((l) => l.since)), inOrder(late.map((l) => l.whom)));

  if (temporal) findDoubtful('not-in-engine', notInEngine(incidents, sight), patience.graceMs);
  if (mongo && temporal) {
    findDoubtful('not-on-record', notOnRecord(mongo, temporal), patience.graceMs);
    findDoubtful('differs', differing(mongo, temporal), patience.graceMs);
  }
  if (mongo) {
    const waiting = intakesOf(sight).filter((i) => msBetween(i.receivedAt, at) >= patience.graceMs);
    if (waiting.length > 0)
      find('intake-waits', earliest(...waiting.map((i) => i.receivedAt)), endangered(waiting.map((i) => i.id)));
  }

  const away = (cause: Cause, isAway: boolean, waitMs: number, quiet = false): void => {
    if (!isAway) return;
    const since = doubts.since(cause, EVERYBODY);
    if (!quiet && msBetween(since, at) >= waitMs) find(cause, since, endangered(all.map((k) => k.id)));
  };
  const both = !mongo && !temporal;
  away('stores-away', both, patience.bothAwayMs);
  away('temporal-away', !temporal, patience.oneAwayMs, both); // said with the other one
  away('mongo-away', !mongo, patience.oneAwayMs, both);

  if (temporal) {
    const { incident, mail } = temporal.queues;
    const gone = ({ pollerSeenAt }: { pollerSeenAt: Instant | null }): boolean =>
      pollerSeenAt === null || msBetween(pollerSeenAt, at) >= patience.noWorkerMs;
    away('no-worker', gone(incident), patience.graceMs);
    const oldest = incident.oldestTaskMs ?? 0;
    if (oldest >= patience.taskWaitsMs)
      find('tasks-wait', toInstant(toMs(at) - oldest), endangered(all.map((k) => k.id)));
    away('no-mail-worker', gone(mail) && mail.oldestTaskMs !== null, patience.graceMs);
  }

  const apartMs = mongo?.clock ? Math.abs(msBetween(mongo.clock, at)) : 0;
  away('clock-off', apartMs >= patience.clockMs, patience.graceMs);

  const unseen: Cause[] = [
    ...(temporal ? [] : ENGINE_CAUSES),
    ...(mongo ? [] : RECORD_CAUSES),
    ...(both ? (['temporal-away', 'mongo-away'] as const) : []),
  ];
  return { copy: { incidents, doubts: doubts.after(unseen) }, findings, unseen: [...new Set(unseen)] };
}

const EVERYBODY = '-';
const ENGINE_CAUSES: readonly Cause[] = [
  'not-in-engine',
  'not-on-record',
  'differs',
  'no-worker',
  'tasks-wait',
  'no-mail-worker',
];
const RECORD_CAUSES: readonly Cause[] = ['not-on-record', 'differs', 'intake-waits', 'clock-off'];

/** An exercise wakes nobody, wherever it turns up. */
const liveOnly = ({ at, mongo, temporal }: Sight): Sight => {
  const live = ({ id }: { id: string }): boolean => modeOfId(id) === 'live';
  return {
    at,
    mongo: mongo && { ...mongo, incidents: mongo.incidents.filter(live), intakes: mongo.intakes.filter(live) },
    temporal: temporal && { ...temporal, running: temporal.running.filter(live) },
  };
};

class Doubts {
  private readonly now = new Map<string, Instant>();
  constructor(
    private readonly before: Readonly<Record<string, Instant>>,
    private readonly at: Instant,
  ) {}
  since(cause: Cause, id: string): Instant {
    const key = `${cause}/${id}`;
    const since = this.before[key] ?? this.at;
    this.now.set(key, since);
    return since;
  }
  /** What nobody could look at stays as doubtful as it was. */
  after(unseen: readonly Cause[]): Record<string, Instant> {
    const kept = Object.entries(this.before).filter(([key]) => unseen.some((cause) => key.startsWith(`${cause}/`)));
    return Object.fromEntries([...kept, ...this.now]);
  }
}

const nextOf = ({ dueTimes, nextDueAt }: OnRecord): Instant | null => (dueTimes ? (dueTimes[0] ?? null) : nextDueAt);

/**
 * Has a due time passed without the incident having acted? It has acted when either store that answers has moved on: the record may be
 * behind the engine, and an engine's list a moment behind the record. With both silent the copy is all there is.
 */
function overdue(
  known: Known,
  { at, mongo, temporal }: Sight,
  { overdueMs }: Patience,
): { since: Instant; whom: Endangered }[] {
  const isPast = (due: Instant): boolean => msBetween(due, at) >= overdueMs;
  const running = temporal?.running.find((r) => r.id === known.id);
  const row = mongo?.incidents.find((r) => r.id === known.id);
  const told: (Instant | null)[] = [
    ...(running && running.phase !== null ? [running.nextDueAt] : []),
    ...(row ? [isOpen(row.phase) || running ? nextOf(row) : null] : []),
  ];
  const passed = known.dueTimes.filter(isPast);
  const first = passed[0];
  if (first === undefined || told.some((due) => due === null || !isPast(due))) return [];
  return [{ since: first, whom: { id: known.id, dueAt: passed.at(-1) ?? first, deadline: known.deadline } }];
}

/** Open by the record, or by the copy while the record is away, and not in the engine. */
function notInEngine(incidents: Readonly<Record<string, Known>>, { mongo, temporal }: Sight): string[] {
  const absent = new Set(temporal?.absent);
  const waiting = new Set(mongo?.intakes.filter((i) => !i.started).map((i) => i.id));
  return Object.values(incidents)
    .filter((k) => isOpen(k.phase) && absent.has(k.id) && !waiting.has(k.id))
    .map((k) => k.id);
}

function notOnRecord(mongo: MongoSays, temporal: TemporalSays): string[] {
  const recorded = new Set(mongo.incidents.map((r) => r.id));
  return temporal.running.filter((r) => !recorded.has(r.id)).map((r) => r.id);
}

/** On another phase or another next due time; or come to its end in the engine, and open on record. */
function differing(mongo: MongoSays, temporal: TemporalSays): string[] {
  const running = new Map(temporal.running.map((r) => [r.id, r]));
  const over = new Set(temporal.over);
  return mongo.incidents
    .filter((row) => {
      const run = running.get(row.id);
      if (!run) return isOpen(row.phase) && over.has(row.id);
      return run.phase !== row.phase || (row.dueTimes !== null && (row.dueTimes[0] ?? null) !== run.nextDueAt);
    })
    .map((row) => row.id);
}

/** Kept declarations that neither store knows as an incident. */
function intakesOf({ mongo, temporal }: Sight) {
  const begun = new Set([...(mongo?.incidents ?? []), ...(temporal?.running ?? [])].map((i) => i.id));
  return (mongo?.intakes ?? []).filter((i) => !i.started && !begun.has(i.id));
}

const withNext = (known: Known | undefined, id: string): Endangered[] => [
  { id, dueAt: known?.dueTimes[0] ?? null, deadline: known?.deadline ?? null },
];

/** Nearest deadline first, then nearest due time; those without one last. */
function inOrder(incidents: readonly Endangered[]): Endangered[] {
  const rank = ({ deadline, dueAt, id }: Endangered): string => `${deadline ?? '~'} ${dueAt ?? '~'} ${id}`;
  return [...incidents].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
