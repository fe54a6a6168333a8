import { strictDeadline } from '../clock/deadlines.js';
import { type Instant, isAfter, MINUTE_MS, msBetween, plusMs, toMs } from '../clock/instant.js';
import { aboutAutomatic, whyWithheld } from './automatic-alarms.js';
import { filingMilestone, owedTo, warnedBy } from './automatic-filing.js';
import type { StaffContact } from './organisation.js';
import type { Delivery, IncidentState, MailingState, Milestone, NoticePhase } from './state.js';
import { isDraftOverruled, isOverruled, mayTakeBack, wasSubmitted, withdraws } from './taken-back.js';
import { authorityOwed, controllersOwed, isRunning, stillOwed } from './decide/time.js';

/** What the engine owes the world, derived from the state: nothing here is remembered anywhere else. */

/** Triage is asked whenever facts or awareness changed since it last spoke. */
export const triageDue = (state: IncidentState): boolean =>
  isRunning(state) && state.proposal?.factsSeq !== state.factsSeq;

/**
 * A draft is made by itself when a notice is owed and a decision to notify was taken, or at the 48 h milestone with what is known then;
 * and made anew when facts, the decision or the passing of the deadline change what it says. An approved version is never touched.
 * @param afterPeople whether the next phase is drafted for what came after the notice: people told, a withdrawal undone; false in histories of before
 */
export function draftDue(state: IncidentState, afterPeople = true): boolean {
  if (state.phase !== 'confirmed' && state.phase !== 'notifying') return false;
  const last = afterPeople ? lastThatCounts(state) : state.notices.at(-1);
  const rests = Math.max(state.factsSeq, state.decision?.seq ?? 0);
  if (!last) return authorityOwed(state) && (notifies(state) || draftMilestone(state)?.reachedAt != null);
  const gone = wasSubmitted(last);
  if (last.approved && !(afterPeople && !gone && isOverruled(state, last))) {
    // What was taken back and is owed after all is told anew.
    if (afterPeople && withdraws(last) && gone && authorityOwed(state))
      return notifies(state) || draftMilestone(state)?.reachedAt != null;
    // What went out by itself went to some; the others are still owed a notice that a person approves.
    if (last.approved.automatic && gone && owedTo(state).some((to) => !last.deliveries[to])) return true;
    if (
      afterPeople &&
      gone &&
      state.policy >= 3 &&
      toldSince(state, last.draft.at) &&
      state.decision?.level !== 'UNLIKELY_RISK'
    )
      return true;
    return last.draft.basedOn < rests && (gone || nobodyThen(state, last)) && notifies(state);
  }
  const deadline = state.milestones.find((m) => m.kind === 'deadline');
  // At the very instant of the deadline a notice is still in time.
  const turnedLate =
    deadline?.reachedAt != null &&
    isAfter(state.lastAt, deadline.dueAt) &&
    !last.draft.content.timeline.late &&
    last.phase === 1;
  return last.draft.basedOn < rests || turnedLate || (state.policy >= 2 && toldSince(state, last.draft.at));
}

/** Without what would take back what stands, and never left. */
const lastThatCounts = (state: IncidentState): NoticePhase | undefined =>
  state.notices.findLast((n) => wasSubmitted(n) || !isDraftOverruled(state, n));

/** People were told, or need not be, since this draft was made: what it says of that is no longer true. */
const toldSince = (state: IncidentState, draftedAt: Instant): boolean =>
  state.mailings.some((m) => m.completedAt !== null && isAfter(m.completedAt, draftedAt)) ||
  state.tasks.some(({ told }) => told != null && told.telling !== null && isAfter(told.at, draftedAt)) ||
  state.duties.some(
    (d) => d.kind === 'people-message' && d.dischargedAt !== null && isAfter(d.dischargedAt, draftedAt),
  );

/** It was approved when no authority was known: it goes nowhere, and a new draft takes its place. */
const nobodyThen = (state: IncidentState, last: NoticePhase): boolean =>
  state.policy >= 3 && Object.keys(last.deliveries).length === 0;
const notifies = (state: IncidentState): boolean => state.decision !== null && state.decision.level !== 'UNLIKELY_RISK';
const draftMilestone = (state: IncidentState): Milestone | undefined =>
  state.milestones.find((m) => m.id === `aware+${state.setting.playbook.draftAtHours}h`);

/**
 * What is approved, not held, and not yet with its authority. A duty that was lifted takes its notice along, except one that withdraws
 * what the authority was told before.
 */
export function deliveriesDue(state: IncidentState): { notice: NoticePhase; delivery: Delivery }[] {
  const lifted = (authority: string): boolean =>
    state.duties.some((d) => d.to === authority && (d.state === 'exempt' || d.state === 'waived'));
  return state.notices.flatMap((notice) =>
    notice.approved && !notice.approved.hold
      ? Object.values(notice.deliveries)
          .filter((d) => d.state === 'waiting' || d.state === 'ambiguous')
          .filter((d) => (withdraws(notice) ? mayTakeBack(state) || state.policy < 3 : !lifted(d.authority)))
          .map((delivery) => ({ notice, delivery }))
      : [],
  );
}

