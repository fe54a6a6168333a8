import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { BSON, MongoClient } from 'mongodb';
import { allowed, type LogLine } from '../../adapters/log.js';
import { AUTHORITIES } from '../../domain/authorities/directory.js';
import { FACTS, type FactSpec } from '../../domain/incident/facts.js';
import { type Catcher, type Engine, startCatcher, startMongo, startTemporal } from '../../stack/engines.js';
import { type Child, startSeventytwo } from './children.js';
import { contentsOf, formsOf, tracesIn } from './traces.js';

/**
 * A whole incident, its refusals and its failures over HTTP, on real engines and the real processes. Everything personal that goes in
 * carries a canary. Afterwards every byte that was kept is searched for it.
 */

jest.setTimeout(240_000);

/** Every canary begins with it, so that one search finds them all; what follows says where it came from. */
const CANARY = 'kanarie4711zulu';
/** Planted in clear where nothing of ours would: the search must find it. */
const CONTROL = 'kontrolle0815zulu';
const canary = (where: string): string => `${CANARY}-${where}`;
const text = (where: string): string => `A sentence with ${canary(where)} in it.`;
const mailbox = (where: string, domain: string): string => `${canary(where)}@${domain}`;

const NAMESPACE = 'seventytwo-live';
const AUTHORITY = AUTHORITIES.find((row) => row.channel === 'email')?.id ?? '';
const TOKEN = randomBytes(24).toString('base64url');
const PROCESSES = { api: ['serve'], incident: ['worker', 'incident'], mail: ['worker', 'mail'] } as const;

type Body = Record<string, unknown>;
interface Answered {
  readonly status: number;
  readonly text: string;
  readonly json: Body;
}

const folder = mkdtempSync(join(tmpdir(), 'seventytwo-canary-'));
const dirs = { temporal: join(folder, 'temporal'), mongo: join(folder, 'mongo'), journal: join(folder, 'journal') };
const secrets: Record<string, string> = { token: TOKEN };
/** Status, headers and body of everything that was refused. */
const refusals: string[] = [];
const processes: Record<string, Child> = {};
const refusedByRelay: string[] = [];
const taken: string[] = [];
let engines: { temporal: Engine; mongo: Engine; catcher: Catcher };
let url = '';
let incident = '';

/** A relay that talks: what it refuses and what it takes, it repeats with the address. */
function talking(): Promise<Catcher> {
  const authorities: string[] = [];
  const staff: string[] = [];
  return startCatcher({
    onRcpt(to) {
      const says = (refuse: number, why: string) => {
        refusedByRelay.push(to);
        return { refuse, text: `${why} <${to}>: ${text('relay')}` };
      };
      if (to.includes('people-2')) return says(550, '5.1.1 no such person');
      if (to.endsWith('authority.test') && authorities.push(to) === 1) return says(550, '5.7.1 not from you');
      if (to.includes('dpo') && staff.push(to) === 1) return says(451, '4.7.1 later');
      return 'take';
    },
    onData({ to, raw }) {
      taken.push(raw.toString('latin1'));
      return { refuse: 250, text: `2.0.0 queued for <${to.join()}>` };
    },
  });
}

