import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { TLSConfig } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';

/** Paths of PEM files. With an empty object: TLS with the system's authorities and no client certificate. */
export interface TemporalTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
}

export interface TemporalSettings {
  readonly address: string; // host:port
  readonly namespace: string;
  readonly tls?: TemporalTls;
  /** Travels as a bearer token: never without TLS. */
  readonly apiKey?: string | undefined;
  readonly dataConverter: DataConverter;
}

/** For `Connection` here and `NativeConnection` in the worker. Rejects when a file cannot be read, naming its path. */
export function tlsOptions({ caFile, certFile, keyFile, serverName }: TemporalTls): TLSConfig {
  return {
    ...(caFile !== undefined && { serverRootCACertificate: readFileSync(caFile) }),
    ...(certFile !== undefined &&
      keyFile !== undefined && { clientCertPair: { crt: readFileSync(certFile), key: readFileSync(keyFile) } }),
    ...(serverName !== undefined && { serverNameOverride: serverName }),
  };
}

/**
 * Connects at first use, so that the API starts while Temporal is away. `close` waits for the retries that are planned (6 s at most):
 * the library's own timer would begin a call on a closed channel, and that ends the process.
 */
export function connectTemporal({ address, namespace, tls, apiKey, dataConverter }: TemporalSettings): {
  client: Client;
  connection: Connection;
  readonly close: () => Promise<void>;
} {
  const usual = defaultGrpcRetryOptions();
  let closing = false;
  let retriesUntil = 0;
  const retries = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !closing && usual.retryableDecider(attempt, status),
    delayFunction(attempt, status) {
      const ms = usual.delayFunction(attempt, status);
      retriesUntil = Math.max(retriesUntil, performance.now() + ms + SLACK_MS);
      return ms;
    },
  });
  const connection = Connection.lazy({
    address,
    connectTimeout: '3s',
    tls: tls ? tlsOptions(tls) : false,
    ...(apiKey !== undefined && { apiKey }),
    interceptors: [retries],
  });
  return {
    client: new Client({ connection, namespace, dataConverter }),
    connection,
    async close() {
      closing = true;
      const waitMs = retriesUntil - performance.now();
      if (waitMs > 0) await delay(waitMs);
      await connection.close();
    },
  };
}
const SLACK_MS = 20;
