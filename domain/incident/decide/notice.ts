import { wayIn } from '../../authorities/way.js';
import { earliest, type Instant, isAfter, isBefore, plusHours, plusMs, SECOND_MS } from '../../clock/instant.js';
import { FRENCH_FOLLOW_UP_WITHIN_HOURS } from '../../law/provisions.js';
import type { CommandOf } from '../commands.js';
import { ENGINE, type NewEvent } from '../events.js';
import { firstPhaseFor, refuseSending, refuseTakingBack, takenBack } from './take-back.js';
import { followsFacts, levelNow, oweAuthorities } from './authority-duties.js';
import type { Refusal } from '../refusals.js';
import type { Delivery, NoticePhase, Task } from '../state.js';
import { isOverruled, standsWith } from '../taken-back.js';
import { inDoubt } from './stands-again.js';
import {
  CLOCK_SKEW_SECONDS,
  type Decided,
  type Draft,
  doneTasks,
  happen,
  makersOf,
  missing,
  refuse,
  taskFor,
} from './drafting.js';

const deliveries = (state: Draft['state']): Delivery[] => state.notices.flatMap((n) => Object.values(n.deliveries));
const anySubmitted = (state: Draft['state']): boolean => deliveries(state).some((d) => d.submittedAt !== null);

function phaseOf({ state }: Draft, phase: number): { notice: NoticePhase } | { refused: Decided } {
  const notice = state.notices.find((n) => n.phase === phase);
  return notice
    ? { notice }
    : {
        refused: refuse({
          code: 'no-such',
          kind: 'notice phase',
          id: String(phase),
          known: state.notices.map((n) => String(n.phase)),
        }),
      };
}

/** Only asks whether a draft may be made: the engine's activity makes it and hands it in with PutDraft. */
export function draftNotice({ state }: Draft, command: CommandOf<'DraftNotice'>): Decided {
  const refusals: Refusal[] = [
    ...(command.withdraw !== null && !anySubmitted(state)
      ? [
          {
            code: 'missing',
            path: 'withdraw',
            what: 'an earlier notice: only what was submitted can be withdrawn (R-224)',
          } as const,
        ]
      : []),
    ...(command.withdraw === null ? [] : missing('withdraw', command.withdraw, 'the reasons for withdrawing')),
    ...(command.withdraw === null ? [] : refuseTakingBack(state)),
    ...(command.withdraw === null && state.phase === 'withdrawn'
      ? [
          {
            code: 'missing',
            path: 'withdraw',
            what: 'the reasons for withdrawing: the incident is withdrawn, so this notice can only withdraw the earlier one',
          } as const,
        ]
      : []),
  ];
  return refusals.length > 0 ? refuse(...refusals) : happen();
}

export function putDraft({ state }: Draft, command: CommandOf<'PutDraft'>): Decided {
  const { content, sha256, basedOn, loginMadeBy, loginMadeByAll } = command;
  const onTable = state.notices.find((n) => n.phase === content.phase)?.draft;
  const older = onTable !== undefined && onTable.basedOn > basedOn; // a slow draft of facts that have changed since
  if (older || (onTable?.sha256 === sha256 && onTable.basedOn >= basedOn)) return happen(); // nothing new to say
  return happen(
    {
      type: 'NoticeDrafted',
      actor: command.for,
      data: { phase: content.phase, content, sha256, basedOn, loginMadeBy, ...(loginMadeByAll && { loginMadeByAll }) },
    },
    taskFor(
      state,
      'approve-notice',
      `phase-${content.phase}`,
      state.duties.find((d) => d.kind === 'authority-notice' && d.dueAt !== null)?.dueAt ?? null,
    ),
  );
}

export function approveNotice(draft: Draft, command: CommandOf<'ApproveNotice'>): Decided {
  const { state, request } = draft;
  const { phase, sha256, hold, setting } = command;
  const found = phaseOf(draft, phase);
  if ('refused' in found) return found.refused;
  const { notice } = found;
  const author = notice.draft;
  const gone = Object.values(notice.deliveries).find((d) => d.submittedAt !== null || d.state === 'ambiguous');
  const refusals: Refusal[] = [
    ...(gone
      ? [
          {
            code: 'already',
            what: `phase ${phase} handed over; what is new goes into the next phase`,
            since: gone.submittedAt,
          } as const,
        ]
      : []),
    ...(author.sha256 === sha256
      ? []
      : [{ code: 'approval-outdated', approved: sha256, current: author.sha256 } as const]),
    ...refuseSending(state, author),
    ...(notice.approved?.sha256 === sha256
      ? [{ code: 'already', what: 'this version approved', since: notice.approved.at } as const]
      : []),
    ...(author.by !== request.actor.id &&
    (makersOf(request).includes(author.by) || makersOf(author).includes(request.actor.id))
      ? [{ code: 'login-made-by-author', action: 'ApproveNotice' } as const]
      : []),
  ];
  if (refusals.length > 0) return refuse(...refusals);
  return happen(
    ...listedSince(draft, setting),
    { type: 'NoticeApproved', data: { phase, sha256, hold, setting } },
    ...doneTasks(state, 'approve-notice', `phase-${phase}`),
    ...(hold ? [] : doneTasks(state, 'review-automatic-notice')), // a person has read, and sends what is missing
    ...portalAnew(draft, notice),
    ...unverified(draft, setting ?? state.setting),
  );
}

