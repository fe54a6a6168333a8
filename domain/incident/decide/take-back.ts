import { isOwed } from '../../duties/duty.js';
import { rulesAt } from '../../law/provisions.js';
import { ENGINE, type NewEvent } from '../events.js';
import type { Refusal } from '../refusals.js';
import type { NoticePhase } from '../state.js';
import { mayTakeBack, takenBackUpTo } from '../taken-back.js';
import type { Draft } from './drafting.js';
import { asItWas } from './revived.js';

/** What is no breach, or no risk, is taken back; what people are at risk from is not (R-223, R-224): from policy 3 on. */
export const refuseTakingBack = (state: Draft['state']): Refusal[] =>
  state.policy < 3 || mayTakeBack(state)
    ? []
    : [
        {
          code: 'contradiction',
          paths: ['withdraw', 'decision.level'],
          says: `a notice is taken back when the incident is withdrawn or two people have decided that a risk is unlikely (R-223, R-224); ${state.decision === null ? 'nothing is decided' : `decided is ${state.decision.level}`}${state.duties.some((d) => d.kind === 'authority-notice' && isOwed(d)) ? ', and a notice is owed' : ''}. What turned out otherwise goes into the next notice`,
        },
      ];

/** The draft that is to go out would take back what must stand. */
export const refuseSending = (
  state: Draft['state'],
  { content }: { readonly content: NoticePhase['draft']['content'] },
) => (content.completeness === 'WITHDRAW' ? refuseTakingBack(state) : []);

/**
 * Whoever is told that it was none counts as not told, should it be one after all: the duty is lifted, and comes back as others do (R-223).
 * Where it was decided anew while that notice was on its way, it is back at once.
 */
export function takenBack(
  { state, at }: Draft,
  authority: string,
  content: NoticePhase['draft']['content'] | undefined,
): NewEvent[] {
  if (state.policy < 3 || content?.completeness !== 'WITHDRAW') return [];
  const awareAt = state.awareness.awareAt?.at ?? at;
  return state.duties
    .filter((d) => d.kind === 'authority-notice' && d.to === authority && !isOwed(d))
    .filter((d) => d.state !== 'exempt' && d.state !== 'waived')
    .map((d) =>
      mayTakeBack(state)
        ? {
            type: 'DutyExempted',
            actor: ENGINE,
            data: { duty: d.id, reason: `taken back by notice ${content.phase}`, rule: 'R-223', proof: null },
          }
        : asItWas(d, rulesAt(awareAt), at, awareAt),
    );
}

/** The one that settles the duty. From policy 3 on what was taken back settles nothing, nor does what takes it back. */
export function firstPhaseFor(state: Draft['state'], authority: string): number | undefined {
  const first = (notices: Draft['state']['notices']) =>
    notices.find((n) => n.deliveries[authority] !== undefined)?.phase;
  if (state.policy < 3) return first(state.notices);
  const upTo = takenBackUpTo(state, authority);
  return first(state.notices.filter((n) => n.phase > upTo && n.approved?.content.completeness !== 'WITHDRAW'));
}
