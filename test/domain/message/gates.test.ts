import { expect, test } from '@jest/globals';
import { HOUR_MS } from '../../../domain/clock/instant.js';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildMessage, type MessageSource } from '../../../domain/message/build.js';
import { inconsistencies } from '../../../domain/message/consistency.js';
import { openQuestions } from '../../../domain/message/gates.js';
import { isMessageLanguage, MESSAGE_LANGUAGES } from '../../../domain/message/languages/known.js';
import type { PeopleMessage } from '../../../domain/message/model.js';
import { buildNotice, sourceFromFacts } from '../../../domain/notice/build.js';
import { AWARE, anOrganisation, byEmail, fact, HOSPITAL_FACTS } from '../../build.js';
import { factsOf } from '../notice/generated.js';

const awareness = { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } };
const source = (...facts: readonly FactInput[]): MessageSource => ({
  id: 'BR-7K3M-9QXD',
  mode: 'live',
  facts: factsOf(...HOSPITAL_FACTS, ...facts),
  awareness,
  setting: { organisation: anOrganisation(), authorities: [byEmail()] },
});
const noticeOf = (state: MessageSource) =>
  buildNotice({ state: sourceFromFacts(state), at: AWARE, rules: 'gdpr-2018', previous: null, withdraw: null });
const draft = (state = source(), over: Partial<PeopleMessage> = {}): PeopleMessage => ({
  ...buildMessage({ state, language: 'en' }),
  ...over,
});

// language, changed part                              kinds                   facts that answer          why this row is here
const questions: [Partial<PeopleMessage>, string[], FactInput[], string][] = [
  [{}, [], [], 'a draft asks nothing'],
  [{ whatHappened: '' }, ['missing'], [], 'Art. 34(2) wants the nature'],
  [
    { whichDataOfYours: 'These data about you are affected:\n- other data about you' },
    ['vague'],
    [],
    'nobody can act on other data',
  ],
  [{ contact: ' ' }, ['missing'], [], 'a contact point, Art. 33(3)(b)'],
  [{ dpo: '' }, [], [], 'not every organisation has a DPO'],
  [{ contact: 'https://hospital.example' }, ['link'], [], 'a link looks like fraud'],
  [{ when: 'Your data may have been read.' }, ['doubt'], [], 'the record says that they were: then say so'],
  [
    { when: 'Your data may have been read.' },
    [],
    [fact('confidentiality.outcome', 'NOT_ASSESSABLE')],
    'nobody can know, and that is on record',
  ],
  [
    { when: 'Your data may have been read.' },
    [],
    [fact('confidentiality.outcome', null, 'undeterminable')],
    'the same, as a certainty',
  ],
  [
    { when: 'We found no evidence of misuse.' },
    ['absence'],
    [fact('confidentiality.outcome', 'LIKELY_NO_EVIDENCE')],
    'no evidence is not proof of nothing',
  ],
  [
    { when: 'We found no evidence of misuse.' },
    [],
    [fact('confidentiality.outcome', 'NOT_DISCLOSED_EVIDENCED')],
    'proof that nobody saw the data',
  ],
  [
    { when: 'We regret any inconvenience.' },
    ['calming'],
    [fact('confidentiality.outcome', 'NOT_DISCLOSED_EVIDENCED')],
    'nothing answers a phrase that calms',
  ],
];
for (const [over, kinds, facts, why] of questions) {
  test(`before two people release it: ${why}`, () => {
    const state = source(...facts);
    const asked = openQuestions(draft(source(), over), state.facts);
    expect(asked.map(({ kind }) => kind)).toEqual(kinds);
  });
}
test('a question names field and phrase and repeats nothing else of the text', () => {
  const [asked] = openQuestions(draft(source(), { whatHappened: 'Ward seven: data may have been read.' }), {});
  expect(asked?.says).toContain('whatHappened: "may have been"');
  expect(asked?.says).not.toContain('Ward');
});

