import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { OutgoingMail, SendOutcome } from '../../activities/ports.js';
import type { Endpoint } from './endpoint.js';

/** RFC 5321 4.5.3.2. A shorter wait for the answer to the dot makes duplicates (RFC 1047). */
export interface RelayTimeouts {
  readonly connectMs: number;
  /** Greeting to log-in together, the envelope, each block of the message. */
  readonly commandMs: number;
  /** From the final dot to its answer. */
  readonly dotMs: number;
}
export const RFC_TIMEOUTS: RelayTimeouts = { connectMs: 30_000, commandMs: 300_000, dotMs: 600_000 };
/** Before the dot nothing was handed over: where another relay waits, a silent one is left after this long at a step. */
export const BEFORE_ANOTHER_MS = 30_000;
/** For alarms: a copy too many is better than a sleeping on-call, and a silent relay must leave time for the second one. */
export const ALARM_TIMEOUTS: RelayTimeouts = { connectMs: 5_000, commandMs: 10_000, dotMs: 30_000 };

export interface SessionOptions {
  readonly endpoint: Endpoint;
  /** Our own host name for EHLO. */
  readonly name: string;
  readonly timeouts: RelayTimeouts;
  /** Certificates of a private authority, PEM; verification itself cannot be turned off. */
  readonly ca?: string | undefined;
}

/** What one relay did; which relay it was is added by whoever chose it. */
export type Attempt =
  | Exclude<SendOutcome, { state: 'accepted' }>
  | { readonly state: 'accepted'; readonly reply: string };

/** One connection; one message at a time. */
export interface Session {
  /** False once the connection can carry no further message. */
  usable(): boolean;
  send(mail: OutgoingMail, beforeDot: () => void): Promise<Attempt>;
  close(): void;
}

const BLOCK_BYTES = 64 * 1024;
const REPLY_CHARS = 200;

interface SmtpError extends Error {
  readonly code?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly command?: string | undefined;
}

/** A relay's words, kept for the record, without any address it may have repeated. */
const withoutAddresses = (reply: string): string =>
  reply
    .replace(/[^\s<>@]+@[^\s<>@]+/g, '…')
    .replace(/[^\x20-\x7e…]+/g, ' ')
    .slice(0, REPLY_CHARS);

const temporary = (code: number | undefined): code is number => code !== undefined && code >= 400 && code < 500;
const permanent = (code: number | undefined): code is number => code !== undefined && code >= 500 && code < 600;

/** Refused or put off before there was any message: nothing was handed over, no recipient is to blame. */
function connectFailure(error: SmtpError): Attempt {
  if (permanent(error.responseCode)) return { state: 'relay_refuses', code: error.responseCode };
  if (temporary(error.responseCode)) return { state: 'deferred', code: error.responseCode };
  return { state: 'open', why: 'connect' };
}

/** mail.md 1.1: which step failed decides what the reply means. */
function sendFailure(error: SmtpError, dotLeft: boolean, timedOut: boolean): Attempt {
  const code = error.responseCode;
  const answersTheMessage = error.code === 'EMESSAGE';
  if (dotLeft) {
    if (answersTheMessage && temporary(code)) return { state: 'deferred', code };
    if (answersTheMessage && permanent(code)) return { state: 'refused', code, at: 'data' };
    return { state: 'ambiguous', why: timedOut ? 'timeout_after_dot' : 'closed_after_dot' };
  }
  if (timedOut) return { state: 'open', why: 'timeout_before_dot' };
  if (temporary(code)) return { state: 'deferred', code };
  if (permanent(code) && error.command === 'RCPT TO') return { state: 'refused', code, at: 'rcpt' };
  if (permanent(code) && error.command === 'DATA') return { state: 'refused', code, at: 'data' };
  if (permanent(code) && error.command === 'MAIL FROM') return { state: 'relay_refuses', code };
  if (answersTheMessage && error.command === 'MAIL FROM') return { state: 'refused', code: 552, at: 'data' }; // larger than the relay's SIZE
  return { state: 'open', why: 'closed_before_dot' };
}

