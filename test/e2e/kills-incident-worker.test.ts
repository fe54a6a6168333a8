import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { died, type Process, startWorld, type World } from '../helpers/processes.js';
import { check, type Copies } from './kills-check.js';
import { aKey, furnish, MAILBOX, STEPS, type Step, take, takeUpTo } from './kills-play.js';

/**
 * `kill -9` of the incident worker before and after each durable step. One incident for each point: it is brought to the step before,
 * then a worker is started that dies exactly there. The next worker takes up what the dead ones left, while it runs towards its own end.
 */

interface Point {
  /** See adapters/kill-point.ts; `dot`: the relay has the whole message, has not answered, and then keeps it or not. */
  readonly at: `${string}.${'before' | 'after'}` | `dot, close-${'untaken' | 'taken'}`;
  readonly step: Step;
  readonly why: string;
  /** A second copy is bound to come of it. */
  readonly twice?: true;
}
const TRIAGE = 'incident.triage.after'; // its input names no incident, so it comes first, while nothing else is under way
const POINTS: readonly Point[] = [
  { at: TRIAGE, step: 'facts', why: 'a proposal that nobody took down' },
  { at: 'incident.escalate.before', step: 'declare', why: 'nobody has been woken' },
  { at: 'incident.escalate.after', step: 'declare', why: 'everybody has been woken and nothing says so' },
  { at: 'incident.draftNotice.after', step: 'decide', why: 'a draft that nobody took down' },
  { at: 'ledger.append.before', step: 'approve', why: 'accepted, and not on record' },
  { at: 'ledger.append.after', step: 'approve', why: 'on record, and the view behind' },
  { at: 'views.forward.after', step: 'approve', why: 'view written, register behind' },
  { at: 'incident.appendLedger.after', step: 'approve', why: 'all written and the workflow not told' },
  { at: 'incident.sendAuthorityNotice.before', step: 'approve', why: 'nothing rendered' },
  { at: 'journal.handed.before', step: 'approve', why: 'before H: the message waits for its dot' },
  { at: 'journal.handed.after', step: 'approve', why: 'after H, and the dot has not left' },
  { at: 'dot, close-untaken', step: 'approve', why: 'the dot has left and the relay lost the message' },
  { at: 'dot, close-taken', step: 'approve', why: 'the dot has left and the relay has the message', twice: true },
  { at: 'journal.answered.before', step: 'approve', why: '250 came and A is not written', twice: true },
  { at: 'journal.answered.after', step: 'approve', why: 'A is written and nothing stored' },
  { at: 'artifacts.put.after', step: 'approve', why: 'stored in part' },
  { at: 'incident.sendAuthorityNotice.after', step: 'approve', why: 'the relay took it, the workflow does not know' },
];
const incidents = POINTS.map((point, nth) => ({ ...point, ...aKey(), nth }));
type Incident = (typeof incidents)[number];

let world: World;
const ends: string[] = [];

/** A worker that dies when this incident gets to its point. */
async function doomed({ at, id }: Incident): Promise<Process> {
  if (!at.startsWith('dot')) return world.start('incident', { killAt: at === TRIAGE ? at : `${at}:${id}` });
  const worker = await world.start('incident');
  let over = false;
  world.atDot(async ({ to, raw }) => {
    if (over || !to.includes(MAILBOX) || !raw.includes(id)) return undefined;
    over = true;
    await worker.kill();
    return at === 'dot, close-taken' ? 'close-taken' : 'close-untaken';
  });
  return worker;
}

beforeAll(async () => {
  world = await startWorld({ built: true });
  await world.start('serve');
  await furnish(world);
  const first = await world.start('incident');
  await Promise.all(incidents.map((incident) => takeUpTo(world, incident.step, incident)));
  await first.stop();

  const answers: Promise<void>[] = [];
  for (const incident of incidents) {
    const worker = await doomed(incident);
    answers.push(take(world, incident.step, incident));
    ends.push(`${incident.at}: ${await died(worker)}`);
  }
  await world.start('incident');
  await Promise.all(answers);
  await Promise.all(
    incidents.map(async (incident) => {
      for (const step of STEPS.slice(STEPS.indexOf(incident.step) + 1)) await take(world, step, incident);
    }),
  );
});
afterAll(() => world.stop());

test('the worker died at every point', () => {
  expect(ends).toEqual(POINTS.map(({ at }) => `${at}: SIGKILL`));
});

const copies: Copies[] = [];
for (const { at, why, id, twice, nth } of incidents) {
  test(`killed at ${at} (${why}): nothing acknowledged is lost, the notice came, a possible second copy is flagged`, async () => {
    const kills = POINTS.length - nth; // its own, and those that came after it
    const found = await check(world, id, kills);
    copies.push(found);
    expect(found.notices).toBeGreaterThanOrEqual(twice ? 1 : 0);
  });
}

test('over all incidents there are no more second copies than kills, and each is flagged', () => {
  const sum = (pick: (one: Copies) => number): number => copies.reduce((all, one) => all + pick(one), 0);
  expect(copies).toHaveLength(POINTS.length);
  expect(sum((one) => one.notices)).toBeLessThanOrEqual(POINTS.length);
  expect(sum((one) => one.notices)).toBeLessThanOrEqual(sum((one) => one.flaggedNotices));
});
