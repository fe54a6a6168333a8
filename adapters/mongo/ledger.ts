import type { Collection, Db } from 'mongodb';
import type { Ledger, LedgerHead } from '../../activities/ports.js';
import { type Instant, toInstant } from '../../domain/clock/instant.js';
import type { AnyEvent } from '../../domain/incident/events.js';
import { type DataKeys, KeyErased } from '../crypto/data-keys.js';
import { SealBroken } from '../crypto/seal.js';
import { isDuplicateKey } from './connect.js';
import { type LedgerEntry, entryFor, eventOf, hashOf, keyScopeOf } from './ledger-entry.js';

type LedgerDoc = LedgerEntry & { _id: string };

/** Another entry stands at this place. The record was written by two, or altered: somebody must look. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
  constructor(
    readonly stream: string,
    readonly seq: number,
    readonly onRecord: string,
    readonly offered: string,
  ) {
    super(
      `The ledger of ${stream} has another entry at seq ${seq}: on record ${onRecord}, offered ${offered}. Nothing was written.`,
    );
  }
}

/** An earlier entry is missing, so this one cannot be chained. */
export class LedgerGap extends Error {
  override readonly name = 'LedgerGap';
  constructor(
    readonly stream: string,
    readonly seq: number,
    readonly missing: number,
  ) {
    super(
      `The ledger of ${stream} has no entry at seq ${missing}, so seq ${seq} cannot follow. Append from ${missing} on.`,
    );
  }
}

export type ChainCheck =
  | { readonly ok: true; readonly entries: number; readonly head: LedgerHead | null }
  | {
      readonly ok: false;
      readonly firstBad: number;
      readonly why: 'missing' | 'altered' | 'not-chained' | 'not-the-anchor';
    };

/** An entry as people read it: the data are null when their key was erased. */
export type LedgerRecord = Omit<LedgerEntry, 'sealed'> & { readonly data: AnyEvent['data'] | null };

export interface MongoLedger extends Ledger {
  /** For reading; erased data come as null instead of an error. */
  records(stream: string, fromSeq?: number): Promise<LedgerRecord[]>;
  /** The entries as stored, sealed: for export and verification by others. */
  entries(stream: string, fromSeq?: number): Promise<LedgerEntry[]>;
  /** The event that this key caused last in the stream, for answering a repeated command. */
  causedBy(stream: string, keyHash: string): Promise<AnyEvent | null>;
  /**
   * Recomputes every hash; reads nobody's data. A chain cut off at its end is whole in itself: give the head that a notice or the
   * register carries as `anchor`, and a missing end shows too.
   */
  verifyChain(stream: string, anchor?: LedgerHead): Promise<ChainCheck>;
  streams(): Promise<string[]>;
}

