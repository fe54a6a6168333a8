import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DATA_CATEGORIES } from '../../../domain/incident/lists.js';
import { buildMessage, type MessageSource } from '../../../domain/message/build.js';
import type { VariedMessage } from '../../../domain/message/model.js';
import { inOrder, type Segment, variantName } from '../../../domain/message/segments.js';
import { messageText } from '../../../domain/message/text.js';
import { readersOf, textFor, uncovered, variantsOf } from '../../../domain/message/texts.js';
import { buildVariants, notCarriedOver, withWords } from '../../../domain/message/variants.js';
import { AWARE, anOrganisation, byEmail, fact } from '../../build.js';
import { factsOf } from '../notice/generated.js';

const state: MessageSource = {
  id: 'BR-7K3M-9QXD',
  mode: 'live',
  facts: factsOf(
    fact('data.categories', ['CONTACT', 'HEALTH', 'CREDENTIALS']),
    fact('harm.types', ['DISCLOSURE_OF_SPECIAL_CATEGORIES', 'PHYSICAL_OR_MENTAL_HARM', 'FINANCIAL_LOSS']),
    fact('protection.passwordsSaltedAndHashed', true),
    fact('measures.taken', 'We have reset all passwords of the portal.'),
    fact('communication.advice', 'Ask your doctor which results were in the file.'),
  ),
  awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } },
  setting: { organisation: { ...anOrganisation(), languages: ['en', 'de'] }, authorities: [byEmail()] },
};
const segment = (language: string, data: Segment['data'], count = 1, country: string | null = null): Segment => ({
  country,
  language,
  data,
  count,
});
const ALL = ['CONTACT', 'HEALTH', 'CREDENTIALS'] as const;
const LIST = [
  segment('en', ['CONTACT'], 120, 'IE'),
  segment('en', ['CONTACT'], 30, 'DE'),
  segment('de-AT', ['CONTACT', 'HEALTH'], 15),
  segment('it', ['HEALTH', 'CREDENTIALS'], 4),
  segment('en', inOrder(ALL), 9),
];
const built = buildVariants({ state, segments: LIST }) as VariedMessage;
const named = (name: string) => {
  const found = built.variants.find((one) => variantName(one.for) === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

test('one text for each group that must read something else; the country alone makes none', () => {
  expect(built.variants.map((one) => variantName(one.for))).toEqual([
    'de/CONTACT+HEALTH',
    'en/CONTACT',
    'en/CONTACT+HEALTH+CREDENTIALS',
    'en/HEALTH+CREDENTIALS',
  ]);
  expect(readersOf(built, LIST)).toEqual([15, 150, 9, 4]);
  expect(uncovered(built, LIST)).toEqual([]);
});

test('whoever lost no password is told to change none, and nobody reads of the health of others (R-404)', () => {
  const text = messageText(named('en/CONTACT').text);
  expect(text).not.toMatch(/password(?!s, codes)|about your health|doctor|personal facts|lose money/i);
  expect(messageText(named('en/HEALTH+CREDENTIALS').text)).toMatch(/Change your password now/);
  expect(messageText(named('de/CONTACT+HEALTH').text)).not.toMatch(/Passwort|Zugangsdaten/);
});

test('a text for everybody goes to those who lost everything; for the others it is left out, and that is said', () => {
  const everything = named('en/CONTACT+HEALTH+CREDENTIALS');
  expect(messageText(everything.text)).toMatch(/reset all passwords[^]*Ask your doctor which results/);
  expect(notCarriedOver(state, everything)).toEqual([]);
  const part = named('en/CONTACT');
  expect(messageText(part.text)).not.toMatch(/reset all|which results/);
  expect(notCarriedOver(state, part)).toEqual([
    { fact: 'measures.taken', field: 'whatWeDid', why: 'segment' },
    { fact: 'communication.advice', field: 'whatYouCanDo', why: 'segment' },
  ]);
  const written = { ...part, text: { ...part.text, whatWeDid: 'We closed the way in.' } };
  expect(notCarriedOver(state, written).map(({ fact }) => fact)).toEqual(['communication.advice']);
});

test('own words go to the texts that they are for, the one for fewer people last; a name that no text has takes nothing', () => {
  const { content, unknown } = withWords(built, {
    en: { subject: 'For all in English', whatWeDid: 'We closed it.' },
    'EN/credentials+health': { whatWeDid: 'We closed the portal.' },
  });
  expect(unknown).toEqual([]);
  expect(
    variantsOf(content).map(({ text }) => [text.subject === 'For all in English', text.whatWeDid.slice(0, 20)]),
  ).toEqual([
    [false, 'Wir arbeiten an der '],
    [true, 'We closed it.'],
    [true, 'We closed it.'],
    [true, 'We closed the portal'],
  ]);
  expect(withWords(built, { 'en/PAYMENT': { subject: 'x' }, fr: { subject: 'y' } }).unknown).toEqual([
    'en/PAYMENT',
    'fr',
  ]);
});

test('the authority is shown what those read who lost the most, and told of the other texts (F-56)', () => {
  expect(messageText(built).match(/^\[.*\]$/gm)).toHaveLength(4);
  const more = buildVariants({ state, segments: [...LIST, segment('fr', inOrder(ALL)), segment('fr', ['CONTACT'])] });
  expect(messageText(more).match(/^\[.*\]$/gm)).toEqual(['[en/CONTACT+HEALTH+CREDENTIALS]']);
  expect(messageText(more)).toMatch(/5 more texts.*de\/CONTACT\+HEALTH, en\/CONTACT, .*fr\/CONTACT/);
});

test('what was written in one language is missing in the others, and that is said', () => {
  const message = buildVariants({ state, segments: [segment('en', null, 3), segment('de', null, 2)] });
  const [de, en] = variantsOf(message);
  expect(de && notCarriedOver(state, de).map(({ why }) => why)).toEqual(['language', 'language']);
  expect(en && notCarriedOver(state, en)).toEqual([]);
});

test('a list that says nothing of data and reads one language gets one text, as before there were several', () => {
  const segments = [segment('de', null, 7, 'DE'), segment('de-CH', null, 2, 'CH')];
  expect(buildVariants({ state, segments })).toEqual(buildMessage({ state, language: 'de' }));
});

test('a text for everybody covers nobody of whom the list says what leaked', () => {
  const forAll = buildMessage({ state, language: 'en' });
  expect(textFor(forAll, { language: 'de', data: null })).toBe(forAll);
  expect(uncovered(forAll, LIST)).toEqual(LIST);
});

// reader                                             text                     why this row is here
const readers: [string, Segment['data'], string | null, string][] = [
  ['en', ['CONTACT'], 'en/CONTACT', 'their own'],
  ['en-GB', ['CONTACT'], 'en/CONTACT', 'a region reads the language'],
  ['de', ['CONTACT', 'HEALTH'], 'de/CONTACT+HEALTH', 'another language'],
  ['it', ['HEALTH', 'CREDENTIALS'], 'en/HEALTH+CREDENTIALS', 'a language that we cannot write'],
  ['de', ['CONTACT'], 'en/CONTACT', 'not in their language, but about their data'],
  ['en', ['HEALTH'], null, 'no text speaks of just that: nothing may be sent'],
  ['en', null, null, 'nor to somebody of whom nothing is said'],
];
for (const [language, data, name, why] of readers) {
  test(`which text a person gets: ${why}`, () =>
    expect(textFor(built, { language, data })).toBe(name === null ? null : named(name).text));
}

test('whatever the list, everybody gets a text, and it names no data that did not leak of them', () => {
  const known = DATA_CATEGORIES.filter((code) => code !== 'NOT_YET_KNOWN');
  const segments = fc.array(
    fc.record({
      country: fc.constant(null),
      language: fc.constantFrom('en', 'de', 'fr', 'it', 'de-AT'),
      data: fc.option(fc.subarray([...DATA_CATEGORIES], { minLength: 1 }).map(inOrder)),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(segments, (list) => {
      const everything = { ...state, facts: factsOf(fact('data.categories', known)) };
      const message = buildVariants({ state: everything, segments: list });
      expect(uncovered(message, list)).toEqual([]);
      expect(readersOf(message, list).reduce((a, b) => a + b, 0)).toBe(list.reduce((a, { count }) => a + count, 0));
      for (const { data, language } of list)
        expect(textFor(message, { language, data })?.whichDataOfYours.split('\n- ').length).toBe(
          1 + (data ?? known).filter((code) => code !== 'NOT_YET_KNOWN').length,
        );
    }),
    { numRuns: 50 },
  );
});
