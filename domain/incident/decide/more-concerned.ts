import { rulesAt } from '../../law/provisions.js';
import type { Instant } from '../../clock/instant.js';
import type { NewEvent } from '../events.js';
import type { Facts } from '../facts.js';
import { hasGrown } from '../people-told.js';
import type { IncidentState } from '../state.js';
import { openDuty, peopleGround, taskFor } from './drafting.js';
import { isOrdered } from './ordered.js';

/**
 * More are concerned than when the people were told, or data of another kind: whoever has not heard it is still owed word, and what was said was
 * not all (Art. 34(1), (2); R-207). The duty is open again, as long as a high risk is decided or the authority orders it; from policy 3 on.
 */
export function moreConcerned(state: IncidentState, after: Facts, at: Instant): (NewEvent | null)[] {
  const owed = state.decision?.level === 'HIGH_RISK' || isOrdered(after);
  return owed && hasGrown(state, after) ? owePeople(state, after, at) : [];
}

export const owePeople = (state: IncidentState, facts: Facts, at: Instant): (NewEvent | null)[] => [
  openDuty(
    'people-message',
    'people',
    rulesAt(state.awareness.awareAt?.at ?? at),
    at,
    null,
    peopleGround(state, facts),
  ),
  taskFor(state, 'tell-people', 'people', null),
];
