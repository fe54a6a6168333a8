import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { aDesk, aHome, type Desk, ME, type Reply, type Seen, seventytwo } from './desk.js';

const GIVEN = {
  id: 'organisation/12',
  authorities: ['bg-kzld'],
  hoursBeforeDeadline: 4,
  until: '2027-06-30T10:00:00.000Z',
  grantedAt: '2026-11-22T02:00:00.000Z',
  grantedBy: 'st_approver',
  state: 'in_force',
};
let home: ReturnType<typeof aHome>;
let desk: Desk;
let given: object | null;

const reply = (seen: Seen): Reply => {
  if (seen.path === '/v1/me') return { status: 200, body: ME };
  const carried = seen.method === 'POST' ? { incidents: { open: 3, reached: 2 } } : {};
  return { status: 200, body: { authorisation: given, ...carried } };
};
beforeEach(async () => {
  given = GIVEN;
  home = aHome();
  desk = await aDesk(reply);
});
afterEach(async () => {
  await desk.stop();
  home.remove();
});
const run = (...words: string[]) =>
  seventytwo(['organisation', ...words], {
    home: home.path,
    env: { SEVENTYTWO_URL: desk.url, SEVENTYTWO_KEY: 'a-personal-key' },
  });

test('authorise sends the authorities, the hours and the instant, and says who has heard of it', async () => {
  const { code, out, err } = await run(
    'authorise',
    '--authorities',
    'BG-KZLD, hr-azop',
    '--hours',
    '4',
    '--until',
    '2027-06-30 12:00',
  );
  expect([code, desk.commands()[0]?.path]).toEqual([0, '/v1/organisation/authorisation']);
  expect(desk.commands()[0]?.body).toEqual({
    authorities: ['bg-kzld', 'hr-azop'],
    hoursBeforeDeadline: 4,
    until: '2027-06-30T10:00:00.000Z',
  });
  expect(err).toContain('2027-06-30 10:00 UTC');
  expect(out.replaceAll(/\s+/g, ' ')).toContain('filed by itself 4 hours before the deadline');
  expect(out.replaceAll(/\s+/g, ' ')).toContain('2 of 3 open incidents have heard of it so far');
  expect(out).toContain('seventytwo authorities show bg-kzld');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('authorise says what is missing, with an example, and asks nobody', async () => {
  const { code, err } = await run('authorise', '--authorities', 'bg-kzld');
  expect(code).toBe(2);
  expect(err).toContain('--hours');
  expect(err).toContain('--until');
  expect(desk.commands()).toHaveLength(0);
});

test('revoke needs a reason, and ends it', async () => {
  expect((await run('revoke')).code).toBe(2);
  given = null;
  const { code, out } = await run('revoke', '--reason', 'on call again');
  expect([code, desk.commands()[0]?.body]).toEqual([0, { reason: 'on call again' }]);
  expect(out).toContain('Nothing is filed without an approval.');
});

test('authorisation shows what holds, or that nothing does and how to allow it', async () => {
  expect((await run('authorisation')).out).toContain('organisation/12');
  given = { ...GIVEN, state: 'grantor_left' };
  expect((await run('authorisation')).out).toContain('no approver any more');
  given = null;
  expect((await run('authorisation')).out).toContain('seventytwo organisation authorise');
});
