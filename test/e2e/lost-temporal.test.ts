import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toInstant } from '../../domain/clock/instant.js';
import { declare } from '../../domain/incident/decide.js';
import { aCause, aDeclaration as declarationOf, RESPONDER } from '../build.js';
import { anId } from '../helpers/engine.js';
import { fastForward } from '../helpers/fast-forward.js';
import { type Ended, type Process, startWorld, until, type World } from '../helpers/processes.js';
import { check, checkSide } from './kills-check.js';
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

/** Temporal's database is lost, with a notice and a mailing in the hands of the relay, and every process of ours with it. */

const HOUR_MS = 3_600_000;
const [filing, telling, quiet, unrecorded, over, altered] = [aKey(), aKey(), aKey(), aKey(), aKey(), aKey()];
const sleeping = anId();
let world: World;
let processes: Process[];
const startAll = () => Promise.all((['serve', 'incident', 'mail'] as const).map((kind) => world.start(kind)));

interface Reported {
  readonly incidents: readonly { incident: string; is: string; from: string; last: { seq: number } | null }[];
}
const became = ({ out }: Ended): Record<string, string> =>
  Object.fromEntries((JSON.parse(out) as Reported).incidents.map(({ incident, is }) => [incident, is]));

const onRecord = (id: string, type: string) =>
  until(
    () => world.ledger(id),
    (events) => events.some((e) => e.type === type),
    `${type} of ${id} on record`,
  );

const reports: Ended[] = [];

beforeAll(async () => {
  world = await startWorld();
  processes = await startAll();
  await furnish(world);
  await Promise.all([filing, telling].map((each) => takeUpTo(world, 'approve', each)));
  await Promise.all([quiet, altered].map((each) => take(world, 'declare', each)));
  await world.told('POST', '/v1/incidents', 'responder', { title: 'A strange log-in' }, over.key);
  const withdrawal = { because: 'not_a_breach', duplicateOf: null, reason: 'a false alarm', confirms: null } as const;
  await world.send(over.id, { type: 'Withdraw', ...withdrawal });
  const ready = await prepareMailing(world, telling.id);
  // Declared 30 hours ago, and nobody has run since the moment after: it is on record, and its 24 hours have passed unsaid.
  const then = toInstant(Date.now() - 30 * HOUR_MS);
  const awareness = { awareAt: { at: then, zone: 'Europe/Dublin', source: 'on-call' } };
  const events = declare(declarationOf({ incidentId: sleeping, awareness }), RESPONDER, aCause('sleeping'), then);
  await world.stores.ledger.append(events);

  await Promise.all([quiet, over, altered].map(({ id }) => atRecord(id)));
  const dark = Promise.all([
    atDot(filing.id, 'NoticeApproved', MAILBOX),
    atDot(telling.id, 'MailingStarted', addressOf(telling.id, 5)),
  ]);
  const approving = take(world, 'approve', filing);
  await startMailing(world, telling.id, ready);
  await approving;
  await dark;
  const [serve, ...workers] = processes;
  await Promise.all(workers.map((worker) => worker.kill()));
  await world.told('POST', '/v1/incidents', 'responder', aDeclaration(), unrecorded.key); // taken by the engine; nobody records it
  const temporal = world.killTemporal('lost');
  await serve?.kill();
  await temporal.back();
  await world.stores.mongo.db.collection('ledger').updateOne({ stream: altered.id, seq: 2 }, { $set: { at: then } });
});
afterAll(() => world.stop());

const atRecord = (id: string) =>
  until(
    async () => ({ state: await world.gateway.state(id), head: await world.stores.ledger.head(id) }),
    ({ state, head }) => state.seq === head?.seq,
    `${id} on record`,
  );

const dots = new Map<string, { is: (to: string, raw: Buffer) => boolean; act: () => Promise<void> }>();
/** Resolves when this message is whole at the relay and the event is on record; its answer comes only when the worker is gone. */
function atDot(id: string, type: string, to: string): Promise<void> {
  return new Promise((resolve) => {
    dots.set(id, {
      is: (recipient, raw) => recipient === to && raw.includes(to === MAILBOX ? id : ''),
      act: async () => {
        await onRecord(id, type);
        resolve();
        await Promise.all(processes.slice(1).map(({ ended }) => ended));
      },
    });
    world.atDot(async ({ to: [recipient = ''], raw }) => {
      const found = [...dots].find(([, { is }]) => is(recipient, raw));
      if (!found) return undefined;
      dots.delete(found[0]);
      await found[1].act();
      return 'take';
    });
  });
}

interface Clocks {
  readonly open: number;
  readonly without: readonly string[];
  readonly says: string | null;
}
const clocks = async (): Promise<Clocks> =>
  (await world.told('GET', '/v1/incidents', 'responder'))['clocks'] as unknown as Clocks;

test('board, incident, /readyz and figures say which open incidents have no clock, and the API stays ready', async () => {
  const serve = await world.start('serve');
  const lost = [filing, telling, quiet, unrecorded, altered].map(({ id }) => id);
  const shown = await clocks(); // `sleeping` has no view yet, and `over` owes nothing
  expect([shown.open, [...shown.without].sort()]).toEqual([5, [...lost].sort()]);
  expect(shown.says).toMatch(/^5 of 5 open incidents have no clock: /);
  const ready = await world.call('GET', '/readyz', 'responder');
  expect([ready.status, ready.json['ok'], ready.json['clocks']]).toEqual([200, true, { open: 5, without: 5 }]);
  expect((await world.told('GET', `/v1/incidents/${quiet.id}`, 'responder'))['withoutClock']).toBe(true);
  const figures = await (await fetch(`http://127.0.0.1:${serve.port}/metrics`)).text();
  expect(figures).toMatch(/^seventytwo_incidents_without_clock\{.*\} 5$/m);
  await serve.kill();
});

