import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createIncidentGateway } from '../../adapters/temporal/gateway.js';
import { HOUR_MS, type Instant, toInstant } from '../../domain/clock/instant.js';
import type { Command } from '../../domain/incident/commands.js';
import type { Actor, IncidentEvent } from '../../domain/incident/events.js';
import { fold } from '../../domain/incident/evolve.js';
import { incidentIdFrom } from '../../domain/incident/ids.js';
import { type Engine, startMongo } from '../../stack/engines.js';
import { startIncidentWorker } from '../../worker/incident.js';
import { aCause, aDeclaration, APPROVER, DPO, fact, HOSPITAL_FACTS, RESPONDER, request } from '../build.js';
import { startTestEngine, type TestEngine } from '../helpers/engine.js';
import { fastForward } from '../helpers/fast-forward.js';
import { acceptedUpdates, eventsOf, historiesOf } from '../helpers/histories.js';
import { ownEngines } from '../stack/help.js';

let engine: TestEngine;
let later: Engine | undefined; // the database once it was started again
beforeAll(async () => {
  engine = await startTestEngine({ env: ownEngines() }); // they are stopped here, so they must be ours
});
afterAll(async () => {
  await engine?.stop();
  later?.kill();
});

const key = (): string => randomBytes(32).toString('hex');
const workflowId = (id: string): string => `incident/${id}`;
const hoursAgo = (hours: number): Instant => toInstant(Date.now() - hours * HOUR_MS);
const finding = (at: Instant) => ({ at, zone: 'Europe/Dublin', source: 'log files' });
const awareAt = (at: Instant) => ({ awareness: { awareAt: finding(at) } });
const history = async (id: string) => engine.client.workflow.getHandle(workflowId(id)).fetchHistory();
const LADDER = ['aware+24h', 'aware+48h', 'aware+60h', 'aware+66h', 'aware+70h', 'aware+71h', 'aware+72h'];
const DECIDE: Command = {
  type: 'DecideRisk',
  level: 'HIGH_RISK',
  reasons: 'argued in the test',
  confirms: null,
  setting: null,
};

interface Reached {
  id: string;
  at: Instant;
  dueAt: Instant;
  because: string;
  seq: number;
}
const reached = (events: readonly IncidentEvent[]): Reached[] =>
  events.flatMap((e) =>
    e.type === 'MilestoneReached'
      ? [
          {
            id: e.data.milestone.id,
            at: e.data.reachedAt,
            dueAt: e.data.milestone.dueAt,
            because: e.data.because,
            seq: e.seq,
          },
        ]
      : [],
  );
const ofType = <T extends IncidentEvent['type']>(events: readonly IncidentEvent[], type: T) =>
  events.filter((e): e is Extract<IncidentEvent, { type: T }> => e.type === type);
const mailsAbout = (id: string, to: string) =>
  engine.catcher.messages().filter((m) => m.to.includes(to) && m.raw.includes(id));

/** The ledger once it has caught up with the workflow; it verifies, and the view is its fold. */
async function record(id: string, withinMs = 60_000): Promise<IncidentEvent[]> {
  const end = performance.now() + withinMs;
  for (;;) {
    const { seq } = await engine.gateway.state(id);
    const events = await engine.ledger(id).catch(() => []); // the database may not be back yet
    const view = await engine.stores.views.load(id).catch(() => null);
    if (events.length === seq && view?.seq === seq) {
      expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
      expect((await engine.stores.ledger.verifyChain(id)).ok).toBe(true);
      expect(view).toEqual(fold(events));
      return events;
    }
    if (performance.now() > end) throw new Error(`The ledger of ${id} has ${events.length} of ${seq} entries.`);
    await delay(50);
  }
}

/** Declared, and its first alarm sent and acknowledged: from here on only what the test does happens. */
async function settled(over: Parameters<TestEngine['declare']>[0]): Promise<string> {
  const id = await engine.declare(over);
  await engine.until(
    id,
    (s) => s.milestones.some((m) => m.id === 'declared' && m.rounds > 0) && s.proposal !== null,
    'the first alarm and triage',
  );
  await engine.send(id, { type: 'Acknowledge', milestone: null });
  return id;
}

/** To `ms` before `due`: what comes then comes in real time. Needs a worker. */
const goNear = (id: string, due: Instant, ms: number): Promise<void> =>
  fastForward(engine.client, workflowId(id), (Date.parse(due) - Date.now() - ms) / HOUR_MS);

