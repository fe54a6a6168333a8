import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that can be told from a later one that got the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** When it began, as the system counts it. */
  readonly began: string;
}

export function markOf(pid: number): ProcessMark | undefined {
  const began = beganAt(pid);
  return began === undefined ? undefined : { pid, began };
}

export function ownMark(): ProcessMark {
  return markOf(process.pid) ?? { pid: process.pid, began: 'unknown' };
}

/** Is this very process still running? A zombie is not. */
export function isRunning(mark: ProcessMark): boolean {
  return beganAt(mark.pid) === mark.began;
}

/** The command line with its arguments joined by blanks; empty when it cannot be read. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ps(pid, 'args=');
  }
}

function beganAt(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    if (process.platform === 'linux') return undefined;
    const [state = '', ...began] = ps(pid, 'state=,lstart=').split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : began.join(' ');
  }
  // The name in parentheses may hold blanks; after it come the state (field 3) and the rest. Field 22 is the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function ps(pid: number, columns: string): string {
  try {
    return execFileSync('ps', ['-ww', '-o', columns, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return ''; // ps ends with 1 when there is no such process
  }
}
