import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { google, temporal } from '@temporalio/proto';

const { FastForwardPollingResult } = temporal.api.enums.v1;
const HOUR_SECONDS = 3_600;
/** The server stops after 100 skips unless told otherwise; a long ladder has more. */
const SKIPS = 10_000;

/**
 * Lets the clock of one running workflow go ahead by `hours` and no further, on the real server: timers that come due on the way fire
 * at their instants. Time passes only while nothing is under way in it (no activity, no open task), and activities see real time.
 * Resolves when the target is reached; rejects when it cannot be, for example because the workflow has ended on the way.
 */
export async function fastForward(client: Client, workflowId: string, hours: number): Promise<void> {
  const id = randomUUID();
  const { workflowService } = client.connection;
  const { namespace } = client.options;
  const workflowExecution = { workflowId };
  const duration = google.protobuf.Duration.fromObject({ seconds: Math.round(hours * HOUR_SECONDS) });
  await workflowService.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution,
    workflowExecutionOptions: {
      timeSkippingConfig: { enabled: true, fastForwardConfig: { id, duration }, maxSessionSkipCount: SKIPS },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
  for (;;) {
    const answer = await workflowService.pollWorkflowExecutionTimeSkipping({
      namespace,
      workflowExecution,
      fastForwardId: id,
    });
    if (answer.fastForwardPollingResult === FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED)
      return;
    if (answer.fastForwardPollingResult === FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_FAILED) {
      throw new Error(`${workflowId} did not get ${hours} hours further: ${answer.failedReason}`);
    }
  }
}

/** Whether this server can do it (1.32, with the two dynamic configuration values that stack/temporal.ts sets). */
export async function canFastForward(client: Client): Promise<boolean> {
  try {
    await fastForward(client, `nobody/${randomUUID()}`, 1);
    return true;
  } catch (error) {
    const code = (error as { code?: number }).code;
    return code === 5; // NOT_FOUND: it looked for the workflow, so it knows the request
  }
}
