import { Worker } from 'node:worker_threads';
import type { NoticeRenderer } from '../../activities/ports.js';
import { asTold } from '../../domain/notice/as-told.js';
import type { NoticeContent, NoticeEnvelope } from '../../domain/notice/model.js';
import { noticePdf } from './notice-pdf.js';
import { createNoticeRenderer } from './notice-renderer.js';

export interface PdfJob {
  readonly n: number;
  readonly content: NoticeContent;
  readonly envelope: NoticeEnvelope;
}
export type PdfAnswer = { readonly n: number } & ({ readonly bytes: Uint8Array } | { readonly error: unknown });

interface Waiting extends PdfJob {
  readonly resolve: (bytes: Uint8Array | Promise<Uint8Array>) => void;
  readonly reject: (error: unknown) => void;
}

const isSource = import.meta.url.endsWith('.ts');
export const startPdfThread = (): Worker =>
  new Worker(new URL(isSource ? './pdf-thread-of-sources.mjs' : './pdf-thread.js', import.meta.url), { execArgv: [] });

/** Far more than a PDF takes on a busy machine. Counted from the last answer: what stands in line behind others is not late. */
const ANSWER_WITHIN_MS = 60_000;

export interface ThreadedRenderer extends NoticeRenderer {
  /** What is still owed then is refused. */
  close(): Promise<void>;
}

/**
 * Setting a PDF takes the processor for a second, on a busy machine for more than ten: in the thread that answers the engine nobody would
 * hear meanwhile that the alarms under way are alive. Begins with the first notice. A thread that fails or falls silent holds up no
 * notice: what it owed is set here, and the next notice has a new thread.
 */
export function createThreadedRenderer({
  failed = () => undefined,
  start = startPdfThread,
  answerWithinMs = ANSWER_WITHIN_MS,
}: {
  /** Told each time that a thread breaks or is given up. */
  readonly failed?: (why: Error) => void;
  readonly answerWithinMs?: number;
  readonly start?: () => Worker;
} = {}): ThreadedRenderer {
  const here = createNoticeRenderer();
  const waiting = new Map<number, Waiting>();
  let thread: Worker | null = null;
  let last = 0;
  let limit: NodeJS.Timeout | undefined;
  let giveUp = (_why: Error): void => undefined;

  /** The thread sets one PDF after the other: each answer gives the next one its time. */
  function allow(): void {
    clearTimeout(limit);
    if (waiting.size === 0) return;
    const late = `The thread that sets PDFs gave no answer for ${answerWithinMs / 1000} s.`;
    limit = setTimeout(() => giveUp(new Error(late)), answerWithinMs);
    limit.unref();
  }

  function give(answer: PdfAnswer): void {
    const job = waiting.get(answer.n);
    if (!waiting.delete(answer.n) || !job) return;
    if ('bytes' in answer) job.resolve(answer.bytes);
    else job.reject(answer.error);
    allow();
  }

  function begin(): Worker {
    const begun = start();
    const broke = (why: Error): void => {
      if (thread !== begun) return;
      thread = null;
      clearTimeout(limit);
      void begun.terminate();
      failed(why);
      for (const { n, content, envelope, resolve } of waiting.values()) {
        waiting.delete(n);
        resolve(noticePdf(content, envelope));
      }
    };
    begun.on('message', give);
    begun.once('error', broke);
    begun.once('exit', (code) => broke(new Error(`The thread that sets PDFs ended with ${code}.`)));
    begun.unref(); // whoever waits for a notice holds the process by other means
    thread = begun;
    giveUp = broke;
    return begun;
  }

  return {
    ...here,
    pdf: (content, envelope) =>
      new Promise((resolve, reject) => {
        const job: PdfJob = { n: ++last, content: asTold(content, envelope), envelope };
        waiting.set(job.n, { ...job, resolve, reject });
        (thread ?? begin()).postMessage(job);
        if (waiting.size === 1) allow();
      }),
    async close() {
      const ending = thread;
      thread = null;
      clearTimeout(limit);
      for (const { n, reject } of waiting.values()) {
        waiting.delete(n);
        reject(new Error('The renderer was closed before this PDF was set.'));
      }
      await ending?.terminate();
    },
  };
}