/** Without a worker: the timer has fired, and nobody has looked. */
async function timerFired(id: string): Promise<void> {
  for (;;) {
    const events = eventsOf(await history(id));
    const fired = events.map((e) => e.timerFiredEventAttributes != null).lastIndexOf(true);
    if (events.slice(fired + 1).some((e) => e.workflowTaskCompletedEventAttributes != null && fired >= 0))
      throw new Error('The worker was still there when the timer fired.');
    if (fired >= 0) return;
    await delay(50);
  }
}

/** A worker that is away while a timer fires: what people sent meanwhile comes to it in the same task as the timer. */
describe('a milestone and a command in the same task', () => {
  let decided: string;
  let moved: string;
  let earlier: string;

  const waiting = (id: string, command: Command, actor: Actor): Promise<unknown> =>
    createIncidentGateway({ client: engine.client, answerWithinMs: 90_000 }).send(
      id,
      request(command, actor, { cause: aCause(key()) }),
    );

  beforeAll(async () => {
    const aware = hoursAgo(23);
    const due = toInstant(Date.parse(aware) + 24 * HOUR_MS);
    [decided, moved, earlier] = await Promise.all([
      settled(awareAt(aware)),
      settled(awareAt(aware)),
      settled(awareAt(aware)),
    ]);
    const later = {
      type: 'CorrectAwareness',
      key: 'awareAt',
      finding: finding(toInstant(Date.parse(aware) + HOUR_MS)),
      reason: 'only then certain',
    } as const;
    await engine.send(moved, { ...later, confirms: null }, DPO);
    const proposal = (await engine.gateway.state(moved)).awarenessProposal?.proposal ?? '';
    await Promise.all([decided, moved, earlier].map((id) => goNear(id, due, 8_000)));
    await engine.workers[0]?.stop();
    await Promise.all([decided, moved, earlier].map(timerFired));
    const answers = [
      waiting(decided, DECIDE, DPO),
      waiting(moved, { ...later, confirms: proposal }, APPROVER),
      waiting(
        earlier,
        { ...later, finding: finding(toInstant(Date.parse(aware) - 37 * HOUR_MS)), confirms: null },
        DPO,
      ),
    ];
    engine.workers[0] = await startIncidentWorker(engine.config);
    await Promise.all(answers);
  });

  test('they really came in one task', async () => {
    for (const id of [decided, moved, earlier]) {
      const events = eventsOf(await history(id));
      const fired = events.map((e) => e.timerFiredEventAttributes != null).indexOf(true);
      const accepted = events.findIndex(
        (e, i) => i > fired && e.workflowExecutionUpdateAcceptedEventAttributes != null,
      );
      expect(events.slice(fired, accepted).filter((e) => e.workflowTaskCompletedEventAttributes != null)).toHaveLength(
        1,
      );
    }
  });

  test('a decision: the milestone is reached first, at its instant, and then it is decided', async () => {
    const events = await record(decided);
    const rung = reached(events).find(({ id }) => id === 'aware+24h');
    expect(rung).toMatchObject({ because: 'due' });
    expect(ofType(events, 'RiskDecided')[0]?.seq).toBeGreaterThan(rung?.seq ?? Number.POSITIVE_INFINITY);
    expect(reached(events).filter(({ id }) => id === 'aware+24h')).toHaveLength(1);
  });

  test('a deadline that is moved back while its timer fires: the old instant stays on record, and the rung counts again at the new one', async () => {
    const before = reached(await record(moved)).filter(({ id }) => id === 'aware+24h');
    expect(before).toHaveLength(1);
    await fastForward(engine.client, workflowId(moved), 0.9);
    expect(reached(await record(moved)).filter(({ id }) => id === 'aware+24h')).toHaveLength(1);
    await fastForward(engine.client, workflowId(moved), 0.2);
    const events = await record(moved);
    const [first, second] = reached(events).filter(({ id }) => id === 'aware+24h');
    expect(Date.parse(second?.dueAt ?? '') - Date.parse(first?.dueAt ?? '')).toBe(HOUR_MS);
    expect(Date.parse(second?.at ?? '') - Date.parse(second?.dueAt ?? '')).toBeLessThan(5_000);
    expect(ofType(events, 'AwarenessCorrected')[0]?.seq).toBeGreaterThan(first?.seq ?? Number.POSITIVE_INFINITY);
  });

  test('a deadline that is moved forward while its timer fires: no rung is skipped and none comes twice', async () => {
    const rungs = reached(await record(earlier)).filter(({ id }) => id.startsWith('aware'));
    expect(rungs.map(({ id, because }) => [id, because])).toEqual([
      ['aware+24h', 'due'],
      ['aware+48h', 'already_past'],
      ['aware+60h', 'already_past'],
    ]);
  });
});

