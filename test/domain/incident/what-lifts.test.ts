import { describe, expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { APPROVER, aDeclaration, DPO, fact, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';

/** What lifts a duty lifts it as long as it is so (Art. 34(3), R-204, R-207, R-414 to R-419). */

const at = hoursAfter;
const high = (policy = 3): Play =>
  new Play(aDeclaration({ policy, facts: HOSPITAL_FACTS })).do(
    { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'patients', confirms: null, setting: null },
    at(1),
  );
const record = (play: Play, hours: number, ...facts: FactInput[]) => play.do({ type: 'RecordFacts', facts }, at(hours));
const state = (play: Play, kind = 'people-message') => play.state.duties.find((d) => d.kind === kind)?.state;
function exempt(play: Play, rule: string, hours = 3): Play {
  const command = { type: 'ExemptDuty', duty: 'people-message', reason: 'so', rule, proof: 'report 7' } as const;
  play.do(command, at(hours), DPO);
  return play.do({ ...command, confirms: play.state.exemptionProposal?.proposal ?? '' }, at(hours), APPROVER);
}

// biome-ignore format: a table is read by the row
const grounds: readonly [string, string, FactInput, FactInput, string][] = [
  ['(b): the risk was not removed after all', 'R-416', fact('measures.riskRemoved', true), fact('measures.riskRemoved', false), 'open'],
  ['(b): other facts, the same ground', 'R-416', fact('measures.riskRemoved', true), fact('breach.summary', 'More is known.'), 'exempt'],
  ['the authority takes its word back', 'R-419', fact('order.byAuthority', 'SA_CONFIRMED_EXEMPT'), fact('order.byAuthority', 'NONE'), 'open'],
  ['the authority orders it after all', 'R-419', fact('order.byAuthority', 'SA_CONFIRMED_EXEMPT'), fact('order.byAuthority', 'ORDERED_BY_SA'), 'open'],
];
for (const [why, rule, before, after, expected] of grounds)
  test(`an exemption stands as long as its ground: ${why}`, () => {
    const play = record(exempt(record(high(), 2, before), rule), 4, after);
    expect(state(play)).toBe(expected);
    expect(play.state.tasks.some((t) => t.kind === 'tell-people' && t.doneAt === null)).toBe(expected === 'open');
  });

test('a closed incident opens again with the duty to tell people when the ground of its exemption is gone', () => {
  const play = exempt(record(high(), 2, fact('measures.riskRemoved', true)), 'R-416');
  const lower = { type: 'DecideRisk', level: 'UNLIKELY_RISK', reasons: 'gone', setting: null } as const;
  play.do({ ...lower, confirms: null }, at(4), DPO);
  play.do({ ...lower, confirms: play.state.decisionProposal?.proposal ?? '' }, at(4), APPROVER);
  play.do({ type: 'Close', reason: 'nothing is owed' }, at(5));
  record(play, 6, fact('measures.riskRemoved', false));
  expect([play.state.phase, state(play), state(play, 'authority-notice')]).toEqual(['notifying', 'open', 'open']);
});

describe('Art. 34(3)(c) changes the form and not the duty', () => {
  const publicly = () =>
    exempt(record(high(), 2, fact('communication.exemption', 'C_DISPROPORTIONATE_EFFORT')), 'R-417');
  const rung = (play: Play) => play.reached().find(({ id }) => id === 'people+24h')?.owed;

  test('its alarm goes on until the public communication is out', () =>
    expect(rung(publicly().pass(at(26)))).toBe(true));
  test('and ends with it', () => {
    const play = publicly();
    const task = play.state.tasks.find((t) => t.about === 'public-communication')?.id ?? '';
    play.do({ type: 'CompleteTask', task, note: 'on the first page, from Monday on' }, at(10)).pass(at(26));
    expect(rung(play)).toBe(false);
  });
});

// biome-ignore format: a table is read by the row
const open = [
  [3, 'open', 'open again is no finding that a risk is unlikely'],
  [2, 'exempt', 'an incident of before is decided as it was'],
] as const;
for (const [policy, expected, why] of open)
  test(`MORE_INFO_NEEDED after UNLIKELY_RISK, policy ${policy}: ${why} (R-204)`, () => {
    const play = new Play(aDeclaration({ policy }));
    const lower = { type: 'DecideRisk', level: 'UNLIKELY_RISK', reasons: 'locked', setting: null } as const;
    play.do({ ...lower, confirms: null }, at(1), DPO);
    play.do({ ...lower, confirms: play.state.decisionProposal?.proposal ?? '' }, at(1), APPROVER);
    play.do({ type: 'DecideRisk', level: 'MORE_INFO_NEEDED', reasons: 'new', confirms: null, setting: null }, at(2));
    expect(state(play, 'authority-notice')).toBe(expected);
  });

// biome-ignore format: a table is read by the row
const reviews = [
  [10, ['contradiction'], 'at this very instant: there is nothing left to wait for'],
  [10.001, [], 'a moment from now'],
  [10 + 7 * 24, [], 'seven days on, the last that is allowed'],
  [10 + 7 * 24 + 0.001, ['hold-too-long'], 'later than that'],
] as const;
for (const [hours, refused, why] of reviews)
  test(`a hold is reviewed ${why} (R-443)`, () =>
    expect(
      high().refused(
        {
          type: 'HoldDuty',
          duty: 'people-message',
          requestedBy: 'Police',
          basis: 'law',
          caseRef: '1',
          reviewAt: at(hours),
        },
        at(10),
      ),
    ).toEqual([...refused]));

test('an incident of policy 2 keeps its exemption whatever becomes of the ground', () => {
  const play = exempt(record(high(2), 2, fact('measures.riskRemoved', true)), 'R-416');
  expect(state(record(play, 4, fact('measures.riskRemoved', false)))).toBe('exempt');
});

describe('a risk that is unlikely because the data were encrypted (R-208, R-627)', () => {
  const KEY = 'protection.keySafe';
  /** Nothing is said of `data.unintelligible`: all rests on the key. */
  function locked(policy = 3): Play {
    const play = new Play(
      aDeclaration({ policy, facts: [fact(KEY, true), fact('breach.nature', ['CONFIDENTIALITY'])] }),
    );
    const lower = { type: 'DecideRisk', level: 'UNLIKELY_RISK', reasons: 'locked', setting: null } as const;
    play.do({ ...lower, confirms: null }, at(1), DPO);
    return play.do({ ...lower, confirms: play.state.decisionProposal?.proposal ?? '' }, at(1), APPROVER);
  }
  // biome-ignore format: a table is read by the row
  const after: readonly [string, FactInput, string][] = [
    ['the key was taken', fact(KEY, false), 'open'],
    ['whether the key is safe is being found out', fact(KEY, null, 'pending'), 'open'],
    ['whether the key is safe cannot be found out', fact(KEY, null, 'undeterminable'), 'open'],
    ['the key is safe, and more is known', fact('protection.keyStrong', true), 'exempt'],
    ['what nobody relied on cannot be found out', fact('protection.keyStrong', null, 'undeterminable'), 'exempt'],
  ];
  for (const [why, later, expected] of after)
    test(`the notice is ${expected === 'open' ? 'owed again' : 'not owed'}: ${why}`, () =>
      expect(state(record(locked(), 9, later), 'authority-notice')).toBe(expected));

  test('what was decided upon counts, and not what was recorded last', () => {
    const play = record(locked(), 9, fact(KEY, null, 'pending'));
    const lower = { type: 'DecideRisk', level: 'UNLIKELY_RISK', reasons: 'still', setting: null } as const;
    play.do({ ...lower, confirms: null }, at(10), DPO);
    play.do({ ...lower, confirms: play.state.decisionProposal?.proposal ?? '' }, at(10), APPROVER);
    expect(state(play, 'authority-notice')).toBe('exempt'); // decided without the key: its loss takes nothing away
    expect(state(record(play, 11, fact('protection.keyStrong', true)), 'authority-notice')).toBe('exempt');
  });

  test('an incident of policy 2 compares with the fact before', () =>
    expect(
      state(record(record(locked(2), 9, fact(KEY, null, 'pending')), 10, fact(KEY, false)), 'authority-notice'),
    ).toBe('exempt'));
});
