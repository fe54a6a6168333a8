import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serve, type Serving } from '../../api/serve.js';
import { createLog } from '../../adapters/log.js';
import { AUTHORITIES } from '../../domain/authorities/directory.js';
import { type Engine, startMongo, startTemporal } from '../../stack/engines.js';
import { anOrganisation } from '../build.js';
import { startTestEngine, type TestEngine } from '../helpers/engine.js';

/** The API on real engines with real workers: what a person does over HTTP, from the first login to the register. */

type Body = Record<string, unknown>;
interface Answered {
  readonly status: number;
  readonly json: Body;
  readonly text: string;
}

const TOKEN = 'a-bootstrap-token-of-this-test';
const AUTHORITY = AUTHORITIES.find((row) => row.channel === 'email')?.id ?? '';
const FACTS = {
  'breach.summary': 'Records of an outpatient clinic were copied by an intruder.',
  'breach.nature': ['CONFIDENTIALITY'],
  'data.categories': ['BASIC', 'CONTACT', 'HEALTH'],
  'people.count': 3,
  'people.categories': ['PATIENTS'],
  'confidentiality.outcome': 'DISCLOSED',
  'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
  'breach.cause': 'EXTERNAL_MALICIOUS',
};

let engine: TestEngine;
let serving: Serving;
const restarted: Engine[] = [];
const secrets: Record<string, string> = { token: TOKEN };
const written: string[] = [];

