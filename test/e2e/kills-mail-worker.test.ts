import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FLUSH_AFTER } from '../../activities/people-mailing.js';
import { died, type Process, startWorld, type World } from '../helpers/processes.js';
import { check, type Copies } from './kills-check.js';
import { addressOf, aKey, furnish, prepareMailing, startMailing, takeUpTo } from './kills-play.js';

/**
 * `kill -9` of the mail worker before and after each durable step, and of the incident worker where it starts a mailing and hears of its
 * end. One mailing for each point; what a dead worker leaves is taken up by the next one, while it runs towards its own end.
 */

interface Point {
  /** See adapters/kill-point.ts; `dot`: the relay has the whole message to this recipient, has not answered, and then keeps it or not. */
  readonly at: `${string}.${'before' | 'after'}` | `dot, close-${'untaken' | 'taken'}`;
  /** The how manieth time; for a dot, the recipient. */
  readonly nth: number;
  readonly of?: 'incident';
  readonly why: string;
  /** A second copy is bound to come of it. */
  readonly twice?: true;
  /** So many besides are flagged although they got one copy: as if the journal were gone. */
  readonly needless?: number;
}
const POINTS: readonly Point[] = [
  { at: 'incident.startMailing.before', nth: 1, of: 'incident', why: 'on record as started, and no workflow for it' },
  { at: 'incident.startMailing.after', nth: 1, of: 'incident', why: 'its workflow runs, the incident does not know' },
  { at: 'mail.checkMailing.after', nth: 1, why: 'nothing is claimed' },
  { at: 'outcomes.claim.after', nth: 1, why: 'claimed, and not in the journal', needless: FLUSH_AFTER },
  { at: 'journal.handed.before', nth: 9, why: 'before H: a message waits for its dot' },
  { at: 'journal.handed.after', nth: 9, why: 'after H, and the dot has not left' },
  { at: 'dot, close-untaken', nth: 8, why: 'the dot has left and the relay lost the message' },
  { at: 'dot, close-taken', nth: 8, why: 'the dot has left and the relay has the message', twice: true },
  { at: 'journal.answered.before', nth: 12, why: '250 came and A is not written', twice: true },
  { at: 'journal.answered.after', nth: 12, why: 'A is written and not on record' },
  { at: 'outcomes.record.before', nth: 1, why: '25 answers in the journal, none on record' },
  { at: 'outcomes.record.after', nth: 1, why: 'on record, and five more to go' },
  { at: 'outcomes.record.after', nth: 2, why: 'everybody is on record' },
  { at: 'mail.sendRange.after', nth: 1, why: 'everybody is told and the workflow does not know' },
  { at: 'mail.mailingDigest.after', nth: 1, why: 'everything adds up and nobody was told' },
];
const mailings = POINTS.map((point, row) => ({ ...point, ...aKey(), row }));
type Mailing = (typeof mailings)[number];
const nameOf = ({ at, nth }: Point): string => `${at} #${nth}`;

let world: World;
const ends: string[] = [];

async function doomed({ at, nth, id, of }: Mailing): Promise<Process> {
  const kind = of ?? 'mail';
  if (!at.startsWith('dot')) return world.start(kind, { killAt: `${at}:${id}#${nth}` });
  const worker = await world.start(kind);
  let over = false;
  world.atDot(async ({ to }) => {
    if (over || to[0] !== addressOf(id, nth)) return undefined;
    over = true;
    await worker.kill();
    return at === 'dot, close-taken' ? 'close-taken' : 'close-untaken';
  });
  return worker;
}

beforeAll(async () => {
  world = await startWorld();
  await world.start('serve');
  await furnish(world);
  let incidentWorker = await world.start('incident');
  const ready = new Map(
    await Promise.all(
      mailings.map(async (mailing) => {
        await takeUpTo(world, 'approve', mailing);
        return [mailing.id, await prepareMailing(world, mailing.id)] as const;
      }),
    ),
  );

  const answers: Promise<unknown>[] = [];
  for (const mailing of mailings) {
    if (mailing.of === 'incident') await incidentWorker.stop();
    const worker = await doomed(mailing);
    const prepared = ready.get(mailing.id);
    if (prepared) answers.push(startMailing(world, mailing.id, prepared));
    ends.push(`${nameOf(mailing)}: ${await died(worker)}`);
    if (mailing.of === 'incident') incidentWorker = await world.start('incident');
  }
  await world.start('mail');
  await Promise.all(answers);
});
afterAll(() => world.stop());

test('the worker died at every point', () => {
  expect(ends).toEqual(POINTS.map((point) => `${nameOf(point)}: SIGKILL`));
});

const copies: Copies[] = [];
for (const { why, twice, needless = 0, row, ...mailing } of mailings) {
  test(`killed at ${nameOf({ why, ...mailing })} (${why}): everybody is told, a possible second copy is flagged, the totals add up`, async () => {
    const kills = POINTS.length - row; // its own, and those that came after it
    const found = await check(world, mailing.id, kills);
    copies.push(found);
    expect(found.people).toBeGreaterThanOrEqual(twice ? 1 : 0);
    expect(found.flaggedPeople).toBeLessThanOrEqual(kills + needless);
  });
}

test('over all mailings there are no more second copies than kills, and each is flagged', () => {
  const sum = (pick: (one: Copies) => number): number => copies.reduce((all, one) => all + pick(one), 0);
  expect(copies).toHaveLength(POINTS.length);
  expect(sum((one) => one.people)).toBeLessThanOrEqual(sum((one) => one.flaggedPeople));
  expect(sum((one) => one.people)).toBeLessThanOrEqual(POINTS.length);
});
