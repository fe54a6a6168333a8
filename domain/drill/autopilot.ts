import { type Instant, isAfter, MINUTE_MS, plusMs, toMs } from '../clock/instant.js';
import { nextMilestone } from '../incident/decide/time.js';
import { deliveriesDue, draftDue, isPast, nextEscalation, packMade, triageDue } from '../incident/effects.js';
import type { IncidentState } from '../incident/state.js';
import { ANSWERS_AFTER_MINUTES, type Scenario, type ScriptedAct } from './scenario.js';

/** What the autopilot does next: wait for the engine, play a scripted act, answer an alarm, or move the clock to where something is due. */
export type Move =
  | { readonly kind: 'wait' }
  | { readonly kind: 'play'; readonly act: ScriptedAct }
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'jump'; readonly to: Instant; readonly because: string }
  | { readonly kind: 'end' };

/** Has the engine done everything it owes at this instant? Only then may the clock move: nothing is late that would not be late in life. */
export function isSettled(state: IncidentState, at: Instant): boolean {
  const due = nextEscalation(state);
  const milestone = nextMilestone(state);
  return (
    !triageDue(state) &&
    !draftDue(state) &&
    deliveriesDue(state).every(({ delivery }) => packMade(state, delivery.authority)) &&
    !(due && isPast(due.at, at)) &&
    !(milestone && isPast(milestone.dueAt, at)) &&
    state.mailings.every((m) => m.state !== 'running')
  );
}

/** `played`: numbers of the scripted acts that are done. Pure, so that a drill can be looked at before it is run. */
export function nextMove(scenario: Scenario, state: IncidentState, at: Instant, played: ReadonlySet<number>): Move {
  if (!isSettled(state, at)) return { kind: 'wait' };
  const open = scenario.script
    .filter((act) => !played.has(act.no))
    .sort((a, b) => a.atMinutes - b.atMinutes || a.no - b.no);
  const next = open[0];
  const dueOf = (act: ScriptedAct): Instant => plusMs(scenario.startsAt, act.atMinutes * MINUTE_MS);
  if (next && isPast(dueOf(next), at)) return { kind: 'play', act: next };
  if (!next) return { kind: 'end' };

  const alarm = state.milestones
    .filter((m) => m.owed && m.lastSentAt !== null && m.acknowledgedBy === null)
    .sort((a, b) => toMs(a.dueAt) - toMs(b.dueAt))
    .at(-1);
  const answer = alarm?.lastSentAt ? plusMs(alarm.lastSentAt, ANSWERS_AFTER_MINUTES * MINUTE_MS) : null;
  if (answer && isPast(answer, at)) return { kind: 'acknowledge' };

  const milestone = nextMilestone(state);
  const candidates = [
    { to: dueOf(next), because: `act ${next.no}` },
    ...(milestone ? [{ to: milestone.dueAt, because: milestone.id }] : []),
    ...(answer ? [{ to: answer, because: 'answer' }] : []),
  ]
    .filter(({ to }) => isAfter(to, at))
    .sort((a, b) => toMs(a.to) - toMs(b.to));
  const first = candidates[0];
  return first ? { kind: 'jump', ...first } : { kind: 'wait' };
}
