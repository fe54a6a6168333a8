import type { FactId } from '../incident/facts.js';
import { MANY_PEOPLE } from '../law/provisions.js';
import type { Factor } from './assessment.js';
import { type Case, FRAUD, SPECIAL } from './case.js';

/** 0: a risk is unlikely · 1: a risk, not high · 2: a high risk. */
export type Rank = 0 | 1 | 2;
/** The three things that can happen to data are argued apart; the worst of them counts. */
export type Part = 'seen' | 'changed' | 'gone';

/**
 * A factor and what it does to the rank of a part (`each`: of every part that is concerned).
 * `floor`: at least this · `step`: one more · `tempers`: sets aside what the score alone presumes, down to this; floors stand ·
 * `ceiling`: at most this, whatever else was said.
 */
export interface Finding extends Factor {
  readonly part: Part | 'each';
  readonly floor?: Rank;
  readonly step?: true;
  readonly tempers?: Rank;
  readonly ceiling?: Rank;
}

export type Rule = (of: Case) => Finding | null;
type Does = Pick<Finding, 'floor' | 'step' | 'tempers' | 'ceiling'>;

/** Somebody without a right to the data may have seen them, and can read them. */
export const readable = (of: Case): boolean =>
  of.seen && of.disclosure !== 'NOT_DISCLOSED_EVIDENCED' && !of.protectionIntact;
/** They are with people whose intentions we know to be bad, or do not know at all. */
export const inBadHands = (of: Case): boolean =>
  readable(of) && (of.malicious || of.recipients === 'UNKNOWN_RECIPIENTS');
export const hasAny = (of: Case, kinds: ReadonlySet<string>): boolean =>
  [...of.categories].some((category) => kinds.has(category));
const FRAUD_KINDS_TOGETHER = 2;
/** Somebody who is not known to be trusted holds enough to act in a person's name. */
export const enoughToPass = (of: Case): boolean =>
  readable(of) &&
  of.recipients !== 'NO_EVIDENCE_OF_ACCESS' &&
  !of.trustedRecipients &&
  [...of.categories].filter((kind) => FRAUD.has(kind)).length >= FRAUD_KINDS_TOGETHER;
export const many = (of: Case): boolean => of.people > MANY_PEOPLE;
export const special = (of: Case): boolean => of.sensitiveField || hasAny(of, SPECIAL);
export function raises(
  part: Finding['part'],
  rule: string,
  says: string,
  facts: readonly FactId[],
  does: Does,
): Finding {
  return { part, rule, effect: 'raises', says, facts, ...does };
}
export function lowers(
  part: Finding['part'],
  rule: string,
  says: string,
  facts: readonly FactId[],
  does: Does,
): Finding {
  return { part, rule, effect: 'lowers', says, facts, ...does };
}
