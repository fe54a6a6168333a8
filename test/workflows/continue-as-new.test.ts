import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createIncidentGateway } from '../../adapters/temporal/gateway.js';
import { toInstant } from '../../domain/clock/instant.js';
import { fold } from '../../domain/incident/evolve.js';
import { aCause, aDeclaration, APPROVER, DPO, fact, HOSPITAL_FACTS, RESPONDER, request } from '../build.js';
import { anId, startTestEngine, type TestEngine } from '../helpers/engine.js';
import { fastForward } from '../helpers/fast-forward.js';
import { eventsOf, historiesOf } from '../helpers/histories.js';
import { tellPeople } from './paths.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(async () => {
  await engine?.stop();
});

const key = (): string => randomBytes(32).toString('hex');
/** Low enough that a plain life crosses several runs. */
const AFTER = 60;
/** Reading the ledger takes nine events: the next one that finds nothing under way begins a new run. */
const HANDS_OVER_AT_EVERY_CHANCE = 12;

async function declared(continueAfterEvents = AFTER): Promise<string> {
  const incidentId = anId();
  const awareness = { awareAt: { at: toInstant(Date.now()), zone: 'Europe/Dublin', source: 'on-call' } };
  await engine.gateway.declare({
    declaration: aDeclaration({ incidentId, awareness }),
    actor: RESPONDER,
    cause: aCause(key()),
    limits: { continueAfterEvents },
  });
  return incidentId;
}
const runs = (id: string) => historiesOf(engine.client, `incident/${id}`);

async function recordIsWhole(id: string, upTo = 0) {
  while (((await engine.stores.views.load(id))?.seq ?? 0) < upTo) await delay(30);
  const events = await engine.ledger(id);
  expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
  expect((await engine.stores.ledger.verifyChain(id)).ok).toBe(true);
  expect(await engine.stores.views.load(id)).toEqual(fold(events));
  return events;
}

test('a life that crosses several runs keeps every event, tells everybody once, and goes on with its alarms', async () => {
  const id = await declared();
  await engine.until(id, (s) => s.milestones.some((m) => m.id === 'declared' && m.rounds === 1), 'the first alarm');
  await engine.send(id, { type: 'Acknowledge', milestone: null });
  await engine.send(id, { type: 'RecordFacts', facts: HOSPITAL_FACTS });
  await engine.send(
    id,
    { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'argued', confirms: null, setting: null },
    DPO,
  );
  const drafted = await engine.until(id, (s) => s.notices.length > 0, 'a draft');
  await engine.send(
    id,
    { type: 'ApproveNotice', phase: 1, sha256: drafted.notices[0]?.draft.sha256 ?? '', hold: false, setting: null },
    APPROVER,
  );
  await engine.until(id, (s) => s.notices[0]?.deliveries['ex-authority']?.state === 'sent', 'the notice sent');
  const addresses = [`${id.toLowerCase()}@people.example`];
  await tellPeople(engine, id, addresses);
  expect((await runs(id)).length).toBeGreaterThanOrEqual(2);

  await fastForward(engine.client, `incident/${id}`, 24.1);
  const rung = await engine.until(
    id,
    (s) => s.milestones.find((m) => m.id === 'aware+24h')?.reachedAt != null,
    'aware+24h',
  );
  const milestone = rung.milestones.find((m) => m.id === 'aware+24h');
  expect(Date.parse(milestone?.reachedAt ?? '') - Date.parse(milestone?.dueAt ?? '')).toBeLessThan(5_000);

  const { lastAt } = await engine.gateway.state(id);
  await engine.send(id, {
    type: 'RecordReceipt',
    phase: 1,
    authority: 'ex-authority',
    reference: 'REF-1',
    receivedAt: lastAt,
    evidence: null,
  });
  const open = await engine.until(
    id,
    (s) => s.tasks.filter((t) => !t.doneAt).every((t) => ['follow-up-notice', 'approve-notice'].includes(t.kind)),
    'only the follow-up open',
  );
  for (const task of open.tasks.filter((t) => !t.doneAt)) {
    const by = task.kind === 'approve-notice' ? APPROVER : DPO;
    await engine.send(id, { type: 'CompleteTask', task: task.id, note: 'on record elsewhere' }, by);
  }
  await engine.send(id, { type: 'Close', reason: 'nothing is owed' }, DPO);
  await engine.client.workflow.getHandle(`incident/${id}`).result();

  const events = await recordIsWhole(id);
  const all = await runs(id);
  expect(all.length).toBeGreaterThanOrEqual(3);
  expect(
    all
      .slice(0, -1)
      .every(({ history }) => eventsOf(history).some((e) => e.workflowExecutionContinuedAsNewEventAttributes)),
  ).toBe(true);
  expect(events.filter((e) => e.type === 'NoticeSubmitted')).toHaveLength(1);
  expect(events.filter((e) => e.type === 'EscalationSent' && e.data.milestone === 'declared')).toHaveLength(1);
  for (const address of addresses)
    expect(engine.catcher.messages().filter((m) => m.to.includes(address))).toHaveLength(1);
});

test('a key that was answered in an earlier run gets its first answer again, and with another body a refusal', async () => {
  const id = await declared();
  const first = request({ type: 'RecordFacts', facts: [fact('breach.summary', 'the first words')] }, RESPONDER, {
    cause: { keyHash: key(), bodyHash: 'b' },
  });
  const answered = await engine.gateway.send(id, first);
  for (let n = 0; (await runs(id)).length < 2; n++) {
    await engine.send(id, { type: 'RecordFacts', facts: [fact('breach.summary', `words ${n}`)] });
  }
  const { seq } = await engine.gateway.state(id);
  expect(answered.repeated).toBe(false);
  expect(await engine.gateway.send(id, first)).toMatchObject({ repeated: true });
  const other = { ...first, cause: { keyHash: first.cause?.keyHash ?? '', bodyHash: 'other' } };
  await expect(engine.gateway.send(id, other)).rejects.toMatchObject({ refusals: [{ code: 'key-reused' }] });
  expect((await engine.gateway.state(id)).seq).toBeGreaterThanOrEqual(seq);
  expect(
    (await recordIsWhole(id)).filter((e) => e.type === 'FactsRecorded' && e.data.facts[0]?.value === 'the first words'),
  ).toHaveLength(1);
});

test('a command or a read that comes in the very moment of a hand-over is answered, and each command is taken exactly once', async () => {
  const id = await declared(HANDS_OVER_AT_EVERY_CHANCE);
  const summaries = Array.from({ length: 40 }, (_, n) => `words ${n}`);
  const left = [...summaries];
  // A run that ends at every chance is nearly always being loaded: a slow machine gets time, not another answer.
  const gateway = createIncidentGateway({ client: engine.client, answerWithinMs: 90_000 });
  const person = async (): Promise<void> => {
    for (let words = left.shift(); words !== undefined; words = left.shift()) {
      await gateway.send(id, request({ type: 'RecordFacts', facts: [fact('breach.summary', words)] }, RESPONDER));
      expect((await gateway.state(id)).id).toBe(id);
    }
  };
  await Promise.all([person(), person()]);
  const { seq } = await engine.gateway.state(id);
  const events = await recordIsWhole(id, seq);
  const recorded = events.flatMap((e) => (e.type === 'FactsRecorded' ? [e.data.facts[0]?.value] : []));
  expect(recorded).toHaveLength(summaries.length);
  expect(new Set(recorded)).toEqual(new Set(summaries));
  expect((await runs(id)).length).toBeGreaterThanOrEqual(4);
});
