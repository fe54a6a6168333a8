import type { AuthorityId } from '../authorities/authority.js';
import type { Instant } from '../clock/instant.js';
import { SUSPICION_ESCALATE_HOURS, SUSPICION_WARN_HOURS, TELL_PEOPLE_WITHIN_HOURS } from '../law/provisions.js';

export interface Contact {
  readonly name: string;
  readonly address?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** What is known before a breach (`organisation.yaml`); a copy travels in each incident. */
export interface Organisation {
  readonly name: string;
  readonly role: 'controller' | 'processor';
  readonly zone: string; // IANA, for what people type and read
  readonly languages: readonly string[];
  readonly contact: {
    readonly address: string;
    readonly email: string;
    readonly phone?: string;
    readonly website?: string;
  };
  readonly identifier?: { readonly type: 'COMPANY_ID' | 'ORGANISATION_NUMBER' | 'VAT'; readonly value: string };
  readonly sector: 'PRIVATE' | 'PUBLIC';
  readonly size?: 'FREELANCE_MICRO' | 'SME' | 'LARGE' | 'OTHER';
  readonly activity?: string; // NACE
  /** `main` decides about the processing. `region`: ISO 3166-2 (`DE-BY`), needed in Germany only, where each Land has its authority. */
  readonly establishments: readonly { readonly country: string; readonly main: boolean; readonly region?: string }[];
  readonly representative?: Contact;
  readonly dpo?: Contact;
  /** Said where there is none (F-14). With neither this nor `dpo` it is not known, and a notice says so. */
  readonly dpoDesignated?: false;
  readonly reportingPerson: Contact & {
    readonly function: 'DPO' | 'LEGAL_REP' | 'AUTHORISED_OTHER';
    readonly description?: string;
  };
  /** Authorities that this organisation would have to tell; the first one leads. Empty: they are worked out (domain/authorities/competence.ts). */
  readonly authorities: readonly AuthorityId[];
  /** Public page or phone line named in messages to people. */
  readonly publicContact: string;
  readonly senderAddress: string; // From: of notices and messages
}

export const ROLES = ['responder', 'dpo', 'approver', 'facilitator', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A member of staff as the incident needs it for waking people while the database is down. */
export interface StaffContact {
  readonly id: string; // 'st_…', opaque
  readonly roles: readonly Role[];
  readonly deputy: boolean;
  readonly email: string;
  readonly zone?: string;
  readonly language?: string;
}

/**
 * What an approver has allowed in advance: a notice that nobody approved goes to these authorities by itself so many hours before the
 * deadline, under the conditions of `automatic-filing.ts`. One at a time; a new one takes the place of the one before.
 */
export interface StandingAuthorisation {
  readonly id: string; // 'organisation/12': its entry in the record
  readonly authorities: readonly AuthorityId[];
  readonly hoursBeforeDeadline: number;
  readonly until: Instant;
  readonly grantedAt: Instant;
  readonly grantedBy: string; // staff id
}

/** When who is called; hours from awareness, or from the first hint while suspected. */
export interface Playbook {
  readonly confirmedHours: readonly number[];
  readonly suspectedHours: readonly number[];
  readonly draftAtHours: number;
  readonly repeatAfterMinutes: number;
  readonly thenEveryMinutes: number;
  readonly tellPeopleWithinHours: number; // R-405, a house value
}

export const DEFAULT_PLAYBOOK: Playbook = {
  confirmedHours: [24, 48, 60, 66, 70, 71, 72],
  suspectedHours: [SUSPICION_WARN_HOURS, SUSPICION_ESCALATE_HOURS],
  draftAtHours: 48,
  repeatAfterMinutes: 30,
  thenEveryMinutes: 120,
  tellPeopleWithinHours: TELL_PEOPLE_WITHIN_HOURS,
};
