import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { CsvError, parse } from 'csv-parse';
import { EU_CODES, isCountry } from '../domain/incident/countries.js';
import { type AddressProblem, checkAddress, mailboxKey } from '../domain/message/address.js';
import { type DataCategory, inOrder, readDataCategories, type Segment } from '../domain/message/segments.js';

export interface ImportedRecipient {
  /** From 1, without gaps, in the order of the file. */
  readonly n: number;
  /** One plain mailbox; the domain in ASCII. */
  readonly email: string;
  /** BCP 47; the default where the file has none. */
  readonly language: string;
  /** ISO 3166, two letters; null where the file has none or something else. */
  readonly country: string | null;
  /** Which data of this person leaked, in the order of the law's list; null where the file has no such column. */
  readonly data: readonly DataCategory[] | null;
}

/** A later row has the same mailbox and other data: what both say leaked of this person. */
export interface MoreData {
  readonly n: number;
  readonly data: readonly DataCategory[];
}

export type RowReason =
  | AddressProblem
  | 'duplicate'
  | 'not-utf-8'
  | 'too-many-columns'
  | 'language'
  | 'country'
  | 'data' // no code of the law's list: this person would be told something wrong
  | 'data-missing';

/** Where, and what is wrong; never what stands there. */
export interface RowProblem {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  /** From 1; null when the whole row is meant. */
  readonly column: number | null;
  readonly reason: RowReason;
  /** False: the person is on the list all the same (an unknown language or country is left out, missing data are not yet known). */
  readonly rejected: boolean;
}

export type FileProblem =
  | 'empty'
  | 'not-utf-8' // UTF-16, or a header that is not text
  | 'no-email-column'
  | 'column-twice'
  | 'quote-not-closed'
  | 'row-too-long'
  | 'too-many-segments'
  | 'damaged';

export interface ImportReport {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** The first ones, in order; `moreProblems` counts the rest. */
  readonly problems: readonly RowProblem[];
  readonly moreProblems: number;
  /** Columns that were not read, from 1. A name is never kept. */
  readonly ignoredColumns: readonly number[];
  /** Those on the list by country, language and data leaked; the largest first. */
  readonly segments: readonly Segment[];
  /** The file could not be read to its end: nothing of it may be used. */
  readonly broken: { readonly row: number; readonly problem: FileProblem } | null;
}

export interface PeopleCsvOptions {
  readonly defaultLanguage: string;
  readonly maxProblems?: number;
}

const MAX_PROBLEMS = 100;
const HEAD_BYTES = 64 * 1024;
const ROW_BYTES = 64 * 1024; // beyond that a quote was opened and never closed
const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Nobody reads as many texts; a column was taken for another one. */
const MAX_SEGMENTS = 5_000;
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
/** A tag that is well formed may still name no language (`xx`): the tables of the runtime know those that exist. */
const NAMES_OF_LANGUAGES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const isLanguage = (tag: string): boolean =>
  LANGUAGE.test(tag) && NAMES_OF_LANGUAGES.of(tag.split('-')[0]?.toLowerCase() ?? '') !== undefined;

type Column = 'email' | 'language' | 'country' | 'data' | 'name';
const NAMES: Readonly<Record<string, Column>> = {
  email: 'email',
  'e-mail': 'email',
  mail: 'email',
  language: 'language',
  lang: 'language',
  country: 'country',
  data: 'data',
  'data leaked': 'data',
  data_leaked: 'data',
  'data.categories': 'data',
  data_categories: 'data',
  'data categories': 'data',
  name: 'name',
};

/**
 * Reads a list of people as it streams in. Columns by name, in any order: `email` (needed), `language`, `country`, `data` (what leaked of
 * this person, such as CONTACT+HEALTH); `name` may be there and is not kept. Comma, semicolon, tab or bar; with or without a byte order
 * mark. Yields who is accepted, and what a later row of the same mailbox adds; returns the report. Bad rows are reported and left out.
 * Problems of the file itself are in `broken`, they are not thrown.
 */
