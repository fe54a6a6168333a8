import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Config, loadConfig } from '../adapters/config.js';
import { createDataKeys } from '../adapters/crypto/data-keys.js';
import { createHasher } from '../adapters/crypto/hash.js';
import { killable } from '../adapters/kill-point.js';
import { createLog, type Log, logCrashes } from '../adapters/log.js';
import { createMetrics } from '../adapters/metrics.js';
import { createArtifacts } from '../adapters/mongo/artifacts.js';
import { boardFigures } from '../adapters/mongo/board-figures.js';
import { connectMongo } from '../adapters/mongo/connect.js';
import { createDataKeyStore } from '../adapters/mongo/data-key-store.js';
import { createIncidentViews } from '../adapters/mongo/incident-views.js';
import { ensureIndexes } from '../adapters/mongo/indexes.js';
import { createIntakes } from '../adapters/mongo/intakes.js';
import { createLedger } from '../adapters/mongo/ledger.js';
import { createListWriter } from '../adapters/mongo/lists.js';
import { openIncidents } from '../adapters/mongo/open-incidents.js';
import { createOrganisationStore } from '../adapters/mongo/organisation.js';
import { createOutcomes } from '../adapters/mongo/outcomes.js';
import { createMessages } from '../adapters/mongo/people-messages.js';
import { createRegister } from '../adapters/mongo/register.js';
import { createThreadedRenderer } from '../adapters/render/threaded-renderer.js';
import { createClocks } from '../adapters/temporal/clocks.js';
import { connectTemporal } from '../adapters/temporal/connect.js';
import { dataConverter } from '../adapters/temporal/data-converter.js';
import { createDrills } from '../adapters/temporal/drills.js';
import { createIncidentGateway } from '../adapters/temporal/gateway.js';
import { createIncidentDoor } from '../adapters/temporal/incident-door.js';
import { queuePollers } from '../adapters/temporal/pollers.js';
import { toInstant } from '../domain/clock/instant.js';
import { CLOCK_SKEW_SECONDS } from '../domain/incident/decide/drafting.js';
import { evolve } from '../domain/incident/evolve.js';
import type { RegisterEntry } from '../domain/incident/register-entry.js';
import { offsetMs } from '../formats/instants.js';
import { createApi } from './app.js';
import { countedGateway } from './counted-gateway.js';
import { startIntakes } from './declare.js';
import { createPeopleImports } from './people-import.js';
import type { ApiDeps } from './ports.js';

export interface Serving {
  /** Where it listens; with port 0 in the configuration, the port it got. */
  readonly url: string;
  /** What is under way is finished first, for at most ten seconds. */
  stop(): Promise<void>;
  /** Ends when it was stopped; rejects when the server broke. */
  readonly ended: Promise<void>;
}

const GRACE_MS = 10_000;
const CHORES_MS = 5_000;
const HEADERS_MS = 15_000;
const UPLOAD_MS = 30 * 60_000; // a long list over a slow line; all other routes have a time limit of their own
const KEEP_ALIVE_MS = 65_000;

const versionOf = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
};

