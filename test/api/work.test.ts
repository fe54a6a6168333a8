import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Answered, type Caller, code, type FakeApi, fakeApi, serveFake } from '../fakes/api.js';

let api: FakeApi;
let door: Caller;
let id: string;

const FACTS = {
  'breach.summary': 'Records of an outpatient clinic were copied by an intruder.',
  'breach.nature': ['CONFIDENTIALITY'],
  'data.categories': ['BASIC', 'CONTACT', 'HEALTH'],
  'people.count': 1200,
  'people.categories': ['PATIENTS'],
  'confidentiality.outcome': 'DISCLOSED',
  'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
  'breach.cause': 'EXTERNAL_MALICIOUS',
};
type Body = Record<string, unknown>;
const post = (path: string, body: unknown = {}, as = 'st_dpo', key?: string): Promise<Answered> =>
  door.call('POST', `/v1/incidents/${id}${path}`, { as, body, ...(key !== undefined && { key }) });
const read = (path = '', as = 'st_dpo'): Promise<Answered> => door.call('GET', `/v1/incidents/${id}${path}`, { as });
const incidentIn = ({ json }: Answered): Body => (json['incident'] ?? json) as Body;

beforeEach(async () => {
  api = fakeApi();
  door = await serveFake(api);
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: 'Records copied', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  id = String(incidentIn(declared)['id']);
});
afterEach(() => door.stop());

async function decided(): Promise<void> {
  await post('/facts', { facts: FACTS });
  await post('/decision', { level: 'HIGH_RISK', reasons: 'Health data in unknown hands.' });
}

test('from facts to closing: each answer carries the new summary and its next step', async () => {
  const recorded = await post('/facts', { facts: FACTS });
  expect(incidentIn(recorded)).toMatchObject({ level: { proposed: 'HIGH_RISK' } });
  expect((await read('/assessment')).json).toMatchObject({
    assessment: { level: 'HIGH_RISK', notifyAuthority: true },
    competence: { told: ['ie-dpc'], authorities: [{ id: 'ie-dpc' }], differences: [] },
    exemptions: [{ rule: 'R-414' }, { rule: 'R-416' }, { rule: 'R-417' }, { rule: 'R-419' }],
    decision: null,
  });

  const after = await post('/decision', { level: 'HIGH_RISK', reasons: 'Health data in unknown hands.' });
  expect(incidentIn(after)).toMatchObject({
    level: { decided: 'HIGH_RISK' },
    notices: [{ phase: 1, approvedSha256: null }],
  });

  const notice = (await read('/notices/1')).json as { draft: { sha256: string; content: Body } };
  expect(notice.draft.content).toMatchObject({ incident: id, phase: 1 });
  const approved = await post('/notices/1/approval', { sha256: notice.draft.sha256 }, 'st_approver');
  expect(incidentIn(approved)).toMatchObject({
    notices: [{ approvedSha256: notice.draft.sha256, deliveries: [{ authority: 'ie-dpc' }] }],
  });

  const receipt = await post('/notices/ie-dpc/1/receipt', {
    reference: 'IN-26-3-1',
    receivedAt: '2026-03-02T10:00:00+00:00',
  });
  expect((incidentIn(receipt)['duties'] as Body[]).find((d) => d['id'] === 'authority-notice/ie-dpc')).toMatchObject({
    state: 'discharged',
  });

  const owed = await post('/closure', { reason: 'done' });
  expect(code(owed)).toEqual([409, 'still-owed']);
  expect((owed.json['problems'] as Body[])[0]).toMatchObject({ duties: expect.arrayContaining(['people-message']) });
});

