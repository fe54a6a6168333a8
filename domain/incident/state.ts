import type { Instant } from '../clock/instant.js';
import type { Segment } from '../clock/segments.js';
import type { Duty } from '../duties/duty.js';
import type { MessageContent } from '../message/model.js';
import type { NoticeContent } from '../notice/model.js';
import type { Assessment } from '../risk/assessment.js';
import type { RiskLevel } from '../risk/levels.js';
import type {
  Actor,
  AwarenessKey,
  DeliveryChannel,
  Finding,
  MailingTotals,
  MilestoneKind,
  Setting,
  TaskKind,
} from './events.js';
import type { Facts } from './facts.js';
import type { Role } from './organisation.js';
import type { PeopleTold } from './people-told.js';
import type { Told } from './telling.js';
import type { Withheld } from './withheld.js';

export type Phase = 'suspected' | 'confirmed' | 'notifying' | 'closed' | 'withdrawn';

export interface Milestone {
  readonly id: string;
  readonly kind: MilestoneKind;
  readonly dueAt: Instant;
  /** When this due time was set; a milestone due before that was already past. */
  readonly laidAt: Instant;
  readonly reachedAt: Instant | null;
  /** Nothing was owed any more when it came, or it was given up: no escalation. */
  readonly owed: boolean;
  readonly acknowledgedBy: string | null;
  /** Rounds of escalation sent so far, and when the last one went out. */
  readonly rounds: number;
  readonly lastSentAt: Instant | null;
}

export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly roles: readonly Role[];
  readonly about: string;
  readonly dueAt: Instant | null;
  readonly openedAt: Instant;
  readonly doneAt: Instant | null;
  readonly doneBy: string | null;
  /** How people were told, once somebody has said so; from policy 3 on. */
  readonly told?: Told | undefined;
}

export interface Decision {
  readonly seq: number;
  readonly level: RiskLevel;
  readonly reasons: string;
  readonly by: string;
  readonly at: Instant;
  /** seq of the facts it rested on. */
  readonly basedOn: number | null;
}

export interface Waiting {
  readonly proposal: string;
  readonly by: string;
  readonly loginMadeBy: string | null;
  readonly loginMadeByAll?: readonly string[];
  readonly at: Instant;
}

/** One authority's side of one phase. */
export interface Delivery {
  readonly authority: string;
  readonly state: 'waiting' | 'sent' | 'ambiguous' | 'refused' | 'at_portal' | 'unverified_mailbox';
  readonly attempts: number;
  readonly submittedAt: Instant | null;
  readonly messageId: string | null;
  readonly artifacts: Readonly<Record<string, string>>;
  readonly receipt: { readonly reference: string; readonly receivedAt: Instant; readonly recordedBy: string } | null;
}

export interface NoticePhase {
  readonly phase: number;
  /** The version on the table: its content is here, older ones are in the ledger. */
  readonly draft: {
    readonly content: NoticeContent;
    readonly sha256: string;
    readonly at: Instant;
    readonly by: string;
    readonly loginMadeBy: string | null;
    readonly loginMadeByAll?: readonly string[];
    readonly basedOn: number;
  };
  /** The version that may be sent. A newer draft does not kill it. */
  readonly approved: {
    readonly content: NoticeContent;
    readonly sha256: string;
    readonly at: Instant;
    readonly by: string;
    readonly hold: boolean;
    /** When it was let go after a hold or a checked mailbox; else `at`. */
    readonly releasedAt?: Instant;
    /** Nobody approved it: the standing authorisation did, for these authorities. */
    readonly automatic?: { readonly authorisation: string; readonly authorities: readonly string[] };
  } | null;
  readonly deliveries: Readonly<Record<string, Delivery>>;
}

export interface MessageState {
  readonly id: string;
  readonly content: MessageContent;
  readonly sha256: string;
  readonly list: string;
  readonly listSha256: string;
  readonly approvals: readonly {
    readonly by: string;
    readonly loginMadeBy: string | null;
    readonly loginMadeByAll?: readonly string[];
    readonly at: Instant;
    readonly breakGlass: boolean;
  }[];
}

