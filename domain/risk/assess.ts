import type { Instant } from '../clock/instant.js';
import { proposeDuties, whoIsTold } from '../duties/propose.js';
import { FACT_IDS, type FactId, type Facts, type FactValue } from '../incident/facts.js';
import type { Organisation, Playbook } from '../incident/organisation.js';
import { LAW, type RuleSet, ruleSetAt } from '../law/provisions.js';
import type { Assessment, Factor, Severity } from './assessment.js';
import { type Assumption, type Case, caseOf } from './case.js';
import { type Finding, findingsOf, type Part, type Rank } from './factors.js';
import type { RiskLevel, SeverityLevel } from './levels.js';
import { nearBoundary, severityOf } from './severity.js';

/** a presumption of practice that the factors confirm or set aside, never the decision. */
const PRESUMED: Readonly<Record<SeverityLevel, Rank>> = { low: 0, medium: 1, high: 2, very_high: 2 };
const LEVELS = ['UNLIKELY_RISK', 'RISK_NOT_HIGH', 'HIGH_RISK'] as const;

/**
 * What the rules make of the facts: a level with its reasons, never a decision (R-1046).
 *
 * What is not known is taken for the worse. Where a fact without which there is no answer is still open, the case is read once
 * more with the better value: when both readings agree the level stands; when even the better one is a high risk it is high;
 * else more information is needed, and the authority is told all the same.
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
  const worst = weigh(facts);
  const level = levelOf(facts, worst);
  const { notifyAuthority, tellPeople } = whoIsTold(level, { facts, organisation, rules });
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
      ...boundaryHints(worst.severity),
      ...openQuestions(facts, level, worst),
      ...natureHints(facts, worst.of),
      ...exemptionHints(facts, level),
    ],
  };
}

interface Weighed {
  readonly of: Case;
  readonly assumptions: readonly Assumption[];
  readonly severity: Severity;
  readonly findings: readonly Finding[];
  readonly rank: Rank;
}

function weigh(facts: Facts, hopeful = false): Weighed {
  const { of, assumptions } = caseOf(facts, hopeful);
  const severity = severityOf(of, assumptions);
  const findings = findingsOf(of);
  // The score measures what a reader of the data learns; only where somebody may have read them does it presume anything.
  const presumed: Readonly<Record<Part, Rank>> = { seen: of.seen ? PRESUMED[severity.level] : 0, changed: 0, gone: 0 };
  const parts = (['seen', 'changed', 'gone'] as const).map((part) =>
    rankOf(
      presumed[part],
      findings.filter((finding) => finding.part === part),
    ),
  );
  const everywhere = rankOf(
    0,
    findings.filter((finding) => finding.part === 'all'),
  );
  return { of, assumptions, severity, findings, rank: highest(...parts, everywhere) };
}

const highest = (...ranks: readonly Rank[]): Rank => Math.max(...ranks) as Rank;

/** Floors first, then what raises by one, then what takes away: a trusted recipient also tempers what malice or volume raised. */
function rankOf(presumed: Rank, findings: readonly Finding[]): Rank {
  let rank = highest(presumed, ...findings.map(({ floor }) => floor ?? 0));
  for (const { step } of findings) if (step) rank = Math.min(2, rank + 1) as Rank;
  for (const { lift } of findings) {
    if (lift === 'whole') rank = 0;
    else if (lift) rank = Math.max(Math.min(rank, lift.byOneNotBelow), rank - 1) as Rank;
  }
  return rank;
}

function levelOf(facts: Facts, worst: Weighed): RiskLevel {
  if (!worst.assumptions.some(({ core, open }) => core && open)) return LEVELS[worst.rank];
  const hopeful = weigh(facts, true);
  return hopeful.rank === worst.rank ? LEVELS[worst.rank] : 'MORE_INFO_NEEDED';
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
function byTheScore(level: RiskLevel, { severity }: Weighed): Factor[] {
  if (level === 'MORE_INFO_NEEDED') return [];
  const rank = PRESUMED[severity.level];
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
      says: `The score (${score}) presumes ${level}, and no reason leads elsewhere.`,
      facts: [],
    },
  ];
}

