import { createLog, type Log, logCrashes } from '../adapters/log.js';
import { connectMongo } from '../adapters/mongo/connect.js';
import { readRecord } from '../adapters/mongo/watch-reader.js';
import { connectTemporal } from '../adapters/temporal/connect.js';
import { readEngine } from '../adapters/temporal/watch-reader.js';
import { openChannels, ping } from '../adapters/watchdog/channels.js';
import { loadWatchdogConfig, type WatchdogConfig } from '../adapters/watchdog/config.js';
import { openWatchDisk } from '../adapters/watchdog/disk.js';
import { createWatchMetrics } from '../adapters/watchdog/metrics.js';
import { patienceFor } from '../domain/watch/patience.js';
import { createDoor, listen } from './watchdog-door.js';
import { createRounds } from './watchdog-round.js';

/** A process of its own, without a workflow, without a key: whatever makes the engine sleep must not put it to sleep as well. */
export interface WatchdogRunning {
  readonly port: number;
  /** The round that is under way is finished first. */
  stop(): Promise<void>;
}

export async function startWatchdog(config: WatchdogConfig, log: Log): Promise<WatchdogRunning> {
  const patience = patienceFor(config.intervalMs);
  const disk = openWatchDisk(config.dir);
  const mongo = connectMongo(config.mongoUrl, {
    selectionTimeoutMs: patience.askMs,
    socketTimeoutMs: patience.askMs,
    tls: config.mongoTls,
  });
  const { address, namespace, tls, apiKey } = config.temporal;
  const temporal = connectTemporal({ address, namespace, dataConverter: {}, apiKey, ...(tls && { tls }) });
  const metrics = createWatchMetrics();
  const { pingUrl } = config;
  const channels = openChannels(config, patience.sendMs);
  if (channels.length === 1) log.warn({ event: 'watchdog.one-channel', channel: channels[0]?.name });
  const rounds = createRounds({
    patience,
    readRecord: (copy) => readRecord(mongo, copy),
    readEngine: (copy) =>
      temporal.client.withDeadline(Date.now() + patience.askMs, () => readEngine(temporal.connection, namespace, copy)),
    disk,
    channels,
    ping: pingUrl === null ? null : () => ping(pingUrl, patience.pingMs),
    metrics,
    log,
    nowMs: Date.now,
  });
  const close = async (): Promise<void> => {
    await temporal.close();
    await mongo.close();
    disk.close();
  };
  const door = createDoor({
    rounds,
    metrics,
    patience,
    hasPing: pingUrl !== null,
    token: config.token,
    nowMs: Date.now,
  });
  const port = await listen(door, config.listen).catch(async (error: unknown) => {
    await close();
    throw error;
  });

  const pause = pauses(config.intervalMs);
  const looking = (async () => {
    while (!pause.stopped()) {
      await rounds.round();
      await pause.next();
    }
  })();
  log.info({ event: 'watchdog.started', port, ms: config.intervalMs });
  return {
    port,
    async stop() {
      pause.stop();
      await looking;
      door.close();
      door.closeAllConnections();
      await close();
    },
  };
}

/** The pauses between rounds, ended early when it is stopped. */
function pauses(ms: number) {
  let stopped = false;
  let wake = (): void => undefined;
  return {
    stopped: () => stopped,
    next: () =>
      new Promise<void>((resolve) => {
        if (stopped) return resolve();
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    stop() {
      stopped = true;
      wake();
    },
  };
}

/** `seventytwo watchdog`: until Ctrl-C or SIGTERM. Answers the exit code. */
export async function main(): Promise<number> {
  const signal = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
  const config = loadWatchdogConfig(process.env);
  const log = createLog({ level: config.logLevel });
  logCrashes(log);
  const running = await startWatchdog(config, log);
  await signal;
  log.info({ event: 'process.stopping', process: 'watchdog' });
  await running.stop();
  log.info({ event: 'process.stopped', process: 'watchdog' });
  return 0;
}
