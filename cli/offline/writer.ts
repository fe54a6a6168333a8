import type { Command } from 'commander';
import { wrap } from '../terminal.js';

/** Where a command of the offline kind writes: the outputs that the program was given, so that a test sees what a person would see. */
export function writer(command: Command): {
  readonly out: (lines: readonly string[]) => void;
  /** A remark beside the result. */
  readonly err: (line: string) => void;
  readonly width: number;
} {
  const output = command.configureOutput();
  const width = Math.min(100, Math.max(60, process.stdout.columns ?? 80));
  return {
    out: (lines) => output.writeOut?.(`${lines.join('\n')}\n`),
    err: (line) => output.writeErr?.(`${wrap(line, width).join('\n')}\n`),
    width,
  };
}
