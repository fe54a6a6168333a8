import { expect, test } from '@jest/globals';
import { sha256Hex } from '../../../adapters/crypto/hash.js';
import { connectMongo } from '../../../adapters/mongo/connect.js';
import { createOrganisationStore } from '../../../adapters/mongo/organisation.js';
import type { By, OrganisationStore } from '../../../adapters/mongo/organisation-store.js';
import { createStandingNow } from '../../../adapters/mongo/standing-authorisation.js';
import { createStillStaff } from '../../../adapters/mongo/still-staff.js';
import { RefusedError } from '../../../adapters/refused-error.js';
import { DEFAULT_PLAYBOOK, type Role } from '../../../domain/incident/organisation.js';
import { aCause, anOrganisation } from '../../build.js';
import { type Store, realMongo } from './real-mongo.js';

const mongo = realMongo();

async function setUp(): Promise<{ store: Store; org: OrganisationStore; admin: By; adminId: string; secret: string }> {
  const store = await mongo.store();
  const org = createOrganisationStore(store);
  const first = await org.bootstrap({ name: 'The administrator', email: 'admin@hospital.example' });
  if (!first) throw new Error('not empty');
  const admin = asAdmin(first.staff);
  return { store, org, admin, adminId: first.staff, secret: first.secret };
}
const asAdmin = (id: string, cause = aCause()): By => ({ actor: { id, role: 'admin' }, cause });
const again = (by: By, cause = aCause()): By => ({ ...by, cause });
const member = (email: string, ...roles: Role[]) => ({ name: 'A member of staff', email, roles, deputy: false });
const codes = (error: unknown): string[] =>
  error instanceof RefusedError ? error.refusals.map(({ code }) => code) : [`not refused: ${String(error)}`];
const refusal = (asked: Promise<unknown>): Promise<string[]> => asked.then(() => ['accepted'], codes);

test('the first administrator gets a key that opens, made by nobody; once it was used there is no second first one', async () => {
  const { org, adminId, secret } = await setUp();
  expect(await org.authenticate(secret)).toMatchObject({ staff: adminId, roles: ['admin'], makers: [] });
  expect(await org.bootstrap({ name: 'Another', email: 'other@hospital.example' })).toBeNull();
  expect(await org.staff()).toHaveLength(1);
});

test('two processes that set up at once make one administrator, and one key that opens', async () => {
  const store = await mongo.store();
  const person = { name: 'The administrator', email: 'admin@hospital.example' };
  const made = await Promise.all([
    createOrganisationStore(store).bootstrap(person),
    createOrganisationStore(store).bootstrap(person),
  ]);
  const org = createOrganisationStore(store);
  expect(await org.staff()).toHaveLength(1);
  const opened = await Promise.all(made.flatMap((one) => (one ? [org.authenticate(one.secret)] : [])));
  expect(opened.filter((login) => typeof login === 'object')).toHaveLength(1);
});

const ADMINISTRATOR = { name: 'The administrator', email: 'admin@hospital.example' };

test('a set-up whose answer was lost is repeated: the same administrator, another key, and the lost one is revoked', async () => {
  const org = createOrganisationStore(await mongo.store());
  const lost = await org.bootstrap(ADMINISTRATOR);
  const told = await org.bootstrap({ ...ADMINISTRATOR, email: 'office@hospital.example' });
  expect(told).toMatchObject({ staff: lost?.staff });
  expect(await org.authenticate(lost?.secret ?? '')).toBe('revoked');
  expect(await org.authenticate(told?.secret ?? '')).toMatchObject({ roles: ['admin'] });
  expect(await org.staff()).toMatchObject([{ email: 'office@hospital.example' }]);
  expect(await org.bootstrap(ADMINISTRATOR)).toBeNull(); // that key was used
});

test('a set-up that was cut off before it had a key is finished by the next one', async () => {
  const { ledger, keys, db } = await mongo.store();
  let entries = 0;
  const cutOff = createOrganisationStore({
    db,
    keys,
    ledger: {
      ...ledger,
      append: async (events) => {
        if (entries++ > 0) throw new Error('killed');
        return ledger.append(events);
      },
    },
  });
  await expect(cutOff.bootstrap(ADMINISTRATOR)).rejects.toThrow('killed');
  const org = createOrganisationStore({ db, keys, ledger });
  const told = await org.bootstrap(ADMINISTRATOR);
  expect(await org.authenticate(told?.secret ?? '')).toMatchObject({ roles: ['admin'] });
});

