import { z } from 'zod';
import { ROLES } from '../../domain/incident/organisation.js';
import { instant } from './fields.js';
import { OrganisationInput, PlaybookInput } from './requests.js';

/** Answers about staff, logins, the organisation and authorities. */

const StaffKey = z.object({ key: z.string(), issuedAt: instant, revokedAt: instant.nullable() });
export const StaffMember = z
  .object({
    id: z.string(),
    name: z.string().nullable().meta({ description: 'Null when it was erased.' }),
    email: z.string().nullable(),
    roles: z.array(z.enum(ROLES)),
    deputy: z.boolean(),
    createdBy: z.string().nullable(),
    removed: z.boolean(),
    keys: z.array(StaffKey),
  })
  .meta({ id: 'StaffMember' });
export const StaffList = z.object({ staff: z.array(StaffMember) }).meta({ id: 'StaffList' });
export const StaffAnswer = z
  .object({ id: z.string(), roles: z.array(z.enum(ROLES)), deputy: z.boolean() })
  .meta({ id: 'StaffAnswer' });
export const KeyIssued = z
  .object({
    staff: z.string(),
    key: z.string(),
    secret: z.string().meta({ description: 'Shown once. Send it as "Authorization: Bearer …".' }),
  })
  .meta({ id: 'KeyIssued' });
export const Done = z.object({ done: z.literal(true) }).meta({ id: 'Done' });

export const Me = z
  .object({
    id: z.string(),
    roles: z.array(z.enum(ROLES)),
    side: z.enum(['live', 'drill']),
    now: instant,
    organisation: z
      .object({ name: z.string(), zone: z.string(), languages: z.array(z.string()), authorities: z.array(z.string()) })
      .nullable(),
  })
  .meta({ id: 'Me' });

export const StandingAuthorisation = z
  .object({
    id: z.string().meta({ description: 'Its place in the record of the organisation.' }),
    authorities: z.array(z.string()),
    hoursBeforeDeadline: z.int(),
    until: instant,
    grantedAt: instant,
    grantedBy: z.string(),
    state: z
      .enum(['in_force', 'expired', 'grantor_left'])
      .meta({ description: 'Only one that is in force files; grantor_left: who gave it is no approver any more.' }),
  })
  .meta({ id: 'StandingAuthorisation' });
export const AuthorisationAnswer = z
  .object({ authorisation: StandingAuthorisation.nullable() })
  .meta({ id: 'AuthorisationAnswer' });
export const AuthorisationCarried = z
  .object({
    authorisation: StandingAuthorisation.nullable(),
    incidents: z.object({ open: z.int(), reached: z.int() }).meta({
      description:
        'Open incidents, and how many of them have heard of it. The others ask by themselves at the hour of filing.',
    }),
  })
  .meta({ id: 'AuthorisationCarried' });

export const OrganisationAnswer = z
  .object({ organisation: OrganisationInput, playbook: PlaybookInput, authorisation: StandingAuthorisation.nullable() })
  .meta({ id: 'OrganisationAnswer' });

export const Authority = z
  .object({
    id: z.string(),
    country: z.string(),
    name: z.string(),
    zone: z.string(),
    channel: z.enum(['email', 'portal']),
    mailbox: z.string().nullable(),
    portal: z.string().nullable(),
    languages: z.array(z.string()),
    verifiedOn: z.string(),
    stale: z.boolean().meta({ description: 'Last checked more than 180 days ago (R-511).' }),
    ours: z.boolean().meta({ description: 'Named by the organisation.' }),
    mailboxVerifiedAt: instant.nullable(),
    /** The address that a person of ours verified; notices go there. */
    verifiedAddress: z.string().nullable(),
  })
  .meta({ id: 'Authority' });
export const Authorities = z.object({ authorities: z.array(Authority) }).meta({ id: 'Authorities' });
