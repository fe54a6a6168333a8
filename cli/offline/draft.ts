import type { Organisation } from '../../domain/incident/organisation.js';
import { PERSONAL_DATA_IN_WORDS, type PersonalDataKind } from '../../domain/notice/personal-data.js';

/** Which schema shows how it is written: a facts file holds an organisation as well. */
export function schemasFor(problems: readonly string[]): string[] {
  const isAbout = (problem: string): boolean => /(^|[\s:])organisation(\.| is | must )/.test(problem);
  return [
    ...(problems.every(isAbout) ? [] : ['seventytwo schema facts   (every fact with its type)']),
    ...(problems.some(isAbout) ? ['seventytwo schema organisation   (its fields)'] : []),
  ];
}

/** The rules need a sector to find the authority; the form does not get one that nobody has given. */
export const readAs = ({ sector }: Pick<Organisation, 'sector'>): string[] =>
  ['PRIVATE', 'PUBLIC'].includes(sector)
    ? []
    : ['Assumed: a private organisation, for organisation.sector is missing. A public one may have another authority.'];

/** With the place and the kind of thing, never the thing itself: the same text would be refused on record. */
export const lookAgain = (found: readonly { readonly fact: string; readonly kind: PersonalDataKind }[]): string[] =>
  found.map(
    ({ fact, kind }) =>
      `Look again: ${fact} seems to hold ${PERSONAL_DATA_IN_WORDS[kind]}. A notice names no affected person (R-217); on record it is refused.`,
  );
