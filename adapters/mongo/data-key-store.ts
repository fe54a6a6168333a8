import type { Collection, Db } from 'mongodb';
import type { DataKeyStore, KeyScope, StoredKey } from '../crypto/data-keys.js';
import { isDuplicateKey } from './connect.js';

interface DataKeyDoc {
  _id: KeyScope;
  wrapped: Buffer | null;
  createdAt: Date;
  erasedAt: Date | null;
}

/** Collection `data_keys`: one wrapped key a scope. Erasing takes the key out and leaves the mark. */
export function createDataKeyStore(db: Db): DataKeyStore {
  const keys: Collection<DataKeyDoc> = db.collection('data_keys');

  async function find(scope: KeyScope): Promise<StoredKey | null> {
    const doc = await keys.findOne({ _id: scope });
    if (!doc) return null;
    return doc.wrapped ? { wrapped: doc.wrapped } : { erased: true };
  }

  return {
    find,
    async putIfAbsent(scope, wrapped) {
      try {
        await keys.insertOne({ _id: scope, wrapped: Buffer.from(wrapped), createdAt: new Date(), erasedAt: null });
        return { wrapped };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const winner = await find(scope); // another process was first: everybody uses its key
        if (!winner) throw error;
        return winner;
      }
    },
    async erase(scope) {
      await keys.replaceOne(
        { _id: scope },
        { wrapped: null, createdAt: new Date(), erasedAt: new Date() },
        { upsert: true },
      );
    },
  };
}
