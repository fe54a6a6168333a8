import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './engine.js';
import { neverReady, READY_WITHIN_MS, startListening } from './listening.js';
import { type LocalSide, type LocalStack, type Side, startLocalStack } from './local.js';
import { type Child, endLeftOver, startChild, writePrivate } from './side-process.js';

const ROLES = ['responder', 'dpo', 'approver', 'facilitator', 'auditor', 'admin'] as const;
type Role = (typeof ROLES)[number];
const USUAL_API_PORT = { live: 7272, drill: 7273 } as const;

export interface RunningSide {
  readonly side: Side;
  readonly url: string;
  /** A login for each role, each of another person: two-person steps can be tried on one machine. */
  readonly keys: Readonly<Record<Role, string>>;
  readonly dir: string;
  readonly mailDir: string;
  /** Nothing had been declared here before. */
  readonly fresh: boolean;
  /** What an operator's command needs beside the processes (`seventytwo rebuild`). */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Everything {
  readonly root: string;
  readonly engines: readonly string[];
  readonly sides: Readonly<Record<Side, RunningSide>>;
  /** Resolves with the side whose processes ended by themselves. */
  readonly broke: Promise<Side>;
  stop(): Promise<void>;
}

export interface UpOptions {
  readonly folder: string;
  readonly log: (line: string) => void;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The local stack and all processes on it: for each side the API and both workers. What was stored before is found again. Logins and
 * the settings of the processes are written to `.seventytwo/cli.json` (mode 0600), so that the commands of this folder find them.
 */
export async function startEverything({ folder, log, env }: UpOptions): Promise<Everything> {
  const root = join(folder, '.seventytwo');
  await Promise.all(
    (['live', 'drill'] as const).flatMap((side) =>
      (['processes', 'watchdog'] as const).map((name) => endLeftOver(join(root, side), name)),
    ),
  );
  const stack = await startLocalStack({ root, sides: ['live', 'drill'] as const, log, env });
  const children: Child[] = [];
  try {
    const [watchdog, ...started] = await Promise.all([
      startWatchdog(stack.sides.live, env, children),
      ...(['live', 'drill'] as const).map((side) => startSide(stack, side, env, children)),
    ]);
    const sides = Object.fromEntries(started.map((side) => [side.side, side])) as Record<Side, RunningSide>;
    const kept = Object.fromEntries(
      started.map(({ side, url, keys, settings }) => [
        side,
        { url, keys, ...(side === 'live' && { watchdog }), settings },
      ]),
    );
    writePrivate(join(root, 'cli.json'), `${JSON.stringify(kept, null, 2)}\n`);
    return {
      root,
      sides,
      engines: [stack.temporal.how, stack.mongo.how],
      broke: Promise.race(
        children.map(async (child) => {
          await child.ended;
          return child.side;
        }),
      ),
      stop: () => stopAll(stack, children),
    };
  } catch (error) {
    await stopAll(stack, children);
    throw error;
  }
}

async function stopAll(stack: LocalStack<Side>, children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.stop())); // first what uses the engines, then the engines
  await stack.stop();
}

async function startSide(
  stack: LocalStack<Side>,
  side: Side,
  env: NodeJS.ProcessEnv,
  children: Child[],
): Promise<RunningSide> {
  const local = stack.sides[side];
  const token = randomBytes(24).toString('base64url');
  const { child, port } = await startListening(USUAL_API_PORT[side], (at) =>
    startChild({
      side,
      name: 'processes',
      says: `The ${side} side`,
      // One process a side: API and workers together, as three commands would run them.
      words: ['run', 'serve', 'incident', 'mail'],
      listensWith: '"event":"api.started"',
      env: { ...passedOn(env), ...settingsOf(local, at), SEVENTYTWO_BOOTSTRAP_TOKEN: token },
      dir: local.dir,
    }),
  );
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  const { keys, fresh } = await logins(local, url, token);
  return { side, url, keys, dir: local.dir, mailDir: local.mailDir, fresh, settings: settingsOf(local, port) };
}

const USUAL_WATCHDOG_PORT = 7274;

/** A process of its own, of the live side: it must not fall with what it watches. Here its mail goes into the catcher; nobody is woken. */
async function startWatchdog(local: LocalSide, env: NodeJS.ProcessEnv, children: Child[]): Promise<string> {
  const { child, port } = await startListening(USUAL_WATCHDOG_PORT, (at) =>
    startChild({
      side: 'live',
      name: 'watchdog',
      says: 'The watchdog',
      words: ['run', 'watchdog'],
      listensWith: '"event":"watchdog.started"',
      env: {
        ...passedOn(env),
        SEVENTYTWO_MONGO_URL: local.mongoUrl,
        SEVENTYTWO_TEMPORAL_ADDRESS: local.temporalAddress,
        SEVENTYTWO_TEMPORAL_NAMESPACE: local.temporalNamespace,
        SEVENTYTWO_WATCHDOG_DIR: join(local.dir, 'watchdog'),
        SEVENTYTWO_WATCHDOG_SMTP_URL: local.smtpUrl,
        SEVENTYTWO_WATCHDOG_MAIL_FROM: 'watchdog@live.example',
        SEVENTYTWO_WATCHDOG_MAIL_TO: privately('responder', 'live'),
        SEVENTYTWO_WATCHDOG_LISTEN: `127.0.0.1:${at}`,
      },
      dir: local.dir,
    }),
  );
  children.push(child);
  return `http://127.0.0.1:${port}`;
}

const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'] as const;

const passedOn = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

