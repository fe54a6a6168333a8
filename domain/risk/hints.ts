import type { Instant } from '../clock/instant.js';
import { type Count, FACT_IDS, type FactId, type Facts, type FactValue } from '../incident/facts.js';
import { furtherContradictions } from '../incident/facts-contradictions.js';
import { doubts, notYet } from '../incident/facts-doubts.js';
import { LAW, LONG_OUTAGE_HOURS, MANY_PEOPLE } from '../law/provisions.js';
import type { Severity } from './assessment.js';
import type { Assumption, Case } from './case.js';
import type { Rank } from './finding.js';
import type { RiskLevel } from './levels.js';
import { A_FEW_PEOPLE } from './lowering-factors.js';
import { nearBoundary } from './severity.js';
import { LEVELS, weigh, type Weighed } from './weigh.js';

/** Core ones first, each group in the order in which a person is asked. */
export function inOrder(assumptions: readonly Assumption[]): Assumption[] {
  const place = ({ fact, core }: Assumption) => (core ? 0 : FACT_IDS.length) + FACT_IDS.indexOf(fact);
  return [...assumptions].sort((a, b) => place(a) - place(b));
}

export function boundaryHints(severity: Severity): string[] {
  return nearBoundary(severity)
    ? [`The score ${severity.se} lies within 0.25 of a boundary between levels: look at each criterion again (R-640).`]
    : [];
}

/** Facts that would lower the level if they turned out well: worth asking next. */
export function openQuestions(facts: Facts, level: RiskLevel, worst: Weighed): string[] {
  const core = inOrder(worst.assumptions)
    .filter((assumption) => assumption.core && assumption.open)
    .map(({ fact }) => fact);
  if (level === 'MORE_INFO_NEEDED')
    return [
      `No level is settled before these are known: ${core.join(', ')}. Should they stay open, the authority is told with what there is (R-204).`,
      ...(worst.rank === 2
        ? [
            'Telling the people is proposed on the safe side, as the worse is assumed (R-627); it begins when a person has decided that the risk is high.',
          ]
        : []),
    ];
  if (level === 'UNLIKELY_RISK') return [];
  const open = inOrder(worst.assumptions).map(({ fact }) => fact);
  const assumed = open.filter((fact) => lowersIfKnown(facts, fact, worst.rank));
  if (assumed.length > 0)
    return [`${level} rests on the worse assumption about ${assumed.join(', ')} (R-627): find out whether it is true.`];
  const turned = open.reduce((better, fact) => withFact(better, fact, TURNS[fact]?.better), facts);
  const { rank } = weigh(turned, true);
  return rank < worst.rank
    ? [
        `No single open fact changes the level. Should all that is assumed turn out well, it would be ${LEVELS[rank]}: ${open.join(', ')}.`,
      ]
    : [];
}

/** What is not told to an authority must be provable (R-204): the facts that the proposal rests on. */
export function proofHints(facts: Facts, level: RiskLevel, { findings }: Weighed): string[] {
  if (level !== 'UNLIKELY_RISK') return [];
  // Also where no breach of confidentiality is named: that it is none rests on this.
  const unseen: readonly FactId[] =
    facts['confidentiality.outcome']?.value === 'NOT_DISCLOSED_EVIDENCED' ? ['confidentiality.outcome'] : [];
  const lowering = findings.filter(({ effect }) => effect === 'lowers').flatMap((finding) => finding.facts);
  const proof = [...new Set([...unseen, ...lowering])];
  return [
    `To tell nobody, the controller must be able to show that a risk is unlikely (R-204)${proof.length === 0 ? '' : `: keep what proves ${proof.join(', ')}`}.`,
  ];
}

/** What nobody need say, as it is seldom so. Where nobody did and it would raise the level, the person who decides is told. */
const SELDOM: readonly { readonly id: FactId; readonly worse: FactValue; readonly says: string }[] = [
  { id: 'controller.sensitiveField', worse: true, says: 'controller.sensitiveField were yes' },
  { id: 'data.professionalSecrecy', worse: true, says: 'data.professionalSecrecy were yes' },
  { id: 'availability.essentialService', worse: true, says: 'availability.essentialService were yes' },
  {
    id: 'harm.types',
    worse: ['PHYSICAL_OR_MENTAL_HARM'],
    says: 'somebody whose address it is hides from whoever has it (harm.types PHYSICAL_OR_MENTAL_HARM)',
  },
];
export function unansweredHints(facts: Facts, level: RiskLevel, worst: Weighed): string[] {
  if (level === 'MORE_INFO_NEEDED' || worst.rank === 2) return [];
  const would = SELDOM.filter(({ id }) => facts[id] === undefined).flatMap(({ id, worse, says }) => {
    const { rank } = weigh(withFact(facts, id, worse));
    // That an expected harm makes a risk is plain; that an address makes it a high one is not.
    return rank > worst.rank && (id !== 'harm.types' || rank === 2) ? [`${LEVELS[rank]} if ${says}`] : [];
  });
  return would.length === 0
    ? []
    : [`Not answered, and taken for no, as it is seldom so: it would be ${would.join(', ')}.`];
}

