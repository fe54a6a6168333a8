import { z } from 'zod';
import { instant, sha256 } from './fields.js';

/** Answers about lists of people, messages to them and mailings. */

const segments = z
  .array(
    z.object({
      country: z.string().nullable(),
      language: z.string(),
      data: z
        .array(z.string())
        .nullable()
        .meta({ description: 'Codes of data.categories; null: the list does not say.' }),
      count: z.int(),
    }),
  )
  .nullable()
  .meta({ description: 'Who is on the list, by country, language and data leaked; null where nobody worked it out.' });

export const ImportReport = z
  .object({
    list: z.string().meta({ description: 'Accept it under /people/{list}/acceptance.' }),
    count: z.int(),
    sha256,
    rejected: z.int(),
    duplicates: z.int(),
    problems: z.array(
      z.object({
        row: z.int().meta({ description: 'As a spreadsheet counts: the header is row 1.' }),
        column: z.int().nullable().meta({ description: 'From 1; null when the whole row is meant.' }),
        reason: z.string(),
        rejected: z.boolean(),
      }),
    ),
    problemsLeftOut: z.int(),
    ignoredColumns: z.array(z.int()).meta({ description: 'Not read, from 1. Names are never kept.' }),
    segments,
    next: z.string(),
  })
  .meta({ id: 'ImportReport' });

export const PeopleLists = z
  .object({
    seq: z.int(),
    lists: z.array(
      z.object({
        list: z.string(),
        count: z.int(),
        sha256,
        rejected: z.int().nullable(),
        duplicates: z.int().nullable().meta({ description: 'Null, as rejected, while the store of lists is away.' }),
        accepted: z.boolean(),
        segments,
      }),
    ),
  })
  .meta({ id: 'PeopleLists' });

export const PeopleMessage = z
  .object({
    model: z.literal(1),
    incident: z.string(),
    mode: z.enum(['live', 'drill']),
    language: z.string(),
    subject: z.string(),
    whatHappened: z.string(),
    when: z.string(),
    whichDataOfYours: z.string(),
    consequences: z.string(),
    whatWeDid: z.string(),
    whatYouCanDo: z.string(),
    contact: z.string(),
    dpo: z.string(),
    authorityYouMayTurnTo: z.string(),
    fraudWarning: z.string(),
    caseRefPublic: z.string(),
  })
  .meta({ id: 'PeopleMessage' });

export const VariedMessage = z
  .object({
    model: z.literal(2),
    incident: z.string(),
    mode: z.enum(['live', 'drill']),
    otherwise: z.string().meta({ description: 'The language of whoever reads none of the languages here.' }),
    variants: z.array(
      z.object({
        for: z.object({ language: z.string(), data: z.array(z.string()).nullable() }),
        text: PeopleMessage,
      }),
    ),
  })
  .meta({ id: 'VariedMessage', description: 'Several texts, approved as one message by one hash over all of them.' });

export const MessageAnswer = z
  .object({
    message: z.string().meta({ description: 'Its id: msg- and the first 12 digits of its hash.' }),
    sha256,
    content: z.union([PeopleMessage, VariedMessage]),
    texts: z
      .array(
        z.object({
          text: z.string().meta({ description: 'Its name, such as de/CONTACT+HEALTH.' }),
          language: z.string(),
          data: z.array(z.string()).nullable(),
          people: z.int().nullable().meta({ description: 'How many of the list get it; null without a list.' }),
        }),
      )
      .meta({ description: 'Every text of the content, in its order, and who gets it.' }),
    approvals: z.array(z.object({ by: z.string(), at: instant, breakGlass: z.boolean() })),
    needed: z.int(),
    warnings: z.array(z.string()).meta({ description: 'Hedged or hard wording that a person should look at.' }),
    next: z.string(),
  })
  .meta({ id: 'MessageAnswer' });
export const MessagesAnswer = z
  .object({ messages: z.array(MessageAnswer.omit({ content: true, texts: true, warnings: true, next: true })) })
  .meta({ id: 'Messages' });

const totals = z.object({
  total: z.int(),
  accepted: z.int(),
  refused: z.int(),
  deferred: z.int(),
  suppressed: z.int(),
  ambiguous: z.int(),
  resent: z.int(),
});
export const MailingAnswer = z
  .object({
    mailing: z.int(),
    message: z.string(),
    list: z.string(),
    count: z.int(),
    state: z.enum(['starting', 'running', 'paused', 'completed']),
    totals: totals.nullable().meta({ description: 'As the engine last reported.' }),
    progress: totals
      .nullable()
      .meta({ description: 'As it stands now, from the outcomes on record; null when they cannot be read.' }),
    completedAt: instant.nullable(),
  })
  .meta({ id: 'Mailing' });
export const Mailings = z.object({ seq: z.int(), mailings: z.array(MailingAnswer) }).meta({ id: 'Mailings' });
