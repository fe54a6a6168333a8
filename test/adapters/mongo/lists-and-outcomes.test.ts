import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { RecipientState } from '../../../activities/ports.js';
import { KeyErased } from '../../../adapters/crypto/data-keys.js';
import { unseal } from '../../../adapters/crypto/seal.js';
import { AddressSet } from '../../../adapters/mongo/address-set.js';
import {
  ImportSuperseded,
  type ListWriter,
  NoSuchList,
  createListWriter,
  type Imported,
  createRecipientLists,
} from '../../../adapters/mongo/lists.js';
import { LeaseLost, createOutcomes } from '../../../adapters/mongo/outcomes.js';
import { type Store, realMongo } from './real-mongo.js';

const mongo = realMongo();
const ID = 'BR-7K3M-9QXD';
const LIST = 'people-1';
const IMPORTED: Imported = {
  rejected: 0,
  duplicates: 0,
  upload: 'a'.repeat(64),
  problems: [],
  problemsLeftOut: 0,
  ignoredColumns: [],
  segments: [],
};
const PLACE = { row: 3, column: 1, reason: 'not-an-address', rejected: true };
const address = (i: number): string => `patient-${i}@people.example`;

async function begun(store: Store): Promise<ListWriter> {
  const answer = await createListWriter(store).begin(LIST, ID);
  if (!('writer' in answer)) throw new Error('frozen already');
  return answer.writer;
}
async function fill(writer: ListWriter, count: number): Promise<void> {
  for (let i = 1; i <= count; i++) await writer.add({ email: address(i), language: 'en' });
}

test('recipients are numbered from 1 and come back in ranges of 500', async () => {
  const store = await mongo.store();
  const writer = await begun(store);
  await fill(writer, 1001);
  const frozen = await writer.freeze({ ...IMPORTED, rejected: 3 });
  expect(frozen).toMatchObject({ list: LIST, incident: ID, count: 1001, rejected: 3, duplicates: 0 });
  const lists = createRecipientLists(store);
  expect(await lists.ranges(LIST)).toBe(3);
  const ranges = await Promise.all([0, 1, 2].map((range) => lists.range(LIST, range)));
  expect(ranges.map((range) => range.length)).toEqual([500, 500, 1]);
  expect(ranges.flat()).toEqual(
    Array.from({ length: 1001 }, (_, i) => ({ n: i + 1, email: address(i + 1), language: 'en', data: null })),
  );
  expect(await createListWriter(store).frozenOf(ID)).toEqual([frozen]);
});

test('what leaked of each person and the segments are kept sealed; what a later row adds reaches ranges that lie in the store already', async () => {
  const store = await mongo.store();
  const writer = await begun(store);
  for (let i = 1; i <= 600; i++)
    await writer.add({ email: address(i), language: 'en', country: 'IE', data: ['CONTACT'] });
  writer.amend(3, ['CONTACT', 'HEALTH']);
  writer.amend(599, ['CONTACT', 'PAYMENT']);
  const segments = [{ country: 'IE', language: 'en', data: ['CONTACT'] as const, count: 600 }];
  const frozen = await writer.freeze({ ...IMPORTED, segments });
  const lists = createRecipientLists(store);
  const people = [...(await lists.range(LIST, 0)), ...(await lists.range(LIST, 1))];
  expect(people.filter(({ data }) => data?.length === 2).map(({ n, data }) => [n, data])).toEqual([
    [3, ['CONTACT', 'HEALTH']],
    [599, ['CONTACT', 'PAYMENT']],
  ]);
  expect(await lists.frozenAs(LIST)).toEqual({ count: 600, sha256: frozen.sha256, segments });
  expect((await createListWriter(store).frozenOf(ID)).map((one) => one.segments)).toEqual([segments]);
  const doc = await store.db.collection<{ _id: string; salt: Buffer }>('lists').findOne({ _id: LIST });
  expect(JSON.stringify(doc)).not.toContain('CONTACT');
  const hash = createHash('sha256').update(
    unseal(await store.keys.forReading(`list/${ID}`), `salt/${LIST}`, doc?.salt ?? Buffer.alloc(0)),
  );
  for (const { n, email, data } of people) hash.update(`${n}\t${email}\ten\t${data?.join('+')}\tIE\n`);
  expect(hash.digest('hex')).toBe(frozen.sha256);
});

