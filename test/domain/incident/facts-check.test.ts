import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FACT_IDS, FACTS, type FactId, factSpec } from '../../../domain/incident/facts.js';
import { checkContradictions, checkFactInput, checkFacts, rawFacts } from '../../../domain/incident/facts-check.js';
import { sentence } from '../../../domain/incident/sentences.js';
import { facts, recorded } from '../risk/facts.js';

const check = (given: Readonly<Record<string, unknown>>) => checkFacts(rawFacts(given, 'the test'));
const valueOf = (id: FactId, value: unknown) => check({ [id]: value }).facts[0]?.value;
const says = (given: Readonly<Record<string, unknown>>) => check(given).problems.map(sentence).join('\n');

const read: readonly [FactId, unknown, unknown, string][] = [
  ['people.count', 1200, { min: 1200, likely: 1200, max: 1200 }, 'an exact number'],
  ['people.count', '1200', { min: 1200, likely: 1200, max: 1200 }, 'a number typed'],
  ['people.count', '1000-1500', { min: 1000, max: 1500 }, 'a range: nobody named its middle'],
  ['people.count', '4..4', { min: 4, likely: 4, max: 4 }, 'a range of one number is exact'],
  ['people.count', '1000..1200..1500', { min: 1000, likely: 1200, max: 1500 }, 'a range with the likely number'],
  ['people.count', { min: 1, max: 9 }, { min: 1, max: 9 }, 'a range as fields'],
  ['breach.nature', 'confidentiality, availability', ['CONFIDENTIALITY', 'AVAILABILITY'], 'typed at the keyboard'],
  ['breach.nature', ['INTEGRITY', 'INTEGRITY'], ['INTEGRITY'], 'twice is once'],
  ['breach.cause', 'external-malicious', 'EXTERNAL_MALICIOUS', 'with a hyphen'],
  ['protection.keySafe', 'yes', true, 'yes'],
  ['police.reported', true, 'YES', 'true where the form has YES'],
  ['breach.startedAt', '2026-03-02T10:00+01:00', '2026-03-02T09:00:00.000Z', 'an instant with any zone'],
  ['notice.moreInformationOn', '2026-03-09', '2026-03-09', 'a day'],
  ['data.contextAdjustment', '-2', -2, 'a whole number typed'],
  ['people.countries', { fr: 40, IE: 1200 }, { FR: 40, IE: 1200 }, 'countries in one order'],
  ['people.countries', 'IE:1200,FR:40', { FR: 40, IE: 1200 }, 'countries typed'],
  ['breach.systems', 'archive', ['archive'], 'one system'],
  ['breach.summary', ' two\r\nlines ', 'two\nlines', 'one kind of line end'],
];
for (const [id, given, value, why] of read)
  test(`${id} is read: ${why}`, () => expect(valueOf(id, given)).toEqual(value));

