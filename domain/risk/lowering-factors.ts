import type { FactId } from '../incident/facts.js';
import { type Case, FRAUD, SPECIAL } from './case.js';
import { enoughToPass, hasAny, inBadHands, lowers, many, type Rule, readable, special } from './finding.js';

// What takes a risk away, or sets aside what the score alone presumes.

/** A slip, a few people, and nobody unknown has the data as far as anybody can tell. */
const smallMistake = (of: Case): boolean =>
  readable(of) && !inBadHands(of) && !many(of) && !of.vulnerable && !of.published;
/** An intolerance may be a trifle; what somebody is, believes or has done is none, however small the harm looks. */
const onlyHealth = (of: Case): boolean =>
  [...of.categories].every((kind) => !SPECIAL.has(kind) || kind === 'HEALTH' || kind === 'EMPLOYMENT_HEALTH');
/** Sensitive by its kind, a trifle by what it says (R-624: no substantial insight), as a person has found. */
export const trifle = (of: Case): boolean =>
  smallMistake(of) &&
  !of.sensitiveField &&
  !of.categories.has('CRIMINAL') &&
  hasAny(of, SPECIAL) &&
  !hasAny(of, FRAUD) &&
  ((of.harm === 'MINOR' && onlyHealth(of)) || (of.context.base === 'SENSITIVE' && of.context.dpc === 1));

/** House value: of how many people one hand of unknown intentions may hold harmless data without a risk. */
export const A_FEW_PEOPLE = 10;
/** Who has the data is trusted, or the data are of a few people; a profile tells too much in any hand. */
const fewOrTrusted = (of: Case): boolean =>
  !of.categories.has('PROFILE') && (of.trustedRecipients || of.people <= A_FEW_PEOPLE);

/** Nobody saw the data, and there is evidence for it: to be shown, not presumed. */
export const nobodySawThem: Rule = (of) =>
  of.seen && of.disclosure === 'NOT_DISCLOSED_EVIDENCED'
    ? lowers(
        'seen',
        'R-204',
        'There is evidence that nobody without a right to them saw the data. It must be kept: the controller has to show it.',
        ['confidentiality.outcome'],
        { ceiling: 0 },
      )
    : null;

/** Safe encryption speaks for confidentiality only. */
export const safelyEncrypted: Rule = (of) =>
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
        { ceiling: 0 },
      )
    : null;

/** Nobody has found that it does more than a little harm. What a person found is not talked away by a rule. */
const noHarmFound = (of: Case): boolean => !of.graveHarms && (of.harm === null || of.harm === 'MINOR');

/** User names that lead to hardly anybody, and nothing else; a list of people's names is another thing. */
const bareNames = (of: Case): boolean =>
  (of.identifiability === 'NEGLIGIBLE' || (of.identifiability === 'LIMITED' && of.onlyAccounts)) &&
  [...of.categories].every((kind) => kind === 'BASIC') &&
  of.context.dpc === 1 &&
  !of.vulnerable &&
  !of.professionalSecrecy &&
  noHarmFound(of);

export const namesOfNobody: Rule = (of) =>
  readable(of) && of.categories.size > 0 && bareNames(of)
    ? lowers(
        'seen',
        'R-625',
        'Nothing but names or user names left the house, and it is hard to tell from them who the people are.',
        ['data.categories', 'data.identifiability'],
        { ceiling: 0 },
      )
    : null;

export const onlySaltedHashes: Rule = (of) => {
  if (!readable(of) || !of.saltedHashes) return null;
  const facts: FactId[] = ['protection.passwordsSaltedAndHashed', 'data.categories', 'data.identifiability'];
  const nothingElse = of.categories.size === 0 && !of.sensitiveField && noHarmFound(of);
  return nothingElse || bareNames(of)
    ? lowers(
        'seen',
        'R-650',
        'Nothing but strong, salted hashes of passwords left the house, at most beside names that hardly lead to anybody: the passwords cannot be read from them in reasonable time.',
        facts,
        { ceiling: 0 },
      )
    : lowers(
        'seen',
        'R-650',
        'The passwords are strong, salted hashes and cannot be read from them in reasonable time: they do not count, and the other data are weighed alone. Passwords that can be guessed still fall (R-414: an unkeyed hash is no encryption).',
        facts,
        {},
      );
};

/** A trusted recipient lowers the severity and does not undo the breach. */
export const trustedRecipient: Rule = (of) => {
  if (!of.trustedRecipients) return null;
  const facts: FactId[] = ['confidentiality.recipientTrusted', 'confidentiality.recipients'];
  const confirmed = 'All recipients are known and trusted, and confirmed that they returned or destroyed the data.';
  if (of.malicious || of.harm === 'SEVERE')
    return lowers(
      'seen',
      'R-604',
      `${confirmed} As ${of.malicious ? 'somebody meant it' : 'a person judged the harm severe'}, a risk remains.`,
      [...facts, of.malicious ? 'breach.cause' : 'harm.severity'],
      { ceiling: 1 },
    );
  const opens = hasAny(of, FRAUD); // whoever holds a card number need not know whose it is
  const weighty = opens || of.professionalSecrecy || (special(of) && of.identifiability !== 'NEGLIGIBLE');
  if (weighty && !of.boundRecipients)
    return lowers(
      'seen',
      'R-604',
      `${confirmed} As the data weigh heavily and the recipients owe no secrecy, a risk remains: on the safe side, for the guidelines leave it to the case.`,
      [...facts, 'confidentiality.recipientBound', 'data.categories'],
      { ceiling: 1 },
    );
  return lowers(
    'seen',
    'R-604',
    of.boundRecipients
      ? 'All recipients are known, owe secrecy by law or contract, and confirmed that they returned or destroyed the data: there is no reason to expect that they use them.'
      : confirmed,
    of.boundRecipients ? [...facts, 'confidentiality.recipientBound'] : facts,
    { ceiling: 0 },
  );
};

