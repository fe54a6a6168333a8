import type { Instant } from '../../domain/clock/instant.js';
import type { OrganisationEvent } from '../../domain/incident/events.js';
import type { Organisation, Playbook, Role, StandingAuthorisation } from '../../domain/incident/organisation.js';

export interface StaffView {
  readonly id: string; // 'st_…'
  readonly roles: readonly Role[];
  readonly deputy: boolean;
  /** Staff id of who made the login; null for the first administrator. */
  readonly createdBy: string | null;
  /** Everybody whose work this login may be: who created it, and the makers of the key that they used. */
  readonly makers: readonly string[];
  readonly addedAt: Instant;
  readonly removed: boolean;
}
export interface KeyView {
  readonly key: string; // 'key_…'
  readonly staff: string;
  /** Everybody who may hold the secret beside the person themselves: the login's makers, who issued it, and the makers of their key. */
  readonly makers: readonly string[];
  readonly issuedAt: Instant;
  readonly revokedAt: Instant | null;
}
export interface MailboxView {
  readonly authority: string;
  readonly addressSha256: string;
  readonly verifiedAt: Instant;
  readonly verifiedBy: string;
  readonly how: string;
}

/** The fold of the stream `organisation`. */
export interface OrganisationView {
  readonly seq: number;
  readonly described: { readonly organisation: Organisation; readonly playbook: Playbook } | null;
  readonly staff: ReadonlyMap<string, StaffView>;
  readonly keys: ReadonlyMap<string, KeyView>;
  readonly mailboxes: ReadonlyMap<string, MailboxView>;
  /** The latest one that was not revoked; whether it has expired, or who gave it left, is asked when it is read. */
  readonly standing: StandingAuthorisation | null;
  /** Somebody has changed something: the set-up is over. */
  readonly inUse: boolean;
  /** Events by the hash of the key that caused them. */
  readonly answered: ReadonlyMap<string, OrganisationEvent>;
}

export const NOTHING_YET: OrganisationView = {
  seq: 0,
  described: null,
  staff: new Map(),
  keys: new Map(),
  mailboxes: new Map(),
  standing: null,
  inUse: false,
  answered: new Map(),
};

const put = <V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> =>
  value === undefined ? map : new Map(map).set(key, value);
const changed = <V>(map: ReadonlyMap<string, V>, key: string, change: Partial<V>): ReadonlyMap<string, V> => {
  const before = map.get(key);
  return put(map, key, before && { ...before, ...change });
};

/** An authorisation is known by its entry in the record. */
export const authorisationOf = ({
  seq,
  at,
  actor,
  data,
}: Extract<OrganisationEvent, { type: 'StandingAuthorisationGranted' }>): StandingAuthorisation => ({
  id: `organisation/${seq}`,
  ...data,
  grantedAt: at,
  grantedBy: actor.id,
});

/** The next view; events at or below the view's seq are passed over. */
export function foldOrganisation(view: OrganisationView, event: OrganisationEvent): OrganisationView {
  if (event.seq <= view.seq) return view;
  const answered = event.cause ? put(view.answered, event.cause.keyHash, event) : view.answered;
  const inUse = view.inUse || event.actor.role !== 'engine';
  return { ...apply(view, event), seq: event.seq, answered, inUse };
}

/** Who acted, and everybody who could have acted in their name with that key; with any of theirs, where the entry names none. */
function actors(view: OrganisationView, by: string | null, key: string | undefined): readonly string[] {
  if (by === null) return [];
  const used = [...view.keys.values()].filter((k) => k.staff === by && (key === undefined || k.key === key));
  return [by, ...(view.staff.get(by)?.makers ?? []), ...used.flatMap(({ makers }) => makers)];
}
const withoutTwice = (ids: readonly string[], self: string): readonly string[] =>
  [...new Set(ids)].filter((id) => id !== self);

function apply(view: OrganisationView, event: OrganisationEvent): OrganisationView {
  const by = event.actor.role === 'engine' ? null : event.actor.id;
  switch (event.type) {
    case 'OrganisationDescribed':
      return { ...view, described: event.data };
    case 'StaffAdded': {
      const { staff, roles, deputy } = event.data;
      const makers = withoutTwice(actors(view, by, event.data.with), staff);
      return {
        ...view,
        staff: put(view.staff, staff, {
          id: staff,
          roles,
          deputy,
          createdBy: by,
          makers,
          addedAt: event.at,
          removed: false,
        }),
      };
    }
    case 'RolesChanged': {
      const { staff, roles, deputy } = event.data;
      return { ...view, staff: changed(view.staff, staff, { roles, deputy }) };
    }
    case 'StaffRemoved':
      return { ...view, staff: changed(view.staff, event.data.staff, { removed: true }) };
    case 'StaffErased':
      return view; // the name lies outside the record
    case 'KeyIssued': {
      const { key, staff } = event.data;
      const login = view.staff.get(staff)?.makers ?? [];
      const makers = withoutTwice([...login, ...actors(view, by, event.data.with)], staff);
      return { ...view, keys: put(view.keys, key, { key, staff, makers, issuedAt: event.at, revokedAt: null }) };
    }
    case 'KeyRevoked':
      return { ...view, keys: changed(view.keys, event.data.key, { revokedAt: event.at }) };
    case 'MailboxVerified': {
      const { authority, addressSha256, how } = event.data;
      return {
        ...view,
        mailboxes: put(view.mailboxes, authority, {
          authority,
          addressSha256,
          how,
          verifiedAt: event.at,
          verifiedBy: event.actor.id,
        }),
      };
    }
    case 'StandingAuthorisationGranted':
      return { ...view, standing: authorisationOf(event) };
    case 'StandingAuthorisationRevoked':
      return { ...view, standing: null };
  }
}

export interface Login {
  readonly staff: string;
  readonly key: string;
  readonly roles: readonly Role[];
  readonly deputy: boolean;
  /** Everybody beside this person who made the login or one of the keys that led to this one; the login's creator first. */
  readonly makers: readonly string[];
}

/** What a key opens. */
export function loginOf(id: string, view: OrganisationView): Login | 'unknown' | 'revoked' {
  const key = view.keys.get(id);
  const staff = key && view.staff.get(key.staff);
  if (!key || !staff) return 'unknown';
  if (key.revokedAt !== null || staff.removed) return 'revoked';
  return { staff: staff.id, key: key.key, roles: staff.roles, deputy: staff.deputy, makers: key.makers };
}
