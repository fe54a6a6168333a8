import { expect, test } from '@jest/globals';
import {
  APPROVER,
  aDeclaration,
  anOrganisation,
  aSetting,
  byEmail,
  DPO,
  fact,
  HOSPITAL_FACTS,
  hoursAfter,
  Play,
} from '../../build.js';

/** An incident that was taken for none and is one after all: whoever would have had to be told is to be told. */

const at = hoursAfter;
const open = (play: Play) =>
  play.state.duties.filter((d) => d.state === 'open' && d.kind !== 'register').map(({ id }) => id);
const tasks = (play: Play) => play.state.tasks.filter((t) => t.doneAt === null).map((t) => `${t.kind} ${t.about}`);
/** Two people. */
function withdraw(play: Play, hours: number): Play {
  const command = { type: 'Withdraw', because: 'not_a_breach', duplicateOf: null, reason: 'test data' } as const;
  play.do({ ...command, confirms: null }, at(hours), DPO);
  return play.do({ ...command, confirms: play.state.withdrawalProposal?.proposal ?? '' }, at(hours), APPROVER);
}
const reopen = (play: Play, hours: number): Play =>
  play.do({ type: 'Reopen', reason: 'it was one after all' }, at(hours));
const high = (play: Play): Play =>
  play.do({ type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'patients', confirms: null, setting: null }, at(1));

const aProcessor = (policy = 3): Play =>
  new Play(
    aDeclaration({
      policy,
      facts: [fact('parties.role', 'PROCESSOR'), fact('parties.controllers', ['A clinic', 'A school'])],
      setting: aSetting({ organisation: anOrganisation({ role: 'processor' }) }),
    }),
  );

test('a processor owes each of its controllers word again, and is asked for no level of risk (R-240, R-243)', () => {
  const play = reopen(withdraw(aProcessor(), 2), 10);
  expect(open(play)).toEqual(['controller-notice/controller-1', 'controller-notice/controller-2']);
  expect(tasks(play)).toEqual(['other tell-controller/controller-1', 'other tell-controller/controller-2']);
  expect(play.refused({ type: 'Close', reason: 'done' }, at(11))).toEqual(['still-owed']);
});

test('a controller that was told before the withdrawal is not told once more', () => {
  const play = aProcessor();
  const task = play.state.tasks.find((t) => t.about === 'tell-controller/controller-1')?.id ?? '';
  play.do({ type: 'CompleteTask', task, note: 'by telephone' }, at(1));
  expect(open(reopen(withdraw(play, 2), 10))).toEqual(['controller-notice/controller-2']);
});

test('a fact that opens a closed case again asks a processor for no level of risk', () => {
  const play = aProcessor();
  for (const { id } of play.state.tasks) play.do({ type: 'CompleteTask', task: id, note: 'by telephone' }, at(1));
  play.do({ type: 'Close', reason: 'every controller was told' }, at(2));
  play.do({ type: 'RecordFacts', facts: [fact('data.categories', ['HEALTH'])] }, at(3));
  expect([play.state.phase, ...tasks(play)]).toEqual(['notifying']);
});

test('people at high risk are to be told again (R-401)', () => {
  const play = reopen(withdraw(high(new Play(aDeclaration({ facts: HOSPITAL_FACTS }))), 2), 10);
  expect(open(play)).toEqual(['authority-notice/ex-authority', 'people-message']);
  expect(tasks(play)).toContain('tell-people people');
});

test('people are told again because the authority ordered it, whatever the risk (R-419)', () => {
  const play = new Play(aDeclaration({ facts: [fact('order.byAuthority', 'ORDERED_BY_SA')] }));
  expect(open(reopen(withdraw(play, 2), 10))).toContain('people-message');
});

test('a public communication that the withdrawal stopped is owed again (R-417)', () => {
  const play = high(new Play(aDeclaration({ facts: HOSPITAL_FACTS })));
  const claim = { type: 'ExemptDuty', duty: 'people-message', reason: 'so', rule: 'R-417', proof: 'report 7' } as const;
  play.do(claim, at(2), DPO);
  play.do({ ...claim, confirms: play.state.exemptionProposal?.proposal ?? '' }, at(2), APPROVER);
  expect(tasks(reopen(withdraw(play, 3), 10))).toContain('other public-communication');
});

test('what two people lifted for another reason stays lifted', () => {
  const play = high(
    new Play(
      aDeclaration({
        facts: [...HOSPITAL_FACTS, fact('measures.riskRemoved', true)],
        setting: aSetting({ authorities: [byEmail()] }),
      }),
    ),
  );
  const claim = { type: 'ExemptDuty', duty: 'people-message', reason: 'so', rule: 'R-416', proof: 'report 7' } as const;
  play.do(claim, at(2), DPO);
  play.do({ ...claim, confirms: play.state.exemptionProposal?.proposal ?? '' }, at(2), APPROVER);
  expect(open(reopen(withdraw(play, 3), 10))).toEqual(['authority-notice/ex-authority']);
});
