import { type Instant, isBefore } from '../../clock/instant.js';
import {
  isUnreachedTask,
  leastConcerned,
  missedBy,
  mostConcerned,
  peopleOwed,
  persons,
  rejectedOf,
  sentTo,
  unreachedSays,
  unreachedTask,
} from '../people-owed.js';
import { dataSince } from '../people-told.js';
import type { Refusal } from '../refusals.js';
import type { IncidentState, Task } from '../state.js';
import { PUBLIC_TASK, type Telling } from '../telling.js';
import { isSaid } from './drafting.js';

/** The record as it will be when this is said: a duty is judged by what holds afterwards. */
export const withTelling = (state: IncidentState, { id }: Task, telling: Telling | null): IncidentState => ({
  ...state,
  tasks: state.tasks.map((task) =>
    task.id === id
      ? {
          ...task,
          doneAt: task.doneAt ?? state.lastAt,
          ...(telling && { told: { note: null, telling, by: '', at: state.lastAt } }),
        }
      : task,
  ),
});

const were = (count: number): string => (count === 1 ? 'was' : 'were');
const are = (count: number): string => (count === 1 ? 'is' : 'are');

/**
 * A number that leaves people untold ends nothing by itself: the duty is owed to each of them (Art. 34(1)), and a slip of the keyboard would
 * lift it. A number of more than there are is mostly one too. Said with the reason either may be right: only those at a high risk are owed
 * word, and a wider circle may be told (R-404), or the same people a second time.
 */
export function refuseNumber(state: IncidentState, task: Task, telling: Telling, note: string | null): Refusal[] {
  const { number } = telling;
  if (state.policy < 3 || number === null || !(number > 0) || task.about === PUBLIC_TASK) return [];
  if (isSaid(note ?? '')) return [];
  const after = withTelling(state, task, telling);
  if (isUnreachedTask(task)) return notThose(after, task, number);
  const anew = toldAnew(after);
  return [...tooMany(after, anew, telling, number), ...tooFew(after, anew, task, number)];
}

function tooMany(after: IncidentState, anew: Anew | null, { means }: Telling, number: number): Refusal[] {
  const most = mostConcerned(after);
  const { mailed, said } = toldSince(after, anew);
  if (most === null || mailed + said <= most) return [];
  const before = [
    ...(mailed > 0 ? [`mailings reached ${persons(mailed)}`] : []),
    ...(said > number ? [`${persons(said - number)} ${were(said - number)} told otherwise before`] : []),
  ];
  return [
    {
      code: 'contradiction',
      paths: ['told.number', 'people.count'],
      says: `${before.length > 0 ? `${before.join(', ')}, and with these ${number} it would be ${mailed + said}` : `${number} would be told`}; at most ${persons(most)} ${are(most)} concerned, so ${mailed + said - most} too many`,
      mend: `The number is of those told by this means whom no mailing reached and no other entry counts. Correct it, or people.count where more are concerned. Right all the same: say in a note (--note "…") why, such as that some were told a second time, or that a wider circle was told (R-404).${means.includes('PUBLIC') ? ' Leave the number out where a public announcement cannot be counted.' : ''}`,
    },
  ];
}

/** Of those whom one mailing missed, whatever was sent before. */
function notThose(after: IncidentState, task: Task, number: number): Refusal[] {
  const mailing = after.mailings.find((m) => unreachedTask(m.mailing) === task.about);
  if (!mailing?.totals) return [];
  const rejected = rejectedOf(after, mailing.list);
  const missed = missedBy(mailing.totals) + rejected;
  return number === missed
    ? []
    : [
        {
          code: 'contradiction',
          paths: ['told.number', task.about],
          says: `${unreachedSays({ mailing: mailing.mailing, totals: mailing.totals, rejected, task: null })}. Of these ${missed} you say that ${number} ${were(number)} told, so ${number < missed ? `${missed - number} ${are(missed - number)} missing` : `${number - missed} too many: others are said with the task to tell the people`}`,
          mend: MEND,
        },
      ];
}

function tooFew(after: IncidentState, anew: Anew | null, task: Task, number: number): Refusal[] {
  const before = task.told?.telling?.number ?? null;
  const { told: ever, excused, underWay } = peopleOwed(after);
  const { mailed, said } = toldSince(after, anew);
  const told = anew === null ? ever : mailed + said;
  const atLeast = leastConcerned(after) ?? 0;
  const left = atLeast - told - (anew === null ? excused : 0);
  if (left <= 0) return [];
  const since =
    anew === null ? '' : `since ${anew.data.join(', ')} turned out to be among the data all are to be told again: `;
  const waiting = underWay.reduce((sum, { count }) => sum + count, 0);
  return [
    {
      code: 'contradiction',
      paths: ['told.number', 'people.count'],
      says: `${since}${before === null ? '' : `in place of the ${before} on record for ${task.id}: `}${told - number > 0 ? persons(told - number) : 'nobody'} ${told - number > 1 ? 'were' : 'was'} told ${before === null ? 'so far' : 'by anything else'}, ${number} by what you say now, and at least ${persons(atLeast)} ${are(atLeast)} concerned: ${left} ${are(left)} missing${waiting > 0 ? ` (a mailing to ${persons(waiting)} is not over, and not counted)` : ''}`,
      mend: MEND,
    },
  ];
}

interface Anew {
  readonly openedAt: Instant;
  readonly data: readonly string[];
}

/** Data of another kind were found after people had been told: who was told before that does not know of them (R-207). Null when it is not so. */
function toldAnew(after: IncidentState): Anew | null {
  const data = dataSince(after, after.facts);
  const openedAt = after.duties.find((d) => d.kind === 'people-message')?.openedAt;
  return data.length === 0 || openedAt === undefined ? null : { openedAt, data };
}

/** Reached by mailings, and said otherwise but for what was public; of all times, or from then on. */
function toldSince({ mailings, tasks }: IncidentState, anew: Anew | null) {
  const counts = (at: Instant): boolean => anew === null || !isBefore(at, anew.openedAt);
  const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
  return {
    mailed: sum(
      mailings.flatMap(({ completedAt, totals }) =>
        completedAt && totals && counts(completedAt) ? sentTo(totals) : [],
      ),
    ),
    said: sum(
      tasks.flatMap(({ about, told }) =>
        about !== PUBLIC_TASK && told && counts(told.at) ? (told.telling?.number ?? []) : [],
      ),
    ),
  };
}

const MEND =
  'Mistyped: give the right number. Right: say in a note (--note "…") why the rest are owed no word, such as that only these are at a high risk (R-404), or who told them. Otherwise tell the rest first and leave the task open.';
