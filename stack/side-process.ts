import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Listening } from './listening.js';
import type { Side } from './local.js';
import { commandLine, isRunning, markOf, ownMark, type ProcessMark } from './processes.js';

const BIN = fileURLToPath(new URL('../bin/seventytwo.mjs', import.meta.url));

export interface Child extends Listening {
  readonly side: Side;
}

interface ChildSpec {
  readonly side: Side;
  /** Of its log and of the file with its process id. */
  readonly name: 'processes' | 'watchdog';
  readonly says: string;
  readonly words: readonly string[];
  /** In its log, when it listens. */
  readonly listensWith: string;
  readonly env: NodeJS.ProcessEnv;
  readonly dir: string;
}

const STOP_WITHIN_MS = 25_000;

/** Ends with the stack. Its own log lines go to a file. */
export function startChild({ side, name, says, words, listensWith, env, dir }: ChildSpec): Child {
  const logFile = join(dir, `${name}.log`);
  const out = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const child: ChildProcess = spawn(process.execPath, [BIN, ...words, '--with-parent', String(process.pid)], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const mark = child.pid === undefined ? undefined : markOf(child.pid);
  if (mark)
    writePrivate(pidFile(dir, name), `${JSON.stringify({ process: mark, owner: ownMark() } satisfies PidFile)}\n`);
  child.stdout?.pipe(out, { end: false });
  child.stderr?.pipe(out, { end: false });
  const listens = new Promise<true>((resolve) => {
    let said = '';
    const hear = (text: Buffer): void => {
      said = said.slice(-listensWith.length) + text.toString('utf8');
      if (!said.includes(listensWith)) return;
      child.stdout?.off('data', hear);
      resolve(true);
    };
    child.stdout?.on('data', hear);
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  return {
    side,
    name: says,
    ended,
    listens,
    hasEnded,
    logFile,
    async stop() {
      if (hasEnded()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

interface PidFile {
  readonly process: ProcessMark;
  readonly owner: ProcessMark;
}
const pidFile = (dir: string, name: ChildSpec['name']): string => join(dir, `${name}.pid`);
const LEFT_OVER_MS = 3_000;

/** A killed stack leaves a side's process for a moment, and that holds the journals. One whose owner lives is left alone. */
export async function endLeftOver(dir: string, name: ChildSpec['name']): Promise<void> {
  let left: PidFile;
  try {
    left = JSON.parse(readFileSync(pidFile(dir, name), 'utf8')) as PidFile;
  } catch {
    return; // never started, or stopped in order
  }
  const runs = (): boolean => isRunning(left.process) && commandLine(left.process.pid).includes('--with-parent');
  if (isRunning(left.owner) || !runs()) return;
  process.kill(left.process.pid, 'SIGTERM');
  const until = performance.now() + LEFT_OVER_MS;
  let insisted = false;
  while (runs()) {
    if (performance.now() > until && !insisted) {
      insisted = true;
      process.kill(left.process.pid, 'SIGKILL');
    }
    await delay(40);
  }
}

/** Whole or not at all, and nobody else's to read. */
export function writePrivate(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
