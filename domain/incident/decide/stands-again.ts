import type { NewEvent } from '../events.js';
import type { IncidentState } from '../state.js';
import { IN_DOUBT_TASK, takesBack } from '../taken-back.js';
import { doneTasks, taskFor } from './drafting.js';

/** Asked for by a phase, for one authority. */
const ASKED = ['file-at-portal', 'verify-mailbox', 'notice-refused', 'notice-stalled'] as const;

/**
 * It was a breach, or there is a risk: what the authorities were told stands. The phase that would take it back is not written, approved,
 * filed or sent by another way any more; where it may have arrived, a person tells that the notice stands. From policy 3 on.
 */
export function standsAgain(state: IncidentState): NewEvent[] {
  const back = state.notices.filter(takesBack);
  const waiting = back.flatMap(({ deliveries }) => Object.values(deliveries).filter((d) => d.submittedAt === null));
  return [
    ...doneTasks(state, 'follow-up-notice', 'withdraw'),
    ...back
      .filter((n) => n.draft.sha256 !== n.approved?.sha256)
      .flatMap(({ phase }) => doneTasks(state, 'approve-notice', `phase-${phase}`)),
    ...waiting.flatMap(({ authority }) => ASKED.flatMap((kind) => doneTasks(state, kind, authority))),
    ...waiting
      .filter((d) => d.state === 'ambiguous')
      .map(({ authority }) => taskFor(state, 'other', `${IN_DOUBT_TASK}${authority}`, null))
      .filter((event) => event !== null),
  ];
}
