import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createDataKeyStore } from '../../../adapters/mongo/data-key-store.js';
import { createStoreMark } from '../../../adapters/mongo/store-mark.js';
import { createDataKeys, KeyErased } from '../../../adapters/crypto/data-keys.js';
import { LedgerConflict, LedgerGap, createLedger } from '../../../adapters/mongo/ledger.js';
import { hashOf } from '../../../adapters/mongo/ledger-entry.js';
import type { IncidentEvent } from '../../../domain/incident/events.js';
import { DPO, Play, RESPONDER, fact, hoursAfter } from '../../build.js';
import { type Store, realMongo } from './real-mongo.js';

const mongo = realMongo();
const ID = 'BR-7K3M-9QXD';

/** A declared incident with three more commands. */
const events = (): IncidentEvent[] =>
  new Play()
    .do({ type: 'RecordFacts', facts: [fact('breach.summary', 'A laptop was stolen.')] }, hoursAfter(1), RESPONDER)
    .do({ type: 'RecordFacts', facts: [fact('breach.nature', ['CONFIDENTIALITY'])] }, hoursAfter(2), RESPONDER)
    .do(
      { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'The disk is encrypted.', confirms: null, setting: null },
      hoursAfter(3),
      DPO,
    ).events;

const raw = (db: Store['db']) => db.collection<{ _id: string; seq: number }>('ledger');

test('what was appended is read back unchanged, and its chain verifies', async () => {
  const { ledger } = await mongo.store();
  const all = events();
  const head = await ledger.append(all);
  expect(await ledger.read(ID)).toEqual(all);
  expect(await ledger.read(ID, all.length)).toEqual(all.slice(-1));
  expect(await ledger.head(ID)).toEqual(head);
  expect(await ledger.verifyChain(ID, head)).toEqual({ ok: true, entries: all.length, head });
});

test('an attempt that comes twice gives the same bytes and writes nothing', async () => {
  const { ledger, db, keys } = await mongo.store();
  const all = events();
  const first = await ledger.append(all);
  const before = await ledger.entries(ID);
  const later = createLedger({ db, keys, now: () => '2030-01-01T00:00:00.000Z' });
  expect(await later.append(all)).toEqual(first);
  expect(await later.append(all.slice(1, 3))).toEqual({ seq: 3, hash: before[2]?.hash });
  expect(await ledger.entries(ID)).toEqual(before);
});

test('a half-done append is finished by the next one', async () => {
  const { ledger } = await mongo.store();
  const all = events();
  await ledger.append(all.slice(0, 2));
  const head = await ledger.append(all);
  expect(await ledger.verifyChain(ID)).toEqual({ ok: true, entries: all.length, head });
});

test('two writers of the same events leave one chain', async () => {
  const { ledger, db, keys } = await mongo.store();
  const all = events();
  const heads = await Promise.all([ledger.append(all), createLedger({ db, keys }).append(all)]);
  expect(heads[0]).toEqual(heads[1]);
  expect(await ledger.verifyChain(ID)).toEqual({ ok: true, entries: all.length, head: heads[0] });
});

test('another entry at the same seq is a conflict with both hashes, and the record stays as it was', async () => {
  const { ledger } = await mongo.store();
  const all = events();
  await ledger.append(all);
  const before = await ledger.entries(ID);
  const other = { ...all[1], at: hoursAfter(9) } as IncidentEvent;
  const error = await ledger.append([other]).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(LedgerConflict);
  expect(error).toMatchObject({ name: 'LedgerConflict', stream: ID, seq: 2, onRecord: before[1]?.hash });
  expect(await ledger.entries(ID)).toEqual(before);
});

test('an entry whose predecessor is missing is a gap that names it', async () => {
  const { ledger } = await mongo.store();
  const all = events();
  await ledger.append(all.slice(0, 1));
  const error = await ledger.append(all.slice(2)).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(LedgerGap);
  expect(error).toMatchObject({ seq: 3, missing: 2 });
  expect(await ledger.head(ID)).toMatchObject({ seq: 1 });
});