export async function* readPeopleCsv(
  source: AsyncIterable<Uint8Array>,
  { defaultLanguage, maxProblems = MAX_PROBLEMS }: PeopleCsvOptions,
): AsyncGenerator<ImportedRecipient | MoreData, ImportReport> {
  const problems: RowProblem[] = [];
  const seen = new Map<string, number>();
  const segments = countSegments();
  let row = 0;
  let rows = 0;
  let rejected = 0;
  let duplicates = 0;
  let moreProblems = 0;
  let columns: Map<Column, number> | null = null;
  let ignoredColumns: number[] = [];

  const dataIn = rememberingData();
  const problem = (column: number | null, reason: RowReason, isRejected: boolean): void => {
    if (isRejected && reason === 'duplicate') duplicates++;
    else if (isRejected) rejected++;
    if (problems.length < maxProblems) problems.push({ row, column, reason, rejected: isRejected });
    else moreProblems++;
  };
  const report = (broken: ImportReport['broken']): ImportReport => ({
    rows,
    accepted: seen.size,
    rejected,
    duplicates,
    problems,
    moreProblems,
    ignoredColumns,
    segments: segments.all(),
    broken,
  });

  const bytes = source[Symbol.asyncIterator]();
  const head = withoutBom(await readHead(bytes));
  if (head.length === 0) return report({ row: 1, problem: 'empty' });
  if (isUtf16(head)) return report({ row: 1, problem: 'not-utf-8' });

  // Fields come as bytes: a row that is not UTF-8 is then one bad row and not a bad file.
  const parser = parse({
    encoding: null,
    delimiter: delimiterOf(head),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: ROW_BYTES,
  });
  const feeding = feed(parser, head, bytes);
  try {
    for await (const fields of parser as AsyncIterable<Buffer[]>) {
      row++;
      if (fields.every((field) => field.length === 0)) continue; // a blank row
      if (columns === null) {
        const found = readHeader(fields);
        if (typeof found === 'string') return report({ row, problem: found });
        ({ columns, ignoredColumns } = found);
        continue;
      }
      rows++;
      const at = (name: Column): number => columns?.get(name) ?? -1;
      const text = fields.map(decode);
      const damaged = text.findIndex(
        (field, index) => field === null && index !== at('name') && !ignoredColumns.includes(index + 1),
      );
      if (damaged >= 0) {
        problem(damaged + 1, 'not-utf-8', true);
        continue;
      }
      if (fields.length > columns.size + ignoredColumns.length) {
        problem(null, 'too-many-columns', true); // a delimiter inside a field: nobody knows which column is which
        continue;
      }
      const checked = checkAddress(text[at('email')] ?? '', domainToASCII);
      if (!checked.ok) {
        problem(at('email') + 1, checked.problem, true);
        continue;
      }
      const data = at('data') < 0 ? null : dataIn(text[at('data')] ?? '');
      if (at('data') >= 0 && data === null) {
        problem(at('data') + 1, 'data', true);
        continue;
      }
      if (data && (text[at('data')] ?? '').trim() === '') problem(at('data') + 1, 'data-missing', false);
      const key = createHash('sha256').update(mailboxKey(checked.address)).digest('base64').slice(0, 22);
      const first = seen.get(key);
      if (first !== undefined) {
        problem(at('email') + 1, 'duplicate', true);
        const more = data && segments.add(first, data);
        if (more) yield { n: first, data: more };
        continue;
      }
      seen.set(key, seen.size + 1);
      const language = (text[at('language')] ?? '').trim();
      const typed = (text[at('country')] ?? '').trim().toUpperCase();
      const country = EU_CODES[typed] ?? typed;
      if (language !== '' && !isLanguage(language)) problem(at('language') + 1, 'language', false);
      if (country !== '' && !isCountry(country)) problem(at('country') + 1, 'country', false);
      const person = {
        n: seen.size,
        email: checked.address,
        language: isLanguage(language) ? language : defaultLanguage,
        country: isCountry(country) ? country : null,
        data,
      };
      if (!segments.count(person)) return report({ row, problem: 'too-many-segments' });
      yield person;
    }
    await feeding;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error; // the upload itself broke off
    return report({ row: row + 1, problem: csvProblem(error) }); // its text may quote the row
  } finally {
    parser.destroy();
    await feeding.catch(() => undefined); // either thrown above, or of a file that nobody reads any more
  }
  return columns === null ? report({ row: 1, problem: 'empty' }) : report(null);
}