// second address                          is another one   why this row is here
// biome-ignore format: a table is read by the row
const DUPLICATES = [
  ['ann@people.example', false, 'the same'],
  ['Ann@People.EXAMPLE', false, 'other case'],
  [' ann@people.example ', false, 'blanks around it'],
  ['ann.b@people.example', true, 'another one'],
] as const;
for (const [second, another, why] of DUPLICATES) {
  test(`duplicates are merged, the first one stays: ${why}`, async () => {
    const store = await mongo.store();
    const writer = await begun(store);
    expect(await writer.add({ email: 'ann@people.example', language: 'en' })).toBe(true);
    expect(await writer.add({ email: second, language: 'de' })).toBe(another);
    expect(await writer.freeze()).toMatchObject({ count: another ? 2 : 1, duplicates: another ? 0 : 1 });
    expect((await createRecipientLists(store).range(LIST, 0))[0]).toEqual({
      n: 1,
      email: 'ann@people.example',
      language: 'en',
      data: null,
    });
  });
}

test('an upload that died is thrown away whole by the next one', async () => {
  const store = await mongo.store();
  await fill(await begun(store), 700); // one range is stored, then the process dies
  await expect(createRecipientLists(store).ranges(LIST)).rejects.toThrow(NoSuchList);
  const writer = await begun(store);
  await fill(writer, 2);
  await writer.freeze();
  expect(await createRecipientLists(store).ranges(LIST)).toBe(1);
  expect(await store.db.collection('ranges').countDocuments()).toBe(1);
});

test('of two uploads at once the later one wins and the other keeps nothing', async () => {
  const store = await mongo.store();
  const first = await begun(store);
  await fill(first, 600);
  const second = await begun(store);
  await fill(second, 3);
  await fill(first, 0);
  await expect(first.freeze()).rejects.toThrow(ImportSuperseded);
  const frozen = await second.freeze();
  expect(frozen.count).toBe(3);
  expect(await store.db.collection('ranges').countDocuments()).toBe(1);
});

test('a frozen list stays: the same upload again is answered with it', async () => {
  const store = await mongo.store();
  const writer = await begun(store);
  await fill(writer, 2);
  const frozen = await writer.freeze({ ...IMPORTED, rejected: 1, duplicates: 2, problems: [PLACE] });
  expect(await createListWriter(store).begin(LIST, ID)).toEqual({ frozen });
  expect(frozen).toMatchObject({
    rejected: 1,
    duplicates: 2, // those that the reader of the file had left out
    upload: IMPORTED.upload,
    places: { problems: [PLACE], problemsLeftOut: 0, ignoredColumns: [] },
  });
  await expect(createListWriter(store).begin(LIST, 'BR-0000-0000')).rejects.toThrow(ImportSuperseded);
  await writer.discard();
  expect(await createRecipientLists(store).ranges(LIST)).toBe(1);
});

test('a discarded upload leaves nothing', async () => {
  const store = await mongo.store();
  const writer = await begun(store);
  await fill(writer, 501);
  await writer.discard();
  expect(await store.db.collection('ranges').countDocuments()).toBe(0);
  expect(await store.db.collection('lists').countDocuments()).toBe(0);
});

test('the hash of a list covers number, address and language, under a salt that only the key opens', async () => {
  const store = await mongo.store();
  const writer = await begun(store);
  await fill(writer, 2);
  const { sha256 } = await writer.freeze();
  const lines = `1\t${address(1)}\ten\n2\t${address(2)}\ten\n`;
  expect(sha256).not.toBe(createHash('sha256').update(lines).digest('hex'));
  const doc = await store.db.collection<{ _id: string; salt: Buffer }>('lists').findOne({ _id: LIST });
  const salt = unseal(await store.keys.forReading(`list/${ID}`), `salt/${LIST}`, doc?.salt ?? Buffer.alloc(0));
  expect(sha256).toBe(createHash('sha256').update(salt).update(lines).digest('hex'));
});

test('the list has a key of its own: it can be erased while the case stays readable', async () => {
  const store = await mongo.store();
  const writer = await begun(store);
  await fill(writer, 1);
  await writer.freeze();
  await store.keys.erase(`list/${ID}`);
  await expect(createRecipientLists(store).range(LIST, 0)).rejects.toThrow(KeyErased);
  expect((await store.keys.forSealing(`case/${ID}`)).length).toBe(32);
});

test('the address set loses none and doubles none of 20,000 addresses', () => {
  const set = new AddressSet();
  for (let i = 0; i < 20_000; i++) expect(set.add(address(i))).toBe(true);
  for (let i = 0; i < 20_000; i++) expect(set.add(address(i))).toBe(false);
  expect(set.size).toBe(20_000);
});

