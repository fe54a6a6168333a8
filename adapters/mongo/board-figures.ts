import type { Collection, Db } from 'mongodb';
import { type Instant, toInstant } from '../../domain/clock/instant.js';
import type { BoardRow } from './incident-views.js';

/** What the figures are made of: counts and instants that lie in clear beside the sealed state. */
type Row = Pick<BoardRow, 'phase' | 'strictDeadline' | 'nextDueAt'> & Partial<Pick<BoardRow, 'dutyDueAt' | 'mailings'>>;

export interface BoardFigures {
  readonly open: Record<'suspected' | 'confirmed' | 'notifying', number>;
  /** The earliest due time of an open duty. */
  readonly nextDeadline: Instant | null;
  /** Incidents whose next milestone is past. */
  readonly overdue: number;
  readonly mailings: Record<'running' | 'paused', number>;
}

const OPEN = ['suspected', 'confirmed', 'notifying'] as const;
/** A milestone that falls due is acted on within seconds and in the view a moment later. */
const GRACE_MS = 30_000;

/** A row of an older version does not tell its duties apart: as long as anything is due there, its 72 hours count. */
const owedBy = ({ dutyDueAt, nextDueAt, strictDeadline }: Row): Instant | null =>
  dutyDueAt === undefined ? nextDueAt && strictDeadline : dutyDueAt;

/** The open incidents in figures. Nothing is unsealed for it. */
export async function boardFigures(db: Db, now: () => number = Date.now): Promise<BoardFigures> {
  const views: Collection<Row> = db.collection('incidents');
  const open = { suspected: 0, confirmed: 0, notifying: 0 };
  const mailings = { running: 0, paused: 0 };
  let nextDeadline: Instant | null = null;
  let overdue = 0;
  const late = toInstant(now() - GRACE_MS);
  const fields = { phase: 1, strictDeadline: 1, nextDueAt: 1, dutyDueAt: 1, mailings: 1 };
  for await (const row of views.find({ phase: { $in: [...OPEN] } }, { projection: fields })) {
    open[row.phase as (typeof OPEN)[number]]++;
    mailings.running += row.mailings?.running ?? 0;
    mailings.paused += row.mailings?.paused ?? 0;
    const owed = owedBy(row);
    if (owed !== null && (nextDeadline === null || owed < nextDeadline)) nextDeadline = owed;
    if (row.nextDueAt !== null && row.nextDueAt < late) overdue++;
  }
  return { open, nextDeadline, overdue, mailings };
}
