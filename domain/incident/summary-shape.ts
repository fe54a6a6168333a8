import type { Instant } from '../clock/instant.js';
import type { Duty } from '../duties/duty.js';
import type { RiskLevel } from '../risk/levels.js';
import type { Delivery, Phase, Task } from './state.js';

/** The one next thing to do, for whom, and the command that does it. */
export interface NextStep {
  readonly says: string; // 'Decide the risk: triage proposes HIGH_RISK.'
  readonly roles: readonly string[];
  readonly command: string; // 'seventytwo decide BR-7K3M-9QXD --level HIGH_RISK --because "…"'
  readonly dueAt: Instant | null;
}

/** Why a duty or a task is still open, and each thing that ends it or brings its end nearer. */
export interface StillOpen {
  readonly id: string; // of the duty or the task
  readonly because: readonly string[]; // sentences, with the figures
  readonly ends: readonly { readonly says: string; readonly command: string }[];
}

/** What API, CLI and console show of an incident. Derived from the state at an instant of act time; stored nowhere. */
export interface IncidentSummary {
  readonly id: string;
  readonly mode: 'live' | 'drill';
  readonly title: string;
  readonly phase: Phase;
  readonly seq: number;
  readonly declaredAt: Instant;
  /** Act time of this summary. */
  readonly now: Instant;
  readonly awareAt: Instant | null;
  readonly firstHintAt: Instant | null;
  /** The strict 72 hours (acts) and the statutory reading (shown). Provisional while suspected: from the first employee's knowledge or the first hint. */
  readonly deadline: {
    readonly strict: Instant;
    readonly statutory: Instant;
    readonly hoursLeft: number;
    readonly passed: boolean;
    readonly provisional: boolean;
  } | null;
  readonly level: {
    readonly decided: RiskLevel | null;
    readonly proposed: RiskLevel | null;
    readonly waitsForSecondPerson: string | null;
  };
  readonly next: readonly NextStep[];
  readonly duties: readonly Duty[];
  readonly tasks: readonly Task[]; // open ones first
  readonly stillOpen: readonly StillOpen[];
  readonly milestones: readonly {
    readonly id: string;
    readonly dueAt: Instant;
    readonly reachedAt: Instant | null;
    readonly acknowledged: boolean;
    readonly owed: boolean;
  }[];
  readonly notices: readonly {
    readonly phase: number;
    readonly kind: string;
    readonly completeness: string;
    readonly draftSha256: string;
    readonly approvedSha256: string | null;
    readonly held: boolean;
    readonly deliveries: readonly Delivery[];
  }[];
  readonly lists: readonly {
    readonly id: string;
    readonly count: number;
    readonly sha256: string;
    readonly rejected?: number | undefined;
  }[];
  readonly messages: readonly {
    readonly id: string;
    readonly sha256: string;
    readonly list: string;
    readonly approvals: number;
    readonly needed: number;
  }[];
  readonly mailings: readonly {
    readonly mailing: number;
    readonly state: string;
    readonly count: number;
    readonly totals: Readonly<Record<string, number>> | null;
  }[];
  /** Proposals that wait for their second person: `{ proposal, action, at }`. */
  readonly waiting: readonly {
    readonly proposal: string;
    readonly action: string;
    readonly by: string;
    readonly at: Instant;
  }[];
  readonly factsKnown: number;
  readonly factsMissing: readonly string[];
}