const refusedValues: readonly [FactId, unknown, string, string][] = [
  ['people.count', -1, 'a number below 0', 'negative'],
  ['people.count', 1.5, 'a number with a fraction', 'half a person'],
  ['people.count', '1,200', 'marks between its digits', 'a thousands mark: a point or a comma means two things'],
  ['people.count', '1.000-1500', 'marks between its digits; write 1000, not 1.000', 'a thousands mark in a range'],
  ['people.count', '1500-1000', 'this is 1500, 1000', 'min over max'],
  ['people.count', { min: 1, likely: 9, max: 5 }, 'this is 1, 9, 5', 'likely over max'],
  ['people.count', { min: 1, most: 2 }, 'this is a group of fields', 'an unknown field'],
  ['people.count', Number.NaN, 'no finite number', 'no number at all'],
  ['breach.nature', [], 'an empty list', 'nothing chosen'],
  ['breach.nature', ['CONFIDENTIALTY'], 'did you mean CONFIDENTIALITY?', 'misspelt'],
  ['breach.nature', [1], 'item 1 is a number', 'a number in the list'],
  ['protection.keySafe', 'perhaps', 'this is a text', 'neither yes nor no'],
  ['breach.startedAt', '2026-03-02T09:00', 'no zone', 'nobody knows which nine o’clock'],
  ['breach.startedAt', '2026-03-02', 'no time of day', 'a day alone'],
  ['notice.moreInformationOn', '2026-02-30', 'names no day', 'a day that does not exist'],
  ['data.contextAdjustment', 4, 'from -3 to 3; this is 4', 'off the scale'],
  ['people.countries', { UK: 3 }, 'ISO 3166 writes GB', 'the Union’s own code'],
  ['people.countries', { IE: -3 }, 'a number below 0 for IE', 'negative people'],
  ['breach.summary', '   ', 'an empty text', 'blank'],
  ['breach.summary', 'a\u0000b', 'control characters', 'a NUL'],
  ['breach.summary', 'a\ud800b', 'whole Unicode characters', 'half a character has no UTF-8'],
  ['breach.summary', 'x'.repeat(10_001), 'of at most 10000 characters; this is one of 10001', 'too long'],
  [
    'breach.summary',
    { value: 'x', certanty: 'known' },
    'a group with 1 more field',
    'a misspelt certainty must not be dropped',
  ],
  ['people.count', { value: 5, certainty: 'surely' }, 'one of known, estimated', 'a certainty that does not exist'],
  ['people.count', { value: 5, certainty: 'pending' }, 'without a value', 'pending, and yet a value'],
  ['people.count', null, 'pending, undeterminable, not_applicable', 'nothing, and no reason why'],
];
for (const [id, given, text, why] of refusedValues) {
  test(`${id} is refused, with what was expected: ${why}`, () => {
    expect(check({ [id]: given }).facts).toEqual([]);
    expect(says({ [id]: given })).toContain(text);
  });
}

test('a range is an estimate, an exact number is known, unless a person says otherwise', () => {
  expect(check({ 'people.count': '10-20' }).facts[0]?.certainty).toBe('estimated');
  expect(check({ 'people.count': 20 }).facts[0]?.certainty).toBe('known');
  expect(check({ 'people.count': { value: 20, certainty: 'estimated' } }).facts[0]).toMatchObject({
    certainty: 'estimated',
    source: 'the test',
  });
});

test.each(['pending', 'undeterminable', 'not_applicable'] as const)(
  'the bare word %s says why there is no value',
  (certainty) => {
    expect(check({ 'people.count': certainty, 'breach.summary': certainty }).facts).toEqual([
      { id: 'people.count', value: null, certainty, source: 'the test' },
      { id: 'breach.summary', value: null, certainty, source: 'the test' },
    ]);
  },
);

test('all problems come at once, each with its path and the nearest id', () => {
  const { problems } = check({ 'people.cuont': 1, 'breach.nature': 'X', 'data.records': -1, 'people.count': 5 });
  expect(problems.map((problem) => [problem.code, 'path' in problem ? problem.path : ''])).toEqual([
    ['unknown-fact', 'facts.people.cuont'],
    ['fact-value', 'facts.breach.nature'],
    ['fact-value', 'facts.data.records'],
  ]);
  expect(problems[0]).toMatchObject({ nearest: 'people.count' });
});

test('no problem repeats what was written, not even an id that is none', () => {
  const canary = 'canary@person.example';
  const given = Object.fromEntries(
    FACT_IDS.map((id) => [id, FACTS[id].type.startsWith('text') ? { [canary]: 1 } : canary]),
  );
  const { problems } = check({ ...given, [canary]: 1, 'people.detail': { value: 'x', certainty: canary } });
  expect(problems.length).toBeGreaterThan(FACT_IDS.length);
  expect(JSON.stringify(problems) + problems.map(sentence).join()).not.toContain('canary');
});

