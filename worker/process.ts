import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Config } from '../adapters/config.js';
import { createLog, type Log, logCrashes } from '../adapters/log.js';
import { createMetrics, type Metrics, type Watched } from '../adapters/metrics.js';
import { tlsOptions } from '../adapters/temporal/connect.js';
import { dataConverter } from '../adapters/temporal/data-converter.js';
import { createEngineMeter, type EngineMeter } from '../adapters/temporal/engine-figures.js';
import { runtimeLogging } from '../adapters/temporal/logger.js';
import { refusedByTls } from '../adapters/tls-probe.js';
import { type Check, serveHealth } from './health.js';

/** A worker that runs: `stop` lets what is under way finish, `ended` rejects when it broke. */
export interface Running {
  stop(): Promise<void>;
  readonly ended: Promise<void>;
  /** Where its health is told, when it is. */
  readonly healthUrl: string | null;
}

const GRACE = '20s';
const CACHED_WORKFLOWS = 200; // a small machine: memory is bounded, the rest replays (temporal.md, section 6)

/** @throws TlsRefused with a sentence when it is the certificate that stands in the way */
export async function connect(config: Config): Promise<NativeConnection> {
  const { address, tls, apiKey } = config.temporal;
  try {
    return await NativeConnection.connect({
      address,
      tls: tls ? tlsOptions(tls) : false,
      ...(apiKey !== undefined && { apiKey }),
    });
  } catch (error) {
    throw (await refusedByTls(config, 'temporal')) ?? error;
  }
}

/** The figures of one worker. The SDK's own are taken in only where somebody can ask for them. */
export function workerMetrics(config: Config, watched: Watched): Metrics {
  const metrics = createMetrics({ side: config.side, watched });
  const ours = meter;
  meter = null; // several workers in one process have one library between them: its figures are told once
  ours?.keepDraining({
    workflowTaskFailed: (type, count) => metrics.engine({ of: 'workflow-task-failed', type, count }),
    activityFailed: (type, count) => metrics.engine({ of: 'activity-failed', type, count }),
    workflowTaskWaited: (seconds) => metrics.engine({ of: 'workflow-task-waited', seconds }),
    activityWaited: (seconds) => metrics.engine({ of: 'activity-waited', seconds }),
  });
  return metrics;
}

export async function runWorker(
  config: Config,
  options: Omit<WorkerOptions, 'connection' | 'namespace'>,
  close: () => Promise<void> | void,
  { metrics, checks }: { metrics: Metrics; checks: readonly Check[] },
): Promise<Running> {
  const connection = await connect(config);
  const { worker, health } = await orClose(
    async () => {
      const made = await Worker.create({
        connection,
        namespace: config.temporal.namespace,
        dataConverter: dataConverter(config),
        shutdownGraceTime: GRACE,
        maxCachedWorkflows: CACHED_WORKFLOWS,
        ...options,
      });
      const told =
        config.healthListen &&
        (await serveHealth(config.healthListen, {
          alive: () => made.getState() !== 'FAILED' && made.getState() !== 'STOPPED',
          checks: [{ name: 'worker', check: async () => takesWork(made) }, ...checks],
          metrics,
        }));
      return { worker: made, health: told };
    },
    () => connection.close(),
  );
  const ended = runAndClose();
  async function runAndClose(): Promise<void> {
    try {
      await worker.run();
    } finally {
      await health?.close();
      await connection.close();
      await close();
    }
  }
  return {
    ended,
    healthUrl: health?.url ?? null,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

/** What was opened is closed when a start fails: a process that hangs half started answers nobody and is never started anew. */
export async function orClose<T>(start: () => Promise<T>, close: () => Promise<void>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The start of a process. One that is refused (its journal is in use) ends the library too, which would hold the process otherwise:
 * it would answer nobody, heed no signal, and never be started anew.
 */
export async function startOrEnd(start: () => Promise<Running>): Promise<Running> {
  try {
    return await start();
  } catch (error) {
    await Runtime.instance()
      .shutdown()
      .catch(() => undefined); // why the start was refused is what counts
    throw error;
  }
}

function takesWork(worker: Worker): void {
  const state = worker.getState();
  if (state !== 'RUNNING') throw new Error(`The worker is ${state}.`);
}

let installed = false;
let meter: EngineMeter | null = null;
/** Once a process: the SDK's own lines go through the allow-list too. */
export function installRuntime(config: Config): Log {
  const log = createLog({ level: config.logLevel });
  if (!installed) {
    meter = config.healthListen ? createEngineMeter() : null;
    const { telemetryOptions, ...logging } = runtimeLogging(log);
    Runtime.install({
      ...logging,
      telemetryOptions: { ...telemetryOptions, ...(meter && { metrics: { buffer: meter.buffer } }) },
      shutdownSignals: [],
    });
  }
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
