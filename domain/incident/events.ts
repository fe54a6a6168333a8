import type { AuthorityEnvelope } from '../authorities/authority.js';
import type { Instant } from '../clock/instant.js';
import type { Segment } from '../clock/segments.js';
import type { Duty } from '../duties/duty.js';
import type { MessageContent } from '../message/model.js';
import type { NoticeContent } from '../notice/model.js';
import type { Assessment } from '../risk/assessment.js';
import type { RiskLevel } from '../risk/levels.js';
import type { Fact } from './facts.js';
import type { Organisation, Playbook, Role, StaffContact, StandingAuthorisation } from './organisation.js';
import type { Withheld } from './withheld.js';
import type { Telling } from './telling.js';

export type ActorRole = Role | 'engine';
/** Who acted: an opaque staff id and the role in which; the engine acts as `{ id: 'engine', role: 'engine' }`. */
export interface Actor {
  readonly id: string;
  readonly role: ActorRole;
}
export const ENGINE: Actor = { id: 'engine', role: 'engine' };

/** SHA-256 of the idempotency key and of the canonical request body; null for what the engine does by itself. */
export interface Cause {
  readonly keyHash: string;
  readonly bodyHash: string;
}

export const AWARENESS = ['firstHintAt', 'firstEmployeeKnowledgeAt', 'processorInformedUsAt', 'awareAt'] as const;
export type AwarenessKey = (typeof AWARENESS)[number];

/** A legal finding about an instant: it has an author, a source and a zone. `by` and `recordedAt` are ours. */
export interface Finding {
  readonly at: Instant;
  readonly zone: string; // IANA: where the person who found it read the clock
  readonly source: string;
  readonly by: string;
  readonly recordedAt: Instant;
}

/** Everything the incident needs to act while the database is away. Added by the API, never by the caller. */
export interface Setting {
  readonly organisation: Organisation;
  readonly contacts: readonly StaffContact[];
  readonly authorities: readonly AuthorityEnvelope[];
  readonly playbook: Playbook;
  /** What may be filed without anybody's approval; left out when nothing may. */
  readonly standing?: StandingAuthorisation | null;
  /** Other authorities whose mailbox a person has verified: facts may yet make one of them competent. */
  readonly ways?: readonly AuthorityEnvelope[];
}

export interface MilestoneRef {
  /** `declared`, `aware+48h`, `hint+24h`, `people+24h`, `review/break-glass-1`. */
  readonly id: string;
  readonly kind: MilestoneKind;
  readonly dueAt: Instant;
}
/** `alarm`: something that wakes people the moment it happens (declared, confirmed, break-glass). */
export type MilestoneKind =
  | 'alarm'
  | 'ladder'
  | 'deadline'
  | 'suspicion'
  | 'people'
  | 'soon' // owed as soon as possible, without a number of hours
  | 'hold-review'
  | 'break-glass-review'
  | 'automatic-warning'
  | 'automatic-filing';

export type DeliveryChannel = 'email' | 'fallback-email' | 'pager';
export type TaskKind =
  | 'reasons-for-delay'
  | 'decide-suspicion'
  | 'decide-risk'
  | 'approve-notice'
  | 'file-at-portal'
  | 'verify-mailbox'
  | 'record-receipt'
  | 'tell-people'
  | 'follow-up-notice'
  | 'review-break-glass'
  | 'review-hold'
  | 'notice-refused'
  | 'notice-stalled'
  | 'mailing-paused'
  | 'review-automatic-notice'
  | 'settle-authority'
  | 'other';

/** Each recipient counts in one place: all of them together are `total`. */
export interface MailingTotals {
  readonly total: number;
  readonly accepted: number;
  readonly refused: number;
  readonly deferred: number;
  readonly suppressed: number;
  readonly ambiguous: number;
  /** Accepted when sent once more after an ambiguous outcome: possible second copies, each on record. */
  readonly resent: number;
}

