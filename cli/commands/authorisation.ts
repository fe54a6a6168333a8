import { pathOf } from '../../formats/http/routes.js';
import { WARN_BEFORE_HOURS } from '../../domain/incident/withheld.js';
import type { AuthorisationAnswer, AuthorisationCarried, StandingAuthorisation } from '../answers.js';
import { wrongUsage } from '../exit.js';
import { type CommonOptions, needed, Run, type World } from '../run.js';
import { table } from '../table.js';
import { wrap } from '../terminal.js';
import { bothTimes } from '../times.js';

export interface AuthorisationOptions extends CommonOptions {
  authorities?: string;
  hours?: string;
  until?: string;
  reason?: string;
}

const EXAMPLE = 'seventytwo organisation authorise --authorities bg-kzld --hours 4 --until "2027-06-30 12:00"';

/** What may be filed without anybody's approval: shown, given, ended. */
export async function authorisation(world: World, options: AuthorisationOptions): Promise<void> {
  const run = new Run(world, options, 'Read');
  const zone = await run.zone();
  const answer = await run.api.get<AuthorisationAnswer>(pathOf('authorisation'));
  run.answer(answer, ({ authorisation: given }) => [
    ...(given ? authorisationLines(given, zone, run) : ['Nothing is filed without an approval.']),
    '',
    ...(given
      ? ['Next: to end it', `      ${run.withSide('seventytwo organisation revoke --reason "…"')}`]
      : ['Next: to allow it in advance (approvers)', `      ${run.withSide(EXAMPLE)}`]),
  ]);
}

export async function authorise(world: World, options: AuthorisationOptions): Promise<void> {
  needed({ '--authorities': options.authorities, '--hours': options.hours, '--until': options.until }, EXAMPLE);
  const hours = Number(options.hours);
  if (!Number.isInteger(hours))
    throw wrongUsage('--hours must be a whole number of hours before the deadline.', EXAMPLE);
  const run = new Run(world, options, 'AuthoriseFiling');
  const { at, zone } = await run.instant(options.until ?? '', '--until');
  const authorities = (options.authorities ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');
  const body = { authorities, hoursBeforeDeadline: hours, until: at };
  const answer = await run.api.send<AuthorisationCarried>('POST', pathOf('authoriseFiling'), body);
  run.answer(answer.body, ({ authorisation: given, incidents }) => [
    'On record.',
    ...(given ? authorisationLines(given, zone, run) : []),
    ...reachedLines(incidents, run),
    '',
    'Next: it files only to mailboxes that a person has verified within 180 days',
    ...authorities.map((each) => `      ${run.withSide(`seventytwo authorities show ${each}`)}`),
  ]);
}

export async function revokeAuthorisation(world: World, options: AuthorisationOptions): Promise<void> {
  needed({ '--reason': options.reason }, 'seventytwo organisation revoke --reason "the team is on call again"');
  const run = new Run(world, options, 'RevokeAuthorisation');
  const answer = await run.api.send<AuthorisationCarried>('POST', pathOf('revokeAuthorisation'), {
    reason: options.reason,
  });
  run.answer(answer.body, ({ incidents }) => [
    'Revoked. Nothing is filed without an approval.',
    ...reachedLines(incidents, run),
  ]);
}

export function authorisationLines(given: StandingAuthorisation, zone: string, run: Run): string[] {
  const { hoursBeforeDeadline: hours, state } = given;
  const holds = {
    in_force: 'in force',
    expired: 'expired: it files nothing',
    grantor_left: 'void: who gave it is no approver any more',
  } as const;
  return [
    ...wrap(
      `A notice that nobody has approved is filed by itself ${hours} ${hours === 1 ? 'hour' : 'hours'} before the deadline, incomplete and marked as such; everybody is warned ${WARN_BEFORE_HOURS} hours before that.`,
      run.terminal.width,
    ),
    ...table(
      [
        ['State', holds[state]],
        ['Authorities', given.authorities.join(', ')],
        ['Until', bothTimes(given.until, zone)],
        ['Given', `${bothTimes(given.grantedAt, zone)}, by ${given.grantedBy}`],
        ['On record', given.id],
      ],
      { width: run.terminal.width, indent: '  ' },
    ),
  ];
}

const reachedLines = ({ open, reached }: AuthorisationCarried['incidents'], run: Run): string[] =>
  open === 0
    ? []
    : wrap(
        reached === open
          ? `${open} open ${open === 1 ? 'incident has' : 'incidents have'} heard of it.`
          : `${reached} of ${open} open incidents have heard of it so far. The others ask by themselves at the hour of filing.`,
        run.terminal.width,
      );
