import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FLUSH_AFTER } from '../../activities/people-mailing.js';
import { type Process, startWorld, until, type World } from '../helpers/processes.js';
import { check, checkSide } from './kills-check.js';
import { addressOf, aKey, furnish, MAILBOX, prepareMailing, startMailing, take, takeUpTo } from './kills-play.js';

/**
 * A worker dies (`kill -9`) or hangs (SIGSTOP) with a message at the relay, and another one, as on another machine with a journal of its
 * own, takes over. The one that hung comes back when the other is done. That there is none at all is test/e2e/watchdog.test.ts.
 */

let world: World;
let workers: Process[] = [];
let machines = 0;
async function startWorker(kind: 'incident' | 'mail'): Promise<Process> {
  const journal = join(world.folder, `machine-${++machines}`);
  mkdirSync(journal);
  const worker = await world.start(kind, { env: { SEVENTYTWO_JOURNAL_DIR: journal } });
  workers.push(worker);
  return worker;
}
beforeAll(async () => {
  world = await startWorld({ built: true });
  await world.start('serve');
  await startWorker('incident');
  await furnish(world);
});
afterAll(() => world.stop());

/** At this message, whole at the relay and kept by it: another worker starts, then `away` happens to the first. Resolves then. */
const atDot = (is: (to: string, raw: Buffer) => boolean, kind: 'incident' | 'mail', away: () => Promise<void> | void) =>
  new Promise<void>((resolve) => {
    let over = false;
    world.atDot(async ({ to: [to = ''], raw }) => {
      if (over || !is(to, raw)) return undefined;
      over = true;
      await startWorker(kind);
      await away();
      resolve();
      return 'take';
    });
  });
const takeOver = (first: Process | undefined, how: 'killed' | 'frozen') => () =>
  how === 'killed' ? first?.kill() : first?.freeze();
const others = (first: Process | undefined): Process[] => workers.filter((each) => each !== first);

for (const how of ['killed', 'frozen'] as const)
  test(`an incident worker ${how} with a notice at the relay: another one takes over, the second copy is flagged, and commands and alarms go on`, async () => {
    const [filing, next] = [aKey(), aKey()];
    await takeUpTo(world, 'approve', filing);
    const [first] = workers;
    const gone = atDot((to, raw) => to === MAILBOX && raw.includes(filing.id), 'incident', takeOver(first, how));
    const approving = take(world, 'approve', filing);
    await gone;
    await take(world, 'declare', next);
    await approving;
    expect(await check(world, next.id, 1)).toMatchObject({ notices: 0 });
    const copies = await check(world, filing.id, 1);
    expect(copies).toMatchObject({ notices: 1, flaggedNotices: 1 });
    first?.thaw();
    await takeUpTo(world, 'decide', { ...next });
    expect(await check(world, filing.id, 1)).toEqual(copies); // it brings nothing more
    workers = others(first);
    await first?.kill();
  });

for (const how of ['killed', 'frozen'] as const)
  test(`a mail worker ${how} in a mailing: another one takes over, everybody is told, and each possible second copy is flagged`, async () => {
    const telling = aKey();
    await takeUpTo(world, 'approve', telling);
    const ready = await prepareMailing(world, telling.id);
    const first = await startWorker('mail');
    const eighth = addressOf(telling.id, 8);
    const gone = atDot((to) => to === eighth, 'mail', takeOver(first, how));
    await startMailing(world, telling.id, ready);
    await gone;
    await world.until(telling.id, (s) => s.mailings[0]?.state === 'completed', 'the mailing done by the other one');
    first.thaw();
    if (how === 'frozen')
      await until(
        async () => first.lines.filter((line) => line.includes('LeaseLost')).length,
        (lines) => lines > 0,
        'the first one back, which finds that the range is not its own any more',
      );
    const copies = await check(world, telling.id, 1);
    expect(copies.people).toBeGreaterThanOrEqual(1);
    expect(copies.flaggedPeople).toBeLessThanOrEqual(FLUSH_AFTER);
    for (const worker of workers.splice(1)) await worker.kill();
    await checkSide(world);
  });
