import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorld, type World } from '../helpers/processes.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

test('a second worker on the journal of a frozen one says whose it is, and its process ends', async () => {
  const kinds = ['incident', 'mail'] as const;
  const stuck = await Promise.all(kinds.map((kind) => world.start(kind)));
  for (const one of stuck) one.freeze();
  // The journal stays with the frozen one: it may wake up and go on with what it was sending.
  await Promise.all(
    kinds.map((kind) =>
      expect(world.start(kind)).rejects.toThrow(/ended with 1 before it was ready:\n[^]*in use by process \d+/),
    ),
  );
  await Promise.all(stuck.map((one) => one.kill()));
});