describe('the clock', () => {
  test('a deadline that is moved just before its timer fires: the old instant does nothing any more', async () => {
    const due = toInstant(Date.now() + HOUR_MS - 24 * HOUR_MS);
    const id = await settled(awareAt(due));
    const command = {
      type: 'CorrectAwareness',
      key: 'awareAt',
      finding: finding(toInstant(Date.parse(due) + 2 * HOUR_MS)),
      reason: 'only then certain',
    } as const;
    await engine.send(id, { ...command, confirms: null }, DPO);
    await fastForward(engine.client, workflowId(id), 0.999);
    const proposal = (await engine.gateway.state(id)).awarenessProposal?.proposal ?? '';
    await engine.send(id, { ...command, confirms: proposal }, APPROVER);
    await fastForward(engine.client, workflowId(id), 1.9);
    expect(reached(await record(id)).some((r) => r.id === 'aware+24h')).toBe(false);
    await fastForward(engine.client, workflowId(id), 0.2);
    expect(reached(await record(id)).filter((r) => r.id === 'aware+24h')).toHaveLength(1);
  });

  test('awareness 80 hours ago at declaration: every rung on record as past, one alarm to everybody, the reasons asked for, a notice drafted by itself', async () => {
    const id = await engine.declare(awareAt(hoursAgo(80)));
    const state = await engine.until(
      id,
      (s) => s.notices.length > 0 && s.milestones.some((m) => m.rounds > 0),
      'a draft and an alarm',
    );
    const events = await record(id);
    expect(
      reached(events)
        .filter((r) => r.because === 'already_past')
        .map((r) => r.id),
    ).toEqual(LADDER);
    expect(ofType(events, 'EscalationSent').map((e) => [e.data.milestone, e.data.round])).toEqual([['declared', 1]]);
    for (const { email } of state.setting.contacts) expect(mailsAbout(id, email)).toHaveLength(1);
    expect(state.tasks.filter((t) => t.kind === 'reasons-for-delay' && t.doneAt === null)).toHaveLength(1);
    expect(state.notices[0]?.draft).toMatchObject({
      by: 'engine',
      content: { completeness: 'INCOMPLETE', timeline: { late: true } },
    });
  });

  test('awareness corrected backwards past three milestones: each is said, one alarm speaks for them, and the next rung comes at its new instant', async () => {
    const id = await settled(awareAt(hoursAgo(1)));
    await engine.send(
      id,
      {
        type: 'CorrectAwareness',
        key: 'awareAt',
        finding: finding(hoursAgo(61)),
        reason: 'the mail of Friday was read',
        confirms: null,
      },
      DPO,
    );
    await engine.until(
      id,
      (s) => s.notices.length > 0 && s.milestones.some((m) => m.id === 'aware+60h' && m.rounds > 0),
      'a draft and an alarm',
    );
    const events = await record(id);
    expect(
      reached(events)
        .filter((r) => r.because === 'already_past')
        .map((r) => r.id),
    ).toEqual(LADDER.slice(0, 3));
    expect(ofType(events, 'EscalationSent').map((e) => e.data.milestone)).toEqual(['declared', 'aware+60h']);
    const [moved] = ofType(events, 'DutyRecomputed');
    expect(Date.parse(moved?.data.before ?? '') - Date.parse(moved?.data.dueAt ?? '')).toBeCloseTo(60 * HOUR_MS, -5);
    await engine.send(id, { type: 'Acknowledge', milestone: null });
    await fastForward(engine.client, workflowId(id), 5.1);
    const next = reached(await record(id)).at(-1);
    expect(next).toMatchObject({ id: 'aware+66h', because: 'due' });
    expect(Date.parse(next?.at ?? '') - Date.parse(next?.dueAt ?? '')).toBeLessThan(5_000);
  });

  test('a suspicion that nobody decides for two days: louder at 24 and at 48 hours, then again and again, and never a breach by itself', async () => {
    const id = await settled({ awareness: {} });
    await fastForward(engine.client, workflowId(id), 24.01);
    await engine.until(id, (s) => s.milestones.some((m) => m.id === 'hint+24h' && m.rounds > 0), 'hint+24h');
    await engine.send(id, { type: 'Acknowledge', milestone: null });
    const deputy = 'deputy@hospital.example';
    expect(mailsAbout(id, deputy)).toHaveLength(0);
    await fastForward(engine.client, workflowId(id), 24);
    await engine.until(id, (s) => s.milestones.some((m) => m.id === 'hint+48h' && m.rounds > 0), 'hint+48h');
    await fastForward(engine.client, workflowId(id), 3);
    const state = await engine.until(
      id,
      (s) => s.milestones.some((m) => m.id === 'hint+48h' && m.rounds >= 3),
      'the alarm again',
    );
    const rungs = reached(await record(id)).filter((r) => r.id.startsWith('hint'));
    expect(rungs.map((r) => [r.id, r.because])).toEqual([
      ['hint+24h', 'due'],
      ['hint+48h', 'due'],
    ]);
    for (const rung of rungs) expect(Date.parse(rung.at) - Date.parse(rung.dueAt)).toBeLessThan(5_000);
    expect(mailsAbout(id, deputy).length).toBeGreaterThanOrEqual(3);
    expect(state).toMatchObject({ phase: 'suspected', duties: [{ kind: 'register' }] });
    expect(state.tasks.some((t) => t.kind === 'decide-suspicion' && t.doneAt === null)).toBe(true);
  });
});

