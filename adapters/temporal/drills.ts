import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { DrillInput, DrillProgress } from '../../domain/drill/input.js';
import { NAMES } from './gateway.js';

/** Names of workflows/drill.ts; a test holds them equal. */
export const DRILL_NAMES = {
  workflow: 'drill',
  progress: 'drillProgress',
  id: (drillId: string): string => `drill/${drillId}`,
} as const;

/** Starts the autopilot's workflow and asks how far it is. */
export function createDrills({ client }: { client: Client }) {
  return {
    async start(input: DrillInput): Promise<void> {
      await client.workflow.start(DRILL_NAMES.workflow, {
        workflowId: DRILL_NAMES.id(input.drillId),
        taskQueue: NAMES.queue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
    },
    async progress(drillId: string): Promise<DrillProgress | null> {
      try {
        return await client.workflow.getHandle(DRILL_NAMES.id(drillId)).query<DrillProgress, []>(DRILL_NAMES.progress);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
  };
}
