import type { ApiDeps } from './ports.js';

const QUIET_MS = 5_000;
class StillAway extends Error {
  override readonly name = 'StillAway';
}

/** The database did not answer, as opposed to: it answered that something is wrong. */
export const isAway = (error: unknown): boolean =>
  error instanceof StillAway ||
  (error instanceof Error &&
    /^Mongo(ServerSelection|Network|PoolCleared|NotConnected|OperationTimeout)/.test(error.name));

/**
 * After the database has not answered, nobody waits for its time-out again for a few seconds: declaring would ask it five times.
 * What has a copy is answered from the copy, the rest says at once that it is away.
 */
export function calmed(deps: ApiDeps): ApiDeps {
  const quietMs = deps.limits?.quietMs ?? QUIET_MS;
  let awayUntil = 0;

  const calm =
    <Asked extends unknown[], T>(ask: (...asked: Asked) => Promise<T>) =>
    async (...asked: Asked): Promise<T> => {
      if (performance.now() < awayUntil) throw new StillAway('The database did not answer a moment ago.');
      try {
        return await ask(...asked);
      } catch (error) {
        if (isAway(error)) awayUntil = performance.now() + quietMs;
        throw error;
      }
    };

  const { organisation: o, intakes: i, views: v, clocks: c } = deps;
  return {
    ...deps,
    organisation: {
      ...o,
      authenticate: calm((key) => o.authenticate(key)),
      get: calm(() => o.get()),
      contacts: calm(() => o.contacts()),
      mailboxes: calm(() => o.mailboxes()),
      authorisation: calm(() => o.authorisation()),
    },
    clocks: { ...c, open: calm(() => c.open()) },
    intakes: { ...i, find: calm((id) => i.find(id)), put: calm((intake, at) => i.put(intake, at)) },
    views: {
      ...v,
      board: calm((filter) => v.board(filter)),
      load: calm((id) => v.load(id)),
      loadAtLeast: calm((id, seq, ms) => v.loadAtLeast(id, seq, ms)),
    },
  };
}
