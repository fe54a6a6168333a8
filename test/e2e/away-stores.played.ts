import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { HOUR_MS } from '../../domain/clock/instant.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import { anOrganisation } from '../build.js';
import { type Process, startWorld, until, type World } from '../helpers/processes.js';
import { check, checkSide } from './kills-check.js';
import { aDeclaration, aKey, AUTHORITY, FACTS, furnish, take } from './kills-play.js';
import { type Ears, startEars } from './watchdog-ears.js';

/** MongoDB, Temporal and both away, dead (`kill -9`) or hanging (SIGSTOP): what goes on meanwhile, and that nothing is missing afterwards. */

const HOWS = ['killed', 'frozen'] as const;
/** Nobody is called twice: only the first call of each milestone is looked at. */
const ONCE = { ...DEFAULT_PLAYBOOK, repeatAfterMinutes: 5_000, thenEveryMinutes: 5_000 };
const DAY_MS = 24 * HOUR_MS;

let world: World;
let ears: Ears;
let api: Process;
let watchdog: Process;
beforeAll(async () => {
  world = await startWorld({ built: true });
  ears = await startEars(world.folder);
  [api, , watchdog] = (await Promise.all([
    world.start('serve'),
    world.start('incident'),
    world.start('watchdog', { env: ears.env }),
  ])) as [Process, Process, Process];
  await furnish(world);
  await world.told('PUT', '/v1/organisation', 'admin', {
    organisation: anOrganisation({ authorities: [AUTHORITY] }),
    playbook: ONCE,
  });
});
afterAll(async () => {
  await world.stop();
  await ears.stop();
});

/** What is away; a test that fails leaves nothing so for the next one. */
const struck = new Set<() => Promise<void>>();
afterEach(async () => {
  for (const back of struck) await back();
});
function away(which: 'mongo' | 'temporal', how: (typeof HOWS)[number]): { back(): Promise<void> } {
  const engine = world.away(which, how);
  const back = async (): Promise<void> => {
    if (struck.delete(back)) await engine.back();
  };
  struck.add(back);
  return { back };
}

const stateOf = (id: string) => world.gateway.state(id).catch(() => null); // an engine that hangs answers at the next try
const rungOf = async (id: string) => (await stateOf(id))?.milestones.find((each) => each.id === 'aware+24h');
const alarmsOf = (id: string): number =>
  world.catcher.messages().filter(({ raw }) => raw.includes(`<alarm.${id}.aware-24h.1.`)).length;
const onRecord = (id: string) =>
  until(
    async () => [(await stateOf(id))?.seq, (await world.stores.views.row(id).catch(() => null))?.seq],
    ([engine, view]) => engine !== undefined && engine === view,
    `${id} on record`,
  );
const declareAwareAt = (ms: number, { key }: { key: string }) =>
  world.told(
    'POST',
    '/v1/incidents',
    'responder',
    { title: 'Records copied', awareness: { awareAt: { at: new Date(ms).toISOString(), source: 'SOC' } } },
    key,
  );

const lastRound = async (): Promise<unknown> =>
  ((await (await fetch(`http://127.0.0.1:${watchdog.port}/readyz`)).json()) as { lastPingAt: unknown }).lastPingAt;

/** Away before the 24 hours of an incident are over; on a slow machine at the second or third try. */
async function awayBeforeDue(which: 'mongo' | 'temporal', how: (typeof HOWS)[number]) {
  for (let ms = 15_000; ; ms *= 2) {
    const incident = aKey();
    const dueMs = Date.now() + ms;
    await declareAwareAt(dueMs - DAY_MS, incident);
    await onRecord(incident.id);
    const seen = await lastRound();
    await until(lastRound, (at) => at !== seen, 'a round of the watchdog, which then has it in its copy');
    const gone = away(which, how);
    const back = (): Promise<void> => gone.back();
    if (Date.now() < dueMs) return { ...incident, back, dueMs, since: Date.now() };
    await back();
  }
}

for (const how of HOWS)
  test(`MongoDB ${how}: clocks and alarms go on, commands and a declaration are taken, a notice approved at hour 71 is filed in time; the record catches up in order`, async () => {
    const [filing, declared] = [aKey(), aKey()];
    await declareAwareAt(Date.now() - 71 * HOUR_MS, filing);
    for (const step of ['facts', 'decide'] as const) await take(world, step, filing);
    await onRecord(filing.id);
    const ticking = await awayBeforeDue('mongo', how);

    const answer = await world.told('POST', '/v1/incidents', 'responder', aDeclaration(), declared.key);
    expect(answer).not.toHaveProperty('kept'); // the engine has it
    await take(world, 'approve', filing);
    await world.told('POST', `/v1/incidents/${declared.id}/facts`, 'dpo', { facts: FACTS });
    const filed = await until(
      async () => (await stateOf(filing.id))?.notices[0]?.deliveries[AUTHORITY]?.submittedAt,
      (at) => at != null,
      'the notice with the authority',
    );
    const rung = await until(
      () => rungOf(ticking.id),
      (found) => found?.reachedAt != null && alarmsOf(ticking.id) > 0,
      'the milestone reached and people woken',
    );
    await ears.alarm('mongo-away');
    await ticking.back();

    const duty = (await world.gateway.state(filing.id)).duties.find(({ kind }) => kind === 'authority-notice');
    expect(Date.parse(filed ?? '')).toBeLessThan(Date.parse(duty?.dueAt ?? ''));
    expect(Date.parse(rung?.reachedAt ?? '')).toBeGreaterThanOrEqual(ticking.dueMs);
    for (const { id } of [filing, declared, ticking]) await check(world, id, 1);
    await ears.over('mongo-away');
    ears.forget();
  });

