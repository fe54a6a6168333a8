import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { anOrganisation } from '../build.js';
import { type Caller, code, type FakeApi, fakeApi, serveFake } from '../fakes/api.js';

let api: FakeApi;
let door: Caller;
type Body = Record<string, unknown>;
beforeEach(async () => {
  api = fakeApi();
  door = await serveFake(api);
});
afterEach(() => door.stop());
const put = (organisation: unknown, as = 'st_admin') =>
  door.call('PUT', '/v1/organisation', { as, body: { organisation } });

test('who I am: my id, my roles, and the zone in which times are typed', async () => {
  const { json } = await door.call('GET', '/v1/me', { as: 'st_dpo' });
  expect(json).toMatchObject({
    id: 'st_dpo',
    roles: ['dpo'],
    side: 'live',
    organisation: { zone: 'Europe/Dublin', authorities: ['ie-dpc'] },
  });
});

test('the organisation is described whole, and used by the next incident', async () => {
  expect((await put(anOrganisation({ authorities: ['fr-cnil'] }))).status).toBe(200);
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: 'x', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  expect((declared.json['incident'] as { duties: Body[] }).duties).toContainEqual(
    expect.objectContaining({ id: 'authority-notice/fr-cnil' }),
  );
});

// [authorities, zone, what it says, why this row is here]
const refused = [
  [['ie-dcp'], 'Europe/Dublin', /did you mean ie-dpc/, 'an authority that is not in the directory'],
  [['ex-authority'], 'Europe/Dublin', /exists only in drills/, 'an exercise authority on the live side'],
  [['ie-dpc'], 'Europe/Atlantis', /IANA zone/, 'a zone that does not exist'],
] as const;
for (const [authorities, zone, says, why] of refused) {
  test(`refused: ${why}`, async () => {
    const answer = await put(anOrganisation({ authorities, zone }));
    expect([answer.status, String(answer.json['detail'])]).toEqual([422, expect.stringMatching(says)]);
  });
}

test('without a list of authorities they are worked out: the establishment decides (R-501)', async () => {
  expect((await put(anOrganisation({ authorities: [], establishments: [{ country: 'PT', main: true }] }))).status).toBe(
    200,
  );
  const listed = (await door.call('GET', '/v1/authorities?country=PT')).json as { authorities: Body[] };
  expect(listed.authorities.find((a) => a['id'] === 'pt-cnpd')).toMatchObject({ ours: true });
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: 'A list', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  expect((declared.json['incident'] as { duties: Body[] }).duties).toContainEqual(
    expect.objectContaining({ id: 'authority-notice/pt-cnpd' }),
  );
  await put(anOrganisation({ authorities: ['ie-dpc'] }));
});

test('without a list, and established in Germany in no Land, the organisation is not taken: nobody could be told at night', async () => {
  const answer = await put(anOrganisation({ authorities: [], establishments: [{ country: 'DE', main: true }] }));
  expect([answer.status, String(answer.json['detail'])]).toEqual([422, expect.stringMatching(/cannot be worked out/)]);
});

test('without a list and without an establishment in the EEA the duty has no addressee until the countries are known; then each authority has its own (R-505)', async () => {
  const abroad = anOrganisation({
    authorities: [],
    establishments: [{ country: 'US', main: true }],
    sector: 'PRIVATE',
  });
  expect((await put(abroad)).status).toBe(200);
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: 'From afar', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  const duties = (answer: { json: Body }) =>
    (answer.json['incident'] as { duties: Body[] }).duties
      .filter((d) => d['kind'] === 'authority-notice')
      .map((d) => `${String(d['to'])} ${String(d['state'])}`);
  expect(duties(declared)).toEqual(['unsettled open']);
  const id = String((declared.json['incident'] as Body)['id']);
  const known = await door.call('POST', `/v1/incidents/${id}/facts`, {
    body: { facts: { 'people.countries': { FR: 2, IE: 9 } } },
  });
  expect(duties(known)).toEqual(['unsettled waived', 'ie-dpc open', 'fr-cnil open']);
  const opened = await door.call('POST', `/v1/incidents/${id}/duties/authority-notice%2Fgb-ico/opening`, {
    as: 'st_dpo',
    body: { reason: 'people there, it seems' },
  });
  expect(duties(opened)).toContain('gb-ico open');
  await put(anOrganisation({ authorities: ['ie-dpc'] }));
});

test('a drill may name an exercise authority', async () => {
  const drill = await serveFake(fakeApi({ mode: 'drill' }));
  expect(
    (await drill.call('PUT', '/v1/organisation', { as: 'st_admin', body: { organisation: anOrganisation() } })).status,
  ).toBe(200);
  await drill.stop();
});

test('names of staff are for administrators of staff alone', async () => {
  const list = (await door.call('GET', '/v1/staff', { as: 'st_admin' })).json as { staff: Body[] };
  expect(list.staff.find((s) => s['id'] === 'st_dpo')).toMatchObject({ name: 'the dpo', roles: ['dpo'] });
  for (const as of ['st_responder', 'st_dpo', 'st_approver', 'st_auditor']) {
    expect(code(await door.call('GET', '/v1/staff', { as }))).toEqual([403, 'role-missing']);
  }
});

