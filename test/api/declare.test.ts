import { afterEach, expect, test } from '@jest/globals';
import { startIntakes } from '../../api/declare.js';
import { type Caller, type FakeApi, fakeApi, serveFake } from '../fakes/api.js';

let door: Caller;
async function open(over: Parameters<typeof fakeApi>[0] = {}): Promise<FakeApi> {
  const api = fakeApi(over);
  door = await serveFake(api);
  return api;
}
afterEach(() => door.stop());

const KEY = '0123456789abcdef0123456789abcdef';
const AWARE = { awareAt: { at: '2026-03-02T10:30:00+01:00', zone: 'Europe/Berlin', source: 'SOC' } };
type Summary = {
  id: string;
  phase: string;
  seq: number;
  awareAt: string;
  deadline: { strict: string; statutory: string; provisional: boolean };
};
const summary = (json: Record<string, unknown>): Summary => json['incident'] as Summary;

test('a title is enough: a suspicion with an id, a provisional deadline and a next step', async () => {
  await open();
  const answer = await door.call('POST', '/v1/incidents', { body: { title: 'Something leaked' } });
  const incident = summary(answer.json);
  expect(answer.status).toBe(201);
  expect(incident).toMatchObject({
    id: expect.stringMatching(/^BR-[0-9A-Z]{4}-[0-9A-Z]{4}$/),
    phase: 'suspected',
    deadline: { provisional: true },
  });
  expect(answer.headers.get('location')).toBe(`/v1/incidents/${incident.id}`);
  expect((answer.json['incident'] as { next: { command: string }[] }).next[0]?.command).toContain(
    `seventytwo aware ${incident.id}`,
  );
});

test('with awareAt it is confirmed, and both deadlines are told in UTC', async () => {
  await open();
  const answer = await door.call('POST', '/v1/incidents', { body: { title: 'Something leaked', awareness: AWARE } });
  expect(summary(answer.json)).toMatchObject({
    phase: 'confirmed',
    awareAt: '2026-03-02T09:30:00.000Z',
    deadline: { strict: '2026-03-05T09:30:00.000Z', statutory: '2026-03-05T10:00:00.000Z', provisional: false },
  });
});

test('the same key and body find the same incident and declare nothing twice', async () => {
  const api = await open();
  const first = await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE }, key: KEY });
  const again = await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE }, key: KEY });
  expect([again.status, again.json['repeated'], summary(again.json).id]).toEqual([201, true, summary(first.json).id]);
  expect(api.world.states.size).toBe(1);
});

test('a repeated declaration whose run has left the engine is answered from the view, and nothing is begun a second time', async () => {
  const api = await open();
  const first = await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE }, key: KEY });
  const { id } = summary(first.json);
  api.world.states.delete(id); // closed long ago; its entries and its view stay
  const again = await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE }, key: KEY });
  expect([again.status, again.json['repeated'], summary(again.json)]).toEqual([
    201,
    true,
    expect.objectContaining({ id }),
  ]);
  expect(api.world.states.size).toBe(0);
});

// first hint of the other and of this one                     named  why this row is here
const twice = [
  ['2026-03-02T06:00:00.000Z', '2026-03-02T08:00:00.000Z', true, 'both begun on the same morning'],
  ['2026-02-28T08:00:00.000Z', '2026-03-02T08:00:00.000Z', true, '48 hours apart to the second'],
  [
    '2026-02-28T07:59:59.000Z',
    '2026-03-02T08:00:00.000Z',
    false,
    'what began more than two days apart is hardly the same',
  ],
] as const;
for (const [one, other, named, why] of twice)
  test(`another open incident is named as perhaps the same, with its title: ${why}`, async () => {
    await open();
    const hinted = (at: string) => ({ firstHintAt: { at, zone: 'Europe/Berlin', source: 'SOC' } });
    await door.call('POST', '/v1/incidents', { body: { title: 'A list in the wrong hands', awareness: hinted(one) } });
    const answer = await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: hinted(other) } });
    expect(answer.json['others']).toEqual(
      named ? [expect.objectContaining({ title: 'A list in the wrong hands', firstHintAt: one })] : [],
    );
  });

