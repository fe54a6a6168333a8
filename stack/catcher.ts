import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { type Engine, StackError } from './engine.js';
import { isPortFree } from './ports.js';

export interface CaughtMessage {
  /** Envelope sender; empty for a bounce. */
  readonly from: string;
  readonly to: string[];
  readonly raw: Buffer;
  /** When its final dot had come. */
  readonly at: string;
}

/** `close` drops the connection without an answer. A refusal's code is 4xx or 5xx. */
export type RcptAnswer = 'take' | 'close' | { readonly refuse: number; readonly text?: string };
/** The whole message is there and its answer is not yet sent. The two closings differ in whether it was kept. */
export type DataAnswer = 'take' | 'close-untaken' | 'close-taken' | { readonly refuse: number; readonly text?: string };

export interface CatcherOptions {
  readonly port?: number | undefined;
  readonly preferPort?: number | undefined;
  /** Folder where each message is kept as it came, `0001.eml` and on. */
  readonly store?: string | undefined;
  /** To misbehave in tests; a promise delays the answer. */
  readonly onRcpt?: ((to: string, from: string) => RcptAnswer | Promise<RcptAnswer>) | undefined;
  readonly onData?: ((message: CaughtMessage) => DataAnswer | Promise<DataAnswer>) | undefined;
}

export interface Catcher extends Engine {
  /** In the order of their final dots, since the start or the last clear(). */
  messages(): CaughtMessage[];
  /** Forgets them; files of the store stay. */
  clear(): void;
}

/** An SMTP server on 127.0.0.1 that takes every mail and sends none on. It lives in this process. */
export async function startCatcher(options: CatcherOptions = {}): Promise<Catcher> {
  if (options.store !== undefined) mkdirSync(options.store, { recursive: true, mode: 0o700 });
  let caught: CaughtMessage[] = [];
  let numbered = options.store === undefined ? 0 : lastNumber(options.store);

  const keep = (message: CaughtMessage): void => {
    if (options.store !== undefined) {
      numbered += 1;
      const path = join(options.store, `${String(numbered).padStart(4, '0')}.eml`);
      writeFileSync(`${path}.new`, message.raw, { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    }
    caught.push(message);
  };

  const server = new SMTPServer({
    name: 'catcher.test',
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onRcptTo(address, session, callback) {
      const answer = async (): Promise<void> => {
        const verdict = (await options.onRcpt?.(address.address, sender(session))) ?? 'take';
        if (verdict === 'close') drop(session);
        else callback(verdict === 'take' ? null : refusal(verdict));
      };
      answer().catch((error: unknown) => callback(asError(error)));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      const answer = async (): Promise<void> => {
        const message: CaughtMessage = {
          from: sender(session),
          to: session.envelope.rcptTo.map((to) => to.address),
          raw: Buffer.concat(chunks),
          at: new Date().toISOString(),
        };
        const verdict = (await options.onData?.(message)) ?? 'take';
        if (verdict === 'take' || verdict === 'close-taken') keep(message);
        if (verdict === 'close-taken' || verdict === 'close-untaken') drop(session);
        else callback(verdict === 'take' ? null : refusal(verdict));
      };
      stream.on('end', () => {
        answer().catch((error: unknown) => callback(asError(error)));
      });
    },
  });
  server.on('error', () => undefined); // of single connections: the sender sees it and says so

  const drop = (session: SMTPServerSession): void => {
    for (const connection of server.connections) {
      if (connection.session.id === session.id) connection._socket.destroy();
    }
  };
  const dropAll = (): void => {
    for (const connection of server.connections) connection._socket.destroy();
  };

  const port = await listen(server, options);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closed ??= new Promise((resolve) => server.close(() => resolve()));
    await closed;
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    pid: undefined,
    how: `mail catcher of this process on 127.0.0.1:${port}`,
    stop: close,
    kill: () => {
      void close();
      dropAll();
    },
    messages: () => [...caught],
    clear: () => {
      caught = [];
    },
  };
}

async function listen(server: SMTPServer, options: CatcherOptions): Promise<number> {
  const prefer = options.preferPort !== undefined && (await isPortFree(options.preferPort)) ? options.preferPort : 0;
  const wanted = options.port ?? prefer;
  return await new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      reject(
        error.code === 'EADDRINUSE'
          ? new StackError(
              `Port ${wanted}, wanted for the mail catcher, is taken on 127.0.0.1. Stop the program that listens there, or leave the port out to get a free one.`,
            )
          : error,
      );
    server.server.once('error', failed);
    server.listen(wanted, '127.0.0.1', () => {
      server.server.off('error', failed);
      const address = server.server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('The mail catcher listens without a port.'));
    });
  });
}

function sender(session: SMTPServerSession): string {
  return session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
}

function refusal({ refuse, text }: { refuse: number; text?: string }): Error {
  return Object.assign(new Error(text ?? (refuse < 500 ? 'Try again later' : 'Refused')), { responseCode: refuse });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The hook of the catcher failed.');
}

function lastNumber(store: string): number {
  const numbers = readdirSync(store).map((name) => Number(/^(\d+)\.eml$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}
