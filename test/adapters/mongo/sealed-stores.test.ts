import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createDataKeys } from '../../../adapters/crypto/data-keys.js';
import { sha256Hex } from '../../../adapters/crypto/hash.js';
import { ARTIFACT_MAX_BYTES, ArtifactTooLarge, createArtifacts } from '../../../adapters/mongo/artifacts.js';
import { createDataKeyStore } from '../../../adapters/mongo/data-key-store.js';
import { createIncidentViews } from '../../../adapters/mongo/incident-views.js';
import { createIntakes } from '../../../adapters/mongo/intakes.js';
import { createListWriter } from '../../../adapters/mongo/lists.js';
import { createOrganisationStore } from '../../../adapters/mongo/organisation.js';
import { createMessages } from '../../../adapters/mongo/people-messages.js';
import { WrongRegister, createRegister } from '../../../adapters/mongo/register.js';
import { evolve } from '../../../domain/incident/evolve.js';
import {
  Play,
  RESPONDER,
  aCause,
  aDeclaration,
  anOrganisation,
  fact,
  hospitalMessage,
  hoursAfter,
} from '../../build.js';
import { realMongo } from './real-mongo.js';

const mongo = realMongo();
const ID = 'BR-7K3M-9QXD';
const about = { incident: ID, name: 'notice-ie-dpc-1.pdf', mediaType: 'application/pdf' };

