import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toInstant } from '../../domain/clock/instant.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import { aSetting } from '../build.js';
import { startTestEngine, type TestEngine } from '../helpers/engine.js';
import { fastForward } from '../helpers/fast-forward.js';

/** What must hold however many fall due together; how fast is the business of `npm run bench -- lateness`. */

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const MANY = 25;
const MILESTONE = 'aware+24h';
const WEEK_MINUTES = 7 * 24 * 60; // the first call is not repeated meanwhile

test('of many incidents whose 24 hours are over together none is missed, and none is reached or called twice', async () => {
  const playbook = { ...DEFAULT_PLAYBOOK, repeatAfterMinutes: WEEK_MINUTES, thenEveryMinutes: WEEK_MINUTES };
  const awareness = { awareAt: { at: toInstant(Date.now()), zone: 'Europe/Dublin', source: 'on-call' } };
  const ids = await Promise.all(
    Array.from({ length: MANY }, () => engine.declare({ awareness, setting: aSetting({ playbook }) })),
  );
  await Promise.all(
    ids.map((id) => engine.until(id, (s) => s.proposal !== null && s.lastEscalation !== null, 'its first call')),
  );
  await Promise.all(ids.map((id) => fastForward(engine.client, `incident/${id}`, 24.1)));

  const outcomes = await Promise.all(
    ids.map(async (id) => {
      await engine.until(id, (s) => s.milestones.some((m) => m.id === MILESTONE && m.rounds > 0), 'the call at 24 h');
      const { seq } = await engine.gateway.state(id);
      while (((await engine.stores.ledger.head(id))?.seq ?? 0) < seq) await delay(30);
      const events = await engine.ledger(id);
      const called = events.filter((e) => e.type === 'EscalationSent' && e.data.milestone === MILESTONE);
      return {
        reached: events.filter((e) => e.type === 'MilestoneReached' && e.data.milestone.id === MILESTONE).length,
        rounds: called.map((e) => e.type === 'EscalationSent' && e.data.round),
        gapless: events.every((e, i) => e.seq === i + 1),
      };
    }),
  );
  expect(outcomes).toEqual(ids.map(() => ({ reached: 1, rounds: [1], gapless: true })));
  const mails = engine.catcher.messages().flatMap(({ raw, to }) => {
    const messageId = /^Message-ID:\s*<([^>]+)>/im.exec(raw.toString('latin1'))?.[1] ?? 'none';
    return to.map((address) => ({ messageId, once: `<${messageId}> to ${address}` }));
  });
  const twice = mails.map(({ once }) => once).filter((once, i, all) => all.indexOf(once) !== i);
  const notCalled = ids.filter(
    (id) => !mails.some(({ messageId }) => messageId.startsWith(`alarm.${id}.aware-24h.1.`)),
  );
  expect({ notCalled, twice }).toEqual({ notCalled: [], twice: [] });
});
