import { KeyErased } from '../adapters/crypto/data-keys.js';
import type { Log } from '../adapters/log.js';
import type { Intakes } from '../adapters/mongo/intakes.js';
import type { ChainCheck, LedgerRecord, MongoLedger } from '../adapters/mongo/ledger.js';
import type { Register } from '../adapters/mongo/register.js';
import type { Traces } from '../adapters/mongo/traces.js';
import type { TemporalGateway } from '../adapters/temporal/gateway.js';
import type { Runs } from '../adapters/temporal/runs.js';
import type { LedgerHead } from '../activities/ports.js';
import { type Instant, toInstant } from '../domain/clock/instant.js';
import type { IncidentEvent } from '../domain/incident/events.js';
import { fold } from '../domain/incident/evolve.js';
import { modeOfId } from '../domain/incident/ids.js';
import { outlook, type Outlook } from '../domain/incident/rebuilding.js';
import type { RegisterEntry } from '../domain/incident/register-entry.js';

/** Temporal's database is lost: every incident that owes something is started anew from its ledger. */

export interface RebuildTools {
  readonly side: 'live' | 'drill';
  readonly ledger: Pick<MongoLedger, 'streams' | 'records' | 'verifyChain'>;
  readonly register: Pick<Register<RegisterEntry>, 'get'>;
  readonly intakes: Pick<Intakes, 'kept' | 'started'>;
  readonly traces: Traces;
  readonly runs: Runs;
  readonly gateway: Pick<TemporalGateway, 'resume' | 'declare' | 'state'>;
  readonly log: Log;
  /** Real time, in ms. */
  readonly now: () => number;
}

/**
 * `runs`: it runs already. `rests`: nothing is owed, a command starts it. `erased`: its key was destroyed. `broken`: its chain does not
 * verify, so nothing was started. `engine-behind`: it runs from an earlier state than its ledger has, because the engine was set back.
 */
export type Became = 'started' | 'to-start' | 'runs' | 'rests' | 'erased' | 'broken' | 'engine-behind';

export interface Rebuilt {
  readonly incident: string;
  readonly is: Became;
  /** `intake`: a declaration that was kept and is not on record. */
  readonly from: 'ledger' | 'intake';
  readonly outlook: Outlook | null;
  readonly last: {
    readonly seq: number;
    readonly type: string;
    readonly at: Instant;
    readonly recordedAt: Instant;
  } | null;
  readonly broken: Extract<ChainCheck, { ok: false }> | null;
  readonly engineSeq: number | null;
  /** Signs of what was accepted later than the record tells. */
  readonly later: { readonly mailings: readonly { mailing: number; ranges: number }[]; readonly files: number };
}

export interface RebuildReport {
  readonly side: 'live' | 'drill';
  readonly dryRun: boolean;
  readonly at: Instant;
  readonly incidents: readonly Rebuilt[];
  /** Workers that ask for work at the moment; what was started waits for one. */
  readonly workers: number;
  /** Streams of the other side in this database; left alone. */
  readonly otherSide: number;
}

const AT_ONCE = 8;
const NOTHING_LATER: Rebuilt['later'] = { mailings: [], files: 0 };

/** A few at a time, results in order. */
export async function inTurns<T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = all.entries();
  const walker = async (): Promise<void> => {
    for (const [index, one] of left) results[index] = await each(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walker));
  return results;
}

const unlessErased = async <T>(read: Promise<T>): Promise<T | null> => {
  try {
    return await read;
  } catch (error) {
    if (error instanceof KeyErased) return null;
    throw error;
  }
};

const eventOf = ({ stream, seq, type, at, actor, cause, v, data }: LedgerRecord): IncidentEvent =>
  ({ stream, seq, type, at, actor, cause, v, data }) as IncidentEvent;

