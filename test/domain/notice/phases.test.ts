import { expect, test } from '@jest/globals';
import { formProblems } from '../../../adapters/render/notice-form.js';
import { noticeText } from '../../../adapters/render/notice-text.js';
import { toForm } from '../../../domain/notice/form.js';
import { noticeSections } from '../../../domain/notice/rows.js';
import { noticeCases } from '../../adapters/render/cases.js';

// case                   rows 3 and 4        why this row is here
const phases = [
  ['high-risk-hospital', ['a', 'b'], 'new, and the people are still to be told'],
  ['thin', ['a', 'b'], 'new and incomplete: file what we have (Art. 33(4))'],
  ['late-with-reasons', ['a', 'a'], 'new and complete, late, with its reasons'],
  ['follow-up', ['b', 'a'], 'a follow-up that completes'],
  ['follow-up-incomplete', ['b', 'b'], 'a follow-up with more to come'],
  ['withdrawal', ['b', 'c'], 'a withdrawal is always a follow-up (R-224)'],
  ['scripts-drill', ['a', 'b'], 'a drill'],
] as const;
const cases = new Map(noticeCases().map((one) => [one.name, one]));

test('there is a row for every case', () => expect([...cases.keys()]).toEqual(phases.map(([name]) => name)));
for (const [name, letters, why] of phases) {
  test(`${name}: ${why}; the form fits the published schema`, () => {
    const one = cases.get(name);
    const form = one ? toForm(one.content, one.envelope) : {};
    expect([form['field_3'], form['field_4']]).toEqual(letters);
    expect(formProblems(form)).toEqual([]);
    expect(form['field_5'] !== undefined).toBe(letters[1] === 'c');
  });
}

test('a late notice carries its reasons, one in time has no such row (R-203)', () => {
  const reasons = (name: string) => {
    const one = cases.get(name);
    return one && toForm(one.content, one.envelope)['field_49'];
  };
  expect(reasons('late-with-reasons')).toContain('two alarms were not acknowledged');
  expect([reasons('high-risk-hospital'), reasons('thin')]).toEqual([undefined, undefined]);
});

test('a follow-up begins with what changed and why, before anything else', () => {
  const one = cases.get('follow-up');
  const text = one ? noticeText(one.content, one.envelope) : '';
  const at = (part: string) => text.indexOf(part);
  expect(at('CHANGED SINCE PHASE 1')).toBeGreaterThan(0);
  expect(at('CHANGED SINCE PHASE 1')).toBeLessThan(at('THE NOTIFICATION'));
  expect(at('why: Not known before; known now')).toBeGreaterThan(0);
});

test('a withdrawal promises nothing more', () => {
  const one = cases.get('withdrawal');
  const rows = one ? noticeSections(one.content, one.envelope).flatMap((section) => section.rows) : [];
  expect(rows.filter(({ state }) => state === 'pending')).toEqual([]);
  expect(one?.content.changes).toEqual([]);
});
