import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, type InjectedSinks, Runtime, Worker } from '@temporalio/worker';
import { dataConverter } from '../../adapters/temporal/data-converter.js';
import { makeBundle } from '../../worker/bundle.js';
import { bundleWith } from '../replays/bundles.js';
import type { CountingSinks } from '../replays/counting.js';
import { historyFromJson, PUBLIC_TEST_KEY, readRecording, recordedFiles, ROOT } from '../replays/recordings.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });
afterAll(async () => {
  await Runtime.instance().shutdown();
});

let code: string;
beforeAll(async () => {
  ({ code } = await makeBundle());
});

const BUDGET_BYTES = 2_000_000;
const ALLOWED = [
  'domain/',
  'workflows/',
  'adapters/temporal/failure-converter.cjs',
  ...['@temporalio', 'nexus-rpc', 'long', 'ms'].map((name) => `node_modules/${name}/`), // the workflow SDK and what it stands on
];

test('what one execution leaves in a module, no other finds: each counts its own activities from one', async () => {
  const bundle = await bundleWith(fileURLToPath(new URL('../replays/counting.ts', import.meta.url)));
  const counts = new Map<string, number[]>();
  const sinks: InjectedSinks<CountingSinks> = {
    counting: {
      counted: {
        fn: ({ runId }, value) => void counts.set(runId, [...(counts.get(runId) ?? []), value]),
        callDuringReplay: true,
      },
    },
  };
  const runs = recordedFiles().flatMap((file) => readRecording(file).runs);
  const histories = runs.map(({ workflowId, history }) => ({ workflowId, history: historyFromJson(history) }));
  const options = { workflowBundle: bundle, dataConverter: dataConverter({ masterKey: PUBLIC_TEST_KEY }), sinks };
  for await (const { error } of Worker.runReplayHistories(options, histories)) expect(error).toBeUndefined();
  expect(counts.size).toBe(runs.length);
  for (const counted of counts.values()) expect(counted).toEqual(counted.map((_, index) => index + 1));
});

test('the bundle stays small: large libraries have no place in workflow code', () => {
  const [withoutMap = code] = code.split('//# sourceMappingURL=');
  expect(Buffer.byteLength(withoutMap)).toBeLessThan(BUDGET_BYTES);
});

test('the bundle holds the workflows, the domain and the workflow SDK, and nothing else', () => {
  const strangers = modulesOf(code).filter((path) => !ALLOWED.some((allowed) => path.startsWith(allowed)));
  expect(strangers).toEqual([]);
  expect(modulesOf(code).some((path) => path === 'workflows/incident.ts')).toBe(true);
});

test('nothing in the bundle asks for a module of Node', () => {
  expect(code.match(/require\(["']node:[^"']*["']\)/g)).toBeNull();
});

test('no workflow and no rule keeps state in a module', () => {
  const files = ['workflows', 'domain'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const withState = files.filter((file) => /^(export )?(let|var) /m.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(withState).toEqual([]);
});

/** From the source map that comes inside the bundle; paths from the root of the project. */
function modulesOf(bundle: string): string[] {
  const map = /\/\/# sourceMappingURL=data:application\/json;charset=utf-8;base64,([A-Za-z0-9+/=]+)\s*$/.exec(
    bundle,
  )?.[1];
  if (!map) throw new Error('The bundle has no source map inside.');
  const { sources } = JSON.parse(Buffer.from(map, 'base64').toString('utf8')) as { sources: string[] };
  return sources
    .map((source) => source.replace(/^webpack:\/\/[^/]*\//, ''))
    .filter((source) => !source.startsWith('webpack/') && !source.startsWith('ignored|')) // its own few lines, and modules it left out
    .map((source) => relative(ROOT, source));
}
