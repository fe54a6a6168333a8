import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readEngine } from '../../adapters/temporal/watch-reader.js';
import { EMPTY_COPY } from '../../domain/watch/sight.js';
import { anId } from '../helpers/engine.js';
import { type Process, startWorld, until, type World } from '../helpers/processes.js';
import { type Ears, startEars } from './watchdog-ears.js';

/** The watchdog beside the real engine, whose parts are frozen (SIGSTOP) and killed. Its rounds are a second apart here; the usual ten are a matter of arithmetic (test/domain/watch). */

jest.setTimeout(240_000);

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
afterAll(async () => {
  worker.thaw();
  watchdog.thaw();
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
  await known(id, (times) => times[0] === dueAt);
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
/** The record shows such due times, and the watchdog has had a round since. */
async function known(id: string, is: (dueTimes: readonly string[]) => boolean): Promise<void> {
  await until(
    async () => (await world.stores.views.row(id))?.dueTimes ?? [],
    (times) => times.length > 0 && is(times),
    `due times of ${id} on record`,
  );
  const { lastPingAt } = await readiness();
  await until(readiness, (now) => now.lastPingAt !== lastPingAt, 'another round');
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
  const { id, dueAt } = await dueIn(3_500);
  worker.freeze();
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

test('the database killed: the engine acts and shows it, so nobody is called; the engine killed too: the copy calls when something is due', async () => {
  const [acted, slept] = await Promise.all([dueIn(6_000), dueIn(16_000)]);
  const mongo = world.killMongo();
  await until(readiness, (now) => now.answers?.mongo === false && now.answers.temporal, 'a round without the database');
  const { temporal: engine } = world.config;
  await until(
    async () => (await readEngine(world.client.connection, engine.namespace, EMPTY_COPY)).running,
    (running) => running.some(({ id, nextDueAt }) => id === acted.id && nextDueAt !== null && nextDueAt > acted.dueAt),
    'the engine acted, and shows it though the ledger cannot be written',
  );
  await until(readiness, (now) => now.alarms.every((one) => one.cause !== 'overdue'), 'no alarm');

  const temporal = world.killTemporal();
  await ears.alarm('stores-away');
  const alarm = await ears.alarm('overdue', slept.id);
  expect(alarm.incidents.find((one) => one.id === slept.id)).toMatchObject({ dueAt: slept.dueAt });
  expect(alarm.says).toContain('neither engine nor database can be asked');
  await Promise.all([mongo.back(), temporal.back()]);
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
