import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Instant, toInstant } from '../../domain/clock/instant.js';
import type { FactInput } from '../../domain/incident/facts.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import { personalDataIn } from '../../domain/notice/personal-data.js';
import { assess } from '../../domain/risk/assess.js';
import type { Assessment } from '../../domain/risk/assessment.js';
import { parseFactsFile } from '../../formats/facts-file.js';
import type { RuleSet } from '../../domain/law/provisions.js';
import { refused } from '../exit.js';
import { table } from '../table.js';
import { wrap } from '../terminal.js';
import { bothTimes } from '../times.js';
import { type LawPart, lawPart, lawText } from './assess-law.js';
import { rulesNamed } from './clock.js';
import { lookAgain, readAs, schemasFor } from './draft.js';
import { writer } from './writer.js';

interface FilePart {
  readonly personalData: ReturnType<typeof personalDataIn>;
  readonly assumed: readonly string[];
}

/** What the rules propose from a facts file; `rules` to see what others would change. @throws CommandEnd with all problems, by line */
export function assessFile(text: string, name: string, now: Instant, rules?: RuleSet): Assessment & LawPart & FilePart {
  const read = parseFactsFile(text, name);
  if ('problems' in read) throw refused(read.problems, schemasFor(read.problems));
  const facts = asRecorded(read.facts, now);
  const awareAt = read.awareness.awareAt?.at ?? null;
  // Without a place nobody knows which authority it is: better no answer than that of somebody outside the EEA.
  const organisation = (read.organisation?.establishments.length ?? 0) > 0 ? read.organisation : null;
  const assessment = assess({
    facts,
    awareAt,
    now,
    playbook: DEFAULT_PLAYBOOK,
    organisation: organisation ?? undefined,
  });
  const known = read.organisation && { organisation: read.organisation, authorities: [] };
  return {
    ...assessment,
    ...lawPart(assessment, { facts, awareAt, organisation, now, rules }),
    personalData: personalDataIn(facts, known ?? undefined),
    assumed: organisation ? readAs(organisation) : [],
  };
}

const asRecorded = (facts: readonly FactInput[], now: Instant) =>
  Object.fromEntries(facts.map((fact) => [fact.id, { ...fact, by: 'file', at: now }]));

/** The proposal in plain words, no wider than `width`. */
export function assessmentText(assessment: Assessment, width: number, zone = 'UTC'): string[] {
  const { severity } = assessment;
  const safeSide = assessment.level === 'MORE_INFO_NEEDED' ? ', on the safe side: see what is assumed' : '';
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);
  const rows = (all: readonly (readonly string[])[]) => (all.length === 0 ? [] : table(all, { width, indent: '  ' }));
  return [
    `The rules propose ${assessment.level}. A person decides.`,
    '',
    ...rows([
      ['Tell the authority', assessment.notifyAuthority ? `yes${safeSide}` : 'no'],
      ['Tell the people', assessment.tellPeople ? `yes${safeSide}` : 'no'],
      ['Register', 'yes, as every breach'],
      [
        'Severity',
        `${severity.level.replace('_', ' ')}: ${severity.dpc} x ${severity.ei} + ${severity.cb} = ${severity.se} (DPC x EI + CB, ENISA)`,
      ],
    ]),
    ...rows(
      severity.steps.map((step) => [
        step.criterion,
        String(step.value),
        `${step.says}${step.assumed ? ' (assumed)' : ''}`,
      ]),
    ),
    ...section('Reasons', rows(assessment.factors.map((factor) => [factor.effect, factor.rule, factor.says]))),
    ...section(
      'Duties',
      rows(
        assessment.duties.map((duty) => {
          const when = duty.dueAt === undefined ? (duty.asSoonAs ?? '') : `by ${bothTimes(duty.dueAt, zone)}`;
          return [duty.kind, duty.basis.cite, `${duty.says} When: ${when}.`];
        }),
      ),
    ),
    ...section(
      'Not known, so the worse value is assumed (R-627)',
      rows(assessment.missing.map(({ fact, assumed }) => [fact, assumed])),
    ),
    ...section(
      'Look again, and what would flip it',
      assessment.hints.flatMap((hint) => wrap(hint, width, '  ')),
    ),
  ];
}

/** `seventytwo assess FILE [--rules NAME] [--json]`, offline. Exit 0, or 1 with every problem of the file. */
export function registerAssess(program: Command): void {
  program
    .command('assess')
    .argument('<file>', 'facts file, YAML or JSON; an incident id asks the server')
    .summary('what the rules propose: level, arithmetic, reasons, duties')
    .description(
      'What the rules propose from a facts file: a level of risk with its reasons, each with its rule. Needs no server; nothing is recorded.',
    )
    .option('--rules <name>', 'also what other rules would change, such as the proposal com-2025-837')
    .option('--json', 'the answer as JSON on stdout')
    .action((path: string, options: { json?: boolean; rules?: string }, command: Command) => {
      const rules = options.rules === undefined ? undefined : rulesNamed(options.rules);
      if (!existsSync(path))
        throw refused(
          [`${path} is not there, and it is no incident id either.`],
          ['seventytwo schema facts   (what such a file holds)'],
        );
      const assessment = assessFile(readFileSync(path, 'utf8'), path, toInstant(Date.now()), rules);
      const { out, err, width } = writer(command);
      for (const line of [...lookAgain(assessment.personalData), ...assessment.assumed]) err(line);
      out(
        options.json === true
          ? [JSON.stringify(assessment, null, 2)]
          : [...assessmentText(assessment, width), ...lawText(assessment, width)],
      );
    });
}