function opens(entry: LedgerEntry, key: Buffer): boolean {
  try {
    eventOf(entry, key);
    return true;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

const nowReal = (): Instant => toInstant(Date.now());

/** Collection `ledger`. Only inserts are ever issued against it. */
export function createLedger({
  db,
  keys,
  now = nowReal,
}: {
  db: Db;
  keys: DataKeys;
  now?: () => Instant;
}): MongoLedger {
  const ledger: Collection<LedgerDoc> = db.collection('ledger');

  /**
   * The entry before, and the key that opens it. Where a database is set back, this process may still hold a key that is not in it any
   * more: what it sealed with that, nobody could ever read.
   */
  async function chainTo({ stream, seq }: AnyEvent): Promise<{ prev: string | null; key: Buffer }> {
    const scope = keyScopeOf(stream);
    if (seq === 1) return { prev: null, key: await keys.forSealing(scope) };
    const before = await ledger.findOne({ stream, seq: seq - 1 }, { projection: { _id: 0 } });
    if (!before) {
      keys.forget();
      throw new LedgerGap(stream, seq, seq - 1);
    }
    const key = await keys.forSealing(scope);
    if (opens(before, key)) return { prev: before.hash, key };
    keys.forget();
    return { prev: before.hash, key: await keys.forSealing(scope) };
  }

  async function insert(entry: LedgerEntry): Promise<void> {
    try {
      await ledger.insertOne({ _id: `${entry.stream}/${entry.seq}`, ...entry });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const there = await ledger.findOne({ stream: entry.stream, seq: entry.seq }, { projection: { hash: 1 } });
      if (there?.hash !== entry.hash)
        throw new LedgerConflict(entry.stream, entry.seq, there?.hash ?? 'unreadable', entry.hash);
    }
  }

  const cursor = (stream: string, fromSeq = 1) =>
    ledger.find({ stream, seq: { $gte: fromSeq } }, { projection: { _id: 0 } }).sort({ seq: 1 });

  return {
    async append(events) {
      const [first] = events;
      if (!first) throw new RangeError('append needs at least one event.');
      const stray = events.findIndex((event, i) => event.stream !== first.stream || event.seq !== first.seq + i);
      if (stray !== -1)
        throw new RangeError(
          `append takes events of one stream without gaps; number ${stray + 1} of ${events.length} does not follow.`,
        );
      const chain = await chainTo(first);
      const { key } = chain;
      let { prev } = chain;
      let seq = first.seq;
      for (const event of events) {
        const entry = entryFor(event, prev, key, now());
        await insert(entry);
        prev = entry.hash;
        seq = entry.seq;
      }
      return { seq, hash: prev ?? '' };
    },

    async read(stream, fromSeq) {
      const entries = await cursor(stream, fromSeq).toArray();
      if (entries.length === 0) return [];
      const key = await keys.forReading(keyScopeOf(stream));
      return entries.map((entry) => eventOf(entry, key));
    },

    async head(stream) {
      const last = await ledger.findOne({ stream }, { sort: { seq: -1 }, projection: { seq: 1, hash: 1 } });
      return last && { seq: last.seq, hash: last.hash };
    },

    async records(stream, fromSeq) {
      const entries = await cursor(stream, fromSeq).toArray();
      if (entries.length === 0) return [];
      const key = await keys.forReading(keyScopeOf(stream)).catch((error: unknown) => {
        if (error instanceof KeyErased) return null;
        throw error;
      });
      return entries.map(({ sealed, ...entry }) => ({
        ...entry,
        data: key && eventOf({ sealed, ...entry }, key).data,
      }));
    },

    entries: (stream, fromSeq) => cursor(stream, fromSeq).toArray(),

    async causedBy(stream, keyHash) {
      const entry = await ledger.findOne(
        { stream, 'cause.keyHash': keyHash },
        { sort: { seq: -1 }, projection: { _id: 0 } },
      );
      return entry && eventOf(entry, await keys.forReading(keyScopeOf(stream)));
    },

    async verifyChain(stream, anchor) {
      let head: LedgerHead | null = null;
      for await (const entry of cursor(stream)) {
        const expected: number = (head?.seq ?? 0) + 1;
        if (entry.seq !== expected) return { ok: false, firstBad: expected, why: 'missing' };
        if (entry.prev !== (head?.hash ?? null)) return { ok: false, firstBad: entry.seq, why: 'not-chained' };
        if (hashOf(entry) !== entry.hash) return { ok: false, firstBad: entry.seq, why: 'altered' };
        if (anchor?.seq === entry.seq && anchor.hash !== entry.hash)
          return { ok: false, firstBad: entry.seq, why: 'not-the-anchor' };
        head = { seq: entry.seq, hash: entry.hash };
      }
      if (anchor && anchor.seq > (head?.seq ?? 0)) return { ok: false, firstBad: (head?.seq ?? 0) + 1, why: 'missing' };
      return { ok: true, entries: head?.seq ?? 0, head };
    },

    async streams() {
      const streams = await ledger.distinct('stream');
      return streams.sort();
    },
  };
}
