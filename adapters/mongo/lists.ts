import { createHash, type Hash, randomBytes } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { Recipient, RecipientLists } from '../../activities/ports.js';
import type { DataKeys } from '../crypto/data-keys.js';
import { seal, sealJson, unsealJson } from '../crypto/seal.js';
import { AddressSet } from './address-set.js';
import { isDuplicateKey } from './connect.js';

/** Recipients a range. Range `r` (from 0) holds the numbers `r * 500 + 1` to `r * 500 + 500`; recipients are numbered from 1. */
export const RANGE_SIZE = 500;
const SALT_BYTES = 16;

interface ListDoc {
  _id: string;
  incident: string;
  state: 'importing' | 'frozen';
  /** Of the upload that owns the list now; ranges of other attempts are left-overs. */
  attempt: string;
  count: number;
  rejected: number;
  duplicates: number;
  sha256: string | null;
  /** What was uploaded, and what the import found in it; left out in lists of before. */
  upload?: string | null;
  places?: RowPlaces | null;
  /** What the hash was salted with: kept sealed, so that the list can be checked against its hash as long as it is kept. */
  salt: Buffer | null;
  frozenAt: Date | null;
}
interface RangeDoc {
  _id: string; // list/attempt/range
  list: string;
  attempt: string;
  range: number;
  sealed: Buffer;
}

/** Where rows did not fit; never with what stood there. */
export interface RowPlaces {
  readonly problems: readonly {
    readonly row: number;
    readonly column: number | null;
    readonly reason: string;
    readonly rejected: boolean;
  }[];
  readonly problemsLeftOut: number;
  readonly ignoredColumns: readonly number[];
}

/** What the import knows when it has come to the end. `upload` tells one file from another; nobody can try addresses against it. */
export interface Imported extends RowPlaces {
  /** Rows that the caller did not take. */
  readonly rejected: number;
  /** Rows that the caller left out because their address had come before. */
  readonly duplicates: number;
  readonly upload: string;
}

export interface FrozenList {
  readonly list: string;
  readonly incident: string;
  readonly count: number;
  /** Rows that the import did not take. */
  readonly rejected: number;
  readonly duplicates: number;
  /** Null when the list was made without a file. */
  readonly upload: string | null;
  readonly places: RowPlaces | null;
  /** SHA-256, hex, over a secret salt of the list and `number TAB address TAB language LF` in order: nobody can try addresses against it. */
  readonly sha256: string;
}

/** Another upload of the same list has taken over, or froze it first. */
export class ImportSuperseded extends Error {
  override readonly name = 'ImportSuperseded';
  constructor(list: string) {
    super(`Another upload of list ${list} has taken over. Nothing of this one is kept.`);
  }
}

export class NoSuchList extends Error {
  override readonly name = 'NoSuchList';
  constructor(list: string) {
    super(`There is no frozen list ${list}. Upload it, and wait until it is frozen.`);
  }
}

export interface ListWriter {
  /** Numbers the recipient; false when the address (without regard to case) is on the list already: the first one stays. */
  add(recipient: { email: string; language: string }): Promise<boolean>;
  /** From here on the list never changes. @param imported kept for the report. @throws ImportSuperseded */
  freeze(imported?: Imported): Promise<FrozenList>;
  /** Takes back everything this upload has written. */
  discard(): Promise<void>;
}

export interface ListImports {
  /**
   * Starts an upload. What a crashed attempt at the same list left behind is thrown away whole; a list that is frozen stays as it is,
   * and is the answer. @throws ImportSuperseded when the list is one of another incident
   */
  begin(list: string, incident: string): Promise<{ frozen: FrozenList } | { writer: ListWriter }>;
  frozen(list: string): Promise<FrozenList | null>;
  /** Oldest first. */
  frozenOf(incident: string): Promise<FrozenList[]>;
}

const placesOf = ({ problems, problemsLeftOut, ignoredColumns }: RowPlaces): RowPlaces => ({
  problems,
  problemsLeftOut,
  ignoredColumns,
});

type Row = readonly [n: number, email: string, language: string];

const normalised = (email: string): string => email.trim().normalize('NFC').toLowerCase();
const rangeId = (list: string, attempt: string, range: number): string => `${list}/${attempt}/${range}`;
const toFrozen = (doc: ListDoc): FrozenList => ({
  list: doc._id,
  incident: doc.incident,
  count: doc.count,
  rejected: doc.rejected,
  duplicates: doc.duplicates,
  upload: doc.upload ?? null,
  places: doc.places ?? null,
  sha256: doc.sha256 ?? '',
});

const collections = (db: Db): { lists: Collection<ListDoc>; ranges: Collection<RangeDoc> } => ({
  lists: db.collection('lists'),
  ranges: db.collection('ranges'),
});

