import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { pathOf } from '../../formats/http/routes.js';
import type { Authorities, Authority, OrganisationAnswer } from '../answers.js';
import { refused, wrongUsage } from '../exit.js';
import {
  type AuthorisationOptions,
  authorisation,
  authorisationLines,
  authorise,
  revokeAuthorisation,
} from './authorisation.js';
import { type CommonOptions, needed, oneOf, online, Run, type World } from '../run.js';
import { table } from '../table.js';
import { wrap } from '../terminal.js';
import { outline } from '../outline.js';
import { bothTimes } from '../times.js';

const ORGANISATION_ACTIONS = ['show', 'set', 'authorise', 'authorisation', 'revoke'] as const;

export function registerOrganisation(program: Command, world: World): void {
  online(
    program
      .command('organisation')
      .argument('[action]', ORGANISATION_ACTIONS.join(', '))
      .argument('[file]', 'organisation.yaml'),
  )
    .summary('what is known before a breach')
    .description(
      'show: as the server knows it. set FILE: describe it anew; open incidents keep their copy until they are confirmed or decided.\nseventytwo init writes a commented organisation.yaml.\nauthorise: a notice that nobody has approved may be filed by itself, to these authorities, so many hours before the deadline. authorisation: shows it. revoke: ends it, in open incidents too.',
    )
    .option('--authorities <ids>', 'authorise: such as bg-kzld,hr-azop; only those that take notices by e-mail')
    .option('--hours <n>', 'authorise: whole hours before the deadline, 1 to 24')
    .option('--until <time>', 'authorise: until when it holds, at most a year ahead')
    .option('--reason <text>', 'revoke: why')
    .action(async (typedAction: string | undefined, file: string | undefined, options: AuthorisationOptions) => {
      const action = typedAction === undefined ? 'show' : oneOf(typedAction, ORGANISATION_ACTIONS, 'The action');
      if (action === 'authorise') return authorise(world, options);
      if (action === 'authorisation') return authorisation(world, options);
      if (action === 'revoke') return revokeAuthorisation(world, options);
      if (action === 'set' && file === undefined)
        throw wrongUsage('Which file?', 'seventytwo organisation set organisation.yaml');
      const body = action === 'set' ? await organisationFile(file ?? '') : null;
      const run = new Run(world, options, 'ManageOrganisation');
      const answer = body
        ? (await run.api.send<OrganisationAnswer>('PUT', pathOf('describeOrganisation'), body)).body
        : await run.api.get<OrganisationAnswer>(pathOf('organisation'));
      run.answer(answer, (shown) => [
        ...(body ? ['Described. It is on record.', ''] : []),
        ...outline({ organisation: shown.organisation, playbook: shown.playbook }),
        '',
        ...(shown.authorisation
          ? authorisationLines(shown.authorisation, shown.organisation.zone, run)
          : ['Nothing is filed without an approval (seventytwo organisation authorise).']),
        '',
        'Next: make sure that the notices would arrive',
        ...shown.organisation.authorities.map((each) => `      ${run.withSide(`seventytwo authorities show ${each}`)}`),
      ]);
    });
}

async function organisationFile(file: string): Promise<unknown> {
  if (!existsSync(file)) throw refused([`${file} is not there.`], ['seventytwo init   (writes a commented one)']);
  const { parseOrganisationFile } = await import('../../formats/organisation-file.js');
  const read = parseOrganisationFile(readFileSync(file, 'utf8'), file);
  if ('problems' in read)
    throw refused(read.problems, ['Nothing was changed. Fields and types: seventytwo schema organisation']);
  return read;
}

const ACTIONS = ['list', 'show', 'verify'] as const;

