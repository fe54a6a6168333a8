import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { anId } from '../helpers/engine.js';
import { type Process, startWorld, until, type World } from '../helpers/processes.js';
import { type Ears, startEars } from './watchdog-ears.js';

/** The watchdog beside the real engine, whose parts are frozen (SIGSTOP) and killed. Its rounds are a second apart here; the usual ten are a matter of arithmetic (test/domain/watch). */

let world: World;
let ears: Ears;
let worker: Process;
let watchdog: Process;
const startWatchdog = (): Promise<Process> => world.start('watchdog', { env: ears.env });
beforeAll(async () => {
  world = await startWorld({ built: true });
  ears = await startEars(world.folder);
  worker = await world.start('incident');
  watchdog = await startWatchdog();
});
const thawAll = (): void => {
  worker.thaw();
  watchdog.thaw();
};
afterEach(thawAll);
afterAll(async () => {
  await world.stop();
  await ears.stop();
});

const aware = (atMs: number) => ({
  awareAt: { at: new Date(atMs).toISOString(), zone: 'Europe/Dublin', source: 'on-call' },
});
const awareNow = () => aware(Date.now());
const DAY_MS = 24 * 3_600_000;
/** An incident whose 24 hours are over in `ms`; answers once both stores show that. */
async function dueIn(ms: number): Promise<{ id: string; dueAt: string }> {
  const dueAt = new Date(Date.now() + ms).toISOString();
  const id = await world.declare({ awareness: aware(Date.parse(dueAt) - DAY_MS) });
  await known(id);
  return { id, dueAt };
}
interface Readiness {
  readonly ok: boolean;
  readonly incidents: number;
  readonly lastPingAt: string | null;
  readonly lastRoundAt: string | null;
  readonly answers: { readonly mongo: boolean; readonly temporal: boolean } | null;
  readonly alarms: readonly { cause: string; toldAt: string | null; goneSince: string | null }[];
}
const readiness = async (process = watchdog): Promise<Readiness> =>
  (await (await fetch(`http://127.0.0.1:${process.port}/readyz`)).json()) as Readiness;
/** The record shows its due times, and the watchdog has had a round since. */
async function known(id: string): Promise<void> {
  await until(
    async () => (await world.stores.views.row(id))?.dueTimes ?? [],
    (times) => times.length > 0,
    `due times of ${id} on record`,
  );
  const { lastPingAt } = await readiness();
  await until(readiness, (now) => now.lastPingAt !== lastPingAt, 'another round');
}
/** An incident whose due time comes when all is asleep already; on a slow machine at the second or third try. */
async function asleepBeforeDue(sleep: () => void, wake: () => Promise<void> | void) {
  for (let ms = 3_500; ; ms *= 2) {
    const found = await dueIn(ms);
    sleep();
    if (Date.now() < Date.parse(found.dueAt)) return found;
    await wake();
  }
}
/** Everybody was called and all of it is on record: nothing writes the view any more. */
const atRest = (id: string) =>
  until(
    async () => ({ state: await world.gateway.state(id), row: await world.stores.views.row(id) }),
    ({ state, row }) =>
      state.proposal !== null &&
      state.milestones.every((m) => m.reachedAt === null || m.rounds > 0) &&
      row?.seq === state.seq,
    `${id} at rest`,
  );
const calm = (): Promise<Readiness> => until(readiness, (now) => now.alarms.length === 0, 'no alarm');

test('the worker frozen past a due time: webhook and mail name incident, deadline and hours left; killed meanwhile, the watchdog goes on where it was', async () => {
  const { id, dueAt } = await asleepBeforeDue(
    () => worker.freeze(),
    () => worker.thaw(),
  );
  const alarm = await ears.alarm('overdue', id);
  expect(alarm).toMatchObject({ genuine: true, kind: 'alarm' });
  const [whom] = alarm.incidents;
  expect(whom).toMatchObject({ id, dueAt, hoursLeft: 47.9 });
  const lateMs = alarm.at - Date.parse(dueAt);
  process.stdout.write(`alarm ${lateMs} ms after the due time, with rounds every second\n`);
  expect(lateMs).toBeGreaterThanOrEqual(1_500);
  const mails = await until(
    async () => ears.mail.messages().filter((m) => m.raw.includes(id)),
    (all) => all.length >= 2,
    'a mail to each',
  );
  expect(new Set(mails.flatMap((m) => m.to))).toEqual(new Set(['on-call@hospital.example', 'deputy@hospital.example']));

  await until(readiness, (now) => now.alarms.some((a) => a.toldAt !== null), 'the alarm on disk as told');
  await watchdog.kill();
  watchdog = await startWatchdog();
  const { lastPingAt } = await until(readiness, (now) => now.lastPingAt !== null, 'a first round');
  await until(readiness, (now) => now.lastPingAt !== lastPingAt, 'a second round');
  expect(ears.heard.filter((one) => one.cause === 'overdue')).toHaveLength(1);

  worker.thaw();
  await ears.over('overdue');
  await calm();
});

