import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { aDesk, aHome, aSummary, type Desk, ID, ME, seventytwo } from './desk.js';

const SHA = 'a'.repeat(64);
const version = { sha256: SHA, at: '2026-11-22T01:50:00.000Z', by: 'st_approver', content: {} };
const phase = {
  phase: 1,
  draft: { ...version, basedOn: 3 },
  approved: { ...version, hold: false },
  deliveries: [],
  warnings: [],
};

let home: ReturnType<typeof aHome>;
let desk: Desk;
beforeEach(async () => {
  home = aHome();
  desk = await aDesk(({ path }) => ({
    status: 200,
    body: path === '/v1/me' ? ME : path.endsWith('/notices/1') ? phase : aSummary(),
  }));
});
afterEach(async () => {
  await desk.stop();
  home.remove();
});

const approve = (sha256: string) =>
  seventytwo(['notice', ID, 'approve', '--phase', '1', '--sha256', sha256], {
    home: home.path,
    env: { SEVENTYTWO_URL: desk.url, SEVENTYTWO_KEY: 'a-personal-key' },
  });

test('approving once more what is approved is no fault: it says by whom and when, sends nothing and ends with 0', async () => {
  const { code, out } = await approve(SHA);
  expect(code).toBe(0);
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'was approved already, by st_approver, Sun 22 Nov 2026 02:50 CET (+01:00) = 2026-11-22 01:50 UTC. Nothing to do.',
  );
  expect(desk.commands()).toEqual([]);
});

test('another version than the approved one is sent, and the server answers for it', async () => {
  await approve('b'.repeat(64));
  expect(desk.commands()).toHaveLength(1);
});
