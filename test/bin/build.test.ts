import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILD_WITHIN_MS = 120_000;
let image: string;

const run = (...words: string[]): string =>
  execFileSync(process.execPath, words, {
    cwd: image,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: image },
  });

beforeAll(() => {
  image = mkdtempSync(join(tmpdir(), 'seventytwo-image-'));
  symlinkSync(join(ROOT, 'node_modules'), join(image, 'node_modules'));
  execFileSync(process.execPath, [join(ROOT, 'bin/build.mjs'), image], { stdio: ['ignore', 'ignore', 'inherit'] });
}, BUILD_WITHIN_MS);
afterAll(() => {
  rmSync(image, { recursive: true, force: true });
});

test('a build starts without the sources and says its version', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(run('bin/seventytwo.mjs', '--version').trim()).toBe(version);
  expect(run('cli/main.js', '--help')).toContain('declare');
});

test('a build computes deadlines without a server', () => {
  const said = run('bin/seventytwo.mjs', 'clock', '--aware', '2026-03-27T01:40:00Z', '--json');
  expect(JSON.parse(said)).toMatchObject({ strictDeadline: '2026-03-30T01:40:00.000Z' });
});

test('a build brings its workflow bundle and every data file that the code opens', () => {
  expect(statSync(join(image, 'worker/workflow-bundle.js')).size).toBeGreaterThan(100_000);
  const data = [
    'adapters/temporal/failure-converter.cjs',
    'docs/schemas/edpb-notice-corrected.schema.json',
    'scenarios/first-light.yaml',
    'stack/requirements/mongo.txt',
    'stack/requirements/temporal.txt',
  ];
  expect(data.filter((file) => !existsSync(join(image, file)))).toEqual([]);
});