test('a second watchdog on the same folder refuses, and says whose it is', async () => {
  await expect(startWatchdog()).rejects.toThrow(/watchdog's folder is in use by process \d+/);
});

test('the stores tell different things, or one of them does not know an incident: one alarm for each cause, and its end', async () => {
  ears.forget();
  const ids = await Promise.all([1, 2, 3].map(() => dueIn(3_600_000)));
  const [shifted = '', forgotten = '', lost = ''] = ids.map((i) => i.id);
  await Promise.all(ids.map(({ id }) => atRest(id)));
  const kept = anId();
  const views = world.stores.mongo.db.collection<{ _id: string }>('incidents');
  const [before] = await views.find({ _id: forgotten }).toArray();
  const row = await world.stores.views.row(shifted);
  const dueTimes = row?.dueTimes ?? [];
  await Promise.all([
    views.updateOne({ _id: shifted }, { $set: { dueTimes: dueTimes.slice(1) } }),
    views.deleteOne({ _id: forgotten }),
    world.client.workflow.getHandle(`incident/${lost}`).terminate('lost in this test'),
    world.stores.mongo.db
      .collection<{ _id: string }>('intakes')
      .insertOne({ _id: kept, startedAt: null, receivedAt: new Date().toISOString() } as never),
  ]);
  const alarms = await Promise.all([
    ears.alarm('differs', shifted),
    ears.alarm('not-on-record', forgotten),
    ears.alarm('not-in-engine', lost),
    ears.alarm('intake-waits', kept),
  ]);
  expect(alarms.map((alarm) => alarm.incidents.length)).toEqual([1, 1, 1, 1]);

  if (!before) throw new Error('It was there.');
  await Promise.all([
    views.updateOne({ _id: shifted }, { $set: { dueTimes } }),
    views.insertOne(before),
    views.updateOne({ _id: lost }, { $set: { phase: 'closed' } }),
    world.declare({ incidentId: kept, awareness: awareNow() }),
  ]);
  await Promise.all(['differs', 'not-on-record', 'not-in-engine', 'intake-waits'].map((cause) => ears.over(cause)));
  await calm();
});

test('the worker killed and something declared: work that nobody takes is an alarm, though nothing is due', async () => {
  ears.forget();
  await worker.kill();
  const id = await world.declare({ awareness: awareNow() });
  await Promise.all([ears.alarm('tasks-wait', id), ears.alarm('not-on-record', id)]);
  worker = await world.start('incident'); // that this alarm ends is seen at the end of the next test
});

test('database and engine killed: the copy calls when something is due; the engine back alone: it acts and shows it, and the call is over', async () => {
  const engines: ReturnType<World['killMongo']>[] = [];
  const { id, dueAt } = await asleepBeforeDue(
    () => void engines.push(world.killTemporal(), world.killMongo()),
    async () => void (await Promise.all(engines.splice(0).map((engine) => engine.back()))),
  );
  await ears.alarm('stores-away');
  const alarm = await ears.alarm('overdue', id);
  expect(alarm.incidents.find((one) => one.id === id)).toMatchObject({ dueAt });
  expect(alarm.says).toContain('neither engine nor database can be asked');

  const [temporal, mongo] = engines;
  await temporal?.back();
  await until(
    readiness,
    ({ answers, alarms }) =>
      answers?.temporal === true &&
      !answers.mongo &&
      alarms.every(({ cause, goneSince }) => cause !== 'overdue' || goneSince !== null),
    'the engine acted, and shows it though the ledger cannot be written',
  );
  await mongo?.back();
  await calm();
  await Promise.all(['stores-away', 'overdue', 'tasks-wait'].map((cause) => ears.over(cause)));
});

test('frozen, it pings no more and its door is silent; thawed, it goes on', async () => {
  watchdog.freeze();
  const pings = ears.pings();
  await expect(
    fetch(`http://127.0.0.1:${watchdog.port}/readyz`, { signal: AbortSignal.timeout(2_500) }),
  ).rejects.toThrow();
  expect(ears.pings()).toBe(pings);
  watchdog.thaw();
  await until(
    async () => ears.pings(),
    (now) => now > pings,
    'a ping',
  );
  expect((await readiness()).ok).toBe(true);
});

test('told to stop it ends in order, and its folder is free', async () => {
  await watchdog.stop();
  expect(await watchdog.ended).toBe('0');
  watchdog = await startWatchdog();
});
