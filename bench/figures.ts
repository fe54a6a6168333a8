import { cpus, loadavg, totalmem } from 'node:os';

/** What every bench prints with: figures stand beside their baseline of the same run, and beside what else the machine did. */

export type Say = (line: string) => void;

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1), count: sorted.length };
}

const COLUMN = 11;
const NAME = 44;
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const seconds = (value: number): string => `${(value / 1_000).toFixed(1)} s`;
export const row = (name: string, ...cells: readonly string[]): string =>
  `${name.padEnd(NAME)}${cells.map((cell) => cell.padStart(COLUMN)).join('')}`;

export const spreadRow = (name: string, { p50, p99, max }: Spread, unit: (value: number) => string): string =>
  row(name, unit(p50), unit(p99), unit(max), load());
export const SPREAD_HEAD = row('', 'p50', 'p99', 'max', 'load');

export function ratioRow(ours: Spread, bare: Spread): string {
  const ratio = (a: number, b: number): string => `× ${(a / b).toFixed(2)}`;
  return row('  ratio', ratio(ours.p50, bare.p50), ratio(ours.p99, bare.p99), ratio(ours.max, bare.max));
}

/** Of the last minute: what others did on the machine stands in every figure. */
export const load = (): string => (loadavg()[0] ?? 0).toFixed(1);

export const machine = (): string =>
  `${new Date().toISOString()}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}`;
