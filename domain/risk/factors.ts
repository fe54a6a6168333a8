import type { FactId } from '../incident/facts.js';
import { MANY_PEOPLE } from '../law/provisions.js';
import type { Factor } from './assessment.js';
import { type Case, FRAUD, SPECIAL } from './case.js';

/** 0: a risk is unlikely · 1: a risk, not high · 2: a high risk. */
export type Rank = 0 | 1 | 2;
/** The three things that can happen to data are argued apart; the worst of them counts. */
export type Part = 'seen' | 'changed' | 'gone';

/** A factor and what it does to the rank of a part. `step` raises by one, `lift` lowers: to nothing, or by one but not below `notBelow`. */
export interface Finding extends Factor {
  readonly part: Part | 'all';
  readonly floor?: Rank;
  readonly step?: true;
  readonly lift?: 'whole' | { readonly byOneNotBelow: Rank };
}

type Rule = (of: Case) => Finding | null;

/** Somebody without a right to the data may have seen them, and can read them. */
const readable = (of: Case): boolean =>
  of.seen && of.disclosure !== 'NOT_DISCLOSED_EVIDENCED' && !of.protectionIntact && !of.saltedHashes;
/** They are with people whose intentions we know to be bad, or do not know at all. */
const inBadHands = (of: Case): boolean => readable(of) && (of.malicious || of.recipients === 'UNKNOWN_RECIPIENTS');
const hasAny = (of: Case, kinds: ReadonlySet<string>): boolean =>
  [...of.categories].some((category) => kinds.has(category));

function raises(
  part: Finding['part'],
  rule: string,
  says: string,
  facts: readonly FactId[],
  does: Pick<Finding, 'floor' | 'step'>,
): Finding {
  return { part, rule, effect: 'raises', says, facts, ...does };
}
function lowers(
  part: Finding['part'],
  rule: string,
  says: string,
  facts: readonly FactId[],
  lift: NonNullable<Finding['lift']>,
): Finding {
  return { part, rule, effect: 'lowers', says, facts, lift };
}

// What takes the risk away

/** Nobody saw the data, and there is evidence for it: to be shown, not presumed. */
const nobodySawThem: Rule = (of) =>
  of.seen && of.disclosure === 'NOT_DISCLOSED_EVIDENCED'
    ? lowers(
        'seen',
        'R-204',
        'There is evidence that nobody without a right to them saw the data. It must be kept: the controller has to show it.',
        ['confidentiality.outcome'],
        'whole',
      )
    : null;

/** Safe encryption speaks for confidentiality only. */
const safelyEncrypted: Rule = (of) =>
  of.protectionIntact
    ? lowers(
        'seen',
        'R-414',
        'The data are encrypted by a standard algorithm, all of them, and the key is strong, kept apart and not taken: whoever has them cannot read them. Should the key be lost later, the duty revives (R-208).',
        [
          'data.unintelligible',
          'protection.algorithmStandardised',
          'protection.keySafe',
          'protection.keyStrong',
          'protection.keyStoredApart',
          'protection.appliedToAffectedData',
        ],
        'whole',
      )
    : null;

const onlySaltedHashes: Rule = (of) =>
  of.saltedHashes
    ? lowers(
        'seen',
        'R-650',
        'Nothing but strong, salted hashes of passwords left the house: the passwords cannot be read from them in reasonable time.',
        ['protection.passwordsSaltedAndHashed', 'data.categories'],
        'whole',
      )
    : null;

/** A trusted recipient lowers the severity and does not undo the breach; sensitive data stay notifiable. */
const trustedRecipient: Rule = (of) =>
  of.trustedRecipients
    ? lowers(
        'seen',
        'R-604',
        'All recipients are known and trusted, and confirmed that they returned or destroyed the data.',
        ['confidentiality.recipientTrusted', 'confidentiality.recipients'],
        { byOneNotBelow: hasAny(of, SPECIAL) || hasAny(of, FRAUD) ? 1 : 0 },
      )
    : null;

// What the data are

const specialCategories: Rule = (of) => {
  if (!readable(of) || !hasAny(of, SPECIAL)) return null;
  const facts: FactId[] = ['data.categories', 'confidentiality.recipients', 'breach.cause'];
  return inBadHands(of)
    ? raises(
        'seen',
        'R-610',
        'Special categories of data (or data on offences, R-611) are with strangers or with people who meant it: discrimination and lasting harm are likely.',
        facts,
        { floor: 2 },
      )
    : raises(
        'seen',
        'R-610',
        'Special categories of data, or data on offences (R-611), became known to people without a right to them.',
        facts,
        { floor: 1 },
      );
};

const fraudIsPossible: Rule = (of) =>
  hasAny(of, FRAUD) && inBadHands(of)
    ? raises(
        'seen',
        'R-612',
        'Payment data, credentials, official documents or identification numbers are in such hands that identity theft and fraud are likely (R-602).',
        ['data.categories', 'confidentiality.recipients', 'breach.cause'],
        { floor: 2 },
      )
    : null;

