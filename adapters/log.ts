import { type DestinationStream, pino } from 'pino';

/** A value of a log line. An Error is logged as its name alone: its message may quote what it choked on. */
export type LogValue = string | number | boolean | null | Error | readonly (string | number)[];
export type LogLine = Readonly<Record<string, LogValue | undefined>>;

/** Every line has an `event`: a code such as `notice.sent`, never a sentence. What is not on the allow-list is dropped. */
export interface Log {
  debug(line: LogLine): void;
  info(line: LogLine): void;
  warn(line: LogLine): void;
  error(line: LogLine): void;
}

const EVENT = /^[a-z][a-zA-Z0-9_-]{0,39}(\.[a-z][a-zA-Z0-9_-]{0,39}){0,4}$/;
const INCIDENT = /^(BR|EX)-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
const STAFF = /^(st_[0-9a-z_]{1,24}|engine)$/;
const KEY = /^key_[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** Ids, enumerations and states as the code writes them; nothing with a blank or an @ gets through. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9_.:+#/-]{0,79}$/;
const ERROR_NAME = /^[A-Z][A-Za-z0-9]{0,59}$/;
const HOST = /^[a-z]+:\/\/[A-Za-z0-9.[\]:-]+$/;

type Check = (value: LogValue) => boolean;
const like =
  (shape: RegExp): Check =>
  (value) =>
    typeof value === 'string' && shape.test(value);
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const flag: Check = (value) => typeof value === 'boolean';
const code = like(CODE);
const instant = like(INSTANT);
const list =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((one: LogValue) => item(one));
const numberOrCode: Check = (value) => number(value) || code(value);

/** The fields there are, each with the form its values must have. */
const ALLOWED: Readonly<Record<string, Check>> = {
  event: like(EVENT),
  incident: like(INCIDENT),
  drill: code,
  staff: like(STAFF),
  key: like(KEY),
  seq: number,
  phase: numberOrCode,
  mailing: number,
  range: number,
  count: number,
  total: number,
  attempt: number,
  round: number,
  status: number,
  ms: number,
  code: numberOrCode,
  port: number,
  pid: number,
  bytes: number,
  entries: number,
  firstBad: number,
  lag: number,
  left: number,
  hoursLeft: number,
  accepted: number,
  refused: number,
  deferred: number,
  ambiguous: number,
  resent: number,
  suppressed: number,
  rejected: number,
  duplicates: number,
  at: instant,
  dueAt: instant,
  since: instant,
  until: instant,
  awareAt: instant,
  reachedAt: instant,
  authority: code,
  milestone: code,
  duty: code,
  task: code,
  list: code,
  route: code,
  type: code,
  types: list(code),
  codes: list(code),
  state: code,
  why: code,
  role: code,
  side: code,
  mode: code,
  level: code,
  channel: code,
  queue: code,
  process: code,
  relay: code,
  engine: code,
  says: code,
  signal: code,
  method: code,
  version: code,
  workflow: code,
  activity: code,
  check: code,
  url: like(HOST),
  ok: flag,
  copy: flag,
  repeated: flag,
  late: flag,
  existed: flag,
  final: flag,
  owed: flag,
  sha256: like(DIGEST),
  head: like(DIGEST),
  error: like(ERROR_NAME),
};

const nameOf = (value: LogValue): LogValue => (value instanceof Error ? value.name : value);

/** The part of a line that may be written. */
export function allowed(line: LogLine): Record<string, LogValue> {
  const kept: Record<string, LogValue> = {};
  for (const [field, value] of Object.entries(line)) {
    if (value === undefined) continue;
    const plain = nameOf(value);
    const check = Object.hasOwn(ALLOWED, field) ? ALLOWED[field] : undefined;
    if (check && (plain === null || check(plain))) kept[field] = plain;
  }
  return kept;
}

interface Options {
  readonly level?: 'debug' | 'info' | 'warn' | 'error';
  /** Standard output when left out. */
  readonly destination?: DestinationStream;
}

/** One JSON object a line: `{"level":"info","time":"…","event":"notice.sent","incident":"BR-7K3M-9QXD","phase":1,"hoursLeft":31}`. */
export function createLog({ level = 'info', destination }: Options = {}): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = destination ? pino(options, destination) : pino(options);
  return {
    debug: (line) => logger.debug(allowed(line)),
    info: (line) => logger.info(allowed(line)),
    warn: (line) => logger.warn(allowed(line)),
    error: (line) => logger.error(allowed(line)),
  };
}

let crashesAreLogged = false;
/** Once a process: what nobody caught ends it with 1 and a line of the log. Node's own words would quote the message, which may quote anything. */
export function logCrashes(log: Log): void {
  if (crashesAreLogged) return;
  crashesAreLogged = true;
  process.on('uncaughtException', (error: unknown) => {
    const where = /([\w.-]+\.[cm]?[jt]s:\d+)/.exec(
      error instanceof Error ? (error.stack ?? '').replace(error.message, '') : '',
    );
    log.error({ event: 'process.crashed', error: error instanceof Error ? error : undefined, says: where?.[1] });
    process.exit(1);
  });
}
