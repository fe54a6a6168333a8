import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { readSource, readSources, type Source } from './helpers/source.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  /** Folders or single modules of the repository that may be loaded at run time; its own folder always. */
  readonly run: readonly string[];
  /** Besides: modules of which only types are taken. */
  readonly types?: readonly string[];
  readonly packages: readonly string[];
  /** Built-in modules of Node; `all` where a room does input and output. */
  readonly node: 'all' | readonly string[];
}

/** Who may import whom (docs/architecture.md). The first row that a file lies under counts. */
const ROOMS: Readonly<Record<string, Room>> = {
  domain: { run: [], packages: [], node: [] },
  formats: { run: ['domain'], packages: ['zod', 'yaml', 'csv-parse'], node: ['node:crypto', 'node:url'] },
  workflows: { run: ['domain'], types: ['activities'], packages: ['@temporalio/workflow'], node: [] },
  activities: { run: ['domain'], packages: ['@temporalio/activity'], node: ['node:crypto'] },
  // One technology a folder.
  'adapters/crypto': { run: ['domain'], types: ['activities/ports'], packages: ['canonicalize'], node: 'all' },
  'adapters/mongo': {
    run: ['domain', 'formats', 'adapters/crypto', 'adapters/refused-error'],
    types: ['activities/ports'],
    packages: ['mongodb'],
    node: 'all',
  },
  'adapters/mail': { run: ['domain', 'formats'], types: ['activities/ports'], packages: ['nodemailer'], node: 'all' },
  'adapters/render': {
    run: ['domain', 'formats', 'adapters/crypto'],
    types: ['activities/ports'],
    packages: ['pdfkit', 'ajv', 'ajv-formats', 'nodemailer', 'dejavu-fonts-ttf', 'tsx'],
    node: 'all',
  },
  // The contract's types, so that a change of it does not compile here; its names are repeated and held equal by a test.
  'adapters/temporal': {
    run: ['domain', 'formats', 'adapters/crypto', 'adapters/refused-error'],
    types: ['activities/ports', 'workflows/messages', 'adapters/log'],
    packages: ['@temporalio/client', '@temporalio/common', '@temporalio/proto', '@temporalio/worker'],
    node: 'all',
  },
  'adapters/watchdog': { run: ['domain', 'adapters'], packages: ['prom-client'], node: 'all' },
  'adapters/config': { run: ['domain', 'formats', 'adapters'], packages: [], node: 'all' },
  'adapters/kill-point': { run: [], packages: [], node: ['node:util'] },
  'adapters/log': { run: ['domain'], packages: ['pino'], node: 'all' },
  'adapters/metrics': { run: ['domain'], packages: ['prom-client'], node: 'all' },
  'adapters/refused-error': { run: ['domain'], packages: [], node: [] },
  'adapters/tls-probe': { run: ['adapters/config', 'adapters/mail/endpoint'], packages: [], node: 'all' },
  worker: { run: ['activities', 'adapters', 'domain', 'formats'], packages: ['@temporalio/worker'], node: 'all' },
  api: {
    run: ['domain', 'formats', 'adapters', 'workflows/messages'],
    types: ['activities/ports'],
    packages: ['express', 'helmet', 'zod', '@asteasolutions/zod-to-openapi'],
    node: 'all',
  },
  stack: { run: ['adapters/config'], packages: ['mongodb-memory-server-core', 'smtp-server'], node: 'all' },
  // The one lazy entry for processes; nothing else of the command line loads a store or an engine.
  'cli/processes': {
    run: ['cli', 'stack', 'api/serve', 'worker', 'adapters/config', 'adapters/watchdog/config', 'adapters/tls-probe'],
    packages: ['commander'],
    node: 'all',
  },
  // `up` plays a drill over HTTP on the stack it starts; loaded by cli/processes alone.
  'cli/up': { run: ['cli', 'formats', 'stack'], packages: [], node: 'all' },
  cli: {
    run: ['domain', 'formats', 'adapters/render'],
    packages: ['commander', '@clack/prompts', 'cli-table3'],
    types: ['zod'],
    node: 'all',
  },
};
const FOLDERS = [...new Set(Object.keys(ROOMS).map((place) => place.split('/')[0] ?? ''))];

