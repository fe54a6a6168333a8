import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Catcher, type Engine, startCatcher, startMongo, startTemporal } from '../../stack/engines.js';
import { text } from './canaries.js';
import { type Child, startSeventytwo } from './children.js';

/** Real engines, one real process of each kind, and a relay that repeats addresses in what it answers. */

export const NAMESPACE = 'seventytwo-live';
export const PROCESSES = { api: ['serve'], incident: ['worker', 'incident'], mail: ['worker', 'mail'] } as const;
type Name = keyof typeof PROCESSES;

export type Body = Record<string, unknown>;
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly json: Body;
}
type Asked = [method: string, path: string, as: string, body?: unknown, headers?: Record<string, string>];

const folder = mkdtempSync(join(tmpdir(), 'seventytwo-canary-'));
export const dirs = {
  all: folder,
  temporal: join(folder, 'temporal'),
  mongo: join(folder, 'mongo'),
  journal: join(folder, 'journal'),
};
export const masterKey = randomBytes(32).toString('base64');
/** Whoever may log in, by role; `token` opens the door for the first one. */
export const secrets: Record<string, string> = { token: randomBytes(24).toString('base64url') };
/** Status, headers and body of everything that was refused. */
export const refusals: string[] = [];
export const processes: Partial<Record<Name, Child>> = {};
export const running = (): [string, Child][] => Object.entries(processes);
/** What the relay refused, and the mails that it took. */
export const relayed: { refused: string[]; taken: string[] } = { refused: [], taken: [] };
export const engines = {} as { temporal: Engine; mongo: Engine; catcher: Catcher };
let url = '';

function talkingRelay(): Promise<Catcher> {
  const authorities: string[] = [];
  const staff: string[] = [];
  return startCatcher({
    onRcpt(to) {
      const says = (refuse: number, why: string) => {
        relayed.refused.push(to);
        return { refuse, text: `${why} <${to}>: ${text('relay')}` };
      };
      if (to.includes('people-2')) return says(550, '5.1.1 no such person');
      if (to.endsWith('authority.test') && authorities.push(to) === 1) return says(550, '5.7.1 not from you');
      if (to.includes('dpo') && staff.push(to) === 1) return says(451, '4.7.1 later');
      return 'take';
    },
    onData({ to, raw }) {
      relayed.taken.push(raw.toString('latin1'));
      return { refuse: 250, text: `2.0.0 queued for <${to.join()}>` }; // taken, with a word too many
    },
  });
}

export async function startAll(): Promise<void> {
  mkdirSync(dirs.journal, { recursive: true });
  [engines.temporal, engines.mongo, engines.catcher] = await Promise.all([
    startTemporal({ dataDir: dirs.temporal, namespaces: [NAMESPACE] }),
    startMongo({ dataDir: dirs.mongo }),
    talkingRelay(),
  ]);
  for (const name of Object.keys(PROCESSES) as Name[]) processes[name] = startProcess(name);
  const [, port] = (await processes.api?.until(/"event":"api.started".*"port":(\d+)/)) ?? [];
  url = `http://127.0.0.1:${port}`;
  await processes.incident?.until(/"event":"worker.started"/, 90_000);
  await processes.mail?.until(/"event":"worker.started"/, 90_000);
}

function startProcess(name: Name): Child {
  return startSeventytwo(PROCESSES[name], {
    folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TZ: 'UTC',
      SEVENTYTWO_SIDE: 'live',
      SEVENTYTWO_MONGO_URL: engines.mongo.url.replace(/\/(\?|$)/, '/seventytwo_live$1'),
      SEVENTYTWO_TEMPORAL_ADDRESS: engines.temporal.url,
      SEVENTYTWO_TEMPORAL_NAMESPACE: NAMESPACE,
      SEVENTYTWO_SMTP_URL: engines.catcher.url,
      SEVENTYTWO_MASTER_KEY: masterKey,
      SEVENTYTWO_LISTEN: '127.0.0.1:0',
      SEVENTYTWO_JOURNAL_DIR: join(dirs.journal, name),
      SEVENTYTWO_BOOTSTRAP_TOKEN: secrets['token'],
      SEVENTYTWO_LOG_LEVEL: 'debug',
    },
  });
}

export async function endAll(): Promise<void> {
  for (const [, child] of running()) child.signal('SIGKILL');
  await Promise.all(running().map(async ([, child]) => await child.ended));
  engines.temporal.kill();
  engines.mongo.kill();
  await engines.catcher.stop();
  rmSync(folder, { recursive: true, force: true });
}

const portOf = (engine: Engine): number => Number(new URL(engine.url.replace(/^(mongodb:\/\/)?/, 'http://')).port);

/** The same folder and port again, after a kill. */
export async function restart(engine: 'temporal' | 'mongo'): Promise<void> {
  const port = portOf(engines[engine]);
  engines[engine] =
    engine === 'mongo'
      ? await startMongo({ dataDir: dirs.mongo, port })
      : await startTemporal({ dataDir: dirs.temporal, namespaces: [NAMESPACE], port });
}

export async function call(...[method, path, as, body, headers]: Asked): Promise<Answered> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${secrets[as] ?? as}`,
      'idempotency-key': crypto.randomUUID(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const said = await response.text();
  if (!response.ok) refusals.push(`${response.status} ${JSON.stringify([...response.headers])} ${said}`);
  return { status: response.status, text: said, json: said.startsWith('{') ? (JSON.parse(said) as Body) : {} };
}

export async function good(...asked: Asked): Promise<Body> {
  const answer = await call(...asked);
  if (answer.status >= 300) throw new Error(`${asked[0]} ${asked[1]}: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** Expects a refusal. What it says is searched afterwards. */
export async function bad(statuses: readonly number[], ...asked: Asked): Promise<void> {
  const { status, text: said } = await call(...asked);
  if (!statuses.includes(status))
    throw new Error(`${asked[0]} ${asked[1]}: ${status}, not ${statuses.join(' or ')}: ${said}`);
}

/** Asks again until it is so, for at most 60 s. */
export async function until<T>(ask: () => Promise<T>, is: (found: T) => boolean, what: string): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await ask();
    if (is(found)) return found;
    if (Date.now() > end)
      throw new Error(`It did not come to this within 60 s: ${what}. ${JSON.stringify(found).slice(0, 2_000)}`);
    await delay(100);
  }
}
