import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMetrics } from '../../adapters/metrics.js';
import { type Health, serveHealth } from '../../worker/health.js';
import { startTestEngine, type TestEngine } from '../helpers/engine.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ health: true });
});
afterAll(() => engine.stop());

const ask = async (url: string | null | undefined, path: string): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`${url}${path}`);
  return { status: answer.status, text: await answer.text() };
};
async function until(ask_: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await ask_())) {
    if (Date.now() > end) throw new Error(`It did not come to this within 120 s: ${what}.`);
    await delay(100);
  }
}

test('a worker tells that it lives, that it can work, and its figures; other addresses do not exist', async () => {
  const [incident, mail] = engine.workers;
  expect(await ask(incident?.healthUrl, '/healthz')).toMatchObject({ status: 200 });
  const ready = await ask(incident?.healthUrl, '/readyz');
  expect(JSON.parse(ready.text)).toMatchObject({
    ok: true,
    checks: [{ name: 'worker' }, { name: 'mongo' }, { name: 'temporal' }],
  });
  expect(JSON.parse((await ask(mail?.healthUrl, '/readyz')).text)).toMatchObject({ ok: true });
  expect(await ask(mail?.healthUrl, '/v1/incidents')).toMatchObject({ status: 404, text: '' });

  const id = await engine.declare();
  await engine.until(id, (state) => state.seq > 1);
  const figures = async (): Promise<string> =>
    (await Promise.all([incident, mail].map(async (worker) => (await ask(worker?.healthUrl, '/metrics')).text))).join(
      '',
    );
  await until(
    async () => /seventytwo_incidents_open\{phase="confirmed",side="live"\} 1/.test(await figures()),
    'one open incident',
  );
  expect(await figures()).toMatch(/seventytwo_next_deadline_seconds\{side="live"\} -?\d/);
  expect(await figures()).toMatch(/seventytwo_ledger_events_total\{side="live"\} [1-9]/);
  // The engine's own library is heard as well.
  await until(
    async () => /seventytwo_task_wait_seconds_count\{side="live",kind="workflow"\} [1-9]/.test(await figures()),
    'the wait of workflow tasks',
  );
});

test('a worker whose database is away is alive and not ready, and says that it is the database', async () => {
  const [incident] = engine.workers;
  engine.mongo.kill();
  await until(async () => (await ask(incident?.healthUrl, '/readyz')).status === 503, 'not ready');
  const { checks } = JSON.parse((await ask(incident?.healthUrl, '/readyz')).text) as {
    checks: { name: string; ok: boolean }[];
  };
  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['mongo']);
  expect(await ask(incident?.healthUrl, '/healthz')).toMatchObject({ status: 200 });
});

test('a worker that cannot be helped is not alive', async () => {
  let alive = true;
  const health: Health = await serveHealth(
    { host: '127.0.0.1', port: 0 },
    { alive: () => alive, checks: [], metrics: createMetrics({ side: 'live', process: false }) },
  );
  expect(await ask(health.url, '/healthz')).toMatchObject({ status: 200 });
  alive = false;
  expect(await ask(health.url, '/healthz')).toMatchObject({ status: 503 });
  await health.close();
});
