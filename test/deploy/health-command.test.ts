import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMetrics } from '../../adapters/metrics.js';
import { type Health, serveHealth } from '../../worker/health.js';

const HEALTH = fileURLToPath(new URL('../../bin/health.mjs', import.meta.url));
let health: Health;
let away = false;
beforeAll(async () => {
  const mongo = { name: 'mongo', check: () => (away ? Promise.reject(new Error('away')) : Promise.resolve()) };
  health = await serveHealth(
    { host: '127.0.0.1', port: 0 },
    { alive: () => true, checks: [mongo], metrics: createMetrics({ side: 'live', process: false }) },
  );
});
afterAll(() => health.close());

const asked = async (what: string, env: Record<string, string>): Promise<{ code: number; says: string }> => {
  try {
    await promisify(execFile)(process.execPath, [HEALTH, what], { env: { PATH: process.env['PATH'], ...env } });
    return { code: 0, says: '' };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, says: stderr.trim() };
  }
};

test('a container tells alive from ready, and says which check it is', async () => {
  const here = health.url.replace('http://', '');
  expect(await asked('ready', { SEVENTYTWO_HEALTH_LISTEN: here })).toEqual({ code: 0, says: '' });
  // The API has no listener of its own for it, and the image names one for all.
  expect(
    await asked('ready', {
      SEVENTYTWO_HEALTH_LISTEN: '127.0.0.1:1',
      SEVENTYTWO_LISTEN: here.replace('127.0.0.1', '0.0.0.0'),
    }),
  ).toEqual({ code: 0, says: '' });
  away = true;
  expect(await asked('alive', { SEVENTYTWO_HEALTH_LISTEN: here })).toEqual({ code: 0, says: '' });
  expect(await asked('ready', { SEVENTYTWO_HEALTH_LISTEN: here })).toEqual({ code: 1, says: 'not ready: mongo' });
});

test('where nothing runs, nothing is alive', async () => {
  expect(await asked('alive', { SEVENTYTWO_HEALTH_LISTEN: '127.0.0.1:1', SEVENTYTWO_LISTEN: '127.0.0.1:2' })).toEqual({
    code: 1,
    says: 'nothing answers',
  });
});
