import { expect, test } from '@jest/globals';
import { LONG_OUTAGE_HOURS, MANY_PEOPLE } from '../../../domain/law/provisions.js';
import { assessed, facts } from './facts.js';
import { holds } from './row.js';

// a loss for a time is measured by its effect on people; how long and for what is what speaks for one

const gap = {
  'breach.nature': ['AVAILABILITY'],
  'breach.incidentTypes': ['TECHNICAL_MALFUNCTION'],
  'breach.cause': 'INTERNAL_NON_MALICIOUS',
  'data.categories': ['BASIC', 'CONTACT'],
  'data.identifiability': 'MAXIMUM',
  'people.categories': ['CUSTOMERS'],
  'people.count': 900,
  'availability.outcome': 'TEMPORARY',
  'availability.recovery': 'WITHOUT_DIFFICULTY',
} as const;
const nobody = { 'availability.effectOnPeople': false } as const;
const needed = { 'availability.essentialService': true } as const;
const unneeded = { 'availability.essentialService': false } as const;
const short = { 'availability.outageHours': LONG_OUTAGE_HOURS } as const;
const long = { 'availability.outageHours': LONG_OUTAGE_HOURS + 1 } as const;
const ward = { ...gap, 'data.categories': ['BASIC', 'HEALTH'], 'people.categories': ['PATIENTS'] } as const;

holds([
  {
    why: 'a service that people depend on, out for more than a day, nobody seen to suffer',
    given: { ...gap, ...nobody, ...needed, ...long },
    level: 'RISK_NOT_HIGH',
    rule: 'R-104',
    twin: { why: 'for a day', flip: short, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'the most of a range counts',
    given: { ...gap, ...nobody, ...needed, 'availability.outageHours': '2-30' },
    level: 'RISK_NOT_HIGH',
    rule: 'R-104',
    twin: { why: 'a newsletter', flip: unneeded, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'people depend on it, and nobody said for how long',
    given: { ...gap, ...nobody, ...needed },
    level: 'RISK_NOT_HIGH',
    rule: 'R-104',
    twin: { why: 'an hour', flip: { 'availability.outageHours': 1 }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'three days, and nobody said whether people depend on it',
    given: { ...gap, ...nobody, 'availability.outageHours': 72 },
    level: 'RISK_NOT_HIGH',
    rule: 'R-104',
    twin: { why: 'nobody does', flip: unneeded, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'no end can be seen',
    given: { ...gap, ...nobody, ...needed, ...short, 'availability.recoveryTime': 'EXTENDED' },
    level: 'RISK_NOT_HIGH',
    rule: 'R-104',
    twin: { why: 'it can', flip: { 'availability.recoveryTime': 'SUPPLEMENTED' }, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'patients did not get what they depend on: that nobody suffered is not believed',
    given: { ...ward, ...nobody, ...needed, ...short, 'availability.serviceImpact': 'MEDIUM_SOME_NOT_SERVED' },
    level: 'HIGH_RISK',
    rule: 'R-104',
    twin: {
      why: 'all were served, late',
      flip: { 'availability.serviceImpact': 'LOW_SERVED_WITH_DELAY' },
      level: 'UNLIKELY_RISK',
    },
  },
  {
    why: 'patients were not served, and nobody said whether they depend on it',
    given: { ...ward, ...nobody, ...short, 'availability.serviceImpact': 'HIGH_NONE_SERVED' },
    level: 'RISK_NOT_HIGH',
    rule: 'R-104',
    twin: { why: 'it was the canteen', flip: unneeded, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'nobody said whether anybody suffered',
    given: { ...gap, ...short },
    level: 'RISK_NOT_HIGH',
    rule: 'R-104',
    twin: { why: 'and nobody depends on it', flip: unneeded, level: 'UNLIKELY_RISK' },
  },
  {
    why: 'nobody depends on it, for more than a day',
    given: { ...gap, ...unneeded, ...long },
    level: 'RISK_NOT_HIGH',
    rule: 'R-104',
    twin: {
      why: 'for a day, and it comes back only with effort',
      flip: { ...short, 'availability.recovery': 'WITH_EFFORT' },
      level: 'UNLIKELY_RISK',
    },
  },
  {
    why: 'data were deleted, and only confidentiality is named',
    given: {
      ...gap,
      'breach.nature': ['CONFIDENTIALITY'],
      'confidentiality.outcome': 'NOT_DISCLOSED_EVIDENCED',
      'availability.outcome': 'not_applicable',
      'availability.recovery': 'not_applicable',
      'breach.incidentTypes': ['DATA_DELETED'],
    },
    level: 'HIGH_RISK',
    rule: 'R-103',
    twin: {
      why: 'nothing was deleted',
      flip: { 'breach.incidentTypes': ['MISCONFIGURATION'] },
      level: 'UNLIKELY_RISK',
    },
  },
]);

test.each(['availability.outageHours', 'availability.essentialService', 'availability.recoveryTime'] as const)(
  'what was taken up and left open counts as the worse, and is named: %s',
  (id) => {
    const given = id === 'availability.essentialService' ? long : { ...needed, ...short };
    const { level, missing } = assessed(facts({ ...gap, ...nobody, ...given, [id]: 'pending' }));
    expect(level).toBe('RISK_NOT_HIGH');
    expect(missing.map(({ fact }) => fact)).toContain(id);
  },
);

test('the hint says which fact of the outage the level hangs on', () => {
  const { hints } = assessed(facts({ ...gap, ...nobody, ...needed, ...long }));
  expect(hints.join(' ')).toMatch(
    /it would be UNLIKELY_RISK if availability\.outageHours were 0, or availability\.essentialService were no/,
  );
});

test('a house value is called one where it decides', () => {
  const outOfReach = assessed(facts({ ...gap, ...nobody, ...needed, ...long })).factors;
  const many = assessed(
    facts({
      ...gap,
      'breach.nature': ['CONFIDENTIALITY'],
      'confidentiality.outcome': 'DISCLOSED',
      'breach.cause': 'EXTERNAL_MALICIOUS',
    }),
  ).factors;
  for (const factors of [outOfReach, many]) expect(factors.map(({ says }) => says).join(' ')).toContain('house value');
  const figures = many.filter(({ says }) => says.includes(` ${MANY_PEOPLE} people`));
  expect(figures.length).toBeGreaterThan(1);
  for (const { says } of figures) expect(says).toContain('house value');
});
