import { parse } from 'yaml';
import { z } from 'zod';
import type { Act, Scenario } from '../domain/drill/scenario.js';
import { checkFacts, rawFacts } from '../domain/incident/facts-check.js';
import type { FactInput } from '../domain/incident/facts.js';
import type { Organisation, Role } from '../domain/incident/organisation.js';
import { ROLES } from '../domain/incident/organisation.js';
import { sentence } from '../domain/incident/sentences.js';
import { RISK_LEVELS } from '../domain/risk/levels.js';

/** `3h`, `26h30m`, `45m` from the start of the exercise, in minutes. */
const offset = z
  .string()
  .regex(/^(?=.)(\d+h)?(\d+m)?$/, 'an offset such as 3h, 26h30m or 45m')
  .transform((text) => {
    const [, hours = '0', minutes = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(text) ?? [];
    return Number(hours) * 60 + Number(minutes);
  });
const facts = z.record(z.string(), z.unknown());
const text = z.string().min(1);
const contact = z.strictObject({
  name: text,
  email: text.optional(),
  phone: text.optional(),
  address: text.optional(),
});

const act = z.union([
  z.strictObject({ inject: z.strictObject({ text, from: text, to: text }) }),
  z.strictObject({ facts }),
  z.strictObject({ confirm: z.strictObject({ reason: text, source: text }) }),
  z.strictObject({ decide: z.strictObject({ level: z.enum(RISK_LEVELS), reasons: text }) }),
  z.strictObject({ importPeople: z.number().int().min(1).max(100_000) }),
  z.strictObject({ approveMessage: z.enum(['en', 'de', 'fr']) }),
  z.strictObject({ startMailing: z.literal(true) }),
  z.strictObject({ approveNotice: z.literal(true) }),
  z.strictObject({ receipt: z.strictObject({ authority: text, reference: text }) }),
  z.strictObject({ close: text }),
]);

const scenario = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  story: text,
  startsAt: z.iso.datetime({ offset: true }),
  zone: text,
  organisation: z.strictObject({
    name: text,
    role: z.enum(['controller', 'processor']),
    zone: text,
    languages: z.array(text).min(1),
    contact: z.strictObject({ address: text, email: text, phone: text.optional(), website: text.optional() }),
    sector: z.enum(['PRIVATE', 'PUBLIC']),
    size: z.enum(['FREELANCE_MICRO', 'SME', 'LARGE', 'OTHER']).optional(),
    activity: text.optional(),
    establishments: z.array(z.strictObject({ country: z.string().length(2), main: z.boolean() })),
    dpo: contact,
    reportingPerson: contact.extend({ function: z.enum(['DPO', 'LEGAL_REP', 'AUTHORISED_OTHER']) }),
    authorities: z.array(text).min(1),
    publicContact: text,
    senderAddress: text,
  }),
  declaration: z.strictObject({ title: text, hint: offset, facts: facts.default({}) }),
  script: z.array(z.strictObject({ at: offset, as: z.enum(ROLES), do: act })).min(1),
  expected: z.strictObject({
    level: z.enum(RISK_LEVELS),
    duties: z.record(z.string(), z.enum(['discharged', 'exempt'])),
  }),
});

export type ParsedScenario = { readonly scenario: Scenario } | { readonly problems: readonly string[] };

/** A scenario file (YAML or JSON). All problems at once, each with its path. */
export function parseScenario(source: string): ParsedScenario {
  const read = scenario.safeParse(parse(source));
  if (!read.success)
    return { problems: read.error.issues.map((issue) => `${issue.path.join('.') || 'scenario'}: ${issue.message}`) };
  const { data } = read;
  const problems: string[] = [];
  const checked = (given: Record<string, unknown>, path: string): FactInput[] => {
    const result = checkFacts(rawFacts(given, 'scenario', path));
    problems.push(...result.problems.map(sentence));
    return result.facts;
  };
  const made: Scenario = {
    ...data,
    startsAt: new Date(data.startsAt).toISOString(),
    organisation: data.organisation as Organisation,
    declaration: {
      title: data.declaration.title,
      hintMinutes: data.declaration.hint,
      facts: checked(data.declaration.facts, 'declaration.facts'),
    },
    script: data.script.map((item, index) => ({
      no: index + 1,
      atMinutes: item.at,
      as: item.as as Role,
      act: actOf(item.do, (given) => checked(given, `script.${index}.facts`)),
    })),
  };
  return problems.length > 0 ? { problems } : { scenario: made };
}

function actOf(given: z.infer<typeof act>, checked: (facts: Record<string, unknown>) => FactInput[]): Act {
  if ('inject' in given) return { kind: 'inject', ...given.inject };
  if ('facts' in given) return { kind: 'facts', facts: checked(given.facts) };
  if ('confirm' in given) return { kind: 'confirm-awareness', ...given.confirm };
  if ('decide' in given) return { kind: 'decide', ...given.decide };
  if ('importPeople' in given) return { kind: 'import-people', count: given.importPeople };
  if ('approveMessage' in given) return { kind: 'approve-message', language: given.approveMessage };
  if ('startMailing' in given) return { kind: 'start-mailing' };
  if ('approveNotice' in given) return { kind: 'approve-notice' };
  if ('receipt' in given) return { kind: 'receipt', ...given.receipt };
  return { kind: 'close', reason: given.close };
}