/** Combined data are more sensitive than single ones. */
const combination: Rule = (of) =>
  inBadHands(of) && of.categories.size >= 3
    ? raises(
        'seen',
        'R-604',
        'Several kinds of data about the same people are together: combined they tell more than each alone.',
        ['data.categories'],
        { floor: 1 },
      )
    : null;

// Who is concerned

const vulnerablePeople: Rule = (of) =>
  readable(of) && of.vulnerable
    ? raises(
        'seen',
        'R-604',
        'Minors, patients or other vulnerable people are concerned: the same breach weighs more for them.',
        ['people.categories'],
        { step: true },
      )
    : null;

const volume: Rule = (of) =>
  inBadHands(of) && of.people > MANY_PEOPLE
    ? raises(
        'seen',
        'R-628',
        `More than ${MANY_PEOPLE} people are concerned, and nobody controls who has their data.`,
        ['people.count'],
        { floor: 1 },
      )
    : null;

// How it happened

const meant: Rule = (of) =>
  readable(of) && of.malicious
    ? raises(
        'seen',
        'R-603',
        'Somebody meant it, and whoever takes data on purpose wants to use them.',
        ['breach.cause'],
        { floor: 1 },
      )
    : null;

// What changed data do

const changedData: Rule = (of) => {
  if (!of.changed) return null;
  const facts: FactId[] = ['integrity.outcome'];
  if (of.integrity === 'ALTERED_NO_USE')
    return lowers('changed', 'R-603', 'The changed data were put right before anybody used them.', facts, 'whole');
  const weighty = of.context.dpc === 4 || (of.context.dpc === 3 && of.integrity === 'ALTERED_USED_LOST');
  return weighty
    ? raises(
        'changed',
        'R-603',
        'Changed data that weigh heavily for people were used: decisions about them may have been wrong.',
        [...facts, 'data.context'],
        { floor: 2 },
      )
    : raises('changed', 'R-603', 'Changed data were used before they were put right.', facts, { floor: 1 });
};

// What missing data do

const broughtBack: Rule = (of) => {
  if (!of.gone) return null;
  const facts: FactId[] = ['availability.recovery', 'availability.outcome'];
  switch (of.recovery) {
    case 'WITHOUT_DIFFICULTY':
      return {
        part: 'gone',
        rule: 'R-104',
        effect: of.peopleSuffered ? 'neutral' : 'lowers',
        says: 'Everything can be brought back from copies without difficulty.',
        facts,
      };
    case 'WITH_EFFORT':
      return raises('gone', 'R-104', 'The data come back only with effort and after a time without them.', facts, {
        floor: 1,
      });
    case 'NOT_POSSIBLE':
      return of.vulnerable && of.context.dpc === 4
        ? raises(
            'gone',
            'R-106',
            'Sensitive data of vulnerable people are lost for good.',
            [...facts, 'people.categories', 'data.categories'],
            { floor: 2 },
          )
        : raises('gone', 'R-106', 'The data are lost for good.', facts, { floor: 1 });
  }
};

const peopleSuffered: Rule = (of) => {
  if (!of.gone || !of.peopleSuffered) return null;
  return of.context.dpc === 4 || of.vulnerable
    ? raises(
        'gone',
        'R-104',
        'People who depend on the data suffered from their absence, such as by a treatment put off: the harm is not a likelihood, it has happened.',
        ['availability.effectOnPeople', 'data.categories', 'people.categories'],
        { floor: 2 },
      )
    : raises('gone', 'R-104', 'People suffered from the data not being there.', ['availability.effectOnPeople'], {
        floor: 1,
      });
};

// What a person has found

const harmFound: Rule = (of) => {
  switch (of.harm) {
    case 'SEVERE':
      return raises('all', 'R-663', 'The worst plausible harm to people was judged severe.', ['harm.severity'], {
        floor: 2,
      });
    case 'MODERATE':
      return raises('all', 'R-663', 'The worst plausible harm to people was judged moderate.', ['harm.severity'], {
        floor: 1,
      });
    case 'MINOR':
      return {
        part: 'all',
        rule: 'R-663',
        effect: 'neutral',
        says: 'The worst plausible harm to people was judged minor.',
        facts: ['harm.severity'],
      };
    case null:
      return null;
  }
};

const graveHarms: Rule = (of) =>
  of.graveHarms
    ? raises(
        'all',
        'R-602',
        'A harm that the law names is expected: such as identity theft, fraud, discrimination or loss of reputation.',
        ['harm.types'],
        { floor: 1 },
      )
    : null;

const RULES: readonly Rule[] = [
  nobodySawThem,
  safelyEncrypted,
  onlySaltedHashes,
  trustedRecipient,
  specialCategories,
  fraudIsPossible,
  combination,
  vulnerablePeople,
  volume,
  meant,
  changedData,
  broughtBack,
  peopleSuffered,
  harmFound,
  graveHarms,
];

/** Every reason that applies to the case, in the order of the argument. */
export const findingsOf = (of: Case): Finding[] => RULES.flatMap((rule) => rule(of) ?? []);
