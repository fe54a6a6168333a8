import type { Facts } from '../incident/facts.js';
import type { Organisation } from '../incident/organisation.js';

/** In what part the organisation holds the data of this breach. It may be both: its own data, and those of its customers. */
export interface Part {
  readonly controller: boolean;
  readonly processor: boolean;
}

/**
 * The part is one of the processing and not of the organisation (Art. 4(7), (8)): what the facts say of this breach comes before what was described
 * in advance. Naming controllers for whom the data were held says that one was their processor; it does not end one's own part.
 */
export function partIn({ role }: Pick<Organisation, 'role'>, facts: Facts): Part {
  const said = facts['parties.role']?.value;
  if (said === 'CONTROLLER' || said === 'PROCESSOR' || said === 'BOTH')
    return { controller: said !== 'PROCESSOR', processor: said !== 'CONTROLLER' };
  const named = facts['parties.controllers']?.value;
  return {
    controller: role === 'controller',
    processor: role === 'processor' || (Array.isArray(named) && named.length > 0),
  };
}
