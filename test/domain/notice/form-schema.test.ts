import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FORM_DIFFERENCES } from '../../../domain/notice/form-differences.js';
import { formSchema } from '../../../domain/notice/form-schema.js';

interface Published {
  properties: Record<string, Record<string, unknown>>;
  required: string[];
}
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
// Field list of the EDPB template v1.0 by N. Franchetto and M. Taborda Barata, EDPB Breach Notification Assistant, CC BY 4.0, unchanged.
const theirs = read('../../fixtures/edpb-template-v1.schema.json') as Published;
const ours = JSON.parse(JSON.stringify(formSchema())) as Published;

/** Annotations that ours replaces as a whole: conditions are part of the schema, explanations stay in the template. */
const REPLACED = ['description', 'x-visible-if', 'x-required-if'];

function differences(): string[] {
  const found: string[] = [];
  for (const field of new Set([...Object.keys(theirs.properties), ...Object.keys(ours.properties)])) {
    const before = theirs.properties[field] ?? {};
    const after = ours.properties[field] ?? {};
    for (const keyword of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (REPLACED.includes(keyword)) continue;
      if (JSON.stringify(before[keyword]) !== JSON.stringify(after[keyword])) found.push(`${field} ${keyword}`);
    }
    if (theirs.required.includes(field) !== ours.required.includes(field)) found.push(`${field} required`);
  }
  return found.sort();
}

test('our schema and the third-party one differ in exactly what is listed, each with its reason', () => {
  const listed = FORM_DIFFERENCES.flatMap(({ fields, keyword }) => fields.map((no) => `field_${no} ${keyword}`)).sort();
  expect(differences()).toEqual(listed);
  expect(new Set(listed).size).toBe(listed.length);
});

test('each difference and its reason stands in docs/form.md', () => {
  const page = readFileSync(new URL('../../../docs/form.md', import.meta.url), 'utf8');
  const untold = FORM_DIFFERENCES.filter(
    ({ reason, keyword, fields }) => !page.includes(`| ${fields.join(', ')} | \`${keyword}\` | ${reason} |`),
  );
  expect(untold).toEqual([]);
});

const PUBLISHED = '../../../docs/schemas/edpb-notice-corrected.schema.json';
// After a change of the fields: WRITE_GENERATED=1 writes the file anew.
if (process.env['WRITE_GENERATED'] === '1')
  writeFileSync(new URL(PUBLISHED, import.meta.url), `${JSON.stringify(ours, null, 2)}\n`);

test('the published schema is the one that the code makes', () => {
  expect(read(PUBLISHED)).toEqual(ours);
});
