import type { FactId } from '../incident/facts.js';
import { MANY_PEOPLE } from '../law/provisions.js';
import { lowers, many, type Rule, raises, readable } from './finding.js';

// What changed data do

export const changedData: Rule = (of) => {
  if (!of.changed) return null;
  const facts: FactId[] = ['integrity.outcome'];
  // No evidence of use is no evidence of none: floors stand, and where the data weigh most a risk remains.
  if (of.integrity === 'ALTERED_NO_USE')
    return of.context.dpc === 4
      ? raises(
          'changed',
          'R-603',
          'Data that weigh heavily for people were changed. There is no evidence that they were used, which does not rule it out.',
          [...facts, 'data.context'],
          { floor: 1 },
        )
      : lowers(
          'changed',
          'R-603',
          'There is no evidence that the changed data were used: that speaks against harm and does not rule it out.',
          facts,
          { tempers: 0 },
        );
  const weighty = of.context.dpc === 4 || (of.context.dpc === 3 && of.integrity === 'ALTERED_USED_LOST');
  if (!weighty && of.context.dpc === 3 && many(of))
    return raises(
      'changed',
      'R-603',
      `Changed data about the money of more than ${MANY_PEOPLE} people (a house value; R-628 only asks for attention there) were used: with so many, that somebody was refused or charged wrongly is likely (R-602).`,
      [...facts, 'data.context', 'people.count'],
      { floor: 2 },
    );
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

/** Whoever reads a person's data and changes where letters, bills or codes go has taken the person's place. */
export const takenOver: Rule = (of) =>
  readable(of) && of.attacked && of.changed && of.integrity !== 'ALTERED_NO_USE'
    ? raises(
        'changed',
        'R-602',
        'Somebody from outside both read the data and changed them, and the changed ones were used: acting in the name of the people concerned has begun, it is not only likely.',
        ['breach.cause', 'integrity.outcome', 'confidentiality.outcome'],
        { floor: 2 },
      )
    : null;

// What a person has found

/** Severity alone: where the harm cannot come about, such as with data that nobody can read, it does not count. */
export const harmFound: Rule = (of) => {
  const facts: FactId[] = ['harm.severity'];
  switch (of.harm) {
    case 'SEVERE':
      return raises('each', 'R-663', 'The worst plausible harm to people was judged severe.', facts, { floor: 2 });
    case 'MODERATE':
      return raises('each', 'R-663', 'The worst plausible harm to people was judged moderate.', facts, { floor: 1 });
    case 'MINOR':
      return {
        part: 'each',
        rule: 'R-663',
        effect: 'neutral',
        says: 'The worst plausible harm to people was judged minor.',
        facts,
      };
    case null:
      return null;
  }
};

export const graveHarms: Rule = (of) =>
  of.graveHarms
    ? raises(
        'each',
        'R-602',
        'A harm that the law names is expected: such as identity theft, fraud, discrimination or loss of reputation.',
        ['harm.types'],
        { floor: 1 },
      )
    : null;

/** An address in the hands of somebody from whom a person hides (R-624: critical for personal safety). */
export const canBeFound: Rule = (of) =>
  readable(of) &&
  of.bodilyHarm &&
  of.harm !== 'MINOR' &&
  !of.trustedRecipients &&
  (of.categories.has('CONTACT') || of.categories.has('LOCATION'))
    ? raises(
        'seen',
        'R-624',
        'Harm to body or mind is expected, and the data tell how to reach or find the people: their safety hangs on it.',
        ['harm.types', 'data.categories', 'confidentiality.recipients'],
        { floor: 2 },
      )
    : null;

export const harmByAThief: Rule = (of) =>
  readable(of) && of.attacked && of.theftHarms
    ? raises(
        'seen',
        'R-602',
        'Somebody from outside took the data on purpose, and identity theft, fraud or loss of money is what they are good for.',
        ['harm.types', 'breach.cause'],
        { floor: 2 },
      )
    : null;