async function call(
  method: string,
  path: string,
  as: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${secrets[as] ?? as}`,
      'idempotency-key': crypto.randomUUID(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...more,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const said = await response.text();
  if (!response.ok) refusals.push(`${response.status} ${JSON.stringify([...response.headers])} ${said}`);
  return { status: response.status, text: said, json: said.startsWith('{') ? (JSON.parse(said) as Body) : {} };
}
async function good(
  method: string,
  path: string,
  as: string,
  body?: unknown,
  more?: Record<string, string>,
): Promise<Body> {
  const answer = await call(method, path, as, body, more);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}
/** Expects a refusal. The bodies are searched afterwards. */
async function bad(statuses: readonly number[], ...args: Parameters<typeof call>): Promise<void> {
  const { status, text: said } = await call(...args);
  if (!statuses.includes(status))
    throw new Error(`${args[0]} ${args[1]}: ${status}, not ${statuses.join(' or ')}: ${said}`);
}
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
const summaryOf = (json: Body): Body => (json['incident'] ?? json) as Body;
const idOf = (json: Body): string => String(summaryOf(json)['id']);
const csv = { 'content-type': 'text/csv' };
const now = (): string => new Date().toISOString();
const port = (engine: Engine): number => Number(new URL(engine.url.replace(/^(mongodb:\/\/)?/, 'http://')).port);

const organisation = () => ({
  name: canary('organisation'),
  role: 'controller',
  zone: 'Europe/Dublin',
  languages: ['en'],
  contact: {
    address: text('office'),
    email: mailbox('office', 'hospital.example'),
    phone: canary('phone'),
    website: `https://hospital.example/${canary('site')}`,
  },
  identifier: { type: 'VAT', value: canary('vat') },
  sector: 'PUBLIC',
  activity: 'Q',
  establishments: [{ country: 'IE', main: true }],
  dpo: { name: canary('dpo-name'), email: mailbox('dpo-box', 'hospital.example'), phone: canary('dpo-phone') },
  representative: { name: canary('representative'), address: text('representative') },
  reportingPerson: {
    name: canary('reporter'),
    email: mailbox('reporter', 'hospital.example'),
    function: 'AUTHORISED_OTHER',
    description: text('reporter'),
  },
  authorities: [AUTHORITY],
  publicContact: `https://hospital.example/${canary('public')}`,
  senderAddress: mailbox('sender', 'hospital.example'),
});

/** Every fact that takes free text, with a canary of its own; each with a source that has one too. */
function facts(): Body {
  const plain: Body = {
    'breach.nature': ['CONFIDENTIALITY'],
    'data.categories': ['HEALTH', 'CONTACT'],
    'people.count': 3,
    'people.categories': ['PATIENTS'],
    'confidentiality.outcome': 'DISCLOSED',
    'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
    'breach.cause': 'EXTERNAL_MALICIOUS',
  };
  const free = Object.entries<FactSpec>(FACTS).flatMap(([id, { type }]) =>
    type === 'text' ? [[id, text(id)]] : type === 'text_list' ? [[id, [text(id), canary(`${id}-2`)]]] : [],
  );
  return Object.fromEntries(
    [...Object.entries(plain), ...free].map(([id, value]) => [
      String(id),
      { value, certainty: 'known', source: text(`source-${String(id)}`) },
    ]),
  );
}

function startProcess(name: keyof typeof PROCESSES): Child {
  const { temporal: engine, mongo, catcher } = engines;
  return startSeventytwo(PROCESSES[name], {
    folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TZ: 'UTC',
      SEVENTYTWO_SIDE: 'live',
      SEVENTYTWO_MONGO_URL: mongo.url.replace(/\/(\?|$)/, '/seventytwo_live$1'),
      SEVENTYTWO_TEMPORAL_ADDRESS: engine.url,
      SEVENTYTWO_TEMPORAL_NAMESPACE: NAMESPACE,
      SEVENTYTWO_SMTP_URL: catcher.url,
      SEVENTYTWO_MASTER_KEY: MASTER_KEY,
      SEVENTYTWO_LISTEN: '127.0.0.1:0',
      SEVENTYTWO_JOURNAL_DIR: join(dirs.journal, name),
      SEVENTYTWO_BOOTSTRAP_TOKEN: TOKEN,
      SEVENTYTWO_LOG_LEVEL: 'debug',
    },
  });
}
const MASTER_KEY = randomBytes(32).toString('base64');

beforeAll(async () => {
  mkdirSync(dirs.journal, { recursive: true });
  const [engine, mongo, catcher] = await Promise.all([
    startTemporal({ dataDir: dirs.temporal, namespaces: [NAMESPACE] }),
    startMongo({ dataDir: dirs.mongo }),
    talking(),
  ]);
  engines = { temporal: engine, mongo, catcher };
  for (const name of Object.keys(PROCESSES) as (keyof typeof PROCESSES)[]) processes[name] = startProcess(name);
  const [, listens] = (await processes['api']?.until(/"event":"api.started".*"port":(\d+)/)) ?? [];
  url = `http://127.0.0.1:${listens}`;
  for (const name of ['incident', 'mail']) await processes[name]?.until(/"event":"worker.started"/, 90_000);
});
afterAll(async () => {
  for (const child of Object.values(processes)) child.signal('SIGKILL');
  await Promise.all(Object.values(processes).map((child) => child.ended));
  engines.temporal.kill();
  engines.mongo.kill();
  await engines.catcher.stop();
  rmSync(folder, { recursive: true, force: true });
});

