import { expect, test } from '@jest/globals';
import type { RiskLevel } from '../../../domain/risk/levels.js';
import { assessed, facts } from './facts.js';
import type { Given } from './published-case.js';

/** One case, the rule that must be among its reasons, and what changes to give another level. */
export interface Row {
  readonly why: string;
  readonly given: Given;
  readonly level: RiskLevel;
  readonly rule: string;
  readonly twin: { readonly why: string; readonly flip: Given; readonly level: RiskLevel };
}

export function holds(rows: readonly Row[]): void {
  for (const { why, given, level, rule, twin } of rows) {
    test(`${level}: ${why}; ${twin.level}: ${twin.why}`, () => {
      const assessment = assessed(facts(given));
      expect(assessment.level).toBe(level);
      expect(assessment.factors.map((factor) => factor.rule)).toContain(rule);
      expect(assessed(facts({ ...given, ...twin.flip })).level).toBe(twin.level);
    });
  }
}
