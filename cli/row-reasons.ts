import type { RowReason } from '../formats/people-csv.js';

/** What is wrong with a row of a people list, without what stands in it. */
const SAYS: Readonly<Record<RowReason, string>> = {
  empty: 'no address',
  'line-break': 'a line break in the address',
  'more-than-one': 'more than one address; one person a row',
  'not-plain': 'a name, quotes, brackets or blanks beside the bare address',
  'no-at-sign': 'no @ in it',
  'local-part': 'the part before @ is no mailbox',
  domain: 'the part after @ is no mail domain',
  'too-long': 'longer than any address may be',
  duplicate: 'an address that came before; merged',
  'not-utf-8': 'not UTF-8; save the file as UTF-8',
  'too-many-columns': 'more columns than the header',
  language: 'a language we do not know; the default is used',
  country: 'no country of ISO 3166; left out',
  data: 'no code of the data that leaked (those of the fact data.categories); this person is NOT on the list',
  'data-missing': 'does not say which data leaked; is told that we are still finding out',
};

export const rowReason = (reason: string): string => (SAYS as Readonly<Record<string, string>>)[reason] ?? reason;