/** The organisation may have been described anew since: whom it names now is told with this phase (from policy 3 on). */
function listedSince({ state, at }: Draft, setting: Draft['state']['setting'] | null): (NewEvent | null)[] {
  const awareAt = state.awareness.awareAt?.at;
  if (!followsFacts(state.policy) || setting === null || awareAt === undefined || state.phase === 'withdrawn')
    return [];
  return oweAuthorities(state, { setting, facts: state.facts, level: levelNow(state), awareAt, at });
}

/** What lay ready for a portal was another version: its task ends, and the new pack opens one of its own. */
const portalAnew = ({ state }: Draft, notice: NoticePhase): NewEvent[] =>
  Object.values(notice.deliveries)
    .filter((d) => d.submittedAt === null)
    .flatMap((d) => doneTasks(state, 'file-at-portal', d.authority));

/** An unverified mailbox never gets a notice without a person's check. */
const unverified = ({ state }: Draft, setting: Draft['state']['setting']): (NewEvent | null)[] =>
  setting.authorities
    .filter((a) => a.channel === 'email' && (!a.address || !a.mailboxVerifiedAt))
    .map((a) => taskFor(state, 'verify-mailbox', a.authority, null));

export function releaseNotice(draft: Draft, command: CommandOf<'ReleaseNotice'>): Decided {
  const found = phaseOf(draft, command.phase);
  if ('refused' in found) return found.refused;
  const { approved, deliveries: ways } = found.notice;
  if (!approved) return refuse({ code: 'not-approved', what: `phase ${command.phase}`, have: 0, need: 1 });
  const stuck = Object.values(ways).some((d) => d.state === 'unverified_mailbox' || d.state === 'refused');
  if (!approved.hold && !stuck) return refuse({ code: 'already', what: 'released', since: approved.at });
  const why = refuseSending(draft.state, approved);
  if (why.length > 0) return refuse(...why);
  const setting = command.setting ?? draft.state.setting;
  const verified = setting.authorities.filter((a) => a.channel !== 'email' || (a.address && a.mailboxVerifiedAt));
  return happen(
    {
      type: 'NoticeApproved',
      data: { phase: command.phase, sha256: approved.sha256, hold: false, setting: command.setting },
    },
    ...verified.flatMap((a) => doneTasks(draft.state, 'verify-mailbox', a.authority)),
    ...unverified(draft, setting),
  );
}

export function revokeApproval(draft: Draft, command: CommandOf<'RevokeApproval'>): Decided {
  const found = phaseOf(draft, command.phase);
  if ('refused' in found) return found.refused;
  const { approved, deliveries: ways } = found.notice;
  const gone = Object.values(ways).find((d) => d.submittedAt !== null || d.state === 'ambiguous');
  const refusals: Refusal[] = [
    ...(approved?.sha256 === command.sha256
      ? []
      : [{ code: 'not-approved', what: `phase ${command.phase}`, have: 0, need: 1 } as const]),
    ...(gone
      ? [
          {
            code: 'already',
            what: gone.submittedAt ? 'submitted' : 'handed over, with no answer yet',
            since: gone.submittedAt,
          } as const,
        ]
      : []),
    ...missing('reason', command.reason, 'why the approval is withdrawn'),
  ];
  return refusals.length > 0
    ? refuse(...refusals)
    : happen(
        { type: 'ApprovalRevoked', data: { phase: command.phase, sha256: command.sha256, reason: command.reason } },
        ...portalAnew(draft, found.notice),
        ...Object.keys(ways).flatMap((to) => doneTasks(draft.state, 'notice-stalled', to)), // nothing waits any more
        taskFor(draft.state, 'approve-notice', `phase-${command.phase}`, null),
      );
}