test('a command to one that cannot be started from its record is refused in words, with the way', async () => {
  const serve = await world.start('serve');
  const facts = { facts: { 'people.count': 3 } };
  const command = (id: string) => world.call('POST', `/v1/incidents/${id}/facts`, 'responder', facts);
  const [none, broken] = [await command(unrecorded.id), await command(altered.id)];
  expect([none.status, none.json['type'], broken.status, broken.json['type']]).toEqual([
    409,
    'urn:seventytwo:problem:no-clock',
    409,
    'urn:seventytwo:problem:record-broken',
  ]);
  for (const { json } of [none, broken]) expect(json['detail']).toMatch(/[Nn]o clock runs for .* seventytwo rebuild/);
  await serve.kill();
});

test('a dry run shows what would be started, names the record that does not verify, and changes nothing', async () => {
  const { out } = await world.command(['rebuild', '--dry-run']);
  const shown = await world.command(['rebuild', '--dry-run', '--json']); // and nothing has become of the first one
  expect(became(shown)).toEqual({
    [filing.id]: 'to-start',
    [telling.id]: 'to-start',
    [quiet.id]: 'to-start',
    [sleeping]: 'to-start',
    [unrecorded.id]: 'to-start',
    [over.id]: 'rests',
    [altered.id]: 'broken',
  });
  expect(shown.code).toBe('1');
  expect(out).toContain('Entry 2 was altered.');
  expect(out).toContain('Passed meanwhile: aware+24h.');
  expect(out).toContain('Notice 1 to ');
  expect(out).toMatch(/Mailing 1 to 30 people \(\w+\) goes on where its outcomes stand/);
  expect(out).toContain('7 incidents of the live side: 5 would be started, 0 ran already, 1 at rest, 1 NOT STARTED.');
});

test('killed in the middle and run again, it starts each incident once; run a third time, none', async () => {
  const cut = await world.command(['rebuild'], { killAt: 'gateway.resume.after#2' });
  expect(cut.code).toBe('SIGKILL');
  const second = await world.command(['rebuild', '--json']);
  const count = (ended: Ended, is: string): number => Object.values(became(ended)).filter((one) => one === is).length;
  expect([count(second, 'runs'), count(second, 'started')]).toEqual([2, 3]);
  const third = await world.command(['rebuild', '--json']);
  expect([count(third, 'runs'), count(third, 'started')]).toEqual([5, 0]);
  reports.push(second, third);
  expect(JSON.stringify(reports)).not.toMatch(/hospital\.example|Records copied/);
});

test('nothing is lost, nobody is told twice without a flag, and every clock goes on', async () => {
  processes = await startAll();
  const filed = await check(world, filing.id, 1);
  expect(filed).toMatchObject({ notices: 1, flaggedNotices: 1 });
  const told = await check(world, telling.id, 1);
  expect(told.people).toBeLessThanOrEqual(told.flaggedPeople);
  await onRecord(unrecorded.id, 'IncidentDeclared');
  for (const { id } of [unrecorded, quiet]) await check(world, id, 1);
  await checkSide(world);
  expect((await world.stores.intakes.kept()).map(({ declaration }) => declaration.incidentId)).toEqual([]);
  expect((await clocks()).without).toEqual([altered.id]); // nothing was started from a record that does not verify
});

test('a milestone that passed while nobody ran is reached as past, with its alarm; the next one comes at its own time', async () => {
  const { milestones } = await world.until(sleeping, (s) =>
    s.milestones.some((m) => m.id === 'aware+24h' && m.rounds > 0),
  );
  const missed = milestones.find((m) => m.id === 'aware+24h');
  expect(Date.parse(missed?.reachedAt ?? '')).toBeGreaterThan(Date.parse(missed?.dueAt ?? '') + 5 * HOUR_MS);
  await fastForward(world.client, `incident/${sleeping}`, 18.1);
  const rung = (
    await world.until(sleeping, (s) => s.milestones.some((m) => m.id === 'aware+48h' && m.reachedAt !== null))
  ).milestones.find((m) => m.id === 'aware+48h');
  await check(world, sleeping, 1, { awayMs: 30 * HOUR_MS });
  expect(Date.parse(rung?.reachedAt ?? '') - Date.parse(rung?.dueAt ?? '')).toBeLessThan(5_000);
});

test('without the engine or the database it refuses in words, and starts nothing', async () => {
  for (const [name, value, says] of [
    ['SEVENTYTWO_TEMPORAL_ADDRESS', '127.0.0.1:1', 'The workflow engine does not answer.'],
    ['SEVENTYTWO_MONGO_URL', 'mongodb://127.0.0.1:1/seventytwo-live', 'MongoDB does not answer'],
    ['SEVENTYTWO_TEMPORAL_NAMESPACE', 'another', 'has no namespace another'],
  ] as const) {
    const { code, err, out } = await world.command(['rebuild'], { env: { [name]: value } });
    expect([name, code, err.includes(says), out]).toEqual([name, name.endsWith('NAMESPACE') ? '1' : '3', true, '']);
  }
});
