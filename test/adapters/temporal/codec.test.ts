import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { SealBroken } from '../../../adapters/crypto/seal.js';
import { createCodec } from '../../../adapters/temporal/codec.js';

const masterKey = randomBytes(32);
const HOUR_MS = 3_600_000;
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload;
const valueOf = (payload: Payload | undefined): unknown =>
  payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('latin1');

async function encoded(value: unknown, codec = createCodec({ masterKey })): Promise<Payload> {
  const [one] = await codec.encode([payload(value)]);
  if (!one) throw new Error('nothing encoded');
  return one;
}

for (const value of [{ title: 'canary' }, 'canary', null, [], 42, 'ä €']) {
  test(`comes back unchanged, from another process with the same master key: ${JSON.stringify(value)}`, async () => {
    const [decoded] = await createCodec({ masterKey }).decode([await encoded(value)]);
    expect(valueOf(decoded)).toEqual(value);
  });
}

test('shows neither the content nor its type to somebody without the key', async () => {
  const { metadata, data } = await encoded({ title: 'canary' });
  expect(Object.keys(metadata ?? {}).sort()).toEqual(['encoding', 'wrapped-key']);
  expect(text(metadata?.['encoding'])).toBe('binary/encrypted');
  expect(text(data)).not.toMatch(/canary|json/);
});

test('the same content twice gives different bytes', async () => {
  const codec = createCodec({ masterKey });
  expect((await encoded('canary', codec)).data).not.toEqual((await encoded('canary', codec)).data);
});

test('the data key changes after an hour, and what the old one sealed stays readable', async () => {
  let now = 0;
  const codec = createCodec({ masterKey, now: () => now });
  const wrapped = async (): Promise<string> => text((await encoded('x', codec)).metadata?.['wrapped-key']);
  const old = await encoded('before', codec);
  const first = await wrapped();
  now = HOUR_MS - 1;
  expect(await wrapped()).toBe(first);
  now = HOUR_MS;
  expect(await wrapped()).not.toBe(first);
  expect(valueOf((await codec.decode([old]))[0])).toBe('before');
});

const DAMAGE: [(payload: Payload) => Payload, Buffer, string][] = [
  [(p) => p, randomBytes(32), 'another master key'],
  [(p) => ({ ...p, data: Buffer.concat([p.data ?? Buffer.alloc(0), Buffer.of(0)]) }), masterKey, 'a byte more'],
  [(p) => ({ ...p, data: Buffer.alloc(5) }), masterKey, 'cut off'],
  [(p) => ({ ...p, metadata: { encoding: p.metadata?.['encoding'] ?? Buffer.alloc(0) } }), masterKey, 'no key with it'],
  [(p) => ({ ...p, metadata: { ...p.metadata, 'wrapped-key': randomBytes(61) } }), masterKey, 'another wrapped key'],
];
for (const [damage, key, why] of DAMAGE) {
  test(`is refused and not taken for something else: ${why}`, async () => {
    const damaged = damage(await encoded('canary'));
    await expect(createCodec({ masterKey: key }).decode([damaged])).rejects.toThrow(SealBroken);
  });
}

test('a payload that was never encrypted passes as it is', async () => {
  const [decoded] = await createCodec({ masterKey }).decode([payload('plain')]);
  expect(valueOf(decoded)).toBe('plain');
});
