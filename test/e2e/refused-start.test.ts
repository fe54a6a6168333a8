import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { startWorld, type World } from '../helpers/processes.js';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

for (const kind of ['incident', 'mail'] as const)
  test(`a second ${kind} worker on the journal of a frozen one says whose it is, and ends`, async () => {
    const stuck = await world.start(kind);
    stuck.freeze();
    // Its journal stays its own: it may wake up and go on with what it was sending.
    await expect(world.start(kind)).rejects.toThrow(/ended with 1 before it was ready:\n[^]*in use by process \d+/);
    await stuck.kill();
  });
