import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Caller, type FakeApi, fakeApi, keyOf, serveFake } from '../fakes/api.js';

let api: FakeApi;
let door: Caller;
let incident: string;

beforeAll(async () => {
  api = fakeApi();
  door = await serveFake(api);
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: 'Records copied', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  incident = String((declared.json['incident'] as { id: string }).id);
});
afterAll(() => door.stop());

const CANARY = 'Zaphod-Canary';
const MB = 1_048_576;

interface Row {
  readonly why: string;
  readonly method?: string;
  readonly path?: string;
  readonly as?: string | null;
  readonly body?: unknown;
  readonly raw?: string | Uint8Array;
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly codes: readonly string[];
  readonly says: RegExp;
}
const facts = '/v1/incidents/:id/facts';
const rows: readonly Row[] = [
  { why: 'malformed JSON', raw: '{"title": "x"', status: 400, codes: ['malformed-json'], says: /not JSON/ },
  {
    why: 'a body of 10 MB',
    raw: JSON.stringify({ title: 'x'.repeat(10 * MB) }),
    status: 413,
    codes: ['body-too-large'],
    says: /1 MB/,
  },
  {
    why: 'another content type',
    raw: 'title: x',
    headers: { 'content-type': 'application/yaml' },
    status: 415,
    codes: ['content-type'],
    says: /application\/json/,
  },
  { why: 'half a character', raw: '{"title":"\\ud800"}', status: 422, codes: ['field'], says: /Unicode/ },
  { why: 'no body at all', status: 422, codes: ['field'], says: /title is missing/ },
  { why: 'no key', as: null, body: { title: 'x' }, status: 401, codes: ['key-missing'], says: /Bearer/ },
  {
    why: 'a wrong key',
    as: null,
    headers: { authorization: 'Bearer s72_wrong' },
    body: { title: 'x' },
    status: 401,
    codes: ['key-unknown'],
    says: /Nobody has this key/,
  },
  {
    why: 'a role that may not',
    as: 'st_auditor',
    body: { title: 'x' },
    status: 403,
    codes: ['role-missing'],
    says: /responder or dpo or approver or facilitator/,
  },
  {
    why: 'no idempotency key',
    body: { title: 'x' },
    key: null,
    status: 400,
    codes: ['idempotency-key'],
    says: /openssl rand -hex 16/,
  },
  {
    why: 'a short idempotency key',
    body: { title: 'x' },
    key: 'short',
    status: 400,
    codes: ['idempotency-key'],
    says: /16 to 200/,
  },
  {
    why: 'an unknown field, with those that there are',
    body: { title: 'x', colour: 'red' },
    status: 422,
    codes: ['unknown-field'],
    says: /Field 2 of the body.*title, awareness, facts/,
  },
  {
    why: 'an unknown field deep inside',
    body: { title: 'x', awareness: { awareAt: { at: '2026-03-02T09:00:00Z', tz: 'UTC' } } },
    status: 422,
    codes: ['unknown-field'],
    says: /Field 2 of awareness\.awareAt.*at, zone, source/,
  },
  {
    why: 'a misspelt field, repeated because it is nearly one of ours',
    body: { titel: 'x', title: 'x' },
    status: 422,
    codes: ['unknown-field'],
    says: /no field titel\./,
  },
  {
    why: 'a name used as a field is counted and not repeated',
    body: { title: 'x', [CANARY]: 'x', awareness: { [CANARY]: {} } },
    status: 422,
    codes: ['unknown-field', 'unknown-field'],
    says: /Field \d of/,
  },
  {
    why: 'a name used as a fact is counted and not repeated',
    path: facts,
    body: { facts: { 'people.count': 3, [CANARY]: 3, Ann: 1 } },
    status: 422,
    codes: ['unknown-fact', 'unknown-fact'],
    says: /facts\[2\]/,
  },
  {
    why: 'an instant without a zone',
    body: { title: 'x', awareness: { awareAt: { at: '2026-03-02T09:00:00' } } },
    status: 422,
    codes: ['instant'],
    says: /no zone.*reasonably certain/,
  },
  {
    why: 'a day instead of an instant',
    body: { title: 'x', awareness: { awareAt: { at: '2026-03-02' } } },
    status: 422,
    codes: ['instant'],
    says: /no time of day/,
  },
  {
    why: 'awareness in the future',
    body: { title: 'x', awareness: { awareAt: { at: '2026-03-02T11:00:00Z' } } },
    status: 422,
    codes: ['instant-in-future'],
    says: /later than now/,
  },
  {
    why: 'awareness before the first hint',
    body: {
      title: 'x',
      awareness: { awareAt: { at: '2026-03-02T08:00:00Z' }, firstHintAt: { at: '2026-03-02T09:00:00Z' } },
    },
    status: 422,
    codes: ['before-first-hint'],
    says: /before the first hint/,
  },
  {
    why: 'an unknown fact, with the nearest',
    path: facts,
    body: { facts: { 'people.cuont': 3 } },
    status: 422,
    codes: ['unknown-fact'],
    says: /people\.count/,
  },
  {
    why: 'a fact of the wrong type',
    path: facts,
    body: { facts: { 'people.count': 'many' } },
    status: 422,
    codes: ['fact-value'],
    says: /people\.count/,
  },
  {
    why: 'three problems at once',
    path: facts,
    body: { facts: { 'people.count': 'many', 'breach.nature': ['SMELL'], 'no.such': 1 } },
    status: 422,
    codes: ['fact-value', 'fact-value', 'unknown-fact'],
    says: /and 2 more problems/,
  },
  {
    why: 'an incident that does not exist',
    path: '/v1/incidents/BR-0000-0000/facts',
    body: { facts: { 'people.count': 3 } },
    status: 404,
    codes: ['no-such-incident'],
    says: /BR-0000-0000/,
  },
  {
    why: 'an id that is none',
    path: '/v1/incidents/4711/facts',
    body: { facts: {} },
    status: 404,
    codes: ['no-such-incident'],
    says: /looks like BR-7K3M-9QXD/,
  },
  {
    why: 'an exercise on the live side',
    path: '/v1/incidents/EX-7K3M-9QXD/facts',
    body: { facts: {} },
    status: 404,
    codes: ['no-such-incident'],
    says: /drill side/,
  },
  {
    why: 'an address that is none',
    path: '/v1/incidents/:id/feelings',
    method: 'GET',
    status: 404,
    codes: ['no-such-route'],
    says: /openapi\.json/,
  },
  {
    why: 'a method that is none',
    path: '/v1/incidents',
    method: 'DELETE',
    status: 405,
    codes: ['method-not-allowed'],
    says: /POST and GET/,
  },
  {
    why: 'broken percent-encoding',
    path: '/v1/incidents/%E0%A4%A/facts',
    method: 'GET',
    status: 400,
    codes: ['malformed-request'],
    says: /percent-encoding/,
  },
  {
    why: 'an id full of something else',
    path: `/v1/incidents/:id/tasks/${encodeURIComponent(`<b>${CANARY}</b>`)}`,
    body: {},
    status: 404,
    codes: ['not-found'],
    says: /names no task/,
  },
  {
    why: 'a decision for a suspicion is refused with its state',
    path: '/v1/incidents/:id/reopening',
    body: { reason: 'x' },
    status: 409,
    codes: ['wrong-state'],
    says: /confirmed/,
  },
];