// what is done to the record                                    first bad, why                why this row is here
// biome-ignore format: a table is read by the row
const TAMPERING: [(store: Store) => Promise<unknown>, number, string, string][] = [
  [({ db }) => raw(db).updateOne({ seq: 2 }, { $set: { at: hoursAfter(50) } }), 2, 'altered', 'an instant moved'],
  [({ db }) => raw(db).updateOne({ seq: 2 }, { $set: { 'actor.id': 'st_other' } }), 2, 'altered', 'somebody else named'],
  [({ db }) => raw(db).updateOne({ seq: 2 }, { $set: { sealed: Buffer.alloc(80).toString('base64') } }), 2, 'altered', 'sealed data replaced'],
  [({ db }) => raw(db).updateOne({ seq: 1 }, { $set: { cause: null } }), 1, 'altered', 'the first entry'],
  [({ db }) => raw(db).deleteOne({ seq: 2 }), 2, 'missing', 'an entry taken out'],
  [({ db }) => raw(db).deleteOne({ seq: 1 }), 1, 'missing', 'the beginning taken out'],
  [
    async ({ db, ledger }) => {
      const [, second] = await ledger.entries(ID);
      if (!second) throw new Error('too short');
      const forged = { ...second, at: hoursAfter(50) };
      await raw(db).updateOne({ seq: 2 }, { $set: { at: forged.at, hash: hashOf(forged) } });
    },
    3, 'not-chained', 'an entry altered together with its hash',
  ],
];
for (const [tamper, firstBad, reason, why] of TAMPERING) {
  test(`tampering is found: ${why}`, async () => {
    const store = await mongo.store();
    await store.ledger.append(events());
    await tamper(store);
    expect(await store.ledger.verifyChain(ID)).toEqual({ ok: false, firstBad, why: reason });
  });
}

test('a record cut off at its end is found by the head that a notice carries', async () => {
  const { ledger, db } = await mongo.store();
  const head = await ledger.append(events());
  await raw(db).deleteOne({ seq: head.seq });
  expect(await ledger.verifyChain(ID)).toMatchObject({ ok: true });
  expect(await ledger.verifyChain(ID, head)).toEqual({ ok: false, firstBad: head.seq, why: 'missing' });
});

test('recordedAt is outside the hash', async () => {
  const { ledger, db } = await mongo.store();
  await ledger.append(events());
  await db.collection('ledger').updateOne({ seq: 2 }, { $set: { recordedAt: '2031-01-01T00:00:00.000Z' } });
  expect(await ledger.verifyChain(ID)).toMatchObject({ ok: true });
});

test('once the key is destroyed the data cannot be read or added to, and the chain still verifies', async () => {
  const { ledger, keys } = await mongo.store();
  const all = events();
  const head = await ledger.append(all);
  await keys.erase(`case/${ID}`);
  await expect(ledger.read(ID)).rejects.toThrow(KeyErased);
  await expect(ledger.append(all)).rejects.toThrow(KeyErased);
  expect((await ledger.records(ID)).map(({ type, data }) => [type, data])).toEqual(all.map(({ type }) => [type, null]));
  expect(await ledger.verifyChain(ID, head)).toEqual({ ok: true, entries: all.length, head });
});

test('the event that a key caused is found', async () => {
  const { ledger } = await mongo.store();
  const all = events();
  await ledger.append(all);
  expect(await ledger.causedBy(ID, all[0]?.cause?.keyHash ?? '')).toMatchObject({ stream: ID });
  expect(await ledger.causedBy(ID, 'nobody')).toBeNull();
});

// biome-ignore format: a table is read by the row
const MISUSE: [(all: IncidentEvent[]) => IncidentEvent[], string][] = [
  [() => [], 'no event at all'],
  [(all) => all.filter((event) => event.seq !== 2), 'a hole between two events'],
  [(all) => all.map((event) => (event.seq === 2 ? ({ ...event, stream: 'BR-0000-0000' } as IncidentEvent) : event)), 'two streams at once'],
];
for (const [make, why] of MISUSE) {
  test(`append refuses before it writes: ${why}`, async () => {
    const { ledger } = await mongo.store();
    await expect(ledger.append(make(events()))).rejects.toThrow(RangeError);
    expect(await ledger.streams()).toEqual([]);
  });
}

test('the database was set back under a running process: nothing is sealed with a key that is not in it any more', async () => {
  const { db } = await mongo.store();
  const masterKey = randomBytes(32);
  const process = () => createLedger({ db, keys: createDataKeys({ masterKey, store: createDataKeyStore(db) }) });
  const [running, repairing] = [process(), process()];
  const all = events();
  await running.append(all.slice(0, 2));
  await raw(db).deleteMany({});
  await db.collection('data_keys').deleteMany({});
  await repairing.append(all.slice(0, 2)); // under a new key
  await running.append(all.slice(2));
  expect(await process().read(ID)).toEqual(all);
});

test('a database that shows less than was seen before was set back, for every process that saw it, also after a restart', async () => {
  const { db } = await mongo.store();
  const mark = (name: string) => createStoreMark({ db, file: join(mongo.dataDir(), name) });
  const [one, two] = [mark('one'), mark('two')];
  for (let n = 0; n < 3; n++) expect([await one.step(), await two.step()]).toEqual(['as-before', 'as-before']);
  await db.collection('marks').updateOne({}, { $set: { n: 2 } });
  expect([await one.step(), await mark('two').step(), await one.step()]).toEqual(['set-back', 'set-back', 'set-back']);
  await mark('two').settled();
  expect([await mark('one').step(), await mark('two').step()]).toEqual(['as-before', 'as-before']);
  await db.collection('marks').deleteMany({});
  expect(await mark('one').step()).toBe('set-back');
});
