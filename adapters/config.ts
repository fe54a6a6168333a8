import { MasterKeyProblem, parseMasterKey, readMasterKeyFile } from './crypto/master-key.js';
import { parseEndpoint } from './mail/endpoint.js';
import type { TemporalTls } from './temporal/connect.js';

type Env = Readonly<Record<string, string | undefined>>;

interface Common {
  /** Names a database: `seventytwo_live` or `seventytwo_drill` when the address has none. */
  readonly mongoUrl: string;
  readonly temporal: { readonly address: string; readonly namespace: string; readonly tls: TemporalTls | null };
  /** 32 bytes. */
  readonly masterKey: Buffer;
  readonly listen: { readonly host: string; readonly port: number };
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

const EXAMPLES = {
  SEVENTYTWO_MONGO_URL: 'mongodb://localhost:27017/seventytwo_live',
  SEVENTYTWO_TEMPORAL_ADDRESS: 'localhost:7233',
  SEVENTYTWO_SMTP_URL: 'smtps://user@relay.example:465',
  SEVENTYTWO_SMTP_FALLBACK_URL: 'smtp+starttls://user@relay-2.example:587',
  SEVENTYTWO_PAGER_URL: 'https://pager.example/hook',
  SEVENTYTWO_PAGER_SECRET: 'whsec_ and base64 of 24 to 64 random bytes',
  SEVENTYTWO_EXERCISE_INBOX: 'smtp://127.0.0.1:1026',
  SEVENTYTWO_MASTER_KEY_FILE: '/etc/seventytwo/master.key',
  SEVENTYTWO_JOURNAL_DIR: '/var/lib/seventytwo/journal',
  SEVENTYTWO_LISTEN: '127.0.0.1:7272',
  SEVENTYTWO_PUBLIC_URL: 'https://breach.hospital.example',
} as const;
type Name =
  | keyof typeof EXAMPLES
  | 'SEVENTYTWO_SIDE'
  | 'SEVENTYTWO_MASTER_KEY'
  | `SEVENTYTWO_TEMPORAL_${string}`
  | 'SEVENTYTWO_BOOTSTRAP_TOKEN'
  | 'SEVENTYTWO_LOG_LEVEL';

const LIVE_ONLY = [
  'SEVENTYTWO_SMTP_URL',
  'SEVENTYTWO_SMTP_FALLBACK_URL',
  'SEVENTYTWO_PAGER_URL',
  'SEVENTYTWO_PAGER_SECRET',
] as const;
const DRILL_ONLY = ['SEVENTYTWO_EXERCISE_INBOX'] as const;
const PORT = { live: 7272, drill: 7273 } as const;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
const MIN_PAGER_SECRET_BYTES = 24;
const MIN_TOKEN_CHARACTERS = 24;

/** Reads variables and collects what is wrong; a reader that finds a problem gives an empty value, which nobody gets to see. */
class Reader {
  readonly problems: string[] = [];
  constructor(private readonly env: Env) {}

  optional(name: Name): string | null {
    const value = this.env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }
  required(name: keyof typeof EXAMPLES): string {
    const value = this.optional(name);
    if (value === null) this.wrong(name, `is missing (example: ${EXAMPLES[name]})`);
    return value ?? '';
  }
  wrong(name: Name, what: string): void {
    this.problems.push(`${name} ${what}`);
  }
  /** Runs a parser that throws a sentence without the value. */
  tried<T>(name: Name, parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      this.wrong(name, `does not fit: ${error instanceof Error ? error.message : 'unreadable'}`);
      return null;
    }
  }
}

function mongoUrl(read: Reader, side: Config['side']): string {
  const name = 'SEVENTYTWO_MONGO_URL';
  const value = read.required(name);
  if (value === '') return value;
  const shape = /^(mongodb(?:\+srv)?:\/\/[^/?\s]+)(?:\/([^?\s]*))?(\?\S*)?$/.exec(value);
  if (!shape) {
    const scheme = value.includes('://') ? 'something else' : 'a value without a scheme';
    read.wrong(name, `must look like ${EXAMPLES[name]}, got ${scheme}`);
    return '';
  }
  const [, server, database, query = ''] = shape;
  const other = side === 'live' ? 'drill' : 'live';
  if (database?.match(new RegExp(`[-_]${other}$`)))
    read.wrong(name, `names the database of the ${other} side; the ${side} side has its own (seventytwo_${side})`);
  if (database !== undefined && database !== '') return value;
  // Without a database in the address the login is looked up in admin; naming one must not change that.
  const login =
    server?.includes('@') && !/[?&]authSource=/.test(query) ? `${query === '' ? '?' : '&'}authSource=admin` : '';
  return `${server}/seventytwo_${side}${query}${login}`;
}

