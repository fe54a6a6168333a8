import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aMessage } from '../fakes/mailing-store.js';
import { accepted, aDesk, aHome, aSummary, type Desk, ID, ME, type Reply, type Seen, seventytwo } from './desk.js';

let home: ReturnType<typeof aHome>;
let desk: Desk;
let reply: (seen: Seen) => Reply;

beforeEach(async () => {
  home = aHome();
  desk = await aDesk((seen) =>
    seen.path === '/v1/me'
      ? { status: 200, body: ME }
      : seen.path.endsWith(ID)
        ? { status: 200, body: aSummary() }
        : reply(seen),
  );
  reply = () => accepted();
});
afterEach(async () => {
  await desk.stop();
  home.remove();
});
const run = (...words: readonly string[]) =>
  seventytwo(['people', ID, ...words], { home: home.path, env: { SEVENTYTWO_URL: desk.url, SEVENTYTWO_KEY: 'a-key' } });

const SEGMENTS = [
  { country: 'IE', language: 'en', data: ['CONTACT'], count: 120 },
  { country: 'DE', language: 'en', data: ['CONTACT'], count: 30 },
  { country: 'DE', language: 'de', data: ['CONTACT', 'HEALTH'], count: 15 },
];

test('the import shows the groups that read another text, how many they are and what leaked of them', async () => {
  writeFileSync(join(home.path, 'people.csv'), 'email\n');
  const counts = { list: 'list-1', count: 165, sha256: 'c'.repeat(64), rejected: 1, duplicates: 0 };
  const problems = [{ row: 9, column: 4, reason: 'data', rejected: true }];
  reply = () => ({
    status: 201,
    body: { ...counts, problems, problemsLeftOut: 0, ignoredColumns: [], segments: SEGMENTS, next: '' },
  });
  const { code, out } = await run('import', 'people.csv');
  expect(out).toMatch(/row 9 +column 4 +no code of the data that leaked[^]*this person is NOT on the list/);
  expect(out).toMatch(/150 +en +DE IE +CONTACT\n/);
  expect(out).toMatch(/15 +de +DE +CONTACT, HEALTH\n/);
  expect(code).toBe(0);
});

test('words for one of several texts are sent under its name, and each text is shown with how many get it', async () => {
  const reader = (language: string, data: string[]) => ({ language, data });
  const [de, en] = [reader('de', ['CONTACT', 'HEALTH']), reader('en', ['CONTACT'])];
  reply = () => ({
    status: 201,
    body: {
      message: 'msg-aaaaaaaaaaaa',
      sha256: 'a'.repeat(64),
      content: {
        model: 2,
        variants: [
          { for: de, text: aMessage({ language: 'de', subject: 'Ihre Daten' }) },
          { for: en, text: aMessage() },
        ],
      },
      texts: [
        { text: 'de/CONTACT+HEALTH', ...de, people: 15 },
        { text: 'en/CONTACT', ...en, people: 150 },
      ],
      approvals: [],
      needed: 2,
      warnings: ['en/CONTACT: communication.advice is not in whatYouCanDo.'],
      next: '',
    },
  });
  const { code, out } = await run(
    'message',
    '--list',
    'list-1',
    '--set',
    'en/CONTACT:whatWeDid=We closed it: at 9=once.',
    'de:subject=Ihre Daten',
    'en/CONTACT:subject=Your address',
  );
  expect(desk.commands()[0]?.body).toEqual({
    list: 'list-1',
    texts: {
      'en/CONTACT': { whatWeDid: 'We closed it: at 9=once.', subject: 'Your address' },
      de: { subject: 'Ihre Daten' },
    },
  });
  expect(out).toMatch(/msg-aaaaaaaaaaaa +2 texts +0 of 2 approvals/);
  expect(out).toMatch(/de\/CONTACT\+HEALTH +for 15 people[^]*Ihre Daten[^]*en\/CONTACT +for 150 people/);
  expect(out).toContain('over all texts');
  expect(out).toContain('Look at this once more: en/CONTACT: communication.advice');
  expect(code).toBe(0);
});

test('a preview of one text asks for that one', async () => {
  reply = (seen) =>
    seen.path.includes('/preview') ? { status: 200, body: 'Guten Tag,', type: 'text/plain' } : accepted();
  const { out } = await run('preview', 'a'.repeat(64), '--text', 'de/CONTACT+HEALTH');
  expect(out).toContain('Guten Tag,');
  expect(desk.seen.map(({ path }) => path)).toContain(
    `/v1/incidents/${ID}/messages/${'a'.repeat(64)}/preview.txt?text=de%2FCONTACT%2BHEALTH`,
  );
});