/** A range over the step at which numbers weigh: which side it is on decides. */
export function stepHints(facts: Facts, level: RiskLevel, worst: Weighed): string[] {
  const people = facts['people.count']?.value as Count | null | undefined;
  if (level === 'MORE_INFO_NEEDED' || !people || people.min > MANY_PEOPLE || people.max <= MANY_PEOPLE) return [];
  const { rank } = weigh(withFact(facts, 'people.count', { min: people.min, likely: people.min, max: MANY_PEOPLE }));
  return rank === worst.rank
    ? []
    : [
        `people.count lies on both sides of ${MANY_PEOPLE}, a house value: with at most ${MANY_PEOPLE} people it would be ${LEVELS[rank]}. Find the number out, and do not let it alone decide (R-628).`,
      ];
}

interface Turn {
  readonly better: FactValue;
  /** Left out: what can hardly turn out worse than it is known. */
  readonly worse?: FactValue;
}
const one = { min: 1, likely: 1, max: 1 };
const none = { min: 0, likely: 0, max: 0 };

/** How each fact may turn out, for better and for worse, to see what hangs on it. */
const TURNS: Readonly<Partial<Record<FactId, Turn>>> = {
  'data.context': { better: 'SIMPLE' },
  'data.identifiability': { better: 'NEGLIGIBLE' },
  'breach.cause': { better: 'EXTERNAL_NON_MALICIOUS' },
  'people.categories': { better: ['CUSTOMERS'] },
  'people.count': { better: one, worse: { min: 1, likely: MANY_PEOPLE + 1, max: MANY_PEOPLE + 1 } },
  'confidentiality.outcome': { better: 'NOT_DISCLOSED_EVIDENCED', worse: 'DISCLOSED' },
  'confidentiality.recipients': { better: 'NO_EVIDENCE_OF_ACCESS', worse: 'UNKNOWN_RECIPIENTS' },
  'confidentiality.recipientCount': { better: one },
  'confidentiality.recipientTrusted': { better: true, worse: false },
  'confidentiality.recipientBound': { better: true, worse: false },
  'protection.algorithmStandardised': { better: true, worse: false },
  'protection.keySafe': { better: true, worse: false },
  'protection.keyStrong': { better: true, worse: false },
  'protection.keyStoredApart': { better: true, worse: false },
  'protection.appliedToAffectedData': { better: true, worse: false },
  'protection.passwordsSaltedAndHashed': { better: true, worse: false },
  'availability.recovery': { better: 'WITHOUT_DIFFICULTY', worse: 'NOT_POSSIBLE' },
  'availability.effectOnPeople': { better: false, worse: true },
  'availability.outageHours': {
    better: none,
    worse: { min: 1, likely: LONG_OUTAGE_HOURS + 1, max: LONG_OUTAGE_HOURS + 1 },
  },
  'availability.essentialService': { better: false, worse: true },
  'availability.serviceImpact': { better: 'NONE', worse: 'HIGH_NONE_SERVED' },
  'availability.recoveryTime': { better: 'REGULAR', worse: 'EXTENDED' },
  'availability.consequences': { better: ['OTHER'] },
  'integrity.outcome': { better: 'ALTERED_NO_USE', worse: 'ALTERED_USED_LOST' },
  'controller.sensitiveField': { better: false, worse: true },
  'data.professionalSecrecy': { better: false, worse: true },
  'data.alreadyPublic': { better: true, worse: false },
  'harm.severity': { better: 'MINOR', worse: 'SEVERE' },
  'harm.types': { better: ['LOSS_OF_CONTROL'] },
};

const withFact = (facts: Facts, id: FactId, value: FactValue | undefined): Facts =>
  value === undefined ? facts : { ...facts, [id]: { id, value, certainty: 'known', source: '', by: '', at: '' } };

