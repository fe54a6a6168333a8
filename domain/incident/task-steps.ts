import { competent } from '../authorities/competence.js';
import type { Instant } from '../clock/instant.js';
import { partIn } from '../duties/part.js';
import { peopleOwed, unreachedSays } from './people-owed.js';
import type { IncidentState, Task } from './state.js';
import type { NextStep } from './summary-shape.js';
import { IN_DOUBT_TASK, isOverruled } from './taken-back.js';
import { PUBLIC_TASK } from './telling.js';

export type Step = (says: string, roles: readonly string[], command: string, due?: Instant | null) => void;

function otherSays(state: IncidentState, about: string): string {
  if (about.startsWith('unreached/')) {
    const missed = peopleOwed(state).unreached.find(({ task }) => task?.about === about);
    const who = missed ? unreachedSays(missed) : 'Some people were not reached by e-mail';
    return `${who}. Tell them another way: by letter, by telephone, or where no address of theirs is to be had publicly and as effectively (R-430, R-433, R-436). Then say how and when.`;
  }
  if (about.startsWith('tell-controller/'))
    return `Tell ${about.slice('tell-controller/'.length)} (its place in parties.controllers) without undue delay, whatever the risk (Art. 33(2)); then say how and when.`;
  if (about === 'order-after-telling')
    return 'The authority has ordered that people be told, and they were told before: compare what it orders with what they were told, and with whom (Art. 34(4)). Say why that satisfies it, or tell them again and say how and when.';
  if (about.startsWith(IN_DOUBT_TASK))
    return `It is not known whether the withdrawal of the notice reached ${about.slice(IN_DOUBT_TASK.length)}, and the notice stands. Tell the authority so, by telephone or at its portal; then say how and when. If it was filed, or it says that it has it, record its receipt first.`;
  if (about === PUBLIC_TASK)
    return 'Tell people publicly, as effectively as single messages would (Art. 34(3)(c)), then say where and when.';
  return 'A task is open.';
}

/** What a task asks for, each thing with the command that does it. */
export function taskSteps(state: IncidentState, task: Task): NextStep[] {
  const steps: NextStep[] = [];
  taskStep(state, task, (says, roles, command, dueAt = null) =>
    steps.push({ says, roles, command: `seventytwo ${command}`, dueAt }),
  );
  return steps;
}

function taskStep(state: IncidentState, task: Task, step: Step): void {
  const { id } = state;
  const sent = state.notices.filter((n) => !isOverruled(state, n));
  const phase =
    sent.find((n) => Object.values(n.deliveries).some((d) => d.authority === task.about && d.receipt === null))
      ?.phase ??
    sent.at(-1)?.phase ??
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
        `The notice was incomplete; the rest follows (Art. 33(4)). ${task.dueAt === null ? '' : 'The CNIL expects it within 72 hours after the initial notice, if possible, and the reasons when it takes longer (R-221). '}Record what is known since.`,
        task.roles,
        `facts ${id}`,
        task.dueAt,
      );
      return step('Then draft the follow-up.', task.roles, `notice ${id} draft`, task.dueAt);
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
    case 'notice-stalled':
      step(
        `No mail server takes notice ${phase} for ${task.about}; it is tried again by itself, and the operator may set another relay. Do not wait for that: this writes the notice to a file, for the portal of ${task.about}, or to announce it by telephone and hand it over.`,
        task.roles,
        `notice ${id} pdf --authority ${task.about} --phase ${phase}`,
        task.dueAt,
      );
      return step(
        'Filed another way, record the receipt; that ends it, and so does a mail server that takes it.',
        task.roles,
        `notice ${id} receipt --authority ${task.about} --phase ${phase} --reference REF --received INSTANT`,
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
        `Mailing ${task.about} paused itself: ${pausedSays(state, task.about)}. Nobody is lost: mend it, then resume.`,
        task.roles,
        `people ${id} resume ${task.about}`,
      );
    case 'other':
      return step(
        otherSays(state, task.about),
        task.roles,
        `task ${id} ${task.id} --done ${task.about === PUBLIC_TASK ? '--on DATE --means PUBLIC --text "…"' : '--note "…"'}`,
      );
    case 'decide-risk':
      return step('Decide the risk.', task.roles, `decide ${id} --level LEVEL --because "…"`, task.dueAt);
    case 'decide-suspicion':
      return step('Find out whether it is a breach.', task.roles, `aware ${id} INSTANT --reason "…"`);
    case 'approve-notice':
      return step(`Read and approve the notice (${task.about}).`, task.roles, `notice ${id} approve`, task.dueAt);
    case 'tell-people':
      step('Tell the people (Art. 34).', task.roles, `people ${id} status`);
      if (state.mailings.length > 0 || state.policy < 3) return undefined;
      return step(
        'Or, told in another way: say when, how many, how and what.',
        task.roles,
        `task ${id} ${task.id} --done --on DATE --number N --means INDIVIDUAL --text "…"`,
      );
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
  if (duty.kind === 'controller-notice') {
    step(
      `By the facts as they are now you did not hold the data for ${duty.to} (parties.role, parties.controllers). Leaving it out takes two people:`,
      task.roles,
      `duty ${id} ${duty.id} exempt --rule R-120 --reason "…" --proof "…"`,
    );
    return step('Or say why it is told all the same.', task.roles, `task ${id} ${task.id} --done --note "…"`);
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

const PAUSED: Readonly<Record<string, string>> = {
  'relay-refuses': 'the relay refuses us',
  unreachable: 'no relay answers, or none takes mail for now',
  'too-many-refusals': 'too many messages or addresses were refused, so the text or the list may be wrong',
  'outcomes-lost': 'outcomes are missing in the database, and some people may be told twice',
};
const pausedSays = ({ mailings }: IncidentState, about: string): string => {
  const because = mailings.find(({ mailing }) => String(mailing) === about)?.pausedBecause ?? 'not said';
  return PAUSED[because] ?? because;
};
