import { z } from 'zod';
import { AWARENESS } from '../../domain/incident/events.js';
import { LONGEST_DAYS, MOST_HOURS_BEFORE } from '../../domain/incident/automatic-filing.js';
import { MEANS_OF_TELLING } from '../../domain/incident/lists.js';
import { WARN_BEFORE_HOURS } from '../../domain/incident/withheld.js';
import { ROLES } from '../../domain/incident/organisation.js';
import { RISK_LEVELS } from '../../domain/risk/levels.js';
import { anId, breakGlass, country, email, instantIn, reason, sha256, words, zone } from './fields.js';

/** The bodies that the API takes. Unknown fields are refused everywhere. */

export const Finding = z
  .strictObject({
    at: instantIn,
    zone: zone
      .optional()
      .meta({ description: "IANA zone in which the clock was read; the organisation's when left out." }),
    source: words(500).optional().meta({ description: 'How it is known: "SOC alert 4711", "call of the processor".' }),
  })
  .meta({ id: 'FindingInput' });

const findings = z
  .strictObject({
    firstHintAt: Finding.optional(),
    firstEmployeeKnowledgeAt: Finding.optional(),
    processorInformedUsAt: Finding.optional(),
    awareAt: Finding.optional(),
  })
  .meta({ id: 'AwarenessInput', description: 'The four instants of R-115. awareAt starts the 72 hours.' });

/**
 * `{ "people.count": 1200, "breach.nature": ["CONFIDENTIALITY"], "data.records": { "value": null, "certainty": "pending", "source": "…" } }`.
 * The values are checked against the catalogue, all of them at once.
 */
export const FactsInput = z.record(z.string().max(80), z.unknown()).meta({
  id: 'FactsInput',
  description:
    'By fact id: the value itself, or { value, certainty, source }. Certainty: known, estimated, pending, undeterminable, not_applicable. Ids and types: `seventytwo schema facts`.',
  example: {
    'people.count': 1200,
    'data.records': { value: null, certainty: 'pending', source: 'log analysis under way' },
  },
});

const clock = z
  .strictObject({ realAt: instantIn, actAt: instantIn, scale: z.number().min(0).max(100_000) })
  .meta({ id: 'ClockSegmentInput' });

export const Declare = z
  .strictObject({
    title: words(200).meta({ description: 'A working title without personal data.' }),
    awareness: findings.optional(),
    facts: FactsInput.optional(),
    clock: z.array(clock).min(1).optional().meta({ description: 'Drills only.' }),
  })
  .meta({ id: 'Declare' });

export const RecordFacts = z
  .strictObject({
    facts: FactsInput,
    source: words(500).optional().meta({ description: 'For the facts that name no source of their own.' }),
  })
  .meta({ id: 'RecordFacts' });

export const ConfirmAwareness = z
  .strictObject({ awareness: findings, reason: reason.optional() })
  .meta({ id: 'ConfirmAwareness' });

export const CorrectAwareness = z
  .strictObject({
    key: z.enum(AWARENESS),
    finding: Finding,
    reason,
    confirms: anId
      .optional()
      .meta({ description: 'The proposal of another person that this confirms; the same finding must be repeated.' }),
    breakGlass: breakGlass.optional(),
  })
  .meta({ id: 'CorrectAwareness' });

export const DecideRisk = z
  .strictObject({
    level: z.enum(RISK_LEVELS),
    reasons: reason,
    confirms: anId
      .optional()
      .meta({ description: 'UNLIKELY_RISK (no notice) needs two people: the second one names the proposal here.' }),
    breakGlass: breakGlass.optional(),
  })
  .meta({ id: 'DecideRisk' });

export const DraftNotice = z
  .strictObject({
    withdraw: reason.optional().meta({ description: 'Drafts the withdrawal of what was filed, for this reason.' }),
  })
  .meta({ id: 'DraftNotice' });

export const ApproveNotice = z
  .strictObject({
    sha256: sha256.meta({ description: 'Hash of the content that was read and is approved.' }),
    hold: z.boolean().optional().meta({ description: 'Approve without sending; sent by /release.' }),
  })
  .meta({ id: 'ApproveNotice' });

export const Nothing = z.strictObject({}).meta({ id: 'Nothing' });
export const RevokeApproval = z.strictObject({ sha256, reason }).meta({ id: 'RevokeApproval' });

export const RecordReceipt = z
  .strictObject({
    reference: words(200).meta({ description: "The authority's own reference." }),
    receivedAt: instantIn.meta({ description: "The receipt's own time: it decides whether the notice was in time." }),
    evidence: words(500).optional(),
  })
  .meta({ id: 'RecordReceipt' });

export const HoldDuty = z
  .strictObject({ requestedBy: words(200), basis: words(500), caseRef: words(200), reviewAt: instantIn })
  .meta({ id: 'HoldDuty', description: 'Held for law enforcement, with a review within 7 days (R-443).' });
