import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { createMailingActivities, NO_TALLY } from '../../activities/people-mailing.js';
import type { Relay, SendOutcome } from '../../activities/ports.js';
import { createHasher } from '../../adapters/crypto/hash.js';
import { createMailingLane } from '../../adapters/mail/relay.js';
import type { MailingTotals } from '../../domain/incident/events.js';
import type { MailingReport } from '../../domain/message/mailing.js';
import type { RcptAnswer } from '../../stack/catcher.js';
import { type Catcher, type Engine, startCatcher, startTemporal } from '../../stack/engines.js';
import { INCIDENT_QUEUE, incidentWorkflowId, MAIL_QUEUE, mailingWorkflowId } from '../../workflows/messages.js';
import type { MailingCarry } from '../../workflows/people-mailing.js';
import {
  aMailing,
  aMessage,
  listOf,
  memoryOutcomes,
  type MemoryOutcomes,
  messagesWith,
} from '../fakes/mailing-store.js';
import { ACCEPTED, memoryJournal, plainComposer } from '../fakes/post-office.js';

const MINUTE_S = 60;
const HOUR_S = 3_600;
const folder = mkdtempSync(join(tmpdir(), 'mailing-'));
let temporal: Engine;
let client: Client;
let native: NativeConnection;
let bundle: WorkflowBundleWithSourceMap;
let workflows: { worker: Worker; run: Promise<void> };
let incidents = 0;
const afterwards: (() => Promise<void> | void)[] = [];

const quiet = (): void => undefined;

async function startWorker(
  options: Parameters<typeof Worker.create>[0],
): Promise<{ worker: Worker; run: Promise<void>; stop(): Promise<void> }> {
  const worker = await Worker.create({ connection: native, shutdownGraceTime: '5 seconds', ...options });
  const run = worker.run();
  return {
    worker,
    run,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await run;
    },
  };
}

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  temporal = await startTemporal({ dataDir: join(folder, 'temporal') });
  client = new Client({ connection: await Connection.connect({ address: temporal.url }) });
  native = await NativeConnection.connect({ address: temporal.url });
  const workflowsPath = createRequire(import.meta.url).resolve('../fakes/mailing-workflows.ts');
  bundle = await bundleWorkflowCode({
    workflowsPath,
    logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, log: quiet },
  });
  workflows = await startWorker({ taskQueue: INCIDENT_QUEUE, workflowBundle: bundle });
});
afterEach(async () => {
  for (const end of afterwards.splice(0).reverse()) await end();
});
afterAll(async () => {
  workflows.worker.shutdown();
  await workflows.run;
  await native.close();
  await client.connection.close();
  temporal.kill();
  rmSync(folder, { recursive: true, force: true });
});

interface World {
  readonly handle: WorkflowHandle;
  readonly outcomes: MemoryOutcomes;
  readonly reports: () => Promise<MailingReport[]>;
  readonly progress: () => Promise<MailingTotals>;
  readonly control: (control: 'pause' | 'resume') => Promise<void>;
  /** Until the incident has been told this many times. */
  readonly told: (times: number) => Promise<MailingReport>;
  /** The mail worker goes away in an orderly manner, and another one comes. */
  readonly changeWorker: () => Promise<void>;
}

async function start(
  count: number,
  lane: Relay,
  about: { onList?: number; carry?: MailingCarry; paused?: true } = {},
): Promise<World> {
  const incidentId = `BR-TEST-${String(++incidents).padStart(4, '0')}`;
  const outcomes = memoryOutcomes();
  const activities = createMailingActivities({
    lists: listOf(about.onList ?? count, undefined, count),
    outcomes,
    messages: messagesWith(aMessage({ incident: incidentId })),
    composer: plainComposer,
    hasher: createHasher(),
    lane,
    journal: memoryJournal(),
  });
  const mailWorker = () => startWorker({ taskQueue: MAIL_QUEUE, activities, maxHeartbeatThrottleInterval: '500 ms' });
  let mail = await mailWorker();
  afterwards.push(() => mail.stop());

  const listener = await client.workflow.start('listener', {
    workflowId: incidentWorkflowId(incidentId),
    taskQueue: INCIDENT_QUEUE,
  });
  const messageSha256 = createHasher().canonicalSha256(aMessage({ incident: incidentId }));
  const handle = await client.workflow.start('peopleMailing', {
    workflowId: mailingWorkflowId(incidentId, 1),
    taskQueue: INCIDENT_QUEUE,
    args: [
      aMailing({ incidentId, count, messageSha256, ...(about.paused && { paused: about.paused }) }),
      ...(about.carry ? [about.carry] : []),
    ],
  });
  afterwards.push(async () => {
    await Promise.allSettled([handle.terminate(), listener.terminate()]);
  });
  const reports = (): Promise<MailingReport[]> => listener.query<MailingReport[]>('reports');
  return {
    handle,
    outcomes,
    reports,
    progress: () => handle.query<MailingTotals>('progress'),
    control: (control) => handle.signal('mailingControl', control),
    told: (times) => until(async () => (await reports())[times - 1]),
    async changeWorker() {
      await mail.stop();
      mail = await mailWorker();
    },
  };
}

