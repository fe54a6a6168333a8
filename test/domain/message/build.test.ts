import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS } from '../../../domain/clock/instant.js';
import type { FactInput } from '../../../domain/incident/facts.js';
import { DATA_CATEGORIES } from '../../../domain/incident/lists.js';
import { buildMessage, type MessageSource } from '../../../domain/message/build.js';
import { hedges, readability } from '../../../domain/message/gates.js';
import { isMessageLanguage, type KnownLanguage, MESSAGE_LANGUAGES } from '../../../domain/message/languages/known.js';
import type { DataCategory } from '../../../domain/message/segments.js';
import { messageText } from '../../../domain/message/text.js';
import { AWARE, anOrganisation, byEmail, fact, HOSPITAL_FACTS } from '../../build.js';
import { factsOf, generatedFacts } from '../notice/generated.js';

const LANGUAGES = Object.keys(MESSAGE_LANGUAGES).filter(isMessageLanguage);
const source = (...facts: readonly FactInput[]): MessageSource => ({
  id: 'BR-7K3M-9QXD',
  mode: 'live',
  facts: factsOf(...facts),
  awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } },
  setting: { organisation: anOrganisation(), authorities: [byEmail()] },
});
const build = (language: KnownLanguage, ...facts: readonly FactInput[]) =>
  buildMessage({ state: source(...facts), language });

for (const language of LANGUAGES) {
  test(`${language}: whatever the facts, everything that Art. 34(2) asks for is there (R-413)`, () => {
    fc.assert(
      fc.property(generatedFacts(), (facts) => {
        const { dpo, ...message } = buildMessage({ state: { ...source(), facts }, language });
        expect(Object.entries(message).filter(([, text]) => typeof text === 'string' && text.trim() === '')).toEqual(
          [],
        );
        expect(dpo).toContain('dpo@hospital.example');
      }),
      { numRuns: 100 },
    );
  });
  test(`${language}: each kind of data has its own words, and drafts are plain and without hedges`, () => {
    for (const category of DATA_CATEGORIES.filter((code) => code !== 'NOT_YET_KNOWN')) {
      const message = build(
        language,
        fact('data.categories', [category]),
        fact('breach.incidentTypes', ['RANSOMWARE', 'EXFILTRATION']),
      );
      expect(message.whichDataOfYours).toContain('- ');
      expect([category, hedges(message), readability(message).plain]).toEqual([category, [], true]);
    }
  });
  test(`${language}: no link to click, no number of other people`, () => {
    const message = build(language, ...HOSPITAL_FACTS);
    expect(messageText(message)).not.toMatch(/https?:|www\.|1\D?200/);
    expect(message.fraudWarning).toContain('Hospital of the Example');
  });
}

test('stolen passwords: the advice is to change them, also elsewhere', () => {
  expect(build('en', fact('data.categories', ['CREDENTIALS'])).whatYouCanDo).toContain('Change your password now');
  expect(build('de', fact('data.categories', ['CREDENTIALS'])).whatYouCanDo).toContain('Ändern Sie jetzt Ihr Passwort');
});

test('a segment is told of what leaked of its people, and of what that can do, and of nothing else (R-404)', () => {
  const facts = [
    fact('data.categories', ['CONTACT', 'HEALTH', 'CREDENTIALS']),
    fact('protection.passwordsSaltedAndHashed', true),
    fact('harm.types', ['DISCLOSURE_OF_SPECIAL_CATEGORIES', 'FRAUD']),
  ];
  const of = (...dataCategories: DataCategory[]) =>
    buildMessage({ state: source(...facts), language: 'en', dataCategories });
  const contact = of('CONTACT');
  expect(contact.whichDataOfYours.split('\n')).toEqual([
    'These data about you are affected:',
    '- your contact details, such as address, telephone number or e-mail address',
  ]);
  expect(messageText(contact)).not.toMatch(/health|password now|Very personal/);
  expect(messageText(of('HEALTH'))).toMatch(/Very personal facts/);
  expect(of('HEALTH', 'PAYMENT').whichDataOfYours).not.toContain('payment');
  expect(messageText(of('CONTACT', 'HEALTH', 'CREDENTIALS'))).toBe(
    messageText(buildMessage({ state: source(...facts), language: 'en' })),
  );
});