/** What reads the world or the clock: a function of the domain is handed it. */
const NOT_IN_DOMAIN = [
  'process',
  'Intl',
  'Date.now',
  'new Date()',
  'Math.random',
  'performance',
  'globalThis',
  'console',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'queueMicrotask',
  'require',
];
const isUnder = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

/** Every breach of the table in a file, in words. */
function breaches(source: Source): string[] {
  const path = source.file.replace(/\.[a-z]+$/, '');
  const place = Object.keys(ROOMS).find((one) => isUnder(path, one));
  const room = place === undefined ? undefined : ROOMS[place];
  if (place === undefined || !room) return [`${source.file} lies in no room of the table`];
  const found: string[] = [];
  for (const { to, kind } of source.imports) {
    const own = isUnder(to, place);
    const listed = [...room.run, ...room.packages, ...(kind === 'types' ? (room.types ?? []) : [])];
    const builtIn = to.startsWith('node:') && (room.node === 'all' || room.node.includes(to));
    if (!own && !builtIn && !listed.some((one) => isUnder(to, one)))
      found.push(`${source.file} imports ${to}${kind === 'types' ? ' (types)' : ''}`);
  }
  if (place === 'domain') {
    for (const name of source.globals.filter((one) => NOT_IN_DOMAIN.includes(one)))
      found.push(`${source.file} uses ${name}`);
  }
  if (['activities', 'workflows'].includes(place) && source.globals.includes('process'))
    found.push(`${source.file} uses process`);
  if (source.defaultExport) found.push(`${source.file} has a default export`);
  if (source.barrel && !DOORS.includes(source.file)) found.push(`${source.file} is a barrel`);
  return found;
}

/** Re-exports that stand for something: what tests and the stack start, and what the workflow bundle holds. */
const DOORS = ['stack/engines.ts', 'workflows/index.ts'];

const sources = readSources(ROOT, FOLDERS);

test('every file keeps to the table of who may import whom', () => {
  expect(sources.flatMap(breaches)).toEqual([]);
});

test('the scan has seen the whole program, each folder of it', () => {
  expect(sources.length).toBeGreaterThan(200);
  for (const folder of FOLDERS) expect(sources.filter(({ file }) => isUnder(file, folder)).length).toBeGreaterThan(3);
  expect(sources.filter(({ imports }) => imports.length > 0).length).toBeGreaterThan(sources.length * 0.8);
});

test('no folder is called utils, helpers or common, and no room is missing from the table', () => {
  const folders = readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NOT_CODE.includes(entry.name))
    .map((entry) => entry.name);
  expect(folders.sort()).toEqual([...FOLDERS].sort());
  const parts = sources
    .flatMap(({ file }) => file.split('/'))
    .filter((part) => /^(utils?|helpers?|common|misc|shared)(\.|$)/.test(part));
  expect(parts).toEqual([]);
});
const NOT_CODE = ['node_modules', 'dist', 'coverage', 'deploy', 'docs', 'scenarios', 'bench', 'bin', 'test'];

