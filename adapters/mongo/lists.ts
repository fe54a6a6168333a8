import { createHash, type Hash, randomBytes } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { Recipient, RecipientLists } from '../../activities/ports.js';
import { type DataKeys, KeyErased } from '../crypto/data-keys.js';
import { seal, sealJson, unsealJson } from '../crypto/seal.js';
import type { DataCategory, Segment } from '../../domain/message/segments.js';
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
  /** By country, language and data leaked; sealed, since a segment may be one person. Left out in lists of before. */
  segments?: Buffer | null;
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
  readonly segments: readonly Segment[];
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
  /** Null when the list was made without a file, or before lists had them. */
  readonly segments: readonly Segment[] | null;
  /**
   * SHA-256, hex, over a secret salt of the list and `number TAB address TAB language LF` in order, with `TAB data TAB country` before the
   * LF where the list says one of them: nobody can try addresses against it, and no text can go to another segment.
   */
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

export interface NewRecipient {
  readonly email: string;
  readonly language: string;
  readonly country?: string | null;
  readonly data?: readonly DataCategory[] | null;
}

export interface ListWriter {
  /** Numbers the recipient; false when the address (without regard to case) is on the list already: the first one stays. */
  add(recipient: NewRecipient): Promise<boolean>;
  /** In place of what was said to have leaked of this recipient. */
  amend(n: number, data: readonly DataCategory[]): void;
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

type Row = readonly [n: number, email: string, language: string, data?: string, country?: string];

const rowOf = (n: number, { email, language, data, country }: NewRecipient): Row =>
  data || country ? [n, email, language, data?.join('+') ?? '', country ?? ''] : [n, email, language];
const withData = (row: Row, data: readonly DataCategory[] | undefined): Row =>
  data ? [row[0], row[1], row[2], data.join('+'), row[4] ?? ''] : row;
const dataOf = (row: Row): readonly DataCategory[] | null =>
  row[3] === undefined || row[3] === '' ? null : (row[3].split('+') as DataCategory[]);

const normalised = (email: string): string => email.trim().normalize('NFC').toLowerCase();
const rangeId = (list: string, attempt: string, range: number): string => `${list}/${attempt}/${range}`;
const toFrozen = (doc: ListDoc, segments: readonly Segment[] | null): FrozenList => ({
  list: doc._id,
  incident: doc.incident,
  count: doc.count,
  rejected: doc.rejected,
  duplicates: doc.duplicates,
  upload: doc.upload ?? null,
  places: doc.places ?? null,
  segments,
  sha256: doc.sha256 ?? '',
});

const collections = (db: Db): { lists: Collection<ListDoc>; ranges: Collection<RangeDoc> } => ({
  lists: db.collection('lists'),
  ranges: db.collection('ranges'),
});

/** Null also when the key of the list was erased: its figures stay, what it says about people does not. */
async function segmentsOf({ _id, incident, segments }: ListDoc, keys: DataKeys): Promise<readonly Segment[] | null> {
  if (!segments) return null;
  try {
    return unsealJson<Segment[]>(await keys.forReading(`list/${incident}`), `segments/${_id}`, segments);
  } catch (error) {
    if (error instanceof KeyErased) return null;
    throw error;
  }
}

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
      const doc = await frozen(list);
      return { count: doc.count, sha256: doc.sha256 ?? '', segments: await segmentsOf(doc, keys) };
    },

    /** Range from 0. @throws NoSuchList, KeyErased */
    async range(list, range) {
      const { attempt, incident } = await frozen(list);
      const _id = rangeId(list, attempt, range);
      const doc = await ranges.findOne({ _id });
      if (!doc) throw new RangeError(`List ${list} has no range ${range}.`);
      const rows = unsealJson<Row[]>(await keys.forReading(`list/${incident}`), `range/${_id}`, doc.sealed);
      return rows.map((row): Recipient => ({ n: row[0], email: row[1], language: row[2], data: dataOf(row) }));
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
    if (there?.state === 'frozen' && there.incident === incident) return toFrozen(there, await segmentsOf(there, keys));
    throw new ImportSuperseded(list);
  }

  function writerFor(list: string, incident: string, attempt: string): ListWriter {
    const seen = new AddressSet();
    const salt = randomBytes(SALT_BYTES);
    let hash: Hash = createHash('sha256').update(salt);
    const amended = new Map<number, readonly DataCategory[]>();
    let rows: Row[] = [];
    let range = 0;
    let duplicates = 0;

    function hashRows(some: readonly Row[]): void {
      for (const row of some) hash.update(`${row.join('\t')}\n`);
    }

    /** Rows of ranges that lie in the store already are written anew, and the whole list is hashed anew. */
    async function amendStored(): Promise<void> {
      if (amended.size === 0) return;
      hash = createHash('sha256').update(salt);
      const key = await keys.forSealing(`list/${incident}`);
      for (let stored = 0; stored < range; stored++) {
        const _id = rangeId(list, attempt, stored);
        const doc = await ranges.findOne({ _id });
        if (!doc) throw new ImportSuperseded(list);
        const before = unsealJson<Row[]>(key, `range/${_id}`, doc.sealed);
        const after = before.map((row) => withData(row, amended.get(row[0])));
        if (after.some((row, at) => row !== before[at]))
          await ranges.updateOne({ _id }, { $set: { sealed: sealJson(key, `range/${_id}`, after) } });
        hashRows(after);
      }
    }

    async function flush(): Promise<void> {
      if (rows.length === 0) return;
      const _id = rangeId(list, attempt, range);
      const sealed = sealJson(await keys.forSealing(`list/${incident}`), `range/${_id}`, rows);
      await ranges.insertOne({ _id, list, attempt, range, sealed });
      hashRows(rows);
      rows = [];
      range++;
    }

    return {
      async add(recipient) {
        if (!seen.add(normalised(recipient.email))) {
          duplicates++;
          return false;
        }
        rows.push(rowOf(seen.size, recipient));
        if (rows.length === RANGE_SIZE) await flush();
        return true;
      },

      amend(n, data) {
        const at = rows.findIndex((row) => row[0] === n);
        const row = rows[at];
        if (row) rows[at] = withData(row, data);
        else amended.set(n, data);
      },

      async freeze(imported) {
        await flush();
        await amendStored();
        const sha256 = hash.digest('hex');
        const sealedSalt = seal(await keys.forSealing(`list/${incident}`), `salt/${list}`, salt);
        const { rejected = 0, duplicates: leftOut = 0, upload = null } = imported ?? {};
        const places = imported ? placesOf(imported) : null;
        const segments = imported?.segments ?? null;
        const sealedSegments =
          segments && sealJson(await keys.forSealing(`list/${incident}`), `segments/${list}`, segments);
        const told = { count: seen.size, rejected, duplicates: duplicates + leftOut, upload, places, sha256 };
        const sealed = { segments: sealedSegments, salt: sealedSalt };
        const done = { ...told, ...sealed, state: 'frozen', frozenAt: new Date() } as const;
        const { matchedCount } = await lists.updateOne({ _id: list, attempt, state: 'importing' }, { $set: done });
        await ranges.deleteMany(matchedCount === 1 ? { list, attempt: { $ne: attempt } } : { list, attempt });
        if (matchedCount === 0) throw new ImportSuperseded(list);
        return { list, incident, ...told, segments };
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
      return doc && toFrozen(doc, await segmentsOf(doc, keys));
    },

    async frozenOf(incident) {
      const docs = await lists.find({ incident, state: 'frozen' }).sort({ frozenAt: 1 }).toArray();
      return Promise.all(docs.map(async (doc) => toFrozen(doc, await segmentsOf(doc, keys))));
    },
  };
}
