/** Open incidents, and those of them for which the engine runs nothing: no clock, no alarm, no filing. */
export interface Clocks {
  readonly open: number;
  /** Nearest deadline first. */
  readonly without: readonly string[];
}

/** What puts it right; on a machine with the settings of a process. */
export const REBUILD = 'seventytwo rebuild';
export const REBUILD_RUNBOOK = 'docs/runbooks/restore-and-rebuild.md';
const MOST_NAMED = 10;

/** Null when every open incident has its clock. */
export function clocklessSays({ open, without }: Clocks, { naming }: { naming: boolean }): string | null {
  const n = without.length;
  if (n === 0) return null;
  const rest = n - MOST_NAMED;
  const ids = `${without.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const counted = `${n} of ${open} open ${open === 1 ? 'incident has' : n === 1 ? 'incidents has' : 'incidents have'} no clock`;
  const whom = n === 1 ? 'it' : 'them';
  return `${counted}${naming ? `: ${ids}` : ''}. The workflow engine does not run ${whom}: nothing will be filed or rung for ${whom}.`;
}
