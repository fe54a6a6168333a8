import { Worker } from 'node:worker_threads';
import { afterAll, expect, test } from '@jest/globals';
import { createNoticeRenderer } from '../../../adapters/render/notice-renderer.js';
import { createThreadedRenderer, startPdfThread } from '../../../adapters/render/threaded-renderer.js';
import { noticeCases } from './cases.js';

const here = createNoticeRenderer();
let begunInAll = 0;
const threaded = createThreadedRenderer({
  start: () => {
    begunInAll += 1;
    return startPdfThread();
  },
  failed: (why) => {
    throw why; // what it owed would be set here, and the bytes would prove nothing
  },
});
afterAll(() => threaded.close());

for (const { name, content, envelope } of noticeCases().slice(0, 2))
  test(`${name}: another thread sets the same bytes`, async () => {
    const [ours, theirs] = [await here.pdf(content, envelope), await threaded.pdf(content, envelope)];
    expect(Buffer.from(theirs).equals(Buffer.from(ours))).toBe(true);
    expect(begunInAll).toBe(1);
  });

const [first] = noticeCases();
if (!first) throw new Error('There is a case.');
const { content, envelope } = first;

test('what cannot be set is told with the same words', async () => {
  const broken = { ...content, controller: undefined as never };
  const words = await here.pdf(broken, envelope).catch((error: Error) => error.message);
  await expect(threaded.pdf(broken, envelope)).rejects.toThrow(String(words));
});

test('this thread sets nothing itself while the other one has it', async () => {
  const silent = new Worker('setInterval(() => undefined, 1000)', { eval: true });
  const renderer = createThreadedRenderer({ start: () => silent });
  let settled = false;
  const owed = renderer.pdf(content, envelope).finally(() => (settled = true));
  const told = expect(owed).rejects.toThrow('closed before this PDF was set');
  await here.pdf(content, envelope); // as long as it would have taken here
  expect(settled).toBe(false);
  await renderer.close();
  await told; // nobody waits for a thread that is gone
});

test('a thread that gives no answer is ended within the limit and holds up no notice; the next one has a new thread', async () => {
  const begun: Worker[] = [];
  const failed: string[] = [];
  const renderer = createThreadedRenderer({
    start: () => {
      const hung = new Worker('for (;;);', { eval: true });
      begun.push(hung);
      return hung;
    },
    failed: ({ message }) => failed.push(message),
    answerWithinMs: 50,
  });
  const ended = [];
  for (const n of [1, 2]) {
    const both = [renderer.pdf(content, envelope), renderer.pdf(content, envelope)];
    ended.push(new Promise((resolve) => begun.at(-1)?.once('exit', resolve)));
    for (const pdf of await Promise.all(both)) expect(pdf.length).toBeGreaterThan(10_000);
    expect(begun).toHaveLength(n);
    expect(failed).toEqual(Array(n).fill('The thread that sets PDFs gave no answer for 0.05 s.'));
  }
  await Promise.all(ended);
});

test('a thread that dies holds up no notice, and the next one has a new thread', async () => {
  const [begun, failed]: [number[], string[]] = [[], []];
  const renderer = createThreadedRenderer({
    start: () => {
      begun.push(1);
      return new Worker('process.exit(1)', { eval: true });
    },
    failed: ({ message }) => failed.push(message),
  });
  for (const n of [1, 2]) {
    expect((await renderer.pdf(content, envelope)).length).toBeGreaterThan(10_000);
    expect(begun).toHaveLength(n);
    expect(failed).toHaveLength(n);
  }
});
