import { fold } from '../../domain/incident/evolve.js';
import { startTestEngine } from '../helpers/engine.js';
import { historiesOf, type History } from '../helpers/histories.js';
import { type PathName, PATHS } from '../workflows/paths.js';
import {
  endingOf,
  historyToJson,
  PUBLIC_TEST_KEY,
  type Recording,
  type RecordedRun,
  recordedFiles,
  writeRecording,
} from './recordings.js';

/** Plays every path that has no recording yet on real engines, and writes down what was left. */
export async function recordMissing(): Promise<void> {
  const missing = (Object.keys(PATHS) as PathName[]).filter((path) => !recordedFiles().includes(`${path}.json`));
  if (missing.length === 0) return;
  const engine = await startTestEngine({ masterKey: PUBLIC_TEST_KEY });
  try {
    for (const path of missing) {
      const incident = await PATHS[path](engine);
      const ledger = await engine.ledger(incident);
      const state = fold(ledger);
      if (!state) throw new Error(`${path} left no ledger.`);
      const workflows = [`incident/${incident}`, ...state.mailings.map((m) => `mailing/${incident}/${m.mailing}`)];
      const runs: RecordedRun[] = [];
      for (const workflowId of workflows) {
        for (const { runId, history } of await historiesOf(engine.client, workflowId))
          runs.push({ workflowId, runId, history: recorded(history) });
      }
      const recording: Recording = { incident, runs, ledger, ended: endingOf(state) };
      writeRecording(`${path}.json`, recording);
    }
  } finally {
    await engine.stop();
  }
}

/** Names of machines and processes are of no use to a replay. */
const recorded = (history: History): RecordedRun['history'] =>
  JSON.parse(JSON.stringify(historyToJson(history)), (key, value: unknown) => {
    if (key === 'identity' || key === 'workerInstanceKey') return 'recorded';
    return isStickyQueue(value) ? { ...value, name: 'recorded' } : value;
  }) as RecordedRun['history'];

const isStickyQueue = (value: unknown): value is { kind: string } =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'TASK_QUEUE_KIND_STICKY';
