import { confirmedLadder, suspectedLadder } from '../clock/deadlines.js';
import { type Instant, isAfter, plusHours } from '../clock/instant.js';
import { isOwed } from '../duties/duty.js';
import { protectionOf } from '../duties/exemptions.js';
import { BREAK_GLASS_REVIEW_HOURS, mayAnswer } from './break-glass.js';
import type { EventOf, IncidentEvent } from './events.js';
import { evolveNotice } from './evolve-notice.js';
import { layAutomatic, renewed, warned, withheldAutomatically } from './evolve-automatic.js';
import {
  addMilestone,
  alarm,
  discharge,
  doneTask,
  makers,
  milestone,
  relaid,
  setDuty,
  setMilestone,
  since2,
  soon,
  takeSetting,
  WAIVERS,
} from './evolve-parts.js';
import type { Fact, FactId } from './facts.js';
import type { IncidentState, MailingState, Milestone, Task } from './state.js';

/** The next state. Total: every event that `decide` made is taken as it stands, also by later versions of the rules. */
export function evolve(state: IncidentState | null, event: IncidentEvent): IncidentState {
  if (event.type === 'IncidentDeclared') return begin(event);
  if (!state) throw new Error(`The record of ${event.stream} does not begin with its declaration.`);
  const next = layAutomatic(state, apply(state, event), event.at);
  return {
    ...next,
    seq: event.seq,
    lastAt: event.at,
    answered: event.cause
      ? { ...next.answered, [event.cause.keyHash]: { bodyHash: event.cause.bodyHash, seq: event.seq } }
      : next.answered,
  };
}

export const fold = (events: readonly IncidentEvent[], from: IncidentState | null = null): IncidentState | null =>
  events.reduce<IncidentState | null>((state, event) => evolve(state, event), from);

function begin(event: EventOf<'IncidentDeclared'>): IncidentState {
  const { data, at } = event;
  const state: IncidentState = {
    id: event.stream,
    mode: data.mode,
    policy: data.policy,
    seq: event.seq,
    title: data.title,
    phase: data.confirmed ? 'confirmed' : 'suspected',
    declaredAt: at,
    declaredBy: event.actor.id,
    setting: data.setting,
    clock: data.clock,
    awareness: data.awareness,
    awarenessHistory: [],
    awarenessProposal: null,
    facts: {},
    lastAt: at,
    factsSeq: event.seq,
    proposal: null,
    decisionProposal: null,
    decision: null,
    decisions: [],
    duties: [],
    milestones: [],
    tasks: [],
    notices: [],
    lists: [],
    messages: [],
    mailings: [],
    breakGlass: [],
    withdrawalProposal: null,
    injects: [],
    withdrawn: null,
    closedAt: null,
    answered: event.cause ? { [event.cause.keyHash]: { bodyHash: event.cause.bodyHash, seq: event.seq } } : {},
    lastEscalation: null,
  };
  return layAutomatic(null, layLadder({ ...state, milestones: [alarm('declared', at)] }, at), at);
}

/** The hour at which a notice is drafted by itself is a rung of its own, whatever the playbook calls people at. */
const rungsOf = ({ setting: { playbook } }: IncidentState) => ({
  confirmedHours: [...playbook.confirmedHours, playbook.draftAtHours],
});

/** Rungs that nobody was called for, because nothing was owed then, count again when it is: a duty that comes back is not a silent one. */
const relay = (state: IncidentState, kinds: readonly Milestone['kind'][], at: Instant): IncidentState => ({
  ...state,
  milestones: state.milestones.map((m) =>
    kinds.includes(m.kind) && m.reachedAt !== null && !m.owed ? milestone(m, at) : m,
  ),
});

/** Lays the ladder anew when awareness or suspicion changes. */
function layLadder(state: IncidentState, at: Instant): IncidentState {
  const { awareAt, firstHintAt } = state.awareness;
  const rungs = awareAt
    ? confirmedLadder(awareAt.at, rungsOf(state))
    : firstHintAt
      ? suspectedLadder(firstHintAt.at, state.setting.playbook)
      : [];
  const laid = rungs.map((ref) =>
    relaid(
      state.milestones.find((m) => m.id === ref.id),
      ref,
      at,
    ),
  );
  const others = state.milestones.filter(
    (m) => !laid.some((l) => l.id === m.id) && (m.kind !== 'suspicion' || m.reachedAt),
  );
  return { ...state, milestones: [...others, ...laid] };
}

