import { type OffsetMs, statutoryDeadline, strictDeadline } from '../clock/deadlines.js';
import { HOUR_MS, type Instant, isAfter, msBetween } from '../clock/instant.js';
import { approvalsOf, APPROVALS_FOR_PEOPLE } from './decide/people.js';
import { openTask } from './decide/drafting.js';
import { authorityOwed } from './decide/time.js';
import { FACT_IDS } from './facts.js';
import type { IncidentState, Task } from './state.js';
import type { IncidentSummary, NextStep } from './summary-shape.js';

/** What is shown of an incident at an instant of act time. `offsetMs` is only for the statutory reading (R-313). */
export function summarise(state: IncidentState, now: Instant, offsetMs: OffsetMs): IncidentSummary {
  const { awareAt, firstHintAt, firstEmployeeKnowledgeAt } = state.awareness;
  const zone = state.setting.authorities[0]?.zone ?? state.setting.organisation.zone;
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
      from && strict
        ? {
            strict,
            statutory: statutoryDeadline(from, offsetMs, zone),
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

const ENOUGH_TO_TRIAGE = ['breach.nature', 'data.categories', 'people.count'] as const;

/** What to do now, the most pressing first, each with the command that does it. */
export function nextSteps(state: IncidentState): NextStep[] {
  const { id } = state;
  const dueAt = state.awareness.awareAt ? strictDeadline(state.awareness.awareAt.at) : null;
  const steps: NextStep[] = [];
  const step = (says: string, roles: readonly string[], command: string, due: Instant | null = null): void => {
    steps.push({ says, roles, command: `seventytwo ${command}`, dueAt: due });
  };
  if (state.phase === 'closed') return steps;

  if (state.decisionProposal)
    step(
      'A decision not to notify waits for a second person.',
      ['dpo', 'approver'],
      `decide ${id} --level ${state.decisionProposal.level} --because "…" --confirm ${state.decisionProposal.proposal}`,
      dueAt,
    );
  if (state.awarenessProposal)
    step(
      'A later awareness waits for a second person.',
      ['dpo', 'approver'],
      `aware ${id} ${state.awarenessProposal.finding.at} --correct --reason "…" --confirm ${state.awarenessProposal.proposal}`,
      dueAt,
    );
  if (state.withdrawalProposal)
    step(
      'A withdrawal waits for a second person.',
      ['dpo', 'approver'],
      `withdraw ${id} --because ${state.withdrawalProposal.because}${state.withdrawalProposal.duplicateOf ? ` --of ${state.withdrawalProposal.duplicateOf}` : ''} --reason "…" --confirm ${state.withdrawalProposal.proposal}`,
      dueAt,
    );

  if (state.exemptionProposal)
    step(
      'Not telling the people waits for a second person.',
      ['dpo', 'approver'],
      `duty ${id} ${state.exemptionProposal.duty} exempt --rule ${state.exemptionProposal.rule} --reason "…" --proof "…" --confirm ${state.exemptionProposal.proposal}`,
    );

  if (state.phase === 'suspected') {
    step(
      'Find out whether personal data are compromised; then confirm when you were reasonably certain, or withdraw.',
      ['dpo', 'responder'],
      `aware ${id} INSTANT --reason "…"`,
    );
  }
  const unknown = ENOUGH_TO_TRIAGE.filter((fact) => state.facts[fact] === undefined);
  if (state.phase !== 'withdrawn' && unknown.length > 0) {
    step(
      `Record what is known: ${unknown.join(', ')} are still open.`,
      ['responder', 'dpo', 'approver'],
      `facts ${id}`,
    );
  }
  if (
    state.phase !== 'suspected' &&
    state.phase !== 'withdrawn' &&
    !state.decisionProposal &&
    state.tasks.some((t) => t.kind === 'decide-risk' && !t.doneAt)
  ) {
    const proposed = state.proposal?.assessment.level;
    step(
      proposed ? `Decide the risk: triage proposes ${proposed}. Read why: seventytwo assess ${id}` : 'Decide the risk.',
      ['dpo', 'approver'],
      `decide ${id} --level ${proposed && proposed !== 'MORE_INFO_NEEDED' ? proposed : 'LEVEL'} --because "…"`,
      dueAt,
    );
  }
  const last = state.notices.at(-1);
  if (last && last.draft.sha256 !== last.approved?.sha256 && openTask(state, 'approve-notice'))
    step(
      `Read and approve notice ${last.phase} (${last.draft.content.completeness}).`,
      ['approver'],
      `notice ${id} approve`,
      dueAt,
    );
  if (last?.approved?.hold)
    step(
      `Notice ${last.phase} is approved and on hold: nothing is sent until you release it.`,
      ['approver'],
      `notice ${id} release`,
      dueAt,
    );
  if (!last && authorityOwed(state) && state.decision)
    step('The engine is drafting the notice; read it in a moment.', ['approver'], `notice ${id} show`, dueAt);
  for (const task of state.tasks.filter((t) => t.doneAt === null)) taskStep(state, task, step);
  peopleSteps(state, step);
  if (state.phase === 'notifying' && steps.length === 0)
    step('Nothing is owed any more.', ['dpo', 'approver'], `close ${id} --reason "…"`);
  return steps;
}

type Step = (says: string, roles: readonly string[], command: string, due?: Instant | null) => void;

function taskStep(state: IncidentState, task: Task, step: Step): void {
  const { id } = state;
  const phase =
    state.notices.find((n) => Object.values(n.deliveries).some((d) => d.authority === task.about && d.receipt === null))
      ?.phase ??
    state.notices.at(-1)?.phase ??
    1;
  switch (task.kind) {
    case 'reasons-for-delay':
      return step(
        'The deadline has passed: say why (Art. 33(1)). It goes into the notice.',
        task.roles,
        `facts ${id} notice.reasonsForDelay="…"`,
      );
    case 'file-at-portal':
      return step(
        `File notice ${phase} at the portal of ${task.about} (seventytwo notice ${id} pdf), then record its receipt.`,
        task.roles,
        `notice ${id} receipt --authority ${task.about} --phase ${phase} --reference REF --received INSTANT`,
        task.dueAt,
      );
    case 'record-receipt':
      return step(
        `Notice ${phase} is with ${task.about}. Record its receipt when it comes.`,
        task.roles,
        `notice ${id} receipt --authority ${task.about} --phase ${phase} --reference REF --received INSTANT`,
      );
    case 'verify-mailbox':
      return step(
        `Nobody has verified the mailbox of ${task.about}, so nothing was sent there. Check it, then release.`,
        task.roles,
        `authorities verify ${task.about} --how "…" && seventytwo notice ${id} release`,
        task.dueAt,
      );
    case 'follow-up-notice':
      return step(
        task.about === 'withdraw'
          ? 'Tell the authority that it was no breach (R-223).'
          : 'The notice was incomplete: the rest follows (Art. 33(4)). Record the missing facts, then draft.',
        task.roles,
        task.about === 'withdraw' ? `notice ${id} draft --withdraw "…"` : `notice ${id} draft`,
      );
    case 'review-break-glass':
      return step(
        'Break-glass was used; somebody else reviews it.',
        task.roles,
        `task ${id} ${task.id} --finding "…"`,
        task.dueAt,
      );
    case 'review-hold':
      return step(
        'The hold on telling people is due for review.',
        task.roles,
        `duty ${id} ${task.about} release --reason "…"`,
        task.dueAt,
      );
    case 'notice-refused':
      return step(
        `${task.about} refused the notice. Reach it another way (telephone, portal), then record the receipt.`,
        task.roles,
        `notice ${id} receipt --authority ${task.about} --phase ${phase} --reference REF --received INSTANT`,
      );
    case 'mailing-paused':
      return step(
        `Mailing ${task.about} paused itself. See why, then resume.`,
        task.roles,
        `people ${id} resume ${task.about}`,
      );
    case 'other':
      return step(
        task.about.startsWith('unreached/')
          ? 'Some people were not reached by e-mail: tell them another way (R-433), then say how.'
          : 'A task is open.',
        task.roles,
        `task ${id} ${task.id} --done --note "…"`,
      );
    case 'decide-risk':
    case 'decide-suspicion':
    case 'approve-notice':
    case 'tell-people':
      return undefined; // said above, or below
  }
}

function peopleSteps(state: IncidentState, step: Step): void {
  const { id } = state;
  const duty = state.duties.find((d) => d.kind === 'people-message');
  if (duty?.state !== 'open' || state.mailings.some((m) => m.state === 'completed')) return;
  const list = state.lists.at(-1);
  const message = state.messages.at(-1);
  const mailing = state.mailings.at(-1);
  if (mailing)
    return step(`Mailing ${mailing.mailing} is ${mailing.state}.`, ['dpo', 'responder'], `people ${id} status`);
  if (!list)
    return step(
      'People at high risk must be told without undue delay (Art. 34). Import who they are.',
      ['responder', 'dpo'],
      `people ${id} import FILE.csv`,
    );
  if (!message)
    return step(
      `The list is frozen (${list.count} people). Read the message, then approve it: it takes two people.`,
      ['dpo', 'approver'],
      `people ${id} approve`,
    );
  if (approvalsOf(message) < APPROVALS_FOR_PEOPLE)
    return step(
      'The message has its first approval. A second person approves it.',
      ['dpo', 'approver'],
      `people ${id} approve`,
    );
  return step('The message is approved by two. Start sending.', ['dpo', 'approver'], `people ${id} start`);
}
