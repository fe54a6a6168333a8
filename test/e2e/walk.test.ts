import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { engineCache } from '../../stack/cache.js';
import { type Child, startSeventytwo } from './children.js';
import { contentsOf } from './traces.js';

/**
 * A real incident, walked by an on-call with the real command on the live side of a stack that was started by `up`. Each command is
 * taken from what was printed before it, with nothing but its blanks filled in.
 */

const folder = mkdtempSync(join(tmpdir(), 'seventytwo-walk-'));
const home = mkdtempSync(join(tmpdir(), 'seventytwo-home-'));
const env = { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', SEVENTYTWO_ENGINE_CACHE: engineCache(process.env) };
let up: Child;
/** What stands on the screen: the last output. */
let screen = '';
const typed: string[] = [];
const wrong: string[] = [];

const FACTS = `
facts:
  breach.summary: Letters with laboratory results went to the addresses of other patients.
  breach.nature: [CONFIDENTIALITY]
  breach.cause: INTERNAL_NON_MALICIOUS
  breach.incidentTypes: [SENT_BY_MISTAKE]
  breach.discoveredBy: DATA_SUBJECT
  data.categories: [HEALTH, CONTACT]
  data.unintelligible: "NO"
  people.count: 1000-1500
  people.categories: [PATIENTS]
  people.countries: { IE: 1250 }
  confidentiality.outcome: DISCLOSED
  confidentiality.recipients: UNKNOWN_RECIPIENTS
  harm.severity: SEVERE
  measures.taken: Printing was stopped.
  communication.advice: Bring the letter back.
`;

/** What was still open when the first notice went. */
const MORE = `
facts:
  breach.occurrence: SPECIFIC_DAY
  breach.startedAt: 2026-03-01T08:00:00Z
  breach.discoveryDetail: A patient telephoned.
  breach.systems: [letter printing]
  data.detail: Results of blood tests.
  data.records: 1200
  data.identifiability: MAXIMUM
  people.detail: Patients of the outpatient clinic.
  confidentiality.consequences: [WIDER_DISCLOSURE]
  harm.types: [LOSS_OF_CONTROL]
  harm.detail: Others may learn of an illness.
  measures.before: [TRAINING]
  measures.beforeDetail: Two people look at each batch.
  measures.prevention: [PROCESS_CHANGE]
  measures.preventionDetail: A barcode ties each letter to its envelope.
  parties.others: { certainty: not_applicable }
  crossBorder.processing: "NO"
  police.reported: "NO"
  authorities.others: { certainty: not_applicable }
`;

/** Commands as they stand in an output, each on a line of its own behind six blanks. */
const announcedIn = (output: string): string[] =>
  output.split('\n').flatMap((line) => /^ {6}(seventytwo .*\S)\s*$/.exec(line)?.[1] ?? []);

/** As a shell would: blanks part words, double quotes hold them together. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', '')).slice(1);

/** Types the command that the screen shows and that begins so. `blanks`: what stands there as …, in its order, or a name in capitals. */
async function type(
  begins: string,
  {
    blanks = [],
    names = {},
    as,
    more = [],
  }: {
    blanks?: readonly string[];
    names?: Readonly<Record<string, string>>;
    as?: string;
    more?: readonly string[];
  } = {},
): Promise<string> {
  const shown = announcedIn(screen).find((command) => command.startsWith(`seventytwo ${begins}`));
  if (shown === undefined) wrong.push(`not announced: ${begins}\n${screen}`);
  if (as !== undefined && !screen.includes(`--as ${as}`)) wrong.push(`not announced: --as ${as}\n${screen}`);
  const rest = [...blanks];
  let command = (shown ?? `seventytwo ${begins}`).replaceAll('…', () => rest.shift() ?? '…');
  for (const [name, value] of Object.entries(names)) command = command.replace(name, value);
  const words = [...wordsOf(command), ...more, ...(as === undefined ? [] : ['--as', as])];
  typed.push(words.join(' '));
  const child = startSeventytwo(words, { folder, env });
  const { code } = await child.ended;
  if (code !== 0) wrong.push(`${words.join(' ')} ended with ${code}:\n${child.err()}`);
  screen = child.out();
  return screen;
}

function sees(what: string | RegExp): void {
  if (typeof what === 'string' ? !screen.includes(what) : !what.test(screen))
    wrong.push(`not shown: ${String(what)}\n${screen}`);
}

/** Looks again, as a person does, until the screen shows it. */
async function look(begins: string, until: RegExp): Promise<void> {
  const end = Date.now() + 60_000;
  const before = screen;
  while (Date.now() < end) {
    screen = before;
    if (until.test(await type(begins))) return;
    typed.pop();
    await delay(300);
  }
  wrong.push(`never shown: ${String(until)}\n${screen}`);
}

/** What each of them got, as text. */
async function mailsTo(...addresses: readonly string[]): Promise<string[]> {
  const kept = [...contentsOf(folder)].filter(([name]) => name.endsWith('.eml'));
  const mails = await Promise.all(kept.map(([, bytes]) => PostalMime.parse(bytes)));
  return addresses.map((address) => mails.find(({ to }) => to?.[0]?.address === address)?.text ?? 'nothing');
}

beforeAll(async () => {
  up = startSeventytwo(['up'], { folder, env });
  await up.until(/Ctrl-C stops everything/, 200_000);
  screen = up.out();
});
afterAll(async () => {
  up.signal('SIGTERM');
  await up.ended;
  for (const path of [folder, home]) rmSync(path, { recursive: true, force: true });
});

test('from the alarm to the register: every command was announced by the output before it, and works as announced', async () => {
  const began = performance.now();
  await type('declare', {
    names: {
      'What happened, in a few words': 'Letters sent to the wrong patients',
      now: new Date().toISOString().slice(11, 16),
    },
  });
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const id = /BR-\w{4}-\w{4}/.exec(screen)?.[0] ?? 'none';
  sees(/The 72 hours are running\.[^]*Deadline .*UTC[^]*7[12] h \d\d min left/);

  await type(`ack ${id}`);
  await type(`facts ${id}`);
  sees('Open, what decides a duty first');
  await type(`facts ${id} breach.summary=`, {
    blanks: ['"Letters went to other patients."', 'CONFIDENTIALITY', 'SENT_BY_MISTAKE'],
  });
  await type(`facts ${id}`);
  writeFileSync(join(folder, 'facts.yaml'), FACTS);
  await type(`facts ${id} FILE.yaml`, { names: { 'FILE.yaml': 'facts.yaml' } });
  await type(`assess ${id}`);
  sees('The rules propose HIGH_RISK.');
  await type(`decide ${id} --level HIGH_RISK`, { blanks: ['health data with strangers'] });

  await type(`notice ${id} approve`, { more: ['--yes'] });
  await type(`notice ${id} pdf`);
  const pdf = /Written: (\S+)/.exec(screen)?.[1] ?? 'none';
  expect(readFileSync(join(folder, pdf)).subarray(0, 5).toString()).toBe('%PDF-');
  await type(`notice ${id} receipt`, { names: { REF: 'IN-2026-0815', INSTANT: 'now' } });
  sees('the authority was told in time');

  const rows = ['email,language,data', 'one@people.example,de,CONTACT', 'two@people.example,en,HEALTH CONTACT'];
  writeFileSync(join(folder, 'people.csv'), `${rows.join('\n')}\nnot an address,,\n`);
  await type(`people ${id} import`, { names: { 'FILE.csv': 'people.csv' } });
  sees(/1 +de +CONTACT\n/);
  await type(`people ${id} accept`);
  await type(`people ${id} approve`, { more: ['--yes'] });
  await type(`people ${id} approve`, { as: 'approver', more: ['--yes'] });
  await type(`people ${id} start`);
  await look(`people ${id} status`, /mailing 1 +completed[^]*seventytwo task \S+ \S+ --done/);
  const told = await mailsTo('one@people.example', 'two@people.example');
  expect(
    told.map((text) => [/Kontaktdaten|contact details/.exec(text)?.[0], /Gesundheit|your health/.test(text)]),
  ).toEqual([
    ['Kontaktdaten', false],
    ['contact details', true],
  ]);
  sees(/1 row of the list of mailing 1 could not be used/);
  await type(`task ${id}`, { blanks: ['the row is a note in the file, and nobody'], more: ['--as', 'dpo'] });
  sees(/3 people were told, and more are concerned/);
  await type(`task ${id}`, { blanks: ['the other letters came back unopened'], more: ['--as', 'dpo'] });

  await type(`facts ${id}`);
  writeFileSync(join(folder, 'more.yaml'), MORE);
  await type(`facts ${id} FILE.yaml`, { names: { 'FILE.yaml': 'more.yaml' } });
  await type(`notice ${id} approve`, { more: ['--yes'] });
  await type(`notice ${id} pdf`);
  await type(`notice ${id} receipt`, { names: { REF: 'IN-2026-0815-2', INSTANT: 'now' } });
  await type(`close ${id}`, { blanks: ['everybody was told, the cause is removed'] });
  await type('register');
  sees(id);
  expect(wrong).toEqual([]);
  process.stdout.write(
    `The clock ran after ${seconds} s and 1 command; ${typed.length} commands in all:\n${typed.map((line) => `  seventytwo ${line}\n`).join('')}`,
  );
});

test('when everything was answered, the command has kept nothing on this machine', () => {
  expect([...contentsOf(home).keys()].filter((name) => name.includes('seventytwo/'))).toEqual([]);
});

test('Ctrl-C stops everything in order', async () => {
  up.signal('SIGINT');
  expect(await up.ended).toEqual({ code: 0, signal: null });
  expect(up.out()).toMatch(/Stopping in order …\n$/);
});
