import { MasterKeyProblem, parseMasterKey, readMasterKeyFile } from './crypto/master-key.js';
import { type MongoTls, mongo, relayAuthority, relayUrl, type TemporalAccess, temporal } from './config/connections.js';
import { EXAMPLES, type Env, isHostAndPort, Reader } from './config/reader.js';

interface Common {
  /** Names a database: `seventytwo_live` or `seventytwo_drill` when the address has none. */
  readonly mongoUrl: string;
  /** Beside what the address says. */
  readonly mongoTls?: MongoTls;
  readonly temporal: TemporalAccess;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  readonly listen: { readonly host: string; readonly port: number };
  /** Where a worker answers /healthz, /readyz and /metrics; without it nowhere. */
  readonly healthListen?: { readonly host: string; readonly port: number } | null;
  /** A durable folder of this worker alone. */
  readonly journalDir: string;
  /** Where people reach the API; no slash at the end. */
  readonly publicUrl: string;
  /** Opens the door for the first administrator while there is no staff. */
  readonly bootstrapToken: string | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export interface LiveConfig extends Common {
  readonly side: 'live';
  readonly smtpUrl: string;
  readonly smtpFallbackUrl: string | null;
  /** PEM of the authority behind the relays' certificates, when it is not one that everybody knows. */
  readonly smtpCaFile?: string;
  readonly pager: { readonly url: string; readonly secret: string } | null;
}

/** There is no field for a relay, a second relay or a pager: an exercise cannot reach anybody outside (R-933). */
export interface DrillConfig extends Common {
  readonly side: 'drill';
  /** A mail catcher on this machine. */
  readonly exerciseInbox: string;
}

export type Config = LiveConfig | DrillConfig;

/** Everything that is wrong with the configuration at once. Values are never repeated: any of them may hold a password. */
export class ConfigProblems extends Error {
  override readonly name = 'ConfigProblems';
  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`Config has ${count}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

const LIVE_ONLY = [
  'SEVENTYTWO_SMTP_URL',
  'SEVENTYTWO_SMTP_FALLBACK_URL',
  'SEVENTYTWO_PAGER_URL',
  'SEVENTYTWO_PAGER_SECRET',
  'SEVENTYTWO_SMTP_TLS_CA_FILE',
] as const;
const DRILL_ONLY = ['SEVENTYTWO_EXERCISE_INBOX'] as const;
const PORT = { live: 7272, drill: 7273 } as const;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
const MIN_PAGER_SECRET_BYTES = 24;
const MIN_TOKEN_CHARACTERS = 24;

function masterKey(read: Reader): Buffer {
  const inline = read.optional('SEVENTYTWO_MASTER_KEY');
  const file = read.optional('SEVENTYTWO_MASTER_KEY_FILE');
  if (inline !== null && file !== null)
    read.wrong('SEVENTYTWO_MASTER_KEY_FILE', 'is set beside SEVENTYTWO_MASTER_KEY: keep one of them');
  else if (inline === null && file === null)
    read.wrong(
      'SEVENTYTWO_MASTER_KEY',
      `is missing (make one: openssl rand -base64 32), or name a file in SEVENTYTWO_MASTER_KEY_FILE (example: ${EXAMPLES.SEVENTYTWO_MASTER_KEY_FILE})`,
    );
  else {
    try {
      return inline !== null ? parseMasterKey(inline, 'SEVENTYTWO_MASTER_KEY') : readMasterKeyFile(file ?? '');
    } catch (error) {
      if (!(error instanceof MasterKeyProblem)) throw error;
      read.problems.push(inline !== null ? error.message : `SEVENTYTWO_MASTER_KEY_FILE does not fit: ${error.message}`);
    }
  }
  return Buffer.alloc(0);
}

export function listen(
  read: Reader,
  name: 'SEVENTYTWO_LISTEN' | 'SEVENTYTWO_WATCHDOG_LISTEN',
  usualPort: number,
): Common['listen'] {
  const value = read.optional(name) ?? `127.0.0.1:${usualPort}`;
  if (!isHostAndPort(value)) read.wrong(name, `must be host:port, such as ${EXAMPLES[name]}`);
  return hostAndPort(value);
}

function healthListen(read: Reader): { healthListen?: Common['listen'] } {
  const value = read.optional('SEVENTYTWO_HEALTH_LISTEN');
  if (value === null) return {};
  if (!isHostAndPort(value))
    read.wrong('SEVENTYTWO_HEALTH_LISTEN', `must be host:port, such as ${EXAMPLES.SEVENTYTWO_HEALTH_LISTEN}`);
  return { healthListen: hostAndPort(value) };
}

function hostAndPort(value: string): Common['listen'] {
  const at = value.lastIndexOf(':');
  return { host: value.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(value.slice(at + 1)) };
}

function publicUrl(read: Reader, { host, port }: Common['listen']): string {
  const value = read.optional('SEVENTYTWO_PUBLIC_URL');
  if (value === null) return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const url = URL.canParse(value) ? new URL(value) : null;
  const good = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)));
  if (!good)
    read.wrong(
      'SEVENTYTWO_PUBLIC_URL',
      `must look like ${EXAMPLES.SEVENTYTWO_PUBLIC_URL}; http:// only for this very machine: logins travel with each request`,
    );
  return value.replace(/\/+$/, '');
}