/** The first connection, with its own short limit: nodemailer would count the greeting's five minutes into it. */
function dial({ endpoint, timeouts, ca }: SessionOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port, scheme } = endpoint;
    const socket =
      scheme === 'smtps'
        ? connectTls({
            host,
            port,
            minVersion: 'TLSv1.2',
            ...(isIP(host) ? {} : { servername: host }),
            ...(ca ? { ca } : {}),
          })
        : connectPlain({ host, port });
    const limit = setTimeout(() => socket.destroy(new Error('connect timeout')), timeouts.connectMs);
    socket.once('error', reject);
    socket.once('close', () => {
      clearTimeout(limit);
      reject(new Error('closed while connecting'));
    });
    socket.once(scheme === 'smtps' ? 'secureConnect' : 'connect', () => {
      clearTimeout(limit);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** Connects, greets, secures, logs in. Answers the outcome instead of a session when the relay would not. */
export async function openSession(options: SessionOptions): Promise<Session | Attempt> {
  const { endpoint, name, timeouts, ca } = options;
  let socket: Socket;
  try {
    socket = await dial(options);
  } catch {
    return { state: 'open', why: 'connect' };
  }
  const connection = new SMTPConnection({
    connection: socket,
    host: endpoint.host,
    port: endpoint.port,
    name,
    secure: endpoint.scheme === 'smtps',
    secured: endpoint.scheme === 'smtps',
    requireTLS: endpoint.scheme === 'smtp+starttls',
    ignoreTLS: endpoint.scheme === 'smtp',
    tls: { minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) },
    connectionTimeout: timeouts.commandMs,
    greetingTimeout: timeouts.commandMs,
    socketTimeout: timeouts.commandMs + timeouts.dotMs, // ours are shorter and know the phase
    socketCloseTimeout: 1_000,
    logger: false,
  });
  const failure = await new Promise<Error | null>((settled) => {
    // nodemailer's own limit ends with the greeting: a relay that falls silent at EHLO or AUTH would hold us for the dot's ten minutes.
    const limit = setTimeout(() => settled(new Error('timeout')), timeouts.commandMs);
    const resolve = (error: Error | null): void => {
      clearTimeout(limit);
      settled(error);
    };
    connection.on('error', resolve);
    connection.once('end', () => resolve(new Error('closed')));
    connection.connect((error) => {
      if (error) return resolve(error);
      const { auth } = endpoint;
      if (auth === null) return resolve(null);
      connection.login({ user: auth.user, pass: auth.pass }, (refused) => resolve(refused));
    });
  });
  if (failure !== null) {
    connection.close();
    return connectFailure(failure);
  }
  return createSession(connection, timeouts);
}

export const isSession = (opened: Session | Attempt): opened is Session => 'usable' in opened;

function createSession(connection: SMTPConnection, timeouts: RelayTimeouts): Session {
  let usable = true;
  connection.once('end', () => {
    usable = false;
  });
  const close = (): void => {
    usable = false;
    if (!connection.destroyed) connection.quit();
    connection.close();
  };

  const send = (mail: OutgoingMail, beforeDot: () => void): Promise<Attempt> =>
    new Promise((resolve, reject) => {
      let dotLeft = false;
      let timedOut = false;
      let journalFailure: { readonly cause: unknown } | null = null;
      let timer: NodeJS.Timeout | undefined;
      const allow = (ms: number): void => {
        clearTimeout(timer);
        if (finished) return;
        timer = setTimeout(() => {
          timedOut = true;
          finish(new Error('timeout'));
        }, ms);
      };
      let finished = false;
      const finish = (error: SmtpError | null, response = ''): void => {
        if (finished) return;
        finished = true;
        clearTimeout(timer);
        if (journalFailure) {
          connection.close(); // without QUIT and without the dot
          return reject(
            new Error('The journal could not note the hand-over, so the message was not sent.', journalFailure),
          );
        }
        if (error === null && dotLeft) return resolve({ state: 'accepted', reply: withoutAddresses(response) });
        const attempt = sendFailure(error ?? new Error('answered before the message was complete'), dotLeft, timedOut);
        settle(connection, attempt, dotLeft, error, () => resolve(attempt));
      };
      const body = createBody(mail.bytes, connection, allow, timeouts, () => {
        try {
          beforeDot();
        } catch (cause) {
          journalFailure = { cause };
          finish(null);
          return false;
        }
        dotLeft = true;
        allow(timeouts.dotMs);
        return true;
      });
      allow(timeouts.commandMs);
      connection.send(
        {
          from: mail.from,
          to: [mail.to],
          size: mail.bytes.byteLength,
          use8BitMime: mail.bytes.some((byte) => byte > 0x7f),
        },
        body,
        (error, info) => finish(error, info?.response),
      );
    });

  return { usable: () => usable && !connection.destroyed, send, close };
}

/** After a refused recipient the transaction is still open (RSET ends it); after anything unclear the connection is given up. */
function settle(
  connection: SMTPConnection,
  attempt: Attempt,
  dotLeft: boolean,
  error: SmtpError | null,
  done: () => void,
): void {
  const answeredCleanly =
    error?.responseCode !== undefined && (attempt.state === 'refused' || attempt.state === 'deferred');
  if (
    !answeredCleanly ||
    error.responseCode === 421 ||
    (error.code === 'EMESSAGE' && !dotLeft) ||
    connection.destroyed
  ) {
    connection.close();
    return done();
  }
  if (dotLeft) return done();
  const limit = setTimeout(() => {
    connection.close();
    done();
  }, 5_000);
  connection.reset((failed) => {
    clearTimeout(limit);
    if (failed) connection.close();
    done();
  });
}

/**
 * The message as a stream whose end we hold back: `end` runs when all of the body has left for the kernel, immediately before the
 * bytes with the final dot. nodemailer itself cannot tell a loss before the dot from one after it.
 */
function createBody(
  bytes: Uint8Array,
  connection: SMTPConnection,
  allow: (ms: number) => void,
  timeouts: RelayTimeouts,
  end: () => boolean,
): Readable {
  let sent = 0;
  const body = new Readable({
    highWaterMark: 1,
    read() {
      allow(timeouts.commandMs);
      if (sent < bytes.byteLength) {
        const block = bytes.subarray(sent, sent + BLOCK_BYTES);
        sent += block.byteLength;
        body.push(block);
        return;
      }
      setImmediate(whenBodyHasLeft);
    },
  });
  const whenBodyHasLeft = (): void => {
    const socket = connection._socket;
    if (body.destroyed || !socket || !socket.writable) return; // the connection reports what happened
    if (socket.writableLength === 0) {
      if (end()) body.push(null);
      return;
    }
    if (socket.writableNeedDrain) socket.once('drain', () => setImmediate(whenBodyHasLeft));
    else setTimeout(whenBodyHasLeft, 1);
  };
  return body;
}
