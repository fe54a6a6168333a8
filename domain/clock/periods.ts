import type { OffsetMs } from './deadlines.js';
import { DAY_MS, type Instant, toInstant, toMs } from './instant.js';

/** A day on a calendar, ISO: `2026-12-18`. It has no zone; where its end is needed as an instant, one is named. */
export type Day = string;

/** The days on which nobody works besides Saturdays and Sundays, of the state in which the action is taken. */
export interface Calendar {
  /** ISO 3166; null where no state is meant: then only Saturdays and Sundays are off. */
  readonly country: string | null;
  readonly holidays: ReadonlySet<Day>;
  /** Years whose holidays are known. Beyond them a result is a lower bound: it may come out too early, never too late. */
  readonly years: readonly number[];
}

/** Saturdays and Sundays alone. */
export const WEEKENDS_ONLY: Calendar = { country: null, holidays: new Set(), years: [] };

export interface Period {
  /** The last day; the period ends with the end of it, 24:00. */
  readonly lastDay: Day;
  /** The day it would have ended on by counting alone. */
  readonly countedTo: Day;
  /** What moved it: nothing, a day off at the end, too few working days. */
  readonly moved: readonly ('R-306' | 'R-307')[];
  /** False when a day of it lies in a year whose holidays the calendar does not know. */
  readonly holidaysKnown: boolean;
}

const msOf = (day: Day): number => Date.parse(`${day}T00:00:00.000Z`);
export const plusDays = (day: Day, days: number): Day => toInstant(msOf(day) + days * DAY_MS).slice(0, 10);
const yearOf = (day: Day): number => Number(day.slice(0, 4));

/** All days but public holidays, Saturdays and Sundays. */
export function isWorkingDay(day: Day, calendar: Calendar): boolean {
  const weekday = new Date(msOf(day)).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !calendar.holidays.has(day);
}

export function nextWorkingDay(day: Day, calendar: Calendar): Day {
  return isWorkingDay(day, calendar) ? day : nextWorkingDay(plusDays(day, 1), calendar);
}

/**
 * A period in days: the day of the event is not counted, a last day that is off rolls over, and two days or more hold at
 * least two working days (Reg. 1182/71 Art. 3(1), 3(4), 3(5)). Never for the 72 hours, and not for regimes with a rule of their own
 * (DORA's reports: R-812).
 */
export function endOfDays(event: Day, days: number, calendar: Calendar): Period {
  const countedTo = plusDays(event, days);
  return days >= 2
    ? withTwoWorkingDays(rolled(event, countedTo, calendar), event, calendar)
    : rolled(event, countedTo, calendar);
}

/** A period in months: the same date, or the last day of a month that has none (Art. 3(2)(c)), rolled over (Art. 3(4)). */
export function endOfMonths(event: Day, months: number, calendar: Calendar): Period {
  const [year, month, date] = event.split('-').map(Number) as [number, number, number];
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  const countedTo = toInstant(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth))).slice(0, 10);
  return rolled(event, countedTo, calendar);
}

const known = (from: Day, to: Day, { country, years }: Calendar): boolean =>
  country === null || [yearOf(from), yearOf(to)].every((year) => years.includes(year));

function rolled(event: Day, countedTo: Day, calendar: Calendar): Period {
  const lastDay = nextWorkingDay(countedTo, calendar);
  return {
    lastDay,
    countedTo,
    moved: lastDay === countedTo ? [] : ['R-306'],
    holidaysKnown: known(event, lastDay, calendar),
  };
}

function withTwoWorkingDays(period: Period, event: Day, calendar: Calendar): Period {
  let working = 0;
  for (let day = plusDays(event, 1); day <= period.lastDay; day = plusDays(day, 1))
    working += Number(isWorkingDay(day, calendar));
  let { lastDay } = period;
  for (; working < 2; working++) lastDay = nextWorkingDay(plusDays(lastDay, 1), calendar);
  if (lastDay === period.lastDay) return period;
  return {
    ...period,
    lastDay,
    moved: [...period.moved, 'R-307'],
    holidaysKnown: period.holidaysKnown && known(event, lastDay, calendar),
  };
}

/** The first instant after a day, by the clocks of a zone: its 24:00. Summer time changes at night, so the day after is asked for its own offset. */
export function endOfDay(day: Day, zone: string, offsetMs: OffsetMs): Instant {
  const midnight = msOf(plusDays(day, 1));
  const guess = midnight - offsetMs(zone, toInstant(midnight));
  return toInstant(midnight - offsetMs(zone, toInstant(guess)));
}

/**
 * The contested reading: if 72 hours are a "period of two days or more" they hold two whole working days. For information
 * only and never shown unasked: nothing acts on it. `statutory` is the end by counting hours; `awareAt` begins the period.
 */
export function contestedDeadline(
  awareAt: Instant,
  statutory: Instant,
  { zone, offsetMs, calendar }: { zone: string; offsetMs: OffsetMs; calendar: Calendar },
): { readonly at: Instant; readonly holidaysKnown: boolean } {
  const local = (at: Instant): Day => toInstant(toMs(at) + offsetMs(zone, at)).slice(0, 10);
  const first = local(awareAt);
  let day = first; // the day of the event is not whole
  let at = statutory;
  for (let whole = 0; whole < 2; ) {
    day = plusDays(day, 1);
    if (!isWorkingDay(day, calendar)) continue;
    whole += 1;
    const end = endOfDay(day, zone, offsetMs);
    if (whole === 2 && toMs(end) > toMs(at)) at = end;
  }
  return { at, holidaysKnown: known(first, day, calendar) };
}
