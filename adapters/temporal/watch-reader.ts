import { type Connection, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { type Instant, toInstant } from '../../domain/clock/instant.js';
import type { Copy, QueueSays, Running, TemporalSays } from '../../domain/watch/sight.js';
import { isOpen } from '../../domain/watch/sight.js';
import { NAMES } from './gateway.js';

const { TaskQueueType, WorkflowExecutionStatus } = proto.temporal.api.enums.v1;
type Engine = Pick<Connection, 'workflowService'>;
type Timestamp = { seconds?: { toString(): string } | null; nanos?: number | null };

const PAGE = 1_000;
/** Of the incidents that do not run, so many are looked at one by one in a round, those with the nearest due times first. */
const MOST_DESCRIBED = 200;
export const NOT_FOUND = 5; // gRPC
const PREFIX = NAMES.incidentId('');
const decoder = new TextDecoder();

/** What the engine shows in clear: which incidents run, their next due time, and whether anybody works. Nothing is decrypted. */
export async function readEngine(engine: Engine, namespace: string, copy: Copy): Promise<TemporalSays> {
  const [running, incident, mail] = await Promise.all([
    listRunning(engine, namespace),
    queueSays(engine, namespace, 'incident', ['WORKFLOW', 'ACTIVITY']),
    queueSays(engine, namespace, 'mail', ['ACTIVITY']),
  ]);
  const runs = new Set(running.map((r) => r.id));
  const missing = Object.values(copy.incidents)
    .filter((k) => isOpen(k.phase) && !runs.has(k.id))
    .sort((a, b) => ((a.dueTimes[0] ?? '~') < (b.dueTimes[0] ?? '~') ? -1 : 1))
    .slice(0, MOST_DESCRIBED);
  const ends = await Promise.all(missing.map(async ({ id }) => ({ id, end: await endOf(engine, namespace, id) })));
  return {
    running,
    over: ends.filter(({ end }) => end === 'over').map(({ id }) => id),
    absent: ends.filter(({ end }) => end === 'absent').map(({ id }) => id),
    queues: { incident, mail },
  };
}

export async function listRunning({ workflowService }: Engine, namespace: string): Promise<Running[]> {
  const query = `WorkflowType = '${NAMES.incidentWorkflow}' AND ExecutionStatus = 'Running'`;
  const found: Running[] = [];
  let nextPageToken: Uint8Array | null = null;
  do {
    const page: proto.temporal.api.workflowservice.v1.IListWorkflowExecutionsResponse =
      await workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize: PAGE,
        ...(nextPageToken && { nextPageToken }),
      });
    for (const { execution, searchAttributes } of page.executions ?? []) {
      const marks = searchAttributes?.indexedFields ?? {};
      const due = markOf(marks['NextDeadline']?.data);
      found.push({
        id: (execution?.workflowId ?? '').slice(PREFIX.length),
        phase: markOf(marks['IncidentPhase']?.data),
        nextDueAt: due === null ? null : toInstant(Date.parse(due)),
      });
    }
    nextPageToken = page.nextPageToken && page.nextPageToken.length > 0 ? page.nextPageToken : null;
  } while (nextPageToken);
  return found;
}

/** Search attributes are JSON in clear, single or in a list of one. */
function markOf(data: Uint8Array | null | undefined): string | null {
  if (!data || data.length === 0) return null;
  const value = JSON.parse(decoder.decode(data)) as unknown;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : null;
}

export async function endOf(
  { workflowService }: Engine,
  namespace: string,
  id: string,
): Promise<'over' | 'absent' | 'unknown'> {
  try {
    const workflowId = NAMES.incidentId(id);
    const { workflowExecutionInfo } = await workflowService.describeWorkflowExecution({
      namespace,
      execution: { workflowId },
    });
    switch (workflowExecutionInfo?.status) {
      case WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED:
        return 'over';
      case WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING:
      case WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW:
        return 'unknown'; // the list is a moment behind
      default:
        return 'absent';
    }
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return 'absent';
    throw error;
  }
}

async function queueSays(
  { workflowService }: Engine,
  namespace: string,
  name: string,
  types: readonly ('WORKFLOW' | 'ACTIVITY')[],
): Promise<QueueSays> {
  const answers = await Promise.all(
    types.map((type) =>
      workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name },
        taskQueueType: TaskQueueType[`TASK_QUEUE_TYPE_${type}`],
        reportStats: true,
      }),
    ),
  );
  const polls = (answers[0]?.pollers ?? []).map(({ lastAccessTime }) => millis(lastAccessTime));
  const waits = answers
    .filter(({ stats }) => Number(stats?.approximateBacklogCount ?? 0) > 0)
    .map(({ stats }) => millis(stats?.approximateBacklogAge));
  return {
    pollerSeenAt: polls.length === 0 ? null : instant(Math.max(...polls)),
    oldestTaskMs: waits.length === 0 ? null : Math.max(...waits),
  };
}

const millis = (time: Timestamp | null | undefined): number =>
  Number(time?.seconds?.toString() ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
const instant = (ms: number): Instant => toInstant(ms);
