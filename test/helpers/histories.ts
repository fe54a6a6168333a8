import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

export type History = temporal.api.history.v1.IHistory;
export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const VISIBLE_WITHIN_MS = 60_000;

/** The history of every run of one workflow id, oldest first: handed over by continue-as-new, or started again. */
export async function historiesOf(client: Client, workflowId: string): Promise<{ runId: string; history: History }[]> {
  const last = await client.workflow.getHandle(workflowId).describe();
  const end = performance.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    const runs: { runId: string; startTime: Date }[] = [];
    for await (const run of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) runs.push(run);
    // The list is a moment behind the engine: complete once it has the last run.
    if (runs.some(({ runId }) => runId === last.runId)) {
      runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
      return await Promise.all(
        runs.map(async ({ runId }) => ({
          runId,
          history: await client.workflow.getHandle(workflowId, runId).fetchHistory(),
        })),
      );
    }
    if (performance.now() > end)
      throw new Error(`The list of runs did not show the last run of ${workflowId} in time.`);
  }
}

export const eventsOf = (history: History): HistoryEvent[] => history.events ?? [];

/** The ids of the Updates that were accepted, in order. */
export const acceptedUpdates = (history: History): string[] =>
  eventsOf(history).flatMap((event) => {
    const id = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.meta?.updateId;
    return id ? [id] : [];
  });
