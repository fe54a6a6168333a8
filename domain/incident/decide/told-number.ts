import {
  missedBy,
  mostConcerned,
  peopleOwed,
  rejectedOf,
  sentTo,
  unreachedSays,
  unreachedTask,
} from '../people-owed.js';
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

const persons = (count: number): string => `${count} ${count === 1 ? 'person' : 'people'}`;
const were = (count: number): string => (count === 1 ? 'was' : 'were');
const are = (count: number): string => (count === 1 ? 'is' : 'are');

/**
 * A number that leaves people untold ends nothing by itself: the duty is owed to each of them (Art. 34(1)), and a slip of the keyboard would
 * lift it. Said with the reason it may be right: only those at a high risk are owed word (R-404). A number of more than there are is a slip.
 */
export function refuseNumber(state: IncidentState, task: Task, telling: Telling, note: string | null): Refusal[] {
  const { number } = telling;
  if (state.policy < 3 || number === null || !(number > 0) || task.about === PUBLIC_TASK) return [];
  const after = withTelling(state, task, telling);
  return [...tooMany(after, telling, number), ...(isSaid(note ?? '') ? [] : tooFew(after, task, number))];
}

function tooMany(after: IncidentState, { means }: Telling, number: number): Refusal[] {
  const most = mostConcerned(after);
  const mailed = after.mailings.reduce(
    (sum, { state, totals }) => sum + (state === 'completed' && totals ? sentTo(totals) : 0),
    0,
  );
  const said = after.tasks.reduce(
    (sum, { about, told }) => sum + (about === PUBLIC_TASK ? 0 : (told?.telling?.number ?? 0)),
    0,
  );
  if (most === null || mailed + said <= most) return [];
  const before = [
    ...(mailed > 0 ? [`mailings reached ${persons(mailed)}`] : []),
    ...(said > number ? [`${persons(said - number)} ${were(said - number)} told otherwise before`] : []),
  ];
  return [
    {
      code: 'contradiction',
      paths: ['told.number', 'people.count'],
      says: `${before.length > 0 ? `${before.join(', ')}, and with these ${number} it would be ${mailed + said}` : `${number} would be told`}; at most ${persons(most)} ${are(most)} concerned, ${mailed + said - most} fewer`,
      mend: `The number is of those told by this means whom no mailing reached and no other entry counts. Correct it, or people.count where more are concerned.${means.includes('PUBLIC') ? ' Leave the number out where a public announcement cannot be counted.' : ''}`,
    },
  ];
}

function tooFew(after: IncidentState, task: Task, number: number): Refusal[] {
  const mailing = after.mailings.find((m) => unreachedTask(m.mailing) === task.about);
  if (mailing?.totals) {
    const rejected = rejectedOf(after, mailing.list);
    const missed = missedBy(mailing.totals) + rejected;
    return number >= missed
      ? []
      : [
          {
            code: 'contradiction',
            paths: ['told.number', task.about],
            says: `${unreachedSays({ mailing: mailing.mailing, totals: mailing.totals, rejected, task: null })}. Of these ${missed} you say that ${number} ${were(number)} told, so ${missed - number} ${are(missed - number)} missing`,
            mend: MEND,
          },
        ];
  }
  const { told, atLeast, excused, underWay } = peopleOwed(after);
  if (atLeast === null) return [];
  const before = task.told?.telling?.number ?? null;
  const left = atLeast - told - excused;
  const waiting = underWay.reduce((sum, { count }) => sum + count, 0);
  return [
    {
      code: 'contradiction',
      paths: ['told.number', 'people.count'],
      says: `${before === null ? '' : `in place of the ${before} on record for ${task.id}: `}${told - number > 0 ? persons(told - number) : 'nobody'} ${told - number > 1 ? 'were' : 'was'} told ${before === null ? 'so far' : 'by anything else'}, ${number} by what you say now, and at least ${persons(atLeast)} ${are(atLeast)} concerned: ${left} ${are(left)} missing${waiting > 0 ? ` (a mailing to ${persons(waiting)} is not over, and not counted)` : ''}`,
      mend: MEND,
    },
  ];
}
const MEND =
  'Mistyped: give the right number. Right: say in a note (--note "…") why the rest are owed no word, such as that only these are at a high risk (R-404), or who told them. Otherwise tell the rest first and leave the task open.';
