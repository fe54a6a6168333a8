import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Caller, code, type FakeApi, fakeApi, serveFake } from '../fakes/api.js';

let api: FakeApi;
let door: Caller;
type Body = Record<string, unknown>;
beforeEach(async () => {
  api = fakeApi(); // 10:00 on 2 March 2026
  door = await serveFake(api);
});
afterEach(() => door.stop());

const PATH = '/v1/organisation/authorisation';
const GIVEN = { authorities: ['bg-kzld'], hoursBeforeDeadline: 4, until: '2026-12-31T00:00:00Z' };
const give = (over: Body = {}, as = 'st_approver') => door.call('POST', PATH, { as, body: { ...GIVEN, ...over } });
const revoke = (as = 'st_dpo') =>
  door.call('POST', `${PATH}/revocation`, { as, body: { reason: 'the team is awake' } });
async function declared(): Promise<string> {
  const { json } = await door.call('POST', '/v1/incidents', {
    body: { title: 'A list', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  return String((json['incident'] as Body)['id']);
}
const rungs = (id: string) =>
  api.world.states
    .get(id)
    ?.milestones.filter((m) => m.kind.startsWith('automatic'))
    .map((m) => m.dueAt);

test('an approver allows it in advance: who, when, which authorities, until when', async () => {
  const { status, json } = await give();
  expect(status).toBe(200);
  expect(json).toMatchObject({
    authorisation: { authorities: ['bg-kzld'], hoursBeforeDeadline: 4, grantedBy: 'st_approver', state: 'in_force' },
    incidents: { open: 0, reached: 0 },
  });
  expect((await door.call('GET', PATH, { as: 'st_responder' })).json).toMatchObject({
    authorisation: { id: 'organisation/1' },
  });
  expect((await door.call('GET', '/v1/organisation', { as: 'st_dpo' })).json).toMatchObject({
    authorisation: { id: 'organisation/1' },
  });
});

// [as, may give, may revoke]
const roles = [
  ['st_approver', 200, 200],
  ['st_dpo', 403, 200],
  ['st_responder', 403, 403],
  ['st_admin', 403, 403],
] as const;
for (const [as, gives, revokes] of roles) {
  test(`${as} ${gives === 200 ? 'may' : 'may not'} give it and ${revokes === 200 ? 'may' : 'may not'} end it`, async () => {
    expect((await give({}, as)).status).toBe(gives);
    await give();
    expect((await revoke(as)).status).toBe(revokes);
  });
}

// [what is asked, what it says, why this row is here]
const refused = [
  [{ authorities: ['bg-kzdl'] }, /did you mean bg-kzld/, 'an authority that is not in the directory'],
  [{ authorities: ['ie-dpc'] }, /takes notices at its portal/, 'an authority where a person must file'],
  [{ authorities: ['ex-authority'] }, /exists only in drills/, 'an exercise authority on the live side'],
  [{ authorities: [] }, /at least one/, 'none'],
  [{ until: '2026-03-02T10:00:00Z' }, /would never hold/, 'expired as it is given'],
  [{ until: '2027-03-03T10:00:00.001Z' }, /more than 366 days/, 'for longer than a year'],
  [{ hoursBeforeDeadline: 0 }, /hoursBeforeDeadline/, 'at the deadline itself'],
  [{ hoursBeforeDeadline: 25 }, /hoursBeforeDeadline/, 'earlier than a day before the deadline'],
  [{ hoursBeforeDeadline: 2.5 }, /hoursBeforeDeadline/, 'half an hour'],
] as const;
for (const [over, says, why] of refused) {
  test(`refused: ${why}`, async () => {
    const answer = await give(over);
    expect([answer.status, String(answer.json['detail'])]).toEqual([422, expect.stringMatching(says)]);
  });
}

test('the longest and the shortest are taken', async () => {
  expect((await give({ until: '2027-03-03T10:00:00Z', hoursBeforeDeadline: 24 })).status).toBe(200);
  expect((await give({ until: '2026-03-02T10:00:01Z', hoursBeforeDeadline: 1 })).status).toBe(200);
});

test('an incident is declared with it, and its ladder has the warning and the hour', async () => {
  await give();
  expect(rungs(await declared())).toEqual(['2026-03-04T23:00:00.000Z', '2026-03-05T05:00:00.000Z']);
});

test('open incidents hear of it when it is given, changed and revoked', async () => {
  const id = await declared();
  expect(rungs(id)).toEqual([]);
  expect((await give()).json).toMatchObject({ incidents: { open: 1, reached: 1 } });
  expect(rungs(id)).toEqual(['2026-03-04T23:00:00.000Z', '2026-03-05T05:00:00.000Z']);
  await give({ hoursBeforeDeadline: 2 });
  expect(rungs(id)).toEqual(['2026-03-05T01:00:00.000Z', '2026-03-05T07:00:00.000Z']);
  expect((await revoke()).json).toMatchObject({ authorisation: null, incidents: { open: 1, reached: 1 } });
  expect(rungs(id)).toEqual([]);
  expect(
    api.world.events
      .get(id)
      ?.filter((e) => e.type === 'SettingRenewed')
      .map((e) => e.actor.id),
  ).toEqual(['st_approver', 'st_approver', 'st_dpo']);
});

test('it ends with the person who gave it, in open incidents too', async () => {
  await give();
  const id = await declared();
  await door.call('PUT', '/v1/staff/st_approver/roles', {
    as: 'st_admin',
    body: { roles: ['responder'], deputy: false },
  });
  expect(rungs(id)).toEqual([]);
  expect((await door.call('GET', PATH)).json).toMatchObject({ authorisation: { state: 'grantor_left' } });
  expect(rungs(await declared())).toEqual([]);
});

test('a removed person allows nothing any more', async () => {
  await give();
  const id = await declared();
  await door.call('DELETE', '/v1/staff/st_approver', { as: 'st_admin' });
  expect(rungs(id)).toEqual([]);
});

test('a mailbox that is verified while the incident is open counts in it', async () => {
  await door.call('PUT', '/v1/organisation', {
    as: 'st_admin',
    body: { organisation: { ...(await described()), authorities: ['bg-kzld'] } },
  });
  await give();
  const id = await declared();
  const verify = { address: 'breach@authority.test', how: 'called' };
  await door.call('POST', '/v1/authorities/bg-kzld/mailbox', { as: 'st_dpo', body: verify });
  expect(api.world.states.get(id)?.setting.authorities).toEqual([
    expect.objectContaining({ address: 'breach@authority.test', mailboxVerifiedAt: api.world.now }),
  ]);
});
const described = async (): Promise<Body> =>
  (await door.call('GET', '/v1/organisation', { as: 'st_admin' })).json['organisation'] as Body;

test('the engine is away: it is on record all the same, and the answer says that open incidents have not heard', async () => {
  await declared();
  api.world.temporal = 'away';
  expect((await give()).json).toMatchObject({
    authorisation: { state: 'in_force' },
    incidents: { open: 1, reached: 0 },
  });
});

test('there is nothing to revoke: said, not done', async () => {
  const answer = await revoke();
  expect(code(answer)).toEqual([409, 'already']);
});
