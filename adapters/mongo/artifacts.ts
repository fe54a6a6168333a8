import type { Collection, Db } from 'mongodb';
import type { Artifacts } from '../../activities/ports.js';
import { type DataKeys, KeyErased } from '../crypto/data-keys.js';
import { sha256Hex } from '../crypto/hash.js';
import { seal, unseal } from '../crypto/seal.js';
import { isDuplicateKey } from './connect.js';

export const ARTIFACT_MAX_BYTES = 8 * 1024 * 1024;

export class ArtifactTooLarge extends Error {
  override readonly name = 'ArtifactTooLarge';
  constructor(readonly bytes: number) {
    super(
      `The file has ${bytes} bytes, at most ${ARTIFACT_MAX_BYTES} are kept. Make it smaller or keep it where evidence is kept, and note its place.`,
    );
  }
}

interface ArtifactDoc {
  _id: string; // incident/sha256
  incident: string;
  sha256: string;
  size: number;
  createdAt: Date;
  /** Four bytes length of the header, the header as JSON (its name may tell something), the bytes. */
  sealed: Buffer;
}

const HEADER_LENGTH_BYTES = 4;

function pack(bytes: Uint8Array, header: { name: string; mediaType: string }): Buffer {
  const json = Buffer.from(JSON.stringify({ name: header.name, mediaType: header.mediaType }));
  const length = Buffer.alloc(HEADER_LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, bytes]);
}
function unpack(packed: Buffer): { bytes: Uint8Array; name: string; mediaType: string } {
  const start = HEADER_LENGTH_BYTES + packed.readUInt32BE(0);
  const header = JSON.parse(packed.subarray(HEADER_LENGTH_BYTES, start).toString('utf8')) as {
    name: string;
    mediaType: string;
  };
  return { bytes: packed.subarray(start), ...header };
}

/** Collection `artifacts`: rendered bytes by SHA-256, sealed under the key of their incident. */
export function createArtifacts({ db, keys }: { db: Db; keys: DataKeys }): Artifacts {
  const artifacts: Collection<ArtifactDoc> = db.collection('artifacts');

  return {
    /** The first name of the same bytes stays. @throws ArtifactTooLarge */
    async put(bytes, { incident, name, mediaType }) {
      if (bytes.length > ARTIFACT_MAX_BYTES) throw new ArtifactTooLarge(bytes.length);
      const sha256 = sha256Hex(bytes);
      const _id = `${incident}/${sha256}`;
      const sealed = seal(
        await keys.forSealing(`case/${incident}`),
        `artifact/${_id}`,
        pack(bytes, { name, mediaType }),
      );
      try {
        await artifacts.insertOne({ _id, incident, sha256, size: bytes.length, createdAt: new Date(), sealed });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      return sha256;
    },

    async get(sha256) {
      for await (const doc of artifacts.find({ sha256 })) {
        try {
          return unpack(unseal(await keys.forReading(`case/${doc.incident}`), `artifact/${doc._id}`, doc.sealed));
        } catch (error) {
          if (!(error instanceof KeyErased)) throw error; // erased with its incident; another incident may hold the same bytes
        }
      }
      return null;
    },
  };
}
