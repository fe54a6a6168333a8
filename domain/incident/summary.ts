import { legalZone } from '../authorities/directory.js';
import { type OffsetMs, statutoryDeadline, strictDeadline } from '../clock/deadlines.js';
import { HOUR_MS, type Instant, isAfter, msBetween } from '../clock/instant.js';
import { approvalsOf, APPROVALS_FOR_PEOPLE } from './decide/people.js';
import { knowsNoHours } from './effects.js';
import type { Setting } from './events.js';
import { FACT_IDS } from './facts.js';
import { nextSteps } from './next-steps.js';
import { stillOpen } from './still-open.js';
import type { IncidentState } from './state.js';
import type { IncidentSummary } from './summary-shape.js';

/** Whose full hour begins the statutory reading: the first authority's that is told. */
export const zoneOfHour = ({ authorities, organisation }: Setting): string =>
  legalZone(authorities[0]?.zone ?? organisation.zone);

/** What is shown of an incident at an instant of act time. `offsetMs` is only for the statutory reading. */
export function summarise(state: IncidentState, now: Instant, offsetMs: OffsetMs): IncidentSummary {
  const { awareAt, firstHintAt, firstEmployeeKnowledgeAt } = state.awareness;
  const from = awareAt?.at ?? firstEmployeeKnowledgeAt?.at ?? firstHintAt?.at;
  const strict = from ? strictDeadline(from) : null;
  return {
    id: state.id,
    mode: state.mode,
    title: state.title,
    phase: state.phase,
    seq: state.seq,
    declaredAt: state.declaredAt,
    now,
    awareAt: awareAt?.at ?? null,
    firstHintAt: firstHintAt?.at ?? null,
    deadline:
      from && strict && !knowsNoHours(state)
        ? {
            strict,
            statutory: statutoryDeadline(from, offsetMs, zoneOfHour(state.setting)),
            hoursLeft: Math.floor((msBetween(now, strict) / HOUR_MS) * 100) / 100,
            passed: isAfter(now, strict),
            provisional: !awareAt,
          }
        : null,
    level: {
      decided: state.decision?.level ?? null,
      proposed: state.proposal?.assessment.level ?? null,
      waitsForSecondPerson: state.decisionProposal?.proposal ?? null,
    },
    next: nextSteps(state),
    duties: state.duties,
    tasks: [...state.tasks].sort((a, b) => Number(a.doneAt !== null) - Number(b.doneAt !== null)),
    stillOpen: stillOpen(state),
    milestones: state.milestones.map((m) => ({
      id: m.id,
      dueAt: m.dueAt,
      reachedAt: m.reachedAt,
      acknowledged: m.acknowledgedBy !== null,
      owed: m.owed,
    })),
    notices: state.notices.map((n) => ({
      phase: n.phase,
      kind: n.draft.content.kind,
      completeness: n.draft.content.completeness,
      draftSha256: n.draft.sha256,
      approvedSha256: n.approved?.sha256 ?? null,
      held: n.approved?.hold ?? false,
      deliveries: Object.values(n.deliveries),
    })),
    lists: state.lists,
    messages: state.messages.map((m) => ({
      id: m.id,
      sha256: m.sha256,
      list: m.list,
      approvals: approvalsOf(m),
      needed: APPROVALS_FOR_PEOPLE,
    })),
    mailings: state.mailings.map((m) => ({
      mailing: m.mailing,
      state: m.state,
      count: m.count,
      totals: m.totals && { ...m.totals },
    })),
    waiting: [
      ...(state.exemptionProposal
        ? [
            {
              proposal: state.exemptionProposal.proposal,
              action: 'ExemptDuty',
              by: state.exemptionProposal.by,
              at: state.exemptionProposal.at,
            },
          ]
        : []),
      ...(state.decisionProposal
        ? [
            {
              proposal: state.decisionProposal.proposal,
              action: 'DecideRisk',
              by: state.decisionProposal.by,
              at: state.decisionProposal.at,
            },
          ]
        : []),
      ...(state.awarenessProposal
        ? [
            {
              proposal: state.awarenessProposal.proposal,
              action: 'CorrectAwareness',
              by: state.awarenessProposal.by,
              at: state.awarenessProposal.at,
            },
          ]
        : []),
      ...(state.withdrawalProposal
        ? [
            {
              proposal: state.withdrawalProposal.proposal,
              action: 'Withdraw',
              by: state.withdrawalProposal.by,
              at: state.withdrawalProposal.at,
            },
          ]
        : []),
    ],
    factsKnown: Object.keys(state.facts).length,
    factsMissing: FACT_IDS.filter((id) => state.facts[id] === undefined || state.facts[id]?.certainty === 'pending'),
  };
}
