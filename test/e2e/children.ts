import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/seventytwo.mjs', import.meta.url));

export interface Child {
  readonly pid: number;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it has printed, once that fits; rejects when it ends before, or takes too long. */
  until(pattern: RegExp, withinMs?: number): Promise<RegExpMatchArray>;
  signal(name: NodeJS.Signals): void;
}

/** `seventytwo WORDS`, as a process of its own. */
export function startSeventytwo(words: readonly string[], how: { folder: string; env: NodeJS.ProcessEnv }): Child {
  const child: ChildProcess = spawn(process.execPath, [BIN, ...words], {
    cwd: how.folder,
    env: how.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  const listeners = new Set<() => void>();
  const heard = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    heard();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    heard();
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid ?? 0,
    out: () => out,
    err: () => err,
    ended,
    until: (pattern, withinMs = 60_000) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          listeners.delete(look);
          clearTimeout(timer);
          settle();
        };
        const look = (): void => {
          const match = out.match(pattern);
          if (match) finish(() => resolve(match));
        };
        const failed = (why: string): void =>
          finish(() => reject(new Error(`seventytwo ${words.join(' ')} ${why} ${String(pattern)}:\n${out}\n${err}`)));
        const timer = setTimeout(() => failed(`did not print within ${withinMs / 1_000} s`), withinMs);
        listeners.add(look);
        void ended.then(() => {
          look();
          if (listeners.has(look)) failed('ended without printing');
        });
        look();
      }),
    signal: (name) => void child.kill(name),
  };
}
