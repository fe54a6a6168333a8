import type { CommandOf } from '../commands.js';
import type { NewEvent } from '../events.js';
import { refuseSending, refuseTakingBack } from './take-back.js';
import { followsFacts, levelNow, oweAuthorities } from './authority-duties.js';
import type { Refusal } from '../refusals.js';
import type { NoticePhase } from '../state.js';
import { wasSubmitted } from '../taken-back.js';
import { type Decided, type Draft, doneTasks, happen, makersOf, missing, refuse, taskFor } from './drafting.js';

/** The phase of that number, or the refusal that names those there are. */
export function phaseOf({ state }: Draft, phase: number): { notice: NoticePhase } | { refused: Decided } {
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
    ...(command.withdraw !== null && !state.notices.some(wasSubmitted)
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
