import { DAY_MS, type Instant, msBetween } from '../clock/instant.js';
import { MAILBOX_CHECK_HOLDS_DAYS } from '../law/provisions.js';
import type { EventData, EventOf } from './events.js';
import { filedAutomatically } from './evolve-automatic.js';
import { addMilestone, alarm, makers, setDuty, since2, takeSetting } from './evolve-parts.js';
import type { Delivery, IncidentState, NoticePhase } from './state.js';
import { takenBackUpTo, withdraws } from './taken-back.js';

type NoticeEvent = EventOf<
  | 'NoticeDrafted'
  | 'NoticeApproved'
  | 'ApprovalRevoked'
  | 'PortalPackMade'
  | 'NoticeSubmitted'
  | 'NoticeOutcomeAmbiguous'
  | 'NoticeRefused'
  | 'NoticeStalled'
  | 'ReceiptRecorded'
>;

const setPhase = (
  state: IncidentState,
  phase: number,
  change: (notice: NoticePhase) => NoticePhase,
): IncidentState => ({
  ...state,
  notices: state.notices.map((notice) => (notice.phase === phase ? change(notice) : notice)),
});

const fresh = (authority: string): Delivery => ({
  authority,
  state: 'waiting',
  attempts: 0,
  submittedAt: null,
  messageId: null,
  artifacts: {},
  receipt: null,
});

const setDelivery = (
  state: IncidentState,
  phase: number,
  authority: string,
  change: Partial<Delivery>,
): IncidentState =>
  setPhase(state, phase, (notice) => ({
    ...notice,
    deliveries: {
      ...notice.deliveries,
      [authority]: { ...(notice.deliveries[authority] ?? fresh(authority)), ...change },
    },
  }));

/** What becomes of notices: drafted, approved, on their way to each authority, received. */
export function evolveNotice(state: IncidentState, event: NoticeEvent): IncidentState {
  const { at } = event;
  const by = event.actor.id;
  switch (event.type) {
    case 'NoticeDrafted':
      return draft(state, event.data, by, at);
    case 'NoticeApproved':
      return approve(state, event.data, by, at);
    case 'ApprovalRevoked':
      return setPhase(state, event.data.phase, (notice) => ({
        ...notice,
        approved: null,
        deliveries: Object.fromEntries(
          Object.entries(notice.deliveries).filter(([, d]) => d.submittedAt !== null || d.state === 'ambiguous'),
        ),
      }));
    case 'PortalPackMade':
      return setDelivery(state, event.data.phase, event.data.authority, {
        state: 'at_portal',
        artifacts: event.data.artifacts,
      });
    case 'NoticeSubmitted':
      return submit(state, event.data);
    case 'NoticeOutcomeAmbiguous':
      return setDelivery(state, event.data.phase, event.data.authority, {
        state: 'ambiguous',
        attempts: event.data.attempt,
        messageId: event.data.messageId,
      });
    case 'NoticeRefused': {
      const { phase, authority, attempt } = event.data;
      const refused = setDelivery(state, phase, authority, { state: 'refused', attempts: attempt });
      return since2(state) ? addMilestone(refused, alarm(`refused/${authority}/${phase}`, at)) : refused;
    }
    case 'NoticeStalled':
      return addMilestone(state, alarm(`stalled/${event.data.authority}/${event.data.phase}`, at));
    case 'ReceiptRecorded': {
      const { phase, authority, reference, receivedAt } = event.data;
      return setDelivery(state, phase, authority, { receipt: { reference, receivedAt, recordedBy: by } });
    }
  }
}

function draft(state: IncidentState, data: EventData['NoticeDrafted'], by: string, at: Instant): IncidentState {
  const { phase, content, sha256, basedOn } = data;
  const table = { content, sha256, at, by, ...makers(data), basedOn };
  return state.notices.some((n) => n.phase === phase)
    ? setPhase(state, phase, (notice) => ({ ...notice, draft: table }))
    : { ...state, notices: [...state.notices, { phase, draft: table, approved: null, deliveries: {} }] };
}

