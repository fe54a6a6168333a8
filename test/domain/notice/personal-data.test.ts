import { expect, test } from '@jest/globals';
import { personalDataIn, personalDataInText } from '../../../domain/notice/personal-data.js';
import { count, fact } from '../../build.js';
import { factsOf } from './generated.js';

// text                                                               kinds                why this row is here
const texts: [string, string[], string][] = [
  ['Mail went to someone@clinic.example by mistake.', ['email'], 'an e-mail address'],
  ['An address such as name at clinic dot example.', [], 'words about an address are none'],
  ['Call +353 1 555 0123 for details.', ['phone'], 'a telephone number with its country'],
  ['Call 0049 30 5550 1234.', ['phone'], 'the country written with 00'],
  ['Call 030 / 555 01 234.', ['phone'], 'a national number'],
  ['It lasted from 2026-03-02T09:00:00Z to 03.03.2026 10:30.', [], 'dates and times are no telephone numbers'],
  [
    'The intruder came from 203.0.113.77 through CVE-2026-123456.',
    [],
    'network addresses and weaknesses are none either',
  ],
  ['About 12 400 records of 1 200 people in 3 systems.', [], 'counts are not personal data'],
  ['Account IE29 AIBK 9311 5212 3456 78 was named.', ['iban'], 'an account number'],
  ['Account DE89370400440532013000.', ['iban'], 'without blanks'],
  ['Reference IE29 AIBK 9311 5212 3456 79.', [], 'wrong check digits: a reference, not an account'],
  ['Card 4111 1111 1111 1111.', ['payment_card'], 'a card number'],
  ['Ticket 4111 1111 1111 1112.', [], 'a long number that no card can have'],
  ['DNI 12345678Z', ['national_id'], 'Spain, with its check letter'],
  ['Invoice 12345678A', [], 'the same shape with a wrong letter'],
  ['PESEL 44051401359', ['national_id'], 'Poland'],
  ['Steuer-ID 86095742719', ['national_id'], 'Germany'],
  ['CF RSSMRA85T10A562S', ['national_id'], 'Italy'],
  ['NIR 2 55 08 14 168 025 38', ['national_id'], 'France'],
  ['CPR 070761-4285', ['national_id'], 'Denmark'],
  ['HETU 131052-308T', ['national_id'], 'Finland'],
  ['PPS 1234567T', ['national_id'], 'Ireland'],
  ['Order 1234567A', [], 'the same shape, wrong letter'],
  ['someone@clinic.example, +353 1 555 0123', ['email', 'phone'], 'each kind once'],
];
for (const [text, kinds, why] of texts) {
  test(`personal data in free text: ${why}`, () => expect(personalDataInText(text).sort()).toEqual(kinds));
}

test('the finding names the fact and the kind, never the text', () => {
  const found = personalDataIn(
    factsOf(
      fact('breach.summary', 'Mail to someone@clinic.example.'),
      fact('breach.systems', ['CRM', 'line +353 1 555 0123']),
      fact('people.count', count(44051401359)),
    ),
  );
  expect(found).toEqual([
    { fact: 'breach.summary', kind: 'email' },
    { fact: 'breach.systems', kind: 'phone' },
  ]);
  expect(JSON.stringify(found)).not.toContain('someone');
});
