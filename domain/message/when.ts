import type { Instant } from '../clock/instant.js';
import type { Fact, FactId, Facts } from '../incident/facts.js';
import type { MessageLanguage } from './languages/language.js';

interface Time {
  readonly day: string;
  /** Recorded as an estimate: it is told as one. */
  readonly rough: boolean;
}
const timeIn = (facts: Facts, id: FactId, dayOf: (instant: Instant) => string): Time | null => {
  const fact: Fact | undefined = facts[id];
  return typeof fact?.value === 'string' && fact.value !== ''
    ? { day: dayOf(fact.value), rough: fact.certainty === 'estimated' }
    : null;
};

/** When it happened, no more exactly than the record has it: an estimate stays one, and what is not known is said not to be. */
export function whenItHappened(facts: Facts, words: MessageLanguage, dayOf: (instant: Instant) => string): string {
  const { when } = words;
  const occurrence = facts['breach.occurrence']?.value;
  const from = timeIn(facts, 'breach.startedAt', dayOf);
  const to = timeIn(facts, 'breach.endedAt', dayOf);
  const never = (id: FactId): boolean => facts[id]?.certainty === 'undeterminable' || occurrence === 'UNDETERMINABLE';

  if (from === null && to === null) return never('breach.startedAt') ? when.never : when.unknown;
  if (from === null)
    return to === null
      ? when.unknown
      : [when.ended(to.day, to.rough), never('breach.startedAt') ? when.beginningNever : when.beginningUnknown].join(
          ' ',
        );
  if (occurrence === 'ONGOING_SINCE') return [when.began(from.day, from.rough), when.goesOn].join(' ');
  if (to === null) {
    if (occurrence === 'SPECIFIC_DAY' || facts['breach.endedAt']?.certainty === 'not_applicable')
      return when.on(from.day, from.rough);
    const end = never('breach.endedAt') ? when.endNever : when.endUnknown;
    return [when.began(from.day, from.rough), end].join(' ');
  }
  if (from.day === to.day) return when.on(from.day, from.rough || to.rough);
  return from.rough === to.rough
    ? when.between(from.day, to.day, from.rough)
    : [when.began(from.day, from.rough), when.ended(to.day, to.rough)].join(' ');
}
