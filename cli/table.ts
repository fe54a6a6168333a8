import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** A table without lines, no wider than `width`: the last column takes what is left and wraps at words. `most`: how wide the first column may be; it wraps, too. */
export function table(
  rows: readonly (readonly string[])[],
  options: {
    readonly width: number;
    readonly head?: readonly string[];
    readonly indent?: string;
    readonly most?: number;
  },
): string[] {
  if (rows.length === 0) return [];
  const all = options.head ? [options.head, ...rows] : rows;
  const indent = options.indent ?? '';
  const columns = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.min(
      column === 0 ? (options.most ?? Number.MAX_SAFE_INTEGER) : Number.MAX_SAFE_INTEGER,
      Math.max(1, ...all.map((row) => shown(row[column] ?? ''))),
    ),
  );
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, indent.length);
  const last = Math.max(12, options.width - before);
  const grid = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: widths.map((each, column) => (column === columns - 1 ? Math.min(each, last) : each)),
    wordWrap: true,
  });
  for (const row of all) grid.push(...inParagraphs(Array.from({ length: columns }, (_, column) => row[column] ?? '')));
  return grid
    .toString()
    .split('\n')
    .map((line) => (indent + line).trimEnd());
}

/** One row for each paragraph: the library takes a cell of many paragraphs in time that grows with the third power of their number. */
function inParagraphs(row: readonly string[]): string[][] {
  const cells = row.map((cell) => cell.split('\n'));
  const most = Math.max(1, ...cells.map((cell) => cell.length));
  return Array.from({ length: most }, (_, at) => cells.map((cell) => cell[at] ?? ''));
}

/** How many columns the longest line of a text takes, without its colours. */
export const shown = (text: string): number =>
  Math.max(...text.split('\n').map((line) => Array.from(stripVTControlCharacters(line)).length));
