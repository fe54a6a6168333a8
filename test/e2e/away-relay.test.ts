import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { RFC_TIMEOUTS } from '../../adapters/mail/session.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import type { IncidentState } from '../../domain/incident/state.js';
import { anOrganisation } from '../build.js';
import { type Door, startDoor } from '../fakes/door.js';
import { fastForward } from '../helpers/fast-forward.js';
import { startWorld, until, type World } from '../helpers/processes.js';
import { check, checkSide } from './kills-check.js';
import { aKey, AUTHORITY, furnish, prepareMailing, startMailing, take, takeUpTo } from './kills-play.js';
import { type Pager, startPager } from './pager.js';

/** Relays that are gone, that hang, and that are both away: two doors to one inbox, and a pager. */

/** Against hanging only: fast-forward passes a quarter of an hour of tries, each of which renders the notice. */
jest.setTimeout(900_000);

let world: World;
let first: Door;
let second: Door;
let pager: Pager;
beforeAll(async () => {
  world = await startWorld({ built: true });
  const inbox = Number(new URL(world.catcher.url).port);
  [first, second, pager] = await Promise.all([startDoor(inbox), startDoor(inbox), startPager()]);
  const env = {
    SEVENTYTWO_SMTP_URL: `smtp://127.0.0.1:${first.port}`,
    SEVENTYTWO_SMTP_FALLBACK_URL: `smtp://127.0.0.1:${second.port}`,
    ...pager.env,
  };
  await Promise.all((['serve', 'incident', 'mail'] as const).map((kind) => world.start(kind, { env })));
  await furnish(world);
  const playbook = { ...DEFAULT_PLAYBOOK, repeatAfterMinutes: 5, thenEveryMinutes: 5 };
  await world.told('PUT', '/v1/organisation', 'admin', {
    organisation: anOrganisation({ authorities: [AUTHORITY] }),
    playbook,
  });
});
afterEach(() => {
  first.open();
  second.open();
});
afterAll(async () => {
  await world.stop();
  await Promise.all([first.stop(), second.stop(), pager.stop()]);
});

/** No process dies here; on a busy machine one may get no turn for ten seconds, which looks the same. */
const STARVED = 1;
const stateOf = (id: string) => world.gateway.state(id).catch(() => null); // a busy engine answers at the next try
const sent = (s: IncidentState | null): boolean => s?.notices[0]?.deliveries[AUTHORITY]?.state === 'sent';
const channelsOf = async (id: string): Promise<string[]> =>
  (await world.ledger(id)).flatMap((e) =>
    e.type === 'EscalationSent' ? e.data.outcomes.filter((o) => o.ok).map((o) => o.channel) : [],
  );

test('the first relay is gone: notice, alarms and a mailing go by the second one, once each', async () => {
  const incident = aKey();
  first.shut('gone');
  await takeUpTo(world, 'approve', incident);
  const ready = await prepareMailing(world, incident.id);
  await startMailing(world, incident.id, ready);
  await take(world, 'approve', incident);
  await until(() => stateOf(incident.id), sent, 'the notice with the authority');
  expect(await check(world, incident.id, STARVED)).toMatchObject({ notices: 0, people: 0 });
  const channels = await channelsOf(incident.id);
  expect([channels.includes('fallback-email'), channels.includes('email')]).toEqual([true, false]);
});

test('the first relay takes connections and says nothing: notice and alarms go by the second one after half a minute, not after five, once each', async () => {
  const incident = aKey();
  await takeUpTo(world, 'approve', incident);
  first.shut('silent');
  const knocks = second.knocks();
  const approvedAt = Date.now();
  await take(world, 'approve', incident);
  const state = await until(() => stateOf(incident.id), sent, 'the notice with the authority');
  const waitedMs = Date.parse(state?.notices[0]?.deliveries[AUTHORITY]?.submittedAt ?? '') - approvedAt;
  expect(second.knocks()).toBeGreaterThan(knocks);
  first.open(); // what hung goes on, and must not bring a second copy
  expect(await check(world, incident.id, STARVED)).toMatchObject({ notices: 0 });
  expect(waitedMs).toBeLessThan(RFC_TIMEOUTS.commandMs / 2);
});

test('no relay takes anything: the pager rings, the notice waits and says so, alarms go on, and the first relay that is back gets it once', async () => {
  const incident = aKey();
  await takeUpTo(world, 'approve', incident);
  first.shut('gone');
  second.shut('gone');
  await take(world, 'approve', incident);
  await fastForward(world.client, `incident/${incident.id}`, 0.26);
  const waiting = await until(
    () => stateOf(incident.id),
    (s) => s !== null && s.milestones.some(({ id, rounds }) => id === `stalled/${AUTHORITY}/1` && rounds > 0),
    'people woken because the notice waits',
  );
  expect(sent(waiting)).toBe(false);
  const page = await pager.page(incident.id, `stalled/${AUTHORITY}/1`);
  expect(page.genuine).toBe(true);
  // The alarm that the breach itself is goes on meanwhile, round by round.
  expect(Math.max(...pager.pages(incident.id).map(({ round }) => round))).toBeGreaterThan(1);

  second.open();
  await until(() => stateOf(incident.id), sent, 'the notice with the authority');
  expect(await check(world, incident.id, STARVED)).toMatchObject({ notices: 0 });
  await checkSide(world);
});
