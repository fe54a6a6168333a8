import type { Instant } from '../clock/instant.js';
import type { Count, FactId } from '../incident/facts.js';
import type { Contact, Organisation } from '../incident/organisation.js';
import type { RiskLevel } from '../risk/levels.js';

/** A field of the notice is given, or says honestly why it is not (the form tells these apart). Nothing missing ever blocks a notice (Art. 33(4)). */
export type Declared<T> =
  | { readonly state: 'given'; readonly value: T; readonly estimated: boolean }
  | { readonly state: 'pending' | 'undeterminable' | 'not_applicable' };

/** One answer that is no longer what it was. `why` is left out where the record does not tell. */
export interface Change {
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly why?: string;
}

export type NoticeKind = 'NEW' | 'FOLLOW_UP'; // F-01
export type Completeness = 'COMPLETE' | 'INCOMPLETE' | 'WITHDRAW'; // F-02

/** The standing authorisation that stood in for an approval: its entry in the controller's record. */
export interface Authorisation {
  readonly id: string;
  readonly grantedAt: Instant;
  readonly hoursBeforeDeadline: number;
}

/**
 * The approved content of one phase, the same for every authority. Canonical: our own model, arrays where the law has several.
 * What differs by authority (channel, its id of the earlier notice, language, ledger head) is in the envelope.
 * Its SHA-256 over RFC 8785 canonical JSON is what a person approves. Numbers are whole; every instant is an Instant.
 */
export interface NoticeContent {
  readonly model: 1;
  readonly incident: string;
  readonly mode: 'live' | 'drill';
  readonly phase: number;
  readonly kind: NoticeKind;
  readonly completeness: Completeness;
  readonly withdrawalReason: string | null;
  /** The rules of the law this was built under. */
  readonly rules: string;
  readonly builtAt: Instant;
  readonly controller: Pick<
    Organisation,
    'name' | 'contact' | 'identifier' | 'sector' | 'size' | 'activity' | 'establishments' | 'representative'
  >;
  readonly reportingPerson: Organisation['reportingPerson'];
  readonly dpo: Contact | null;
  /** Where there is no contact of one: whether there is none, or nobody has said. Contents of before it was asked have neither: none, as it was told then. */
  readonly dpoDesignated?: 'no' | 'not_known';
  readonly otherParties: Declared<readonly string[]>;
  readonly timeline: {
    readonly zone: string;
    readonly occurrence: Declared<string>;
    readonly startedAt: Declared<Instant>;
    readonly endedAt: Declared<Instant>;
    readonly firstHintAt: Instant | null;
    readonly processorInformedUsAt: Instant | null;
    /** The day on which whoever found it told us, where the controller is; null where nobody has said. Contents of before have none. */
    readonly toldUsOn?: string | null;
    readonly awareAt: Instant;
    /** Filed after the 72 hours: then the reasons are part of the notice. */
    readonly late: boolean;
    readonly reasonsForDelay: Declared<string>;
    readonly discoveredBy: Declared<string>;
    readonly discoveryDetail: Declared<string>;
    readonly notes: Declared<string>;
    /** What is known and has no row of its own: row 53 asks for additional information. Left out where there is nothing. */
    readonly additional?: readonly string[];
  };
  readonly breach: {
    readonly summary: Declared<string>;
    readonly rootCause: Declared<string>;
    readonly nature: Declared<readonly string[]>;
    readonly confidentiality: Declared<string>;
    readonly unintelligible: Declared<string>;
    readonly integrity: Declared<string>;
    readonly availability: Declared<string>;
    readonly incidentTypes: Declared<readonly string[]>;
    readonly cause: Declared<string>;
    readonly systems: Declared<readonly string[]>;
  };
  readonly people: {
    readonly categories: Declared<readonly string[]>;
    readonly detail: Declared<string>;
    readonly count: Declared<Count>;
    readonly countries: Declared<Readonly<Record<string, number>>>;
  };
  readonly data: {
    readonly categories: Declared<readonly string[]>;
    readonly detail: Declared<string>;
    readonly records: Declared<Count>;
  };
  readonly measuresBefore: Declared<readonly string[]>;
  readonly measuresBeforeDetail: Declared<string>;
  readonly consequences: {
    readonly confidentiality: Declared<readonly string[]>;
    readonly integrity: Declared<readonly string[]>;
    readonly availability: Declared<readonly string[]>;
    readonly harms: Declared<readonly string[]>;
    readonly detail: Declared<string>;
    readonly severity: Declared<string>;
  };
  readonly assessment: { readonly level: RiskLevel; readonly reasons: string; readonly method: string };
  readonly measures: {
    readonly taken: Declared<string>;
    readonly prevention: Declared<readonly string[]>;
    readonly preventionDetail: Declared<string>;
  };
  readonly communication: {
    readonly status: 'YES' | 'PLANNED_ON' | 'PLANNED_NO_DATE' | 'NO_INVESTIGATING' | 'NO_NOT_HIGH' | 'NO_EXEMPT'; // F-50
    readonly on: string | null; // ISO date
    readonly exemption: Declared<string>;
    readonly exemptionProof: Declared<string>;
    readonly informed: number | null;
    /** Why only a part of the people is told (F-53). Left out where nobody has said. */
    readonly circleReason?: string;
    /** A part of them was told publicly, and cannot be counted. Left out where all were counted. */
    readonly uncounted?: true;
    readonly means: readonly string[];
    /** Which means they were, where OTHER is among them. */
    readonly otherMeans?: string;
    /** What took the place of single messages under Art. 34(3)(c), once it has appeared. */
    readonly publicly?: { readonly on: string; readonly text: string };
    readonly text: string | null;
    readonly advice: Declared<string>;
  };
  readonly others: {
    readonly police: Declared<string>;
    readonly authorities: Declared<string>;
    readonly crossBorder: Declared<string>;
    readonly leadAuthority: string | null;
    readonly authoritiesToldOrToBeTold: readonly string[];
    readonly moreInformationOn: Declared<string>;
  };
  /** Facts that are missing or still pending, so that the reader sees the gaps in one place. */
  readonly gaps: readonly FactId[];
  /** What changed since the phase before, field by field, and why; empty for the first. */
  readonly changes: readonly Change[];
  /** Since which phase; left out where it is the one before. */
  readonly changesSince?: number;
  /** True when it was filed by itself under a standing authorisation: the notice says so. */
  readonly filedAutomatically: boolean;
  /** Under which one; left out when a person approved. */
  readonly authorisation?: Authorisation;
}

/** What goes with the content to one authority. Never part of what is approved. */
export interface NoticeEnvelope {
  readonly authority: string;
  readonly authorityName: string;
  readonly language: string;
  readonly channel: 'email' | 'portal';
  readonly address: string | null;
  readonly portal: string | null;
  /** The authority's id of our earlier notice (F-04). */
  readonly earlierReference: string | null;
  /** This phase is the first that this authority gets, though others had one before. */
  readonly first?: true;
  /** The law under which it is told, where that is not the GDPR: the United Kingdom, Switzerland. */
  readonly under?: string;
  /** That law knows no number of hours, so nothing is late. */
  readonly withoutHours?: true;
  readonly contentSha256: string;
  /** Head of the ledger when it was released: anyone can later check that the record was not altered. */
  readonly ledgerHead: { readonly seq: number; readonly hash: string } | null;
  /** Nothing has gone out: each page says so, and `releasedAt` is when the draft was made or approved. */
  readonly unsent?: 'draft' | 'approved';
  /** Fixed at release, so that every attempt has the same bytes. */
  readonly releasedAt: Instant;
}
