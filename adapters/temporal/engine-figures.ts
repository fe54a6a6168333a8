import { type BufferedMetricUpdate, MetricsBuffer } from '@temporalio/worker';

/** The few figures of the SDK that say whether incidents move. The rest stays where it is: names and labels of a library change. */
export interface EngineFigures {
  workflowTaskFailed(type: string, count: number): void;
  activityFailed(type: string, count: number): void;
  workflowTaskWaited(seconds: number): void;
  activityWaited(seconds: number): void;
}

const DRAIN_MS = 5_000;
const BUFFERED = 100_000;
const MS = 1_000;

const label = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : 'unknown');

export function show({ metric, value, attributes }: BufferedMetricUpdate, to: EngineFigures): void {
  switch (metric.name.replace(/^temporal_/, '')) {
    case 'workflow_task_execution_failed':
      return to.workflowTaskFailed(label(attributes['workflow_type']), value);
    case 'activity_execution_failed':
      return to.activityFailed(label(attributes['activity_type']), value);
    case 'workflow_task_schedule_to_start_latency':
      return to.workflowTaskWaited(value / MS);
    case 'activity_schedule_to_start_latency':
      return to.activityWaited(value / MS);
  }
}

export interface EngineMeter {
  /** For `Runtime.install`. */
  readonly buffer: MetricsBuffer;
  /** What has come together since the last time. */
  drain(to: EngineFigures): void;
  /** Again and again, so that the buffer never fills up. */
  keepDraining(to: EngineFigures): () => void;
}

export function createEngineMeter(): EngineMeter {
  const buffer = new MetricsBuffer({ maxBufferSize: BUFFERED });
  const drain = (to: EngineFigures): void => {
    for (const update of buffer.retrieveUpdates()) show(update, to);
  };
  return {
    buffer,
    drain,
    keepDraining(to) {
      const timer = setInterval(() => drain(to), DRAIN_MS);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
