import { strictDeadline } from '../clock/deadlines.js';
import { HOUR_MS, type Instant, msBetween } from '../clock/instant.js';
import { outlook, withheldSays } from './automatic-filing.js';
import { relies } from './decide/authority-duties.js';
import { openTask } from './decide/drafting.js';
import { isUnreachedTask, peopleOwed } from './people-owed.js';
import { approvalsOf, APPROVALS_FOR_PEOPLE } from './decide/people.js';
import { authorityOwed } from './decide/time.js';
import type { IncidentState, Task } from './state.js';
import { type Step, taskSteps } from './task-steps.js';
import type { NextStep } from './summary-shape.js';
import { isDraftOverruled, isOverruled } from './taken-back.js';

/** As the ladder calls at hour 60: from here on approving comes before everything that would make the notice better. */
const NEAR_HOURS = 12;
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
      state.exemptionProposal.duty === 'people-message'
        ? 'Not telling the people waits for a second person.'
        : `Not telling ${state.exemptionProposal.duty.replace(/^(authority|controller)-notice\//, '')} waits for a second person.`,
      ['dpo', 'approver'],
      `duty ${id} ${state.exemptionProposal.duty} exempt --rule ${state.exemptionProposal.rule} --reason "…" --proof "…" --confirm ${state.exemptionProposal.proposal}`,
    );

  if (state.phase === 'suspected') {
    step(
      'Find out whether personal data are compromised; then confirm when you were reasonably certain.',
      ['dpo', 'responder'],
      `aware ${id} INSTANT --reason "…"`,
    );
    step(
      'No breach after all? Say why; the register keeps it.',
      ['dpo', 'approver'],
      `withdraw ${id} --because not_a_breach --reason "…"`,
    );
  }
  const coming = outlook(state, state.lastAt);
  if (coming && coming.to.length + coming.not.length > 0)
    step(
      `${coming.to.length > 0 ? `Unless a notice is approved before, one is filed by itself to ${coming.to.join(', ')}.` : 'Nothing will be filed by itself.'}${coming.not.length > 0 ? ` Not to ${withheldSays(coming.not)}.` : ''}`,
      ['approver'],
      `notice ${id}`,
      coming.at,
    );
  // What ends the duty comes first: nothing that is missing blocks a notice (Art. 33(4)).
  const near = dueAt !== null && msBetween(state.lastAt, dueAt) <= NEAR_HOURS * HOUR_MS;
  const open = state.tasks.filter((task) => task.doneAt === null);
  if (near) approvalSteps(state, step, dueAt);
  stalledSteps(state, step);
  for (const task of open.filter(({ kind }) => FILES.includes(kind))) steps.push(...taskSteps(state, task));
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
    if (proposed) step(`Triage proposes ${proposed}: read why.`, ['dpo', 'approver'], `assess ${id}`);
    step(
      'Decide the risk.',
      ['dpo', 'approver'],
      `decide ${id} --level ${proposed && proposed !== 'MORE_INFO_NEEDED' ? proposed : 'LEVEL'} --because "…"`,
      dueAt,
    );
  }
  const relied = relies(state.facts)
    ? state.duties.find((d) => d.kind === 'authority-notice' && d.state === 'open')
    : undefined;
  if (relied && state.policy >= 3)
    step(
      `By your arrangement another joint controller tells ${relied.to} for all, and you stay answerable (R-121): with its receipt as the proof two people end this. Without it by the deadline, tell the authority yourself.`,
      ['dpo', 'approver'],
      `duty ${id} ${relied.id} exempt --rule R-121 --reason "…" --proof "…"`,
      relied.dueAt,
    );
  const nowhere = state.duties.find((d) => d.to === 'unsettled' && d.state === 'open');
  if (nowhere)
    step(
      'An authority is to be told, and it is not known which: record in which countries the people live, and in Germany in which Land most of them do (R-505).',
      ['responder', 'dpo', 'approver'],
      `facts ${id} people.countries=… people.mostAffectedLand=…`,
      nowhere.dueAt,
    );
  if (!near) approvalSteps(state, step, dueAt);
  const last = state.notices.findLast((n) => !isDraftOverruled(state, n));
  if (!last && authorityOwed(state) && state.decision)
    step('The engine is drafting the notice; read it in a moment.', ['approver'], `notice ${id} show`, dueAt);
  const said = [...FILES, ...CAN_WAIT, ...SAID_ELSEWHERE];
  for (const task of open.filter(({ kind }) => !said.includes(kind))) steps.push(...taskSteps(state, task));
  peopleSteps(state, step);
  for (const task of open.filter(({ kind }) => CAN_WAIT.includes(kind))) steps.push(...taskSteps(state, task));
  if (state.phase === 'notifying' && steps.length === 0)
    step('Nothing is owed any more.', ['dpo', 'approver'], `close ${id} --reason "…"`);

  const ringing = state.milestones.filter((m) => m.reachedAt !== null && m.owed && m.acknowledgedBy === null);
  if (ringing.length > 0)
    step('Staff were called, and nobody has said "I have it" yet.', ['responder', 'dpo', 'approver'], `ack ${id}`);
  return steps;
}

