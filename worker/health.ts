import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../adapters/config.js';
import type { Metrics } from '../adapters/metrics.js';

/** Something that this process needs; throws when it does not answer. */
export interface Check {
  readonly name: string;
  readonly check: () => Promise<void>;
}

export interface HealthParts {
  /** False when the process can only be helped by starting it anew. */
  readonly alive: () => boolean;
  readonly checks: readonly Check[];
  readonly metrics: Pick<Metrics, 'contentType' | 'text'>;
}

export interface Health {
  readonly url: string;
  close(): Promise<void>;
}

const CHECK_MS = 2_000;

async function answers(check: Check['check']): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, CHECK_MS, false);
  });
  const asked = check().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function json(response: ServerResponse, ok: boolean, body: object): void {
  response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

/**
 * `/healthz`: alive, or to be started anew. `/readyz`: whether it can work now, and which check says no; a worker whose database is away
 * is alive, because clocks and alarms go on. `/metrics`: Prometheus. The same addresses as on the API, and nothing else.
 */
export async function serveHealth(
  { host, port }: NonNullable<Config['healthListen']>,
  { alive, checks, metrics }: HealthParts,
): Promise<Health> {
  const routes: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    async '/healthz'(response) {
      const ok = alive();
      json(response, ok, { ok });
    },
    async '/readyz'(response) {
      const found = await Promise.all(
        checks.map(async ({ name, check }) => {
          const started = performance.now();
          const ok = await answers(check);
          return { name, ok, ms: Math.round(performance.now() - started) };
        }),
      );
      const ok = found.every((one) => one.ok);
      json(response, ok, { ok, checks: found });
    },
    async '/metrics'(response) {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
      response.end(text);
    },
  };
  const server = createServer((request, response) => {
    const route = request.method === 'GET' ? routes[(request.url ?? '').split('?')[0] ?? ''] : undefined;
    if (!route) {
      response.writeHead(404).end();
      return;
    }
    route(response).catch(() => {
      response.destroy(); // asked again in a moment
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, port: got, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${got}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
