import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { controllerInformation } from '../../adapters/render/controller-information.js';
import { renderOffline } from '../../adapters/render/offline-notice.js';
import { competent, toBeTold } from '../../domain/authorities/competence.js';
import { findAuthority } from '../../domain/authorities/directory.js';
import { type Instant, isAfter, toInstant } from '../../domain/clock/instant.js';
import { type Part, partIn } from '../../domain/duties/part.js';
import { nobodyAtHighRisk } from '../../domain/incident/facts-contradictions.js';
import { sentence } from '../../domain/incident/sentences.js';
import { AWARENESS, type Finding } from '../../domain/incident/events.js';
import { modeOfId, readIncidentId } from '../../domain/incident/ids.js';
import { DEFAULT_PLAYBOOK, type Organisation } from '../../domain/incident/organisation.js';
import { rulesAt } from '../../domain/law/provisions.js';
import { buildNotice, sourceFromFacts } from '../../domain/notice/build.js';
import { missingFields } from '../../domain/notice/form.js';
import type { FormField } from '../../domain/notice/form-fields.js';
import type { NoticeContent } from '../../domain/notice/model.js';
import { noticeOverview, type Overview } from '../../domain/notice/overview.js';
import { toOriginalForm } from '../../domain/notice/original.js';
import { personalDataIn, type PersonalDataKind } from '../../domain/notice/personal-data.js';
import { assess } from '../../domain/risk/assess.js';
import { RISK_LEVELS, type RiskLevel } from '../../domain/risk/levels.js';
import { parseFactsFile } from '../../formats/facts-file.js';
import { offsetMs, parseInstant } from '../../formats/instants.js';
import { readDraftOrganisation } from '../../formats/organisation-file.js';
import { refused, wrongUsage } from '../exit.js';
import { wrap } from '../terminal.js';
import { lookAgain, readAs, schemasFor } from './draft.js';
import { writer } from './writer.js';

/** Stands where an incident's id would: nobody has declared anything. */
const NO_ID = 'DRAFT';

export interface FileNotice {
  /** A processor alone owes the authority nothing. */
  readonly part: Part;
  readonly content: NoticeContent;
  readonly overview: Overview;
  readonly authority: { readonly id: string; readonly name: string; readonly language: string };
  readonly personalData: readonly { readonly fact: string; readonly kind: PersonalDataKind }[];
  /** What was assumed where the organisation says nothing. */
  readonly assumed: readonly string[];
}

interface Given {
  readonly name: string;
  readonly at: Instant;
  readonly id?: string;
  readonly decision?: { readonly level: RiskLevel; readonly reasons: string };
  /** Where the facts file has no organisation of its own. */
  readonly organisation?: Organisation;
}

/** Without a name it is nobody's notice; where the organisation is decides whom it tells and what the form asks. Whatever else is missing, the notice lists. */
const undecidable = ({ name, establishments }: Organisation): string[] => [
  ...(name === '' ? ['organisation.name is missing: who notifies?'] : []),
  ...(establishments.length === 0
    ? [
        'organisation.establishments is missing: which authority is told, and what the form asks, follow from it. Such as [{ country: IE, main: true }].',
      ]
    : []),
];

/** The notice that a facts file makes as of `at`. @throws CommandEnd with all problems, by line */
export function noticeFromFile(
  text: string,
  { name, at, id = NO_ID, decision, organisation: other }: Given,
): FileNotice {
  const read = parseFactsFile(text, name);
  if ('problems' in read) throw refused(read.problems, schemasFor(read.problems));
  const organisation = read.organisation ?? other ?? null;
  const awareAt = read.awareness.awareAt?.at ?? null;
  const problems = [
    ...(organisation === null
      ? [`${name}: organisation is missing: who notifies? Put it there, or name its file with --organisation.`]
      : undecidable(organisation).map(
          (problem) => `${read.organisation ? name : 'The file of --organisation'}: ${problem}`,
        )),
    ...(awareAt === null
      ? [
          `${name}: awareness.awareAt is missing: without it there is no deadline and no notice. Use the moment you were reasonably certain, not the moment of the attack.`,
        ]
      : []),
    ...(awareAt !== null && isAfter(awareAt, at)
      ? [`${name}: awareness.awareAt is ${awareAt}, after the instant of the notice, ${at}.`]
      : []),
    ...(decision
      ? nobodyAtHighRisk(decision.level, Object.fromEntries(read.facts.map((fact) => [fact.id, fact]))).map(
          (refusal) => `${name}: ${sentence(refusal)}`,
        )
      : []),
  ];
  if (organisation === null || awareAt === null || problems.length > 0) throw refused(problems, schemasFor(problems));

  const facts = Object.fromEntries(read.facts.map((fact) => [fact.id, { ...fact, by: 'file', at }]));
  const awareness = Object.fromEntries(
    AWARENESS.flatMap((key): [string, Finding][] => {
      const found = read.awareness[key];
      return found
        ? [
            [
              key,
              {
                at: found.at,
                zone: found.zone ?? organisation.zone,
                source: found.source ?? 'file',
                by: 'file',
                recordedAt: at,
              },
            ],
          ]
        : [];
    }),
  );
  const authorities = toBeTold(organisation.authorities, competent({ organisation, facts })).map((authority) => {
    const row = findAuthority(authority);
    return {
      authority,
      name: row?.name ?? authority,
      country: row?.country ?? '',
      zone: row?.zone ?? 'UTC',
      channel: 'portal' as const,
      address: null,
      portal: null,
      language: row?.languages[0] ?? 'en',
      mailboxVerifiedAt: null,
    };
  });
  const state = sourceFromFacts({
    id,
    mode: modeOfId(id),
    facts,
    awareness,
    setting: { organisation, authorities },
    decision: decision ?? null,
    proposal: { assessment: assess({ facts, awareAt, now: at, playbook: DEFAULT_PLAYBOOK }) },
  });
  const content = buildNotice({ state, at, rules: rulesAt(awareAt), previous: null, withdraw: null, offsetMs });
  const [lead] = authorities;
  return {
    part: partIn(organisation, facts),
    content,
    overview: noticeOverview(content, { earlierReference: null, releasedAt: at }),
    authority: {
      id: lead?.authority ?? 'none',
      name: lead?.name ?? 'the competent supervisory authority',
      language: lead?.language ?? 'en',
    },
    personalData: personalDataIn(facts, { organisation, authorities }),
    assumed: readAs(organisation),
  };
}

