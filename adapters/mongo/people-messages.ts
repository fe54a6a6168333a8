import type { Collection, Db } from 'mongodb';
import type { Messages } from '../../activities/ports.js';
import type { PeopleMessage } from '../../domain/message/model.js';
import type { DataKeys } from '../crypto/data-keys.js';
import { canonicalSha256 } from '../crypto/hash.js';
import { sealJson, unsealJson } from '../crypto/seal.js';
import { isDuplicateKey } from './connect.js';

interface MessageDoc {
  _id: string; // SHA-256 over the canonical message
  incident: string;
  createdAt: Date;
  sealed: Buffer;
}

export interface MongoMessages extends Messages {
  /** Answers the hash that people approve. The same message again is the same document. */
  put(message: PeopleMessage): Promise<string>;
  /** The hash of the text that was proposed last for this incident. */
  latest(incident: string): Promise<string | null>;
}

/** Collection `messages`: texts for affected people by their hash (which covers incident, mode and language). */
export function createMessages({ db, keys }: { db: Db; keys: DataKeys }): MongoMessages {
  const messages: Collection<MessageDoc> = db.collection('messages');

  return {
    async put(message) {
      const sha256 = canonicalSha256(message);
      const sealed = sealJson(await keys.forSealing(`case/${message.incident}`), `message/${sha256}`, message);
      try {
        await messages.insertOne({ _id: sha256, incident: message.incident, createdAt: new Date(), sealed });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      return sha256;
    },

    async latest(incident) {
      const doc = await messages.findOne({ incident }, { sort: { createdAt: -1, _id: 1 }, projection: { _id: 1 } });
      return doc?._id ?? null;
    },

    async message(sha256) {
      const doc = await messages.findOne({ _id: sha256 });
      if (!doc) return null;
      const message = unsealJson<PeopleMessage>(
        await keys.forReading(`case/${doc.incident}`),
        `message/${sha256}`,
        doc.sealed,
      );
      if (canonicalSha256(message) !== sha256)
        throw new Error(`The stored message ${sha256} is not the one with this hash.`);
      return message;
    },
  };
}