/** Collections `lists` and `ranges`, reading side. A range is one sealed blob. */
export function createRecipientLists({ db, keys }: { db: Db; keys: DataKeys }): RecipientLists {
  const { lists, ranges } = collections(db);

  async function frozen(list: string): Promise<ListDoc> {
    const doc = await lists.findOne({ _id: list, state: 'frozen' });
    if (!doc) throw new NoSuchList(list);
    return doc;
  }

  return {
    /** How many ranges the list has. @throws NoSuchList */
    async ranges(list) {
      return Math.ceil((await frozen(list)).count / RANGE_SIZE);
    },

    async frozenAs(list) {
      const { count, sha256 } = await frozen(list);
      return { count, sha256: sha256 ?? '' };
    },

    /** Range from 0. @throws NoSuchList, KeyErased */
    async range(list, range) {
      const { attempt, incident } = await frozen(list);
      const _id = rangeId(list, attempt, range);
      const doc = await ranges.findOne({ _id });
      if (!doc) throw new RangeError(`List ${list} has no range ${range}.`);
      const rows = unsealJson<Row[]>(await keys.forReading(`list/${incident}`), `range/${_id}`, doc.sealed);
      return rows.map(([n, email, language]): Recipient => ({ n, email, language }));
    },
  };
}

/** Writing side, for the import. Holds one range and the set of hashes in memory, never the list. */
export function createListWriter({ db, keys }: { db: Db; keys: DataKeys }): ListImports {
  const { lists, ranges } = collections(db);

  async function take(list: string, incident: string, attempt: string): Promise<FrozenList | null> {
    const fresh: ListDoc = {
      _id: list,
      incident,
      state: 'importing',
      attempt,
      count: 0,
      rejected: 0,
      duplicates: 0,
      sha256: null,
      salt: null,
      frozenAt: null,
    };
    try {
      await lists.insertOne(fresh);
      return null;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const { matchedCount } = await lists.updateOne({ _id: list, incident, state: 'importing' }, { $set: { attempt } });
    if (matchedCount === 1) {
      await ranges.deleteMany({ list, attempt: { $ne: attempt } });
      return null;
    }
    const there = await lists.findOne({ _id: list });
    if (there?.state === 'frozen' && there.incident === incident) return toFrozen(there);
    throw new ImportSuperseded(list);
  }

  function writerFor(list: string, incident: string, attempt: string): ListWriter {
    const seen = new AddressSet();
    const salt = randomBytes(SALT_BYTES);
    const hash: Hash = createHash('sha256').update(salt);
    let rows: Row[] = [];
    let range = 0;
    let duplicates = 0;

    async function flush(): Promise<void> {
      if (rows.length === 0) return;
      const _id = rangeId(list, attempt, range);
      const sealed = sealJson(await keys.forSealing(`list/${incident}`), `range/${_id}`, rows);
      await ranges.insertOne({ _id, list, attempt, range, sealed });
      rows = [];
      range++;
    }

    return {
      async add({ email, language }) {
        if (!seen.add(normalised(email))) {
          duplicates++;
          return false;
        }
        rows.push([seen.size, email, language]);
        hash.update(`${seen.size}\t${email}\t${language}\n`);
        if (rows.length === RANGE_SIZE) await flush();
        return true;
      },

      async freeze(imported) {
        await flush();
        const sha256 = hash.digest('hex');
        const sealedSalt = seal(await keys.forSealing(`list/${incident}`), `salt/${list}`, salt);
        const { rejected = 0, duplicates: leftOut = 0, upload = null } = imported ?? {};
        const places = imported ? placesOf(imported) : null;
        const told = { count: seen.size, rejected, duplicates: duplicates + leftOut, upload, places, sha256 };
        const done = { ...told, state: 'frozen', salt: sealedSalt, frozenAt: new Date() } as const;
        const { matchedCount } = await lists.updateOne({ _id: list, attempt, state: 'importing' }, { $set: done });
        await ranges.deleteMany(matchedCount === 1 ? { list, attempt: { $ne: attempt } } : { list, attempt });
        if (matchedCount === 0) throw new ImportSuperseded(list);
        return { list, incident, ...told };
      },

      async discard() {
        await lists.deleteOne({ _id: list, attempt, state: 'importing' });
        await ranges.deleteMany({ list, attempt });
      },
    };
  }

  return {
    async begin(list, incident) {
      const attempt = randomBytes(8).toString('hex');
      const already = await take(list, incident, attempt);
      return already ? { frozen: already } : { writer: writerFor(list, incident, attempt) };
    },

    async frozen(list) {
      const doc = await lists.findOne({ _id: list, state: 'frozen' });
      return doc && toFrozen(doc);
    },

    async frozenOf(incident) {
      const docs = await lists.find({ incident, state: 'frozen' }).sort({ frozenAt: 1 }).toArray();
      return docs.map(toFrozen);
    },
  };
}