for (const { why, method = 'POST', path = '/v1/incidents', status, codes, says, ...options } of rows) {
  test(`refused, nothing written: ${why}`, async () => {
    const before = JSON.stringify([...api.world.events]);
    const answer = await door.call(method, path.replace(':id', incident), options);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect({
      status: answer.status,
      codes: (answer.json['problems'] as { code: string }[]).map((p) => p.code).sort(),
    }).toEqual({ status, codes: [...codes].sort() });
    expect(answer.json['status']).toBe(status);
    expect(String(answer.json['type'])).toMatch(/^urn:seventytwo:problem:[a-z-]+$/);
    expect(String(answer.json['detail'])).toMatch(says);
    expect(JSON.stringify([...api.world.events])).toBe(before);
  });
}

test('a refusal echoes no free text, names or addresses, and neither does the log', async () => {
  const sent = [
    { path: '/v1/incidents', body: { title: `${CANARY} `.repeat(40), [`${CANARY} says hello`]: CANARY } },
    {
      path: facts,
      body: {
        facts: {
          [`${CANARY} fact`]: CANARY,
          'people.count': CANARY,
          'breach.nature': [CANARY],
          'people.countries': { [CANARY]: 1 },
        },
      },
    },
    { path: '/v1/incidents/:id/decision', body: { level: CANARY, reasons: CANARY } },
    { path: `/v1/incidents/${CANARY}/facts`, body: { facts: {} } },
    { path: '/v1/staff', as: 'st_admin', body: { name: CANARY, email: `${CANARY} at example`, roles: [CANARY] } },
    { path: '/v1/authorities/ie-dpc/mailbox', as: 'st_dpo', body: { address: `a@${CANARY}`, how: '' } },
  ];
  for (const { path, ...options } of sent) {
    const answer = await door.call('POST', path.replace(':id', incident), options);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain(CANARY);
  }
  expect(JSON.stringify(api.world.lines)).not.toContain(CANARY);
});

