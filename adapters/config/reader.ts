import { readFileSync } from 'node:fs';

/** One `SEVENTYTWO_*` variable after the other: what it must look like, and everything that is wrong at once. */

export type Env = Readonly<Record<string, string | undefined>>;

/** What holds a secret may stand in a file: `…_FILE` names it. An empty file is as good as none, because a container's secret must exist. */
export const FROM_FILE = [
  'SEVENTYTWO_MONGO_URL',
  'SEVENTYTWO_SMTP_URL',
  'SEVENTYTWO_SMTP_FALLBACK_URL',
  'SEVENTYTWO_PAGER_URL',
  'SEVENTYTWO_PAGER_SECRET',
  'SEVENTYTWO_TEMPORAL_API_KEY',
  'SEVENTYTWO_BOOTSTRAP_TOKEN',
  'SEVENTYTWO_WATCHDOG_WEBHOOK_URL',
  'SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET',
  'SEVENTYTWO_WATCHDOG_SMTP_URL',
  'SEVENTYTWO_WATCHDOG_PING_URL',
  'SEVENTYTWO_WATCHDOG_TOKEN',
] as const;

export const EXAMPLES = {
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
  SEVENTYTWO_HEALTH_LISTEN: '127.0.0.1:7280',
  SEVENTYTWO_MONGO_TLS_CA_FILE: '/etc/seventytwo/mongo-ca.pem',
  SEVENTYTWO_SMTP_TLS_CA_FILE: '/etc/seventytwo/relay-ca.pem',
  SEVENTYTWO_WATCHDOG_DIR: '/var/lib/seventytwo/watchdog',
  SEVENTYTWO_WATCHDOG_WEBHOOK_URL: 'https://other-pager.example/hook',
  SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET: 'whsec_ and base64 of 24 to 64 random bytes',
  SEVENTYTWO_WATCHDOG_SMTP_URL: 'smtps://user@other-relay.example:465',
  SEVENTYTWO_WATCHDOG_MAIL_FROM: 'watchdog@hospital.example',
  SEVENTYTWO_WATCHDOG_MAIL_TO: 'on-call@hospital.example, deputy@hospital.example',
  SEVENTYTWO_WATCHDOG_PING_URL: 'https://dead-man.example/ping/…',
  SEVENTYTWO_WATCHDOG_LISTEN: '127.0.0.1:7274',
} as const;
export type Name =
  | keyof typeof EXAMPLES
  | (typeof FROM_FILE)[number]
  | `${(typeof FROM_FILE)[number]}_FILE`
  | 'SEVENTYTWO_SIDE'
  | 'SEVENTYTWO_MASTER_KEY'
  | `SEVENTYTWO_TEMPORAL_${string}`
  | `SEVENTYTWO_MONGO_${string}`
  | 'SEVENTYTWO_BOOTSTRAP_TOKEN'
  | 'SEVENTYTWO_WATCHDOG_ROUND_SECONDS'
  | 'SEVENTYTWO_LOG_LEVEL';

/** Reads variables and collects what is wrong; a reader that finds a problem gives an empty value, which nobody gets to see. */
export class Reader {
  readonly problems: string[] = [];
  constructor(private readonly env: Env) {}

  optional(name: Name): string | null {
    const value = this.plain(name);
    const file = FROM_FILE.find((known) => known === name);
    const path = file === undefined ? null : this.plain(`${file}_FILE`);
    if (path === null || file === undefined) return value;
    if (value !== null) this.once(`${file}_FILE`, `is set beside ${name}: keep one of them`);
    try {
      const text = readFileSync(path, 'utf8').trim();
      return text === '' ? null : text;
    } catch (error) {
      this.once(
        `${file}_FILE`,
        `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): check the path and who may read it`,
      );
      return null;
    }
  }
  private plain(name: Name): string | null {
    const value = this.env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }
  /** A variable may be read twice, its trouble is told once. */
  private once(name: Name, what: string): void {
    if (!this.problems.includes(`${name} ${what}`)) this.wrong(name, what);
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

export function isHostAndPort(value: string): boolean {
  const match = /^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value);
  return match !== null && Number(match[2]) <= 65_535;
}
