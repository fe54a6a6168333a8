import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CaughtMessage, DataAnswer } from '../../stack/catcher.js';
import { type Engine, startMongo, startTemporal } from '../../stack/engines.js';
import { startTestEngine, type TestEngine } from './engine.js';

/** The real processes on real engines, to be killed: `serve`, `worker incident` and `worker mail` as an operator runs them. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHIFTED = new URL('./shifted-clock.mjs', import.meta.url).href;
const HOUR_MS = 3_600_000;
/** Only against hanging: a lane that failed several times rests for up to a minute before its next try. */
const WITHIN_MS = 150_000;
/** A client holds out longer than a row of kills: a workflow task whose worker died is given to the next one only after ten seconds. */
const PATIENCE_MS = 200_000;
export const BOOTSTRAP = 'a-bootstrap-token-of-this-test';

export type Kind = 'serve' | 'incident' | 'mail' | 'watchdog';
const STARTED: Readonly<Record<Kind, string>> = {
  serve: 'api.started',
  incident: 'worker.started',
  mail: 'worker.started',
  watchdog: 'watchdog.started',
};

export interface Process {
  readonly kind: Kind;
  /** How it ended: `SIGKILL`, or its exit code. */
  readonly ended: Promise<string>;
  /** Its log, newest last. */
  readonly lines: readonly string[];
  /** Where it listens; 0 when it does not. */
  readonly port: number;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: it lives, holds its connections, and does nothing meanwhile. */
  freeze(): void;
  thaw(): void;
  /** As an operator stops it. */
  stop(): Promise<void>;
}

export interface Body {
  readonly [name: string]: unknown;
}
/** A command that somebody was told is taken. */
export interface Acknowledged {
  readonly what: string;
  readonly keyHash: string;
  readonly answer: Body;
}

export interface Starting {
  readonly killAt?: string;
  readonly program?: string;
  readonly aheadHours?: number;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Ended {
  /** Exit code or signal. */
  readonly code: string;
  readonly out: string;
  readonly err: string;
}

export interface World extends TestEngine {
  /**
   * Runs and is ready when this resolves. `killAt`: see adapters/kill-point.ts; such a one may be dead before it is ready. `program`: the
   * folder of another build. `aheadHours`: its wall clock is wrong by so much.
   */
  start(kind: Kind, options?: Starting): Promise<Process>;
  /** What the relay does when a whole message is there and not answered yet; undefined takes it. */
  atDot(hook: (message: CaughtMessage) => Promise<DataAnswer | undefined>): void;
  /** One request, whatever comes of it. */
  call(method: string, path: string, as: string, body?: unknown, key?: string): Promise<{ status: number; json: Body }>;
  /**
   * A client as it should be: keeps its idempotency key, and sends the same again, to whichever process answers, until it is told what
   * became of it. Throws when it is refused.
   */
  told(method: string, path: string, as: string, body?: unknown, key?: string): Promise<Body>;
  /** All that was acknowledged to such clients so far. */
  readonly acknowledged: readonly Acknowledged[];
  /** Bearer keys by role. */
  readonly logins: Record<string, string>;
  /** An operator's command, with the settings of a process, to its end. */
  command(words: readonly string[], options?: { killAt?: string; env?: NodeJS.ProcessEnv }): Promise<Ended>;
  /** `kill -9` of an engine; `back` starts it again on its data and its port. With `lost` on its port without its data. */
  killTemporal(how?: 'lost'): { back(): Promise<void> };
  killMongo(): { back(): Promise<void> };
  /** Either engine away, in either way: dead, or SIGSTOP, which holds its connections and says nothing. */
  away(which: 'temporal' | 'mongo', how: 'killed' | 'frozen'): { back(): Promise<void> };
}

export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Asks again until it is so. */
export async function until<T>(ask: () => Promise<T>, is: (found: T) => boolean, what: string): Promise<T> {
  const end = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await ask();
    if (is(found)) return found;
    if (Date.now() > end)
      throw new Error(
        `It did not come to this within ${WITHIN_MS / 1_000} s: ${what}. ${JSON.stringify(found)?.slice(0, 1_500)}`,
      );
    await delay(50);
  }
}

