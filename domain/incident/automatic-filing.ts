import type { AuthorityId } from '../authorities/authority.js';
import { strictDeadline } from '../clock/deadlines.js';
import { DAY_MS, HOUR_MS, type Instant, isAfter, MINUTE_MS, msBetween, plusHours, plusMs } from '../clock/instant.js';
import { isOwed } from '../duties/duty.js';
import { MAILBOX_CHECK_HOLDS_DAYS } from '../law/provisions.js';
import type { MilestoneRef } from './events.js';
import type { StandingAuthorisation } from './organisation.js';
import type { IncidentState, Milestone } from './state.js';
import { isOverruled, takenBackUpTo } from './taken-back.js';
import { WARN_BEFORE_HOURS, type Withheld, withheldWords } from './withheld.js';

/**
 * Filing by itself under a standing authorisation (design, section 3, "File what we have"): what was allowed in advance happens, and
 * only when nothing stands against it. Everything is asked of the incident's own state, so that it works while the database is away.
 */

/** Sending takes a moment, and a relay may hesitate: a warning counts as given in time until so long after it was due. A house value. */
export const WARNING_GRACE_MINUTES = 15;
/** Filing earlier than this would take the work out of people's hands. A house value. */
export const MOST_HOURS_BEFORE = 24;
/** An authorisation is looked at again at least once a year. A house value. */
export const LONGEST_DAYS = 366;

export const WARNING = 'automatic-warning';
export const FILING = 'automatic-filing';

/** Since policy 3; incidents of before never file by themselves. */
const files = (state: Pick<IncidentState, 'policy'>): boolean => state.policy >= 3;

/** The two rungs that an authorisation adds to the ladder. */
export function automaticLadder(state: IncidentState): MilestoneRef[] {
  const { awareAt } = state.awareness;
  const { standing } = state.setting;
  if (!files(state) || !awareAt || !standing) return [];
  const dueAt = plusHours(strictDeadline(awareAt.at), -standing.hoursBeforeDeadline);
  return [
    { id: WARNING, kind: WARNING, dueAt: plusHours(dueAt, -WARN_BEFORE_HOURS) },
    { id: FILING, kind: FILING, dueAt },
  ];
}

export const isAutomatic = (milestone: Pick<Milestone, 'kind'>): boolean =>
  milestone.kind === WARNING || milestone.kind === FILING;

export const filingMilestone = (state: IncidentState): Milestone | undefined =>
  state.milestones.find((m) => m.kind === FILING);

/** The hour has come, somebody is owed a notice, and what is to be done about it is not on record yet. */
export function filingDue(state: IncidentState): Milestone | undefined {
  const filing = filingMilestone(state);
  if (!filing?.reachedAt || state.automatic?.outcome?.dueAt === filing.dueAt) return undefined;
  return isOpen(state) && owedTo(state).length > 0 ? filing : undefined;
}

const isOpen = (state: IncidentState): boolean => state.phase === 'confirmed' || state.phase === 'notifying';

/** Authorities that a notice is owed to and has not reached: undecided at the deadline counts as notifiable. */
export const owedTo = (state: IncidentState): AuthorityId[] =>
  state.duties.filter((d) => d.kind === 'authority-notice' && isOwed(d)).map((d) => d.to);

/** Everything that stands against filing a notice to this authority by itself at `at`, but for the warning. Empty: nothing. */
export function standsAgainst(state: IncidentState, authority: AuthorityId, at: Instant): Withheld[] {
  return [
    ...authorisation(state.setting.standing ?? null, state, authority, at),
    ...mailbox(state, authority, at),
    ...noticesSoFar(state, authority),
    ...duty(state, authority),
    ...(state.withdrawalProposal ? ['withdrawal-waits' as const] : []),
  ];
}

/** Everything that stands against it, the warning included: the one question that decides. */
export const withheldBecause = (state: IncidentState, authority: AuthorityId, at: Instant): Withheld[] => [
  ...standsAgainst(state, authority, at),
  ...warning(state),
];

/** Something of a person's is with the authority or on its way: nobody needs to be told that the engine stood back. */
export const isQuiet = (because: readonly Withheld[]): boolean =>
  because.includes('filed-already') || because.includes('approved-goes-first');

function authorisation(
  standing: StandingAuthorisation | null,
  { setting }: IncidentState,
  authority: AuthorityId,
  at: Instant,
): Withheld[] {
  if (!standing) return ['authorisation-ended'];
  const { grantedBy, authorities, until } = standing;
  return [
    ...(isAfter(at, until) ? ['authorisation-expired' as const] : []),
    ...(authorities.includes(authority) ? [] : ['authority-not-named' as const]),
    ...(setting.contacts.some((c) => c.id === grantedBy && c.roles.includes('approver'))
      ? []
      : ['grantor-not-in-charge' as const]),
  ];
}

