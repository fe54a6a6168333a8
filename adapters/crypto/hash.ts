import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Hasher } from '../../activities/ports.js';

/** SHA-256, hex. */
export const sha256Hex = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/**
 * RFC 8785 canonical JSON. Throws on what JSON cannot say the same way everywhere: NaN, infinities, lone surrogates, cycles, and
 * a value that is no JSON at all; the message never repeats the value.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('There is no canonical JSON for undefined, a function or a symbol.');
  return text;
}

export const canonicalSha256 = (value: unknown): string => sha256Hex(canonicalJson(value));

export const createHasher = (): Hasher => ({ canonicalSha256 });
