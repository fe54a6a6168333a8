import { chmodSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
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

/** A PATH of one new folder with nothing in it but a shell and what is asked for. */
export function bareDir(): string {
  const dir = tempDir();
  symlinkSync('/bin/sh', join(dir, 'sh'));
  return dir;
}

/** PATH without the folders that hold an engine. */
export function pathWithoutEngines(isEngineDir: (dir: string) => boolean): string {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((dir) => !isEngineDir(dir))
    .join(delimiter);
}

export function script(path: string, text: string): string {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The program of a running engine, as its command line names it. */
export function programOf(pid: number | undefined): string {
  if (pid === undefined) throw new Error('This engine is not ours.');
  return commandLine(pid).split(' ')[0] ?? '';
}

/** Waits for something another process does and nobody tells us about. Fails after half a minute. */
export async function until(what: string, happened: () => boolean): Promise<void> {
  const last = performance.now() + 30_000;
  while (!happened()) {
    if (performance.now() > last) throw new Error(`Waited in vain until ${what}.`);
    await turn();
  }
}
