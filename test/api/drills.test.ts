import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DrillInput } from '../../domain/drill/input.js';
import { type Answered, type Caller, code, type FakeApi, fakeApi, serveFake } from '../fakes/api.js';

const SCENARIO = readFileSync(new URL('../../scenarios/first-light.yaml', import.meta.url), 'utf8');
const KEY = 'the-key-of-this-very-drill';

let api: FakeApi;
let door: Caller;
let played: DrillInput[];
let progress: number;
beforeEach(async () => {
  played = [];
  progress = 0;
  api = fakeApi({
    mode: 'drill',
    drills: {
      start: async (input) => void played.push(input),
      progress: async () => ({ played: ++progress, of: 9, ended: false }),
    },
  });
  door = await serveFake(api);
});
afterEach(() => door.stop());
const run = (scenario: string): Promise<Answered> =>
  door.call('POST', '/v1/drills', { as: 'st_facilitator', body: { scenario }, key: KEY });

test('a drill is declared and handed to the autopilot; the same request again finds the same one', async () => {
  const first = await run(SCENARIO);
  expect([first.status, first.json['drill']]).toEqual([201, expect.stringMatching(/^EX-/)]);
  expect((await run(SCENARIO)).json).toEqual(first.json);
  expect(new Set(played.map(({ drillId }) => drillId)).size).toBe(1);
  expect(api.world.states.size).toBe(1);
});

test('another scenario under the key of a drill is refused, also while the view is behind', async () => {
  await run(SCENARIO);
  const other = SCENARIO.replace(/^title: .*$/m, 'title: Another');
  expect(other).not.toBe(SCENARIO);
  expect(code(await run(other))).toEqual([422, 'key-reused']);
  api.world.viewLag = api.world.events.values().next().value?.length ?? 0; // the view has nothing yet
  expect(code(await run(other))).toEqual([422, 'key-reused']);
  expect(played).toHaveLength(1);
});

test('a drill that has been played and left the engine is not played again', async () => {
  const { json } = await run(SCENARIO);
  const id = String(json['drill']);
  api.byEngine(id, { type: 'Withdraw', because: 'other', duplicateOf: null, reason: 'x', confirms: null });
  api.world.states.delete(id);
  expect((await run(SCENARIO)).json).toEqual(json);
  expect([played.length, api.world.states.size]).toEqual([1, 0]);
});
