import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineCache, installOnce } from '../../../stack/cache.js';

const run = promisify(execFile);

/** The server that the local stack's development server is made of (stack/temporal.ts wants 1.32 or newer). */
const VERSION = '1.32.0';
const MODULE = 'go.temporal.io/server';
const HALF_AN_HOUR_MS = 1_800_000;
const LONG_OUTPUT = 16 * 1024 * 1024;

/** Something is missing on this machine; the message says what, and how to get it. */
export class Missing extends Error {
  override readonly name = 'Missing';
}

export interface Built {
  readonly version: string;
  readonly server: string;
  readonly sqlTool: string;
  /** With `temporal/versioned` and `visibility/versioned`. */
  readonly schema: string;
}

/** The production server and its schema tool, from their Go module; made once for all checkouts of this user. */
export async function builtServer(log: (line: string) => void): Promise<Built> {
  const folder = await installOnce(engineCache(process.env), `temporal-server-${VERSION}`, async (into) => {
    const go = await goVersion();
    log(`building Temporal server ${VERSION} with ${go}: about five minutes of one idle core, once`);
    const began = performance.now();
    for (const path of ['cmd/server', 'cmd/tools/sql'])
      await run('nice', ['-n', '19', 'go', 'install', `${MODULE}/${path}@v${VERSION}`], {
        env: { ...process.env, GOBIN: into },
        timeout: HALF_AN_HOUR_MS,
        maxBuffer: LONG_OUTPUT,
      });
    const { stdout } = await run('go', ['mod', 'download', '-json', `${MODULE}@v${VERSION}`]);
    const { Dir: sources } = JSON.parse(stdout) as { Dir: string };
    const schema = join(into, 'schema');
    mkdirSync(schema);
    cpSync(join(sources, 'schema/postgresql/v12'), schema, { recursive: true });
    await run('chmod', ['-R', 'u+w', schema]); // the module cache is read-only
    chmodSync(join(into, 'server'), 0o755);
    log(`built in ${Math.round((performance.now() - began) / 1_000)} s`);
  });
  return {
    version: VERSION,
    server: join(folder, 'server'),
    sqlTool: join(folder, 'sql'),
    schema: join(folder, 'schema'),
  };
}

async function goVersion(): Promise<string> {
  try {
    return (await run('go', ['version'])).stdout.trim();
  } catch (error) {
    throw new Missing(
      `Go is not on PATH, and the production server is built from its module ${MODULE}@v${VERSION}. Install Go 1.26 or newer (https://go.dev/dl/) and start again.`,
      { cause: error },
    );
  }
}

/** Where PostgreSQL's programs lie: on PATH, or where Debian puts them. */
export async function postgresPrograms(): Promise<string> {
  const { stdout } = await run('sh', [
    '-c',
    'ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; dirname "$(command -v initdb)" 2>/dev/null',
  ]);
  const found = stdout
    .split('\n')
    .filter((dir) => dir !== '')
    .find((dir) => ['initdb', 'postgres', 'psql'].every((program) => existsSync(join(dir, program))));
  if (found === undefined)
    throw new Missing(
      'PostgreSQL is not on this machine. Install it (apt-get update && apt-get install -y postgresql) and start again; its own server need not run.',
    );
  return found;
}
