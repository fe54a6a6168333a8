import type { FactId, Facts } from '../incident/facts.js';
import type { Basis } from '../law/basis.js';
import { basisOf, LAW } from '../law/provisions.js';

/** One thing that must be so for an exemption to hold, and the fact that tells. */
export interface CheckItem {
  readonly fact: FactId;
  readonly state: 'met' | 'not_met' | 'open';
  readonly says: string;
}

/** One exemption of Art. 34(3), or the authority's word on it (Art. 34(4)). A person claims it, with the proof. */
export interface Exemption {
  /** The rule under which `exemptDuty` takes it. */
  readonly rule: 'R-414' | 'R-416' | 'R-417' | 'R-419';
  readonly basis: Basis;
  /** `yes`: every item is met; `no`: one is not; `open`: one is not known. */
  readonly holds: 'yes' | 'no' | 'open';
  readonly items: readonly CheckItem[];
  readonly says: string;
}

/** The check items of R-414, in the words of the telecom rule that defines "unintelligible" (Reg. (EU) 611/2013 Art. 4(2)). */
const PROTECTION: readonly (readonly [FactId, string])[] = [
  ['protection.algorithmStandardised', 'encrypted with a standardised algorithm'],
  ['protection.keySafe', 'the key was compromised in no breach'],
  ['protection.keyStrong', 'the key cannot be found by trying'],
  ['protection.keyStoredApart', 'the key is kept apart from the data'],
  ['protection.appliedToAffectedData', 'applied to all the data concerned'],
];

const yesNo = (facts: Facts, fact: FactId, says: string): CheckItem => {
  const value = facts[fact]?.value;
  return { fact, says, state: value === true ? 'met' : value === false ? 'not_met' : 'open' };
};

const judged = (items: readonly CheckItem[]): Exemption['holds'] =>
  items.some(({ state }) => state === 'not_met') ? 'no' : items.every(({ state }) => state === 'met') ? 'yes' : 'open';

/**
 * The exemptions from telling people, each with what it needs and how far that is met. Each alone suffices; none is applied by itself.
 * @param policy of the incident that asks: what was decided is not decided anew by a rule that came later
 */
export function exemptionsOf(facts: Facts, policy = 3): Exemption[] {
  return [protection(facts, policy), riskRemoved(facts), disproportionate(facts), confirmed(facts)];
}

/** Who knows that the data can be read needs no further item. */
const READABLE: readonly unknown[] = ['NO', 'LIKELY_SUBVERTIBLE'];
const readable = (facts: Facts): CheckItem[] =>
  READABLE.includes(facts['data.unintelligible']?.value)
    ? [{ fact: 'data.unintelligible', says: 'the data are unintelligible to whoever got them', state: 'not_met' }]
    : [];

/** Data that were away did their harm while they were away: that they were unreadable, and are back, undoes none of it. */
const whileAway = (facts: Facts, natures: unknown): CheckItem[] => {
  if (!Array.isArray(natures) || !natures.includes('AVAILABILITY')) return [];
  const suffered = facts['availability.effectOnPeople']?.value;
  return [
    {
      fact: 'availability.effectOnPeople',
      says: 'nobody suffered while the data were not there: protection says nothing about that (R-415)',
      state: suffered === false ? 'met' : suffered === true ? 'not_met' : 'open',
    },
  ];
};

function protection(facts: Facts, policy: number): Exemption {
  const natures = facts['breach.nature']?.value;
  const onlySeen = Array.isArray(natures) && natures.length > 0 && natures.every((one) => one === 'CONFIDENTIALITY');
  const backup = facts['availability.recovery']?.value === 'WITHOUT_DIFFICULTY';
  const otherwise = Array.isArray(natures) && natures.includes('INTEGRITY');
  const items: CheckItem[] = [
    ...readable(facts),
    ...PROTECTION.map(([fact, says]) => yesNo(facts, fact, says)),
    {
      fact: 'breach.nature',
      says: 'only confidentiality is concerned, or what was lost is back: protection says nothing about data that are gone or changed (R-415)',
      state: !Array.isArray(natures) ? 'open' : onlySeen || (backup && !otherwise) ? 'met' : 'not_met',
    },
    ...(policy >= 3 ? whileAway(facts, natures) : []),
  ];
  return {
    rule: 'R-414',
    basis: basisOf(LAW.protectionApplied),
    holds: judged(items),
    items,
    says: `${LAW.protectionApplied.cite} may lift it: the data are unintelligible to whoever got them. Exempt the duty with the proof (R-418).`,
  };
}