/** Asks every 50 ms until there is an answer; the limit is only against hanging. */
async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 180_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error('It did not come within 180 s.');
    await delay(50);
  }
}

let forwards = 0;
/** Bounded: the run's own clock moves on by this much, wherever it has nothing to do. */
async function forward({ workflowId }: WorkflowHandle, seconds: number): Promise<void> {
  const id = `forward-${++forwards}`;
  const namespace = client.options.namespace;
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution: { workflowId },
    workflowExecutionOptions: {
      timeSkippingConfig: { enabled: true, fastForwardConfig: { id, duration: { seconds: seconds as never } } },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
  await client.workflowService.pollWorkflowExecutionTimeSkipping({
    namespace,
    workflowExecution: { workflowId },
    fastForwardId: id,
  });
}

const numberOf = (to: string): number => Number(/^p(\d+)@/.exec(to)?.[1]);

async function smtp(
  onRcpt?: (n: number) => RcptAnswer | Promise<RcptAnswer>,
): Promise<{ catcher: Catcher; lane: Relay; got: () => number[] }> {
  const catcher = await startCatcher(onRcpt ? { onRcpt: (to) => onRcpt(numberOf(to)) } : {});
  const lane = createMailingLane({ url: catcher.url, name: 'worker.example' });
  afterwards.push(
    () => catcher.stop(),
    () => lane.close(),
  );
  return { catcher, lane, got: () => catcher.messages().map(({ to }) => numberOf(to[0] ?? '')) };
}
const everybody = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

test('everybody on the list gets one message, and the incident is told the totals that are on record', async () => {
  const { lane, got } = await smtp();
  const { handle, told, outcomes } = await start(1_100, lane);
  const totals = await handle.result();
  expect(got()).toEqual(everybody(1_100));
  expect(totals).toEqual({
    total: 1_100,
    accepted: 1_100,
    refused: 0,
    deferred: 0,
    suppressed: 0,
    ambiguous: 0,
    resent: 0,
  });
  expect(await told(1)).toEqual({
    mailing: 1,
    state: 'completed',
    reason: null,
    totals,
    outcomesSha256: await outcomes.digest(''),
  });
});

test('who is put off is tried again after 5 minutes, 30 minutes, 2 and 6 hours, and then counted as put off', async () => {
  const tries = new Map<number, number>();
  const { lane, got } = await smtp((n) => {
    tries.set(n, (tries.get(n) ?? 0) + 1);
    return (n === 3 && tries.get(n) === 1) || n === 7 ? { refuse: 450 } : 'take';
  });
  const { handle, progress, reports } = await start(10, lane);
  await until(async () => (await progress()).deferred === 2);
  await forward(handle, 4 * MINUTE_S);
  expect(tries.get(3)).toBe(1); // not yet
  await forward(handle, 2 * MINUTE_S);
  await until(async () => (await progress()).accepted === 9);
  for (const seconds of [31 * MINUTE_S, 2 * HOUR_S, 6 * HOUR_S]) {
    const before = tries.get(7) ?? 0;
    await forward(handle, seconds);
    await until(async () => (tries.get(7) ?? 0) === before + 1);
  }
  expect(await handle.result()).toMatchObject({ total: 10, accepted: 9, deferred: 1 });
  expect(tries.get(7)).toBe(5);
  expect(got().filter((n) => n === 3)).toHaveLength(1);
  expect(await reports()).toHaveLength(1);
  await Worker.runReplayHistory({ workflowBundle: bundle }, await handle.fetchHistory());
});

test('a pause stops within seconds with everything on record; resumed, everybody gets exactly one', async () => {
  const { lane, got } = await smtp(async (): Promise<RcptAnswer> => {
    await delay(15); // the pace of this relay
    return 'take';
  });
  const { handle, control, progress, reports } = await start(400, lane);
  await until(async () => got().length > 40);
  const askedAt = Date.now();
  await control('pause');
  const { accepted } = await until(async () => {
    const totals = await progress();
    return totals.accepted > 0 && totals;
  });
  expect(Date.now() - askedAt).toBeLessThan(5_000);
  expect(got()).toEqual(everybody(accepted));
  expect(accepted).toBeLessThan(400);
  expect(await reports()).toEqual([]); // who asked for it knows

  await control('resume');
  await handle.result();
  expect(got()).toEqual(everybody(400));
});

test('a worker that goes away in order hands over: nobody twice, nobody flagged', async () => {
  const { lane, got } = await smtp(async (): Promise<RcptAnswer> => {
    await delay(5);
    return 'take';
  });
  const world = await start(300, lane);
  await until(async () => got().length > 30);
  await world.changeWorker();
  expect(await world.handle.result()).toMatchObject({ accepted: 300, resent: 0 });
  expect(got()).toEqual(everybody(300));
});

// the relay says, until it is mended                     reason                 why this row is here
const troubles = [
  [{ state: 'relay_refuses', code: 550 }, 'relay-refuses', 'it refuses us'],
  [{ state: 'refused', code: 554, at: 'data' }, 'too-many-refusals', 'it blocks the content'],
] as const satisfies readonly (readonly [SendOutcome, string, string])[];
for (const [answer, reason, why] of troubles) {
  test(`it pauses by itself, tells the incident, and goes on when a person says so: ${why}`, async () => {
    let mended = false;
    const taken: number[] = [];
    const lane: Relay = {
      async send(mail, beforeDot) {
        if (!mended && numberOf(mail.to) > 5) return answer;
        beforeDot();
        taken.push(numberOf(mail.to));
        return ACCEPTED;
      },
    };
    const { handle, told, control } = await start(30, lane);
    expect(await told(1)).toMatchObject({
      state: 'paused',
      reason,
      totals: { total: 30, accepted: 5 },
      outcomesSha256: null,
    });
    mended = true;
    await control('resume');
    const totals = await handle.result();
    expect(totals).toMatchObject({ accepted: 30 - totals.refused });
    expect(taken).toHaveLength(totals.accepted);
    expect(await told(2)).toMatchObject({ state: 'completed', totals });
  });
}

test('a relay that is away is waited for; when waiting has not helped, a person is told', async () => {
  let away = true;
  let asked = 0;
  const lane: Relay = {
    async send(_mail, beforeDot) {
      asked++;
      if (away) return { state: 'open', why: 'connect' };
      beforeDot();
      return ACCEPTED;
    },
  };
  const { handle, told, control } = await start(10, lane);
  await until(async () => asked >= 3);
  const patience = until(
    async () => (await forward(handle, 10 * MINUTE_S), (await Promise.race([told(1), delay(10)])) ?? false),
  );
  expect(await patience).toMatchObject({ state: 'paused', reason: 'unreachable', totals: { accepted: 0 } });
  away = false;
  await control('resume');
  expect(await handle.result()).toMatchObject({ accepted: 10 });
});

test('a mailing whose outcomes do not add up to its list cannot complete', async () => {
  const { lane } = await smtp();
  const { told } = await start(11, lane, { onList: 10 });
  expect(await told(1)).toMatchObject({
    state: 'paused',
    reason: 'does-not-add-up',
    totals: { total: 11, accepted: 10 },
  });
});

test('a text that is not the approved one is not sent: it pauses and says why', async () => {
  const { lane, got } = await smtp();
  const incidentId = 'BR-TEST-9999';
  const { worker, run } = await startWorker({
    taskQueue: MAIL_QUEUE,
    activities: createMailingActivities({
      lists: listOf(5),
      outcomes: memoryOutcomes(),
      messages: { message: async () => aMessage({ subject: 'changed' }) },
      composer: plainComposer,
      hasher: createHasher(),
      lane,
      journal: memoryJournal(),
    }),
  });
  const listener = await client.workflow.start('listener', {
    workflowId: incidentWorkflowId(incidentId),
    taskQueue: INCIDENT_QUEUE,
  });
  const handle = await client.workflow.start('peopleMailing', {
    workflowId: mailingWorkflowId(incidentId, 1),
    taskQueue: INCIDENT_QUEUE,
    args: [aMailing({ incidentId, count: 5 })],
  });
  const report = await until(async () => (await listener.query<MailingReport[]>('reports'))[0]);
  expect(report).toMatchObject({ state: 'paused', reason: 'approval-mismatch' });
  expect(got()).toEqual([]);
  await Promise.all([handle.terminate(), listener.terminate()]);
  worker.shutdown();
  await run;
});

test('a next run goes on where the former one ended, with what was counted', async () => {
  const { lane, got } = await smtp();
  const done = { open: 0, accepted: 500, refused: 0, deferred: 0, ambiguous: 0, resent: 0, suppressed: 0 };
  const carry: MailingCarry = {
    ranges: 2,
    pass: 0,
    todo: [1],
    again: [],
    broken: [],
    counts: { 0: done },
    tally: NO_TALLY,
    paused: true,
  };
  const { outcomes, control, progress } = await start(600, lane, { carry });
  const { token } = await outcomes.claim('', 0, 500);
  await outcomes.record('', 0, token, new Map(everybody(500).map((n) => [n, 'accepted' as const])), []);
  expect(await progress()).toMatchObject({ total: 600, accepted: 500 });
  expect(got()).toEqual([]); // still paused
  await control('resume');
  await until(async () => (await progress()).accepted === 600);
  expect(got()).toEqual(everybody(600).slice(500));
});

test('begun anew after the loss of the engine: a paused one sends nothing, and what the one before may have sent is flagged', async () => {
  const { lane, got } = await smtp();
  const { outcomes, control, handle } = await start(60, lane, { paused: true });
  // The run before, on a worker whose journal is lost as well: ten are on record, some more may have been sent.
  const { token } = await outcomes.claim('', 0, 60);
  await outcomes.record('', 0, token, new Map(everybody(10).map((n) => [n, 'accepted' as const])), []);
  expect(got()).toEqual([]);
  await control('resume');
  expect(await handle.result()).toMatchObject({ total: 60, accepted: 35, resent: 25 });
  expect(got()).toEqual(everybody(60).slice(10));
});
