import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { nextSteps } from '../../../domain/incident/next-steps.js';
import { APPROVER, aDeclaration, anOrganisation, aSetting, DPO, fact, hoursAfter, Play } from '../../build.js';

/** A duty to a controller that rested on a mistaken fact ends truthfully: by two people, under R-120, without anybody saying that it was told. */

const at = hoursAfter;
const record = (play: Play, hours: number, ...facts: FactInput[]) => play.do({ type: 'RecordFacts', facts }, at(hours));
const duty = (play: Play, to = 'controller-1') => play.state.duties.find((d) => d.to === to);
const open = (play: Play, about: string) => play.state.tasks.some((t) => t.about === about && t.doneAt === null);
const ONE = 'controller-notice/controller-1';
const exempt = (id: string, rule: string) =>
  ({ type: 'ExemptDuty', duty: id, reason: 'entered by mistake', rule, proof: 'the contract' }) as const;
function lift(play: Play, id = ONE, rule = 'R-120'): Play {
  play.do(exempt(id, rule), at(5), DPO);
  return play.do({ ...exempt(id, rule), confirms: play.state.exemptionProposal?.proposal ?? '' }, at(5), APPROVER);
}
const named = (...controllers: string[]) => fact('parties.controllers', controllers);
const asProcessor = () =>
  new Play(aDeclaration({ setting: aSetting({ organisation: anOrganisation({ role: 'processor' }) }) }));

// biome-ignore format: a table is read by the row
const mistakes: readonly (readonly [string, Play, FactInput[], string])[] = [
  ['the part was recorded wrongly', record(new Play(), 1, fact('parties.role', 'PROCESSOR')), [fact('parties.role', 'CONTROLLER')], 'controller-1'],
  ['a controller was named that is none', record(new Play(), 1, named('Clinic A')), [fact('parties.controllers', null, 'not_applicable')], 'controller-1'],
  ['one of two was named by mistake', record(new Play(), 1, named('Clinic A', 'Clinic B')), [named('Clinic A')], 'controller-2'],
  ['a processor by its description held data of its own', asProcessor(), [fact('parties.role', 'CONTROLLER')], 'controller-1'],
];
for (const [why, play, corrected, to] of mistakes)
  test(`corrected, a duty to a controller is proposed for lifting and two people lift it: ${why}`, () => {
    const id = `controller-notice/${to}`;
    expect(play.refused(exempt(id, 'R-120'), at(2), DPO)).toEqual(['contradiction']); // while the record says so it is owed
    record(play, 3, ...corrected);
    expect([duty(play, to)?.state, open(play, id)]).toEqual(['open', true]); // nothing is dropped by itself
    expect(nextSteps(play.state).map(({ command }) => command)).toContain(
      `seventytwo duty BR-7K3M-9QXD ${id} exempt --rule R-120 --reason "…" --proof "…"`,
    );
    lift(play, id);
    expect([
      duty(play, to)?.state,
      duty(play, to)?.dischargedBy,
      open(play, id),
      open(play, `tell-controller/${to}`),
    ]).toEqual(['waived', 'R-120', false, false]);
  });

test('what was lifted is owed again, with its task, when the facts say so after all', () => {
  const play = record(record(new Play(), 1, fact('parties.role', 'BOTH')), 3, fact('parties.role', 'CONTROLLER'));
  record(lift(play), 6, fact('parties.role', 'BOTH'));
  expect([duty(play)?.state, open(play, 'tell-controller/controller-1'), open(play, ONE)]).toEqual([
    'open',
    true,
    false,
  ]);
});

test('a fact put right before anybody lifted the duty ends the proposal, and not the duty', () => {
  const play = record(record(new Play(), 1, fact('parties.role', 'BOTH')), 3, fact('parties.role', 'CONTROLLER'));
  record(play, 4, fact('parties.role', 'BOTH'));
  expect([duty(play)?.state, open(play, ONE)]).toEqual(['open', false]);
});

test('an exemption from telling people lifts no word to a controller, and the refusal says what does', () => {
  const play = record(new Play(), 1, fact('parties.role', 'BOTH'));
  const decision = play.try(exempt(ONE, 'R-414'), at(2), DPO);
  expect('refusals' in decision && JSON.stringify(decision.refusals)).toMatch(/Art\. 33\(2\).*R-120/);
});

test('an authority’s duty is not lifted under the rule for controllers, nor one to a controller under that for authorities', () => {
  const play = record(record(new Play(), 1, fact('parties.role', 'BOTH')), 3, fact('parties.role', 'CONTROLLER'));
  const refused = [exempt('authority-notice/ex-authority', 'R-120'), exempt(ONE, 'R-501')].map(
    (command) => play.refused(command, at(4), DPO).length > 0,
  );
  expect(refused).toEqual([true, true]);
});

test('whom to tell is told all the same where a person says why', () => {
  const play = record(record(new Play(), 1, fact('parties.role', 'BOTH')), 3, fact('parties.role', 'CONTROLLER'));
  const task = play.state.tasks.find(({ about }) => about === ONE)?.id ?? '';
  expect(play.refused({ type: 'CompleteTask', task, note: null }, at(4), DPO)).toEqual(['missing']);
  play.do({ type: 'CompleteTask', task, note: 'it asked to hear of every incident' }, at(4), DPO);
  expect([duty(play)?.state, open(play, ONE)]).toEqual(['open', false]);
});

test('an incident of policy 2 keeps its duties as they were opened', () => {
  const play = new Play(
    aDeclaration({ policy: 2, setting: aSetting({ organisation: anOrganisation({ role: 'processor' }) }) }),
  );
  expect(play.refused(exempt(ONE, 'R-120'), at(2), DPO)).toContain('not-holdable');
});
