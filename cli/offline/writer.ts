import type { Command } from 'commander';

/** Where a command of the offline kind writes: the outputs that the program was given, so that a test sees what a person would see. */
export function writer(command: Command): {
  readonly out: (lines: readonly string[]) => void;
  readonly err: (line: string) => void;
} {
  const output = command.configureOutput();
  return {
    out: (lines) => output.writeOut?.(`${lines.join('\n')}\n`),
    err: (line) => output.writeErr?.(`${line}\n`),
  };
}
