import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Instant, plusHours, toInstant, toMs } from '../domain/clock/instant.js';
import { DEFAULT_PLAYBOOK } from '../domain/incident/organisation.js';
import { aCause, aDeclaration, aSetting, RESPONDER } from '../test/build.js';
import { anId } from '../test/helpers/engine.js';
import type { World } from '../test/helpers/processes.js';

/** Open incidents by the thousand, whose 24 hours are over at an instant of our choice. */

const AFTER_HOURS = 24;
export const MILESTONE = `aware+${AFTER_HOURS}h`;
/** The repeated call of the first alarm must not come into the measurement. */
const NEVER_MINUTES = 7 * 24 * 60;
const AT_ONCE = 20;
/** The first ones tell how long the rest takes. */
export const PROBE = 40;
export const SLACK = 1.6;
export const LEAST_AHEAD_MS = 15_000;
export const POLL_MS = 1_000;

export async function eachAtOnce(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const hand = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
}

function declareDueAt(world: World, dueAt: Instant): Promise<string> {
  const awareAt = { at: plusHours(dueAt, -AFTER_HOURS), zone: 'Europe/Dublin', source: 'the benchmark' };
  const playbook = { ...DEFAULT_PLAYBOOK, repeatAfterMinutes: NEVER_MINUTES, thenEveryMinutes: NEVER_MINUTES };
  return declared(world, { awareness: { awareAt }, setting: aSetting({ playbook }) });
}

export async function declared(world: World, over: Parameters<typeof aDeclaration>[0]): Promise<string> {
  const incidentId = anId();
  const declaration = aDeclaration({ incidentId, mode: 'live', ...over });
  const cause = aCause(randomBytes(32).toString('hex'));
  for (;;) {
    const done = await world.gateway.declare({ declaration, actor: RESPONDER, cause }).then(
      () => true,
      (error: Error) => {
        if (error.name !== 'UnknownOutcome') throw error;
        return false; // the same again, as a client does
      },
    );
    if (done) return incidentId;
  }
}

const ledgerOf = (world: World) => world.stores.mongo.db.collection('ledger');
export const countOf = (world: World, ids: readonly string[], type: string): Promise<number> =>
  ledgerOf(world).countDocuments({ stream: { $in: [...ids] }, type });

/** Each of them has made its first call and its proposal, and it is on record. */
export async function atRest(world: World, ids: readonly string[]): Promise<void> {
  while (
    (await countOf(world, ids, 'EscalationSent')) < ids.length ||
    (await countOf(world, ids, 'TriageProposed')) < ids.length
  )
    await delay(POLL_MS);
}

export async function declareAll(
  world: World,
  count: number,
): Promise<{ ids: string[]; dueAt: Instant; setupMs: number; restedAheadMs: number }> {
  const start = Date.now();
  const probes: string[] = [];
  await eachAtOnce(
    Math.min(PROBE, count),
    async () => void probes.push(await declareDueAt(world, toInstant(Date.now() + 3_600_000))),
  );
  await atRest(world, probes);
  const each = (Date.now() - start) / probes.length;
  const dueAt = toInstant(Math.ceil((Date.now() + LEAST_AHEAD_MS + each * count * SLACK) / 1_000) * 1_000);
  const ids: string[] = [];
  await eachAtOnce(count, async () => void ids.push(await declareDueAt(world, dueAt)));
  await atRest(world, ids);
  return { ids, dueAt, setupMs: Date.now() - start, restedAheadMs: toMs(dueAt) - Date.now() };
}