function approve(state: IncidentState, data: EventData['NoticeApproved'], by: string, at: Instant): IncidentState {
  const { phase, sha256, hold, automatic } = data;
  const setting = takeSetting(state, data.setting);
  const approved = setPhase({ ...state, setting }, phase, (notice) => {
    const again = notice.approved?.sha256 === sha256;
    return {
      ...notice,
      approved:
        notice.approved && again
          ? { ...notice.approved, hold, ...(since2(state) && !hold && { releasedAt: at }) }
          : {
              content: notice.draft.content,
              sha256,
              at,
              by,
              hold,
              ...(automatic && {
                automatic: { authorisation: automatic.authorisation, authorities: automatic.authorities },
              }),
            },
      deliveries: waitingFor(state, setting, notice, again, at, automatic?.authorities),
    };
  });
  return automatic ? filedAutomatically(approved, phase, automatic, at) : approved;
}

function submit(state: IncidentState, data: EventData['NoticeSubmitted']): IncidentState {
  const { phase, authority, at: submittedAt, attempt, messageId, artifacts } = data;
  const sent = setDelivery(state, phase, authority, {
    state: 'sent',
    attempts: attempt,
    submittedAt,
    messageId,
    artifacts,
  });
  // What takes an earlier one back is no notice of this breach: nobody is told by it, from policy 3 on.
  const tells = state.policy < 3 || !withdraws(state.notices.find((n) => n.phase === phase));
  const told = sent.duties.reduce(
    (next, duty) =>
      tells && duty.to === authority && (duty.state === 'open' || duty.state === 'held')
        ? setDuty(next, duty.id, { state: 'filed_receipt_pending' })
        : next,
    sent,
  );
  // A newer draft of a phase that has now gone out is no draft of it any more: what it says belongs to the next phase.
  return setPhase(told, phase, (notice) =>
    notice.approved && notice.draft.sha256 !== notice.approved.sha256
      ? {
          ...notice,
          draft: { ...notice.draft, content: notice.approved.content, sha256: notice.approved.sha256, basedOn: 0 },
        }
      : notice,
  );
}

/** A check of a mailbox holds for so long; what was checked before that is as good as not checked. */
function isVerified(state: IncidentState, verifiedAt: Instant | null, at: Instant): boolean {
  if (verifiedAt === null) return false;
  return !since2(state) || msBetween(verifiedAt, at) <= MAILBOX_CHECK_HOLDS_DAYS * DAY_MS;
}

const FINAL: readonly Delivery['state'][] = ['sent', 'ambiguous'];

/** Who still has to get an approved phase: every authority that is owed it, or was told before, and has not got it. As it can be reached now. */
function waitingFor(
  state: IncidentState,
  setting: IncidentState['setting'],
  notice: NoticePhase,
  again: boolean,
  at: Instant,
  only?: readonly string[],
): NoticePhase['deliveries'] {
  const knows = (authority: string): boolean =>
    state.notices.some((n) => FINAL.includes(n.deliveries[authority]?.state ?? 'waiting'));
  // What takes a notice back goes to whom it stands with, and to nobody who has heard nothing: from policy 3 on.
  const back = state.policy >= 3 && notice.draft.content.completeness === 'WITHDRAW';
  const holds = (authority: string): boolean =>
    state.notices.some(
      (n) => n.phase > takenBackUpTo(state, authority) && FINAL.includes(n.deliveries[authority]?.state ?? 'waiting'),
    );
  const told = state.duties
    .filter((d) => !back || holds(d.to))
    .filter((d) => d.kind === 'authority-notice' && ((d.state !== 'exempt' && d.state !== 'waived') || knows(d.to)))
    .map((d) => d.to)
    .filter((to) => only === undefined || only.includes(to));
  const deliveries: Record<string, Delivery> = { ...notice.deliveries };
  for (const envelope of setting.authorities.filter((e) => told.includes(e.authority))) {
    const { authority, channel, address, mailboxVerifiedAt } = envelope;
    const before = deliveries[authority];
    if (before && (FINAL.includes(before.state) || (before.state === 'at_portal' && again))) continue;
    const unverified = channel === 'email' && (!address || !isVerified(state, mailboxVerifiedAt, at));
    deliveries[authority] = {
      ...fresh(authority),
      state: unverified ? 'unverified_mailbox' : 'waiting',
      attempts: before?.attempts ?? 0,
    };
  }
  return deliveries;
}
