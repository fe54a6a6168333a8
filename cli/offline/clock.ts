import type { Command } from 'commander';
import { AUTHORITIES, legalZone, zoneOfCountry } from '../../domain/authorities/directory.js';
import { confirmedLadder, statutoryDeadline, strictDeadline } from '../../domain/clock/deadlines.js';
import { calendarOf } from '../../domain/clock/holidays.js';
import { type Instant, isBefore, msBetween, toInstant } from '../../domain/clock/instant.js';
import {
  contestedDeadline,
  endOfDay,
  endOfDays,
  endOfMonths,
  type Period,
  WEEKENDS_ONLY,
} from '../../domain/clock/periods.js';
import { isDate } from '../../domain/clock/read-instant.js';
import { EEA } from '../../domain/incident/lists.js';
import {
  GDPR_FROM,
  isBeforeGdpr,
  LAW,
  RULE_SETS,
  type RuleSet,
  ruleSet,
  ruleSetAt,
} from '../../domain/law/provisions.js';
import type { MilestoneRef } from '../../domain/incident/events.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import { isZone, localText, offsetMs } from '../../formats/instants.js';
import { wrongUsage } from '../exit.js';
import { typedInstant } from '../times.js';
import { writer } from './writer.js';

export interface ClockAnswer {
  readonly awareAt: Instant;
  /** 72 elapsed hours; everything acts on this (R-312). */
  readonly strictDeadline: Instant;
  /** The reading of Reg. 1182/71, for information (R-313). */
  readonly statutoryDeadline: Instant;
  readonly ladder: readonly MilestoneRef[];
  /** Asked for with --contested only: the reading of Reg. 1182/71 Art. 3(5), for information. Nothing acts on it (R-317). */
  readonly contested?: { readonly at: Instant; readonly country: string | null; readonly holidaysKnown: boolean };
  /** Asked for with --rules only: which rules these are, and the deadline under those in force. */
  readonly rules?: { readonly name: string; readonly inForce: boolean; readonly strictDeadlineInForce: Instant };
}

export interface ClockQuestion {
  /** Other rules than those in force at awareness, to see what they would change. */
  readonly rules?: RuleSet | undefined;
  /** ISO 3166; given: the contested reading is shown, with this state's holidays. */
  readonly contestedIn?: string | null | undefined;
}

/** `place` is an IANA zone: where no authority keeps it, the full hour that begins the statutory reading is that of UTC (R-315). */
export function clockAnswer(awareAt: Instant, place: string, { rules, contestedIn }: ClockQuestion = {}): ClockAnswer {
  const by = rules ?? ruleSetAt(awareAt);
  const zone = (typeof contestedIn === 'string' && zoneOfCountry(contestedIn)) || legalZone(place);
  const statutory = statutoryDeadline(awareAt, offsetMs, zone, by);
  const calendar = typeof contestedIn === 'string' ? calendarOf(contestedIn) : WEEKENDS_ONLY;
  return {
    awareAt,
    strictDeadline: strictDeadline(awareAt, by),
    statutoryDeadline: statutory,
    ladder: confirmedLadder(awareAt, DEFAULT_PLAYBOOK, by),
    ...(contestedIn !== undefined && {
      contested: { country: contestedIn, ...contestedDeadline(awareAt, statutory, { zone, offsetMs, calendar }) },
    }),
    ...(rules && { rules: { name: rules.version, inForce: rules.on, strictDeadlineInForce: strictDeadline(awareAt) } }),
  };
}

/** The rules of that name. @throws CommandEnd (2) with the names there are */
export function rulesNamed(name: string): RuleSet {
  const found = ruleSet(name);
  if (found) return found;
  const names = RULE_SETS.map(({ version, on }) => `${version}${on ? '' : ' (proposal, not in force)'}`);
  throw wrongUsage(`--rules must be the name of a version of the rules: ${names.join(', ')}.`);
}

/** The state whose authority keeps a zone, when there is only one such state. */
const countryOfZone = (zone: string): string | null => {
  const states = new Set(AUTHORITIES.filter((one) => one.zone === zone).map(({ country }) => country));
  states.delete('EU'); // the EDPS is in Belgium's zone
  return states.size === 1 ? ([...states][0] ?? null) : null;
};

const HOUR_AND_MINUTE = /^.{16}/;
const inUtc = (at: Instant): string => `${(HOUR_AND_MINUTE.exec(at)?.[0] ?? at).replace('T', ' ')} UTC`;

