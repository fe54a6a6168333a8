import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { CANARY, CONTROL } from './canaries.js';
import { formsOf, tracesIn } from './traces.js';

// form of the text                                          why this row is here
const HIDDEN: readonly (readonly [(t: string) => Buffer, string])[] = [
  [(t) => Buffer.from(t), 'as it is'],
  [(t) => Buffer.from(t.toUpperCase()), 'in capitals'],
  [(t) => Buffer.from(t, 'utf16le'), 'UTF-16, little end first'],
  [(t) => Buffer.from(t, 'utf16le').swap16(), 'UTF-16, big end first'],
  [(t) => Buffer.from(Buffer.from(t).toString('hex').toUpperCase()), 'hex in capitals'],
  [(t) => Buffer.from(Buffer.from(t).toString('hex').replace(/../g, '%$&')), 'each byte percent-encoded'],
  ...[0, 1, 2].flatMap((before) =>
    [0, 1, 2].map(
      (after) =>
        [
          (t: string) =>
            Buffer.from(
              Buffer.from(`${'ÿ'.repeat(before)}${'x'.repeat(before)}${t}${'?'.repeat(after)}`, 'latin1').toString(
                'base64',
              ),
            ),
          `base64 with ${2 * before} bytes before and ${after} behind`,
        ] as const,
    ),
  ),
  [(t) => Buffer.from(Buffer.from(`{"a":"??>${t}"}`).toString('base64url')), 'base64url'],
];
for (const [hide, why] of HIDDEN) {
  test(`the search finds a text ${why}`, () => {
    const bytes = Buffer.concat([randomBytes(1_001), hide(CONTROL), randomBytes(501)]);
    expect(tracesIn(bytes, CONTROL)).not.toEqual([]);
    expect(tracesIn(bytes, CANARY)).toEqual([]);
  });
}

test('the forms that are searched for differ from each other', () => {
  const forms = [...formsOf(CANARY).values()];
  expect(forms.every((form) => form.length >= 12)).toBe(true);
});
