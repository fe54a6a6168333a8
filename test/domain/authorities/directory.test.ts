import { expect, test } from '@jest/globals';
import {
  AUTHORITIES,
  authoritiesOf,
  EXERCISE_AUTHORITIES,
  findAuthority,
  isExerciseAuthority,
  isStale,
  nearestAuthority,
} from '../../../domain/authorities/directory.js';
import { EEA } from '../../../domain/incident/lists.js';
import { isZone } from '../../../formats/instants.js';

test.each([...EEA])('%s has an authority', (country) => expect(authoritiesOf(country).length).toBeGreaterThan(0));

test('Germany has the eighteen of the table, Bavaria two of them', () => {
  expect(authoritiesOf('DE')).toHaveLength(18);
  expect(authoritiesOf('DE').filter(({ id }) => id.startsWith('de-by-'))).toHaveLength(2);
});

test('ids are unique and start with their country', () => {
  expect(new Set(AUTHORITIES.map(({ id }) => id)).size).toBe(AUTHORITIES.length);
  for (const { id, country } of AUTHORITIES) expect(id.startsWith(`${country.toLowerCase()}-`)).toBe(true);
});

test('every authority can be reached over its channel, in a zone that exists', () => {
  for (const row of [...AUTHORITIES, ...EXERCISE_AUTHORITIES]) {
    expect(row.channel === 'email' ? row.mailbox : row.portal).not.toBeNull();
    if (row.portal !== null) expect(new URL(row.portal).protocol).toBe('https:');
    if (row.mailbox !== null) expect(row.mailbox).toMatch(/^[^@\s]+@[a-z0-9.-]+\.[a-z]+$/);
    expect(isZone(row.zone)).toBe(true);
    expect(row.languages.length).toBeGreaterThan(0);
  }
});

test('an authority of exercise is found, marked, and reaches nobody real', () => {
  for (const id of ['ex-authority', 'ex-portal-authority']) {
    const row = findAuthority(id);
    expect(row !== undefined && isExerciseAuthority(row)).toBe(true);
    expect(row?.mailbox ?? row?.portal).toMatch(/authority\.test$/);
  }
  expect(AUTHORITIES.some(isExerciseAuthority)).toBe(false);
});

const typed = [
  ['ie-dcp', 'ie-dpc', 'two letters swapped'],
  ['baylda', 'de-by-baylda', 'the short name alone'],
  ['CNIL', 'fr-cnil', 'capitals'],
  ['somewhere-else-entirely', null, 'nothing near'],
] as const;
for (const [id, meant, why] of typed) test(`did you mean: ${why}`, () => expect(nearestAuthority(id)).toBe(meant));

const days = [
  ['2026-07-21', false, 'the day itself'],
  ['2027-01-17', false, 'the 180th day is still good'],
  ['2027-01-18', true, 'the 181st is not'],
] as const;
for (const [day, stale, why] of days)
  test(`R-511: ${why}`, () => expect(isStale({ verifiedOn: '2026-07-21' }, day)).toBe(stale));