// form of the text                                          why this row is here
const HIDDEN: readonly (readonly [(t: string) => Buffer, string])[] = [
  [(t) => Buffer.from(t), 'as it is'],
  [(t) => Buffer.from(t.toUpperCase()), 'in capitals'],
  [(t) => Buffer.from(t, 'utf16le'), 'UTF-16, little end first'],
  [(t) => Buffer.from(t, 'utf16le').swap16(), 'UTF-16, big end first'],
  [(t) => Buffer.from(Buffer.from(t).toString('hex').toUpperCase()), 'hex in capitals'],
  [(t) => Buffer.from(Buffer.from(t).toString('hex').replace(/../g, '%$&')), 'each byte percent-encoded'],
  ...[0, 1, 2].flatMap((before) =>
    [0, 1, 2].map(
      (after) =>
        [
          (t: string) =>
            Buffer.from(
              Buffer.from(`${'ÿ'.repeat(before)}${'x'.repeat(before)}${t}${'?'.repeat(after)}`, 'latin1').toString(
                'base64',
              ),
            ),
          `base64 with ${2 * before} bytes before and ${after} behind`,
        ] as const,
    ),
  ),
  [(t) => Buffer.from(Buffer.from(`{"a":"??>${t}"}`).toString('base64url')), 'base64url'],
];
for (const [hide, why] of HIDDEN) {
  test(`the search finds a text ${why}`, () => {
    const bytes = Buffer.concat([randomBytes(1_001), hide(CONTROL), randomBytes(501)]);
    expect(tracesIn(bytes, CONTROL)).not.toEqual([]);
    expect(tracesIn(bytes, CANARY)).toEqual([]);
  });
}

test('a whole incident with a canary in everything that a person can write', async () => {
  const first = await good('POST', '/v1/bootstrap', 'token', {
    name: canary('admin'),
    email: mailbox('admin', 'hospital.example'),
  });
  secrets['admin'] = String(first['secret']);
  for (const role of ['responder', 'dpo', 'approver', 'auditor']) {
    const person = { name: canary(`${role}-name`), email: mailbox(role, 'hospital.example'), roles: [role] };
    const { id } = await good('POST', '/v1/staff', 'admin', person);
    secrets[role] = String((await good('POST', `/v1/staff/${String(id)}/keys`, 'admin', {}))['secret']);
  }
  await good('PUT', '/v1/organisation', 'admin', { organisation: organisation() });
  await good('POST', `/v1/authorities/${AUTHORITY}/mailbox`, 'dpo', {
    address: mailbox('notices', 'authority.test'),
    how: text('how'),
  });

  const hint = { at: now(), source: text('hint') };
  incident = idOf(
    await good('POST', '/v1/incidents', 'responder', {
      title: canary('title'),
      awareness: { firstHintAt: hint, firstEmployeeKnowledgeAt: hint },
    }),
  );
  const at = `/v1/incidents/${incident}`;
  await good('POST', `${at}/awareness`, 'dpo', {
    awareness: { awareAt: { at: now(), source: text('aware') } },
    reason: text('confirmed'),
  });
  await good('POST', `${at}/facts`, 'responder', { facts: facts(), source: text('facts') });
  await good('POST', `${at}/acknowledgement`, 'responder', {});
  await good('POST', `${at}/decision`, 'dpo', { level: 'UNLIKELY_RISK', reasons: text('first-reasons') }); // waits for a second person
  await good('POST', `${at}/decision`, 'dpo', { level: 'HIGH_RISK', reasons: text('reasons') });

  await noticeOf(1, 'refused');
  await good('POST', `${at}/notices/${AUTHORITY}/1/receipt`, 'dpo', {
    reference: canary('receipt'),
    receivedAt: now(),
    evidence: text('evidence'),
  });

  const rows = [
    'email,language,country,name',
    ...[1, 2, 3].map((n) => `${mailbox(`people-${n}`, 'people.example')},en,IE,${canary('affected')}`),
    `not an address ${canary('row')},,,`,
  ];
  const list = await good('POST', `${at}/people`, 'dpo', `${rows.join('\n')}\n`, csv);
  await good('POST', `${at}/people/${String(list['list'])}/acceptance`, 'dpo', { sha256: list['sha256'] });
  const message = await good('POST', `${at}/messages`, 'dpo', {
    fields: {
      subject: `About ${canary('subject')}`,
      whatHappened: text('what-happened'),
      caseRefPublic: canary('case-ref'),
    },
  });
  const approval = { sha256: message['sha256'], list: list['list'] };
  await good('POST', `${at}/messages/${String(message['sha256'])}/approval`, 'dpo', approval);
  await good('POST', `${at}/messages/${String(message['sha256'])}/approval`, 'approver', approval);
  await good('POST', `${at}/mailings`, 'dpo', { message: message['message'], list: list['list'] });
  const told = await until(
    () => good('GET', `${at}/mailings/1`, 'dpo'),
    (m) => m['state'] === 'completed',
    'a completed mailing',
  );
  expect(told).toMatchObject({ totals: { total: 3, accepted: 2, refused: 1 } });

  await good('POST', `${at}/facts`, 'responder', {
    facts: { 'breach.rootCause': text('root-cause-2'), 'people.count': 4 },
  });
  await noticeOf(2, 'sent');
  await good('POST', `${at}/notices/${AUTHORITY}/2/receipt`, 'dpo', {
    reference: canary('receipt-2'),
    receivedAt: now(),
  });
  await until(
    async () => closed(at),
    (ended) => ended,
    'a closed incident',
  );
  expect((await call('GET', '/v1/register.csv', 'auditor')).text).toContain(canary('title'));
  await good('POST', `${at}/reopening`, 'dpo', { reason: text('reopened') });

  expect(new Set(refusedByRelay.map((to) => to.replace(`${CANARY}-`, '')))).toEqual(
    new Set(['dpo@hospital.example', 'notices@authority.test', 'people-2@people.example']),
  );
  expect(tracesIn(taken.join('\n'), CANARY)).not.toEqual([]); // those who are written to read it
});

