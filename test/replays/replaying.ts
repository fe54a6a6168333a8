import { isDeepStrictEqual } from 'node:util';
import { type InjectedSinks, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { dataConverter } from '../../adapters/temporal/data-converter.js';
import type { IncidentEvent } from '../../domain/incident/events.js';
import { fold } from '../../domain/incident/evolve.js';
import type { IncidentState } from '../../domain/incident/state.js';
import { historyFromJson, PUBLIC_TEST_KEY, type Recording } from './recordings.js';
import type { WitnessSinks } from './witness.js';

/** What a replay found, in three kinds: Temporal's own complaint, lengths of timers, and what the incident recorded or became. */
export interface Replayed {
  readonly steps: string[];
  readonly timers: string[];
  readonly record: string[];
  readonly timersCompared: number;
}

interface Seen {
  readonly timers: Map<string, number>;
  readonly events: Map<number, IncidentEvent>;
  ended: IncidentState | null;
}

/** Replays every run of a recording with this code. No server, no network. */
export async function replay(recording: Recording, bundle: WorkflowBundleWithSourceMap): Promise<Replayed> {
  const seen = new Map<string, Seen>();
  const of = (runId: string): Seen => {
    const run = seen.get(runId) ?? { timers: new Map(), events: new Map(), ended: null };
    seen.set(runId, run);
    return run;
  };
  const sinks: InjectedSinks<WitnessSinks> = {
    witness: {
      timer: { fn: ({ runId }, id, ms) => void of(runId).timers.set(id, ms), callDuringReplay: true },
      activity: {
        fn({ runId }, type, args) {
          if (type !== 'appendLedger') return;
          const [{ events }] = args as [{ events: IncidentEvent[] }];
          for (const event of events) of(runId).events.set(event.seq, event);
        },
        callDuringReplay: true,
      },
      ended: {
        fn: ({ runId }, state) => void (of(runId).ended = state === null ? null : (JSON.parse(state) as IncidentState)),
        callDuringReplay: true,
      },
    },
  };

  const found: Replayed & { timersCompared: number } = { steps: [], timers: [], record: [], timersCompared: 0 };
  const histories = recording.runs.map(({ workflowId, history }) => ({
    workflowId,
    history: historyFromJson(history),
  }));
  const options = { workflowBundle: bundle, dataConverter: dataConverter({ masterKey: PUBLIC_TEST_KEY }), sinks };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    if (error) found.steps.push(`${workflowId}: ${error.message}`);
  }

  const incidentRuns = recording.runs.filter(({ workflowId }) => workflowId.startsWith('incident/'));
  for (const { workflowId, runId, history } of recording.runs) {
    const { timers } = of(runId);
    for (const event of historyFromJson(history).events) {
      const started = event.timerStartedEventAttributes;
      if (!started) continue;
      const was =
        Number(started.startToFireTimeout?.seconds ?? 0) * 1_000 +
        Math.round((started.startToFireTimeout?.nanos ?? 0) / 1e6);
      const is = timers.get(started.timerId ?? '');
      found.timersCompared++;
      if (is !== was) found.timers.push(`${workflowId}: timer ${started.timerId} is ${is} ms long, it was ${was} ms.`);
    }
  }

  const written = new Map(incidentRuns.flatMap(({ runId }) => [...of(runId).events]));
  for (const event of recording.ledger) {
    if (!isDeepStrictEqual(plain(written.get(event.seq)), plain(event)))
      found.record.push(`seq ${event.seq} (${event.type}) is not what was recorded.`);
  }
  if (written.size !== recording.ledger.length)
    found.record.push(`${written.size} events instead of ${recording.ledger.length}.`);
  for (const [index, { runId }] of incidentRuns.entries()) {
    const { ended } = of(runId);
    const last = index === incidentRuns.length - 1;
    const told = recording.ledger.filter(({ seq }) => last || seq <= (ended?.seq ?? 0));
    if (!isDeepStrictEqual(plain(ended), plain(fold(told))))
      found.record.push(`the state in the end of run ${index + 1} is not the fold of the ledger.`);
  }
  return found;
}

/** As JSON keeps it: without what is undefined. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
