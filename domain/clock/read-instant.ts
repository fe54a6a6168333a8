import { type Instant, MINUTE_MS, toInstant } from './instant.js';

/** What is wrong with a text that should be an instant; `found` names its kind and never repeats it. */
export type InstantProblem =
  | 'not-an-instant'
  | 'no-time'
  | 'no-zone'
  | 'no-such-day'
  | 'no-such-time'
  | 'no-such-offset';
export type ReadInstant =
  | { readonly ok: true; readonly instant: Instant }
  | { readonly ok: false; readonly problem: InstantProblem };

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const FULL = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;
const WIDEST_OFFSET_MINUTES = 14 * 60; // no clock on earth is further from UTC

/** True for an ISO date that exists: `2026-02-28`, not `2026-02-30`. */
export function isDate(value: unknown): value is string {
  const parts = typeof value === 'string' ? DATE.exec(value) : null;
  return parts !== null && dayExists(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

function dayExists(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year); // Date.UTC takes 0..99 for 19xx
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/**
 * Reads RFC 3339 with a zone (`Z` or an offset; seconds may be left out) into the canonical form. A time without a zone is
 * refused: it would be a guess about hours that count. What is finer than a millisecond is cut off, never rounded up.
 */
export function readInstant(text: string): ReadInstant {
  if (DATE.test(text)) return refused(isDate(text) ? 'no-time' : 'no-such-day');
  const parts = FULL.exec(text);
  if (!parts) return refused('not-an-instant');
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((index) => Number(parts[index] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!dayExists(year, month, day)) return refused('no-such-day');
  if (hour > 23 || minute > 59 || second > 59) return refused('no-such-time');
  const zone = parts[8];
  if (zone === undefined) return refused('no-zone');
  const offset = offsetMinutes(zone);
  if (offset === null) return refused('no-such-offset');
  const millis = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return {
    ok: true,
    instant: toInstant(Date.UTC(year, month - 1, day, hour, minute, second, millis) - offset * MINUTE_MS),
  };
}

function offsetMinutes(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)];
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > WIDEST_OFFSET_MINUTES) return null;
  return zone.startsWith('-') ? -total : total;
}

const refused = (problem: InstantProblem): ReadInstant => ({ ok: false, problem });

/** What was found instead of an instant, as the end of a sentence. */
export function foundInstead(problem: InstantProblem): string {
  switch (problem) {
    case 'no-time':
      return 'this one has no time of day';
    case 'no-zone':
      return 'this one has no zone; end it with Z or an offset such as +01:00';
    case 'no-such-day':
      return 'this one names a day that does not exist';
    case 'no-such-time':
      return 'this one names a time of day that does not exist';
    case 'no-such-offset':
      return 'this one has an offset that no clock on earth keeps';
    case 'not-an-instant':
      return 'this is not one';
  }
}
