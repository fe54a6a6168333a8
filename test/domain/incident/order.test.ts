import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import type { RiskLevel } from '../../../domain/risk/levels.js';
import { APPROVER, aDeclaration, DPO, fact, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';

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