async function call(
  method: string,
  path: string,
  as: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(serving.url + path, {
    method,
    headers: {
      authorization: `Bearer ${secrets[as]}`,
      'idempotency-key': crypto.randomUUID(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: text.startsWith('{') ? (JSON.parse(text) as Body) : {} };
}
async function good(
  method: string,
  path: string,
  as: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Body> {
  const answer = await call(method, path, as, body, headers);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}
/** Asks again until it is so, for at most 60 s. */
async function until<T>(ask: () => Promise<T>, is: (found: T) => boolean, what: string): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await ask();
    if (is(found)) return found;
    if (Date.now() > end)
      throw new Error(`It did not come to this within 60 s: ${what}. ${JSON.stringify(found).slice(0, 2_000)}`);
    await delay(100);
  }
}
const summary = (json: Body): Body => (json['incident'] ?? json) as Body;

beforeAll(async () => {
  engine = await startTestEngine();
  const log = createLog({ level: 'info', destination: { write: (line: string) => void written.push(line) } });
  serving = await serve({ ...engine.config, bootstrapToken: TOKEN }, log);

  const first = await good('POST', '/v1/bootstrap', 'token', {
    name: 'the administrator',
    email: 'admin@hospital.example',
  });
  secrets['admin'] = String(first['secret']);
  for (const [name, roles] of [
    ['responder', ['responder']],
    ['dpo', ['dpo']],
    ['approver', ['approver']],
    ['auditor', ['auditor']],
  ] as const) {
    const { id } = await good('POST', '/v1/staff', 'admin', {
      name: `the ${name}`,
      email: `${name}@hospital.example`,
      roles,
    });
    secrets[name] = String((await good('POST', `/v1/staff/${String(id)}/keys`, 'admin', {}))['secret']);
  }
  await good('PUT', '/v1/organisation', 'admin', { organisation: anOrganisation({ authorities: [AUTHORITY] }) });
  await good('POST', `/v1/authorities/${AUTHORITY}/mailbox`, 'dpo', {
    address: 'notices@authority.test',
    how: 'called the number on its site',
  });
});
afterAll(async () => {
  await serving.stop();
  await engine.stop();
  for (const again of restarted) again.kill();
});

test('a whole incident over HTTP: declared, decided, notice delivered, people told, closed, in the register, chain intact', async () => {
  const declared = await call('POST', '/v1/incidents', 'responder', {
    title: 'Records copied',
    awareness: { awareAt: { at: new Date().toISOString(), source: 'SOC' } },
  });
  expect(declared.status).toBe(201);
  const id = String(summary(declared.json)['id']);
  const at = `/v1/incidents/${id}`;

  const assessed = await good('POST', `${at}/facts`, 'responder', { facts: FACTS });
  expect(summary(assessed)).toMatchObject({ level: { proposed: 'HIGH_RISK' } });
  await good('POST', `${at}/decision`, 'dpo', { level: 'HIGH_RISK', reasons: 'Health data in unknown hands.' });

  const drafted = await until(
    () => good('GET', at, 'dpo'),
    (s) => (s['notices'] as Body[]).length > 0,
    'a draft',
  );
  const [notice] = drafted['notices'] as { draftSha256: string }[];
  const pdf = await call('GET', `${at}/notices/${AUTHORITY}/1.pdf`, 'approver');
  expect([pdf.status, pdf.text.slice(0, 5)]).toEqual([200, '%PDF-']);
  await good('POST', `${at}/notices/1/approval`, 'approver', { sha256: notice?.draftSha256 });
  await until(
    () => good('GET', at, 'dpo'),
    (s) => (s['notices'] as { deliveries: { state: string }[] }[])[0]?.deliveries[0]?.state === 'sent',
    'a delivered notice',
  );
  expect(engine.catcher.messages().filter((m) => m.to.includes('notices@authority.test'))).toHaveLength(1);
  await good('POST', `${at}/notices/${AUTHORITY}/1/receipt`, 'dpo', {
    reference: 'IN-1',
    receivedAt: new Date().toISOString(),
  });

  const list = await good(
    'POST',
    `${at}/people`,
    'dpo',
    'email\na@people.example\nb@people.example\nbroken\nc@people.example\n',
    { 'content-type': 'text/csv' },
  );
  expect(list).toMatchObject({ count: 3, rejected: 1, duplicates: 0 });
  await good('POST', `${at}/people/${String(list['list'])}/acceptance`, 'dpo', { sha256: list['sha256'] });
  const message = await good('POST', `${at}/messages`, 'dpo', {});
  const approval = { sha256: message['sha256'], list: list['list'] };
  await good('POST', `${at}/messages/${String(message['sha256'])}/approval`, 'dpo', approval);
  await good('POST', `${at}/messages/${String(message['message'])}/approval`, 'approver', approval);
  await good('POST', `${at}/mailings`, 'dpo', { message: message['message'], list: list['list'] });
  await until(
    () => good('GET', `${at}/mailings/1`, 'dpo'),
    (m) => m['state'] === 'completed',
    'a completed mailing',
  );
  expect(await good('GET', `${at}/mailings/1`, 'dpo')).toMatchObject({
    totals: { total: 3, accepted: 3 },
    progress: { total: 3, accepted: 3 },
  });

  type Task = { id: string; kind: string; doneAt: string | null };
  const owed = ((await good('GET', at, 'dpo'))['tasks'] as Task[]).filter((t) => t.doneAt === null);
  expect(owed.map(({ kind }) => kind)).toContain('tell-people');
  // Everybody was told once something is said of the row that could not be used: then that task ends by itself.
  for (const task of owed.filter(({ kind }) => kind !== 'tell-people' && kind !== 'approve-notice'))
    await good('POST', `${at}/tasks/${encodeURIComponent(task.id)}`, 'dpo', { note: 'done' });
  // That they were told is drafted for the authority; the approver says of each draft why it is not sent.
  const closed = await until(
    async () => {
      const { tasks } = (await good('GET', at, 'dpo')) as { tasks: Task[] };
      for (const task of tasks.filter((t) => t.doneAt === null && t.kind === 'approve-notice'))
        await good('POST', `${at}/tasks/${encodeURIComponent(task.id)}`, 'approver', { note: 'told by telephone' });
      const answer = await call('POST', `${at}/closure`, 'dpo', { reason: 'Everybody was told.' });
      const ended: Body = { ...answer.json, httpStatus: answer.status };
      return ended;
    },
    (ended) => Number(ended['httpStatus']) < 300,
    'a closed incident',
  );
  expect(summary(closed)).toMatchObject({ phase: 'closed' });

  const seq = Number(closed['seq']);
  await until(
    () => good('GET', `${at}/ledger`, 'auditor'),
    (l) => (l['head'] as { seq: number } | null)?.seq === seq,
    'the whole ledger',
  );
  expect(await good('GET', `${at}/ledger`, 'auditor')).toMatchObject({ chain: { ok: true, entries: seq } });
  expect(await good('GET', `${at}?minSeq=${seq}`, 'auditor')).toMatchObject({ phase: 'closed', seq });
  const { entries } = (await good('GET', '/v1/register', 'auditor')) as { entries: Body[] };
  expect(entries).toContainEqual(
    expect.objectContaining({
      incident: id,
      phase: 'closed',
      ledgerHead: { seq: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    }),
  );

  const reopened = await good('POST', `${at}/reopening`, 'dpo', { reason: 'A second copy was found.' });
  expect(summary(reopened)).not.toMatchObject({ phase: 'closed' });
});

test('the log of the API holds no name, address or free text of all that', () => {
  expect(written.length).toBeGreaterThan(20);
  expect(written.join('')).not.toMatch(/hospital|people\.example|authority\.test|outpatient|Records|s72_/);
});

test('with the workflow engine killed, a declaration is kept; when it is back, it runs under the same id', async () => {
  const { port } = new URL(`http://${engine.temporal.url}`);
  engine.temporal.kill();
  const body = { title: 'While the engine is dead', awareness: { awareAt: { at: new Date().toISOString() } } };
  const kept = await call('POST', '/v1/incidents', 'responder', body);
  const { id, deadline } = kept.json as { id: string; deadline: { strict: string } };
  expect([kept.status, kept.json['kept']]).toEqual([202, 'intake']);
  expect((await good('GET', '/v1/incidents', 'responder'))['intakes']).toEqual([expect.objectContaining({ id })]);

  const { namespace } = engine.config.temporal;
  restarted.push(
    await startTemporal({ dataDir: join(engine.folder, 'temporal'), namespaces: [namespace], port: Number(port) }),
  );
  const running = await until(
    () => call('GET', `/v1/incidents/${id}`, 'responder'),
    ({ status }) => status === 200,
    'the kept incident',
  );
  expect(running.json).toMatchObject({ phase: 'confirmed', deadline: { strict: deadline.strict } });
});

test('with the database killed, who was here before still declares; when it is back, the ledger catches up', async () => {
  const { port } = new URL(engine.mongo.url.replace(/^mongodb:/, 'http:'));
  engine.mongo.kill();
  const declared = await call('POST', '/v1/incidents', 'responder', { title: 'While the database is dead' });
  expect(declared.status).toBe(201);

  restarted.push(await startMongo({ dataDir: join(engine.folder, 'mongo'), port: Number(port) }));
  const ledger = `/v1/incidents/${String(summary(declared.json)['id'])}/ledger`;
  const record = await until(
    () => call('GET', ledger, 'auditor'),
    ({ status, json }) => status === 200 && (json['entries'] as unknown[]).length > 0,
    'the ledger',
  );
  expect(record.json).toMatchObject({
    chain: { ok: true },
    entries: expect.arrayContaining([expect.objectContaining({ type: 'IncidentDeclared' })]),
  });
});