/** What everybody could know before, nobody learns. Together, or about people who are hunted, it may still hurt. */
export const publicBefore: Rule = (of) => {
  if (!of.seen || !of.alreadyPublic) return null;
  const light =
    !special(of) && !hasAny(of, FRAUD) && !of.categories.has('PROFILE') && !of.vulnerable && !of.professionalSecrecy;
  if (light && !noHarmFound(of))
    return lowers(
      'seen',
      'R-624',
      'Anybody could lawfully get all of these data before. As a person expects harm from it all the same, a risk remains.',
      ['data.alreadyPublic', 'harm.severity', 'harm.types'],
      { ceiling: 1 },
    );
  return lowers(
    'seen',
    'R-624',
    light
      ? 'Anybody could lawfully get all of these data before: that they became known once more is unlikely to do harm.'
      : 'Anybody could lawfully get all of these data before. As they are sensitive, or about vulnerable people, that they are now put together or found anew may still do harm.',
    ['data.alreadyPublic', 'data.categories', 'people.categories'],
    { ceiling: light ? 0 : 1 },
  );
};

/** Risk is likelihood and severity: after a slip among people who are known, misuse is not what is to be expected. */
export const honestMistake: Rule = (of) => {
  if (!smallMistake(of) || special(of) || of.categories.has('CREDENTIALS') || of.context.dpc === 4) return null;
  if (enoughToPass(of)) return null;
  const money = of.context.dpc === 3 || (of.context.base === 'FINANCIAL' && of.context.dpc > 1) || hasAny(of, FRAUD);
  const facts: FactId[] = ['breach.cause', 'confidentiality.recipients', 'people.count', 'data.categories'];
  if (!money && of.recipients === 'KNOWN_RECIPIENTS' && !fewOrTrusted(of))
    return lowers(
      'seen',
      'R-601',
      `It was a slip, and nobody unknown is known to have the data. Profiles, or data of more than ${A_FEW_PEOPLE} people (house value) with recipients of whom nobody knows that they can be trusted, still make a risk (R-604).`,
      [...facts, 'confidentiality.recipientTrusted'],
      { tempers: 1 },
    );
  return money
    ? lowers(
        'seen',
        'R-601',
        'It was a slip that concerns a few people, and nobody unknown is known to have the data: misuse is not likely. What the data tell about money still makes a risk.',
        facts,
        { tempers: 1 },
      )
    : lowers(
        'seen',
        'R-601',
        'It was a slip that concerns a few people, and nobody unknown is known to have the data: misuse is not likely, and there is little to misuse.',
        facts,
        { tempers: 0 },
      );
};

/** One wrong recipient of nothing that hurts: of a few people, or with somebody who is known to be trusted. */
export const oneWrongRecipient: Rule = (of) => {
  if (!of.oneRecipient || of.malicious || of.vulnerable || of.published || many(of) || !fewOrTrusted(of)) return null;
  if (special(of) || hasAny(of, FRAUD) || of.context.dpc > 2) return null;
  return lowers(
    'seen',
    'R-206',
    of.trustedRecipients
      ? 'One known and trusted recipient got the data by mistake (R-604), and they are nothing that hurts in one hand.'
      : `One known recipient got the data of at most ${A_FEW_PEOPLE} people (house value) by mistake, and they are nothing that hurts in one hand. Of more people that would hold only with a recipient who is known to be trusted (R-604).`,
    [
      'confidentiality.recipientCount',
      'confidentiality.recipients',
      'confidentiality.recipientTrusted',
      'people.count',
      'breach.cause',
    ],
    { tempers: 0 },
  );
};

export const sensitiveTrifle: Rule = (of) =>
  trifle(of)
    ? lowers(
        'seen',
        'R-624',
        'The data are of a special category by their kind and say nothing of weight about anybody; a few people are concerned, by a slip, and nobody unknown is known to have them.',
        ['harm.severity', 'data.contextAdjustment', 'people.count', 'confidentiality.recipients', 'breach.cause'],
        { tempers: 0 },
      )
    : null;

/** Ease of identification. Whoever holds a key or a card number need not know whose it is; and a grave harm that a person expects supposes that somebody does. */
export const hardToIdentify: Rule = (of) => {
  if (!readable(of) || of.identifiability !== 'NEGLIGIBLE' || hasAny(of, FRAUD)) return null;
  if (of.graveHarms || of.harm === 'SEVERE')
    return {
      part: 'seen',
      rule: 'R-625',
      effect: 'neutral',
      says: 'It is extremely difficult to tell from the data who the people are. As a person expects severe or grave harm all the same, such as that the pseudonyms are undone, that does not keep the risk below a high one.',
      facts: ['data.identifiability', 'harm.severity', 'harm.types'],
    };
  return lowers(
    'seen',
    'R-625',
    'It is extremely difficult to tell from the data who the people are: that keeps the risk below a high one as long as what links them to names is safe.',
    ['data.identifiability'],
    { ceiling: 1 },
  );
};