for (const how of HOWS)
  test(`Temporal ${how}: a declaration is kept and started later with the same id, reading goes on, the watchdog calls; what came due is reached afterwards`, async () => {
    const declared = aKey();
    const ticking = await awayBeforeDue('temporal', how);
    const body = aDeclaration();
    const kept = await world.told('POST', '/v1/incidents', 'responder', body, declared.key);
    expect(kept).toMatchObject({ id: declared.id, kept: 'intake' });
    expect(await world.told('GET', `/v1/incidents/${ticking.id}`, 'dpo')).toMatchObject({
      id: ticking.id,
      phase: 'confirmed',
    });
    expect(JSON.stringify(await world.told('GET', '/v1/incidents', 'dpo'))).toContain(ticking.id);
    const recording = world.told('POST', `/v1/incidents/${ticking.id}/facts`, 'dpo', { facts: FACTS }); // asks until it is told
    await until(
      async () => Date.now(),
      (now) => now > ticking.dueMs,
      'something due',
    );
    const alarm = await ears.alarm('overdue', ticking.id);
    expect(alarm.genuine).toBe(true);
    await Promise.all([ears.alarm('temporal-away'), ears.alarm('intake-waits', declared.id)]);

    await ticking.back();
    await recording;
    const awayMs = Date.now() - ticking.since;
    await until(
      () => world.ledger(declared.id),
      (events) => events.length > 0,
      'the kept declaration on record',
    );
    expect((await world.gateway.state(declared.id)).awareness.awareAt?.at).toBe(body.awareness.awareAt.at);
    for (const { id } of [declared, ticking]) await check(world, id, 1, { awayMs });
    await Promise.all(['overdue', 'temporal-away', 'intake-waits'].map((cause) => ears.over(cause)));
    ears.forget();
  });

test('both away: the watchdog calls from its copy, the API names the way that still goes, and the declaration file sent later is that incident, once', async () => {
  const mongo = await awayBeforeDue('mongo', 'frozen');
  const temporal = away('temporal', 'killed');
  const refused = await world.call('POST', '/v1/incidents', 'responder', aDeclaration());
  expect([503, 504]).toContain(refused.status); // 504 where an engine hung in the middle
  expect(String(refused.json['detail'])).toContain('declare --offline');

  const path = join(world.folder, 'declaration.json');
  const awareAt = new Date().toISOString();
  const env = {
    HOME: world.folder,
    SEVENTYTWO_URL: `http://127.0.0.1:${api.port}`,
    SEVENTYTWO_KEY: world.logins['responder'],
  };
  const written = await world.command(['declare', 'Records copied', '--aware', awareAt, '--offline', '--out', path], {
    env,
  });
  const file = JSON.parse(readFileSync(path, 'utf8')) as { id: string; deadline: string };
  expect([written.code, written.out.includes(file.id)]).toEqual(['0', true]);
  expect(file.deadline).toBe(new Date(Date.parse(awareAt) + 72 * HOUR_MS).toISOString());
  await until(
    async () => Date.now(),
    (now) => now > mongo.dueMs,
    'something due',
  );
  expect((await ears.alarm('overdue', mongo.id)).says).toContain('neither engine nor database can be asked');

  await Promise.all([mongo.back(), temporal.back()]);
  const awayMs = Date.now() - mongo.since;
  for (const time of ['first', 'again']) {
    const { code, out, err } = await until(
      () => world.command(['declare', '--send', path], { env }),
      ({ code: ended }) => ended !== '3', // not ready yet: the same again, as it says
      `the file sent, ${time}`,
    );
    expect([time, code, out.includes(file.id), err]).toEqual([time, '0', true, '']);
  }
  const recorded = await until(
    () => world.ledger(file.id),
    (events) => events.length > 0,
    'the declaration on record',
  );
  expect(recorded.filter(({ type }) => type === 'IncidentDeclared')).toHaveLength(1);
  for (const id of [file.id, mongo.id]) await check(world, id, 2, { awayMs });
  await checkSide(world);
});
