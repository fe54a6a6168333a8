import type { Facts } from './facts.js';
import { peopleOwed } from './people-owed.js';
import type { IncidentState } from './state.js';

/** What was known when the duty to tell the people was met: who and what comes later was not in it. */
export interface PeopleTold {
  /** So many were told, or were known to be concerned; null when neither was known. */
  readonly atLeast: number | null;
  readonly categories: readonly string[];
}

const leastOf = (facts: Facts): number | null => {
  const count = facts['people.count']?.value;
  return typeof count === 'object' && count !== null && 'min' in count ? Number(count.min) : null;
};
const categoriesOf = (facts: Facts): readonly string[] => {
  const value = facts['data.categories']?.value;
  return Array.isArray(value) ? value : [];
};

export function peopleTold(state: IncidentState): PeopleTold {
  const { told } = peopleOwed(state);
  const least = leastOf(state.facts);
  return {
    atLeast: told > 0 || least !== null ? Math.max(told, least ?? 0) : null,
    categories: categoriesOf(state.facts),
  };
}

/** The kinds of data that were found after the people were told. */
export const dataSince = ({ peopleTold: told }: Pick<IncidentState, 'peopleTold'>, facts: Facts): readonly string[] =>
  told ? categoriesOf(facts).filter((one) => !told.categories.includes(one)) : [];

/** The duty was met, and by these facts more people or data of another kind are concerned. */
export function hasGrown(state: Pick<IncidentState, 'peopleTold' | 'duties'>, facts: Facts): boolean {
  const { peopleTold: told } = state;
  const met = state.duties.some(
    (d) => d.kind === 'people-message' && (d.state === 'discharged' || d.state === 'discharged_late'),
  );
  if (!met || !told) return false;
  const more = told.atLeast !== null && (leastOf(facts) ?? 0) > told.atLeast;
  return more || dataSince(state, facts).length > 0;
}
