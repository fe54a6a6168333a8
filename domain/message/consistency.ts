import type { OffsetMs } from '../clock/deadlines.js';
import { type Instant, plusMs } from '../clock/instant.js';
import type { Count } from '../incident/facts.js';
import type { NoticeContent } from '../notice/model.js';
import { daysIn, withoutDays } from './days.js';
import { isMessageLanguage, MESSAGE_LANGUAGES } from './languages/known.js';
import type { MessageLanguage } from './languages/language.js';
import type { PeopleMessage } from './model.js';
import { sentencesIn } from './sentences.js';

/** People and authority must hear the same. Figures, days and codes only; never the text around them. */
export interface Inconsistency {
  readonly field: keyof PeopleMessage;
  readonly kind: 'incident' | 'day' | 'number' | 'estimate' | 'category' | 'protection' | 'contact';
  readonly says: string;
}

interface Options {
  /** With it days may be those of the notice's zone; without it those of UTC. */
  readonly offsetMs?: OffsetMs;
  /** What leaked of the people of this message (R-404); without it all that the notice names. */
  readonly dataCategories?: readonly string[];
}

const TOLD = ['whatHappened', 'when', 'whichDataOfYours', 'consequences', 'whatWeDid', 'whatYouCanDo'] as const;

/** Where a message contradicts the notice, or leaves out what the notice says leaked. Empty when both tell the same. */
export function inconsistencies(
  content: NoticeContent,
  message: PeopleMessage,
  options: Options = {},
): Inconsistency[] {
  const words = MESSAGE_LANGUAGES[isMessageLanguage(message.language) ? message.language : 'en'];
  const days = daysOf(content, options.offsetMs);
  return [
    ...(message.incident === content.incident
      ? []
      : [found('incident', 'incident', `The message is of ${message.incident}, the notice of ${content.incident}.`)]),
    ...TOLD.flatMap((field) => strangeDays(field, message[field], words, days)),
    ...TOLD.flatMap((field) => strangeNumbers(field, withoutDays(message[field], words), content)),
    ...TOLD.flatMap((field) => tooExact(field, message[field], words, content, options.offsetMs)),
    ...categories(content, message, words, options.dataCategories),
    ...protection(content, message, words),
    ...contacts(content, message),
  ];
}

const found = (field: keyof PeopleMessage, kind: Inconsistency['kind'], says: string): Inconsistency => ({
  field,
  kind,
  says,
});

/** The day of an instant, as UTC and as the clocks of the zone showed it. */
const dayOn = (at: Instant, zone: string, offsetMs?: OffsetMs): string[] => [
  at.slice(0, 10),
  plusMs(at, offsetMs?.(zone, at) ?? 0).slice(0, 10),
];

/** Every day that the notice names, as UTC and as the clocks of its zone showed it. */
function daysOf(content: NoticeContent, offsetMs?: OffsetMs): ReadonlySet<string> {
  const { timeline, communication, others, builtAt } = content;
  const instants: (Instant | null)[] = [
    timeline.startedAt.state === 'given' ? timeline.startedAt.value : null,
    timeline.endedAt.state === 'given' ? timeline.endedAt.value : null,
    timeline.firstHintAt,
    timeline.processorInformedUsAt,
    timeline.awareAt,
    builtAt,
  ];
  const days = instants.filter((at) => at !== null).flatMap((at) => dayOn(at, timeline.zone, offsetMs));
  const dates = [communication.on, others.moreInformationOn.state === 'given' ? others.moreInformationOn.value : null];
  return new Set([...days, ...dates.filter((day) => day !== null)]);
}

function strangeDays(
  field: (typeof TOLD)[number],
  text: string,
  words: MessageLanguage,
  known: ReadonlySet<string>,
): Inconsistency[] {
  return daysIn(text, words)
    .filter((day) => ![...known].some((one) => one.endsWith(day)))
    .map((day) => found(field, 'day', `${field} names ${day}; the notice names ${[...known].sort().join(', ')}.`));
}

