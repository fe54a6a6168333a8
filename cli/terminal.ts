/** Where a command writes. One object per run, so that a test can read what a person would see. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** A person sits in front of it: prompts are allowed. */
  readonly interactive: boolean;
  readonly width: number;
  readonly paint: Paint;
}

export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'yellow' | 'green', (text: string) => string>>;

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], green: [32, 39] } as const;

export function paintFor(colours: boolean): Paint {
  const one =
    ([on, off]: readonly [number, number]) =>
    (text: string): string =>
      colours ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: one(CODES.bold),
    dim: one(CODES.dim),
    red: one(CODES.red),
    yellow: one(CODES.yellow),
    green: one(CODES.green),
  };
}

/** Colours only where a person looks, and never against NO_COLOR (no-color.org) or a dumb terminal. */
export function openTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  const colours = process.stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true && !env['CI'],
    width: Math.min(100, Math.max(40, process.stdout.columns ?? 80)),
    paint: paintFor(colours),
  };
}

// Control characters and direction marks in a title must not be able to move the cursor or hide a line of somebody's terminal.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what must not pass
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A copy of a JSON value that is safe to print. */
export function printable<T>(value: T): T {
  if (typeof value === 'string') return value.replace(UNSAFE, '') as T;
  if (Array.isArray(value)) return value.map((item: unknown) => printable(item)) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [printable(key), printable(item)])) as T;
  }
  return value;
}

/** Breaks a text at spaces so that no line is wider than `width`; a word that is longer stays whole (an id, a path). Items of a list hang. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    const hang = paragraph.startsWith('- ') ? '  ' : '';
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + line.length + 1 + word.length > width) {
        lines.push(indent + line);
        line = hang + word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(indent + line);
  }
  return lines;
}
