import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

const { TaskQueueType } = proto.temporal.api.enums.v1;

/** What each queue hands out: workflow tasks where incidents live, activities where mailings are sent. */
const QUEUES = {
  incident: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  mail: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
} as const;

/** The engine keeps a poller for some minutes after its last question; a living one asks about every minute. */
const OF_LATE_MS = 150_000;
const SECOND_MS = 1_000;

/** Workers by queue. Zero: timers fall due and nobody acts on them. Rejects when the engine does not answer. */
export async function queuePollers(client: Client): Promise<Record<keyof typeof QUEUES, number>> {
  const since = Date.now() - OF_LATE_MS;
  const count = async (queue: keyof typeof QUEUES): Promise<number> => {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: queue },
      taskQueueType: QUEUES[queue],
    });
    return (pollers ?? []).filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * SECOND_MS >= since)
      .length;
  };
  const [incident, mail] = await Promise.all([count('incident'), count('mail')]);
  return { incident, mail };
}