const dated = source(
  fact('breach.occurrence', 'SPECIFIC_DAY'),
  fact('breach.startedAt', '2026-03-01T23:30:00.000Z'),
  fact('harm.types', ['DISCLOSURE_OF_SPECIAL_CATEGORIES']),
);
for (const language of Object.keys(MESSAGE_LANGUAGES).filter(isMessageLanguage)) {
  test(`${language}: a draft from the facts of the notice tells the same as the notice`, () => {
    const east = () => HOUR_MS;
    const message = buildMessage({ state: dated, language, offsetMs: east });
    expect(inconsistencies(noticeOf(dated), message, { offsetMs: east })).toEqual([]);
  });
}

// changed part                                                         kinds         why this row is here
const differences: [Partial<PeopleMessage>, string[], string][] = [
  [{}, [], 'nothing was changed'],
  [{ when: 'It happened on 1 March 2026.' }, [], 'the day of the notice, in UTC'],
  [{ when: 'It happened on 2 March.' }, [], 'without the year: the day of awareness'],
  [{ when: 'It happened on 3 March 2026.' }, ['day'], 'a day that the notice does not name'],
  [{ when: 'It happened on March 3, 2026.' }, ['day'], 'the same with the month first'],
  [{ when: 'It happened on 2026-02-28.' }, ['day'], 'in figures'],
  [{ when: 'It happened on 28.02.2026.' }, ['day'], 'in figures with dots'],
  [{ whatHappened: 'Data of 1,200 people were copied.' }, [], 'the number of the notice'],
  [{ whatHappened: 'Data of 1\u202f200 people were copied.' }, [], 'the same, set in another way'],
  [{ whatHappened: 'Data of 1.300 people were copied.' }, ['number'], 'another number'],
  [{ whatHappened: 'In 2026 criminals read 9 files.' }, [], 'a year and a small number are neither'],
  [{ whichDataOfYours: '- your name and basic details such as your date of birth' }, ['category'], 'less than leaked'],
  [{ whichDataOfYours: 'Everything.' }, ['category'], 'own words are to be compared by a person'],
  [{ whatHappened: MESSAGE_LANGUAGES.en.protected }, ['protection'], 'encrypted here, not encrypted there'],
  [{ dpo: 'Our DPO: privacy@hospital.example' }, ['contact'], 'another address of the DPO'],
  [{ incident: 'BR-0000-0000' }, ['incident'], 'a message of another incident'],
];
for (const [over, kinds, why] of differences) {
  test(`message and notice: ${why}`, () => {
    const found = inconsistencies(noticeOf(dated), draft(dated, over));
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
  });
}
// language, when the notice has it as an estimate       kinds          why this row is here
const estimated = source(
  fact('breach.startedAt', '2026-02-11T10:00:00.000Z', 'estimated'),
  fact('people.count', { min: 1000, likely: 1200, max: 1500 }, 'estimated'),
);
const exactness: ['en' | 'de' | 'fr', string, string[], string][] = [
  ['en', 'Data of 1,200 people were copied.', ['estimate'], 'a number that nobody is sure of'],
  ['en', 'Data of about 1,200 people were copied.', [], 'said to be rough'],
  ['en', 'Data of between 1,000 and 1,500 people were copied.', [], 'a range'],
  ['en', 'It began on 11 February 2026.', ['estimate'], 'a day that nobody is sure of'],
  ['en', 'It probably began on 11 February.', [], 'said to be rough, without the year'],
  ['en', 'Something happened on 11 February 2026.', ['estimate'], 'some in something says nothing'],
  ['en', 'Up to 9 may be told. We knew on March 2, 2026.', [], 'may is no month here, and we do know since when'],
  ['de', 'Daten von 1.200 Menschen wurden kopiert.', ['estimate'], 'German: a number'],
  ['de', 'Daten von rund 1.200 Menschen wurden kopiert.', [], 'German: said to be rough'],
  [
    'de',
    'Es begann am 11. Februar 2026. Es sind mindestens 1.000.',
    ['estimate'],
    'German: the other sentence is rough',
  ],
  ['de', 'Es geschah wahrscheinlich vom 11. bis 13. Februar 2026.', ['day'], 'German: the 13th is not in the notice'],
  ['de', 'Es sind etwa 1,2 Millionen.', ['number'], 'German: millions in words'],
  ['fr', 'Les données de 1\u202f200 personnes ont été copiées.', ['estimate'], 'French: a number'],
  [
    'fr',
    'Les données d’environ 1\u202f200 personnes ont été copiées.',
    [],
    'French: said to be rough, after an elision',
  ],
  ['fr', 'Cela a commencé le 11 Février 2026.', ['estimate'], 'French: a day, the month with a capital'],
  [
    'fr',
    'Entre le 1er et le 2 mars, nous avons cherché.',
    ['day'],
    'French: the first of March is no day of the notice',
  ],
];
for (const [language, text, kinds, why] of exactness) {
  test(`an estimate is not told as certain: ${why}`, () => {
    const message = { ...buildMessage({ state: estimated, language }), whatHappened: text };
    expect(inconsistencies(noticeOf(estimated), message).map(({ kind }) => kind)).toEqual(kinds);
  });
}
for (const language of ['en', 'de', 'fr'] as const)
  test(`${language}: a draft from estimates says that they are`, () =>
    expect(inconsistencies(noticeOf(estimated), buildMessage({ state: estimated, language }))).toEqual([]));

