import type { FactId, Facts, FactValue } from '../incident/facts.js';
import type { Assumption } from './case.js';

/** Values of the form that say that something is not known yet, or never will be. */
const STILL_OPEN: ReadonlySet<unknown> = new Set(['TBD', 'UNDETERMINED', 'NOT_YET_KNOWN']);
const NEVER_KNOWN: ReadonlySet<unknown> = new Set(['UNKNOWN', 'NOT_ASSESSABLE']);

export type Reader = ReturnType<typeof readerOf>;

/**
 * Reads facts for triage and keeps what it had to assume. With `hopeful`, an open fact that is needed for any answer at all gets the
 * better value instead of the worse.
 */
export function readerOf(facts: Facts, hopeful: boolean) {
  const assumptions: Assumption[] = [];

  function known(id: FactId): FactValue | undefined {
    const fact = facts[id];
    if (!fact || fact.value === null || STILL_OPEN.has(fact.value) || NEVER_KNOWN.has(fact.value)) return undefined;
    return fact.value;
  }
  function isOpen(id: FactId): boolean {
    const fact = facts[id];
    if (!fact || fact.certainty === 'pending') return true;
    return (Array.isArray(fact.value) ? fact.value : [fact.value]).some((value) => STILL_OPEN.has(value));
  }
  const settledAsNone = (id: FactId): boolean => facts[id]?.certainty === 'not_applicable';
  function assume<T>(id: FactId, worse: T, says: string, better?: T): T {
    const [core, open] = [better !== undefined, isOpen(id)];
    if (!assumptions.some(({ fact }) => fact === id)) assumptions.push({ fact: id, assumed: says, core, open });
    return core && open && hopeful ? (better as T) : worse;
  }
  const text = <T extends string>(id: FactId): T | undefined => known(id) as T | undefined;
  const flag = (id: FactId): boolean | undefined => known(id) as boolean | undefined;
  /** Somebody took the fact up and has no value for it: it may be the worse. */
  const isLeftOpen = (id: FactId): boolean =>
    facts[id] !== undefined && !settledAsNone(id) && (known(id) === undefined || isAmongOpen(id));
  const isAmongOpen = (id: FactId): boolean => {
    const value = facts[id]?.value;
    return Array.isArray(value) && value.some((one) => STILL_OPEN.has(one));
  };
  /** What nobody need say, as it is seldom so: true when it is known, or when it was taken up and left open. */
  const mayBe = (id: FactId, says: string): boolean => flag(id) ?? (isLeftOpen(id) && assume(id, true, says));

  return { facts, assumptions, known, isOpen, settledAsNone, assume, text, flag, isLeftOpen, mayBe };
}
