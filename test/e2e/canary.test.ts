import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allowed, type LogLine } from '../../adapters/log.js';
import { FACTS, type FactSpec } from '../../domain/incident/facts.js';
import { AUTHORITY, CANARY, CONTROL, canary, facts, mailbox, organisation, text } from './canaries.js';
import {
  bad,
  type Body,
  call,
  dirs,
  endAll,
  engines,
  good,
  masterKey,
  NAMESPACE,
  PROCESSES,
  refusals,
  relayed,
  restart,
  running,
  secrets,
  startAll,
  until,
} from './canary-stack.js';
import { documents, histories, plant } from './kept.js';
import { contentsOf, tracesIn } from './traces.js';

/**
 * A whole incident, its refusals and its failures over HTTP, on real engines and the real processes. Everything personal that goes in
 * carries a canary. Afterwards every byte that was kept is searched for it.
 */

let incident = '';
beforeAll(startAll);
afterAll(endAll);

const idOf = (json: Body): string => String(((json['incident'] ?? json) as Body)['id']);
const csv = { 'content-type': 'text/csv' };
const now = (): string => new Date().toISOString();

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

  expect(new Set(relayed.refused.map((to) => to.replace(`${CANARY}-`, '')))).toEqual(
    new Set(['dpo@hospital.example', 'notices@authority.test', 'people-2@people.example']),
  );
  expect(tracesIn(relayed.taken.join('\n'), CANARY)).not.toEqual([]); // those who are written to read it
});

/** Approves what is on the table, and waits for what the relay made of it. */
async function noticeOf(phase: number, outcome: string): Promise<void> {
  const at = `/v1/incidents/${incident}`;
  // A draft that is made anew in that moment, as something was found out, is approved instead.
  await until(
    async () => {
      const { notices } = (await good('GET', at, 'dpo')) as { notices: { phase: number; draftSha256: string }[] };
      const notice = notices.find((one) => one.phase === phase);
      if (!notice) return null;
      return call('POST', `${at}/notices/${phase}/approval`, 'approver', { sha256: notice.draftSha256 });
    },
    (answer) => answer?.status === 200,
    `phase ${phase} approved`,
  );
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
  const { tasks } = (await good('GET', `${at}/tasks`, 'dpo')) as {
    tasks: { id: string; kind: string; doneAt: string | null }[];
  };
  for (const { id, kind } of tasks.filter(({ doneAt }) => doneAt === null))
    await call('POST', `${at}/tasks/${encodeURIComponent(id)}`, kind === 'approve-notice' ? 'approver' : 'dpo', {
      note: text('note'),
    });
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
  await good('POST', `${other}/facts`, 'dpo', { facts: { 'measures.riskRemoved': true } });
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

  engines.mongo.kill(); // the ledger's activity fails, and so do alarms that look for addresses
  await good('POST', `${other}/facts`, 'dpo', { facts: { 'breach.summary': text('while-away') } });
  await bad([503, 504], 'GET', '/v1/register', 'auditor');
  await restart('mongo');
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
  await restart('temporal');
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

  expect(refusals.length).toBeGreaterThan(35);
  expect(refusals.flatMap((refusal) => tracesIn(refusal, CANARY))).toEqual([]);
  expect(refusals.filter((refusal) => !refusal.includes('urn:seventytwo:problem:'))).toEqual([]);
  expect(tracesIn((await call('GET', at, 'dpo')).text, CANARY)).not.toEqual([]); // who may read it reads it: the search would have found it
});

const found = (places: ReadonlyMap<string, Uint8Array | string>, what: string): string[] =>
  [...places].flatMap(([name, bytes]) => tracesIn(bytes, what).map((trace) => `${name}: ${trace}`));

test('every run, document, journal, log and metric holds no canary; the control is found in each place', async () => {
  const metrics = await call('GET', '/metrics', 'dpo');
  expect(metrics.text).toContain('seventytwo');
  expect(tracesIn(metrics.text, CANARY)).toEqual([]);

  for (const [, child] of running()) child.signal('SIGTERM');
  const ends = await Promise.all(running().map(async ([name, child]) => [name, (await child.ended).code]));
  expect(ends).toEqual(Object.keys(PROCESSES).map((name) => [name, 0]));
  await plant(CONTROL, engines.mongo.url, engines.temporal.url, NAMESPACE);
  writeFileSync(join(dirs.journal, 'control'), `H ${CONTROL}\n`);
  await until(
    async () => [...(await histories(engines.temporal.url, NAMESPACE)).histories.keys()],
    (names) => names.some((name) => name.startsWith('control')),
    'the control run to be listed',
  );

  const { histories: runs, payloads, failures } = await histories(engines.temporal.url, NAMESPACE);
  expect(found(runs, CANARY)).toEqual([]);
  expect(found(runs, CONTROL).length).toBeGreaterThan(0);
  expect([...runs.keys()].filter((name) => name.startsWith(`incident/${incident} `)).length).toBeGreaterThan(0);
  expect(payloads.length).toBeGreaterThan(50);
  const sealed = ({ metadata }: (typeof payloads)[number]) =>
    Buffer.from(metadata?.['encoding'] ?? []).toString() === 'binary/encrypted';
  // The SDK notes a patch past the codec: its id, which is ours and says nothing of an incident.
  const clear = payloads.filter((payload) => !sealed(payload)).map(({ data }) => Buffer.from(data ?? []).toString());
  expect(clear.filter((text) => !/^\{"id":"[a-z0-9-]+","deprecated":false\}$/.test(text))).toEqual([]);
  expect(failures.length).toBeGreaterThan(0); // the ledger's, while the database was dead
  expect(failures.filter(({ message, stackTrace }) => message !== 'Encoded failure' || stackTrace)).toEqual([]);

  const kept = await documents(engines.mongo.url);
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

  const live = new Map([...contentsOf(dirs.all)].map(([name, bytes]) => [`running: ${name}`, bytes]));
  await Promise.all([engines.temporal.stop(), engines.mongo.stop()]);
  const stopped = contentsOf(dirs.all);
  const logs = new Map(running().map(([name, child]) => [`log of ${name}`, child.out() + child.err()]));
  for (const places of [live, stopped, logs]) expect(found(places, CANARY)).toEqual([]);

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
  const keysFound = [...Object.entries(secrets), ['master key', masterKey] as const].filter(([, secret]) =>
    everywhere.some((bytes) =>
      [secret, secret.replace(/^s72_/, ''), Buffer.from(secret, 'base64').toString('latin1')].some((form) =>
        bytes.includes(form),
      ),
    ),
  );
  expect(keysFound.map(([name]) => name)).toEqual([]);
});

test('each line of each log is JSON with allow-listed fields and values alone', () => {
  const lines = running().flatMap(([name, child]) =>
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
