import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildNotice } from '../../../domain/notice/build.js';
import { stillOpen } from '../../../domain/incident/still-open.js';
import { aDeclaration, count, DPO, fact, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';
import { decideHigh } from './filed.js';

/** People told, and then more of them concerned, or other data of theirs (Art. 34, R-207). */

const at = hoursAfter;
const people = (play: Play) => play.state.duties.find(({ kind }) => kind === 'people-message')?.state;
const open = (play: Play) => play.state.tasks.find(({ kind, doneAt }) => kind === 'tell-people' && doneAt === null);
const told = (play: Play, hours = 5): Play =>
  play.do({ type: 'CompleteTask', task: open(play)?.id ?? '', note: 'by letter on 2 March' }, at(hours), DPO);
const record = (play: Play, ...facts: FactInput[]): Play => play.do({ type: 'RecordFacts', facts }, at(20), DPO);
const tellsAll = (policy = 3): Play => told(decideHigh(new Play(aDeclaration({ policy, facts: [...HOSPITAL_FACTS] }))));

// biome-ignore format: a table is read by the row
const rows = [
  [3, [fact('people.count', count(50_000))], 'open', 'of 48 800 more nobody says that they were told'],
  [3, [fact('data.categories', ['BASIC', 'CONTACT', 'HEALTH', 'PAYMENT'])], 'open', 'nobody was told that payment data are among them'],
  [3, [fact('people.count', { min: 1000, max: 1200 })], 'discharged', 'it is fewer'],
  [3, [fact('people.count', { min: 1200, max: 1500 }, 'estimated')], 'discharged', 'as many are certain as before'],
  [3, [fact('data.categories', ['BASIC', 'HEALTH'])], 'discharged', 'it is less'],
  [3, [fact('people.count', null, 'pending')], 'discharged', 'nothing more is known'],
  [2, [fact('people.count', count(50_000))], 'discharged', 'an incident of before is decided as it was'],
] as const;
for (const [policy, facts, state, why] of rows)
  test(`told, and then other facts: the duty is ${state}: ${why}`, () => {
    const play = record(tellsAll(policy), ...facts);
    expect([people(play), open(play) !== undefined]).toEqual([state, state === 'open']);
  });

test('what was found since is said, and until the people know it the notice is incomplete', () => {
  const play = record(tellsAll(), fact('data.categories', ['HEALTH', 'PAYMENT']));
  const why = stillOpen(play.state).find(({ id }) => id === 'people-message');
  expect(why?.because.join(' ')).toContain('Found since they were told: PAYMENT (data.categories).');
  expect(
    buildNotice({ state: play.state, at: at(21), rules: 'test', previous: null, withdraw: null }).completeness,
  ).toBe('INCOMPLETE');
  expect(people(told(play, 22))).toBe('discharged');
});

test('below a high risk nothing is owed for more; decided high again it is', () => {
  const play = tellsAll();
  const lower = { type: 'DecideRisk', level: 'MORE_INFO_NEEDED', reasons: 'r', confirms: null, setting: null } as const;
  record(play.do(lower, at(10), DPO), fact('people.count', count(50_000)));
  expect(people(play)).toBe('discharged');
  expect(people(decideHigh(play, at(30)))).toBe('open');
});
