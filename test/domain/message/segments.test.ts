import { expect, test } from '@jest/globals';
import { notOnRecord, readDataCategories } from '../../../domain/message/segments.js';

// field                               codes                                    why this row is here
const fields: [string, readonly string[] | null, string][] = [
  ['CONTACT+HEALTH', ['CONTACT', 'HEALTH'], 'as we write it'],
  ['health, contact', ['CONTACT', 'HEALTH'], 'small, commas, another order: the same segment'],
  ['HEALTH;CONTACT | health', ['CONTACT', 'HEALTH'], 'other separators, and one twice'],
  ['official-documents\nPAYMENT', ['OFFICIAL_DOCUMENTS', 'PAYMENT'], 'a hyphen, and a line break in the field'],
  ['  ', ['NOT_YET_KNOWN'], 'concerned, and nobody has said by what'],
  ['PASSWORDS', null, 'no code of the list'],
  ['CONTACT+PASSWORDS', null, 'one of two is none: better nothing than half of it'],
];
for (const [field, codes, why] of fields) {
  test(`the data of one person, as a list says them: ${why}`, () => expect(readDataCategories(field)).toEqual(codes));
}

test('what the list names and the record does not is counted by people', () => {
  const segments = [
    { country: null, language: 'en', data: ['CONTACT', 'PAYMENT'] as const, count: 7 },
    { country: 'DE', language: 'de', data: ['PAYMENT'] as const, count: 5 },
    { country: null, language: 'en', data: ['NOT_YET_KNOWN'] as const, count: 1 },
    { country: null, language: 'en', data: null, count: 9 },
  ];
  expect(notOnRecord(['CONTACT'], segments)).toEqual([{ code: 'PAYMENT', count: 12 }]);
});
