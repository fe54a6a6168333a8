import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { statutoryDeadline, strictDeadline } from '../../../domain/clock/deadlines.js';
import { calendarOf, HOLIDAYS } from '../../../domain/clock/holidays.js';
import { toInstant, toMs } from '../../../domain/clock/instant.js';
import { isDate } from '../../../domain/clock/read-instant.js';
import {
  contestedDeadline,
  endOfDay,
  endOfDays,
  endOfMonths,
  isWorkingDay,
  plusDays,
  WEEKENDS_ONLY,
} from '../../../domain/clock/periods.js';
import { offsetMs } from '../../../formats/instants.js';

const DE = calendarOf('DE');

// biome-ignore format: a table is read by the row
const vectors = [
  // id, period, event, last day, what moved it, why
  ['D-01', () => endOfDays('2026-12-18', 3, DE), '2026-12-22', ['R-307'], 'Monday is the third day, but the only working day so far'],
  ['D-02', () => endOfDays('2026-12-23', 3, DE), '2026-12-28', ['R-306'], 'the third day is a Saturday and a holiday'],
  ['D-03', () => endOfDays('2026-12-14', 3, DE), '2026-12-17', [], 'an ordinary week'],
  ['D-04', () => endOfDays('2027-03-25', 3, DE), '2027-03-31', ['R-306', 'R-307'], 'Easter: rolled over, and then a second working day'],
  ['D-05', () => endOfMonths('2027-01-31', 1, DE), '2027-03-01', ['R-306'], 'February has no 31st; its last day is a Sunday'],
  ['D-06', () => endOfMonths('2026-11-30', 1, DE), '2026-12-30', [], 'the same date'],
  ['D-07', () => endOfMonths('2026-12-25', 1, DE), '2027-01-25', [], 'the event may be on a holiday'],
  ['D-08', () => endOfMonths('2027-02-28', 1, DE), '2027-03-30', ['R-306'], 'Easter Sunday, over Easter Monday'],
  ['days', () => endOfDays('2026-12-14', 1, DE), '2026-12-15', [], 'one day needs no two working days'],
  ['days', () => endOfDays('2026-12-18', 1, DE), '2026-12-21', ['R-306'], 'one day that ends on a Saturday'],
  ['days', () => endOfDays('2026-12-18', 2, DE), '2026-12-22', ['R-306', 'R-307'], 'two days over a weekend hold two working days'],
  ['months', () => endOfMonths('2028-01-31', 1, WEEKENDS_ONLY), '2028-02-29', [], 'a leap year'],
  ['months', () => endOfMonths('2026-12-31', 2, WEEKENDS_ONLY), '2027-03-01', ['R-306'], 'over the turn of the year'],
] as const;

for (const [id, period, lastDay, moved, why] of vectors) {
  test(`${id}: ${why}`, () => expect(period()).toMatchObject({ lastDay, moved }));
}

test('D-09 is another regime with a rule of its own (R-812): noon of the next working day, which these functions do not know', () => {
  const general = endOfMonths('2027-01-31', 1, DE);
  expect(general.lastDay).toBe('2027-03-01');
  expect(endOfDay(general.lastDay, 'Europe/Berlin', offsetMs)).not.toBe('2027-03-01T11:00:00.000Z');
});

test('a period ends with its last day, also when that night is an hour shorter or longer', () => {
  expect(endOfDay('2027-03-27', 'Europe/Berlin', offsetMs)).toBe('2027-03-27T23:00:00.000Z');
  expect(endOfDay('2027-03-28', 'Europe/Berlin', offsetMs)).toBe('2027-03-28T22:00:00.000Z');
  expect(endOfDay('2027-10-31', 'Europe/Berlin', offsetMs)).toBe('2027-10-31T23:00:00.000Z');
});

test('without holidays of that year the result says so', () => {
  expect(endOfDays('2026-12-14', 3, DE).holidaysKnown).toBe(true);
  expect(endOfDays('2027-12-30', 3, DE).holidaysKnown).toBe(false);
  expect(endOfDays('2026-12-14', 3, calendarOf('SE')).holidaysKnown).toBe(false);
  expect(endOfDays('2026-12-14', 3, WEEKENDS_ONLY).holidaysKnown).toBe(true);
});

const days = fc.integer({ min: 0, max: 700 }).map((n) => plusDays('2026-01-01', n));
test('whatever the period: it never ends before it was counted to, ends on a working day, and two days or more hold two of them', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 40 }), fc.constantFrom('DE', 'IE', 'GR'), (event, n, country) => {
      const calendar = calendarOf(country);
      const { lastDay, countedTo } = endOfDays(event, n, calendar);
      expect(lastDay >= countedTo).toBe(true);
      expect(isWorkingDay(lastDay, calendar)).toBe(true);
      let working = 0;
      for (let day = plusDays(event, 1); day <= lastDay; day = plusDays(day, 1))
        working += Number(isWorkingDay(day, calendar));
      if (n >= 2) expect(working).toBeGreaterThanOrEqual(2);
    }),
  );
});

