import type { Instant } from '../../domain/clock/instant.js';
import type { Actor, Cause, OrganisationEventData } from '../../domain/incident/events.js';
import type {
  Organisation,
  Playbook,
  Role,
  StaffContact,
  StandingAuthorisation,
} from '../../domain/incident/organisation.js';
import type { Person } from './directory.js';
import type { Login, MailboxView, StaffView } from './organisation-fold.js';

/** Who asks, with which of their keys, and under which idempotency key; the same idempotency key and body again give the first answer. */
export interface By {
  readonly actor: Actor;
  readonly cause: Cause | null;
  readonly key?: string;
}

export interface StaffMember extends Omit<StaffView, 'addedAt' | 'makers'> {
  /** Null when erased. */
  readonly name: string | null;
  readonly email: string | null;
  readonly keys: readonly { readonly key: string; readonly issuedAt: Instant; readonly revokedAt: Instant | null }[];
}
export interface VerifiedMailbox extends Omit<MailboxView, 'how'> {
  readonly address: string;
}
/** The secret is told once and stored nowhere. */
export interface IssuedKey {
  readonly staff: string;
  readonly key: string;
  readonly secret: string;
}
export interface NewMember extends Person {
  readonly roles: readonly Role[];
  readonly deputy: boolean;
}

/** What can be recorded, without the fields that every event has. */
export type Made = {
  [T in keyof OrganisationEventData]: { type: T; data: OrganisationEventData[T] };
}[keyof OrganisationEventData];

export interface NewAuthorisation {
  readonly authorities: readonly string[];
  readonly hoursBeforeDeadline: number;
  readonly until: Instant;
}
/** `inCharge`: who gave it is still an approver. */
export type AuthorisationView = StandingAuthorisation & { readonly inCharge: boolean };

/** Each change is an event; what cannot be is a RefusedError with its reasons, and nothing was written. */
export interface OrganisationStore {
  /**
   * The first administrator, with a key. Until that key was used once it may be asked again, by whoever lost the answer: the person
   * gets another key, and the earlier ones are revoked. Null from then on.
   */
  bootstrap(person: Person): Promise<IssuedKey | null>;
  addStaff(by: By, member: NewMember): Promise<{ id: string }>;
  changeRoles(by: By, staff: string, roles: readonly Role[], deputy: boolean): Promise<void>;
  /** Ends all logins of the person; who it was stays known until `eraseStaff`. */
  removeStaff(by: By, staff: string): Promise<void>;
  /** Destroys name and address of somebody removed. */
  eraseStaff(by: By, staff: string): Promise<void>;
  /** Refused when it was done before under this idempotency key: the secret cannot be told again. */
  issueKey(by: By, staff: string): Promise<IssuedKey>;
  revokeKey(by: By, staff: string, key: string): Promise<void>;
  authenticate(secret: string): Promise<Login | 'unknown' | 'revoked'>;
  /** Every key that opens at this moment, by the SHA-256 of its secret. */
  logins(): Promise<ReadonlyMap<string, Login>>;
  staff(): Promise<StaffMember[]>;
  /** Those of them who are not removed; who was never here counts as not removed. */
  stillHere(ids: readonly string[]): Promise<Set<string>>;
  /** Everybody who can be woken. */
  contacts(): Promise<StaffContact[]>;
  describe(by: By, organisation: Organisation, playbook?: Playbook): Promise<void>;
  get(): Promise<{ organisation: Organisation; playbook: Playbook } | null>;
  /** Takes the place of the one before. */
  authorise(by: By, given: NewAuthorisation): Promise<void>;
  revokeAuthorisation(by: By, reason: string): Promise<void>;
  /** The one in force or expired; null when there is none or it was revoked. */
  authorisation(): Promise<AuthorisationView | null>;
  verifyMailbox(by: By, mailbox: { authority: string; address: string; how: string }): Promise<void>;
  mailboxes(): Promise<VerifiedMailbox[]>;
}