function lowersIfKnown(facts: Facts, fact: FactId, rank: Rank): boolean {
  const turn = TURNS[fact];
  return turn !== undefined && weigh(withFact(facts, fact, turn.better)).rank < rank;
}

/** On which known fact the level hangs: what it would be if that alone were otherwise. */
export function whatWouldFlipIt(facts: Facts, level: RiskLevel, worst: Weighed): string[] {
  if (level === 'MORE_INFO_NEEDED') return [];
  const flips = new Map<Rank, string[]>();
  for (const id of Object.keys(TURNS) as FactId[]) {
    const turn = TURNS[id];
    // Whether who has the data is trusted decides much and is seldom asked: named even where nobody has said.
    const hangsOnTrust = id === 'confidentiality.recipientTrusted' && worst.of.recipients === 'KNOWN_RECIPIENTS';
    if (!turn || (facts[id]?.value == null && !hangsOnTrust)) continue;
    for (const value of [turn.better, turn.worse]) {
      if (value === undefined) continue;
      const { rank } = weigh(withFact(facts, id, value));
      if (rank !== worst.rank) flips.set(rank, [...(flips.get(rank) ?? []), `${id} were ${inWords(value)}`]);
    }
  }
  if (worst.of.oneRecipient && !worst.of.trustedRecipients) {
    const { rank } = weigh(
      withFact(facts, 'people.count', { min: 1, likely: A_FEW_PEOPLE + 1, max: A_FEW_PEOPLE + 1 }),
    );
    if (rank > worst.rank)
      flips.set(rank, [
        ...(flips.get(rank) ?? []),
        `more than ${A_FEW_PEOPLE} people were concerned and confidentiality.recipientTrusted were not yes (R-206, R-604)`,
      ]);
  }
  const sealed =
    worst.of.seen && facts['data.unintelligible']?.value !== 'PROTECTION_INTACT' ? weigh(encrypted(facts)) : worst;
  if (sealed.rank !== worst.rank)
    flips.set(sealed.rank, [...(flips.get(sealed.rank) ?? []), 'the data were safely encrypted (R-414)']);
  return [...flips]
    .sort(([a], [b]) => a - b)
    .map(([rank, conditions]) => `What would flip it: it would be ${LEVELS[rank]} if ${conditions.join(', or ')}.`);
}

const encrypted = (facts: Facts): Facts =>
  (Object.keys(TURNS) as FactId[])
    .filter((id) => id.startsWith('protection.'))
    .reduce((sealed, id) => withFact(sealed, id, true), withFact(facts, 'data.unintelligible', 'PROTECTION_INTACT'));

function inWords(value: FactValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return `${value}`;
  return Array.isArray(value) ? value.join(' and ') : `${(value as Count).max}`;
}

/** What cannot all be true; whoever decides must mend one of them first. */
export function contradictionHints(facts: Facts, level: RiskLevel, now: Instant): string[] {
  const people = facts['people.count']?.value as { readonly max: number } | null | undefined;
  return [
    ...(people?.max === 0 && level !== 'UNLIKELY_RISK'
      ? [`Contradiction: people.count says that nobody is concerned, and the other facts lead to ${level}.`]
      : []),
    ...furtherContradictions(facts).map(
      ({ paths, says, mend }) => `Contradiction: ${paths.join(', ')}: ${says}.${mend ? ` ${mend}` : ''}`,
    ),
    ...[...notYet(facts, now), ...doubts(facts)].map(
      ({ paths, says, mend }) => `Look again: ${paths.join(', ')}: ${says}. ${mend}.`,
    ),
  ];
}

/** Given facts about a kind of breach that `breach.nature` does not name: one of the two is not up to date. */
export function natureHints(facts: Facts, of: Case): string[] {
  const named = facts['breach.nature']?.value as readonly string[] | null | undefined;
  const about = (id: FactId, nature: string) =>
    named && facts[id]?.value && !named.includes(nature)
      ? [`${id} is given, but breach.nature does not name ${nature}: complete one of them.`]
      : [];
  const denied = of.disclosure === 'NOT_DISCLOSED_EVIDENCED';
  return [
    ...(denied ? [] : about('confidentiality.outcome', 'CONFIDENTIALITY')),
    ...about('integrity.outcome', 'INTEGRITY'),
    ...about('availability.outcome', 'AVAILABILITY'),
  ];
}

/** R-418: an exemption is a person's decision with its proof; the proposal says only that it may apply. */
export function exemptionHints(facts: Facts, level: RiskLevel): string[] {
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
