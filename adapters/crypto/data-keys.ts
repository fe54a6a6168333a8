import { randomBytes } from 'node:crypto';
import { KEY_BYTES, unwrapKey, wrapKey } from './seal.js';

/**
 * What one data key covers. Case, list and register are apart because each is kept for another time (R-1012, R-1013); a member of
 * staff has one of their own, so that a name can be erased alone.
 */
export type KeyScope = `case/${string}` | `list/${string}` | `register/${string}` | `staff/${string}` | 'organisation';

/** Where wrapped keys lie. */
export interface DataKeyStore {
  /** Stores the wrapped key unless the scope has one or had one; answers what is on record afterwards. */
  putIfAbsent(scope: KeyScope, wrapped: Uint8Array): Promise<StoredKey>;
  find(scope: KeyScope): Promise<StoredKey | null>;
  /** Destroys the wrapped key and keeps the mark that it was destroyed, so that no late writer makes a new one in its place. */
  erase(scope: KeyScope): Promise<void>;
}
export type StoredKey = { readonly wrapped: Uint8Array } | { readonly erased: true };

/** The key was destroyed: what it sealed cannot be read any more, by anybody. */
export class KeyErased extends Error {
  override readonly name = 'KeyErased';
  constructor(readonly scope: KeyScope) {
    super(
      `The key ${scope} was erased. What was sealed under it cannot be read or added to any more; the chain of the ledger still verifies.`,
    );
  }
}

export interface DataKeys {
  /** The key to seal with, made at first use. @throws KeyErased */
  forSealing(scope: KeyScope): Promise<Buffer>;
  /** The key to read with. @throws KeyErased, also when there never was one */
  forReading(scope: KeyScope): Promise<Buffer>;
  erase(scope: KeyScope): Promise<void>;
  /** Drops what is kept in memory: the store was set back, and the keys in it are others. */
  forget(): void;
}

const CACHE_MS = 60_000;
const CACHE_MAX = 1_000;

/** Keys in memory for a minute at most: an erasure done by another process holds here after that. */
export function createDataKeys({
  masterKey,
  store,
  cacheMs = CACHE_MS,
}: {
  masterKey: Uint8Array;
  store: DataKeyStore;
  cacheMs?: number;
}): DataKeys {
  const cache = new Map<KeyScope, { key: Buffer; until: number }>();

  function remember(scope: KeyScope, stored: StoredKey): Buffer {
    if ('erased' in stored) throw new KeyErased(scope);
    const key = unwrapKey(masterKey, scope, stored.wrapped);
    const oldest = cache.size >= CACHE_MAX ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(scope, { key, until: performance.now() + cacheMs });
    return key;
  }
  function cached(scope: KeyScope): Buffer | undefined {
    const hit = cache.get(scope);
    if (!hit) return undefined;
    if (hit.until > performance.now()) return hit.key;
    cache.delete(scope);
    return undefined;
  }

  return {
    async forSealing(scope) {
      const hit = cached(scope);
      if (hit) return hit;
      const stored =
        (await store.find(scope)) ??
        (await store.putIfAbsent(scope, wrapKey(masterKey, scope, randomBytes(KEY_BYTES))));
      return remember(scope, stored);
    },
    async forReading(scope) {
      const hit = cached(scope);
      if (hit) return hit;
      return remember(scope, (await store.find(scope)) ?? { erased: true });
    },
    forget: () => cache.clear(),
    async erase(scope) {
      cache.delete(scope);
      await store.erase(scope);
      cache.delete(scope); // a reader may have come between
    },
  };
}
