import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type Listening, startListening } from '../../stack/listening.js';
import { freePort } from '../../stack/ports.js';

const strangers: Server[] = [];
afterEach(async () => {
  await Promise.all(strangers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

const never = new Promise<never>(() => undefined);
const aProcess = (how: { listens: boolean; ended: Promise<number | null> }): Listening => {
  let over = false;
  const ended = how.ended.then((code) => {
    over = true;
    return code;
  });
  return {
    name: 'The live side',
    logFile: 'processes.log',
    ended,
    listens: how.listens ? Promise.resolve(true) : never,
    hasEnded: () => over,
    stop: () => Promise.resolve(),
  };
};

/** Another stack that takes this port just before ours does, and would answer for it. */
const stranger = (port: number): Promise<void> =>
  new Promise((resolve) => {
    strangers.push(createServer((socket) => socket.end()).listen(port, '127.0.0.1', resolve));
  });

test('a stranger who takes the port between the look and the start is not taken for ours: ours gets another port', async () => {
  const usual = await freePort();
  const tried: number[] = [];
  const { port } = await startListening(usual, (at) => {
    tried.push(at);
    return tried.length === 1
      ? aProcess({ listens: false, ended: stranger(at).then(() => 1) })
      : aProcess({ listens: true, ended: never });
  });
  expect(tried).toEqual([usual, port]);
  expect(port).not.toBe(usual);
});

test('one that ends for another reason is not started again and again', async () => {
  let starts = 0;
  const usual = await freePort();
  const starting = startListening(usual, () => {
    starts += 1;
    return aProcess({ listens: false, ended: Promise.resolve(1) });
  });
  await expect(starting).rejects.toThrow('The live side ended. Its last words are in processes.log.');
  expect(starts).toBe(1);
});
