import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fold } from '../../domain/incident/evolve.js';
import { type Ended, type Process, startWorld, until, type World } from '../helpers/processes.js';
import {
  addressOf,
  aKey,
  furnish,
  MAILBOX,
  PEOPLE,
  prepareMailing,
  startMailing,
  take,
  takeUpTo,
} from './kills-play.js';
import { takeBackup } from './mongo-backup.js';

/** MongoDB is put back from an earlier time, behind the engine, while everything runs. */

const [filing, telling, ended, later] = [aKey(), aKey(), aKey(), aKey()];
const all = [filing, telling, ended, later].map(({ id }) => id);
let world: World;
let worker: Process | undefined;
const heads = new Map<string, { seq: number; hash: string } | null>();

interface Reported {
  readonly incidents: readonly {
    incident: string;
    is: string;
    hashes: string | null;
    mailings: { told: number; onRecord: number }[];
  }[];
}
const reportOf = ({ out }: Ended): Reported => JSON.parse(out) as Reported;
const became = (end: Ended): Record<string, string> =>
  Object.fromEntries(reportOf(end).incidents.map(({ incident, is }) => [incident, is]));

const onRecord = (id: string) =>
  until(
    async () => ({
      seq: (await world.gateway.state(id)).seq,
      head: (await world.stores.ledger.head(id))?.seq,
      view: (await world.stores.views.row(id))?.seq,
    }),
    ({ seq, head, view }) => seq === head && seq === view,
    `${id} on record`,
  );
const alarms = (id: string): number =>
  world.catcher
    .messages()
    .filter(({ raw }) => raw.includes(`<alarm.${id}.record.`) || raw.includes(`alarm.${id}.record`)).length;
const lines = (event: string): string[] => (worker?.lines ?? []).filter((line) => line.includes(`"${event}"`));

beforeAll(async () => {
  world = await startWorld();
  [, worker] = await Promise.all((['serve', 'incident', 'mail'] as const).map((kind) => world.start(kind)));
  await furnish(world);
  await Promise.all([takeUpTo(world, 'decide', filing), takeUpTo(world, 'approve', telling)]);
  await world.told('POST', '/v1/incidents', 'responder', { title: 'A strange log-in' }, ended.key);
  const ready = await prepareMailing(world, telling.id);
  for (const { id } of [filing, telling, ended]) await onRecord(id);
  const mark = (): Promise<number> =>
    world.stores.mongo.db
      .collection('marks')
      .findOne()
      .then((found) => Number(found?.['n'] ?? 0));
  const atBackup = await mark();
  const backup = await takeBackup(world.config.mongoUrl);

  await take(world, 'decide', filing);
  await take(world, 'approve', filing);
  await startMailing(world, telling.id, ready);
  await world.until(telling.id, (s) => s.mailings[0]?.state === 'completed');
  await world.until(filing.id, (s) => Object.values(s.notices[0]?.deliveries ?? {})[0]?.state === 'sent');
  await world.send(ended.id, {
    type: 'Withdraw',
    because: 'not_a_breach',
    duplicateOf: null,
    reason: 'a false alarm',
    confirms: null,
  });
  await takeUpTo(world, 'decide', later);
  for (const id of all) {
    await onRecord(id);
    heads.set(id, await world.stores.ledger.head(id));
  }
  await world.client.workflow.getHandle(`incident/${ended.id}`).result();
  await until(mark, (n) => n > atBackup, 'the mark of the database moved on');
  await backup.restore();
  world.stores.keys.forget();
});
afterAll(() => world.stop());

test('it is noticed though nothing happens: people are woken for each running incident that it concerns, and the log says so', async () => {
  for (const id of [filing.id, telling.id, later.id]) {
    const state = await world.until(id, (s) => s.recordGap != null, 'the gap noticed');
    expect(state.recordGap).toMatchObject({
      why: 'missing',
      from: ((await world.stores.ledger.head(id))?.seq ?? 0) + 1,
    });
    await until(
      async () => alarms(id),
      (count) => count > 0,
      `an alarm of ${id}`,
    );
  }
  expect(lines('mongo.set_back').length).toBeGreaterThan(0);
  expect(lines('ledger.gap').length).toBeGreaterThanOrEqual(3);
});

test('commands go on and are kept; an incident that has ended is not begun again from the older record', async () => {
  await world.told('POST', `/v1/incidents/${filing.id}/facts`, 'responder', {
    facts: { 'breach.cause': 'INTERNAL_MALICIOUS' },
  });
  const refused = await world.call('POST', `/v1/incidents/${ended.id}/reopening`, 'dpo', {
    reason: 'it was one',
  });
  expect([refused.status, JSON.stringify(refused.json)]).toEqual([409, expect.stringContaining('record-behind')]);
});

test('what the engine holds is put back: a dry run first, then to the byte, then nothing is left to do', async () => {
  const shown = await world.command(['rebuild', '--ledger', '--dry-run', '--json']);
  const is = (what: string): Record<string, string> => Object.fromEntries(all.map((id) => [id, what]));
  expect(became(shown)).toEqual(is('to-repair'));
  const { code, out } = await world.command(['rebuild', '--ledger', '--json']);
  expect([code, became({ code, out, err: '' })]).toEqual(['0', is('repaired')]);
  const reported = new Map(reportOf({ code, out, err: '' }).incidents.map((each) => [each.incident, each]));
  for (const id of [filing.id, telling.id, ended.id]) {
    expect(reported.get(id)?.hashes).toBe('same');
    expect(await world.stores.ledger.verifyChain(id, heads.get(id) ?? undefined)).toMatchObject({ ok: true });
  }
  expect(reported.get(later.id)?.hashes).toBe('other'); // its key was made after the backup
  expect(reported.get(telling.id)?.mailings).toEqual([{ mailing: 1, told: PEOPLE, onRecord: 0 }]);
});

test('the record goes on by itself where it was put back, and tells of the gap; nothing was sent twice', async () => {
  for (const id of [filing.id, telling.id, later.id]) {
    await world.until(id, (s) => s.recordGap === null, 'the gap closed');
    await onRecord(id);
    const events = await world.ledger(id);
    expect(await world.stores.ledger.verifyChain(id)).toMatchObject({ ok: true, entries: events.length });
    expect(fold(events)).toEqual(await world.gateway.state(id));
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['RecordGapFound', 'RecordGapClosed']));
  }
  const sent = world.catcher.messages();
  expect(sent.filter(({ to, raw }) => to[0] === MAILBOX && raw.includes(filing.id))).toHaveLength(1);
  for (let n = 1; n <= PEOPLE; n++) expect(sent.filter(({ to }) => to[0] === addressOf(telling.id, n))).toHaveLength(1);
  const again = await world.command(['rebuild', '--ledger']);
  expect([again.code, again.out]).toEqual([
    '0',
    expect.stringContaining('4 incidents of the live side in the engine: 0 put back, 4 whole, 0 NOT PUT BACK.'),
  ]);
});