export function reportSubmission(draft: Draft, command: CommandOf<'ReportSubmission'>): Decided {
  const { state } = draft;
  const { type, sha256, ...reported } = command;
  const data = { ...reported, ...(sha256 !== undefined && state.policy >= 2 && { sha256 }) };
  if (deliveryOf(state, data.phase, data.authority)?.state === 'sent') return happen(); // reported twice
  const content = state.notices.find((n) => n.phase === data.phase)?.approved?.content;
  return happen(
    { type: 'NoticeSubmitted', actor: ENGINE, data },
    ...takenBack(draft, data.authority, content),
    taskFor(state, 'record-receipt', data.authority, null),
    ...lateness(state, data.phase, data.authority, data.at),
    ...doneTasks(state, 'approve-notice', `phase-${data.phase}`).filter(() => newer(state, data.phase)),
    isLifted(state, data.authority) && content?.completeness !== 'WITHDRAW'
      ? taskFor(state, 'follow-up-notice', 'withdraw', null)
      : null,
    ...doneTasks(state, 'notice-refused', data.authority),
    ...doneTasks(state, 'notice-stalled', data.authority),
    ...(content?.completeness === 'INCOMPLETE'
      ? [theRestFollows(state, data.authority, data.at)]
      : restSent(state, data.authority, content?.completeness)),
  );
}

/** The notice went out although its duty had been lifted meanwhile: the authority must hear that too. */
const isLifted = (state: Draft['state'], authority: string): boolean =>
  state.duties.some((d) => d.to === authority && (d.state === 'exempt' || d.state === 'waived'));

/** A draft of this phase is on the table that is not the one that went out. */
const newer = (state: Draft['state'], phase: number): boolean => {
  const notice = state.notices.find((n) => n.phase === phase);
  return notice !== undefined && notice.draft.sha256 !== notice.approved?.sha256;
};

/**
 * Filed late: the reasons are owed with it, and only the reasons themselves end that task. What follows later is not late for that
 * from policy 3 on the first phase that stands with the authority decides.
 */
function lateness(state: Draft['state'], phase: number, authority: string, at: Instant): (NewEvent | null)[] {
  if (state.policy < 2) return doneTasks(state, 'reasons-for-delay');
  const told = state.notices.some((n) => n.phase !== phase && standsWith(state, n, authority));
  if (told && state.policy >= 3) return [];
  const dueAt = state.duties.find((d) => d.to === authority)?.dueAt;
  const late = dueAt != null && isAfter(at, dueAt) && !state.facts['notice.reasonsForDelay'];
  return late ? [taskFor(state, 'reasons-for-delay', 'deadline', null)] : [];
}

/** It has waited so long that people must look after it. */
export function reportStalled({ state }: Draft, command: CommandOf<'ReportStalled'>): Decided {
  const { type, ...data } = command;
  const said = state.milestones.some((m) => m.id === `stalled/${data.authority}/${data.phase}`);
  if (state.policy < 2 || (said && state.policy < 3)) return happen();
  const dueAt = state.duties.find(({ to }) => to === data.authority)?.dueAt ?? null;
  return happen(
    said ? null : { type: 'NoticeStalled', actor: ENGINE, data },
    state.policy >= 3 ? asksFor(state, data.phase, 'notice-stalled', data.authority, dueAt) : null, // an alarm can be answered, and the notice is still here
  );
}

const deliveryOf = (state: Draft['state'], phase: number, authority: string): Delivery | undefined =>
  state.notices.find((n) => n.phase === phase)?.deliveries[authority];

/** A task to bring this phase to its authority; none once it would take back what stands by now. */
function asksFor(
  state: Draft['state'],
  phase: number,
  ...task: [Task['kind'], string, Instant | null]
): NewEvent | null {
  const notice = state.notices.find((n) => n.phase === phase);
  return notice && isOverruled(state, notice) ? null : taskFor(state, ...task);
}

export function reportAmbiguous({ state }: Draft, command: CommandOf<'ReportAmbiguous'>): Decided {
  const { type, ...data } = command;
  const before = deliveryOf(state, data.phase, data.authority);
  if (before?.state === 'sent' || (before?.state === 'ambiguous' && before.attempts >= data.attempt)) return happen();
  const notice = state.notices.find((n) => n.phase === data.phase);
  return happen(
    { type: 'NoticeOutcomeAmbiguous', actor: ENGINE, data },
    ...(notice && isOverruled(state, notice) ? inDoubt(state, data.authority) : []),
  );
}

export function reportRefusal({ state }: Draft, command: CommandOf<'ReportRefusal'>): Decided {
  const { type, ...data } = command;
  return happen(
    { type: 'NoticeRefused', actor: ENGINE, data },
    asksFor(state, data.phase, 'notice-refused', data.authority, null),
    ...doneTasks(state, 'notice-stalled', data.authority),
  );
}

/** The pack lies ready; a person files it and records the receipt, which is the submission. */
export function reportPortalPack({ state }: Draft, command: CommandOf<'ReportPortalPack'>): Decided {
  const { phase, authority, artifacts, sha256 } = command;
  const dueAt = state.duties.find((d) => d.to === authority)?.dueAt ?? null;
  const current = state.notices.find((n) => n.phase === phase)?.approved?.sha256;
  if (sha256 !== undefined && sha256 !== current) return happen(); // revoked or replaced while it was made
  return happen(
    state.policy >= 2 && sha256 !== undefined
      ? { type: 'PortalPackMade', actor: ENGINE, data: { phase, authority, sha256, artifacts } }
      : null,
    asksFor(state, phase, 'file-at-portal', authority, dueAt),
  );
}