test('in an organisation that is in use the set-up stays closed, also when nobody has logged in since keys are watched', async () => {
  const { org, admin } = await setUp();
  await org.describe(again(admin), anOrganisation());
  expect(await org.bootstrap(ADMINISTRATOR)).toBeNull();
});

test('a login says who made it, its key is told once and stored only as a hash', async () => {
  const { org, admin, adminId, store } = await setUp();
  const { id } = await org.addStaff(again(admin), member('dpo@hospital.example', 'dpo'));
  const { secret, key } = await org.issueKey(again(admin), id);
  expect(secret).toMatch(/^s72_[A-Za-z0-9_-]{43}$/);
  expect(await org.authenticate(secret)).toMatchObject({ staff: id, key, roles: ['dpo'], makers: [adminId] });
  const stored = JSON.stringify(await store.db.collection('api_keys').find().toArray());
  expect(stored).not.toContain(secret.slice(4));
});

test('a key that a person issues to themselves still counts as made by whoever made their login', async () => {
  const { org, admin, adminId } = await setUp();
  const { id } = await org.addStaff(again(admin), member('dpo@hospital.example', 'dpo', 'admin'));
  const { secret } = await org.issueKey(asAdmin(id), id);
  expect(await org.authenticate(secret)).toMatchObject({ makers: [adminId] });
});

/** Two administrators with logins of their own, the second made by the first. */
async function twoAdmins() {
  const { org, admin, adminId: a, secret } = await setUp();
  const login = await org.authenticate(secret);
  const byA = { ...admin, key: typeof login === 'object' ? login.key : '' };
  const { id: c } = await org.addStaff(again(byA), member('office@hospital.example', 'admin'));
  const keyOfC = await org.issueKey(again(byA), c);
  return { org, a, byA, c, byC: { ...asAdmin(c), key: keyOfC.key } };
}
const makersOf = async (org: OrganisationStore, secret: string) => {
  const login = await org.authenticate(secret);
  return typeof login === 'object' ? [...login.makers].sort() : login;
};

test('whoever made a login stays among its makers, whoever else issues its key', async () => {
  const { org, a, c, byC } = await twoAdmins();
  const { org: own, a: maker, byA: byMaker, c: issuer, byC: byIssuer } = await twoAdmins();
  const { id } = await own.addStaff(again(byMaker), member('dpo@hospital.example', 'dpo'));
  const { secret } = await own.issueKey(again(byIssuer), id);
  expect(await makersOf(own, secret)).toEqual([maker, issuer].sort());
  const { id: other } = await org.addStaff(again(byC), member('dpo@hospital.example', 'dpo'));
  expect(await makersOf(org, (await org.issueKey(again(byC), other)).secret)).toEqual([a, c].sort());
});

for (const named of [true, false]) {
  test(`a key that was issued with another key has the makers of that one too, ${named ? 'which the entry names' : 'as an old entry that names none'}`, async () => {
    const { org, a, byA, c, byC } = await twoAdmins();
    const { id: b } = await org.addStaff(again(byC), member('dpo@hospital.example', 'dpo', 'admin'));
    const first = await org.issueKey(again(byA), b); // A may have kept its secret
    const asB: By = named ? { ...asAdmin(b), key: first.key } : asAdmin(b);
    const second = await org.issueKey(asB, b);
    expect(await makersOf(org, second.secret)).toEqual([a, c].sort());
    const { id: made } = await org.addStaff(again(asB), member('approver@hospital.example', 'approver'));
    expect(await makersOf(org, (await org.issueKey(again(byC), made)).secret)).toContain(a);
  });
}

test('the same request again gives the first answer; the same key with another body or caller is refused', async () => {
  const { org, admin, adminId } = await setUp();
  const by = again(admin, aCause('add-1', 'body-1'));
  const first = await org.addStaff(by, member('dpo@hospital.example', 'dpo'));
  expect(await org.addStaff(by, member('dpo@hospital.example', 'dpo'))).toEqual(first);
  expect(
    await refusal(org.addStaff(again(admin, aCause('add-1', 'body-2')), member('x@hospital.example', 'dpo'))),
  ).toEqual(['key-reused']);
  expect(
    await refusal(org.addStaff(asAdmin('st_other', aCause('add-1', 'body-1')), member('dpo@hospital.example', 'dpo'))),
  ).toEqual(['key-reused']);
  expect(await org.staff()).toHaveLength(2);
  const issue = again(admin, aCause('issue-1', 'body'));
  await org.issueKey(issue, adminId);
  expect(await refusal(org.issueKey(issue, adminId))).toEqual(['already']); // the secret cannot be told twice
});