function common(read: Reader, side: Config['side']): Common {
  const token = read.optional('SEVENTYTWO_BOOTSTRAP_TOKEN');
  if (token !== null && token.length < MIN_TOKEN_CHARACTERS)
    read.wrong(
      'SEVENTYTWO_BOOTSTRAP_TOKEN',
      `must have at least ${MIN_TOKEN_CHARACTERS} characters, got ${token.length}. Make one with: openssl rand -base64 24`,
    );
  const door = listen(read, 'SEVENTYTWO_LISTEN', PORT[side]);
  return {
    ...mongo(read, side),
    temporal: temporal(read, side),
    masterKey: masterKey(read),
    listen: door,
    ...healthListen(read),
    journalDir: read.required('SEVENTYTWO_JOURNAL_DIR'),
    publicUrl: publicUrl(read, door),
    bootstrapToken: token,
    logLevel: logLevel(read),
  };
}

export function logLevel(read: Reader): Common['logLevel'] {
  const level = read.optional('SEVENTYTWO_LOG_LEVEL') ?? 'info';
  const known = LEVELS.find((one) => one === level);
  if (!known) read.wrong('SEVENTYTWO_LOG_LEVEL', `must be one of ${LEVELS.join(', ')}`);
  return known ?? 'info';
}

/** An address of a web service outside. */
export function webAddress(
  read: Reader,
  name: 'SEVENTYTWO_PAGER_URL' | 'SEVENTYTWO_WATCHDOG_WEBHOOK_URL' | 'SEVENTYTWO_WATCHDOG_PING_URL',
  url: string,
): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const good =
    parsed !== null &&
    (parsed.protocol === 'https:' || (parsed.protocol === 'http:' && LOOPBACK.test(parsed.hostname)));
  if (!good) read.wrong(name, `must look like ${EXAMPLES[name]}; http:// only for this very machine`);
}

/** Address and secret of a service that wakes people (Standard Webhooks). */
export function webhook(read: Reader, kind: 'PAGER' | 'WATCHDOG_WEBHOOK'): LiveConfig['pager'] {
  const names = { url: `SEVENTYTWO_${kind}_URL`, secret: `SEVENTYTWO_${kind}_SECRET` } as const;
  const url = read.optional(names.url);
  const secret = read.optional(names.secret);
  if (url === null && secret === null) return null;
  if (url === null || secret === null) {
    const missing = url === null ? names.url : names.secret;
    read.wrong(missing, `is missing: a pager needs both address and secret (example: ${EXAMPLES[missing]})`);
  }
  if (url !== null) webAddress(read, names.url, url);
  if (secret !== null) webhookSecret(read, names.secret, secret);
  return url === null || secret === null ? null : { url, secret };
}

function webhookSecret(
  read: Reader,
  name: 'SEVENTYTWO_PAGER_SECRET' | 'SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET',
  secret: string,
): void {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length;
  if (bytes < MIN_PAGER_SECRET_BYTES) read.wrong(name, `must be ${EXAMPLES[name]}, got ${bytes} bytes`);
}

function live(read: Reader): LiveConfig {
  for (const name of DRILL_ONLY)
    if (read.optional(name) !== null)
      read.wrong(
        name,
        'is set, but this is the live side: exercises run on a side of their own (SEVENTYTWO_SIDE=drill)',
      );
  const smtpUrl = read.required('SEVENTYTWO_SMTP_URL');
  relayUrl(read, 'SEVENTYTWO_SMTP_URL', smtpUrl);
  const smtpFallbackUrl = read.optional('SEVENTYTWO_SMTP_FALLBACK_URL');
  relayUrl(read, 'SEVENTYTWO_SMTP_FALLBACK_URL', smtpFallbackUrl);
  return {
    side: 'live',
    ...common(read, 'live'),
    smtpUrl,
    smtpFallbackUrl,
    ...relayAuthority(read),
    pager: webhook(read, 'PAGER'),
  };
}

function drill(read: Reader): DrillConfig {
  for (const name of LIVE_ONLY)
    if (read.optional(name) !== null)
      read.wrong(name, 'is set, but this is the drill side, which must not be able to reach it: unset it');
  const exerciseInbox = read.required('SEVENTYTWO_EXERCISE_INBOX');
  if (exerciseInbox !== '') {
    const url = URL.canParse(exerciseInbox) ? new URL(exerciseInbox) : null;
    if (url?.protocol !== 'smtp:' || !LOOPBACK.test(url.hostname)) {
      read.wrong(
        'SEVENTYTWO_EXERCISE_INBOX',
        `must be a mail catcher on this machine, such as ${EXAMPLES.SEVENTYTWO_EXERCISE_INBOX}: an exercise never leaves it`,
      );
    }
  }
  return { side: 'drill', ...common(read, 'drill'), exerciseInbox };
}

/** Reads SEVENTYTWO_* once, at start. @throws ConfigProblems with everything that is wrong */
export function loadConfig(env: Env): Config {
  const read = new Reader(env);
  const side = read.optional('SEVENTYTWO_SIDE');
  if (side !== 'live' && side !== 'drill') {
    read.wrong(
      'SEVENTYTWO_SIDE',
      side === null ? 'is missing: live for real incidents, drill for exercises' : 'must be live or drill',
    );
  }
  // Without a side, a drill inbox tells which one was meant, so that the other problems can be told at once.
  const meant =
    side === 'drill' || (side !== 'live' && read.optional('SEVENTYTWO_EXERCISE_INBOX') !== null) ? 'drill' : 'live';
  const config = meant === 'drill' ? drill(read) : live(read);
  if (read.problems.length > 0) throw new ConfigProblems(read.problems);
  return config;
}