export async function rebuild(tools: RebuildTools, { dryRun }: { dryRun: boolean }): Promise<RebuildReport> {
  const { side, ledger, register, intakes, traces, runs, gateway, log, now } = tools;
  await runs.reach();
  const workers = await runs.workers('incident');
  const streams = (await ledger.streams()).filter((stream) => stream !== 'organisation');
  const own = streams.filter((stream) => modeOfId(stream) === side);

  /** Where a worker answers: what the engine knows of it. A run that is behind its ledger would write another history. */
  async function runningAs(incident: string, recorded: number): Promise<Pick<Rebuilt, 'is' | 'engineSeq'>> {
    if (workers === 0) return { is: 'runs', engineSeq: null };
    const known = await gateway.state(incident).catch(() => null);
    return { is: known && known.seq < recorded ? 'engine-behind' : 'runs', engineSeq: known?.seq ?? null };
  }

  async function laterThan(incident: string, known: readonly number[], since: Instant): Promise<Rebuilt['later']> {
    const mailings = (await traces.mailings(incident)).filter(({ mailing }) => !known.includes(mailing));
    return { mailings, files: await traces.filesSince(incident, since) };
  }

  async function look(incident: string): Promise<Rebuilt> {
    const base = {
      incident,
      from: 'ledger',
      outlook: null,
      broken: null,
      engineSeq: null,
      later: NOTHING_LATER,
    } as const;
    const records = await ledger.records(incident);
    const end = records.at(-1);
    const last = end ? { seq: end.seq, type: end.type, at: end.at, recordedAt: end.recordedAt } : null;
    const entry = await unlessErased(register.get(incident));
    const anchor: LedgerHead | undefined = entry?.ledgerHead;
    const chain = await ledger.verifyChain(incident, anchor);
    if (!chain.ok) return { ...base, is: 'broken', last, broken: chain };
    if (records.some(({ data }) => data === null)) return { ...base, is: 'erased', last };
    const state = fold(records.map(eventOf));
    if (!state || !last) return { ...base, is: 'rests', last };
    const ahead = outlook(state, now());
    if ((await runs.of(incident)) === 'running')
      return { ...base, ...(await runningAs(incident, state.seq)), last, outlook: ahead };
    const later = await laterThan(
      incident,
      state.mailings.map((m) => m.mailing),
      last.recordedAt,
    );
    return { ...base, is: ahead.runs ? 'to-start' : 'rests', last, outlook: ahead, later };
  }

  const found = await inTurns(own, look);
  // Whoever is late or next comes first: starting thousands takes a while.
  const urgency = ({ outlook: o }: Rebuilt): string => o?.missed[0]?.dueAt ?? o?.next?.dueAt ?? o?.asOf.at ?? '~';
  found.sort((a, b) => (urgency(a) < urgency(b) ? -1 : 1));

  const incidents: Rebuilt[] = [];
  for (const each of found) {
    if (each.is !== 'to-start' || dryRun || !each.last) {
      incidents.push(each);
      continue;
    }
    const { existed } = await gateway.resume(each.incident, each.last.seq, true);
    incidents.push({ ...each, is: existed ? 'runs' : 'started' });
    if (!existed) log.info({ event: 'rebuild.started', incident: each.incident, seq: each.last.seq });
  }

  // Declared, answered, and not on record yet when the engine was lost.
  for (const { declaration, actor, cause } of await intakes.kept()) {
    const incident = declaration.incidentId;
    if (streams.includes(incident) || modeOfId(incident) !== side) continue;
    const base = { incident, from: 'intake', outlook: null, last: null, broken: null, engineSeq: null } as const;
    let is: Became = (await runs.of(incident)) === 'none' ? 'to-start' : 'runs';
    if (is === 'to-start' && !dryRun) {
      is = (await gateway.declare({ declaration, actor, cause })).existed ? 'runs' : 'started';
      await intakes.started(incident, toInstant(now()));
    }
    incidents.push({ ...base, is, later: NOTHING_LATER });
  }
  return { side, dryRun, at: toInstant(now()), incidents, workers, otherSide: streams.length - own.length };
}
