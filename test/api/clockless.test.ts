import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Answered, type Caller, code, type FakeApi, fakeApi, serveFake } from '../fakes/api.js';

/** Open incidents that the workflow engine does not run: the board would look calm, so everything says it. */

let api: FakeApi;
let door: Caller;
let ids: string[];
const declared = async (title: string): Promise<string> => {
  const { json } = await door.call('POST', '/v1/incidents', {
    body: { title, awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  return (json['incident'] as { id: string }).id;
};
const board = async (): Promise<unknown> => (await door.call('GET', '/v1/incidents')).json['clocks'];
const ready = (): Promise<Answered> => door.call('GET', '/readyz', { as: null });
const one = (headers = {}): Promise<Answered> => door.call('GET', `/v1/incidents/${ids[0]}`, { headers });

beforeEach(async () => {
  api = fakeApi();
  door = await serveFake(api);
  ids = [await declared('first'), await declared('second'), await declared('third')];
});
afterEach(() => door.stop());

test('board and /readyz say with figures which open incidents have no clock, at once, and at once when it is over', async () => {
  expect(await board()).toEqual({ open: 3, without: [], says: null });
  await door.stop();
  door = await serveFake(api); // what is well may be told from a copy for a few seconds
  for (const id of ids.slice(0, 2)) api.world.lost.add(id);
  expect(await board()).toEqual({
    open: 3,
    without: ids.slice(0, 2),
    says: `2 of 3 open incidents have no clock: ${ids[0]}, ${ids[1]}. The workflow engine does not run them: nothing will be filed or rung for them.`,
  });
  const { status, json } = await ready();
  expect([status, json['ok'], json['clocks']]).toEqual([200, true, { open: 3, without: 2 }]);
  expect(json['alarms']).toEqual([expect.stringMatching(/^2 of 3 open .* Next: seventytwo rebuild$/)]);
  expect(JSON.stringify(json)).not.toContain('BR-'); // it needs no login
  api.world.lost.clear();
  expect(await board()).toMatchObject({ without: [], says: null });
  expect((await ready()).json['alarms']).toEqual([]);
});

test('one incident says that it has none, also to whoever has seen this entry of it', async () => {
  const first = await one();
  expect(first.json['withoutClock']).toBe(false);
  api.world.lost.add(ids[0] ?? '');
  const again = await one({ 'if-none-match': first.headers.get('etag') ?? '' });
  expect([again.status, again.json['withoutClock'], again.headers.get('etag')]).toEqual([200, true, null]);
});

for (const store of ['temporal', 'mongo'] as const)
  test(`while ${store} is away nothing is claimed of clocks, and what can be read is read`, async () => {
    api.world[store] = 'away';
    const { json } = await ready();
    expect([json['clocks'], json['alarms']]).toEqual([null, []]);
    expect((await one()).json['withoutClock']).toBe(store === 'temporal' ? null : false);
    if (store === 'temporal') expect(await board()).toBeNull();
  });

test('an engine that hangs does not hold up the board', async () => {
  await door.stop();
  const hanging = { open: () => api.deps.clocks.open(), without: () => new Promise<never>(() => undefined) };
  door = await serveFake({
    ...api,
    deps: { ...api.deps, clocks: hanging, limits: { ...api.deps.limits, clocksMs: 50 } },
  });
  expect(await board()).toBeNull();
});

test('after a great loss a look takes longer than the board waits: the next one tells what it found', async () => {
  await door.stop();
  let finish = (): void => undefined;
  const slow = {
    open: () => api.deps.clocks.open(),
    without: (open: readonly string[]) =>
      new Promise<string[]>((resolve) => {
        finish = () => resolve([...open]);
      }),
  };
  door = await serveFake({ ...api, deps: { ...api.deps, clocks: slow, limits: { ...api.deps.limits, clocksMs: 50 } } });
  expect(await board()).toBeNull();
  finish();
  expect(await board()).toMatchObject({ open: 3, without: ids });
  finish(); // what the second look waited for
});

test('while the database is away nobody is told that an incident which ended long ago has no clock, or never was', async () => {
  const id = ids[0] ?? '';
  api.world.states.delete(id);
  await door.stop();
  const away = { ...api.deps.views, load: () => Promise.reject(new Error('away')) };
  door = await serveFake({ ...api, deps: { ...api.deps, views: away } });
  const read = await one();
  expect(code(read)).toEqual([503, 'unavailable']);
  expect(read.json['detail']).toContain('whether it is closed');
});

test('a command to a declaration that neither engine nor record has says so and names the way, not that there is no such incident', async () => {
  const id = ids[0] ?? '';
  api.world.states.delete(id);
  api.world.events.delete(id);
  const refused = await door.call('POST', `/v1/incidents/${id}/facts`, { body: { facts: { 'people.count': 3 } } });
  for (const answer of [refused, await one()]) {
    expect(code(answer)).toEqual([409, 'no-clock']);
    expect(answer.json['detail']).toContain(
      `${id} was declared, and neither the workflow engine nor the record has it`,
    );
    expect(answer.json['detail']).toContain('seventytwo rebuild');
  }
  expect(code(await door.call('GET', '/v1/incidents/BR-0000-0000'))).toEqual([404, 'no-such-incident']);
});

test('a command to a lost incident whose record does not verify starts nothing and says what the operator does', async () => {
  const { gateway } = api.deps;
  await door.stop();
  const broken = { ...gateway, send: async () => ({ is: 'record-broken', firstBad: 2 }) as const };
  door = await serveFake({ ...api, deps: { ...api.deps, gateway: broken } });
  const refused = await door.call('POST', `/v1/incidents/${ids[0]}/facts`, { body: { facts: { 'people.count': 3 } } });
  expect(code(refused)).toEqual([409, 'record-broken']);
  expect(refused.json['detail']).toMatch(/entry 2 of its record does not verify.* seventytwo rebuild --dry-run/);
});