/** The adapters behind the API of one side. Nothing connects before it is asked, so that it starts while either store is away. */
export function openApi(config: Config, log: Log) {
  const mongo = connectMongo(config.mongoUrl, { tls: config.mongoTls });
  const { db } = mongo;
  const keys = createDataKeys({ masterKey: config.masterKey, store: createDataKeyStore(db) });
  const ledger = createLedger({ db, keys });
  const { address, namespace, tls, apiKey } = config.temporal;
  const temporal = connectTemporal({
    address,
    namespace,
    dataConverter: dataConverter(config),
    ...(tls && { tls }),
    apiKey,
  });
  const gateway = createIncidentGateway({ client: temporal.client });
  const clocks = { open: () => openIncidents(db, config.side), ...createClocks({ client: temporal.client }) };
  const checks = [
    { name: 'mongo', check: () => mongo.ping() },
    { name: 'temporal', check: () => gateway.ping() },
  ];
  const metrics = createMetrics({
    side: config.side,
    watched: {
      board: () => boardFigures(db),
      clockless: async () => (await clocks.without(await clocks.open())).length,
      pollers: () => queuePollers(temporal.client),
      checks,
    },
  });
  const register = createRegister<RegisterEntry>({ db, keys, side: config.side });
  const renderer = createThreadedRenderer({ failed: (error) => log.error({ event: 'render.thread-failed', error }) });
  const deps: ApiDeps = {
    mode: config.side,
    version: versionOf(),
    now: () => toInstant(Date.now()),
    offsetMs,
    gateway: killable('gateway', countedGateway(createIncidentDoor({ gateway, ledger }), metrics, config.side)),
    ledger,
    views: createIncidentViews({ db, keys, ledger, evolve }),
    clocks,
    intakes: killable('intakes', createIntakes({ db, keys })),
    artifacts: createArtifacts({ db, keys }),
    people: killable('people', createPeopleImports(createListWriter({ db, keys }))),
    messages: killable('messages', createMessages({ db, keys })),
    outcomes: createOutcomes({ db }),
    register: {
      async all() {
        const { entries, erased } = await register.all();
        return { entries: entries.map((entry) => ({ ...entry })), erased };
      },
    },
    organisation: createOrganisationStore({ db, ledger, keys }),
    drills: config.side === 'drill' ? createDrills({ client: temporal.client }) : null,
    hasher: createHasher(),
    renderer,
    log,
    metrics,
    bootstrapToken: config.bootstrapToken,
    checks,
  };
  return {
    deps,
    prepare: () => ensureIndexes(db),
    clockMs: () => mongo.clockMs(),
    close: async () => {
      await renderer.close();
      await temporal.close();
      await mongo.close();
    },
  };
}

/** One chore at a time, again and again until stopped; a failure is the next round's business. */
function repeat(chore: () => Promise<void>): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let wake = (): void => undefined;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await chore();
      if (stopped) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, CHORES_MS);
      });
    }
  };
  const ended = loop();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    wake();
    await ended;
  };
}

const DIFFERS_MS = CLOCK_SKEW_SECONDS * 1_000;

/** Of two machines that disagree one is wrong; which one, only a person can say. Instants typed at this door are judged by its own clock. */
async function compareClocks(clockMs: () => Promise<number | null>, log: Log): Promise<void> {
  const theirs = await clockMs();
  const ms = theirs === null ? 0 : Date.now() - theirs;
  if (Math.abs(ms) > DIFFERS_MS) log.error({ event: 'clock.differs', engine: 'mongo', ms });
}

function listen(server: Server, { host, port }: Config['listen']): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Starts the API of one side. Rejects only when it cannot listen. */
export async function serve(config: Config, log: Log = createLog({ level: config.logLevel })): Promise<Serving> {
  const { deps, prepare, clockMs, close } = openApi(config, log);
  const { app, warm } = createApi(deps);
  const server = createServer(
    { requestTimeout: UPLOAD_MS, headersTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    app,
  );
  const { address, port, family } = await listen(server, config.listen).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const ended = new Promise<void>((resolve, reject) => {
    server.once('close', resolve);
    server.once('error', reject);
  });

  let prepared = false;
  const stopChores = repeat(async () => {
    try {
      if (!prepared) await prepare();
      prepared = true;
      await warm();
      await startIntakes(deps);
      await compareClocks(clockMs, log);
    } catch (error) {
      log.warn({ event: 'api.chores-failed', error: error instanceof Error ? error : undefined });
    }
  });

  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  log.info({ event: 'api.started', side: config.side, port });
  let stopping: Promise<void> | undefined;
  async function stopInOrder(): Promise<void> {
    log.info({ event: 'api.stopping', side: config.side });
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close();
    server.closeIdleConnections();
    await ended;
    clearTimeout(cut);
    await stopChores();
    await close();
    log.info({ event: 'api.stopped', side: config.side });
  }
  return { url, ended, stop: () => (stopping ??= stopInOrder()) };
}

/** `seventytwo serve`: until Ctrl-C or SIGTERM. Answers the exit code. */
export async function main(): Promise<number> {
  const config = loadConfig(process.env);
  const log = createLog({ level: config.logLevel });
  logCrashes(log);
  const serving = await serve(config, log);
  const signal = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
  try {
    await Promise.race([signal, serving.ended]);
    await serving.stop();
    return 0;
  } catch (error) {
    log.error({ event: 'api.broke', error: error instanceof Error ? error : undefined });
    return 1;
  }
}
