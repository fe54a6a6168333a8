import { HOUR_MS, msBetween } from '../clock/instant.js';
import { strictDeadline } from '../clock/deadlines.js';
import type { EventData, EventType, IncidentEvent } from '../incident/events.js';
import type { IncidentState } from '../incident/state.js';

export interface TimelineLine {
  readonly at: string;
  readonly who: string;
  readonly says: string;
  /** Hours to the strict deadline; null before awareness. */
  readonly hoursLeft: number | null;
  /** How loud it is: `quiet` lines are left out of the live timeline. */
  readonly tone: 'quiet' | 'plain' | 'good' | 'alarm' | 'inject';
}

const QUIET: ReadonlySet<EventType> = new Set<EventType>([
  'ClockSegmentAdded',
  'TaskOpened',
  'TaskDone',
  'EscalationSent',
  'DutyRecomputed',
  'PolicyAdopted',
]);

/** One event as a line that a person enjoys reading. `state` is the incident after the event. */
export function timelineLine(event: IncidentEvent, state: IncidentState): TimelineLine {
  const awareAt = state.awareness.awareAt?.at;
  const hoursLeft = awareAt ? msBetween(event.at, strictDeadline(awareAt)) / HOUR_MS : null;
  const { says, tone } = sayOf(event, state);
  return { at: event.at, who: event.actor.role, says, hoursLeft, tone: QUIET.has(event.type) ? 'quiet' : tone };
}

type Said = { says: string; tone: TimelineLine['tone'] };
const plain = (says: string): Said => ({ says, tone: 'plain' });
const good = (says: string): Said => ({ says, tone: 'good' });
const alarm = (says: string): Said => ({ says, tone: 'alarm' });

