import type { Calendar, Day } from './periods.js';

/** The public holidays of one state in one year, as a person reviewed them. */
export interface HolidayRow {
  readonly country: string; // ISO 3166
  readonly year: number;
  /** The law that names them. */
  readonly source: string;
  /** Counts up with every correction of the row. */
  readonly version: number;
  readonly checkedOn: Day;
  /** `MM-DD`. Whole country only: what single regions add is left out, and what is in doubt too; then a period ends earlier, the safe side. */
  readonly days: readonly string[];
}

const CHECKED = '2026-11-22';
const row = (country: string, year: number, source: string, days: string): HolidayRow => ({
  country,
  year,
  source,
  version: 1,
  checkedOn: CHECKED,
  days: days.split(' '),
});

const DE = 'Public-holiday laws of all sixteen Länder, what they have in common (and Unification Treaty Art. 2(2))';
const IE = 'Organisation of Working Time Act 1997, Second Schedule, with S.I. No. 50 of 2022';
const FR = 'Code du travail, Art. L3133-1';
const ES = 'Real Decreto 2001/1983, Art. 45: the days common to all communities';
const NL = 'Algemene termijnenwet, Art. 3(1)';
const PL = 'Act of 18 January 1951 on days free from work, as amended in 2024 (24 December)';
const GR = 'Law 4808/2021 Art. 60, and the days off of the public service';

/**
 * Reviewed by hand from the laws named, evidence: knowledge; not compared with the lists in the Official Journal (2026: C/2025/6771; 2027: not
 * out yet), of which a public transcription was found implausible. For information and for periods in days and months
 * only: the deadline that everything acts on knows no holidays.
 */
export const HOLIDAYS: readonly HolidayRow[] = [
  row('DE', 2026, DE, '01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26'),
  row('DE', 2027, DE, '01-01 03-26 03-29 05-01 05-06 05-17 10-03 12-25 12-26'),
  row('IE', 2026, IE, '01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26'),
  row('IE', 2027, IE, '01-01 02-01 03-17 03-29 05-03 06-07 08-02 10-25 12-25 12-26'),
  row('FR', 2026, FR, '01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25'),
  row('FR', 2027, FR, '01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25'),
  row('ES', 2026, ES, '01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25'),
  row('ES', 2027, ES, '01-01 01-06 03-26 05-01 08-15 10-12 11-01 12-06 12-08 12-25'),
  row('NL', 2026, NL, '01-01 04-06 04-27 05-05 05-14 05-25 12-25 12-26'),
  row('NL', 2027, NL, '01-01 03-29 04-27 05-05 05-06 05-17 12-25 12-26'),
  row('PL', 2026, PL, '01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26'),
  row('PL', 2027, PL, '01-01 01-06 03-28 03-29 05-01 05-03 05-16 05-27 08-15 11-01 11-11 12-24 12-25 12-26'),
  row('GR', 2026, GR, '01-01 01-06 02-23 03-25 04-10 04-13 05-01 06-01 08-15 10-28 12-25 12-26'),
  row('GR', 2027, GR, '01-01 01-06 03-15 03-25 04-30 05-03 05-01 06-21 08-15 10-28 12-25 12-26'),
];

/** The calendar of a state, by ISO 3166 code. A state without rows gives one with weekends alone and no known years. */
export function calendarOf(country: string, rows: readonly HolidayRow[] = HOLIDAYS): Calendar {
  const own = rows.filter((one) => one.country === country);
  return {
    country,
    holidays: new Set(own.flatMap(({ year, days }) => days.map((day) => `${year}-${day}`))),
    years: own.map(({ year }) => year),
  };
}
