import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { KEY_BYTES, SealBroken, unwrapKey, wrapKey } from '../crypto/seal.js';

// CommonJS whose names node cannot see: only the default import works outside a bundler.
const { Payload: PayloadProto } = proto.temporal.api.common.v1;

const ENCODING = 'binary/encrypted';
const WRAPPED = 'wrapped-key';
const AAD = Buffer.from('seventytwo/codec/1');
const KEY_ID = 'temporal-data-key';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Random 96-bit nonces: stay far below 2^32 messages a key. */
const ROTATE_MS = 60 * 60_000;
const ROTATE_PAYLOADS = 2 ** 24;
const UNWRAPPED_MS = 10 * 60_000;
const UNWRAPPED_MAX = 500;

interface DataKey {
  readonly key: Buffer;
  readonly wrapped: Buffer;
}

/**
 * AES-256-GCM over the whole encoded payload. The data key travels in the payload's metadata, wrapped by the master key: replay needs
 * no database, and a due timer never waits for one. Payloads of another encoding pass as they are when decoding (none are made).
 */
export function createCodec({
  masterKey,
  now = () => performance.now(),
}: {
  masterKey: Uint8Array;
  now?: () => number;
}): PayloadCodec {
  let current: (DataKey & { until: number; left: number }) | undefined;
  const unwrapped = new Map<string, { key: Buffer; until: number }>();

  function keyToEncrypt(): DataKey {
    if (!current || current.until <= now() || current.left === 0) {
      const key = randomBytes(KEY_BYTES);
      current = { key, wrapped: wrapKey(masterKey, KEY_ID, key), until: now() + ROTATE_MS, left: ROTATE_PAYLOADS };
    }
    current.left--;
    return current;
  }

  function keyToDecrypt(wrapped: Uint8Array): Buffer {
    const id = Buffer.from(wrapped).toString('base64');
    const hit = unwrapped.get(id);
    if (hit && hit.until > now()) return hit.key;
    const key = unwrapKey(masterKey, KEY_ID, wrapped);
    const oldest = unwrapped.size >= UNWRAPPED_MAX ? unwrapped.keys().next().value : undefined;
    if (oldest !== undefined) unwrapped.delete(oldest);
    unwrapped.set(id, { key, until: now() + UNWRAPPED_MS });
    return key;
  }

  function encodeOne(payload: Payload): Payload {
    const { key, wrapped } = keyToEncrypt();
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(AAD);
    const body = Buffer.concat([cipher.update(PayloadProto.encode(payload).finish()), cipher.final()]);
    return {
      metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [WRAPPED]: wrapped },
      data: Buffer.concat([iv, cipher.getAuthTag(), body]),
    };
  }

  /** @throws SealBroken */
  function decodeOne(payload: Payload): Payload {
    const encoding = payload.metadata?.[METADATA_ENCODING_KEY];
    if (!encoding || Buffer.from(encoding).toString() !== ENCODING) return payload;
    const wrapped = payload.metadata?.[WRAPPED];
    const data = payload.data;
    if (!wrapped || !data || data.length < IV_BYTES + TAG_BYTES) throw new SealBroken('temporal payload');
    const decipher = createDecipheriv('aes-256-gcm', keyToDecrypt(wrapped), data.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    }).setAAD(AAD);
    decipher.setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const body = decipher.update(data.subarray(IV_BYTES + TAG_BYTES));
    try {
      return PayloadProto.decode(Buffer.concat([body, decipher.final()]));
    } catch {
      throw new SealBroken('temporal payload');
    }
  }

  return {
    encode: (payloads) => Promise.resolve(payloads.map(encodeOne)),
    async decode(payloads) {
      return payloads.map(decodeOne);
    },
  };
}