/** The same few fields stand in most rows. */
function rememberingData(): typeof readDataCategories {
  const known = new Map<string, ReturnType<typeof readDataCategories>>();
  return (field) => {
    const before = known.get(field);
    if (before !== undefined) return before;
    const read = readDataCategories(field);
    if (known.size < MAX_SEGMENTS) known.set(field, read);
    return read;
  };
}

/** Which segment each person is in, as a number for each: the list itself is not kept. */
function countSegments() {
  const known: (Omit<Segment, 'count'> & { count: number })[] = [];
  const places = new Map<string, number>();
  const segmentOf: number[] = [];

  function placeOf({ country, language, data }: Omit<Segment, 'count'>): number {
    const key = `${country ?? ''}/${language}/${data?.join('+') ?? ''}`;
    const place = places.get(key) ?? known.push({ country, language, data, count: 0 }) - 1;
    places.set(key, place);
    return place;
  }
  function move(n: number, place: number): void {
    const [before, after] = [known[segmentOf[n - 1] ?? -1], known[place]];
    if (before) before.count--;
    if (after) after.count++;
    segmentOf[n - 1] = place;
  }
  return {
    /** False when there are more than anybody can mean. */
    count(person: ImportedRecipient): boolean {
      move(person.n, placeOf(person));
      return known.length <= MAX_SEGMENTS;
    },
    /** What leaked of this person by both rows; null when the second one says nothing new. */
    add(n: number, data: readonly DataCategory[]): readonly DataCategory[] | null {
      const before = known[segmentOf[n - 1] ?? -1];
      if (!before?.data || data.every((code) => before.data?.includes(code))) return null;
      const all = inOrder([...before.data, ...data]);
      move(n, placeOf({ ...before, data: all }));
      return all;
    },
    all: (): Segment[] => known.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count),
  };
}

/** The start of the file, at least its first line. */
async function readHead(bytes: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await bytes.next();
    if (next.done) break;
    chunks.push(next.value);
    size += next.value.length;
    if (next.value.includes(0x0a)) break;
  }
  return Buffer.concat(chunks);
}

/** Or closed: a reader that has gone away needs no more. */
const drained = (parser: ReturnType<typeof parse>): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      parser.off('drain', done).off('close', done);
      resolve();
    };
    parser.on('drain', done).on('close', done);
  });

async function feed(parser: ReturnType<typeof parse>, head: Buffer, rest: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    for (let chunk: Uint8Array = head; ; ) {
      if (parser.destroyed) return;
      if (!parser.write(chunk)) await drained(parser);
      const next = await rest.next();
      if (next.done) break;
      chunk = next.value;
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error('The upload broke off.'));
    throw error;
  } finally {
    await rest.return?.();
  }
}

/** csv-parse would only find it when it decodes the text itself. */
const withoutBom = (head: Buffer): Buffer =>
  head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head;

const isUtf16 = (head: Buffer): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) || head.includes(0);

/** The one that stands most often in the header, outside of quotes. */
function delimiterOf(head: Buffer): string {
  const line = (
    head
      .toString('latin1')
      .split(/[\r\n]/)
      .find((text) => text.trim() !== '') ?? ''
  ).replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function decode(field: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(field);
  } catch {
    return null;
  }
}

function readHeader(
  fields: readonly Buffer[],
): { columns: Map<Column, number>; ignoredColumns: number[] } | FileProblem {
  const columns = new Map<Column, number>();
  const ignoredColumns: number[] = [];
  for (const [index, field] of fields.entries()) {
    const text = decode(field);
    if (text === null) return 'not-utf-8';
    const name = NAMES[text.trim().toLowerCase()];
    if (name === undefined) ignoredColumns.push(index + 1);
    else if (columns.has(name)) return 'column-twice';
    else columns.set(name, index);
  }
  return columns.has('email') ? { columns, ignoredColumns } : 'no-email-column';
}

function csvProblem(error: CsvError): FileProblem {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'quote-not-closed';
    case 'CSV_MAX_RECORD_SIZE':
      return 'row-too-long';
    default:
      return 'damaged';
  }
}
