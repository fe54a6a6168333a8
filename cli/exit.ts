/** What a shell learns: 0 done, 1 refused, 2 wrong usage, 3 not reached or outcome unknown. */
export const EXIT = { done: 0, refused: 1, usage: 2, unknown: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command. `lines` say what is wrong, with figures; `next` are the steps that help, each a sentence or a command to type. */
export class CommandEnd extends Error {
  readonly code: ExitCode;
  readonly lines: readonly string[];
  readonly next: readonly string[];
  /** Machine-readable form for `--json`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ExitCode,
    lines: readonly string[],
    next: readonly string[] = [],
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(lines.join(' '));
    this.name = 'CommandEnd';
    this.code = code;
    this.lines = lines;
    this.next = next;
    this.details = details;
  }
}

export const refused = (
  lines: readonly string[],
  next: readonly string[] = [],
  details: Readonly<Record<string, unknown>> = {},
): CommandEnd => new CommandEnd(EXIT.refused, lines, next, details);
export const wrongUsage = (line: string, ...next: string[]): CommandEnd => new CommandEnd(EXIT.usage, [line], next);
