import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plusMs, toMs } from '../../../domain/clock/instant.js';
import type { Command } from '../../../domain/incident/commands.js';
import { isRunning } from '../../../domain/incident/decide/time.js';
import { nextEscalation } from '../../../domain/incident/effects.js';
import { fold } from '../../../domain/incident/evolve.js';
import type { Actor } from '../../../domain/incident/events.js';
import type { IncidentState } from '../../../domain/incident/state.js';
import { APPROVER, AWARE, aDeclaration, aSuspicion, DPO, fact, HOSPITAL_FACTS, Play, RESPONDER } from '../../build.js';

/** Any order of commands by anybody at any time: what must hold of every record. */

const actor = fc.constantFrom<Actor>(RESPONDER, DPO, APPROVER);
const finding = (hours: number) => ({
  at: plusMs(AWARE, hours * 3_600_000),
  zone: 'Europe/Dublin',
  source: 'generated',
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), hours: fc.double({ min: 0.01, max: 30, noNaN: true }) }),
  fc.record({ kind: fc.constant('aware' as const), hours: fc.integer({ min: -20, max: 20 }), who: actor }),
  fc.record({ kind: fc.constant('facts' as const), n: fc.nat(HOSPITAL_FACTS.length - 1), who: actor }),
  fc.record({
    kind: fc.constant('decide' as const),
    level: fc.constantFrom('HIGH_RISK', 'RISK_NOT_HIGH', 'UNLIKELY_RISK', 'MORE_INFO_NEEDED'),
    confirm: fc.boolean(),
    who: actor,
  }),
  fc.record({ kind: fc.constant('withdraw' as const), confirm: fc.boolean(), who: actor }),
  fc.record({ kind: fc.constant('acknowledge' as const), who: actor }),
  fc.record({ kind: fc.constant('close' as const), who: actor }),
  fc.record({ kind: fc.constant('reopen' as const), who: actor }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function commandFor(s: Exclude<Step, { kind: 'wait' }>, state: IncidentState): Command {
  switch (s.kind) {
    case 'aware':
      return state.awareness.awareAt
        ? {
            type: 'CorrectAwareness',
            key: 'awareAt',
            finding: finding(s.hours),
            reason: 'generated',
            confirms: state.awarenessProposal?.proposal ?? null,
          }
        : { type: 'ConfirmAwareness', awareness: { awareAt: finding(s.hours) }, reason: null, setting: null };
    case 'facts':
      return { type: 'RecordFacts', facts: [HOSPITAL_FACTS[s.n] ?? fact('breach.summary', 'x')] };
    case 'decide':
      return {
        type: 'DecideRisk',
        level: s.level as 'HIGH_RISK',
        reasons: 'generated',
        confirms: s.confirm ? (state.decisionProposal?.proposal ?? 'none') : null,
        setting: null,
      };
    case 'withdraw':
      return {
        type: 'Withdraw',
        because: 'not_a_breach',
        duplicateOf: null,
        reason: 'generated',
        confirms: s.confirm ? (state.withdrawalProposal?.proposal ?? 'none') : null,
      };
    case 'acknowledge':
      return { type: 'Acknowledge', milestone: null };
    case 'close':
      return { type: 'Close', reason: 'generated' };
    case 'reopen':
      return { type: 'Reopen', reason: 'generated' };
  }
}

const runs = fc.record({ suspected: fc.boolean(), steps: fc.array(step, { maxLength: 25 }) });

function play({ suspected, steps }: { suspected: boolean; steps: Step[] }): Play {
  const game = new Play(suspected ? aSuspicion() : aDeclaration());
  let at = AWARE;
  for (const s of steps) {
    if (s.kind === 'wait') {
      at = plusMs(at, Math.round(s.hours * 3_600_000));
      game.pass(at);
    } else {
      game.try(commandFor(s, game.state), at, s.who);
    }
  }
  return game;
}

test('whatever is commanded: the record counts from 1 without gaps, never runs backwards, and its fold is the state', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { events, state } = play(run);
      expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
      for (const [i, e] of events.entries()) expect(toMs(e.at)).toBeGreaterThanOrEqual(toMs(events[i - 1]?.at ?? e.at));
      expect(state).toEqual(fold(JSON.parse(JSON.stringify(events)))); // through JSON, as Temporal and the ledger keep it
    }),
    { numRuns: 200 },
  );
});

test('whatever is commanded: no milestone is reached before it is due, and none that is due is left out', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { events, state } = play(run);
      for (const e of events)
        if (e.type === 'MilestoneReached') expect(toMs(e.data.milestone.dueAt)).toBeLessThanOrEqual(toMs(e.at));
      for (const m of state.milestones)
        if (m.reachedAt === null) expect(toMs(m.dueAt)).toBeGreaterThan(toMs(state.lastAt));
    }),
    { numRuns: 200 },
  );
});

test('whatever is commanded: a duty to the authority is never lifted by one person alone', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { events } = play(run);
      for (const [i, e] of events.entries()) {
        if (e.type !== 'DutyExempted' || !e.data.duty.startsWith('authority-notice')) continue;
        const before = events.slice(0, i + 8);
        const proposers = before.flatMap((p) =>
          p.type === 'RiskDecisionProposed' || p.type === 'WithdrawalProposed' ? [p.actor.id] : [],
        );
        const deciders = before.flatMap((p) =>
          (p.type === 'RiskDecided' && p.data.level === 'UNLIKELY_RISK') || p.type === 'IncidentWithdrawn'
            ? [p.actor.id]
            : [],
        );
        expect(proposers.length).toBeGreaterThan(0);
        expect(deciders.some((d) => proposers.some((p) => p !== d))).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever is commanded: every duty carries its basis, and an open duty to an authority is due 72 hours after awareness', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { state } = play(run);
      for (const duty of state.duties) {
        expect(duty.basis.cite).toMatch(/^GDPR Art\. 3[34]/);
        if (duty.kind === 'authority-notice')
          expect(toMs(duty.dueAt ?? '')).toBe(toMs(state.awareness.awareAt?.at ?? '') + 72 * 3_600_000);
      }
    }),
    { numRuns: 200 },
  );
});

test('whatever is commanded: while a duty to the authority is overdue and open, somebody is or will be woken again', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { state } = play(run);
      const overdue = state.duties.some(
        (d) => d.kind === 'authority-notice' && d.state === 'open' && toMs(d.dueAt ?? '') < toMs(state.lastAt),
      );
      if (overdue && isRunning(state)) expect(nextEscalation(state)).toBeDefined();
    }),
    { numRuns: 400 },
  );
});
