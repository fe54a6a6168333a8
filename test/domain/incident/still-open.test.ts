import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../../domain/incident/commands.js';
import { peopleOwed } from '../../../domain/incident/people-owed.js';
import { stillOpen } from '../../../domain/incident/still-open.js';
import {
  APPROVER,
  aDeclaration,
  aSetting,
  byPortal,
  DPO,
  fact,
  hospitalMessage,
  hoursAfter,
  Play,
} from '../../build.js';

/** Why a duty is open, and what ends it, said with the figures. */

const at = hoursAfter;
const high: Command = { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'r', confirms: null, setting: null };
const none = { total: 10, accepted: 10, refused: 0, deferred: 0, suppressed: 0, ambiguous: 0, resent: 0 };
const people = (play: Play) => play.state.duties.find(({ kind }) => kind === 'people-message')?.state;
const why = (play: Play, id = 'people-message') => stillOpen(play.state).find((one) => one.id === id);
const task = (play: Play, about: string) => play.state.tasks.find((t) => t.about === about && !t.doneAt)?.id ?? '';

function list(play: Play, id: string, rejected = 0): Play {
  const message = { type: 'ApproveMessage', message: `m-${id}`, content: hospitalMessage(), sha256: id } as const;
  return play
    .do({ type: 'FreezePeopleList', list: id, count: 10, sha256: id, rejected, duplicates: 0 }, at(2))
    .do({ ...message, list: id, listSha256: id }, at(2), DPO)
    .do({ ...message, list: id, listSha256: id }, at(2), APPROVER);
}
function mailed(play: Play, id: string, totals: Partial<typeof none> = {}): Play {
  play.do({ type: 'StartMailing', message: `m-${id}`, list: id }, at(3), DPO);
  const mailing = play.state.mailings.length;
  const done = { type: 'ReportMailing', mailing, state: 'completed', reason: null, outcomesSha256: 'o' } as const;
  return play.do({ ...done, totals: { ...none, ...totals } }, at(4));
}
const started = (policy = 3, facts = [] as Parameters<typeof fact>[]): Play =>
  new Play(aDeclaration({ policy, facts: facts.map((one) => fact(...one)) })).do(high, at(1), DPO);
const note = (play: Play, about: string, text = 'by registered letter on 4 March') =>
  play.do({ type: 'CompleteTask', task: task(play, about), note: text }, at(5), DPO);

