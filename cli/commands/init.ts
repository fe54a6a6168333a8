import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isCancel, password, text } from '@clack/prompts';
import type { Command } from 'commander';
import { pathOf } from '../../formats/http/routes.js';
import type { KeyIssued } from '../answers.js';
import { CommandEnd, EXIT, refused } from '../exit.js';
import { Api } from '../http.js';
import { KeptKeys } from '../kept.js';
import { checkedUrl, profilePath, statePath } from '../settings.js';
import { ENV_EXAMPLE, organisationYaml, type OrganisationAnswers } from '../templates.js';
import type { World } from '../run.js';
import { keyLines } from './staff.js';

interface Options {
  readonly json?: boolean;
  readonly dir: string;
  readonly force?: boolean;
  readonly admin?: boolean;
  readonly profile?: boolean;
  readonly url?: string;
  readonly name?: string;
  readonly email?: string;
}

export function registerInit(program: Command, world: World): void {
  program
    .command('init')
    .summary('first configuration; --admin: the first administrator')
    .description(
      `Writes a commented organisation.yaml and seventytwo.env.example; asks a few questions at a terminal.
--admin    makes the first administrator on an empty server; the token is read from SEVENTYTWO_BOOTSTRAP_TOKEN
--profile  writes server and key into your profile (mode 0600); the key is read from SEVENTYTWO_KEY, or asked for`,
    )
    .option('--dir <folder>', 'where to write', '.')
    .option('--force', 'write over what is there')
    .option('--admin', 'make the first administrator')
    .option('--profile', 'write your profile')
    .option('--url <url>', 'admin, profile: the server (default SEVENTYTWO_URL)')
    .option('--name <text>', 'admin: as this login is called')
    .option('--email <address>', 'admin: where alarms go')
    .option('--json', 'the answer as JSON')
    .action(async (options: Options) => {
      if (options.admin) return admin(world, options);
      if (options.profile) return profile(world, options);
      return files(world, options);
    });
}

async function ask(world: World, message: string, initial: string): Promise<string> {
  if (!world.terminal.interactive) return initial;
  const said = await text({ message, initialValue: initial });
  if (isCancel(said)) throw new CommandEnd(EXIT.refused, ['Nothing was written.']);
  return (said ?? '').trim() || initial;
}

async function files(world: World, options: Options): Promise<void> {
  const answers: OrganisationAnswers = {
    name: await ask(world, 'Name of the organisation?', 'Example Hospital'),
    country: (await ask(world, 'Country of the main establishment (two letters)?', 'IE')).toUpperCase(),
    zone: await ask(world, 'Time zone in which you work?', Intl.DateTimeFormat().resolvedOptions().timeZone),
    authority: (await ask(world, 'Your lead authority (seventytwo authorities lists them)?', 'ie-dpc')).toLowerCase(),
    email: await ask(world, 'Mailbox of the data protection officer?', 'dpo@hospital.example'),
  };
  const written = [
    [join(options.dir, 'organisation.yaml'), organisationYaml(answers), 0o644],
    [join(options.dir, 'seventytwo.env.example'), ENV_EXAMPLE, 0o600],
  ] as const;
  const there = written.filter(([path]) => existsSync(path)).map(([path]) => path);
  if (there.length > 0 && !options.force)
    throw refused(
      [`${there.join(' and ')} ${there.length > 1 ? 'are' : 'is'} there already.`],
      ['seventytwo init --force   (writes over)', 'seventytwo init --dir FOLDER'],
    );
  mkdirSync(options.dir, { recursive: true });
  for (const [path, content, mode] of written) writeFileSync(path, content, { mode });

  const { out, paint } = world.terminal;
  const paths = written.map(([path]) => path);
  if (options.json) return out(JSON.stringify({ written: paths }, null, 2));
  for (const path of paths) out(`Written: ${path}`);
  out('');
  out(paint.bold('Next: read organisation.yaml and complete it, then hand it to the server'));
  out(`      seventytwo organisation set ${paths[0] ?? ''}`);
  out('To try everything on this machine first:');
  out('      seventytwo up');
}

const urlOf = (world: World, options: Options): string => {
  const url = options.url ?? world.env['SEVENTYTWO_URL'];
  if (!url)
    throw new CommandEnd(
      EXIT.usage,
      ['Which server? Give --url, or set SEVENTYTWO_URL.'],
      [
        'seventytwo init --admin --url https://breach.hospital.example --name "the administrator" --email it@hospital.example',
      ],
    );
  return checkedUrl(url, '--url');
};

async function admin(world: World, options: Options): Promise<void> {
  const url = urlOf(world, options);
  const token = world.env['SEVENTYTWO_BOOTSTRAP_TOKEN'];
  if (!token)
    throw new CommandEnd(
      EXIT.usage,
      [
        'SEVENTYTWO_BOOTSTRAP_TOKEN is not set. It is the token that the server was started with; an empty server takes it once.',
      ],
      ['export SEVENTYTWO_BOOTSTRAP_TOKEN=…'],
    );
  const name = options.name ?? (await ask(world, 'What is this login called?', 'the administrator'));
  const email = options.email ?? (await ask(world, 'Where do alarms go?', ''));
  if (email === '')
    throw new CommandEnd(
      EXIT.usage,
      ['Still needed: --email.'],
      [`seventytwo init --admin --url ${url} --email it@hospital.example`],
    );
  const api = new Api({
    door: { url, key: token, side: 'live', role: null, roles: [], from: 'environment', zone: null },
    kept: new KeptKeys(statePath(world.env)),
    timeoutMs: 30_000,
    again: () => ['seventytwo', ...world.words],
    zone: async () => 'UTC',
    say: (line) => world.terminal.err(line),
  });
  const { body } = await api.send<KeyIssued>('POST', pathOf('bootstrap'), { name, email });
  if (options.json) return world.terminal.out(JSON.stringify(body, null, 2));
  for (const line of keyLines(body, url)) world.terminal.out(line);
  world.terminal.out('      seventytwo staff add --name "the DPO" --email dpo@hospital.example --roles dpo');
}

async function profile(world: World, options: Options): Promise<void> {
  const url = urlOf(world, options);
  let key = world.env['SEVENTYTWO_KEY'];
  if (!key && world.terminal.interactive) {
    const said = await password({ message: 'Your key (it is not shown)?' });
    if (isCancel(said)) throw new CommandEnd(EXIT.refused, ['Nothing was written.']);
    key = said?.trim();
  }
  if (!key)
    throw new CommandEnd(
      EXIT.usage,
      ['Still needed: your key, in SEVENTYTWO_KEY (never as an option: options are seen in process lists).'],
      ['An administrator makes one: seventytwo staff key STAFF-ID'],
    );
  const path = profilePath(world.env);
  if (existsSync(path) && !options.force)
    throw refused([`${path} is there already.`], ['seventytwo init --profile --force   (writes over)']);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify({ url, key }, null, 2)}\n`, { mode: 0o600 });
  world.terminal.out(options.json ? JSON.stringify({ written: [path] }) : `Written: ${path} (mode 0600)`);
  if (!options.json) world.terminal.out('Next: see that it works\n      seventytwo doctor');
}
