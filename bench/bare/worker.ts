import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

/** A process of its own, as our worker is; everything else as the SDK has it. `ready` on stdout when it takes work. */

const [address = '', namespace = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: 'bare',
  workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
  activities: { act: async () => undefined },
});
const running = worker.run();
process.stdout.write('ready\n');
process.once('disconnect', () => {
  if (worker.getState() === 'RUNNING') worker.shutdown(); // the bench is gone; a signal may have come first
});
await running;
await connection.close();
