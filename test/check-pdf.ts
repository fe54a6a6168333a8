/**
 * `npm run check:pdf`: is each notice PDF/A-3a and PDF/UA-1, does it hold every fact, is it the same bytes twice? Asks veraPDF (fetched
 * through Maven once, into the cache of the engines; needs `mvn` and `java`) and `pdftotext` (poppler-utils). Exit 1 when one fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNoticeRenderer } from '../adapters/render/notice-renderer.js';
import { noticeSections } from '../domain/notice/rows.js';
import { knownOffsetMs } from '../adapters/render/zone.js';
import { engineCache, installOnce } from '../stack/cache.js';
import { type NoticeCase, noticeCases } from './adapters/render/cases.js';

const VERA = { group: 'org.verapdf.apps', artifact: 'greenfield-apps', version: '1.28.2' };
const STANDARDS = { '3a': 'PDF/A-3a', ua1: 'PDF/UA-1' };
const OUT = process.argv[2] ?? join(engineCache(process.env), 'check-pdf');

function run(program: string, words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new Error(`${program} cannot be run (${error.message}). Install it, then try again.`);
  // veraPDF answers 1 for a file that does not conform: its report tells.
  if (status !== 0 && stdout === '') throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 2000)}`);
  return stdout;
}

const fetchChecker = (): Promise<string> =>
  installOnce(engineCache(process.env), `verapdf-${VERA.version}`, async (into) => {
    const pom = join(into, 'pom.xml');
    writeFileSync(
      pom,
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>seventytwo</groupId><artifactId>check-pdf</artifactId><version>1</version><dependencies><dependency>
<groupId>${VERA.group}</groupId><artifactId>${VERA.artifact}</artifactId><version>${VERA.version}</version>
</dependency></dependencies></project>\n`,
    );
    process.stdout.write(`Fetching veraPDF ${VERA.version} through Maven\n`);
    run('mvn', ['-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${join(into, 'lib')}`]);
    if (!existsSync(join(into, 'lib', `${VERA.artifact}-${VERA.version}.jar`)))
      throw new Error(
        'Maven did not bring the checker. Look at its settings: mvn -f <pom> dependency:copy-dependencies',
      );
  });

interface Report {
  readonly report: {
    readonly jobs: readonly {
      readonly itemDetails: { readonly name: string };
      readonly validationResult?: readonly {
        readonly compliant: boolean;
        readonly details: {
          readonly ruleSummaries?: readonly { readonly clause: string; readonly description: string }[];
        };
      }[];
    }[];
  };
}

function conformance(checker: string, files: readonly string[]): string[] {
  return Object.entries(STANDARDS).flatMap(([flavour, standard]) => {
    const words = [
      '-cp',
      join(checker, 'lib', '*'),
      'org.verapdf.apps.GreenfieldCliWrapper',
      '--format',
      'json',
      '-f',
      flavour,
    ];
    const { report } = JSON.parse(run('java', [...words, ...files])) as Report;
    const judged = report.jobs.flatMap(({ validationResult = [] }) => validationResult);
    if (judged.length !== files.length)
      return [`${standard}: only ${judged.length} of ${files.length} files were judged`];
    return report.jobs.flatMap(({ itemDetails, validationResult = [] }) =>
      validationResult
        .filter(({ compliant }) => !compliant)
        .flatMap(({ details }) =>
          (details.ruleSummaries ?? [{ clause: '?', description: 'does not conform' }]).map(
            ({ clause, description }) => `${standard}: ${itemDetails.name}: ${clause} ${description}`,
          ),
        ),
    );
  });
}

/** Without blanks, line ends and what stands at the edges of each page: where lines break says nothing. */
const bare = (text: string): string => text.replace(/\s+/g, '').replace(/\ufffd/g, '');

function missingFacts({ content, envelope, name }: NoticeCase, file: string): string[] {
  const pages = run('pdftotext', ['-layout', file, '-']);
  const flow = bare(run('pdftotext', ['-raw', file, '-']));
  const lines = noticeSections(content, envelope, knownOffsetMs).flatMap(({ rows }) => rows);
  return (
    lines
      .flatMap(({ no, answer }) => answer.split('\n').map((line) => ({ no, line })))
      // A long line may run over the end of a page, with head and foot between: then its words are looked for.
      .filter(({ line }) => !flow.includes(bare(line)) && line.split(' ').some((word) => !pages.includes(word)))
      .map(({ no }) => `${name}: row ${no ?? '+'} is not in the text of the pages`)
  );
}

mkdirSync(OUT, { recursive: true });
const checker = await fetchChecker();
const cases = noticeCases();
const problems: string[] = [];
const files: string[] = [];
for (const one of cases) {
  const [bytes, again] = [
    await createNoticeRenderer().pdf(one.content, one.envelope),
    await createNoticeRenderer().pdf(one.content, one.envelope),
  ];
  if (!Buffer.from(bytes).equals(Buffer.from(again))) problems.push(`${one.name}: two runs gave different bytes`);
  const file = join(OUT, `${one.name}.pdf`);
  writeFileSync(file, bytes);
  files.push(file);
  problems.push(...missingFacts(one, file));
}
problems.push(...conformance(checker, files));
process.stdout.write(
  problems.length === 0
    ? `${files.length} notices: ${Object.values(STANDARDS).join(' and ')}, every fact in the text, the same bytes twice. They are in ${OUT}\n`
    : `${problems.join('\n')}\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