export function recordReceipt(draft: Draft, command: CommandOf<'RecordReceipt'>): Decided {
  const { state, at } = draft;
  const { phase, authority, reference, receivedAt, evidence } = command;
  const found = phaseOf(draft, phase);
  if ('refused' in found) return found.refused;
  const delivery = found.notice.deliveries[authority];
  const awareAt = state.awareness.awareAt?.at;
  const limit = plusMs(at, CLOCK_SKEW_SECONDS * SECOND_MS);
  const refusals: Refusal[] = [
    ...(delivery
      ? []
      : [
          {
            code: 'no-such',
            kind: 'authority of this phase',
            id: authority,
            known: Object.keys(found.notice.deliveries),
          } as const,
        ]),
    ...missing('reference', reference, "the authority's reference, or 'none given'"),
    ...(isAfter(receivedAt, limit)
      ? [
          {
            code: 'instant-in-future',
            path: 'receivedAt',
            value: receivedAt,
            now: at,
            toleranceSeconds: CLOCK_SKEW_SECONDS,
          } as const,
        ]
      : []),
    ...(awareAt && isBefore(receivedAt, awareAt)
      ? [
          {
            code: 'contradiction',
            paths: ['receivedAt', 'awareness.awareAt'],
            says: `received ${receivedAt}, before awareness at ${awareAt}`,
          } as const,
        ]
      : []),
    ...(delivery?.receipt && !evidence
      ? [
          {
            code: 'already',
            what: 'a receipt recorded; a correction needs evidence',
            since: delivery.receipt.receivedAt,
          } as const,
        ]
      : []),
  ];
  if (refusals.length > 0 || !delivery) return refuse(...refusals);

  const duty = state.duties.find((d) => d.kind === 'authority-notice' && d.to === authority);
  const settles = duty !== undefined && phase === firstPhaseFor(state, authority);
  return happen(
    delivery.state === 'sent'
      ? null
      : {
          type: 'NoticeSubmitted',
          data: {
            phase,
            authority,
            channel: 'portal',
            at: receivedAt,
            attempt: delivery.attempts + 1,
            messageId: null,
            artifacts: delivery.artifacts,
            reply: null,
          },
        },
    ...(delivery.state === 'sent' ? [] : takenBack(draft, authority, found.notice.approved?.content)),
    { type: 'ReceiptRecorded', data: { phase, authority, reference, receivedAt, evidence } },
    settles
      ? {
          type: 'DutyDischarged',
          actor: ENGINE,
          data: {
            duty: duty.id,
            at: receivedAt,
            late: duty.dueAt !== null && isAfter(receivedAt, duty.dueAt),
            by: `receipt/${phase}`,
          },
        }
      : null,
    ...doneTasks(state, 'record-receipt', authority),
    ...doneTasks(state, 'file-at-portal', authority),
    ...doneTasks(state, 'notice-refused', authority),
    ...doneTasks(state, 'notice-stalled', authority),
    ...(delivery.state === 'sent' ? [] : afterPortal(draft, found.notice, authority, receivedAt)),
  );
}

const afterPortal = ({ state }: Draft, notice: NoticePhase, authority: string, at: Instant): (NewEvent | null)[] => [
  ...lateness(state, notice.phase, authority, at),
  ...(notice.approved?.content.completeness === 'INCOMPLETE'
    ? [theRestFollows(state, authority, at)]
    : restSent(state, authority, notice.approved?.content.completeness)),
];

/** Art. 33(4): what could not be given follows in phases without undue further delay; to France within 72 hours after the initial notice. */
function theRestFollows(state: Draft['state'], authority: string, at: Instant): NewEvent | null {
  if (state.policy < 3 || wayIn(state.setting, authority)?.country !== 'FR')
    return taskFor(state, 'follow-up-notice', 'complete', null);
  const stands = state.notices.filter((notice) => standsWith(state, notice, authority));
  const initial = earliest(at, ...stands.flatMap(({ deliveries: to }) => to[authority]?.submittedAt ?? []));
  return taskFor(state, 'follow-up-notice', `complete/${authority}`, plusHours(initial, FRENCH_FOLLOW_UP_WITHIN_HOURS));
}

const restSent = (state: Draft['state'], authority: string, completeness: string | undefined): NewEvent[] =>
  completeness === 'WITHDRAW'
    ? doneTasks(state, 'follow-up-notice', 'withdraw')
    : ['complete', `complete/${authority}`].flatMap((about) => doneTasks(state, 'follow-up-notice', about));
