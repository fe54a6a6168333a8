import type { IncidentSummary } from '../domain/incident/summary-shape.js';
import { pathOf } from '../formats/http/routes.js';
import type { Summary } from './answers.js';
import { CommandEnd, refused } from './exit.js';
import type { Run } from './run.js';

type Task = IncidentSummary['tasks'][number];
type Kind = Task['kind'];

const WORDS: Readonly<Record<Kind, string>> = {
  'reasons-for-delay': 'say why the notice is late (Art. 33(1))',
  'decide-suspicion': 'find out whether it is a breach',
  'decide-risk': 'decide the risk',
  'approve-notice': 'read and approve the notice',
  'file-at-portal': 'file the notice at the portal and record its receipt',
  'verify-mailbox': 'check the mailbox of the authority',
  'record-receipt': 'record the receipt of the authority',
  'tell-people': 'tell the people (Art. 34)',
  'follow-up-notice': 'send the rest to the authority (Art. 33(4)), or say why nothing more is sent',
  'review-break-glass': 'review a break-glass',
  'review-hold': 'review a hold',
  'notice-refused': 'reach the authority another way: it refused the notice',
  'notice-stalled': 'file the notice another way: no mail server takes it',
  'mailing-paused': 'see why the mailing paused, and resume it',
  'review-automatic-notice': 'read what was filed by itself, and send the rest',
  'settle-authority': 'settle whether this authority is told, or say why not',
  other: 'see to it, and say how',
};

/** The refusal to close says ids; a person needs what each one is and the command that ends it. Any other refusal stays as it is. */
export async function withWhatIsOwed(run: Run, id: string, error: unknown): Promise<unknown> {
  if (!(error instanceof CommandEnd) || !stillOwed(error)) return error;
  let summary: Summary;
  try {
    summary = await run.api.get<Summary>(pathOf('incident', { id }));
  } catch {
    return error; // the refusal itself is known, and it stands
  }
  const owed = [
    ...summary.duties.flatMap((duty) =>
      ['open', 'held', 'filed_receipt_pending'].includes(duty.state) && duty.kind !== 'register'
        ? [{ says: `Duty ${duty.id} is ${duty.state.replaceAll('_', ' ')}.`, by: `duty ${id} ${duty.id}` }]
        : [],
    ),
    ...summary.mailings.flatMap(({ mailing, state }) =>
      state === 'completed' ? [] : [{ says: `Mailing ${mailing} is ${state}.`, by: `people ${id} status` }],
    ),
    ...summary.tasks.flatMap((task) =>
      task.doneAt === null
        ? [{ says: `${task.id}${about(task)}: ${WORDS[task.kind]} (${task.roles.join(' or ')}).`, by: endOf(id, task) }]
        : [],
    ),
  ];
  if (owed.length === 0) return error;
  const commands = [...new Set(owed.map(({ by }) => run.withSide(`seventytwo ${by}`)))];
  return refused(
    owed.map(({ says }) => says),
    [...commands, run.withSide(`seventytwo status ${id}   (what comes first)`)],
    error.details,
  );
}

function stillOwed({ details }: CommandEnd): boolean {
  if (details['code'] === 'still-owed') return true;
  const problems =
    (details['problem'] as { problems?: readonly { code?: string }[] } | null | undefined)?.problems ?? [];
  return problems.length > 0 && problems.every(({ code }) => code === 'still-owed');
}

/** An authority, a phase or a person's place in a list; never a sentence. */
const about = ({ kind, about: what }: Task): string =>
  kind === 'review-break-glass' || what === '' ? '' : `, ${what}`;

/** The command that ends it. Where an event ends it, the command that brings the event about. */
function endOf(id: string, { id: task, kind, about: what }: Task): string {
  switch (kind) {
    case 'reasons-for-delay':
      return `facts ${id} notice.reasonsForDelay="…"`;
    case 'decide-suspicion':
      return `aware ${id} INSTANT --reason "…"`;
    case 'decide-risk':
      return `decide ${id} --level LEVEL --because "…"`;
    case 'approve-notice':
      return `notice ${id} approve`;
    case 'verify-mailbox':
      return `authorities verify ${what} --how "…"`;
    case 'file-at-portal':
    case 'record-receipt':
    case 'notice-refused':
    case 'notice-stalled':
      return `notice ${id} receipt --authority ${what} --reference REF --received INSTANT`;
    case 'review-break-glass':
      return `task ${id} ${task} --finding "…"`;
    case 'review-hold':
      return `duty ${id} ${what} release --reason "…"`;
    case 'mailing-paused':
      return `people ${id} resume ${what}`;
    case 'settle-authority':
      return what.includes('-notice/') || what === 'people-message'
        ? `duty ${id} ${what} exempt --rule ${what === 'people-message' ? 'R-240' : what.startsWith('controller') ? 'R-120' : 'R-501'} --reason "…" --proof "…"`
        : `duty ${id} authority-notice/${what} open --reason "…"`;
    case 'tell-people':
    case 'follow-up-notice':
    case 'review-automatic-notice':
    case 'other':
      return `task ${id} ${task} --done --note "…"`;
  }
}
