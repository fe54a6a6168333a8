import { accessSync, constants, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { Command } from 'commander';
import { pathOf } from '../../formats/http/routes.js';
import type { Authorities, Me, Readiness } from '../answers.js';
import { CommandEnd, refused } from '../exit.js';
import { KeptKeys } from '../kept.js';
import { checkProcessConfig, checkTls } from '../processes.js';
import { type CommonOptions, online, Run, type World } from '../run.js';
import { profilePath, statePath } from '../settings.js';
import { table } from '../table.js';
import { clockChecks } from './doctor-clocks.js';
import { watchdogChecks } from './doctor-watchdog.js';

interface Check {
  readonly name: string;
  /** null: could not be looked at, or does not apply here. */
  readonly ok: boolean | null;
  readonly says: string;
  readonly next?: string;
}

const SKEW_MS = 5_000;
const PROBE_MS = 3_000;

export function registerDoctor(program: Command, world: World): void {
  online(program.command('doctor'))
    .summary('checks configuration and every connection, says what to do')
    .description(
      'Looks at the settings of this command line, its server, its login, the organisation and, where the settings of processes are in the environment, at the stores behind them.',
    )
    .action(async (options: CommonOptions) => {
      const checks = [
        ...machine(world),
        ...(await server(world, options)),
        ...(await processes(world)),
        ...(await watchdogChecks(world)),
      ];
      const bad = checks.filter((one) => one.ok === false);
      const { out, paint, width } = world.terminal;
      if (options.json) {
        out(JSON.stringify({ ok: bad.length === 0, checks }, null, 2));
      } else {
        const mark = (ok: boolean | null): string =>
          ok === null ? paint.dim('-') : ok ? paint.green('ok') : paint.red('NO');
        for (const line of table(
          checks.map((one) => [mark(one.ok), one.name, one.says]),
          { width },
        ))
          out(line);
      }
      if (bad.length > 0) {
        throw refused(
          [`${bad.length} of ${checks.length} checks ask for something.`],
          [...new Set(bad.flatMap((one) => one.next ?? []))],
          { checks },
        );
      }
      if (!options.json) out('\nEverything that could be looked at is in order.');
    });
}

function machine(world: World): Check[] {
  const node = process.versions.node;
  const [major, minor] = node.split('.').map(Number);
  const recent = (major ?? 0) > 20 || (major === 20 && (minor ?? 0) >= 19);
  const state = statePath(world.env);
  let writable = true;
  try {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    accessSync(state, constants.W_OK);
  } catch {
    writable = false; // said in the check itself
  }
  const unanswered = writable ? new KeptKeys(state).list().length : 0;
  return [
    {
      name: 'Node',
      ok: recent,
      says: `${node}${recent ? '' : ', and 20.19 or newer is needed'}`,
      next: 'Install Node 20.19 or newer.',
    },
    {
      name: 'State folder',
      ok: writable,
      says: writable
        ? `${state}${unanswered > 0 ? `; ${unanswered} commands without an answer` : ''}`
        : `${state} cannot be written: a retry could not keep its key`,
      next: `Make ${state} writable, or set SEVENTYTWO_STATE.`,
    },
  ];
}

async function server(world: World, options: CommonOptions): Promise<Check[]> {
  let run: Run;
  try {
    run = new Run({ ...world, terminal: { ...world.terminal, err: () => {} } }, options, 'Read');
  } catch (error) {
    if (!(error instanceof CommandEnd)) throw error;
    return [{ name: 'Server', ok: false, says: error.lines.join(' '), next: error.next[0] ?? '' }];
  }
  const { door } = run;
  const where = door.from === 'profile' ? profilePath(world.env) : door.from;
  const checks: Check[] = [{ name: 'Server', ok: true, says: `${door.url} (${door.side}, from ${where})` }];
  const sent = Date.now();
  let me: Me;
  try {
    await run.api.get<unknown>(pathOf('healthz'));
    checks.push({ name: 'Reached', ok: true, says: `in ${Date.now() - sent} ms` });
  } catch (error) {
    if (!(error instanceof CommandEnd)) throw error;
    return [
      ...checks,
      {
        name: 'Reached',
        ok: false,
        says: error.lines.join(' '),
        next:
          door.from === 'local stack'
            ? 'seventytwo up'
            : 'Check address, network and proxy; until then: seventytwo declare "TITLE" --offline',
      },
    ];
  }
  checks.push(...(await readiness(run)));
  const asked = Date.now();
  try {
    me = await run.api.get<Me>(pathOf('me'));
  } catch (error) {
    if (!(error instanceof CommandEnd)) throw error;
    return [
      ...checks,
      { name: 'Login', ok: false, says: error.lines.join(' '), next: error.next[0] ?? 'seventytwo staff key STAFF-ID' },
    ];
  }
  checks.push({ name: 'Login', ok: true, says: `${me.id}: ${me.roles.join(', ')}` });
  // The server looked at its clock about half-way.
  const skew = Date.parse(me.now) - (asked + Date.now()) / 2;
  // A drill's act time is another time on purpose.
  checks.push(
    me.side === 'drill'
      ? { name: 'Clock', ok: null, says: 'drill: act time is its own' }
      : {
          name: 'Clock',
          ok: Math.abs(skew) < SKEW_MS,
          says: `${(skew / 1000).toFixed(1)} s from the server's`,
          next: 'Set the clock of this machine by NTP: instants typed here are read by it.',
        },
  );
  checks.push(
    me.organisation
      ? { name: 'Organisation', ok: true, says: `described; zone ${me.organisation.zone}` }
      : {
          name: 'Organisation',
          ok: false,
          says: 'not described',
          next: 'seventytwo init, then: seventytwo organisation set organisation.yaml',
        },
  );
  if (me.organisation) checks.push(...(await mailboxes(run)));
  return checks;
}

async function readiness(run: Run): Promise<Check[]> {
  try {
    const ready = await run.api.get<Readiness>(pathOf('readyz'));
    const stores = ready.checks.map((one) => ({
      name: `Server's ${one.name}`,
      ok: one.ok,
      says: one.ok ? `answers in ${one.ms} ms` : 'does not answer',
      next: 'Look at the log of seventytwo serve.',
    }));
    return [...stores, ...(await clockChecks(run, ready))];
  } catch (error) {
    if (!(error instanceof CommandEnd)) throw error;
    const problem = error.details['problem'] as Partial<Readiness> | null | undefined;
    const checks = Array.isArray(problem?.checks) ? problem.checks : [];
    const down = checks.filter((one) => !one.ok).map((one) => one.name);
    return [
      {
        name: 'Its stores',
        ok: false,
        says: down.length > 0 ? `not answering: ${down.join(', ')}` : error.lines.join(' '),
        next: 'Look at the log of seventytwo serve; declaring works as long as one of the stores answers.',
      },
    ];
  }
}

async function mailboxes(run: Run): Promise<Check[]> {
  const { authorities } = await run.api.get<Authorities>(pathOf('authorities'));
  const open = authorities.filter((one) => one.ours && one.channel === 'email' && one.mailboxVerifiedAt === null);
  return [
    open.length === 0
      ? { name: 'Mailboxes', ok: true, says: 'every authority of yours can be reached by a verified channel' }
      : {
          name: 'Mailboxes',
          ok: false,
          says: `nobody has verified: ${open.map((one) => one.id).join(', ')}`,
          next: `seventytwo authorities verify ${open[0]?.id ?? ''} --how "…"`,
        },
  ];
}

/** Only on a machine that runs processes: there their settings are in the environment. */
async function processes(world: World): Promise<Check[]> {
  const { env } = world;
  const named = [
    'SEVENTYTWO_MONGO_URL',
    'SEVENTYTWO_TEMPORAL_ADDRESS',
    'SEVENTYTWO_SMTP_URL',
    'SEVENTYTWO_SMTP_FALLBACK_URL',
    'SEVENTYTWO_PAGER_URL',
  ].filter((name) => env[name]);
  if (named.length === 0) return [];
  const problems = await checkProcessConfig(env);
  const config: Check = {
    name: 'Process settings',
    ok: problems.length === 0,
    says: problems.length === 0 ? 'complete' : problems.join('; '),
    next: 'seventytwo init writes a commented seventytwo.env.example',
  };
  const reached = await Promise.all(named.map((name) => reach(name, env[name] ?? '')));
  const refused = problems.length === 0 ? await checkTls(env) : [];
  const certificates = refused.map(({ side, says }) => ({ name: `TLS to the ${side}`, ok: false, says, next: says }));
  return [config, ...reached, ...certificates];
}

/** Host and port of each server that an address names; never its user or password. */
export function endpointsOf(address: string): { host: string; port: number }[] {
  const ports: Readonly<Record<string, number>> = {
    'mongodb:': 27017,
    'smtp:': 587,
    'smtp+starttls:': 587,
    'smtps:': 465,
    'http:': 80,
    'https:': 443,
  };
  const match = /^(?:([a-z+]+:)\/\/)?(?:[^@/]*@)?([^/?]+)/i.exec(address);
  const fallback = ports[match?.[1]?.toLowerCase() ?? ''] ?? 7233;
  return (match?.[2] ?? '').split(',').flatMap((part) => {
    const found = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(part);
    return found?.[1] ? [{ host: found[1].replace(/^\[|\]$/g, ''), port: Number(found[2] ?? fallback) }] : [];
  });
}

async function reach(name: string, address: string): Promise<Check> {
  if (address.startsWith('mongodb+srv:'))
    return { name, ok: null, says: "found through DNS by the driver; see the server's own check" };
  const endpoints = endpointsOf(address);
  const reached = await Promise.all(endpoints.map(({ host, port }) => opens(host, port)));
  const down = endpoints.filter((_, index) => reached[index] !== true);
  const ok = endpoints.length > 0 && down.length === 0;
  return {
    name,
    ok,
    says: ok
      ? 'reached'
      : endpoints.length === 0
        ? 'names no host'
        : `no connection to ${down.map(({ host, port }) => `${host}:${port}`).join(', ')}`,
    next: `Check ${name}, and the way through the network to it.`,
  };
}

function opens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_MS });
    const end = (ok: boolean): void => {
      socket.destroy();
      resolve(ok);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}
