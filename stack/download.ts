import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { installOnce, recentFailure, rememberFailure } from './cache.js';

const run = promisify(execFile);

const PROBE_WITHIN_MS = 2_500;
const DOWNLOAD_WITHIN_MS = 600_000;

export interface Download {
  /** Folder name in the cache: engine, version, system. */
  readonly name: string;
  /** A `.tar.gz`. */
  readonly archive: string;
  /** Where the vendor publishes its SHA-256, if it does. */
  readonly sha256?: string | undefined;
  /** Leading folders of the archive to drop. */
  readonly strip: number;
  /** The program's path after that. */
  readonly program: string;
  /** Throws when the program does not run here or is not what was wanted. */
  readonly check: (program: string) => Promise<void>;
}

/**
 * The vendor's program, fetched once into the cache. Returns its path; throws an Error with the reason, which is
 * remembered for a day. A short probe comes first: behind a firewall nobody waits for a long time-out.
 */
export async function fetchProgram(cache: string, download: Download, log: (line: string) => void): Promise<string> {
  const program = join(cache, download.name, download.program);
  if (existsSync(program)) return program;
  const failure = recentFailure(cache, download.archive);
  if (failure !== undefined) throw new Error(failure);
  try {
    await probe(download.archive);
    await installOnce(cache, download.name, async (into) => {
      log(`${download.name}: downloading ${download.archive}, once; it is kept in ${cache}`);
      const file = join(into, 'archive.tar.gz');
      await save(download.archive, file);
      if (download.sha256 !== undefined) await compare(file, download.sha256);
      await run('tar', ['-xzf', file, '-C', into, `--strip-components=${download.strip}`]);
      rmSync(file);
      await download.check(join(into, download.program));
    });
    return program;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    rememberFailure(cache, download.archive, why);
    throw error;
  }
}

async function probe(address: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_WITHIN_MS) });
  } catch (error) {
    throw new Error(`${new URL(address).origin} did not answer within ${PROBE_WITHIN_MS / 1000} s`, { cause: error });
  }
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
}

async function save(address: string, file: string): Promise<void> {
  const response = await fetch(address, { signal: AbortSignal.timeout(DOWNLOAD_WITHIN_MS) });
  if (!response.ok || response.body === null) throw new Error(`${address} answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
}

async function compare(file: string, address: string): Promise<void> {
  const response = await fetch(address, { signal: AbortSignal.timeout(PROBE_WITHIN_MS * 4) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const expected = /^[0-9a-f]{64}/i.exec(await response.text())?.[0]?.toLowerCase();
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== expected)
    throw new Error(`the archive has SHA-256 ${actual}, but ${address} says ${expected ?? 'nothing'}`);
}
