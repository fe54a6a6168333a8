import { strictDeadline } from '../clock/deadlines.js';
import type { Instant } from '../clock/instant.js';
import { outlook, withheldSays } from './automatic-filing.js';
import { competent } from '../authorities/competence.js';
import { partIn } from '../duties/part.js';
import { relies } from './decide/authority-duties.js';
import { openTask } from './decide/drafting.js';
import { approvalsOf, APPROVALS_FOR_PEOPLE } from './decide/people.js';
import { authorityOwed } from './decide/time.js';
import type { IncidentState, Task } from './state.js';
import type { NextStep } from './summary-shape.js';

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
        : `Not telling ${state.exemptionProposal.duty.replace('authority-notice/', '')} waits for a second person.`,
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
  const open = state.tasks.filter((task) => task.doneAt === null);
  for (const task of open.filter(({ kind }) => !CAN_WAIT.includes(kind))) taskStep(state, task, step);
  peopleSteps(state, step);
  for (const task of open.filter(({ kind }) => CAN_WAIT.includes(kind))) taskStep(state, task, step);
  if (state.phase === 'notifying' && steps.length === 0)
    step('Nothing is owed any more.', ['dpo', 'approver'], `close ${id} --reason "…"`);

  const ringing = state.milestones.filter((m) => m.reachedAt !== null && m.owed && m.acknowledgedBy === null);
  if (ringing.length > 0)
    step('Staff were called, and nobody has said "I have it" yet.', ['responder', 'dpo', 'approver'], `ack ${id}`);
  return steps;
}

/** What is owed to the authority later, or by nobody here: telling the people comes first (Art. 34: without undue delay). */
const CAN_WAIT: readonly Task['kind'][] = ['record-receipt', 'follow-up-notice', 'other'];

type Step = (says: string, roles: readonly string[], command: string, due?: Instant | null) => void;

function otherSays(about: string): string {
  if (about.startsWith('unreached/'))
    return 'Some people were not reached by e-mail: tell them another way (R-433), then say how.';
  if (about.startsWith('tell-controller/'))
    return `Tell ${about.slice('tell-controller/'.length)} (its place in parties.controllers) without undue delay, whatever the risk (Art. 33(2)); then say how and when.`;
  if (about === 'public-communication')
    return 'Tell people publicly, as effectively as single messages would (Art. 34(3)(c)), then say where and when.';
  return 'A task is open.';
}

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
        `The deadline has passed: say why (Art. 33(1)). It goes into the notice. The course of events from the record, to begin with: seventytwo notice ${id} show`,
        task.roles,
        `facts ${id} notice.reasonsForDelay="…"`,
      );
    case 'file-at-portal':
      step(
        `File notice ${phase} at the portal of ${task.about}: this writes it to a file.`,
        task.roles,
        `notice ${id} pdf --authority ${task.about} --phase ${phase}`,
        task.dueAt,
      );
      return step(
        'Then record the receipt of the portal.',
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
      if (task.about === 'withdraw')
        return step(
          'Tell the authority that it was no breach (R-223).',
          task.roles,
          `notice ${id} draft --withdraw "…"`,
        );
      step(
        'The notice was incomplete; the rest follows (Art. 33(4)). Record what is known since.',
        task.roles,
        `facts ${id}`,
      );
      return step('Then draft the follow-up.', task.roles, `notice ${id} draft`);
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
    case 'review-automatic-notice':
      return step(
        `Notice ${task.about.replace('phase-', '')} was filed by itself, and nobody has read it. Read it, then send what is missing as the next phase.`,
        task.roles,
        `notice ${id} show`,
      );
    case 'settle-authority':
      return settleSteps(state, task, step);
    case 'mailing-paused':
      return step(
        `Mailing ${task.about} paused itself. See why, then resume.`,
        task.roles,
        `people ${id} resume ${task.about}`,
      );
    case 'other':
      return step(otherSays(task.about), task.roles, `task ${id} ${task.id} --done --note "…"`);
    case 'decide-risk':
    case 'decide-suspicion':
    case 'approve-notice':
    case 'tell-people':
      return undefined; // said above, or below
  }
}

/** The list is told, for it is a person's decision; where the rules say otherwise a person looks again (docs/decisions/0022). */
function settleSteps({ id, duties, setting, facts }: IncidentState, task: Task, step: Step): void {
  const duty = duties.find((d) => d.id === task.about);
  if (!duty) {
    const { organisation } = setting;
    const why = competent({ organisation, facts }).authorities.find((one) => one.id === task.about);
    step(
      `By the rules ${task.about} is to be told${why ? `: ${why.why} (${why.basis.cite})` : ''}. It is not on your list, so nothing goes there yet. Tell it:`,
      task.roles,
      `duty ${id} authority-notice/${task.about} open --reason "…"`,
      task.dueAt,
    );
    return step('Or say why it is not told.', task.roles, `task ${id} ${task.id} --done --note "…"`, task.dueAt);
  }
  const alone = !partIn(setting.organisation, facts).controller;
  step(
    alone
      ? `You hold these data for others alone (parties.role): then ${duty.id} is not yours. Leaving it out takes two people:`
      : `By the rules ${duty.to} is not competent any more. It is told as long as nobody leaves it out, which takes two people:`,
    task.roles,
    `duty ${id} ${duty.id} exempt --rule ${alone ? 'R-240' : 'R-501'} --reason "…" --proof "…"`,
    task.dueAt,
  );
  return step('Or say why it is told all the same.', task.roles, `task ${id} ${task.id} --done --note "…"`, task.dueAt);
}

function peopleSteps(state: IncidentState, step: Step): void {
  const { id } = state;
  const duty = state.duties.find((d) => d.kind === 'people-message');
  if (duty?.state !== 'open') return;
  const done = state.mailings.filter((m) => m.state === 'completed');
  const task = openTask(state, 'tell-people');
  if (done.length > 0) {
    const told = done.reduce((sum, m) => sum + (m.totals?.accepted ?? 0), 0);
    if (task && !openTask(state, 'other'))
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
