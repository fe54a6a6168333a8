import type { Count, FactId, FactValue } from './facts.js';
import { EEA } from './lists.js';
import type { RiskLevel } from '../risk/levels.js';
import type { Refusal } from './refusals.js';

export interface Contradiction {
  readonly paths: readonly FactId[];
  readonly says: string;
  /** What to do, where "correct one of them" is not all there is to say. */
  readonly mend?: string;
}
type Values = Readonly<Partial<Record<FactId, { readonly value: FactValue | null }>>>;

const isEea = (country: string): boolean => (EEA as readonly string[]).includes(country);

/** What R-414 asks of the protection, said for the case that it is not so. */
const PROTECTION_FAILS = [
  ['protection.algorithmStandardised', 'the encryption is no standard one'],
  ['protection.keySafe', 'the key was taken'],
  ['protection.keyStrong', 'the key can be found by trying'],
  ['protection.keyStoredApart', 'the key lay with the data'],
  ['protection.appliedToAffectedData', 'not all the data were encrypted'],
] as const satisfies readonly (readonly [FactId, string])[];

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
  const clashes = (paths: readonly FactId[], says: string, mend: string) => found.push({ paths, says, mend });

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
  if (is('communication.exemption', 'A_PROTECTION_APPLIED')) {
    if (is('data.unintelligible', 'NO', 'LIKELY_SUBVERTIBLE'))
      clash(
        'data that can be read are not exempt as unintelligible ones (Art. 34(3)(a))',
        'data.unintelligible',
        'communication.exemption',
      );
    for (const [item, says] of PROTECTION_FAILS)
      if (is(item, false))
        clashes(
          [item, 'communication.exemption'],
          `${says}: the exemption of Art. 34(3)(a) does not hold (R-414)`,
          'Take the exemption back: communication.exemption: not_applicable. The people are told if the risk is high.',
        );
  }
  if (is('communication.exemption', 'B_RISK_REMOVED') && is('measures.riskRemoved', false))
    clashes(
      ['measures.riskRemoved', 'communication.exemption'],
      'nothing has been done that makes a high risk no longer likely: the exemption of Art. 34(3)(b) does not hold (R-416)',
      'Take the exemption back, or say which measure it was in measures.taken and set measures.riskRemoved to yes.',
    );
  const recipients = count('confidentiality.recipientCount');
  if (recipients?.max === 0 && is('confidentiality.recipients', 'KNOWN_RECIPIENTS', 'UNKNOWN_RECIPIENTS'))
    clash(
      'no recipient, and yet somebody got the data',
      'confidentiality.recipientCount',
      'confidentiality.recipients',
    );
  const countries = facts['people.countries']?.value as Readonly<Record<string, number>> | null | undefined;
  if (countries && !countries['DE'] && facts['people.mostAffectedLand']?.value != null)
    clashes(
      ['people.countries', 'people.mostAffectedLand'],
      'nobody concerned lives in Germany, and yet most of those there live in one of its Länder',
      'Add DE to people.countries, or mark people.mostAffectedLand as not_applicable.',
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

/** A high risk is one for people: with nobody concerned there is none. Of a person's decision, not of a proposal. */
export const nobodyAtHighRisk = (level: RiskLevel, facts: Values): Refusal[] =>
  level === 'HIGH_RISK' && (facts['people.count']?.value as Count | null | undefined)?.max === 0
    ? [
        {
          code: 'contradiction',
          paths: ['facts.people.count', 'level'],
          says: 'nobody is concerned, and yet the risk is decided as high',
          mend: 'Record how many people are concerned (a range will do, or pending), then decide.',
        },
      ]
    : [];
