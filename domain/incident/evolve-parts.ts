import { type Instant, isAfter } from '../clock/instant.js';
import type { Duty } from '../duties/duty.js';
import type { MilestoneRef } from './events.js';
import type { IncidentState, Milestone } from './state.js';

/** The small steps that evolving an incident is made of. */

export const milestone = (ref: MilestoneRef, laidAt: Instant): Milestone => ({
  ...ref,
  laidAt,
  reachedAt: null,
  owed: true,
  acknowledgedBy: null,
  rounds: 0,
  lastSentAt: null,
});

/**
 * A rung whose due time may have moved. What was reached stays reached, unless its new due time lies ahead: then it counts again
 * (louder is safer than silent).
 */
export function relaid(before: Milestone | undefined, ref: MilestoneRef, at: Instant): Milestone {
  if (!before) return milestone(ref, at);
  if (before.dueAt === ref.dueAt) return before;
  return before.reachedAt && !isAfter(ref.dueAt, at) ? { ...before, dueAt: ref.dueAt, laidAt: at } : milestone(ref, at);
}

/** Something that wakes people the moment it happens. */
export const alarm = (id: string, at: Instant): Milestone => milestone({ id, kind: 'alarm', dueAt: at }, at);

export const setDuty = (state: IncidentState, id: string, change: Partial<Duty>): IncidentState => ({
  ...state,
  duties: state.duties.map((duty) => (duty.id === id ? { ...duty, ...change } : duty)),
});

export const setMilestone = (state: IncidentState, id: string, change: Partial<Milestone>): IncidentState => ({
  ...state,
  milestones: state.milestones.map((m) => (m.id === id ? { ...m, ...change } : m)),
});

export const addMilestone = (state: IncidentState, added: Milestone): IncidentState => ({
  ...state,
  milestones: [...state.milestones.filter((m) => m.id !== added.id), added],
});

/** Who had a hand in the actor's login; records of one maker hold one field. */
export const makers = (data: {
  readonly loginMadeBy?: string | null;
  readonly loginMadeByAll?: readonly string[];
}) => ({
  loginMadeBy: data.loginMadeBy ?? null,
  ...(data.loginMadeByAll && { loginMadeByAll: data.loginMadeByAll }),
});

/** What changed for incidents declared from policy 2 on; older ones are folded as they were. */
export const since2 = (state: Pick<IncidentState, 'policy'>): boolean => state.policy >= 2;
