import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Length of every key in the system, in bytes (AES-256). */
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** A sealed value did not open: another key, another context, or altered bytes. Which of them cannot be told apart. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  constructor(context: string) {
    super(
      `The sealed value "${context}" does not open with its key: it was altered, moved, or sealed under another key.`,
    );
  }
}

/** A key for one use only, derived from another. */
export const subkey = (key: Uint8Array, use: string): Buffer =>
  createHmac('sha256', key).update(`seventytwo/1/${use}`).digest();

function nonceFor(key: Uint8Array, context: string, plaintext: Uint8Array): Buffer {
  const mac = createHmac('sha256', subkey(key, 'nonce'));
  // The length goes first, so that no context and plaintext can be cut at another place and give the same nonce.
  mac
    .update(`${Buffer.byteLength(context)}:`)
    .update(context)
    .update(plaintext);
  return mac.digest().subarray(0, NONCE_BYTES);
}

function encrypt(key: Uint8Array, nonce: Uint8Array, aad: string, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(aad));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, aad: string, sealed: Uint8Array): Buffer {
  if (sealed.length < HEAD_BYTES || sealed[0] !== VERSION) throw new SealBroken(aad);
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
  } catch {
    throw new SealBroken(aad);
  }
}

/**
 * AES-256-GCM, deterministic: the nonce is an HMAC of key, context and plaintext, so that an attempt that comes twice gives the same
 * bytes. Bytes: version (1), nonce (12), tag (16), ciphertext.
 * @param context where the value belongs, such as `ledger/BR-7K3M-9QXD/4`: authenticated, not stored; a value does not open elsewhere
 */
export function seal(key: Uint8Array, context: string, plaintext: Uint8Array): Buffer {
  return encrypt(subkey(key, 'seal'), nonceFor(key, context, plaintext), context, plaintext);
}

/** @throws SealBroken */
export function unseal(key: Uint8Array, context: string, sealed: Uint8Array): Buffer {
  return decrypt(subkey(key, 'seal'), context, sealed);
}

export const sealJson = (key: Uint8Array, context: string, value: unknown): Buffer =>
  seal(key, context, Buffer.from(JSON.stringify(value)));

/** @throws SealBroken. The caller names the type it sealed under this context. */
export const unsealJson = <T>(key: Uint8Array, context: string, sealed: Uint8Array): T =>
  JSON.parse(unseal(key, context, sealed).toString('utf8')) as T;

/** A data key under the master key, with a random nonce; `id` is authenticated, so that a wrapped key cannot be put in another's place. */
export const wrapKey = (master: Uint8Array, id: string, key: Uint8Array): Buffer =>
  encrypt(subkey(master, 'wrap'), randomBytes(NONCE_BYTES), id, key);

/** @throws SealBroken */
export const unwrapKey = (master: Uint8Array, id: string, wrapped: Uint8Array): Buffer =>
  decrypt(subkey(master, 'wrap'), id, wrapped);