const MAILING = `${ID}/1`;
const changes = (...pairs: [number, RecipientState][]): Map<number, RecipientState> => new Map(pairs);

test('what was recorded is what the next holder finds', async () => {
  const outcomes = createOutcomes(await mongo.store());
  const { token, states } = await outcomes.claim(MAILING, 1, 3);
  expect(states).toEqual(['open', 'open', 'open']);
  await outcomes.record(MAILING, 1, token, changes([501, 'accepted'], [503, 'refused']), [{ n: 503, code: 550 }]);
  const next = await outcomes.claim(MAILING, 1, 3);
  expect(next).toEqual({ token: token + 1, states: ['accepted', 'open', 'refused'] });
});

test('whoever held the range before can no longer write', async () => {
  const outcomes = createOutcomes(await mongo.store());
  const first = await outcomes.claim(MAILING, 0, 2);
  const second = await outcomes.claim(MAILING, 0, 2);
  await outcomes.record(MAILING, 0, second.token, changes([1, 'accepted']), []);
  const error = await outcomes.record(MAILING, 0, first.token, changes([1, 'refused']), []).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(LeaseLost);
  expect(error).toMatchObject({ name: 'LeaseLost' });
  expect((await outcomes.claim(MAILING, 0, 2)).states).toEqual(['accepted', 'open']);
});

test('of many who claim at once each has a token of their own', async () => {
  const store = await mongo.store();
  const claims = await Promise.all(Array.from({ length: 8 }, () => createOutcomes(store).claim(MAILING, 0, 1)));
  expect(new Set(claims.map(({ token }) => token)).size).toBe(8);
});

test('two writes of one holder at once do not undo each other', async () => {
  const outcomes = createOutcomes(await mongo.store());
  const { token } = await outcomes.claim(MAILING, 0, 20);
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => outcomes.record(MAILING, 0, token, changes([i + 1, 'accepted']), [])),
  );
  expect(await outcomes.totals(MAILING)).toMatchObject({ total: 20, accepted: 20 });
});

test('totals count each recipient once, and the digest covers number and state', async () => {
  const outcomes = createOutcomes(await mongo.store());
  const a = await outcomes.claim(MAILING, 0, 500);
  const b = await outcomes.claim(MAILING, 1, 4);
  await outcomes.claim(`${ID}/2`, 0, 9); // another mailing
  await outcomes.record(MAILING, 0, a.token, new Map(Array.from({ length: 500 }, (_, i) => [i + 1, 'accepted'])), []);
  await outcomes.record(MAILING, 1, b.token, changes([501, 'refused'], [502, 'resent'], [503, 'suppressed']), [
    { n: 501, code: 550 },
  ]);
  expect(await outcomes.totals(MAILING)).toEqual({
    total: 504,
    accepted: 500,
    refused: 1,
    resent: 1,
    suppressed: 1,
    deferred: 0,
    ambiguous: 0,
  });
  const lines = [
    ...Array.from({ length: 500 }, (_, i) => `${i + 1}:accepted\n`),
    '501:refused\n502:resent\n503:suppressed\n504:open\n',
  ].join('');
  expect(await outcomes.digest(MAILING)).toBe(createHash('sha256').update(lines).digest('hex'));
});

// biome-ignore format: a table is read by the row
const MISUSE: [(outcomes: ReturnType<typeof createOutcomes>) => Promise<unknown>, string][] = [
  [(outcomes) => outcomes.claim(MAILING, 0, 501), 'a range larger than 500'],
  [(outcomes) => outcomes.claim(MAILING, 0, 0), 'an empty range'],
  [async (outcomes) => { await outcomes.claim(MAILING, 0, 2); return outcomes.claim(MAILING, 0, 3); }, 'another count than on record'],
  [async (outcomes) => outcomes.record(MAILING, 0, (await outcomes.claim(MAILING, 0, 2)).token, changes([3, 'accepted']), []), 'a number after the range'],
  [async (outcomes) => outcomes.record(MAILING, 1, (await outcomes.claim(MAILING, 1, 2)).token, changes([500, 'accepted']), []), 'a number before the range'],
];
for (const [misuse, why] of MISUSE) {
  test(`refused with figures: ${why}`, async () => {
    await expect(misuse(createOutcomes(await mongo.store()))).rejects.toThrow(/\d/);
  });
}