export const ReleaseDuty = z.strictObject({ reason }).meta({ id: 'ReleaseDuty' });
export const ExemptDuty = z
  .strictObject({
    reason,
    rule: z.string().regex(/^R-\d{3,4}$/, 'must be a rule such as R-414'),
    proof: words(2_000).optional(),
    confirms: z
      .string()
      .max(60)
      .optional()
      .meta({ description: 'The proposal that you confirm as the second person.' }),
    breakGlass: breakGlass.optional(),
  })
  .meta({ id: 'ExemptDuty', description: 'Takes two people.' });

export const OpenDuty = z
  .strictObject({ reason })
  .meta({ id: 'OpenDuty', description: 'One authority more is told, by the law of its country.' });

export const Telling = z
  .strictObject({
    on: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2026-03-04'),
    number: z.int().min(1).nullable().meta({
      description:
        'How many more were told by this means: not those whom a mailing reached, nor those of another entry. With fewer than are concerned (people.count) a note must say why the rest are owed no word; more than are concerned are refused. Null where a public announcement cannot be counted.',
    }),
    means: z.array(z.enum(MEANS_OF_TELLING)).min(1),
    otherMeans: words(500).optional().meta({ description: 'Which other means, with OTHER.' }),
    text: words(20_000).meta({ description: 'What the people were told, or where it can be read.' }),
  })
  .meta({
    id: 'Telling',
    description: 'How people were told otherwise than by a mailing (rows 98 to 106 of the notice).',
  });

export const CompleteTask = z
  .strictObject({ note: words(2_000).optional(), told: Telling.optional() })
  .meta({ id: 'CompleteTask' });
export const Acknowledge = z
  .strictObject({ milestone: anId.optional().meta({ description: 'Left out: every escalation that is ringing.' }) })
  .meta({ id: 'Acknowledge' });

export const AcceptPeople = z
  .strictObject({
    sha256: sha256
      .optional()
      .meta({ description: 'Of the list as the import report gave it; when sent, it must match.' }),
    duplicates: z.int().min(0).optional().meta({ description: 'As the import report said; when sent, it must match.' }),
  })
  .meta({ id: 'AcceptPeople' });

const messageText = words(10_000);
export const MessageFields = z
  .strictObject({
    subject: words(150).optional(),
    whatHappened: messageText.optional(),
    when: messageText.optional(),
    whichDataOfYours: messageText.optional(),
    consequences: messageText.optional(),
    whatWeDid: messageText.optional(),
    whatYouCanDo: messageText.optional(),
    contact: messageText.optional(),
    dpo: messageText.optional(),
    authorityYouMayTurnTo: messageText.optional(),
    fraudWarning: messageText.optional(),
    caseRefPublic: words(100).optional(),
  })
  .meta({ id: 'MessageFields' });

export const DraftMessage = z
  .strictObject({
    language: z
      .string()
      .regex(/^[a-z]{2}$/, 'must be two letters of ISO 639, such as en')
      .optional()
      .meta({
        description: 'Everybody gets this one. Left out, each reads the language that the list says, where we have it.',
      }),
    list: anId.optional().meta({
      description:
        'The uploaded list whose segments get a text each; left out, the one that was accepted last. Without a list there is one text for everybody.',
    }),
    from: sha256.optional().meta({
      description:
        'Begin with the texts of this message, with all words that were put in, in place of a new proposal from the facts.',
    }),
    fields: MessageFields.optional().meta({
      description: 'What replaces the proposed wording, field by field, where there is one text.',
    }),
    texts: z.record(z.string().max(400), MessageFields).optional().meta({
      description:
        'The same where there are several, by name: de/CONTACT+HEALTH for one text, de for every text in German.',
    }),
  })
  .meta({ id: 'DraftMessage' });

export const ApproveMessage = z
  .strictObject({
    sha256,
    list: anId.meta({ description: 'The accepted list that the message goes to.' }),
    breakGlass: breakGlass.optional(),
  })
  .meta({ id: 'ApproveMessage' });

export const StartMailing = z.strictObject({ message: anId, list: anId }).meta({ id: 'StartMailing' });
export const PauseMailing = z.strictObject({ reason }).meta({ id: 'PauseMailing' });
export const ReviewBreakGlass = z.strictObject({ finding: reason }).meta({ id: 'ReviewBreakGlass' });

export const Withdraw = z
  .strictObject({
    because: z.enum(['not_a_breach', 'duplicate', 'other']),
    duplicateOf: anId.optional().meta({ description: 'The other incident, when it is a duplicate.' }),
    reason,
    confirms: anId
      .optional()
      .meta({ description: 'Once confirmed, a withdrawal needs two people: the second one names the proposal here.' }),
    breakGlass: breakGlass.optional(),
  })
  .meta({ id: 'Withdraw' });
export const Close = z.strictObject({ reason }).meta({ id: 'Close' });
export const Reopen = z.strictObject({ reason }).meta({ id: 'Reopen' });

