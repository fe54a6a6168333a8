import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Built, builtServer, Missing, postgresPrograms } from './build-server.js';
import { type Postgres, startPostgres } from './postgres.js';

/**
 * `npm run e2e:production [-- FILE…]`: the end-to-end tests on the production server of Temporal with PostgreSQL, instead of the
 * development server. The tests are the same; they find it as the `temporal` on PATH. Ends only what it started.
 */

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Empty databases with the schema in them; each test's cluster begins as a copy. */
async function makeTemplates({ sqlTool, schema }: Built, { port, user, password }: Postgres): Promise<void> {
  for (const kind of ['', '_visibility'] as const) {
    const tool = async (...words: string[]): Promise<void> => {
      await run(sqlTool, [
        '--plugin',
        'postgres12',
        '--ep',
        '127.0.0.1',
        '-p',
        String(port),
        '-u',
        user,
        '--pw',
        password,
        '--db',
        `template_temporal${kind}`,
        ...words,
      ]);
    };
    await tool('create');
    await tool('setup-schema', '-v', '0.0');
    await tool('update-schema', '-d', join(schema, kind === '' ? 'temporal' : 'visibility', 'versioned'));
  }
}

/** `temporal`, for the local stack's ladder. */
function putOnPath(
  folder: string,
  programs: string,
  { server, version }: Built,
  { port, user, password }: Postgres,
): void {
  const settings = join(folder, 'postgres.json');
  writeFileSync(settings, JSON.stringify({ psql: join(programs, 'psql'), port, user, password }), { mode: 0o600 });
  const path = join(folder, 'temporal');
  const launch = join(HERE, 'launch.mjs');
  writeFileSync(
    path,
    `#!/bin/sh
set -e
case "$1" in --version) echo "temporal version production-with-postgresql (Server ${version}, UI none)"; exit 0;; esac
config=$('${process.execPath}' '${launch}' '${settings}' "$@")
exec '${server}' --allow-no-auth --config-file "$config" start
`,
  );
  chmodSync(path, 0o755);
}

/** Looks for its control in the database file of the development server, which is not there. What PostgreSQL has on disk is not searched. */
const NOT_HERE = 'every run, document, journal, log and metric holds no canary';

async function tests(path: string, files: readonly string[]): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      join(ROOT, 'node_modules/jest/bin/jest.js'),
      '--runInBand',
      '--testMatch',
      '**/test/e2e/**/*.{test,played}.ts',
      '--testNamePattern',
      `^(?!${NOT_HERE})`,
      '--runTestsByPath',
      ...files,
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, PATH: `${path}${delimiter}${process.env['PATH']}`, NODE_NO_WARNINGS: '1' },
    },
  );
  // Told to stop, it stops the tests first, and then what they ran on.
  const stop = (): void => void child.kill('SIGTERM');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function main(): Promise<number> {
  const named = process.argv.slice(2);
  const files =
    named.length > 0
      ? named
      : readdirSync(join(ROOT, 'test/e2e'))
          .filter((file) => file.endsWith('.test.ts'))
          .map((file) => join('test/e2e', file))
          .concat('test/e2e/production/mtls.played.ts');
  const programs = await postgresPrograms();
  const built = await builtServer(say);
  const began = performance.now();
  const postgres = await startPostgres(programs);
  const folder = mkdtempSync(join(tmpdir(), 'seventytwo-production-'));
  try {
    await makeTemplates(built, postgres);
    putOnPath(folder, programs, built, postgres);
    say(
      `PostgreSQL with Temporal's schema is ready after ${((performance.now() - began) / 1_000).toFixed(1)} s; the tests begin`,
    );
    const code = await tests(folder, files);
    say(
      `${code === 0 ? 'green' : 'NOT green'} on Temporal server ${built.version} with PostgreSQL, after ${Math.round((performance.now() - began) / 1_000)} s`,
    );
    return code;
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
