import { nextMilestone } from '../../domain/incident/decide/time.js';
import type { IncidentEvent } from '../../domain/incident/events.js';
import type { IncidentState } from '../../domain/incident/state.js';

/**
 * The invariants that need no engine to be looked at: each function answers in words what does not hold, nothing when all does.
 * `kills-check.ts` asks them all after a fault; here they can be tried against records that are wrong on purpose.
 */

const of = <T extends IncidentEvent['type']>(events: readonly IncidentEvent[], type: T) =>
  events.filter((e): e is Extract<IncidentEvent, { type: T }> => e.type === type);

/** How much later than its due time a milestone may have been reached when nobody was away. Act time. */
export const ON_TIME_MS = 10_000;

export interface Clock {
  /** Act time of the look. */
  readonly at: string;
  /** For how long, at most, nothing could act: an outage moves what falls into it, and nothing else. */
  readonly awayMs: number;
}

/** The clock: none missed, none double, none early, none later than the outage explains; each that was owed has woken people. */
export function clockProblems(events: readonly IncidentEvent[], state: IncidentState, { at, awayMs }: Clock): string[] {
  const problems: string[] = [];
  const now = Date.parse(at);
  const next = nextMilestone(state);
  if (next && Date.parse(next.dueAt) + ON_TIME_MS < now) problems.push(`${next.id} is due and was not reached`);
  const seen = new Set<string>();
  for (const { data } of of(events, 'MilestoneReached')) {
    const { id, dueAt } = data.milestone;
    const late = Date.parse(data.reachedAt) - Date.parse(dueAt);
    if (seen.has(`${id} ${dueAt}`)) problems.push(`${id} was reached twice`);
    seen.add(`${id} ${dueAt}`);
    if (late < 0) problems.push(`${id} was reached early`);
    if (data.because === 'due' && late > ON_TIME_MS + awayMs) problems.push(`${id} was reached ${late} ms late`);
  }
  const rounds = new Map<string, number>();
  for (const { data } of of(events, 'EscalationSent')) {
    const key = `${data.milestone}#${data.round}`;
    rounds.set(key, (rounds.get(key) ?? 0) + 1);
  }
  for (const [round, times] of rounds) {
    // A milestone that is laid anew counts its rounds anew.
    const laid = of(events, 'MilestoneReached').filter((e) => round.startsWith(`${e.data.milestone.id}#`)).length;
    if (times > Math.max(1, laid)) problems.push(`alarm ${round} is on record ${times} times`);
  }
  return problems;
}

/** The record: no gap in its numbers, one declaration, each key answered in one place, nothing open about the database. */
export function recordProblems(events: readonly IncidentEvent[], state: IncidentState): string[] {
  const problems: string[] = [];
  events.forEach((event, i) => {
    if (event.seq !== i + 1) problems.push(`entry ${i + 1} is ${event.seq}`);
  });
  if (of(events, 'IncidentDeclared').length !== 1) problems.push('not declared exactly once');
  if (state.recordGap) problems.push(`the record lacks entries from ${state.recordGap.from} on`);
  const keys = new Map<string, number>();
  for (const { cause, seq } of events) {
    if (!cause) continue;
    const before = keys.get(cause.keyHash);
    if (before !== undefined && before !== seq - 1)
      problems.push(`the key of entry ${before} was answered again at ${seq}`);
    keys.set(cause.keyHash, seq);
  }
  return problems;
}

/** The outbox: what a journal says an authority took is on record, and what was handed over has an answer or a flag. */
export function journalProblems(id: string, journal: string, events: readonly IncidentEvent[]): string[] {
  const last = new Map<string, string>();
  for (const line of journal.split('\n')) {
    const [kind, key = '', ...rest] = line.split(' ');
    if ((kind === 'H' || kind === 'A') && key.startsWith(`notice/${id}/`))
      last.set(key, kind === 'H' ? 'handed' : rest.join(' '));
  }
  return [...last].flatMap(([key, word]) => {
    const [, , phase = '', way = ''] = key.split('/');
    const [authority = ''] = way.split('.');
    const isThis = (data: { phase: number; authority: string }): boolean =>
      String(data.phase) === phase && data.authority === authority;
    const submitted = of(events, 'NoticeSubmitted').some((e) => isThis(e.data));
    const flagged = of(events, 'NoticeOutcomeAmbiguous').some((e) => isThis(e.data));
    if (word.includes('"accepted"') && !submitted) return [`${key} was taken and is not on record`];
    return word === 'handed' && !flagged ? [`${key} was handed over without an answer and is not flagged`] : [];
  });
}

const ID = /\b(BR|EX)-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/g;
/** Live and drill apart: nothing of the other side in a store or an inbox of this one. */
export function sideProblems(side: 'live' | 'drill', where: string, texts: readonly string[]): string[] {
  const other = side === 'live' ? 'EX' : 'BR';
  const found = new Set(texts.flatMap((text) => text.match(ID) ?? []).filter((id) => id.startsWith(other)));
  return [...found].map((id) => `${id} is in the ${where} of the ${side} side`);
}
