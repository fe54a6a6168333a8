import { expect, test } from '@jest/globals';
import { assessed, facts } from './facts.js';
import { holds } from './row.js';

// one wrong recipient

const oneMail = {
  'breach.nature': ['CONFIDENTIALITY'],
  'breach.incidentTypes': ['SENT_BY_MISTAKE'],
  'breach.cause': 'INTERNAL_NON_MALICIOUS',
  'data.categories': ['BASIC', 'ADDITIONAL'],
  'data.identifiability': 'MAXIMUM',
  'data.unintelligible': 'NO',
  'people.categories': ['CUSTOMERS'],
  'people.count': 10,
  'confidentiality.outcome': 'DISCLOSED',
  'confidentiality.recipients': 'KNOWN_RECIPIENTS',
  'confidentiality.recipientCount': 1,
  'confidentiality.recipientTrusted': false,
} as const;
const unsaid = { 'confidentiality.recipientTrusted': 'pending' } as const;

holds([
  {
    why: 'ten people, one recipient whom nobody trusts',
    given: oneMail,
    level: 'UNLIKELY_RISK',
    rule: 'R-206',
    twin: { why: 'eleven', flip: { 'people.count': 11 }, level: 'RISK_NOT_HIGH' },
  },
  {
    why: 'eleven people, and nobody knows whether to trust the recipient',
    given: { ...oneMail, ...unsaid, 'people.count': 11 },
    level: 'RISK_NOT_HIGH',
    rule: 'R-601',
    twin: { why: 'a trusted one', flip: { 'confidentiality.recipientTrusted': true }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'five thousand people in one untrusted hand',
    given: { ...oneMail, 'people.count': 5000 },
    level: 'RISK_NOT_HIGH',
    rule: 'R-628',
    twin: { why: 'a trusted hand', flip: { 'confidentiality.recipientTrusted': true }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'the profile of one person',
    given: { ...oneMail, 'data.categories': ['BASIC', 'PROFILE'], 'people.count': 1 },
    level: 'RISK_NOT_HIGH',
    rule: 'R-601',
    twin: { why: 'no profile', flip: { 'data.categories': ['BASIC', 'ADDITIONAL'] }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'published, though one reader is known',
    given: { ...oneMail, 'breach.incidentTypes': ['UNINTENDED_PUBLICATION'] },
    level: 'RISK_NOT_HIGH',
    rule: 'R-640',
    twin: { why: 'sent to one', flip: { 'breach.incidentTypes': ['SENT_BY_MISTAKE'] }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'published, though the one reader who is known can be trusted: others may have come by',
    given: {
      ...oneMail,
      'people.count': 3000,
      'breach.incidentTypes': ['UNINTENDED_PUBLICATION'],
      'confidentiality.recipientTrusted': true,
    },
    level: 'RISK_NOT_HIGH',
    rule: 'R-628',
    twin: { why: 'sent to that one', flip: { 'breach.incidentTypes': ['SENT_BY_MISTAKE'] }, level: 'UNLIKELY_RISK' },
  },
]);

// what a person found about the harm, and a rule that would set it aside

const taken = {
  ...oneMail,
  'breach.incidentTypes': ['EXFILTRATION'],
  'breach.cause': 'EXTERNAL_MALICIOUS',
  'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
  'confidentiality.recipientCount': 'pending',
} as const;
const unharmed = { 'harm.severity': 'MINOR', 'harm.types': ['LOSS_OF_CONTROL'] } as const;

holds([
  {
    why: 'public before, and a person finds the harm severe',
    given: { ...taken, 'data.categories': ['BASIC', 'CONTACT'], 'data.alreadyPublic': true, 'harm.severity': 'SEVERE' },
    level: 'RISK_NOT_HIGH',
    rule: 'R-624',
    twin: { why: 'minor', flip: unharmed, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'public before, and a person expects fraud',
    given: { ...taken, 'data.categories': ['BASIC', 'CONTACT'], 'data.alreadyPublic': true, 'harm.types': ['FRAUD'] },
    level: 'RISK_NOT_HIGH',
    rule: 'R-602',
    twin: { why: 'none', flip: unharmed, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'hashes of passwords alone, and a person finds the harm moderate',
    given: {
      ...taken,
      'data.categories': ['CREDENTIALS'],
      'protection.passwordsSaltedAndHashed': true,
      'harm.severity': 'MODERATE',
    },
    level: 'RISK_NOT_HIGH',
    rule: 'R-650',
    twin: { why: 'minor', flip: unharmed, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'hashes of passwords alone, of a controller in whose records to be is sensitive',
    given: {
      ...taken,
      'data.categories': ['CREDENTIALS'],
      'protection.passwordsSaltedAndHashed': true,
      'controller.sensitiveField': true,
    },
    level: 'HIGH_RISK',
    rule: 'R-610',
    twin: { why: 'of any other', flip: { 'controller.sensitiveField': false }, level: 'UNLIKELY_RISK' },
  },
]);

test.each([['SEX_LIFE_ORIENTATION'], ['CRIMINAL'], ['PAYMENT'], ['CREDENTIALS'], ['PROFILE']])(
  'R-206 is never a reason with %s',
  (kind) => {
    const { level, factors } = assessed(facts({ ...oneMail, 'data.categories': ['BASIC', kind], 'people.count': 1 }));
    expect(level).not.toBe('UNLIKELY_RISK');
    expect(factors.map(({ rule }) => rule)).not.toContain('R-206');
  },
);

test.each([
  ['trust denied', { 'people.count': 11 }],
  ['trust not known', { ...unsaid, 'people.count': 11 }],
  ['so few that trust does not matter yet', {}],
])('what would flip one wrong recipient names the trust: %s', (_why, change) => {
  const { hints } = assessed(facts({ ...oneMail, ...change }));
  expect(hints.filter((hint) => hint.startsWith('What would flip it')).join(' ')).toContain(
    'confidentiality.recipientTrusted',
  );
});

// what the facts say happened counts though the nature does not name it

const denied = {
  'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED',
  'confidentiality.recipients': 'NO_EVIDENCE_OF_ACCESS',
} as const;
const onlyBriefly = {
  ...denied,
  'breach.nature': ['AVAILABILITY'],
  'breach.cause': 'EXTERNAL_MALICIOUS',
  'data.categories': ['BASIC', 'HEALTH'],
  'data.identifiability': 'MAXIMUM',
  'data.unintelligible': 'NO',
  'people.categories': ['CUSTOMERS'],
  'people.count': 50,
  'availability.outcome': 'TEMPORARY',
  'availability.recovery': 'WITHOUT_DIFFICULTY',
  'availability.effectOnPeople': false,
} as const;
const unseen = { ...onlyBriefly, 'breach.nature': ['INTEGRITY'], 'integrity.outcome': 'ALTERED_NO_USE' } as const;
const harmless = { why: 'the facts deny it too', flip: denied, level: 'UNLIKELY_RISK' } as const;
holds([
  ...['DISCLOSED', 'LIKELY_NO_EVIDENCE', 'NOT_ASSESSABLE'].map((outcome) => ({
    why: `only availability is named, and the outcome is ${outcome}`,
    given: { ...onlyBriefly, 'confidentiality.outcome': outcome },
    level: 'HIGH_RISK' as const,
    rule: 'R-103',
    twin: harmless,
  })),
  {
    why: 'only availability is named, and strangers have the data',
    given: {
      ...onlyBriefly,
      'confidentiality.outcome': 'DISCLOSED',
      'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
    },
    level: 'HIGH_RISK',
    rule: 'R-103',
    twin: harmless,
  },
  {
    why: 'only availability is named, and changed data were used',
    given: { ...onlyBriefly, 'integrity.outcome': 'ALTERED_USED_LOST' },
    level: 'HIGH_RISK',
    rule: 'R-103',
    twin: { why: 'nothing was changed', flip: { 'integrity.outcome': 'not_applicable' }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'only integrity is named, and the data are lost for good',
    given: {
      ...unseen,
      'data.categories': ['BASIC'],
      'availability.outcome': 'PERMANENT',
      'availability.recovery': 'NOT_POSSIBLE',
    },
    level: 'RISK_NOT_HIGH',
    rule: 'R-103',
    twin: {
      why: 'they came back at once',
      flip: { 'availability.outcome': 'TEMPORARY', 'availability.recovery': 'WITHOUT_DIFFICULTY' },
      level: 'UNLIKELY_RISK',
    },
  },
]);
test('a part that the nature does not name is said to be taken for the worse', () => {
  const { factors } = assessed(facts({ ...onlyBriefly, 'confidentiality.outcome': 'DISCLOSED' }));
  expect(factors.find(({ rule }) => rule === 'R-103')?.says).toContain('breach.nature does not name CONFIDENTIALITY');
});

// what is gone, nobody can watch

const lost = {
  ...denied,
  'breach.nature': ['CONFIDENTIALITY'],
  'breach.incidentTypes': ['DEVICE_LOST_STOLEN'],
  'breach.cause': 'INTERNAL_NON_MALICIOUS',
  'data.categories': ['BASIC', 'CONTACT'],
  'data.identifiability': 'MAXIMUM',
  'data.unintelligible': 'NO',
  'people.categories': ['CUSTOMERS'],
  'people.count': 30,
} as const;
const sealed = {
  'data.unintelligible': 'PROTECTION_INTACT',
  'protection.algorithmStandardised': true,
  'protection.keySafe': true,
  'protection.keyStrong': true,
  'protection.keyStoredApart': true,
  'protection.appliedToAffectedData': true,
} as const;
holds([
  ...['DEVICE_LOST_STOLEN', 'PAPER_LOST_STOLEN', 'MAIL_LOST_OPENED'].flatMap((type) =>
    ['NO', 'LIKELY_SUBVERTIBLE', 'NOT_ASSESSABLE'].map((state) => ({
      why: `${type}, said that nobody read it, data.unintelligible ${state}`,
      given: { ...lost, 'breach.incidentTypes': [type], 'data.unintelligible': state },
      level: 'RISK_NOT_HIGH' as const,
      rule: 'R-114',
      twin: { why: 'encrypted, and the key is safe', flip: sealed, level: 'UNLIKELY_RISK' as const },
    })),
  ),
  {
    why: 'an encrypted device, and nobody knows whether the key went with it',
    given: { ...lost, ...sealed, 'protection.keySafe': { value: null, certainty: 'undeterminable' } },
    level: 'RISK_NOT_HIGH',
    rule: 'R-114',
    twin: { why: 'the key is safe', flip: { 'protection.keySafe': true }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'health data on a lost device',
    given: { ...lost, 'data.categories': ['BASIC', 'HEALTH'] },
    level: 'HIGH_RISK',
    rule: 'R-610',
    twin: {
      why: 'no thing is gone, and logs show that nobody looked',
      flip: { 'breach.incidentTypes': ['WRONG_PERMISSIONS'] },
      level: 'UNLIKELY_RISK',
    },
  },
]);

// only health data can be a trifle because the harm is minor

const course = {
  ...oneMail,
  'data.categories': ['BASIC', 'CONTACT', 'HEALTH'],
  'people.count': 15,
  'confidentiality.recipientCount': 15,
  'harm.severity': 'MINOR',
} as const;
holds(
  [
    'GENETIC',
    'BIOMETRIC',
    'SEX_LIFE_ORIENTATION',
    'RACE_ETHNIC',
    'POLITICAL',
    'RELIGION_PHILOSOPHY',
    'TRADE_UNION',
    'CRIMINAL',
  ].map((kind) => ({
    why: `${kind}, harm judged minor`,
    given: { ...course, 'data.categories': ['BASIC', 'CONTACT', kind] },
    level: 'HIGH_RISK' as const,
    rule: 'R-610',
    twin: {
      why: 'a food intolerance instead',
      flip: { 'data.categories': ['BASIC', 'CONTACT', 'HEALTH'] },
      level: 'UNLIKELY_RISK' as const,
    },
  })),
);
