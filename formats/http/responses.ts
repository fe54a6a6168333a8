import { z } from 'zod';
import { Telling } from './requests.js';
import type { IncidentSummary } from '../../domain/incident/summary-shape.js';
import { AWARENESS } from '../../domain/incident/events.js';
import { ROLES } from '../../domain/incident/organisation.js';
import { RISK_LEVELS, SEVERITY_LEVELS } from '../../domain/risk/levels.js';
import { instant, sha256 } from './fields.js';

/** The bodies that the API answers with about incidents, the record and itself. A client ignores fields that it does not know. */

const basis = z.object({ rule: z.string(), cite: z.string() });
const phase = z.enum(['suspected', 'confirmed', 'notifying', 'closed', 'withdrawn']);

export const Duty = z
  .object({
    id: z.string(),
    kind: z.enum(['authority-notice', 'people-message', 'controller-notice', 'register']),
    to: z.string(),
    basis,
    rules: z.string(),
    dueAt: instant.nullable(),
    asSoonAs: z.string().nullable(),
    state: z.enum(['open', 'filed_receipt_pending', 'discharged', 'discharged_late', 'exempt', 'held', 'waived']),
    openedAt: instant,
    dischargedAt: instant.nullable(),
    dischargedBy: z.string().nullable(),
    hold: z.object({ requestedBy: z.string(), basis: z.string(), caseRef: z.string(), reviewAt: instant }).nullable(),
  })
  .meta({ id: 'Duty' });

export const TASK_KINDS = [
  'reasons-for-delay',
  'decide-suspicion',
  'decide-risk',
  'approve-notice',
  'file-at-portal',
  'verify-mailbox',
  'record-receipt',
  'tell-people',
  'follow-up-notice',
  'review-break-glass',
  'review-hold',
  'notice-refused',
  'notice-stalled',
  'mailing-paused',
  'review-automatic-notice',
  'settle-authority',
  'other',
] as const;

export const Task = z
  .object({
    id: z.string(),
    kind: z.enum(TASK_KINDS),
    roles: z.array(z.enum(ROLES)),
    about: z.string(),
    dueAt: instant.nullable(),
    openedAt: instant,
    doneAt: instant.nullable(),
    doneBy: z.string().nullable(),
    told: z
      .object({ note: z.string().nullable(), telling: Telling.nullable(), by: z.string(), at: instant })
      .optional()
      .meta({ description: 'How people were told, where the task is to tell them and somebody has said so.' }),
  })
  .meta({ id: 'Task' });

export const Delivery = z
  .object({
    authority: z.string(),
    state: z.enum(['waiting', 'sent', 'ambiguous', 'refused', 'at_portal', 'unverified_mailbox']),
    attempts: z.int(),
    submittedAt: instant.nullable(),
    messageId: z.string().nullable(),
    artifacts: z.record(z.string(), sha256),
    receipt: z.object({ reference: z.string(), receivedAt: instant, recordedBy: z.string() }).nullable(),
  })
  .meta({ id: 'Delivery' });

export const Summary = z
  .object({
    id: z.string(),
    mode: z.enum(['live', 'drill']),
    title: z.string(),
    phase,
    seq: z.int(),
    declaredAt: instant,
    now: instant,
    awareAt: instant.nullable(),
    firstHintAt: instant.nullable(),
    deadline: z
      .object({
        strict: instant,
        statutory: instant,
        hoursLeft: z.number(),
        passed: z.boolean(),
        provisional: z.boolean(),
      })
      .nullable(),
    level: z.object({
      decided: z.enum(RISK_LEVELS).nullable(),
      proposed: z.enum(RISK_LEVELS).nullable(),
      waitsForSecondPerson: z.string().nullable(),
    }),
    next: z.array(
      z.object({ says: z.string(), roles: z.array(z.string()), command: z.string(), dueAt: instant.nullable() }),
    ),
    duties: z.array(Duty),
    tasks: z.array(Task),
    stillOpen: z
      .array(
        z.object({
          id: z.string(),
          because: z.array(z.string()),
          ends: z.array(z.object({ says: z.string(), command: z.string() })),
        }),
      )
      .meta({ description: 'For each open duty and task: why it is open, with the figures, and what ends it.' }),
    milestones: z.array(
      z.object({
        id: z.string(),
        dueAt: instant,
        reachedAt: instant.nullable(),
        acknowledged: z.boolean(),
        owed: z.boolean(),
      }),
    ),
    notices: z.array(
      z.object({
        phase: z.int(),
        kind: z.string(),
        completeness: z.string(),
        draftSha256: sha256,
        approvedSha256: sha256.nullable(),
        held: z.boolean(),
        deliveries: z.array(Delivery),
      }),
    ),
    lists: z.array(z.object({ id: z.string(), count: z.int(), sha256, rejected: z.int().optional() })),
    messages: z.array(z.object({ id: z.string(), sha256, list: z.string(), approvals: z.int(), needed: z.int() })),
    mailings: z.array(
      z.object({
        mailing: z.int(),
        state: z.string(),
        count: z.int(),
        totals: z.record(z.string(), z.int()).nullable(),
      }),
    ),
    waiting: z.array(z.object({ proposal: z.string(), action: z.string(), by: z.string(), at: instant })),
    factsKnown: z.int(),
    factsMissing: z.array(z.string()),
  })
  .meta({ id: 'IncidentSummary' }) satisfies z.ZodType<IncidentSummary>;

