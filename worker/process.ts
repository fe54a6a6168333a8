import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Config } from '../adapters/config.js';
import { createLog, type Log, logCrashes } from '../adapters/log.js';
import { tlsOptions } from '../adapters/temporal/connect.js';
import { dataConverter } from '../adapters/temporal/data-converter.js';
import { runtimeLogging } from '../adapters/temporal/logger.js';

/** A worker that runs: `stop` lets what is under way finish, `ended` rejects when it broke. */
export interface Running {
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

const GRACE = '20s';
const CACHED_WORKFLOWS = 200; // a small machine: memory is bounded, the rest replays (temporal.md, section 6)

export async function connect(config: Config): Promise<NativeConnection> {
  const { address, tls } = config.temporal;
  return NativeConnection.connect({ address, tls: tls ? tlsOptions(tls) : false });
}

export async function runWorker(
  config: Config,
  options: Omit<WorkerOptions, 'connection' | 'namespace'>,
  close: () => Promise<void> | void,
): Promise<Running> {
  const connection = await connect(config);
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    dataConverter: dataConverter(config),
    shutdownGraceTime: GRACE,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    ...options,
  });
  const ended = runAndClose();
  async function runAndClose(): Promise<void> {
    try {
      await worker.run();
    } finally {
      await connection.close();
      await close();
    }
  }
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

let installed = false;
/** Once a process: the SDK's own lines go through the allow-list too. */
export function installRuntime(config: Config): Log {
  const log = createLog({ level: config.logLevel });
  if (!installed) Runtime.install({ ...runtimeLogging(log), shutdownSignals: [] });
  installed = true;
  return log;
}

/** Ctrl-C or SIGTERM. Listened for from the very start: a process that is stopped while it starts ends too. */
export const signalled = (): Promise<'signal'> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve('signal'));
  });

/** Ends a process in order when it is told to, or when its work broke. Answers the exit code. */
export async function untilStopped(running: Running, signal: Promise<'signal'>, log: Log): Promise<number> {
  logCrashes(log);
  try {
    const why = await Promise.race([signal, running.ended.then(() => 'ended' as const)]);
    log.info({ event: 'process.stopping', why });
    await running.stop();
    log.info({ event: 'process.stopped' });
    return 0;
  } catch (error) {
    log.error({ event: 'process.broke', error: error instanceof Error ? error : undefined });
    return 1;
  }
}
