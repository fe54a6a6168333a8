import { type Config, loadConfig } from '../adapters/config.js';
import { killable } from '../adapters/kill-point.js';
import { createLog } from '../adapters/log.js';
import { ensureIndexes } from '../adapters/mongo/indexes.js';
import { createDataKeyStore } from '../adapters/mongo/data-key-store.js';
import { createTraces } from '../adapters/mongo/traces.js';
import { connectTemporal } from '../adapters/temporal/connect.js';
import { dataConverter } from '../adapters/temporal/data-converter.js';
import { createIncidentGateway, EngineUnreachable, UnknownOutcome } from '../adapters/temporal/gateway.js';
import { createRecordings } from '../adapters/temporal/recordings.js';
import { createRuns, NamespaceMissing } from '../adapters/temporal/runs.js';
import { ensureSearchAttributes } from '../adapters/temporal/search-attributes.js';
import { rebuild } from './rebuild.js';
import { rebuildExit, rebuildText, repairExit, repairText } from './rebuild-text.js';
import { repairLedger } from './repair-ledger.js';
import { openStores } from './tools.js';

/** `seventytwo rebuild`: an operator's command on a machine with the settings of a process. It sends nothing itself. */

interface World {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: { readonly out: (line: string) => void; readonly err: (line: string) => void };
}
interface Refusal {
  readonly exit: 1 | 3;
  readonly says: string;
  readonly next: readonly string[];
}

/** What stands in the way, in words; undefined for a defect of ours. */
function refusalFrom(error: unknown): Refusal | undefined {
  if (error instanceof NamespaceMissing)
    return { exit: 1, says: error.message, next: ['seventytwo rebuild --dry-run'] };
  if (error instanceof EngineUnreachable || error instanceof UnknownOutcome)
    return {
      exit: 3,
      says: 'The workflow engine does not answer. What was started so far runs; the rest was not started.',
      next: [
        'Does it run (a local stack: seventytwo up)? Check SEVENTYTWO_TEMPORAL_ADDRESS and the way to it, then the same command again: it starts only what is missing.',
      ],
    };
  if (error instanceof Error && error.name.startsWith('Mongo'))
    return {
      exit: 3,
      says: 'MongoDB does not answer: without the ledgers nothing can be started.',
      next: [
        'Does it run (a local stack: seventytwo up)? Check SEVENTYTWO_MONGO_URL and the way to it, then the same command again.',
      ],
    };
  if (error instanceof Error && error.name === 'SearchAttributesMissing')
    return { exit: 1, says: error.message, next: ['seventytwo rebuild'] };
  return undefined;
}

export function openRebuild(config: Config) {
  const stores = openStores(config);
  const { address, namespace, tls, apiKey } = config.temporal;
  const temporal = connectTemporal({
    address,
    namespace,
    dataConverter: dataConverter(config),
    ...(tls && { tls }),
    apiKey,
  });
  const gateway = killable('gateway', createIncidentGateway({ client: temporal.client }));
  return {
    tools: {
      ...stores,
      side: config.side,
      traces: createTraces(stores.mongo.db),
      recordings: createRecordings({ client: temporal.client }),
      keyStore: createDataKeyStore(stores.mongo.db),
      runs: createRuns({ client: temporal.client }),
      gateway,
      log: createLog({ level: 'error' }), // the answer stands on stdout
      now: () => Date.now(),
    },
    /** An engine that was set up anew has no search attributes, and a database that was, no indexes. */
    prepare: async () => {
      await ensureIndexes(stores.mongo.db);
      await ensureSearchAttributes(temporal.connection, namespace);
    },
    close: async () => {
      await temporal.close();
      await stores.mongo.close();
    },
  };
}

export async function main(options: Readonly<Record<string, unknown>>, { terminal, env }: World): Promise<number> {
  const config = loadConfig(env);
  const json = options['json'] === true;
  const dryRun = options['dryRun'] === true;
  const { tools, prepare, close } = openRebuild(config);
  try {
    await tools.mongo.ping();
    await tools.runs.reach();
    if (!dryRun) await prepare();
    const answer = <R>(report: R, text: (report: R) => string[], exit: (report: R) => number): number => {
      if (json) terminal.out(JSON.stringify(report, null, 2));
      else for (const line of text(report)) terminal.out(line);
      return exit(report);
    };
    const typed = ['local', 'drill'].flatMap((name) => (options[name] === true ? [` --${name}`] : [])).join('');
    if (options['ledger'] === true)
      return answer(await repairLedger(tools, { dryRun }), (report) => repairText(report, typed), repairExit);
    return answer(await rebuild(tools, { dryRun }), (report) => rebuildText(report, typed), rebuildExit);
  } catch (error) {
    const refusal = refusalFrom(error);
    if (!refusal) throw error;
    if (json) terminal.err(JSON.stringify(refusal, null, 2));
    else
      for (const line of [refusal.says, '', 'Next:', ...refusal.next.map((step) => `      ${step}`)])
        terminal.err(line);
    return refusal.exit;
  } finally {
    await close();
  }
}
