import type { NewEvent } from '../events.js';
import type { IncidentState } from '../state.js';
import { IN_DOUBT_TASK, mayHaveArrived, takesBack, withdraws } from '../taken-back.js';
import { doneTasks, taskFor } from './drafting.js';

/** Asked for by a phase, for one authority. */
const ASKED = ['file-at-portal', 'verify-mailbox', 'notice-refused', 'notice-stalled'] as const;

/**
 * It was a breach, or there is a risk: what the authorities were told stands. The phase that would take it back is not written, approved,
 * filed or sent another way any more; where it may have arrived, a person tells that the notice stands. From policy 3 on.
 */
export function standsAgain(state: IncidentState): NewEvent[] {
  const back = state.notices.filter((notice) => withdraws(notice) || takesBack(notice));
  return [
    ...doneTasks(state, 'follow-up-notice', 'withdraw'),
    ...back.flatMap((notice) => {
      const waiting = Object.values(notice.deliveries).filter((d) => d.submittedAt === null);
      return [
        ...doneTasks(state, 'approve-notice', `phase-${notice.phase}`),
        ...waiting.flatMap(({ authority }) => ASKED.flatMap((kind) => doneTasks(state, kind, authority))),
        ...waiting.filter(mayHaveArrived).flatMap(({ authority }) => inDoubt(state, authority)),
      ];
    }),
  ];
}

/** A task to tell this authority that its notice stands. */
export const inDoubt = (state: IncidentState, authority: string): NewEvent[] => {
  const task = taskFor(state, 'other', `${IN_DOUBT_TASK}${authority}`, null);
  return task === null ? [] : [task];
};
