import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { endOf, listRunning, NOT_FOUND } from './watch-reader.js';

/** Up to so many are looked at one by one; of more, only those that are not in the engine's list. */
const FEW = 20;
const AT_ONCE = 16;
const WITHIN_MS = 10_000;

export interface EngineClocks {
  /**
   * Of these incidents the ones that the engine does not run, or that broke there. The list of what runs is a moment behind, so nobody is
   * named before it was looked at by its id. Rejects when the engine does not answer.
   */
  without(incidents: readonly string[]): Promise<string[]>;
}

export function createClocks({ client, withinMs = WITHIN_MS }: { client: Client; withinMs?: number }): EngineClocks {
  const { namespace } = client.options;
  const engine = client.connection;

  /** An engine that was made anew may not even have the namespace: then it runs nothing. */
  const running = async (): Promise<ReadonlySet<string>> => {
    try {
      return new Set((await listRunning(engine, namespace)).map(({ id }) => id));
    } catch (error) {
      if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return new Set();
      throw error;
    }
  };

  return {
    without: (incidents) =>
      client.withDeadline(Date.now() + withinMs, async () => {
        const listed = incidents.length > FEW ? await running() : new Set<string>();
        const doubtful = incidents.filter((id) => !listed.has(id));
        const absent = new Set<string>();
        const left = doubtful.values();
        const walker = async (): Promise<void> => {
          for (const id of left) if ((await endOf(engine, namespace, id)) === 'absent') absent.add(id);
        };
        await Promise.all(Array.from({ length: AT_ONCE }, walker));
        return doubtful.filter((id) => absent.has(id));
      }),
  };
}