/** Core ones first, each group in the order in which a person is asked. */
function inOrder(assumptions: readonly Assumption[]): Assumption[] {
  const place = ({ fact, core }: Assumption) => (core ? 0 : FACT_IDS.length) + FACT_IDS.indexOf(fact);
  return [...assumptions].sort((a, b) => place(a) - place(b));
}

function boundaryHints(severity: Severity): string[] {
  return nearBoundary(severity)
    ? [`The score ${severity.se} lies within 0.25 of a boundary between levels: look at each criterion again (R-640).`]
    : [];
}

/** Facts that would lower the level if they turned out well: worth asking next. */
function openQuestions(facts: Facts, level: RiskLevel, worst: Weighed): string[] {
  const core = inOrder(worst.assumptions)
    .filter((assumption) => assumption.core && assumption.open)
    .map(({ fact }) => fact);
  if (level === 'MORE_INFO_NEEDED')
    return [
      `No level is settled before these are known: ${core.join(', ')}. Should they stay open, the authority is told with what there is (R-204).`,
    ];
  const assumed = worst.assumptions.map(({ fact }) => fact).filter((fact) => lowersIfKnown(facts, fact, worst.rank));
  return assumed.length > 0 && level !== 'UNLIKELY_RISK'
    ? [`${level} rests on the worse assumption about ${assumed.join(', ')} (R-627): find out whether it is true.`]
    : [];
}

/** The mildest value that each fact can have, to see what hangs on it. */
const MILDEST: Readonly<Partial<Record<FactId, FactValue>>> = {
  'data.context': 'SIMPLE',
  'data.identifiability': 'NEGLIGIBLE',
  'breach.cause': 'EXTERNAL_NON_MALICIOUS',
  'people.categories': ['CUSTOMERS'],
  'people.count': { min: 1, likely: 1, max: 1 },
  'confidentiality.recipients': 'NO_EVIDENCE_OF_ACCESS',
  'confidentiality.recipientTrusted': true,
  'protection.algorithmStandardised': true,
  'protection.keySafe': true,
  'protection.keyStrong': true,
  'protection.keyStoredApart': true,
  'protection.appliedToAffectedData': true,
  'protection.passwordsSaltedAndHashed': true,
  'availability.effectOnPeople': false,
};

function lowersIfKnown(facts: Facts, fact: FactId, rank: Rank): boolean {
  const value = MILDEST[fact];
  if (value === undefined) return false;
  return weigh({ ...facts, [fact]: { id: fact, value, certainty: 'known', source: '', by: '', at: '' } }).rank < rank;
}

/** Given facts about a kind of breach that `breach.nature` does not name: one of the two is not up to date. */
function natureHints(facts: Facts, of: Case): string[] {
  const about = (id: FactId, concerned: boolean, nature: string) =>
    facts['breach.nature']?.value && facts[id]?.value && !concerned
      ? [`${id} is given, but breach.nature does not name ${nature}: complete one of them.`]
      : [];
  const denied = of.disclosure === 'NOT_DISCLOSED_EVIDENCED';
  return [
    ...(denied ? [] : about('confidentiality.outcome', of.seen, 'CONFIDENTIALITY')),
    ...about('integrity.outcome', of.changed, 'INTEGRITY'),
    ...about('availability.outcome', of.gone, 'AVAILABILITY'),
  ];
}

/** an exemption is a person's decision with its proof; the proposal says only that it may apply. */
function exemptionHints(facts: Facts, level: RiskLevel): string[] {
  if (level !== 'HIGH_RISK') return [];
  const hints: string[] = [];
  if (facts['measures.riskRemoved']?.value === true) {
    hints.push(
      `${LAW.riskRemoved.cite} may lift the duty to tell people: record the proof and exempt the duty. Reduced is not enough (R-416).`,
    );
  }
  if (facts['communication.exemption']?.value) {
    hints.push('An exemption of Art. 34(3) was recorded: exempt the duty to tell people with its proof (R-418).');
  }
  return hints;
}
