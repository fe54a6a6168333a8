import { MEANS_OF_TELLING, type MeansOfTelling } from '../domain/incident/lists.js';
import type { Telling, Told } from '../domain/incident/telling.js';
import { wrongUsage } from './exit.js';
import { needed, wholeNumber } from './run.js';

/** How people were told, as it is typed behind `task ID TASK --done`. */
export interface TellingOptions {
  readonly on?: string;
  readonly number?: string;
  readonly means?: string;
  readonly otherMeans?: string;
  readonly text?: string;
}

export const EXAMPLE_OF_TELLING =
  '--on 2026-03-04 --number 1200 --means INDIVIDUAL --text "the letter, or where it can be read"';

/** Undefined where nothing of it was typed. */
export function typedTelling(options: TellingOptions, command: string): Telling | undefined {
  const { on, number, means, otherMeans, text } = options;
  if ([on, number, means, otherMeans, text].every((one) => one === undefined)) return undefined;
  needed({ '--on': on, '--means': means, '--text': text }, `${command} ${EXAMPLE_OF_TELLING}`);
  return {
    on: on ?? '',
    number: number === undefined ? null : wholeNumber(number, '--number'),
    means: (means ?? '').split(',').map((one) => meansOf(one.trim(), command)),
    ...(otherMeans !== undefined && { otherMeans }),
    text: text ?? '',
  };
}

function meansOf(typed: string, command: string): MeansOfTelling {
  const found = MEANS_OF_TELLING.find((one) => one === typed.toUpperCase());
  if (found) return found;
  throw wrongUsage(
    `--means takes ${MEANS_OF_TELLING.join(', ')}, several with commas, and not '${typed}'. A letter, a call and an e-mail to one person are INDIVIDUAL.`,
    `${command} ${EXAMPLE_OF_TELLING}`,
  );
}

/** How people were told, on one line; with the note that says why not all of them. */
export function toldText({ telling, note }: Pick<Told, 'telling' | 'note'>): string {
  const how = telling && [
    telling.number === null
      ? 'told, not to be counted'
      : `${telling.number} ${telling.number === 1 ? 'person' : 'people'} told`,
    `on ${telling.on}`,
    telling.means.map((one) => (one === 'OTHER' ? (telling.otherMeans ?? one) : one)).join(', '),
  ];
  return [...(how ? [how.join(' ')] : []), ...(note !== null ? [`note: ${note}`] : [])].join('; ');
}
