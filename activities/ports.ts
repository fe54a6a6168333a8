import type { Instant } from '../domain/clock/instant.js';
import type { AnyEvent, IncidentEvent, MailingTotals } from '../domain/incident/events.js';
import type { CommandRequest } from '../domain/incident/commands.js';
import type { StandingAuthorisation } from '../domain/incident/organisation.js';
import type { RegisterEntry } from '../domain/incident/register-entry.js';
import type { IncidentState } from '../domain/incident/state.js';
import type { MessageContent, PeopleMessage } from '../domain/message/model.js';
import type { Reader, Segment } from '../domain/message/segments.js';
import type { NoticeContent, NoticeEnvelope } from '../domain/notice/model.js';
import type { MailingInput } from '../domain/message/mailing.js';

/** What the activities need from the world. Adapters implement these; each has one contract test for the fake and the real one. */

export interface LedgerHead {
  readonly seq: number;
  readonly hash: string; // SHA-256, hex
}

export interface Ledger {
  /**
   * Appends in order, idempotently: an entry that is there with the same hash is passed over. Throws an error named `LedgerConflict`
   * when another entry stands at the same seq, `LedgerGap` when an earlier one is missing. Answers the head after the append.
   */
  append(events: readonly AnyEvent[]): Promise<LedgerHead>;
  read(stream: string, fromSeq?: number): Promise<AnyEvent[]>;
  head(stream: string): Promise<LedgerHead | null>;
}

/** Declarations that came in, kept until they are on record. */
export interface DeclarationsKept {
  /** It is on record: what was kept of it is dropped. */
  recorded(incidentId: string, at: Instant): Promise<void>;
}

export interface IncidentViews {
  /** Folds the events into the stored view; only forward by seq, so that a late or double call does nothing. */
  forward(incidentId: string, events: readonly IncidentEvent[]): Promise<void>;
  load(incidentId: string): Promise<IncidentState | null>;
}

/** The Art. 33(5) register: one entry an incident, written only forward by seq. */
export interface RegisterWriter {
  put(entry: RegisterEntry, at: { seq: number; declaredAt: Instant }): Promise<void>;
}

/** Rendered bytes by SHA-256, sealed, with a size limit. */
export interface Artifacts {
  put(bytes: Uint8Array, about: { incident: string; name: string; mediaType: string }): Promise<string>;
  get(sha256: string): Promise<{ bytes: Uint8Array; name: string; mediaType: string } | null>;
}

export interface Hasher {
  /** SHA-256, hex, over RFC 8785 canonical JSON. */
  canonicalSha256(value: unknown): string;
}

/** The same content and envelope always give the same bytes. In a drill every part carries the marking, or rendering throws. */
export interface NoticeRenderer {
  pdf(content: NoticeContent, envelope: NoticeEnvelope): Promise<Uint8Array>;
  /** The common form as JSON text, validated against the schema that the project publishes; throws an error that lists what does not fit. */
  form(content: NoticeContent, envelope: NoticeEnvelope): string;
  text(content: NoticeContent, envelope: NoticeEnvelope): string;
}

export interface OutgoingMail {
  /** Envelope: exactly one recipient, validated. */
  readonly from: string;
  readonly to: string;
  /** The whole message, CRLF line ends, ready for the wire; identical at every attempt. */
  readonly bytes: Uint8Array;
  readonly messageId: string;
}

/** See mail.md 1.1. `open`: nothing was handed over, try again. `ambiguous`: the final dot left and no answer came. */
export type SendOutcome =
  | {
      readonly state: 'accepted';
      readonly reply: string;
      readonly at: Instant;
      readonly relay: 'first' | 'second';
      /** In the journal of notices: SHA-256 of each part as it went out. */
      readonly sent?: Readonly<Record<string, string>>;
    }
  | (NotTaken & {
      /** Whose answer it is; missing where no relay was asked. */
      readonly relay?: 'first' | 'second';
    });

type NotTaken =
  | { readonly state: 'refused'; readonly code: number; readonly at: 'rcpt' | 'data' }
  | { readonly state: 'deferred'; readonly code: number }
  | { readonly state: 'relay_refuses'; readonly code: number }
  | { readonly state: 'open'; readonly why: 'connect' | 'closed_before_dot' | 'timeout_before_dot' }
  | { readonly state: 'ambiguous'; readonly why: 'closed_after_dot' | 'timeout_after_dot' };

export interface Relay {
  /**
   * `beforeDot` is awaited immediately before the bytes with the final dot leave (the journal's H record). The second relay, where
   * there is one, is tried only when the first did not take the message over. Never throws for what a relay does; errors carry no address.
   */
  send(mail: OutgoingMail, beforeDot: () => void): Promise<SendOutcome>;
}

