import { type LedgerTools, recordEvents } from '../activities/ledger.js';
import type { LedgerHead } from '../activities/ports.js';
import type { DataKeyStore } from '../adapters/crypto/data-keys.js';
import { type ChainCheck, LedgerConflict, type MongoLedger } from '../adapters/mongo/ledger.js';
import type { Recording, Recordings } from '../adapters/temporal/recordings.js';
import type { Runs } from '../adapters/temporal/runs.js';
import type { IncidentEvent } from '../domain/incident/events.js';
import { fold } from '../domain/incident/evolve.js';
import { modeOfId } from '../domain/incident/ids.js';
import { inTurns } from './rebuild.js';

/** The database was set back behind the engine: entries that it lost are appended again from the engine's histories, to the byte. */

export interface RepairTools extends LedgerTools {
  readonly side: 'live' | 'drill';
  readonly ledger: MongoLedger;
  readonly recordings: Recordings;
  readonly runs: Pick<Runs, 'reach'>;
  readonly keyStore: Pick<DataKeyStore, 'find'>;
  readonly outcomes: { totals(mailing: string): Promise<{ accepted: number; resent: number }> };
}

/**
 * `whole`: nothing is missing. `hole`: the engine holds entries, but not those that must come first. `forked`: ledger and engine tell
 * different things of one entry. `broken`: the ledger does not verify. Of the last three nothing was written.
 */
export type Mended = 'repaired' | 'to-repair' | 'whole' | 'hole' | 'forked' | 'broken';

export interface Repaired {
  readonly incident: string;
  readonly is: Mended;
  /** Entries that are put back: from, to. */
  readonly from: number | null;
  readonly to: number | null;
  /**
   * `same`: the chain has the very hashes that it had. `other`: the incident was declared after the backup, so its data key is lost and
   * the entries are sealed under a new one; heads that notices carry are not found in it.
   */
  readonly hashes: 'same' | 'other' | null;
  /** For `hole` and `broken`: the first entry concerned. */
  readonly firstBad: number | null;
  readonly why: string | null;
  /** Mailings that are complete on record, with more people told than the outcomes in the database still show. */
  readonly mailings: readonly { readonly mailing: number; readonly told: number; readonly onRecord: number }[];
}

export interface RepairReport {
  readonly side: 'live' | 'drill';
  readonly dryRun: boolean;
  readonly incidents: readonly Repaired[];
}

const AT_ONCE = 50;

export async function repairLedger(tools: RepairTools, { dryRun }: { dryRun: boolean }): Promise<RepairReport> {
  const { side, ledger, recordings, keyStore, outcomes } = tools;
  await tools.runs.reach();

  async function settle(incident: string, events: readonly IncidentEvent[]): Promise<Repaired['mailings']> {
    const state = fold(events);
    const complete = (state?.mailings ?? []).filter((m) => m.state === 'completed' && m.totals);
    const looked = complete.map(async ({ mailing, totals }) => {
      const now = await outcomes.totals(`${incident}/${mailing}`);
      return { mailing, told: (totals?.accepted ?? 0) + (totals?.resent ?? 0), onRecord: now.accepted + now.resent };
    });
    return (await Promise.all(looked)).filter(({ told, onRecord }) => onRecord < told);
  }

  async function mend(incident: string): Promise<Repaired> {
    const none = { from: null, to: null, hashes: null, firstBad: null, why: null, mailings: [] } as const;
    const recording = await recordings.of(incident);
    const last = Math.max(0, ...recording.events.keys());
    const chain = await ledger.verifyChain(incident);
    if (!chain.ok && chain.why !== 'missing')
      return { incident, ...none, is: 'broken', firstBad: chain.firstBad, why: chain.why };
    const from = firstMissing(chain);
    if (from > last) return { incident, ...none, is: 'whole', hashes: await hashesNow(incident, recording.head) };
    const gap = firstNotIn(recording, from, last);
    if (gap !== null) return { incident, ...none, is: 'hole', from, to: last, firstBad: gap };
    const range = { from, to: last } as const;
    const newKey = (await keyStore.find(`case/${incident}`)) === null;
    if (dryRun) return { incident, ...none, ...range, is: 'to-repair', hashes: newKey ? 'other' : 'same' };
    // One entry that is there comes first: it must be the one that the engine wrote, or nothing is added to it.
    const start = recording.events.has(from - 1) ? from - 1 : from;
    const missing = eventsOf(recording, start, last);
    try {
      for (let at = 0; at < missing.length; at += AT_ONCE)
        await recordEvents(tools, incident, missing.slice(at, at + AT_ONCE));
    } catch (error) {
      if (!(error instanceof LedgerConflict)) throw error;
      return { incident, ...none, ...range, is: 'forked' };
    }
    const mailings = await settle(incident, (await ledger.read(incident)) as IncidentEvent[]);
    return { incident, ...none, ...range, is: 'repaired', hashes: await hashesNow(incident, recording.head), mailings };
  }

  const hashesNow = async (incident: string, head: LedgerHead | null): Promise<'same' | 'other'> =>
    (await ledger.verifyChain(incident, head ?? undefined)).ok ? 'same' : 'other';

  const known = (await recordings.incidents()).filter((incident) => modeOfId(incident) === side);
  return { side, dryRun, incidents: await inTurns(known, mend) };
}

const firstMissing = (chain: ChainCheck): number => (chain.ok ? (chain.head?.seq ?? 0) + 1 : chain.firstBad);

function firstNotIn({ events }: Recording, from: number, to: number): number | null {
  for (let seq = from; seq <= to; seq++) if (!events.has(seq)) return seq;
  return null;
}

function eventsOf({ events }: Recording, from: number, to: number): IncidentEvent[] {
  const found: IncidentEvent[] = [];
  for (let seq = from; seq <= to; seq++) {
    const event = events.get(seq);
    if (event) found.push(event);
  }
  return found;
}
