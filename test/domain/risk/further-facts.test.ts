import { expect, test } from '@jest/globals';
import { assessed, facts } from './facts.js';
import { holds } from './row.js';

const slip = {
  'breach.nature': ['CONFIDENTIALITY'],
  'breach.incidentTypes': ['SENT_BY_MISTAKE'],
  'breach.cause': 'INTERNAL_NON_MALICIOUS',
  'confidentiality.outcome': 'DISCLOSED',
  'confidentiality.recipients': 'KNOWN_RECIPIENTS',
  'confidentiality.recipientCount': 1,
  'confidentiality.recipientTrusted': true,
  'data.categories': ['BASIC', 'HEALTH'],
  'data.identifiability': 'MAXIMUM',
  'data.unintelligible': 'NO',
  'people.categories': ['CUSTOMERS'],
  'people.count': 3,
} as const;
const theft = {
  ...slip,
  'breach.incidentTypes': ['HACKING_MALWARE'],
  'breach.cause': 'EXTERNAL_MALICIOUS',
  'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
  'confidentiality.recipientCount': 'not_applicable',
  'confidentiality.recipientTrusted': 'not_applicable',
  'data.categories': ['BASIC', 'CONTACT'],
} as const;
const stranger = { 'confidentiality.recipientTrusted': false } as const;

