import { expect, test } from '@jest/globals';
import type { RiskLevel } from '../../../domain/risk/levels.js';
import { APPROVER, aDeclaration, DPO, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';

/** Law enforcement asks to wait with telling people, and nothing is lost over that. */

const at = hoursAfter;
const HOLD = { type: 'HoldDuty', duty: 'people-message', requestedBy: 'police', basis: 'a law', caseRef: '7' } as const;
const RELEASE = { type: 'ReleaseDuty', duty: 'people-message', reason: 'the police have lifted it' } as const;
function decide(play: Play, level: RiskLevel, hours: number): Play {
  const command = { type: 'DecideRisk', level, reasons: 'because', setting: null } as const;
  play.do({ ...command, confirms: null }, at(hours), DPO);
  const confirms = play.state.decisionProposal?.proposal;
  return confirms === undefined ? play : play.do({ ...command, confirms }, at(hours), APPROVER);
}
const high = (): Play => decide(new Play(aDeclaration({ facts: HOSPITAL_FACTS })), 'HIGH_RISK', 1);
const held = (): Play => high().do({ ...HOLD, reviewAt: at(20) }, at(2));
const task = (play: Play, kind: string) => play.state.tasks.find((t) => t.kind === kind && t.doneAt === null)?.id;
const people = (play: Play) => play.state.duties.find((d) => d.kind === 'people-message')?.state;

test('the review of a hold ends with the duty that two people lift: nothing is left that nobody can do', () => {
  const play = held().pass(at(20));
  expect(task(play, 'review-hold')).toBeDefined();
  decide(play, 'RISK_NOT_HIGH', 21);
  expect([people(play), task(play, 'review-hold'), task(play, 'tell-people')]).toEqual([
    'exempt',
    undefined,
    undefined,
  ]);
});

test('while it is held nobody says that the people were told', () => {
  const play = held();
  const done = { type: 'CompleteTask', task: task(play, 'tell-people') ?? '', note: 'by letter' } as const;
  expect(play.refused(done, at(3))).toEqual(['already']);
  play.do(RELEASE, at(4)).do(done, at(5));
  expect(people(play)).toBe('discharged');
});

test('once it is released there is a task to tell the people, whatever became of the one before', () => {
  const play = held();
  const ticked = play.state.tasks.find((t) => t.kind === 'tell-people')?.id;
  const [last] = play.events.slice(-1); // as it was ticked off before that was refused
  if (ticked && last)
    play.events.push({ ...last, seq: last.seq + 1, type: 'TaskDone', cause: null, data: { task: ticked, note: 'x' } });
  expect(task(play, 'tell-people')).toBeUndefined();
  expect(task(play.do(RELEASE, at(4)), 'tell-people')).toBeDefined();
});

test('a hold names its case, and its release says why', () => {
  expect(high().refused({ ...HOLD, caseRef: ' ', reviewAt: at(20) }, at(2))).toEqual(['missing']);
  expect(held().refused({ ...RELEASE, reason: '…' }, at(4))).toEqual(['missing']);
});
