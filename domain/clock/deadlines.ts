import type { MilestoneRef } from '../incident/events.js';
import type { Playbook } from '../incident/organisation.js';
import { type RuleSet, ruleSetAt } from '../law/provisions.js';
import { HOUR_MS, type Instant, plusHours, toInstant, toMs } from './instant.js';

/** What a zone's clocks are ahead of UTC at an instant, in milliseconds (negative in the west). Handed in: the domain knows no zones. */
export type OffsetMs = (zone: string, instant: Instant) => number;

/**
 * The deadline that everything acts on: awareness plus 72 elapsed hours on the UTC time line, or what the rules of that day say.
 * Never later than any other reading; weekends, holidays and summer time do not move it.
 */
export const strictDeadline = (awareAt: Instant, rules: RuleSet = ruleSetAt(awareAt)): Instant =>
  plusHours(awareAt, rules.notifyWithinHours);

/**
 * The reading of Reg. 1182/71, for information only: the hour of the event is not counted, so 72 hours run
 * from the next full hour in the authority's legal time. Later than the strict deadline by more than 0 and at most 1 h.
 */
export function statutoryDeadline(
  awareAt: Instant,
  offsetMs: OffsetMs,
  zone: string,
  rules: RuleSet = ruleSetAt(awareAt),
): Instant {
  const offset = offsetMs(zone, awareAt);
  const hourOfEvent = Math.floor((toMs(awareAt) + offset) / HOUR_MS) * HOUR_MS - offset;
  return toInstant(hourOfEvent + HOUR_MS + rules.notifyWithinHours * HOUR_MS);
}

/** The last moment is still in time: the text says "not later than". */
export const isLate = (at: Instant, dueAt: Instant): boolean => toMs(at) > toMs(dueAt);

/**
 * The milestones of a confirmed incident, from awareness, in order of time: `aware+24h` … of kind 'ladder'.
 * The one at 72 h is the deadline. It is there also when the playbook leaves it out: a playbook may call people earlier,
 * it cannot move the law. Hours are those of the playbook, each once.
 */
export function confirmedLadder(
  awareAt: Instant,
  playbook: Pick<Playbook, 'confirmedHours'>,
  { notifyWithinHours }: RuleSet = ruleSetAt(awareAt),
): MilestoneRef[] {
  return inOrder([...playbook.confirmedHours, notifyWithinHours]).map((hours) => ({
    id: `aware+${hours}h`,
    kind: hours === notifyWithinHours ? 'deadline' : 'ladder',
    dueAt: plusHours(awareAt, hours),
  }));
}

/** The milestones of a suspicion, from the first hint: `hint+24h` … No legal clock runs yet. */
export function suspectedLadder(firstHintAt: Instant, playbook: Pick<Playbook, 'suspectedHours'>): MilestoneRef[] {
  return inOrder(playbook.suspectedHours).map((hours) => ({
    id: `hint+${hours}h`,
    kind: 'suspicion',
    dueAt: plusHours(firstHintAt, hours),
  }));
}

const inOrder = (hours: readonly number[]): number[] => [...new Set(hours)].sort((a, b) => a - b);
