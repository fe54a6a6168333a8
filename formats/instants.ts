import { DAY_MS, type Instant, MINUTE_MS, toInstant, toMs } from '../domain/clock/instant.js';
import { foundInstead, readInstant } from '../domain/clock/read-instant.js';

/** `says` is the end of a sentence that starts with what was asked for ("awareAt …"); it never repeats the text. */
export type ParsedInstant =
  | { readonly ok: true; readonly instant: Instant }
  | {
      readonly ok: false;
      readonly code: 'not-an-instant' | 'ambiguous' | 'does-not-exist' | 'unknown-zone';
      readonly says: string;
      /** What it may have meant; the person types one of these. */
      readonly candidates: readonly Instant[];
    };

/** Said beside every problem with `awareAt` (style guide). */
export const AWARENESS_HINT = 'Use the moment you were reasonably certain, not the moment of the attack.';
const EXAMPLE = 'an instant such as 2026-03-02T09:00:00Z';
/** A person's clock may be ahead of ours by as much before `02:40` is taken for yesterday's. */
const AHEAD_MS = 5 * MINUTE_MS;

const refused = (
  code: Exclude<ParsedInstant, { ok: true }>['code'],
  says: string,
  candidates: readonly Instant[] = [],
): ParsedInstant => ({
  ok: false,
  code,
  says,
  candidates,
});

/** Strict, for files and the API: RFC 3339 with a zone, answered in canonical form. */
export function parseInstant(text: string): ParsedInstant {
  const read = readInstant(text.trim());
  return read.ok ? read : refused('not-an-instant', `must be ${EXAMPLE}; ${foundInstead(read.problem)}.`);
}

const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2}))?`;
const TIME_ONLY = new RegExp(`^${CLOCK}$`);
const DAY_WORD = new RegExp(`^(today|yesterday) ${CLOCK}$`);
const DATED = new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})[t ]${CLOCK}$`);

/**
 * What a person types: `02:40`, `today 02:40`, `yesterday 23:15`, `2026-11-22 02:40`, each also with ` UTC` behind it, `now`,
 * or a full instant. Read in `zone` (IANA). A bare time is the last one that the clock showed. Refused when summer time makes
 * it mean two instants or none, with both candidates; the caller echoes what was understood (`localText`).
 */
export function parseTyped(text: string, zone: string, now: Instant): ParsedInstant {
  const typed = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (typed === 'now') return { ok: true, instant: now };

  const full = readInstant(typed.replace(/ (?=\d{1,2}:\d{2})/, 't').replace(' ', ''));
  if (full.ok) return full;
  if (full.problem === 'no-such-day' || full.problem === 'no-time')
    return refused('not-an-instant', `must be ${EXAMPLE}; ${foundInstead(full.problem)}.`);

  const inUtc = /[ \d](utc|z)$/.test(typed);
  const where = inUtc ? 'UTC' : zone;
  if (!isZone(where))
    return refused('unknown-zone', 'cannot be read: the time zone is not an IANA name such as Europe/Dublin.');
  return readLocal(inUtc ? typed.replace(/ ?(utc|z)$/, '') : typed, where, now);
}

function readLocal(typed: string, zone: string, now: Instant): ParsedInstant {
  const today = toMs(now) + offsetMs(zone, now);
  const time = TIME_ONLY.exec(typed);
  if (time) {
    const clock = time.slice(1);
    const past = (at: Instant) => toMs(at) <= toMs(now) + AHEAD_MS;
    const shownToday = onDay(today, clock, zone, past);
    return shownToday === 'not-yet' ? settled(onDay(today - DAY_MS, clock, zone, () => true)) : settled(shownToday);
  }
  const worded = DAY_WORD.exec(typed);
  if (worded) return settled(onDay(worded[1] === 'today' ? today : today - DAY_MS, worded.slice(2), zone, () => true));
  const dated = DATED.exec(typed);
  if (dated) {
    const day = Date.UTC(Number(dated[1]), Number(dated[2]) - 1, Number(dated[3]));
    return settled(onDay(day, dated.slice(4), zone, () => true));
  }
  return refused('not-an-instant', `must be a time such as 02:40, yesterday 23:15, 2026-11-22 02:40, or ${EXAMPLE}.`);
}

