import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AUTHORITIES, legalZone } from '../../../domain/authorities/directory.js';
import {
  confirmedLadder,
  isLate,
  statutoryDeadline,
  strictDeadline,
  suspectedLadder,
} from '../../../domain/clock/deadlines.js';
import { HOUR_MS, msBetween, toInstant } from '../../../domain/clock/instant.js';
import { DEFAULT_PLAYBOOK } from '../../../domain/incident/organisation.js';
import { offsetMs } from '../../../formats/instants.js';

// breach-law 3.4; the reason says which mistake the row catches
const vectors = [
  // id, aware at, zone of the authority, strict, statutory, why
  [
    'W-01',
    '2026-11-24T12:00:00Z',
    'Europe/Dublin',
    '2026-11-27T12:00:00Z',
    '2026-11-27T13:00:00Z',
    'on the full hour: the hour of the event is not counted',
  ],
  ['W-02', '2026-11-27T15:30:00Z', 'Europe/Berlin', '2026-11-30T15:30:00Z', '2026-11-30T16:00:00Z', 'a weekend counts'],
  [
    'W-03',
    '2026-12-24T16:45:00Z',
    'Europe/Berlin',
    '2026-12-27T16:45:00Z',
    '2026-12-27T17:00:00Z',
    'Christmas counts, ends on a Sunday',
  ],
  [
    'W-04',
    '2027-03-26T17:20:00Z',
    'Europe/Berlin',
    '2027-03-29T17:20:00Z',
    '2027-03-29T18:00:00Z',
    'Easter and summer time: local date + 3 days is an hour early',
  ],
  [
    'W-05',
    '2027-03-28T00:30:00Z',
    'Europe/Paris',
    '2027-03-31T00:30:00Z',
    '2027-03-31T01:00:00Z',
    'half an hour before the clocks go forward',
  ],
  [
    'W-06',
    '2027-10-30T12:10:00Z',
    'Europe/Madrid',
    '2027-11-02T12:10:00Z',
    '2027-11-02T13:00:00Z',
    'autumn: local date + 3 days is an hour too late',
  ],
  [
    'W-07a',
    '2027-10-31T00:30:00Z',
    'Europe/Berlin',
    '2027-11-03T00:30:00Z',
    '2027-11-03T01:00:00Z',
    'the repeated hour, first time',
  ],
  [
    'W-07b',
    '2027-10-31T01:30:00Z',
    'Europe/Berlin',
    '2027-11-03T01:30:00Z',
    '2027-11-03T02:00:00Z',
    'the repeated hour, second time',
  ],
  [
    'W-08a',
    '2026-12-09T08:00:00Z',
    'Europe/Amsterdam',
    '2026-12-12T08:00:00Z',
    '2026-12-12T09:00:00Z',
    'the first moment of an hour',
  ],
  [
    'W-08b',
    '2026-12-09T08:59:00Z',
    'Europe/Amsterdam',
    '2026-12-12T08:59:00Z',
    '2026-12-12T09:00:00Z',
    'the last minute of the same hour: same statutory deadline',
  ],
  [
    'W-09',
    '2027-04-29T06:05:00Z',
    'Europe/Warsaw',
    '2027-05-02T06:05:00Z',
    '2027-05-02T07:00:00Z',
    'two holidays and a weekend',
  ],
  [
    'W-10',
    '2026-12-30T23:15:00Z',
    'Europe/Dublin',
    '2027-01-02T23:15:00Z',
    '2027-01-03T00:00:00Z',
    'over the turn of the year',
  ],
  ['W-11', '2026-11-30T01:40:00Z', 'Europe/Berlin', '2026-12-03T01:40:00Z', '2026-12-03T02:00:00Z', 'team in New York'],
  ['W-12', '2027-04-29T12:00:00Z', 'Europe/Athens', '2027-05-02T12:00:00Z', '2027-05-02T13:00:00Z', 'Orthodox Easter'],
  [
    'W-13',
    '2026-12-07T08:12:00Z',
    'Europe/Berlin',
    '2026-12-10T08:12:00Z',
    '2026-12-10T09:00:00Z',
    'from the controller’s awareness, not the processor’s',
  ],
  [
    'W-14',
    '2026-12-14T05:50:00Z',
    'Europe/Paris',
    '2026-12-17T05:50:00Z',
    '2026-12-17T06:00:00Z',
    'the full hour of the authority, not of Kolkata',
  ],
  [
    'W-15',
    '2026-12-02T09:40:00Z',
    'Europe/Berlin',
    '2026-12-05T09:40:00Z',
    '2026-12-05T10:00:00Z',
    'ends on a Saturday, no roll-over',
  ],
] as const;

