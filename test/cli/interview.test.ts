import { expect, test } from '@jest/globals';
import { type Asker, interview, type Known, openQuestions, type Said } from '../../cli/interview.js';
import { formWords } from '../../cli/asker.js';
import { FACT_IDS, type FactId, factSpec } from '../../domain/incident/facts.js';
import { checkFacts, rawFacts } from '../../domain/incident/facts-check.js';

/** Somebody at the keyboard: says what is prepared for a fact, skips the rest, leaves where told to. */
function aPerson(says: Partial<Record<FactId, Said | Said[]>>) {
  const asked: FactId[] = [];
  const recorded: [FactId, Said][] = [];
  const complaints: string[] = [];
  const asker: Asker = {
    async ask({ fact }) {
      asked.push(fact);
      const said = says[fact];
      return (Array.isArray(said) ? said.shift() : said) ?? { kind: 'skip' };
    },
    async record(fact, said) {
      if (said.kind === 'value' && said.value === 'nonsense') return { problem: 'That does not fit.' };
      recorded.push([fact, said]);
      const typed = said.kind === 'value' ? said.value : { value: null, certainty: 'pending' };
      const [read] = checkFacts(rawFacts({ [fact]: typed }, 'the keyboard')).facts;
      return { value: read?.value ?? null, certainty: read?.certainty ?? 'known' };
    },
    complain: (problem) => complaints.push(problem),
  };
  return { asked, recorded, complaints, asker };
}
const value = (of: unknown): Said => ({ kind: 'value', value: of });
const known = (facts: Record<string, unknown>): Known =>
  Object.fromEntries(Object.entries(facts).map(([id, of]) => [id, { value: of, certainty: 'known' }]));

test('what decides a duty is asked first', () => {
  expect(openQuestions({}).slice(0, 5)).toEqual([
    'breach.summary',
    'breach.nature',
    'breach.incidentTypes',
    'data.categories',
    'people.count',
  ]);
});

test('where somebody was in the system it is asked whether they read the data, though only a loss is named', async () => {
  const asked = async (type: string) => {
    const person = aPerson({ 'breach.nature': value(['AVAILABILITY']), 'breach.incidentTypes': value([type]) });
    await interview({}, person.asker);
    return person.asked.filter((fact) => fact.startsWith('confidentiality.'));
  };
  expect(await asked('RANSOMWARE')).toEqual(['confidentiality.outcome']);
  expect(await asked('TECHNICAL_MALFUNCTION')).toEqual([]);
});

test.each([
  ['availability.outageHours', { 'availability.outcome': 'PERMANENT' }, { 'availability.outcome': 'TEMPORARY' }],
  [
    'confidentiality.recipientBound',
    { 'confidentiality.recipientTrusted': false },
    { 'confidentiality.recipientTrusted': true },
  ],
] as const)('%s is asked where it can matter', (fact, pointless, useful) => {
  const nature = { 'breach.nature': ['CONFIDENTIALITY', 'AVAILABILITY'] };
  expect(openQuestions(known({ ...nature, ...pointless }))).not.toContain(fact);
  expect(openQuestions(known({ ...nature, ...useful }))).toContain(fact);
});

test('an answer makes questions pointless, and they are not asked', async () => {
  const person = aPerson({ 'breach.nature': value(['AVAILABILITY']) });
  await interview({}, person.asker);
  expect(person.asked.filter((fact) => /^(confidentiality|integrity|protection)\./.test(fact))).toEqual([]);
  expect(person.asked).toContain('availability.outcome');
});

test('what is known is not asked again, what is pending is', () => {
  const open = openQuestions({
    ...known({ 'breach.summary': 'x' }),
    'people.count': { value: null, certainty: 'pending' },
  });
  expect(open).not.toContain('breach.summary');
  expect(open).toContain('people.count');
});

test('leaving keeps every answer given so far', async () => {
  const person = aPerson({
    'breach.summary': value('Letters went astray.'),
    'breach.nature': value(['CONFIDENTIALITY']),
    'data.categories': { kind: 'leave' },
  });
  expect(await interview({}, person.asker)).toBe(2);
  expect(person.recorded.map(([fact]) => fact)).toEqual(['breach.summary', 'breach.nature']);
});

test('an answer that does not fit is explained, and the question comes again', async () => {
  const person = aPerson({
    'people.count': [value('nonsense'), value('1200')],
    'people.categories': { kind: 'leave' },
  });
  await interview({}, person.asker);
  expect(person.complaints).toEqual(['That does not fit. (< goes back to the question before.)']);
  expect(person.recorded).toEqual([['people.count', value('1200')]]);
});

test('"not known yet" is an answer of its own', async () => {
  const pending: Said = { kind: 'certainty', certainty: 'pending' };
  const person = aPerson({ 'breach.summary': pending, 'breach.nature': { kind: 'leave' } });
  await interview({}, person.asker);
  expect(person.recorded).toEqual([['breach.summary', pending]]);
});

test('whether somebody must be told is asked before how and when it happened', () => {
  const order = openQuestions({ ...known({ 'crossBorder.processing': 'YES', 'parties.jointControllers': ['x'] }) });
  const place = (fact: FactId) => order.indexOf(fact);
  for (const decides of ['breach.cause', 'parties.controllers', 'people.countries', 'crossBorder.leadCountry'] as const)
    expect(place(decides)).toBeLessThan(place('breach.startedAt'));
  expect(place('confidentiality.recipientCount')).toBe(-1 + place('confidentiality.recipientTrusted'));
});

