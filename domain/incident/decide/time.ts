import { type Instant, isAfter, toMs } from '../../clock/instant.js';
import { isOwed } from '../../duties/duty.js';
import { warningStands } from '../automatic-filing.js';
import { isAbout, mayAnswer } from '../break-glass.js';
import type { CommandOf } from '../commands.js';
import { ENGINE, type NewEvent } from '../events.js';
import type { IncidentState, Milestone } from '../state.js';
import { type Decided, type Draft, happen, refuse, taskFor } from './drafting.js';

const byTime = (a: Milestone, b: Milestone): number => toMs(a.dueAt) - toMs(b.dueAt) || (a.id < b.id ? -1 : 1);

export const isRunning = (state: IncidentState): boolean =>
  state.phase === 'suspected' || state.phase === 'confirmed' || state.phase === 'notifying';

export const authorityOwed = (state: IncidentState): boolean =>
  state.duties.some((d) => d.kind === 'authority-notice' && isOwed(d));

/** A notice that is due by an hour: the ladder is its alarm. What is owed as soon as possible has its own. */
const clockOwed = (state: IncidentState): boolean =>
  state.duties.some((d) => d.kind === 'authority-notice' && isOwed(d) && d.dueAt !== null);

/** Art. 34(3)(c) changes the form and not the duty: its alarm goes on until the public communication is out, from policy 3 on. */
const publiclyOwed = (state: IncidentState): boolean =>
  state.policy >= 3 && state.tasks.some((t) => t.about === 'public-communication' && t.doneAt === null);

/** A processor's duty: without undue delay, so the same ladder calls. */
export const controllersOwed = (state: IncidentState): boolean =>
  state.duties.some((d) => d.kind === 'controller-notice' && isOwed(d));

/** Alarms about something that went wrong end with it; the others wait for an answer. */
function isTroubleStill(state: IncidentState, id: string): boolean {
  const [what, which = '', phase = ''] = id.split('/');
  const delivery = state.notices.find((n) => String(n.phase) === phase)?.deliveries[which];
  if (what === 'refused') return delivery?.state === 'refused';
  if (what === 'stalled') return delivery?.state === 'waiting' || delivery?.state === 'ambiguous';
  if (what === 'automatic-withheld' || what === 'automatic-ended') return authorityOwed(state);
  if (what === 'opened') return state.duties.some((d) => d.to === which && isOwed(d));
  if (what === 'paused') return state.mailings.some((m) => String(m.mailing) === which && m.state === 'paused');
  if (what === 'record') return state.recordGap != null;
  return true;
}

/** Is what this milestone stands for still to be done? If not it is passed without waking anybody. */
export function stillOwed(state: IncidentState, milestone: Pick<Milestone, 'id' | 'kind'>): boolean {
  // Whoever acted alone is looked at, also when what they did was to end the incident.
  if (!isRunning(state)) return state.breakGlass.some((b) => isAbout(milestone, b.use) && !b.reviewedBy);
  switch (milestone.kind) {
    case 'alarm':
      return isTroubleStill(state, milestone.id);
    case 'ladder':
    case 'deadline':
      return clockOwed(state) || controllersOwed(state);
    case 'soon':
      return state.duties.some((d) => milestone.id.startsWith(`soon/${d.to}+`) && isOwed(d));
    case 'suspicion':
      return state.phase === 'suspected';
    case 'people':
      return state.duties.some((d) => d.kind === 'people-message' && d.state === 'open') || publiclyOwed(state);
    case 'hold-review':
      return state.duties.some((d) => milestone.id === `review/${d.id}` && d.state === 'held');
    case 'automatic-warning':
      return warningStands(state);
    case 'automatic-filing':
      return false; // calls nobody by itself: what comes of it does
    case 'break-glass-review':
      return state.breakGlass.some((b) => milestone.id === `review/${b.use}` && !b.reviewedBy);
  }
}

/** Every milestone that is due at `at`, in the order of time: reached, each with whether it was past before it was set. None is skipped. */
export function tick(state: IncidentState, at: Instant): NewEvent[] {
  const due = state.milestones.filter((m) => m.reachedAt === null && !isAfter(m.dueAt, at)).sort(byTime);
  const reached = due.map(
    (m): NewEvent => ({
      type: 'MilestoneReached',
      data: {
        milestone: { id: m.id, kind: m.kind, dueAt: m.dueAt },
        reachedAt: at,
        owed: stillOwed(state, m),
        because: m.kind !== 'alarm' && !isAfter(m.dueAt, m.laidAt) ? 'already_past' : 'due',
      },
    }),
  );
  const late = due.some((m) => m.kind === 'deadline') && clockOwed(state) && !state.facts['notice.reasonsForDelay'];
  const review = due.find((m) => m.kind === 'hold-review' && stillOwed(state, m));
  return [
    ...reached,
    late ? taskFor(state, 'reasons-for-delay', 'deadline', null) : null, // Art. 33(1), second sentence
    review ? taskFor(state, 'review-hold', review.id.replace('review/', ''), null) : null,
  ].filter((event) => event !== null);
}

/** The next due milestone, for the one timer. */
export const nextMilestone = (state: IncidentState): Milestone | undefined =>
  state.milestones.filter((m) => m.reachedAt === null).sort(byTime)[0];

export function acknowledge({ state, request, at }: Draft, command: CommandOf<'Acknowledge'>): Decided {
  const unanswered = state.milestones.filter((m) => m.reachedAt && !m.acknowledgedBy && m.owed).sort(byTime);
  const mine = unanswered.filter((m) => mayAnswer(state, m, request.actor.id));
  // An alarm that comes due at this very instant has not been heard yet; where there is no other, it is the one that is meant.
  const heard = mine.filter((m) => state.policy < 2 || m.rounds > 0 || m.reachedAt !== at);
  const open = heard.length > 0 ? heard : mine;
  const named = command.milestone === null ? open.at(-1) : open.find((m) => m.id === command.milestone);
  if (named) return happen({ type: 'EscalationAcknowledged', data: { milestone: named.id } });
  const own = mine.length === 0 ? unanswered[0] : undefined;
  if (own?.reachedAt) return refuse({ code: 'same-person', action: 'Acknowledge', firstAt: own.reachedAt });
  return command.milestone === null
    ? refuse({ code: 'already', what: 'every alarm acknowledged', since: null })
    : refuse({ code: 'no-such', kind: 'open alarm', id: command.milestone, known: open.map((m) => m.id) });
}

export function reportEscalation(_: Draft, command: CommandOf<'ReportEscalation'>): Decided {
  const { type, ...data } = command;
  return happen({ type: 'EscalationSent', actor: ENGINE, data });
}
