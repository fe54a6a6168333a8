import { checkFacts, rawFacts } from '../domain/incident/facts-check.js';
import type { FactInput } from '../domain/incident/facts.js';
import { refusedByDomain } from './errors.js';

/** Facts of a request in canonical form. @throws Refused with every problem, by path */
export function factInputs(facts: Readonly<Record<string, unknown>>, source = 'not stated'): FactInput[] {
  const checked = checkFacts(rawFacts(facts, source));
  if (checked.problems.length > 0) throw refusedByDomain(checked.problems);
  return checked.facts;
}
