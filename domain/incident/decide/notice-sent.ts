import { wayIn } from '../../authorities/way.js';
import { earliest, type Instant, isAfter, isBefore, plusHours, plusMs, SECOND_MS } from '../../clock/instant.js';
import { FRENCH_FOLLOW_UP_WITHIN_HOURS } from '../../law/provisions.js';
import type { CommandOf } from '../commands.js';
import { ENGINE, type NewEvent } from '../events.js';
import type { Refusal } from '../refusals.js';
import type { Delivery, NoticePhase, Task } from '../state.js';
import { isOverruled, standsWith } from '../taken-back.js';
import {
  CLOCK_SKEW_SECONDS,
  type Decided,
  type Draft,
  doneTasks,
  happen,
  missing,
  refuse,
  taskFor,
} from './drafting.js';
import { phaseOf } from './notice.js';
import { inDoubt } from './stands-again.js';
import { firstPhaseFor, takenBack } from './take-back.js';

/** What became of an approved notice: what the engine reports of each delivery, and the receipts that people record. */

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