for (const language of LANGUAGES) {
  test(`${language}: a harm that another sentence tells already is not told twice; several measures are a list`, () => {
    const { consequences, whatWeDid } = build(
      language,
      fact('data.categories', ['OFFICIAL_DOCUMENTS']),
      fact('harm.types', ['IDENTITY_THEFT', 'FINANCIAL_LOSS']),
      fact('measures.prevention', ['TRAINING', 'ENCRYPTION', 'OTHER']),
    );
    expect(consequences.split('\n')).toHaveLength(2);
    expect(whatWeDid.split('\n').map((line) => line.startsWith('- '))).toEqual([false, true, true, false]);
  });
  test(`${language}: whoever does not know yet what leaked is told what to do until then (R-411)`, () => {
    const [first, unsaid] = [build(language, fact('data.categories', ['NOT_YET_KNOWN'])), build(language)];
    expect(first.whatYouCanDo.split('\n')).toHaveLength(2);
    expect(unsaid.whatYouCanDo).toBe(first.whatYouCanDo);
  });
}

// facts about who saw the data                                        said        why this row is here
const seen: [FactInput[], 'DISCLOSED' | 'LIKELY_NO_EVIDENCE' | 'NOT_ASSESSABLE' | 'open' | null, string][] = [
  [[], 'open', 'nobody has said yet'],
  [[fact('confidentiality.outcome', 'DISCLOSED')], 'DISCLOSED', 'a break-in does not say that data were taken'],
  [[fact('confidentiality.outcome', 'LIKELY_NO_EVIDENCE')], 'LIKELY_NO_EVIDENCE', 'likely is said to be likely'],
  [[fact('confidentiality.outcome', null, 'undeterminable')], 'NOT_ASSESSABLE', 'nobody can know'],
  [[fact('confidentiality.outcome', 'NOT_DISCLOSED_EVIDENCED')], null, 'it is proved that nobody saw them'],
  [
    [fact('confidentiality.outcome', 'DISCLOSED'), fact('breach.incidentTypes', ['EXFILTRATION'])],
    null,
    'the kind says it',
  ],
];
for (const [facts, said, why] of seen) {
  test(`people are told who saw their data as surely as it is known: ${why}`, () => {
    for (const language of LANGUAGES) {
      const { seen: sentences, nature } = MESSAGE_LANGUAGES[language];
      const all = { ...sentences, open: nature.CONFIDENTIALITY };
      const { whatHappened } = build(
        language,
        fact('breach.nature', ['CONFIDENTIALITY']),
        fact('breach.incidentTypes', ['RANSOMWARE']),
        ...facts,
      );
      expect(
        Object.entries(all)
          .filter(([, text]) => whatHappened.includes(text))
          .map(([key]) => key),
      ).toEqual(said === null ? [] : [said]);
    }
  });
}

test("a person's own words go only into the language they were written in", () => {
  const taken = fact('measures.taken', 'We closed the opening on the same day.');
  expect(build('en', taken).whatWeDid).toContain('on the same day');
  expect(build('de', taken).whatWeDid).not.toContain('on the same day');
});

test("a day is the day of the organisation's zone", () => {
  const state = source(fact('breach.startedAt', '2026-03-01T23:30:00.000Z'), fact('breach.occurrence', 'SPECIFIC_DAY'));
  expect(buildMessage({ state, language: 'en' }).when).toContain('1 March 2026');
  expect(buildMessage({ state, language: 'de', offsetMs: () => HOUR_MS }).when).toContain('2. März 2026');
});

