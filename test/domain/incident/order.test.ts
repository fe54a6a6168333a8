import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import type { RiskLevel } from '../../../domain/risk/levels.js';
import { APPROVER, aDeclaration, aSuspicion, DPO, fact, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';

/** What the authority orders stands until the authority says otherwise (Art. 34(4), Art. 58(2)(e), R-419). */

const at = hoursAfter;
const ORDER = fact('order.byAuthority', 'ORDERED_BY_SA');
const record = (play: Play, hours: number, ...facts: FactInput[]) => play.do({ type: 'RecordFacts', facts }, at(hours));
/** One person, and a second one where it takes two. */
function decide(play: Play, level: RiskLevel, hours: number): Play {
  const command = { type: 'DecideRisk', level, reasons: 'because', setting: null } as const;
  play.do({ ...command, confirms: null }, at(hours), DPO);
  const confirms = play.state.decisionProposal?.proposal;
  return confirms === undefined ? play : play.do({ ...command, confirms }, at(hours), APPROVER);
}
const high = (): Play => decide(new Play(aDeclaration({ facts: HOSPITAL_FACTS })), 'HIGH_RISK', 1);
const people = (play: Play) => play.state.duties.find((d) => d.kind === 'people-message');
const toTell = (play: Play) => play.state.tasks.some((t) => t.kind === 'tell-people' && t.doneAt === null);

for (const level of ['RISK_NOT_HIGH', 'UNLIKELY_RISK'] as const)
  test(`a duty to tell people that was open before the order outlasts a decision of ${level}`, () => {
    const play = decide(record(high(), 2, ORDER), level, 3);
    expect([people(play)?.state, people(play)?.basis.rule, toTell(play)]).toEqual(['open', 'R-419', true]);
  });

test('the order changes the ground of an open duty, and puts off neither the duty nor its alarm', () => {
  const play = record(high(), 20, ORDER);
  expect(people(play)).toMatchObject({ state: 'open', openedAt: at(1), basis: { rule: 'R-419' } });
  expect(play.state.milestones.find(({ kind }) => kind === 'people')?.dueAt).toBe(at(25));
});

test('an order leaves a hold of law enforcement in its place', () => {
  const hold = {
    type: 'HoldDuty',
    duty: 'people-message',
    requestedBy: 'police',
    basis: 'a law',
    caseRef: '7',
  } as const;
  const play = record(high().do({ ...hold, reviewAt: at(50) }, at(2)), 3, ORDER);
  expect(people(play)).toMatchObject({ state: 'held', hold: { caseRef: '7' }, basis: { rule: 'R-419' } });
});

test('an order that is known at the declaration opens the duty, and a risk that is not high leaves it open', () => {
  const play = new Play(aDeclaration({ facts: [ORDER] }));
  expect([people(play)?.state, people(play)?.basis.rule, toTell(play)]).toEqual(['open', 'R-419', true]);
  expect(people(decide(play, 'RISK_NOT_HIGH', 1))?.state).toBe('open');
});

test('an order that is known while the breach is only suspected opens the duty with awareness', () => {
  const play = record(new Play(aSuspicion()), 1, ORDER);
  expect(people(play)).toBeUndefined();
  const awareAt = { at: at(2), zone: 'Europe/Dublin', source: 'logs' };
  play.do({ type: 'ConfirmAwareness', awareness: { awareAt }, reason: null, setting: null }, at(2));
  expect([people(play)?.state, people(play)?.basis.rule, toTell(play)]).toEqual(['open', 'R-419', true]);
});

test('an order is heeded once the data turn out to be one’s own and not held for others', () => {
  const play = new Play(aDeclaration({ facts: [ORDER, fact('parties.role', 'PROCESSOR')] }));
  expect(people(play)).toBeUndefined();
  expect(people(record(play, 1, fact('parties.role', 'CONTROLLER')))).toMatchObject({ state: 'open' });
});

test('an order that was recorded by mistake ends: the ground of a high risk comes back', () => {
  const play = record(record(high(), 2, ORDER), 3, fact('order.byAuthority', 'NONE'));
  expect(people(play)).toMatchObject({ state: 'open', openedAt: at(1), basis: { rule: 'R-401' } });
});

test('a duty that only a mistaken order opened is decided anew, and two people lift it', () => {
  const play = decide(new Play(aDeclaration()), 'RISK_NOT_HIGH', 1);
  record(record(play, 2, ORDER), 3, fact('order.byAuthority', 'NONE'));
  expect(people(play)?.state).toBe('open');
  expect(play.state.tasks.some((t) => t.kind === 'decide-risk' && t.doneAt === null)).toBe(true);
  expect(people(decide(play, 'RISK_NOT_HIGH', 4))?.state).toBe('exempt');
  expect(toTell(play)).toBe(false);
});

test('an order of which nothing is known any more still stands: only another word of the authority ends it', () => {
  const play = record(record(high(), 2, ORDER), 3, fact('order.byAuthority', null, 'pending'));
  expect(people(decide(play, 'RISK_NOT_HIGH', 4))?.state).toBe('open');
});

test('what the authority found exempt is not owed again because one person decides a high risk once more', () => {
  const play = record(high(), 2, fact('order.byAuthority', 'SA_CONFIRMED_EXEMPT'));
  const command = {
    type: 'ExemptDuty',
    duty: 'people-message',
    reason: 'so',
    rule: 'R-419',
    proof: 'letter 7',
  } as const;
  play.do(command, at(3), DPO);
  play.do({ ...command, confirms: play.state.exemptionProposal?.proposal ?? '' }, at(3), APPROVER);
  expect(people(decide(play, 'HIGH_RISK', 4))).toMatchObject({ state: 'exempt', dischargedBy: 'R-419' });
  expect(people(record(play, 5, fact('order.byAuthority', 'NONE')))?.state).toBe('open');
});

test('a high risk that two people held no longer to be one is decided again: people are to be told', () => {
  const play = decide(decide(high(), 'RISK_NOT_HIGH', 2), 'HIGH_RISK', 3);
  expect(people(play)).toMatchObject({ state: 'open', basis: { rule: 'R-401' } });
});

// biome-ignore format: a table is read by the row
const toldBefore = [
  [3, true, 'whether that is what it orders is asked, and the incident does not close before'],
  [2, false, 'an incident of before is decided as it was'],
] as const;
for (const [policy, asked, why] of toldBefore)
  test(`an order that comes after the people were told, policy ${policy}: ${why}`, () => {
    const play = new Play(aDeclaration({ policy, facts: HOSPITAL_FACTS })).do(
      { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'patients', confirms: null, setting: null },
      at(1),
      DPO,
    );
    const task = (about: string) => play.state.tasks.find((t) => t.about === about && t.doneAt === null)?.id;
    play.do({ type: 'CompleteTask', task: task('people') ?? '', note: 'by letter on 3 March' }, at(2), DPO);
    record(play, 3, ORDER);
    expect([people(play)?.state, task('order-after-telling') !== undefined]).toEqual(['discharged', asked]);
    if (!asked) return;
    const done = { type: 'CompleteTask', task: task('order-after-telling') ?? '' } as const;
    expect(play.refused({ ...done, note: null }, at(4), DPO)).toEqual(['missing']);
    record(play, 5, fact('breach.summary', 'More is known.'));
    play.do({ ...done, note: 'the letter says all that the order asks' }, at(6), DPO);
    record(play, 7, fact('breach.summary', 'Still more is known.'));
    expect([people(play)?.state, task('order-after-telling')]).toEqual(['discharged', undefined]);
  });
