import { DAY_MS } from '../clock/instant.js';
import { nearest } from '../incident/nearest.js';
import { MAILBOX_CHECK_HOLDS_DAYS } from '../law/provisions.js';
import type { Authority, AuthorityId } from './authority.js';
import { EEA_AUTHORITIES } from './eea.js';
import { GERMAN_AUTHORITIES } from './germany.js';
import { NEIGHBOUR_AUTHORITIES } from './neighbours.js';

/** An authority that exists only in drills and tests: its addresses end in `.test`, so nothing can reach anybody. */
export interface ExerciseAuthority extends Authority {
  readonly exercise: true;
}

/** Every real authority we know (breach-law 5.2, 5.3): EEA, the German Länder, EDPS, GB and CH. */
export const AUTHORITIES: readonly Authority[] = [...EEA_AUTHORITIES, ...GERMAN_AUTHORITIES, ...NEIGHBOUR_AUTHORITIES];

const ZONES: ReadonlySet<string> = new Set(AUTHORITIES.map(({ zone }) => zone));

/**
 * The zone whose full hour counts: the authority's, never that of whoever watches. A zone that no authority keeps gives UTC,
 * which is the same as all of theirs, since each is whole hours from it.
 */
export const legalZone = (zone: string): string => (ZONES.has(zone) ? zone : 'UTC');

/** The zone of a state's authorities; undefined for a state that has none here. */
export const zoneOfCountry = (country: string): string | undefined =>
  AUTHORITIES.find((one) => one.country === country)?.zone;

const EXERCISE = {
  country: 'IE',
  zone: 'Europe/Dublin',
  languages: ['en'],
  verifiedOn: '2026-07-21',
  exercise: true,
} as const;
export const EXERCISE_AUTHORITIES: readonly ExerciseAuthority[] = [
  {
    ...EXERCISE,
    id: 'ex-authority',
    name: 'Exercise Authority',
    channel: 'email',
    mailbox: 'notices@authority.test',
    portal: null,
  },
  {
    ...EXERCISE,
    id: 'ex-portal-authority',
    name: 'Exercise Portal Authority',
    channel: 'portal',
    mailbox: null,
    portal: 'https://portal.authority.test',
  },
];

const BY_ID: ReadonlyMap<string, Authority | ExerciseAuthority> = new Map(
  [...AUTHORITIES, ...EXERCISE_AUTHORITIES].map((row) => [row.id, row]),
);

/** The directory's row, real or of exercise; undefined when there is none. */
export const findAuthority = (id: AuthorityId): Authority | ExerciseAuthority | undefined => BY_ID.get(id);

/** True for an authority that no live incident may be addressed to. */
export const isExerciseAuthority = (authority: Authority | ExerciseAuthority): authority is ExerciseAuthority =>
  'exercise' in authority;

/** For "did you mean": the id that is nearest to what was typed, or null. */
export const nearestAuthority = (id: string): AuthorityId | null => nearest(id, [...BY_ID.keys()]);

/** All real authorities of a country, by ISO 3166 code. Germany has eighteen. */
export const authoritiesOf = (country: string): readonly Authority[] =>
  AUTHORITIES.filter((row) => row.country === country);

/** True when the row was last checked more than 180 days before `day` (ISO date), R-511; the 180th day is still good. */
export function isStale(authority: Pick<Authority, 'verifiedOn'>, day: string): boolean {
  return Date.parse(day.slice(0, 10)) - Date.parse(authority.verifiedOn) > MAILBOX_CHECK_HOLDS_DAYS * DAY_MS;
}
