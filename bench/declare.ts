import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { aDeclaration, furnish } from '../test/e2e/kills-play.js';
import { eventsOf } from '../test/helpers/histories.js';
import { startWorld, type World } from '../test/helpers/processes.js';
import { type Bare, startBare } from './bare/process.js';
import { ms, ratioRow, row, type Say, spread, SPREAD_HEAD, spreadRow } from './figures.js';

type Once = () => Promise<void>;

const WARM = 20;
const AT_ONCE = 20;
const A_SECOND = 20;

async function timed(work: Once): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function oneAtATime(work: Once, times: number): Promise<number[]> {
  const all: number[] = [];
  while (all.length < times) all.push(await timed(work));
  return all;
}

async function inParallel(work: Once, times: number): Promise<number[]> {
  const shares = Array.from({ length: AT_ONCE }, () => oneAtATime(work, Math.ceil(times / AT_ONCE)));
  return (await Promise.all(shares)).flat();
}

/** An open system: the next one comes whether or not the last one was answered, and its time counts from when it was due. */
async function atARate(work: Once, forSeconds: number): Promise<number[]> {
  const start = performance.now();
  const under: Promise<number>[] = [];
  for (let n = 0; n < forSeconds * A_SECOND; n++) {
    const due = start + (n * 1_000) / A_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await delay(wait);
    under.push(work().then(() => performance.now() - due));
  }
  return Promise.all(under);
}

/** Bytes of the argument that a declaration starts its incident with, as they lie in the engine. */
async function payloadBytes(world: World): Promise<number> {
  const { id } = await declareOver(world);
  const history = await world.client.workflow.getHandle(`incident/${id}`).fetchHistory();
  const given = eventsOf(history)[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  return given?.length ?? 0;
}

/** Answered 201: the engine has it. 202: the engine was slow, the database has it, and the engine gets it later. Either is durable. */
async function declareOver(world: World): Promise<{ id: string; kept: boolean }> {
  const { status, json } = await world.call('POST', '/v1/incidents', 'responder', aDeclaration(), randomUUID());
  if (status === 202) return { id: String(json['id']), kept: true };
  if (status !== 201) throw new Error(`A declaration was answered ${status}: ${JSON.stringify(json)}`);
  return { id: (json['incident'] as { id: string }).id, kept: false };
}

const startNothing =
  ({ client }: Bare, bytes: number): Once =>
  async () => {
    await client.workflow.start('nothing', {
      workflowId: `bare/${randomUUID()}`,
      taskQueue: 'bare',
      args: ['x'.repeat(bytes)],
    });
  };

/**
 * A declaration over HTTP until it is answered, which is when it is durable in the engine, beside the start of a workflow that does
 * nothing with an argument of the same size. The worker meanwhile does what each declaration brings: alarm, triage, record.
 */
export async function declarations(say: Say, options: { readonly seconds: number }): Promise<void> {
  const world = await startWorld({ built: true });
  const bare = await startBare(world);
  try {
    await world.start('serve');
    await world.start('incident');
    await furnish(world);
    const bytes = await payloadBytes(world);
    let kept = 0;
    const ours: Once = async () => {
      if ((await declareOver(world)).kept) kept++;
    };
    const theirs = startNothing(bare, bytes);
    await oneAtATime(ours, WARM);
    await oneAtATime(theirs, WARM);

    say(`argument of ${bytes} bytes; ours over HTTP with the intake kept in MongoDB first`);
    say(SPREAD_HEAD);
    const compare = async (name: string, run: (work: Once) => Promise<number[]>): Promise<void> => {
      const theirSpread = spread(await run(theirs));
      say(spreadRow(`${name}: bare start`, theirSpread, ms));
      await settled(world);
      kept = 0;
      const ourSpread = spread(await run(ours));
      say(spreadRow(`${name}: declare`, ourSpread, ms));
      say(ratioRow(ourSpread, theirSpread));
      say(row('  kept for the engine and answered 202', String(kept)));
      const start = performance.now();
      await settled(world);
      say(row('  until all of it is on record', ms(performance.now() - start)));
    };
    await compare('200, one at a time', (work) => oneAtATime(work, 200));
    await compare(`400, ${AT_ONCE} in parallel`, (work) => inParallel(work, 400));
    await compare(`${A_SECOND} a second for ${options.seconds} s`, (work) => atARate(work, options.seconds));
  } finally {
    await bare.stop();
    await world.stop();
  }
}

/** Every declaration that was kept is on record: what one measurement left under way must not stand in the next. */
async function settled(world: World): Promise<void> {
  const intakes = world.stores.mongo.db.collection('intakes');
  const records = world.stores.mongo.db.collection('incidents');
  const declared = await intakes.countDocuments({});
  while ((await records.countDocuments({})) < declared) await delay(200);
}
