import { expect, test } from '@jest/globals';
import type { FactId } from '../../../domain/incident/facts.js';
import { assessed, facts } from './facts.js';

type Given = Readonly<Partial<Record<FactId, unknown>>>;
interface CaseRow {
  readonly id: string;
  readonly what: string;
  readonly given: Given;
  /** [authority, people], as EDPB Guidelines 01/2021 decide it. */
  readonly duties: readonly [boolean, boolean];
  /** One decisive fact turned over, and what follows then. */
  readonly twin: { readonly flip: Given; readonly duties: readonly [boolean, boolean]; readonly why: string };
}

const safeKey = {
  'protection.algorithmStandardised': true,
  'protection.keySafe': true,
  'protection.keyStrong': true,
  'protection.keyStoredApart': true,
  'protection.appliedToAffectedData': true,
};

const cases: readonly CaseRow[] = [
  {
    id: 'C-01',
    what: 'ransomware, proper backup, no exfiltration',
    given: {
      'breach.nature': ['AVAILABILITY'],
      'breach.incidentTypes': ['RANSOMWARE'],
      'breach.cause': 'EXTERNAL_MALICIOUS',
      'data.categories': ['BASIC', 'CONTACT'],
      'data.identifiability': 'MAXIMUM',
      'people.categories': ['CUSTOMERS', 'EMPLOYEES'],
      'people.count': 60,
      'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED',
      'availability.outcome': 'TEMPORARY',
      'availability.recovery': 'WITHOUT_DIFFICULTY',
      'availability.effectOnPeople': false,
    },
    duties: [false, false],
    twin: {
      flip: { 'availability.recovery': 'WITH_EFFORT' },
      duties: [true, false],
      why: 'the backup is not complete',
    },
  },
  {
    id: 'C-03',
    what: 'ransomware in a hospital, backup, no exfiltration',
    given: {
      'breach.nature': ['AVAILABILITY'],
      'breach.incidentTypes': ['RANSOMWARE'],
      'breach.cause': 'EXTERNAL_MALICIOUS',
      'data.categories': ['BASIC', 'CONTACT', 'HEALTH'],
      'data.identifiability': 'SIGNIFICANT',
      'people.categories': ['PATIENTS', 'EMPLOYEES'],
      'people.count': '1000-6000',
      'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED',
      'availability.outcome': 'TEMPORARY',
      'availability.recovery': 'WITH_EFFORT',
      'availability.effectOnPeople': true,
    },
    duties: [true, true],
    twin: { flip: { 'availability.effectOnPeople': false }, duties: [true, false], why: 'no treatment was put off' },
  },
  {
    id: 'C-06',
    what: 'exfiltration of hashed passwords from a website',
    given: {
      'breach.nature': ['CONFIDENTIALITY'],
      'breach.incidentTypes': ['HACKING_MALWARE', 'EXFILTRATION'],
      'breach.cause': 'EXTERNAL_MALICIOUS',
      'data.categories': ['CREDENTIALS'],
      'data.context': 'SIMPLE',
      'data.identifiability': 'LIMITED',
      'people.categories': ['USERS'],
      'people.count': 1200,
      'confidentiality.outcome': 'DISCLOSED',
      'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
      'data.unintelligible': 'LIKELY_SUBVERTIBLE',
      'protection.passwordsSaltedAndHashed': true,
    },
    duties: [false, false],
    twin: {
      flip: { 'protection.passwordsSaltedAndHashed': false },
      duties: [true, true],
      why: 'the passwords were in the clear',
    },
  },
  {
    id: 'C-10',
    what: 'stolen device, encrypted',
    given: {
      'breach.nature': ['CONFIDENTIALITY', 'AVAILABILITY'],
      'breach.incidentTypes': ['DEVICE_LOST_STOLEN'],
      'breach.cause': 'EXTERNAL_MALICIOUS',
      'data.categories': ['BASIC', 'CONTACT'],
      'data.identifiability': 'MAXIMUM',
      'people.categories': ['MINORS'],
      'people.count': 40,
      'confidentiality.outcome': 'LIKELY_NO_EVIDENCE',
      'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
      'data.unintelligible': 'PROTECTION_INTACT',
      ...safeKey,
      'availability.recovery': 'WITHOUT_DIFFICULTY',
      'availability.effectOnPeople': false,
    },
    duties: [false, false],
    twin: {
      flip: { 'protection.keySafe': false },
      duties: [true, true],
      why: 'the key was taken with the device, and the people are children',
    },
  },
  {
    id: 'C-16',
    what: 'postal mail mistake of an insurer',
    given: {
      'breach.nature': ['CONFIDENTIALITY'],
      'breach.incidentTypes': ['SENT_BY_MISTAKE'],
      'breach.cause': 'INTERNAL_NON_MALICIOUS',
      'data.categories': ['BASIC', 'CONTACT', 'ECONOMIC_FINANCIAL'],
      'data.context': 'FINANCIAL',
      'data.contextAdjustment': -1,
      'data.identifiability': 'MAXIMUM',
      'people.categories': ['CUSTOMERS'],
      'people.count': 1,
      'confidentiality.outcome': 'DISCLOSED',
      'confidentiality.recipients': 'KNOWN_RECIPIENTS',
      'confidentiality.recipientTrusted': false,
      'data.unintelligible': 'NO',
    },
    duties: [true, false],
    twin: {
      flip: { 'confidentiality.recipientTrusted': true },
      duties: [false, false],
      why: 'a trusted recipient who destroyed the letter',
    },
  },
  {
    id: 'C-18',
    what: 'e-mail exfiltration through forwarding rules',
    given: {
      'breach.nature': ['CONFIDENTIALITY'],
      'breach.incidentTypes': ['PHISHING_SOCIAL_ENGINEERING', 'EXFILTRATION'],
      'breach.cause': 'EXTERNAL_MALICIOUS',
      'data.categories': ['BASIC', 'CONTACT', 'ECONOMIC_FINANCIAL'],
      'data.identifiability': 'MAXIMUM',
      'people.categories': ['EMPLOYEES', 'CUSTOMERS'],
      'people.count': 99,
      'confidentiality.outcome': 'DISCLOSED',
      'data.unintelligible': 'NO',
    },
    duties: [true, true],
    twin: {
      flip: { 'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED' },
      duties: [false, false],
      why: 'the rules were found before a message left',
    },
  },
];

for (const { id, what, given, duties, twin } of cases) {
  test(`${id}: ${what}`, () => {
    const { notifyAuthority, tellPeople, register } = assessed(facts(given));
    expect([notifyAuthority, tellPeople]).toEqual(duties);
    expect(register).toBe(true);
  });
  test(`${id} turned over: ${twin.why}`, () => {
    const { notifyAuthority, tellPeople } = assessed(facts({ ...given, ...twin.flip }));
    expect([notifyAuthority, tellPeople]).toEqual(twin.duties);
  });
  test(`${id}: every reason names its rule`, () => {
    const { factors } = assessed(facts(given));
    expect(factors.length).toBeGreaterThan(0);
    for (const factor of factors) expect(`${factor.rule} ${factor.says}`).toMatch(/^R-\d{3} \S.*\.$/);
  });
}
