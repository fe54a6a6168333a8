import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import formats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import PostalMime, { type Email } from 'postal-mime';
import { engineCache } from '../../stack/cache.js';
import { type Child, startSeventytwo } from './children.js';

/** `seventytwo up --once`, as a stranger types it: a folder with nothing in it, a home with nothing in it. Only the engines are not fetched anew. */

const folder = mkdtempSync(join(tmpdir(), 'seventytwo-up-'));
const home = mkdtempSync(join(tmpdir(), 'seventytwo-home-'));
const runs = join(folder, '.seventytwo', 'drill', 'runs');
const PEOPLE = 1_200;
const begun: Child[] = [];

function upOnce(): Child {
  const env = { PATH: process.env['PATH'], HOME: home, SEVENTYTWO_ENGINE_CACHE: engineCache(process.env) };
  const child = startSeventytwo(['up', '--once'], { folder, env });
  begun.push(child);
  return child;
}
const runFolders = (): string[] => (existsSync(runs) ? readdirSync(runs) : []);

let first: Child;
let run = '';
beforeAll(async () => {
  first = upOnce();
  await first.ended;
  run = join(runs, runFolders()[0] ?? 'none');
});
afterAll(async () => {
  for (const child of begun) child.signal('SIGKILL');
  await Promise.all(begun.map((child) => child.ended));
  for (const path of [folder, home]) rmSync(path, { recursive: true, force: true });
});

test('in an empty folder it plays a drill, meets every duty and ends with 0', async () => {
  expect({ ...(await first.ended), err: first.err() }).toEqual({ code: 0, signal: null, err: '' });
  expect(first.out()).toContain('Every duty was met.');
  expect(first.out()).not.toMatch(/undefined|NaN|\[object/);
  process.stdout.write(
    first
      .out()
      .match(/\d+ hours of act time in \d+ s\./)?.[0]
      .concat('\n') ?? '',
  );
});

test('what it prints fits 80 columns and has no colours where nobody looks', () => {
  // oxlint-disable-next-line no-control-regex -- colours are what must not be there
  expect(first.out()).not.toMatch(/\u001b/);
  expect(
    first
      .out()
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
});

test('it leaves one run with the files that it names, and nothing outside .seventytwo', () => {
  expect(readdirSync(folder)).toEqual(['.seventytwo']);
  expect(runFolders()).toEqual([expect.stringMatching(/^EX-\w{4}-\w{4}$/)]);
  expect(first.out()).toContain(`In .seventytwo/drill/runs/${runFolders()[0]}:`);
  for (const name of [
    'notice-ex-authority-1.pdf',
    'notice-ex-authority-1.json',
    'messages/',
    'register.json',
    'timeline.txt',
  ])
    expect([name, first.out().includes(` ${name}\n`), existsSync(join(run, name))]).toEqual([name, true, true]);
});

test('keys and logins are readable for their owner alone', () => {
  for (const name of ['cli.json', 'drill/master.key', 'live/master.key', 'drill/logins.json', 'live/logins.json'])
    expect([name, statSync(join(folder, '.seventytwo', name)).mode & 0o077]).toEqual([name, 0]);
});

const notices = (): string[] =>
  readdirSync(run)
    .filter((name) => /^notice-.*\.json$/.test(name))
    .map((name) => name.replace(/\.json$/, ''));

test('each notice as JSON is valid against the schema that the project publishes', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const schema = JSON.parse(
    readFileSync(new URL('../../docs/schemas/edpb-notice-corrected.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const fits = ajv.compile(schema);
  expect(notices()).toEqual(['notice-ex-authority-1', 'notice-ex-authority-2']);
  for (const name of notices()) {
    fits(JSON.parse(readFileSync(join(run, `${name}.json`), 'utf8')));
    expect([name, fits.errors ?? null]).toEqual([name, null]);
  }
});

/** Every stream of a PDF, unpacked. */
function streamsOf(pdf: Buffer): string[] {
  return [...pdf.toString('latin1').matchAll(/stream\r?\n([^]*?)\r?\nendstream/g)].flatMap(([, packed = '']) => {
    try {
      return [inflateSync(Buffer.from(packed, 'latin1')).toString('utf8')];
    } catch {
      return [packed];
    }
  });
}

test('each notice as PDF is one, and carries that very JSON as its attachment', () => {
  for (const name of notices()) {
    const pdf = readFileSync(join(run, `${name}.pdf`));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const form: unknown = JSON.parse(readFileSync(join(run, `${name}.json`), 'utf8'));
    const attached = streamsOf(pdf).flatMap((text) => (text.startsWith('{') ? [JSON.parse(text) as unknown] : []));
    expect(attached).toContainEqual(form);
  }
});

test('everybody was told exactly once; every mail is readable and marked as an exercise', async () => {
  const dir = join(run, 'messages');
  const mails: Email[] = [];
  for (const name of readdirSync(dir)) mails.push(await PostalMime.parse(readFileSync(join(dir, name))));
  const told = mails
    .flatMap(({ to }) => to ?? [])
    .flatMap(({ address }) => (address?.startsWith('patient-') ? [address] : []));
  expect(told).toHaveLength(PEOPLE);
  expect(new Set(told)).toEqual(new Set(Array.from({ length: PEOPLE }, (_, n) => `patient-${n + 1}@people.example`)));
  expect(
    mails.filter(({ subject, text, html }) => !subject?.includes('EXERCISE') || !`${text}${html}`.includes('EXERCISE')),
  ).toEqual([]);
  expect(mails.filter(({ to }) => to?.some(({ address }) => address === 'notices@authority.test'))).toHaveLength(
    notices().length,
  );
});

test('the entry of the exercise register and the timeline tell the same story', () => {
  const [incident] = runFolders();
  const entry = JSON.parse(readFileSync(join(run, 'register.json'), 'utf8')) as Record<string, unknown>;
  expect(entry).toMatchObject({ incident, mode: 'drill', phase: 'closed' });
  const timeline = readFileSync(join(run, 'timeline.txt'), 'utf8').trim().split('\n');
  expect(timeline[0]).toMatch(/ responder {3}Declared: /);
  expect(timeline.at(-1)).toMatch(/ Closed$/);
  expect(timeline.filter((line) => line.includes(`${PEOPLE} of ${PEOPLE} people told`))).toHaveLength(1);
});

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly line: string;
}
const processes = (): Running[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 16_000_000 })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), line: args }];
    });

