import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildMessage, type MessageSource } from '../../../domain/message/build.js';
import { whoReadsForThem } from '../../../domain/message/in-care.js';
import { isMessageLanguage, MESSAGE_LANGUAGES } from '../../../domain/message/languages/known.js';
import { AWARE, anOrganisation, byEmail, fact } from '../../build.js';
import { factsOf } from '../notice/generated.js';

// A message says no more than the record, in each language

const LANGUAGES = Object.keys(MESSAGE_LANGUAGES).filter(isMessageLanguage);
const source = (country: string, ...facts: readonly FactInput[]): MessageSource => ({
  id: 'BR-7K3M-9QXD',
  mode: 'live',
  facts: factsOf(...facts),
  awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } },
  setting: { organisation: anOrganisation(), authorities: [{ ...byEmail(), country }] },
});

for (const language of LANGUAGES) {
  const words = MESSAGE_LANGUAGES[language];
  const build = (...facts: readonly FactInput[]) => buildMessage({ state: source('IE', ...facts), language });

  test(`${language}: of a hashed password it is said that it must be guessed first, and to change it all the same (R-650)`, () => {
    const hashed = build(fact('data.categories', ['CREDENTIALS']), fact('protection.passwordsSaltedAndHashed', true));
    expect([hashed.consequences, hashed.whatYouCanDo.includes(words.data.CREDENTIALS.advice ?? '-')]).toEqual([
      `- ${words.hashedConsequence}`,
      true,
    ]);
    expect(hashed.whichDataOfYours).toContain(words.passwordsHashed);
    expect(build(fact('data.categories', ['CREDENTIALS'])).consequences).toBe(
      `- ${words.data.CREDENTIALS.consequence}`,
    );
  });

  // nature, outcome, kind                                                                    blackmail, treatment      why this row is here
  const health: [string, string | null, string, boolean, boolean, string][] = [
    ['CONFIDENTIALITY', 'DISCLOSED', 'EXFILTRATION', true, false, 'seen by others: what a blackmailer does'],
    ['AVAILABILITY', null, 'DATA_DELETED', false, true, 'lost and seen by nobody: the treatment alone'],
    ['AVAILABILITY', null, 'RANSOMWARE', true, true, 'an intruder may have read what they locked (R-105)'],
    ['AVAILABILITY', 'NOT_DISCLOSED_EVIDENCED', 'RANSOMWARE', false, true, 'unless it is shown that nobody did'],
    ['AVAILABILITY', 'DISCLOSED', 'DATA_DELETED', true, true, 'seen, whatever the nature names'],
  ];
  for (const [nature, outcome, kind, blackmail, treatment, why] of health)
    test(`${language}: advice about health data, ${why}`, () => {
      const { whatYouCanDo, consequences } = build(
        fact('breach.nature', [nature]),
        fact('breach.incidentTypes', [kind]),
        fact('data.categories', ['HEALTH']),
        ...(outcome === null ? [] : [fact('confidentiality.outcome', outcome)]),
      );
      const { advice, consequence } = words.data.HEALTH;
      expect([
        whatYouCanDo.includes(advice ?? '-'),
        whatYouCanDo.includes(words.treatment),
        consequences.includes(consequence ?? '-'),
      ]).toEqual([blackmail, treatment, blackmail]);
    });

  test(`${language}: where children are concerned it says whose data are meant (R-438)`, () => {
    expect(build(fact('people.categories', ['MINORS'])).whichDataOfYours).toContain(words.forParents);
    expect(build(fact('people.categories', ['CUSTOMERS'])).whichDataOfYours).not.toContain(words.forParents);
  });

  test(`${language}: only in the Union may one also go to the authority at home (Art. 77)`, () => {
    const turnTo = (country: string) =>
      buildMessage({ state: source(country), language }).authorityYouMayTurnTo.endsWith('Exercise Authority.');
    expect(['IE', 'GB', 'CH'].map(turnTo)).toEqual([false, true, true]);
  });
}

test('whoever approves is asked whether the list holds those who must read it for a child (R-438)', () => {
  expect(whoReadsForThem(factsOf(fact('people.categories', ['MINORS', 'CUSTOMERS'])))).toEqual([
    expect.stringContaining('people.categories names MINORS: does the list hold the addresses of parents or guardians'),
  ]);
  expect(whoReadsForThem(factsOf(fact('people.categories', ['CUSTOMERS'])))).toEqual([]);
});
