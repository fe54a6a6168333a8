import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { organisationYaml } from '../../cli/templates.js';
import { FACT_IDS } from '../../domain/incident/facts.js';
import { parseFactsFile } from '../../formats/facts-file.js';
import { factsSchema, organisationSchema } from '../../formats/json-schemas.js';

function validator(schema: Readonly<Record<string, unknown>>) {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  return ajv.compile(schema);
}
const valid = validator(factsSchema());

test('the schema knows every fact of the catalogue', () => {
  expect(
    Object.keys((factsSchema() as { properties: { facts: { properties: object } } }).properties.facts.properties),
  ).toEqual([...FACT_IDS]);
});

// what the file reader takes, and what it refuses: the schema must not say otherwise
const files: readonly [Readonly<Record<string, unknown>>, boolean, string][] = [
  [{ facts: { 'people.count': 1200, 'data.records': '1000..1200..1500' } }, true, 'counts'],
  [{ facts: { 'people.count': 'pending' } }, true, 'a word instead of a value'],
  [
    { facts: { 'people.count': { value: { min: 1, max: 2 }, certainty: 'estimated', source: 'log' } } },
    true,
    'all fields',
  ],
  [{ facts: { 'data.records': { value: null, certainty: 'undeterminable' } } }, true, 'no value, with the reason'],
  [{ facts: { 'breach.nature': ['CONFIDENTIALITY'], 'people.countries': { IE: 3 } } }, true, 'lists and maps'],
  [
    {
      awareness: {
        awareAt: '2026-03-02T09:00:00Z',
        firstHintAt: { at: '2026-03-02T08:00:00Z', zone: 'Europe/Dublin' },
      },
    },
    true,
    'awareness',
  ],
  [{ facts: { 'people.cuont': 1 } }, false, 'an unknown fact'],
  [{ facts: { 'people.count': -1 } }, false, 'a negative number'],
  [{ facts: { 'breach.nature': [] } }, false, 'an empty list'],
  [{ facts: { 'breach.nature': ['OTHER'] } }, false, 'an option that is none'],
  [{ facts: { 'people.count': { value: 1, certanty: 'known' } } }, false, 'a misspelt field'],
  [{ facts: { 'breach.startedAt': '2026-03-02' } }, false, 'an instant without a time'],
  [{ awareness: { awareAt: '2026-03-02T09:00:00' } }, false, 'an instant without a zone'],
  [{ fact: {} }, false, 'an unknown part'],
];
for (const [file, fits, why] of files) {
  test(`schema and reader agree: ${why}`, () => {
    expect(valid(file)).toBe(fits);
    expect('problems' in parseFactsFile(JSON.stringify(file), 'facts.json')).toBe(!fits);
  });
}

test('the file that init writes fits the schema of organisation files, and so does an organisation in a facts file', () => {
  const organisation: unknown = parse(
    organisationYaml({
      name: 'Hospital of the Example',
      country: 'IE',
      zone: 'Europe/Dublin',
      authority: 'ie-dpc',
      email: 'dpo@hospital.example',
    }),
  );
  expect(validator(organisationSchema())(organisation)).toBe(true);
  expect(validator(organisationSchema())({})).toBe(false);
  expect(valid({ organisation })).toBe(true);
  expect(valid({ organisation: {} })).toBe(false);
});

test('the facts of the shipped scenario fit the schema', () => {
  const scenario = parse(readFileSync(new URL('../../scenarios/first-light.yaml', import.meta.url), 'utf8')) as {
    declaration: { facts: object };
    script: { do: { facts?: object } }[];
  };
  for (const facts of [scenario.declaration.facts, ...scenario.script.flatMap((step) => step.do.facts ?? [])]) {
    valid({ facts });
    expect(valid.errors).toBe(null);
  }
});