function sayOf(event: IncidentEvent, state: IncidentState): Said {
  switch (event.type) {
    case 'IncidentDeclared':
      return alarm(
        `Declared: ${event.data.title} (${event.data.confirmed ? 'confirmed, the 72 hours run' : 'suspected, no legal clock yet'})`,
      );
    case 'AwarenessConfirmed':
      return alarm('Confirmed: from here the 72 hours run');
    case 'AwarenessCorrected':
      return plain(`Awareness corrected to ${event.data.finding.at}`);
    case 'AwarenessCorrectionProposed':
      return plain('A later awareness is proposed; it waits for a second person');
    case 'FactsRecorded':
      return plain(
        `${event.data.facts.length === 1 ? 'A fact' : `${event.data.facts.length} facts`} recorded: ${event.data.facts
          .map((f) => f.id)
          .slice(0, 4)
          .join(', ')}${event.data.facts.length > 4 ? ', …' : ''}`,
      );
    case 'TriageProposed':
      return plain(
        `Triage proposes ${event.data.assessment.level} (severity ${event.data.assessment.severity.se}, ${event.data.assessment.severity.level.replace('_', ' ')})`,
      );
    case 'RiskDecided':
      return good(`Decided: ${event.data.level}`);
    case 'RiskDecisionProposed':
      return plain(`Proposed: ${event.data.level}; it waits for a second person`);
    case 'DutyOpened':
      return event.data.duty.kind === 'register'
        ? { says: 'Owed: an entry in the register', tone: 'quiet' }
        : plain(`Owed: ${event.data.duty.id} (${event.data.duty.basis.cite})`);
    case 'DutyDischarged':
      return event.data.duty === 'register'
        ? good('Entered in the register')
        : event.data.late
          ? alarm(`Done, but late: ${event.data.duty}`)
          : good(`Done in time: ${event.data.duty}`);
    case 'DutyExemptionProposed':
      return plain('An exemption is proposed; it waits for a second person');
    case 'DutyExempted':
      return plain(`Not owed: ${event.data.duty} (${event.data.rule})`);
    case 'DutyHeld':
      return plain(`On hold: ${event.data.duty}`);
    case 'DutyReleased':
      return plain(`Released: ${event.data.duty}`);
    case 'MilestoneReached':
      return milestoneSays(event.data);
    case 'EscalationAcknowledged':
      return plain('“I have it”: the alarm is answered');
    case 'NoticeDrafted':
      return plain(
        `Notice ${event.data.phase} drafted: ${event.data.content.kind.toLowerCase().replaceAll('_', '-')}, ${event.data.content.completeness.toLowerCase()}${event.data.content.gaps.length > 0 ? `, ${event.data.content.gaps.length} gaps declared` : ''}`,
      );
    case 'AutomaticFilingWithheld':
      return alarm(`Nothing is filed by itself to ${event.data.withheld.map((w) => w.authority).join(', ')}`);
    case 'SettingRenewed':
      return plain('What may be filed without approval, or how an authority is reached, has changed');
    case 'NoticeApproved':
      if (event.data.automatic) return alarm(`Notice ${event.data.phase} goes out by itself: nobody has approved one`);
      return good(`Notice ${event.data.phase} approved, version ${event.data.sha256.slice(0, 8)}`);
    case 'ApprovalRevoked':
      return plain(`Approval of notice ${event.data.phase} revoked`);
    case 'NoticeSubmitted':
      return good(
        `Notice ${event.data.phase} ${event.data.channel === 'email' ? 'taken over by the mail server of' : 'filed at the portal of'} ${event.data.authority}`,
      );
    case 'NoticeOutcomeAmbiguous':
      return alarm(`Notice ${event.data.phase}: no answer after the last byte; sent once more, flagged`);
    case 'PortalPackMade':
      return plain(`Notice ${event.data.phase} lies ready for the portal of ${event.data.authority}`);
    case 'NoticeStalled':
      return alarm(`The mail server does not take notice ${event.data.phase}; people are told`);
    case 'RecordGapFound':
      return alarm(`The record lacks entries from ${event.data.from} on; people are told`);
    case 'RecordGapClosed':
      return good(`The record is whole again from ${event.data.from} on`);
    case 'NoticeRefused':
      return alarm(`Notice ${event.data.phase} refused by ${event.data.authority}`);
    case 'ReceiptRecorded':
      return good(`Receipt of ${event.data.authority}: ${event.data.reference}`);
    case 'PeopleListFrozen':
      return plain(`List of ${event.data.count} people frozen (${event.data.rejected} rows rejected)`);
    case 'MessageApproved':
      return plain(
        `Message to people approved (${state.messages.find((m) => m.id === event.data.message)?.approvals.length ?? 1} of 2)`,
      );
    case 'MailingStarted':
      return plain(`Telling ${event.data.count} people, one message each`);
    case 'MailingCompleted':
      return good(
        `${event.data.totals.accepted + event.data.totals.resent} of ${event.data.totals.total} people told${event.data.totals.resent > 0 ? `, ${event.data.totals.resent} possibly twice` : ''}`,
      );
    case 'MailingPaused':
      return alarm(`Mailing ${event.data.mailing} paused`);
    case 'MailingResumed':
      return plain(`Mailing ${event.data.mailing} goes on`);
    case 'BreakGlassUsed':
      return alarm('Break-glass used; everybody is told');
    case 'BreakGlassReviewed':
      return plain('Break-glass reviewed');
    case 'InjectReleased':
      return { says: `${event.data.from} → ${event.data.to}: “${event.data.text}”`, tone: 'inject' };
    case 'WithdrawalProposed':
      return plain('A withdrawal is proposed; it waits for a second person');
    case 'IncidentWithdrawn':
      return good(`Withdrawn: ${event.data.because}`);
    case 'IncidentClosed':
      return good('Closed');
    case 'IncidentReopened':
      return alarm('Opened again');
    case 'TaskOpened':
      return plain(`Task for ${event.data.roles.join(' or ')}: ${event.data.kind}`);
    case 'TaskDone':
      return plain('Task done');
    case 'EscalationSent':
      return plain(`Alarm sent to ${event.data.to.length} staff`);
    case 'ClockSegmentAdded':
      return plain('The clock jumps');
    case 'DutyRecomputed':
      return plain(`Deadline of ${event.data.duty} recomputed`);
    case 'PolicyAdopted':
      return plain('Policy adopted');
  }
}

const AFTER: Readonly<Record<string, string>> = {
  aware: 'awareness',
  hint: 'the first hint',
  people: 'the decision to tell the people',
};

function milestoneSays({ milestone, owed }: EventData['MilestoneReached']): Said {
  if (milestone.kind === 'alarm') return alarm('Staff are called');
  const [, from = '', hours] = /^(\w+)\+(\d+)h$/.exec(milestone.id) ?? [];
  const when = AFTER[from] ? `${hours} hours after ${AFTER[from]}` : milestone.id;
  return owed ? alarm(`${when}: staff are called`) : plain(`${when}: nothing is owed`);
}
