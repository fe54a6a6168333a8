import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { strictDeadline } from '../../domain/clock/deadlines.js';
import { fold } from '../../domain/incident/evolve.js';
import { startTestEngine, type TestEngine } from '../helpers/engine.js';
import {
  byEmailWithPeople,
  byPortalAlone,
  countryThatArrivesLater,
  notNotified,
  reopenedByAFact,
  twoAuthorities,
  undecidedToTheEnd,
  withdrawnSuspicion,
} from './paths.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
}, 180_000);
afterAll(async () => {
  await engine?.stop();
}, 60_000);

const LONG = 120_000;
const mailTo = (address: string) => engine.catcher.messages().filter((m) => m.to.includes(address));

/** Whatever happened, the record is whole: the chain verifies, and view and register tell what the ledger tells. */
async function recordIsWhole(id: string) {
  const events = await engine.ledger(id);
  const state = fold(events);
  expect((await engine.stores.ledger.verifyChain(id)).ok).toBe(true);
  expect(await engine.stores.views.load(id)).toEqual(state);
  expect((await engine.stores.register.get(id))?.phase).toBe(state?.phase);
  return { events, state, types: events.map((e) => e.type) };
}

describe('a whole life on real engines', () => {
  test(
    'with an authority by e-mail and people told: one notice, one message each, and an entry in the register',
    async () => {
      const id = await byEmailWithPeople(engine);
      const { state } = await recordIsWhole(id);
      expect(state?.duties.map((d) => [d.id, d.state])).toEqual([
        ['register', 'discharged'],
        ['authority-notice/ex-authority', 'discharged'],
        ['people-message', 'discharged'],
      ]);
      const notices = mailTo('notices@authority.test').filter((m) => m.raw.includes(id));
      expect(notices).toHaveLength(1);
      for (const person of ['ann', 'ben', 'cem']) {
        const mails = mailTo(`${person}@people.example`);
        expect(mails.map((m) => m.to)).toEqual([[`${person}@people.example`]]);
      }
    },
    LONG,
  );

  test(
    'with an authority at a portal: nothing is mailed, a person files the pack, the receipt discharges the duty',
    async () => {
      const before = mailTo('notices@authority.test').length;
      const { state } = await recordIsWhole(await byPortalAlone(engine));
      expect(mailTo('notices@authority.test')).toHaveLength(before);
      expect(state?.duties.find((d) => d.kind === 'authority-notice')).toMatchObject({
        state: 'discharged',
        dischargedBy: 'receipt/1',
      });
    },
    LONG,
  );

  test(
    'a country that arrives later: one more authority is owed a notice in the running incident, gets it, and each duty ends with its receipt (R-505, R-831)',
    async () => {
      const { state, events } = await recordIsWhole(await countryThatArrivesLater(engine));
      expect(state?.duties.filter((d) => d.kind === 'authority-notice').map((d) => [d.to, d.state])).toEqual([
        ['unsettled', 'waived'],
        ['at-dsb', 'discharged'],
        ['pt-cnpd', 'discharged'],
        ['ch-edoeb', 'discharged'],
      ]);
      const due = state?.awareness.awareAt && strictDeadline(state.awareness.awareAt.at);
      expect(state?.duties.filter((d) => d.kind === 'authority-notice').map((d) => d.dueAt)).toEqual([
        due,
        due,
        due,
        null,
      ]);
      const rung = events.flatMap((e) => (e.type === 'EscalationSent' ? [e.data.milestone] : []));
      expect(rung.some((id) => id.startsWith('opened/'))).toBe(true);
      expect(mailTo('notices@authority.test').filter((m) => m.raw.includes(state?.id ?? '-'))).toHaveLength(2);
    },
    LONG,
  );

  test(
    'with two authorities: one content, an envelope for each, both duties discharged',
    async () => {
      const { state } = await recordIsWhole(await twoAuthorities(engine));
      expect(state?.duties.filter((d) => d.kind === 'authority-notice').map((d) => d.state)).toEqual([
        'discharged',
        'discharged',
      ]);
      expect(state?.notices).toHaveLength(1);
    },
    LONG,
  );

  test(
    'with a decision not to notify, taken by two: nobody is told, and the register says why',
    async () => {
      const id = await notNotified(engine);
      const { state, types } = await recordIsWhole(id);
      expect(types).not.toContain('NoticeSubmitted');
      expect(state?.duties.find((d) => d.kind === 'authority-notice')).toMatchObject({
        state: 'exempt',
        dischargedBy: 'R-204',
      });
      expect((await engine.stores.register.get(id))?.notNotifiedBecause).toContain('encrypted');
    },
    LONG,
  );

  test(
    'with a withdrawal: the case stays in the register with its reasons',
    async () => {
      const id = await withdrawnSuspicion(engine);
      await recordIsWhole(id);
      expect((await engine.stores.register.get(id))?.withdrawn).toMatchObject({ because: 'not_a_breach' });
    },
    LONG,
  );

  test(
    'with nobody deciding: every milestone comes at its instant and none before, and the late notice carries its reasons',
    async () => {
      const { state, types } = await recordIsWhole(await undecidedToTheEnd(engine));
      expect(types.filter((t) => t === 'MilestoneReached').length).toBeGreaterThanOrEqual(8);
      expect(state?.duties.find((d) => d.kind === 'authority-notice')?.state).toBe('discharged_late');
    },
    LONG,
  );

  test(
    'with a closed incident that a fact opens again: the record goes on where it ended',
    async () => {
      const { types, state } = await recordIsWhole(await reopenedByAFact(engine));
      expect(types.filter((t) => t === 'IncidentClosed')).toHaveLength(2);
      expect(types).toContain('IncidentReopened');
      expect(state?.phase).toBe('closed');
    },
    LONG,
  );
});
