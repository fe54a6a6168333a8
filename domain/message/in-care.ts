import type { Facts } from '../incident/facts.js';

/** Groups for whom somebody else may have to be told. */
export const IN_CARE: readonly string[] = ['MINORS', 'VULNERABLE'];

/** No fixed rule of the Union says who gets the message; nobody but a person can see whose addresses a list holds. */
export function whoReadsForThem(facts: Facts): string[] {
  const groups = facts['people.categories']?.value;
  const found = Array.isArray(groups) ? IN_CARE.filter((code) => (groups as readonly string[]).includes(code)) : [];
  return found.length === 0
    ? []
    : [
        `people.categories names ${found.join(' and ')}: does the list hold the addresses of parents or guardians where they must be told in place of the person (R-438)? If it does not, put these in; the message has a sentence for them.`,
      ];
}
