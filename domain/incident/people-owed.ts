import type { MailingTotals } from './events.js';
import type { IncidentState, MailingState, Task } from './state.js';

/** Whom one mailing did not reach, and rows of its list that hold no address: word is owed to them another way. */
export interface Unreached {
  readonly mailing: number;
  readonly totals: MailingTotals;
  /** Rows that could not be read when the list was uploaded: perhaps people whose address nobody has. */
  readonly rejected: number;
  /** Open until somebody has said how they were told. */
  readonly task: Pick<Task, 'id' | 'about'> | null;
}

/** What of telling the people is done, and what keeps the duty open. */
export interface PeopleOwed {
  /** By a message that a server took over; and those of whom somebody has said how else. */
  readonly told: number;
  readonly elsewhere: number;
  /** Missed by a mailing and not told otherwise, for a reason that a person has noted. */
  readonly excused: number;
  readonly unreached: readonly Unreached[];
  readonly underWay: readonly MailingState[];
  /** Accepted, and no mailing went to it. */
  readonly notMailed: readonly { readonly id: string; readonly count: number }[];
  /** By the facts at least so many are concerned, and fewer were told. Fewer may be right (only those at high risk, R-404), but a person says so. */
  readonly atLeast: number | null;
}

const UNREACHED = 'unreached/';
export const unreachedTask = (mailing: number): string => `${UNREACHED}${mailing}`;
export const isUnreachedTask = ({ kind, about }: Pick<Task, 'kind' | 'about'>): boolean =>
  kind === 'other' && about.startsWith(UNREACHED);

export const sentTo = ({ accepted, resent }: MailingTotals): number => accepted + resent;
/** An outcome that nobody knows is not somebody told (mail.md, 1.1). */
export const missedBy = ({ refused, suppressed, deferred, ambiguous }: MailingTotals): number =>
  refused + suppressed + deferred + ambiguous;

export function peopleOwed(state: IncidentState): PeopleOwed {
  const completed = state.mailings.filter((m) => m.state === 'completed');
  const missed = completed.flatMap((m) => unreachedOf(state, m));
  const open = missed.filter(({ task }) => task !== null);
  const settled = missed
    .filter(({ task }) => task === null)
    .map((one) => {
      const all = missedBy(one.totals) + one.rejected;
      return { all, told: numberSaid(state, one) ?? all };
    });
  const elsewhere = settled.reduce((sum, one) => sum + one.told, byOtherMeans(state));
  const excused = settled.reduce((sum, one) => sum + Math.max(0, one.all - one.told), 0);
  const told = elsewhere + completed.reduce((sum, { totals }) => sum + (totals ? sentTo(totals) : 0), 0);
  const concerned = leastConcerned(state) ?? 0;
  return {
    told,
    elsewhere,
    excused,
    unreached: open,
    underWay: state.mailings.filter((m) => m.state !== 'completed'),
    notMailed: state.lists.filter((list) => !state.mailings.some((m) => m.list === list.id)),
    atLeast: told + excused < concerned ? concerned : null,
  };
}

const countOf = ({ facts }: Pick<IncidentState, 'facts'>, end: 'min' | 'max'): number | null => {
  const count = facts['people.count']?.value;
  const bound = typeof count === 'object' && count !== null ? (count as Readonly<Record<string, unknown>>)[end] : null;
  return typeof bound === 'number' ? bound : null;
};
/** By the facts no more than so many are concerned; null when nobody knows. */
export const mostConcerned = (state: Pick<IncidentState, 'facts'>): number | null => countOf(state, 'max');

/** By the facts so many are concerned at least; null when nobody knows. */
export const leastConcerned = (state: Pick<IncidentState, 'facts'>): number | null => countOf(state, 'min');

/** Of those whom a mailing missed so many were told, where somebody has counted them; a note alone speaks for all of them. */
const numberSaid = ({ tasks }: IncidentState, { mailing }: Unreached): number | null =>
  tasks.find((t) => isUnreachedTask(t) && t.about === unreachedTask(mailing))?.told?.telling?.number ?? null;

/** As a person has recorded it. Those whom a message missed are counted with it. */
const byOtherMeans = ({ tasks }: IncidentState): number =>
  tasks.filter(({ kind }) => kind === 'tell-people').reduce((sum, { told }) => sum + (told?.telling?.number ?? 0), 0);

function unreachedOf(state: IncidentState, { mailing, list, totals }: MailingState): Unreached[] {
  const rejected = rejectedOf(state, list);
  if (totals === null || missedBy(totals) + rejected === 0) return [];
  const task = state.tasks.find((t) => isUnreachedTask(t) && t.about === unreachedTask(mailing));
  return [{ mailing, totals, rejected, task: task?.doneAt === null ? task : null }];
}

export const rejectedOf = (state: IncidentState, list: string): number =>
  state.lists.find(({ id }) => id === list)?.rejected ?? 0;

/** Somebody was told, and nobody is left. */
export const isEverybodyTold = ({ unreached, underWay, notMailed, atLeast, told }: PeopleOwed): boolean =>
  told > 0 && unreached.length + underWay.length + notMailed.length === 0 && atLeast === null;

/** '1 person', '3 people'. */
export const persons = (count: number): string => plural(count, 'person', 'people');
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** 'Mailing 1 did not reach 3 people: 2 refused by their mail server, 1 with an outcome that nobody knows'. */
export function unreachedSays({ mailing, totals, rejected }: Unreached): string {
  const parts = [
    [totals.refused, 'refused by their mail server'],
    [totals.deferred, 'put off until it was given up'],
    [totals.ambiguous, 'with an outcome that nobody knows'],
    [totals.suppressed, 'at an address that an exercise does not write to'],
  ] as const;
  const missed = missedBy(totals);
  const why = parts.filter(([count]) => count > 0).map(([count, says]) => `${count} ${says}`);
  return [
    ...(missed > 0 ? [`Mailing ${mailing} did not reach ${persons(missed)}: ${why.join(', ')}`] : []),
    ...(rejected > 0
      ? [
          `${plural(rejected, 'row', 'rows')} of the list of mailing ${mailing} could not be used, so nothing went there`,
        ]
      : []),
  ].join('; ');
}
