import { expect, test } from '@jest/globals';
import type { FactId } from '../../../domain/incident/facts.js';
import { DEFAULT_PLAYBOOK } from '../../../domain/incident/organisation.js';
import { assess } from '../../../domain/risk/assess.js';
import { dutiesOf } from '../../../domain/risk/decision-table.js';
import { RISK_LEVELS, type RiskLevel } from '../../../domain/risk/levels.js';
import { assessed, facts } from './facts.js';

const nothing = assessed({});

test('with no facts at all the answers are on the safe side, and what was assumed and what to find out is named', () => {
  expect(nothing).toMatchObject({
    level: 'MORE_INFO_NEEDED',
    notifyAuthority: true,
    tellPeople: true,
    register: true,
  });
  expect(nothing.hints.join(' ')).toContain('proposed on the safe side');
  expect(nothing.duties.map(({ kind }) => kind)).toEqual(['authority-notice', 'register']);
  expect(nothing.severity.se).toBe(6);
  expect(nothing.missing.slice(0, 3).map(({ fact }) => fact)).toEqual([
    'breach.nature',
    'data.categories',
    'confidentiality.outcome',
  ]);
  expect(nothing.hints.join(' ')).toContain('breach.nature, data.categories');
});

const leak = {
  'breach.nature': ['CONFIDENTIALITY'],
  'data.categories': ['BASIC', 'CONTACT'],
  'confidentiality.outcome': 'DISCLOSED',
  'confidentiality.recipients': 'KNOWN_RECIPIENTS',
  'confidentiality.recipientTrusted': false,
  'data.unintelligible': 'NO',
  'breach.cause': 'INTERNAL_NON_MALICIOUS',
  'people.categories': ['CUSTOMERS'],
  'people.count': 12,
  'data.identifiability': 'MAXIMUM',
} as const;

test('e-mails in open CC to a dozen known recipients: a risk is unlikely (V-02)', () => {
  expect(assessed(facts(leak))).toMatchObject({ level: 'UNLIKELY_RISK', severity: { se: 1.25 } });
});

// each row turns one fact of the leak above over
const turned: readonly [Partial<Record<FactId, unknown>>, RiskLevel, string, string][] = [
  [{ 'people.categories': ['MINORS'] }, 'RISK_NOT_HIGH', 'R-604', 'children weigh more'],
  [{ 'people.categories': ['PATIENTS'] }, 'RISK_NOT_HIGH', 'R-604', 'patients weigh more'],
  [{ 'data.categories': ['BASIC', 'HEALTH'] }, 'HIGH_RISK', 'R-610', 'health data of identified people'],
  [
    { 'data.categories': ['BASIC', 'CRIMINAL'], 'data.contextAdjustment': -3 },
    'RISK_NOT_HIGH',
    'R-610',
    'data on offences never go without a notice',
  ],
  [
    { 'data.categories': ['BASIC', 'HEALTH'], 'confidentiality.recipientTrusted': true },
    'RISK_NOT_HIGH',
    'R-604',
    'a trusted recipient tempers, special categories stay notifiable',
  ],
  [{ 'breach.cause': 'INTERNAL_MALICIOUS' }, 'RISK_NOT_HIGH', 'R-603', 'somebody meant it'],
  [
    { 'breach.cause': 'EXTERNAL_MALICIOUS', 'data.categories': ['PAYMENT'] },
    'HIGH_RISK',
    'R-612',
    'card data in the hands of a thief',
  ],
  [
    { 'confidentiality.recipients': 'UNKNOWN_RECIPIENTS', 'confidentiality.recipientTrusted': 'not_applicable' },
    'UNLIKELY_RISK',
    'R-640',
    'a dozen names published by mistake (V-14)',
  ],
  [
    {
      'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
      'confidentiality.recipientTrusted': 'not_applicable',
      'people.count': 100,
    },
    'UNLIKELY_RISK',
    'R-640',
    'a hundred are not more than a hundred (R-628)',
  ],
  [
    {
      'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
      'confidentiality.recipientTrusted': 'not_applicable',
      'people.count': 101,
    },
    'RISK_NOT_HIGH',
    'R-628',
    'more than a hundred',
  ],
  [
    {
      'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
      'confidentiality.recipientTrusted': 'not_applicable',
      'people.count': '50-150',
    },
    'RISK_NOT_HIGH',
    'R-628',
    'the most there may be counts',
  ],
  [
    {
      'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
      'confidentiality.recipientTrusted': 'not_applicable',
      'data.categories': ['BASIC', 'CONTACT', 'PROFILE'],
    },
    'RISK_NOT_HIGH',
    'R-604',
    'three kinds together',
  ],
  [{ 'harm.severity': 'SEVERE' }, 'HIGH_RISK', 'R-663', 'a person judged the harm severe'],
  [{ 'harm.severity': 'MODERATE' }, 'RISK_NOT_HIGH', 'R-663', 'a person judged the harm moderate'],
  [{ 'harm.types': ['DAMAGE_TO_REPUTATION'] }, 'RISK_NOT_HIGH', 'R-602', 'a harm that the law names'],
  [{ 'harm.types': ['LOSS_OF_CONTROL'] }, 'UNLIKELY_RISK', 'R-640', 'loss of control alone decides nothing'],
  [{ 'confidentiality.outcome': 'TBD' }, 'UNLIKELY_RISK', 'R-640', 'still open, and both readings agree'],
  [
    { 'breach.nature': ['CONFIDENTIALITY', 'INTEGRITY'], 'integrity.outcome': 'ALTERED_NO_USE' },
    'UNLIKELY_RISK',
    'R-603',
    'changed, and no evidence of use: light data',
  ],
  [
    {
      'breach.nature': ['INTEGRITY'],
      'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED',
      'confidentiality.recipients': 'NO_EVIDENCE_OF_ACCESS',
      'confidentiality.recipientTrusted': 'not_applicable',
      'integrity.outcome': 'ALTERED_NO_USE',
      'data.categories': ['BASIC', 'HEALTH'],
    },
    'RISK_NOT_HIGH',
    'R-603',
    'no evidence of use is no evidence of harmlessness where data weigh heavily',
  ],
  [
    { 'breach.nature': ['INTEGRITY'], 'integrity.outcome': 'ALTERED_NO_USE', 'harm.severity': 'SEVERE' },
    'HIGH_RISK',
    'R-663',
    'nor does it undo the harm that a person found',
  ],
  [
    { 'breach.nature': ['CONFIDENTIALITY', 'INTEGRITY'], 'integrity.outcome': 'ALTERED_USED_RECOVERABLE' },
    'RISK_NOT_HIGH',
    'R-603',
    'used before it was put right',
  ],
  [
    {
      'breach.nature': ['AVAILABILITY'],
      'availability.recovery': 'NOT_POSSIBLE',
      'availability.effectOnPeople': false,
    },
    'RISK_NOT_HIGH',
    'R-106',
    'lost for good',
  ],
  [
    {
      'breach.nature': ['AVAILABILITY'],
      'availability.recovery': 'WITHOUT_DIFFICULTY',
      'availability.effectOnPeople': true,
    },
    'RISK_NOT_HIGH',
    'R-104',
    'people suffered although it came back',
  ],
];
for (const [change, level, rule, why] of turned) {
  test(`an open CC turned over: ${why}`, () => {
    const assessment = assessed(facts({ ...leak, ...change }));
    expect(assessment.level).toBe(level);
    expect(assessment.factors.map((factor) => factor.rule)).toContain(rule);
  });
}

