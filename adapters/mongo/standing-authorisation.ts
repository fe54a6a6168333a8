import type { StandingNow } from '../../activities/ports.js';
import type { StandingAuthorisation } from '../../domain/incident/organisation.js';
import { RefusedError } from '../refused-error.js';
import type { OrganisationView } from './organisation-fold.js';
import type { AuthorisationView, By, Made, NewAuthorisation, OrganisationStore } from './organisation-store.js';

interface Store {
  readonly current: () => Promise<OrganisationView>;
  readonly record: (by: By, decide: (view: OrganisationView) => Made) => Promise<unknown>;
}

/** What may be filed without anybody's approval: recorded, like everything that people decide. */
export function standingAuthorisation({ current, record }: Store) {
  return {
    async authorise(by: By, { authorities, hoursBeforeDeadline, until }: NewAuthorisation): Promise<void> {
      await record(by, () => ({
        type: 'StandingAuthorisationGranted',
        data: { authorities: [...authorities], hoursBeforeDeadline, until },
      }));
    },

    async revokeAuthorisation(by: By, reason: string): Promise<void> {
      await record(by, ({ standing }) => {
        if (!standing)
          throw new RefusedError([{ code: 'already', what: 'no standing authorisation in force', since: null }]);
        return { type: 'StandingAuthorisationRevoked', data: { reason } };
      });
    },

    async authorisation(): Promise<AuthorisationView | null> {
      const { standing, staff } = await current();
      if (!standing) return null;
      const grantor = staff.get(standing.grantedBy);
      return { ...standing, inCharge: grantor?.removed === false && grantor.roles.includes('approver') };
    },
  };
}

/** An authorisation without the word about who gave it; null when that person is not in charge any more. */
export function inForce(view: AuthorisationView | null): StandingAuthorisation | null {
  if (!view?.inCharge) return null;
  const { inCharge: _inCharge, ...standing } = view;
  return standing;
}

const WITHIN_MS = 2_000; // filing does not wait for a database

/** Asks the organisation's record, and gives up early. */
export function createStandingNow(
  organisation: Pick<OrganisationStore, 'authorisation'>,
  { withinMs = WITHIN_MS }: { withinMs?: number } = {},
): StandingNow {
  return {
    async standing() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'unknown'>((resolve) => {
        timer = setTimeout(resolve, withinMs, 'unknown');
      });
      const asked = organisation.authorisation().then(inForce, () => 'unknown' as const);
      try {
        return await Promise.race([asked, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