test('no module waits for itself: run-time imports have no circle', () => {
  const next = new Map(
    sources.map(({ file, imports }) => [
      file.replace(/\.[a-z]+$/, ''),
      imports.filter(({ kind }) => kind === 'run').map(({ to }) => to),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
    if (done.has(path) || trail.includes(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) walk(path, []);
  expect(circles).toEqual([]);
});

// file                            its text                                              what is said of it                                        why this row is here
const broken = [
  [
    'domain/clock/now.ts',
    `import { hrtime } from 'node:process';`,
    'domain/clock/now.ts imports node:process',
    'the domain does nothing',
  ],
  [
    'domain/clock/now.ts',
    `import type { Db } from 'mongodb';`,
    'domain/clock/now.ts imports mongodb (types)',
    'not even a type of a tool',
  ],
  [
    'domain/clock/now.ts',
    `export const now = () => Date.now();`,
    'domain/clock/now.ts uses Date.now',
    'time is handed in',
  ],
  [
    'domain/clock/now.ts',
    `export const now = () => new Date().toISOString();`,
    'domain/clock/now.ts uses new Date()',
    'time is handed in',
  ],
  [
    'domain/risk/dice.ts',
    `export const level = () => Math.random();`,
    'domain/risk/dice.ts uses Math.random',
    'the same facts, the same answer',
  ],
  [
    'domain/clock/zone.ts',
    `export const f = new Intl.DateTimeFormat();`,
    'domain/clock/zone.ts uses Intl',
    'zones are handed in',
  ],
  [
    'domain/law/env.ts',
    `export const law = process.env['LAW'];`,
    'domain/law/env.ts uses process',
    'no settings in the law',
  ],
  [
    'workflows/incident.ts',
    `import { triage } from '../activities/triage.js';`,
    'workflows/incident.ts imports activities/triage',
    'a workflow takes types of activities, never their code',
  ],
  [
    'workflows/incident.ts',
    `import { type T } from '../activities/triage.js';`,
    'workflows/incident.ts imports activities/triage',
    'an inline type still loads the module',
  ],
  [
    'activities/triage.ts',
    `import { createLedger } from '../adapters/mongo/ledger.js';`,
    'activities/triage.ts imports adapters/mongo/ledger',
    'activities know ports, not tools',
  ],
  [
    'activities/triage.ts',
    `export const key = process.env['KEY'];`,
    'activities/triage.ts uses process',
    'settings are read once, at start',
  ],
  [
    'adapters/mail/relay.ts',
    `import { MongoClient } from 'mongodb';`,
    'adapters/mail/relay.ts imports mongodb',
    'one technology a folder',
  ],
  [
    'adapters/mongo/ledger.ts',
    `export * from '../../workflows/messages.js';`,
    'adapters/mongo/ledger.ts imports workflows/messages',
    're-exports are imports',
  ],
  [
    'api/app.ts',
    `const { sendAuthorityNotice } = await import('../activities/authority-notice.js');`,
    'api/app.ts imports activities/authority-notice',
    'dynamic imports too',
  ],
  [
    'cli/commands/declare.ts',
    `import { connectMongo } from '../../adapters/mongo/connect.js';`,
    'cli/commands/declare.ts imports adapters/mongo/connect',
    'the command line speaks HTTP',
  ],
  [
    'cli/commands/x.ts',
    `const path = '../../stack/up.js'; await import(path);`,
    'cli/commands/x.ts imports stack/up',
    'a computed import is no way around',
  ],
  [
    'stack/up.ts',
    `type S = import('../domain/incident/state.js').IncidentState; export const s: S[] = [];`,
    'stack/up.ts imports domain/incident/state (types)',
    'types written in place',
  ],
  ['formats/instants.ts', `export default 1;`, 'formats/instants.ts has a default export', 'one name for a thing'],
  [
    'domain/index.ts',
    `export { decide } from './incident/decide.js';`,
    'domain/index.ts is a barrel',
    'an import says where a thing is',
  ],
  ['helpers/x.ts', `export const x = 1;`, 'helpers/x.ts lies in no room of the table', 'a new folder needs a row'],
] as const;

for (const [file, text, said, why] of broken) {
  test(`a breach is reported: ${said.replace(`${file} `, '')} (${why})`, () => {
    expect(breaches(readSource(file, text))).toContain(said);
  });
}

test('what only looks like a breach is none', () => {
  const text = `import type { Instant } from '../clock/instant.js';
    export interface Row { readonly process: string; readonly now: Instant }
    export const row = (at: Instant): Row => ({ process: 'order', now: new Date(Date.parse(at)).toISOString() });`;
  expect(breaches(readSource('domain/incident/row.ts', text))).toEqual([]);
});

test('a file that does not parse is an error, not a clean file', () => {
  expect(() => readSource('domain/broken.ts', 'export const = 1')).toThrow('domain/broken.ts does not parse');
});