test('a key that is not known, revoked, or of somebody who left does not open', async () => {
  const { org, admin } = await setUp();
  const { id } = await org.addStaff(again(admin), member('dpo@hospital.example', 'dpo'));
  const one = await org.issueKey(again(admin), id);
  const two = await org.issueKey(again(admin), id);
  await org.revokeKey(again(admin), id, one.key);
  expect(await org.authenticate(`s72_${'A'.repeat(43)}`)).toBe('unknown');
  expect(await org.authenticate(one.secret)).toBe('revoked');
  expect(await org.authenticate(two.secret)).toMatchObject({ staff: id });
  expect((await org.logins()).get(sha256Hex(two.secret))).toEqual(await org.authenticate(two.secret));
  await org.removeStaff(again(admin), id);
  expect(await org.authenticate(two.secret)).toBe('revoked');
  const opening = await org.logins();
  for (const { secret } of [one, two]) expect(opening.has(sha256Hex(secret))).toBe(false);
});

test('what one process changed, another sees at its next look', async () => {
  const { store, org, admin } = await setUp();
  const other = createOrganisationStore(store);
  const { id } = await org.addStaff(again(admin), member('dpo@hospital.example', 'dpo'));
  const { secret, key } = await other.issueKey(again(admin), id);
  expect(await org.authenticate(secret)).toMatchObject({ staff: id });
  await org.changeRoles(again(admin), id, ['approver'], true);
  expect(await other.authenticate(secret)).toMatchObject({ roles: ['approver'], deputy: true });
  await other.revokeKey(again(admin), id, key);
  expect(await org.authenticate(secret)).toBe('revoked');
});

