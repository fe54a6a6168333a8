import type { Facts } from '../incident/facts.js';

/** A controller by its place in `parties.controllers`: the name stays in the facts, an id holds none. */
export const controllerId = (place: number): string => `controller-${place}`;

/**
 * Whom a processor tells (Art. 33(2), R-240, R-243): each controller that is named, and the one there must be while none is. Append to the list
 * and never reorder it: a duty that is settled belongs to its place.
 */
export function controllersTold(facts: Facts): readonly string[] {
  const named = facts['parties.controllers']?.value;
  const count = Array.isArray(named) ? Math.max(1, named.length) : 1;
  return Array.from({ length: count }, (_, index) => controllerId(index + 1));
}
