import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLine } from '../../stack/processes.js';

const dirs: string[] = [];

export function tempDir(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'seventytwo-stack-')));
  dirs.push(dir);
  return dir;
}

export function removeTempDirs(): void {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** This process's environment without the addresses of somebody's engines: these tests start their own. */
export function ownEngines(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { SEVENTYTWO_TEMPORAL_ADDRESS: _temporal, SEVENTYTWO_MONGO_URL: _mongo, ...env } = process.env;
  return { ...env, ...more };
}

/** PATH without the folders that hold an engine, so that the lower rungs are reached. */
export function pathWithoutEngines(): string {
  const holdsEngine = (dir: string): boolean => ['temporal', 'mongod'].some((name) => existsSync(join(dir, name)));
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((dir) => !holdsEngine(dir))
    .join(delimiter);
}

export function script(path: string, text: string): string {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The command line of a running engine of ours. */
export function argumentsOf(pid: number | undefined): string[] {
  if (pid === undefined) throw new Error('This engine is not ours.');
  return commandLine(pid).trim().split(' ');
}

/** Waits for something another process does and nobody tells us about. The limit is only against hanging. */
export async function until(what: string, happened: () => boolean): Promise<void> {
  const last = performance.now() + 120_000;
  while (!happened()) {
    if (performance.now() > last) throw new Error(`Waited in vain until ${what}.`);
    await delay(20);
  }
}