describe('two people', () => {
  const declare = async (keyHash: string, actor: Actor) => {
    const incidentId = incidentIdFrom(keyHash, 'live');
    const declaration = aDeclaration({ incidentId, ...awareAt(toInstant(Date.now())) });
    return { incidentId, ...(await engine.gateway.declare({ declaration, actor, cause: { keyHash, bodyHash: 'b' } })) };
  };

  test('declare the same breach with a key each: two incidents, each with its clock; one is withdrawn as the duplicate of the other, by two', async () => {
    const [one, two] = await Promise.all([declare(key(), RESPONDER), declare(key(), DPO)]);
    expect([one.existed, two.existed]).toEqual([false, false]);
    const withdraw = {
      type: 'Withdraw',
      because: 'duplicate',
      duplicateOf: one.incidentId,
      reason: 'declared twice',
    } as const;
    await engine.send(two.incidentId, { ...withdraw, confirms: null }, DPO);
    const { withdrawalProposal } = await engine.gateway.state(two.incidentId);
    await engine.send(two.incidentId, { ...withdraw, confirms: withdrawalProposal?.proposal ?? '' }, APPROVER);
    await engine.client.workflow.getHandle(workflowId(two.incidentId)).result();
    expect((await engine.gateway.state(one.incidentId)).phase).toBe('confirmed');
    expect((await engine.stores.register.get(two.incidentId))?.withdrawn).toMatchObject({
      because: 'duplicate',
      duplicateOf: one.incidentId,
    });
  });

  test('send the same key at the same time: one incident, one run, one declaration', async () => {
    const shared = key();
    const answers = await Promise.all([
      declare(shared, RESPONDER),
      declare(shared, RESPONDER),
      declare(shared, RESPONDER),
    ]);
    const [{ incidentId }] = answers;
    expect(answers.filter(({ existed }) => !existed)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.incidentId)).size).toBe(1);
    expect(ofType(await record(incidentId), 'IncidentDeclared')).toHaveLength(1);
    expect(await historiesOf(engine.client, workflowId(incidentId))).toHaveLength(1);
  });

  test('send the same command with the same key at the same time: it is done once, and both get the answer', async () => {
    const id = await settled(awareAt(toInstant(Date.now())));
    const once = request({ type: 'RecordFacts', facts: [fact('breach.summary', 'said twice')] }, RESPONDER, {
      cause: aCause(key()),
    });
    const [one, two] = await Promise.all([engine.gateway.send(id, once), engine.gateway.send(id, once)]);
    expect(one.seq).toBe(two.seq);
    expect(ofType(await record(id), 'FactsRecorded')).toHaveLength(1);
  });
});

test('what is refused was never accepted: duplicates with another body, commands out of place, and nonsense leave no trace in the history', async () => {
  const id = await settled(awareAt(toInstant(Date.now())));
  const taken = request({ type: 'RecordFacts', facts: [fact('breach.summary', 'one')] }, RESPONDER, {
    cause: { keyHash: key(), bodyHash: 'a' },
  });
  await engine.gateway.send(id, taken);
  const { seq } = await engine.gateway.state(id);
  const before = acceptedUpdates(await history(id));
  const nonsense = [
    { type: 'Nonsense' },
    { type: 'RecordFacts' },
    { type: 'DecideRisk', level: 'RISK_NOT_HIGH' },
  ] as unknown as Command[];
  const refused: [Command, { keyHash: string; bodyHash: string }, string][] = [
    [taken.command, { keyHash: taken.cause?.keyHash ?? '', bodyHash: 'b' }, 'the same key with another body'],
    [{ type: 'Close', reason: 'done' }, aCause(key()), 'not to be closed yet'],
    [{ type: 'RecordFacts', facts: [] }, aCause(key()), 'no facts'],
    [{ type: 'ApproveNotice', phase: 1, sha256: '00', hold: false, setting: null }, aCause(key()), 'no such notice'],
    [
      {
        type: 'CorrectAwareness',
        key: 'awareAt',
        finding: finding(toInstant(Date.now() + HOUR_MS)),
        reason: 'r',
        confirms: null,
      },
      aCause(key()),
      'in the future',
    ],
    ...nonsense.map((command): [Command, { keyHash: string; bodyHash: string }, string] => [
      command,
      aCause(key()),
      'nonsense',
    ]),
  ];
  for (const [command, cause, why] of refused) {
    const outcome = await engine.gateway.send(id, request(command, DPO, { cause })).then(
      () => `${why} was taken`,
      () => 'refused',
    );
    expect(outcome).toBe('refused');
  }
  expect(acceptedUpdates(await history(id))).toEqual(before);
  expect((await engine.gateway.state(id)).seq).toBe(seq);
});