const canonical = (text: string) => toInstant(Date.parse(text));

for (const [id, aware, zone, strict, statutory, why] of vectors) {
  test(`${id}: ${why}`, () => {
    expect(strictDeadline(canonical(aware))).toBe(canonical(strict));
    expect(statutoryDeadline(canonical(aware), offsetMs, zone)).toBe(canonical(statutory));
  });
}

test('the full hour is that of a half-hour zone where the authority has one', () => {
  expect(statutoryDeadline('2026-12-14T05:50:00.000Z', offsetMs, 'Asia/Kolkata')).toBe('2026-12-17T06:30:00.000Z');
});

test('each authority keeps whole hours from UTC, so that UTC can stand for a zone that none keeps (R-315)', () => {
  for (const { zone } of AUTHORITIES)
    for (const month of [1, 7]) expect(offsetMs(zone, `2026-0${month}-15T12:00:00.000Z`) % HOUR_MS).toBe(0);
  expect(legalZone('Asia/Kolkata')).toBe('UTC');
  expect(legalZone('Europe/Paris')).toBe('Europe/Paris');
});

const instants = fc.integer({ min: Date.UTC(2018, 4, 25), max: Date.UTC(2060, 0, 1) }).map(toInstant);
const zones = fc.constantFrom(
  'Europe/Dublin',
  'Europe/Berlin',
  'Europe/Athens',
  'Atlantic/Reykjavik',
  'Asia/Kolkata',
  'America/New_York',
  'UTC',
);

test('the strict deadline is 72 elapsed hours, whatever the calendar says', () => {
  fc.assert(fc.property(instants, (aware) => msBetween(aware, strictDeadline(aware)) === 72 * HOUR_MS));
});

test('the statutory deadline is later than the strict one, by one hour at the most (R-314)', () => {
  fc.assert(
    fc.property(instants, zones, (aware, zone) => {
      const gap = msBetween(strictDeadline(aware), statutoryDeadline(aware, offsetMs, zone));
      return gap > 0 && gap <= HOUR_MS;
    }),
  );
});

test('exactly an hour lies between the two only when awareness is on the full hour', () => {
  const hours = fc.integer({ min: 420_000, max: 700_000 });
  fc.assert(
    fc.property(hours, fc.integer({ min: 0, max: HOUR_MS - 1 }), (hour, into) => {
      const aware = toInstant(hour * HOUR_MS + into);
      return msBetween(strictDeadline(aware), statutoryDeadline(aware, offsetMs, 'Europe/Berlin')) === HOUR_MS - into;
    }),
  );
});

test('a notice at the very last moment is in time, one millisecond later it is late', () => {
  const due = strictDeadline('2026-03-02T09:00:00.000Z');
  expect(isLate('2026-03-05T08:59:59.999Z', due)).toBe(false);
  expect(isLate('2026-03-05T09:00:00.000Z', due)).toBe(false);
  expect(isLate('2026-03-05T09:00:00.001Z', due)).toBe(true);
});

test('the ladder of a confirmed incident follows the playbook and ends at the deadline', () => {
  const ladder = confirmedLadder('2026-03-02T09:00:00.000Z', DEFAULT_PLAYBOOK);
  expect(ladder.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    'aware+24h ladder',
    'aware+48h ladder',
    'aware+60h ladder',
    'aware+66h ladder',
    'aware+70h ladder',
    'aware+71h ladder',
    'aware+72h deadline',
  ]);
  expect(ladder.at(-1)?.dueAt).toBe('2026-03-05T09:00:00.000Z');
});

test('a playbook cannot leave out the deadline, nor name an hour twice', () => {
  const ladder = confirmedLadder('2026-03-02T09:00:00.000Z', { confirmedHours: [60, 24, 24] });
  expect(ladder.map(({ id }) => id)).toEqual(['aware+24h', 'aware+60h', 'aware+72h']);
});

test('the ladder of a suspicion runs from the first hint and has no deadline', () => {
  expect(suspectedLadder('2026-03-02T09:00:00.000Z', DEFAULT_PLAYBOOK)).toEqual([
    { id: 'hint+24h', kind: 'suspicion', dueAt: '2026-03-03T09:00:00.000Z' },
    { id: 'hint+48h', kind: 'suspicion', dueAt: '2026-03-04T09:00:00.000Z' },
  ]);
});
