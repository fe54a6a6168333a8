import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import proto from '@temporalio/proto';
import { EngineUnreachable, NAMES } from './gateway.js';

const { TaskQueueType } = proto.temporal.api.enums.v1;

export type RunState = 'running' | 'ended' | 'none';

/** What the engine holds, for those who put a lost store right. */
export interface Runs {
  /** Throws EngineUnreachable, or NamespaceMissing with the command that makes it. */
  reach(): Promise<void>;
  /** Of the incident's last run. Strongly consistent, unlike a list. @throws EngineUnreachable */
  of(incidentId: string): Promise<RunState>;
  /** Workers that ask this queue for work at the moment. */
  workers(queue: string): Promise<number>;
}

/** An engine that was set up anew has none of its namespaces. */
export class NamespaceMissing extends Error {
  override readonly name = 'NamespaceMissing';
  constructor(readonly namespace: string) {
    super(
      `The workflow engine has no namespace ${namespace}. Make it first: temporal operator namespace create --namespace ${namespace} --retention 30d`,
    );
  }
}

const WITHIN_MS = 10_000;
const NOT_FOUND = 5; // https://grpc.io/docs/guides/status-codes/

export function createRuns({ client, withinMs = WITHIN_MS }: { client: Client; withinMs?: number }): Runs {
  const timed = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + withinMs, call);
  const { namespace } = client.options;

  return {
    async reach() {
      try {
        await timed(() => client.connection.ensureConnected());
        await timed(() => client.workflowService.describeNamespace({ namespace }));
      } catch (error) {
        if ((error as { code?: number }).code === NOT_FOUND) throw new NamespaceMissing(namespace);
        throw new EngineUnreachable();
      }
    },

    async of(incidentId) {
      try {
        const { status } = await timed(() => client.workflow.getHandle(NAMES.incidentId(incidentId)).describe());
        return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW' ? 'running' : 'ended';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'none';
        throw new EngineUnreachable();
      }
    },

    async workers(queue) {
      const { pollers } = await timed(() =>
        client.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: queue },
          taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        }),
      );
      return pollers?.length ?? 0;
    },
  };
}
