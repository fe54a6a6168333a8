import { strictDeadline } from '../../clock/deadlines.js';
import type { Instant } from '../../clock/instant.js';
import type { Duty } from '../../duties/duty.js';
import { rulesAt } from '../../law/provisions.js';
import type { NewEvent } from '../events.js';
import { isOrdered } from './ordered.js';
import { type Draft, openDuty, registerGround, taskFor } from './drafting.js';
import { PUBLIC_TASK } from '../telling.js';
import { CONTROLLER_TASK, owesControllers } from './law-duties.js';
import { standsAgain } from './stands-again.js';

/** Lifted because the incident was taken for none, or for another: that ends with its reopening. */
const byWithdrawal = ({ state, dischargedBy }: Duty): boolean =>
  state === 'exempt' && (dischargedBy === 'R-102' || dischargedBy === 'R-232');

/** What was lifted is owed again when what lifted it no longer holds; and the register with it. */
export function revived(draft: Draft): NewEvent[] {
  const { state, at } = draft;
  const awareAt = state.awareness.awareAt?.at;
  const authorities = awareAt ? state.duties.filter((d) => d.kind === 'authority-notice' && d.state === 'exempt') : [];
  const high = state.decision?.level === 'HIGH_RISK';
  return [
    ...(state.policy >= 3
      ? authorities
          .filter((d) => d.dueAt !== null || high) // Switzerland hears of a high risk only
          .map((d) => asItWas(d, rulesAt(awareAt ?? at), at, awareAt ?? at))
      : authorities.map((d) => openDuty(d.kind, d.to, rulesAt(awareAt ?? at), at, strictDeadline(awareAt ?? at)))),
    ...(state.policy >= 3 ? othersToTell(draft) : []),
    openDuty('register', 'register', rulesAt(awareAt ?? at), at, null, registerGround(state, state.facts)),
  ];
}

/** Controllers and people that the withdrawal had left untold. From policy 3 on. */
function othersToTell({ state, at }: Draft): NewEvent[] {
  const awareAt = state.awareness.awareAt?.at ?? at;
  const rules = rulesAt(awareAt);
  const back = state.duties.filter(byWithdrawal);
  const tells = (duty: Duty): boolean =>
    duty.kind === 'people-message' && (state.decision?.level === 'HIGH_RISK' || isOrdered(state.facts));
  // Its exemption stands, and the public communication that it asks for was never made.
  const publicly =
    state.duties.some((d) => d.kind === 'people-message' && d.dischargedBy === 'R-417') &&
    state.tasks.findLast((t) => t.about === PUBLIC_TASK)?.doneBy === 'engine';
  return [
    ...back
      .filter(({ kind }) => kind === 'controller-notice')
      .flatMap((d) => [asItWas(d, rules, at, awareAt), taskFor(state, 'other', `${CONTROLLER_TASK}${d.to}`, null)]),
    ...back
      .filter(tells)
      .flatMap((d) => [asItWas(d, rules, at, awareAt), taskFor(state, 'tell-people', 'people', null)]),
    publicly ? taskFor(state, 'other', PUBLIC_TASK, null) : null,
    ...standsAgain(state),
  ].filter((event) => event !== null);
}

/** A processor does not assess: from policy 3 on nobody asks it to when a case opens again. */
export const assessesAgain = ({ state }: Draft, facts = state.facts): boolean =>
  state.policy < 3 || !owesControllers(state.policy, state.setting, facts);

/** The duty opened again on the ground that it had, due by awareness where it has an hour. */
export function asItWas(duty: Duty, rules: string, at: Instant, awareAt: Instant): NewEvent {
  const { kind, to, basis, dueAt, asSoonAs } = duty;
  const opened = openDuty(kind, to, rules, at, dueAt === null ? null : strictDeadline(awareAt), basis);
  return opened.type === 'DutyOpened' ? { ...opened, data: { duty: { ...opened.data.duty, asSoonAs } } } : opened;
}