/** Every accepted command answers so. `repeated`: this key was answered before and nothing was done again. */
export const Answer = z.object({ seq: z.int(), repeated: z.boolean(), incident: Summary }).meta({ id: 'Answer' });

/** `others`: open incidents that may be the same breach, the ten newest at most: declared within 24 hours of this one, and first hints within 48. Never merged: one may be withdrawn as the duplicate of the other. */
export const Declared = Answer.extend({
  others: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      declaredAt: instant,
      firstHintAt: instant.nullable(),
      awareAt: instant.nullable(),
      phase: z.string(),
    }),
  ),
}).meta({ id: 'Declared' });

/** 202: the workflow engine is away; the declaration is kept and starts by itself. The clock counts from the same instant. */
export const Intake = z
  .object({
    id: z.string(),
    kept: z.literal('intake'),
    declaredAt: instant,
    awareAt: instant.nullable(),
    deadline: z.object({ strict: instant, statutory: instant }).nullable(),
    says: z.string(),
  })
  .meta({ id: 'Intake' });

export const Board = z
  .object({
    incidents: z.array(Summary),
    intakes: z.array(Intake),
    clocks: z
      .object({
        open: z.int(),
        without: z.array(z.string()),
        says: z.string().nullable().meta({ description: 'A sentence for a person; null when every clock runs.' }),
      })
      .nullable()
      .meta({
        description:
          'Open incidents, and those of them for which the workflow engine runs nothing. Null: a store does not say.',
      }),
  })
  .meta({ id: 'Board' });

export const IncidentAnswer = Summary.extend({
  withoutClock: z.boolean().nullable().meta({
    description:
      'True: it is open and the workflow engine does not run it, so nothing is filed or rung for it. Null: the engine does not say.',
  }),
}).meta({ id: 'Incident' });

const certainty = z.enum(['known', 'estimated', 'pending', 'undeterminable', 'not_applicable']);
export const Fact = z
  .object({ id: z.string(), value: z.unknown(), certainty, source: z.string(), by: z.string(), at: instant })
  .meta({ id: 'Fact' });
export const Finding = z
  .object({ at: instant, zone: z.string(), source: z.string(), by: z.string(), recordedAt: instant })
  .meta({ id: 'Finding' });

export const FactsAnswer = z
  .object({ seq: z.int(), facts: z.array(Fact), missing: z.array(z.string()) })
  .meta({ id: 'Facts' });

export const AwarenessAnswer = z
  .object({
    seq: z.int(),
    awareness: z.object({
      firstHintAt: Finding.optional(),
      firstEmployeeKnowledgeAt: Finding.optional(),
      processorInformedUsAt: Finding.optional(),
      awareAt: Finding.optional(),
    }),
    history: z.array(z.object({ key: z.enum(AWARENESS), finding: Finding, until: instant, reason: z.string() })),
    proposal: z
      .object({
        proposal: z.string(),
        key: z.enum(AWARENESS),
        finding: Finding,
        reason: z.string(),
        by: z.string(),
        at: instant,
      })
      .nullable(),
  })
  .meta({ id: 'Awareness' });

export const Assessment = z
  .object({
    level: z.enum(RISK_LEVELS),
    notifyAuthority: z.boolean(),
    tellPeople: z.boolean(),
    register: z.literal(true),
    severity: z.object({
      dpc: z.number(),
      ei: z.number(),
      cb: z.number(),
      se: z.number(),
      level: z.enum(SEVERITY_LEVELS),
      steps: z.array(z.object({ criterion: z.string(), value: z.number(), says: z.string(), assumed: z.boolean() })),
    }),
    factors: z.array(
      z.object({
        rule: z.string(),
        effect: z.enum(['raises', 'lowers', 'neutral']),
        says: z.string(),
        facts: z.array(z.string()),
      }),
    ),
    duties: z.array(
      z.object({
        kind: z.string(),
        to: z
          .string()
          .optional()
          .meta({ description: 'Authority id, or controller-1 by its place in parties.controllers.' }),
        basis,
        dueAt: instant.optional(),
        asSoonAs: z.string().optional(),
        says: z.string(),
      }),
    ),
    missing: z.array(z.object({ fact: z.string(), assumed: z.string() })),
    hints: z.array(z.string()),
  })
  .meta({ id: 'Assessment' });

