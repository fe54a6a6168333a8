import type { Instant } from '../clock/instant.js';
import type { Segment } from '../clock/segments.js';
import type { MessageContent } from '../message/model.js';
import type { NoticeContent } from '../notice/model.js';
import type { Assessment } from '../risk/assessment.js';
import type { RiskLevel } from '../risk/levels.js';
import type { Actor, AwarenessKey, Cause, DeliveryChannel, Finding, MailingTotals, Setting } from './events.js';
import type { FactInput } from './facts.js';
import type { Role, StandingAuthorisation } from './organisation.js';
import type { Telling } from './telling.js';

export type FindingInput = Omit<Finding, 'by' | 'recordedAt'>;

/** What starts an incident. `setting` is added by the API. */
export interface Declaration {
  readonly incidentId: string;
  readonly mode: 'live' | 'drill';
  readonly title: string;
  /** With `awareAt` it is confirmed, without it suspected. `firstHintAt` defaults to the instant of declaration. */
  readonly awareness: Partial<Record<AwarenessKey, FindingInput>>;
  readonly facts: readonly FactInput[];
  readonly setting: Setting;
  /** Drills only; a live incident gets the real clock. */
  readonly clock: readonly Segment[] | null;
  /** POLICY of the day on which it was declared; left out by those of before there was a second one: 1. */
  readonly policy?: number;
}

/** Where two people are needed and only one is awake: a written reason, an alarm to everybody, a review within 24 hours. */
interface MayBreakGlass {
  readonly breakGlass?: { readonly reason: string } | undefined;
}

// biome-ignore format: a table is read by the row
interface CommandData {
  // People
  ConfirmAwareness: { awareness: Partial<Record<AwarenessKey, FindingInput>>; reason: string | null; setting: Setting | null };
  /** An earlier awareAt acts at once; a later one waits for a second person, who repeats it with `confirms`. */
  CorrectAwareness: { key: AwarenessKey; finding: FindingInput; reason: string; confirms: string | null } & MayBreakGlass;
  RecordFacts: { facts: readonly FactInput[] };
  /** UNLIKELY_RISK (no notice) waits for a second person, who repeats it with `confirms`. `setting` is added by the API. */
  DecideRisk: { level: RiskLevel; reasons: string; confirms: string | null; setting: Setting | null } & MayBreakGlass;
  /** `content`, `sha256` and `basedOn` are filled in by the engine's own drafting; a person only asks for it. */
  DraftNotice: { withdraw: string | null };
  /** `setting` is added by the API: how each authority can be reached now. */
  ApproveNotice: { phase: number; sha256: string; hold: boolean; setting: Setting | null };
  /** Sends what was approved with `hold`, or what waited for a verified mailbox. */
  ReleaseNotice: { phase: number; setting: Setting | null };
  RevokeApproval: { phase: number; sha256: string; reason: string };
  RecordReceipt: { phase: number; authority: string; reference: string; receivedAt: Instant; evidence: string | null };
  HoldDuty: { duty: string; requestedBy: string; basis: string; caseRef: string; reviewAt: Instant };
  ReleaseDuty: { duty: string; reason: string };
  ExemptDuty: { duty: string; reason: string; rule: string; proof: string | null; confirms?: string | null } & MayBreakGlass;
  /** One authority more than the list names or the rules opened. */
  OpenDuty: { authority: string; reason: string };
  /** `told`: how people were told, where the task is to tell them; null when nobody says. Commands of before have no such field. */
  CompleteTask: { task: string; note: string | null; told?: Telling | null };
  Acknowledge: { milestone: string | null };
  FreezePeopleList: { list: string; count: number; sha256: string; rejected: number; duplicates: number };
  /** Twice, by two people, before a mailing may start. */
  ApproveMessage: { message: string; content: MessageContent; sha256: string; list: string; listSha256: string } & MayBreakGlass;
  StartMailing: { message: string; list: string };
  PauseMailing: { mailing: number; reason: string };
  ResumeMailing: { mailing: number };
  ReviewBreakGlass: { use: string; finding: string };
  /** Once confirmed, a withdrawal waits for a second person, who repeats it with `confirms`. */
  Withdraw: { because: 'not_a_breach' | 'duplicate' | 'other'; duplicateOf: string | null; reason: string; confirms: string | null } & MayBreakGlass;
  Close: { reason: string };
  Reopen: { reason: string };
  // Drills
  AddClockSegment: { segment: Segment; because: string };
  ReleaseInject: { inject: string; text: string; from: string; to: string };
  // The engine's own, never accepted from outside
  ProposeTriage: { assessment: Assessment; factsSeq: number; rules: string };
  PutDraft: { content: NoticeContent; sha256: string; basedOn: number; for: Actor; loginMadeBy: string | null; loginMadeByAll?: readonly string[] };
  ReportSubmission: { phase: number; authority: string; channel: 'email' | 'portal'; at: Instant; attempt: number; messageId: string | null; artifacts: Record<string, string>; reply: string | null; sha256?: string };
  ReportStalled: { phase: number; authority: string; since: Instant };
  ReportAmbiguous: { phase: number; authority: string; attempt: number; messageId: string };
  ReportRefusal: { phase: number; authority: string; attempt: number; code: number };
  ReportPortalPack: { phase: number; authority: string; sha256?: string; artifacts: Record<string, string> };
  ReportEscalation: { milestone: string; round: number; to: string[]; outcomes: { channel: DeliveryChannel; ok: boolean; count: number }[]; token: string };
  /** From the API when it changes, and from the engine's own look at the hour of filing. */
  RenewSetting: { standing: StandingAuthorisation | null; mailboxes: readonly { authority: string; address: string; verifiedAt: Instant }[] };
  /** At the hour of a standing authorisation. `draft`: null when nothing could be filed anyway. */
  FileAutomatically: { draft: { content: NoticeContent; sha256: string; basedOn: number } | null };
  /** The recorder or a check of the database: entries that were in the ledger are missing from `from` on, or another stands there. */
  ReportRecordGap: { from: number; why: 'missing' | 'other' };
  ReportRecordWhole: Record<never, never>;
  ReportMailing: { mailing: number; state: 'paused' | 'completed'; reason: string | null; totals: MailingTotals; outcomesSha256: string | null };
}

