import { type Instant, isAfter, plusHours } from '../clock/instant.js';
import type { Duty } from '../duties/duty.js';
import type { EventData, EventOf, MilestoneRef, Setting } from './events.js';
import { peopleTold } from './people-told.js';
import type { IncidentState, Milestone } from './state.js';
import { tellsPeople } from './telling.js';

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

/** A task ends once; how people were told may be said again. */
export const doneTask = (
  state: IncidentState,
  { at, actor: { id: by }, data }: Pick<EventOf<'TaskDone'>, 'at' | 'actor' | 'data'>,
): IncidentState => ({
  ...state,
  tasks: state.tasks.map((task) => {
    if (task.id !== data.task) return task;
    const ended = task.doneAt === null ? { ...task, doneAt: at, doneBy: by } : task;
    const said = data.told !== undefined || data.note !== null;
    return state.policy >= 3 && said && tellsPeople(task)
      ? { ...ended, told: { note: data.note, telling: data.told ?? null, by, at } }
      : ended;
  }),
});

/** Of the people it is kept who and what was known to be concerned then: from policy 3 on. */
export function discharge(state: IncidentState, { duty, at, late, by }: EventData['DutyDischarged']): IncidentState {
  const met = state.policy >= 3 && duty === 'people-message' ? { ...state, peopleTold: peopleTold(state) } : state;
  return setDuty(met, duty, {
    state: late ? 'discharged_late' : 'discharged',
    dischargedAt: at,
    dischargedBy: by,
    hold: null,
  });
}

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

/** The setting as it is now, with the ways to authorities that facts made competent and no list names: from policy 3 on. */
export function takeSetting(state: IncidentState, setting: Setting | null): Setting {
  if (setting === null || state.policy < 3) return setting ?? state.setting;
  const named = (id: string) => setting.authorities.some(({ authority }) => authority === id);
  const others = state.setting.authorities
    .filter(({ authority }) => !named(authority) && state.duties.some(({ to }) => to === authority))
    .map((way) => setting.ways?.find(({ authority }) => authority === way.authority) ?? way);
  return { ...setting, authorities: [...setting.authorities, ...others] };
}

/**
 * Rules under which a duty is left out by two people: another authority is competent; the data were held for others; another joint controller has
 * told it; the data were not held for this controller.
 */
export const WAIVERS: readonly string[] = ['R-501', 'R-240', 'R-121', 'R-120'];

/** Called again, from when it opened on, until it is met: what is owed as soon as possible has no other ladder. House values. */
const SOON_HOURS = [24, 48, 72] as const;
export const soon = (to: string, at: Instant): Milestone[] =>
  SOON_HOURS.map((hours) => milestone({ id: `soon/${to}+${hours}h`, kind: 'soon', dueAt: plusHours(at, hours) }, at));

/** What changed for incidents declared from policy 2 on; older ones are folded as they were. */
export const since2 = (state: Pick<IncidentState, 'policy'>): boolean => state.policy >= 2;
