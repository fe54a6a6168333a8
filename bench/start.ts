import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { engineCache } from '../stack/cache.js';
import { startMongo, startTemporal } from '../stack/engines.js';
import { startSeventytwo } from '../test/e2e/children.js';
import { load, row, type Say, seconds } from './figures.js';

const POLL_MS = 25;

/** Where the live side's API listens, from the start of the log that `up` keeps of it. */
const portIn = (log: string, from: number): string | undefined =>
  existsSync(log) ? /"api\.started".*?"port":(\d+)/.exec(readFileSync(log, 'utf8').slice(from))?.[1] : undefined;

async function untilTheApiAnswers(folder: string): Promise<{ answersMs: number; readyMs: number }> {
  const log = join(folder, '.seventytwo', 'live', 'processes.log');
  const before = existsSync(log) ? readFileSync(log, 'utf8').length : 0;
  const home = join(folder, 'home');
  const env = { PATH: process.env['PATH'], HOME: home, SEVENTYTWO_ENGINE_CACHE: engineCache(process.env) };
  const start = performance.now();
  const child = startSeventytwo(['up'], { folder, env });
  let over = false;
  void child.ended.then(() => (over = true));
  const upOn = async (path: string): Promise<number> => {
    while (!over) {
      const port = portIn(log, before);
      const ok =
        port &&
        (await fetch(`http://127.0.0.1:${port}${path}`).then(
          (answer) => answer.ok,
          () => false,
        ));
      if (ok) return performance.now() - start;
      await delay(POLL_MS);
    }
    throw new Error(`seventytwo up ended before its API answered:\n${child.out()}\n${child.err()}`);
  };
  try {
    const answersMs = await upOn('/healthz');
    return { answersMs, readyMs: await upOn('/readyz') };
  } finally {
    child.signal('SIGINT');
    await child.ended;
  }
}

async function enginesAlone(folder: string): Promise<number> {
  const start = performance.now();
  const engines = await Promise.all([
    startTemporal({ dataDir: join(folder, 'temporal'), namespaces: ['seventytwo-live', 'seventytwo-drill'] }),
    startMongo({ dataDir: join(folder, 'mongo') }),
  ]);
  const took = performance.now() - start;
  await Promise.all(engines.map((engine) => engine.stop()));
  return took;
}

async function emptyNode(): Promise<number> {
  const start = performance.now();
  await promisify(execFile)(process.execPath, ['-e', '']);
  return performance.now() - start;
}

/** `seventytwo up` until its API answers and until it can work, the programs of the engines being there, beside the engines alone. */
export async function starting(say: Say): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seventytwo-bench-'));
  try {
    await enginesAlone(join(folder, 'warm')); // fetches them where they are not there yet
    const [node, engines] = [await emptyNode(), await enginesAlone(join(folder, 'alone'))];
    say(row('', 'answers', 'ready', 'load'));
    say(row('a Node process that does nothing', seconds(node), '', load()));
    say(row('the engines alone, on an empty folder', seconds(engines), '', load()));
    for (const where of ['in an empty folder', 'in a folder with data'] as const) {
      const { answersMs, readyMs } = await untilTheApiAnswers(folder);
      say(row(`seventytwo up, ${where}`, seconds(answersMs), seconds(readyMs), load()));
      say(
        row('  ratio to the engines', `× ${(answersMs / engines).toFixed(2)}`, `× ${(readyMs / engines).toFixed(2)}`),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