// biome-ignore format: a table is read by the row
export interface EventData {
  IncidentDeclared: {
    mode: 'live' | 'drill'; policy: number; title: string; confirmed: boolean;
    awareness: Partial<Record<AwarenessKey, Finding>>; setting: Setting; clock: Segment[];
  };
  AwarenessConfirmed: { findings: Partial<Record<AwarenessKey, Finding>>; reason: string | null; setting: Setting | null };
  AwarenessCorrectionProposed: { proposal: string; finding: Finding; reason: string; loginMadeBy: string | null; loginMadeByAll?: readonly string[] };
  AwarenessCorrected: { key: AwarenessKey; before: Finding | null; finding: Finding; reason: string; confirms: string | null };
  FactsRecorded: { facts: Fact[] };
  TriageProposed: { assessment: Assessment; factsSeq: number; rules: string };
  RiskDecisionProposed: { proposal: string; level: RiskLevel; reasons: string; basedOn: number | null; loginMadeBy: string | null; loginMadeByAll?: readonly string[]; setting: Setting | null };
  RiskDecided: { level: RiskLevel; reasons: string; basedOn: number | null; supersedes: number | null; confirms: string | null; setting: Setting | null };
  /** Also brings an exempt or waived duty back. `way`: how an authority is reached that the setting did not know. `later`: it rings for itself. */
  DutyOpened: { duty: Duty; way?: AuthorityEnvelope; because?: string; later?: boolean };
  DutyRecomputed: { duty: string; before: Instant | null; dueAt: Instant | null; rules: string; because: string };
  DutyHeld: { duty: string; requestedBy: string; basis: string; caseRef: string; reviewAt: Instant };
  DutyReleased: { duty: string; reason: string };
  /** Not telling people, though the risk is high, takes two. */
  DutyExemptionProposed: { proposal: string; duty: string; reason: string; rule: string; proof: string | null; loginMadeBy: string | null; loginMadeByAll?: readonly string[] };
  DutyExempted: { duty: string; reason: string; rule: string; proof: string | null };
  DutyDischarged: { duty: string; at: Instant; late: boolean; by: string };
  MilestoneReached: { milestone: MilestoneRef; reachedAt: Instant; because: 'due' | 'already_past'; owed: boolean };
  EscalationSent: { milestone: string; round: number; to: string[]; outcomes: { channel: DeliveryChannel; ok: boolean; count: number }[]; token: string };
  EscalationAcknowledged: { milestone: string };
  TaskOpened: { task: string; kind: TaskKind; roles: Role[]; about: string; dueAt: Instant | null };
  /** Of a task that is done already: how people were told is said, or corrected, later. */
  TaskDone: { task: string; note: string | null; told?: Telling };
  NoticeDrafted: { phase: number; content: NoticeContent; sha256: string; basedOn: number; loginMadeBy: string | null; loginMadeByAll?: readonly string[] };
  /** Also what releases a held one. `authorities`: who gets this phase, as they can be reached now. */
  NoticeApproved: {
    phase: number; sha256: string; hold: boolean; setting: Setting | null;
    /** By the engine, under a standing authorisation and for these authorities only. */
    automatic?: { authorisation: string; authorities: string[]; dueAt: Instant };
  };
  /** At the hour of a standing authorisation: whom no notice went to by itself, and everything that stood against it. */
  AutomaticFilingWithheld: { dueAt: Instant; withheld: { authority: string; because: Withheld[] }[] };
  /** What may be filed without approval, or how an authority is reached, changed while the incident was open. */
  SettingRenewed: { standing: StandingAuthorisation | null; mailboxes: { authority: string; address: string; verifiedAt: Instant }[] };
  ApprovalRevoked: { phase: number; sha256: string; reason: string };
  NoticeSubmitted: { phase: number; authority: string; channel: 'email' | 'portal'; at: Instant; attempt: number; messageId: string | null; artifacts: Record<string, string>; reply: string | null; sha256?: string };
  /** What a person files at a portal lies ready; the receipt that they record is the submission. */
  PortalPackMade: { phase: number; authority: string; sha256: string; artifacts: Record<string, string> };
  /** The relay takes nothing: it has waited for so long that people must know. */
  NoticeStalled: { phase: number; authority: string; since: Instant };
  NoticeOutcomeAmbiguous: { phase: number; authority: string; attempt: number; messageId: string };
  NoticeRefused: { phase: number; authority: string; attempt: number; code: number };
  ReceiptRecorded: { phase: number; authority: string; reference: string; receivedAt: Instant; evidence: string | null };
  PeopleListFrozen: { list: string; count: number; sha256: string; rejected: number; duplicates: number };
  MessageApproved: { message: string; content: MessageContent; sha256: string; list: string; listSha256: string; loginMadeBy: string | null; loginMadeByAll?: readonly string[]; breakGlass: boolean };
  MailingStarted: { mailing: number; message: string; sha256: string; list: string; count: number };
  MailingPaused: { mailing: number; reason: string };
  MailingResumed: { mailing: number };
  MailingCompleted: { mailing: number; totals: MailingTotals; outcomesSha256: string; at: Instant };
  BreakGlassUsed: { use: string; for: string; reason: string; loginMadeBy?: string | null; loginMadeByAll?: readonly string[] };
  BreakGlassReviewed: { use: string; finding: string };
  ClockSegmentAdded: { segment: Segment; because: string };
  InjectReleased: { inject: string; text: string; from: string; to: string };
  /** A confirmed breach is given up as none, or as a duplicate, only by two people. */
  WithdrawalProposed: { proposal: string; because: 'not_a_breach' | 'duplicate' | 'other'; duplicateOf: string | null; reason: string; loginMadeBy: string | null; loginMadeByAll?: readonly string[] };
  IncidentWithdrawn: { because: 'not_a_breach' | 'duplicate' | 'other'; duplicateOf: string | null; reason: string };
  IncidentClosed: { reason: string };
  IncidentReopened: { reason: string; because: 'person' | 'fact_changed' };
  /** The ledger lacks entries that were in it, or has another in their place: the database was set back or altered. People are woken. */
  RecordGapFound: { from: number; why: 'missing' | 'other' };
  RecordGapClosed: { from: number };
  PolicyAdopted: { policy: number };
}

