import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WatchMetrics } from '../adapters/watchdog/metrics.js';
import { type Instant, msBetween, toInstant } from '../domain/clock/instant.js';
import type { Patience } from '../domain/watch/patience.js';
import { CAUSES, type Cause, isOpen } from '../domain/watch/sight.js';
import type { Rounds } from './watchdog-round.js';

interface DoorParts {
  readonly rounds: Pick<Rounds, 'watching' | 'acknowledge'>;
  readonly metrics: WatchMetrics;
  readonly patience: Patience;
  readonly hasPing: boolean;
  readonly token: string | null;
  readonly nowMs: () => number;
}

/** The watchdog's own door, for machines and for `doctor`: is it alive, does it look, what sounds. */
export function createDoor(parts: DoorParts): Server {
  return createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    void answer(parts, request, response).catch(() => response.destroy());
  });
}

export function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function answer(parts: DoorParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume(); // nothing is read from bodies
  const path = new URL(request.url ?? '/', 'http://door').pathname;
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.method === 'POST' && path.startsWith('/acknowledge')) return acknowledge(parts, request, path, json);
  if (request.method !== 'GET') return json(405, { ok: false, says: 'Only GET, and POST /acknowledge.' });
  switch (path) {
    case '/healthz':
      return json(200, { ok: true });
    case '/readyz': {
      const shown = readiness(parts);
      return json(shown.ok ? 200 : 503, shown);
    }
    case '/metrics': {
      const text = await parts.metrics.text();
      response.writeHead(200, { 'content-type': parts.metrics.contentType }).end(text);
      return;
    }
    default:
      return json(404, { ok: false, says: 'There are /healthz, /readyz and /metrics.' });
  }
}

/** Ready: its last round is fresh. What it sees in the stores is no matter of its own health. */
function readiness({ rounds, patience, hasPing, nowMs }: DoorParts) {
  const { alarms, copy, lastRoundAt, lastPingAt, answers } = rounds.watching();
  const at: Instant = toInstant(nowMs());
  return {
    ok: lastRoundAt !== null && msBetween(lastRoundAt, at) <= patience.staleMs,
    lastRoundAt,
    lastPingAt,
    deadManSwitch: hasPing,
    answers,
    incidents: Object.values(copy.incidents).filter((k) => isOpen(k.phase)).length,
    alarms: Object.values(alarms).map(({ cause, begunAt, toldAt, acknowledgedAt, goneSince, finding }) => ({
      cause,
      begunAt,
      since: finding.since,
      toldAt,
      acknowledgedAt,
      goneSince,
      incidents: finding.incidents.length,
    })),
  };
}

/** Whoever can silence an alarm must be known: without a token there is only the file in its folder. */
function acknowledge(
  { token, rounds }: DoorParts,
  request: IncomingMessage,
  path: string,
  json: (status: number, body: unknown) => void,
): void {
  if (token === null)
    return json(403, {
      ok: false,
      says: 'SEVENTYTWO_WATCHDOG_TOKEN is not set: touch the file acknowledge in the folder of the watchdog instead.',
    });
  if (!same(request.headers.authorization ?? '', `Bearer ${token}`))
    return json(401, { ok: false, says: 'Send Authorization: Bearer and SEVENTYTWO_WATCHDOG_TOKEN.' });
  const named = path.split('/')[2];
  const cause: Cause | null | undefined = named ? CAUSES.find((one) => one === named) : null;
  if (cause === undefined) return json(404, { ok: false, says: `A cause is one of ${CAUSES.join(', ')}.` });
  rounds.acknowledge(cause);
  return json(202, { ok: true, says: 'Taken with the next round.' });
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
