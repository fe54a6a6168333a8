import { type Db, MongoClient, type MongoClientOptions, MongoServerError } from 'mongodb';

export interface Mongo {
  readonly db: Db;
  /** Resolves when the server answers, rejects within about 3 s when it does not. */
  ping(): Promise<void>;
  /** What the server's clock says, epoch milliseconds; null when it does not tell. */
  clockMs(): Promise<number | null>;
  close(): Promise<void>;
}

const SELECTION_MS = 3_000;
const SOCKET_MS = 20_000;
const OPTIONS = {
  serverSelectionTimeoutMS: SELECTION_MS,
  connectTimeoutMS: SELECTION_MS,
  socketTimeoutMS: SOCKET_MS,
  // Nothing counts as written that a failover could take back.
  writeConcern: { w: 'majority', wtimeoutMS: 10_000 },
  readConcern: { level: 'majority' },
  promoteBuffers: true,
  ignoreUndefined: true,
  appName: 'seventytwo',
} as const satisfies MongoClientOptions;

/**
 * Connects at first use, so that a process starts while the database is away.
 * @param url `mongodb://host:port/database`; without a database name, `seventytwo_live`
 * @param options.tls paths of PEM files: with them it is TLS whatever the address leaves open
 */
export function connectMongo(
  url: string,
  options: {
    selectionTimeoutMs?: number;
    socketTimeoutMs?: number;
    tls?: { caFile?: string; certKeyFile?: string } | undefined;
  } = {},
): Mongo {
  const { caFile, certKeyFile } = options.tls ?? {};
  const client = new MongoClient(url, {
    ...OPTIONS,
    ...(options.tls && { tls: true }),
    ...(caFile !== undefined && { tlsCAFile: caFile }),
    ...(certKeyFile !== undefined && { tlsCertificateKeyFile: certKeyFile }),
    serverSelectionTimeoutMS: options.selectionTimeoutMs ?? SELECTION_MS,
    socketTimeoutMS: options.socketTimeoutMs ?? SOCKET_MS,
  });
  const named = new URL(url.replace(/^mongodb(\+srv)?:/, 'http:').replace(/,[^/]*/, '')).pathname.slice(1);
  const db = client.db(named === '' ? 'seventytwo_live' : decodeURIComponent(named));
  return {
    db,
    async ping() {
      await db.command({ ping: 1 });
    },
    async clockMs() {
      const { localTime } = await db.command({ hello: 1 });
      return localTime instanceof Date ? localTime.getTime() : null;
    },
    close: () => client.close(),
  };
}

const DUPLICATE_KEY = 11_000;
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === DUPLICATE_KEY;
