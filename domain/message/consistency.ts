import type { OffsetMs } from '../clock/deadlines.js';
import { type Instant, plusMs } from '../clock/instant.js';
import type { NoticeContent } from '../notice/model.js';
import { isMessageLanguage, MESSAGE_LANGUAGES } from './languages/known.js';
import type { MessageLanguage } from './languages/language.js';
import type { PeopleMessage } from './model.js';

/** People and authority must hear the same. Figures, days and codes only; never the text around them. */
export interface Inconsistency {
  readonly field: keyof PeopleMessage;
  readonly kind: 'incident' | 'day' | 'number' | 'category' | 'protection' | 'contact';
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
  const days = instants
    .filter((at) => at !== null)
    .flatMap((at) => [at.slice(0, 10), plusMs(at, offsetMs?.(timeline.zone, at) ?? 0).slice(0, 10)]);
  const dates = [communication.on, others.moreInformationOn.state === 'given' ? others.moreInformationOn.value : null];
  return new Set([...days, ...dates.filter((day) => day !== null)]);
}

const MONTHS = Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}-15`);
/** The names of the months, as the language's own words for a day have them. */
const monthsIn = (words: MessageLanguage): readonly string[] =>
  MONTHS.map((iso) =>
    words
      .day(iso)
      .replace(/[\d.\s]+/g, '')
      .toLowerCase(),
  );
const dayPattern = (words: MessageLanguage): RegExp =>
  new RegExp(`\\b(\\d{1,2})(?:\\.|er|st|nd|rd|th)?\\s+(${monthsIn(words).join('|')})(?:\\s+(\\d{4}))?`, 'giu');
/** `March 2, 2026`, as English also writes it. */
const monthFirst = (words: MessageLanguage): RegExp =>
  new RegExp(`(${monthsIn(words).join('|')})\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})`, 'giu');
const NUMERIC_DAY = /\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b/g;

function strangeDays(
  field: (typeof TOLD)[number],
  text: string,
  words: MessageLanguage,
  known: ReadonlySet<string>,
): Inconsistency[] {
  const pad = (part: string | number): string => String(part).padStart(2, '0');
  const reversed = [...text.matchAll(monthFirst(words))].map(([, month, day, year]) => [day, month, year] as const);
  const straight = [...text.matchAll(dayPattern(words))].map(([, day, month, year]) => [day, month, year] as const);
  const named = [...straight, ...reversed].map(([day = '', month = '', year]) => {
    const rest = `${pad(monthsIn(words).indexOf(month.toLowerCase()) + 1)}-${pad(day)}`;
    return year === undefined ? rest : `${year}-${rest}`;
  });
  const numeric = [...text.matchAll(NUMERIC_DAY)].map(([, year, month, day, d = '', m = '', y]) =>
    year === undefined ? `${y}-${pad(m)}-${pad(d)}` : `${year}-${month}-${day}`,
  );
  return [...new Set([...named, ...numeric])]
    .filter((day) => ![...known].some((one) => one.endsWith(day)))
    .map((day) => found(field, 'day', `${field} names ${day}; the notice names ${[...known].sort().join(', ')}.`));
}

const withoutDays = (text: string, words: MessageLanguage): string =>
  text.replace(monthFirst(words), ' ').replace(dayPattern(words), ' ').replace(NUMERIC_DAY, ' ');

/** Smaller ones are parts of other things: hours, steps, paragraphs. */
const SMALLEST = 10;
const NUMBER =
  /(?<![\d.,+/-])\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?![\d.,]*\d)|(?<![\d.,+/\p{L}-])\d+(?![\d\p{L}]|[.,-]\d)/gu;
const isYear = (number: number): boolean => number >= 1900 && number <= 2100;

function strangeNumbers(field: (typeof TOLD)[number], text: string, content: NoticeContent): Inconsistency[] {
  const { people, data, communication } = content;
  const counts = [people.count, data.records].flatMap((count) =>
    count.state === 'given' ? [count.value.min, count.value.likely, count.value.max] : [],
  );
  const perCountry = people.countries.state === 'given' ? Object.values(people.countries.value) : [];
  const known = new Set([
    ...counts,
    ...perCountry,
    ...(communication.informed === null ? [] : [communication.informed]),
  ]);
  const numbers = [...text.matchAll(NUMBER)].map(([number]) => Number(number.replace(/\D/g, '')));
  return [...new Set(numbers)]
    .filter((number) => number >= SMALLEST && !isYear(number) && !known.has(number))
    .map((number) =>
      found(
        field,
        'number',
        `${field} names ${number}; the notice names ${known.size === 0 ? 'no number' : [...known].sort((a, b) => a - b).join(', ')}.`,
      ),
    );
}

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
      (only?.includes(code) ?? true) &&
      (words.data as Readonly<Record<string, { label: string | null }>>)[code]?.label != null,
  );
  const strange = told.filter((code) => !inNotice.includes(code));
  const untold = owed.filter((code) => !told.includes(code));
  return [
    ...strange.map((code) =>
      found('whichDataOfYours', 'category', `whichDataOfYours names ${code}; the notice (row 70) does not.`),
    ),
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