test('a message that calms instead of telling is pointed at, by field and phrase', () => {
  const message = { ...build('en'), whatHappened: 'Your data may have been seen. There is no evidence of misuse.' };
  expect(hedges(message)).toEqual([
    { field: 'whatHappened', phrase: 'may have been', kind: 'doubt' },
    { field: 'whatHappened', phrase: 'no evidence of misuse', kind: 'absence' },
  ]);
  expect(hedges({ ...build('de'), consequences: 'Möglicherweise wurden Daten abgerufen.' })).toEqual([
    { field: 'consequences', phrase: 'möglicherweise', kind: 'doubt' },
  ]);
  expect(hedges({ ...build('fr'), whatHappened: 'Vos données auraient pu être lues.' })).toEqual([
    { field: 'whatHappened', phrase: 'auraient pu être', kind: 'doubt' },
  ]);
});

// language, a sentence as lawyers write it
const legalese: [KnownLanguage, string][] = [
  [
    'en',
    'Notwithstanding comprehensive organisational safeguards implemented throughout our infrastructure, unauthorised individuals circumvented authentication mechanisms, consequently compromising confidentiality pertaining to information concerning numerous individuals whose personal circumstances necessitated documentation.',
  ],
  [
    'de',
    'Ungeachtet umfassender organisatorischer Sicherheitsvorkehrungen innerhalb unserer Infrastruktur umgingen unberechtigte Personen die Authentifizierungsmechanismen, wodurch die Vertraulichkeit personenbezogener Informationen zahlreicher Betroffener, deren Lebensumstände einer Dokumentation bedurften, nachteilig beeinträchtigt wurde.',
  ],
  [
    'fr',
    'Nonobstant les mesures organisationnelles exhaustives mises en œuvre dans notre infrastructure, des individus non autorisés ont contourné les mécanismes d’authentification, compromettant par conséquent la confidentialité des informations concernant de nombreuses personnes dont la situation nécessitait une documentation.',
  ],
];
for (const [language, whatHappened] of legalese)
  test(`${language}: a lawyer's sentence is measured as what it is`, () => {
    const none = {
      whichDataOfYours: '',
      consequences: '',
      whatWeDid: '',
      whatYouCanDo: '',
      fraudWarning: '',
      when: '',
    };
    expect(readability({ ...build(language), ...none, whatHappened }).plain).toBe(false);
  });

// language, text                                       sentences  words   why this row is here
const measured: [KnownLanguage, string, number, number, string][] = [
  ['de', 'Es geschah am 2. März 2026. Wir wissen es.', 2, 9, 'the number of a day ends no sentence, a year does'],
  ['de', 'Geben Sie nichts preis, z. B. kein Passwort.', 1, 8, 'an abbreviation ends none'],
  ['fr', 'L’incident s’est passé. Qu’avons-nous fait\u00a0? Rien.', 3, 10, 'elided words are words of their own'],
  ['en', "We don't know. Call us: now.", 3, 6, 'an apostrophe in English joins'],
];
for (const [language, whatHappened, sentences, words, why] of measured)
  test(`readability counts as a reader does: ${why}`, () => {
    const none = {
      whichDataOfYours: '',
      consequences: '',
      whatWeDid: '',
      whatYouCanDo: '',
      fraudWarning: '',
      when: '',
    };
    expect(readability({ ...build(language), ...none, whatHappened })).toMatchObject({ sentences, words });
  });

for (const [keySafe, said] of [
  [true, true],
  [false, false],
  [null, false],
] as const)
  test(`nobody is told that the key is safe unless that is known: keySafe ${keySafe ?? 'not recorded'}`, () => {
    const facts = [
      fact('data.unintelligible', 'PROTECTION_INTACT'),
      ...(keySafe === null ? [] : [fact('protection.keySafe', keySafe)]),
    ];
    for (const language of LANGUAGES)
      expect(build(language, ...facts).whatHappened.includes(MESSAGE_LANGUAGES[language].protected)).toBe(said);
  });