// language, phrase                                                          kind         why this row is here
const phrases: ['en' | 'de' | 'fr', string, string, string][] = [
  ['en', 'We cannot exclude that data were read.', 'doubt', 'leaves it open'],
  ['en', 'We are not aware of any misuse.', 'absence', 'not knowing is no proof'],
  ['de', 'Daten könnten abgerufen worden sein.', 'doubt', 'the subjunctive of a press release'],
  ['de', 'Nach aktuellem Kenntnisstand ist alles in Ordnung.', 'doubt', 'as of now'],
  ['de', 'Es gibt keine Hinweise darauf, dass Daten missbraucht wurden.', 'absence', 'not knowing is no proof'],
  ['de', 'Der Schutz Ihrer Daten hat höchste Priorität.', 'calming', 'praise'],
  ['fr', 'Il se peut que vos données aient été lues.', 'doubt', 'leaves it open'],
  [
    'fr',
    'Nous n’avons pas connaissance d’une utilisation.',
    'absence',
    'not knowing is no proof, with a typographic apostrophe',
  ],
  ['fr', 'Un nombre restreint de personnes est touché.', 'calming', 'plays down'],
];
for (const [language, text, kind, why] of phrases)
  test(`${language}: a hedge is asked about: ${why}`, () =>
    expect(
      openQuestions({ ...buildMessage({ state: source(), language }), whatHappened: text }, {}).map(
        (asked) => asked.kind,
      ),
    ).toEqual([kind]));

test('the text of a segment that speaks of data of others is pointed at', () => {
  const only = { dataCategories: ['CONTACT'] as const };
  const part = buildMessage({ state: dated, language: 'de', ...only });
  const whole = buildMessage({ state: dated, language: 'de' });
  const mixed = { ...part, whichDataOfYours: whole.whichDataOfYours, whatYouCanDo: whole.whatYouCanDo };
  expect(inconsistencies(noticeOf(dated), mixed, only).map(({ says }) => says)).toEqual([
    'whichDataOfYours names BASIC, which by the list did not leak of these people.',
    'whichDataOfYours names HEALTH, which by the list did not leak of these people.',
    'whatYouCanDo speaks of HEALTH, which by the list did not leak of these people.',
  ]);
});

test('what leaked of others is not missed in the message of a segment', () => {
  const options = { dataCategories: ['CONTACT'] as const };
  const message = buildMessage({ state: dated, language: 'en', ...options });
  expect(inconsistencies(noticeOf(dated), message, options)).toEqual([]);
  expect(inconsistencies(noticeOf(dated), message).map(({ says }) => says)).toEqual([
    'The notice (row 70) names BASIC, HEALTH; whichDataOfYours does not.',
  ]);
});
