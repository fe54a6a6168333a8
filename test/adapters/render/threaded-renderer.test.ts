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
  void renderer.pdf(content, envelope).then(() => (settled = true));
  await here.pdf(content, envelope); // as long as it would have taken here
  expect(settled).toBe(false);
  await renderer.close();
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
