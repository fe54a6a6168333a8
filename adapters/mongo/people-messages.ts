import type { Collection, Db } from 'mongodb';
import type { Messages } from '../../activities/ports.js';
import type { Cause } from '../../domain/incident/events.js';
import type { MessageContent } from '../../domain/message/model.js';
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

/** Which text a request was answered with. */
interface AnsweredDoc {
  _id: string; // hash of the idempotency key
  bodyHash: string;
  sha256: string;
}

export interface MongoMessages extends Messages {
  /** Answers the hash that people approve. The same message again is the same document. With a cause, that is its answer for good. */
  put(message: MessageContent, cause?: Cause): Promise<string>;
  /** What was answered under this idempotency key, and to which body. */
  answered(keyHash: string): Promise<{ bodyHash: string; sha256: string } | null>;
  /** The hash of the text that was proposed last for this incident. */
  latest(incident: string): Promise<string | null>;
}

/** Collections `messages` and `message_answers`: texts for affected people by their hash (which covers incident, mode and language). */
export function createMessages({ db, keys }: { db: Db; keys: DataKeys }): MongoMessages {
  const messages: Collection<MessageDoc> = db.collection('messages');
  const answers: Collection<AnsweredDoc> = db.collection('message_answers');

  return {
    async put(message, cause) {
      const sha256 = canonicalSha256(message);
      const sealed = sealJson(await keys.forSealing(`case/${message.incident}`), `message/${sha256}`, message);
      try {
        await messages.insertOne({ _id: sha256, incident: message.incident, createdAt: new Date(), sealed });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      if (cause) {
        const { keyHash, bodyHash } = cause;
        await answers.updateOne({ _id: keyHash }, { $setOnInsert: { bodyHash, sha256 } }, { upsert: true });
      }
      return sha256;
    },

    async answered(keyHash) {
      const doc = await answers.findOne({ _id: keyHash });
      return doc && { bodyHash: doc.bodyHash, sha256: doc.sha256 };
    },

    async latest(incident) {
      const doc = await messages.findOne({ incident }, { sort: { createdAt: -1, _id: 1 }, projection: { _id: 1 } });
      return doc?._id ?? null;
    },

    async message(sha256) {
      const doc = await messages.findOne({ _id: sha256 });
      if (!doc) return null;
      const message = unsealJson<MessageContent>(
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
