import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { aDesk, aHome, aSummary, type Desk, ID, ME, seventytwo } from './desk.js';

/** What somebody reads while no clock runs, and the command that they copy from there. */

const SAYS = `1 of 2 open incidents has no clock: ${ID}. The workflow engine does not run it.`;
let home: ReturnType<typeof aHome>;
let desk: Desk;
let clocks: { open: number; without: string[]; says: string | null } | null;
let withoutClock: boolean | null;
beforeEach(async () => {
  home = aHome();
  clocks = { open: 2, without: [ID], says: SAYS };
  withoutClock = true;
  desk = await aDesk(({ path }) => {
    if (path === '/v1/me') return { status: 200, body: ME };
    if (path === '/v1/authorities') return { status: 200, body: { authorities: [] } };
    if (path === '/v1/incidents') return { status: 200, body: { incidents: [aSummary()], intakes: [], clocks } };
    if (path !== '/readyz') return { status: 200, body: { ...aSummary(), withoutClock } };
    const found = clocks && { open: clocks.open, without: clocks.without.length };
    return { status: 200, body: { ok: true, checks: [], alarms: [], clocks: found } };
  });
});
afterEach(async () => {
  await desk.stop();
  home.remove();
});
async function run(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { SEVENTYTWO_URL: desk.url, SEVENTYTWO_KEY: 'k' };
  const { code, out, err } = await seventytwo(words, { home: home.path, env });
  return { code, out: out.replaceAll(/\s+/g, ' '), err: err.replaceAll(/\s+/g, ' ') };
}

test('the board begins with who has no clock and the way out, and marks the row', async () => {
  expect((await run('status')).out).toMatch(
    new RegExp(`^${SAYS} .* seventytwo rebuild INCIDENT .* ${ID} confirmed NOT RUNNING, 71 h`),
  );
});

test('one incident begins with it too', async () => {
  expect((await run('status', ID)).out).toMatch(
    new RegExp(`^No clock runs for ${ID}: .* Nothing will be filed .* seventytwo rebuild ${ID} confirmed`),
  );
});

test('doctor asks for it, with the ids', async () => {
  const { code, out, err } = await run('doctor');
  expect([code, out]).toEqual([1, expect.stringContaining(`NO Clocks ${SAYS}`)]);
  expect(err).toContain('Next: seventytwo rebuild');
});

test('what nobody can say is not shown as well', async () => {
  clocks = null;
  withoutClock = null;
  for (const words of [['status'], ['status', ID]])
    expect((await run(...words)).out).toMatch(/^Whether clocks run is not known: .* seventytwo doctor /);
  expect((await run('doctor')).out).toContain('- Clocks not known');
});

test('where every clock runs, nothing is said of it but by doctor', async () => {
  clocks = { open: 1, without: [], says: null };
  withoutClock = false;
  for (const words of [['status'], ['status', ID]]) expect((await run(...words)).out).not.toMatch(/[Cc]locks? run/);
  expect((await run('doctor')).out).toContain('ok Clocks 1 open, each with its clock');
});

test('in the folder of a local stack rebuild takes its settings, and says to start it where nothing answers', async () => {
  const settings = (side: string): Record<string, string> => ({
    SEVENTYTWO_SIDE: side,
    SEVENTYTWO_MONGO_URL: `mongodb://127.0.0.1:1/seventytwo_${side}?serverSelectionTimeoutMS=200`,
    SEVENTYTWO_TEMPORAL_ADDRESS: '127.0.0.1:1',
    SEVENTYTWO_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    SEVENTYTWO_JOURNAL_DIR: join(home.path, 'journal'),
    [side === 'live' ? 'SEVENTYTWO_SMTP_URL' : 'SEVENTYTWO_EXERCISE_INBOX']: 'smtp://127.0.0.1:1',
  });
  mkdirSync(join(home.path, '.seventytwo'));
  const side = (name: string) => ({ url: desk.url, keys: {}, settings: settings(name) });
  writeFileSync(
    join(home.path, '.seventytwo', 'cli.json'),
    JSON.stringify({ live: side('live'), drill: side('drill') }),
  );
  for (const [words, name] of [
    [['rebuild'], 'live'],
    [['rebuild', '--drill'], 'drill'],
  ] as const) {
    const { code, err } = await run(...words);
    expect([code, err]).toEqual([3, expect.stringMatching(new RegExp(`local stack of this folder, ${name} side\\.`))]);
    expect(err).toMatch(/MongoDB does not answer.*seventytwo up/);
  }
});

test('the settings of a process go before those of a local stack', async () => {
  const { err } = await seventytwo(['rebuild'], { home: home.path, env: { SEVENTYTWO_SIDE: 'live' } });
  expect(err).toContain('SEVENTYTWO_MONGO_URL is missing');
});
