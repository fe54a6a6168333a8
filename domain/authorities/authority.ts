import type { Instant } from '../clock/instant.js';

/** `ie-dpc`, `fr-cnil`, `de-by-baylda`: country, (Land,) short name. */
export type AuthorityId = string;

/** A supervisory authority as the directory knows it (breach-law 5.2, 5.3). */
export interface Authority {
  readonly id: AuthorityId;
  readonly country: string; // ISO 3166
  readonly name: string;
  readonly zone: string; // IANA
  readonly channel: 'email' | 'portal';
  /** Mailbox; a generic one is not a proven breach channel (5.2). */
  readonly mailbox: string | null;
  readonly portal: string | null;
  readonly languages: readonly string[];
  /** Day of the row's last check, ISO date; stale after 180 days. */
  readonly verifiedOn: string;
}

/** How this organisation reaches one authority: the directory's row and what a person has verified. Copied into the incident when a duty opens. */
export interface AuthorityEnvelope {
  readonly authority: AuthorityId;
  readonly name: string;
  readonly country: string;
  readonly zone: string;
  readonly channel: 'email' | 'portal';
  readonly address: string | null;
  readonly portal: string | null;
  readonly language: string;
  /** When a person last verified the mailbox; an unverified one is never sent to without a person's check. */
  readonly mailboxVerifiedAt: Instant | null;
}