/** Not to notify may be proposed for all, as a decision about the risk, or for this authority alone. */
function duty({ duties, decisionProposal, exemptionProposal }: IncidentState, authority: AuthorityId): Withheld[] {
  const own = duties.filter((d) => d.kind === 'authority-notice' && d.to === authority);
  const waits = decisionProposal?.level === 'UNLIKELY_RISK' || own.some((d) => d.id === exemptionProposal?.duty);
  return [
    ...(own.some((d) => d.state === 'held') ? ['duty-held' as const] : []),
    ...(own.every((d) => d.dueAt === null) ? ['no-deadline' as const] : []), // Switzerland
    ...(waits ? ['decision-waits' as const] : []),
  ];
}

function mailbox({ setting }: IncidentState, authority: AuthorityId, at: Instant): Withheld[] {
  const way = setting.authorities.find((a) => a.authority === authority);
  if (!way) return ['not-settled'];
  if (way.channel !== 'email') return ['not-by-email'];
  if (!way.address || way.mailboxVerifiedAt === null) return ['mailbox-unverified'];
  return msBetween(way.mailboxVerifiedAt, at) > MAILBOX_CHECK_HOLDS_DAYS * DAY_MS ? ['mailbox-check-old'] : [];
}

/** What people have done comes first, whatever became of it. */
function noticesSoFar(state: IncidentState, authority: AuthorityId): Withheld[] {
  // What was taken back is owed again, and what takes back is no notice of it.
  const upTo = state.policy >= 3 ? takenBackUpTo(state, authority) : 0;
  const notices = state.notices.filter((n) => n.phase > upTo && !isOverruled(state, n));
  const ways = notices.flatMap((n) => n.deliveries[authority] ?? []);
  if (ways.some((d) => d.submittedAt !== null || d.receipt !== null || d.state === 'sent' || d.state === 'ambiguous'))
    return ['filed-already'];
  // Approved for it, or for others and still with none of them: then this phase is a person's.
  const approved = notices.filter(
    (n) =>
      n.approved !== null &&
      (n.deliveries[authority] !== undefined || Object.values(n.deliveries).every((d) => d.submittedAt === null)),
  );
  if (approved.length === 0) return [];
  if (approved.some((n) => n.approved?.hold)) return ['approved-on-hold'];
  return [ways.some((d) => d.state === 'refused') ? 'approved-refused' : 'approved-goes-first'];
}

/** The latest instant at which everybody must have been warned. */
export const warnedBy = (filingAt: Instant): Instant =>
  plusMs(filingAt, WARNING_GRACE_MINUTES * MINUTE_MS - WARN_BEFORE_HOURS * HOUR_MS);

function warning(state: IncidentState): Withheld[] {
  const filing = filingMilestone(state);
  const warnedAt = state.automatic?.warnedAt ?? null;
  if (!filing || warnedAt === null) return ['not-warned'];
  return isAfter(warnedAt, warnedBy(filing.dueAt)) ? ['warned-too-late'] : [];
}

/** A warning is out: the hour has not come, somebody is owed a notice, and no person's notice is on its way. */
export function warningStands(state: IncidentState): boolean {
  const filing = filingMilestone(state);
  if (!filing || filing.reachedAt !== null || !isOpen(state)) return false;
  return owedTo(state).some((authority) => !isQuiet(standsAgainst(state, authority, filing.dueAt)));
}

export interface Outlook {
  readonly at: Instant;
  readonly to: readonly AuthorityId[];
  readonly not: readonly { readonly authority: AuthorityId; readonly because: readonly Withheld[] }[];
}

/** What will happen at its hour if nobody acts, as it looks at `at`; undefined when nothing was authorised or the hour is past. */
export function outlook(state: IncidentState, at: Instant): Outlook | undefined {
  const filing = filingMilestone(state);
  if (!filing || filing.reachedAt !== null || !isOpen(state)) return undefined;
  const late: Withheld[] =
    state.automatic?.warnedAt == null
      ? isAfter(at, warnedBy(filing.dueAt))
        ? ['warned-too-late']
        : []
      : warning(state);
  const found = owedTo(state).map((authority) => ({
    authority,
    because: [...standsAgainst(state, authority, filing.dueAt), ...late],
  }));
  return {
    at: filing.dueAt,
    to: found.filter((f) => f.because.length === 0).map((f) => f.authority),
    not: found.filter((f) => f.because.length > 0 && !isQuiet(f.because)),
  };
}

/** What is said of every authority that is not filed to: `ie-dpc: nobody has verified its mailbox`. */
export const withheldSays = (
  not: readonly { readonly authority: AuthorityId; readonly because: readonly Withheld[] }[],
): string => not.map((n) => `${n.authority}: ${n.because.map(withheldWords).join('; ')}`).join('. ');
