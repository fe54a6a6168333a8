import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type ReplayWorkerOptions,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { dataConverter } from '../adapters/temporal/data-converter.js';
import { toInstant } from '../domain/clock/instant.js';
import type { FactId, FactInput } from '../domain/incident/facts.js';
import { count, DPO, fact, HOSPITAL_FACTS } from '../test/build.js';
import { eventsOf, historiesOf, type History } from '../test/helpers/histories.js';
import { startWorld, type World } from '../test/helpers/processes.js';
import { makeBundle } from '../worker/bundle.js';
import { startBare } from './bare/process.js';
import { load, ms, row, type Say } from './figures.js';
import { declared } from './incidents.js';

const COMMANDS = 60;
const FACTS = 300;
const REPLAYS = 5;
const EVENTS_OF_A_STEP = 6; // an activity's three and those of the workflow task that it wakes

const TEXTS = [
  'breach.summary',
  'breach.rootCause',
  'harm.detail',
  'measures.taken',
] as const satisfies readonly FactId[];

const sizeOf = (history: History): number => proto.temporal.api.history.v1.History.encode(history).finish().length;

/** What comes in over weeks: the same few facts, each time a little better known. */
const later = (n: number, many: number): FactInput[] =>
  Array.from({ length: many }, (_, i) => {
    const id = TEXTS[i % (TEXTS.length + 1)];
    return id === undefined
      ? fact('people.count', count(1_200 + n))
      : fact(
          id,
          `As of report ${n}: the copied records are those of the outpatient clinic; the search in the logs goes on.`,
        );
  });

/** 60 commands with 300 facts between them, one of them the decision that makes each later fact write the draft anew. */
async function aLongCase(world: World): Promise<string> {
  const awareAt = { at: toInstant(Date.now()), zone: 'Europe/Dublin', source: 'the benchmark' };
  const id = await declared(world, { awareness: { awareAt } });
  await world.send(id, { type: 'RecordFacts', facts: HOSPITAL_FACTS });
  await world.until(id, (s) => s.proposal?.factsSeq === s.factsSeq, 'a proposal');
  await world.send(
    id,
    { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'Health data in unknown hands.', confirms: null, setting: null },
    DPO,
  );
  let left = FACTS - HOSPITAL_FACTS.length;
  for (let n = COMMANDS - 2; n > 0; n--) {
    const many = Math.ceil(left / n);
    await world.send(id, { type: 'RecordFacts', facts: later(n, many) });
    left -= many;
  }
  for (;;) {
    const [state, head] = [await world.gateway.state(id), await world.stores.ledger.head(id)];
    if (head?.seq === state.seq && state.proposal?.factsSeq === state.factsSeq) return id;
    await delay(200);
  }
}

/** The least of several: what others do on the machine only ever adds. */
async function replayMs(
  options: ReplayWorkerOptions,
  workflowId: string,
  histories: readonly History[],
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < REPLAYS; n++) {
    const start = performance.now();
    const all = histories.map((history) => ({ workflowId, history }));
    for await (const { error } of Worker.runReplayHistories(options, all)) if (error) throw error;
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };
const bareBundle = (): Promise<WorkflowBundleOption> =>
  bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./bare/workflow.ts', import.meta.url)), logger: quiet });

async function bareHistory(world: World, events: number): Promise<History> {
  const bare = await startBare(world);
  try {
    const workflowId = `bare/${randomUUID()}`;
    const steps = Math.max(1, Math.round(events / EVENTS_OF_A_STEP));
    const handle = await bare.client.workflow.start('steps', { workflowId, taskQueue: 'bare', args: [steps] });
    await handle.result();
    return await handle.fetchHistory();
  } finally {
    await bare.stop();
  }
}

/** From an engine that has lost everything until the incident answers again. */
async function rebuildMs(world: World, id: string): Promise<{ command: number; answers: number }> {
  await world.killTemporal('lost').back();
  await world.start('incident');
  const start = performance.now();
  const { code, out, err } = await world.command(['rebuild']);
  if (code !== '0') throw new Error(`seventytwo rebuild ended with ${code}:\n${out}\n${err}`);
  const command = performance.now() - start;
  await world.gateway.state(id);
  return { command, answers: performance.now() - start };
}

/** An incident of 300 facts and 60 commands: what it costs to keep, to replay and to rebuild, beside a bare workflow with as many events. */
export async function history(say: Say): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const world = await startWorld({ built: true });
  try {
    const worker = await world.start('incident');
    const begun = performance.now();
    const id = await aLongCase(world);
    const playedMs = performance.now() - begun;
    const runs = (await historiesOf(world.client, `incident/${id}`)).map((run) => run.history);
    const sum = (of: (history: History) => number): number => runs.reduce((total, one) => total + of(one), 0);
    const events = sum((one) => eventsOf(one).length);
    const bytes = sum(sizeOf);
    const bare = await bareHistory(world, events);
    await worker.stop();

    const { code } = await makeBundle();
    const ours = { workflowBundle: { code }, dataConverter: dataConverter(world.config) };
    const oursMs = await replayMs(ours, `incident/${id}`, runs);
    const bareMs = await replayMs({ workflowBundle: await bareBundle() }, 'bare', [bare]);

    say(row('', 'runs', 'events', 'bytes', 'replay', 'load'));
    const line = (name: string, ...[count, many, size, took]: readonly [number, number, number, number]): string =>
      row(name, String(count), String(many), String(size), ms(took), load());
    say(line('bare workflow', 1, eventsOf(bare).length, sizeOf(bare), bareMs));
    say(line(`incident, ${FACTS} facts, ${COMMANDS} commands`, runs.length, events, bytes, oursMs));
    say(
      row(
        '  ratio',
        '',
        `× ${(events / eventsOf(bare).length).toFixed(2)}`,
        `× ${(bytes / sizeOf(bare)).toFixed(2)}`,
        `× ${(oursMs / bareMs).toFixed(2)}`,
      ),
    );
    const ledger = await world.ledger(id);
    say(row('  entries in its ledger', String(ledger.length)));
    say(row('  playing it took', ms(playedMs)));
    const { command, answers } = await rebuildMs(world, id);
    say(row('  rebuild: the command', ms(command), load()));
    say(
      row(
        '  rebuild: until the incident answers',
        ms(answers),
        `× ${(answers / bareMs).toFixed(1)}`,
        'of the bare replay',
      ),
    );
  } finally {
    await world.stop();
  }
}
