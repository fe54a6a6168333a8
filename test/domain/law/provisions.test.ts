import { expect, test } from '@jest/globals';
import { isDate } from '../../../domain/clock/read-instant.js';
import { basisOf, LAW, NOTIFY_WITHIN_HOURS, RULES, rulesAt } from '../../../domain/law/provisions.js';
import { DEFAULT_PLAYBOOK } from '../../../domain/incident/organisation.js';

test.each(Object.entries(LAW))(
  '%s has a rule, a source, the day from which it applies and the day somebody checked it',
  (_name, provision) => {
    expect(provision.rule).toMatch(/^R-\d{3,4}$/);
    expect(provision.url).toMatch(/^https:\/\//);
    expect(isDate(provision.appliesFrom) && isDate(provision.checkedOn)).toBe(true);
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
