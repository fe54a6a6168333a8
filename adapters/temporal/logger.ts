import type { LogLevel, LogMetadata, Logger } from '@temporalio/common';
import type { Log } from '../log.js';

/** Only messages that are plain words of the SDK's own code; anything with figures, quotes or addresses in it is left out. */
const PLAIN = /^[A-Za-z][A-Za-z' -]{1,78}$/;
const incidentOf = (workflowId: unknown): string | undefined =>
  typeof workflowId === 'string' ? /^(?:incident|mailing)\/((?:BR|EX)-\w{4}-\w{4})/.exec(workflowId)?.[1] : undefined;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** For `Runtime.install({ logger })`: the SDK's and the workflows' lines, through the same allow-list as our own. */
export function createTemporalLogger(log: Log): Logger {
  function write(level: LogLevel, message: string, meta: LogMetadata = {}): void {
    const error: unknown = meta['error'];
    const line = {
      event: 'temporal.line',
      says: PLAIN.test(message) ? message.trim().replace(/[' ]+/g, '-') : undefined,
      incident: incidentOf(meta['workflowId']),
      workflow: text(meta['workflowType']),
      activity: text(meta['activityType']),
      queue: text(meta['taskQueue']),
      attempt: typeof meta['attempt'] === 'number' ? meta['attempt'] : undefined,
      error: error instanceof Error ? error : undefined,
    };
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
