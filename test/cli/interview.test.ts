import { expect, test } from '@jest/globals';
import { type Asker, interview, type Known, openQuestions, type Said } from '../../cli/interview.js';
import type { FactId } from '../../domain/incident/facts.js';

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
      if (said.kind === 'value' && said.value === 'nonsense') return 'That does not fit.';
      recorded.push([fact, said]);
      return null;
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
  expect(person.complaints).toEqual(['That does not fit.']);
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
