import { parentPort } from 'node:worker_threads';
import type { PdfAnswer, PdfJob } from './threaded-renderer.js';
import { noticePdf } from './notice-pdf.js';

/** The thread's side: one notice after the other. */
parentPort?.on('message', ({ n, content, envelope }: PdfJob) => {
  void noticePdf(content, envelope).then(
    (bytes) => parentPort?.postMessage({ n, bytes } satisfies PdfAnswer),
    (error: unknown) => parentPort?.postMessage({ n, error } satisfies PdfAnswer),
  );
});