interface Options {
  readonly out: string;
  readonly organisation?: string;
  readonly id?: string;
  readonly level?: string;
  readonly because?: string;
  readonly at?: string;
  readonly schema: 'corrected' | 'original';
  readonly json?: boolean;
}

function fileText(path: string): string {
  if (!existsSync(path))
    throw refused([`${path} is not there.`], ['seventytwo schema facts   (what a facts file holds)']);
  return readFileSync(path, 'utf8');
}

function organisationIn(path: string): Organisation {
  const read = readDraftOrganisation(fileText(path), path);
  if ('problems' in read) throw refused(read.problems, ['seventytwo schema organisation   (what such a file holds)']);
  return read.organisation;
}

/** The decision of a person, handed in; without one the notice says that the assessment goes on. */
function decisionOf({ level, because }: Options): Given['decision'] {
  if (level === undefined && because === undefined) return undefined;
  const known = RISK_LEVELS.find((one) => one === level);
  if (known === undefined) throw wrongUsage(`--level must be one of ${RISK_LEVELS.join(', ')}.`);
  if (because === undefined || because.trim() === '')
    throw wrongUsage('--level needs --because "…": a decision is told with its reasons.');
  return { level: known, reasons: because };
}

function instantOf(typed: string | undefined): Instant {
  if (typed === undefined) return toInstant(Date.now());
  const read = parseInstant(typed);
  if (!read.ok) throw wrongUsage(`--at ${read.says}`);
  return read.instant;
}

function idOf(typed: string | undefined): string {
  if (typed === undefined) return NO_ID;
  const id = readIncidentId(typed);
  if (id === undefined)
    throw wrongUsage('--id must be an incident id such as BR-7K3M-9QXD, or EX-7K3M-9QXD in a drill.');
  return id;
}

/** What the form demands of who notifies, also of an incomplete notice (sections 2.1 and 2.2). */
const demandedOf = (content: NoticeContent, at: Instant): FormField[] =>
  missingFields(content, { earlierReference: null, releasedAt: at }).filter(
    ({ mandatory, section }) => mandatory === 'always' && section.startsWith('2.'),
  );

const FOR_CONTROLLERS = 'controller-information.txt';
const TELL_CONTROLLERS =
  'Tell each controller without undue delay, whatever the risk (Art. 33(2), R-240, R-243); its 72 hours run from your word. Give each the numbers of its own data.';

function forControllers({ content }: FileNotice, at: Instant, out: string): string {
  mkdirSync(out, { recursive: true });
  const file = join(out, FOR_CONTROLLERS);
  writeFileSync(file, controllerInformation(content, at));
  return file;
}

/** No form and no PDF for an authority: whoever found them in the folder would take them for owed. */
function buildForControllers(notice: FileNotice, at: Instant, { out: folder, json }: Options, command: Command): void {
  const file = forControllers(notice, at, folder);
  const { out } = writer(command);
  const says =
    'You hold these data for others alone (processor): you owe no authority a notice, your controllers do (Art. 33(2), R-240). No notice to an authority was made.';
  if (json === true) return out([JSON.stringify({ part: 'PROCESSOR', says, files: [file] }, null, 2)]);
  out([
    says,
    TELL_CONTROLLERS,
    'If the breach also concerns data of your own, say parties.role: BOTH.',
    file,
    'Nothing was sent or recorded. `seventytwo declare --facts FILE` starts the clock.',
  ]);
}

const ORIGINAL = 'notice-original.json';

