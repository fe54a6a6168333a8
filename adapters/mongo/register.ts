import type { Collection, Db } from 'mongodb';
import { type Instant, toInstant } from '../../domain/clock/instant.js';
import { type DataKeys, KeyErased } from '../crypto/data-keys.js';
import { sealJson, unsealJson } from '../crypto/seal.js';
import { isDuplicateKey } from './connect.js';

/** What every entry has, whatever else the law wants in it. */
export interface RegisterLine {
  readonly incident: string;
  readonly mode: 'live' | 'drill';
}

interface RegisterDoc {
  _id: string; // incident
  seq: number;
  declaredAt: Instant;
  updatedAt: Instant;
  sealed: Buffer;
}

/** An exercise must never show up among real breaches, nor a real one among exercises. */
export class WrongRegister extends Error {
  override readonly name = 'WrongRegister';
  constructor(incident: string, side: 'live' | 'drill') {
    super(
      `${incident} does not belong into the ${side === 'live' ? 'register of breaches' : 'register of exercises'}.`,
    );
  }
}

export interface Register<Entry extends RegisterLine> {
  /** Writes the entry as of `seq` of the incident's ledger; only forward. @throws WrongRegister, KeyErased */
  put(entry: Entry, at: { seq: number; declaredAt: Instant }): Promise<void>;
  get(incident: string): Promise<Entry | null>;
  /** Oldest declaration first. Entries whose key was erased are left out and counted. */
  all(): Promise<{ entries: Entry[]; erased: number }>;
}

interface Parts {
  readonly db: Db;
  readonly keys: DataKeys;
  readonly side: 'live' | 'drill';
  readonly now?: () => Instant;
}

const PREFIX = { live: 'BR-', drill: 'EX-' } as const;
const nowReal = (): Instant => toInstant(Date.now());
const contextOf = (incident: string, seq: number): string => `register/${incident}/${seq}`;

/** Collection `register`: Art. 33(5), a view of the ledgers under keys of its own, because it is kept longer than the case (R-1012). */
export function createRegister<Entry extends RegisterLine>({ db, keys, side, now = nowReal }: Parts): Register<Entry> {
  const register: Collection<RegisterDoc> = db.collection('register');

  const open = async (doc: RegisterDoc): Promise<Entry> =>
    unsealJson<Entry>(await keys.forReading(`register/${doc._id}`), contextOf(doc._id, doc.seq), doc.sealed);

  return {
    async put(entry, { seq, declaredAt }) {
      const { incident, mode } = entry;
      if (mode !== side || !incident.startsWith(PREFIX[side])) throw new WrongRegister(incident, side);
      const sealed = sealJson(await keys.forSealing(`register/${incident}`), contextOf(incident, seq), entry);
      const fields = { seq, declaredAt, updatedAt: now(), sealed };
      const { matchedCount } = await register.updateOne({ _id: incident, seq: { $lt: seq } }, { $set: fields });
      if (matchedCount === 1) return;
      try {
        await register.insertOne({ _id: incident, ...fields });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        await register.updateOne({ _id: incident, seq: { $lt: seq } }, { $set: fields }); // there by now, perhaps behind
      }
    },

    async get(incident) {
      const doc = await register.findOne({ _id: incident });
      return doc && open(doc);
    },

    async all() {
      const entries: Entry[] = [];
      let erased = 0;
      for await (const doc of register.find().sort({ declaredAt: 1, _id: 1 })) {
        try {
          entries.push(await open(doc));
        } catch (error) {
          if (!(error instanceof KeyErased)) throw error;
          erased++;
        }
      }
      return { entries, erased };
    },
  };
}
