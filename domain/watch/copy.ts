import type { Copy, Kept, Known, OnRecord, Running, Sight } from './sight.js';

/**
 * The copy after a round. A store that is silent takes nothing away. The engine owns the timers, so its next due time counts before
 * the record's; the record alone knows the due times after it and the legal deadline.
 */
export function mergeCopy({ incidents: before }: Copy, { mongo, temporal }: Sight): Record<string, Known> {
  const rows = new Map(mongo?.incidents.map((row) => [row.id, row]));
  const intakes = new Map(mongo?.intakes.map((intake) => [intake.id, intake]));
  const running = new Map(temporal?.running.map((run) => [run.id, run]));
  const over = new Set(temporal?.over);
  const absent = new Set(temporal?.absent);
  const after: Record<string, Known> = {};
  for (const id of new Set([...Object.keys(before), ...rows.keys(), ...intakes.keys(), ...running.keys()])) {
    const [row, run, intake] = [rows.get(id), running.get(id), intakes.get(id)];
    if (!run && isDone(row, over.has(id))) continue;
    // Gone from both: nothing is left that could tell more. It was said while only one of them had lost it, or is said as absent.
    if (mongo && temporal && !row && !run && !intake && !absent.has(id)) continue;
    const kept = before[id] ?? { id, phase: null, dueTimes: [], deadline: null };
    const known = row ? fromRecord(row) : intake ? withIntake(kept, intake) : kept;
    after[id] = run ? withRun(known, run) : known;
  }
  return after;
}

const DONE: ReadonlySet<string> = new Set(['closed', 'withdrawn']);
/** At its end by the record; or by the engine, while the record is silent. */
const isDone = (row: OnRecord | undefined, over: boolean): boolean => (row ? DONE.has(row.phase) : over);

const fromRecord = ({ id, phase, dueTimes, nextDueAt, deadline }: OnRecord): Known => ({
  id,
  phase,
  dueTimes: dueTimes ?? (nextDueAt === null ? [] : [nextDueAt]),
  deadline,
});

/** Nobody has laid a ladder yet: its first due time is the deadline itself. */
const withIntake = (known: Known, { deadline }: Kept): Known =>
  known.phase !== null || deadline === null ? known : { ...known, dueTimes: [deadline], deadline };

function withRun(known: Known, { phase, nextDueAt }: Running): Known {
  if (phase === null) return known; // its first event is still being recorded
  const later = known.dueTimes.filter((due) => nextDueAt !== null && due > nextDueAt);
  return { ...known, phase, dueTimes: nextDueAt === null ? [] : [nextDueAt, ...later] };
}
