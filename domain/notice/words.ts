import type { OffsetMs } from '../clock/deadlines.js';
import { type Instant, MINUTE_MS, plusMs } from '../clock/instant.js';
import type { Count } from '../incident/facts.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `2026-03-02` as `2 March 2026`. */
export const dayInWords = (iso: string): string =>
  `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`;

const offsetInWords = (offset: number): string => {
  const minutes = Math.abs(offset) / MINUTE_MS;
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `UTC${offset < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
};

/** `2 March 2026, 09:00 UTC`; with a zone's offset also what the clocks there showed. */
export function instantInWords(at: Instant, zone = 'UTC', offsetMs?: OffsetMs): string {
  const offset = offsetMs?.(zone, at) ?? 0;
  if (offset === 0) return `${dayInWords(at)}, ${clock(at)} UTC`;
  const local = plusMs(at, offset);
  const sameDay = local.slice(0, 10) === at.slice(0, 10);
  return `${dayInWords(local)}, ${clock(local)} (${zone}, ${offsetInWords(offset)}) = ${sameDay ? '' : `${dayInWords(at)}, `}${clock(at)} UTC`;
}
const clock = (at: Instant): string => (at.endsWith(':00.000Z') ? at.slice(11, 16) : at.slice(11, 19));

/** A number in the middle of a range is told only where somebody named it. */
export const countInWords = ({ min, likely, max }: Count): string =>
  min === max
    ? grouped(min)
    : likely === undefined
      ? `between ${grouped(min)} and ${grouped(max)}`
      : `about ${grouped(likely)} (at least ${grouped(min)}, at most ${grouped(max)})`;
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
