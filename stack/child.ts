import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './engine.js';
import { freePort, isPortFree } from './ports.js';
import { commandLine, isRunning, markOf, ownMark, type ProcessMark } from './processes.js';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
const PORT_TRIES = 5;
const LOG_LIMIT_BYTES = 5_000_000;

/**
 * A shell that waits on a pipe only this process holds. The pipe closes when this process ends, be it by SIGKILL, and
 * the shell then ends the engine. Works wherever there is a POSIX shell and needs no native code; an engine in its own
 * process group neither hears the Ctrl-C that is meant for us nor outlives us.
 */
const GUARD = `
read -r word; [ "$word" = done ] && exit 0
kill -TERM "$1" 2>/dev/null; n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
kill -KILL "$1" 2>/dev/null`;

export interface ChildSpec {
  readonly name: string;
  readonly dataDir: string;
  readonly command: string;
  readonly args: (port: number, dataDir: string) => readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Does the engine on this port answer as it should? Never throws for "not yet". */
  readonly answers: (port: number) => Promise<boolean>;
  readonly port?: number | undefined;
  readonly preferPort?: number | undefined;
}

export interface RunningChild {
  readonly port: number;
  readonly pid: number;
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

interface PidFile {
  readonly engine: ProcessMark;
  readonly owner: ProcessMark;
  readonly port: number;
}

interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<void>;
  ending: boolean;
}

/** The engines of this process, by folder. */
const running = new Map<string, Started>();

/** Starts the engine in its folder and waits until it answers. Throws StackError with the end of the engine's log. */
export async function startChild(spec: ChildSpec): Promise<RunningChild> {
  mkdirSync(spec.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(spec.dataDir);
  await freeTheFolder(spec.name, dataDir);

  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(spec, attempt);
    const started = launch(spec, dataDir, port);
    const ready = await waitUntilReady(spec, started, port);
    if (ready === 'ready') return handle(dataDir, started, port);

    await end(dataDir, started);
    const taken = ready === 'exited' && !(await isPortFree(port));
    if (taken && spec.port === undefined && attempt < PORT_TRIES) continue; // somebody was faster: another port
    const what = ready === 'exited' ? 'ended before it answered' : `did not answer within ${READY_WITHIN_MS / 1000} s`;
    throw new StackError(
      `${spec.name} ${what} (port ${port}). The last lines of ${logPath(dataDir)}:\n${logTail(dataDir)}`,
    );
  }
}

async function choosePort(spec: ChildSpec, attempt: number): Promise<number> {
  if (spec.port !== undefined) {
    if (await isPortFree(spec.port)) return spec.port;
    throw new StackError(
      `Port ${spec.port}, wanted for ${spec.name}, is taken on 127.0.0.1. Stop the program that listens there, or leave the port out to get a free one.`,
    );
  }
  if (attempt === 1 && spec.preferPort !== undefined && (await isPortFree(spec.preferPort))) return spec.preferPort;
  return await freePort();
}

