import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { IncidentSummary } from '../../domain/incident/summary-shape.js';

/** A folder that is home, working folder and state of one test. */
export function aHome(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'seventytwo-cli-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const BIN = resolve('bin/seventytwo.mjs');

/** Starts the command for real, as a shell would, in a home of the test's own. */
export function start(
  words: readonly string[],
  how: { home: string; env?: Record<string, string> },
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [BIN, ...words], {
    cwd: how.home,
    env: { PATH: process.env['PATH'], HOME: how.home, TZ: 'UTC', ...how.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<Ended>((done, failed) => {
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', failed);
    child.once('close', (code) => done({ code, out, err }));
  });
  return { child, ended };
}

export const seventytwo = (
  words: readonly string[],
  how: { home: string; env?: Record<string, string> },
): Promise<Ended> => start(words, how).ended;

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly login: string | undefined;
  readonly body: unknown;
}

/** `cut`: the request is taken, and the connection ends without an answer. `never`: it stays open without one. */
export type Reply = { readonly status: number; readonly body: unknown; readonly type?: string } | 'cut' | 'never';

export interface Desk {
  readonly url: string;
  readonly seen: Seen[];
  /** What came with a key, in order. */
  commands(): Seen[];
  /** The next thing that comes with a key. */
  command(): Promise<Seen>;
  stop(): Promise<void>;
}

/** An HTTP server of the test's own, which answers as it is told. */
export async function aDesk(reply: (seen: Seen) => Reply): Promise<Desk> {
  const seen: Seen[] = [];
  const waiting: ((one: Seen) => void)[] = [];
  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const one: Seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        key: request.headers['idempotency-key'] as string | undefined,
        login: request.headers.authorization,
        body: text === '' ? undefined : parsed(text),
      };
      seen.push(one);
      const answer = reply(one);
      if (one.key !== undefined) for (const told of waiting.splice(0)) told(one);
      if (answer === 'never') return undefined;
      if (answer === 'cut') return request.socket.destroy();
      response.writeHead(answer.status, {
        'content-type': answer.type ?? (answer.status < 400 ? 'application/json' : 'application/problem+json'),
      });
      return response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    command: () => new Promise((told) => waiting.push(told)),
    commands: () => seen.filter((one) => one.key !== undefined),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // a CSV upload
  }
}

export const ME = {
  id: 'st_responder',
  roles: ['responder'],
  side: 'live',
  now: '2026-11-22T02:00:00.000Z',
  organisation: { name: 'Example Hospital', zone: 'Europe/Berlin', languages: ['en'], authorities: ['ie-dpc'] },
};

export const ID = 'BR-7K3M-9QXD';

export const aSummary = (over: Partial<IncidentSummary> = {}): IncidentSummary => ({
  id: ID,
  mode: 'live',
  title: 'Letters sent to the wrong patients',
  phase: 'confirmed',
  seq: 4,
  declaredAt: '2026-11-22T02:00:00.000Z',
  now: '2026-11-22T02:00:00.000Z',
  awareAt: '2026-11-22T01:40:00.000Z',
  firstHintAt: '2026-11-22T01:40:00.000Z',
  deadline: {
    strict: '2026-11-25T01:40:00.000Z',
    statutory: '2026-11-25T23:00:00.000Z',
    hoursLeft: 71.66,
    passed: false,
    provisional: false,
  },
  level: { decided: null, proposed: null, waitsForSecondPerson: null },
  next: [
    {
      says: 'Record what is known: breach.nature, data.categories, people.count are still open.',
      roles: ['responder', 'dpo', 'approver'],
      command: `seventytwo facts ${ID}`,
      dueAt: null,
    },
  ],
  duties: [],
  tasks: [],
  stillOpen: [],
  milestones: [],
  notices: [],
  lists: [],
  messages: [],
  mailings: [],
  waiting: [],
  factsKnown: 0,
  factsMissing: [],
  ...over,
});

export const accepted = (over: Partial<IncidentSummary> = {}, repeated = false): Reply => ({
  status: 200,
  body: { seq: 4, repeated, incident: aSummary(over) },
});

/** The answer to a declaration: 201, with others that may be the same breach. */
export const declared = (others: readonly object[] = []): Reply => ({
  status: 201,
  body: { seq: 4, repeated: false, incident: aSummary(), others },
});

export const refusedWith = (status: number, code: string, ...says: string[]): Reply => ({
  status,
  body: {
    type: `urn:seventytwo:problem:${code}`,
    title: 'Refused',
    status,
    detail: says[0],
    problems: says.map((one) => ({ code, path: null, says: one })),
  },
});
