import type { Instant } from '../../domain/clock/instant.js';
import type { Actor, AnyEvent, Cause } from '../../domain/incident/events.js';
import type { KeyScope } from '../crypto/data-keys.js';
import { canonicalSha256 } from '../crypto/hash.js';
import { sealJson, unsealJson } from '../crypto/seal.js';

/**
 * One entry of the record as it is stored and exported. `hash` is SHA-256 over the RFC 8785 canonical JSON of all fields before it,
 * with the data sealed: the chain verifies without reading anyone's data and survives erasure. `recordedAt` (real time) is outside.
 */
export interface LedgerEntry {
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly at: Instant;
  readonly actor: Actor;
  readonly cause: Cause | null;
  readonly v: number;
  /** Base64. */
  readonly sealed: string;
  /** Hash of the entry before; null for the first. */
  readonly prev: string | null;
  readonly hash: string;
  readonly recordedAt: Instant;
}

export const keyScopeOf = (stream: string): KeyScope => (stream === 'organisation' ? 'organisation' : `case/${stream}`);

const sealContext = (stream: string, seq: number): string => `ledger/${stream}/${seq}`;

export function hashOf(entry: Omit<LedgerEntry, 'hash' | 'recordedAt'>): string {
  const { stream, seq, type, at, actor, cause, v, sealed, prev } = entry;
  return canonicalSha256({
    stream,
    seq,
    type,
    at,
    actor: { id: actor.id, role: actor.role },
    cause: cause && { keyHash: cause.keyHash, bodyHash: cause.bodyHash },
    v,
    sealed,
    prev,
  });
}

/** The same event after the same entry under the same key always gives the same entry, but for `recordedAt`. */
export function entryFor(event: AnyEvent, prev: string | null, key: Uint8Array, recordedAt: Instant): LedgerEntry {
  const { stream, seq, type, at, actor, cause, v } = event;
  const sealed = sealJson(key, sealContext(stream, seq), event.data).toString('base64');
  const entry = { stream, seq, type, at, actor, cause, v, sealed, prev };
  return { ...entry, hash: hashOf(entry), recordedAt };
}

/** @throws SealBroken */
export function eventOf(entry: LedgerEntry, key: Uint8Array): AnyEvent {
  const { stream, seq, type, at, actor, cause, v, sealed } = entry;
  const data = unsealJson<AnyEvent['data']>(key, sealContext(stream, seq), Buffer.from(sealed, 'base64'));
  return { stream, seq, type, at, actor, cause, v, data } as AnyEvent;
}
