import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toInstant } from '../../domain/clock/instant.js';
import { localText, offsetMs, parseInstant, parseTyped, withOffset } from '../../formats/instants.js';

const strict = [
  ['2026-03-02T09:00:00Z', '2026-03-02T09:00:00.000Z', 'UTC'],
  ['2026-03-02T10:00+01:00', '2026-03-02T09:00:00.000Z', 'an offset, no seconds'],
  ['2026-03-02T14:30:00.5+0530', '2026-03-02T09:00:00.500Z', 'a half-hour offset without a colon'],
  ['2026-03-02T09:00:00.123999Z', '2026-03-02T09:00:00.123Z', 'finer than a millisecond is cut off, never rounded up'],
  ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z', 'a leap day'],
] as const;
for (const [text, instant, why] of strict)
  test(`an instant is read: ${why}`, () => expect(parseInstant(text)).toEqual({ ok: true, instant }));

const refusedStrictly = [
  ['2026-04-05', 'has no time of day', 'a date alone'],
  ['2026-04-05T09:00:00', 'has no zone', 'nobody knows which nine o’clock'],
  ['2026-02-30T09:00:00Z', 'a day that does not exist', 'February'],
  ['2026-04-05T24:00:00Z', 'a time of day that does not exist', '24:00'],
  ['2026-04-05T09:00:00+19:00', 'an offset that no clock on earth keeps', 'an offset of 19 hours'],
  ['02:40', 'this is not one', 'what only the keyboard may take'],
  ['canary@person.example', 'this is not one', 'something else altogether'],
] as const;
for (const [text, says, why] of refusedStrictly) {
  test(`an instant is refused with what is wrong, without repeating it: ${why}`, () => {
    const parsed = parseInstant(text);
    expect(parsed.ok ? '' : parsed.says).toContain(says);
    expect(parsed.ok ? '' : parsed.says).toContain('an instant such as 2026-03-02T09:00:00Z');
    expect(JSON.stringify(parsed)).not.toContain(text);
  });
}

const NOW = '2026-11-22T03:00:00.000Z'; // 04:00 in Berlin
const keyboard = [
  ['02:40', '2026-11-22T01:40:00.000Z', 'tonight'],
  ['2:40', '2026-11-22T01:40:00.000Z', 'one digit will do'],
  ['04:03', '2026-11-22T03:03:00.000Z', 'a clock that is three minutes ahead is still tonight'],
  ['23:15', '2026-11-21T22:15:00.000Z', 'a time still to come was yesterday'],
  ['yesterday 23:15', '2026-11-21T22:15:00.000Z', 'yesterday'],
  ['Today 02:40', '2026-11-22T01:40:00.000Z', 'today'],
  ['2026-11-22 02:40', '2026-11-22T01:40:00.000Z', 'a day and a time'],
  ['2026-11-22T02:40', '2026-11-22T01:40:00.000Z', 'as ISO without a zone: the organisation’s'],
  ['02:40 UTC', '2026-11-22T02:40:00.000Z', 'in UTC when the person says so'],
  ['2026-11-22T02:40:00+05:30', '2026-11-21T21:10:00.000Z', 'a whole instant keeps its own zone'],
  ['now', NOW, 'now'],
] as const;
for (const [text, instant, why] of keyboard) {
  test(`typed in Berlin: ${why}`, () => expect(parseTyped(text, 'Europe/Berlin', NOW)).toEqual({ ok: true, instant }));
}

test('the hour that comes twice is refused with both candidates', () => {
  const parsed = parseTyped('2027-10-31 02:30', 'Europe/Berlin', NOW);
  expect(parsed).toMatchObject({
    ok: false,
    code: 'ambiguous',
    candidates: ['2027-10-31T00:30:00.000Z', '2027-10-31T01:30:00.000Z'],
  });
  expect(parsed.ok ? '' : parsed.says).toContain('2027-10-31T02:30:00+02:00');
});

test('while only the first of the two has been, a bare time means that one', () => {
  expect(parseTyped('02:30', 'Europe/Berlin', '2027-10-31T00:45:00.000Z')).toEqual({
    ok: true,
    instant: '2027-10-31T00:30:00.000Z',
  });
  expect(parseTyped('02:30', 'Europe/Berlin', '2027-10-31T01:45:00.000Z')).toMatchObject({
    ok: false,
    code: 'ambiguous',
  });
});

test('a time that the clocks skipped is refused with what lies on either side', () => {
  expect(parseTyped('2027-03-28 02:30', 'Europe/Berlin', NOW)).toMatchObject({
    ok: false,
    code: 'does-not-exist',
    candidates: ['2027-03-28T00:30:00.000Z', '2027-03-28T01:30:00.000Z'],
  });
});

const nonsense = ['', 'soon', '25:00', '12:60', '2026-11-22', '2026-02-30 02:40', 'tomorrow 02:40'];
test.each(nonsense)('typed nonsense is refused: %j', (text) =>
  expect(parseTyped(text, 'Europe/Berlin', NOW).ok).toBe(false),
);

test('what the candidates show can be typed back', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'Europe/Dublin', 'Asia/Kolkata', 'America/New_York');
  const seconds = fc.integer({ min: 1_600_000_000, max: 2_500_000_000 });
  fc.assert(
    fc.property(zones, seconds, (zone, second) => {
      const at = toInstant(second * 1000);
      expect(parseTyped(withOffset(zone, at), zone, NOW)).toEqual({ ok: true, instant: at });
    }),
  );
});

test('offsets follow summer time', () => {
  expect(offsetMs('Europe/Berlin', '2027-03-28T00:59:59.999Z')).toBe(3_600_000);
  expect(offsetMs('Europe/Berlin', '2027-03-28T01:00:00.000Z')).toBe(7_200_000);
  expect(offsetMs('America/St_Johns', '2027-01-01T00:00:00.000Z')).toBe(-12_600_000);
});

test('a person reads an instant in the own zone, rounded down to the minute', () => {
  expect(localText('Europe/Berlin', '2026-11-22T01:40:59.999Z')).toBe('Sun 22 Nov 2026 02:40 CET (+01:00)');
  expect(localText('Asia/Kolkata', '2026-11-22T01:40:00.000Z')).toBe('Sun 22 Nov 2026 07:10 (+05:30)');
});