test('an artifact comes back by its hash, with name and type; twice is once', async () => {
  const store = await mongo.store();
  const artifacts = createArtifacts(store);
  const bytes = randomBytes(1_000_000);
  const sha256 = await artifacts.put(bytes, about);
  expect(sha256).toBe(sha256Hex(bytes));
  expect(await artifacts.put(bytes, { ...about, name: 'other.pdf' })).toBe(sha256);
  const got = await artifacts.get(sha256);
  expect(got).toMatchObject({ name: about.name, mediaType: about.mediaType });
  expect(Buffer.compare(got?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
  expect(await artifacts.get('0'.repeat(64))).toBeNull();
  expect(await store.db.collection('artifacts').countDocuments()).toBe(1);
});

test('an artifact over the limit is refused with both figures, one at the limit is kept', async () => {
  const artifacts = createArtifacts(await mongo.store());
  await expect(artifacts.put(Buffer.alloc(ARTIFACT_MAX_BYTES + 1), about)).rejects.toThrow(ArtifactTooLarge);
  await expect(artifacts.put(Buffer.alloc(ARTIFACT_MAX_BYTES + 1), about)).rejects.toThrow(
    '8388609 bytes, at most 8388608',
  );
  expect(await artifacts.put(Buffer.alloc(ARTIFACT_MAX_BYTES), about)).toMatch(/^[0-9a-f]{64}$/);
});

test('the same bytes in two incidents outlive the erasure of one', async () => {
  const store = await mongo.store();
  const artifacts = createArtifacts(store);
  const sha256 = await artifacts.put(Buffer.from('evidence'), about);
  await artifacts.put(Buffer.from('evidence'), { ...about, incident: 'BR-0000-0002' });
  await store.keys.erase(`case/${ID}`);
  expect(await artifacts.get(sha256)).not.toBeNull();
  await store.keys.erase('case/BR-0000-0002');
  expect(await artifacts.get(sha256)).toBeNull();
});

test('a message for people comes back by the hash that was approved', async () => {
  const messages = createMessages(await mongo.store());
  const sha256 = await messages.put(hospitalMessage());
  expect(await messages.put(hospitalMessage())).toBe(sha256);
  expect(await messages.message(sha256)).toEqual(hospitalMessage());
  expect(await messages.put(hospitalMessage('drill'))).not.toBe(sha256);
  expect(await messages.message('0'.repeat(64))).toBeNull();
});

const line = (incident: string, mode: 'live' | 'drill', facts = 'lost laptop') => ({ incident, mode, facts });

test('the register shows the newest entry of each incident, oldest incident first, and goes only forward', async () => {
  const store = await mongo.store();
  const register = createRegister<ReturnType<typeof line>>({ ...store, side: 'live' });
  await register.put(line('BR-0000-0002', 'live'), { seq: 3, declaredAt: hoursAfter(2) });
  await register.put(line('BR-0000-0001', 'live', 'at seq 9'), { seq: 9, declaredAt: hoursAfter(1) });
  await register.put(line('BR-0000-0001', 'live', 'late'), { seq: 5, declaredAt: hoursAfter(1) });
  expect(await register.all()).toEqual({
    entries: [line('BR-0000-0001', 'live', 'at seq 9'), line('BR-0000-0002', 'live')],
    erased: 0,
  });
  await store.keys.erase('register/BR-0000-0001');
  expect(await register.all()).toEqual({ entries: [line('BR-0000-0002', 'live')], erased: 1 });
});

test('the register outlives the erasure of its case', async () => {
  const store = await mongo.store();
  const register = createRegister<ReturnType<typeof line>>({ ...store, side: 'live' });
  await register.put(line(ID, 'live'), { seq: 1, declaredAt: hoursAfter(0) });
  await store.keys.erase(`case/${ID}`);
  expect(await register.get(ID)).toEqual(line(ID, 'live'));
});

// side     entry                            why this row is here
// biome-ignore format: a table is read by the row
const WRONG = [
  ['live', line('EX-0000-0001', 'drill'), 'an exercise among breaches'],
  ['live', line('EX-0000-0001', 'live'), 'an exercise that calls itself live'],
  ['live', line('BR-0000-0001', 'drill'), 'an exercise under a live id'],
  ['drill', line('BR-0000-0001', 'live'), 'a breach among exercises'],
] as const;
for (const [side, entry, why] of WRONG) {
  test(`refused by the register: ${why}`, async () => {
    const register = createRegister({ ...(await mongo.store()), side });
    await expect(register.put(entry, { seq: 1, declaredAt: hoursAfter(0) })).rejects.toThrow(WrongRegister);
    expect((await register.all()).entries).toEqual([]);
  });
}

test('of two processes that make the same key at once both use one', async () => {
  const { db } = await mongo.store();
  const masterKey = randomBytes(32);
  const processes = Array.from({ length: 4 }, () => createDataKeys({ masterKey, store: createDataKeyStore(db) }));
  const made = await Promise.all(processes.map((keys) => keys.forSealing('case/BR-7K3M-9QXD')));
  expect(new Set(made.map((key) => key.toString('hex'))).size).toBe(1);
});

function filesBelow(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}
/** As it is, and at each of the three places where base64 can begin. */
const traces = (canary: string): Buffer[] => [
  Buffer.from(canary),
  Buffer.from(canary, 'utf16le'),
  ...[0, 1, 2].map((shift) =>
    Buffer.from(
      Buffer.from(`${'.'.repeat(shift)}${canary}`)
        .toString('base64')
        .slice(4, -4),
    ),
  ),
];

/** Last in the file: the server is stopped, so that everything is on disk. */
test('no canary of facts, names, addresses or texts lies in the files of the database', async () => {
  const store = await mongo.store();
  const { ledger, db, keys } = store;
  const canary = (where: string): string => `canary-${where}-7f3a91c2`;
  const play = new Play(aDeclaration({ title: canary('title') })).do(
    { type: 'RecordFacts', facts: [fact('breach.summary', canary('fact'))] },
    hoursAfter(1),
    RESPONDER,
  );
  await ledger.append(play.events);
  await createIncidentViews({ db, keys, ledger, evolve }).forward(ID, play.events);
  await createIntakes(store).put(
    { declaration: aDeclaration({ title: canary('intake') }), actor: RESPONDER, cause: aCause() },
    hoursAfter(0),
  );
  await createArtifacts(store).put(Buffer.from(canary('bytes')), { ...about, name: canary('file-name') });
  await createMessages(store).put({ ...hospitalMessage(), whatHappened: canary('message') });
  const begun = await createListWriter(store).begin('people-1', ID);
  if (!('writer' in begun)) throw new Error('frozen');
  await begun.writer.add({ email: `${canary('address')}@people.example`, language: 'en' });
  await begun.writer.freeze();
  await createRegister({ ...store, side: 'live' }).put(line(ID, 'live', canary('register')), {
    seq: 1,
    declaredAt: hoursAfter(0),
  });
  const organisation = createOrganisationStore(store);
  const admin = await organisation.bootstrap({
    name: canary('staff'),
    email: `${canary('staff-mail')}@hospital.example`,
  });
  if (!admin) throw new Error('not empty');
  const by = { actor: { id: admin.staff, role: 'admin' as const }, cause: aCause() };
  await organisation.describe(by, anOrganisation({ name: canary('organisation') }));
  await organisation.verifyMailbox(
    { ...by, cause: aCause() },
    { authority: 'ie-dpc', address: `${canary('mailbox')}@authority.test`, how: canary('how') },
  );
  await db.collection('marks').insertOne({ mark: canary('in-clear') });

  await mongo.engine().stop();
  const files = filesBelow(mongo.dataDir()).map((path) => readFileSync(path));
  const found = (where: string): boolean =>
    traces(canary(where)).some((trace) => files.some((bytes) => bytes.includes(trace)));
  const sealed = [
    'title',
    'fact',
    'intake',
    'bytes',
    'file-name',
    'message',
    'address',
    'register',
    'staff',
    'staff-mail',
    'organisation',
    'mailbox',
    'how',
  ];
  expect(sealed.filter(found)).toEqual([]);
  expect(files.some((bytes) => bytes.includes(admin.secret.slice(4)))).toBe(false);
  expect(found('in-clear')).toBe(true); // else the search itself would be blind
});