function launch(spec: ChildSpec, dataDir: string, port: number): Started {
  const log = openLog(dataDir);
  const child = spawn(spec.command, spec.args(port, dataDir), {
    cwd: dataDir,
    env: spec.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve()); // could not be started at all: the probe sees that it ended
  });
  const pid = child.pid;
  if (pid === undefined) throw new StackError(`${spec.name} could not be started: ${spec.command} cannot be run.`);
  // A forgotten engine must not keep this process alive: the guard ends it with us.
  child.unref();
  const guard = spawn('/bin/sh', ['-c', GUARD, 'seventytwo-guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.once('error', () => undefined); // no shell: the next start cleans up
  guard.stdin.on('error', () => undefined);
  guard.unref();
  (guard.stdin as Socket).unref();
  child.once('exit', () => guard.stdin.end('done\n'));

  const engine = markOf(pid);
  if (engine !== undefined) {
    const file: PidFile = { engine, owner: ownMark(), port };
    writeFileSync(`${pidPath(dataDir)}.new`, `${JSON.stringify(file)}\n`, { mode: 0o600 });
    renameSync(`${pidPath(dataDir)}.new`, pidPath(dataDir));
  }
  const started: Started = { child, pid, exited, ending: false };
  running.set(dataDir, started);
  return started;
}

async function waitUntilReady(spec: ChildSpec, started: Started, port: number): Promise<'ready' | 'exited' | 'late'> {
  const until = performance.now() + READY_WITHIN_MS;
  let gone = false;
  const exit = started.exited.then(() => {
    gone = true;
  });
  while (performance.now() < until) {
    const answers = await spec.answers(port);
    if (gone) return 'exited'; // also when a stranger on the same port answered in its place
    if (answers) return 'ready';
    await Promise.race([exit, delay(40)]);
  }
  return 'late';
}

function handle(dataDir: string, started: Started, port: number): RunningChild {
  return {
    port,
    pid: started.pid,
    ended: started.exited,
    stop: async () => await end(dataDir, started),
    kill: () => {
      started.ending = true;
      signal(started.child, 'SIGKILL');
    },
  };
}

async function end(dataDir: string, started: Started): Promise<void> {
  started.ending = true;
  started.child.ref();
  signal(started.child, 'SIGTERM');
  const insist = setTimeout(() => signal(started.child, 'SIGKILL'), STOP_WITHIN_MS);
  await started.exited;
  clearTimeout(insist);
  if (running.get(dataDir) !== started) return; // a later engine lives in this folder now
  running.delete(dataDir);
  rmSync(pidPath(dataDir), { force: true });
}

/** Only through the child's own handle: it never signals a number that has been given to somebody else. */
function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.exitCode === null && child.signalCode === null) child.kill(name);
}

/** Ends what an earlier owner of this folder left behind; refuses when the owner lives. */
async function freeTheFolder(name: string, dataDir: string): Promise<void> {
  const ours = running.get(dataDir);
  if (ours !== undefined) {
    if (!ours.ending && ours.child.exitCode === null && ours.child.signalCode === null) {
      throw new StackError(
        `${name} already runs in ${dataDir} (process ${ours.pid}). Stop it first, or use another folder.`,
      );
    }
    ours.child.ref();
    await ours.exited;
    running.delete(dataDir);
  }
  const left = readPidFile(dataDir);
  if (left === undefined) return;
  // Proof that it is ours to end: the number, the start and the folder on its command line all agree.
  if (!isRunning(left.engine) || !commandLine(left.engine.pid).includes(dataDir)) return;
  if (left.owner.pid !== process.pid && isRunning(left.owner)) {
    throw new StackError(
      `${name} in ${dataDir} belongs to process ${left.owner.pid}, which is running. Stop that one first, or use another folder.`,
    );
  }
  process.kill(left.engine.pid, 'SIGTERM');
  const until = performance.now() + STOP_WITHIN_MS;
  while (isRunning(left.engine)) {
    if (performance.now() > until && isRunning(left.engine)) process.kill(left.engine.pid, 'SIGKILL');
    await delay(40);
  }
}

function readPidFile(dataDir: string): PidFile | undefined {
  try {
    const { engine, owner, port } = JSON.parse(readFileSync(pidPath(dataDir), 'utf8')) as Partial<PidFile>;
    return engine !== undefined && owner !== undefined && port !== undefined ? { engine, owner, port } : undefined;
  } catch {
    return undefined; // not there, or cut off by a power failure, after which nothing is left over either
  }
}

function openLog(dataDir: string): number {
  const path = logPath(dataDir);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

function logTail(dataDir: string): string {
  const lines = readFileSync(logPath(dataDir), 'utf8').trimEnd().split('\n');
  return lines
    .slice(-8)
    .map((line) => `  ${line}`)
    .join('\n');
}

const pidPath = (dataDir: string): string => join(dataDir, 'engine.pid');
const logPath = (dataDir: string): string => join(dataDir, 'engine.log');
