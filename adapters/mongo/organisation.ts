import { createHash, randomBytes } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { type Instant, toInstant } from '../../domain/clock/instant.js';
import { type Cause, ENGINE, EVENT_VERSION, type OrganisationEvent } from '../../domain/incident/events.js';
import { DEFAULT_PLAYBOOK, type StaffContact } from '../../domain/incident/organisation.js';
import type { Refusal } from '../../domain/incident/refusals.js';
import type { DataKeys } from '../crypto/data-keys.js';
import { sha256Hex } from '../crypto/hash.js';
import { sealJson, unsealJson } from '../crypto/seal.js';
import { RefusedError } from '../refused-error.js';
import { type Directory, type Person, createDirectory } from './directory.js';
import { LedgerConflict, type MongoLedger } from './ledger.js';
import { NOTHING_YET, type OrganisationView, type StaffView, foldOrganisation, loginOf } from './organisation-fold.js';
import type { By, IssuedKey, Made, NewMember, OrganisationStore, VerifiedMailbox } from './organisation-store.js';
import { standingAuthorisation } from './standing-authorisation.js';

interface ApiKeyDoc {
  _id: string; // SHA-256 of the secret: 256 random bits need no salt
  key: string;
  staff: string;
  /** When it first opened. */
  usedAt?: Instant;
}
interface MailboxDoc {
  _id: string; // authority/SHA-256 of the address
  sealed: Buffer;
}
const SECRET_PREFIX = 's72_';
const nowReal = (): Instant => toInstant(Date.now());
const refuse = (...refusals: Refusal[]): never => {
  throw new RefusedError(refusals);
};
const normalised = (email: string): string => email.trim().normalize('NFC').toLowerCase();
const isAdmin = ({ roles, removed }: StaffView): boolean => !removed && roles.includes('admin');

/** The same cause gives the same id, so that an attempt after a crash finishes the first one. */
const idFor = (kind: string, cause: Cause | null): string =>
  createHash('sha256')
    .update(`${kind}/`)
    .update(cause ? cause.keyHash : randomBytes(32))
    .digest('hex')
    .slice(0, 12);

const BY_ENGINE: By = { actor: ENGINE, cause: null };
class NotTheFirst extends Error {}

const withKey = (by: By): { with?: string } => (by.key === undefined ? {} : { with: by.key });
const idOf = (event: OrganisationEvent): string | null => (event.type === 'StaffAdded' ? event.data.staff : null);

interface Parts {
  readonly db: Db;
  readonly ledger: MongoLedger;
  readonly keys: DataKeys;
  readonly now?: () => Instant;
}

