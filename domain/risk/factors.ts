import { broughtBack, criticalServiceLost, hardlyMissed, outOfReach, peopleSuffered } from './availability-factors.js';
import type { Case } from './case.js';
import {
  combination,
  fraudIsPossible,
  goneFromSight,
  identityKit,
  intruderUnwatched,
  meant,
  outsideAttacker,
  secrecyBroken,
  sensitiveController,
  specialCategories,
  volume,
  vulnerablePeople,
  whereabouts,
} from './disclosure-factors.js';
import { type Finding, type Rule, raises } from './finding.js';
import { canBeFound, changedData, graveHarms, harmByAThief, harmFound, takenOver } from './harm-factors.js';
import {
  hardToIdentify,
  honestMistake,
  namesOfNobody,
  nobodySawThem,
  oneWrongRecipient,
  onlySaltedHashes,
  publicBefore,
  safelyEncrypted,
  sensitiveTrifle,
  trustedRecipient,
} from './lowering-factors.js';

const RULES: readonly Rule[] = [
  nobodySawThem,
  safelyEncrypted,
  onlySaltedHashes,
  namesOfNobody,
  publicBefore,
  trustedRecipient,
  hardToIdentify,
  oneWrongRecipient,
  honestMistake,
  sensitiveTrifle,
  specialCategories,
  sensitiveController,
  secrecyBroken,
  fraudIsPossible,
  identityKit,
  whereabouts,
  combination,
  vulnerablePeople,
  volume,
  meant,
  outsideAttacker,
  intruderUnwatched,
  goneFromSight,
  harmByAThief,
  changedData,
  takenOver,
  broughtBack,
  hardlyMissed,
  peopleSuffered,
  outOfReach,
  criticalServiceLost,
  canBeFound,
  harmFound,
  graveHarms,
];

const UNNAMED = {
  seen: ['CONFIDENTIALITY', 'seen by somebody without a right to them'],
  changed: ['INTEGRITY', 'changed'],
  gone: ['AVAILABILITY', 'lost'],
} as const;

/** What is said to have happened to the data and is not named as a kind of breach: the worse of the two readings. */
const unnamed = (of: Case): Finding[] =>
  of.unnamed.map(({ part, facts }) => {
    const [name, what] = UNNAMED[part];
    return raises(
      part,
      'R-103',
      `The facts say, or leave open, that data were ${what}, and breach.nature does not name ${name}: the worse of the two is taken (R-627).`,
      ['breach.nature', ...facts],
      {},
    );
  });

/** Every reason that applies to the case, in the order of the argument. */
export const findingsOf = (of: Case): Finding[] => [...unnamed(of), ...RULES.flatMap((rule) => rule(of) ?? [])];
