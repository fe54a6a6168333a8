import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createPeopleImports } from '../../api/people-import.js';
import { type Answered, type Caller, code, type FakeApi, fakeApi, keyOf, listStore, serveFake } from '../fakes/api.js';

let api: FakeApi;
let door: Caller;
let id: string;
type Body = Record<string, unknown>;

beforeEach(async () => {
  api = fakeApi();
  door = await serveFake(api);
  const declared = await door.call('POST', '/v1/incidents', {
    body: {
      title: 'Records copied',
      awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } },
      facts: { 'breach.nature': ['CONFIDENTIALITY'], 'data.categories': ['HEALTH'], 'people.count': 3 },
    },
  });
  id = String((declared.json['incident'] as Body)['id']);
  await door.call('POST', `/v1/incidents/${id}/decision`, {
    as: 'st_dpo',
    body: { level: 'HIGH_RISK', reasons: 'Health data.' },
  });
});
afterEach(() => door.stop());

const csv = { 'content-type': 'text/csv; charset=utf-8' };
const KEY = 'the-key-of-this-very-upload';
const upload = (text: string, key = KEY): Promise<Answered> =>
  door.call('POST', `/v1/incidents/${id}/people`, { as: 'st_dpo', raw: text, headers: csv, key });
const post = (path: string, body: unknown, as = 'st_dpo'): Promise<Answered> =>
  door.call('POST', `/v1/incidents/${id}${path}`, { as, body });
const get = (path: string): Promise<Answered> => door.call('GET', `/v1/incidents/${id}${path}`);

const PEOPLE =
  'email,language\na@people.example,en\nnot an address,en\nb@people.example,de\nA@people.example,en\nc@people.example,\n';

test('a list with damaged addresses: a report by row and column, and nothing of the addresses in it', async () => {
  const answer = await upload(PEOPLE);
  expect([answer.status, answer.json]).toEqual([
    201,
    expect.objectContaining({
      count: 3,
      rejected: 1,
      duplicates: 1,
      problems: [
        expect.objectContaining({ row: 3, column: 1, rejected: true }),
        expect.objectContaining({ row: 5, column: 1, reason: 'duplicate' }),
      ],
    }),
  ]);
  expect(answer.text).not.toMatch(/people\.example|not an address/);
});

/** The same stores behind another server: nothing is in its memory. */
async function anotherServer(): Promise<void> {
  await door.stop();
  door = await serveFake({ ...api, deps: { ...api.deps, people: createPeopleImports(listStore(api.world)) } });
}

test('the same upload again is answered with the same report, also by another server', async () => {
  const first = await upload(PEOPLE);
  expect((await upload(PEOPLE)).json).toEqual(first.json);
  await anotherServer();
  expect((await upload(PEOPLE)).json).toEqual(first.json);
  expect(api.world.recipients.size).toBe(1);
});

// [file, caller, why this row is here]
const others = [
  [`${PEOPLE}d@people.example,en\n`, 'st_dpo', 'one row more'],
  [PEOPLE, 'st_responder', 'somebody else'],
] as const;
for (const [text, as, why] of others) {
  test(`the key of an upload takes no other: ${why}`, async () => {
    const { list } = (await upload(PEOPLE)).json;
    const other = await door.call('POST', `/v1/incidents/${id}/people`, { as, raw: text, headers: csv, key: KEY });
    expect(code(other)).toEqual([422, 'key-reused']);
    expect((await get('/people')).json['lists']).toEqual([expect.objectContaining({ list, count: 3 })]);
  });
}

test('a list that was uploaded before the server was started anew is accepted with its figures as they were', async () => {
  const { list, sha256 } = (await upload(PEOPLE)).json as { list: string; sha256: string };
  await anotherServer();
  expect(code(await post(`/people/${list}/acceptance`, { sha256, duplicates: 7 }))).toEqual([422, 'field']);
  expect((await post(`/people/${list}/acceptance`, { sha256 })).status).toBe(200);
  expect(api.world.events.get(id)?.find(({ type }) => type === 'PeopleListFrozen')?.data).toMatchObject({
    list,
    count: 3,
    rejected: 1,
    duplicates: 1,
  });
});

test('a text is proposed once under its key: the same again whatever the facts say by now, another text not at all', async () => {
  const key = 'the-key-of-this-very-text';
  const draft = (fields: Body, as = 'st_dpo') =>
    door.call('POST', `/v1/incidents/${id}/messages`, { as, body: { fields }, key });
  const first = await draft({ whatHappened: 'Somebody copied records.' });
  await post('/facts', { facts: { 'people.count': 5, 'data.categories': ['BASIC', 'HEALTH'] } });
  expect((await draft({ whatHappened: 'Somebody copied records.' })).json['sha256']).toBe(first.json['sha256']);
  expect(code(await draft({ whatHappened: 'Nobody did.' }))).toEqual([422, 'key-reused']);
  expect(code(await draft({ whatHappened: 'Somebody copied records.' }, 'st_responder'))).toEqual([422, 'key-reused']);
});

// [file, reason, why this row is here]
const broken = [
  ['name,town\nx,y\n', 'no-email-column', 'no column email'],
  ['', 'empty', 'nothing at all'],
  ['email,email\na@people.example,b@people.example\n', 'column-twice', 'a column twice'],
] as const;
for (const [text, reason, why] of broken) {
  test(`a file that cannot be read leaves nothing behind: ${why}`, async () => {
    const answer = await upload(text);
    expect([code(answer), (answer.json['problems'] as Body[])[0]?.['reason']]).toEqual([
      [422, 'import-refused'],
      reason,
    ]);
    expect((await get('/people')).json['lists']).toEqual([]);
  });
}