const settled = (answer: ParsedInstant | 'not-yet'): ParsedInstant =>
  answer === 'not-yet' ? refused('not-an-instant', 'must be a time that has been.') : answer;

/** The instant at which the clocks of `zone` show this time on this local day, given as milliseconds of a clock without zone. */
function onDay(
  localMs: number,
  clock: readonly (string | undefined)[],
  zone: string,
  possible: (at: Instant) => boolean,
): ParsedInstant | 'not-yet' {
  const [hour, minute, second] = [Number(clock[0]), Number(clock[1]), Number(clock[2] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59)
    return refused('not-an-instant', 'must name a time of day that exists, from 00:00 to 23:59.');
  const wanted = Math.floor(localMs / DAY_MS) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;

  const offsets = [...new Set([wanted - DAY_MS, wanted + DAY_MS].map((ms) => offsetMs(zone, toInstant(ms))))];
  const readings = offsets.map((offset) => toInstant(wanted - offset)).sort();
  const real = readings.filter((at) => toMs(at) + offsetMs(zone, at) === wanted);
  if (real.length === 0) {
    return refused(
      'does-not-exist',
      `names a time that the clocks skipped that night; type one of: ${both(readings, zone)}.`,
      readings,
    );
  }
  const open = real.filter(possible);
  if (open.length === 0) return 'not-yet';
  const [only, other] = open;
  if (only !== undefined && other === undefined) return { ok: true, instant: only };
  return refused(
    'ambiguous',
    `came twice that night, as the clocks went back; type one of: ${both(open, zone)}.`,
    open,
  );
}

const both = (readings: readonly Instant[], zone: string): string =>
  readings.map((at) => `${withOffset(zone, at)} (${localText(zone, at)})`).join(' or ');

const FORMATS = new Map<string, Intl.DateTimeFormat>();
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  FORMATS.set(zone, made);
  return made;
}

/** True for a zone name that this machine knows, such as `Europe/Dublin` or `UTC`. */
export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the clocks of a zone are ahead of UTC at an instant, in milliseconds; negative in the west. Throws RangeError for an unknown zone. */
export function offsetMs(zone: string, instant: Instant): number {
  const wholeSecond = Math.floor(toMs(instant) / 1000) * 1000;
  const part = Object.fromEntries(
    clockOf(zone)
      .formatToParts(wholeSecond)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second) - wholeSecond;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

function offsetText(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / MINUTE_MS);
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The same instant as the people of a zone write it in a form that needs no zone name: `2026-11-22T02:40:00+01:00`. */
export function withOffset(zone: string, instant: Instant): string {
  const offset = offsetMs(zone, instant);
  return `${toInstant(toMs(instant) + offset).slice(0, 19)}${offset === 0 ? 'Z' : offsetText(offset)}`;
}

/** For people: `Sun 22 Nov 2026 02:40 CET (+01:00)`, rounded down to the minute (R-318). A zone without a common abbreviation shows its offset only. */
export function localText(zone: string, instant: Instant): string {
  const offset = offsetMs(zone, instant);
  const local = new Date(toMs(instant) + offset);
  const day = `${DAYS[local.getUTCDay()]} ${two(local.getUTCDate())} ${MONTHS[local.getUTCMonth()]} ${local.getUTCFullYear()}`;
  const name = abbreviation(zone, instant);
  return `${day} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}${name === null ? '' : ` ${name}`} (${offsetText(offset)})`;
}

function abbreviation(zone: string, instant: Instant): string | null {
  for (const locale of ['en-GB', 'en-US', 'en-IE']) {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' }).formatToParts(
      toMs(instant),
    );
    const name = parts.find((part) => part.type === 'timeZoneName')?.value;
    if (name !== undefined && !/[+-]/.test(name)) return name;
  }
  return null;
}