const pointless: readonly [FactId, Record<string, unknown>, Record<string, unknown>, string][] = [
  [
    'people.inMailbox',
    { 'breach.incidentTypes': ['PHISHING_SOCIAL_ENGINEERING'] },
    { 'breach.incidentTypes': ['SENT_BY_MISTAKE'] },
    'the split of a phishing case',
  ],
  [
    'confidentiality.recipientCount',
    { 'confidentiality.recipients': 'KNOWN_RECIPIENTS' },
    { 'confidentiality.recipients': 'UNKNOWN_RECIPIENTS' },
    'how many of those whom nobody knows',
  ],
  [
    'crossBorder.leadCountry',
    { 'crossBorder.processing': 'YES' },
    { 'crossBorder.processing': 'NO' },
    'who leads at home',
  ],
  [
    'parties.jointControllerRole',
    { 'parties.jointControllers': ['a sister company'] },
    {},
    'the role among joint controllers without one',
  ],
  ['order.detail', { 'order.byAuthority': 'ORDERED_BY_SA' }, { 'order.byAuthority': 'NONE' }, 'an order that is none'],
  [
    'communication.circleReason',
    { 'communication.circle': 'SUBSET' },
    { 'communication.circle': 'ALL' },
    'why only these, when it is all',
  ],
];
for (const [fact, needed, needless, why] of pointless) {
  test(`asked when it matters and not otherwise: ${why}`, () => {
    expect(openQuestions(known(needed))).toContain(fact);
    expect(openQuestions(known(needless))).not.toContain(fact);
  });
}

// what is answered as it is typed, the question that it opens, why
const opened: readonly [Partial<Record<FactId, string | string[]>>, FactId, string][] = [
  [
    { 'data.unintelligible': 'PROTECTION_INTACT' },
    'protection.keySafe',
    'encryption: its key decides about an exemption',
  ],
  [{ 'breach.incidentTypes': ['PHISHING_SOCIAL_ENGINEERING'] }, 'people.inMailbox', 'phishing: the split'],
  [
    { 'confidentiality.recipients': 'KNOWN_RECIPIENTS', 'confidentiality.recipientTrusted': 'yes' },
    'confidentiality.recipientBound',
    'a yes of the keyboard',
  ],
  [{ 'people.countries': 'IE:1200, DE:40' }, 'people.mostAffectedLand', 'countries as they are typed'],
  [{ 'data.categories': ['CREDENTIALS'] }, 'protection.passwordsSaltedAndHashed', 'passwords: how they were stored'],
  [{ 'crossBorder.processing': 'YES' }, 'crossBorder.leadCountry', 'across borders: who leads'],
];
for (const [answers, fact, why] of opened)
  test(`an answer opens a question in the same walk: ${why}`, async () => {
    const person = aPerson(Object.fromEntries(Object.entries(answers).map(([id, of]) => [id, value(of)])));
    await interview({}, person.asker);
    expect(person.asked).toContain(fact);
    const last = Object.keys(answers).at(-1) as FactId;
    expect(person.asked.indexOf(fact)).toBeGreaterThan(person.asked.indexOf(last));
  });

test('nobody is asked the same twice in one walk, whatever is answered, and it ends', async () => {
  const person = aPerson({ 'people.count': { kind: 'certainty', certainty: 'pending' } });
  await interview({}, person.asker);
  expect(new Set(person.asked).size).toBe(person.asked.length);
});

test('going back asks the question before once more; what it was answered last counts, as one fact', async () => {
  const person = aPerson({
    'breach.summary': [value('Letters.'), value('Letters went astray.')],
    'breach.nature': [{ kind: 'back' }, { kind: 'leave' }],
  });
  expect(await interview({}, person.asker)).toBe(1);
  expect(person.asked).toEqual(['breach.summary', 'breach.nature', 'breach.summary', 'breach.nature']);
  expect(person.recorded.at(-1)).toEqual(['breach.summary', value('Letters went astray.')]);
});

test('before the first question there is none to go back to', async () => {
  const person = aPerson({ 'breach.summary': [{ kind: 'back' }, { kind: 'leave' }] });
  await interview({}, person.asker);
  expect([person.asked, person.complaints]).toEqual([
    ['breach.summary', 'breach.summary'],
    ['This is the first question of this walk.'],
  ]);
});

test('an answer that contradicts an earlier one can be put right by going back: nobody is held fast', async () => {
  const person = aPerson({
    'breach.nature': [value(['AVAILABILITY']), value(['CONFIDENTIALITY'])],
    'breach.incidentTypes': [value('nonsense'), { kind: 'back' }, value(['SENT_BY_MISTAKE'])],
    'data.categories': { kind: 'leave' },
  });
  await interview({}, person.asker);
  expect(person.recorded.map(([fact]) => fact)).toEqual(['breach.nature', 'breach.nature', 'breach.incidentTypes']);
});

test('choices come with the words of the form where it has some for them', () => {
  expect(formWords('confidentiality.outcome')['DISCLOSED']).toMatch(/disclosed/i);
  expect(formWords('breach.summary')).toEqual({});
  const withWords = FACT_IDS.filter((id) => Object.keys(formWords(id)).length > 0);
  for (const id of withWords) {
    const spec = factSpec(id);
    const options: readonly string[] = 'options' in spec ? spec.options : [];
    expect([id, options.filter((option) => formWords(id)[option] === undefined)]).toEqual([id, []]);
  }
});