describe('while the database is away', () => {
  let filing: string;
  let ticking: string;
  let fresh: string;
  let whileAway: { notices: number; seqs: number[]; rung: Instant | null | undefined; freshAlarm: number };

  beforeAll(async () => {
    const aware = hoursAgo(23);
    [filing, ticking] = await Promise.all([settled(awareAt(hoursAgo(2))), settled(awareAt(aware))]);
    await engine.send(filing, { type: 'RecordFacts', facts: HOSPITAL_FACTS });
    await engine.send(filing, DECIDE, DPO);
    const { notices } = await engine.until(filing, (s) => s.notices.length > 0, 'a draft');
    await Promise.all([record(filing), record(ticking)]);

    engine.mongo.kill();
    await engine.mongo.ended;
    const seqs = [
      await engine.send(
        filing,
        { type: 'ApproveNotice', phase: 1, sha256: notices[0]?.draft.sha256 ?? '', hold: false, setting: null },
        APPROVER,
      ),
      await engine.send(filing, { type: 'RecordFacts', facts: [fact('measures.taken', 'The gap is closed.')] }),
    ];
    fresh = await engine.declare(awareAt(hoursAgo(1)));
    await goNear(ticking, toInstant(Date.parse(aware) + 24 * HOUR_MS), 2_000);
    await engine.until(filing, (s) => s.notices[0]?.deliveries['ex-authority']?.state === 'sent', 'the notice sent');
    const ticked = await engine.until(
      ticking,
      (s) => s.milestones.some((m) => m.id === 'aware+24h' && m.rounds > 0),
      'the milestone and its alarm',
    );
    await engine.until(fresh, (s) => s.milestones.some((m) => m.rounds > 0), 'the alarm of a new incident');
    whileAway = {
      seqs,
      notices: mailsAbout(filing, 'notices@authority.test').length,
      rung: ticked.milestones.find((m) => m.id === 'aware+24h')?.reachedAt,
      freshAlarm: mailsAbout(fresh, 'oncall@hospital.example').length,
    };
    const { port } = new URL(engine.mongo.url);
    later = await startMongo({ dataDir: join(engine.folder, 'mongo'), port: Number(port), env: ownEngines() });
  }, 120_000);

  test('commands are accepted, and the ledger catches up in order when it is back', async () => {
    const events = await record(filing);
    const [approved, recorded] = whileAway.seqs;
    expect(approved).toBeLessThan(recorded ?? 0);
    expect(ofType(events, 'NoticeApproved')[0]?.seq).toBeLessThanOrEqual(approved ?? 0);
    expect(events.some((e) => e.type === 'FactsRecorded' && e.data.facts.some((f) => f.id === 'measures.taken'))).toBe(
      true,
    );
  });

  test('an approved notice is filed, once', async () => {
    expect(whileAway.notices).toBe(1);
    const events = await record(filing);
    expect(ofType(events, 'NoticeSubmitted')).toHaveLength(1);
    expect(mailsAbout(filing, 'notices@authority.test')).toHaveLength(1);
  });

  test('the clock goes on: a milestone is reached at its instant and wakes people', async () => {
    const rung = reached(await record(ticking)).find(({ id }) => id === 'aware+24h');
    expect(rung?.at).toBe(whileAway.rung);
    expect(Date.parse(rung?.at ?? '') - Date.parse(rung?.dueAt ?? '')).toBeLessThan(5_000);
    expect(mailsAbout(ticking, 'dpo@hospital.example').length).toBeGreaterThanOrEqual(2);
  });

  test('an incident can be declared, with its alarm', async () => {
    expect(whileAway.freshAlarm).toBe(1);
    expect((await record(fresh))[0]).toMatchObject({ type: 'IncidentDeclared', seq: 1 });
  });
});
