import { join } from 'node:path';
import { type Config, loadConfig } from '../adapters/config.js';
import { ensureIndexes } from '../adapters/mongo/indexes.js';
import { boardFigures } from '../adapters/mongo/board-figures.js';
import { connectTemporal } from '../adapters/temporal/connect.js';
import { dataConverter } from '../adapters/temporal/data-converter.js';
import { createIncidentGateway } from '../adapters/temporal/gateway.js';
import { ensureSearchAttributes } from '../adapters/temporal/search-attributes.js';
import { refusedByTls } from '../adapters/tls-probe.js';
import { createStoreMark } from '../adapters/mongo/store-mark.js';
import { createRecordings } from '../adapters/temporal/recordings.js';
import { createRuns } from '../adapters/temporal/runs.js';
import { workflowBundle } from './bundle.js';
import {
  installRuntime,
  orClose,
  type Running,
  runWorker,
  signalled,
  startOrEnd,
  untilStopped,
  workerMetrics,
} from './process.js';
import { watchStore } from './store-watch.js';
import { incidentActivities, openMongo, openStores } from './tools.js';

/** The queue of workflows and fast activities (workflows/messages.ts). */
const QUEUE = 'incident';

/** Workflows, fast activities, notices and alarms. Starts while MongoDB is away: the ledger catches up. */
export async function startIncidentWorker(config: Config): Promise<Running> {
  const log = installRuntime(config);
  const mongo = openMongo(config);
  const checks = [{ name: 'mongo', check: () => mongo.ping() }];
  const metrics = workerMetrics(config, { board: () => boardFigures(mongo.db), checks });
  const stores = openStores(config, metrics, mongo);
  const temporal = connectTemporal({
    address: config.temporal.address,
    namespace: config.temporal.namespace,
    dataConverter: dataConverter(config),
    ...(config.temporal.tls && { tls: config.temporal.tls }),
    apiKey: config.temporal.apiKey,
  });
  const gateway = createIncidentGateway({ client: temporal.client });
  const closing = [() => mongo.close(), () => temporal.close()];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  const running = await orClose(async () => {
    await ensureIndexes(mongo.db).catch((error: unknown) => {
      log.warn({ event: 'mongo.away', error: error instanceof Error ? error : undefined });
    });
    await ensureSearchAttributes(temporal.connection, config.temporal.namespace).catch(async (error: unknown) => {
      throw (await refusedByTls(config, 'temporal')) ?? error;
    });
    const tools = incidentActivities(config, stores, gateway, senderOf(config), metrics, log);
    closing.push(() => tools.close());
    const options = { taskQueue: QUEUE, workflowBundle: await workflowBundle(), activities: tools.activities };
    const asked = [...checks, { name: 'temporal', check: () => gateway.ping() }];
    return runWorker(config, options, close, { metrics, checks: asked });
  }, close);
  const watch = watchStore({
    mark: createStoreMark({ db: mongo.db, file: join(config.journalDir, 'store-mark') }),
    ledger: stores.ledger,
    recordings: createRecordings({ client: temporal.client }),
    runs: createRuns({ client: temporal.client }),
    gateway,
    log,
  });
  log.info({ event: 'worker.started', queue: QUEUE });
  return {
    ...running,
    async stop() {
      await watch.stop();
      await running.stop();
    },
  };
}

/** Only for an incident that does not know its organisation's own sender. */
const senderOf = (config: Config): string => `seventytwo@${new URL(config.publicUrl).hostname}`;

export async function main(): Promise<number> {
  const signal = signalled();
  const config = loadConfig(process.env);
  return untilStopped(await startOrEnd(() => startIncidentWorker(config)), signal, installRuntime(config));
}
