import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { Command } from 'commander';
import { parse } from 'yaml';
import { assessFile } from '../../cli/offline/assess.js';
import { noticeFromFile, registerNoticeBuild } from '../../cli/offline/notice.js';
import { isFactId, factSpec } from '../../domain/incident/facts.js';
import { parseFactsFile } from '../../formats/facts-file.js';
import { factsSchema } from '../../formats/json-schemas.js';

const DOCS = new URL('../../docs/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, DOCS), 'utf8');
const AT = '2026-03-03T08:00:00.000Z';
const WHOLE = read('examples/breach.yaml');
const MINIMAL = read('examples/breach-minimal.yaml');

test('the example files are those that the page names, and the page shows the short one as it is', () => {
  const page = read('how-to/facts-file.md');
  for (const name of readdirSync(new URL('examples/', DOCS))) expect(page).toContain(`../examples/${name}`);
  expect(page).toContain(`\`\`\`yaml\n${MINIMAL.trim()}\n\`\`\``);
});

for (const [name, text] of [
  ['breach.yaml', WHOLE],
  ['breach-minimal.yaml', MINIMAL],
] as const)
  test(`${name} is read without a problem`, () => expect(parseFactsFile(text, name)).not.toHaveProperty('problems'));

test('an editor that checks by the published schema finds nothing wrong in them', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const fits = ajv.compile(factsSchema());
  expect([WHOLE, MINIMAL].map((text) => [fits(parse(text)), fits.errors])).toEqual([
    [true, null],
    [true, null],
  ]);
});

test('the whole example is assessed as such a case is: high, and nothing in it to look at again', () => {
  const { level, notifyAuthority, tellPeople, competence, hints } = assessFile(WHOLE, 'breach.yaml', AT);
  expect([level, notifyAuthority, tellPeople, competence?.lead ?? competence?.authorities[0]?.id]).toEqual([
    'HIGH_RISK',
    true,
    true,
    'ie-dpc',
  ]);
  expect(hints.filter((hint) => /^(?:Look again|Contradiction)|complete one of them/.test(hint))).toEqual([]);
});

test('the short example is assessed too, and says what it assumed', () => {
  const { notifyAuthority, missing } = assessFile(MINIMAL, 'breach-minimal.yaml', AT);
  expect([notifyAuthority, missing.length > 0]).toEqual([true, true]);
});

test('the whole example makes a notice that names nobody and lacks only what it says is open', () => {
  const { content, overview, personalData } = noticeFromFile(WHOLE, {
    name: 'breach.yaml',
    at: AT,
    id: 'BR-0000-0000',
  });
  expect(personalData).toEqual([]);
  expect(overview.inTime).toBe(true);
  expect([content.completeness, content.gaps]).toEqual([
    'INCOMPLETE',
    ['authorities.others', 'notice.moreInformationOn'], // and the risk is a person's to decide
  ]);
});

test('the command in the head of the example writes form, PDF and text', async () => {
  const out = mkdtempSync(join(tmpdir(), 'seventytwo-'));
  const program = new Command().exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  registerNoticeBuild(program);
  const file = new URL('examples/breach.yaml', DOCS).pathname;
  expect(WHOLE).toContain('notice build docs/examples/breach.yaml --out');
  await program.parseAsync(['notice', 'build', file, '--out', out, '--at', AT], { from: 'user' });
  expect(readdirSync(out).sort()).toEqual(['notice.json', 'notice.pdf', 'notice.txt']);
});

test('what the page says about a kind of value is so', () => {
  const values = ['1000..1200..1500', 'external-malicious', '{ IE: 1200, FR: 40 }', 'undeterminable'];
  const page = read('how-to/facts-file.md');
  for (const value of values) expect(page).toContain(value);
  const parsed = parseFactsFile(
    `facts: { people.count: 1000..1200..1500, breach.cause: external-malicious, people.countries: { IE: 1200, FR: 40 }, data.records: undeterminable }`,
    'x',
  );
  expect(
    'facts' in parsed ? parsed.facts.map(({ id, certainty }) => [isFactId(id) && factSpec(id).type, certainty]) : [],
  ).toEqual([
    ['count', 'estimated'],
    ['one_of', 'known'],
    ['country_counts', 'known'],
    ['count', 'undeterminable'],
  ]);
});