describe('telling the people', () => {
  test('whom a message did not reach is said with the figures and the command that records how they were told, which ends the duty', () => {
    const play = mailed(list(started(), 'a'), 'a', { accepted: 6, refused: 2, deferred: 1, ambiguous: 1 });
    const id = task(play, 'unreached/1');
    const open = why(play);
    expect(open?.because.join(' ')).toBe(
      '6 people were told. Mailing 1 did not reach 4 people: 2 refused by their mail server, 1 put off until it was given up, 1 with an outcome that nobody knows.',
    );
    expect(open?.ends.map(({ command }) => command)).toEqual([`seventytwo task BR-7K3M-9QXD ${id} --done --note "…"`]);
    expect(why(play, id)?.ends[0]?.says).toMatch(/^Mailing 1 did not reach 4 people: 2 refused.*by letter/);
    expect(people(note(play, 'unreached/1'))).toBe('discharged');
  });

  // biome-ignore format: a table is read by the row
  const rows = [
    [3, 'open', 'they may be people whose address nobody has'],
    [2, 'discharged', 'an incident of before is decided as it was'],
  ] as const;
  for (const [policy, expected, because] of rows)
    test(`rows of a list that could not be used, policy ${policy}: ${because}`, () => {
      const play = mailed(list(started(policy), 'a', 2), 'a');
      expect(people(play)).toBe(expected);
      expect(why(play)?.because.some((said) => said.startsWith('2 rows of the list of mailing 1'))).toBe(
        expected === 'open' ? true : undefined,
      );
    });

  test('a word on some does not end what is owed to others: of another mailing, or of a list that nothing went to', () => {
    const play = mailed(list(list(list(started(), 'a'), 'b'), 'c'), 'a', { accepted: 9, refused: 1 });
    mailed(play, 'b', { accepted: 9, refused: 1 });
    const states = [note(play, 'unreached/1'), note(play, 'unreached/2')].map(people);
    expect(states).toEqual(['open', 'open']);
    expect(why(play)?.because).toContain('No mailing went to c (10 people).');
    expect(people(mailed(play, 'c'))).toBe('discharged');
  });

  test('fewer told than are concerned by the facts: the duty waits for a person to say why', () => {
    const play = mailed(list(started(3, [['people.count', { min: 30, likely: 40, max: 50 }]]), 'a'), 'a', {
      accepted: 9,
      refused: 1,
    });
    expect(people(note(play, 'unreached/1'))).toBe('open');
    expect(why(play)?.because).toEqual([
      '10 people were told, 1 of them in another way than by e-mail.',
      'By the facts at least 30 people are concerned (people.count).',
    ]);
    expect(people(note(play, 'people', 'the others are not at high risk (R-404)'))).toBe('discharged');
  });

  // biome-ignore format: a table is read by the row
  const counted = [
    [3, null, 'open', 'one of four is missing'],
    [3, 'the last one has died', 'discharged', 'and a note says why nothing is owed'],
    [4, null, 'discharged', 'all four'],
    [5, null, 'open', 'more than it missed'],
    [5, 'One of them lives in two places.', 'discharged', 'more than it missed, and a note says why'],
  ] as const;
  for (const [number, said, expected, because] of counted)
    test(`of those whom a mailing missed ${number} were told: ${because}`, () => {
      const play = mailed(list(started(3, [['people.count', { min: 10, likely: 10, max: 10 }]]), 'a'), 'a', {
        accepted: 6,
        refused: 4,
      });
      const told = { on: '2026-03-02', number, means: ['INDIVIDUAL'], text: 'A letter.' } as const;
      const command = { type: 'CompleteTask', task: task(play, 'unreached/1'), note: said, told } as const;
      if (expected === 'open') expect(play.refused(command, at(5), DPO)).toEqual(['contradiction']);
      else play.do(command, at(5), DPO);
      expect(people(play)).toBe(expected);
      expect(peopleOwed(play.state).told).toBe(expected === 'open' ? 6 : 6 + number);
    });

  test('whom nobody told for a noted reason is counted neither as told nor as missing', () => {
    const play = mailed(list(started(3, [['people.count', { min: 30, likely: 40, max: 50 }]]), 'a'), 'a', {
      accepted: 6,
      refused: 4,
    });
    const told = { on: '2026-03-02', number: 3, means: ['INDIVIDUAL'], text: 'A letter.' } as const;
    const command = { type: 'CompleteTask', task: task(play, 'unreached/1'), note: 'one has died', told } as const;
    play.do(command, at(5), DPO);
    expect(why(play)?.because).toEqual([
      '9 people were told, 3 of them in another way than by e-mail.',
      '1 of those whom a mailing missed was not told, for the reason noted.',
      'By the facts at least 30 people are concerned (people.count).',
    ]);
  });

  test('that everybody was told is not said over those of whom it is known that they were not', () => {
    const play = mailed(list(started(), 'a'), 'a', { accepted: 8, refused: 2 });
    const done = { type: 'CompleteTask', task: task(play, 'people'), note: 'all by e-mail' } as const;
    expect(play.refused(done, at(5), DPO)).toEqual(['missing']);
  });
});

test('whatever is open says what ends it, at each step from awareness on', () => {
  const play = new Play(aDeclaration({ setting: aSetting({ authorities: [byPortal()] }) }));
  const silent: string[] = [];
  const look = () => {
    for (const duty of play.state.duties.filter(({ state }) =>
      ['open', 'held', 'filed_receipt_pending'].includes(state),
    ))
      if (!why(play, duty.id)?.because.length || !why(play, duty.id)?.ends.length) silent.push(duty.id);
    for (const { id, doneAt } of play.state.tasks) if (!doneAt && !why(play, id)?.ends.length) silent.push(id);
  };
  look();
  play.do(high, at(1), DPO);
  look();
  play.do(
    { type: 'HoldDuty', duty: 'people-message', requestedBy: 'Police', basis: 'law', caseRef: '1', reviewAt: at(20) },
    at(1),
    DPO,
  );
  look();
  play.do({ type: 'ReleaseDuty', duty: 'people-message', reason: 'over' }, at(2), DPO);
  list(play, 'a');
  look();
  mailed(play, 'a', { accepted: 9, refused: 1 });
  look();
  expect(silent).toEqual([]);
});
