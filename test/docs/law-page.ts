import { readFileSync } from 'node:fs';
import { HOLIDAYS } from '../../domain/clock/holidays.js';
import type { Provision } from '../../domain/law/basis.js';
import * as provisions from '../../domain/law/provisions.js';
import { readSources } from '../helpers/source.js';

const { LAW, RULE_SETS } = provisions;

/** Each number that decides a boundary, with its unit and the provision that it comes from. `through`: what hands it on to those who use it. */
export const NUMBERS = {
  NOTIFY_WITHIN_HOURS: { unit: 'hours', law: LAW.notifyAuthority, through: 'ruleSetAt' },
  PROPOSED_WITHIN_HOURS: { unit: 'hours', law: LAW.proposedNotice, through: 'ruleSet' },
  SUSPICION_WARN_HOURS: { unit: 'hours', law: LAW.shortInvestigation },
  SUSPICION_ESCALATE_HOURS: { unit: 'hours', law: LAW.shortInvestigation },
  TELL_PEOPLE_WITHIN_HOURS: { unit: 'hours', law: LAW.tellPeopleTarget },
  FRENCH_FOLLOW_UP_WITHIN_HOURS: { unit: 'hours', law: LAW.frenchFollowUp },
  HOLD_REVIEW_WITHIN_DAYS: { unit: 'days', law: LAW.lawEnforcementHold },
  MAILBOX_CHECK_HOLDS_DAYS: { unit: 'days', law: LAW.mailboxCheck },
  SEVERITY_FROM_QUARTERS: { unit: 'quarters of a point, inclusive', law: LAW.severityMethod },
  MANY_PEOPLE: { unit: 'people, strictly more', law: LAW.severityMethod },
  LONG_OUTAGE_HOURS: { unit: 'hours, strictly more', law: LAW.lossForATime },
} as const satisfies Record<string, { unit: string; law: Provision; through?: string }>;

/** Every exported name of the module of provisions that is a number, or a group of them. */
export const numbersOfTheLaw = (): string[] =>
  Object.entries(provisions)
    .filter(
      ([, value]) =>
        typeof value === 'number' ||
        (typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'number')),
    )
    .map(([name]) => name)
    .sort();

interface File {
  readonly path: string;
  readonly text: string;
}
const RULE = /\bR-\d{3,4}\b/g;
const FOLDERS = ['domain', 'workflows', 'activities', 'adapters', 'worker', 'api', 'formats', 'cli'];

const filesOf = (root: string, folders: readonly string[]): File[] =>
  readSources(root, folders).map(({ file }) => ({ path: file, text: readFileSync(`${root}/${file}`, 'utf8') }));

const whereNamed = (files: readonly File[], names: readonly string[]): string[] =>
  files
    .filter(({ text }) =>
      names.some((name) => new RegExp(`(?<![\\w.-])${name.replaceAll('.', String.raw`\.`)}(?![\\w-])`).test(text)),
    )
    .map(({ path }) => path);

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
const listed = (paths: readonly string[]): string =>
  paths.length === 0 ? '' : paths.map((path) => `\`${path}\``).join(', ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

/** docs/law.md from the code: provisions and numbers, where each is used and which tests hold it. */
export function lawPage(root: string): string {
  const own = (path: string): boolean => /^domain\/law\/[a-z-]*provisions\.ts$/.test(path);
  const sources = filesOf(root, FOLDERS).filter(({ path }) => !own(path));
  const tests = filesOf(root, ['test']).filter(({ path }) => path.endsWith('.test.ts'));
  const laws = (Object.entries(LAW) as [string, Provision][]).sort(
    ([, a], [, b]) => Number(a.rule.slice(2)) - Number(b.rule.slice(2)) || (a.cite < b.cite ? -1 : 1),
  );
  const exported = new Map<string, unknown>(Object.entries(provisions));
  const covered = new Set(laws.map(([, { rule }]) => rule));
  const elsewhere = [...new Set(sources.flatMap(({ text }) => text.match(RULE) ?? []))]
    .filter((rule) => !covered.has(rule))
    .sort((a, b) => Number(a.slice(2)) - Number(b.slice(2)));

  return [
    '# The law in the code',
    '',
    '<!-- Made by test/docs/law-page.ts from domain/law and from what names it; WRITE_GENERATED=1 with test/docs/law.test.ts writes it anew. -->',
    '',
    'What the engine takes for law, in our own words, and where it acts on it. It is a working aid and no legal advice: a person decides. *Evidence* says how a row was checked: *primary*, the provision itself was read; *secondary*, a source about it; *knowledge*, written from knowledge of the text and not read again; *house*, ours, for want of a rule or on the safe side of one. Rule numbers (`R-201`) are ours; code, tests and answers name them.',
    '',
    '## Versions of the rules',
    '',
    'An incident keeps the rules of the day of its awareness. What is off is never chosen: `seventytwo assess FILE --rules NAME` and `seventytwo clock --aware INSTANT --rules NAME` show what it would change.',
    '',
    ...table(
      ['name', 'what it says', 'from', 'until', 'basis'],
      RULE_SETS.map((set) => [
        `\`${set.version}\`${set.on ? '' : ' (off)'}`,
        set.says,
        set.appliesFrom ?? 'no date',
        set.appliesUntil ?? 'open',
        `${set.basis.cite} (${set.basis.rule})`,
      ]),
    ),
    '',
    '## Provisions',
    '',
    ...table(
      ['rule', 'provision', 'our sentence', 'applies from', 'checked', 'used in', 'tests'],
      laws.map(([key, law]) => [
        law.rule,
        `[${law.cite}](${law.url})`,
        law.says,
        `${law.appliesFrom ?? 'no date'}${law.appliesUntil === undefined ? '' : ` until ${law.appliesUntil}`}`,
        `${law.checkedOn}, ${law.evidence}`,
        listed(whereNamed(sources, [`LAW.${key}`, law.rule])),
        listed(whereNamed(tests, [`LAW.${key}`, law.rule])),
      ]),
    ),
    '',
    '## Numbers',
    '',
    ...table(
      ['name', 'value', 'basis', 'applies from', 'used in', 'tests'],
      (Object.entries(NUMBERS) as [string, { unit: string; law: Provision; through?: string }][]).map(
        ([name, { unit, law, through }]) => {
          const value = exported.get(name);
          const shown =
            typeof value === 'number'
              ? String(value)
              : Object.entries(value as Record<string, number>)
                  .map(([key, one]) => `${key} ${one}`)
                  .join(', ');
          return [
            `\`${name}\``,
            `${shown} ${unit}`,
            `${law.cite} (${law.rule})`,
            law.appliesFrom ?? 'no date',
            listed(whereNamed(sources, through === undefined ? [name] : [name, through])),
            listed(whereNamed(tests, [name, law.rule])),
          ];
        },
      ),
    ),
    '',
    '## Public holidays',
    '',
    'For periods in days and months and for the contested reading (R-317). The deadline that everything acts on knows no holidays. Whole countries only; what is in doubt is left out, so that a period ends rather too early.',
    '',
    ...table(
      ['state', 'year', 'source', 'version', 'checked', 'days'],
      HOLIDAYS.map(({ country, year, source, version, checkedOn, days }) => [
        country,
        String(year),
        source,
        String(version),
        `${checkedOn}, knowledge`,
        days.join(', '),
      ]),
    ),
    '',
    '## Rules that are named in the code and have no row above',
    '',
    ...table(
      ['rule', 'named in'],
      elsewhere.map((rule) => [rule, listed(whereNamed(sources, [rule]))]),
    ),
    '',
  ].join('\n');
}