/** Durable, local: which messages were handed over (H) and what came back (A). Keys are ids, never addresses. */
export interface Journal {
  handed(key: string): void;
  answered(key: string, outcome: SendOutcome): void;
  /** What a former attempt left behind: nothing, H without A, or its answer. */
  state(key: string): 'none' | 'handed' | SendOutcome;
  /** A word beside a key, for good: what the message was made with, so that it can be made again to the byte. */
  note(key: string, word: string): void;
  noted(key: string): string | null;
  /** Drops every key directly below `group/`: what became of them is safe elsewhere. */
  forget(group: string): void;
}

/** Mail bodies made from our own models. Deterministic bytes: Date, boundary and Message-ID are arguments or derived. */
export interface MailComposer {
  noticeMail(
    content: NoticeContent,
    envelope: NoticeEnvelope,
    parts: { pdf: Uint8Array; form: string; text: string },
    from: string,
  ): OutgoingMail;
  escalationMail(alarm: Alarm, to: { staff: string; email: string }, from: string): OutgoingMail;
  /** `n`: the recipient's number on the list. */
  peopleMail(
    message: PeopleMessage,
    recipient: { n: number; email: string },
    mailing: { key: string; from: string; date: Instant },
  ): OutgoingMail;
}

/** What wakes people. No personal data of affected people; the title is the incident's own. */
export interface Alarm {
  readonly incident: string;
  readonly mode: 'live' | 'drill';
  readonly title: string;
  readonly milestone: string;
  readonly round: number;
  /** When the milestone's due time was set: the same milestone laid anew is another alarm. */
  readonly occurrence?: Instant;
  readonly dueAt: Instant | null;
  readonly actAt: Instant;
  readonly zone: string;
  /** One sentence: what is due, and the one thing to do. */
  readonly says: string;
  readonly next: string;
  /** Where to acknowledge: a command to type. */
  readonly acknowledge: string;
  readonly withCalendar: boolean;
}

export interface Pager {
  /** Signed webhook (Standard Webhooks). Carries ids, instants and the sentence's kind, no free text. Null when none is configured. */
  page(alarm: Alarm): Promise<boolean> | null;
}

export interface Recipient {
  readonly n: number;
  readonly email: string;
  readonly language: string;
  /** What leaked of this person; null where the list does not say. */
  readonly data: Reader['data'];
}

/** Who is on the list of an incident was true when it was declared; people leave while it is open. */
export interface StillStaff {
  /** Those of `ids` who were not removed since; null when the database does not answer within 2 s. Never rejects. */
  active(ids: readonly string[]): Promise<ReadonlySet<string> | null>;
}

/** What may be filed without approval, as the record says it now. */
export interface StandingNow {
  /** Null: nothing. `unknown`: the database does not answer within 2 s. Never rejects. */
  standing(): Promise<StandingAuthorisation | null | 'unknown'>;
}

/** Frozen recipient lists in sealed ranges of 500 (mail.md section 3). */
export interface RecipientLists {
  ranges(list: string): Promise<number>;
  /** What was frozen: compared with what was approved before anything is sent. */
  frozenAs(list: string): Promise<{ count: number; sha256: string; segments: readonly Segment[] | null }>;
  range(list: string, range: number): Promise<Recipient[]>;
}

/** One byte per recipient; a document per range, claimed with a fencing token. */
export type RecipientState = 'open' | 'accepted' | 'refused' | 'deferred' | 'ambiguous' | 'resent' | 'suppressed';
export interface RangeOutcome {
  readonly states: readonly RecipientState[];
}
export interface Outcomes {
  /** Takes the range over with a new token; whoever held it before can no longer write. Answers what is on record. */
  claim(mailing: string, range: number, count: number): Promise<{ token: number; states: RecipientState[] }>;
  /** Throws an error named `LeaseLost` when the token is no longer the one on record. */
  record(
    mailing: string,
    range: number,
    token: number,
    changes: ReadonlyMap<number, RecipientState>,
    exceptions: readonly { n: number; code: number }[],
  ): Promise<void>;
  totals(mailing: string): Promise<MailingTotals>;
  /** SHA-256 over (n, state) in order: goes to the ledger. */
  digest(mailing: string): Promise<string>;
}

export interface Messages {
  /** What was approved, by its hash; null when it is not there. */
  message(sha256: string): Promise<MessageContent | null>;
}

/** Texts for people by their hash, also from the writing side. */
export interface MessageStore extends Messages {
  put(message: MessageContent): Promise<string>;
}

/** Drills only: a frozen list of made-up recipients in an exercise domain. Making the same list again gives the same one. */
export interface ListMaker {
  make(
    incident: string,
    list: string,
    count: number,
    at: Instant,
  ): Promise<{ list: string; count: number; sha256: string; rejected: number; duplicates: number }>;
}

/** The way back into Temporal, for starting a mailing and for the drill's autopilot. */
export interface IncidentGateway {
  startMailing(input: MailingInput): Promise<void>;
  controlMailing(incidentId: string, mailing: number, control: 'pause' | 'resume'): Promise<void>;
  send(incidentId: string, request: CommandRequest): Promise<{ seq: number; repeated: boolean }>;
  state(incidentId: string): Promise<IncidentState>;
}
