import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import {
  type DataKeyStore,
  type KeyScope,
  KeyErased,
  type StoredKey,
  createDataKeys,
} from '../../../adapters/crypto/data-keys.js';
import { canonicalJson, canonicalSha256, createHasher, sha256Hex } from '../../../adapters/crypto/hash.js';
import {
  MasterKeyProblem,
  createMasterKeyFile,
  parseMasterKey,
  readMasterKeyFile,
} from '../../../adapters/crypto/master-key.js';
import { SealBroken, seal, sealJson, unseal, unsealJson, unwrapKey, wrapKey } from '../../../adapters/crypto/seal.js';

const key = randomBytes(32);
const text = Buffer.from('a canary of the hospital');

test('what is sealed opens with its key and context, and gives nothing away', () => {
  const sealed = seal(key, 'ledger/BR-7K3M-9QXD/4', text);
  expect(unseal(key, 'ledger/BR-7K3M-9QXD/4', sealed)).toEqual(text);
  expect(sealed.includes(text)).toBe(false);
  expect(unsealJson(key, 'c', sealJson(key, 'c', { a: [1, null] }))).toEqual({ a: [1, null] });
});

test('sealing is deterministic: the same key, context and text give the same bytes', () => {
  expect(seal(key, 'a', text)).toEqual(seal(key, 'a', text));
});

// context, text                             why this row is here
// biome-ignore format: a table is read by the row
const OTHERS = [
  ['b', text, 'another context'],
  ['a', Buffer.from('a canary of the hospitaL'), 'another text'],
  ['aa', text.subarray(1), 'the cut between context and text moved'],
] as const;
for (const [context, plain, why] of OTHERS) {
  test(`another nonce, so no two texts share one: ${why}`, () => {
    expect(seal(key, context, plain).subarray(1, 13)).not.toEqual(seal(key, 'a', text).subarray(1, 13));
  });
}

// biome-ignore format: a table is read by the row
const BROKEN: [(sealed: Buffer) => Buffer, Buffer, string, string][] = [
  [(s) => s, randomBytes(32), 'a', 'another key'],
  [(s) => s, key, 'b', 'another context: a value moved to another place'],
  [(s) => { s[s.length - 1] = (s.at(-1) ?? 0) ^ 1; return s; }, key, 'a', 'a bit of the text turned'],
  [(s) => { s[3] = (s[3] ?? 0) ^ 1; return s; }, key, 'a', 'a bit of the nonce turned'],
  [(s) => { s[0] = 9; return s; }, key, 'a', 'an unknown version'],
  [(s) => s.subarray(0, 20), key, 'a', 'cut off'],
];
for (const [damage, withKey, context, why] of BROKEN) {
  test(`does not open, and says so without the text: ${why}`, () => {
    const damaged = damage(seal(key, 'a', text));
    expect(() => unseal(withKey, context, damaged)).toThrow(SealBroken);
  });
}

test('a data key opens only under the master key and the id it was wrapped for', () => {
  const wrapped = wrapKey(key, 'case/BR-7K3M-9QXD', text);
  expect(unwrapKey(key, 'case/BR-7K3M-9QXD', wrapped)).toEqual(text);
  expect(wrapKey(key, 'case/BR-7K3M-9QXD', text)).not.toEqual(wrapped);
  expect(() => unwrapKey(key, 'case/BR-0000-0000', wrapped)).toThrow(SealBroken);
  expect(() => unwrapKey(randomBytes(32), 'case/BR-7K3M-9QXD', wrapped)).toThrow(SealBroken);
});

// value                                      canonical JSON                    why this row is here (RFC 8785)
// biome-ignore format: a table is read by the row
const CANONICAL = [
  [{ b: 1, a: [true, null, 'é'] }, '{"a":[true,null,"é"],"b":1}', 'keys sorted, no blanks'],
  [{ a: 1e21, b: 1e-7, c: 1.0, d: -0 }, '{"a":1e+21,"b":1e-7,"c":1,"d":0}', 'numbers in their shortest form'],
  [{ a: undefined, b: 1 }, '{"b":1}', 'what JSON cannot say is not there'],
  [{ '\u20ac': 1, '\r': 2, '1': 3 }, '{"\\r":2,"1":3,"€":1}', 'sorted by UTF-16 code units'],
] as const;
for (const [value, json, why] of CANONICAL) {
  test(`canonical JSON: ${why}`, () => {
    expect(canonicalJson(value)).toBe(json);
    expect(createHasher().canonicalSha256(value)).toBe(sha256Hex(json));
  });
}