/** Portal packs are made once; the task they open tells that they were. */
export const packMade = (state: IncidentState, authority: string): boolean =>
  state.tasks.some((t) => t.kind === 'file-at-portal' && t.about === authority && t.doneAt === null);

export const mailingsToStart = (state: IncidentState): readonly MailingState[] =>
  state.mailings.filter((m) => m.state !== 'completed');

/** Every channel failed: nobody is awake yet. A house value. */
const AGAIN_WHEN_NOBODY_REACHED_MINUTES = 2;

/** Not everybody got the warning: once more or twice while it still counts. A house value. */
const AGAIN_WHEN_SOME_MISSED_MINUTES = 5;

/** A passed deadline is said again every day, answered or not, until the notice is filed. A house value. */
const AGAIN_THOUGH_ANSWERED_MINUTES = 24 * 60;

/** The last rung of a ladder whose matter is still open although somebody has answered it. */
function stillLoud(state: IncidentState): Milestone | undefined {
  if (state.policy < 2) return undefined;
  const ladder = state.milestones.filter((m) => m.kind === 'deadline' || m.kind === 'suspicion');
  const byTime = (all: readonly Milestone[]) => [...all].sort((a, b) => toMs(a.dueAt) - toMs(b.dueAt)).at(-1);
  const soon = byTime(state.milestones.filter((m) => m.kind === 'soon' && m.reachedAt !== null));
  return [byTime(ladder), soon].find((m) => m !== undefined && m.reachedAt !== null && m.owed && stillOwed(state, m));
}

const toBeWarned = (state: IncidentState, milestone: Milestone): boolean =>
  milestone.kind === 'automatic-warning' &&
  (state.automatic?.warnedAt ?? null) === null &&
  (milestone.rounds === 0 || (milestone.lastSentAt !== null && mayStillWarn(state, milestone.lastSentAt)));

const mayStillWarn = (state: IncidentState, at: Instant): boolean => {
  const filing = filingMilestone(state);
  return filing !== undefined && isAfter(warnedBy(filing.dueAt), at);
};

export interface DueEscalation {
  readonly milestone: Milestone;
  readonly round: number;
  readonly at: Instant;
  readonly to: readonly StaffContact[];
  readonly page: boolean;
}

/**
 * The alarm to send next, and when. Of several open ones the latest speaks for all: nobody gets seven mails at once. It is repeated
 * with deputies until somebody acknowledges it, or what it is about is settled.
 */
export function nextEscalation(state: IncidentState): DueEscalation | undefined {
  const open = state.milestones
    .filter((m) => m.reachedAt !== null && m.owed && m.acknowledgedBy === null && stillOwed(state, m))
    .sort((a, b) => toMs(a.dueAt) - toMs(b.dueAt) || (a.id < b.id ? -1 : 1));
  // A warning that not everybody has heard goes before what is due later: filing by itself rests on it.
  const milestone = open.find((m) => toBeWarned(state, m)) ?? open.at(-1) ?? stillLoud(state);
  if (!milestone?.reachedAt) return undefined;
  const { repeatAfterMinutes, thenEveryMinutes } = state.setting.playbook;
  const missed = toBeWarned(state, milestone) && milestone.rounds > 0;
  const reachedNobody = state.lastEscalation?.milestone === milestone.id && state.lastEscalation.channels.length === 0;
  const wait =
    milestone.acknowledgedBy !== null
      ? AGAIN_THOUGH_ANSWERED_MINUTES
      : reachedNobody
        ? AGAIN_WHEN_NOBODY_REACHED_MINUTES
        : missed
          ? AGAIN_WHEN_SOME_MISSED_MINUTES
          : milestone.rounds === 1
            ? repeatAfterMinutes
            : thenEveryMinutes;
  const from = milestone.lastSentAt ?? (milestone.acknowledgedBy === null ? null : milestone.reachedAt);
  const at = from === null ? milestone.reachedAt : plusMs(from, wait * MINUTE_MS);
  const round = milestone.rounds + 1;
  // It speaks for all, so it goes to everybody whom any of them calls: an alarm at declaration that says "80 hours ago" wakes as the deadline does.
  const called = (open.length > 0 ? open : [milestone]).flatMap((m) =>
    calledFor(state, m, m === milestone ? round : 1),
  );
  return {
    milestone,
    round,
    at,
    to: state.setting.contacts.filter((contact) => called.includes(contact)),
    page: paged(milestone, round),
  };
}

