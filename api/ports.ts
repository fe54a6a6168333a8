import type { Artifacts, Hasher, LedgerHead, NoticeRenderer, Outcomes } from '../activities/ports.js';
import type { Instant } from '../domain/clock/instant.js';
import type { DrillInput, DrillProgress } from '../domain/drill/input.js';
import type { CommandRequest, Declaration } from '../domain/incident/commands.js';
import type { Actor, Cause } from '../domain/incident/events.js';
import type {
  Organisation,
  Playbook,
  Role,
  StaffContact,
  StandingAuthorisation,
} from '../domain/incident/organisation.js';
import type { Refusal } from '../domain/incident/refusals.js';
import type { IncidentState, Phase } from '../domain/incident/state.js';
import type { Segment } from '../domain/message/segments.js';
import type { MessageContent } from '../domain/message/model.js';

/** What the API needs from the world. `api/serve.ts` puts the adapters behind it; tests put readable fakes. */

/**
 * Whose key this is, and which. `makers`: everybody beside that person who had a hand in the login or the key, the login's creator
 * first (nobody approves with a login the author made).
 */
export interface Login {
  readonly staff: string;
  readonly key: string;
  readonly roles: readonly Role[];
  readonly makers: readonly string[];
}

/**
 * The way to the workflows. Refusals are values; an engine that does not answer is one too, so that nobody takes silence for a no.
 * `unknown`: it may have been accepted; the same key again is safe. `unavailable`: nothing was handed over.
 */
export type Sent =
  | { readonly is: 'accepted'; readonly seq: number; readonly repeated: boolean }
  | { readonly is: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly is: 'no-such' | 'unknown' | 'unavailable' | 'record-behind' }
  | { readonly is: 'record-broken'; readonly firstBad: number };
export interface Gateway {
  /** A plain start; a second one with the same id finds the first (`existed`). */
  declare(
    declaration: Declaration,
    actor: Actor,
    cause: Cause,
  ): Promise<{ readonly is: 'started' | 'existed' } | { readonly is: 'unknown' | 'unavailable' }>;
  /** Starts an incident that has ended, or that the engine has lost, anew from its ledger when a command comes. */
  send(incidentId: string, request: CommandRequest): Promise<Sent>;
  state(
    incidentId: string,
  ): Promise<{ readonly is: 'known'; readonly state: IncidentState } | { readonly is: 'no-such' | 'unavailable' }>;
}

export interface LedgerReads {
  head(stream: string): Promise<LedgerHead | null>;
  /** For reading; erased data come as null instead of an error. */
  records(stream: string, fromSeq?: number): Promise<readonly LedgerLine[]>;
  verifyChain(
    stream: string,
  ): Promise<
    | { readonly ok: true; readonly entries: number }
    | { readonly ok: false; readonly firstBad: number; readonly why: string }
  >;
}
export interface LedgerLine {
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly at: Instant;
  readonly actor: Actor;
  readonly cause: Cause | null;
  readonly v: number;
  readonly prev: string | null;
  readonly hash: string;
  readonly data: unknown;
}

export interface ViewReads {
  load(incidentId: string): Promise<IncidentState | null>;
  /** As `load`, once the view has reached `minSeq`; null when it has not within `waitMs`. */
  loadAtLeast(incidentId: string, minSeq: number, waitMs: number): Promise<IncidentState | null>;
  /** Newest declaration first; the state is null when its key was erased. `declaredFrom` and `declaredBefore` are the ends of a span. */
  board(filter?: {
    phases?: readonly Phase[];
    limit?: number;
    declaredFrom?: Instant;
    declaredBefore?: Instant;
  }): Promise<readonly { readonly state: IncidentState | null }[]>;
}