function settingsOf(local: LocalSide, port: number): Record<string, string> {
  return {
    SEVENTYTWO_SIDE: local.side,
    SEVENTYTWO_MONGO_URL: local.mongoUrl,
    SEVENTYTWO_TEMPORAL_ADDRESS: local.temporalAddress,
    SEVENTYTWO_TEMPORAL_NAMESPACE: local.temporalNamespace,
    SEVENTYTWO_MASTER_KEY_FILE: local.masterKeyFile,
    SEVENTYTWO_JOURNAL_DIR: join(local.dir, 'journal'),
    SEVENTYTWO_LISTEN: `127.0.0.1:${port}`,
    ...(local.side === 'live' ? { SEVENTYTWO_SMTP_URL: local.smtpUrl } : { SEVENTYTWO_EXERCISE_INBOX: local.smtpUrl }),
  };
}

async function untilReady(url: string, child: Child): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (!child.hasEnded() && Date.now() < until) {
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await delay(100);
  }
  throw neverReady(child, child.hasEnded());
}

interface Kept {
  readonly keys: Readonly<Partial<Record<Role, string>>>;
  /** The organisation is described, and its mailbox verified. Left out in files of before: they were written at the end. */
  readonly complete?: boolean;
}

const privately = (role: Role, side: Side): string => `${role}@${side}.example`;

const ANSWER_WITHIN_MS = 30_000;
const SERVER_ERROR = 500;

/** A store that does not answer yet, or a connection that broke, says nothing about whose logins these are. */
async function untilAnswered(url: string, key: string): Promise<Response> {
  const until = Date.now() + ANSWER_WITHIN_MS;
  let broken: unknown;
  for (;;) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } }).catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error; // fetch's own word for a connection that failed
      broken = error;
      return null;
    });
    if (answer && answer.status < SERVER_ERROR) return answer;
    if (Date.now() > until) {
      if (answer) return answer;
      throw new StackError(`${url} did not answer within ${ANSWER_WITHIN_MS / 1_000} s.`, { cause: broken });
    }
    await delay(200);
  }
}

/**
 * The people of a local stack: one for each role. Each key is written to `logins.json` as soon as it is told, so that a start that was
 * cut short is finished by the next one.
 */
export async function logins(
  { dir, side }: Pick<LocalSide, 'dir' | 'side'>,
  url: string,
  token: string,
): Promise<{ keys: Readonly<Record<Role, string>>; fresh: boolean }> {
  const file = join(dir, 'logins.json');
  const kept: Kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Kept)
    : { keys: {}, complete: false };
  const keys: Partial<Record<Role, string>> = { ...kept.keys };
  const keep = (complete: boolean): void => writePrivate(file, `${JSON.stringify({ keys, complete }, null, 2)}\n`);
  const call = caller(url);

  if (keys.admin === undefined) {
    const person = { name: 'Local administrator', email: privately('admin', side) };
    keys.admin = await call<{ secret: string }>(token, 'POST', '/v1/bootstrap', person).then(
      ({ secret }) => secret,
      (error: unknown) => {
        throw new StackError(
          `This database has an administrator, and ${file} does not hold their login. Remove ${dir} together with the engines' data to begin with nothing.`,
          { cause: error },
        );
      },
    );
    keep(false);
  }
  const { admin } = keys;
  const known = await untilAnswered(`${url}/v1/me`, admin);
  if (!known.ok)
    throw new StackError(
      `The logins in ${file} are not those of this database. Remove ${dir} together with the engines' data to begin with nothing.`,
    );
  const all = ROLES.every((role) => keys[role] !== undefined);
  if (all && kept.complete !== false) return { keys: keys as Record<Role, string>, fresh: false };

  const { staff } = await call<{ staff: { id: string; email: string | null; removed: boolean }[] }>(
    admin,
    'GET',
    '/v1/staff',
  );
  for (const role of ROLES) {
    if (keys[role] !== undefined) continue;
    const email = privately(role, side);
    const there = staff.find((one) => one.email === email && !one.removed);
    const { id } =
      there ??
      (await call<{ id: string }>(admin, 'POST', '/v1/staff', { name: `Local ${role}`, email, roles: [role] }));
    keys[role] = (await call<{ secret: string }>(admin, 'POST', `/v1/staff/${id}/keys`, {})).secret;
    keep(false);
  }
  await call(admin, 'PUT', '/v1/organisation', { organisation: exampleOrganisation(side) });
  if (side === 'drill') {
    await call(keys.dpo ?? '', 'POST', '/v1/authorities/ex-authority/mailbox', {
      address: 'notices@authority.test',
      how: 'the exercise authority of the local stack',
    });
  }
  keep(true);
  return { keys: keys as Record<Role, string>, fresh: true };
}

const caller =
  (url: string) =>
  async <T>(bearer: string, method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        'idempotency-key': randomBytes(16).toString('hex'),
      },
    });
    if (answer.ok) return (await answer.json()) as T;
    throw new StackError(
      `Setting up the local stack failed at ${method} ${path}: ${answer.status} ${await answer.text()}`,
    );
  };

/** An organisation to try things with, until the user describes their own (`seventytwo organisation set FILE`). */
const exampleOrganisation = (side: Side) => ({
  name: 'Clinic of the Example',
  role: 'controller',
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'Europe/Dublin',
  languages: ['en'],
  contact: { address: '1 Example Square, Dublin', email: `office@${side}.example`, website: 'https://clinic.example' },
  sector: 'PRIVATE',
  size: 'LARGE',
  activity: 'Q',
  establishments: [{ country: 'IE', main: true }],
  dpo: { name: 'Data Protection Officer', email: `dpo@${side}.example` },
  reportingPerson: { name: 'Data Protection Officer', email: `dpo@${side}.example`, function: 'DPO' },
  authorities: [side === 'drill' ? 'ex-authority' : 'ie-dpc'],
  publicContact: 'https://clinic.example/incident',
  senderAddress: `breach@${side}.example`,
});