export const AddClockSegment = z.strictObject({ segment: clock, because: reason }).meta({ id: 'AddClockSegment' });
export const ReleaseInject = z
  .strictObject({ inject: anId, text: words(4_000), from: words(200), to: words(200) })
  .meta({ id: 'ReleaseInject' });

// Staff and organisation

export const AddStaff = z
  .strictObject({
    name: words(200),
    email,
    roles: z.array(z.enum(ROLES)).min(1, 'must name at least one role').max(ROLES.length),
    deputy: z.boolean().optional(),
    zone: zone.optional(),
    language: z
      .string()
      .regex(/^[a-z]{2}$/)
      .optional(),
  })
  .meta({ id: 'AddStaff' });
export const ChangeRoles = z
  .strictObject({ roles: z.array(z.enum(ROLES)).min(1), deputy: z.boolean() })
  .meta({ id: 'ChangeRoles' });
export const Bootstrap = z.strictObject({ name: words(200), email }).meta({ id: 'Bootstrap' });

const contact = z.strictObject({
  name: words(200),
  address: words(500).optional(),
  email: email.optional(),
  phone: words(50).optional(),
});

export const OrganisationInput = z
  .strictObject({
    name: words(200),
    role: z.enum(['controller', 'processor']),
    zone,
    languages: z.array(z.string().regex(/^[a-z]{2}$/)).min(1),
    contact: z.strictObject({
      address: words(500),
      email,
      phone: words(50).optional(),
      website: words(200).optional(),
    }),
    identifier: z
      .strictObject({ type: z.enum(['COMPANY_ID', 'ORGANISATION_NUMBER', 'VAT']), value: words(100) })
      .optional(),
    sector: z.enum(['PRIVATE', 'PUBLIC']),
    size: z.enum(['FREELANCE_MICRO', 'SME', 'LARGE', 'OTHER']).optional(),
    activity: words(20).optional(),
    establishments: z
      .array(
        z.strictObject({
          country,
          main: z.boolean().meta({ description: 'Decides about the processing: its authority leads (R-504).' }),
          region: z
            .string()
            .regex(
              /^DE-(BW|BY|BE|BB|HB|HH|HE|MV|NI|NW|RP|SL|SN|ST|SH|TH)$/,
              'must be a German Land by its ISO 3166-2 code, such as DE-BY',
            )
            .optional()
            .meta({ description: 'In Germany: the Land, such as DE-BY. Each has an authority of its own.' }),
        }),
      )
      .min(1),
    representative: contact.optional(),
    dpo: contact.optional(),
    dpoDesignated: z.literal(false).optional().meta({
      description:
        'false where no data protection officer is designated. Without it and without dpo, a notice says that it is not known yet.',
    }),
    reportingPerson: contact.extend({
      function: z.enum(['DPO', 'LEGAL_REP', 'AUTHORISED_OTHER']),
      description: words(200).optional(),
    }),
    authorities: z.array(anId).default([]).meta({
      description:
        'Whom you would have to tell, the lead authority first. Left out: worked out from establishments and facts.',
    }),
    publicContact: words(300),
    senderAddress: email,
  })
  .meta({ id: 'Organisation' });

const hours = z.array(z.number().min(0).max(72)).min(1);
export const PlaybookInput = z
  .strictObject({
    confirmedHours: hours,
    suspectedHours: hours,
    draftAtHours: z.number().min(0).max(72),
    repeatAfterMinutes: z.number().min(1),
    thenEveryMinutes: z.number().min(1),
    tellPeopleWithinHours: z.number().min(1),
  })
  .meta({ id: 'Playbook' });

export const DescribeOrganisation = z
  .strictObject({ organisation: OrganisationInput, playbook: PlaybookInput.optional() })
  .meta({ id: 'DescribeOrganisation' });

export const AuthoriseFiling = z
  .strictObject({
    authorities: z.array(anId).min(1, 'must name at least one authority').max(50),
    hoursBeforeDeadline: z
      .int()
      .min(1)
      .max(MOST_HOURS_BEFORE)
      .meta({
        description: `Whole hours before the deadline. Everybody is warned ${WARN_BEFORE_HOURS} hours before that.`,
      }),
    until: instantIn.meta({ description: `Until when it holds; at most ${LONGEST_DAYS} days ahead.` }),
  })
  .meta({ id: 'AuthoriseFiling' });
export const RevokeAuthorisation = z.strictObject({ reason }).meta({ id: 'RevokeAuthorisation' });

export const VerifyMailbox = z
  .strictObject({
    address: email,
    how: words(500).meta({ description: 'How a person made sure: "called the number on its site".' }),
  })
  .meta({ id: 'VerifyMailbox' });

const SCENARIO_MAX = 200_000;
export const RunDrill = z
  .strictObject({
    scenario: z.string().min(1).max(SCENARIO_MAX).meta({ description: 'A scenario file, YAML or JSON, as text.' }),
  })
  .meta({ id: 'RunDrill' });
