import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporal } from '@temporalio/proto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { RefusedError } from '../../adapters/refused-error.js';
import { dataConverter } from '../../adapters/temporal/data-converter.js';
import { APPROVER, DPO, HOSPITAL_FACTS } from '../build.js';
import { startTestEngine, type TestEngine } from '../helpers/engine.js';
import { fastForward } from '../helpers/fast-forward.js';
import { eventsOf, historiesOf } from '../helpers/histories.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const REMINDERS = 60;
const NOTICES = 20;

test('when the queue is long the notices overtake the reminders before them', async () => {
  const connection = await NativeConnection.connect({ address: engine.temporal.url });
  const namespace = engine.config.temporal.namespace;
  const common = { connection, namespace, taskQueue: 'crowd', dataConverter: dataConverter(engine.config) };
  const workflows = await Worker.create({
    ...common,
    workflowsPath: fileURLToPath(new URL('./priorities-workflow.ts', import.meta.url)),
  });
  /** How many wait in the queue itself: only what has reached it can be put in order. */
  const waiting = async (): Promise<number> => {
    const { stats } = await engine.client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: 'crowd' },
      taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
      reportStats: true,
    });
    return Number(stats?.approximateBacklogCount ?? 0);
  };
  const order: string[] = [];
  await workflows.runUntil(async () => {
    const handle = await engine.client.workflow.start('crowd', {
      workflowId: 'crowd',
      taskQueue: 'crowd',
      args: [REMINDERS, NOTICES],
    });
    while ((await waiting()) < REMINDERS + NOTICES) await delay(50);
    const hands = await Worker.create({
      ...common,
      activities: { did: (what: string) => Promise.resolve(void order.push(what)) },
      maxConcurrentActivityTaskExecutions: 1,
    });
    await hands.runUntil(handle.result());
  });
  await connection.close();
  expect(order).toHaveLength(REMINDERS + NOTICES);
  // All 20 were seen among the first 40 (six runs), and 2 to 7 with one priority for all.
  const early = order.slice(0, 40).filter((what) => what === 'notice').length;
  expect(early).toBeGreaterThanOrEqual(14);
});

/** What is on the table; a draft that is made anew in that moment is approved instead. */
async function approve(id: string): Promise<void> {
  const { notices } = await engine.until(id, (s) => s.notices.length > 0, 'a draft');
  const approval = { phase: 1, sha256: notices[0]?.draft.sha256 ?? '', hold: false, setting: null };
  await engine.send(id, { type: 'ApproveNotice', ...approval }, APPROVER).catch(async (error: unknown) => {
    if (!(error instanceof RefusedError) || error.refusals[0]?.code !== 'approval-outdated') throw error;
    await approve(id);
  });
}

test('a notice is asked for before everything, an alarm before the record, a repeated alarm last', async () => {
  const id = await engine.declare();
  await engine.until(id, (s) => s.milestones.some((m) => m.rounds === 1), 'the first alarm');
  await fastForward(engine.client, `incident/${id}`, 1);
  await engine.until(id, (s) => s.milestones.some((m) => m.rounds > 1), 'a repeated alarm');
  await engine.send(id, { type: 'RecordFacts', facts: HOSPITAL_FACTS });
  await engine.until(id, (s) => s.proposal?.factsSeq === s.factsSeq, 'the proposal of triage');
  const decision = { level: 'HIGH_RISK', reasons: 'argued', confirms: null, setting: null } as const;
  await engine.send(id, { type: 'DecideRisk', ...decision }, DPO);
  await approve(id);
  await engine.until(id, (s) => s.notices[0]?.deliveries['ex-authority']?.state === 'sent', 'the notice sent');

  const keys = new Map<string, Set<number>>();
  for (const { history } of await historiesOf(engine.client, `incident/${id}`))
    for (const { activityTaskScheduledEventAttributes: asked } of eventsOf(history)) {
      const name = asked?.activityType?.name;
      if (name) keys.set(name, (keys.get(name) ?? new Set()).add(asked.priority?.priorityKey ?? 0));
    }
  const of = (name: string): number[] => [...(keys.get(name) ?? [])].sort((a, b) => a - b);
  expect({ notice: of('sendAuthorityNotice'), alarm: of('escalate'), record: of('appendLedger') }).toEqual({
    notice: [1],
    alarm: [2, 5],
    record: [0], // nothing said: in the middle
  });
});