test('the same command with the same key is answered as before; with another body it is refused', async () => {
  const key = 'a-key-of-sixteen-or-more';
  const first = await post('/facts', { facts: { 'people.count': 3 } }, 'st_dpo', key);
  const again = await post('/facts', { facts: { 'people.count': 3 } }, 'st_dpo', key);
  expect([again.status, again.json['repeated'], again.json['seq']]).toEqual([200, true, first.json['seq']]);
  expect(code(await post('/facts', { facts: { 'people.count': 4 } }, 'st_dpo', key))).toEqual([422, 'key-reused']);
  expect(code(await post('/closure', { reason: 'x' }, 'st_dpo', key))).toEqual([422, 'key-reused']);
});

test('a key belongs to its caller: the same request of another person is refused and not answered as the first', async () => {
  const key = 'a-key-of-sixteen-or-more';
  await post('/facts', { facts: { 'people.count': 3 } }, 'st_dpo', key);
  expect(code(await post('/facts', { facts: { 'people.count': 3 } }, 'st_responder', key))).toEqual([
    422,
    'key-reused',
  ]);
});

test('while the database is away a running incident goes on with its own setting, on a server that never read another', async () => {
  await post('/facts', { facts: FACTS });
  const suspected = await door.call('POST', '/v1/incidents', { body: { title: 'Maybe' } });
  await door.stop();
  door = await serveFake(api, { cold: true });
  for (const as of ['st_dpo', 'st_second', 'st_approver']) await read('', as);
  api.world.mongo = 'away';

  const decided = await post('/decision', { level: 'HIGH_RISK', reasons: 'Health data.' });
  expect(incidentIn(decided)).toMatchObject({ level: { decided: 'HIGH_RISK' } });
  const { draft } = (await read('/notices/1')).json as { draft: { sha256: string } };
  expect((await post('/notices/1/approval', { sha256: draft.sha256, hold: true }, 'st_approver')).status).toBe(200);
  expect((await post('/notices/1/release', {}, 'st_approver')).status).toBe(200);
  const correction = { key: 'awareAt', finding: { at: '2026-03-02T09:30:00Z' }, reason: 'The log was read.' };
  const confirms = (incidentIn(await post('/awareness/correction', correction))['waiting'] as Body[])[0]?.['proposal'];
  expect((await post('/awareness/correction', { ...correction, confirms }, 'st_second')).status).toBe(200);

  id = String(incidentIn(suspected)['id']);
  await post('/awareness', { awareness: { awareAt: { at: '2026-03-02T10:00:00Z' } }, reason: 'Seen.' });
  expect(api.world.states.get(id)?.awareness.awareAt).toMatchObject({ zone: 'Europe/Dublin' });
});

// [what the workflow says when it is asked for the state, why this row is here]
const unread = [
  ['unavailable', 'nobody can be asked'],
  ['no-such', 'the run is over, and the view is behind'],
] as const;
for (const [is, why] of unread) {
  test(`what was accepted is never answered with an older state or as not taken: ${why}`, async () => {
    await read();
    Object.assign(api.deps.gateway, { state: async () => ({ is }) });
    api.world.viewLag = 1;
    const key = 'a-key-of-sixteen-or-more';
    const answer = await post('/facts', { facts: { 'people.count': 3 } }, 'st_dpo', key);
    expect([code(answer), String(answer.json['detail'])]).toEqual([
      [504, 'unknown-outcome'],
      expect.stringMatching(/taken as entry \d+.*same Idempotency-Key/),
    ]);
    api.world.viewLag = 0;
    const again = await post('/facts', { facts: { 'people.count': 3 } }, 'st_dpo', key);
    expect([again.status, again.json['repeated']]).toEqual([200, true]);
  });
}

test('not telling takes two people: never the same one, never one whose login the first has made', async () => {
  await post('/facts', { facts: FACTS });
  const body = { level: 'UNLIKELY_RISK', reasons: 'Encrypted with a safe key.' };
  const proposed = await post('/decision', body);
  const [waiting] = incidentIn(proposed)['waiting'] as { proposal: string }[];
  const confirms = waiting?.proposal;
  expect(incidentIn(proposed)).toMatchObject({ level: { decided: null } });
  expect(code(await post('/decision', { ...body, confirms }))).toEqual([403, 'same-person']);
  expect(code(await post('/decision', { ...body, confirms }, 'st_puppet'))).toEqual([403, 'login-made-by-author']);
  expect(incidentIn(await post('/decision', { ...body, confirms }, 'st_second'))).toMatchObject({
    level: { decided: 'UNLIKELY_RISK' },
  });
});

