import { expect, test } from '@jest/globals';
import type { Declaration } from '../../../domain/incident/commands.js';
import type { FactInput } from '../../../domain/incident/facts.js';
import { personalDataIn, personalDataInText } from '../../../domain/notice/personal-data.js';
import { refuseDeclaration } from '../../../domain/incident/decide.js';
import { sentence } from '../../../domain/incident/sentences.js';
import { AWARE, aDeclaration, anOrganisation, byEmail, count, fact, hoursAfter, Play } from '../../build.js';
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
  ['EGN 7523169263', ['national_id'], 'Bulgaria, called by its name'],
  ['Ticket 7523169263', [], 'the same digits without the name: one ticket in eleven would pass the check'],
  ['Case 070761-4285', [], 'a case number in the shape of a birthday'],
  ['Write to security@vendor.example', [], "the mailbox of a function is nobody's"],
  ['Callers reached 0800 555 0199 and 116 111.', [], "lines that are free to call are the public's"],
  ['Log BR-7K3M-9QXD, ticket INC0012345, build 20260302.4, commit 3f786850e387550fdab836ed7e6dc881de23001b', [], 'ids'],
  ['Between 09:15 and 11:45 on 2 March 2026 (UTC+01:00), 14 528 of 2 034 112 rows', [], 'times and sizes'],
  ['Paragraphs 33(1) and 34 (2016/679), ISO 27001:2022, AES-256-GCM, SHA-256', [], 'law and standards'],
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

const known = { organisation: anOrganisation(), authorities: [byEmail()] };
// text                                                        found                why this row is here
const contacts: [string, string[], string][] = [
  ['Questions go to dpo@hospital.example.', [], 'the DPO'],
  ['Mail came from breach@hospital.example, copy to office@hospital.example', [], 'our own mailboxes'],
  ['The line +353 1 000 0000 was busy', [], 'our own line'],
  ['The line (01) 000 0000 was busy', [], 'our own line without its country'],
  ['Told notices@authority.test', [], "the authority's"],
  ['Mail went to ward.seven@hospital.example', ['email'], 'an address at our own domain may be a person'],
  ['The line +353 1 000 0001 was called', ['phone'], 'the next line is not ours'],
];
for (const [text, kinds, why] of contacts) {
  test(`contacts that a notice names on purpose: ${why}`, () =>
    expect(personalDataIn({ 'breach.summary': { value: text } }, known).map(({ kind }) => kind)).toEqual(kinds));
}
test('who else is involved is named with its contact; an account number is still none', () => {
  const others = 'Payroll Ltd, processor, service.desk@payroll.example, +353 1 555 0123';
  expect(personalDataIn({ 'parties.others': { value: [others] } }, known)).toEqual([]);
  expect(personalDataIn({ 'parties.others': { value: [`${others}, IE29 AIBK 9311 5212 3456 78`] } }, known)).toEqual([
    { fact: 'parties.others', kind: 'iban' },
  ]);
});

const naming = fact('breach.summary', 'Sent to someone@clinic.example.');
// policy      refused   why
const policies: [number | undefined, boolean, string][] = [
  [undefined, false, 'a declaration of before the rule names no policy: taken, as it was'],
  [1, false, 'so does one that says so'],
  [2, true, 'one of today refuses it'],
];
for (const [policy, refuses, why] of policies) {
  test(`recording facts that name somebody: ${why}`, () => {
    const declared = (facts: FactInput[] = []): Declaration => {
      const { policy: _, ...declaration } = aDeclaration({ facts });
      return policy === undefined ? declaration : { ...declaration, policy };
    };
    const play = new Play(declared());
    expect(play.refused({ type: 'RecordFacts', facts: [naming] }, hoursAfter(1))).toEqual(
      refuses ? ['fact-value'] : [],
    );
    expect(refuseDeclaration(declared([naming]), AWARE)).toHaveLength(refuses ? 1 : 0);
  });
}
test('the refusal says which fact and what kind, and repeats nothing', () => {
  const [refusal] = refuseDeclaration(aDeclaration({ facts: [naming], policy: 2 }), AWARE);
  const said = refusal ? sentence(refusal) : '';
  expect(said).toContain('facts.breach.summary');
  expect(said).toContain('an e-mail address');
  expect(said).not.toContain('someone');
});
