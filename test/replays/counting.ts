import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

export interface CountingSinks extends Sinks {
  counting: { counted(value: number): void };
}
const { counting } = proxySinks<CountingSinks>();

/** What no workflow of ours may have: state of a module. Only here, to see that one execution never finds another's. */
let activities = 0;

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        counting.counted(++activities);
        return next(input);
      },
    },
  ],
});
