import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FACT_IDS, factSpec } from '../../domain/incident/facts.js';
import { factsPage, FIELD_ROWS, NO_FACT } from '../../formats/facts-page.js';

const PAGE = new URL('../../docs/facts.md', import.meta.url);
if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, factsPage());

test('docs/facts.md is what the catalogue says today', () => expect(readFileSync(PAGE, 'utf8')).toBe(factsPage()));

const filled = new Set(FACT_IDS.flatMap((id) => factSpec(id).fills));
for (const field of FIELD_ROWS) {
  test(`${field} is filled by a fact, or the page says who fills it`, () =>
    expect(filled.has(field) || NO_FACT[field] !== undefined).toBe(true));
}

test('no fact fills a field that there is not', () =>
  expect([...filled].filter((field) => !FIELD_ROWS.includes(field))).toEqual([]));