/** Smaller ones are parts of other things: hours, steps, paragraphs. */
const SMALLEST = 10;
const NUMBER =
  /(?<![\d.,+/-])\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?![\d.,]*\d)|(?<![\d.,+/\p{L}-])\d+(?![\d\p{L}]|[.,-]\d)/gu;
const isYear = (number: number): boolean => number >= 1900 && number <= 2100;

const MULTIPLES: readonly (readonly [RegExp, number])[] = [
  [/^(?:million|millions|millionen|mio)$/i, 1_000_000],
  [/^(?:thousand|tausend|mille)$/i, 1_000],
];
const WITH_WORD = /(?<![\d.,])(\d+(?:[.,]\d{1,2})?)\s+(millionen|millions?|mio|thousand|tausend|mille)(?!\p{L})/giu;

/** `1,200`, `1.200`, `1 200` and `1.2 million`. */
function numbersIn(text: string): readonly number[] {
  const spoken = [...text.matchAll(WITH_WORD)].map(([, figure = '', word = '']) =>
    Math.round(Number(figure.replace(',', '.')) * (MULTIPLES.find(([pattern]) => pattern.test(word))?.[1] ?? 1)),
  );
  const written = [...text.replace(WITH_WORD, ' ').matchAll(NUMBER)].map(([number]) =>
    Number(number.replace(/\D/g, '')),
  );
  return [...new Set([...spoken, ...written])].filter((number) => number >= SMALLEST && !isYear(number));
}

function strangeNumbers(field: (typeof TOLD)[number], text: string, content: NoticeContent): Inconsistency[] {
  const { people, communication } = content;
  const perCountry = people.countries.state === 'given' ? Object.values(people.countries.value) : [];
  const known = new Set([
    ...countsIn(content).flatMap(({ value }) => figuresOf(value)),
    ...perCountry,
    ...(communication.informed === null ? [] : [communication.informed]),
  ]);
  return numbersIn(text)
    .filter((number) => !known.has(number))
    .map((number) =>
      found(
        field,
        'number',
        `${field} names ${number}; the notice names ${known.size === 0 ? 'no number' : [...known].sort((a, b) => a - b).join(', ')}.`,
      ),
    );
}

const figuresOf = ({ min, likely, max }: Count): readonly number[] =>
  likely === undefined ? [min, max] : [min, likely, max];

const countsIn = ({ people, data }: NoticeContent) =>
  [people.count, data.records].filter((count) => count.state === 'given');

/** What the notice gives as an estimate, said here as if it were certain. */
function tooExact(
  field: (typeof TOLD)[number],
  text: string,
  words: MessageLanguage,
  content: NoticeContent,
  offsetMs?: OffsetMs,
): Inconsistency[] {
  const { timeline } = content;
  const times = [timeline.startedAt, timeline.endedAt].filter((time) => time.state === 'given');
  const days = (estimated: boolean): string[] =>
    times.filter((time) => time.estimated === estimated).flatMap(({ value }) => dayOn(value, timeline.zone, offsetMs));
  const certain = new Set([
    ...days(false),
    ...[timeline.awareAt, timeline.firstHintAt]
      .filter((at) => at !== null)
      .flatMap((at) => dayOn(at, timeline.zone, offsetMs)),
  ]);
  const roughDays = days(true).filter((day) => !certain.has(day));
  const counts = countsIn(content);
  const exact = counts.filter(({ estimated, value }) => !estimated && value.min === value.max);
  const roughCounts = counts
    .filter((count) => !exact.includes(count))
    .flatMap(({ value }) => figuresOf(value))
    .filter((number) => !exact.some(({ value }) => value.max === number));
  if (roughDays.length === 0 && roughCounts.length === 0) return [];
  return sentencesIn(text)
    .filter((sentence) => /\d/.test(sentence) && !saysRoughly(sentence, words))
    .flatMap((sentence) => [
      ...daysIn(sentence, words).filter((day) => roughDays.some((one) => one.endsWith(day))),
      ...numbersIn(withoutDays(sentence, words)).filter((number) => roughCounts.includes(number)),
    ])
    .map((what) =>
      found(
        field,
        'estimate',
        `${field} names ${what} as certain; the notice gives it as an estimate. Say so: ${words.rough.slice(0, 2).join(', ')}.`,
      ),
    );
}