/** A declaration that waits for the workflow engine. */
export interface Intake {
  readonly declaration: Declaration;
  readonly actor: Actor;
  readonly cause: Cause;
}
/** Owns the uniqueness of incident ids over the years. */
export interface Intakes {
  put(
    intake: Intake,
    receivedAt: Instant,
  ): Promise<{
    readonly outcome: 'stored' | 'repeated' | 'other-body' | 'other-caller' | 'id-taken';
    readonly receivedAt: Instant;
    readonly started: boolean;
  }>;
  find(incidentId: string): Promise<{ readonly started: boolean } | null>;
  /** What waits for the engine, oldest first. */
  waiting(limit?: number): Promise<readonly (Intake & { readonly receivedAt?: Instant })[]>;
  started(incidentId: string, at: Instant): Promise<void>;
}

export interface ImportedList {
  readonly list: string;
  readonly count: number;
  readonly sha256: string;
  readonly rejected: number;
  readonly duplicates: number;
  /** By country, language and data leaked; null where nobody worked them out. */
  readonly segments: readonly Segment[] | null;
}
export interface ImportReport extends ImportedList {
  /** The first ones; never with what stands there. */
  readonly problems: readonly {
    readonly row: number;
    readonly column: number | null;
    readonly reason: string;
    readonly rejected: boolean;
  }[];
  readonly problemsLeftOut: number;
  readonly ignoredColumns: readonly number[];
}
export interface PeopleImports {
  /**
   * Reads the CSV to its end and freezes the list. A file that is broken as a whole gives `broken` and leaves nothing behind.
   * The same list id again: what an interrupted upload left is replaced; a finished one is the answer, when it was the same file
   * (`another` when it was not).
   */
  import(upload: {
    incident: string;
    list: string;
    csv: AsyncIterable<Uint8Array>;
    defaultLanguage: string;
    /** Of the request with its key and caller, hex. */
    requestSha256: string;
  }): Promise<
    | { readonly report: ImportReport }
    | { readonly another: true }
    | { readonly broken: { readonly row: number; readonly problem: string } }
  >;
  /** What was uploaded whole, oldest first, accepted or not. */
  lists(incident: string): Promise<readonly ImportedList[]>;
}

/** Texts for affected people by their hash. */
export interface MessageDrafts {
  /** Idempotent; answers the hash that people approve, under this cause from now on. */
  put(message: MessageContent, cause: Cause): Promise<string>;
  /** What was answered under this idempotency key, and to which body; null when it is new. */
  answered(keyHash: string): Promise<{ readonly bodyHash: string; readonly sha256: string } | null>;
  message(sha256: string): Promise<MessageContent | null>;
  /** The hash of the text that was proposed last for this incident. */
  latest(incident: string): Promise<string | null>;
}

export type RegisterLine = Readonly<Record<string, unknown>> & {
  readonly incident: string;
  readonly mode: 'live' | 'drill';
};
export interface RegisterReads {
  /** Oldest declaration first. Entries whose key was erased are left out and counted. */
  all(): Promise<{ readonly entries: readonly RegisterLine[]; readonly erased: number }>;
}

export interface StaffRecord {
  readonly id: string;
  /** Null when erased. */
  readonly name: string | null;
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly deputy: boolean;
  readonly createdBy: string | null;
  readonly removed: boolean;
  readonly keys: readonly { readonly key: string; readonly issuedAt: Instant; readonly revokedAt: Instant | null }[];
}
export interface VerifiedMailbox {
  readonly authority: string;
  readonly address: string;
  readonly verifiedAt: Instant;
}
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly zone?: string;
  readonly language?: string;
}
/** `key`: which of their keys they used. */
export interface By {
  readonly actor: Actor;
  readonly cause: Cause | null;
  readonly key?: string;
}
/** The secret is told once and stored nowhere. */
export interface IssuedKey {
  readonly staff: string;
  readonly key: string;
  readonly secret: string;
}

/**
 * Logins, roles, the profile and verified mailboxes; each change is an event of the stream `organisation`. What it refuses it throws
 * as an error named `RefusedError` with `refusals`. The first answer to an idempotency key is the answer to its repetition.
 */
