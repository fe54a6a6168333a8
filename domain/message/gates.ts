import { isMessageLanguage, MESSAGE_LANGUAGES } from './languages/known.js';
import type { PeopleMessage } from './model.js';

const FIELDS = [
  'subject',
  'whatHappened',
  'when',
  'whichDataOfYours',
  'consequences',
  'whatWeDid',
  'whatYouCanDo',
  'contact',
  'dpo',
  'authorityYouMayTurnTo',
  'fraudWarning',
] as const satisfies readonly (keyof PeopleMessage)[];

export interface Hedge {
  readonly field: (typeof FIELDS)[number];
  /** The phrase from our list, as it is listed: a finding never repeats the text around it. */
  readonly phrase: string;
}

const languageOf = (message: PeopleMessage) => (isMessageLanguage(message.language) ? message.language : 'en');

/** Phrases that calm instead of telling (Art. 34(2): clear and plain). A person decides; they are shown, not forbidden. */
export function hedges(message: PeopleMessage): Hedge[] {
  const { hedges: phrases } = MESSAGE_LANGUAGES[languageOf(message)];
  return FIELDS.flatMap((field) => {
    const text = message[field].toLowerCase().replace(/\s+/g, ' ');
    return phrases.filter((phrase) => text.includes(phrase)).map((phrase) => ({ field, phrase }));
  });
}

export interface Readability {
  readonly sentences: number;
  readonly words: number;
  readonly wordsPerSentence: number;
  /** LIX (Björnsson 1968): words a sentence + percentage of words longer than six letters. */
  readonly lix: number;
  /** Highest LIX that we call plain in this language; German words are longer. House values. */
  readonly limit: number;
  readonly plain: boolean;
}

const PLAIN_UP_TO = { en: 40, de: 50 } as const;
const LONG = 6;

/** How hard the running text is to read; names, contacts and the reference are left out. */
export function readability(message: PeopleMessage): Readability {
  const { whatHappened, when, whichDataOfYours, consequences, whatWeDid, whatYouCanDo, fraudWarning } = message;
  const text = [whatHappened, when, whichDataOfYours, consequences, whatWeDid, whatYouCanDo, fraudWarning].join('\n');
  const sentences = text.split(/(?<!\d)[.!?:]+(?=\s|$)|\n/).filter((part) => /\p{L}/u.test(part)).length;
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
  const long = words.filter((word) => word.length > LONG).length;
  const wordsPerSentence = words.length / Math.max(1, sentences);
  const lix = Math.round(wordsPerSentence + (100 * long) / Math.max(1, words.length));
  const limit = PLAIN_UP_TO[languageOf(message)];
  return {
    sentences,
    words: words.length,
    wordsPerSentence: Math.round(wordsPerSentence * 10) / 10,
    lix,
    limit,
    plain: lix <= limit,
  };
}