export function registerAuthorities(program: Command, world: World): void {
  online(
    program.command('authorities').argument('[action]', ACTIONS.join(', ')).argument('[authority]', 'such as ie-dpc'),
  )
    .summary('the directory of authorities; verify a mailbox')
    .description(
      'list: yours first (--country for one country). verify: you have made sure that this mailbox takes breach notices; an unverified one is never sent to by itself.',
    )
    .option('--country <code>', 'list: two letters, such as IE')
    .option('--address <address>', 'verify: the mailbox; the one of the directory when left out')
    .option('--how <text>', 'verify: how you made sure, such as "called the number on its site"')
    .action(
      async (
        typedAction: string | undefined,
        authority: string | undefined,
        options: CommonOptions & { country?: string; address?: string; how?: string },
      ) => {
        const action = typedAction === undefined ? 'list' : oneOf(typedAction, ACTIONS, 'The action');
        const run = new Run(world, options, action === 'verify' ? 'VerifyMailbox' : 'Read');
        if (action === 'list') return list(run, options.country);
        if (authority === undefined) throw wrongUsage('Which authority?', 'seventytwo authorities   (lists them)');
        const id = authority.toLowerCase();
        const known = await run.api.get<Authority>(pathOf('authority', { authority: id }));
        if (action === 'show') return run.answer(known, (shown) => authorityLines(shown, run));
        needed({ '--how': options.how }, `seventytwo authorities verify ${id} --how "called the number on its site"`);
        const address = options.address ?? known.mailbox;
        if (address === null)
          throw refused(
            [`The directory knows no mailbox of ${id}${known.portal ? '; it takes notices at its portal' : ''}.`],
            [`seventytwo authorities verify ${id} --address notices@authority.test --how "…"`],
          );
        const answer = await run.api.send<Authority>('POST', pathOf('verifyMailbox', { authority: id }), {
          address,
          how: options.how,
        });
        run.answer(answer.body, (shown) => [
          shown.channel === 'portal'
            ? `Verified: ${shown.verifiedAddress ?? address}. Notices to ${shown.id} still go to its portal: ${shown.portal ?? ''}`
            : `Verified: notices to ${shown.id} go to ${shown.verifiedAddress ?? address}. Look again within 180 days (R-511).`,
        ]);
      },
    );
}

async function list(run: Run, country: string | undefined): Promise<void> {
  const query = country === undefined ? '' : `?country=${encodeURIComponent(country.toUpperCase())}`;
  const answer = await run.api.get<Authorities>(`${pathOf('authorities')}${query}`);
  run.answer(answer.authorities, (shown) => {
    const sorted = [...shown].sort((a, b) => Number(b.ours) - Number(a.ours) || a.id.localeCompare(b.id));
    const ours = sorted.filter((one) => one.ours);
    const rows = sorted.map((one) => [
      one.ours ? run.terminal.paint.bold(one.id) : one.id,
      one.channel,
      one.ours ? (one.channel === 'portal' ? 'portal' : one.mailboxVerifiedAt ? 'verified' : 'NOT verified') : '',
      one.name,
    ]);
    const next = ours.find((one) => one.channel === 'email' && one.mailboxVerifiedAt === null);
    return [
      ...table(rows, { width: run.terminal.width, head: ['ID', 'CHANNEL', 'MAILBOX', 'NAME'] }),
      ...(next
        ? [
            '',
            'Next: make sure that this mailbox takes breach notices',
            `      ${run.withSide(`seventytwo authorities verify ${next.id} --how "…"`)}`,
          ]
        : []),
    ];
  });
}

function authorityLines(shown: Authority, run: Run): string[] {
  const rows = [
    ['Country', shown.country],
    ['Channel', shown.channel],
    ...(shown.mailbox
      ? [['Mailbox', `${shown.mailbox} (directory, checked ${shown.verifiedOn}${shown.stale ? ', stale' : ''})`]]
      : []),
    ...(shown.portal ? [['Portal', shown.portal]] : []),
    [
      'Verified by us',
      shown.mailboxVerifiedAt ? `${shown.verifiedAddress ?? ''}, ${bothTimes(shown.mailboxVerifiedAt, 'UTC')}` : 'no',
    ],
    ['Languages', shown.languages.join(', ')],
  ];
  const next =
    shown.channel === 'email' && shown.mailboxVerifiedAt === null
      ? [
          '',
          'Next: make sure that this mailbox takes breach notices',
          `      ${run.withSide(`seventytwo authorities verify ${shown.id} --how "…"`)}`,
        ]
      : [];
  return [
    ...wrap(`${run.terminal.paint.bold(shown.id)}  ${shown.name}`, run.terminal.width),
    ...table(rows, { width: run.terminal.width, indent: '  ' }),
    ...next,
  ];
}