const paged = (milestone: Milestone, round: number): boolean =>
  round > 1 || milestone.kind !== 'ladder' || hoursOf(milestone) >= 60;
const hoursOf = (milestone: Milestone): number => Number(/\+(\d+)h$/.exec(milestone.id)?.[1] ?? 0);

/** Who is called (design, section 6): the longer it stays open, the more; deputies from the second round and from 66 hours on. */
function calledFor(state: IncidentState, milestone: Milestone, round: number): StaffContact[] {
  const everybody =
    milestone.kind === 'deadline' ||
    milestone.id.startsWith('break-glass') ||
    milestone.id.startsWith('automatic-') ||
    hoursOf(milestone) >= 66 ||
    milestone.id === 'hint+48h' ||
    round > 2;
  const roles = everybody
    ? ['responder', 'dpo', 'approver']
    : hoursOf(milestone) >= 48 || milestone.kind === 'people' || milestone.kind === 'soon'
      ? ['dpo', 'approver']
      : ['responder', 'dpo'];
  const staff = state.setting.contacts.filter((c) => c.roles.some((role) => roles.includes(role)));
  const first = staff.filter((c) => !c.deputy);
  return everybody || round > 1 || first.length === 0 ? staff : first;
}

/** The latest instant at which everything here was quiet: when the timer must wake us for a repeated alarm. */
export const escalationWake = (state: IncidentState): Instant | undefined => nextEscalation(state)?.at;

export interface AlarmText {
  readonly says: string;
  readonly next: string;
  readonly dueAt: Instant | null;
}

