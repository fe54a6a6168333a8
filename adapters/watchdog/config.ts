import { isAbsolute } from 'node:path';
import { isWireAddress } from '../../domain/message/address.js';
import { DEFAULT_INTERVAL_MS, keepsThePromise } from '../../domain/watch/patience.js';
import { ConfigProblems, listen, type LiveConfig, logLevel, webAddress, webhook } from '../config.js';
import { mongo, relayAuthority, relayUrl, temporal } from '../config/connections.js';
import { type Env, Reader } from '../config/reader.js';

/** What the watchdog needs, and no more: no master key, for it reads nothing that is sealed. */
export interface WatchdogConfig
  extends Pick<LiveConfig, 'mongoUrl' | 'mongoTls' | 'temporal' | 'listen' | 'logLevel' | 'smtpCaFile'> {
  /** A folder on a disk of its own, of this process alone. */
  readonly dir: string;
  readonly webhook: { readonly url: string; readonly secret: string } | null;
  readonly mail: { readonly smtpUrl: string; readonly from: string; readonly to: readonly string[] } | null;
  /** A dead-man switch outside, which calls when this address is not asked for any more. */
  readonly pingUrl: string | null;
  /** Lets somebody acknowledge over HTTP; without it only by a file in the folder. */
  readonly token: string | null;
  readonly intervalMs: number;
}

const USUAL_PORT = 7274;
const MIN_TOKEN_CHARACTERS = 24;

function side(read: Reader): void {
  const value = read.optional('SEVENTYTWO_SIDE') ?? 'live';
  if (value === 'drill')
    read.wrong('SEVENTYTWO_SIDE', 'is drill: an exercise wakes nobody, so the watchdog is of the live side only');
  else if (value !== 'live') read.wrong('SEVENTYTWO_SIDE', 'must be live');
}

function mail(read: Reader): WatchdogConfig['mail'] {
  const smtpUrl = read.optional('SEVENTYTWO_WATCHDOG_SMTP_URL');
  const from = read.optional('SEVENTYTWO_WATCHDOG_MAIL_FROM');
  const list = read.optional('SEVENTYTWO_WATCHDOG_MAIL_TO');
  if (smtpUrl === null && from === null && list === null) return null;
  read.required('SEVENTYTWO_WATCHDOG_SMTP_URL');
  read.required('SEVENTYTWO_WATCHDOG_MAIL_FROM');
  read.required('SEVENTYTWO_WATCHDOG_MAIL_TO');
  relayUrl(read, 'SEVENTYTWO_WATCHDOG_SMTP_URL', smtpUrl);
  if (from !== null && !isWireAddress(from))
    read.wrong('SEVENTYTWO_WATCHDOG_MAIL_FROM', 'must be one plain mail address, such as watchdog@hospital.example');
  const to = (list ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  for (const [index, address] of to.entries())
    if (!isWireAddress(address))
      read.wrong(
        'SEVENTYTWO_WATCHDOG_MAIL_TO',
        `must be plain mail addresses with commas between; number ${index + 1} is none`,
      );
  return { smtpUrl: smtpUrl ?? '', from: from ?? '', to };
}

function interval(read: Reader): number {
  const value = read.optional('SEVENTYTWO_WATCHDOG_ROUND_SECONDS');
  if (value === null) return DEFAULT_INTERVAL_MS;
  const ms = Number(value) * 1_000;
  if (/^\d+(\.\d+)?$/.test(value) && ms >= MIN_INTERVAL_MS && keepsThePromise(ms)) return ms;
  read.wrong(
    'SEVENTYTWO_WATCHDOG_ROUND_SECONDS',
    `must be a number of seconds from ${MIN_INTERVAL_MS / 1_000} to ${longestIntervalMs() / 1_000}: with longer pauses an alarm could come later than 60 s after a due time`,
  );
  return DEFAULT_INTERVAL_MS;
}
const MIN_INTERVAL_MS = 200;
const STEP_MS = 100;
function longestIntervalMs(): number {
  let ms = MIN_INTERVAL_MS;
  while (keepsThePromise(ms + STEP_MS)) ms += STEP_MS;
  return ms;
}

function token(read: Reader): string | null {
  const value = read.optional('SEVENTYTWO_WATCHDOG_TOKEN');
  if (value !== null && value.length < MIN_TOKEN_CHARACTERS)
    read.wrong(
      'SEVENTYTWO_WATCHDOG_TOKEN',
      `must have at least ${MIN_TOKEN_CHARACTERS} characters, got ${value.length}. Make one with: openssl rand -base64 24`,
    );
  return value;
}

/** What names a way to wake somebody; an empty file is none. */
const WAYS = [
  'SEVENTYTWO_WATCHDOG_WEBHOOK_URL',
  'SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET',
  'SEVENTYTWO_WATCHDOG_SMTP_URL',
  'SEVENTYTWO_WATCHDOG_MAIL_FROM',
  'SEVENTYTWO_WATCHDOG_MAIL_TO',
] as const;

/** Reads SEVENTYTWO_WATCHDOG_* and the addresses of both stores, once, at start. @throws ConfigProblems with everything that is wrong */
export function loadWatchdogConfig(env: Env): WatchdogConfig {
  const read = new Reader(env);
  side(read);
  const dir = read.required('SEVENTYTWO_WATCHDOG_DIR');
  if (dir !== '' && !isAbsolute(dir)) read.wrong('SEVENTYTWO_WATCHDOG_DIR', 'must be a whole path, beginning with /');
  const pingUrl = read.optional('SEVENTYTWO_WATCHDOG_PING_URL');
  if (pingUrl !== null) webAddress(read, 'SEVENTYTWO_WATCHDOG_PING_URL', pingUrl);
  const config: WatchdogConfig = {
    ...mongo(read, 'live'),
    temporal: temporal(read, 'live'),
    dir,
    webhook: webhook(read, 'WATCHDOG_WEBHOOK'),
    mail: mail(read),
    ...relayAuthority(read),
    pingUrl,
    listen: listen(read, 'SEVENTYTWO_WATCHDOG_LISTEN', USUAL_PORT),
    token: token(read),
    intervalMs: interval(read),
    logLevel: logLevel(read),
  };
  const named = WAYS.some((name) => read.optional(name) !== null);
  if (!named)
    read.wrong(
      'SEVENTYTWO_WATCHDOG_WEBHOOK_URL',
      'is missing, and SEVENTYTWO_WATCHDOG_SMTP_URL too: the watchdog needs a way to wake somebody, better two, other than those of the engine. ' +
        'A webhook takes SEVENTYTWO_WATCHDOG_WEBHOOK_URL and SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET; mail takes SEVENTYTWO_WATCHDOG_SMTP_URL, SEVENTYTWO_WATCHDOG_MAIL_FROM and SEVENTYTWO_WATCHDOG_MAIL_TO',
    );
  if (read.problems.length > 0) throw new ConfigProblems(read.problems);
  return config;
}
