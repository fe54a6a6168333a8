import type { Instant } from '../clock/instant.js';
import { strictDeadline } from '../clock/deadlines.js';
import { actTime } from '../clock/segments.js';
import { stillOwed } from './decide/time.js';
import { deliveriesDue, isOver, isPast } from './effects.js';
import type { IncidentState, Milestone } from './state.js';

/** What an incident that is started from its record has before it. */
export interface Outlook {
  /** False when nothing is owed any more: it rests, and is started by a command. */
  readonly runs: boolean;
  readonly phase: IncidentState['phase'];
  /** Act time of the last entry. */
  readonly asOf: { readonly seq: number; readonly at: Instant };
  readonly deadline: Instant | null;
  /** Milestones whose time passed while nobody ran: reached at once, as past, with an alarm where something is still owed. */
  readonly missed: readonly { readonly milestone: string; readonly dueAt: Instant; readonly owed: boolean }[];
  readonly next: { readonly milestone: string; readonly dueAt: Instant } | null;
  /** Approved and not on record as sent: the run before may have sent it. It goes once more, flagged, unless the journal knows better. */
  readonly notices: readonly { readonly phase: number; readonly authority: string }[];
  readonly mailings: readonly { readonly mailing: number; readonly state: string; readonly count: number }[];
}

const byTime = (a: Milestone, b: Milestone): number => Date.parse(a.dueAt) - Date.parse(b.dueAt);

/** @param now real time, in ms */
export function outlook(state: IncidentState, now: number): Outlook {
  const at = actTime(state.clock, now);
  const open = state.milestones.filter((m) => m.reachedAt === null).sort(byTime);
  const next = open.find((m) => !isPast(m.dueAt, at));
  const awareAt = state.awareness.awareAt?.at;
  return {
    runs: !isOver(state),
    phase: state.phase,
    asOf: { seq: state.seq, at: state.lastAt },
    deadline: awareAt === undefined ? null : strictDeadline(awareAt),
    missed: open
      .filter((m) => isPast(m.dueAt, at))
      .map((m) => ({ milestone: m.id, dueAt: m.dueAt, owed: stillOwed(state, m) })),
    next: next ? { milestone: next.id, dueAt: next.dueAt } : null,
    notices: deliveriesDue(state).map(({ notice, delivery }) => ({
      phase: notice.phase,
      authority: delivery.authority,
    })),
    mailings: state.mailings
      .filter((m) => m.state !== 'completed')
      .map(({ mailing, state: is, count }) => ({ mailing, state: is, count })),
  };
}