const clashes: readonly [Partial<Record<FactId, unknown>>, string, string][] = [
  [
    { 'breach.startedAt': '2026-03-02T09:00:00Z', 'breach.endedAt': '2026-03-02T08:59:59Z' },
    'before it began',
    'end before start',
  ],
  [
    { 'breach.occurrence': 'ONGOING_SINCE', 'breach.endedAt': '2026-03-02T08:00:00Z' },
    'still going on',
    'an end to what goes on',
  ],
  [
    { 'people.count': 100, 'people.countries': { IE: 60, FR: 41 } },
    'add up to 101 people, and there are 100',
    'more people in the countries than there are',
  ],
  [{ 'people.count': 0, 'harm.severity': 'SEVERE' }, 'nobody is concerned', 'harm to nobody'],
  [
    { 'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED', 'confidentiality.recipients': 'KNOWN_RECIPIENTS' },
    'somebody got them',
    'seen by nobody, and by somebody',
  ],
  [
    { 'confidentiality.recipientTrusted': true, 'confidentiality.recipients': 'UNKNOWN_RECIPIENTS' },
    'cannot be trusted',
    'strangers who are trusted',
  ],
  [
    { 'availability.outcome': 'PERMANENT', 'availability.recovery': 'WITHOUT_DIFFICULTY' },
    'lost for good',
    'lost for good, and back',
  ],
];
for (const [given, text, why] of clashes)
  test(`a contradiction is refused: ${why}`, () => expect(says(given)).toContain(text));

const peace: readonly [Partial<Record<FactId, unknown>>, string][] = [
  [
    { 'breach.startedAt': '2026-03-02T09:00:00Z', 'breach.endedAt': '2026-03-02T09:00:00Z' },
    'it ended in the moment in which it began',
  ],
  [{ 'people.count': '50-100', 'people.countries': { IE: 60, FR: 40 } }, 'as many in the countries as there may be'],
  [{ 'people.count': 0, 'harm.severity': 'MINOR' }, 'nobody is concerned, nobody harmed'],
];
for (const [given, why] of peace) test(`no contradiction: ${why}`, () => expect(check(given).problems).toEqual([]));

// facts that clash, the ids that are named, why
const further: readonly [Readonly<Record<string, unknown>>, readonly string[], string][] = [
  [{ 'people.count': 0, 'harm.types': ['FRAUD'] }, ['people.count', 'harm.types'], 'nobody concerned, somebody harmed'],
  [
    { 'people.count': 0, 'availability.effectOnPeople': true },
    ['people.count', 'availability.effectOnPeople'],
    'nobody concerned, people suffered',
  ],
  [
    { 'people.count': 10, 'people.inMailbox': '11-20' },
    ['people.count', 'people.inMailbox'],
    'a part that is more than the whole',
  ],
  [
    { 'availability.outcome': 'TEMPORARY', 'availability.recovery': 'NOT_POSSIBLE' },
    ['availability.outcome', 'availability.recovery'],
    'for a time, and for good',
  ],
  [
    { 'data.unintelligible': 'NO', 'communication.exemption': 'A_PROTECTION_APPLIED' },
    ['data.unintelligible', 'communication.exemption'],
    'readable, and exempt as unreadable',
  ],
  [{ 'crossBorder.leadCountry': 'GB' }, ['crossBorder.leadCountry'], 'a state outside the EEA leads'],
  [{ 'crossBorder.leadCountry': ['IE', 'FR'] }, ['crossBorder.leadCountry'], 'two states lead'],
  [
    { 'crossBorder.leadCountry': 'IE', 'crossBorder.establishments': ['FR', 'DE'] },
    ['crossBorder.leadCountry', 'crossBorder.establishments'],
    'a state leads without an establishment in it',
  ],
];
for (const [given, ids, why] of further) {
  test(`a contradiction is named: ${why}`, () =>
    expect(check(given).problems).toMatchObject([{ code: 'contradiction', paths: ids.map((id) => `facts.${id}`) }]));
}
const consistent: readonly [Readonly<Record<string, unknown>>, string][] = [
  [{ 'data.unintelligible': 'PROTECTION_INTACT', 'protection.keySafe': true }, 'intact, and the key safe'],
  [{ 'people.count': 0, 'harm.types': ['TBD'] }, 'nobody concerned, harm still looked into'],
  [{ 'people.count': 11, 'people.inMailbox': '11-20' }, 'a part that may be the whole'],
  [{ 'crossBorder.leadCountry': 'NO' }, 'a state of the EEA outside the Union leads (R-508)'],
  [{ 'crossBorder.leadCountry': 'IE', 'crossBorder.establishments': ['IE', 'GB'] }, 'a lead with its establishment'],
];
for (const [given, why] of consistent)
  test(`no contradiction: ${why}`, () => expect(check(given).problems).toEqual([]));