function tellPeopleBy(state: IncidentState, at: Instant): IncidentState {
  const hours = state.setting.playbook.tellPeopleWithinHours;
  return addMilestone(state, milestone({ id: `people+${hours}h`, kind: 'people', dueAt: plusHours(at, hours) }, at));
}

function apply(state: IncidentState, event: Exclude<IncidentEvent, { type: 'IncidentDeclared' }>): IncidentState {
  const { at } = event;
  const by = event.actor.id;
  switch (event.type) {
    case 'AwarenessConfirmed':
      return layLadder(
        {
          ...state,
          phase: 'confirmed',
          awareness: { ...state.awareness, ...event.data.findings },
          factsSeq: event.seq,
          setting: takeSetting(state, event.data.setting),
          milestones: [...state.milestones, alarm('confirmed', at)],
        },
        at,
      );
    case 'AwarenessCorrectionProposed': {
      const { proposal, finding, reason } = event.data;
      return {
        ...state,
        awarenessProposal: { proposal, finding, reason, ...makers(event.data), by, at, key: 'awareAt' },
      };
    }
    case 'AwarenessCorrected': {
      const { key, before, finding, reason } = event.data;
      const history = before
        ? [...state.awarenessHistory, { key, finding: before, until: at, reason }]
        : state.awarenessHistory;
      return layLadder(
        {
          ...state,
          awareness: { ...state.awareness, [key]: finding },
          awarenessHistory: history,
          factsSeq: event.seq,
          awarenessProposal: key === 'awareAt' ? null : state.awarenessProposal,
        },
        at,
      );
    }
    case 'FactsRecorded': {
      const facts: Partial<Record<FactId, Fact>> = { ...state.facts };
      for (const fact of event.data.facts) facts[fact.id] = fact;
      return { ...state, facts, factsSeq: event.seq };
    }
    case 'TriageProposed':
      return { ...state, proposal: { assessment: event.data.assessment, factsSeq: event.data.factsSeq, at } };
    case 'RiskDecisionProposed': {
      const { proposal, level, reasons, basedOn, setting } = event.data;
      return {
        ...state,
        setting: takeSetting(state, setting),
        decisionProposal: { proposal, level, reasons, basedOn, ...makers(event.data), by, at },
      };
    }
    case 'RiskDecided': {
      const { level, reasons, basedOn, setting } = event.data;
      const decision = { seq: event.seq, level, reasons, by, at, basedOn };
      const { unlikelyBecause: _, ...before } = state;
      const because = state.policy >= 3 && level === 'UNLIKELY_RISK' ? protectionOf(state.facts) : null;
      return {
        ...before,
        ...(because && { unlikelyBecause: because }),
        phase: state.phase === 'confirmed' ? 'notifying' : state.phase,
        setting: takeSetting(state, setting),
        decisionProposal: null,
        decision,
        decisions: [...state.decisions, decision],
      };
    }
    case 'DutyOpened': {
      const { duty } = event.data;
      const duties = state.duties.some((d) => d.id === duty.id)
        ? state.duties.map((d) => (d.id === duty.id ? duty : d))
        : [...state.duties, duty];
      const before = state.duties.find((d) => d.id === duty.id);
      const lost = since2(state) && before?.state === 'exempt' && duty.basis.rule === 'R-208'; // what was lifted came back
      const told = {
        ...state,
        duties,
        ...(duty.kind === 'controller-notice' && state.phase === 'confirmed' && { phase: 'notifying' as const }),
      };
      const revived = lost ? addMilestone(told, alarm(`revived/${duty.to}`, at)) : told;
      const { way, later } = event.data;
      const known = way
        ? { ...revived, setting: { ...revived.setting, authorities: [...revived.setting.authorities, way] } }
        : revived;
      const opened = later ? addMilestone(known, alarm(`opened/${duty.to}`, at)) : known;
      if (duty.kind === 'authority-notice' && state.policy >= 3 && duty.dueAt === null)
        return [alarm(`opened/${duty.to}`, at), ...soon(duty.to, at)].reduce(addMilestone, opened);
      if (duty.kind === 'authority-notice') return relay(opened, ['ladder', 'deadline', 'automatic-warning'], at);
      const another = before !== undefined && isOwed(before); // only its ground is another: its hour stays
      return duty.kind === 'people-message' && !another ? tellPeopleBy(opened, at) : opened;
    }
    case 'DutyRecomputed':
      return setDuty(state, event.data.duty, { dueAt: event.data.dueAt, rules: event.data.rules });
    case 'DutyHeld': {
      const { duty, ...hold } = event.data;
      const review = milestone({ id: `review/${duty}`, kind: 'hold-review', dueAt: hold.reviewAt }, at);
      return addMilestone(setDuty(state, duty, { state: 'held', hold }), review);
    }
    case 'DutyReleased': {
      const released = setDuty(state, event.data.duty, { state: 'open', hold: null });
      return since2(state) ? tellPeopleBy(released, at) : released; // then prompt
    }
    case 'DutyExemptionProposed': {
      const { proposal, duty, rule } = event.data;
      return { ...state, exemptionProposal: { proposal, duty, rule, ...makers(event.data), by, at } };
    }
    case 'DutyExempted':
      return setDuty(state.exemptionProposal ? { ...state, exemptionProposal: null } : state, event.data.duty, {
        state: state.policy >= 3 && WAIVERS.includes(event.data.rule) ? 'waived' : 'exempt',
        dischargedAt: at,
        dischargedBy: event.data.rule,
        hold: null,
        ...(event.data.proof !== null && { exemption: { reason: event.data.reason, proof: event.data.proof } }),
      });
    case 'DutyDischarged':
      return discharge(state, event.data);
    case 'MilestoneReached':
      return setMilestone(state, event.data.milestone.id, { reachedAt: event.data.reachedAt, owed: event.data.owed });
    case 'EscalationSent': {
      const { milestone: id, round, outcomes } = event.data;
      return {
        ...warned(setMilestone(state, id, { rounds: round, lastSentAt: at }), event),
        lastEscalation: { milestone: id, channels: outcomes.filter((o) => o.ok).map((o) => o.channel), at },
      };
    }
    case 'EscalationAcknowledged': {
      // Whoever answers knows how things stood: what was due up to the alarm that they name is answered with it.
      const named = state.milestones.find((m) => m.id === event.data.milestone);
      const unsaid = (m: Milestone): boolean => m.kind === 'automatic-warning' && m.rounds === 0; // nobody has heard it yet
      const covered = (m: Milestone): boolean =>
        !since2(state) || !named || (!isAfter(m.dueAt, named.dueAt) && (m === named || !unsaid(m)));
      return {
        ...state,
        milestones: state.milestones.map((m) =>
          m.reachedAt && !m.acknowledgedBy && covered(m) && mayAnswer(state, m, by) ? { ...m, acknowledgedBy: by } : m,
        ),
      };
    }
    case 'TaskOpened': {
      const { task, kind, roles, about, dueAt } = event.data;
      return {
        ...state,
        tasks: [
          ...state.tasks,
          { id: task, kind, roles, about, dueAt, openedAt: at, doneAt: null, doneBy: null } satisfies Task,
        ],
      };
    }
    case 'TaskDone':
      return doneTask(state, event);
    case 'NoticeDrafted':
    case 'NoticeApproved':
    case 'ApprovalRevoked':
    case 'PortalPackMade':
    case 'NoticeSubmitted':
    case 'NoticeOutcomeAmbiguous':
    case 'NoticeRefused':
    case 'NoticeStalled':
    case 'ReceiptRecorded':
      return evolveNotice(state, event);
    case 'RecordGapFound':
      return addMilestone(
        { ...state, recordGap: { ...event.data, at } },
        alarm(`record/${event.data.from}/${event.seq}`, at),
      );
    case 'RecordGapClosed':
      return { ...state, recordGap: null };
    case 'PeopleListFrozen':
      return {
        ...state,
        lists: [
          ...state.lists,
          {
            id: event.data.list,
            count: event.data.count,
            sha256: event.data.sha256,
            ...(state.policy >= 3 && event.data.rejected > 0 && { rejected: event.data.rejected }),
          },
        ],
      };
    case 'MessageApproved': {
      const { message: id, content, sha256, list, listSha256, breakGlass } = event.data;
      const approval = { by, ...makers(event.data), at, breakGlass };
      const before = state.messages.find((m) => m.id === id);
      return before
        ? {
            ...state,
            messages: state.messages.map((m) => (m.id === id ? { ...m, approvals: [...m.approvals, approval] } : m)),
          }
        : { ...state, messages: [...state.messages, { id, content, sha256, list, listSha256, approvals: [approval] }] };
    }
    case 'MailingStarted': {
      const { mailing, message: id, list, count } = event.data;
      return {
        ...state,
        mailings: [
          ...state.mailings,
          { mailing, message: id, list, count, state: 'running', totals: null, completedAt: null },
        ],
      };
    }
    case 'MailingPaused':
    case 'MailingResumed': {
      const { mailing } = event.data;
      const set = {
        ...state,
        mailings: state.mailings.map((m): MailingState => {
          if (m.mailing !== mailing) return m;
          const { pausedBecause, ...known } = m;
          return event.type === 'MailingPaused'
            ? { ...known, state: 'paused', pausedBecause: event.data.reason }
            : { ...known, state: 'running' };
        }),
      };
      const byItself = event.type === 'MailingPaused' && event.actor.role === 'engine';
      return byItself && since2(state) ? addMilestone(set, alarm(`paused/${mailing}`, at)) : set;
    }
    case 'MailingCompleted': {
      const { mailing, totals, at: completedAt } = event.data;
      return {
        ...state,
        mailings: state.mailings.map((m) =>
          m.mailing === mailing ? { ...m, state: 'completed', totals, completedAt } : m,
        ),
      };
    }
    case 'BreakGlassUsed': {
      const { use, for: what, reason } = event.data;
      const used = {
        ...state,
        breakGlass: [
          ...state.breakGlass,
          { use, by: event.actor, for: what, at, reason, ...makers(event.data), reviewedBy: null },
        ],
      };
      const review = milestone(
        { id: `review/${use}`, kind: 'break-glass-review', dueAt: plusHours(at, BREAK_GLASS_REVIEW_HOURS) },
        at,
      );
      return addMilestone(addMilestone(used, alarm(use, at)), review);
    }
    case 'BreakGlassReviewed':
      return {
        ...state,
        breakGlass: state.breakGlass.map((b) => (b.use === event.data.use ? { ...b, reviewedBy: by } : b)),
      };
    case 'ClockSegmentAdded':
      return { ...state, clock: [...state.clock, event.data.segment].slice(-2) }; // the ledger has them all
    case 'InjectReleased':
      return { ...state, injects: [...state.injects, event.data.inject] };
    case 'WithdrawalProposed': {
      const { proposal, because, duplicateOf, reason } = event.data;
      return {
        ...state,
        withdrawalProposal: { proposal, because, duplicateOf, reason, ...makers(event.data), by, at },
      };
    }
    case 'IncidentWithdrawn':
      return {
        ...state,
        phase: 'withdrawn',
        withdrawn: event.data,
        withdrawalProposal: null,
        decisionProposal: null,
        awarenessProposal: null,
        closedAt: at,
      };
    case 'IncidentClosed':
      return { ...state, phase: 'closed', closedAt: at };
    case 'IncidentReopened': {
      const assesses = !state.duties.some((d) => d.kind === 'controller-notice'); // a processor only tells
      const phase = state.decision || !assesses ? 'notifying' : state.awareness.awareAt ? 'confirmed' : 'suspected';
      const open: IncidentState = { ...state, phase, closedAt: null, withdrawn: null };
      if (!since2(state)) return open;
      return addMilestone(relay(open, ['ladder', 'deadline', 'suspicion'], at), alarm('reopened', at));
    }
    case 'AutomaticFilingWithheld':
      return withheldAutomatically(state, event);
    case 'SettingRenewed':
      return renewed(state, event);
    case 'PolicyAdopted':
      return { ...state, policy: event.data.policy };
  }
}
