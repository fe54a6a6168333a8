import type { Instant } from '../clock/instant.js';
import type { DutyKind } from '../duties/duty.js';
import type { FactId } from '../incident/facts.js';
import type { Basis } from '../law/basis.js';
import type { RiskLevel, SeverityLevel } from './levels.js';

/** One reason that raises or lowers the level, in a sentence a DPO can copy. */
export interface Factor {
  readonly rule: string;
  readonly effect: 'raises' | 'lowers' | 'neutral';
  readonly says: string;
  readonly facts: readonly FactId[];
}

/** ENISA 2013: SE = DPC × EI + CB. All in steps of 0.25. */
export interface Severity {
  readonly dpc: number;
  readonly ei: number;
  readonly cb: number;
  readonly se: number;
  readonly level: SeverityLevel;
  /** The arithmetic per criterion, in words: what was scored, from which fact, and whether it was assumed. */
  readonly steps: readonly {
    readonly criterion: 'DPC' | 'EI' | 'CB confidentiality' | 'CB integrity' | 'CB availability' | 'CB intent';
    readonly value: number;
    readonly says: string;
    readonly assumed: boolean;
  }[];
}

export interface ProposedDuty {
  readonly kind: DutyKind;
  /** Authority id or `controller-1`, where the organisation is known. */
  readonly to?: string;
  readonly basis: Basis;
  readonly dueAt?: Instant;
  readonly asSoonAs?: string;
  readonly says: string;
}

/** What triage proposes. A person decides (R-1046). */
export interface Assessment {
  readonly level: RiskLevel;
  readonly notifyAuthority: boolean;
  readonly tellPeople: boolean;
  /** Always true: R-230. */
  readonly register: true;
  readonly severity: Severity;
  readonly factors: readonly Factor[];
  readonly duties: readonly ProposedDuty[];
  /** What is not known yet, and what was assumed in its place (the worse value, R-627). */
  readonly missing: readonly { readonly fact: FactId; readonly assumed: string }[];
  /** What would change the level, and a hint when the score is within 0.25 of a boundary. */
  readonly hints: readonly string[];
}
