import type { Authority } from './authority.js';

/** Not in the dataset of the others; given the same day so that the reminder to check them comes no later. */
const CHECKED = '2026-07-21';

/** Outside the GDPR: parallel notices, no one-stop-shop with the EU. */
export const NEIGHBOUR_AUTHORITIES: readonly Authority[] = [
  {
    id: 'gb-ico',
    country: 'GB',
    name: 'Information Commissioner (ICO)',
    zone: 'Europe/London',
    channel: 'portal',
    mailbox: null,
    portal: 'https://ico.org.uk',
    languages: ['en'],
    verifiedOn: CHECKED,
  }, // also by telephone; UK GDPR Art. 33, 72 h
  {
    id: 'ch-edoeb',
    country: 'CH',
    name: 'Federal Data Protection and Information Commissioner (FDPIC/EDÖB)',
    zone: 'Europe/Zurich',
    channel: 'portal',
    mailbox: null,
    portal: 'https://databreach.edoeb.admin.ch',
    languages: ['de', 'fr', 'it', 'en'],
    verifiedOn: CHECKED,
  }, // FADP Art. 24: as soon as possible, no hours
];
