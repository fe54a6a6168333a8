import { setTimeout as delay } from 'node:timers/promises';
import { type Instant, toMs } from '../domain/clock/instant.js';
import type { IncidentEvent } from '../domain/incident/events.js';
import { startWorld, type World } from '../test/helpers/processes.js';
import { type Bare, startBare } from './bare/process.js';
import { ratioRow, row, type Say, seconds, spread, SPREAD_HEAD, spreadRow } from './figures.js';
import { countOf, declareAll, eachAtOnce, LEAST_AHEAD_MS, MILESTONE, POLL_MS, PROBE, SLACK } from './incidents.js';
import { between, taken } from './processor.js';

/** When none has called for so long, the rest counts as missed. */
const GIVE_UP_MS = 120_000;

/** What became of one alarm. */
interface Acted {
  readonly late: number;
  readonly through: number;
}

/** What the record says: when each acted, and when its call was out. */
async function outcome(world: World, ids: readonly string[], dueAt: Instant) {
  const acted: Acted[] = [];
  let [missed, double] = [0, 0];
  for (const id of ids) {
    const events = (await world.stores.ledger.read(id)) as IncidentEvent[];
    const reached = events.filter((e) => e.type === 'MilestoneReached' && e.data.milestone.id === MILESTONE);
    const called = events.filter((e) => e.type === 'EscalationSent' && e.data.milestone === MILESTONE);
    const [first, call] = [reached[0], called[0]];
    if (!first || !call) missed++;
    else acted.push({ late: toMs(first.at) - toMs(dueAt), through: toMs(call.at) - toMs(dueAt) });
    if (reached.length > 1 || called.length > 1) double++;
  }
  return { acted, missed, double };
}

async function allCalled(world: World, ids: readonly string[]): Promise<void> {
  let [known, since] = [0, Date.now()];
  while (known < 2 * ids.length && Date.now() - since < GIVE_UP_MS) {
    await delay(POLL_MS);
    const called = await countOf(world, ids, 'EscalationSent');
    if (called > known) [known, since] = [called, Date.now()];
  }
}

/** The calls of the milestone that were mailed, and how many came to the same person twice. */
function mailsOf(world: World): { calls: number; twice: number } {
  const seen = new Map<string, number>();
  for (const { to, raw } of world.catcher.messages()) {
    const [, alarm] = /^Message-ID: <(alarm\.[^@>]+)\.[0-9a-f]{16}@/im.exec(raw.toString('latin1')) ?? [];
    if (alarm?.includes('aware-24h')) seen.set(`${alarm} ${to.join()}`, (seen.get(`${alarm} ${to.join()}`) ?? 0) + 1);
  }
  return { calls: seen.size, twice: [...seen.values()].filter((times) => times > 1).length };
}

async function bareAlarms({ client }: Bare, count: number): Promise<Acted[]> {
  const start = Date.now();
  const begin = (n: number, dueAt: number, name: string) =>
    client.workflow.start<(dueAt: number) => Promise<{ acted: number; through: number }>>('alarm', {
      workflowId: `bare/${name}/${start}/${n}`,
      taskQueue: 'bare',
      args: [dueAt],
    });
  const probes = Math.min(PROBE, count);
  await eachAtOnce(probes, async (n) => void (await begin(n, 0, 'probe')));
  const dueAt = Date.now() + LEAST_AHEAD_MS + ((Date.now() - start) / probes) * count * SLACK;
  const handles: Awaited<ReturnType<typeof begin>>[] = [];
  await eachAtOnce(count, async (n) => void handles.push(await begin(n, dueAt, 'due')));
  if (Date.now() > dueAt)
    throw new Error('The bare workflows could not be started in time. Run it on a quieter machine.');
  await delay(dueAt - Date.now());
  const all: Acted[] = [];
  await eachAtOnce(count, async (n) => {
    const { acted, through } = (await handles[n]?.result()) ?? { acted: Number.NaN, through: Number.NaN };
    all.push({ late: acted, through });
  });
  return all;
}

/**
 * So many open incidents whose 24 hours are over in the same second, beside as many bare workflows of one timer and one activity. Late:
 * from the due instant to the workflow's own time when it acted. Called: until the activity that calls was through.
 */
async function atSize(say: Say, size: number): Promise<void> {
  const world = await startWorld({ built: true });
  try {
    const start = Date.now();
    const bare = await startBare(world);
    const theirs = await bareAlarms(bare, size);
    await bare.stop();
    say(SPREAD_HEAD);
    const [bareLate, bareThrough] = [spread(theirs.map((a) => a.late)), spread(theirs.map((a) => a.through))];
    say(spreadRow(`${size} bare: late`, bareLate, seconds));
    say(spreadRow(`${size} bare: through`, bareThrough, seconds));

    await world.start('incident');
    const { ids, dueAt, setupMs, restedAheadMs } = await declareAll(world, size);
    await delay(Math.max(0, toMs(dueAt) - Date.now()));
    const before = taken();
    await allCalled(world, ids);
    const processor = between(before, taken());
    const { acted, missed, double } = await outcome(world, ids, dueAt);
    const [late, called] = [spread(acted.map((a) => a.late)), spread(acted.map((a) => a.through))];
    say(spreadRow(`${size} incidents: late`, late, seconds));
    say(ratioRow(late, bareLate));
    say(spreadRow(`${size} incidents: called`, called, seconds));
    say(ratioRow(called, bareThrough));
    say(`  processor time meanwhile: ${processor}`);
    say(row('  missed', String(missed)));
    say(row('  double on record', String(double)));
    const { calls, twice } = mailsOf(world);
    say(row('  mails sent twice, of', String(twice), String(calls)));
    if (restedAheadMs < 0) say(`  declaring had not come to rest when they fell due, by ${seconds(-restedAheadMs)}`);
    say(row('  declaring them all took', seconds(setupMs)));
    say(row('  this size took', seconds(Date.now() - start)));
  } finally {
    await world.stop();
  }
}

export async function lateness(say: Say, { sizes }: { readonly sizes: readonly number[] }): Promise<void> {
  for (const size of sizes) await atSize(say, size);
}
