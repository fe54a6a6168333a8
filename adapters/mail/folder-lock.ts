import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** `pid start-time`: a later process with the same number has another start time. */
function identity(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name in the second field may hold blanks
    return fields[0] === 'Z' ? null : `${pid} ${fields[19] ?? ''}`; // a zombie holds nothing
  } catch {
    return `${pid} `; // no /proc here: the number alone
  }
}

/** Something the operator can put right; the message says how. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

/** Takes a folder for this process alone, by a file in it. What a killed process left is taken over. @throws FolderInUse */
export function takeFolder(lock: string, what: string, advice: string): void {
  if (existsSync(lock)) {
    const holder = readFileSync(lock, 'utf8');
    const pid = Number.parseInt(holder, 10);
    if (Number.isInteger(pid) && pid > 0 && pid !== process.pid && identity(pid) === holder) {
      throw new FolderInUse(`${what} is in use by process ${pid}. ${advice}, or stop that process.`);
    }
  }
  writeFileSync(lock, identity(process.pid) ?? '', { mode: 0o600 });
}
