import type { Command } from 'commander';
import { ROLES } from '../../domain/incident/organisation.js';
import { pathOf } from '../../formats/http/routes.js';
import type { KeyIssued, StaffAnswer, StaffList } from '../answers.js';
import { wrongUsage } from '../exit.js';
import { type CommonOptions, needed, oneOf, online, Run, type World } from '../run.js';
import { table } from '../table.js';

const ACTIONS = ['list', 'add', 'roles', 'key', 'revoke', 'remove'] as const;

interface Options extends CommonOptions {
  readonly name?: string;
  readonly email?: string;
  readonly roles?: string;
  readonly deputy?: boolean;
  readonly zone?: string;
  readonly language?: string;
}

export function registerStaff(program: Command, world: World): void {
  online(
    program
      .command('staff')
      .argument('[action]', ACTIONS.join(', '))
      .argument('[staff]', 'id, such as st_…')
      .argument('[key]', 'revoke: the key'),
  )
    .summary('logins and roles of the people who act')
    .description(
      `list                list the staff with their keys
add                 --name --email --roles responder,dpo
roles STAFF         --roles … changes them
key STAFF           issue a personal key; it is shown once
revoke STAFF [KEY]  revoke one key, or all
remove STAFF        revoke everything and erase name and address`,
    )
    .option('--name <text>', 'add: as the people woken will be addressed')
    .option('--email <address>', 'add: where alarms go')
    .option('--roles <roles>', `comma-separated: ${ROLES.join(', ')}`)
    .option('--deputy', 'add, roles: is woken when the first one does not answer')
    .option('--zone <zone>', 'add: IANA zone')
    .option('--language <code>', 'add: such as en')
    .action(
      async (typedAction: string | undefined, staff: string | undefined, key: string | undefined, options: Options) => {
        const action = typedAction === undefined ? 'list' : oneOf(typedAction, ACTIONS, 'The action');
        const run = (): Run => new Run(world, options, 'ManageStaff');
        if (action === 'list') return list(run());
        if (action === 'add') return add(run, options);
        if (staff === undefined)
          throw wrongUsage('Who? Give the id of the staff member.', 'seventytwo staff   (lists them)');
        if (action === 'roles') return roles(run, staff, options);
        if (action === 'key') return issue(run(), staff);
        if (action === 'revoke') return revoke(run(), staff, key);
        const one = run();
        await one.api.send('DELETE', pathOf('removeStaff', { staff }), undefined);
        one.answer({ removed: staff }, () => [
          `Removed: ${staff}. The keys no longer work; name and address are erased.`,
        ]);
      },
    );
}

function readRoles(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => oneOf(word, ROLES, '--roles'));
}

async function list(run: Run): Promise<void> {
  const { staff } = await run.api.get<StaffList>(pathOf('staff'));
  run.answer(staff, (shown) => {
    const rows = shown
      .filter((one) => !one.removed)
      .map((one) => [
        one.id,
        one.name ?? '(erased)',
        `${one.roles.join(', ')}${one.deputy ? ' (deputy)' : ''}`,
        String(one.keys.filter((key) => key.revokedAt === null).length),
      ]);
    return [
      ...table(rows, { width: run.terminal.width, head: ['ID', 'NAME', 'ROLES', 'KEYS'] }),
      '',
      'Next: add somebody',
      `      ${run.withSide('seventytwo staff add --name "…" --email dpo@hospital.example --roles dpo')}`,
    ];
  });
}

async function add(run: () => Run, options: Options): Promise<void> {
  const roles = readRoles(options.roles);
  needed(
    { '--name': options.name, '--email': options.email, '--roles': options.roles },
    'seventytwo staff add --name "the DPO" --email dpo@hospital.example --roles dpo,approver',
  );
  const one = run();
  const body = {
    name: options.name,
    email: options.email,
    roles,
    ...(options.deputy === true && { deputy: true }),
    ...(options.zone !== undefined && { zone: options.zone }),
    ...(options.language !== undefined && { language: options.language }),
  };
  const answer = await one.api.send<StaffAnswer>('POST', pathOf('addStaff'), body);
  one.answer(answer.body, (shown) => [
    `Added: ${shown.id} (${shown.roles.join(', ')}).`,
    '',
    'Next: a personal key, shown once',
    `      ${one.withSide(`seventytwo staff key ${shown.id}`)}`,
  ]);
}

async function roles(run: () => Run, staff: string, options: Options): Promise<void> {
  needed({ '--roles': options.roles }, `seventytwo staff roles ${staff} --roles responder,dpo`);
  const body = { roles: readRoles(options.roles), deputy: options.deputy === true };
  const one = run();
  const answer = await one.api.send<StaffAnswer>('PUT', pathOf('changeRoles', { staff }), body);
  one.answer(answer.body, (shown) => [
    `${shown.id} is now: ${shown.roles.join(', ')}${shown.deputy ? ' (deputy)' : ''}.`,
  ]);
}

async function issue(run: Run, staff: string): Promise<void> {
  const answer = await run.api.send<KeyIssued>('POST', pathOf('issueKey', { staff }), {});
  run.answer(answer.body, (shown) => keyLines(shown, run.door.url));
}

export const keyLines = (issued: KeyIssued, url: string): string[] => [
  `Key ${issued.key} for ${issued.staff}. It is shown this once and belongs to one person:`,
  '',
  `  ${issued.secret}`,
  '',
  "Next: on that person's machine",
  `      export SEVENTYTWO_URL=${url} SEVENTYTWO_KEY=…`,
  '      seventytwo doctor',
];

async function revoke(run: Run, staff: string, key: string | undefined): Promise<void> {
  const { staff: all } = await run.api.get<StaffList>(pathOf('staff'));
  const keys =
    key === undefined
      ? (all.find((one) => one.id === staff)?.keys ?? []).filter((one) => one.revokedAt === null).map((one) => one.key)
      : [key];
  for (const each of keys) await run.api.send('DELETE', pathOf('revokeKey', { staff, key: each }), undefined);
  run.answer({ revoked: keys }, (shown) => [
    shown.revoked.length === 0 ? `${staff} has no key that works.` : `Revoked: ${shown.revoked.join(', ')}.`,
  ]);
}