const plainWords = (text: string): string => ` ${text.toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, ' ')} `;
const saysRoughly = (sentence: string, words: MessageLanguage): boolean =>
  words.rough.some((word) => plainWords(sentence).includes(plainWords(word)));

/** By our own words for each kind of data. Who wrote others is asked to compare; nothing is guessed. */
function categories(
  content: NoticeContent,
  message: PeopleMessage,
  words: MessageLanguage,
  only: readonly string[] | undefined,
): Inconsistency[] {
  const text = message.whichDataOfYours;
  const told = Object.entries(words.data)
    .filter(([, { label }]) => label !== null && text.includes(label))
    .map(([code]) => code);
  const inNotice = content.data.categories.state === 'given' ? content.data.categories.value : [];
  const owed = inNotice.filter(
    (code) =>
      code !== 'ADDITIONAL' && // only a person can name what that is, and then it is in words of their own
      (only?.includes(code) ?? true) &&
      (words.data as Readonly<Record<string, { label: string | null }>>)[code]?.label != null,
  );
  const strange = told.filter((code) => !inNotice.includes(code));
  const ofOthers = told.filter((code) => inNotice.includes(code) && !(only?.includes(code) ?? true));
  const untold = owed.filter((code) => !told.includes(code));
  return [
    ...strange.map((code) =>
      found('whichDataOfYours', 'category', `whichDataOfYours names ${code}; the notice (row 70) does not.`),
    ),
    ...ofOthers.map((code) =>
      found(
        'whichDataOfYours',
        'category',
        `whichDataOfYours names ${code}, which by the list did not leak of these people.`,
      ),
    ),
    ...(only ? adviceForOthers(message, words, only) : []),
    ...(untold.length === 0
      ? []
      : [
          found(
            'whichDataOfYours',
            'category',
            told.length === 0
              ? `whichDataOfYours is in words of your own: compare it with the notice, row 70: ${owed.join(', ')}.`
              : `The notice (row 70) names ${untold.join(', ')}; whichDataOfYours does not.`,
          ),
        ]),
  ];
}

/** Our own sentences about data that these people did not lose. What a person wrote in other words is for a person to see. */
function adviceForOthers(message: PeopleMessage, words: MessageLanguage, only: readonly string[]): Inconsistency[] {
  const parts = [
    ['consequences', 'consequence'],
    ['whatYouCanDo', 'advice'],
  ] as const;
  const sentenceOf = (code: string, part: 'consequence' | 'advice'): string | null =>
    (words.data as Readonly<Record<string, Record<typeof part, string | null>>>)[code]?.[part] ?? null;
  return parts.flatMap(([field, part]) => {
    const theirs = only.map((code) => sentenceOf(code, part));
    const others = Object.keys(words.data).filter((code) => {
      const sentence = sentenceOf(code, part);
      return (
        !only.includes(code) && sentence !== null && !theirs.includes(sentence) && message[field].includes(sentence)
      );
    });
    return others.length === 0
      ? []
      : [
          found(
            field,
            'category',
            `${field} speaks of ${others.join(', ')}, which by the list did not leak of these people.`,
          ),
        ];
  });
}

/** "Nobody has the key" is said to the people only where row 57 says it to the authority. */
function protection(content: NoticeContent, message: PeopleMessage, words: MessageLanguage): Inconsistency[] {
  const { unintelligible } = content.breach;
  const intact = unintelligible.state === 'given' && unintelligible.value === 'PROTECTION_INTACT';
  return message.whatHappened.includes(words.protected) && !intact
    ? [
        found(
          'whatHappened',
          'protection',
          `whatHappened says that the data were encrypted and the key is safe; the notice (row 57) says ${unintelligible.state === 'given' ? unintelligible.value : unintelligible.state}.`,
        ),
      ]
    : [];
}

function contacts(content: NoticeContent, message: PeopleMessage): Inconsistency[] {
  const email = content.dpo?.email;
  return email !== undefined && message.dpo.trim() !== '' && !message.dpo.includes(email)
    ? [found('dpo', 'contact', 'dpo names another address than the notice (row 31).')]
    : [];
}