test('a revoked key opens nothing from the next request on', async () => {
  const issued = await door.call('POST', '/v1/staff/st_responder/keys', { as: 'st_admin', body: {} });
  const { key, secret } = issued.json as { key: string; secret: string };
  const headers = { authorization: `Bearer ${secret}` };
  expect((await door.call('GET', '/v1/me', { as: null, headers })).status).toBe(200);
  expect((await door.call('DELETE', `/v1/staff/st_responder/keys/${key}`, { as: 'st_admin' })).status).toBe(200);
  const answer = await door.call('GET', '/v1/me', { as: null, headers });
  expect([answer.status, answer.json['type']]).toEqual([401, 'urn:seventytwo:problem:key-revoked']);
});

test('headers: no powered-by, a strict policy, nothing stored on the way', async () => {
  const { headers } = await door.call('GET', '/v1/incidents');
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('strict-transport-security')).toBeTruthy();
  expect(headers.get('cache-control')).toBe('no-store');
});

test('a log line of a request holds the id of the route, the status and the time, and nothing else', async () => {
  api.world.lines.length = 0;
  await door.call('GET', `/v1/incidents/${incident}/tasks`);
  expect(api.world.lines).toEqual([{ event: 'http', route: 'tasks', status: 200, ms: expect.any(Number) }]);
});

test('an error of ours is a problem without its text', async () => {
  const broken = fakeApi({ register: { all: () => Promise.reject(new Error(CANARY)) } });
  const other = await serveFake(broken);
  const answer = await other.call('GET', '/v1/register');
  expect([answer.status, answer.json['type']]).toEqual([500, 'urn:seventytwo:problem:internal']);
  expect(answer.text + JSON.stringify(broken.world.lines)).not.toContain(CANARY);
  await other.stop();
});

test('no answer in time says that the outcome is not known, and that the same key is safe', async () => {
  const slow = fakeApi({ limits: { handlerMs: 50 } });
  const never = new Promise<never>(() => undefined);
  const other = await serveFake({
    ...slow,
    deps: { ...slow.deps, gateway: { ...slow.deps.gateway, declare: () => never } },
  });
  const answer = await other.call('POST', '/v1/incidents', { body: { title: 'x' } });
  expect([answer.status, answer.json['type']]).toEqual([504, 'urn:seventytwo:problem:unknown-outcome']);
  expect(String(answer.json['detail'])).toMatch(/same Idempotency-Key/);
  await other.stop();
});

test('the key of the fake is what the fake says', () => expect(keyOf('st_dpo')).toMatch(/^s72_/));