/** The answer in plain words, with what is left of the 72 hours at `now`. */
export function clockText(answer: ClockAnswer, zone: string, now: Instant): string[] {
  const both = (at: Instant) =>
    zone === 'UTC' ? localText(zone, at) : `${localText(zone, at).padEnd(34)}  ${inUtc(at)}`;
  const cite = ruleSet(answer.rules?.name ?? '')?.basis.cite ?? LAW.notifyAuthority.cite;
  const notOwed = answer.rules === undefined ? isBeforeGdpr(answer.awareAt) : !answer.rules.inForce;
  return [
    ...rulesText(answer, both),
    ...tooEarlyText(answer),
    `Aware                  ${both(answer.awareAt)}`,
    notOwed
      ? `It would be due by     ${both(answer.strictDeadline)}`
      : `Tell the authority by  ${both(answer.strictDeadline)}   ${left(now, answer.strictDeadline)}`,
    `Statutory reading      ${both(answer.statutoryDeadline)}   for information; act on the one above (R-312, R-313)`,
    ...contestedText(answer, both),
    '',
    'Ladder of the default playbook',
    ...answer.ladder.map(
      ({ id, kind, dueAt }) =>
        `  ${id.padEnd(10)}  ${both(dueAt)}${kind === 'deadline' ? `   ${cite}` : isBefore(dueAt, now) ? '   past' : ''}`,
    ),
  ];
}

function contestedText({ contested }: ClockAnswer, both: (at: Instant) => string): string[] {
  if (!contested) return [];
  const { at, country, holidaysKnown } = contested;
  const holidays =
    country === null
      ? 'no holidays counted: name the state with --country'
      : holidaysKnown
        ? `holidays of ${country}`
        : `holidays of ${country} are not in the table for that time, so it may be too early`;
  return [
    `Contested reading      ${both(at)}   of Reg. 1182/71 Art. 3(5), ${holidays}`,
    '                       authorities have said that it does not hold for hours (R-321): never act on it',
  ];
}

/** The engine knows no older law, and its hours must not pass for a duty. */
function tooEarlyText({ awareAt, rules }: ClockAnswer): string[] {
  return rules === undefined && isBeforeGdpr(awareAt)
    ? [
        `No duty                The GDPR applies from ${GDPR_FROM} (Art. 99(2)), and this is before. Is the year right? The figures are as if it applied.`,
      ]
    : [];
}

function rulesText({ rules, strictDeadline: due }: ClockAnswer, both: (at: Instant) => string): string[] {
  if (!rules) return [];
  return [
    `Rules                  ${rules.name}${rules.inForce ? '' : ': a PROPOSAL, not in force. Nothing acts on these figures.'}`,
    ...(due === rules.strictDeadlineInForce
      ? []
      : [`Tell the authority by  ${both(rules.strictDeadlineInForce)}   this is the deadline that counts`]),
  ];
}

export interface PeriodAnswer extends Period {
  readonly from: string;
  readonly country: string | null;
  /** The first instant after it. */
  readonly endsAt: Instant;
}

/** A period in days or months from a day, by Reg. 1182/71 (R-330, R-331). Never for the 72 hours. */
export function periodAnswer(
  from: string,
  length: { readonly days: number } | { readonly months: number },
  { zone, country }: { readonly zone: string; readonly country: string | null },
): PeriodAnswer {
  const calendar = country === null ? WEEKENDS_ONLY : calendarOf(country);
  const period = 'days' in length ? endOfDays(from, length.days, calendar) : endOfMonths(from, length.months, calendar);
  return { from, country, ...period, endsAt: endOfDay(period.lastDay, zone, offsetMs) };
}

const MOVED = { 'R-306': LAW.rollOver, 'R-307': LAW.twoWorkingDays } as const;
function periodText(answer: PeriodAnswer, zone: string): string[] {
  return [
    `From        ${answer.from}, which is not counted (Reg. 1182/71 Art. 3(1))`,
    `Counted to  ${answer.countedTo}`,
    `Ends        ${answer.lastDay} 24:00, ${localText(zone, answer.endsAt)} exclusive`,
    ...answer.moved.map((rule) => `  moved by  ${MOVED[rule].cite} (${rule})`),
    ...(answer.country === null ? ['No holidays were counted: name the state with --country.'] : []),
    ...(answer.holidaysKnown
      ? []
      : [
          `The holidays of ${answer.country ?? ''} are not in the table for that time: it may end later, never earlier.`,
        ]),
    'Regimes with a rule of their own (DORA: noon of the next working day, R-812) are not counted so.',
  ];
}

