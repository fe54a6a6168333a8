import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { LedgerHead } from '../../activities/ports.js';
import type { IncidentEvent } from '../../domain/incident/events.js';
import { NAMES } from './gateway.js';

/** What the engine's histories hold of the record: each event was handed to the recorder, and its answer named the head it made. */
export interface Recordings {
  /** Incidents of which the engine has a run, open or ended within its retention. A moment behind the engine. */
  incidents(): Promise<string[]>;
  of(incidentId: string): Promise<Recording>;
}
export interface Recording {
  readonly events: ReadonlyMap<number, IncidentEvent>;
  /** The furthest head that the ledger ever answered with; null when nothing was recorded yet. */
  readonly head: LedgerHead | null;
}

const RECORDER = 'appendLedger'; // activities/ledger.ts
const PREFIX = NAMES.incidentId('');

export function createRecordings({ client }: { client: Client }): Recordings {
  const { loadedDataConverter } = client.options;

  async function runsOf(incidentId: string): Promise<string[]> {
    const runs: string[] = [];
    const query = `WorkflowId = "${NAMES.incidentId(incidentId)}"`;
    for await (const { runId } of client.workflow.list({ query })) runs.push(runId);
    return runs;
  }

  return {
    async incidents() {
      const found = new Set<string>();
      const query = `WorkflowType = "${NAMES.incidentWorkflow}"`;
      for await (const { workflowId } of client.workflow.list({ query })) found.add(workflowId.slice(PREFIX.length));
      return [...found].sort();
    },

    async of(incidentId) {
      const events = new Map<number, IncidentEvent>();
      let head: LedgerHead | null = null;
      for (const runId of await runsOf(incidentId)) {
        const history = await client.workflow.getHandle(NAMES.incidentId(incidentId), runId).fetchHistory();
        const recorder = new Set<string>();
        for (const event of history.events ?? []) {
          const asked = event.activityTaskScheduledEventAttributes;
          if (asked?.activityType?.name === RECORDER) {
            recorder.add(String(event.eventId));
            const [input] = await decodeArrayFromPayloads(loadedDataConverter, asked.input?.payloads);
            for (const each of (input as { events: IncidentEvent[] }).events) events.set(each.seq, each);
          }
          const answered = event.activityTaskCompletedEventAttributes;
          if (answered && recorder.has(String(answered.scheduledEventId))) {
            const [made] = await decodeArrayFromPayloads(loadedDataConverter, answered.result?.payloads);
            const next = made as LedgerHead;
            if (!head || next.seq > head.seq) head = next;
          }
        }
      }
      return { events, head };
    },
  };
}
