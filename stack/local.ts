import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Catcher, startCatcher } from './catcher.js';
import { type Engine, StackError } from './engine.js';
import { takeLock } from './lock.js';
import { startMongo } from './mongo.js';
import { startTemporal } from './temporal.js';

export type Side = 'live' | 'drill';

/** The ports people expect; a taken one is replaced by a free one. */
const USUAL_PORTS = { temporal: 7233, mongo: 27017, mail: { live: 1025, drill: 1026 } } as const;
const KEY_BYTES = 32;

/** What one side is configured with. No address, database, namespace, key or inbox is shared between the sides. */
export interface LocalSide {
  readonly side: Side;
  /** `<root>/live` or `<root>/drill`. */
  readonly dir: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** Names the side's own database. */
  readonly mongoUrl: string;
  readonly smtpUrl: string;
  /** 32 random bytes in base64, mode 0600. */
  readonly masterKeyFile: string;
  /** Each mail of this side as it came, `0001.eml` and on. */
  readonly mailDir: string;
  readonly catcher: Catcher;
}

export interface LocalStack<S extends Side> {
  readonly root: string;
  readonly temporal: Engine;
  readonly mongo: Engine;
  readonly sides: Readonly<Record<S, LocalSide>>;
  /** Ends the engines and frees the folder. Stop what uses them first. */
  readonly stop: () => Promise<void>;
}

export interface LocalStackOptions<S extends Side> {
  /** Everything is kept below this folder; `.seventytwo` is the usual one. */
  readonly root: string;
  readonly sides: readonly S[];
  readonly log?: ((line: string) => void) | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Temporal, MongoDB and a mail catcher for each side, on 127.0.0.1, with all state below `root`. Throws StackError when
 * another stack runs in the folder, a key is missing or readable by others, or an engine cannot be had.
 */
export async function startLocalStack<S extends Side>(options: LocalStackOptions<S>): Promise<LocalStack<S>> {
  const root = resolve(options.root);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  writeFileSync(join(root, '.gitignore'), '*\n'); // keys and data: never to be committed by accident
  const lock = takeLock(join(root, 'stack.lock'));
  if (!lock.held) {
    throw new StackError(
      `A local stack already runs in ${root} (process ${lock.byPid}). Stop that one first (Ctrl-C, or kill ${lock.byPid}), or start this one in another folder.`,
    );
  }
  const begun: { readonly stop: () => Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(begun.map(async (part) => await part.stop()));
    lock.release();
  };
  const begin = async <E extends { readonly stop: () => Promise<void> }>(starting: Promise<E>): Promise<E> => {
    const part = await starting;
    begun.push(part);
    return part;
  };

  try {
    const mongoDir = join(root, 'engines', 'mongo');
    for (const side of options.sides) ensureMasterKey(join(root, side), join(root, 'engines', `sealed-${side}`));

    const shared = { log: options.log, env: options.env };
    const namespaces = options.sides.map(namespaceOf);
    const temporalDir = join(root, 'engines', 'temporal');
    const engines = await Promise.allSettled([
      begin(startTemporal({ ...shared, dataDir: temporalDir, namespaces, preferPort: USUAL_PORTS.temporal })),
      begin(startMongo({ ...shared, dataDir: mongoDir, preferPort: USUAL_PORTS.mongo })),
    ]);
    const [temporal, mongo] = engines;
    if (temporal.status === 'rejected' || mongo.status === 'rejected') throw allReasons(engines);

    const entries: [S, LocalSide][] = [];
    for (const side of options.sides) {
      const mailDir = join(root, side, 'mail');
      const catcher = await begin(startCatcher({ store: mailDir, preferPort: USUAL_PORTS.mail[side] }));
      entries.push([
        side,
        {
          side,
          dir: join(root, side),
          temporalAddress: temporal.value.url,
          temporalNamespace: namespaceOf(side),
          mongoUrl: databaseUrl(mongo.value.url, side),
          smtpUrl: catcher.url,
          masterKeyFile: keyPath(join(root, side)),
          mailDir,
          catcher,
        },
      ]);
    }
    const sides = Object.fromEntries(entries) as Record<S, LocalSide>;
    return { root, temporal: temporal.value, mongo: mongo.value, sides, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The same server, with the database of this side. Credentials keep the database they were checked against. */
export function databaseUrl(url: string, side: Side): string {
  const [, hosts, database = '', query = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(\?.*)?$/.exec(url) ?? [];
  if (hosts === undefined) throw new StackError('The MongoDB address must look like mongodb://host:27017/database.');
  const named = `${hosts}/${database === '' ? 'seventytwo' : database}_${side}${query}`;
  if (database === '' || !hosts.includes('@') || /[?&]authSource=/.test(query)) return named;
  return `${named}${query === '' ? '?' : '&'}authSource=${database}`;
}

function namespaceOf(side: Side): string {
  return `seventytwo-${side}`;
}

const keyPath = (dir: string): string => join(dir, 'master.key');

/** `sealed` stays beside the engines' data when the key is lost, and tells that from a first start. */
function ensureMasterKey(dir: string, sealed: string): void {
  const path = keyPath(dir);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) {
    if (existsSync(sealed)) {
      throw new StackError(
        `${path} is missing, and what is stored was sealed with it. Put it back, or remove ${dirname(dir)} to begin with nothing.`,
      );
    }
    writeNewKey(dir, path);
    mkdirSync(dirname(sealed), { recursive: true, mode: 0o700 });
    writeFileSync(sealed, '');
    return;
  }
  if ((there.mode & 0o077) !== 0) {
    throw new StackError(
      `${path} may be read by others (mode ${(there.mode & 0o777).toString(8)}). Make it yours alone: chmod 600 ${path}`,
    );
  }
  if (Buffer.from(readFileSync(path, 'utf8').trim(), 'base64').length !== KEY_BYTES) {
    throw new StackError(`${path} does not hold ${KEY_BYTES} bytes in base64. Put the right file back.`);
  }
}

/** Whole and on disk before anything is sealed with it. */
function writeNewKey(dir: string, path: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function allReasons(results: readonly PromiseSettledResult<unknown>[]): Error {
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const [first] = reasons;
  if (reasons.length === 1 && first instanceof Error) return first;
  const texts = reasons.map((reason) => (reason instanceof Error ? reason.message : 'unknown reason'));
  return new StackError(texts.join('\n\n'), { cause: reasons });
}
