import { SEVERITY_FROM_QUARTERS } from '../law/provisions.js';
import type { Severity } from './assessment.js';
import type { Assumption, Case } from './case.js';
import type { SeverityLevel } from './levels.js';

/** The criteria of ENISA 2013 in points: DPC 1 to 4, EI in steps of 0.25 up to 1, each circumstance 0, 0.25 or 0.5 (R-620). */
export interface Criteria {
  readonly dpc: number;
  readonly ei: number;
  readonly confidentiality: number;
  readonly integrity: number;
  readonly availability: number;
  readonly intent: number;
}

/** SE = DPC × EI + CB. Reckoned in whole quarters, so that a boundary is hit exactly. Throws RangeError for a value off the scale. */
export function score(criteria: Criteria): { readonly cb: number; readonly se: number; readonly level: SeverityLevel } {
  const dpc = onScale('DPC', criteria.dpc, [1, 2, 3, 4]);
  const ei = onScale('EI', criteria.ei, [0.25, 0.5, 0.75, 1]) * 4;
  const cb =
    4 *
    (onScale('CB confidentiality', criteria.confidentiality, [0, 0.25, 0.5]) +
      onScale('CB integrity', criteria.integrity, [0, 0.25, 0.5]) +
      onScale('CB availability', criteria.availability, [0, 0.25, 0.5]) +
      onScale('CB intent', criteria.intent, [0, 0.5]));
  const quarters = dpc * ei + cb;
  return { cb: cb / 4, se: quarters / 4, level: levelOf(quarters) };
}

function onScale(criterion: string, value: number, scale: readonly number[]): number {
  if (!scale.includes(value)) throw new RangeError(`${criterion} must be one of ${scale.join(', ')}, not ${value}.`);
  return value;
}

/** R-621: a boundary belongs to the higher level. */
function levelOf(quarters: number): SeverityLevel {
  if (quarters >= SEVERITY_FROM_QUARTERS.very_high) return 'very_high';
  if (quarters >= SEVERITY_FROM_QUARTERS.high) return 'high';
  return quarters >= SEVERITY_FROM_QUARTERS.medium ? 'medium' : 'low';
}

const EI = { NEGLIGIBLE: 0.25, LIMITED: 0.5, SIGNIFICANT: 0.75, MAXIMUM: 1 } as const;
const SEEN_BY = { NO_EVIDENCE_OF_ACCESS: 0, KNOWN_RECIPIENTS: 0.25, UNKNOWN_RECIPIENTS: 0.5 } as const;
const CHANGED = { ALTERED_NO_USE: 0, ALTERED_USED_RECOVERABLE: 0.25, ALTERED_USED_LOST: 0.5 } as const;
const GONE = { WITHOUT_DIFFICULTY: 0, WITH_EFFORT: 0.25, NOT_POSSIBLE: 0.5 } as const;

/** The score of a case, with its arithmetic in words. What is assumed rather than known is marked (R-627). */
export function severityOf(of: Case, assumptions: readonly Assumption[]): Severity {
  const exposed = of.seen && of.disclosure !== 'NOT_DISCLOSED_EVIDENCED';
  const criteria: Criteria = {
    dpc: of.context.dpc,
    ei: EI[of.identifiability],
    confidentiality: exposed ? SEEN_BY[of.recipients] : 0,
    integrity: of.changed ? CHANGED[of.integrity] : 0,
    availability: of.gone ? GONE[of.recovery] : 0,
    intent: of.malicious ? 0.5 : 0,
  };
  const assumed = (...facts: readonly Assumption['fact'][]) => assumptions.some(({ fact }) => facts.includes(fact));
  const words = (value: string) => value.toLowerCase().replaceAll('_', ' ');
  const { base, adjustment } = of.context;
  return {
    dpc: criteria.dpc,
    ei: criteria.ei,
    ...score(criteria),
    steps: [
      {
        criterion: 'DPC',
        value: criteria.dpc,
        says: `${words(base)} data${adjustment === 0 ? '' : `, adjusted by ${adjustment > 0 ? '+' : ''}${adjustment} for the circumstances`}${of.sensitiveField ? ', at least 3 for what being in these records tells (R-624)' : ''}`,
        assumed: assumed('data.categories', 'data.context', 'controller.sensitiveField'),
      },
      {
        criterion: 'EI',
        value: criteria.ei,
        says: `identification: ${words(of.identifiability)}`,
        assumed: assumed('data.identifiability'),
      },
      {
        criterion: 'CB confidentiality',
        value: criteria.confidentiality,
        says: exposed
          ? words(of.recipients)
          : of.intruderUnwatched
            ? 'not scored: nobody has said whether the intruder read the data'
            : 'nobody without a right to them saw the data',
        assumed: assumed('breach.nature', 'confidentiality.outcome', 'confidentiality.recipients'),
      },
      {
        criterion: 'CB integrity',
        value: criteria.integrity,
        says: of.changed ? words(of.integrity) : 'no data were changed',
        assumed: assumed('breach.nature', 'integrity.outcome'),
      },
      {
        criterion: 'CB availability',
        value: criteria.availability,
        says: of.gone ? `can be brought back: ${words(of.recovery)}` : 'no data were lost',
        assumed: assumed('breach.nature', 'availability.recovery'),
      },
      {
        criterion: 'CB intent',
        value: criteria.intent,
        says: of.malicious ? 'it was meant' : 'nobody meant it',
        assumed: assumed('breach.cause'),
      },
    ],
  };
}

/** True when the score lies within 0.25 of a boundary: a small change of one criterion may change the level (R-640). */
export function nearBoundary(severity: Pick<Severity, 'se'>): boolean {
  return Object.values(SEVERITY_FROM_QUARTERS).some((boundary) => Math.abs(severity.se * 4 - boundary) <= 1);
}