/** What is owed to the authority later, or by nobody here: telling the people comes first (Art. 34: without undue delay). */
const CAN_WAIT: readonly Task['kind'][] = ['record-receipt', 'follow-up-notice', 'other'];
/** Approved, and not with the authority yet: a person's hand is all that is missing. */
const FILES: readonly Task['kind'][] = ['file-at-portal', 'verify-mailbox', 'notice-refused'];
/** Said with what the case itself shows. */
const SAID_ELSEWHERE: readonly Task['kind'][] = ['decide-risk', 'decide-suspicion', 'approve-notice', 'tell-people'];

function approvalSteps(state: IncidentState, step: Step, dueAt: Instant | null): void {
  const { id } = state;
  const last = state.notices.findLast((n) => !isDraftOverruled(state, n));
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
}

/** People were called because no relay took it for a quarter of an hour. */
function stalledSteps(state: IncidentState, step: Step): void {
  const { id, notices, milestones } = state;
  for (const { phase, deliveries } of notices.filter((n) => !isOverruled(state, n)))
    for (const { authority, state: way } of Object.values(deliveries))
      if (
        (way === 'waiting' || way === 'ambiguous') &&
        milestones.some((m) => m.id === `stalled/${authority}/${phase}`)
      )
        step(
          `No relay takes notice ${phase} for ${authority}; it is tried again by itself. Is the deadline near, tell it another way (telephone, its own form), then record the receipt.`,
          ['dpo', 'responder'],
          `notice ${id} receipt --authority ${authority} --phase ${phase} --reference REF --received INSTANT`,
        );
}

function peopleSteps(state: IncidentState, step: Step): void {
  const { id } = state;
  const duty = state.duties.find((d) => d.kind === 'people-message');
  if (duty?.state !== 'open') return;
  const done = state.mailings.filter((m) => m.state === 'completed');
  const task = openTask(state, 'tell-people');
  if (done.length > 0) {
    const { told, underWay, notMailed } = peopleOwed(state);
    for (const m of underWay) step(`Mailing ${m.mailing} is ${m.state}.`, ['dpo', 'responder'], `people ${id} status`);
    for (const list of underWay.length > 0 ? [] : notMailed)
      step(`Nothing was sent to ${list.id} yet (${list.count} people).`, ['dpo', 'approver'], `people ${id} status`);
    if (task && !state.tasks.some((t) => isUnreachedTask(t) && t.doneAt === null))
      step(
        `${told} people were told, and more are concerned. Import the others, or say why they need not be told (R-404).`,
        task.roles,
        `task ${id} ${task.id} --done --note "…"`,
      );
    return;
  }
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
