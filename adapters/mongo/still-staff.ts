import type { StillStaff } from '../../activities/ports.js';
import type { OrganisationStore } from './organisation-store.js';

const WITHIN_MS = 2_000; // an alarm does not wait for a database

/** Asks the organisation's record, and gives up early. */
export function createStillStaff(
  organisation: Pick<OrganisationStore, 'stillHere'>,
  { withinMs = WITHIN_MS }: { withinMs?: number } = {},
): StillStaff {
  return {
    async active(ids) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(resolve, withinMs, null);
      });
      const asked = organisation.stillHere(ids).catch(() => null);
      try {
        return await Promise.race([asked, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
