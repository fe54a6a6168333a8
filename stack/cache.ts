import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takeLock } from './lock.js';

const DAY_MS = 86_400_000;

/** Where fetched engines are kept, for all checkouts of this user. */
export function engineCache(env: NodeJS.ProcessEnv): string {
  const chosen = env.SEVENTYTWO_ENGINE_CACHE;
  return chosen !== undefined && chosen !== ''
    ? chosen
    : join(env.HOME ?? homedir(), '.cache', 'seventytwo', 'engines');
}

/**
 * The folder `name` of the cache, filled by `install` if it is not there. It appears whole or not at all, and of several
 * processes that want it one installs while the others wait.
 */
export async function installOnce(
  cache: string,
  name: string,
  install: (into: string) => Promise<void>,
): Promise<string> {
  const target = join(cache, name);
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const lock = await waitForLock(join(cache, `${name}.lock`), () => existsSync(target));
  if (lock === 'no longer wanted') return target;
  const draft = join(cache, `${name}.${randomUUID()}.part`);
  try {
    if (existsSync(target)) return target;
    mkdirSync(draft, { mode: 0o700 });
    await install(draft);
    renameSync(draft, target);
    return target;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    lock.release();
  }
}

async function waitForLock(path: string, done: () => boolean): Promise<{ release(): void } | 'no longer wanted'> {
  for (;;) {
    const lock = takeLock(path);
    if (lock.held) return lock;
    await delay(200);
    if (done()) return 'no longer wanted';
  }
}

/** Why fetching from this address failed within the last day, so that not every start waits for it again. */
export function recentFailure(cache: string, address: string): string | undefined {
  const path = failurePath(cache, address);
  try {
    const { at, why } = JSON.parse(readFileSync(path, 'utf8')) as { at: string; why: string };
    const age = Date.now() - Date.parse(at);
    if (age < 0 || age >= DAY_MS) return undefined;
    return `${why} (remembered since ${at} for a day; to try again now, remove ${path})`;
  } catch {
    return undefined; // none is remembered
  }
}

export function rememberFailure(cache: string, address: string, why: string): void {
  const path = failurePath(cache, address);
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${JSON.stringify({ address, at: new Date().toISOString(), why })}\n`);
  renameSync(draft, path);
}

function failurePath(cache: string, address: string): string {
  return join(cache, `failed-${createHash('sha256').update(address).digest('hex').slice(0, 16)}.json`);
}