test('not telling takes two people: not one whose key the first has issued, however the login came about', async () => {
  const issued = await api.deps.organisation.issueKey(
    { actor: { id: 'st_dpo', role: 'admin' }, cause: null },
    'st_second',
  );
  await post('/facts', { facts: FACTS });
  const body = { level: 'UNLIKELY_RISK', reasons: 'Encrypted with a safe key.' };
  const proposed = await post('/decision', body);
  const confirms = (incidentIn(proposed)['waiting'] as { proposal: string }[])[0]?.proposal;
  const answer = await door.call('POST', `/v1/incidents/${id}/decision`, {
    as: null,
    headers: { authorization: `Bearer ${issued.secret}` },
    body: { ...body, confirms },
  });
  expect(code(answer)).toEqual([403, 'login-made-by-author']);
});

test('alone at night: break-glass with a written reason, and a review that is owed', async () => {
  await post('/facts', { facts: FACTS });
  const done = await post('/decision', {
    level: 'UNLIKELY_RISK',
    reasons: 'Encrypted.',
    breakGlass: { reason: 'Nobody else awake.' },
  });
  expect(incidentIn(done)).toMatchObject({ level: { decided: 'UNLIKELY_RISK' } });
  const { uses } = (await read('/break-glass')).json as { uses: { use: string; reviewedBy: string | null }[] };
  expect(uses).toEqual([expect.objectContaining({ for: 'DecideRisk', by: 'st_dpo', reviewedBy: null })]);
  const reviewed = await post(
    `/break-glass/${encodeURIComponent(uses[0]?.use ?? '')}/review`,
    { finding: 'It was right.' },
    'st_second',
  );
  expect(reviewed.status).toBe(200);
});

test('approving an outdated hash is refused with both hashes, shortened', async () => {
  await decided();
  const old = 'a'.repeat(64);
  const answer = await post('/notices/1/approval', { sha256: old }, 'st_approver');
  expect(code(answer)).toEqual([409, 'approval-outdated']);
  expect(String(answer.json['detail'])).toMatch(/version aaaaaaaaaaaa; version [0-9a-f]{12} is on the table/);
});

test('a later awareness waits for a second person; the earlier deadline stands until then', async () => {
  const body = {
    key: 'awareAt',
    finding: { at: '2026-03-02T09:30:00Z' },
    reason: 'Certain only after the log was read.',
  };
  const proposed = await post('/awareness/correction', body);
  expect(incidentIn(proposed)).toMatchObject({
    awareAt: '2026-03-02T09:00:00.000Z',
    waiting: [{ action: 'CorrectAwareness' }],
  });
  const confirms = (incidentIn(proposed)['waiting'] as { proposal: string }[])[0]?.proposal;
  expect(incidentIn(await post('/awareness/correction', { ...body, confirms }, 'st_second'))).toMatchObject({
    awareAt: '2026-03-02T09:30:00.000Z',
  });
  expect((await read('/awareness')).json).toMatchObject({
    history: [{ key: 'awareAt', finding: { at: '2026-03-02T09:00:00.000Z' } }],
  });
});

test('a suspicion is confirmed, and from then on has a strict deadline', async () => {
  const declared = await door.call('POST', '/v1/incidents', { body: { title: 'Maybe' } });
  id = String(incidentIn(declared)['id']);
  const confirmed = await post('/awareness', {
    awareness: { awareAt: { at: '2026-03-02T10:00:00Z', source: 'forensics' } },
    reason: 'Data seen on a forum.',
  });
  expect(incidentIn(confirmed)).toMatchObject({
    phase: 'confirmed',
    deadline: { strict: '2026-03-05T10:00:00.000Z', provisional: false },
  });
});