/** What it started, and what that started: engines, their guards, both sides. */
function descendants(pid: number): Running[] {
  const all = processes();
  const found = new Map<number, Running>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const one of all) if (one.parent === pid || found.has(one.parent)) found.set(one.pid, one);
  }
  return [...found.values()];
}

test('after kill -9 in the middle nothing of it goes on, and the next --once on the same folder plays another drill', async () => {
  const killed = upOnce();
  await killed.until(/Triage proposes/);
  const left = descendants(killed.pid);
  const lines = left.map(({ line }) => line).join('\n');
  for (const part of [/temporal/, /secantusd|mongod/, /run serve incident mail/, /seventytwo-guard/])
    expect(lines).toMatch(part);
  killed.signal('SIGKILL');
  expect((await killed.ended).signal).toBe('SIGKILL');

  const again = upOnce();
  expect({ ...(await again.ended), err: again.err() }).toEqual({ code: 0, signal: null, err: '' });
  expect(again.out()).toContain('Every duty was met.');
  const [, ...more] = [run, ...runFolders().filter((name) => !run.endsWith(name))];
  expect(more).toHaveLength(1);
  expect(readdirSync(join(runs, more[0] ?? '')).sort()).toEqual(readdirSync(run).sort());

  const alive = (): string[] =>
    processes()
      .filter((now) => left.some(({ pid, line }) => pid === now.pid && line === now.line))
      .map(({ line }) => line);
  for (let tries = 0; tries < 100 && alive().length > 0; tries++) await delay(100);
  expect(alive()).toEqual([]);
});
