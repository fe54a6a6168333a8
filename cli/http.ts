import type { Door } from './settings.js';
import { CommandEnd, EXIT, refused } from './exit.js';
import type { KeptKeys } from './kept.js';
import { sha256Hex } from './kept.js';
import { bothTimes } from './times.js';
import { shellWords } from './words.js';

/** RFC 9457, as the API answers every refusal. */
interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly status?: number;
  readonly problems?: readonly { readonly code?: string; readonly path?: string | null; readonly says?: string }[];
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface ApiOptions {
  readonly door: Door;
  readonly kept: KeptKeys;
  readonly timeoutMs: number;
  /** The command as a person can type it again: typed times are already resolved in it. */
  readonly again: () => readonly string[];
  /** IANA: the instants that a refusal names are read out in it. */
  readonly zone: () => Promise<string>;
  /** Says one line to the person, beside the result. */
  readonly say: (line: string) => void;
}

/** As the API writes them. */
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/;
const EACH_INSTANT = new RegExp(INSTANT, 'g');
const TIMED_OUT = 'timed out';
/** The port is one that `fetch` never opens (the Fetch standard's list). */
const BAD_PORT = 'bad port';
/** A failure before the first byte: no name, no way, nobody there, or a certificate that is not the server's. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  BAD_PORT,
]);
const POSTED = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The CLI's side of the HTTP door. Throws `CommandEnd`: 1 for a refusal, 3 when nothing is known of the outcome. */
export class Api {
  readonly door: Door;
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.door = options.door;
    this.#options = options;
  }

  async get<T>(path: string, timeoutMs?: number): Promise<T> {
    const response = await this.#fetch('GET', path, { accept: 'application/json' }, undefined, false, timeoutMs);
    return (await this.#answer<T>(response, 'GET', null)).body;
  }

  /** For files: PDF, CSV, HTML. */
  async bytes(path: string, accept: string): Promise<Buffer> {
    const response = await this.#fetch('GET', path, { accept }, undefined, false);
    if (!response.ok) await this.#answer(response, 'GET', null);
    return Buffer.from(await response.arrayBuffer());
  }

  /**
   * Sends a command with an idempotency key that is on disk before it leaves and stays there until an answer has come.
   * `intent` says which commands are the same one where the body alone does not; `key` is a key made earlier (a declaration file).
   */
  async send<T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    how: { intent?: string; key?: string } = {},
  ): Promise<Answer<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (text !== undefined) headers['content-type'] = 'application/json';
    return this.#keyed<T>(method, path, headers, text, how.intent ?? text ?? '', how.key);
  }

  /** Streams a file, such as the list of people. */
  async upload<T>(path: string, contentType: string, bytes: Buffer): Promise<Answer<T>> {
    return this.#keyed<T>(
      'POST',
      path,
      { accept: 'application/json', 'content-type': contentType },
      bytes,
      sha256Hex(bytes.toString('latin1')),
      undefined,
    );
  }

  async #keyed<T>(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | Buffer | undefined,
    intent: string,
    key: string | undefined,
  ): Promise<Answer<T>> {
    const { door, kept, say } = this.#options;
    const caller = sha256Hex(door.key ?? '');
    const started = kept.begin([door.url, caller, method, path, key ?? '', intent].join('\n'), path);
    const used = key ?? started.kept.key;
    if (started.again && key === undefined)
      say(
        `No answer came when this was sent at ${bothTimes(started.kept.at, door.zone ?? 'UTC')}; sending it again with the same key.`,
      );

    const response = await this.#fetch(method, path, { ...headers, 'idempotency-key': used }, body, true).catch(
      (error: unknown) => {
        if (!(error instanceof CommandEnd) || error.details['reached'] !== false) throw error;
        if (!started.again) {
          started.end(); // nothing left this machine under this key
          throw error;
        }
        throw new CommandEnd(
          error.code,
          [...error.lines, `What was sent at ${started.kept.at} may have arrived; whether it was done is not known.`],
          error.next,
          { ...error.details, reached: null },
        );
      },
    );
    // A 5xx may have come after the deed: only an answer that decides ends the key's life.
    if (response.status < 500) started.end();
    return this.#answer<T>(response, method, started.again ? used : null);
  }

  async #fetch(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | Buffer | undefined,
    keyed: boolean,
    timeoutMs = this.#options.timeoutMs,
  ): Promise<Response> {
    const { door } = this.#options;
    const authorised = door.key ? { ...headers, authorization: `Bearer ${door.key}` } : headers;
    // Ctrl-C while an answer is awaited: the person must still learn that the outcome is open, and how to go on.
    const end = new AbortController();
    const endBy = (code: string) => (): void => end.abort(Object.assign(new Error(code), { code }));
    const onInterrupt = endBy('interrupted');
    const timer = setTimeout(endBy(TIMED_OUT), timeoutMs);
    if (keyed) process.once('SIGINT', onInterrupt);
    try {
      const response = await fetch(`${door.url}${path}`, {
        method,
        headers: authorised,
        body: body ?? null,
        signal: end.signal,
        redirect: 'error',
      });
      // The body belongs to the answer: an answer cut off in its middle is no answer.
      const bytes = await response.arrayBuffer();
      return new Response([204, 205, 304].includes(response.status) ? null : bytes, {
        status: response.status,
        headers: response.headers,
      });
    } catch (cause) {
      throw this.#notReached(cause, method, keyed, timeoutMs);
    } finally {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt);
    }
  }

  #notReached(cause: unknown, method: string, keyed: boolean, timeoutMs: number): CommandEnd {
    const { door, again } = this.#options;
    const code = codeOf(cause);
    const never = NEVER_CONNECTED.has(code) || wasConnecting(cause);
    const what = never
      ? `${door.url} cannot be reached (${code}). Nothing was sent.`
      : `${door.url} gave no answer${code === TIMED_OUT ? ` within ${timeoutMs / 1000} s` : ` (${code})`}.${POSTED.has(method) ? ' Whether it was done is not known.' : ''}`;
    const retry = shellWords(again());
    const next =
      keyed && !never
        ? [retry, 'The same command again is safe: its key is kept for a day, so it cannot happen twice.']
        : [retry];
    if (door.from === 'local stack') next.push('seventytwo up   (starts the local stack, if it is not running)');
    next.push('seventytwo doctor   (says which connection fails)');
    return new CommandEnd(EXIT.unknown, [what], next, { reached: !never, retry });
  }

  async #answer<T>(response: Response, method: string, keptKey: string | null): Promise<Answer<T>> {
    const text = await response.text();
    const body = parsed(text);
    if (response.ok) {
      if (body === undefined && text !== '') {
        throw new CommandEnd(
          EXIT.unknown,
          [`${this.door.url} answered ${response.status}, but not in JSON. Is it a seventytwo server?`],
          ['seventytwo doctor'],
        );
      }
      return { status: response.status, body: body as T, headers: response.headers };
    }
    const problem = (body ?? {}) as Problem;
    const lines = await this.#atPlace(linesOf(problem, response.status));
    const code = problem.type?.replace('urn:seventytwo:problem:', '') ?? null;
    const codes = [code, ...(problem.problems ?? []).map((each) => each.code ?? null)];
    const details = { status: response.status, code, problem: body ?? null };
    if (response.status >= 500) {
      const retry = shellWords(this.#options.again());
      const next = POSTED.has(method)
        ? [retry, 'The same command again is safe: its key is kept for a day, so it cannot happen twice.']
        : [retry];
      throw new CommandEnd(EXIT.unknown, lines, [...next, 'seventytwo doctor'], { ...details, retry });
    }
    if (keptKey !== null && codes.includes('key-reused')) {
      throw refused(
        ['The command that had no answer did arrive, and it said something else than this one.', ...lines],
        ['See what is there: seventytwo status', 'Then type this command once more: it is taken as a new one.'],
        details,
      );
    }
    throw refused(lines, this.#nextAfter(response, codes), details);
  }

  /** The record counts in UTC; whoever reads a refusal at night looks at the clock on the wall. */
  async #atPlace(lines: readonly string[]): Promise<string[]> {
    if (!lines.some((line) => INSTANT.test(line))) return [...lines];
    const zone = await this.#options.zone();
    return lines.map((line) => line.replace(EACH_INSTANT, (at) => bothTimes(at, zone)));
  }

  #nextAfter({ status, url }: Response, codes: readonly (string | null)[]): string[] {
    const { door } = this.#options;
    const others = door.roles.filter((role) => role !== door.role).join(', ');
    if (status === 401) {
      return door.from === 'local stack'
        ? ['The stack was made anew since its logins were written: seventytwo up']
        : [
            'An administrator makes a new key: seventytwo staff key STAFF-ID',
            'Then: export SEVENTYTWO_KEY=…   or write it into the profile: seventytwo init --profile',
          ];
    }
    const otherPerson = codes.some(
      (code) => code === 'same-person' || code === 'second-person-needed' || code === 'login-made-by-author',
    );
    if (status === 403 || otherPerson) {
      return door.from === 'local stack' && others !== ''
        ? [`On this local stack add --as ROLE (it has logins for: ${others}).`]
        : ['A colleague with that role runs the same command with their own key.'];
    }
    // What is still owed stands there with the command that does it.
    const incident = /\b(BR|EX)-\w{4}-\w{4}\b/.exec(url)?.[0];
    return codes.includes('still-owed') && incident ? [`seventytwo status ${incident}`] : [];
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // an HTML page of a proxy: the caller says that it is no answer of ours
  }
}

function linesOf(problem: Problem, status: number): string[] {
  const each = (problem.problems ?? []).flatMap((one) =>
    one.says
      ? [one.path && !one.says.toLowerCase().includes(one.path.toLowerCase()) ? `${one.path}: ${one.says}` : one.says]
      : [],
  );
  if (each.length > 0) return [...new Set(each)];
  return [problem.detail ?? problem.title ?? `The server answered ${status} without a reason.`];
}

/** `ECONNREFUSED` and its like, from wherever the layers below have put it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  if (error.message === BAD_PORT) return BAD_PORT;
  return codeOf(below(error));
}

/** The system call that failed was the one that connects: nothing can have been sent. */
function wasConnecting(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { syscall } = error as { syscall?: unknown };
  return syscall === 'connect' || syscall === 'getaddrinfo' || wasConnecting(below(error));
}

const below = (error: Error): unknown => (error instanceof AggregateError ? error.errors[0] : error.cause);
