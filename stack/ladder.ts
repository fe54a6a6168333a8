import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StackError } from './engine.js';

/** A program that was found, ready to be started. */
export interface Found {
  readonly how: string;
  readonly command: string;
  /** What comes before the engine's own arguments, for a program that an interpreter runs. */
  readonly leading: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Programs of another kind cannot read this one's data. */
  readonly kind: string;
}

export interface Rung {
  readonly name: 'PATH' | 'download' | 'package';
  readonly kind: string;
  /** Throws an Error with the reason when this rung has nothing. */
  readonly climb: () => Promise<Found>;
}

/**
 * The first program that a rung gives. `onlyKind` restricts it to the kind that wrote the data at hand. Throws
 * StackError with every rung's reason and the ways to go on.
 */
export async function climb(
  engine: string,
  rungs: readonly Rung[],
  onlyKind: string | undefined,
  addressVariable: string,
  waysOn: readonly string[],
): Promise<Found> {
  const reasons = [`  address   ${addressVariable} is not set`];
  for (const rung of rungs) {
    const label = `  ${rung.name.padEnd(9)} `;
    if (onlyKind !== undefined && rung.kind !== onlyKind) {
      reasons.push(`${label}passed over: the data here were written by ${onlyKind}, and ${rung.kind} cannot read them`);
      continue;
    }
    try {
      return await rung.climb();
    } catch (error) {
      reasons.push(`${label}${error instanceof Error ? error.message : 'failed'}`);
    }
  }
  const ways = waysOn.map((way, index) => `  ${index + 1}. ${way}`);
  throw new StackError(
    [`There is no ${engine} for the local stack. Tried in this order:`, ...reasons, 'To go on, one of:', ...ways].join(
      '\n',
    ),
  );
}

/** The first executable file of this name on PATH. */
export function onPath(name: string, env: NodeJS.ProcessEnv): string {
  for (const dir of (env.PATH ?? '').split(delimiter)) {
    if (dir === '') continue;
    const path = join(dir, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // not in this folder
    }
  }
  throw new Error(`no \`${name}\` on PATH`);
}
