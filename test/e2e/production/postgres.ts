import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Missing } from './build-server.js';

const run = promisify(execFile);
const USER = 'temporal';
const READY_WITHIN_MS = 60_000;

export interface Postgres {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  sql(statement: string): Promise<void>;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** PostgreSQL refuses to run as root: then it is the system's own user for it, on a folder of its own. */
async function asWhom(): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  await run('id', ['postgres']).catch((cause: unknown) => {
    throw new Missing(
      'There is no user `postgres` to run PostgreSQL as. Debian makes it: apt-get install -y postgresql.',
      { cause },
    );
  });
  return ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'];
}

/** A server of its own on a free port, with everything on disk as in life (fsync on), in a folder that goes when it stops. */
export async function startPostgres(programs: string): Promise<Postgres> {
  const who = await asWhom();
  const folder = mkdtempSync(join(tmpdir(), 'seventytwo-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(24).toString('hex');
  const secret = join(folder, 'password');
  writeFileSync(secret, password, { mode: 0o600 });
  if (who.length > 0) await run('chown', ['-R', 'postgres:', folder]);
  chmodSync(folder, 0o700);
  const [command, ...words] = [...who, join(programs, 'initdb')];
  await run(
    command,
    [...words, '-D', data, '-U', USER, '--pwfile', secret, '-A', 'scram-sha-256', '-E', 'UTF8', '--no-locale'],
    { cwd: '/' },
  );
  const port = await freePort();
  const [program, ...leading] = [...who, join(programs, 'postgres')];
  const settings = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    'max_connections=300',
  ];
  const child: ChildProcess = spawn(program, [...leading, '-D', data, '-p', String(port), ...settings], {
    cwd: '/',
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  process.once('exit', () => child.kill('SIGQUIT'));

  const sql = async (statement: string): Promise<void> => {
    const where = ['-h', '127.0.0.1', '-p', String(port), '-U', USER, '-d', 'postgres'];
    await run(join(programs, 'psql'), [...where, '-v', 'ON_ERROR_STOP=1', '-qc', statement], {
      env: { PATH: process.env['PATH'], PGPASSWORD: password },
    });
  };
  const end = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode} as it started.`);
    const ready = await sql('select 1').then(
      () => true,
      () => false,
    );
    if (ready) break;
    if (Date.now() > end) throw new Error('PostgreSQL did not answer within a minute.');
    await delay(100);
  }
  return {
    port,
    user: USER,
    password,
    sql,
    async stop() {
      child.kill('SIGINT'); // does not wait for its clients
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
