import type { Instant } from '../../clock/instant.js';
import { type Duty, isOwed } from '../../duties/duty.js';
import { basisOf, LAW, rulesAt } from '../../law/provisions.js';
import { ENGINE, type NewEvent } from '../events.js';
import type { Facts } from '../facts.js';
import type { IncidentState } from '../state.js';
import { openDuty, taskFor } from './drafting.js';

/** The authority may require that the people be told, whatever was decided here (Art. 34(4), R-419). */

const order = (facts: Facts): unknown => facts['order.byAuthority']?.value;
export const isOrdered = (facts: Facts): boolean => order(facts) === 'ORDERED_BY_SA';

/** No decision of one's own lifts what the authority ordered. Before policy 3 only the ground of the duty told. */
export const standsByOrder = (
  { policy, facts }: Pick<IncidentState, 'policy' | 'facts'>,
  { kind, basis }: Duty,
): boolean => basis.rule === 'R-419' || (policy >= 3 && kind === 'people-message' && isOrdered(facts));

/** Opens the duty to tell people, or puts the one that is open on the order's ground. */
export function ordered(state: IncidentState, after: Facts, awareAt: Instant, at: Instant): (NewEvent | null)[] {
  if (!isOrdered(after) || isOrdered(state.facts)) return [];
  const duty = state.duties.find(({ kind }) => kind === 'people-message');
  if (duty && state.policy >= 3 && isOwed(duty)) return [onOrder(duty, awareAt)];
  if (duty && duty.state !== 'exempt' && duty.state !== 'waived') return [];
  return [
    openDuty('people-message', 'people', rulesAt(awareAt), at, null, basisOf(LAW.orderOfAuthority)),
    taskFor(state, 'tell-people', 'people', null),
  ];
}

/** The same duty, as old as it is and held as it is, on another ground. */
const onOrder = (duty: Duty, awareAt: Instant): NewEvent => ({
  type: 'DutyOpened',
  actor: ENGINE,
  data: { duty: { ...duty, basis: basisOf(LAW.orderOfAuthority), rules: rulesAt(awareAt) } },
});