test('reading: ETag is the seq; what was seen is not sent again; minSeq asks the workflow when the view is behind', async () => {
  const first = await read();
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toBe(`"${String(first.json['seq'])}"`);
  expect((await door.call('GET', `/v1/incidents/${id}`, { headers: { 'if-none-match': etag } })).status).toBe(304);

  api.world.viewLag = 1;
  const behind = await read();
  expect(behind.json['seq']).toBe(Number(first.json['seq']) - 1);
  expect((await read(`?minSeq=${String(first.json['seq'])}`)).json['seq']).toBe(first.json['seq']);
  expect(code(await read('?minSeq=soon'))).toEqual([422, 'field']);
});

test('reading works while the database is away, and while the workflow engine is', async () => {
  await read();
  api.world.mongo = 'away';
  expect((await read()).status).toBe(200);
  api.world.mongo = 'up';
  api.world.temporal = 'away';
  expect((await read()).status).toBe(200);
});

test('a command while the engine is away or silent says which, and that the same key is safe', async () => {
  api.world.temporal = 'away';
  expect(code(await post('/facts', { facts: { 'people.count': 3 } }))).toEqual([503, 'unavailable']);
  api.world.temporal = 'silent';
  const silent = await post('/facts', { facts: { 'people.count': 3 } });
  expect([code(silent), String(silent.json['detail'])]).toEqual([
    [504, 'unknown-outcome'],
    expect.stringContaining('same Idempotency-Key'),
  ]);
});

test('an id is read as it was spoken: lower case, without dashes', async () => {
  const answer = await door.call('GET', `/v1/incidents/${id.toLowerCase().replaceAll('-', '')}`);
  expect(answer.json['id']).toBe(id);
});

test('how people were told is taken with its figures; a number that leaves somebody untold needs a note', async () => {
  await decided();
  const task = api.world.states.get(id)?.tasks.find(({ kind }) => kind === 'tell-people')?.id ?? '';
  const tell = (number: number | null, note?: string) =>
    post(`/tasks/${encodeURIComponent(task)}`, {
      told: { on: '2026-03-02', number, means: ['INDIVIDUAL'], text: 'A letter.' },
      ...(note !== undefined && { note }),
    });
  const few = await tell(10);
  expect(code(few)).toEqual([expect.any(Number), 'contradiction']);
  expect(JSON.stringify(few.json)).toContain('1190 are missing');
  expect(code(await tell(1201))).toEqual([few.status, 'contradiction']);
  expect(code(await tell(0))).toEqual([422, 'field']);
  expect(code(await tell(null))).toEqual([expect.any(Number), 'missing']);
  const taken = await tell(10, 'Only these are at a high risk.');
  expect(incidentIn(taken)['duties']).toContainEqual(
    expect.objectContaining({ id: 'people-message', state: 'discharged' }),
  );
  const entry = api.world.states.get(id)?.tasks.find((one) => one.id === task)?.told;
  expect(entry).toMatchObject({ note: 'Only these are at a high risk.', telling: { number: 10 } });
});

test('the board has open incidents first and takes a phase', async () => {
  await post('/withdrawal', { because: 'other', reason: 'x', breakGlass: { reason: 'x' } });
  const other = await door.call('POST', '/v1/incidents', { body: { title: 'Another' } });
  const board = (await door.call('GET', '/v1/incidents')).json as { incidents: { id: string; phase: string }[] };
  expect(board.incidents.map((i) => i.phase)).toEqual(['suspected', 'withdrawn']);
  const open = (await door.call('GET', '/v1/incidents?phase=suspected')).json as { incidents: { id: string }[] };
  expect(open.incidents.map((i) => i.id)).toEqual([incidentIn(other)['id']]);
  expect(code(await door.call('GET', '/v1/incidents?phase=gone'))).toEqual([422, 'field']);
});

