import { type Document, isScalar, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';

/** What the parser finds, in our own words: its messages would repeat what stands in the file. */
const SAYS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'this line is not indented like its neighbours, or a bracket is not closed.',
  MISSING_CHAR: 'a quote, bracket or comma is missing.',
  UNEXPECTED_TOKEN: 'something stands here that does not belong here.',
  MULTIPLE_DOCS: 'a second document begins here. Keep one.',
  BAD_SCALAR_START: 'a text that begins with @, %, or a backquote stands in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'a text with a colon in it stands in quotes; or the line that follows is indented further than this one.',
  MULTILINE_IMPLICIT_KEY: 'the name and its value are written "name: value", on one line or indented below.',
};
const TAB = 'a tab is used to indent';
/** As often is a file read again without a line that is in the way; a file with more of them is not looked at to its end. */
const MOST_ROUNDS = 20;

interface Wrong {
  readonly line: number;
  readonly says: string;
}
export interface Mended {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly wrong: readonly Wrong[];
  /** False where lines are still in the way: then the document is not what its author meant. */
  readonly whole: boolean;
  /** Something of the file was left out, so that what is missing now may stand in it. */
  readonly leftOut: boolean;
}

/**
 * Reads a file as far as it goes. A line that is in the way is reported and left out, tabs are taken for blanks, and of a name that
 * stands twice the last counts: so one slip does not hide the others. Line numbers stay those of the file.
 */
export function readWithMending(text: string): Mended {
  const rows = text.split('\n');
  const wrong: Wrong[] = [];
  let leftOut = false;
  let read = parsed(rows);
  for (let round = 0; read.first !== null && round < MOST_ROUNDS; round += 1) {
    const { code, line } = read.first;
    if (code === 'TAB_AS_INDENT') wrong.push(...withoutTabs(rows, line));
    else {
      if (!wrong.some((known) => known.line === line))
        wrong.push({ line, says: SAYS[code] ?? 'this is not YAML or JSON.' });
      const blank = worstLine(rows, line);
      if (blank === null) break;
      rows[blank] = '';
      leftOut = true;
    }
    read = parsed(rows);
  }
  const asterisks = unresolved(read);
  return {
    document: read.document,
    lines: read.lines,
    whole: read.first === null,
    leftOut: leftOut || asterisks.length > 0,
    wrong: [...wrong, ...twice(read), ...asterisks],
  };
}

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly first: { readonly code: string; readonly line: number } | null;
}

function parsed(rows: readonly string[]): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(rows.join('\n'), {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    uniqueKeys: false, // looked for by `twice`, which goes on
  });
  const [error] = document.errors;
  return {
    document,
    lines,
    first: error ? { code: error.code, line: lines.linePos(placeOf(error, document)).line } : null,
  };
}

/** A quote that is not closed is noticed at the end of the file; what helps is where it begins. */
function placeOf(error: YAMLError, document: Document): number {
  let place = error.pos[0];
  if (error.code !== 'MISSING_CHAR') return place;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if ((type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') && range && range[1] >= error.pos[0]) place = range[0];
    },
  });
  return place;
}

/** Tabs at the beginning of lines become blanks; one problem for all of them. */
function withoutTabs(rows: string[], from: number): Wrong[] {
  let first = 0;
  let more = 0;
  for (const [index, row] of rows.entries()) {
    const indent = /^[ \t]*/.exec(row)?.[0] ?? '';
    if (!indent.includes('\t')) continue;
    rows[index] = indent.replaceAll('\t', '  ') + row.slice(indent.length);
    if (first === 0) first = index + 1;
    else more += 1;
  }
  if (first > 0)
    return [
      {
        line: first,
        says: `${TAB}${more > 0 ? `, and on ${more} more line${more === 1 ? '' : 's'}` : ''}. Use spaces.`,
      },
    ];
  rows[from - 1] = ''; // a tab that does not stand at the beginning
  return [{ line: from, says: `${TAB}. Use spaces.` }];
}

/** Which of the lines around a problem to leave out: the one without which most of the rest can be read. None where that helps nothing. */
function worstLine(rows: readonly string[], line: number): number | null {
  const [best] = [line - 1, line - 2, line]
    .filter((index) => (rows[index] ?? '').trim() !== '')
    .map((index) => {
      const without = rows.map((row, at) => (at === index ? '' : row));
      return { index, next: parsed(without).first?.line ?? Number.POSITIVE_INFINITY };
    })
    .sort((a, b) => b.next - a.next);
  return best !== undefined && best.next > line ? best.index : null;
}

/** A name that stands twice in one group: in YAML and in JSON the second would silently win. */
function twice({ document, lines }: Parsed): Wrong[] {
  const found: Wrong[] = [];
  const lineOf = (key: { range?: readonly [number, number, number] | null }): number =>
    lines.linePos(key.range?.[0] ?? 0).line;
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Map<unknown, number>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const before = seen.get(key.value);
        if (before === undefined) seen.set(key.value, lineOf(key));
        else
          found.push({
            line: lineOf(key),
            says: `the same name stands here as in line ${before}, and only one of the two can be meant. Keep one.`,
          });
      }
    },
  });
  return found;
}

/** `*word` refers to another part; where there is none of that name somebody meant the asterisk itself. */
function unresolved({ document, lines }: Parsed): Wrong[] {
  const found: Wrong[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      found.push({
        line: lines.linePos(alias.range?.[0] ?? 0).line,
        says: 'a text that begins with an asterisk stands in quotes.',
      });
      return document.createNode(null); // so that the rest can be read
    },
  });
  return found;
}
