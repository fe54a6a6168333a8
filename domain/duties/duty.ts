import type { Instant } from '../clock/instant.js';
import type { Basis } from '../law/basis.js';

export type DutyKind = 'authority-notice' | 'people-message' | 'controller-notice' | 'register';
export type DutyState =
  | 'open'
  | 'filed_receipt_pending'
  | 'discharged'
  | 'discharged_late'
  | 'exempt'
  | 'held'
  | 'waived';

/** Somebody must be told something, by an instant or as soon as possible, on a legal basis. */
export interface Duty {
  /** `authority-notice/ie-dpc`, `people-message`, `register`; unique in the incident. */
  readonly id: string;
  readonly kind: DutyKind;
  /** Authority id, 'people', controller id, or 'register'. */
  readonly to: string;
  readonly basis: Basis;
  /** Version of the law's rule set, chosen by awareAt (R-1034). */
  readonly rules: string;
  readonly dueAt: Instant | null;
  /** In words, where the law knows no instant ('without undue delay'). */
  readonly asSoonAs: string | null;
  readonly state: DutyState;
  readonly openedAt: Instant;
  readonly dischargedAt: Instant | null;
  /** What discharged it: a notice's receipt, a mailing, the register entry; or the reason of an exemption. */
  readonly dischargedBy: string | null;
  /** Why it is exempt and what proves it. */
  readonly exemption?: { readonly reason: string; readonly proof: string };
  readonly hold: {
    readonly requestedBy: string;
    readonly basis: string;
    readonly caseRef: string;
    readonly reviewAt: Instant;
  } | null;
}

export const isOwed = (duty: Duty): boolean => duty.state === 'open' || duty.state === 'held';