/** Approves what is on the table, and waits for what the relay made of it. */
async function noticeOf(phase: number, outcome: string): Promise<void> {
  const at = `/v1/incidents/${incident}`;
  const drafted = await until(
    () => good('GET', at, 'dpo'),
    (s) => (s['notices'] as Body[]).length >= phase,
    `a draft of phase ${phase}`,
  );
  const notice = (drafted['notices'] as { phase: number; draftSha256: string }[]).find((one) => one.phase === phase);
  await good('POST', `${at}/notices/${phase}/approval`, 'approver', { sha256: notice?.draftSha256 });
  const state = (s: Body): unknown =>
    (s['notices'] as { phase: number; deliveries: { state: string }[] }[]).find((one) => one.phase === phase)
      ?.deliveries[0]?.state;
  await until(
    () => good('GET', at, 'dpo'),
    (s) => state(s) === outcome,
    `notice ${phase} ${outcome}`,
  );
}

async function closed(at: string): Promise<boolean> {
  const { tasks } = (await good('GET', `${at}/tasks`, 'dpo')) as { tasks: { id: string; doneAt: string | null }[] };
  for (const { id, doneAt } of tasks)
    if (doneAt === null) await call('POST', `${at}/tasks/${encodeURIComponent(id)}`, 'dpo', { note: text('note') });
  return (await call('POST', `${at}/closure`, 'dpo', { reason: text('closed') })).status === 200;
}