test('a deviation from what the score presumes is said (R-640)', () => {
  const { factors } = assessed(facts({ ...leak, 'people.categories': ['MINORS'] }));
  expect(factors.at(-1)?.says).toBe(
    'The score alone (1.25, low) would presume UNLIKELY_RISK; the reasons above lead to RISK_NOT_HIGH.',
  );
});

test('what hangs on an assumption is asked for', () => {
  const { 'people.categories': _left, ...rest } = leak;
  const { level, missing, hints, factors } = assessed(facts(rest));
  expect(level).toBe('RISK_NOT_HIGH');
  expect(missing).toContainEqual({
    fact: 'people.categories',
    assumed: 'minors, patients or other vulnerable people are among them',
  });
  expect(hints.join(' ')).toContain('worse assumption about people.categories');
  // a person copies the reasons: what is assumed must not read like a finding
  expect(factors.find(({ rule }) => rule === 'R-604')?.says).toMatch(
    /^While people\.categories is not known, taken for the worse \(R-627\): /,
  );
});

test('what can never be known is taken for the worse, and settles the level', () => {
  const { level } = assessed(
    facts({
      ...leak,
      'confidentiality.outcome': { value: null, certainty: 'undeterminable' },
      'data.categories': ['BASIC', 'HEALTH'],
    }),
  );
  expect(level).toBe('HIGH_RISK');
  expect(
    assessed(facts({ ...leak, 'confidentiality.outcome': 'pending', 'data.categories': ['BASIC', 'HEALTH'] })).level,
  ).toBe('MORE_INFO_NEEDED');
});

test('measures that removed the risk lift nothing by themselves: a person exempts the duty with its proof', () => {
  const { tellPeople, hints } = assessed(facts({ ...leak, 'harm.severity': 'SEVERE', 'measures.riskRemoved': true }));
  expect(tellPeople).toBe(true);
  expect(hints.join(' ')).toContain('Art. 34(3)(b)');
});

test('duties come with their basis and the instant of the law', () => {
  const { duties } = assessed(facts({ ...leak, 'harm.severity': 'SEVERE' }));
  expect(duties.map(({ kind, basis, dueAt }) => [kind, basis.rule, dueAt])).toEqual([
    ['authority-notice', 'R-201', '2026-03-05T09:00:00.000Z'],
    ['people-message', 'R-401', undefined],
    ['register', 'R-230', undefined],
  ]);
});

test('while nobody is certain there is no instant, and the duty says so', () => {
  const { duties } = assess({ facts: {}, awareAt: null, now: '2026-03-02T12:00:00.000Z', playbook: DEFAULT_PLAYBOOK });
  expect(duties[0]).toMatchObject({ kind: 'authority-notice', asSoonAs: expect.stringContaining('not confirmed yet') });
  expect(duties[0]).not.toHaveProperty('dueAt');
});

const table: readonly [RiskLevel, boolean, boolean][] = [
  ['UNLIKELY_RISK', false, false],
  ['RISK_NOT_HIGH', true, false],
  ['HIGH_RISK', true, true],
  ['MORE_INFO_NEEDED', true, false],
];
test.each(table)('R-606: %s', (level, notifyAuthority, tellPeople) =>
  expect(dutiesOf(level)).toEqual({ notifyAuthority, tellPeople, register: true }),
);
test('the decision table has a row for every level', () =>
  expect(table.map(([level]) => level).sort()).toEqual([...RISK_LEVELS].sort()));
