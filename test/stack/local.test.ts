import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { databaseUrl, type LocalStack, type Side, startLocalStack } from '../../stack/local.js';
import { ownEngines, removeTempDirs, tempDir } from './help.js';

// The first start on a machine fetches the engines.
const SIDES = ['live', 'drill'] as const;
const stacks: LocalStack<Side>[] = [];
const start = async (root: string): Promise<LocalStack<Side>> => {
  const stack = await startLocalStack({ root, sides: SIDES, env: ownEngines() });
  stacks.push(stack);
  return stack;
};

afterEach(async () => {
  await Promise.all(stacks.splice(0).map(async (stack) => await stack.stop()));
});
afterAll(removeTempDirs);

async function inMongo<T>(url: string, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(url);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function inTemporal<T>(address: string, namespace: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

test('a second stack in the same folder is refused and the first is named; the first goes on', async () => {
  const root = tempDir();
  const first = await start(root);
  await expect(start(root)).rejects.toThrow(`process ${process.pid}`);
  await inMongo(first.sides.live.mongoUrl, async (client) => await client.db().command({ ping: 1 }));
});

test('stacks in two folders, side by side, do not meet', async () => {
  const [one, two] = [await start(tempDir()), await start(tempDir())];
  await inMongo(
    one.sides.live.mongoUrl,
    async (client) => await client.db().collection('ledger').insertOne({ seq: 1 }),
  );
  const seen = await inMongo(
    two.sides.live.mongoUrl,
    async (client) => await client.db().collection('ledger').countDocuments(),
  );
  expect(seen).toBe(0);
  const addresses = [one, two].flatMap((stack) => [
    stack.sides.live.temporalAddress,
    new URL(stack.mongo.url).host,
    stack.sides.live.smtpUrl,
    stack.sides.drill.smtpUrl,
  ]);
  expect(new Set(addresses).size).toBe(8);
});

test('the sides share no namespace, database, key or inbox', async () => {
  const { sides } = await start(tempDir());
  const of = (side: Side): string[] => [
    sides[side].temporalNamespace,
    sides[side].mongoUrl,
    readFileSync(sides[side].masterKeyFile, 'utf8'),
    sides[side].smtpUrl,
    sides[side].mailDir,
  ];
  expect(of('live').filter((value) => of('drill').includes(value))).toEqual([]);
});

test('each side has a key of 32 bytes that only its owner may read', async () => {
  const { sides } = await start(tempDir());
  for (const side of SIDES) {
    const path = sides[side].masterKeyFile;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(path, 'utf8'), 'base64')).toHaveLength(32);
  }
});

test('a workflow, a document and the key are there after stop and start', async () => {
  const root = tempDir();
  const before = await start(root);
  const key = readFileSync(before.sides.live.masterKeyFile, 'utf8');
  await inMongo(before.sides.live.mongoUrl, async (client) => await client.db().collection('a').insertOne({ n: 1 }));
  await inTemporal(before.sides.live.temporalAddress, before.sides.live.temporalNamespace, async (client) => {
    await client.workflow.start('nobody-runs-this', { workflowId: 'kept', taskQueue: 'none' });
  });
  await before.stop();

  const { live } = (await start(root)).sides;
  expect(readFileSync(live.masterKeyFile, 'utf8')).toBe(key);
  expect(await inMongo(live.mongoUrl, async (client) => await client.db().collection('a').countDocuments())).toBe(1);
  const status = await inTemporal(live.temporalAddress, live.temporalNamespace, async (client) => {
    return (await client.workflow.getHandle('kept').describe()).status.name;
  });
  expect(status).toBe('RUNNING');
});

test('the lock of a process that has ended is taken over', async () => {
  const root = tempDir();
  const dead = spawnSync('true').pid;
  writeFileSync(join(root, 'stack.lock'), `${JSON.stringify({ pid: dead, began: '1' })}\n`);
  await start(root);
  expect(JSON.parse(readFileSync(join(root, 'stack.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
});

test('the lock of an ended process whose number somebody else has now is taken over', async () => {
  const root = tempDir();
  writeFileSync(join(root, 'stack.lock'), `${JSON.stringify({ pid: process.ppid, began: 'long ago' })}\n`);
  await start(root);
  expect(existsSync(join(root, 'stack.lock'))).toBe(true);
});

test('a lost key is not replaced in silence while what it sealed is there', async () => {
  const root = tempDir();
  const { live } = (await start(root)).sides;
  await Promise.all(stacks.splice(0).map(async (stack) => await stack.stop()));
  rmSync(live.masterKeyFile);
  await expect(start(root)).rejects.toThrow('master.key is missing');
  expect(existsSync(live.masterKeyFile)).toBe(false);
  expect(existsSync(join(root, 'stack.lock'))).toBe(false);
});

const badKeys: [why: string, content: string, mode: number, says: string][] = [
  ['others may read it', `${Buffer.alloc(32).toString('base64')}\n`, 0o644, 'chmod 600'],
  ['it is too short', 'c2hvcnQ=\n', 0o600, '32 bytes'],
];
for (const [why, content, mode, says] of badKeys) {
  test(`a key is refused when ${why}`, async () => {
    const root = tempDir();
    mkdirSync(join(root, 'live'));
    writeFileSync(join(root, 'live', 'master.key'), content);
    chmodSync(join(root, 'live', 'master.key'), mode);
    await expect(start(root)).rejects.toThrow(says);
  });
}

// address                                  the live side's                                          why this row is here
const databases: [string, string, string][] = [
  ['mongodb://127.0.0.1:1/?w=majority', 'mongodb://127.0.0.1:1/seventytwo_live?w=majority', 'no database named'],
  ['mongodb://h:1,i:2/acme?replicaSet=r', 'mongodb://h:1,i:2/acme_live?replicaSet=r', 'several hosts'],
  ['mongodb+srv://h.example', 'mongodb+srv://h.example/seventytwo_live', 'nothing after the host'],
  [
    'mongodb://u:p@h:1/acme',
    'mongodb://u:p@h:1/acme_live?authSource=acme',
    'credentials are checked where they were before',
  ],
  [
    'mongodb://u:p@h:1/acme?authSource=admin',
    'mongodb://u:p@h:1/acme_live?authSource=admin',
    'the place of credentials is said already',
  ],
];
for (const [url, expected, why] of databases) {
  test(`a side's database address: ${why}`, () => expect(databaseUrl(url, 'live')).toBe(expected));
}
