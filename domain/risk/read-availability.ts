import type { Count } from '../incident/facts.js';
import { LONG_OUTAGE_HOURS } from '../law/provisions.js';
import type { Case } from './case.js';
import type { Reader } from './reader.js';

type Read = Pick<Case, 'recovery' | 'peopleSuffered' | 'unserved' | 'criticalService' | 'outOfReach' | 'hardlyMissed'>;
const NOTHING: Read = {
  recovery: 'WITHOUT_DIFFICULTY',
  peopleSuffered: false,
  unserved: false,
  criticalService: false,
  outOfReach: false,
  hardlyMissed: false,
};

/** What it meant to people that the data were not there: the effect, or what speaks for one. */
export function readAvailability(
  { gone, context, vulnerable }: Pick<Case, 'gone' | 'context' | 'vulnerable'>,
  reader: Reader,
): Read {
  const { facts, known, text, flag, assume, settledAsNone, isLeftOpen, mayBe } = reader;
  const recovery = text<Case['recovery']>('availability.recovery') ?? recoveryOf();
  if (!gone) return { ...NOTHING, recovery };

  const criticalService = criticalServiceLost();
  const impact = text<string>('availability.serviceImpact');
  const notServed =
    impact === 'MEDIUM_SOME_NOT_SERVED' ||
    impact === 'HIGH_NONE_SERVED' ||
    (isLeftOpen('availability.serviceImpact') &&
      assume('availability.serviceImpact', true, 'people who needed the service did not get it'));
  const long = lastedLong();
  const saidToDepend = mayBe('availability.essentialService', 'people depend on the service that needs the data');
  const nobodyDepends = flag('availability.essentialService') === false;

  const hardlyMissed =
    facts['availability.effectOnPeople'] === undefined &&
    long === false &&
    !criticalService &&
    !saidToDepend &&
    (nobodyDepends || impact === 'NONE');
  const unserved = saidToDepend && notServed;
  const suffered =
    unserved ||
    (flag('availability.effectOnPeople') ??
      (!settledAsNone('availability.effectOnPeople') &&
        !hardlyMissed &&
        assume('availability.effectOnPeople', true, 'people suffered from the data not being there')));
  return { recovery, peopleSuffered: suffered, unserved, criticalService, outOfReach: outOfReach(), hardlyMissed };

  /** Null: nobody said how long, and nothing makes it matter yet. */
  function lastedLong(): boolean | null {
    const end = text<string>('availability.recoveryTime');
    if (end === 'EXTENDED' || end === 'NOT_RECOVERABLE') return true;
    const hours = known('availability.outageHours') as Count | undefined;
    if (hours !== undefined && hours.max > LONG_OUTAGE_HOURS) return true;
    for (const id of ['availability.outageHours', 'availability.recoveryTime'] as const)
      if (isLeftOpen(id)) return assume(id, true, `the data are out of reach for more than ${LONG_OUTAGE_HOURS} hours`);
    return hours === undefined ? null : false;
  }
  function outOfReach(): boolean {
    if (nobodyDepends) return false;
    if (saidToDepend)
      return (
        long ??
        assume('availability.outageHours', true, `the data are out of reach for more than ${LONG_OUTAGE_HOURS} hours`)
      );
    // Nobody said whether people depend on it. It matters where it was long; and where people were not served, unless it was short
    // and the data are no such that people need.
    const weighty = context.dpc === 4 || vulnerable;
    if (long !== true && !(notServed && (long === null || weighty))) return false;
    return (
      !settledAsNone('availability.essentialService') &&
      assume('availability.essentialService', true, 'people depend on the service that needs the data')
    );
  }

  function recoveryOf(): Case['recovery'] {
    if (!gone) return 'WITHOUT_DIFFICULTY';
    if (text('availability.outcome') === 'PERMANENT') return 'NOT_POSSIBLE';
    // An outage that is counted in hours ends.
    const unsaid = facts['availability.outcome'] === undefined && facts['availability.recovery'] === undefined;
    if (text('availability.outcome') === 'TEMPORARY' || (unsaid && known('availability.outageHours') !== undefined))
      return assume<Case['recovery']>(
        'availability.recovery',
        'WITH_EFFORT',
        'the data come back only with effort',
        'WITHOUT_DIFFICULTY',
      );
    return assume<Case['recovery']>(
      'availability.recovery',
      'NOT_POSSIBLE',
      'the data cannot be brought back',
      'WITHOUT_DIFFICULTY',
    );
  }

  // A consequence that is still looked into may be the worse; nobody need name one.
  function criticalServiceLost(): boolean {
    const id = 'availability.consequences';
    const named = known(id) as readonly string[] | undefined;
    if (named?.includes('CRITICAL_SERVICE_LOST')) return true;
    if (named ? !named.includes('UNDER_ASSESSMENT') : !facts[id] || settledAsNone(id)) return false;
    return assume(id, true, 'a service that people cannot do without was lost');
  }
}
