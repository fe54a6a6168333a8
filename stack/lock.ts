import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning, ownMark, type ProcessMark } from './processes.js';

export type LockResult = { readonly held: true; release(): void } | { readonly held: false; readonly byPid: number };

/**
 * Takes a lock file that names its holder. A file whose holder has ended is taken over. Holders are told apart by
 * number and start, so a lock of last week does not bind a stranger that has the same number today.
 */
export function takeLock(path: string): LockResult {
  const mine = `${JSON.stringify({ ...ownMark(), ticket: randomUUID() })}\n`;
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        linkSync(draft, path); // a whole file appears at once, or nothing
        return { held: true, release: () => releaseLock(path, mine) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const theirs = readIfThere(path);
      if (theirs === undefined) continue;
      const holder = parseHolder(theirs);
      if (holder !== undefined && isRunning(holder)) return { held: false, byPid: holder.pid };
      discardStale(path, theirs);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function releaseLock(path: string, mine: string): void {
  if (readIfThere(path) === mine) rmSync(path, { force: true });
}

/** Two may find the same stale file: whoever moves away a fresh one by mistake puts it back. */
function discardStale(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): ProcessMark | undefined {
  try {
    const { pid, began } = JSON.parse(text) as Partial<ProcessMark>;
    return typeof pid === 'number' && typeof began === 'string' ? { pid, began } : undefined;
  } catch {
    return undefined; // cut off by a power failure: nobody holds it
  }
}
