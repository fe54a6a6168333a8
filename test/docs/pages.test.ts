import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort();
const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** As readers of the repository find it: lower case, without punctuation, blanks as hyphens. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
const anchors = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

function deadLinks(page: string): string[] {
  return [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchors(file).includes(anchor);
    });
}

test('the pages are found', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/README.md', 'docs/architecture.md']));
  expect(pages.length).toBeGreaterThan(20);
});

for (const page of pages) {
  test(`every link of ${page} leads to a page, and to a heading of it`, () => expect(deadLinks(page)).toEqual([]));
}

test('the contents list every page of docs', () => {
  const contents = textOf('docs/README.md');
  const missing = pages.filter(
    (page) => page.startsWith('docs/') && page !== 'docs/README.md' && !contents.includes(page.slice('docs/'.length)),
  );
  expect(missing).toEqual([]);
});

test('every command that the pages name is one of the command line', () => {
  const help = execFileSync(process.execPath, [join(ROOT, 'bin/seventytwo.mjs'), 'help'], { encoding: 'utf8' });
  const known = new Set([...help.matchAll(/^ {2}([a-z]+)(?= |$)/gm)].map(([, name = '']) => name));
  expect(known.has('declare')).toBe(true);
  const named = pages.flatMap((page) =>
    // In code only: a line of a block, or between backticks. In prose seventytwo is a name.
    [...textOf(page).matchAll(/(?:^|`)(?:npx )?seventytwo ([a-z]+)/gm)].map(([, name = '']) => `${page}: ${name}`),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((one) => !known.has(one.split(': ')[1] ?? ''))).toEqual([]);
});

test('every npm script that the pages name is there', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\bnpm (?:run ([a-z:]+)|(start|test))\b/g)].map(([, run, short]) => run ?? short ?? ''),
  );
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
