import type { Instant } from '../clock/instant.js';
import { MEANS_OF_TELLING, type MeansOfTelling } from './lists.js';
import type { Refusal } from './refusals.js';
import type { IncidentState, Task } from './state.js';

/** How people were told otherwise than by a mailing: by letter, at the door, publicly. The authority and the register are told it (F-51, F-54 to F-56, R-231). */
export interface Telling {
  /** The day on which they were told; of several the first. */
  readonly on: string;
  /** How many more were told by this: those whom a mailing reached, or another entry counts, are not among them. Null where it cannot be counted, as of a public announcement. */
  readonly number: number | null;
  readonly means: readonly MeansOfTelling[];
  /** Which other means, where OTHER is among them. */
  readonly otherMeans?: string | undefined;
  /** What they were told, or where it can be read. */
  readonly text: string;
}

/** As the record has it: with the note beside it, whose it is and from when. */
export interface Told {
  readonly note: string | null;
  readonly telling: Telling | null;
  readonly by: string;
  readonly at: Instant;
}

/** Art. 34(3)(c): what takes the place of single messages, and is owed as they were. */
export const PUBLIC_TASK = 'public-communication';

/** Tasks whose end says that people were told. */
export const tellsPeople = ({ kind, about }: Pick<Task, 'kind' | 'about'>): boolean =>
  kind === 'tell-people' || (kind === 'other' && (about.startsWith('unreached/') || about === PUBLIC_TASK));

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

/** Every reason against it at once. */
export function refuseTelling({ on, number, means, otherMeans, text }: Telling, at: Instant): Refusal[] {
  const missing = (path: string, what: string) => ({ code: 'missing', path: `told.${path}`, what }) as const;
  const says = /[\p{L}\p{N}]/u;
  return [
    ...(isDay(on) ? [] : [missing('on', 'the day on which the people were told, such as 2026-03-04')]),
    ...(isDay(on) && Date.parse(on) > Date.parse(at) + DAY_AHEAD_MS
      ? [missing('on', `a day that has come; ${on} is still to come, and who will be told is not told`)]
      : []),
    ...(number === null || (Number.isInteger(number) && number > 0)
      ? []
      : [missing('number', `how many were told, a whole number from 1 on; not ${number}`)]),
    ...(means.length > 0 && means.every((one) => MEANS_OF_TELLING.includes(one))
      ? []
      : [missing('means', `how they were told: ${MEANS_OF_TELLING.join(', ')}`)]),
    ...(number === null && (!means.includes('PUBLIC') || means.includes('INDIVIDUAL'))
      ? [missing('number', 'how many were told; only those whom a public announcement reached cannot be counted')]
      : []),
    ...(means.includes('OTHER') && !says.test(otherMeans ?? '')
      ? [missing('otherMeans', 'which other means they were')]
      : []),
    ...(says.test(text) ? [] : [missing('text', 'what they were told, or where it can be read (Art. 34(2))')]),
  ];
}
/** West of Greenwich a day begins later, east of it up to 14 hours earlier. */
const DAY_AHEAD_MS = 14 * 3_600_000;

/** What the record has of people who were told otherwise, oldest first; `publicly`: in place of single messages (Art. 34(3)(c)). */
export const tellingsOf = (
  { tasks = [] }: { readonly tasks?: IncidentState['tasks'] | undefined },
  publicly = false,
): readonly Telling[] =>
  tasks
    .filter((task) => (task.about === PUBLIC_TASK) === publicly)
    .flatMap(({ told }) => told?.telling ?? [])
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
