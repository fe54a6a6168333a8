import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
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

/** Connects at first use, so that the API starts while Temporal is away. */
export function connectTemporal({ address, namespace, tls, dataConverter }: TemporalSettings): {
  client: Client;
  connection: Connection;
  readonly close: () => Promise<void>;
} {
  const connection = Connection.lazy({ address, connectTimeout: '3s', tls: tls ? tlsOptions(tls) : false });
  return { client: new Client({ connection, namespace, dataConverter }), connection, close: () => connection.close() };
}
