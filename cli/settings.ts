import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../domain/incident/organisation.js';
import { ROLES } from '../domain/incident/organisation.js';
import { refused, wrongUsage } from './exit.js';

/** Where commands go and as whom. */
export interface Door {
  readonly url: string;
  readonly key: string | null;
  readonly side: 'live' | 'drill';
  /** Role of the login taken from a local stack; null for a personal key. */
  readonly role: Role | null;
  /** Roles a local stack has logins for; empty for a personal key. */
  readonly roles: readonly Role[];
  readonly from: 'environment' | 'profile' | 'local stack';
  /** Zone for what is typed and read, where the profile names one. */
  readonly zone: string | null;
}

export interface DoorOptions {
  readonly as?: string | undefined;
  readonly drill?: boolean | undefined;
  readonly local?: boolean | undefined;
}

type Keys = Readonly<Partial<Record<Role, string>>>;
interface LocalSideFile {
  readonly url: string;
  readonly keys: Keys;
  /** `SEVENTYTWO_*` of its processes; left out in files of before. */
  readonly settings?: Readonly<Record<string, string>>;
}
/** Written by `seventytwo up` into `.seventytwo/cli.json`. */
export interface LocalStackFile {
  readonly live?: LocalSideFile & { readonly watchdog?: string };
  readonly drill?: LocalSideFile;
}
interface ProfileFile {
  readonly url?: string;
  readonly key?: string;
  readonly zone?: string;
  readonly drill?: { readonly url?: string; readonly key?: string };
}

export const LOCAL_STACK_FILE = join('.seventytwo', 'cli.json');
export const profilePath = (env: NodeJS.ProcessEnv): string =>
  join(env['XDG_CONFIG_HOME'] || join(homeOf(env), '.config'), 'seventytwo', 'config.json');
/** Idempotency keys of commands without an answer are kept here. */
export const statePath = (env: NodeJS.ProcessEnv): string =>
  env['SEVENTYTWO_STATE'] || join(env['XDG_STATE_HOME'] || join(homeOf(env), '.local', 'state'), 'seventytwo');

const homeOf = (env: NodeJS.ProcessEnv): string => env['HOME'] || homedir();

const HOW = [
  'Start a local stack in this folder:       seventytwo up',
  'Or name your server and your own key:     export SEVENTYTWO_URL=https://breach.hospital.example SEVENTYTWO_KEY=…',
  'Or write both into a profile (mode 0600): seventytwo init --profile',
];

/**
 * Finds the server: environment, then the profile (real duty goes before trying), then the local stack of the working folder.
 * `--as` and `--local` ask for the local stack. `roles` are those that may do the command, in the order in which a login is picked.
 */
export function findDoor(options: DoorOptions, roles: readonly Role[], env: NodeJS.ProcessEnv, folder: string): Door {
  const side = options.drill ? 'drill' : 'live';
  if (options.as !== undefined && !isRole(options.as)) {
    throw wrongUsage(`--as takes a role: ${ROLES.join(', ')}.`);
  }
  const wantsLocal = options.local === true || options.as !== undefined;
  if (!wantsLocal) {
    const door = fromEnvironment(env, side) ?? fromProfile(env, side);
    if (door) return door;
  }
  const local = fromLocalStack(folder, side, options.as as Role | undefined, roles);
  if (local) return local;
  if (wantsLocal) {
    throw refused(
      [`There is no local stack in this folder (${LOCAL_STACK_FILE} is not there), and --as and --local need one.`],
      ['seventytwo up', 'Or leave --as away: then SEVENTYTWO_KEY or the profile is used.'],
      { reached: false },
    );
  }
  throw refused(['No server is named yet. Nothing was sent.'], HOW, { reached: false });
}

function fromEnvironment(env: NodeJS.ProcessEnv, side: 'live' | 'drill'): Door | null {
  const [urlName, keyName] =
    side === 'drill'
      ? (['SEVENTYTWO_DRILL_URL', 'SEVENTYTWO_DRILL_KEY'] as const)
      : (['SEVENTYTWO_URL', 'SEVENTYTWO_KEY'] as const);
  const url = env[urlName];
  if (!url) return null;
  return {
    url: checkedUrl(url, urlName),
    key: env[keyName] || null,
    side,
    role: null,
    roles: [],
    from: 'environment',
    zone: env['SEVENTYTWO_ZONE'] || null,
  };
}

function fromProfile(env: NodeJS.ProcessEnv, side: 'live' | 'drill'): Door | null {
  const path = profilePath(env);
  if (!existsSync(path)) return null;
  // A key in a file that others can read is everybody's key.
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw refused(
      [`${path} holds a key and can be read by others (mode ${(statSync(path).mode & 0o777).toString(8)}).`],
      [`chmod 600 ${path}`],
    );
  }
  const file = readJson(path) as ProfileFile;
  const part = side === 'drill' ? file.drill : file;
  if (!part?.url) return null;
  return {
    url: checkedUrl(part.url, `url in ${path}`),
    key: env['SEVENTYTWO_KEY'] || part.key || null,
    side,
    role: null,
    roles: [],
    from: 'profile',
    zone: file.zone ?? null,
  };
}

function fromLocalStack(
  folder: string,
  side: 'live' | 'drill',
  as: Role | undefined,
  wanted: readonly Role[],
): Door | null {
  const path = join(folder, LOCAL_STACK_FILE);
  if (!existsSync(path)) return null;
  const part = (readJson(path) as LocalStackFile)[side];
  if (!part) return null;
  const roles = ROLES.filter((role) => part.keys[role] !== undefined);
  const role = as ?? wanted.find((each) => roles.includes(each)) ?? roles[0];
  const key = role ? part.keys[role] : undefined;
  if (role === undefined || key === undefined) {
    throw refused(
      [`The local stack has no login with the role ${as ?? wanted.join(' or ')}.`],
      [`It has: ${roles.join(', ')}. Take one with --as ROLE.`],
    );
  }
  return {
    url: checkedUrl(part.url, `url in ${LOCAL_STACK_FILE}`),
    key,
    side,
    role,
    roles,
    from: 'local stack',
    zone: null,
  };
}

/** Where the local stack's watchdog listens; null when there is no local stack. */
export function localWatchdog(folder: string): string | null {
  const path = join(folder, LOCAL_STACK_FILE);
  return existsSync(path) ? ((readJson(path) as LocalStackFile).live?.watchdog ?? null) : null;
}

/** The settings of the local stack's processes, by their names; null when there is no local stack. */
export function localSettings(folder: string, side: 'live' | 'drill'): Readonly<Record<string, string>> | null {
  const path = join(folder, LOCAL_STACK_FILE);
  return existsSync(path) ? ((readJson(path) as LocalStackFile)[side]?.settings ?? null) : null;
}

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

function readJson(path: string): unknown {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (value !== null && typeof value === 'object') return value;
  } catch (cause) {
    throw Object.assign(
      refused(
        [`${path} cannot be read as JSON.`],
        ['Repair or delete it; `seventytwo up` and `seventytwo init --profile` write it anew.'],
      ),
      { cause },
    );
  }
  throw refused([`${path} must hold a JSON object.`]);
}

export function checkedUrl(text: string, name: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw refused([`${name} must be an address such as https://breach.hospital.example.`]);
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !loopback) {
    throw refused([
      `${name} must begin with https:// (http:// is accepted for this machine only: the key would travel in the open).`,
    ]);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
