import { type CompetenceShown, competenceShown } from '../../domain/authorities/competence.js';
import type { Instant } from '../../domain/clock/instant.js';
import { type Exemption, exemptionsOf } from '../../domain/duties/exemptions.js';
import { changedBy, proposeDuties, whoIsTold } from '../../domain/duties/propose.js';
import type { Facts } from '../../domain/incident/facts.js';
import { DEFAULT_PLAYBOOK, type Organisation } from '../../domain/incident/organisation.js';
import type { RuleSet } from '../../domain/law/provisions.js';
import type { Assessment, ProposedDuty } from '../../domain/risk/assessment.js';
import { wrap } from '../terminal.js';

/** What the law says besides the risk: which authorities, which exemption, and what other rules would change. */
export interface LawPart {
  /** Only where the file describes the organisation. */
  readonly competence?: CompetenceShown;
  /** Where people are to be told: each exemption with what it needs (R-414 to R-419). */
  readonly exemptions?: readonly Exemption[];
  /** Asked for with --rules. */
  readonly underRules?: {
    readonly name: string;
    readonly inForce: boolean;
    readonly notifyAuthority: boolean;
    readonly tellPeople: boolean;
    readonly duties: readonly ProposedDuty[];
    readonly changes: readonly string[];
  };
}

export function lawPart(
  { level, tellPeople }: Assessment,
  given: {
    facts: Facts;
    awareAt: Instant | null;
    organisation: Organisation | null;
    now: Instant;
    rules: RuleSet | undefined;
  },
): LawPart {
  const { facts, awareAt, organisation, now, rules } = given;
  const context = { facts, organisation: organisation ?? undefined };
  const competence = organisation && competenceShown(organisation, facts, now.slice(0, 10));
  return {
    ...(competence && { competence }),
    ...(tellPeople && { exemptions: exemptionsOf(facts) }),
    ...(rules && {
      underRules: {
        name: rules.version,
        inForce: rules.on,
        notifyAuthority: whoIsTold(level, { ...context, rules }).notifyAuthority,
        tellPeople: whoIsTold(level, { ...context, rules }).tellPeople,
        duties: proposeDuties(level, awareAt, DEFAULT_PLAYBOOK, { ...context, rules }),
        changes: changedBy(rules, level, awareAt, DEFAULT_PLAYBOOK, context),
      },
    }),
  };
}

/** In plain words, no wider than `width`; nothing where there is nothing to say. */
export function lawText({ competence, exemptions, underRules }: LawPart, width: number): string[] {
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', title, ...lines.flatMap((line) => wrap(line, width, '  '))];
  return [
    ...section('Which authority', [
      ...(competence?.authorities ?? []).map(
        ({ id, why, basis }) =>
          `${id}${competence?.lead === id ? ' (leads)' : ''}: ${why} (${basis.cite}, ${basis.rule})`,
      ),
      ...(competence?.differences ?? []),
      ...(competence?.questions ?? []),
      ...(competence?.stale ?? []).map(
        (id) =>
          `${id}: nobody has checked this row of the directory for more than 180 days. Check the channel before you send (R-511).`,
      ),
    ]),
    ...section(
      'Exemptions from telling people (each alone suffices, with its proof)',
      (exemptions ?? []).flatMap(({ basis, holds, items }) => {
        if (items.every(({ state }) => state === 'open')) return [];
        const open = items
          .filter(({ state }) => state !== 'met')
          .map(({ fact, state }) => `${fact} ${state === 'open' ? 'is not known' : 'speaks against it'}`);
        return [
          `${basis.cite}: ${holds === 'yes' ? 'what it needs is there' : holds === 'no' ? 'does not hold' : 'open'}${open.length === 0 ? '' : ` (${open.join(', ')})`}`,
        ];
      }),
    ),
    ...(underRules
      ? section(
          `Under ${underRules.name}${underRules.inForce ? '' : ', a proposal that is not in force'}`,
          underRules.changes.length > 0 ? underRules.changes : ['Nothing would change.'],
        )
      : []),
  ];
}