test('a declaration is told of the other open incidents of a day, ten of them at most, and never of itself', async () => {
  const api = await open();
  const declareOne = async () =>
    (await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE } })).json as {
      incident: Summary;
      others: { id: string }[];
    };
  const first = (await declareOne()).incident.id;
  expect((await declareOne()).others.map(({ id }) => id)).toEqual([first]);
  const before = api.world.states.get(first);
  if (!before) throw new Error('It was declared.');
  api.world.states.set(first, { ...before, declaredAt: '2020-01-01T00:00:00.000Z' });
  for (let n = 0; n < 10; n++) await declareOne();
  const { incident, others } = await declareOne();
  expect(others).toHaveLength(10);
  expect(others.map(({ id }) => id)).not.toContain(first);
  expect(others.map(({ id }) => id)).not.toContain(incident.id);
});

// [what is different, caller, title, status, problem, why this row is here]
const reused = [
  ['st_responder', 'another title', 422, 'key-reused', 'the same key with another body'],
  ['st_dpo', 'x', 409, 'key-of-another', 'the same key from another caller'],
] as const;
for (const [as, title, status, code, why] of reused) {
  for (const mongo of ['up', 'away'] as const) {
    test(`refused with the database ${mongo}: ${why}`, async () => {
      const api = await open();
      await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE }, key: KEY });
      await door.call('GET', '/v1/me', { as: 'st_dpo' });
      api.world.mongo = mongo;
      const answer = await door.call('POST', '/v1/incidents', { as, body: { title, awareness: AWARE }, key: KEY });
      expect([answer.status, answer.json['type']]).toEqual([status, `urn:seventytwo:problem:${code}`]);
      expect(api.world.states.size).toBe(1);
    });
  }
}

test('while the database is away, everybody who had a key when it last answered can still declare, also who was never here', async () => {
  const api = await open();
  api.world.mongo = 'away';
  const answer = await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE } });
  expect([answer.status, api.world.states.size]).toEqual([201, 1]);
});

test('a server that has never reached the database cannot declare without it, and names the way that still goes', async () => {
  const api = fakeApi();
  door = await serveFake(api, { cold: true });
  await door.call('GET', '/v1/incidents');
  api.world.mongo = 'away';
  const answer = await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE } });
  expect([answer.status, answer.json['type']]).toEqual([503, 'urn:seventytwo:problem:unavailable']);
  expect(String(answer.json['detail'])).toMatch(/declare --offline/);
});

test('a database that is away is waited for once, not at every question of a declaration', async () => {
  const api = await open({ limits: { quietMs: 60_000 } });
  await door.call('POST', '/v1/incidents', { body: { title: 'before' } });
  api.world.mongo = 'away';
  api.world.asked = 0;
  expect((await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE } })).status).toBe(201);
  expect(api.world.asked).toBe(1);
});

const HOUR_MS = 60 * 60_000;
// [hours since the database last answered, status, why this row is here]
const copies = [
  [71, 201, 'at hour 71 whoever must act is let in'],
  [72, 503, 'a copy is not believed for ever'],
] as const;
for (const [hours, status, why] of copies)
  test(`logins are copied for 72 hours without a database: ${why}`, async () => {
    const api = await open();
    api.world.mongo = 'away';
    api.wait(hours * HOUR_MS);
    const answer = await door.call('POST', '/v1/incidents', { body: { title: 'x' } });
    expect(answer.status).toBe(status);
    if (status === 503) expect(String(answer.json['detail'])).toMatch(/declare --offline/);
  });

