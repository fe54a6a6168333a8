import { type Instant, plusHours } from '../../clock/instant.js';
import type { Duty, DutyKind } from '../../duties/duty.js';
import { groundOfDuty } from '../../duties/ground.js';
import type { Basis } from '../../law/basis.js';
import { LAW } from '../../law/provisions.js';
import { BREAK_GLASS_REVIEW_HOURS } from '../break-glass.js';
import type { CommandRequest } from '../commands.js';
import { ENGINE, type NewEvent, type TaskKind } from '../events.js';
import type { Facts } from '../facts.js';
import type { Role } from '../organisation.js';
import type { Refusal } from '../refusals.js';
import type { IncidentState, Waiting } from '../state.js';

export interface Draft {
  readonly state: IncidentState;
  readonly request: CommandRequest;
  readonly at: Instant;
}
export type Decided = { readonly events: readonly NewEvent[] } | { readonly refusals: readonly Refusal[] };

export const refuse = (...refusals: Refusal[]): Decided => ({ refusals });
export const happen = (...events: (NewEvent | null)[]): Decided => ({
  events: events.filter((event) => event !== null),
});

const ROLES_OF: Readonly<Record<TaskKind, readonly Role[]>> = {
  'reasons-for-delay': ['dpo', 'responder'],
  'decide-suspicion': ['dpo', 'responder'],
  'decide-risk': ['dpo', 'approver'],
  'approve-notice': ['approver'],
  'file-at-portal': ['dpo', 'responder'],
  'verify-mailbox': ['dpo', 'approver'],
  'record-receipt': ['dpo', 'responder'],
  'tell-people': ['dpo'],
  'follow-up-notice': ['dpo', 'responder'],
  'review-break-glass': ['dpo', 'approver'],
  'review-hold': ['dpo', 'approver'],
  'notice-refused': ['dpo', 'responder'],
  'notice-stalled': ['dpo', 'responder'],
  'mailing-paused': ['dpo', 'responder'],
  'review-automatic-notice': ['dpo', 'approver'],
  'settle-authority': ['dpo', 'approver'],
  other: ['dpo', 'responder'],
};

type WithTasks = Pick<IncidentState, 'tasks'>;
export const openTask = (state: WithTasks, kind: TaskKind, about?: string) =>
  state.tasks.find(
    (task) => task.kind === kind && task.doneAt === null && (about === undefined || task.about === about),
  );

/** Opens a task unless the same one is open. `about` is an id or an instant, never a sentence with somebody in it. Numbered when it enters the log. */
export function taskFor(state: WithTasks, kind: TaskKind, about: string, dueAt: Instant | null): NewEvent | null {
  if (openTask(state, kind, about)) return null;
  return { type: 'TaskOpened', actor: ENGINE, data: { task: '', kind, roles: [...ROLES_OF[kind]], about, dueAt } };
}

export const doneTasks = (state: WithTasks, kind: TaskKind, about?: string): NewEvent[] =>
  state.tasks
    .filter((task) => task.kind === kind && task.doneAt === null && (about === undefined || task.about === about))
    .map((task) => ({ type: 'TaskDone', data: { task: task.id, note: null } }));

const GROUND = {
  'authority-notice': LAW.notifyAuthority,
  'people-message': LAW.tellPeople,
  'controller-notice': LAW.processorTellsController,
  register: LAW.register,
} as const satisfies Record<DutyKind, unknown>;

/** By the law of whoever is told; the default ground for incidents of before. */
export const peopleGround = (
  { policy, setting }: Pick<IncidentState, 'policy' | 'setting'>,
  facts: Facts,
): Basis | undefined => (policy >= 3 ? groundOfDuty('people-message', setting.organisation, facts) : undefined);
export const registerGround = (
  { policy, setting }: Pick<IncidentState, 'policy' | 'setting'>,
  facts: Facts,
): Basis | undefined => (policy >= 3 ? groundOfDuty('register', setting.organisation, facts) : undefined);

export function openDuty(
  kind: DutyKind,
  to: string,
  rules: string,
  at: Instant,
  dueAt: Instant | null,
  { rule, cite }: Basis = GROUND[kind],
): NewEvent {
  const duty: Duty = {
    id: kind === to ? kind : kind === 'people-message' || kind === 'register' ? kind : `${kind}/${to}`,
    kind,
    to,
    basis: { rule, cite },
    rules,
    dueAt,
    asSoonAs: dueAt ? null : 'without undue delay',
    state: 'open',
    openedAt: at,
    dischargedAt: null,
    dischargedBy: null,
    hold: null,
  };
  return { type: 'DutyOpened', data: { duty }, actor: ENGINE };
}

/**
 * The second pair of eyes: another person than the first, and neither made the other's login.
 * Break-glass stands in for it, with a written reason.
 */
export function refuseAsSecond(
  first: Pick<Waiting, 'by' | 'at' | 'loginMadeBy' | 'loginMadeByAll'>,
  { request }: Draft,
  action: string,
): Refusal[] {
  if (first.by === request.actor.id) return [{ code: 'same-person', action, firstAt: first.at }];
  return makersOf(request).includes(first.by) || makersOf(first).includes(request.actor.id)
    ? [{ code: 'login-made-by-author', action }]
    : [];
}

/** Everybody who had a hand in a login: who made it, who issued its key, and who made the login of that one. */
export const makersOf = (login: {
  readonly loginMadeBy: string | null;
  readonly loginMadeByAll?: readonly string[] | undefined;
}): readonly string[] => login.loginMadeByAll ?? (login.loginMadeBy === null ? [] : [login.loginMadeBy]);

/** As events keep it: one field where one maker is all there is. */
export const madeBy = ({
  loginMadeBy,
  loginMadeByAll,
}: CommandRequest): { loginMadeBy: string | null; loginMadeByAll?: readonly string[] } => ({
  loginMadeBy,
  ...(loginMadeByAll && loginMadeByAll.length > 1 && { loginMadeByAll }),
});

/** What using break-glass leaves behind: an alarm to everybody, and a review that is owed within 24 hours. */
export function breakGlass({ state, request, at }: Draft, what: string, reason: string): (NewEvent | null)[] {
  const use = `break-glass-${state.breakGlass.length + 1}`;
  return [
    { type: 'BreakGlassUsed', data: { use, for: what, reason, ...madeBy(request) } },
    taskFor(state, 'review-break-glass', use, plusHours(at, BREAK_GLASS_REVIEW_HOURS)),
  ];
}

/** A placeholder such as "…" is no text: it would stand in the register for good. */
export const isSaid = (text: string | null | undefined): text is string => text != null && /[\p{L}\p{N}]/u.test(text);

export const missing = (path: string, text: string | null | undefined, what: string): Refusal[] =>
  isSaid(text) ? [] : [{ code: 'missing', path, what }];

/** Machines' clocks differ a little; more than this in the future is a mistake. */
export const CLOCK_SKEW_SECONDS = 300;