export type CommandType = keyof CommandData;
export type Command = { [T in CommandType]: { readonly type: T } & Readonly<CommandData[T]> }[CommandType];
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;

/** A command with who gives it. `loginMadeBy`: who made that person's login (nobody approves with a login the author made). */
export interface CommandRequest {
  readonly command: Command;
  readonly actor: Actor;
  readonly loginMadeBy: string | null;
  /** Everybody who had a hand in that login: who made it, who issued its key, who made the login of that one. */
  readonly loginMadeByAll?: readonly string[];
  /** All roles of that person, for tasks that are for one of them. */
  readonly roles?: readonly Role[];
  readonly cause: Cause | null;
}

const ANY_STAFF: readonly Role[] = ['responder', 'dpo', 'approver'];

/** Who may do what: the one table that API, CLI, console and tests read. 'engine' commands have no row. */
export const MAY: Readonly<
  Partial<
    Record<
      | CommandType
      | 'Declare'
      | 'Read'
      | 'ReadLedger'
      | 'ManageStaff'
      | 'ManageOrganisation'
      | 'UploadPeople'
      | 'VerifyMailbox'
      | 'AuthoriseFiling'
      | 'RevokeAuthorisation'
      | 'RunDrill',
      readonly Role[]
    >
  >
> = {
  Declare: ['responder', 'dpo', 'approver', 'facilitator'],
  Read: ['responder', 'dpo', 'approver', 'facilitator', 'auditor', 'admin'],
  ReadLedger: ['dpo', 'auditor', 'facilitator'],
  ManageStaff: ['admin'],
  ManageOrganisation: ['admin', 'dpo'],
  VerifyMailbox: ['dpo', 'approver'],
  AuthoriseFiling: ['approver'], // an approval given in advance: theirs, like every other
  RevokeAuthorisation: ['dpo', 'approver'],
  UploadPeople: ['responder', 'dpo'],
  RunDrill: ['facilitator'],
  ConfirmAwareness: ANY_STAFF,
  CorrectAwareness: ['dpo', 'approver'],
  RecordFacts: ANY_STAFF,
  DecideRisk: ['dpo', 'approver'],
  DraftNotice: ANY_STAFF,
  ApproveNotice: ['approver'],
  ReleaseNotice: ['approver'],
  RevokeApproval: ['approver'],
  RecordReceipt: ANY_STAFF,
  HoldDuty: ['dpo', 'approver'],
  ReleaseDuty: ['dpo', 'approver'],
  ExemptDuty: ['dpo', 'approver'],
  OpenDuty: ['dpo', 'approver'],
  CompleteTask: ANY_STAFF,
  Acknowledge: ANY_STAFF,
  FreezePeopleList: ['responder', 'dpo'],
  ApproveMessage: ['dpo', 'approver'],
  StartMailing: ['dpo', 'approver'],
  PauseMailing: ANY_STAFF,
  ResumeMailing: ['dpo', 'approver'],
  ReviewBreakGlass: ['dpo', 'approver'],
  Withdraw: ['dpo', 'approver'],
  Close: ['dpo', 'approver'],
  Reopen: ANY_STAFF,
  AddClockSegment: ['facilitator'],
  ReleaseInject: ['facilitator'],
};