holds([
  // who has the data
  {
    why: 'health data with a trusted recipient who owes no secrecy',
    given: { ...slip, 'confidentiality.recipientBound': false },
    level: 'RISK_NOT_HIGH',
    rule: 'R-604',
    twin: { why: 'a processor or a doctor', flip: { 'confidentiality.recipientBound': true }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'health data that lead to nobody, trusted and destroyed',
    given: { ...slip, 'data.identifiability': 'NEGLIGIBLE' },
    level: 'UNLIKELY_RISK',
    rule: 'R-604',
    twin: { why: 'with names', flip: { 'data.identifiability': 'MAXIMUM' }, level: 'RISK_NOT_HIGH' },
  },
  {
    why: 'bound, and yet somebody meant it',
    given: { ...slip, 'breach.cause': 'INTERNAL_MALICIOUS', 'confidentiality.recipientBound': true },
    level: 'RISK_NOT_HIGH',
    rule: 'R-604',
    twin: { why: 'a slip', flip: { 'breach.cause': 'INTERNAL_NON_MALICIOUS' }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'card numbers without a name, trusted and destroyed',
    given: { ...slip, 'data.identifiability': 'NEGLIGIBLE', 'data.categories': ['PAYMENT'] },
    level: 'RISK_NOT_HIGH',
    rule: 'R-604',
    twin: { why: 'with the processor', flip: { 'confidentiality.recipientBound': true }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'names with a trusted recipient, and a person judged the harm severe',
    given: { ...slip, 'data.categories': ['BASIC'], 'harm.severity': 'SEVERE' },
    level: 'RISK_NOT_HIGH',
    rule: 'R-604',
    twin: { why: 'minor', flip: { 'harm.severity': 'MINOR' }, level: 'UNLIKELY_RISK' },
  },
  // secrecy
  {
    why: 'a lawyer’s letter in one wrong hand',
    given: { ...slip, ...stranger, 'data.categories': ['BASIC', 'CONTACT'], 'data.professionalSecrecy': true },
    level: 'RISK_NOT_HIGH',
    rule: 'R-612',
    twin: { why: 'no secret', flip: { 'data.professionalSecrecy': false }, level: 'UNLIKELY_RISK' },
  },
  // enough to act in a name
  {
    why: 'identity number and account of one person in one wrong hand',
    given: { ...slip, ...stranger, 'data.categories': ['BASIC', 'IDENTIFICATION_NO', 'PAYMENT'] },
    level: 'HIGH_RISK',
    rule: 'R-604',
    twin: {
      why: 'the number alone',
      flip: { 'data.categories': ['BASIC', 'IDENTIFICATION_NO'] },
      level: 'RISK_NOT_HIGH',
    },
  },
  // public before
  {
    why: 'what everybody could know, taken by a thief',
    given: { ...theft, 'people.count': 5000, 'data.alreadyPublic': true },
    level: 'UNLIKELY_RISK',
    rule: 'R-624',
    twin: { why: 'nobody could', flip: { 'data.alreadyPublic': false }, level: 'HIGH_RISK' },
  },
  {
    why: 'public, and of a special category',
    given: { ...slip, ...stranger, 'data.categories': ['BASIC', 'POLITICAL'], 'data.alreadyPublic': true },
    level: 'RISK_NOT_HIGH',
    rule: 'R-624',
    twin: { why: 'not public', flip: { 'data.alreadyPublic': false }, level: 'HIGH_RISK' },
  },
  // found by those from whom they hide
  {
    why: 'an address, and harm to body or mind is expected',
    given: { ...slip, ...stranger, 'data.categories': ['CONTACT'], 'harm.types': ['PHYSICAL_OR_MENTAL_HARM'] },
    level: 'HIGH_RISK',
    rule: 'R-624',
    twin: { why: 'judged minor', flip: { 'harm.severity': 'MINOR' }, level: 'RISK_NOT_HIGH' },
  },
  // the place of a person taken
  {
    why: 'one person’s data read and changed from outside, and the bills went there',
    given: {
      ...theft,
      'breach.nature': ['CONFIDENTIALITY', 'INTEGRITY'],
      'integrity.outcome': 'ALTERED_USED_RECOVERABLE',
      'people.count': 1,
    },
    level: 'HIGH_RISK',
    rule: 'R-602',
    twin: { why: 'changed back before use', flip: { 'integrity.outcome': 'ALTERED_NO_USE' }, level: 'RISK_NOT_HIGH' },
  },
  // hashes beside other data
  {
    why: 'mail addresses and strong, salted hashes of thousands',
    given: {
      ...theft,
      'data.categories': ['CONTACT', 'CREDENTIALS'],
      'protection.passwordsSaltedAndHashed': true,
      'people.count': 5000,
    },
    level: 'RISK_NOT_HIGH',
    rule: 'R-650',
    twin: { why: 'readable', flip: { 'protection.passwordsSaltedAndHashed': false }, level: 'HIGH_RISK' },
  },
  {
    why: 'user names of a forum that lead to hardly anybody, taken by a thief',
    given: {
      ...theft,
      'data.categories': ['BASIC'],
      'data.identifiability': 'LIMITED',
      'people.categories': ['USERS'],
      'people.count': 5000,
    },
    level: 'UNLIKELY_RISK',
    rule: 'R-625',
    twin: { why: 'names of customers', flip: { 'people.categories': ['CUSTOMERS'] }, level: 'RISK_NOT_HIGH' },
  },
  // who was in the system
  {
    why: 'ransomware, a backup, and nobody says whether data left',
    given: {
      'breach.nature': ['AVAILABILITY'],
      'breach.incidentTypes': ['RANSOMWARE'],
      'breach.cause': 'EXTERNAL_MALICIOUS',
      'data.categories': ['BASIC', 'CONTACT'],
      'people.categories': ['EMPLOYEES'],
      'people.count': 40,
      'availability.outcome': 'TEMPORARY',
      'availability.recovery': 'WITHOUT_DIFFICULTY',
      'availability.effectOnPeople': false,
    },
    level: 'RISK_NOT_HIGH',
    rule: 'R-204',
    twin: {
      why: 'logs show that nothing did',
      flip: { 'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED' },
      level: 'UNLIKELY_RISK',
    },
  },
  {
    why: 'a lost stick in the clear, named as a loss only',
    given: {
      'breach.nature': ['AVAILABILITY'],
      'breach.incidentTypes': ['DEVICE_LOST_STOLEN'],
      'breach.cause': 'INTERNAL_NON_MALICIOUS',
      'data.categories': ['BASIC', 'CONTACT'],
      'data.identifiability': 'MAXIMUM',
      'data.unintelligible': 'NO',
      'people.categories': ['CUSTOMERS'],
      'people.count': 40,
      'confidentiality.recipients': 'NO_EVIDENCE_OF_ACCESS',
      'availability.outcome': 'TEMPORARY',
      'availability.recovery': 'WITHOUT_DIFFICULTY',
      'availability.effectOnPeople': false,
    },
    level: 'RISK_NOT_HIGH',
    rule: 'R-103',
    twin: {
      why: 'it was found in the house, sealed in its bag',
      flip: { 'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED' },
      level: 'UNLIKELY_RISK',
    },
  },
  // people in uniform
  {
    why: 'the names of twelve officers, open on the net',
    given: {
      ...theft,
      'breach.cause': 'INTERNAL_NON_MALICIOUS',
      'breach.incidentTypes': ['UNINTENDED_PUBLICATION'],
      'data.categories': ['BASIC'],
      'people.categories': ['MILITARY_OR_LAW_ENFORCEMENT'],
      'people.count': 12,
    },
    level: 'RISK_NOT_HIGH',
    rule: 'R-604',
    twin: { why: 'of twelve clerks', flip: { 'people.categories': ['EMPLOYEES'] }, level: 'UNLIKELY_RISK' },
  },
]);

test('a new fact that is missing is asked for where it would lower the level', () => {
  const { hints } = assessed(facts(slip));
  expect(hints.join(' ')).toContain('worse assumption about confidentiality.recipientBound');
});

const list = {
  'breach.nature': ['CONFIDENTIALITY'],
  'breach.cause': 'INTERNAL_NON_MALICIOUS',
  'data.categories': ['CONTACT'],
  'data.identifiability': 'MAXIMUM',
  'data.unintelligible': 'NO',
  'people.categories': ['CUSTOMERS'],
  'people.count': 40,
} as const;

test.each([
  ['left open', { 'breach.incidentTypes': 'pending', 'confidentiality.recipients': 'UNKNOWN_RECIPIENTS' }],
  ['left open beside a kind', { 'breach.incidentTypes': ['OTHER', 'TBD'] }],
  ['not said, nor who has the data', {}],
])('R-114, R-627: a kind of incident that is %s may be a lost thing', (_why, change) => {
  const { level, missing, factors } = assessed(facts({ ...list, 'confidentiality.outcome': 'DISCLOSED', ...change }));
  expect(level).toBe('RISK_NOT_HIGH');
  expect(factors.map(({ rule }) => rule)).toContain('R-114');
  expect(missing).toContainEqual({ fact: 'breach.incidentTypes', assumed: 'a thing that holds the data is gone' });
});

test('that a thing is gone is said as a fact only where somebody said so (R-114)', () => {
  const reason = (types: string[] | 'pending') =>
    assessed(
      facts({
        ...list,
        'confidentiality.outcome': 'DISCLOSED',
        'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
        'breach.incidentTypes': types,
      }),
    ).factors.find(({ rule }) => rule === 'R-114')?.says;
  expect([reason(['DEVICE_LOST_STOLEN']), reason('pending')]).toEqual([
    expect.stringMatching(/^The thing that holds the data is gone/),
    expect.stringMatching(
      /^While breach.incidentTypes is not known, .*A device or papers that hold the data may be lost/,
    ),
  ]);
});

test('that nobody saw the data is named as what must be provable, also where no confidentiality breach is named (R-204)', () => {
  const { level, hints } = assessed(
    facts({
      'breach.nature': ['AVAILABILITY'],
      'breach.incidentTypes': ['RANSOMWARE'],
      'breach.cause': 'EXTERNAL_MALICIOUS',
      'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED',
      'availability.outcome': 'TEMPORARY',
      'availability.recovery': 'WITHOUT_DIFFICULTY',
      'availability.effectOnPeople': false,
      'availability.outageHours': 2,
      'data.categories': ['CONTACT'],
      'data.identifiability': 'LIMITED',
      'people.categories': ['CUSTOMERS'],
      'people.count': 40,
    }),
  );
  expect([level, hints.find((hint) => hint.includes('must be able to show'))]).toEqual([
    'UNLIKELY_RISK',
    expect.stringContaining('keep what proves confidentiality.outcome'),
  ]);
});

test('what nobody need answer is named where a yes would raise the level', () => {
  const mail = {
    ...list,
    'breach.incidentTypes': ['NO_BCC'],
    'confidentiality.outcome': 'DISCLOSED',
    'confidentiality.recipients': 'KNOWN_RECIPIENTS',
  };
  const open = (given: object) =>
    assessed(facts({ ...mail, ...given })).hints.filter((h) => h.startsWith('Not answered'));
  expect(open({})).toEqual([
    'Not answered, and taken for no, as it is seldom so: it would be HIGH_RISK if controller.sensitiveField were yes, RISK_NOT_HIGH if data.professionalSecrecy were yes, HIGH_RISK if somebody whose address it is hides from whoever has it (harm.types PHYSICAL_OR_MENTAL_HARM).',
  ]);
  const answered = { 'controller.sensitiveField': false, 'data.professionalSecrecy': false, 'harm.types': ['OTHER'] };
  expect(open(answered)).toEqual([]);
});

const pseudonyms = {
  'breach.nature': ['CONFIDENTIALITY'],
  'breach.cause': 'EXTERNAL_MALICIOUS',
  'breach.incidentTypes': ['EXFILTRATION'],
  'data.categories': ['HEALTH'],
  'data.identifiability': 'NEGLIGIBLE',
  'data.unintelligible': 'NO',
  'people.categories': ['PATIENTS'],
  'people.count': { min: 5000, likely: 5000, max: 5000 },
  'confidentiality.outcome': 'DISCLOSED',
  'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
} as const;
holds([
  // what a person found is not talked away by how hard it is to tell who it is
  {
    why: 'pseudonyms that a person holds to be of severe harm',
    given: { ...pseudonyms, 'harm.severity': 'SEVERE' },
    level: 'HIGH_RISK',
    rule: 'R-625',
    twin: { why: 'of minor harm', flip: { 'harm.severity': 'MINOR' }, level: 'RISK_NOT_HIGH' },
  },
  {
    why: 'pseudonyms that are expected to be undone, in a class of data that weighs most',
    given: { ...pseudonyms, 'data.contextAdjustment': 0, 'harm.types': ['UNAUTHORISED_REVERSAL_OF_PSEUDONYMISATION'] },
    level: 'HIGH_RISK',
    rule: 'R-625',
    twin: { why: 'not expected', flip: { 'harm.types': ['LOSS_OF_CONTROL'] }, level: 'RISK_NOT_HIGH' },
  },
]);
