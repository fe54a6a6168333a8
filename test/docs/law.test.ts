import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { LAW } from '../../domain/law/provisions.js';
import { lawPage, NUMBERS, numbersOfTheLaw } from './law-page.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = new URL('../../docs/law.md', import.meta.url);
// After a change of the law, or of what names it: WRITE_GENERATED=1 writes the page anew.
if (process.env['WRITE_GENERATED'] === '1') writeFileSync(PAGE, lawPage(ROOT));
const page = readFileSync(PAGE, 'utf8');

test('docs/law.md is what the code says today', () => expect(page).toBe(lawPage(ROOT)));

test('every number of the law stands on the page with its basis', () =>
  expect(Object.keys(NUMBERS).sort()).toEqual(numbersOfTheLaw()));

const rowOf = (start: string): string[] =>
  (page.split('\n').find((line) => line.startsWith(start)) ?? '').split(/(?<!\\) \| /);

for (const name of Object.keys(NUMBERS)) {
  test(`${name} is used somewhere and held by a test`, () => {
    const [, , , , used, tests] = rowOf(`| \`${name}\``);
    expect([used, tests].every((cell) => cell?.includes('.ts'))).toBe(true);
  });
}

for (const [key, { rule, cite }] of Object.entries(LAW)) {
  test(`${key} (${rule}) acts somewhere`, () => {
    const line =
      page.split('\n').find((one) => one.startsWith(`| ${rule} | [${cite.replaceAll('|', String.raw`\|`)}]`)) ?? '';
    expect(line.split(/(?<!\\) \| /)[5]).toContain('.ts');
  });
}
