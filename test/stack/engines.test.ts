import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { type Engine, startMongo, startTemporal } from '../../stack/engines.js';
import { isRunning, markOf, ownMark, type ProcessMark } from '../../stack/processes.js';
import { ownEngines, removeTempDirs, tempDir, until } from './help.js';

// The first start on a machine fetches the engines.
const env = ownEngines();
const engines: Engine[] = [];
const kept = <E extends Engine>(engine: E): E => {
  engines.push(engine);
  return engine;
};
afterEach(async () => {
  await Promise.all(engines.splice(0).map(async (engine) => await engine.stop()));
});
afterAll(removeTempDirs);

const portOf = (engine: Engine): number => Number(engine.url.match(/:(\d+)(?:\/|$)/)?.[1]);

async function withTemporal<T>(engine: Engine, namespace: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: engine.url });
  try {
    return await use(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

test('a workflow outlives kill -9 of Temporal, and the same port serves again', async () => {
  const dataDir = tempDir();
  const first = kept(await startTemporal({ dataDir, env, namespaces: ['one'] }));
  await withTemporal(first, 'one', async (client) => {
    await client.workflow.start('nobody-runs-this', { workflowId: 'kept', taskQueue: 'none' });
  });
  first.kill();
  const second = kept(await startTemporal({ dataDir, env, namespaces: ['one'], port: portOf(first) }));
  expect(second.url).toBe(first.url);
  const status = await withTemporal(second, 'one', async (client) => {
    return (await client.workflow.getHandle('kept').describe()).status.name;
  });
  expect(status).toBe('RUNNING');
});

test('namespaces keep closed runs for 90 days and know the search attributes, also one that is added later', async () => {
  const dataDir = tempDir();
  const first = kept(await startTemporal({ dataDir, env, namespaces: ['one'] }));
  await first.stop();
  const engine = kept(await startTemporal({ dataDir, env, namespaces: ['one', 'two'] }));
  for (const namespace of ['one', 'two']) {
    const { days, count } = await withTemporal(engine, namespace, async (client) => {
      const { config } = await client.workflowService.describeNamespace({ namespace });
      await client.workflow.start('nobody-runs-this', {
        taskQueue: 'none',
        workflowId: 'searched',
        searchAttributes: { NextDeadline: [new Date('2026-03-05T09:00:00.000Z')], IncidentPhase: ['confirmed'] },
      });
      const query = `IncidentPhase = 'confirmed' AND NextDeadline < '2026-03-05T09:00:00.001Z'`;
      let found = 0;
      while (found === 0) found = (await client.workflow.count(query)).count; // the index follows a moment later
      return { days: Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400, count: found };
    });
    expect({ namespace, days, count }).toEqual({ namespace, days: 90, count: 1 });
  }
});

test('every write that was acknowledged outlives kill -9 of MongoDB, from eight writers at once', async () => {
  const dataDir = tempDir();
  const first = kept(await startMongo({ dataDir, env }));
  const client = await MongoClient.connect(first.url, { serverSelectionTimeoutMS: 500 });
  const acknowledged: string[] = [];
  let enough: (() => void) | undefined;
  const many = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; ; n++) {
      const _id = `${writer}/${n}`;
      await client.db('kill').collection<{ _id: string }>('writes').insertOne({ _id });
      acknowledged.push(_id);
      if (acknowledged.length === 800) enough?.();
    }
  };
  const writers = Promise.allSettled([0, 1, 2, 3, 4, 5, 6, 7].map(write));
  await many;
  first.kill();
  await client.close();
  await writers;

  const second = kept(await startMongo({ dataDir, env, port: portOf(first) }));
  const again = await MongoClient.connect(second.url);
  const there = await again.db('kill').collection<{ _id: string }>('writes').distinct('_id');
  await again.close();
  expect(acknowledged.length).toBeGreaterThanOrEqual(800);
  expect(acknowledged.filter((id) => !there.includes(id))).toEqual([]);
});