test('exceptions and failures with canaries: held, exempted, withdrawn, engines killed in the middle', async () => {
  const aware = { awareAt: { at: now(), source: text('aware') } };
  const other = `/v1/incidents/${idOf(await good('POST', '/v1/incidents', 'dpo', { title: canary('second-title'), awareness: aware, facts: facts() }))}`;
  await good('POST', `${other}/decision`, 'dpo', { level: 'HIGH_RISK', reasons: text('reasons') });
  const reviewAt = new Date(Date.now() + 86_400_000).toISOString();
  await good('POST', `${other}/duties/people-message/hold`, 'dpo', {
    requestedBy: canary('police'),
    basis: text('basis'),
    caseRef: canary('case'),
    reviewAt,
  });
  await good('POST', `${other}/duties/people-message/release`, 'dpo', { reason: text('released') });
  await good('POST', `${other}/duties/people-message/exemption`, 'dpo', {
    reason: text('exempted'),
    rule: 'R-416',
    proof: text('proof'),
    breakGlass: { reason: text('break-glass') },
  });
  await good('POST', `${other}/awareness/correction`, 'dpo', {
    key: 'awareAt',
    finding: { at: new Date(Date.now() - 3_600_000).toISOString(), source: text('corrected') },
    reason: text('corrected'),
  });

  const { mongo } = engines;
  mongo.kill(); // the ledger's activity fails, and so do alarms that look for addresses
  await good('POST', `${other}/facts`, 'dpo', { facts: { 'breach.summary': text('while-away') } });
  await bad([503, 504], 'GET', '/v1/register', 'auditor');
  engines.mongo = await startMongo({ dataDir: dirs.mongo, port: port(mongo) });
  await until(
    () => call('GET', `${other}/ledger`, 'auditor'),
    ({ status, text: said }) => status === 200 && said.includes(canary('while-away')),
    'the ledger to catch up',
  );

  await until(
    () => call('GET', '/v1/incidents', 'dpo'),
    ({ status }) => status === 200,
    'the database to be trusted again',
  );
  engines.temporal.kill();
  const kept = await call('POST', '/v1/incidents', 'responder', {
    title: canary('intake'),
    awareness: aware,
    facts: { 'breach.summary': text('intake') },
  });
  expect(kept.status).toBe(202);
  engines.temporal = await startTemporal({
    dataDir: dirs.temporal,
    namespaces: [NAMESPACE],
    port: port(engines.temporal),
  });
  await until(
    () => call('GET', `/v1/incidents/${String(kept.json['id'])}`, 'dpo'),
    ({ status }) => status === 200,
    'the kept declaration to run',
  );
  await good('POST', `${other}/withdrawal`, 'dpo', {
    because: 'other',
    reason: text('withdrawn'),
    breakGlass: { reason: text('break-glass') },
  });
});