for (const [value, why] of [
  [Number.NaN, 'not a number'],
  ['\ud800', 'half a character'],
  [undefined, 'nothing at all'],
] as const) {
  test(`has no canonical JSON: ${why}`, () => expect(() => canonicalSha256(value)).toThrow());
}

const dir = mkdtempSync(join(tmpdir(), 'seventytwo-keys-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a new key file has mode 0600, is read back, and is never overwritten', () => {
  const path = join(dir, 'new.key');
  const made = createMasterKeyFile(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readMasterKeyFile(path)).toEqual(made);
  expect(() => createMasterKeyFile(path)).toThrow(MasterKeyProblem);
  expect(readMasterKeyFile(path)).toEqual(made);
});

for (const mode of [0o644, 0o640, 0o660, 0o604, 0o700, 0o400]) {
  test(`a key file of mode 0${mode.toString(8)} is refused, with the command that puts it right`, () => {
    const path = join(dir, `mode-${mode}.key`);
    writeFileSync(path, randomBytes(32).toString('base64'));
    chmodSync(path, mode);
    expect(() => readMasterKeyFile(path)).toThrow(`chmod 600 ${path}`);
    expect(() => readMasterKeyFile(path)).not.toThrow(readFileSync(path, 'utf8'));
  });
}

// value                                      says                     why this row is here
// biome-ignore format: a table is read by the row
const MASTER_KEYS = [
  [randomBytes(31).toString('base64'), 'got 31 bytes', 'too short'],
  [randomBytes(33).toString('base64'), 'got 33 bytes', 'too long'],
  ['correct horse battery staple', 'got other characters', 'a password'],
  ['', 'got other characters', 'nothing'],
] as const;
for (const [value, says, why] of MASTER_KEYS) {
  test(`a master key that does not fit is told without its value: ${why}`, () => {
    expect(() => parseMasterKey(value, 'SEVENTYTWO_MASTER_KEY')).toThrow(says);
    if (value !== '') expect(() => parseMasterKey(value, 'SEVENTYTWO_MASTER_KEY')).not.toThrow(value);
  });
}

function memoryStore(): DataKeyStore & { finds: number } {
  const stored = new Map<KeyScope, StoredKey>();
  return {
    finds: 0,
    async find(scope) {
      this.finds++;
      return stored.get(scope) ?? null;
    },
    async putIfAbsent(scope, wrapped) {
      const there = stored.get(scope) ?? { wrapped };
      stored.set(scope, there);
      return there;
    },
    async erase(scope) {
      stored.set(scope, { erased: true });
    },
  };
}

test('an erased key is never made anew, also by a process that had not seen it', async () => {
  const store = memoryStore();
  const keys = createDataKeys({ masterKey: key, store });
  await keys.forSealing('case/BR-7K3M-9QXD');
  await keys.erase('case/BR-7K3M-9QXD');
  for (const process of [keys, createDataKeys({ masterKey: key, store })]) {
    await expect(process.forSealing('case/BR-7K3M-9QXD')).rejects.toThrow(KeyErased);
    await expect(process.forReading('case/BR-7K3M-9QXD')).rejects.toThrow(KeyErased);
  }
});

test('reading makes no key; case, list and register have keys of their own; memory spares the store', async () => {
  const store = memoryStore();
  const keys = createDataKeys({ masterKey: key, store });
  await expect(keys.forReading('case/BR-7K3M-9QXD')).rejects.toThrow(KeyErased);
  const made = await Promise.all(
    (['case/BR-7K3M-9QXD', 'list/BR-7K3M-9QXD', 'register/BR-7K3M-9QXD', 'organisation'] as const).map((s) =>
      keys.forSealing(s),
    ),
  );
  expect(new Set(made.map((k) => k.toString('hex'))).size).toBe(4);
  const { finds } = store;
  await keys.forReading('list/BR-7K3M-9QXD');
  expect(store.finds).toBe(finds);
});

test('an erasure by another process holds as soon as the copy in memory has run out', async () => {
  const store = memoryStore();
  const keys = createDataKeys({ masterKey: key, store, cacheMs: 0 });
  await keys.forSealing('case/BR-7K3M-9QXD');
  await store.erase('case/BR-7K3M-9QXD');
  await expect(keys.forReading('case/BR-7K3M-9QXD')).rejects.toThrow(KeyErased);
});
