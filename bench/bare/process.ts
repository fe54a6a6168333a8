import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { connectTemporal } from '../../adapters/temporal/connect.js';
import type { World } from '../../test/helpers/processes.js';

export interface Bare {
  readonly client: Client;
  stop(): Promise<void>;
}

/** The bare workflows with a worker of their own, on the engine of this run. Nothing is encrypted. */
export async function startBare({ config }: World): Promise<Bare> {
  const { address, namespace } = config.temporal;
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [address, namespace], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout ?? child, 'data'),
    ended.then(() => Promise.reject(new Error('The bare worker ended before it was ready.'))),
  ]);
  const connected = connectTemporal({ address, namespace, dataConverter: {} });
  return {
    client: connected.client,
    async stop() {
      child.disconnect();
      await ended;
      await connected.close();
    },
  };
}