test('no refusal repeats what a person wrote', async () => {
  const at = `/v1/incidents/${incident}`;
  /** Where an id is expected: what has the form of an id may be repeated, so that a typo can be seen; an address has not. */
  const C = mailbox('refused', 'people.example');
  const T = text('refused');
  const unprocessable = [400, 404, 409, 422] as const;
  const post = (path: string, as: string, body: unknown, more?: Record<string, string>) =>
    bad(unprocessable, 'POST', path, as, body, more);
  const wrongFacts: Body = Object.fromEntries(
    Object.entries<FactSpec>(FACTS).map(([id, { type }]) => [
      id,
      type === 'text' || type === 'text_list' ? { [T]: T } : T,
    ]),
  );

  await post(`${at}/facts`, 'responder', { facts: wrongFacts, source: T });
  await post(`${at}/facts`, 'responder', {
    facts: {
      [T]: T,
      [mailbox('fact', 'people.example')]: 1,
      'people.countries': { [T]: 4 },
      'data.categories': [T],
      'breach.nature': [C, C],
    },
  });
  await post(`${at}/facts`, 'responder', {
    facts: { 'breach.summary': { value: T, certainty: T, source: T, [T]: T } },
    [T]: T,
  });
  await post('/v1/incidents', 'responder', {
    title: T.repeat(20),
    [T]: T,
    awareness: { awareAt: { at: T, zone: T, [T]: 1 } },
  });
  await post('/v1/incidents', 'responder', {
    title: T,
    awareness: { awareAt: { at: '2099-01-01T00:00:00Z', source: T } },
  });
  await post('/v1/incidents', 'responder', `{"title": "${T}", oops`);
  await post('/v1/incidents', 'responder', `"${T}"`);
  await post(`${at}/decision`, 'dpo', { level: T, reasons: T, confirms: T });
  await post(`${at}/decision`, 'dpo', { level: 'UNLIKELY_RISK', reasons: T, confirms: C });
  await post(`${at}/awareness/correction`, 'dpo', { key: T, finding: { at: T, zone: T, source: T }, reason: T });
  await post(`${at}/notices/1/approval`, 'approver', { sha256: T });
  await post(`${at}/notices/1/approval`, 'approver', { sha256: '0'.repeat(64) });
  await post(`${at}/notices/${encodeURIComponent(T)}/1/receipt`, 'dpo', { reference: T, receivedAt: T, evidence: T });
  await post(`${at}/notices/${encodeURIComponent(C)}/1/receipt`, 'dpo', {
    reference: T,
    receivedAt: now(),
    evidence: T,
  });
  await post(`${at}/duties/${encodeURIComponent(C)}/hold`, 'dpo', {
    requestedBy: T,
    basis: T,
    caseRef: T,
    reviewAt: T,
  });
  await post(`${at}/tasks/${encodeURIComponent(T)}`, 'dpo', { note: T });
  await post(`${at}/closure`, 'dpo', { reason: T });
  await post(`${at}/withdrawal`, 'dpo', {
    because: T,
    duplicateOf: T,
    reason: T,
    confirms: T,
    breakGlass: { reason: T, [T]: T },
  });
  await post(`${at}/messages`, 'dpo', { language: T, fields: { [T]: T, subject: T.repeat(10) } });
  await post(`${at}/messages/${encodeURIComponent(T)}/approval`, 'dpo', { sha256: T, list: T });
  await post(`${at}/mailings`, 'dpo', { message: T, list: T });
  await post(`${at}/mailings`, 'dpo', { message: C, list: C });
  await post(`${at}/people`, 'dpo', `${T};${C}\n${T};${C}\n`, csv);
  await post(`${at}/people`, 'dpo', `email\n"${T} never closed\n`, csv);
  const report = await good(
    'POST',
    `${at}/people`,
    'dpo',
    `email,language,${C}\n${T},${T},${C}\n${C}@@people.example,en,x\n"${C} <${C}@people.example>",en,x\nok@people.example,${T},x\n`,
    csv,
  );
  expect(tracesIn(JSON.stringify(report), CANARY)).toEqual([]);
  await post('/v1/staff', 'admin', { name: T, email: T, roles: [T], zone: T, language: T, [T]: T });
  await bad(unprocessable, 'PUT', '/v1/organisation', 'admin', {
    organisation: {
      ...organisation(),
      zone: T,
      sector: T,
      authorities: [T],
      establishments: [{ country: T, main: T }],
      [T]: T,
    },
  });
  await post(`/v1/authorities/${AUTHORITY}/mailbox`, 'dpo', { address: T, how: T });
  await post(`/v1/authorities/${encodeURIComponent(C)}/mailbox`, 'dpo', {
    address: mailbox('x', 'authority.test'),
    how: T,
  });

  const key = { 'idempotency-key': crypto.randomUUID() };
  await good('POST', `${at}/facts`, 'responder', { facts: { 'breach.timelineNotes': T } }, key);
  await post(`${at}/facts`, 'responder', { facts: { 'breach.timelineNotes': `${T} Another.` } }, key);
  await post(`${at}/facts`, 'responder', { facts: {} }, { 'idempotency-key': T });
  await bad([403], 'POST', `${at}/decision`, 'auditor', { level: 'HIGH_RISK', reasons: T });
  await bad([401], 'GET', at, canary('not-a-key'));
  await bad([404], 'GET', `/v1/incidents/${encodeURIComponent(C)}`, 'dpo');
  await bad([404], 'GET', `/${C}/${encodeURIComponent(T)}?${C}=${C}`, 'dpo');
  await bad([400, 404], 'GET', `/v1/incidents/%zz${C}`, 'dpo');
  await bad([404, 405], 'DELETE', `/v1/staff/${encodeURIComponent(C)}/keys/${encodeURIComponent(C)}`, 'admin');
  await bad([413], 'POST', `${at}/facts`, 'responder', { facts: { 'breach.summary': T.repeat(300_000) } });
  await bad([415], 'POST', `${at}/facts`, 'responder', T, { 'content-type': `text/${canary('type')}` });
  await bad([400, 404, 422], 'GET', `/v1/incidents?phase=${C}&minSeq=${C}`, 'dpo');

  expect(refusals.length).toBeGreaterThan(40);
  expect(refusals.flatMap((refusal) => tracesIn(refusal, CANARY))).toEqual([]);
  expect(refusals.filter((refusal) => !refusal.includes('urn:seventytwo:problem:'))).toEqual([]);
  expect(tracesIn((await call('GET', at, 'dpo')).text, CANARY)).not.toEqual([]); // who may read it reads it: the search would have found it
});

