import type { Case } from './case.js';
import {
  combination,
  fraudIsPossible,
  meant,
  outsideAttacker,
  sensitiveController,
  specialCategories,
  volume,
  vulnerablePeople,
  whereabouts,
} from './disclosure-factors.js';
import type { Finding, Rule } from './finding.js';
import {
  broughtBack,
  changedData,
  criticalServiceLost,
  graveHarms,
  harmByAThief,
  harmFound,
  peopleSuffered,
} from './harm-factors.js';
import {
  hardToIdentify,
  honestMistake,
  nobodySawThem,
  oneWrongRecipient,
  onlySaltedHashes,
  safelyEncrypted,
  sensitiveTrifle,
  trustedRecipient,
} from './lowering-factors.js';

const RULES: readonly Rule[] = [
  nobodySawThem,
  safelyEncrypted,
  onlySaltedHashes,
  trustedRecipient,
  hardToIdentify,
  oneWrongRecipient,
  honestMistake,
  sensitiveTrifle,
  specialCategories,
  sensitiveController,
  fraudIsPossible,
  whereabouts,
  combination,
  vulnerablePeople,
  volume,
  meant,
  outsideAttacker,
  harmByAThief,
  changedData,
  broughtBack,
  peopleSuffered,
  criticalServiceLost,
  harmFound,
  graveHarms,
];

/** Every reason that applies to the case, in the order of the argument. */
export const findingsOf = (of: Case): Finding[] => RULES.flatMap((rule) => rule(of) ?? []);