function riskRemoved(facts: Facts): Exemption {
  const items = [
    yesNo(
      facts,
      'measures.riskRemoved',
      'a later measure ensures that the high risk is no longer likely; reduced is not enough',
    ),
  ];
  return {
    rule: 'R-416',
    basis: basisOf(LAW.riskRemoved),
    holds: judged(items),
    items,
    says: `${LAW.riskRemoved.cite} may lift it: the high risk is no longer likely. Exempt the duty with the proof (R-418).`,
  };
}

function disproportionate(facts: Facts): Exemption {
  const claimed = facts['communication.exemption']?.value;
  const items: CheckItem[] = [
    {
      fact: 'communication.exemption',
      says: 'telling each person is a disproportionate effort, such as when their addresses were lost with the breach',
      state:
        claimed === 'C_DISPROPORTIONATE_EFFORT'
          ? 'met'
          : claimed === undefined || claimed === null
            ? 'open'
            : 'not_met',
    },
  ];
  return {
    rule: 'R-417',
    basis: basisOf(LAW.disproportionateEffort),
    holds: judged(items),
    items,
    says: `${LAW.disproportionateEffort.cite} changes the form and not the duty: a public communication that informs them as effectively takes the place of single messages.`,
  };
}

function confirmed(facts: Facts): Exemption {
  const order = facts['order.byAuthority']?.value;
  const items: CheckItem[] = [
    {
      fact: 'order.byAuthority',
      says: 'the authority has decided that an exemption is met',
      state: order === 'SA_CONFIRMED_EXEMPT' ? 'met' : typeof order === 'string' ? 'not_met' : 'open',
    },
  ];
  return {
    rule: 'R-419',
    basis: basisOf(LAW.orderOfAuthority),
    holds: judged(items),
    items,
    says: `${LAW.orderOfAuthority.cite}: the authority has confirmed an exemption. Exempt the duty with its decision as the proof.`,
  };
}

/** Facts that say of encrypted data that they are no longer safe: what rested on it comes back. */
const LOSES_PROTECTION: Readonly<Partial<Record<FactId, readonly unknown[]>>> = {
  'protection.keySafe': [false],
  'protection.algorithmStandardised': [false],
  'protection.keyStrong': [false],
  'protection.appliedToAffectedData': [false],
  'data.unintelligible': ['NO', 'LIKELY_SUBVERTIBLE'],
};

/** Rules whose exemption stands only as long as the facts that it needs: (c) rests on its proof, and is another form of telling. */
const RESTS_ON_FACTS: readonly string[] = ['R-414', 'R-416', 'R-419'];

/** Was the exemption under this rule borne out by the facts, and is it not any more? Then the people are owed their message again. */
export function exemptionLost(rule: string, before: Facts, after: Facts): boolean {
  const holds = (facts: Facts) => exemptionsOf(facts).find((one) => one.rule === rule)?.holds === 'yes';
  return RESTS_ON_FACTS.includes(rule) && holds(before) && !holds(after);
}

/** What a decision that relied on encryption rested on: kept with it, for a fact may go to and fro before the ground is gone. */
export function protectionOf(facts: Facts): Facts | null {
  const ids = Object.keys(PROTECTION_FACTS) as FactId[];
  return isProtected(facts) ? Object.fromEntries(ids.flatMap((id) => (facts[id] ? [[id, facts[id]]] : []))) : null;
}

const isProtected = (facts: Facts): boolean =>
  facts['data.unintelligible']?.value === 'PROTECTION_INTACT' || facts['protection.keySafe']?.value === true;

/** From policy 3 on whoever has the data has the key where both lay together. */
const PROTECTION_FACTS = { ...LOSES_PROTECTION, 'protection.keyStoredApart': [false] } as const;

/** What was relied on and is not known any more counts as the worse that it may be: from policy 3 on. */
const isForgotten = (before: unknown, after: unknown): boolean =>
  (before === true || before === 'PROTECTION_INTACT') &&
  (after === null || after === undefined || after === 'TBD' || after === 'NOT_ASSESSABLE');

/** Did the data count as safely encrypted before, and do they not any more? */
export const protectionLost = (before: Facts, after: Facts, policy = 3): boolean =>
  isProtected(before) &&
  Object.entries(policy >= 3 ? PROTECTION_FACTS : LOSES_PROTECTION).some(([id, lost]) => {
    const [then, now] = [before[id as FactId]?.value, after[id as FactId]?.value];
    return (
      ((lost as readonly unknown[]).includes(now) && !(lost as readonly unknown[]).includes(then)) ||
      (policy >= 3 && isForgotten(then, now))
    );
  });