export type EventType = keyof EventData;
export const EVENT_VERSION = 1;

/** One entry of the record before it is sealed. `stream` is the incident's id; `seq` counts from 1 without gaps; `at` is act time. */
export type IncidentEvent = {
  [T in EventType]: {
    readonly stream: string;
    readonly seq: number;
    readonly type: T;
    readonly at: Instant;
    readonly actor: Actor;
    readonly cause: Cause | null;
    readonly data: EventData[T];
    readonly v: typeof EVENT_VERSION;
  };
}[EventType];

export type EventOf<T extends EventType> = Extract<IncidentEvent, { type: T }>;
/** What `decide` makes: the stream, seq, time, actor and cause are put around it by one function. */
export type NewEvent = {
  [T in EventType]: { readonly type: T; readonly data: EventData[T]; readonly actor?: Actor };
}[EventType];

/** Events of the stream `organisation`: logins, roles, verified mailboxes, standing authorisations. Written by the API alone. */
export interface OrganisationEventData {
  OrganisationDescribed: { organisation: Organisation; playbook: Playbook };
  /** `with`: the key of the person who did it; whoever could use that key may be who it was. Left out in old entries. */
  StaffAdded: { staff: string; roles: Role[]; deputy: boolean; with?: string };
  RolesChanged: { staff: string; roles: Role[]; deputy: boolean };
  StaffRemoved: { staff: string };
  /** Name and address of somebody removed were destroyed. */
  StaffErased: { staff: string };
  KeyIssued: { staff: string; key: string; with?: string };
  KeyRevoked: { staff: string; key: string };
  MailboxVerified: { authority: string; addressSha256: string; how: string };
  StandingAuthorisationGranted: { authorities: string[]; hoursBeforeDeadline: number; until: Instant };
  StandingAuthorisationRevoked: { reason: string };
}
export type OrganisationEvent = {
  [T in keyof OrganisationEventData]: {
    readonly stream: 'organisation';
    readonly seq: number;
    readonly type: T;
    readonly at: Instant;
    readonly actor: Actor;
    readonly cause: Cause | null;
    readonly data: OrganisationEventData[T];
    readonly v: typeof EVENT_VERSION;
  };
}[keyof OrganisationEventData];
export type AnyEvent = IncidentEvent | OrganisationEvent;
