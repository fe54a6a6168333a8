import { foundInstead, isDate, readInstant } from '../clock/read-instant.js';
import { EU_CODES, isCountry } from './countries.js';
import type { Count, FactSpec, FactValue } from './facts.js';
import { nearest } from './nearest.js';

/** A value in canonical form, or what it should have been and what kind of thing it is. Neither repeats what was written. */
export type ReadValue =
  | { readonly ok: true; readonly value: FactValue; readonly rough?: boolean }
  | { readonly ok: false; readonly expected: string; readonly found: string };

const LONGEST_TEXT = 10_000;
const LONGEST_ITEM = 500;
const MOST_ITEMS = 100;
const MOST_PEOPLE = 10_000_000_000; // more than there are; a slip of the keyboard beyond it

const good = (value: FactValue, rough = false): ReadValue => (rough ? { ok: true, value, rough } : { ok: true, value });
const bad = (expected: string, found: string): ReadValue => ({ ok: false, expected, found });

const texts = (read: readonly ReadValue[]): string[] =>
  read.flatMap((item) => (item.ok && typeof item.value === 'string' ? [item.value] : []));

/** The kind of a thing, in words, never the thing itself. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  switch (typeof value) {
    case 'string':
      return value.trim() === '' ? 'an empty text' : 'a text';
    case 'boolean':
      return 'a yes or no';
    case 'number':
    case 'bigint':
      return numberKind(Number(value));
    default:
      return 'a group of fields';
  }
}

function numberKind(value: number): string {
  if (!Number.isFinite(value)) return 'no finite number';
  if (!Number.isInteger(value)) return 'a number with a fraction';
  return value < 0 ? 'a number below 0' : 'a number';
}

/**
 * Reads a value as the catalogue wants it. Takes what a file, a request or a keyboard may hold (`"1200"`, `"1000-1500"`, `yes`,
 * `HEALTH,CONTACT`, instants with any zone) and gives the canonical value. `rough` is true for a count that is a range.
 */
export function readValue(spec: FactSpec, raw: unknown): ReadValue {
  switch (spec.type) {
    case 'text':
      return readText(raw, 'a text', LONGEST_TEXT);
    case 'boolean':
      return readBoolean(raw);
    case 'integer':
      return readInteger(raw, spec.min, spec.max);
    case 'one_of':
      return readOption(raw, spec.options);
    case 'many_of':
      return readOptions(raw, spec.options);
    case 'instant':
      return readTime(raw);
    case 'date':
      return isDate(raw)
        ? good(raw)
        : bad(
            'a day such as 2026-03-02',
            typeof raw === 'string' && raw.trim() !== '' ? 'a text that names no day' : kindOf(raw),
          );
    case 'count':
      return readCount(raw);
    case 'text_list':
      return readTexts(raw);
    case 'countries':
      return readCountries(raw);
    case 'country_counts':
      return readCountryCounts(raw);
  }
}

// oxlint-disable-next-line no-control-regex -- control characters are exactly what must not pass
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

function readText(raw: unknown, expected: string, longest: number): ReadValue {
  if (typeof raw !== 'string' || raw.trim() === '') return bad(expected, kindOf(raw));
  const text = raw.replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim();
  if (CONTROL.test(text)) return bad(`${expected} without control characters`, 'a text with some');
  if (/\p{Surrogate}/u.test(text)) return bad(`${expected} in whole Unicode characters`, 'a text with half of one');
  if (text.length > longest) return bad(`${expected} of at most ${longest} characters`, `one of ${text.length}`);
  return good(text);
}

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };
function readBoolean(raw: unknown): ReadValue {
  const value = typeof raw === 'string' ? BOOLEANS[raw.trim().toLowerCase()] : raw;
  return typeof value === 'boolean' ? good(value) : bad('yes or no (true or false)', kindOf(raw));
}

function readInteger(raw: unknown, min: number, max: number): ReadValue {
  const value = typeof raw === 'string' && /^[+-]?\d{1,9}$/.test(raw.trim()) ? Number(raw) : raw;
  const expected = `a whole number from ${min} to ${max}`;
  if (typeof value !== 'number' || !Number.isInteger(value)) return bad(expected, kindOf(raw));
  return value < min || value > max ? bad(expected, `${value}`) : good(value === 0 ? 0 : value);
}

const asOption = (raw: string): string =>
  raw
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_');

function readOption(given: unknown, options: readonly string[]): ReadValue {
  // YAML and people write true and false where the form has YES and NO.
  const raw = typeof given === 'boolean' && options.includes('YES') ? (given ? 'YES' : 'NO') : given;
  const expected = `one of ${options.join(', ')}`;
  if (typeof raw !== 'string' || raw.trim() === '') return bad(expected, kindOf(raw));
  const option = asOption(raw);
  if (options.includes(option)) return good(option);
  const near = nearest(option, options);
  return bad(
    expected,
    near === null ? 'a text that is none of them' : `a text that is none of them (did you mean ${near}?)`,
  );
}

function readOptions(raw: unknown, options: readonly string[]): ReadValue {
  const expected = `one or more of ${options.join(', ')}`;
  const items = typeof raw === 'string' && raw.trim() !== '' ? raw.split(',') : raw;
  if (!Array.isArray(items) || items.length === 0) return bad(expected, kindOf(raw));
  const read = items.map((item: unknown) => readOption(item, options));
  const wrong = read.findIndex((item) => !item.ok);
  const first = read[wrong];
  if (first !== undefined && !first.ok) return bad(expected, `a list whose item ${wrong + 1} is ${first.found}`);
  return good([...new Set(texts(read))]);
}

