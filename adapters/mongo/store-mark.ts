import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Collection, Db } from 'mongodb';

/**
 * A number in the database that only grows, and the highest that this process has seen, on a disk of its own. A database that shows less
 * than was seen before was set back (restored, or a replica that lost writes), and everything that was recorded since is gone from it.
 */
export interface StoreMark {
  /** Looks, and moves the mark on. `set-back`: nothing is moved, so that others see it too, until `settled`. */
  step(): Promise<'as-before' | 'set-back'>;
  /** What a set-back asks for is done. */
  settled(): Promise<void>;
}

interface MarkDoc {
  _id: 'store';
  n: number;
}
const ID = { _id: 'store' } as const;

export function createStoreMark({ db, file }: { db: Db; file: string }): StoreMark {
  const marks: Collection<MarkDoc> = db.collection('marks');
  let seen = read(file);

  const remember = (n: number): void => {
    seen = n;
    writeFileSync(`${file}.next`, `${n}\n`, { mode: 0o600 });
    renameSync(`${file}.next`, file);
  };
  return {
    async step() {
      const found = await marks.findOne(ID);
      if ((found?.n ?? 0) < seen) return 'set-back';
      await marks.updateOne(ID, { $inc: { n: 1 } }, { upsert: true });
      remember((found?.n ?? 0) + 1);
      return 'as-before';
    },
    async settled() {
      await marks.updateOne(ID, { $max: { n: seen } }, { upsert: true });
    },
  };
}

function read(file: string): number {
  try {
    const n = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(n) && n > 0 ? n : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
