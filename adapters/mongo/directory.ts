import type { Collection, Db } from 'mongodb';
import { type DataKeys, KeyErased } from '../crypto/data-keys.js';
import { sealJson, unsealJson } from '../crypto/seal.js';

/** Who a member of staff is. Everywhere else there is only the opaque id. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly zone?: string;
  readonly language?: string;
}

interface StaffDoc {
  _id: string;
  sealed: Buffer;
}

/** Collection `staff`: names and addresses, each sealed under its own key, so that one can be erased alone. */
export interface Directory {
  put(staff: string, person: Person): Promise<void>;
  /** Null when erased or never there. */
  get(staff: string): Promise<Person | null>;
  erase(staff: string): Promise<void>;
}

export function createDirectory({ db, keys }: { db: Db; keys: DataKeys }): Directory {
  const staffDocs: Collection<StaffDoc> = db.collection('staff');

  return {
    async put(staff, person) {
      const sealed = sealJson(await keys.forSealing(`staff/${staff}`), `staff/${staff}`, person);
      await staffDocs.replaceOne({ _id: staff }, { sealed }, { upsert: true });
    },
    async get(staff) {
      const doc = await staffDocs.findOne({ _id: staff });
      if (!doc) return null;
      try {
        return unsealJson<Person>(await keys.forReading(`staff/${staff}`), `staff/${staff}`, doc.sealed);
      } catch (error) {
        if (error instanceof KeyErased) return null;
        throw error;
      }
    },
    async erase(staff) {
      await keys.erase(`staff/${staff}`);
      await staffDocs.deleteOne({ _id: staff });
    },
  };
}
