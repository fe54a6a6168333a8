import type { MessageLanguage } from './languages/language.js';

const MONTHS = Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}-15`);
/** The names of the months, as the language's own words for a day have them. */
const monthsIn = (words: MessageLanguage): readonly string[] =>
  MONTHS.map((iso) => words.day(iso).replace(/[\d.\s]+/g, ''));
/** Only French writes months small: `10 may` is no day in English. */
const flags = (names: readonly string[]): string => (names.some((name) => /^\p{Ll}/u.test(name)) ? 'giu' : 'gu');

const ORDINAL = '(?:\\.|er|st|nd|rd|th)?';
const JOINED = '\\s*(?:-|–|and|to|und|bis|et|au)\\s*(?:(?:the|dem|den|zum|le)\\s+)?';

const made = new WeakMap<MessageLanguage, ReturnType<typeof makePatterns>>();
/** Made once for each language: a message has many texts, and each part of each is looked at. */
function patternsOf(words: MessageLanguage): ReturnType<typeof makePatterns> {
  const known = made.get(words) ?? makePatterns(words);
  made.set(words, known);
  return known;
}

function makePatterns(words: MessageLanguage) {
  const names = monthsIn(words);
  const day = `(\\d{1,2})${ORDINAL}\\s+(${names.join('|')})(?!\\p{L})(?:\\s+(\\d{4}))?`;
  const make = (source: string): RegExp => new RegExp(source, flags(names));
  return {
    months: names.map((name) => name.toLowerCase()),
    plain: make(`(?<!\\d)${day}`),
    /** The first day of `11 to 13 March 2026`, `vom 11. bis 13. März 2026`, `du 11 au 13 mars 2026`. */
    firstOfTwo: make(`(?<!\\d)(\\d{1,2})${ORDINAL}${JOINED}(?=${day.replace('(\\d{1,2})', '\\d{1,2}')})`),
    /** `March 2, 2026`, as English also writes it. */
    monthFirst: make(`(${names.join('|')})\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})`),
  };
}
const NUMERIC = /\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b/g;
const pad = (part: string | number): string => String(part).padStart(2, '0');

/** The days that a text names, each once: `2026-03-02`, or `03-02` where it does not say the year. */
export function daysIn(text: string, words: MessageLanguage): readonly string[] {
  const { months, plain, firstOfTwo, monthFirst } = patternsOf(words);
  const straight = [...text.matchAll(plain), ...text.matchAll(firstOfTwo)].map(
    ([, d, month, y]) => [d, month, y] as const,
  );
  const reversed = [...text.matchAll(monthFirst)].map(([, month, d, y]) => [d, month, y] as const);
  const named = [...straight, ...reversed].map(([d = '', month = '', year]) => {
    const rest = `${pad(months.indexOf(month.toLowerCase()) + 1)}-${pad(d)}`;
    return year === undefined ? rest : `${year}-${rest}`;
  });
  const numeric = [...text.matchAll(NUMERIC)].map(([, year, month, day, d = '', m = '', y]) =>
    year === undefined ? `${y}-${pad(m)}-${pad(d)}` : `${year}-${month}-${day}`,
  );
  return [...new Set([...named, ...numeric])];
}

/** So that the figures of a day are not taken for a number of people. */
export function withoutDays(text: string, words: MessageLanguage): string {
  const { plain, firstOfTwo, monthFirst } = patternsOf(words);
  return [monthFirst, firstOfTwo, plain, NUMERIC].reduce((rest, pattern) => rest.replace(pattern, ' '), text);
}