test('what was recorded as it is goes on being accepted: the engine asks for the first contradictions only', () =>
  expect(checkContradictions(recorded(check({ 'crossBorder.leadCountry': 'GB' }).facts))).toEqual([]));

test('a breach cannot have begun after it was recorded, beyond what clocks differ', () => {
  const startedAt = (value: string) => checkContradictions(recorded(check({ 'breach.startedAt': value }).facts));
  expect(startedAt('2026-03-02T12:05:00Z')).toEqual([]);
  expect(startedAt('2026-03-02T12:05:00.001Z')).toMatchObject([
    { code: 'instant-in-future', path: 'facts.breach.startedAt' },
  ]);
});

test('recorded facts that contradict each other name both', () => {
  const recordedFacts = { ...facts({ 'people.count': 10 }), ...facts({ 'people.countries': { IE: 11 } }) };
  expect(checkContradictions(recordedFacts)).toMatchObject([
    { code: 'contradiction', paths: ['facts.people.count', 'facts.people.countries'] },
  ]);
});

test('only the canonical form passes where no reading is done', () => {
  const fact = { id: 'breach.startedAt', certainty: 'known', source: 'log' } as const;
  expect(checkFactInput({ ...fact, value: '2026-03-02T09:00:00.000Z' }, 'facts.breach.startedAt')).toEqual([]);
  expect(checkFactInput({ ...fact, value: '2026-03-02T09:00:00Z' }, 'facts.breach.startedAt')).toMatchObject([
    { code: 'fact-value' },
  ]);
  expect(
    checkFactInput(
      { id: 'people.count', value: { max: 2, likely: 2, min: 1 }, certainty: 'known', source: 'log' },
      'x',
    ),
  ).toEqual([]);
  expect(checkFactInput({ id: 'people.count', value: null, certainty: 'known', source: 'log' }, 'x')).toHaveLength(1);
});

test('what was read once is read again as the same: reading is idempotent', () => {
  const any = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant('pending'),
    fc.constantFrom('10-20', 'CONFIDENTIALITY', 'yes', '2026-03-02T09:00Z', 'IE:3'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...FACT_IDS), any, (id, value) => {
      for (const fact of check({ [id]: value }).facts) expect(checkFactInput(fact, id)).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test('whatever is handed in, the answer is facts or problems, never an exception', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.constantFrom<string>(...FACT_IDS), fc.string()), fc.anything(), { maxKeys: 8 }),
      (given) => {
        const { facts: good, problems } = check(given);
        expect(good.length + problems.length).toBeGreaterThanOrEqual(Object.keys(given).length > 0 ? 1 : 0);
        for (const problem of problems) expect(sentence(problem)).toMatch(/[.?]$/);
      },
    ),
    { numRuns: 2000 },
  );
});

test('every fact of the catalogue has a question and a type that can be read', () => {
  for (const id of FACT_IDS)
    expect([id, factSpec(id).question.endsWith('?') || factSpec(id).question.endsWith('.')]).toEqual([id, true]);
});
