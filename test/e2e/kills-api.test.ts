import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Body, died, hashOfKey, type Process, startWorld, until, type World } from '../helpers/processes.js';
import { check } from './kills-check.js';
import { aDeclaration, aKey, FACTS, furnish, prepareMailing, takeUpTo } from './kills-play.js';

/** `kill -9` of the API before and after each durable step, under clients that keep their key and ask again. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const api = await world.start('serve');
  await furnish(world);
  await world.start('incident');
  await api.kill(); // and every test starts its own
});
afterAll(() => world.stop());

/** The client asks again by itself as soon as the next API is there. */
async function killedWhile<T>(killAt: string, ask: () => Promise<T>): Promise<{ answer: T; api: Process }> {
  const doomed = await world.start('serve', { killAt });
  const asking = ask();
  expect(await Promise.race([died(doomed), asking.then(() => 'answered')])).toBe('SIGKILL');
  const api = await world.start('serve');
  return { answer: await asking, api };
}
const idIn = (answer: Body): unknown => (answer['incident'] as Body | undefined)?.['id'] ?? answer['id'];

// killed                   why this row is here
const declaring = [
  ['intakes.put.before', 'nothing is stored'],
  ['intakes.put.after', 'the intake is stored, and the engine knows nothing'],
  ['gateway.declare.before', 'the same, a moment later'],
  ['gateway.declare.after', 'the incident runs, and nobody was told'],
  ['intakes.started.after', 'everything is done except the answer'],
] as const;
for (const [at, why] of declaring) {
  test(`declaring, killed at ${at} (${why}): the same key finds the one incident`, async () => {
    const { key, id } = aKey();
    const body = aDeclaration();
    const { answer, api } = await killedWhile(`${at}:${id}`, () =>
      world.told('POST', '/v1/incidents', 'responder', body, key),
    );
    expect(idIn(answer)).toBe(id);
    const { awareAt } = (await world.told('GET', `/v1/incidents/${id}`, 'responder')) as { awareAt: string };
    expect(awareAt).toBe(body.awareness.awareAt.at);
    await check(world, id, 1);
    await api.kill();
  });
}

test('an API that dies between intake and engine: the next one starts the incident although its client never came back', async () => {
  const { key, id } = aKey();
  const doomed = await world.start('serve', { killAt: `intakes.put.after:${id}` });
  await expect(world.call('POST', '/v1/incidents', 'responder', aDeclaration(), key)).rejects.toThrow('fetch failed');
  expect(await died(doomed)).toBe('SIGKILL');
  const api = await world.start('serve');
  await until(
    () => world.ledger(id),
    (events) => events.length > 0,
    'the incident on record',
  );
  await check(world, id, 1);
  await api.kill();
});

// killed                   why this row is here
const commanding = [
  ['gateway.send.before', 'the command has not left'],
  ['gateway.send.after', 'the workflow has taken it, and nobody was told'],
] as const;
for (const [at, why] of commanding) {
  test(`a command, killed at ${at} (${why}): the same key again gives its answer, and it happened once`, async () => {
    const { key, id } = aKey();
    const before = await world.start('serve');
    await takeUpTo(world, 'facts', { key, id });
    await before.kill();
    const send = () => world.told('POST', `/v1/incidents/${id}/facts`, 'responder', { facts: FACTS });
    const { answer, api } = await killedWhile(`${at}:${id}`, send);
    await check(world, id, 1);
    const recorded = (await world.ledger(id)).filter(({ type }) => type === 'FactsRecorded');
    expect(recorded.map(({ seq }) => seq <= Number(answer['seq']))).toEqual([true]);
    await api.kill();
  });
}

// killed                   why this row is here
const preparing = [
  ['people.import.before', 'the upload is lost with the process'],
  ['people.import.after', 'the list is frozen, and nobody was told'],
  ['messages.put.after', 'the text is stored, and nobody was told'],
] as const;
for (const [at, why] of preparing) {
  test(`preparing a mailing, killed at ${at} (${why}): one list with everybody on it, one approved text`, async () => {
    const { key, id } = aKey();
    const before = await world.start('serve');
    await takeUpTo(world, 'approve', { key, id });
    await before.kill();
    const { api } = await killedWhile(at === 'messages.put.after' ? at : `${at}:${id}`, () =>
      prepareMailing(world, id),
    );
    const state = await world.gateway.state(id);
    expect(state.lists.map(({ count }) => count)).toEqual([30]);
    expect(state.messages.map(({ approvals }) => approvals.length)).toEqual([2]);
    await check(world, id, 1);
    await api.kill();
  });
}

test('killed five times while twelve clients declare and record: whatever was acknowledged is there, once', async () => {
  const incidents = Array.from({ length: 12 }, aKey);
  const kills = 5;
  let api = await world.start('serve');
  const before = world.acknowledged.length;
  const clients = Promise.all(incidents.map((incident) => takeUpTo(world, 'decide', incident)));
  for (let kill = 1; kill <= kills; kill++) {
    const enough = before + kill * 3;
    await until(
      async () => world.acknowledged.length,
      (count) => count >= enough,
      'some more answers',
    );
    await api.kill();
    api = await world.start('serve');
  }
  await clients;
  const declared = world.acknowledged.filter(({ what }) => what === 'POST /v1/incidents').map(({ keyHash }) => keyHash);
  expect(declared).toEqual(expect.arrayContaining(incidents.map(({ key }) => hashOfKey(key))));
  for (const { id } of incidents) await check(world, id, kills);
});
