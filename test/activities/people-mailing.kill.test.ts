import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openJournal } from '../../adapters/mail/journal.js';
import { connectMongo } from '../../adapters/mongo/connect.js';
import { createOutcomes } from '../../adapters/mongo/outcomes.js';
import type { DataAnswer } from '../../stack/catcher.js';
import { startCatcher, startMongo } from '../../stack/engines.js';

const PEOPLE = 600; // two ranges
const CHILD = new URL('../fakes/mailing-child.ts', import.meta.url).pathname;

/** The worker is killed when this message (counted over all attempts) has come in; what the relay then does with it. */
const KILLS: ReadonlyMap<number, DataAnswer> = new Map([
  [1, 'close-taken'], // the very first
  [2, 'close-untaken'], // the same person again: it really was lost, the flag is all there is
  [26, 'close-taken'], // right after the first record of 25
  [40, 'take'], // the answer was on its way
  [41, 'close-taken'],
  [333, 'close-untaken'],
  [505, 'close-taken'], // in the second range
  [590, 'take'],
]);

test('kill -9 of the mail worker, eight times: nobody is lost, at most one second copy per kill, each of them flagged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kill-'));
  const journalFolder = join(folder, 'journal');
  let worker: ChildProcess | undefined;
  let arrived = 0;
  const copies = new Map<number, number>();
  const catcher = await startCatcher({
    onData: async ({ to }) => {
      const answer = KILLS.get(++arrived) ?? 'take';
      if (answer !== 'close-untaken') {
        const n = Number(/^p(\d+)@/.exec(to[0] ?? '')?.[1]);
        copies.set(n, (copies.get(n) ?? 0) + 1);
      }
      if (KILLS.has(arrived)) {
        worker?.kill('SIGKILL');
        if (worker) await once(worker, 'exit');
      }
      return answer;
    },
  });
  const mongoServer = await startMongo({ dataDir: join(folder, 'mongo') });
  const mongoUrl = new URL(mongoServer.url);
  mongoUrl.pathname = '/kill';
  try {
    const ends: (number | null)[] = [];
    while (ends.at(-1) !== 0 && ends.length <= KILLS.size) {
      worker = spawn(
        process.execPath,
        ['--import', 'tsx', CHILD, mongoUrl.href, catcher.url, journalFolder, String(PEOPLE)],
        { stdio: 'inherit' },
      );
      const [code] = (await once(worker, 'exit')) as [number | null];
      ends.push(code);
    }
    expect(ends).toEqual([...Array(KILLS.size).fill(null), 0]);

    const mongo = connectMongo(mongoUrl.href);
    const outcomes = createOutcomes({ db: mongo.db });
    const states = [
      ...(await outcomes.claim('BR-7K3M-9QXD/1', 0, 500)).states,
      ...(await outcomes.claim('BR-7K3M-9QXD/1', 1, 100)).states,
    ];
    await mongo.close();
    const told = states.map((_, i) => i + 1).filter((n) => (copies.get(n) ?? 0) > 0);
    const twice = states.map((_, i) => i + 1).filter((n) => (copies.get(n) ?? 0) > 1);
    const flagged = states.flatMap((state, i) => (state === 'resent' ? [i + 1] : []));

    expect(told).toHaveLength(PEOPLE); // nobody lost
    expect(new Set(states)).toEqual(new Set(['accepted', 'resent']));
    expect(twice.length).toBeGreaterThan(0); // the kills did hit
    expect(flagged.length).toBeLessThanOrEqual(KILLS.size);
    expect(flagged).toEqual(expect.arrayContaining(twice)); // each possible second copy is on record
    expect([...copies.values()].reduce((all, n) => all + n, 0)).toBeLessThanOrEqual(PEOPLE + KILLS.size);
    expect(readFileSync(join(journalFolder, 'mail.journal'), 'utf8')).not.toContain('@');
  } finally {
    worker?.kill('SIGKILL');
    await mongoServer.stop();
    await catcher.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a journal is one worker's own: another process is refused while that one lives, and takes over when it was killed", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  const journal = new URL('../../adapters/mail/journal.ts', import.meta.url).href;
  const holder = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `
    const { openJournal } = await import(${JSON.stringify(journal)});
    openJournal({ folder: ${JSON.stringify(folder)} }).handed('notice/BR-7K3M-9QXD/1/ex-authority');
    process.stdout.write('open');
    setInterval(() => {}, 1_000);
  `,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(holder.stdout, 'data');
  expect(() => openJournal({ folder })).toThrow(`in use by process ${holder.pid}`);

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const heir = openJournal({ folder });
  expect(heir.state('notice/BR-7K3M-9QXD/1/ex-authority')).toBe('handed');
  heir.close();
  rmSync(folder, { recursive: true, force: true });
});
