import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fastForward } from '../helpers/fast-forward.js';
import { type Body, build, startWorld, until, type World } from '../helpers/processes.js';
import { check } from './kills-check.js';
import { addressOf, aKey, furnish, prepareMailing, startMailing, take, takeUpTo } from './kills-play.js';

/**
 * An upgrade, played: incidents opened by an earlier build, each at another point of its life, go on under this one. The earlier build's
 * processes die by `kill -9`, so nothing was handed over in order. It needs the history of the repository, which a download of one
 * version has not: `npm run e2e:upgrade`, outside `npm test`. SEVENTYTWO_UPGRADE_FROM names another revision.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The last build before incidents were decided by policy 3. */
const FROM = process.env['SEVENTYTWO_UPGRADE_FROM'] ?? '8ff275757f29ce1b8702c668bd91ce01741c53bf';

let world: World;
const folders: string[] = [];

/** The program of an earlier revision, built from its own sources with the packages of today. */
async function earlierBuild(): Promise<string> {
  const sources = mkdtempSync(join(tmpdir(), 'seventytwo-earlier-'));
  folders.push(sources);
  const archive = execFileSync('git', ['archive', '--format=tar', FROM], { cwd: ROOT, maxBuffer: 512_000_000 });
  execFileSync('tar', ['-x', '-C', sources], { input: archive });
  symlinkSync(join(ROOT, 'node_modules'), join(sources, 'node_modules'));
  const program = await build(sources);
  folders.push(program);
  return program;
}

const LIFE = ['suspected', 'confirmed', 'decided', 'filed', 'releasing', 'mailing', 'withheld', 'closed'] as const;
const incidents = Object.fromEntries(LIFE.map((name) => [name, aKey()])) as Record<
  (typeof LIFE)[number],
  { id: string; key: string }
>;
const at = (name: (typeof LIFE)[number], path = ''): string => `/v1/incidents/${incidents[name].id}${path}`;
const post = (name: (typeof LIFE)[number], path: string, as: string, body: object): Promise<Body> =>
  world.told('POST', at(name, path), as, body);
const get = (name: (typeof LIFE)[number]): Promise<Body> => world.told('GET', at(name), 'dpo');
const states = (): Promise<unknown[]> =>
  Promise.all(
    LIFE.map((name) =>
      world.gateway.state(incidents[name].id).catch(() => world.stores.views.load(incidents[name].id)),
    ),
  );

const UNLIKELY = {
  level: 'UNLIKELY_RISK',
  reasons: 'The only copy came back unread, by a recipient bound to secrecy.',
};
let proposal = '';
let ready: { message: string; list: string };
let before: unknown[];

