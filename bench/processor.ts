import { readdirSync, readFileSync } from 'node:fs';

/** Seconds of processor time that each part of this run has taken so far; nothing where there is no /proc. */
export type Taken = ReadonlyMap<string, number>;

const TICKS_A_SECOND = 100; // sysconf(_SC_CLK_TCK) of Linux

const PARTS = [
  ['engine', /temporal\b.*server start-dev/],
  ['database', /mongod|secantus/],
  ['worker', /\brun incident\b/],
  ['bare worker', /bare\/worker/],
] as const;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

export function taken(): Taken {
  const sums = new Map<string, number>();
  let pids: string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return sums;
  }
  for (const pid of pids) {
    const fields = read(`/proc/${pid}/stat`)
      .replace(/^.*\) /, '')
      .split(' ');
    const own = Number(pid) === process.pid;
    if (!own && Number(fields[1]) !== process.pid) continue;
    const words = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    const part = own ? 'bench and relay' : PARTS.find(([, pattern]) => pattern.test(words))?.[0];
    const ticks = Number(fields[11]) + Number(fields[12]);
    if (part) sums.set(part, (sums.get(part) ?? 0) + ticks / TICKS_A_SECOND);
  }
  return sums;
}

/** What each took from one look to the next, in words. */
export const between = (before: Taken, after: Taken): string =>
  [...after].map(([part, sum]) => `${part} ${(sum - (before.get(part) ?? 0)).toFixed(1)} s`).join(', ');
