import { describe, expect, test } from '@jest/globals';
import { draftDue } from '../../../domain/incident/effects.js';
import { APPROVER, aDeclaration, aSetting, byEmail, byPortal, DPO, fact, hoursAfter, Play } from '../../build.js';
import { decideHigh, filed } from './filed.js';

/** What is owed once the authority was told: later phases, and what changes after them. */

const at = hoursAfter;
const tasks = (play: Play): string[] =>
  play.state.tasks.filter(({ doneAt }) => doneAt === null).map(({ kind, about }) => `${kind} ${about}`);

describe('a phase after the first', () => {
  test('is not late when it goes out after the 72 hours: its first phase was in time (R-203, R-220)', () => {
    const play = filed(decideHigh(new Play()), at(30), { completeness: 'INCOMPLETE' });
    play.do({ type: 'RecordFacts', facts: [fact('breach.cause', 'EXTERNAL_MALICIOUS')] }, at(80), DPO);
    filed(play, at(90));
    expect(tasks(play).filter((task) => task.startsWith('reasons-for-delay'))).toEqual([]);
  });

  test('is not late at a portal either', () => {
    const play = new Play(aDeclaration({ setting: aSetting({ authorities: [byPortal()] }) }));
    filed(decideHigh(play), at(30), { completeness: 'INCOMPLETE' }, 'portal');
    play.do({ type: 'RecordFacts', facts: [fact('breach.cause', 'EXTERNAL_MALICIOUS')] }, at(80), DPO);
    filed(play, at(90), {}, 'portal');
    expect(tasks(play).filter((task) => task.startsWith('reasons-for-delay'))).toEqual([]);
  });

  test('is late with an authority that gets its first notice by it', () => {
    const both = [byEmail(), byPortal()];
    const play = new Play(aDeclaration({ setting: aSetting({ authorities: both }) }));
    filed(decideHigh(play), at(30), { completeness: 'INCOMPLETE' });
    play.do({ type: 'RecordFacts', facts: [fact('breach.cause', 'EXTERNAL_MALICIOUS')] }, at(80), DPO);
    filed(play, at(90), {}, 'portal');
    expect(tasks(play)).toContain('reasons-for-delay deadline');
  });
});

describe('what becomes of the people after the notice is told too (R-222)', () => {
  const planned = (policy = 3): Play => filed(decideHigh(new Play(aDeclaration({ policy }))), at(30));
  const done = (play: Play): Play => {
    const task = play.state.tasks.find(({ kind }) => kind === 'tell-people')?.id ?? '';
    return play.do({ type: 'CompleteTask', task, note: 'by letter to all, 4 March' }, at(40), DPO);
  };
  const exempted = (play: Play): Play => {
    play.do({ type: 'RecordFacts', facts: [fact('measures.riskRemoved', true)] }, at(35), DPO);
    filed(play, at(36)); // what was recorded is told; the exemption comes after it
    const exempt = {
      type: 'ExemptDuty',
      duty: 'people-message',
      reason: 'no longer',
      rule: 'R-416',
      proof: 'p',
    } as const;
    play.do({ ...exempt, confirms: null }, at(39), DPO);
    return play.do({ ...exempt, confirms: play.state.exemptionProposal?.proposal ?? '' }, at(40), APPROVER);
  };

  // biome-ignore format: a table is read by the row
  const rows = [
    [3, done, true, 'people were told by other means'],
    [3, exempted, true, 'two people lifted the duty'],
    [3, (play: Play) => play, false, 'nothing has changed'],
    [2, done, false, 'an incident of before is followed as it was'],
  ] as const;
  for (const [policy, then, due, why] of rows)
    test(`a draft of the next phase is ${due ? '' : 'not '}due: ${why}`, () =>
      expect(draftDue(then(planned(policy)).state)).toBe(due));
});

describe('awareness corrected after the notice (R-203)', () => {
  const reasons = (play: Play) => tasks(play).filter((task) => task.startsWith('reasons-for-delay')).length;
  const zone = 'Europe/Dublin';
  const aware = (play: Play, hours: number, confirms: string | null = null, by = DPO, now = 31): Play =>
    play.do(
      {
        type: 'CorrectAwareness',
        key: 'awareAt',
        finding: { at: at(hours), zone, source: 'mail of the night shift' },
        reason: 'an employee knew it',
        confirms,
      },
      at(now),
      by,
    );
  const confirmed = (play: Play, hours: number): Play => {
    aware(play, hours);
    return aware(play, hours, play.state.awarenessProposal?.proposal ?? '', APPROVER);
  };

  test('to 80 hours before: the notice is late, its reasons are owed, and the next phase is drafted', () => {
    const play = aware(filed(decideHigh(new Play()), at(3)), -80);
    expect([reasons(play), draftDue(play.state)]).toEqual([1, true]);
    play.do({ type: 'RecordFacts', facts: [fact('notice.reasonsForDelay', 'Nobody passed it on.')] }, at(32), DPO);
    expect(reasons(play)).toBe(0);
  });
  test('to 80 hours before, while the receipt is still to come', () => {
    const play = decideHigh(new Play());
    filed(play, at(3), {}, 'email', false);
    expect(reasons(aware(play, -80))).toBe(1);
  });
  test('to 10 hours before: it is in time all the same', () =>
    expect(reasons(aware(filed(decideHigh(new Play()), at(3)), -10))).toBe(0));
  test('and back again: no reasons are owed for what was in time', () =>
    expect(reasons(confirmed(aware(filed(decideHigh(new Play()), at(3)), -80), -1))).toBe(0));
  test('an hour earlier, when the 72 hours have passed without a notice: its reasons are still owed', () => {
    const play = decideHigh(new Play()).pass(at(73));
    expect(reasons(play)).toBe(1);
    expect(reasons(aware(play, -1, null, DPO, 74))).toBe(1);
  });
  test('in an incident of before nothing more is asked', () =>
    expect(reasons(aware(filed(decideHigh(new Play(aDeclaration({ policy: 2 }))), at(3)), -80))).toBe(0));
});