test('a person is added, gets a key that is shown once, and can act with it', async () => {
  const added = await door.call('POST', '/v1/staff', {
    as: 'st_admin',
    body: { name: 'the new responder', email: 'new@hospital.example', roles: ['responder'] },
  });
  expect([added.status, added.json]).toEqual([
    201,
    { id: expect.stringMatching(/^st_/), roles: ['responder'], deputy: false },
  ]);
  const issued = await door.call('POST', `/v1/staff/${String(added.json['id'])}/keys`, { as: 'st_admin', body: {} });
  expect([issued.status, issued.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const me = await door.call('GET', '/v1/me', {
    as: null,
    headers: { authorization: `Bearer ${String(issued.json['secret'])}` },
  });
  expect(me.json['id']).toBe(added.json['id']);
  expect(
    (
      await door.call('PUT', `/v1/staff/${String(added.json['id'])}/roles`, {
        as: 'st_admin',
        body: { roles: ['dpo'], deputy: true },
      })
    ).json,
  ).toMatchObject({ roles: ['dpo'], deputy: true });
  expect((await door.call('DELETE', `/v1/staff/${String(added.json['id'])}`, { as: 'st_admin' })).json).toEqual({
    done: true,
  });
  expect(
    (await door.call('DELETE', `/v1/staff/${String(added.json['id'])}/identity`, { as: 'st_admin' })).json,
  ).toEqual({ done: true });
});

test('what the store refuses is a problem with its sentence', async () => {
  const answer = await door.call('POST', '/v1/staff/st_nobody/keys', { as: 'st_admin', body: {} });
  expect([code(answer), String(answer.json['detail'])]).toEqual([
    [404, 'no-such'],
    expect.stringContaining('st_nobody'),
  ]);
});

test('the directory of authorities: ours marked, one by id, a country, the nearest to a slip', async () => {
  const { authorities } = (await door.call('GET', '/v1/authorities?country=IE')).json as { authorities: Body[] };
  expect(authorities.find((a) => a['id'] === 'ie-dpc')).toMatchObject({ ours: true, country: 'IE' });
  expect(code(await door.call('GET', '/v1/authorities?country=ireland'))).toEqual([422, 'field']);
  const slip = await door.call('GET', '/v1/authorities/ie-dcp');
  expect([code(slip), String(slip.json['detail'])]).toEqual([[404, 'not-found'], expect.stringContaining('ie-dpc')]);
});

test('a mailbox that a person verified is the one that notices go to', async () => {
  expect(
    code(
      await door.call('POST', '/v1/authorities/ie-dpc/mailbox', {
        body: { address: 'breach@authority.example', how: 'called' },
      }),
    ),
  ).toEqual([403, 'role-missing']);
  const verified = await door.call('POST', '/v1/authorities/ie-dpc/mailbox', {
    as: 'st_dpo',
    body: { address: 'breach@authority.example', how: 'called' },
  });
  expect(verified.json).toMatchObject({
    verifiedAddress: 'breach@authority.example',
    mailboxVerifiedAt: api.world.now,
  });
  const declared = await door.call('POST', '/v1/incidents', { body: { title: 'x' } });
  const state = api.world.states.get(String((declared.json['incident'] as Body)['id']));
  expect(state?.setting.authorities[0]).toMatchObject({
    address: 'breach@authority.example',
    mailboxVerifiedAt: api.world.now,
  });
});

test('the first administrator needs the token of the server, and comes once', async () => {
  const token = 'the-token-of-this-very-server';
  const body = { name: 'the first', email: 'first@hospital.example' };
  const closed = await door.call('POST', '/v1/bootstrap', {
    as: null,
    body,
    headers: { authorization: `Bearer ${token}` },
  });
  expect(code(closed)).toEqual([401, 'key-unknown']);
  const open = await serveFake(fakeApi({ bootstrapToken: token }));
  expect(code(await open.call('POST', '/v1/bootstrap', { as: null, body }))).toEqual([401, 'key-unknown']);
  expect(
    code(await open.call('POST', '/v1/bootstrap', { as: null, body, headers: { authorization: `Bearer ${token}` } })),
  ).toEqual([409, 'already-set-up']);
  await open.stop();
});

test('machines: alive, ready or 503 with what is missing, figures', async () => {
  const get = (path: string) => door.call('GET', path, { as: null });
  expect((await get('/healthz')).json).toEqual({ ok: true });
  expect((await get('/readyz')).json).toMatchObject({ ok: true, checks: [{ name: 'mongo', ok: true }] });
  api.world.mongo = 'away';
  const ready = await get('/readyz');
  expect([ready.status, ready.json]).toEqual([
    503,
    { ok: false, checks: [{ name: 'mongo', ok: false, ms: expect.any(Number) }], alarms: [], clocks: null },
  ]);
  expect((await get('/metrics')).text).toContain('# nothing counted');
});
