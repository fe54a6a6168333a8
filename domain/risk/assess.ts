import type { Instant } from '../clock/instant.js';
import { proposeDuties, whoIsTold } from '../duties/propose.js';
import type { Facts } from '../incident/facts.js';
import type { Organisation, Playbook } from '../incident/organisation.js';
import { type RuleSet, ruleSetAt } from '../law/provisions.js';
import type { Assessment, Factor } from './assessment.js';
import type { Assumption } from './case.js';
import type { Finding } from './finding.js';
import {
  boundaryHints,
  contradictionHints,
  exemptionHints,
  inOrder,
  natureHints,
  openQuestions,
  proofHints,
  stepHints,
  unansweredHints,
  whatWouldFlipIt,
} from './hints.js';
import type { RiskLevel } from './levels.js';
import { LEVELS, PRESUMED, weigh, type Weighed } from './weigh.js';

/**
 * What the rules make of the facts: a level with its reasons, never a decision (R-1046).
 *
 * What is not known is taken for the worse. Where a fact without which there is no answer is still open, the case is read once
 * more with the better value: when both readings agree the level stands; when even the better one is a high risk it is high;
 * else more information is needed. Who is told is answered yes or no even then, on the safe side: as the worse reading has it
 * and `missing` and `hints` say what was assumed.
 */
export function assess(input: {
  readonly facts: Facts;
  readonly awareAt: Instant | null;
  readonly now: Instant;
  readonly playbook: Pick<Playbook, 'tellPeopleWithinHours'>;
  /** Whose breach it is: decides which authorities are told, and that a processor tells its controllers. Left out: a single controller. */
  readonly organisation?: Organisation | undefined;
  /** Default: the rules in force at awareness. */
  readonly rules?: RuleSet;
}): Assessment {
  const { facts, awareAt, playbook, organisation, rules = ruleSetAt(awareAt) } = input;
  const { level, worst } = settle(facts);
  const { notifyAuthority, tellPeople } = whoIsTold(LEVELS[worst.rank], { facts, organisation, rules });
  return {
    level,
    notifyAuthority,
    tellPeople,
    register: true,
    severity: worst.severity,
    factors: [...worst.findings.map((finding) => asFactor(finding, worst.assumptions)), ...byTheScore(level, worst)],
    duties: proposeDuties(level, awareAt, playbook, { facts, organisation, rules }),
    missing: inOrder(worst.assumptions).map(({ fact, assumed }) => ({ fact, assumed })),
    hints: [
      ...contradictionHints(facts, level, input.now),
      ...openQuestions(facts, level, worst),
      ...whatWouldFlipIt(facts, level, worst),
      ...unansweredHints(facts, level, worst),
      ...boundaryHints(worst.severity),
      ...stepHints(facts, level, worst),
      ...proofHints(facts, level, worst),
      ...natureHints(facts, worst.of),
      ...exemptionHints(facts, level),
    ],
  };
}

/** The level as far as it is settled, and the case at its worst, which decides who is told until then. */
export function settle(facts: Facts): { readonly level: RiskLevel; readonly worst: Weighed } {
  const worst = weigh(facts);
  const level = LEVELS[worst.rank];
  if (!worst.assumptions.some(({ core, open }) => core && open)) return { level, worst };
  return { level: weigh(facts, true).rank === worst.rank ? level : 'MORE_INFO_NEEDED', worst };
}

/** A person copies these sentences: what rests on an assumption says so. */
function asFactor({ rule, effect, says, facts }: Finding, assumptions: readonly Assumption[]): Factor {
  const assumed = facts.filter((id) => assumptions.some(({ fact }) => fact === id));
  const known =
    assumed.length === 0
      ? says
      : `While ${assumed.join(' and ')} ${assumed.length === 1 ? 'is' : 'are'} not known, taken for the worse (R-627): ${says}`;
  return { rule, effect, says: known, facts };
}

/** The presumption of the score, as a reason of its own; each deviation from it is said. */
function byTheScore(level: RiskLevel, { severity, findings }: Weighed): Factor[] {
  if (level === 'MORE_INFO_NEEDED') return [];
  const rank = PRESUMED[severity.level];
  const effects = new Set(findings.map(({ effect }) => effect));
  const mixed = effects.has('raises') && effects.has('lowers');
  const score = `${severity.se}, ${severity.level.replace('_', ' ')}`;
  if (level !== LEVELS[rank]) {
    return [
      {
        rule: 'R-640',
        effect: 'neutral',
        says: `The score alone (${score}) would presume ${LEVELS[rank]}; the reasons above lead to ${level}.`,
        facts: [],
      },
    ];
  }
  return [
    {
      rule: 'R-640',
      effect: rank === 0 ? 'neutral' : 'raises',
      says: `The score (${score}) presumes ${level}, and ${mixed ? 'the reasons, weighed together, lead there too' : 'no reason leads elsewhere'}.`,
      facts: [],
    },
  ];
}