/** @throws CommandEnd with every row that could only be filled with something untrue */
function originalForm(content: NoticeContent, at: Instant): Uint8Array {
  const made = toOriginalForm(content, { earlierReference: null, releasedAt: at });
  if ('form' in made) return Buffer.from(`${JSON.stringify(made.form, null, 2)}\n`, 'utf8');
  throw refused(
    [
      'This case cannot be told in the third-party schema without something untrue. Nothing was written.',
      ...made.untellable.map(({ no, title, why }) => `Row ${no} (${title}) ${why}.`),
    ],
    ['Without --schema original: the corrected schema, in which every case can be told (docs/form.md).'],
  );
}

async function build(path: string, options: Options, command: Command): Promise<void> {
  const at = instantOf(options.at);
  const decision = decisionOf(options);
  const notice = noticeFromFile(fileText(path), {
    name: path,
    at,
    id: idOf(options.id),
    ...(decision && { decision }),
    ...(options.organisation !== undefined && { organisation: organisationIn(options.organisation) }),
  });
  const { content, overview, authority, personalData, assumed, part } = notice;
  const { out, err, width } = writer(command);
  for (const line of [...lookAgain(personalData), ...assumed]) err(line);
  if (!part.controller) return buildForControllers(notice, at, options, command);
  const demanded = demandedOf(content, at);
  const original = options.schema === 'original' && demanded.length === 0 ? originalForm(content, at) : null;
  const rendered = await renderOffline(content, {
    authority: authority.id,
    authorityName: authority.name,
    language: authority.language,
    earlierReference: null,
    at,
    textOnly: demanded.length > 0,
  });
  mkdirSync(options.out, { recursive: true });
  const files = [...rendered.files, ...(original === null ? [] : [{ name: ORIGINAL, bytes: original }])];
  const paths = files.map(({ name, bytes }) => {
    const file = join(options.out, name);
    writeFileSync(file, bytes);
    return file;
  });
  if (part.processor) paths.push(forControllers(notice, at, options.out));
  if (options.json === true) {
    out([
      JSON.stringify(
        {
          files: paths,
          sha256: rendered.sha256,
          completeness: content.completeness,
          gaps: content.gaps,
          late: !overview.inTime,
          personalData,
          demanded: demanded.map(({ no }) => no),
        },
        null,
        2,
      ),
    ]);
    return;
  }
  const said = (line: string): string[] => wrap(line, width);
  out([
    ...said(`${overview.kind}.`),
    ...said(`To ${authority.name}. ${overview.timing}`),
    ...(overview.missing.length === 0
      ? ['Nothing is missing.']
      : [
          `Not known yet (${overview.missing.length}); nothing of it holds up a notice (Art. 33(4)):`,
          ...overview.missing.flatMap((field) => wrap(`- ${field}`, width, '  ')),
        ]),
    ...(overview.inTime || content.timeline.reasonsForDelay.state === 'given'
      ? []
      : said(
          'It is late, and the notice must say why (Art. 33(1)): put notice.reasonsForDelay into the file. `seventytwo notice ID show` drafts it from the record of a declared incident.',
        )),
    ...(part.processor ? said(`You are also a processor here. ${TELL_CONTROLLERS}`) : []),
    ...paths,
    ...(demanded.length === 0
      ? []
      : said(
          `A draft as text only. The form takes no notice without ${demanded.map(({ no, title }) => `row ${no} (${title})`).join(', ')}: they come from organisation.contact and organisation.reportingPerson, and then notice.json and notice.pdf are written too.`,
        )),
    ...said('Nothing was sent or recorded. `seventytwo declare --facts FILE` starts the clock.'),
  ]);
}

/** `seventytwo notice build FILE --out DIR`, offline: the form as JSON, PDF and text. Exit 0; 1 with every problem of the file; 2 wrong usage. */
export function registerNoticeBuild(program: Command): void {
  const notice =
    program.commands.find((command) => command.name() === 'notice') ??
    program.command('notice').summary('notices to authorities');
  notice
    .command('build')
    .argument('<file>', 'facts file, YAML or JSON, with organisation and awareness')
    .summary('a notice from a facts file: form, PDF, text')
    .description(
      'Builds a first notice to an authority from a facts file: the common European form as JSON, a PDF and a text. A processor gets a draft of what it tells its controllers instead. Needs no server; nothing is sent or recorded.',
    )
    .requiredOption('--out <dir>', 'where notice.json, notice.pdf and notice.txt are written')
    .option('--organisation <file>', 'organisation.yaml, where the facts file has none')
    .option('--id <id>', 'incident id, where there is one')
    .option('--level <level>', `risk decided by a person: ${RISK_LEVELS.join(', ')}`)
    .option('--because <reasons>', 'the reasons of that decision')
    .option('--at <instant>', 'as of when (default: now), such as 2026-03-02T09:00:00Z')
    .addOption(
      new Option('--schema <which>', 'also the form in the third-party schema, where that is truthful')
        .choices(['corrected', 'original'])
        .default('corrected'),
    )
    .option('--json', 'the answer as JSON on stdout')
    .action(build);
}
