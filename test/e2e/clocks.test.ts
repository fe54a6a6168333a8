import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HOUR_MS, plusHours } from '../../domain/clock/instant.js';
import { fastForward } from '../helpers/fast-forward.js';
import { type Process, startWorld, type World } from '../helpers/processes.js';
import { check } from './kills-check.js';
import { aDeclaration, aKey, furnish, MAILBOX, take, takeUpTo } from './kills-play.js';

/** Processes whose clock is two hours off, either way, against an engine whose clock is right. Only the difference counts: the engine's being off is the same. */

const MINUTE_MS = 60_000;
let world: World;
let processes: Process[] = [];
const begunAt = Date.now();
async function startAll(aheadHours: number): Promise<void> {
  await Promise.all(processes.map((one) => one.stop()));
  processes = [];
  for (const kind of ['serve', 'incident'] as const) processes.push(await world.start(kind, { aheadHours }));
}
const incidents = { '2': aKey(), '-2': aKey() } as const;
beforeAll(async () => {
  world = await startWorld();
  await startAll(0);
  await furnish(world);
  await Promise.all(Object.values(incidents).map((incident) => takeUpTo(world, 'approve', incident)));
});
afterAll(() => world.stop());

const near = (instant: string | undefined, ms: number): boolean => Math.abs(Date.parse(instant ?? '') - ms) < MINUTE_MS;
/** While this file ran, by a clock that is right; however slow the machine, two hours off is outside. */
const lately = (instant: string | undefined): boolean =>
  Date.parse(instant ?? '') > begunAt - MINUTE_MS && Date.parse(instant ?? '') < Date.now() + MINUTE_MS;

/** Filed by a worker whose clock is wrong. Every instant is the engine's all the same. */
async function keepsTheEnginesTime(incident: { id: string; key: string }): Promise<void> {
  const { id } = incident;
  await take(world, 'approve', incident);
  await check(world, id, 0);
  for (const { at } of await world.ledger(id)) expect([at, lately(at)]).toEqual([at, true]);
  const notice = world.catcher.messages().find(({ to, raw }) => to.includes(MAILBOX) && raw.includes(id));
  const date = /^Date: (.*)\r$/m.exec(notice?.raw.toString('latin1') ?? '')?.[1];
  expect([date, lately(date)]).toEqual([date, true]);

  const rung = async () => (await world.gateway.state(id)).milestones.find((each) => each.id === 'aware+24h');
  const dueAt = (await rung())?.dueAt ?? '';
  await fastForward(world.client, `incident/${id}`, (Date.parse(dueAt) - Date.now()) / HOUR_MS - 0.05);
  expect((await rung())?.reachedAt).toBeNull();
  await fastForward(world.client, `incident/${id}`, 0.1);
  expect(near((await rung())?.reachedAt ?? '', Date.parse(dueAt))).toBe(true);
}

test('processes 2 h fast: milestones, record and notice keep the engine’s time', async () => {
  await startAll(2);
  await keepsTheEnginesTime(incidents['2']);
});

test('declared through a clock that is 2 h fast: no time is given away, and both values are on record', async () => {
  const { id, key } = aKey();
  const awareAt = plusHours(new Date().toISOString(), 2);
  const body = { ...aDeclaration(), awareness: { awareAt: { at: awareAt, source: 'SOC' } } };
  await world.told('POST', '/v1/incidents', 'responder', body, key);
  const state = await world.gateway.state(id);
  expect(lately(state.awareness.awareAt?.at)).toBe(true);
  expect(state.awarenessHistory).toMatchObject([{ key: 'awareAt', finding: { at: awareAt } }]);
  const due = state.duties.find(({ kind }) => kind === 'authority-notice')?.dueAt;
  expect(due).toBe(plusHours(state.awareness.awareAt?.at ?? '', 72));
  await check(world, id, 0);
});

test('processes 2 h slow: milestones, record and notice keep the engine’s time', async () => {
  await startAll(-2);
  await keepsTheEnginesTime(incidents['-2']);
});

test('through a clock that is 2 h slow an honest awareness is refused with both instants, and without it the declaration is taken', async () => {
  const { id, key } = aKey();
  const refused = await world.call('POST', '/v1/incidents', 'responder', aDeclaration(), key);
  expect([refused.status, refused.json['type']]).toEqual([422, 'urn:seventytwo:problem:instant-in-future']);
  expect(String(refused.json['detail'])).toContain('declare without it');
  await world.told('POST', '/v1/incidents', 'responder', { title: 'Records copied' }, key);
  expect((await world.gateway.state(id)).phase).toBe('suspected');
  await check(world, id, 0);
});

test('each process whose clock is wrong has said so', () => {
  const said = processes.filter(({ lines }) => lines.some((line) => line.includes('"clock.differs"')));
  expect(said.map(({ kind }) => kind)).toEqual(['serve']);
});
