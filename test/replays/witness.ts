import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { getActivator } from '@temporalio/workflow/lib/global-attributes.js';
import { stateQuery } from '../../workflows/messages.js';

/** What the replay of a run shows and Temporal does not compare: lengths of timers, inputs of activities, and the state in the end. */
export interface WitnessSinks extends Sinks {
  witness: {
    timer(id: string, ms: number): void;
    activity(type: string, args: readonly unknown[]): void;
    /** JSON of the state query's answer when the run ends; null where the run answers none. */
    ended(state: string | null): void;
  };
}

const { witness } = proxySinks<WitnessSinks>();

/** The query's own handler, asked as a client would ask. Internal to the SDK: there is no public way to ask a replayed run. */
function stateNow(): string | null {
  const handler = getActivator().queryHandlers.get(stateQuery.name)?.handler;
  return handler ? JSON.stringify(handler()) : null;
}

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      async execute(input, next) {
        try {
          return await next(input);
        } finally {
          witness.ended(stateNow());
        }
      },
    },
  ],
  outbound: [
    {
      startTimer(input, next) {
        witness.timer(String(input.seq), input.durationMs);
        return next(input);
      },
      scheduleActivity(input, next) {
        witness.activity(input.activityType, input.args);
        return next(input);
      },
    },
  ],
});
