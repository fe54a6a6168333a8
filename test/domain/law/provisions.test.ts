import { expect, test } from '@jest/globals';
import { confirmedLadder, statutoryDeadline, strictDeadline } from '../../../domain/clock/deadlines.js';
import { HOUR_MS, msBetween } from '../../../domain/clock/instant.js';
import { isDate } from '../../../domain/clock/read-instant.js';
import {
  basisOf,
  LAW,
  NOTIFY_WITHIN_HOURS,
  RULE_SETS,
  RULES,
  type RuleSet,
  ruleSet,
  ruleSetAt,
  rulesAt,
} from '../../../domain/law/provisions.js';
import { proposeDuties, whoIsTold } from '../../../domain/duties/propose.js';
import { DEFAULT_PLAYBOOK } from '../../../domain/incident/organisation.js';

test.each(Object.entries(LAW))(
  '%s has a rule, a source, the day from which it applies and the day somebody checked it',
  (_name, provision) => {
    expect(provision.rule).toMatch(/^R-\d{3,4}$/);
    expect(provision.url).toMatch(/^https:\/\//);
    expect(provision.appliesFrom === null || isDate(provision.appliesFrom)).toBe(true);
    expect(isDate(provision.checkedOn)).toBe(true);
    expect(['primary', 'secondary', 'knowledge', 'house']).toContain(provision.evidence);
    expect(provision.cite.startsWith('House rule')).toBe(provision.evidence === 'house');
    expect(provision.says.endsWith('.')).toBe(true);
  },
);

const versions = [
  ['2026-03-02T09:00:00.000Z', 'an ordinary case'],
  ['2018-05-25T00:00:00.000Z', 'the first moment of the GDPR'],
  ['2018-05-24T23:59:59.999Z', 'before it: the engine knows no older law'],
  [null, 'not aware yet'],
] as const;
for (const [awareAt, why] of versions) {
  test(`rules are chosen by awareness: ${why}`, () => expect(rulesAt(awareAt)).toBe('gdpr-2018-05-25'));
}

test('the newest rules are the ones in force today', () => expect(RULES).toBe('gdpr-2018-05-25'));

test('the default playbook calls nobody for the first time after the deadline', () => {
  expect(Math.min(...DEFAULT_PLAYBOOK.confirmedHours)).toBeLessThan(NOTIFY_WITHIN_HOURS);
});

test('a basis is the rule and the citation, without the prose', () => {
  expect(basisOf(LAW.notifyAuthority)).toEqual({ rule: 'R-201', cite: 'GDPR Art. 33(1)' });
});

const IN_FORCE = ruleSet('gdpr-2018-05-25') as RuleSet;
const PROPOSED = ruleSet('com-2025-837') as RuleSet;

test('a proposal is off and has no date: no instant ever chooses it (R-823)', () => {
  expect(PROPOSED).toMatchObject({ on: false, appliesFrom: null });
  for (const awareAt of ['2026-11-22T09:00:00.000Z', '2099-01-01T00:00:00.000Z', null])
    expect(ruleSetAt(awareAt).version).toBe(IN_FORCE.version);
});

test('versions have names of their own, and there is none of another name', () => {
  expect(new Set(RULE_SETS.map(({ version }) => version)).size).toBe(RULE_SETS.length);
  expect(ruleSet('gdpr-2017')).toBeUndefined();
});

// As if the proposal became law: the day is made up.
const SUCCEEDED: readonly RuleSet[] = [
  { ...PROPOSED, on: true, appliesFrom: '2028-03-01' },
  { ...IN_FORCE, appliesUntil: '2028-02-29' },
];
const boundary = [
  ['2028-02-29T23:59:59.999Z', 'gdpr-2018-05-25', 72, 'the last millisecond of the old rules'],
  ['2028-03-01T00:00:00.000Z', 'com-2025-837', 96, 'the first of the new ones'],
  ['2030-01-01T00:00:00.000Z', 'com-2025-837', 96, 'long after'],
  ['2026-01-01T00:00:00.000Z', 'gdpr-2018-05-25', 72, 'an old incident keeps the rules of its day'],
  [null, 'com-2025-837', 96, 'not aware yet: the newest'],
] as const;
for (const [awareAt, version, hours, why] of boundary) {
  test(`a new law in time: ${why}`, () => {
    const rules = ruleSetAt(awareAt, SUCCEEDED);
    expect(rules.version).toBe(version);
    if (awareAt) expect(msBetween(awareAt, strictDeadline(awareAt, rules))).toBe(hours * HOUR_MS);
  });
}

test('96 hours move the deadline, the statutory reading and the end of the ladder, and nothing else', () => {
  const aware = '2026-03-02T09:00:00.000Z';
  expect(strictDeadline(aware, PROPOSED)).toBe('2026-03-06T09:00:00.000Z');
  expect(statutoryDeadline(aware, () => 0, 'UTC', PROPOSED)).toBe('2026-03-06T10:00:00.000Z');
  const ladder = confirmedLadder(aware, DEFAULT_PLAYBOOK, PROPOSED);
  expect(ladder.at(-1)).toEqual({ id: 'aware+96h', kind: 'deadline', dueAt: '2026-03-06T09:00:00.000Z' });
  expect(ladder.filter(({ kind }) => kind === 'deadline')).toHaveLength(1);
});

// biome-ignore format: a table is read by the row
const thresholds = [
  ['UNLIKELY_RISK', false, false, 'no notice under either'],
  ['RISK_NOT_HIGH', true, false, 'the row that differs: a risk that is not high'],
  ['HIGH_RISK', true, true, 'a high risk is notified under both'],
  ['MORE_INFO_NEEDED', true, true, 'undecided goes the safe way under both (R-204)'],
] as const;
for (const [level, now, then, why] of thresholds) {
  test(`who is told under the proposal: ${why}`, () => {
    expect(whoIsTold(level, { rules: IN_FORCE }).notifyAuthority).toBe(now);
    expect(whoIsTold(level, { rules: PROPOSED }).notifyAuthority).toBe(then);
    const duties = proposeDuties(level, '2026-03-02T09:00:00.000Z', DEFAULT_PLAYBOOK, { rules: PROPOSED });
    expect(duties.some(({ kind }) => kind === 'authority-notice')).toBe(then);
    expect(duties.some(({ kind }) => kind === 'register')).toBe(true);
  });
}
