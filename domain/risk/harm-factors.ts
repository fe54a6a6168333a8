import type { FactId } from '../incident/facts.js';
import { lowers, type Rule, raises, readable } from './finding.js';

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

export const broughtBack: Rule = (of) => {
  if (!of.gone) return null;
  const facts: FactId[] = ['availability.recovery', 'availability.outcome'];
  switch (of.recovery) {
    case 'WITHOUT_DIFFICULTY':
      return of.peopleSuffered || of.criticalService
        ? {
            part: 'gone',
            rule: 'R-104',
            effect: 'neutral',
            says: 'Everything can be brought back from copies; what happened until then stays.',
            facts,
          }
        : lowers(
            'gone',
            'R-104',
            'Everything can be brought back from copies without difficulty, and nobody missed it.',
            [...facts, 'availability.effectOnPeople'],
            { ceiling: 0 },
          );
    case 'WITH_EFFORT':
      return raises('gone', 'R-104', 'The data come back only with effort and after a time without them.', facts, {
        floor: 1,
      });
    case 'NOT_POSSIBLE':
      if (of.peopleSuffered)
        return raises(
          'gone',
          'R-604',
          'The data are lost for good (R-106) and people suffer from it: the harm is there, and it stays.',
          [...facts, 'availability.effectOnPeople'],
          { floor: 2 },
        );
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

export const peopleSuffered: Rule = (of) => {
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

export const criticalServiceLost: Rule = (of) => {
  if (!of.criticalService) return null;
  const facts: FactId[] = ['availability.consequences', 'data.categories', 'people.categories'];
  return of.context.dpc === 4 || of.vulnerable
    ? raises(
        'gone',
        'R-601',
        'A service was lost that people cannot do without, and those who need it are vulnerable or the data are about their health.',
        facts,
        { floor: 2 },
      )
    : raises('gone', 'R-601', 'A service was lost that people cannot do without.', facts, { floor: 1 });
};

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