beforeAll(async () => {
  world = await startWorld({ built: true });
  const program = await earlierBuild();
  const earlier = [await world.start('serve', { program })];
  await furnish(world);
  earlier.push(await world.start('incident', { program }));

  await world.told('POST', '/v1/incidents', 'responder', { title: 'Odd traffic' }, incidents.suspected.key);
  await takeUpTo(world, 'facts', incidents.confirmed);
  await takeUpTo(world, 'approve', incidents.decided);
  await takeUpTo(world, 'end', incidents.filed);
  await takeUpTo(world, 'end', incidents.releasing);
  ready = await prepareMailing(world, incidents.releasing.id);
  await takeUpTo(world, 'end', incidents.mailing);
  await takeUpTo(world, 'decide', incidents.withheld);
  const waiting = await post('withheld', '/decision', 'dpo', UNLIKELY);
  proposal = String((((waiting['incident'] ?? waiting) as Body)['waiting'] as Body[])[0]?.['proposal']);
  await takeUpTo(world, 'decide', incidents.closed);
  const { proposal: own } =
    (((await post('closed', '/decision', 'dpo', UNLIKELY))['incident'] as Body)['waiting'] as Body[])[0] ?? {};
  await post('closed', '/decision', 'approver', { ...UNLIKELY, confirms: own });
  await post('closed', '/closure', 'dpo', { reason: 'nothing is owed' });

  // The earlier mail worker dies with a message at the dot.
  const midway = addressOf(incidents.mailing.id, 7);
  const mail = await world.start('mail', { program });
  earlier.push(mail);
  world.atDot(async ({ to }) => {
    if (to[0] !== midway) return undefined;
    world.atDot(async () => undefined);
    await mail.kill();
    return 'close-taken';
  });
  await startMailing(world, incidents.mailing.id, await prepareMailing(world, incidents.mailing.id));
  await mail.ended;

  await until(
    () => Promise.all(LIFE.map(async (name) => (await world.stores.ledger.head(incidents[name].id))?.seq ?? 0)),
    (seqs) => seqs.every((seq) => seq > 0),
    'a ledger for each',
  );
  await Promise.all(earlier.map((one) => one.kill()));

  for (const kind of ['serve', 'incident', 'mail'] as const) await world.start(kind);
  before = await states();
});
afterAll(async () => {
  await world.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test('each is where it was, and keeps the rules of its day', () => {
  expect(before.map((state) => (state as Body)['phase'])).toEqual([
    'suspected',
    'confirmed',
    'notifying',
    'notifying',
    'notifying',
    'notifying',
    'confirmed',
    'closed',
  ]);
  expect(new Set(before.map((state) => (state as Body)['policy']))).toEqual(new Set([2]));
});

test('a suspicion is confirmed, and its alarms come at their instants', async () => {
  await post('suspected', '/awareness', 'responder', {
    awareness: { awareAt: { at: new Date().toISOString(), source: 'SOC' } },
    reason: 'the copies were found',
  });
  await fastForward(world.client, `incident/${incidents.suspected.id}`, 25);
  const { milestones } = await world.gateway.state(incidents.suspected.id);
  expect(milestones.find(({ id }) => id === 'aware+24h')?.reachedAt).not.toBeNull();
  expect(milestones.find(({ id }) => id === 'aware+48h')?.reachedAt).toBeNull();
});

test('facts, a decision and an approval are taken, and the notice is delivered', async () => {
  for (const step of ['facts', 'decide', 'approve'] as const) await take(world, step, incidents.confirmed);
  await take(world, 'approve', incidents.decided);
  await check(world, incidents.confirmed.id, 4);
  await check(world, incidents.decided.id, 4);
});

test('a receipt is recorded for what the earlier build filed', async () => {
  const authority = Object.keys((await world.gateway.state(incidents.filed.id)).notices[0]?.deliveries ?? {})[0];
  await post('filed', `/notices/${authority}/1/receipt`, 'dpo', {
    reference: 'IN-26-11-1',
    receivedAt: new Date().toISOString(),
  });
  const { duties } = await world.gateway.state(incidents.filed.id);
  expect(duties.find(({ kind }) => kind === 'authority-notice')?.state).toBe('discharged');
  await check(world, incidents.filed.id, 4);
});

test('what was approved for people is sent, and what was half sent is finished, with the second copy flagged', async () => {
  await startMailing(world, incidents.releasing.id, ready);
  expect(await check(world, incidents.releasing.id, 4)).toMatchObject({ people: 0 });
  const found = await check(world, incidents.mailing.id, 4);
  expect(found).toMatchObject({ people: 1 });
  expect(found.flaggedPeople).toBeGreaterThanOrEqual(1);
});

test('the second person confirms what the first one proposed', async () => {
  await post('withheld', '/decision', 'approver', { ...UNLIKELY, confirms: proposal });
  expect((await get('withheld'))['level']).toMatchObject({ decided: 'UNLIKELY_RISK' });
  await check(world, incidents.withheld.id, 4);
});

test('a closed one opens again by a fact', async () => {
  await post('closed', '/facts', 'responder', { facts: { 'people.count': 4_000 } });
  expect(await get('closed')).toMatchObject({ phase: expect.stringMatching(/^(confirmed|notifying)$/) });
  await check(world, incidents.closed.id, 4);
});