test('a list is larger than a body of JSON may be, and streams', async () => {
  const rows = Array.from({ length: 60_000 }, (_, n) => `person-number-${n}@people.example`);
  const answer = await upload(`email\n${rows.join('\n')}\n`);
  expect([answer.status, answer.json['count'], rows.join('').length > 1_048_576]).toEqual([201, 60_000, true]);
});

test('an upload that breaks off leaves no list', async () => {
  const closed = new Promise<void>((resolve) => {
    const outgoing = httpRequest(`${door.url}/v1/incidents/${id}/people`, {
      method: 'POST',
      headers: {
        ...csv,
        authorization: `Bearer ${keyOf('st_dpo')}`,
        'idempotency-key': KEY,
        'transfer-encoding': 'chunked',
      },
    });
    outgoing.on('error', () => resolve());
    outgoing.write('email\na@people.example\n', () => outgoing.destroy(new Error('the cable')));
  });
  await closed;
  expect((await get('/people')).json['lists']).toEqual([]);
  expect((await upload(PEOPLE)).status).toBe(201);
});

test('JSON is not a list, and a list is not JSON', async () => {
  expect(code(await door.call('POST', `/v1/incidents/${id}/people`, { as: 'st_dpo', body: [] }))).toEqual([
    415,
    'content-type',
  ]);
});

test('accepted, approved by two, started: the whole way to the people', async () => {
  const { list, sha256: listHash } = (await upload(PEOPLE)).json as { list: string; sha256: string };
  expect(code(await post(`/people/${list}/acceptance`, { sha256: 'c'.repeat(64) }))).toEqual([422, 'field']);
  expect((await post(`/people/${list}/acceptance`, { sha256: listHash })).status).toBe(200);
  expect((await get('/people')).json['lists']).toEqual([
    expect.objectContaining({ list, count: 3, sha256: listHash, rejected: 1, duplicates: 1, accepted: true }),
  ]);

  const drafted = await post('/messages', {});
  const { message, sha256 } = drafted.json as { message: string; sha256: string };
  expect([drafted.status, (drafted.json['content'] as Body)['incident']]).toEqual([201, id]);

  const body = { sha256, list };
  expect((await post(`/messages/${sha256}/approval`, body)).status).toBe(200);
  expect(code(await post('/mailings', { message, list }))).toEqual([409, 'not-approved']);
  expect(code(await post(`/messages/${message}/approval`, body))).toEqual([403, 'same-person']);
  expect(code(await post(`/messages/${message}/approval`, body, 'st_puppet'))).toEqual([403, 'login-made-by-author']);
  expect((await post(`/messages/${message}/approval`, body, 'st_approver')).status).toBe(200);

  const started = await post('/mailings', { message, list });
  expect((started.json['incident'] as Body)['mailings']).toEqual([expect.objectContaining({ mailing: 1, count: 3 })]);
  expect((await get('/mailings/1')).json).toMatchObject({ mailing: 1, list, progress: { total: 3, accepted: 1 } });
  expect(code(await get('/mailings/2'))).toEqual([404, 'not-found']);
});

test('approvals count right away, though the view is behind: what was accepted a moment ago is asked of the incident itself', async () => {
  const { list, sha256: listHash } = (await upload(PEOPLE)).json as { list: string; sha256: string };
  api.world.viewLag = 3;
  await post(`/people/${list}/acceptance`, { sha256: listHash });
  const { message, sha256 } = (await post('/messages', {})).json as { message: string; sha256: string };
  const body = { sha256, list };
  expect((await post(`/messages/${sha256}/approval`, body)).status).toBe(200);
  expect((await post(`/messages/${message}/approval`, body, 'st_approver')).status).toBe(200);
});

test('a list that was never uploaded cannot be accepted', async () => {
  expect(code(await post('/people/list-0000000000/acceptance', {}))).toEqual([404, 'not-found']);
});

test('the wording can be edited: another text is another hash, and the approval must name it', async () => {
  const proposed = (await post('/messages', {})).json as { sha256: string };
  const edited = await post('/messages', { fields: { whatHappened: 'There is no evidence of misuse.' } });
  const { sha256, content, warnings } = edited.json as { sha256: string; content: Body; warnings: string[] };
  expect(sha256).not.toBe(proposed.sha256);
  expect(content['whatHappened']).toBe('There is no evidence of misuse.');
  expect(warnings.join(' ')).toMatch(/whatHappened: "no evidence of misuse" says that nothing was found/);
  const { list } = (await upload(PEOPLE)).json as { list: string };
  await post(`/people/${list}/acceptance`, {});
  expect(code(await post(`/messages/${sha256}/approval`, { sha256: proposed.sha256, list }))).toEqual([422, 'field']);
  const unanswered = await post(`/messages/${sha256}/approval`, { sha256, list });
  expect(code(unanswered)).toEqual([422, 'field']);
  expect(JSON.stringify(unanswered.json)).toMatch(/no evidence of misuse.*confidentiality.outcome/);
  expect(code(await get(`/messages/${'d'.repeat(64)}`))).toEqual([404, 'not-found']);
});

test('the preview shows the message as text, and as a page that runs nothing that was written into it', async () => {
  const { sha256 } = (await post('/messages', { fields: { whatHappened: '<script>alert(1)</script>' } })).json as {
    sha256: string;
  };
  const page = await get(`/messages/${sha256}/preview.html`);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.text).toContain('&lt;script&gt;');
  expect(page.text).not.toContain('<script');
  expect(page.headers.get('content-security-policy')).not.toContain('script-src');
  expect((await get(`/messages/${sha256}/preview.txt`)).text).toContain('<script>alert(1)</script>');
});
