import type { Command } from 'commander';
import { confirmedLadder, statutoryDeadline, strictDeadline } from '../../domain/clock/deadlines.js';
import { type Instant, isBefore, msBetween, toInstant } from '../../domain/clock/instant.js';
import type { MilestoneRef } from '../../domain/incident/events.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import { isZone, localText, offsetMs } from '../../formats/instants.js';
import { wrongUsage } from '../exit.js';
import { typedInstant } from '../times.js';
import { writer } from './writer.js';

export interface ClockAnswer {
  readonly awareAt: Instant;
  /** 72 elapsed hours; everything acts on this. */
  readonly strictDeadline: Instant;
  /** The reading of Reg. 1182/71, for information. */
  readonly statutoryDeadline: Instant;
  readonly ladder: readonly MilestoneRef[];
}

/** `zone` (IANA) is the authority's: its full hour begins the statutory reading. All EEA zones give the same as UTC. */
export function clockAnswer(awareAt: Instant, zone: string): ClockAnswer {
  return {
    awareAt,
    strictDeadline: strictDeadline(awareAt),
    statutoryDeadline: statutoryDeadline(awareAt, offsetMs, zone),
    ladder: confirmedLadder(awareAt, DEFAULT_PLAYBOOK),
  };
}

const HOUR_AND_MINUTE = /^.{16}/;
const inUtc = (at: Instant): string => `${(HOUR_AND_MINUTE.exec(at)?.[0] ?? at).replace('T', ' ')} UTC`;

/** The answer in plain words, with what is left of the 72 hours at `now`. */
export function clockText(answer: ClockAnswer, zone: string, now: Instant): string[] {
  const both = (at: Instant) =>
    zone === 'UTC' ? localText(zone, at) : `${localText(zone, at).padEnd(34)}  ${inUtc(at)}`;
  return [
    `Aware                  ${both(answer.awareAt)}`,
    `Tell the authority by  ${both(answer.strictDeadline)}   ${left(now, answer.strictDeadline)}`,
    `Statutory reading      ${both(answer.statutoryDeadline)}   for information; act on the one above (R-312, R-313)`,
    '',
    'Ladder of the default playbook',
    ...answer.ladder.map(
      ({ id, kind, dueAt }) =>
        `  ${id.padEnd(10)}  ${both(dueAt)}${kind === 'deadline' ? '   GDPR Art. 33(1)' : isBefore(dueAt, now) ? '   past' : ''}`,
    ),
  ];
}

function left(now: Instant, deadline: Instant): string {
  const minutes = Math.floor(Math.abs(msBetween(now, deadline)) / 60_000);
  const span = `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  return isBefore(deadline, now)
    ? `passed ${span} ago: the notice is still owed, with the reasons for the delay (R-203)`
    : `${span} left`;
}

/** `seventytwo clock --aware INSTANT [--zone IANA] [--json]`, offline. Exit 0, or 2 for an instant or zone that is none. */
export function registerClock(program: Command): void {
  program
    .command('clock')
    .summary('deadlines and ladder of an awareness')
    .description(
      'The 72 hours of GDPR Art. 33(1) from an awareness: the deadline to act on, the statutory reading, and who is called when. Needs no server.',
    )
    .requiredOption(
      '--aware <instant>',
      'when you became aware: 2026-03-02T09:00:00Z, or typed: 02:40, "yesterday 23:15"',
    )
    .option(
      '--zone <iana>',
      "the authority's zone, such as Europe/Dublin; typed times are read in it (default: this machine's)",
    )
    .option('--json', 'the answer as JSON on stdout')
    .action((options: { aware: string; zone?: string; json?: boolean }, command: Command) => {
      if (options.zone !== undefined && !isZone(options.zone))
        throw wrongUsage('--zone must be the name of a time zone, such as Europe/Dublin.');
      const now = toInstant(Date.now());
      const zone = options.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
      const { at, echo } = typedInstant(options.aware, '--aware', { zone, now });
      const { out, err } = writer(command);
      if (echo !== '') err(echo);
      const answer = clockAnswer(at, zone);
      out(options.json === true ? [JSON.stringify(answer, null, 2)] : clockText(answer, zone, now));
    });
}
