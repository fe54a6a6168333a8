import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Process, startWorld, until, type World } from '../helpers/processes.js';
import { check } from './kills-check.js';
import {
  addressOf,
  aDeclaration,
  aKey,
  furnish,
  MAILBOX,
  prepareMailing,
  startMailing,
  take,
  takeUpTo,
} from './kills-play.js';

/** `kill -9` of the engines in the middle of the work; they come back on the same data and the same port. */

let world: World;
let processes: Process[];
const startAll = () => Promise.all((['serve', 'incident', 'mail'] as const).map((kind) => world.start(kind)));
beforeAll(async () => {
  world = await startWorld();
  processes = await startAll();
  await furnish(world);
});
afterAll(() => world.stop());

/** Two incidents up to their approval, one of them with a mailing that is ready to start. */
async function prepared() {
  const [filing, telling] = [aKey(), aKey()];
  await Promise.all([filing, telling].map((incident) => takeUpTo(world, 'approve', incident)));
  return { filing, telling, ready: await prepareMailing(world, telling.id) };
}

/** Resolves when this message is whole at the relay, which then waits until what was done about it is done. */
function whenAtDot(is: (to: string, raw: Buffer) => boolean, act: () => Promise<void> | void): Promise<void> {
  return new Promise((resolve) => {
    let over = false;
    world.atDot(async ({ to, raw }) => {
      if (over || !is(to[0] ?? '', raw)) return undefined;
      over = true;
      await act();
      resolve();
      return 'take';
    });
  });
}
const noticeOf =
  (id: string) =>
  (to: string, raw: Buffer): boolean =>
    to === MAILBOX && raw.includes(id);

test('the workflow engine killed between a notice and its answer, and in a mailing: declaring goes on, and all of it comes to its end', async () => {
  const { filing, telling, ready } = await prepared();
  await startMailing(world, telling.id, ready);
  let temporal: { back(): Promise<void> } | undefined;
  const killed = whenAtDot(noticeOf(filing.id), () => {
    temporal = world.killTemporal();
  });
  const filed = take(world, 'approve', filing);
  await killed;

  const { key, id } = aKey();
  const kept = await world.told('POST', '/v1/incidents', 'responder', aDeclaration(), key);
  expect(kept).toMatchObject({ id, kept: 'intake' });
  await temporal?.back();
  await filed;
  await until(
    () => world.ledger(id),
    (events) => events.length > 0,
    'the kept declaration on record',
  );
  for (const each of [filing.id, telling.id, id]) await check(world, each, 1);
});

test('the database killed in a mailing: the notice that is approved meanwhile is filed, and the record catches up', async () => {
  const { filing, telling, ready } = await prepared();
  const tenth = addressOf(telling.id, 10);
  let mongo: { back(): Promise<void> } | undefined;
  const killed = whenAtDot(
    (to) => to === tenth,
    () => {
      mongo = world.killMongo();
    },
  );
  const { draft } = (await world.gateway.state(filing.id)).notices[0] ?? {};
  await startMailing(world, telling.id, ready);
  await killed;

  const atAuthority = whenAtDot(noticeOf(filing.id), () => undefined);
  await world.told('POST', `/v1/incidents/${filing.id}/notices/1/approval`, 'approver', { sha256: draft?.sha256 });
  await atAuthority;
  await mongo?.back();
  for (const { id } of [filing, telling]) await check(world, id, 1);
});

test('everything killed at once, as when the power fails: after the start everybody is told and the record is whole', async () => {
  const { filing, telling, ready } = await prepared();
  const fifth = addressOf(telling.id, 5);
  const engines: { back(): Promise<void> }[] = [];
  const dark = whenAtDot(
    (to) => to === fifth,
    async () => {
      engines.push(world.killTemporal(), world.killMongo());
      await Promise.all(processes.map((each) => each.kill()));
    },
  );
  const filed = take(world, 'approve', filing);
  await startMailing(world, telling.id, ready);
  await dark;
  await Promise.all(engines.map((engine) => engine.back()));
  processes = await startAll();
  await filed;
  for (const { id } of [filing, telling]) await check(world, id, 1);
});