// breach-law 3.4, last column; null: the same as the statutory deadline
const contested = [
  ['W-01', '2026-11-24T12:00:00Z', 'Europe/Dublin', 'IE', null],
  ['W-02', '2026-11-27T15:30:00Z', 'Europe/Berlin', 'DE', '2026-12-01'],
  ['W-03', '2026-12-24T16:45:00Z', 'Europe/Berlin', 'DE', '2026-12-29'],
  ['W-04', '2027-03-26T17:20:00Z', 'Europe/Berlin', 'DE', '2027-03-31'],
  ['W-05', '2027-03-28T00:30:00Z', 'Europe/Paris', 'FR', '2027-03-31'],
  ['W-06', '2027-10-30T12:10:00Z', 'Europe/Madrid', 'ES', '2027-11-03'],
  ['W-07a', '2027-10-31T00:30:00Z', 'Europe/Berlin', 'DE', null],
  ['W-07b', '2027-10-31T01:30:00Z', 'Europe/Berlin', 'DE', null],
  ['W-08a', '2026-12-09T08:00:00Z', 'Europe/Amsterdam', 'NL', null],
  ['W-08b', '2026-12-09T08:59:00Z', 'Europe/Amsterdam', 'NL', null],
  ['W-09', '2027-04-29T06:05:00Z', 'Europe/Warsaw', 'PL', '2027-05-04'],
  ['W-10', '2026-12-30T23:15:00Z', 'Europe/Dublin', 'IE', '2027-01-04'],
  ['W-11', '2026-11-30T01:40:00Z', 'Europe/Berlin', 'DE', null],
  ['W-12', '2027-04-29T12:00:00Z', 'Europe/Athens', 'GR', '2027-05-05'],
  ['W-13', '2026-12-07T08:12:00Z', 'Europe/Berlin', 'DE', null],
  ['W-14', '2026-12-14T05:50:00Z', 'Europe/Paris', 'FR', null],
  ['W-15', '2026-12-02T09:40:00Z', 'Europe/Berlin', 'DE', null],
] as const;
for (const [id, aware, zone, country, lastDay] of contested) {
  test(`${id}, contested reading of Art. 3(5): ${lastDay === null ? 'the same as the statutory one' : `to the end of ${lastDay}`}`, () => {
    const awareAt = toInstant(Date.parse(aware));
    const statutory = statutoryDeadline(awareAt, offsetMs, zone);
    const { at, holidaysKnown } = contestedDeadline(awareAt, statutory, {
      zone,
      offsetMs,
      calendar: calendarOf(country),
    });
    expect(at).toBe(lastDay === null ? statutory : endOfDay(lastDay, zone, offsetMs));
    expect(holidaysKnown).toBe(true);
  });
}

const instants = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 10, 30) }).map(toInstant);
test('the contested reading is never earlier than the two others: to act on the strict one is always safe', () => {
  fc.assert(
    fc.property(instants, fc.constantFrom('DE', 'PL', 'SE'), (aware, country) => {
      const zone = 'Europe/Berlin';
      const statutory = statutoryDeadline(aware, offsetMs, zone);
      const { at } = contestedDeadline(aware, statutory, { zone, offsetMs, calendar: calendarOf(country) });
      return toMs(at) >= toMs(statutory) && toMs(at) > toMs(strictDeadline(aware));
    }),
  );
});

test.each(HOLIDAYS.map((row) => [`${row.country} ${row.year}`, row] as const))(
  '%s: every holiday is a day that exists, with its source, its version and the day of its check',
  (_, { year, days: all, source, version, checkedOn }) => {
    expect(all.every((day) => isDate(`${year}-${day}`))).toBe(true);
    expect(new Set(all).size).toBe(all.length);
    expect(source.length).toBeGreaterThan(10);
    expect(version).toBeGreaterThan(0);
    expect(isDate(checkedOn)).toBe(true);
  },
);

/** Meeus' rules, to check the table against arithmetic: the table is data and was typed by hand. */
function easter(year: number): string {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return `${year}-${String(Math.floor(f / 31)).padStart(2, '0')}-${String((f % 31) + 1).padStart(2, '0')}`;
}
function orthodoxEaster(year: number): string {
  const d = (19 * (year % 19) + 15) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const f = d + e + 114;
  return plusDays(
    `${year}-${String(Math.floor(f / 31)).padStart(2, '0')}-${String((f % 31) + 1).padStart(2, '0')}`,
    13,
  );
}
const moveable: Readonly<Record<string, readonly number[]>> = {
  DE: [-2, 1, 39, 50],
  IE: [1],
  FR: [1, 39, 50],
  ES: [-2],
  NL: [1, 39, 50],
  PL: [0, 1, 49, 60],
  GR: [-48, -2, 1, 50],
};
for (const { country, year } of HOLIDAYS) {
  test(`${country} ${year}: the moveable feasts agree with the date of Easter`, () => {
    const sunday = country === 'GR' ? orthodoxEaster(year) : easter(year);
    const { holidays } = calendarOf(country);
    expect((moveable[country] ?? []).map((n) => plusDays(sunday, n)).filter((day) => !holidays.has(day))).toEqual([]);
  });
}
