import type { Db } from 'mongodb';
import { modeOfId } from '../../domain/incident/ids.js';
import type { Instant } from '../../domain/clock/instant.js';

const OPEN = ['suspected', 'confirmed', 'notifying'];

/**
 * Ids of all that must have a clock, nearest deadline first: what is open on record, and what the engine took and is not on record yet.
 * Nothing is unsealed for it.
 */
export async function openIncidents(db: Db, side: 'live' | 'drill'): Promise<string[]> {
  const [views, intakes] = await Promise.all([
    db
      .collection<{ _id: string; strictDeadline: Instant | null }>('incidents')
      .find({ mode: side, phase: { $in: OPEN } }, { projection: { strictDeadline: 1 } })
      .toArray(),
    db
      .collection<{ _id: string; deadline?: Instant | null }>('intakes')
      .find({ sealed: { $ne: null }, startedAt: { $ne: null } }, { projection: { deadline: 1 } })
      .toArray(),
  ]);
  const deadlines = new Map<string, string>();
  for (const { _id, deadline } of intakes) if (modeOfId(_id) === side) deadlines.set(_id, deadline ?? '~');
  for (const { _id, strictDeadline } of views) deadlines.set(_id, strictDeadline ?? '~');
  return [...deadlines].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([id]) => id);
}
