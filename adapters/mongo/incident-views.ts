import { setTimeout as delay } from 'node:timers/promises';
import type { Collection, Db, Filter } from 'mongodb';
import type { IncidentViews, Ledger } from '../../activities/ports.js';
import { type Instant, toInstant } from '../../domain/clock/instant.js';
import type { IncidentEvent } from '../../domain/incident/events.js';
import type { IncidentState, Phase } from '../../domain/incident/state.js';
import { type DataKeys, KeyErased } from '../crypto/data-keys.js';
import { sealJson, unsealJson } from '../crypto/seal.js';
import { isDuplicateKey } from './connect.js';

/** What lies in clear beside the sealed state: ids, phases and instants, for the board and the watchdog. */
export interface BoardRow {
  readonly id: string;
  readonly mode: 'live' | 'drill';
  readonly phase: Phase;
  readonly seq: number;
  readonly declaredAt: Instant;
  /** The strict 72 hours, where they have begun. */
  readonly strictDeadline: Instant | null;
  /** The earliest milestone that is owed and not reached. Act time. */
  readonly nextDueAt: Instant | null;
  /** Every milestone that was not reached yet, earliest first: the watchdog's copy of the ladder. Absent in rows of before this was kept. */
  readonly dueTimes?: readonly Instant[];
  /** The earliest due time of a duty that is open. Absent in rows of before this was kept. */
  readonly dutyDueAt?: Instant | null;
  /** Mailings to people that are not complete. */
  readonly mailings?: Readonly<Record<'running' | 'paused', number>>;
  readonly updatedAt: Instant;
}
type ViewDoc = Omit<BoardRow, 'id'> & { _id: string; sealed: Buffer };

/** Events were left out between the view and these. */
export class ViewGap extends Error {
  override readonly name = 'ViewGap';
  constructor(incident: string, seq: number, offered: number) {
    super(
      `The view of ${incident} stands at seq ${seq} and the ledger does not lead to seq ${offered}. Append to the ledger first.`,
    );
  }
}

export interface MongoIncidentViews extends IncidentViews {
  /** As `load`, once the view has reached `minSeq`; null when it has not within `waitMs`: ask the workflow. */
  loadAtLeast(incidentId: string, minSeq: number, waitMs: number): Promise<IncidentState | null>;
  row(incidentId: string): Promise<BoardRow | null>;
  /** Newest declaration first. The state is null when its key was erased. */
  board(filter?: {
    phases?: readonly Phase[];
    limit?: number;
    declaredFrom?: Instant;
    declaredBefore?: Instant;
  }): Promise<{ row: BoardRow; state: IncidentState | null }[]>;
}

interface Parts {
  readonly db: Db;
  readonly keys: DataKeys;
  /** Fills what a crash between ledger and view left out. */
  readonly ledger: Pick<Ledger, 'read'>;
  readonly evolve: (state: IncidentState | null, event: IncidentEvent) => IncidentState;
  readonly now?: () => Instant;
}

const least = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);

function rowOf(state: IncidentState, updatedAt: Instant): Omit<BoardRow, 'id'> {
  const deadlines = state.milestones.filter((m) => m.kind === 'deadline').map((m) => m.dueAt);
  const duties = state.duties.filter((d) => d.kind === 'authority-notice').map((d) => d.dueAt);
  return {
    mode: state.mode,
    phase: state.phase,
    seq: state.seq,
    declaredAt: state.declaredAt,
    strictDeadline: least(deadlines) ?? least(duties),
    nextDueAt: least(state.milestones.filter((m) => m.owed && m.reachedAt === null).map((m) => m.dueAt)),
    dueTimes: state.milestones
      .filter((m) => m.reachedAt === null)
      .map((m) => m.dueAt)
      .sort(),
    dutyDueAt: least(state.duties.filter((d) => d.state === 'open').map((d) => d.dueAt)),
    mailings: {
      running: state.mailings.filter((m) => m.state === 'starting' || m.state === 'running').length,
      paused: state.mailings.filter((m) => m.state === 'paused').length,
    },
    updatedAt,
  };
}