// what is asked                                                                                                refusal          why this row is here
const REFUSED: [(s: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>, string, string][] = [
  [({ org, admin, adminId }) => org.removeStaff(again(admin), adminId), 'contradiction', 'the last administrator goes'],
  [
    ({ org, admin, adminId }) => org.changeRoles(again(admin), adminId, ['dpo'], false),
    'contradiction',
    'the last administrator gives up the role',
  ],
  [({ org, admin }) => org.issueKey(again(admin), 'st_nobody'), 'no-such', 'a key for nobody'],
  [
    ({ org, admin, adminId }) => org.revokeKey(again(admin), adminId, 'key_000000000000'),
    'no-such',
    'a key that is not there',
  ],
  [
    ({ org, admin }) => org.addStaff(again(admin), member('ADMIN@hospital.example', 'approver')),
    'already',
    'a second login for the same person',
  ],
  [({ org, admin, adminId }) => org.eraseStaff(again(admin), adminId), 'contradiction', 'the name of a login in use'],
];
for (const [ask, code, why] of REFUSED) {
  test(`refused, and nothing is on record: ${why}`, async () => {
    const s = await setUp();
    const head = await s.store.ledger.head('organisation');
    expect(await refusal(ask(s))).toEqual([code]);
    expect(await s.store.ledger.head('organisation')).toEqual(head);
  });
}

test('an erased name is gone, the id and its deeds stay', async () => {
  const { org, admin, store } = await setUp();
  const { id } = await org.addStaff(again(admin), member('dpo@hospital.example', 'dpo'));
  expect(await org.contacts()).toContainEqual({ id, roles: ['dpo'], deputy: false, email: 'dpo@hospital.example' });
  await org.removeStaff(again(admin), id);
  const by = again(admin);
  await org.eraseStaff(by, id);
  await org.eraseStaff(by, id);
  expect((await org.staff()).find((s) => s.id === id)).toMatchObject({
    name: null,
    email: null,
    removed: true,
    roles: ['dpo'],
  });
  expect((await org.contacts()).map((c) => c.id)).not.toContain(id);
  expect((await store.ledger.read('organisation')).at(-1)).toMatchObject({
    type: 'StaffErased',
    actor: by.actor,
    cause: by.cause,
    data: { staff: id },
  });
  expect(await store.ledger.verifyChain('organisation')).toMatchObject({ ok: true });
});

test('the organisation and its verified mailboxes are what was recorded last', async () => {
  const { org, admin, adminId, store } = await setUp();
  expect(await org.get()).toBeNull();
  await org.describe(again(admin), anOrganisation({ name: 'Old name' }));
  await org.describe(again(admin), anOrganisation());
  expect(await org.get()).toEqual({ organisation: anOrganisation(), playbook: DEFAULT_PLAYBOOK });
  await org.verifyMailbox(again(admin), { authority: 'ie-dpc', address: 'old@authority.test', how: 'called' });
  await org.verifyMailbox(again(admin), { authority: 'ie-dpc', address: 'new@authority.test', how: 'called' });
  expect(await createOrganisationStore(store).mailboxes()).toMatchObject([
    { authority: 'ie-dpc', address: 'new@authority.test', verifiedBy: adminId },
  ]);
  expect(await store.ledger.verifyChain('organisation')).toMatchObject({ ok: true, entries: 6 });
});

test('a database that is away is told within seconds, not waited for', async () => {
  const away = connectMongo('mongodb://127.0.0.1:1/none', { selectionTimeoutMs: 200 });
  await expect(away.ping()).rejects.toThrow();
  await away.close();
});

test('who was removed is known to an alarm within two seconds, or it does without', async () => {
  const { org, admin } = await setUp();
  const [{ id: stays }, { id: leaves }] = [
    await org.addStaff(again(admin), member('dpo@hospital.example', 'dpo')),
    await org.addStaff(again(admin), member('approver@hospital.example', 'approver')),
  ];
  await org.removeStaff(again(admin), leaves);
  expect(await createStillStaff(org).active([stays, leaves, 'st_of_another_side'])).toEqual(
    new Set([stays, 'st_of_another_side']),
  );
  const silent = { stillHere: () => new Promise<never>(() => undefined) };
  expect(await createStillStaff(silent, { withinMs: 1 }).active([stays])).toBeNull();
  const away = { stillHere: () => Promise.reject(new Error('away')) };
  expect(await createStillStaff(away).active([stays])).toBeNull();
});

test('a standing authorisation is on record with who gave it; the latest one counts, until it is revoked', async () => {
  const { store, org, admin } = await setUp();
  const { id } = await org.addStaff(again(admin), member('approver@hospital.example', 'approver'));
  const approver: By = { actor: { id, role: 'approver' }, cause: aCause() };
  const given = { authorities: ['bg-kzld'], hoursBeforeDeadline: 4, until: '2099-01-01T00:00:00.000Z' };
  expect(await org.authorisation()).toBeNull();
  expect(await refusal(org.revokeAuthorisation(again(approver), 'nothing there'))).toEqual(['already']);
  await org.authorise(approver, given);
  await org.authorise(approver, given); // the same request again
  await org.authorise(again(approver), { ...given, hoursBeforeDeadline: 2 });
  const elsewhere = createOrganisationStore(store);
  const found = await elsewhere.authorisation();
  expect(found).toMatchObject({ ...given, hoursBeforeDeadline: 2, grantedBy: id, inCharge: true });
  expect((await store.ledger.read('organisation')).find((e) => `organisation/${e.seq}` === found?.id)).toMatchObject({
    type: 'StandingAuthorisationGranted',
  });
  await org.revokeAuthorisation(again(approver), 'the team is on call again');
  expect(await elsewhere.authorisation()).toBeNull();
});

test('it holds as long as who gave it is an approver: asked at the hour of filing, it is gone with them', async () => {
  const { org, admin } = await setUp();
  const { id } = await org.addStaff(again(admin), member('approver@hospital.example', 'approver'));
  const given = { authorities: ['bg-kzld'], hoursBeforeDeadline: 4, until: '2099-01-01T00:00:00.000Z' };
  await org.authorise({ actor: { id, role: 'approver' }, cause: aCause() }, given);
  const now = createStandingNow(org);
  expect(await now.standing()).toEqual({
    ...given,
    id: expect.stringMatching(/^organisation\/\d+$/),
    grantedBy: id,
    grantedAt: expect.any(String),
  });
  await org.changeRoles(again(admin), id, ['dpo'], false);
  expect([await now.standing(), (await org.authorisation())?.inCharge]).toEqual([null, false]);
  await org.changeRoles(again(admin), id, ['approver'], false);
  await org.removeStaff(again(admin), id);
  expect(await now.standing()).toBeNull();
});

test('a database that does not say leaves it open within two seconds, so that the copy in the incident counts', async () => {
  const silent = { authorisation: () => new Promise<never>(() => undefined) };
  expect(await createStandingNow(silent, { withinMs: 1 }).standing()).toBe('unknown');
  const away = { authorisation: () => Promise.reject(new Error('away')) };
  expect(await createStandingNow(away).standing()).toBe('unknown');
});
