import type { FactId, FactInput, Facts } from '../../../domain/incident/facts.js';
import { checkFacts, rawFacts } from '../../../domain/incident/facts-check.js';
import { DEFAULT_PLAYBOOK } from '../../../domain/incident/organisation.js';
import { assess } from '../../../domain/risk/assess.js';
import type { Assessment } from '../../../domain/risk/assessment.js';

const AT = '2026-03-02T12:00:00.000Z';

/** Facts as a file would give them, checked and recorded; throws when one does not fit, so that a test cannot rest on a misspelt one. */
export function facts(given: Readonly<Partial<Record<FactId, unknown>>>): Facts {
  const { facts: checked, problems } = checkFacts(rawFacts(given, 'the test'));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return recorded(checked);
}

export const recorded = (inputs: readonly FactInput[]): Facts =>
  Object.fromEntries(inputs.map((fact) => [fact.id, { ...fact, by: 'st_test', at: AT }]));

export const assessed = (of: Facts): Assessment =>
  assess({ facts: of, awareAt: '2026-03-02T09:00:00.000Z', now: AT, playbook: DEFAULT_PLAYBOOK });
