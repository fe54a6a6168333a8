import type { LogLevel, LogMetadata, Logger } from '@temporalio/common';
import type { RuntimeOptions } from '@temporalio/worker';
import type { Log, LogLine } from '../log.js';

/** Only messages that are plain words of somebody's code; anything with figures, quotes or addresses in it is left out. */
const PLAIN = /^[A-Za-z][A-Za-z' -]{1,78}$/;
/** Our own lines in workflows and activities: a code such as `notice.journal_failed`. */
const CODE = /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$/;

const incidentOf = (workflowId: unknown): string | undefined =>
  typeof workflowId === 'string' ? /^(?:incident|mailing)\/((?:BR|EX)-\w{4}-\w{4})/.exec(workflowId)?.[1] : undefined;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function lineOf(message: string, meta: LogMetadata): LogLine {
  const error: unknown = meta['error'];
  const from = {
    incident: incidentOf(meta['workflowId']),
    workflow: text(meta['workflowType']),
    activity: text(meta['activityType']),
    queue: text(meta['taskQueue']),
    error: error instanceof Error ? error : undefined,
  };
  // What else comes along goes through the allow-list like every other line.
  const own = meta as LogLine;
  if (CODE.test(message)) return { ...from, ...own, error: from.error, event: message };
  return {
    ...from,
    ...own,
    error: from.error,
    event: 'temporal',
    says: PLAIN.test(message) ? message.trim().replace(/[' ]+/g, '-') : undefined,
  };
}

/** The SDK's lines and those of workflows and activities, through the same allow-list as our own. */
export function createTemporalLogger(log: Log): Logger {
  function write(level: LogLevel, message: string, meta: LogMetadata = {}): void {
    const line = lineOf(message, meta);
    if (level === 'ERROR') log.error(line);
    else if (level === 'WARN') log.warn(line);
    else if (level === 'INFO') log.info(line);
    else log.debug(line);
  }
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

/**
 * For `Runtime.install`. Without `forward` the SDK's native part prints by itself, past the allow-list: whole failures, addresses of
 * servers, workflow ids.
 */
export const runtimeLogging = (log: Log): Pick<RuntimeOptions, 'logger' | 'telemetryOptions'> => ({
  logger: createTemporalLogger(log),
  telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
});
