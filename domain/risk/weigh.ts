import type { Facts } from '../incident/facts.js';
import type { Severity } from './assessment.js';
import type { Assumption, Case } from './case.js';
import { caseOf } from './read-case.js';
import { findingsOf } from './factors.js';
import type { Finding, Part, Rank } from './finding.js';
import type { SeverityLevel } from './levels.js';
import { severityOf } from './severity.js';

/** a presumption of practice that the factors confirm or set aside, never the decision. */
export const PRESUMED: Readonly<Record<SeverityLevel, Rank>> = { low: 0, medium: 1, high: 2, very_high: 2 };
/** The levels by rank. */
export const LEVELS = ['UNLIKELY_RISK', 'RISK_NOT_HIGH', 'HIGH_RISK'] as const;

export interface Weighed {
  readonly of: Case;
  readonly assumptions: readonly Assumption[];
  readonly severity: Severity;
  readonly findings: readonly Finding[];
  readonly rank: Rank;
}

/** The facts read once: what is not known is the worse; with `hopeful`, what is still open and decides is the better. */
export function weigh(facts: Facts, hopeful = false): Weighed {
  const { of, assumptions } = caseOf(facts, hopeful);
  const severity = severityOf(of, assumptions);
  const findings = findingsOf(of);
  // The score measures what a reader of the data learns; only where somebody may have read them does it presume anything.
  const presumed: Readonly<Record<Part, Rank>> = { seen: of.seen ? PRESUMED[severity.level] : 0, changed: 0, gone: 0 };
  const concerned = { seen: of.seen, changed: of.changed, gone: of.gone };
  const parts = (['seen', 'changed', 'gone'] as const).map((part) =>
    rankOf(
      presumed[part],
      findings.filter((finding) => finding.part === part || (finding.part === 'each' && concerned[part])),
    ),
  );
  return { of, assumptions, severity, findings, rank: highest(...parts) };
}

const lowest = (...ranks: readonly Rank[]): Rank => Math.min(...ranks) as Rank;
const highest = (...ranks: readonly Rank[]): Rank => Math.max(...ranks) as Rank;

/** What the score presumes, unless it is tempered; then floors, one more where people are vulnerable, and what takes the risk away. */
function rankOf(presumed: Rank, findings: readonly Finding[]): Rank {
  const tempered = lowest(presumed, ...findings.map(({ tempers }) => tempers ?? 2));
  let rank = highest(tempered, ...findings.map(({ floor }) => floor ?? 0));
  for (const { step } of findings) if (step) rank = Math.min(2, rank + 1) as Rank;
  return lowest(rank, ...findings.map(({ ceiling }) => ceiling ?? 2));
}