function temporal(read: Reader, side: Config['side']): Common['temporal'] {
  const address = read.required('SEVENTYTWO_TEMPORAL_ADDRESS');
  if (address !== '' && !isHostAndPort(address))
    read.wrong('SEVENTYTWO_TEMPORAL_ADDRESS', 'must be host:port, such as localhost:7233, without a scheme');
  const namespace = read.optional('SEVENTYTWO_TEMPORAL_NAMESPACE') ?? `seventytwo-${side}`;
  const other = side === 'live' ? 'drill' : 'live';
  if (namespace === `seventytwo-${other}`)
    read.wrong(
      'SEVENTYTWO_TEMPORAL_NAMESPACE',
      `names the namespace of the ${other} side; the ${side} side has its own (seventytwo-${side})`,
    );

  const caFile = read.optional('SEVENTYTWO_TEMPORAL_TLS_CA_FILE');
  const certFile = read.optional('SEVENTYTWO_TEMPORAL_TLS_CERT_FILE');
  const keyFile = read.optional('SEVENTYTWO_TEMPORAL_TLS_KEY_FILE');
  const serverName = read.optional('SEVENTYTWO_TEMPORAL_TLS_SERVER_NAME');
  if ((certFile === null) !== (keyFile === null)) {
    read.wrong(
      certFile === null ? 'SEVENTYTWO_TEMPORAL_TLS_CERT_FILE' : 'SEVENTYTWO_TEMPORAL_TLS_KEY_FILE',
      'is missing: certificate and key go together',
    );
  }
  const wanted = read.optional('SEVENTYTWO_TEMPORAL_TLS');
  if (wanted !== null && wanted !== 'true' && wanted !== 'false')
    read.wrong('SEVENTYTWO_TEMPORAL_TLS', 'must be true or false');
  const files = {
    ...(caFile !== null && { caFile }),
    ...(certFile !== null && { certFile }),
    ...(keyFile !== null && { keyFile }),
    ...(serverName !== null && { serverName }),
  };
  if (wanted === 'false' && Object.keys(files).length > 0)
    read.wrong('SEVENTYTWO_TEMPORAL_TLS', 'is false, but TLS files are named: set it to true, or take them out');
  return {
    address,
    namespace,
    tls: wanted === 'true' || (wanted === null && Object.keys(files).length > 0) ? files : null,
  };
}

function isHostAndPort(value: string): boolean {
  const match = /^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value);
  return match !== null && Number(match[2]) <= 65_535;
}

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

function listen(read: Reader, side: Config['side']): Common['listen'] {
  const value = read.optional('SEVENTYTWO_LISTEN') ?? `127.0.0.1:${PORT[side]}`;
  if (!isHostAndPort(value))
    read.wrong('SEVENTYTWO_LISTEN', `must be host:port, such as ${EXAMPLES.SEVENTYTWO_LISTEN}`);
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
  const level = read.optional('SEVENTYTWO_LOG_LEVEL') ?? 'info';
  const logLevel = LEVELS.find((known) => known === level);
  if (!logLevel) read.wrong('SEVENTYTWO_LOG_LEVEL', `must be one of ${LEVELS.join(', ')}`);
  const door = listen(read, side);
  return {
    mongoUrl: mongoUrl(read, side),
    temporal: temporal(read, side),
    masterKey: masterKey(read),
    listen: door,
    journalDir: read.required('SEVENTYTWO_JOURNAL_DIR'),
    publicUrl: publicUrl(read, door),
    bootstrapToken: token,
    logLevel: logLevel ?? 'info',
  };
}

function relay(read: Reader, name: 'SEVENTYTWO_SMTP_URL' | 'SEVENTYTWO_SMTP_FALLBACK_URL', value: string | null): void {
  if (value !== null && value !== '' && !value.includes('://'))
    read.wrong(name, `must look like ${EXAMPLES[name]}, got a value without a scheme`);
  else if (value !== null && value !== '') read.tried(name, () => parseEndpoint(value));
}

function pager(read: Reader): LiveConfig['pager'] {
  const url = read.optional('SEVENTYTWO_PAGER_URL');
  const secret = read.optional('SEVENTYTWO_PAGER_SECRET');
  if (url === null && secret === null) return null;
  if (url === null || secret === null) {
    const missing = url === null ? 'SEVENTYTWO_PAGER_URL' : 'SEVENTYTWO_PAGER_SECRET';
    read.wrong(missing, `is missing: a pager needs both address and secret (example: ${EXAMPLES[missing]})`);
    return null;
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const good =
    parsed !== null &&
    (parsed.protocol === 'https:' || (parsed.protocol === 'http:' && LOOPBACK.test(parsed.hostname)));
  if (!good)
    read.wrong(
      'SEVENTYTWO_PAGER_URL',
      `must look like ${EXAMPLES.SEVENTYTWO_PAGER_URL}; http:// only for this very machine`,
    );
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length;
  if (bytes < MIN_PAGER_SECRET_BYTES)
    read.wrong('SEVENTYTWO_PAGER_SECRET', `must be ${EXAMPLES.SEVENTYTWO_PAGER_SECRET}, got ${bytes} bytes`);
  return { url, secret };
}

function live(read: Reader): LiveConfig {
  for (const name of DRILL_ONLY)
    if (read.optional(name) !== null)
      read.wrong(
        name,
        'is set, but this is the live side: exercises run on a side of their own (SEVENTYTWO_SIDE=drill)',
      );
  const smtpUrl = read.required('SEVENTYTWO_SMTP_URL');
  relay(read, 'SEVENTYTWO_SMTP_URL', smtpUrl);
  const smtpFallbackUrl = read.optional('SEVENTYTWO_SMTP_FALLBACK_URL');
  relay(read, 'SEVENTYTWO_SMTP_FALLBACK_URL', smtpFallbackUrl);
  return { side: 'live', ...common(read, 'live'), smtpUrl, smtpFallbackUrl, pager: pager(read) };
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