function readTime(raw: unknown): ReadValue {
  const expected = 'an instant such as 2026-03-02T09:00:00Z';
  if (typeof raw !== 'string' || raw.trim() === '') return bad(expected, kindOf(raw));
  const read = readInstant(raw.trim());
  return read.ok
    ? good(read.instant)
    : bad(
        expected,
        foundInstead(read.problem).replace(/^this (one has|one names|is not one)/, (start) => LEADS[start] ?? start),
      );
}
const LEADS: Readonly<Record<string, string>> = {
  'this one has': 'one with',
  'this one names': 'one that names',
  'this is not one': 'a text that is none',
};

const COUNT = 'a number such as 1200, a range such as 1000-1500 or 1000..1200..1500, or { min, likely, max }';
const wholeNumber = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= MOST_PEOPLE;

/** `1.000`, `1.000-1500`: the mark means a thousand to one reader and a fraction to another, so it is asked back. */
const MARKED = /^\s*\d[\d\s.,'’–-]*$/;
const MARK_IN_NUMBER = /\d{1,3}[.,'’ ]\d{3}(?!\d)/;

function readCount(raw: unknown): ReadValue {
  const count = asCount(raw);
  if (count === null)
    return bad(
      COUNT,
      typeof raw === 'string' && MARKED.test(raw) && MARK_IN_NUMBER.test(raw)
        ? 'a number with marks between its digits; write 1000, not 1.000'
        : kindOf(raw),
    );
  const { min, likely, max } = count;
  const numbers = likely === undefined ? [min, max] : [min, likely, max];
  const wrong = numbers.find((number) => !wholeNumber(number));
  if (wrong !== undefined) return bad(`${COUNT}, whole and from 0 to ${MOST_PEOPLE}`, numberKind(wrong));
  if (min > (likely ?? min) || (likely ?? min) > max)
    return bad(`a range with min <= ${likely === undefined ? '' : 'likely <= '}max`, numbers.join(', '));
  return good(min === max ? { min, likely: min, max } : count, min !== max);
}

const exactly = (number: number): Count => ({ min: number, likely: number, max: number });

/** A range has a likely number only where somebody wrote one: its middle would be made up. */
function asCount(raw: unknown): Count | null {
  if (typeof raw === 'number') return exactly(raw);
  if (typeof raw === 'string') {
    const parts = /^(\d{1,15})(?:\s*(?:-|–|\.\.)\s*(\d{1,15}))?(?:\s*\.\.\s*(\d{1,15}))?$/.exec(raw.trim());
    if (!parts) return null;
    const [first, second, third] = [parts[1], parts[2], parts[3]].map((part) =>
      part === undefined ? null : Number(part),
    ) as [number, number | null, number | null];
    if (second === null) return third === null ? exactly(first) : null;
    return third === null ? { min: first, max: second } : { min: first, likely: second, max: third };
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  const { min, likely, max, ...other } = raw as Readonly<Record<string, unknown>>;
  if (Object.keys(other).length > 0 || typeof min !== 'number' || typeof max !== 'number') return null;
  if (likely === undefined) return { min, max };
  return typeof likely === 'number' ? { min, likely, max } : null;
}

function readTexts(raw: unknown): ReadValue {
  const items = typeof raw === 'string' && raw.trim() !== '' ? [raw] : raw;
  const expected = `a list of texts, up to ${MOST_ITEMS}`;
  if (!Array.isArray(items) || items.length === 0) return bad(expected, kindOf(raw));
  if (items.length > MOST_ITEMS) return bad(expected, `a list of ${items.length}`);
  const read = items.map((item: unknown) => readText(item, 'a text', LONGEST_ITEM));
  const wrong = read.findIndex((item) => !item.ok);
  const first = read[wrong];
  if (first !== undefined && !first.ok)
    return bad(
      `${expected}, each of at most ${LONGEST_ITEM} characters`,
      `a list whose item ${wrong + 1} is ${first.found}`,
    );
  return good(texts(read));
}

const COUNTRY = 'countries by their ISO 3166 codes, such as IE or FR';
const codeProblem = (code: string): string =>
  EU_CODES[code] === undefined
    ? 'a code that ISO 3166 does not know'
    : `${code}, which ISO 3166 writes ${EU_CODES[code]}`;

function readCountries(raw: unknown): ReadValue {
  const items = typeof raw === 'string' && raw.trim() !== '' ? raw.split(',') : raw;
  if (!Array.isArray(items) || items.length === 0 || !items.every((item) => typeof item === 'string'))
    return bad(COUNTRY, kindOf(raw));
  const codes = items.map((item) => item.trim().toUpperCase());
  const wrong = codes.find((code) => !isCountry(code));
  return wrong === undefined ? good([...new Set(codes)].sort()) : bad(COUNTRY, codeProblem(wrong));
}

function readCountryCounts(raw: unknown): ReadValue {
  const expected = 'a number of people for each country by its ISO 3166 code, such as { IE: 1200, FR: 40 }';
  const entries = countryEntries(raw);
  if (entries === null || entries.length === 0) return bad(expected, kindOf(raw));
  const known: [string, number][] = [];
  for (const [key, value] of entries) {
    const code = key.trim().toUpperCase();
    if (!isCountry(code)) return bad(expected, codeProblem(code));
    const count = typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value;
    if (typeof count !== 'number' || !wholeNumber(count)) return bad(expected, `${kindOf(value)} for ${code}`);
    if (known.some(([already]) => already === code)) return bad(expected, `${code} twice`);
    known.push([code, count]);
  }
  return good(Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function countryEntries(raw: unknown): [string, unknown][] | null {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return Object.entries(raw);
  if (typeof raw !== 'string') return null;
  const pairs = raw.split(',').map((pair) => /^\s*([A-Za-z]{2})\s*[:=]\s*(\d+)\s*$/.exec(pair));
  return pairs.every((pair) => pair !== null) ? pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']) : null;
}
