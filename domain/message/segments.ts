import { DATA_CATEGORIES } from '../incident/lists.js';

/** A kind of data that the law's form names (7.5). */
export type DataCategory = (typeof DATA_CATEGORIES)[number];

/** What tells one group of a list from another: where they live, what they read, and which data of theirs leaked. */
export interface Segment {
  /** ISO 3166, two letters; null where the list does not say. */
  readonly country: string | null;
  /** BCP 47. */
  readonly language: string;
  /** In the order of the law's list. Null: the list says nothing about data, so all that the record names is meant. */
  readonly data: readonly DataCategory[] | null;
  readonly count: number;
}

/** What decides which text a person gets. */
export type Reader = Pick<Segment, 'language' | 'data'>;

const CODES: ReadonlySet<string> = new Set(DATA_CATEGORIES);
/** Each once, in the order of the law's list: the same data are the same segment however the file orders them. */
export const inOrder = (codes: Iterable<DataCategory>): readonly DataCategory[] => {
  const given = new Set(codes);
  return DATA_CATEGORIES.filter((code) => given.has(code));
};

/**
 * The codes in one field: `CONTACT+HEALTH`, also with commas, semicolons, bars, slashes or blanks between them, in any case. Null when one
 * of them is no code. An empty field is NOT_YET_KNOWN: whoever stands on the list is concerned, and nobody has said by what.
 */
export function readDataCategories(field: string): readonly DataCategory[] | null {
  const codes = field
    .split(/[+,;|/\s]+/)
    .filter((code) => code !== '')
    .map((code) => code.toUpperCase().replace(/-/g, '_'));
  if (codes.length === 0) return ['NOT_YET_KNOWN'];
  return codes.every((code): code is DataCategory => CODES.has(code)) ? inOrder(codes) : null;
}

/** `de/CONTACT+HEALTH`; `de` where the text tells of all that leaked. */
export const variantName = ({ language, data }: Reader): string =>
  data === null ? language : `${language}/${data.join('+')}`;

/** As a person may type it: `DE/health+contact`. */
export function readVariantName(name: string): string {
  const [language = '', ...rest] = name.trim().split('/');
  const data = rest.length === 0 ? null : readDataCategories(rest.join('+'));
  return data === null ? name.trim().toLowerCase() : variantName({ language: language.toLowerCase(), data });
}

export const sameData = (a: Reader['data'], b: Reader['data']): boolean =>
  a === null || b === null ? a === b : a.length === b.length && a.every((code, at) => code === b[at]);

/** Codes that the list names and the record does not: one of the two is wrong, and people would be told the wrong thing. */
export function notOnRecord(
  recorded: readonly string[],
  segments: readonly Segment[],
): { code: string; count: number }[] {
  return DATA_CATEGORIES.filter((code) => code !== 'NOT_YET_KNOWN' && !recorded.includes(code))
    .map((code) => ({
      code,
      count: segments.reduce((sum, { data, count }) => sum + (data?.includes(code) ? count : 0), 0),
    }))
    .filter(({ count }) => count > 0);
}
