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

export interface ThreadedRenderer extends NoticeRenderer {
  close(): Promise<void>;
}

/**
 * Setting a PDF takes the processor for a second, on a busy machine for more than ten: in the thread that answers the engine nobody would
 * hear meanwhile that the alarms under way are alive. Begins with the first notice. A thread that fails holds up no notice: what it owed
 * is set here.
 */
export function createThreadedRenderer({
  failed = () => undefined,
  start = startPdfThread,
}: {
  /** Told each time that a thread breaks. */
  readonly failed?: (why: Error) => void;
  readonly start?: () => Worker;
} = {}): ThreadedRenderer {
  const here = createNoticeRenderer();
  const waiting = new Map<number, Waiting>();
  let thread: Worker | null = null;
  let last = 0;

  function give(answer: PdfAnswer): void {
    const job = waiting.get(answer.n);
    if (!waiting.delete(answer.n) || !job) return;
    if ('bytes' in answer) job.resolve(answer.bytes);
    else job.reject(answer.error);
  }

  function begin(): Worker {
    const begun = start();
    const broke = (why: Error): void => {
      if (thread !== begun) return;
      thread = null;
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
    return begun;
  }

  return {
    ...here,
    pdf: (content, envelope) =>
      new Promise((resolve, reject) => {
        const job: PdfJob = { n: ++last, content: asTold(content, envelope), envelope };
        waiting.set(job.n, { ...job, resolve, reject });
        (thread ?? begin()).postMessage(job);
      }),
    async close() {
      const ending = thread;
      thread = null;
      await ending?.terminate();
    },
  };
}
