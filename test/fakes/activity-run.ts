import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import type { Logger } from '@temporalio/common';
import { noopMetricMeter } from '@temporalio/common';

export interface Run {
  /** Which try of the same activity this is; from 1. */
  readonly attempt?: number;
  /** Aborts when the workflow cancels. */
  readonly signal?: AbortSignal;
  readonly onHeartbeat?: () => void;
}

const quiet = (): void => undefined;
const SILENT: Logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Runs an activity function as a worker would, without a worker. */
export function runActivity<T>(
  work: () => Promise<T>,
  { attempt = 1, signal = new AbortController().signal, onHeartbeat = quiet }: Run = {},
): Promise<T> {
  const info: Pick<Info, 'attempt'> = { attempt };
  const never = new Promise<never>(quiet);
  const context = new Context(info as Info, never, signal, onHeartbeat, undefined, SILENT, noopMetricMeter, {
    details: undefined,
  } as never);
  return asyncLocalStorage.run(context, work);
}