export interface MailingState {
  readonly mailing: number;
  readonly message: string;
  readonly list: string;
  readonly count: number;
  readonly state: 'starting' | 'running' | 'paused' | 'completed';
  readonly totals: MailingTotals | null;
  readonly completedAt: Instant | null;
  /** Of the last pause, while it is paused. */
  readonly pausedBecause?: string;
}

/** Everything the incident knows. Plain JSON; equals the fold of its events. */
export interface IncidentState {
  readonly id: string;
  readonly mode: 'live' | 'drill';
  readonly policy: number;
  readonly seq: number;
  readonly title: string;
  readonly phase: Phase;
  readonly declaredAt: Instant;
  readonly declaredBy: string;
  readonly setting: Setting;
  readonly clock: readonly Segment[];
  readonly awareness: Readonly<Partial<Record<AwarenessKey, Finding>>>;
  /** Every value a finding had before, oldest first. */
  readonly awarenessHistory: readonly {
    readonly key: AwarenessKey;
    readonly finding: Finding;
    readonly until: Instant;
    readonly reason: string;
  }[];
  readonly awarenessProposal:
    | (Waiting & { readonly key: AwarenessKey; readonly finding: Finding; readonly reason: string })
    | null;
  readonly facts: Facts;
  /** Act time of the last event. */
  readonly lastAt: Instant;
  /** seq of the last event that changed a fact or an awareness; what drafts and proposals rest on. */
  readonly factsSeq: number;
  readonly proposal: { readonly assessment: Assessment; readonly factsSeq: number; readonly at: Instant } | null;
  readonly decisionProposal:
    | (Waiting & { readonly level: RiskLevel; readonly reasons: string; readonly basedOn: number | null })
    | null;
  readonly exemptionProposal?: (Waiting & { readonly duty: string; readonly rule: string }) | null;
  readonly decision: Decision | null;
  readonly decisions: readonly Decision[];
  /** The encryption that a risk is unlikely for, as it was known when that was decided. Left out where none was relied on. */
  readonly unlikelyBecause?: Facts;
  /** Who and what was known to be concerned when the people had been told. Left out before that. */
  readonly peopleTold?: PeopleTold;
  readonly duties: readonly Duty[];
  readonly milestones: readonly Milestone[];
  readonly tasks: readonly Task[];
  readonly notices: readonly NoticePhase[];
  readonly lists: readonly {
    readonly id: string;
    readonly count: number;
    readonly sha256: string;
    /** Rows that could not be used, where there were any: from policy 3 on. */
    readonly rejected?: number;
  }[];
  readonly messages: readonly MessageState[];
  readonly mailings: readonly MailingState[];
  readonly breakGlass: readonly {
    readonly use: string;
    readonly by: Actor;
    readonly for: string;
    readonly at: Instant;
    readonly reason: string;
    readonly loginMadeBy: string | null;
    readonly loginMadeByAll?: readonly string[];
    readonly reviewedBy: string | null;
  }[];
  readonly withdrawalProposal:
    | (Waiting & {
        readonly because: 'not_a_breach' | 'duplicate' | 'other';
        readonly duplicateOf: string | null;
        readonly reason: string;
      })
    | null;
  readonly injects: readonly string[];
  readonly withdrawn: {
    readonly because: 'not_a_breach' | 'duplicate' | 'other';
    readonly duplicateOf: string | null;
    readonly reason: string;
  } | null;
  /** Filing by itself: when everybody had been warned, and what came of it at its hour. Left out while neither has happened. */
  readonly automatic?: {
    readonly warnedAt: Instant | null;
    readonly outcome: {
      readonly dueAt: Instant;
      readonly filed: readonly string[];
      readonly withheld: readonly { readonly authority: string; readonly because: readonly Withheld[] }[];
    } | null;
  };
  readonly closedAt: Instant | null;
  /** Entries that were in the ledger are not, from this one on. */
  readonly recordGap?: { readonly from: number; readonly why: 'missing' | 'other'; readonly at: Instant } | null;
  /** Accepted commands by key hash: the same key again gives the first answer, with another body a refusal. */
  readonly answered: Readonly<Record<string, { readonly bodyHash: string; readonly seq: number }>>;
  /** Escalation outcomes that matter for what happens next. */
  readonly lastEscalation: {
    readonly milestone: string;
    readonly channels: readonly DeliveryChannel[];
    readonly at: Instant;
  } | null;
}
