import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type Catcher, type CatcherOptions, startCatcher } from '../../stack/engines.js';
import { removeTempDirs, tempDir } from './help.js';

const RAW = 'Subject: a notice\r\nMessage-ID: <1@controller.example>\r\n\r\nText.\r\n';
const ENVELOPE = { from: 'dpo@controller.example', to: ['authority@dpa.test'] };

let catcher: Catcher | undefined;
const start = async (options?: CatcherOptions): Promise<Catcher> => {
  catcher = await startCatcher(options);
  return catcher;
};
const send = async (to: Catcher): Promise<{ accepted: (string | { address: string })[] }> =>
  await createTransport({ url: to.url, ignoreTLS: true }).sendMail({ envelope: ENVELOPE, raw: RAW });

afterEach(async () => await catcher?.stop());
afterAll(removeTempDirs);

test('a mail is caught with its envelope and its bytes', async () => {
  const it = await start();
  await send(it);
  expect(it.messages().map(({ from, to, raw }) => ({ from, to, raw: raw.toString() }))).toEqual([
    { ...ENVELOPE, raw: RAW },
  ]);
  it.clear();
  expect(it.messages()).toEqual([]);
});

test('each mail is kept as a file that only its owner reads, and numbering goes on after a restart', async () => {
  const store = join(tempDir(), 'mail');
  const first = await start({ store });
  await send(first);
  await send(first);
  await first.stop();
  await send(await start({ store }));
  expect(readdirSync(store).sort()).toEqual(['0001.eml', '0002.eml', '0003.eml']);
  expect(readFileSync(join(store, '0003.eml'), 'utf8')).toBe(RAW);
  expect(statSync(join(store, '0001.eml')).mode & 0o777).toBe(0o600);
});

const misbehaviours: [why: string, options: CatcherOptions, error: object, kept: number][] = [
  ['a recipient is refused for good', { onRcpt: () => ({ refuse: 550 }) }, { responseCode: 550 }, 0],
  ['a recipient is put off', { onRcpt: () => ({ refuse: 450 }) }, { responseCode: 450 }, 0],
  ['the connection drops at the recipient', { onRcpt: () => 'close' }, { code: 'ECONNECTION' }, 0],
  ['the message is refused at the dot', { onData: () => ({ refuse: 554 }) }, { responseCode: 554 }, 0],
  [
    'the connection drops after the dot and nothing was kept',
    { onData: () => 'close-untaken' },
    { code: 'ECONNECTION' },
    0,
  ],
  [
    'the connection drops after the dot though it was kept',
    { onData: () => 'close-taken' },
    { code: 'ECONNECTION' },
    1,
  ],
];
for (const [why, options, error, kept] of misbehaviours) {
  test(`the sender is told what happened when ${why}`, async () => {
    const it = await start(options);
    await expect(send(it)).rejects.toMatchObject(error);
    expect(it.messages()).toHaveLength(kept);
  });
}

test('an answer waits for the hook', async () => {
  let release: (() => void) | undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let seen: (() => void) | undefined;
  const reached = new Promise<void>((resolve) => {
    seen = resolve;
  });
  const it = await start({
    onData: async () => {
      seen?.();
      await held;
      return 'take' as const;
    },
  });
  const sending = send(it);
  await reached;
  expect(it.messages()).toHaveLength(0);
  release?.();
  await sending;
  expect(it.messages()).toHaveLength(1);
});

test('a taken port is named', async () => {
  const it = await start();
  const port = Number(new URL(it.url).port);
  await expect(startCatcher({ port })).rejects.toThrow(`Port ${port}`);
  const other = await startCatcher({ preferPort: port });
  expect(other.url).not.toBe(it.url);
  await other.stop();
});

test('after a kill nobody answers on its port', async () => {
  const it = await start();
  it.kill();
  await it.stop();
  await expect(send(it)).rejects.toThrow();
});