for (const temporal of ['away', 'silent'] as const) {
  test(`while the workflow engine is ${temporal}, a declaration is kept: 202 with id and deadline, and started later with the same id`, async () => {
    const api = await open();
    api.world.temporal = temporal;
    const kept = await door.call('POST', '/v1/incidents', { body: { title: 'x', awareness: AWARE }, key: KEY });
    expect([kept.status, kept.json]).toEqual([
      202,
      expect.objectContaining({
        kept: 'intake',
        deadline: { strict: '2026-03-05T09:30:00.000Z', statutory: '2026-03-05T10:00:00.000Z' },
      }),
    ]);
    expect(await startIntakes(api.deps)).toBe(0);

    api.wait(3_600_000);
    api.world.temporal = 'up';
    expect(await startIntakes(api.deps)).toBe(1);
    const read = await door.call('GET', `/v1/incidents/${String(kept.json['id'])}`);
    expect(read.json).toMatchObject({ phase: 'confirmed', deadline: { strict: '2026-03-05T09:30:00.000Z' } });
    expect(await startIntakes(api.deps)).toBe(0);
  });
}

test('a suspicion that is kept began when it was declared, not when the engine came back', async () => {
  const api = await open();
  api.world.temporal = 'away';
  const kept = await door.call('POST', '/v1/incidents', { body: { title: 'x' } });
  api.wait(3_600_000);
  api.world.temporal = 'up';
  await startIntakes(api.deps);
  const read = await door.call('GET', `/v1/incidents/${String(kept.json['id'])}`);
  expect(read.json['firstHintAt']).toBe('2026-03-02T10:00:00.000Z');
});

test('while both are away it says so, keeps nothing, and names the way that still goes', async () => {
  const api = await open();
  await door.call('POST', '/v1/incidents', { body: { title: 'before' } });
  api.world.mongo = 'away';
  api.world.temporal = 'away';
  const answer = await door.call('POST', '/v1/incidents', { body: { title: 'x' } });
  expect([answer.status, answer.json['type']]).toEqual([503, 'urn:seventytwo:problem:unavailable']);
  expect(String(answer.json['detail'])).toMatch(/declare --offline/);
});

test('the engine takes it without a word while the database is away: it may be there, so the same key comes before a second declaration', async () => {
  const api = await open();
  await door.call('POST', '/v1/incidents', { body: { title: 'before' } });
  api.world.mongo = 'away';
  api.world.temporal = 'silent';
  const answer = await door.call('POST', '/v1/incidents', { body: { title: 'x' } });
  expect([answer.status, answer.json['type']]).toEqual([504, 'urn:seventytwo:problem:unknown-outcome']);
  expect(String(answer.json['detail'])).toMatch(/may have been taken.*Idempotency-Key.*declare --offline.*duplicate/);
});

test('without a described organisation it says what to do first', async () => {
  await open({ organisation: null });
  const answer = await door.call('POST', '/v1/incidents', { body: { title: 'x' } });
  expect([answer.status, answer.json['type']]).toEqual([409, 'urn:seventytwo:problem:organisation-missing']);
});

test('facts and clock: facts are recorded with the declaration; a live clock cannot be set', async () => {
  const api = await open();
  const answer = await door.call('POST', '/v1/incidents', {
    body: { title: 'x', facts: { 'people.count': '1000-1500' } },
  });
  const state = api.world.states.get(summary(answer.json).id);
  expect(state?.facts['people.count']).toMatchObject({ certainty: 'estimated', value: { min: 1000, max: 1500 } });
  const clock = [{ realAt: '2026-03-02T10:00:00Z', actAt: '2026-01-01T00:00:00Z', scale: 60 }];
  const refused = await door.call('POST', '/v1/incidents', { body: { title: 'x', clock } });
  expect([refused.status, refused.json['type']]).toEqual([409, 'urn:seventytwo:problem:not-in-a-live-incident']);
});

test('on the drill side an exercise has its own clock and its own kind of id', async () => {
  await open({ mode: 'drill' });
  const clock = [{ realAt: '2026-03-02T10:00:00Z', actAt: '2026-01-01T00:00:00Z', scale: 60 }];
  const answer = await door.call('POST', '/v1/incidents', { as: 'st_facilitator', body: { title: 'x', clock } });
  expect(summary(answer.json)).toMatchObject({
    id: expect.stringMatching(/^EX-/),
    declaredAt: '2026-01-01T00:00:00.000Z',
  });
});