function left(now: Instant, deadline: Instant): string {
  const minutes = Math.floor(Math.abs(msBetween(now, deadline)) / 60_000);
  const span = `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  return isBefore(deadline, now)
    ? `passed ${span} ago: the notice is still owed, with the reasons for the delay (R-203)`
    : `${span} left`;
}

/** `seventytwo clock --aware INSTANT [--zone IANA] [--contested] [--rules NAME] [--json]`, offline; `--from DAY --days N` for other periods. Exit 0, or 2 for an instant or zone that is none. */
export function registerClock(program: Command): void {
  program
    .command('clock')
    .summary('deadlines and ladder of an awareness')
    .description(
      'The 72 hours of GDPR Art. 33(1) from an awareness: the deadline to act on, the statutory reading, and who is called when. Needs no server.',
    )
    .option('--aware <instant>', 'when you became aware: 2026-03-02T09:00:00Z, or typed: 02:40, "yesterday 23:15"')
    .option(
      '--zone <iana>',
      "the authority's zone, such as Europe/Dublin; typed times are read in it (default: SEVENTYTWO_ZONE, else this machine's; with --from that of --country)",
    )
    .option('--contested', 'also the contested reading of Reg. 1182/71 Art. 3(5), for information only')
    .option('--rules <name>', 'under another version of the rules, such as the proposal com-2025-837')
    .option('--country <code>', "whose holidays count, such as DE (default: the zone's)")
    .option('--from <day>', 'instead of --aware: a period in days or months from this day')
    .option('--days <n>', 'with --from')
    .option('--months <n>', 'with --from')
    .option('--json', 'the answer as JSON on stdout')
    .action((options: ClockOptions, command: Command) => {
      if (options.zone !== undefined && !isZone(options.zone))
        throw wrongUsage('--zone must be the name of a time zone, such as Europe/Dublin.');
      const now = toInstant(Date.now());
      const named = options.country?.toUpperCase();
      const zone = options.zone ?? zoneOfPlace();
      const country = named ?? countryOfZone(zone);
      if (country !== null && !(EEA as readonly string[]).includes(country))
        throw wrongUsage('--country must be a state of the EEA by its ISO 3166 code, such as DE.');
      const { out, err } = writer(command);
      if (options.from !== undefined) {
        // A day ends where the state is; a typed time is read where the reader is.
        const where = options.zone ?? (named === undefined ? undefined : zoneOfCountry(named)) ?? zone;
        const answer = periodAnswer(options.from, lengthOf(options), { zone: where, country });
        return out(options.json === true ? [JSON.stringify(answer, null, 2)] : periodText(answer, where));
      }
      if (options.aware === undefined)
        throw wrongUsage(
          'Since when? --aware INSTANT for the 72 hours; --from DAY --days N or --months N for another period.',
        );
      const { at, echo } = typedInstant(options.aware, '--aware', { zone, now });
      if (echo !== '') err(echo);
      if (zone === 'UTC' && options.zone === undefined)
        err('Times are in UTC: --zone Europe/Dublin (or SEVENTYTWO_ZONE) shows those of a place beside it.');
      const answer = clockAnswer(at, zone, {
        rules: options.rules === undefined ? undefined : rulesNamed(options.rules),
        contestedIn: options.contested === true ? country : undefined,
      });
      out(options.json === true ? [JSON.stringify(answer, null, 2)] : clockText(answer, zone, now));
    });
}

/** As for a declaration without a server; a machine in a data centre seldom knows where its people are. */
function zoneOfPlace(): string {
  const named = process.env['SEVENTYTWO_ZONE'];
  return named !== undefined && isZone(named) ? named : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

interface ClockOptions {
  readonly aware?: string;
  readonly zone?: string;
  readonly contested?: boolean;
  readonly rules?: string;
  readonly country?: string;
  readonly from?: string;
  readonly days?: string;
  readonly months?: string;
  readonly json?: boolean;
}

const LONGEST_PERIOD = 1_200; // a hundred years of months; beyond it is a slip of the keyboard

function lengthOf({ from, days, months }: ClockOptions): { days: number } | { months: number } {
  if (!isDate(from)) throw wrongUsage('--from must be a day such as 2026-12-18.');
  if ((days === undefined) === (months === undefined))
    throw wrongUsage('How long? Exactly one of --days N and --months N.');
  const length = Number(days ?? months);
  if (!Number.isInteger(length) || length < 1 || length > LONGEST_PERIOD)
    throw wrongUsage(
      `${days === undefined ? '--months' : '--days'} must be a whole number from 1 to ${LONGEST_PERIOD}.`,
    );
  return days === undefined ? { months: length } : { days: length };
}