/** An engine whose owner is another process. */
async function ownedElsewhere(
  engine: 'temporal' | 'mongo',
  dataDir: string,
): Promise<{ owner: number; engine: ProcessMark }> {
  const script = join(import.meta.dirname, 'engine-owner.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, engine, dataDir], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { pid } = JSON.parse(line) as { pid: number };
    const mark = markOf(pid);
    if (mark === undefined || child.pid === undefined) break;
    return { owner: child.pid, engine: mark };
  }
  throw new Error('The owner ended without an engine.');
}

function childrenOf(parent: number): number[] {
  const table = existsSync('/proc/self/stat')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((name) => [name, parentOf(name)])
    : execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/));
  return table.filter(([, ppid]) => ppid === String(parent)).map(([pid]) => Number(pid));
}

function parentOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1];
  } catch {
    return undefined; // ended meanwhile
  }
}

for (const name of ['temporal', 'mongo'] as const) {
  test(`when its owner is killed with -9, ${name} ends by itself`, async () => {
    const { owner, engine } = await ownedElsewhere(name, tempDir());
    process.kill(owner, 'SIGKILL');
    await until(`${name} has ended`, () => !isRunning(engine));
  });
}

test('a folder whose engine belongs to a living process is refused and the process is named', async () => {
  const dataDir = tempDir();
  const { owner, engine } = await ownedElsewhere('temporal', dataDir);
  await expect(startTemporal({ dataDir, env })).rejects.toThrow(`process ${owner}`);
  expect(isRunning(engine)).toBe(true);
  process.kill(owner, 'SIGKILL');
  await until('it has ended', () => !isRunning(engine));
});

test('what a killed owner left behind, guard and all, is ended by the next start in that folder', async () => {
  const dataDir = tempDir();
  const { owner, engine } = await ownedElsewhere('temporal', dataDir);
  const guards = childrenOf(owner).filter((pid) => pid !== engine.pid);
  for (const pid of [...guards, owner]) process.kill(pid, 'SIGKILL');
  const mark = markOf(owner);
  await until('the owner has ended', () => mark === undefined || !isRunning(mark));
  expect(isRunning(engine)).toBe(true);
  kept(await startTemporal({ dataDir, env }));
  expect(isRunning(engine)).toBe(false);
});

test('a process that only has the number of a leftover is left alone', async () => {
  const dataDir = tempDir();
  const stranger = spawn('sleep', ['600']);
  const engine = markOf(stranger.pid ?? 0);
  writeFileSync(join(dataDir, 'engine.pid'), JSON.stringify({ engine, owner: { pid: 1, began: 'x' }, port: 1 }));
  kept(await startTemporal({ dataDir, env }));
  expect(stranger.exitCode === null && stranger.signalCode === null).toBe(true);
  stranger.kill();
});

test('two engines in one folder are refused, also within one process', async () => {
  const dataDir = tempDir();
  const first = kept(await startMongo({ dataDir, env }));
  await expect(startMongo({ dataDir, env })).rejects.toThrow(`process ${first.pid}`);
  expect(markOf(first.pid ?? 0)?.pid).toBe(first.pid);
});

test('a port that is wanted and taken is named; one that is only preferred is replaced', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await expect(startMongo({ dataDir: tempDir(), env, port })).rejects.toThrow(`Port ${port}`);
  const engine = kept(await startMongo({ dataDir: tempDir(), env, preferPort: port }));
  expect(portOf(engine)).not.toBe(port);
  server.close();
});

test('stop ends the process, takes its pid file away, and may come twice', async () => {
  const dataDir = tempDir();
  const engine = await startTemporal({ dataDir, env });
  const mark = markOf(engine.pid ?? 0) ?? ownMark();
  await Promise.all([engine.stop(), engine.stop()]);
  await engine.stop();
  await engine.ended;
  expect(isRunning(mark)).toBe(false);
  expect(readdirSync(dataDir)).not.toContain('engine.pid');
});
