import { isMessageLanguage, MESSAGE_LANGUAGES } from './languages/known.js';
import type { Facts } from '../incident/facts.js';
import type { Hedges } from './languages/language.js';
import type { PeopleMessage } from './model.js';
import { sentencesIn } from './sentences.js';

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
  readonly kind: keyof Hedges;
}

const KINDS = ['doubt', 'absence', 'calming'] as const satisfies readonly (keyof Hedges)[];
const languageOf = (message: PeopleMessage) => (isMessageLanguage(message.language) ? message.language : 'en');

/** Phrases that calm instead of telling (Art. 34(2): clear and plain). A person decides; they are shown, not forbidden. */
export function hedges(message: PeopleMessage): Hedge[] {
  const { hedges: phrases } = MESSAGE_LANGUAGES[languageOf(message)];
  return FIELDS.flatMap((field) => {
    const text = message[field].toLowerCase().replace(/’/g, "'").replace(/\s+/g, ' ');
    return KINDS.flatMap((kind) =>
      phrases[kind].filter((phrase) => text.includes(phrase)).map((phrase) => ({ field, phrase, kind })),
    );
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

const PLAIN_UP_TO = { en: 40, de: 50, fr: 45 } as const;
const LONG = 6;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu;
/** `l’incident` and `avez-vous` are two words each, and none of them is a long one for it. */
const FRENCH_WORD = /[\p{L}\p{N}]+/gu;

/** How hard the running text is to read; names, contacts and the reference are left out. */
export function readability(message: PeopleMessage): Readability {
  const { whatHappened, when, whichDataOfYours, consequences, whatWeDid, whatYouCanDo, fraudWarning } = message;
  const text = [whatHappened, when, whichDataOfYours, consequences, whatWeDid, whatYouCanDo, fraudWarning].join('\n');
  const sentences = sentencesIn(text).length;
  const words = text.match(languageOf(message) === 'fr' ? FRENCH_WORD : WORD) ?? [];
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

/** What must be answered before two people release a message. `says` names the field and what to do; it repeats no text but our own phrases. */
export interface OpenQuestion {
  readonly field: (typeof FIELDS)[number] | 'message';
  readonly kind: 'missing' | keyof Hedges | 'hard-to-read' | 'link' | 'vague';
  readonly says: string;
}

/** Art. 34(2) with Art. 33(3)(b), (c), (d), and what add. */
const OWED: Readonly<Partial<Record<(typeof FIELDS)[number], string>>> = {
  whatHappened: 'what happened (Art. 34(2))',
  whichDataOfYours: 'which of their data are concerned (R-412)',
  consequences: 'what it can mean for them (Art. 33(3)(c))',
  whatWeDid: 'what was done and will be done (Art. 33(3)(d))',
  whatYouCanDo: 'what they can do to protect themselves (R-411)',
  contact: 'where they can ask (Art. 33(3)(b))',
};
const LINK = /https?:/i;

/** An answer to a hedge is a fact, not a wish: it stands only where the record says the same. */
function isAnswered(kind: keyof Hedges, facts: Facts): boolean {
  const outcome = facts['confidentiality.outcome'];
  if (kind === 'absence') return outcome?.value === 'NOT_DISCLOSED_EVIDENCED';
  if (kind === 'doubt')
    return (
      outcome?.certainty === 'undeterminable' ||
      outcome?.value === 'LIKELY_NO_EVIDENCE' ||
      outcome?.value === 'NOT_ASSESSABLE'
    );
  return false;
}

const ASKS: Readonly<Record<keyof Hedges, string>> = {
  doubt: 'leaves it open. Say what is known and what is not, or record that nobody can know (confidentiality.outcome)',
  absence:
    'says that nothing was found, which is not the same as nothing happened. Say what was looked at, or record the proof (confidentiality.outcome)',
  calming: 'calms instead of telling. Leave it out',
};

/** Our own words for what the record calls additional: a placeholder for what only a person can name. */
const isVague = (message: PeopleMessage): boolean => {
  const { label } = MESSAGE_LANGUAGES[languageOf(message)].data.ADDITIONAL;
  return label !== null && message.whichDataOfYours.split('\n').includes(`- ${label}`);
};

export function openQuestions(message: PeopleMessage, facts: Facts): OpenQuestion[] {
  const { lix, limit, plain, wordsPerSentence } = readability(message);
  return [
    ...FIELDS.flatMap((field): OpenQuestion[] => {
      const what = OWED[field];
      return what !== undefined && message[field].trim() === ''
        ? [{ field, kind: 'missing', says: `${field} is empty: people must be told ${what}.` }]
        : [];
    }),
    ...FIELDS.filter((field) => LINK.test(message[field])).map(
      (field): OpenQuestion => ({
        field,
        kind: 'link',
        says: `${field} has a link. Fraud looks like that: write the address so that people type it in (R-434).`,
      }),
    ),
    ...(isVague(message)
      ? [
          {
            field: 'whichDataOfYours',
            kind: 'vague',
            says: 'whichDataOfYours speaks of other data and does not say which. Name them in words that the readers know (R-412).',
          } as const,
        ]
      : []),
    ...hedges(message)
      .filter(({ kind }) => !isAnswered(kind, facts))
      .map(({ field, phrase, kind }): OpenQuestion => ({ field, kind, says: `${field}: "${phrase}" ${ASKS[kind]}.` })),
    ...(plain
      ? []
      : [
          {
            field: 'message',
            kind: 'hard-to-read',
            says: `Hard to read: LIX ${lix}, plain is up to ${limit}; ${wordsPerSentence} words a sentence. Make the sentences shorter.`,
          } as const,
        ]),
  ];
}