export interface OrganisationStore {
  /** The first administrator, with a key; another key until the first was used, and null from then on. */
  bootstrap(person: Person): Promise<IssuedKey | null>;
  authenticate(secret: string): Promise<Login | 'unknown' | 'revoked'>;
  /** Every key that opens at this moment, by the SHA-256 of its secret. */
  logins(): Promise<ReadonlyMap<string, Login>>;
  staff(): Promise<readonly StaffRecord[]>;
  contacts(): Promise<readonly StaffContact[]>;
  addStaff(
    by: By,
    member: Person & { readonly roles: readonly Role[]; readonly deputy: boolean },
  ): Promise<{ readonly id: string }>;
  changeRoles(by: By, staff: string, roles: readonly Role[], deputy: boolean): Promise<void>;
  removeStaff(by: By, staff: string): Promise<void>;
  /** Destroys name and address of somebody removed. */
  eraseStaff(by: By, staff: string): Promise<void>;
  /** Refused when it was done before under this idempotency key: the secret cannot be told again. */
  issueKey(by: By, staff: string): Promise<IssuedKey>;
  revokeKey(by: By, staff: string, key: string): Promise<void>;
  get(): Promise<{ readonly organisation: Organisation; readonly playbook: Playbook } | null>;
  describe(by: By, organisation: Organisation, playbook?: Playbook): Promise<void>;
  /** What may be filed without approval; takes the place of the one before. */
  authorise(
    by: By,
    given: { authorities: readonly string[]; hoursBeforeDeadline: number; until: Instant },
  ): Promise<void>;
  revokeAuthorisation(by: By, reason: string): Promise<void>;
  /** In force or expired; null when there is none. `inCharge`: who gave it is still an approver. */
  authorisation(): Promise<(StandingAuthorisation & { readonly inCharge: boolean }) | null>;
  verifyMailbox(by: By, mailbox: { authority: string; address: string; how: string }): Promise<void>;
  mailboxes(): Promise<readonly VerifiedMailbox[]>;
}

/** Only ids, counts, states and times; the adapter drops every other field. */
export interface Log {
  info(line: Readonly<Record<string, string | number | boolean | null>>): void;
  error(line: Readonly<Record<string, string | number | boolean | null>>): void;
}

export interface ApiMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** `route` is the id of the route, never a path with ids in it. */
  answered(route: string, status: number, ms: number): void;
}

/** The autopilot of the drill side. */
export interface Drills {
  /** Starting the same drill again finds the first. */
  start(input: DrillInput): Promise<void>;
  progress(drillId: string): Promise<DrillProgress | null>;
}

/** Open incidents beside what the engine runs. Both reject when their store does not answer. */
export interface ClockReads {
  /** Ids of all that must have a clock, nearest deadline first. */
  open(): Promise<readonly string[]>;
  /** Of these the ones that the engine does not run. */
  without(incidents: readonly string[]): Promise<readonly string[]>;
}

export interface ApiDeps {
  readonly mode: 'live' | 'drill';
  /** Of the software, for the OpenAPI document. */
  readonly version: string;
  readonly now: () => Instant;
  readonly offsetMs: (zone: string, instant: Instant) => number;
  readonly gateway: Gateway;
  readonly ledger: LedgerReads;
  readonly views: ViewReads;
  readonly clocks: ClockReads;
  readonly intakes: Intakes;
  readonly artifacts: Pick<Artifacts, 'get'>;
  readonly people: PeopleImports;
  readonly messages: MessageDrafts;
  readonly outcomes: Pick<Outcomes, 'totals'>;
  readonly register: RegisterReads;
  readonly organisation: OrganisationStore;
  /** Null on the live side. */
  readonly drills: Drills | null;
  readonly hasher: Hasher;
  readonly renderer: NoticeRenderer;
  readonly log: Log;
  readonly metrics: ApiMetrics;
  /** Opens `/v1/bootstrap` while the store is empty; null closes it. */
  readonly bootstrapToken: string | null;
  /** What `/readyz` asks; each throws when it does not answer. */
  readonly checks: readonly { readonly name: string; readonly check: () => Promise<void> }[];
  /** Milliseconds; tests lower them. */
  readonly limits?: {
    readonly viewWaitMs?: number;
    readonly handlerMs?: number;
    readonly copyMs?: number;
    readonly quietMs?: number;
    readonly clocksMs?: number;
  };
}
