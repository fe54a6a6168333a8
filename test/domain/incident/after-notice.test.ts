import { describe, expect, test } from '@jest/globals';
import { aDeclaration, aSetting, byEmail, byPortal, DPO, fact, hoursAfter, Play } from '../../build.js';
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