/** The stream `organisation` of the ledger and what lies beside it: collections `staff`, `api_keys`, `mailboxes`. */
export function createOrganisationStore({ db, ledger, keys, now = nowReal }: Parts): OrganisationStore {
  const apiKeys: Collection<ApiKeyDoc> = db.collection('api_keys');
  const mailboxDocs: Collection<MailboxDoc> = db.collection('mailboxes');
  const directory: Directory = createDirectory({ db, keys });

  let known: OrganisationView = NOTHING_YET;
  async function current(): Promise<OrganisationView> {
    const from = known;
    const events = await ledger.read('organisation', from.seq + 1);
    const view = events
      .filter((event): event is OrganisationEvent => event.stream === 'organisation')
      .reduce(foldOrganisation, from);
    if (view.seq > known.seq) known = view; // another call may have come further
    return view;
  }

  /** Decides on the current view and appends one event; when another process was quicker, decides again. */
  async function record(
    by: By,
    decide: (view: OrganisationView) => Made | Promise<Made>,
  ): Promise<{ event: OrganisationEvent; repeated: boolean }> {
    for (;;) {
      const view = await current();
      const first = by.cause && view.answered.get(by.cause.keyHash);
      if (first && (first.cause?.bodyHash !== by.cause?.bodyHash || first.actor.id !== by.actor.id))
        refuse({ code: 'key-reused', firstSeq: first.seq });
      if (first) return { event: first, repeated: true };
      const made = await decide(view);
      const event = {
        stream: 'organisation',
        seq: view.seq + 1,
        at: now(),
        actor: by.actor,
        cause: by.cause,
        v: EVENT_VERSION,
        ...made,
      } as OrganisationEvent;
      try {
        await ledger.append([event]);
        return { event, repeated: false };
      } catch (error) {
        if (!(error instanceof LedgerConflict)) throw error;
      }
    }
  }

  function staffOf(view: OrganisationView, staff: string): StaffView {
    const found = view.staff.get(staff);
    if (found && !found.removed) return found;
    return refuse({
      code: 'no-such',
      kind: 'staff',
      id: staff,
      known: [...view.staff.values()].filter((s) => !s.removed).map((s) => s.id),
    });
  }
  function keepAnAdmin(view: OrganisationView, staff: string): void {
    if ([...view.staff.values()].some((other) => other.id !== staff && isAdmin(other))) return;
    refuse({
      code: 'contradiction',
      paths: ['roles'],
      says: 'This is the last administrator. Give another person the role admin first.',
    });
  }
  /** One person with two logins could be both of the two people that a step needs. */
  async function refuseSecondLogin(view: OrganisationView, person: Person, id: string): Promise<void> {
    for (const other of view.staff.values()) {
      if (other.removed || other.id === id) continue;
      const there = await directory.get(other.id);
      if (there && normalised(there.email) === normalised(person.email))
        refuse({ code: 'already', what: 'a login with this address', since: other.addedAt });
    }
  }
  async function add(
    by: By,
    { roles, deputy, ...person }: NewMember,
    check: (view: OrganisationView, id: string) => Promise<void>,
  ): Promise<string> {
    const id = `st_${idFor('staff', by.cause)}`;
    const { event } = await record(by, async (view) => {
      await check(view, id);
      await directory.put(id, person); // first the name: without its event it means nothing
      return { type: 'StaffAdded', data: { staff: id, roles: [...roles], deputy, ...withKey(by) } };
    });
    return id === idOf(event) ? id : refuse({ code: 'key-reused', firstSeq: event.seq });
  }

  async function issueKey(by: By, staff: string): Promise<IssuedKey> {
    const secret = SECRET_PREFIX + randomBytes(32).toString('base64url');
    const secretHash = sha256Hex(secret);
    const key = `key_${secretHash.slice(0, 12)}`;
    const { event, repeated } = await record(by, async (view) => {
      staffOf(view, staff);
      await apiKeys.replaceOne({ _id: secretHash }, { key, staff }, { upsert: true }); // without its event it opens nothing
      return { type: 'KeyIssued', data: { staff, key, ...withKey(by) } };
    });
    if (repeated)
      refuse({
        code: 'already',
        what: 'a key under this idempotency key; its secret was told once (revoke it and issue another)',
        since: event.at,
      });
    return { staff, key, secret };
  }

  /** The administrator of a set-up that was cut short: nobody has done anything yet, and no key of theirs has opened. */
  async function unusedFirst(view: OrganisationView): Promise<StaffView | null> {
    const [first, ...others] = view.staff.values();
    if (!first || others.length > 0 || view.inUse) return null;
    return (await apiKeys.findOne({ staff: first.id, usedAt: { $exists: true } })) ? null : first;
  }

  async function firstAdministrator(person: Person): Promise<string> {
    const nobodyYet = async (view: OrganisationView): Promise<void> => {
      if (view.staff.size > 0) throw new NotTheFirst();
    };
    try {
      return await add(BY_ENGINE, { ...person, roles: ['admin'], deputy: false }, nobodyYet);
    } catch (error) {
      const first = error instanceof NotTheFirst ? await unusedFirst(await current()) : null;
      if (!first) throw error;
      await directory.put(first.id, person);
      return first.id;
    }
  }

  return {
    async bootstrap(person) {
      try {
        const staff = await firstAdministrator(person);
        const issued = await issueKey(BY_ENGINE, staff);
        const all = [...(await current()).keys.values()]; // in the order in which they were issued
        const before = all.slice(
          0,
          all.findIndex(({ key }) => key === issued.key),
        );
        for (const { key, revokedAt } of before)
          if (revokedAt === null) await record(BY_ENGINE, () => ({ type: 'KeyRevoked', data: { staff, key } }));
        return issued;
      } catch (error) {
        if (error instanceof NotTheFirst) return null;
        throw error;
      }
    },

    async addStaff(by, member) {
      return { id: await add(by, member, (view, id) => refuseSecondLogin(view, member, id)) };
    },

    async changeRoles(by, staff, roles, deputy) {
      await record(by, (view) => {
        if (isAdmin(staffOf(view, staff)) && !roles.includes('admin')) keepAnAdmin(view, staff);
        return { type: 'RolesChanged', data: { staff, roles: [...roles], deputy } };
      });
    },

    async removeStaff(by, staff) {
      await record(by, (view) => {
        if (isAdmin(staffOf(view, staff))) keepAnAdmin(view, staff);
        return { type: 'StaffRemoved', data: { staff } };
      });
    },

    async eraseStaff(by, staff) {
      await record(by, (view) => {
        const found = view.staff.get(staff) ?? refuse({ code: 'no-such', kind: 'staff', id: staff, known: [] });
        if (!found.removed)
          refuse({
            code: 'contradiction',
            paths: ['staff'],
            says: 'This login is in use. Remove it first, then erase the name.',
          });
        return { type: 'StaffErased', data: { staff } };
      });
      await directory.erase(staff); // again when it is asked again: a crash in between leaves nothing behind
    },

    issueKey,

    async revokeKey(by, staff, key) {
      await record(by, (view) => {
        const found = view.keys.get(key);
        const own = [...view.keys.values()].filter((k) => k.staff === staff && k.revokedAt === null).map((k) => k.key);
        if (found?.staff !== staff) return refuse({ code: 'no-such', kind: 'key', id: key, known: own });
        if (found.revokedAt) refuse({ code: 'already', what: 'revoked', since: found.revokedAt });
        return { type: 'KeyRevoked', data: { staff, key } };
      });
    },

    async authenticate(secret) {
      const [doc, view] = await Promise.all([apiKeys.findOne({ _id: sha256Hex(secret) }), current()]);
      const login = doc ? loginOf(doc.key, view) : 'unknown';
      if (doc && typeof login === 'object' && doc.usedAt === undefined)
        await apiKeys.updateOne({ _id: doc._id, usedAt: { $exists: false } }, { $set: { usedAt: now() } });
      return login;
    },

    async logins() {
      const [docs, view] = await Promise.all([apiKeys.find({}).toArray(), current()]);
      return new Map(
        docs.flatMap((doc) => {
          const login = loginOf(doc.key, view);
          return typeof login === 'object' ? [[doc._id, login] as const] : [];
        }),
      );
    },

    async staff() {
      const { staff, keys } = await current();
      return Promise.all(
        [...staff.values()].map(async ({ addedAt: _addedAt, makers: _makers, ...member }) => {
          const person = await directory.get(member.id);
          const own = [...keys.values()].filter((key) => key.staff === member.id);
          return {
            ...member,
            name: person?.name ?? null,
            email: person?.email ?? null,
            keys: own.map(({ key, issuedAt, revokedAt }) => ({ key, issuedAt, revokedAt })),
          };
        }),
      );
    },

    async stillHere(ids) {
      const { staff } = await current();
      return new Set(ids.filter((id) => staff.get(id)?.removed !== true));
    },

    async contacts() {
      const { staff } = await current();
      const contacts = [...staff.values()].map(async ({ id, roles, deputy, removed }): Promise<StaffContact[]> => {
        const person = removed ? null : await directory.get(id);
        if (!person) return [];
        const { email, zone, language } = person;
        return [
          {
            id,
            roles,
            deputy,
            email,
            ...(zone !== undefined && { zone }),
            ...(language !== undefined && { language }),
          },
        ];
      });
      return (await Promise.all(contacts)).flat();
    },

    async describe(by, organisation, playbook) {
      await record(by, (view) => ({
        type: 'OrganisationDescribed',
        data: { organisation, playbook: playbook ?? view.described?.playbook ?? DEFAULT_PLAYBOOK },
      }));
    },

    get: async () => (await current()).described,

    ...standingAuthorisation({ current, record }),

    async verifyMailbox(by, { authority, address, how }) {
      const addressSha256 = sha256Hex(normalised(address));
      const _id = `${authority}/${addressSha256}`;
      const sealed = sealJson(await keys.forSealing('organisation'), `mailbox/${_id}`, address);
      await record(by, async () => {
        await mailboxDocs.replaceOne({ _id }, { sealed }, { upsert: true });
        return { type: 'MailboxVerified', data: { authority, addressSha256, how } };
      });
    },

    async mailboxes() {
      const { mailboxes } = await current();
      const verified = [...mailboxes.values()].map(async ({ how: _how, ...mailbox }): Promise<VerifiedMailbox[]> => {
        const _id = `${mailbox.authority}/${mailbox.addressSha256}`;
        const doc = await mailboxDocs.findOne({ _id });
        return doc
          ? [
              {
                ...mailbox,
                address: unsealJson<string>(await keys.forReading('organisation'), `mailbox/${_id}`, doc.sealed),
              },
            ]
          : [];
      });
      return (await Promise.all(verified)).flat();
    },
  };
}