// [path, body, role] of every remaining command: it reaches the incident and is answered by its rules
const reaching: readonly [string, Body, string, [number, string]][] = [
  ['/acknowledgement', {}, 'st_responder', [200, '']],
  ['/tasks/decide-risk%2Frisk', { note: 'seen' }, 'st_dpo', [404, 'no-such']],
  [
    '/duties/authority-notice%2Fie-dpc/hold',
    { requestedBy: 'police', basis: 'R-443', caseRef: '1', reviewAt: '2026-03-04T09:00:00Z' },
    'st_dpo',
    [409, 'not-holdable'],
  ],
  ['/duties/people-message/release', { reason: 'x' }, 'st_dpo', [404, 'no-such']],
  ['/duties/people-message/exemption', { reason: 'x', rule: 'R-414' }, 'st_dpo', [404, 'no-such']],
  ['/notices', {}, 'st_responder', [200, '']],
  ['/notices/1/release', {}, 'st_approver', [404, 'no-such']],
  ['/notices/1/revocation', { sha256: 'b'.repeat(64), reason: 'x' }, 'st_approver', [404, 'no-such']],
  ['/notices/one/release', {}, 'st_approver', [404, 'not-found']],
  ['/mailings', { message: 'msg-000000000000', list: 'list-0' }, 'st_dpo', [404, 'no-such']],
  ['/mailings/1/pause', { reason: 'x' }, 'st_responder', [404, 'no-such']],
  ['/mailings/1/resume', {}, 'st_dpo', [404, 'no-such']],
  ['/reopening', { reason: 'x' }, 'st_dpo', [409, 'wrong-state']],
  [
    '/clock',
    { segment: { realAt: '2026-03-02T10:00:00Z', actAt: '2026-03-02T10:00:00Z', scale: 0 }, because: 'x' },
    'st_facilitator',
    [409, 'not-in-a-live-incident'],
  ],
  [
    '/injects',
    { inject: 'press-call', text: 'x', from: 'press', to: 'dpo' },
    'st_facilitator',
    [409, 'not-in-a-live-incident'],
  ],
];
for (const [path, body, as, expected] of reaching) {
  test(`${path}: ${expected.join(' ')}`, async () => expect(code(await post(path, body, as))).toEqual(expected));
}

test('an incident is a duplicate only of one whose clock goes on: not of one that is not there, of a drill, of one withdrawn, or of one about to be withdrawn as its own duplicate', async () => {
  const duplicate = (of: string, as = 'st_dpo', more: Body = {}) =>
    post('/withdrawal', { because: 'duplicate', duplicateOf: of, reason: 'declared twice', ...more }, as);
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: 'The same', awareness: { awareAt: { at: '2026-03-02T09:10:00Z' } } },
  });
  const other = String(incidentIn(declared)['id']);
  expect((await duplicate('BR-AAAA-AAAA')).status).toBe(404);
  expect((await duplicate('EX-AAAA-AAAA')).status).toBe(404);
  const proposed = await duplicate(other);
  expect(proposed.status).toBe(200);
  const back = { because: 'duplicate', duplicateOf: id, reason: 'declared twice' };
  expect(code(await door.call('POST', `/v1/incidents/${other}/withdrawal`, { as: 'st_dpo', body: back }))).toEqual([
    422,
    'field',
  ]);
  const [waiting] = incidentIn(proposed)['waiting'] as { proposal: string }[];
  expect((await duplicate(other, 'st_approver', { confirms: waiting?.proposal, reason: '…' })).status).toBe(200);
  expect(code(await door.call('POST', `/v1/incidents/${other}/withdrawal`, { as: 'st_dpo', body: back }))).toEqual([
    422,
    'field',
  ]);
});
