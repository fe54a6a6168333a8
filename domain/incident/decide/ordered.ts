import { strictDeadline } from '../../clock/deadlines.js';
import type { Instant } from '../../clock/instant.js';
import { type Duty, isOwed } from '../../duties/duty.js';
import type { Basis } from '../../law/basis.js';
import { basisOf, LAW, rulesAt } from '../../law/provisions.js';
import { ENGINE, type NewEvent } from '../events.js';
import type { Facts } from '../facts.js';
import type { IncidentState } from '../state.js';
import { openDuty, peopleGround, taskFor } from './drafting.js';

/** The authority may require that the people be told, or find that they need not be, whatever was decided here (Art. 34(4), R-419). */

const order = (facts: Facts): unknown => facts['order.byAuthority']?.value;
export const isOrdered = (facts: Facts): boolean => order(facts) === 'ORDERED_BY_SA';
/** The authority's other word, or that there is none; a fact that is not known ends no order. */
const isFree = (facts: Facts): boolean => order(facts) === 'NONE' || order(facts) === 'SA_CONFIRMED_EXEMPT';
const people = ({ duties }: Pick<IncidentState, 'duties'>) => duties.find(({ kind }) => kind === 'people-message');

/** No decision of one's own lifts what the authority ordered. Before policy 3 only the ground of the duty told, and it never ended. */
export function standsByOrder(
  { policy, facts }: Pick<IncidentState, 'policy' | 'facts'>,
  { kind, basis }: Duty,
): boolean {
  if (policy < 3) return basis.rule === 'R-419';
  return kind === 'people-message' && (isOrdered(facts) || (basis.rule === 'R-419' && !isFree(facts)));
}

/** The authority has found an exemption met, and has not taken that back: one's own decision about the risk does not outweigh it. */
export const isFoundExempt = ({ policy, facts }: Pick<IncidentState, 'policy' | 'facts'>, duty: Duty): boolean =>
  policy >= 3 && duty.state === 'exempt' && duty.dischargedBy === 'R-419' && order(facts) === 'SA_CONFIRMED_EXEMPT';

/** From awareness on, where the order was there before; from policy 3 on. */
export const orderedBefore = (
  known: Pick<IncidentState, 'policy' | 'duties' | 'tasks'>,
  facts: Facts,
  awareAt: Instant,
  at: Instant,
): (NewEvent | null)[] => (known.policy >= 3 && isOrdered(facts) ? owed(known, awareAt, at) : []);

/** The people were told before the authority ordered it: whether that is what it orders, in content and circle, a person finds (Art. 34(4)). */
export const ORDER_TASK = 'order-after-telling';
const isDischarged = ({ state }: Duty): boolean => state === 'discharged' || state === 'discharged_late';

/** What an order does that is recorded now, and what is left of one that turns out to be none. */
export function ordered(state: IncidentState, after: Facts, awareAt: Instant, at: Instant): (NewEvent | null)[] {
  const duty = people(state);
  if (isOrdered(after) && !isOrdered(state.facts) && state.policy >= 3 && duty && isDischarged(duty))
    return [taskFor(state, 'other', ORDER_TASK, null)];
  if (isOrdered(after)) return isOrdered(state.facts) && state.policy < 3 ? [] : owed(state, awareAt, at);
  const ended = state.policy >= 3 && duty && isOwed(duty) && duty.basis.rule === 'R-419' && isFree(after);
  if (!ended || isFree(state.facts)) return [];
  return state.decision?.level === 'HIGH_RISK'
    ? [on(duty, peopleGround(state, after) ?? basisOf(LAW.tellPeople), awareAt)]
    : [taskFor(state, 'decide-risk', 'risk', strictDeadline(awareAt))]; // nothing is dropped by itself: people decide
}

/** Opens the duty to tell people, or puts the one that is open on the order's ground. */
function owed(
  known: Pick<IncidentState, 'policy' | 'duties' | 'tasks'>,
  awareAt: Instant,
  at: Instant,
): (NewEvent | null)[] {
  const duty = people(known);
  const ground = basisOf(LAW.orderOfAuthority);
  if (duty && isOwed(duty))
    return known.policy >= 3 && duty.basis.rule !== ground.rule ? [on(duty, ground, awareAt)] : [];
  if (duty && duty.state !== 'exempt' && duty.state !== 'waived') return [];
  return [
    openDuty('people-message', 'people', rulesAt(awareAt), at, null, ground),
    taskFor(known, 'tell-people', 'people', null),
  ];
}

/** The same duty, as old as it is and held as it is, on another ground. */
const on = (duty: Duty, { rule, cite }: Basis, awareAt: Instant): NewEvent => ({
  type: 'DutyOpened',
  actor: ENGINE,
  data: { duty: { ...duty, basis: { rule, cite }, rules: rulesAt(awareAt) } },
});
