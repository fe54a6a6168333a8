import type { Count, FactId, FactValue } from './facts.js';
import { EEA } from './lists.js';

export interface Contradiction {
  readonly paths: readonly FactId[];
  readonly says: string;
}
type Values = Readonly<Partial<Record<FactId, { readonly value: FactValue | null }>>>;

const isEea = (country: string): boolean => (EEA as readonly string[]).includes(country);

/**
 * What cannot all be true, looked for where facts come in and when they are weighed. `decide` does not ask: an incident that was recorded
 * with one of these goes on, and its assessment names it. Echoes only numbers, codes and ids.
 */
export function furtherContradictions(facts: Values): Contradiction[] {
  const is = (id: FactId, ...values: readonly FactValue[]): boolean =>
    values.some((value) => facts[id]?.value === value);
  const list = (id: FactId): readonly string[] => (facts[id]?.value ?? []) as readonly string[];
  const count = (id: FactId): Count | null => (facts[id]?.value ?? null) as Count | null;
  const found: Contradiction[] = [];
  const clash = (says: string, ...paths: readonly FactId[]) => found.push({ paths, says });

  const people = count('people.count');
  if (people?.max === 0 && list('harm.types').some((harm) => harm !== 'TBD'))
    clash('nobody is concerned, and yet somebody is harmed', 'people.count', 'harm.types');
  if (people?.max === 0 && is('availability.effectOnPeople', true))
    clash('nobody is concerned, and yet people suffered', 'people.count', 'availability.effectOnPeople');
  for (const part of ['people.mailboxOwners', 'people.phishingRecipients', 'people.inMailbox'] as const) {
    const { min } = count(part) ?? { min: 0 };
    if (people && min > people.max)
      clash(`at least ${min} of them, and there are ${people.max} people at the most in all`, 'people.count', part);
  }
  if (is('availability.outcome', 'TEMPORARY') && is('availability.recovery', 'NOT_POSSIBLE'))
    clash('what is out of reach for a time only can be brought back', 'availability.outcome', 'availability.recovery');
  if (is('data.unintelligible', 'PROTECTION_INTACT') && is('protection.keySafe', false))
    clash('protection is not intact when its key was taken', 'data.unintelligible', 'protection.keySafe');
  if (is('communication.exemption', 'A_PROTECTION_APPLIED') && is('data.unintelligible', 'NO'))
    clash(
      'data that can be read are not exempt as unintelligible ones (Art. 34(3)(a))',
      'data.unintelligible',
      'communication.exemption',
    );

  const lead = list('crossBorder.leadCountry');
  const outside = lead.filter((country) => !isEea(country));
  if (outside.length > 0)
    clash(
      `${outside.join(', ')} is no state of the EEA: its authority cannot lead, it is told beside the one that does (R-508, R-509)`,
      'crossBorder.leadCountry',
    );
  if (lead.length > 1) clash(`${lead.length} states cannot lead, only one can (R-502)`, 'crossBorder.leadCountry');
  const establishments = list('crossBorder.establishments');
  const elsewhere = lead.filter((country) => isEea(country) && !establishments.includes(country));
  if (establishments.length > 0 && elsewhere.length > 0)
    clash(
      `${elsewhere.join(', ')} leads, and there is no establishment there (R-502, R-504)`,
      'crossBorder.leadCountry',
      'crossBorder.establishments',
    );
  return found;
}