const POLL_MS = 50;
const BOARD_MAX = 200;
const nowReal = (): Instant => toInstant(Date.now());
const contextOf = (id: string, seq: number): string => `view/${id}/${seq}`;

/** Collection `incidents`: the fold of each ledger, written only forward by seq. */
export function createIncidentViews({ db, keys, ledger, evolve, now = nowReal }: Parts): MongoIncidentViews {
  const views: Collection<ViewDoc> = db.collection('incidents');
  const toRow = ({ _id, sealed: _sealed, ...row }: ViewDoc): BoardRow => ({ id: _id, ...row });

  async function open(doc: ViewDoc): Promise<IncidentState> {
    const key = await keys.forReading(`case/${doc._id}`);
    return unsealJson<IncidentState>(key, contextOf(doc._id, doc.seq), doc.sealed);
  }
  async function load(incidentId: string): Promise<IncidentState | null> {
    const doc = await views.findOne({ _id: incidentId });
    return doc && open(doc);
  }

  async function missingEvents(
    incidentId: string,
    have: number,
    events: readonly IncidentEvent[],
  ): Promise<readonly IncidentEvent[]> {
    const fresh = events.filter((event) => event.seq > have);
    const first = fresh[0];
    if (!first || first.seq === have + 1) return fresh;
    const read = await ledger.read(incidentId, have + 1);
    return read.filter((event): event is IncidentEvent => event.stream !== 'organisation');
  }

  /** True when the view now stands at the state's seq or beyond. */
  async function store(state: IncidentState, isNew: boolean): Promise<boolean> {
    const key = await keys.forSealing(`case/${state.id}`);
    const fields = { ...rowOf(state, now()), sealed: sealJson(key, contextOf(state.id, state.seq), state) };
    if (!isNew) {
      await views.updateOne({ _id: state.id, seq: { $lt: state.seq } }, { $set: fields });
      return true; // not matched: somebody else is at this seq or further, with the same fold
    }
    try {
      await views.insertOne({ _id: state.id, ...fields });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  return {
    load,

    async forward(incidentId, events) {
      for (;;) {
        const doc = await views.findOne({ _id: incidentId });
        const have = doc?.seq ?? 0;
        const last = events.at(-1)?.seq ?? 0;
        if (last <= have) return;
        const fresh = await missingEvents(incidentId, have, events);
        const gap = fresh.findIndex((event, i) => event.seq !== have + 1 + i);
        if (gap !== -1 || (fresh.at(-1)?.seq ?? 0) < last) throw new ViewGap(incidentId, have, last);
        const state = fresh.reduce<IncidentState | null>(evolve, doc && (await open(doc)));
        if (state && (await store(state, doc === null))) return;
      }
    },

    async loadAtLeast(incidentId, minSeq, waitMs) {
      const until = performance.now() + waitMs;
      for (;;) {
        const doc = await views.findOne({ _id: incidentId, seq: { $gte: minSeq } });
        if (doc) return open(doc);
        if (performance.now() >= until) return null;
        await delay(POLL_MS);
      }
    },

    async row(incidentId) {
      const doc = await views.findOne({ _id: incidentId }, { projection: { sealed: 0 } });
      return doc && toRow(doc);
    },

    async board({ phases, limit = BOARD_MAX, declaredFrom, declaredBefore } = {}) {
      const span = { ...(declaredFrom && { $gte: declaredFrom }), ...(declaredBefore && { $lt: declaredBefore }) };
      const filter: Filter<ViewDoc> = {
        ...(phases && { phase: { $in: [...phases] } }),
        ...((declaredFrom || declaredBefore) && { declaredAt: span }),
      };
      const docs = await views.find(filter).sort({ declaredAt: -1 }).limit(Math.min(limit, BOARD_MAX)).toArray();
      return Promise.all(
        docs.map(async (doc) => {
          const state = await open(doc).catch((error: unknown) => {
            if (error instanceof KeyErased) return null;
            throw error;
          });
          return { row: toRow(doc), state };
        }),
      );
    },
  };
}
