import { type Config, loadConfig } from '../adapters/config.js';
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
import { mailActivities, openMongo, openStores } from './tools.js';

/** The queue of messages to people (workflows/messages.ts). */
const QUEUE = 'mail';

/** Activities only: one message at a time over one connection, each on record before and after. Scale by more processes, each with its own journal. */
export async function startMailWorker(config: Config): Promise<Running> {
  const log = installRuntime(config);
  const mongo = openMongo(config);
  const checks = [{ name: 'mongo', check: () => mongo.ping() }];
  const metrics = workerMetrics(config, { checks });
  const stores = openStores(config, metrics, mongo);
  const running = await orClose(
    async () => {
      const { activities, close } = mailActivities(config, stores);
      return orClose(
        () =>
          runWorker(
            config,
            {
              taskQueue: QUEUE,
              activities,
              maxConcurrentActivityTaskExecutions: 4,
              maxHeartbeatThrottleInterval: '1s',
            },
            async () => {
              close();
              await mongo.close();
            },
            { metrics, checks },
          ),
        async () => close(),
      );
    },
    () => mongo.close(),
  );
  log.info({ event: 'worker.started', queue: QUEUE });
  return running;
}

export async function main(): Promise<number> {
  const signal = signalled();
  const config = loadConfig(process.env);
  return untilStopped(await startOrEnd(() => startMailWorker(config)), signal, installRuntime(config));
}
