import { MAILBOX_CHECK_HOLDS_DAYS } from '../law/provisions.js';

/** Everybody is warned so long before. A house value. */
export const WARN_BEFORE_HOURS = 6;

/** What keeps a notice from being filed by itself. */
export const WITHHELD = [
  'authorisation-ended',
  'authorisation-expired',
  'authority-not-named',
  'grantor-not-in-charge',
  'duty-held',
  'not-settled',
  'no-deadline',
  'not-by-email',
  'mailbox-unverified',
  'mailbox-check-old',
  'filed-already',
  'approved-goes-first',
  'approved-on-hold',
  'approved-refused',
  'decision-waits',
  'withdrawal-waits',
  'not-warned',
  'warned-too-late',
] as const;
export type Withheld = (typeof WITHHELD)[number];

/** Why not, in the words that people are woken with. No `default`: a new reason must not compile until it has a sentence. */
export function withheldWords(because: Withheld): string {
  switch (because) {
    case 'authorisation-ended':
      return 'the standing authorisation was revoked, or who gave it left';
    case 'authorisation-expired':
      return 'the standing authorisation has expired';
    case 'authority-not-named':
      return 'the standing authorisation does not name it';
    case 'grantor-not-in-charge':
      return 'who gave the standing authorisation is no approver any more';
    case 'duty-held':
      return 'the duty is on hold';
    case 'not-settled':
      return 'which authority it is, or how it is reached, is not known yet';
    case 'no-deadline':
      return 'the law sets no hour for it';
    case 'not-by-email':
      return 'it is told at its portal, and a person must file there';
    case 'mailbox-unverified':
      return 'nobody has verified its mailbox';
    case 'mailbox-check-old':
      return `its mailbox was last verified more than ${MAILBOX_CHECK_HOLDS_DAYS} days ago`;
    case 'filed-already':
      return 'a notice was filed there already';
    case 'approved-goes-first':
      return 'an approved notice is on its way';
    case 'approved-on-hold':
      return 'an approved notice is on hold';
    case 'approved-refused':
      return 'an approved notice could not be delivered';
    case 'decision-waits':
      return 'a decision not to notify waits for its second person';
    case 'withdrawal-waits':
      return 'a withdrawal of the incident waits for its second person';
    case 'not-warned':
      return 'not everybody could be warned';
    case 'warned-too-late':
      return `less than ${WARN_BEFORE_HOURS} hours were left to warn everybody`;
  }
}