/** How it ended; an error with the end of its log when it lives on. */
export async function died({ kind, ended, lines }: Process): Promise<string> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    limit = setTimeout(
      () => reject(new Error(`${kind} was not killed within ${WITHIN_MS / 1_000} s:\n${lines.slice(-10).join('\n')}`)),
      WITHIN_MS,
    );
  });
  return Promise.race([ended, late]).finally(() => clearTimeout(limit));
}

/** The program of these sources as an image holds it, in a folder that the caller removes: a process of it starts in half a second instead of three. */
export async function build(sources = ROOT): Promise<string> {
  const folder = join(ROOT, 'node_modules/.cache', `seventytwo-${process.pid}-${randomUUID()}`);
  mkdirSync(folder, { recursive: true }); // below the packages that it needs
  const words = [join(sources, 'bin/build.mjs'), folder];
  await promisify(execFile)(process.execPath, words).catch((error: { stdout?: string }) => {
    throw new Error(`The program could not be built:\n${error.stdout}`);
  });
  return folder;
}

/** `built`: on the program as an image holds it, made for this test. */
export async function startWorld({ built = false }: { built?: boolean } = {}): Promise<World> {
  const home = built ? await build() : ROOT;
  let hook: (message: CaughtMessage) => Promise<DataAnswer | undefined> = async () => undefined;
  const engine = await startTestEngine({
    workers: false,
    catcher: { onData: async (message) => (await hook(message)) ?? 'take' },
  });
  const { config } = engine;
  const children = new Set<ChildProcess>();
  const atExit = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', atExit);
  const restarted: Engine[] = [];
  const engines = { temporal: engine.temporal, mongo: engine.mongo };

  const failures: string[] = []; // what the API says of its own errors

  let door = turnstile<string>();
  const environment = (kind: Kind | 'operator', killAt: string | undefined): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_ENV: 'test',
    SEVENTYTWO_SIDE: 'live',
    SEVENTYTWO_MONGO_URL: config.mongoUrl,
    SEVENTYTWO_TEMPORAL_ADDRESS: config.temporal.address,
    SEVENTYTWO_TEMPORAL_NAMESPACE: config.temporal.namespace,
    SEVENTYTWO_MASTER_KEY: config.masterKey.toString('base64'),
    SEVENTYTWO_JOURNAL_DIR: join(config.journalDir, kind),
    SEVENTYTWO_LISTEN: '127.0.0.1:0',
    SEVENTYTWO_SMTP_URL: engine.catcher.url,
    SEVENTYTWO_BOOTSTRAP_TOKEN: BOOTSTRAP,
    SEVENTYTWO_LOG_LEVEL: 'info',
    ...(killAt !== undefined && { SEVENTYTWO_KILL_AT: killAt }),
  });

  async function start(
    kind: Kind,
    { killAt, program = home, aheadHours = 0, env = {} }: Starting = {},
  ): Promise<Process> {
    mkdirSync(join(config.journalDir, kind), { recursive: true });
    // `run incident` is `worker incident` that also ends when this process is gone without a word.
    const child = spawn(
      process.execPath,
      [
        ...(aheadHours === 0 ? [] : ['--import', SHIFTED]),
        join(program, 'bin/seventytwo.mjs'),
        'run',
        kind,
        '--with-parent',
        String(process.pid),
      ],
      {
        env: { ...environment(kind, killAt), TEST_CLOCK_AHEAD_MS: String(aheadHours * HOUR_MS), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    children.add(child);
    const lines: string[] = [];
    const ready = turnstile<number>();
    const read = (line: string): void => {
      lines.push(line);
      if (line.includes('"http.failed"')) failures.push(line);
      if (line.includes(`"${STARTED[kind]}"`)) ready.open(Number(/"port":(\d+)/.exec(line)?.[1] ?? 0));
    };
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', read);
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => {
        children.delete(child);
        resolve(signal ?? String(code));
      });
    });
    const send = (signal: 'SIGKILL' | 'SIGTERM') => async (): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    };
    const started = await Promise.race([ready.passed, ended]);
    if (typeof started === 'string' && !(killAt !== undefined && started === 'SIGKILL'))
      throw new Error(`${kind} ended with ${started} before it was ready:\n${lines.slice(-10).join('\n')}`);
    if (kind === 'serve' && typeof started === 'number') {
      door.open(`http://127.0.0.1:${started}`);
      const own = door;
      void ended.then(() => {
        if (door === own) door = turnstile();
      });
    }
    return {
      kind,
      ended,
      lines,
      port: typeof started === 'number' ? started : 0,
      kill: send('SIGKILL'),
      stop: send('SIGTERM'),
      freeze: () => void child.kill('SIGSTOP'),
      thaw: () => void child.kill('SIGCONT'),
    };
  }

  function command(
    words: readonly string[],
    { killAt, env = {} }: { killAt?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Ended> {
    const child = spawn(process.execPath, [join(home, 'bin/seventytwo.mjs'), ...words], {
      env: { ...environment('operator', killAt), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    return new Promise((resolve) => {
      child.once('close', (code, signal) => {
        children.delete(child);
        resolve({ code: signal ?? String(code), out, err });
      });
    });
  }

  const logins: Record<string, string> = { bootstrap: BOOTSTRAP };
  async function call(method: string, path: string, as: string, body?: unknown, key: string = randomUUID()) {
    const url = await door.passed;
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${logins[as]}`,
        'idempotency-key': key,
        ...(body !== undefined && { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, json: (text.startsWith('{') ? JSON.parse(text) : {}) as Body };
  }

  const acknowledged: Acknowledged[] = [];
  async function told(
    method: string,
    path: string,
    as: string,
    body?: unknown,
    key: string = randomUUID(),
  ): Promise<Body> {
    const end = Date.now() + PATIENCE_MS;
    let last = 'nobody answered';
    while (Date.now() < end) {
      const asked = door;
      const answer = await call(method, path, as, body, key).catch((error: unknown) => {
        if ((error as Error).name === 'TypeError') return null; // fetch: the connection broke, so the outcome is not known
        throw error;
      });
      if (answer === null) {
        last = 'the connection broke';
        if (asked === door) await delay(20); // its end has not been noticed yet
        continue;
      }
      const { status, json } = answer;
      if (status < 300) {
        if (method !== 'GET') acknowledged.push({ what: `${method} ${path}`, keyHash: hashOfKey(key), answer: json });
        return json;
      }
      last = `${status} ${JSON.stringify(json)}`;
      if (status !== 503 && status !== 504)
        throw new Error(`${method} ${path}: ${last}\n${failures.slice(-3).join('\n')}`);
      await delay(50);
    }
    throw new Error(`${method} ${path} had no answer within ${PATIENCE_MS / 1_000} s: ${last}`);
  }

  const portOf = (url: string): number => Number(new URL(url.includes('://') ? url : `http://${url}`).port);
  const comeBack = (which: 'temporal' | 'mongo', again: () => Promise<Engine>) => {
    engines[which].kill();
    return {
      async back(): Promise<void> {
        engines[which] = await again();
        restarted.push(engines[which]);
      },
    };
  };

  const killTemporal = (how?: 'lost') =>
    comeBack('temporal', () =>
      startTemporal({
        dataDir: join(engine.folder, how === 'lost' ? `temporal-${randomUUID()}` : 'temporal'),
        namespaces: [config.temporal.namespace],
        port: portOf(engine.temporal.url),
      }),
    );
  const killMongo = () =>
    comeBack('mongo', () => startMongo({ dataDir: join(engine.folder, 'mongo'), port: portOf(engine.mongo.url) }));
  const freeze = (which: 'temporal' | 'mongo') => {
    const { pid } = engines[which];
    if (pid === undefined) throw new Error(`${which} is no process of this test.`);
    process.kill(pid, 'SIGSTOP');
    return {
      async back(): Promise<void> {
        process.kill(pid, 'SIGCONT');
      },
    };
  };

  return {
    ...engine,
    start,
    call,
    told,
    acknowledged,
    logins,
    atDot: (next) => {
      hook = next;
    },
    command,
    killTemporal,
    killMongo,
    away: (which, how) => (how === 'frozen' ? freeze(which) : which === 'mongo' ? killMongo() : killTemporal()),
    async stop() {
      process.off('exit', atExit);
      const ends = [...children].map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve())));
      atExit();
      await Promise.all(ends);
      for (const again of restarted) again.kill();
      await engine.stop();
      if (built) rmSync(home, { recursive: true, force: true });
    },
  };
}

interface Turnstile<T> {
  readonly passed: Promise<T>;
  open(value: T): void;
}
function turnstile<T>(): Turnstile<T> {
  let open: (value: T) => void = () => undefined;
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { passed, open: (value) => open(value) };
}
