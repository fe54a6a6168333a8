import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../../domain/incident/commands.js';
import { draftDue } from '../../../domain/incident/effects.js';
import { registerEntry } from '../../../domain/incident/register-entry.js';
import { sentence } from '../../../domain/incident/sentences.js';
import type { Telling } from '../../../domain/incident/telling.js';
import { buildNotice } from '../../../domain/notice/build.js';
import { toForm } from '../../../domain/notice/form.js';
import { noticeOverview } from '../../../domain/notice/overview.js';
import { APPROVER, aDeclaration, DPO, fact, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';
import { decideHigh, filed } from './filed.js';

/** People told by letter or publicly: with the day, the number, the means and the text (F-51, F-54 to F-56, R-231). */

const at = hoursAfter;
const LETTERS: Telling = {
  on: '2026-03-03',
  number: 1200,
  means: ['INDIVIDUAL'],
  text: 'Dear patient, records were copied.',
};
const begun = (): Play => decideHigh(new Play(aDeclaration({ facts: [...HOSPITAL_FACTS] })));
const taskOf = (play: Play): string => play.state.tasks.find(({ kind }) => kind === 'tell-people')?.id ?? '';
const done = (play: Play, told?: Telling | null, note: string | null = null): Command => ({
  type: 'CompleteTask',
  task: taskOf(play),
  note,
  ...(told !== undefined && { told }),
});
const content = (play: Play) =>
  buildNotice({ state: play.state, at: at(60), rules: 'test', previous: null, withdraw: null });
const form = (play: Play) => toForm(content(play), { earlierReference: null, releasedAt: at(60) });
const rows = (play: Play) => [97, 98, 102, 103, 104, 105, 106].map((no) => form(play)[`field_${no}`]);
const missing = (play: Play) =>
  noticeOverview(content(play), { earlierReference: null, releasedAt: at(60) }).missing.join(' ');
const people = (play: Play) => play.state.duties.find(({ kind }) => kind === 'people-message')?.state;

describe('the notice', () => {
  test('tells of letters their day, not that of ticking, their number, means and text', () =>
    expect(rows(begun().do(done(begun(), LETTERS), at(50), DPO))).toEqual([
      'a',
      '2026-03-03',
      'a',
      undefined,
      ['a'],
      undefined,
      'Dear patient, records were copied.',
    ]));

  test('of fewer than are concerned how many they are', () =>
    expect(
      form(begun().do(done(begun(), { ...LETTERS, number: 900 }, 'only these are at a high risk'), at(50), DPO))[
        'field_103'
      ],
    ).toMatch(/^900 people have been informed so far; 1.200 are concerned/));

  test('of a public announcement that it was one, and that nobody can count whom it reached', () => {
    const told: Telling = {
      on: '2026-03-04',
      number: null,
      means: ['PUBLIC', 'OTHER'],
      otherMeans: 'a poster at the door',
      text: 'https://hospital.example/incident',
    };
    const found = rows(begun().do(done(begun(), told), at(72), DPO));
    expect([found[0], found[1], found[2], found[4], found[5], found[6]]).toEqual([
      'a',
      '2026-03-04',
      'b',
      ['b', 'c'],
      'a poster at the door',
      'https://hospital.example/incident',
    ]);
    expect(found[3]).toMatch(/^How many a public announcement has reached cannot be counted; 1.200 are concerned/);
  });

  test('of a bare note nothing that nobody has said: those rows are named as missing', () => {
    const play = begun().do(done(begun(), undefined, 'by letter'), at(50), DPO); // as commands of before
    expect(rows(play)).toEqual(['a', undefined, undefined, undefined, undefined, undefined, undefined]);
    expect(content(play).completeness).toBe('INCOMPLETE');
    for (const row of ['(98)', '(102)', '(104)', '(106)']) expect(missing(play)).toContain(row);
  });

  test('names the public communication that stands in for single messages (Art. 34(3)(c))', () => {
    const play = begun();
    play.do({ type: 'RecordFacts', facts: [fact('communication.exemption', 'C_DISPROPORTIONATE_EFFORT')] }, at(3), DPO);
    const exempt = {
      type: 'ExemptDuty',
      duty: 'people-message',
      reason: 'r',
      rule: 'R-417',
      proof: 'No addresses.',
    } as const;
    play.do({ ...exempt, confirms: null }, at(4), DPO);
    play.do({ ...exempt, confirms: play.state.exemptionProposal?.proposal ?? '' }, at(5), APPROVER);
    const task = play.state.tasks.find(({ about }) => about === 'public-communication')?.id ?? '';
    const told: Telling = { on: '2026-03-04', number: null, means: ['PUBLIC'], text: 'Three newspapers.' };
    play.do({ type: 'CompleteTask', task, note: null, told }, at(50), DPO);
    expect(form(play)['field_101']).toBe('No addresses.\nPublic communication of 4 March 2026: Three newspapers.');
  });
});

describe('ticking off that the people were told', () => {
  test('needs when, how many, how and what, where no mailing knows it', () => {
    const play = begun();
    expect(play.refused(done(play, null, 'by letter'), at(50), DPO)).toEqual(['missing']);
    expect(people(play)).toBe('open');
    expect(people(play.do(done(play, LETTERS), at(50), DPO))).toBe('discharged');
  });

  // biome-ignore format: a table is read by the row
  const wrong: readonly (readonly [Partial<Telling>, number, string])[] = [
    [{ on: '3 March' }, 1, 'no day'],
    [{ on: '2026-03-09' }, 1, 'a day that is still to come'],
    [{ number: 0 }, 1, 'nobody'],
    [{ number: null }, 1, 'letters can be counted'],
    [{ means: [] }, 1, 'by nothing'],
    [{ means: ['OTHER'] }, 1, 'other means without a word which'],
    [{ text: ' … ' }, 1, 'no text'],
    [{ on: 'x', number: -1, means: [], text: '' }, 4, 'everything at once'],
  ];
  for (const [over, count, why] of wrong)
    test(`is refused: ${why}`, () => {
      const play = begun();
      expect(play.refused(done(play, { ...LETTERS, ...over }), at(50), DPO)).toHaveLength(count);
    });

  test('can be said later, or corrected, and the next phase tells it', () => {
    const play = filed(begun(), at(30)).do(done(begun(), undefined, 'by letter'), at(40), DPO);
    filed(play, at(50));
    expect(draftDue(play.state)).toBe(false);
    play.do(done(play, LETTERS), at(60), DPO);
    expect([draftDue(play.state), form(play)['field_98']]).toEqual([true, '2026-03-03']);
  });

  test('is no matter of another task', () => {
    const play = begun();
    const task = play.state.tasks.find(({ kind }) => kind === 'decide-risk' || kind === 'other')?.id ?? 'none';
    expect(play.refused({ type: 'CompleteTask', task, note: 'x', told: LETTERS }, at(50), DPO).length).toBeGreaterThan(
      0,
    );
  });
});

test('the register keeps how people were told, with the note of a task that has no more', () => {
  const entry = (play: Play) => registerEntry(play.state).otherwiseTold;
  expect(entry(begun().do(done(begun(), LETTERS, 'posted in two batches'), at(50), DPO))).toEqual([
    { ...LETTERS, note: 'posted in two batches', by: 'st_dpo', at: at(50) },
  ]);
  expect(entry(begun().do(done(begun(), undefined, 'by letter'), at(50), DPO))).toEqual([
    { note: 'by letter', by: 'st_dpo', at: at(50) },
  ]);
});

describe('a number', () => {
  const NOTE = 'Only these are at a high risk (R-404).';
  const reasons = (play: Play, command: Command): string => {
    const decided = play.try(command, at(50), DPO);
    return 'refusals' in decided ? decided.refusals.map(sentence).join(' ') : '';
  };
  // biome-ignore format: a table is read by the row
  const rows = [
    [10, null, 'open', 'ten of 1200, perhaps a slip'],
    [1199, null, 'open', 'one is missing'],
    [1199, ' … ', 'open', 'a note without a word'],
    [1199, NOTE, 'discharged', 'one is missing, and a note says why'],
    [1200, null, 'discharged', 'all of them'],
    [1201, null, 'open', 'one more than there are'],
    [1201, 'A wider circle was told (R-404).', 'discharged', 'one more than there are, and a note says why'],
  ] as const;
  for (const [number, note, expected, why] of rows)
    test(`of those told ends the duty or not: ${why}`, () => {
      const play = begun();
      const command = done(play, { ...LETTERS, number }, note);
      if (expected === 'open') expect(play.refused(command, at(50), DPO)).toEqual(['contradiction']);
      else play.do(command, at(50), DPO);
      expect(people(play)).toBe(expected);
    });

  test('that is smaller than that of those concerned is refused with the figures and each way on', () =>
    expect(reasons(begun(), done(begun(), { ...LETTERS, number: 10 }))).toBe(
      'told.number and people.count contradict each other: nobody was told so far, 10 by what you say now, and at least 1200 people are concerned: 1190 are missing. Mistyped: give the right number. Right: say in a note (--note "…") why the rest are owed no word, such as that only these are at a high risk (R-404), or who told them. Otherwise tell the rest first and leave the task open.',
    ));

  test('that is corrected to too few needs its reason too, each time', () => {
    const play = begun().do(done(begun(), LETTERS, 'posted in two batches'), at(50), DPO);
    const fewer = done(play, { ...LETTERS, number: 900 });
    expect(play.refused(fewer, at(51), DPO)).toEqual(['contradiction']);
    play.do(done(play, { ...LETTERS, number: 900 }, NOTE), at(51), DPO);
    expect(registerEntry(play.state).otherwiseTold).toMatchObject([{ number: 900, note: NOTE }]);
    expect(play.refused(fewer, at(52), DPO)).toEqual(['contradiction']);
    expect(registerEntry(play.do(done(play, LETTERS), at(53), DPO).state).otherwiseTold).toMatchObject([
      { number: 1200, note: null }, // the reason for 900 is none for 1,200
    ]);
  });

  test('of a second telling counts from when other data were found: a slip does not end it, and those told before are told again', () => {
    const play = begun().do(done(begun(), LETTERS), at(50), DPO);
    play.do(
      { type: 'RecordFacts', facts: [fact('data.categories', ['BASIC', 'CONTACT', 'HEALTH', 'PAYMENT'])] },
      at(55),
      DPO,
    );
    const task = play.state.tasks.findLast(({ kind, doneAt }) => kind === 'tell-people' && doneAt === null)?.id ?? '';
    const again = (number: number) =>
      ({ type: 'CompleteTask', task, note: null, told: { ...LETTERS, number } }) as const;
    expect(reasons(play, again(10))).toContain(
      'since PAYMENT turned out to be among the data all are to be told again: nobody was told so far, 10 by what you say now',
    );
    expect(people(play)).toBe('open');
    expect(people(play.do(again(1200), at(56), DPO))).toBe('discharged');
  });

  test('beside those whom it told individually is needed also where a public announcement was made', () =>
    expect(
      begun().refused(done(begun(), { ...LETTERS, number: null, means: ['INDIVIDUAL', 'PUBLIC'] }), at(50), DPO),
    ).toEqual(['missing']));

  test('of a public announcement that nobody can count is none, and asks for no reason', () =>
    expect(people(begun().do(done(begun(), { ...LETTERS, number: null, means: ['PUBLIC'] }), at(50), DPO))).toBe(
      'discharged',
    ));
});
