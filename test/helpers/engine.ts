import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../../adapters/config.js';
import { createHasher } from '../../adapters/crypto/hash.js';
import { ensureIndexes } from '../../adapters/mongo/indexes.js';
import { connectTemporal } from '../../adapters/temporal/connect.js';
import { dataConverter } from '../../adapters/temporal/data-converter.js';
import { createIncidentGateway, type TemporalGateway, UnknownOutcome } from '../../adapters/temporal/gateway.js';
import type { Client } from '@temporalio/client';
import type { Command, CommandRequest, Declaration } from '../../domain/incident/commands.js';
import type { Actor, IncidentEvent } from '../../domain/incident/events.js';
import type { IncidentState } from '../../domain/incident/state.js';
import {
  type Catcher,
  type CatcherOptions,
  type Engine,
  startCatcher,
  startMongo,
  startTemporal,
} from '../../stack/engines.js';
import { startIncidentWorker } from '../../worker/incident.js';
import { startMailWorker } from '../../worker/mail.js';
import type { Running } from '../../worker/process.js';
import { openStores, type Stores } from '../../worker/tools.js';
import { aCause, aDeclaration, RESPONDER } from '../build.js';

/** Real engines, real workers, real mail: what a workflow test stands on. */
export interface TestEngine {
  readonly temporal: Engine;
  readonly mongo: Engine;
  readonly catcher: Catcher;
  readonly config: Config;
  readonly client: Client;
  readonly gateway: TemporalGateway;
  readonly stores: Stores;
  readonly folder: string;
  readonly workers: Running[];
  declare(over?: Partial<Declaration>, actor?: Actor): Promise<string>;
  send(id: string, command: Command, actor?: Actor, over?: Partial<CommandRequest>): Promise<number>;
  /** The state once `is` holds; every 30 ms, for at most 20 s of real time. */
  until(id: string, is: (state: IncidentState) => boolean, what?: string): Promise<IncidentState>;
  ledger(id: string): Promise<IncidentEvent[]>;
  stop(): Promise<void>;
}

const MASTER_KEY_BYTES = 32;
const WITHIN_MS = 150_000;

export async function startTestEngine(
  options: {
    workers?: boolean;
    catcher?: CatcherOptions;
    side?: 'live' | 'drill';
    masterKey?: Buffer;
    env?: NodeJS.ProcessEnv;
    /** Each worker tells its health on a free port. */
    health?: boolean;
  } = {},
): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'seventytwo-test-'));
  const side = options.side ?? 'live';
  const namespace = `seventytwo-${side}`;
  const [temporal, mongo, catcher] = await Promise.all([
    startTemporal({ dataDir: join(folder, 'temporal'), namespaces: [namespace], env: options.env }),
    startMongo({ dataDir: join(folder, 'mongo'), env: options.env }),
    startCatcher(options.catcher ?? {}),
  ]);
  const common = {
    mongoUrl: mongo.url.replace(/\/(\?|$)/, `/seventytwo-${side}$1`),
    temporal: { address: temporal.url, namespace, tls: null },
    masterKey: options.masterKey ?? randomBytes(MASTER_KEY_BYTES),
    listen: { host: '127.0.0.1', port: 0 },
    ...(options.health && { healthListen: { host: '127.0.0.1', port: 0 } }),
    journalDir: join(folder, 'journal'),
    publicUrl: 'http://127.0.0.1',
    bootstrapToken: null,
    logLevel: 'error',
  } as const;
  const config: Config =
    side === 'live'
      ? { side, ...common, smtpUrl: catcher.url, smtpFallbackUrl: null, pager: null }
      : { side, ...common, exerciseInbox: catcher.url };
  const connected = connectTemporal({ address: temporal.url, namespace, dataConverter: dataConverter(config) });
  const gateway = createIncidentGateway({ client: connected.client });
  const stores = openStores(config);
  await ensureIndexes(stores.mongo.db);
  const workers: Running[] =
    options.workers === false ? [] : await Promise.all([startIncidentWorker(config), startMailWorker(config)]);

  const engine: TestEngine = {
    temporal,
    mongo,
    catcher,
    config,
    client: connected.client,
    gateway,
    stores,
    folder,
    workers,
    async declare(over = {}, actor = RESPONDER) {
      const declaration = aDeclaration({ incidentId: anId(side), mode: side, ...over });
      const cause = aCause(randomBytes(32).toString('hex'));
      await asClientsDo(() => gateway.declare({ declaration, actor, cause }));
      return declaration.incidentId;
    },
    async send(id, command, actor = RESPONDER, over = {}) {
      const key = randomBytes(32).toString('hex');
      const cause = { keyHash: key, bodyHash: createHasher().canonicalSha256(command) };
      return (await asClientsDo(() => gateway.send(id, { command, actor, loginMadeBy: null, cause, ...over }))).seq;
    },
    async until(id, is, what = 'the expected state') {
      const end = Date.now() + WITHIN_MS;
      for (;;) {
        const state = await gateway.state(id).catch(() => stores.views.load(id));
        if (state && is(state)) return state;
        if (Date.now() > end)
          throw new Error(
            `${id} did not reach ${what} within ${WITHIN_MS / 1_000} s; it is ${state?.phase} at seq ${state?.seq}.`,
          );
        await delay(30);
      }
    },
    ledger: async (id) => (await stores.ledger.read(id)) as IncidentEvent[],
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop().catch(() => undefined)));
      await connected.close();
      await stores.mongo.close();
      temporal.kill(); // nothing in it is wanted any more
      mongo.kill();
      await catcher.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return engine;
}

const TRIES = 6;
/** A slow machine may leave an answer open: the same key again, as every client does. */
async function asClientsDo<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof UnknownOutcome) || tries === TRIES) throw error;
    }
  }
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const anId = (side: 'live' | 'drill' = 'live'): string => {
  const text = [...randomBytes(8)].map((byte) => ALPHABET[byte % 32]).join('');
  return `${side === 'live' ? 'BR' : 'EX'}-${text.slice(0, 4)}-${text.slice(4)}`;
};