/** One sentence of what is due and one of what to do. Ids, instants and numbers only. */
export function alarmText(state: IncidentState, milestone: Milestone, at: Instant): AlarmText {
  const awareAt = state.awareness.awareAt?.at;
  const tells =
    state.duties.some((d) => d.kind === 'controller-notice' && d.state !== 'waived') &&
    !(state.policy >= 3 && authorityOwed(state)); // the 72 hours are the controllers', from their own awareness (R-241)
  const dueAt = awareAt && !tells && !knowsNoHours(state) ? strictDeadline(awareAt) : null;
  const left = dueAt ? msBetween(at, dueAt) / 3_600_000 : 0;
  const clock = tells
    ? controllersOwed(state)
      ? 'The controllers are to be told without undue delay, whatever the risk (Art. 33(2)).'
      : 'Every controller was told.'
    : dueAt === null && awareAt
      ? 'Switzerland knows no number of hours: of a high risk the FDPIC is told as soon as possible (FADP Art. 24).'
      : dueAt === null
        ? 'No legal clock runs yet: awareness is not confirmed.'
        : left >= 0
          ? `${hours(left)} left until ${shown(dueAt)}.`
          : `The deadline passed ${hours(-left)} ago (${shown(dueAt)}). The notice is late and still owed.`;
  const open = authorityOwed(state) ? nextForNotice(state) : '';
  switch (milestone.kind) {
    case 'suspicion':
      return {
        dueAt,
        says: `Suspected since ${shown(state.awareness.firstHintAt?.at ?? state.declaredAt)}, and nobody has decided whether it is a breach. ${milestone.id} passed.`,
        next: `Confirm it (seventytwo aware ${state.id} INSTANT) or withdraw it (seventytwo withdraw ${state.id}).`,
      };
    case 'people':
      return {
        dueAt: milestone.dueAt,
        says: `The risk was decided to be high and the people have not been told${state.duties.some((d) => d.dischargedBy === 'R-417') ? ' publicly either (Art. 34(3)(c))' : ''}. The target was ${shown(milestone.dueAt)}.`,
        next: `seventytwo people ${state.id} status`,
      };
    case 'soon': {
      const to = milestone.id.replace(/^soon\/|\+\d+h$/g, '');
      return {
        dueAt: null,
        says: `${to} is to be told as soon as possible (FADP Art. 24), and has not been told. ${milestone.id} passed.`,
        next: open || `seventytwo status ${state.id}`,
      };
    }
    case 'hold-review':
      return {
        dueAt: milestone.dueAt,
        says: `A hold on telling people is due for review since ${shown(milestone.dueAt)}.`,
        next: `Release it or renew it: seventytwo duty ${state.id} people-message`,
      };
    case 'break-glass-review':
      return {
        dueAt: milestone.dueAt,
        says: `The use of break-glass is due for review since ${shown(milestone.dueAt)}.`,
        next: `seventytwo task ${state.id}`,
      };
    case 'automatic-warning':
    case 'automatic-filing':
      return { dueAt, ...aboutAutomatic(state, milestone, at, clock), ...(open && { next: open }) };
    case 'alarm':
      if (milestone.id.startsWith('automatic-'))
        return { dueAt, ...aboutAutomatic(state, milestone, at, clock), ...(open && { next: open }) };
      if (milestone.id.startsWith('break-glass'))
        return {
          dueAt,
          says: `Break-glass was used: one person acted where two are needed. ${clock}${reasonOf(state, milestone.id)}`,
          next: `Review it: seventytwo task ${state.id}`,
        };
      if (milestone.id.startsWith('revived/'))
        return {
          dueAt,
          says: `Encryption that a decision rested on no longer holds: the notice is owed again (R-208). ${clock}`,
          next: open || `seventytwo status ${state.id}`,
        };
      if (milestone.id.startsWith('opened/')) return oneMore(state, milestone.id, clock, open);
      if (milestone.id === 'reopened')
        return {
          dueAt,
          says: `The incident was opened again. ${clock}`,
          next: open || `seventytwo status ${state.id}`,
        };
      if (/^(refused|stalled|paused|record)\//.test(milestone.id)) return trouble(state, milestone.id, dueAt, clock);
      return {
        dueAt,
        says: `A breach was ${milestone.id === 'confirmed' ? 'confirmed' : state.phase === 'suspected' ? 'suspected' : 'declared'}. ${clock}`,
        next: open || `seventytwo status ${state.id}`,
      };
    case 'ladder':
    case 'deadline':
      return {
        dueAt,
        says: `${milestone.id} reached. ${clock}${whyWithheld(state)}`,
        next: open || `seventytwo status ${state.id}`,
      };
  }
}

/** Facts made one more authority competent: by when, and what to do. */
function oneMore(state: IncidentState, id: string, clock: string, open: string): AlarmText {
  const to = id.slice('opened/'.length);
  const duty = state.duties.find((d) => d.kind === 'authority-notice' && d.to === to);
  const dueAt = duty?.dueAt ?? null;
  return {
    dueAt,
    says:
      to === 'unsettled'
        ? `An authority is to be told, and it is not known which: the country or the Land of those concerned is missing. ${clock}`
        : `${to} is to be told too (${duty?.basis.cite ?? ''}). ${dueAt === null ? 'As soon as possible: there is no number of hours.' : clock}`,
    next: to === 'unsettled' ? `seventytwo facts ${state.id}` : open || `seventytwo status ${state.id}`,
  };
}

/** Nobody is told but Switzerland: no hour is anybody's deadline. */
export const knowsNoHours = (state: IncidentState): boolean =>
  state.policy >= 3 &&
  state.setting.authorities.length > 0 &&
  state.setting.authorities.every(({ country }) => country === 'CH') &&
  !state.duties.some((d) => d.kind === 'authority-notice' && d.dueAt !== null);

function nextForNotice(state: IncidentState): string {
  const last = state.notices.findLast((n) => !isDraftOverruled(state, n));
  if (last?.approved?.hold) return `The approved notice is on hold: seventytwo notice ${state.id} release`;
  if (last && !last.approved) return `A notice waits for approval: seventytwo notice ${state.id} approve`;
  if (state.decision === null) return `Decide the risk: seventytwo decide ${state.id}`;
  return `seventytwo notice ${state.id}`;
}

function trouble(state: IncidentState, id: string, dueAt: Instant | null, clock: string): AlarmText {
  const [what, which = '', phase = ''] = id.split('/');
  if (what === 'record')
    return {
      dueAt,
      says: `The record in the database lacks entries from ${which} on that were in it: it was set back or altered. Clocks and alarms go on. ${clock}`,
      next: 'Tell the operator: seventytwo rebuild --ledger puts back what the engine still has (docs/runbooks/restore-and-rebuild.md)',
    };
  if (what === 'paused')
    return {
      dueAt,
      says: `Mailing ${which} to the people paused itself.`,
      next: `seventytwo people ${state.id} status`,
    };
  const says =
    what === 'refused' ? `${which} refused notice ${phase}` : `The relay does not take notice ${phase} for ${which}`;
  return {
    dueAt,
    says: `${says}. ${clock}`,
    next: `Reach it another way (telephone, portal): seventytwo notice ${state.id} show`,
  };
}

const reasonOf = (state: IncidentState, use: string): string => {
  const reason = state.breakGlass.find((b) => b.use === use)?.reason;
  return reason ? ` The reason given: ${reason}` : '';
};

const shown = (instant: Instant): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

const hours = (value: number): string => {
  const minutes = Math.floor(value * 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** Is everything done that this run is there for? */
export const isOver = (state: IncidentState): boolean =>
  (state.phase === 'closed' || (state.phase === 'withdrawn' && !state.tasks.some((t) => t.doneAt === null))) &&
  state.mailings.every((m) => m.state === 'completed' || (m.state === 'paused' && state.phase === 'withdrawn')) &&
  deliveriesDue(state).length === 0 &&
  state.breakGlass.every((b) => b.reviewedBy !== null);

export const isPast = (instant: Instant, at: Instant): boolean => !isAfter(instant, at);
