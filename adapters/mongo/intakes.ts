import type { Collection, Db } from 'mongodb';
import { strictDeadline } from '../../domain/clock/deadlines.js';
import type { Instant } from '../../domain/clock/instant.js';
import type { Declaration } from '../../domain/incident/commands.js';
import type { Actor, Cause } from '../../domain/incident/events.js';
import type { DataKeys } from '../crypto/data-keys.js';
import { sealJson, unsealJson } from '../crypto/seal.js';
import { isDuplicateKey } from './connect.js';

/** A declaration with who made it and under which key: all that a start of the incident needs. */
export interface Intake {
  readonly declaration: Declaration;
  readonly actor: Actor;
  readonly cause: Cause;
}

interface IntakeDoc {
  _id: string; // incident id
  keyHash: string;
  bodyHash: string;
  by: string;
  receivedAt: Instant;
  startedAt: Instant | null;
  /** In clear, for the watchdog: the strict legal deadline, when awareness was declared. */
  deadline: Instant | null;
  sealed: Buffer | null;
}

/**
 * `repeated`: the same declaration again, whoever asks gets the first answer. `other-body`, `other-caller`: the key was used for
 * something or by somebody else. `id-taken`: another key gives the same id; make a new key, never merge.
 */
export type IntakeOutcome = 'stored' | 'repeated' | 'other-body' | 'other-caller' | 'id-taken';

export interface Intakes {
  /** Owns the uniqueness of incident ids over the years: ids and hashes stay after the incident is closed and gone from the engine. */
  put(intake: Intake, receivedAt: Instant): Promise<{ outcome: IntakeOutcome; receivedAt: Instant; started: boolean }>;
  find(
    incidentId: string,
  ): Promise<{ keyHash: string; bodyHash: string; by: string; receivedAt: Instant; started: boolean } | null>;
  /** What waits for the engine, oldest first. */
  waiting(limit?: number): Promise<Intake[]>;
  /** The engine has it. The declaration stays until it is on record: an engine can be lost before that. */
  started(incidentId: string, at: Instant): Promise<void>;
  /** The ledger has it: the sealed declaration is dropped, the id stays taken. */
  recorded(incidentId: string, at: Instant): Promise<void>;
  /** Every declaration that is kept, whether the engine had it or not, oldest first. */
  kept(): Promise<Intake[]>;
}

const contextOf = (incidentId: string): string => `intake/${incidentId}`;

/** Collection `intakes`. */
export function createIntakes({ db, keys }: { db: Db; keys: DataKeys }): Intakes {
  const intakes: Collection<IntakeDoc> = db.collection('intakes');

  const open = async ({ _id, sealed }: IntakeDoc): Promise<Intake> =>
    unsealJson<Intake>(await keys.forReading(`case/${_id}`), contextOf(_id), sealed ?? Buffer.alloc(0));

  const judge = (doc: IntakeDoc, { actor, cause }: Intake): IntakeOutcome => {
    if (doc.keyHash !== cause.keyHash) return 'id-taken';
    if (doc.by !== actor.id) return 'other-caller';
    return doc.bodyHash === cause.bodyHash ? 'repeated' : 'other-body';
  };

  return {
    async put(intake, receivedAt) {
      const { declaration, actor, cause } = intake;
      const id = declaration.incidentId;
      const key = await keys.forSealing(`case/${id}`);
      const doc: IntakeDoc = {
        _id: id,
        keyHash: cause.keyHash,
        bodyHash: cause.bodyHash,
        by: actor.id,
        receivedAt,
        startedAt: null,
        deadline: declaration.awareness.awareAt ? strictDeadline(declaration.awareness.awareAt.at) : null,
        sealed: sealJson(key, contextOf(id), intake),
      };
      try {
        await intakes.insertOne(doc);
        return { outcome: 'stored', receivedAt, started: false };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const there = await intakes.findOne({ _id: id });
        if (!there) throw error;
        return { outcome: judge(there, intake), receivedAt: there.receivedAt, started: there.startedAt !== null };
      }
    },

    async find(incidentId) {
      const doc = await intakes.findOne({ _id: incidentId });
      return (
        doc && {
          keyHash: doc.keyHash,
          bodyHash: doc.bodyHash,
          by: doc.by,
          receivedAt: doc.receivedAt,
          started: doc.startedAt !== null,
        }
      );
    },

    async waiting(limit = 100) {
      const docs = await intakes.find({ startedAt: null }).sort({ receivedAt: 1 }).limit(limit).toArray();
      return Promise.all(docs.map(open));
    },

    async started(incidentId, at) {
      await intakes.updateOne({ _id: incidentId, startedAt: null }, { $set: { startedAt: at } });
    },

    async recorded(incidentId, at) {
      await intakes.updateOne({ _id: incidentId, startedAt: null }, { $set: { startedAt: at } });
      await intakes.updateOne({ _id: incidentId, sealed: { $ne: null } }, { $set: { sealed: null } });
    },

    async kept() {
      const docs = await intakes
        .find({ sealed: { $ne: null } })
        .sort({ receivedAt: 1 })
        .toArray();
      return Promise.all(docs.map(open));
    },
  };
}
