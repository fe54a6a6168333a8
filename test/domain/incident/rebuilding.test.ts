import { expect, test } from '@jest/globals';
import { toMs } from '../../../domain/clock/instant.js';
import { outlook } from '../../../domain/incident/rebuilding.js';
import { hoursAfter, Play } from '../../build.js';

const at = (hours: number): number => toMs(hoursAfter(hours));
const { state } = new Play();
const due = state.milestones.find((m) => m.reachedAt === null && m.kind === 'ladder');

// ms to the instant                missed                why this row is here
const boundaries = [
  [-1, [], 'a moment before: it is the next one'],
  [0, [due?.id], 'at the instant itself: past, as the timer would have it'],
  [1, [due?.id], 'a moment after'],
] as const;
for (const [ms, missed, why] of boundaries) {
  test(`what passed while nobody ran: ${why}`, () => {
    const ahead = outlook(state, toMs(due?.dueAt ?? '') + ms);
    expect(ahead.missed.map((m) => m.milestone)).toEqual(missed);
    expect(ahead.next?.milestone === due?.id).toBe(missed.length === 0);
  });
}

test('an open incident runs, with its deadline and the entry that it is as of', () => {
  expect(outlook(state, at(1))).toMatchObject({ runs: true, asOf: { seq: state.seq, at: state.lastAt } });
});
