import type { StandingAuthorisation } from '../domain/incident/organisation.js';
import type { StandingNow } from './ports.js';

export type StandingActivities = ReturnType<typeof createStandingActivities>;

/** Asked once more at the hour of filing: a revocation counts although no command has carried it to the incident. */
export function createStandingActivities({ standing }: { standing: StandingNow }) {
  return {
    askStanding: (): Promise<StandingAuthorisation | null | 'unknown'> => standing.standing(),
  };
}