/** Every document as it lies in the store, and every key of it. */
async function documents(): Promise<ReadonlyMap<string, Buffer>> {
  const client = await MongoClient.connect(engines.mongo.url);
  try {
    const found = new Map<string, Buffer>();
    for (const { name } of (await client.db().admin().listDatabases()).databases) {
      if (['admin', 'config', 'local'].includes(name)) continue;
      for (const { collectionName } of await client.db(name).collections()) {
        const each = await client.db(name).collection(collectionName).find({}, { raw: true }).toArray();
        found.set(`${name}.${collectionName}`, Buffer.concat(each as unknown as Buffer[]));
      }
    }
    return found;
  } finally {
    await client.close();
  }
}

interface Kept {
  readonly histories: ReadonlyMap<string, Buffer>;
  readonly payloads: readonly temporal.api.common.v1.IPayload[];
  readonly failures: readonly temporal.api.failure.v1.IFailure[];
}

/** Every history and what is shown of every run, as the server keeps it: no codec, no key. */
async function histories(): Promise<Kept> {
  const connection = await Connection.connect({ address: engines.temporal.url });
  try {
    const { workflowService } = connection;
    const found = new Map<string, Buffer>();
    const payloads: temporal.api.common.v1.IPayload[] = [];
    const failures: temporal.api.failure.v1.IFailure[] = [];
    const { executions } = await workflowService.listWorkflowExecutions({ namespace: NAMESPACE, pageSize: 1_000 });
    for (const run of executions) {
      const name = `${run.execution?.workflowId ?? ''} ${run.execution?.runId ?? ''}`;
      const shown = Buffer.from(temporal.api.workflow.v1.WorkflowExecutionInfo.encode(run).finish());
      const described = await workflowService.describeWorkflowExecution({
        namespace: NAMESPACE,
        execution: run.execution ?? null,
      });
      const { history } = await workflowService.getWorkflowExecutionHistory({
        namespace: NAMESPACE,
        execution: run.execution ?? null,
        maximumPageSize: 10_000,
      });
      const whole = temporal.api.history.v1.History.create(history ?? {});
      const bytes = [
        shown,
        Buffer.from(JSON.stringify(described)),
        Buffer.from(temporal.api.history.v1.History.encode(whole).finish()),
      ];
      found.set(name, Buffer.concat(bytes));
      if (!name.startsWith('control')) walk(whole.events, payloads, failures);
    }
    return { histories: found, payloads, failures };
  } finally {
    await connection.close();
  }
}

/** Payloads and failures wherever they are, except in search attributes, which the server must be able to read. */
function walk(
  value: unknown,
  payloads: temporal.api.common.v1.IPayload[],
  failures: temporal.api.failure.v1.IFailure[],
): void {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array)
    return void payloads.push(value as temporal.api.common.v1.IPayload);
  if ('message' in value && 'stackTrace' in value) failures.push(value as temporal.api.failure.v1.IFailure);
  for (const [key, inner] of Object.entries(value)) if (key !== 'searchAttributes') walk(inner, payloads, failures);
}

/** The control string, in clear, at each place that is searched. */
async function plantControls(): Promise<void> {
  const mongo = await MongoClient.connect(engines.mongo.url);
  await mongo
    .db('control')
    .collection('control')
    .insertOne({ control: CONTROL, bytes: new BSON.Binary(Buffer.from(CONTROL)) });
  await mongo.close();
  const connection = await Connection.connect({ address: engines.temporal.url });
  await new Client({ connection, namespace: NAMESPACE }).workflow.start('control', {
    workflowId: 'control',
    taskQueue: 'nobody',
    args: [{ control: CONTROL }],
    memo: { control: CONTROL },
  });
  await until(
    async () => [...(await histories()).histories.keys()],
    (names) => names.some((name) => name.startsWith('control')),
    'the control run to be listed',
  );
  await connection.close();
  writeFileSync(join(dirs.journal, 'control'), `H ${CONTROL}\n`);
}

const found = (places: ReadonlyMap<string, Uint8Array | string>, what: string): string[] =>
  [...places].flatMap(([name, bytes]) => tracesIn(bytes, what).map((trace) => `${name}: ${trace}`));

