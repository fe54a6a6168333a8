import { type Instant, toInstant } from '../../domain/clock/instant.js';
import { type Copy, isOpen, type MongoSays } from '../../domain/watch/sight.js';
import type { Mongo } from './connect.js';

interface Row {
  readonly _id: string;
  readonly phase: string;
  readonly dueTimes?: readonly Instant[];
  readonly nextDueAt: Instant | null;
  readonly strictDeadline: Instant | null;
}
interface IntakeRow {
  readonly _id: string;
  readonly receivedAt: Instant;
  readonly startedAt: Instant | null;
  readonly deadline?: Instant | null;
}

const OPEN = ['suspected', 'confirmed', 'notifying'];

/** What lies in clear of all that is open, and of all that the copy holds: read with a login that may write nothing. */
export async function readRecord({ db, clockMs }: Pick<Mongo, 'db' | 'clockMs'>, copy: Copy): Promise<MongoSays> {
  const known = Object.values(copy.incidents).filter((k) => isOpen(k.phase));
  const ids = known.map((k) => k.id);
  const begun = known.filter((k) => k.phase === null).map((k) => k.id);
  const [rows, intakes, clock] = await Promise.all([
    db
      .collection<Row>('incidents')
      .find({ mode: 'live', $or: [{ phase: { $in: OPEN } }, { _id: { $in: ids } }] })
      .project<Row>({ phase: 1, dueTimes: 1, nextDueAt: 1, strictDeadline: 1 })
      .toArray(),
    db
      .collection<IntakeRow>('intakes')
      .find({ $or: [{ startedAt: null }, { _id: { $in: begun } }] })
      .project<IntakeRow>({ receivedAt: 1, startedAt: 1, deadline: 1 })
      .toArray(),
    clockMs(),
  ]);
  return {
    incidents: rows.map(({ _id, phase, dueTimes, nextDueAt, strictDeadline }) => ({
      id: _id,
      phase,
      dueTimes: dueTimes ?? null,
      nextDueAt,
      deadline: strictDeadline,
    })),
    intakes: intakes.map(({ _id, receivedAt, startedAt, deadline }) => ({
      id: _id,
      receivedAt,
      started: startedAt !== null,
      deadline: deadline ?? null,
    })),
    clock: clock === null ? null : toInstant(clock),
  };
}
