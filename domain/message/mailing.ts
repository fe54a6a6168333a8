import type { MailingTotals } from '../incident/events.js';

/** What a mailing workflow starts with: ids, counts and instants, never a name or an address. */
export interface MailingInput {
  readonly incidentId: string;
  readonly mode: 'live' | 'drill';
  readonly mailing: number;
  readonly list: string;
  readonly listSha256: string;
  readonly count: number;
  /** Hash of the message; its text is fetched by the activity and checked against it. */
  readonly messageSha256: string;
  readonly from: string;
  /** Fixed Date header of every message, so that bytes repeat exactly. */
  readonly approvedAt: string;
  /** A person had stopped it when its workflow had to be started anew: it sends nothing until it is told to go on. */
  readonly paused?: true;
}

export interface MailingReport {
  readonly mailing: number;
  readonly state: 'paused' | 'completed';
  readonly reason: string | null;
  readonly totals: MailingTotals;
  readonly outcomesSha256: string | null;
}