export const AssessmentAnswer = z
  .object({
    seq: z.int(),
    assessment: Assessment,
    decision: z
      .object({
        seq: z.int(),
        level: z.enum(RISK_LEVELS),
        reasons: z.string(),
        by: z.string(),
        at: instant,
        basedOn: z.int().nullable(),
      })
      .nullable(),
    competence: z
      .object({
        authorities: z.array(
          z.object({
            id: z.string(),
            why: z.string(),
            basis,
            beside: z.boolean(),
            ifLawApplies: z.literal(true).optional(),
          }),
        ),
        lead: z.string().optional(),
        questions: z.array(z.string()),
        settled: z.boolean(),
        unnamed: z.boolean(),
        told: z.array(z.string()),
        differences: z.array(z.string()),
        stale: z.array(z.string()),
      })
      .nullable()
      .meta({
        description:
          'Which authorities are competent by the facts, who is told, and where the own list differs; null for a processor.',
      }),
    exemptions: z
      .array(
        z.object({
          rule: z.string(),
          basis,
          holds: z.enum(['yes', 'no', 'open']),
          items: z.array(z.object({ fact: z.string(), state: z.enum(['met', 'not_met', 'open']), says: z.string() })),
          says: z.string(),
        }),
      )
      .meta({ description: 'Where people are to be told: each exemption of Art. 34(3) and (4) with what it needs.' }),
  })
  .meta({ id: 'AssessmentAnswer' });

export const Tasks = z.object({ seq: z.int(), tasks: z.array(Task) }).meta({ id: 'Tasks' });

/** `content` is the canonical notice (see /docs/form.md); its hash is what a person approves. */
const version = z.object({ sha256, at: instant, by: z.string(), content: z.record(z.string(), z.unknown()) });
export const NoticePhase = z
  .object({
    phase: z.int(),
    draft: version.extend({ basedOn: z.int() }),
    approved: version.extend({ hold: z.boolean() }).nullable(),
    deliveries: z.array(Delivery),
    warnings: z.array(z.string()).meta({
      description:
        'What a person should look at before approving: personal data in free text, a message to people that tells something else.',
    }),
    reasonsForDelayDraft: z.string().nullable().meta({
      description:
        'When it is late and nobody has given reasons: the course of events from the record, to be completed by a person.',
    }),
  })
  .meta({ id: 'NoticePhase' });
export const Notices = z.object({ seq: z.int(), notices: z.array(NoticePhase) }).meta({ id: 'Notices' });

export const BreakGlassUses = z
  .object({
    seq: z.int(),
    uses: z.array(
      z.object({ use: z.string(), by: z.string(), for: z.string(), at: instant, reviewedBy: z.string().nullable() }),
    ),
  })
  .meta({ id: 'BreakGlassUses' });

export const LedgerAnswer = z
  .object({
    stream: z.string(),
    head: z.object({ seq: z.int(), hash: sha256 }).nullable(),
    chain: z.object({ ok: z.boolean(), entries: z.int(), firstBad: z.int().nullable() }),
    entries: z.array(
      z.object({
        stream: z.string(),
        seq: z.int(),
        type: z.string(),
        at: instant,
        actor: z.object({ id: z.string(), role: z.string() }),
        cause: z.object({ keyHash: sha256, bodyHash: sha256 }).nullable(),
        data: z.record(z.string(), z.unknown()),
        v: z.int(),
      }),
    ),
    more: z.boolean().meta({ description: 'Ask again with fromSeq one after the last.' }),
  })
  .meta({ id: 'Ledger' });

/** Art. 33(5): facts, effects and remedial action of every breach, notified or not. */
export const RegisterEntry = z
  .looseObject({ incident: z.string(), mode: z.enum(['live', 'drill']) })
  .meta({ id: 'RegisterEntry' });
export const Register = z
  .object({
    side: z.enum(['live', 'drill']),
    madeAt: instant,
    entries: z.array(RegisterEntry),
    erased: z.int().meta({ description: 'Entries whose key was destroyed.' }),
  })
  .meta({ id: 'Register' });

export const Health = z.object({ ok: z.boolean() }).meta({ id: 'Health' });
export const Readiness = z
  .object({
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), ms: z.int() })),
    alarms: z.array(z.string()).meta({ description: 'What somebody must put right though this process is ready.' }),
    clocks: z
      .object({ open: z.int(), without: z.int() })
      .nullable()
      .meta({ description: 'Open incidents, and how many of them the workflow engine does not run.' }),
  })
  .meta({ id: 'Readiness' });

export const DrillStarted = z
  .object({ drill: z.string(), incident: z.string(), startsAt: instant })
  .meta({ id: 'DrillStarted' });
export const DrillProgress = z
  .object({ drill: z.string(), played: z.int(), of: z.int(), ended: z.boolean() })
  .meta({ id: 'DrillProgress' });