test('every run, document, journal, log and metric holds no canary; the control is found in each place', async () => {
  const metrics = await call('GET', '/metrics', 'dpo');
  expect(metrics.text).toContain('seventytwo');
  expect(tracesIn(metrics.text, CANARY)).toEqual([]);

  for (const child of Object.values(processes)) child.signal('SIGTERM');
  const ends = await Promise.all(
    Object.entries(processes).map(async ([name, child]) => [name, (await child.ended).code]),
  );
  expect(ends).toEqual(Object.keys(PROCESSES).map((name) => [name, 0]));
  await plantControls();

  const { histories: runs, payloads, failures } = await histories();
  expect(found(runs, CANARY)).toEqual([]);
  expect(found(runs, CONTROL).length).toBeGreaterThan(0);
  expect([...runs.keys()].filter((name) => name.startsWith(`incident/${incident} `)).length).toBeGreaterThan(0);
  expect(payloads.length).toBeGreaterThan(50);
  const encodings = payloads.map(({ metadata }) => Buffer.from(metadata?.['encoding'] ?? []).toString());
  expect([...new Set(encodings)]).toEqual(['binary/encrypted']);
  expect(failures.length).toBeGreaterThan(0); // the ledger's, while the database was dead
  expect(failures.filter(({ message, stackTrace }) => message !== 'Encoded failure' || stackTrace)).toEqual([]);

  const kept = await documents();
  expect(found(kept, CANARY)).toEqual([]);
  expect(found(kept, CONTROL).length).toBeGreaterThan(0);
  expect([...kept.keys()].map((name) => name.replace('seventytwo_live.', ''))).toEqual(
    expect.arrayContaining([
      'ledger',
      'incidents',
      'intakes',
      'artifacts',
      'lists',
      'ranges',
      'outcomes',
      'register',
      'data_keys',
      'staff',
      'api_keys',
      'messages',
      'mailboxes',
    ]),
  );

  const running = new Map([...contentsOf(folder)].map(([name, bytes]) => [`running: ${name}`, bytes]));
  await Promise.all([engines.temporal.stop(), engines.mongo.stop()]);
  const stopped = contentsOf(folder);
  const logs = new Map(Object.entries(processes).map(([name, child]) => [`log of ${name}`, child.out() + child.err()]));
  for (const places of [running, stopped, logs]) expect(found(places, CANARY)).toEqual([]);

  const controls = found(stopped, CONTROL).join('\n');
  for (const place of [/^temporal\/temporal\.db.*: clear/m, /^mongo\/.*: clear/m, /^journal\/.*: clear/m])
    expect(controls).toMatch(place);
  expect([...logs.values()].map((log) => log?.includes('"event"'))).toEqual([true, true, true]);
  expect(logs.get('log of api')?.includes('"route":"declare"')).toBe(true);
  expect(found(stopped, incident.toLowerCase()).join('\n')).toMatch(/^journal\/.*mailing/m); // ids are everywhere: these are the right files

  // Nobody can log in, or open a seal, with what lies there.
  const everywhere = [...stopped, ...logs, ['refusals', refusals.join('\n')] as const].map(([, bytes]) =>
    typeof bytes === 'string' ? bytes : bytes.toString('latin1'),
  );
  const keysFound = [...Object.entries(secrets), ['master key', MASTER_KEY] as const].filter(([, secret]) =>
    everywhere.some((bytes) =>
      [secret, secret.replace(/^s72_/, ''), Buffer.from(secret, 'base64').toString('latin1')].some((form) =>
        bytes.includes(form),
      ),
    ),
  );
  expect(keysFound.map(([name]) => name)).toEqual([]);
});

test('each line of each log is JSON with allow-listed fields and values alone', () => {
  const lines = Object.entries(processes).flatMap(([name, child]) =>
    `${child.out()}${child.err()}`
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [name, line] as const),
  );
  const wrong = lines.filter(([, line]) => {
    if (!line.startsWith('{')) return true;
    const { level, time, ...rest } = JSON.parse(line) as LogLine;
    return (
      !['debug', 'info', 'warn', 'error'].includes(String(level)) ||
      Number.isNaN(Date.parse(String(time))) ||
      JSON.stringify(allowed(rest)) !== JSON.stringify(rest)
    );
  });
  expect(wrong).toEqual([]);
  expect(lines.length).toBeGreaterThan(100);
});

test('the forms that are searched for differ from each other', () => {
  const forms = [...formsOf(CANARY).values()];
  expect(forms.every((form) => form.length >= 12)).toBe(true);
});
