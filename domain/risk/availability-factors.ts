import type { FactId } from '../incident/facts.js';
import { LONG_OUTAGE_HOURS } from '../law/provisions.js';
import { lowers, type Rule, raises } from './finding.js';

// What missing data do. A loss for a time is measured by its effect on people, not by the clock alone.

const RECOVERY: readonly FactId[] = ['availability.recovery', 'availability.outcome'];

export const broughtBack: Rule = (of) => {
  if (!of.gone) return null;
  switch (of.recovery) {
    case 'WITHOUT_DIFFICULTY':
      return of.peopleSuffered || of.criticalService || of.outOfReach
        ? {
            part: 'gone',
            rule: 'R-104',
            effect: 'neutral',
            says: 'Everything can be brought back from copies; what happened until then stays.',
            facts: RECOVERY,
          }
        : lowers(
            'gone',
            'R-104',
            'Everything can be brought back from copies without difficulty, and nobody missed it.',
            [...RECOVERY, 'availability.effectOnPeople'],
            { ceiling: 0 },
          );
    case 'WITH_EFFORT':
      return of.hardlyMissed
        ? {
            part: 'gone',
            rule: 'R-104',
            effect: 'neutral',
            says: 'The data come back only with effort; for people that makes no difference as long as nobody misses them.',
            facts: RECOVERY,
          }
        : raises('gone', 'R-104', 'The data come back only with effort and after a time without them.', RECOVERY, {
            floor: 1,
          });
    case 'NOT_POSSIBLE':
      if (of.peopleSuffered)
        return raises(
          'gone',
          'R-604',
          'The data are lost for good (R-106) and people suffer from it: the harm is there, and it stays.',
          [...RECOVERY, 'availability.effectOnPeople'],
          { floor: 2 },
        );
      return of.vulnerable && of.context.dpc === 4
        ? raises(
            'gone',
            'R-106',
            'Sensitive data of vulnerable people are lost for good.',
            [...RECOVERY, 'people.categories', 'data.categories'],
            { floor: 2 },
          )
        : raises('gone', 'R-106', 'The data are lost for good.', RECOVERY, { floor: 1 });
  }
};

/** The newsletter that goes out tomorrow. */
export const hardlyMissed: Rule = (of) =>
  of.gone && of.hardlyMissed
    ? lowers(
        'gone',
        'R-104',
        `The data were out of reach for at most ${LONG_OUTAGE_HOURS} hours (house value) in a service that nobody depends on or that ran on: that people suffered is not to be expected.`,
        ['availability.outageHours', 'availability.essentialService', 'availability.serviceImpact'],
        {},
      )
    : null;

export const peopleSuffered: Rule = (of) => {
  if (!of.gone || !of.peopleSuffered) return null;
  const facts: FactId[] = [
    'availability.effectOnPeople',
    'availability.serviceImpact',
    'availability.essentialService',
  ];
  if (of.unserved)
    return raises(
      'gone',
      'R-104',
      of.context.dpc === 4 || of.vulnerable
        ? 'People depend on the service and some did not get it, and they are vulnerable or the data are about their health: going without is the harm, whether or not anybody has named one who suffered.'
        : 'People depend on the service and some did not get it: going without is a harm, whether or not anybody has named one who suffered.',
      [...facts, 'data.categories', 'people.categories'],
      { floor: of.context.dpc === 4 || of.vulnerable ? 2 : 1 },
    );
  return of.context.dpc === 4 || of.vulnerable
    ? raises(
        'gone',
        'R-104',
        'People who depend on the data suffered from their absence, such as by a treatment put off: the harm is not a likelihood, it has happened.',
        [...facts, 'data.categories', 'people.categories'],
        { floor: 2 },
      )
    : raises('gone', 'R-104', 'People suffered from the data not being there.', facts, { floor: 1 });
};

/** The hospital: nobody was seen to suffer, and a day without what people depend on is a risk all the same. */
export const outOfReach: Rule = (of) =>
  of.gone && of.outOfReach
    ? raises(
        'gone',
        'R-104',
        `People depend on the service that needs the data, and for more than ${LONG_OUTAGE_HOURS} hours (house value) they were out of reach, or people did not get it: that nobody comes to harm cannot be taken for granted.`,
        [
          'availability.essentialService',
          'availability.outageHours',
          'availability.serviceImpact',
          'availability.recoveryTime',
        ],
        { floor: 1 },
      )
    : null;

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
