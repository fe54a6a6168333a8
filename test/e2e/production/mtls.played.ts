import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Config, loadConfig } from '../../../adapters/config.js';
import { connectTemporal } from '../../../adapters/temporal/connect.js';
import { dataConverter } from '../../../adapters/temporal/data-converter.js';
import { createIncidentGateway } from '../../../adapters/temporal/gateway.js';
import { type Engine, startCatcher, startMongo } from '../../../stack/engines.js';
import { startIncidentWorker } from '../../../worker/incident.js';
import { aCause, aDeclaration, RESPONDER } from '../../build.js';
import { anAuthority, files } from '../../helpers/certificates.js';
import { freePort } from './postgres.js';

/** A production server that wants a certificate of everybody (mTLS): `npm run e2e:production`, which puts it on PATH as `temporal`. */

const NAMESPACE = 'seventytwo-live';
const folder = mkdtempSync(join(tmpdir(), 'seventytwo-mtls-'));
const ours = anAuthority();
const [server, worker] = [ours.issue(), ours.issue({ names: ['worker.example'] })];
const pem = files(folder, {
  ca: ours.cert,
  other: anAuthority().cert,
  'server-cert': server.cert,
  'server-key': server.key,
  'worker-cert': worker.cert,
  'worker-key': worker.key,
});
let stores: Engine;
let ended: Promise<void>;
let stop = (): void => undefined;
let settings: (over?: Record<string, string>) => Config;

beforeAll(async () => {
  const data = join(folder, 'temporal');
  mkdirSync(data);
  writeFileSync(
    join(data, 'tls.json'),
    JSON.stringify({ ca: pem['ca'], cert: pem['server-cert'], key: pem['server-key'] }),
  );
  const port = await freePort();
  const child = spawn(
    'temporal',
    ['server', 'start-dev', '--port', String(port), '--db-filename', join(data, 'temporal.db')],
    {
      stdio: 'ignore',
    },
  );
  ended = new Promise((resolve) => {
    child.once('exit', () => resolve());
  });
  stop = () => void child.kill('SIGTERM');
  const catcher = await startCatcher({});
  stores = await startMongo({ dataDir: join(folder, 'mongo') });
  settings = (over = {}) =>
    loadConfig({
      SEVENTYTWO_SIDE: 'live',
      SEVENTYTWO_MONGO_URL: stores.url.replace(/\/(\?|$)/, '/seventytwo_live$1'),
      SEVENTYTWO_TEMPORAL_ADDRESS: `localhost:${port}`,
      SEVENTYTWO_TEMPORAL_TLS_CA_FILE: pem['ca'] ?? '',
      SEVENTYTWO_TEMPORAL_TLS_CERT_FILE: pem['worker-cert'] ?? '',
      SEVENTYTWO_TEMPORAL_TLS_KEY_FILE: pem['worker-key'] ?? '',
      SEVENTYTWO_SMTP_URL: catcher.url,
      SEVENTYTWO_MASTER_KEY: randomBytes(32).toString('base64'),
      SEVENTYTWO_JOURNAL_DIR: join(folder, 'journal'),
      SEVENTYTWO_LOG_LEVEL: 'error',
      ...over,
    });
  const { connection, close } = reach(settings());
  const end = Date.now() + 60_000;
  for (;;) {
    const made = await connection.workflowService
      .registerNamespace({ namespace: NAMESPACE, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } })
      .then(
        () => true,
        (error: unknown) => String(error).includes('already'),
      );
    if (made) break;
    if (Date.now() > end) throw new Error('The server did not take the namespace within a minute.');
    await delay(250);
  }
  await close();
  await catcher.stop().catch(() => undefined);
});
afterAll(async () => {
  stop();
  await ended;
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});

const reach = (config: Config) =>
  connectTemporal({
    address: config.temporal.address,
    namespace: NAMESPACE,
    dataConverter: dataConverter(config),
    ...(config.temporal.tls && { tls: config.temporal.tls }),
  });

test('a worker with its certificate runs an incident; what it writes to the engine goes over TLS alone', async () => {
  const config = settings();
  const running = await eventually(() => startIncidentWorker(config));
  const temporal = reach(config);
  const gateway = createIncidentGateway({ client: temporal.client });
  const declaration = aDeclaration({});
  await gateway.declare({ declaration, actor: RESPONDER, cause: aCause(randomBytes(32).toString('hex')) });
  const state = await eventually(() => gateway.state(declaration.incidentId));
  expect(state.id).toBe(declaration.incidentId);
  await temporal.close();
  await running.stop();
});

/** The server looks for a new namespace every few seconds. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(500);
    }
  }
}

test('a worker that trusts another authority does not start, and says whose certificate it is', async () => {
  const refused = startIncidentWorker(settings({ SEVENTYTWO_TEMPORAL_TLS_CA_FILE: pem['other'] ?? '' }));
  await expect(refused).rejects.toMatchObject({
    name: 'TlsRefused',
    message: expect.stringMatching(
      /^Temporal at localhost:\d+ shows a certificate of an authority that is not trusted here/,
    ),
  });
});

test('a worker without a certificate of its own does not start, and says that it needs one', async () => {
  const none = { SEVENTYTWO_TEMPORAL_TLS_CERT_FILE: '', SEVENTYTWO_TEMPORAL_TLS_KEY_FILE: '' };
  await expect(startIncidentWorker(settings(none))).rejects.toMatchObject({
    name: 'TlsRefused',
    message: expect.stringContaining('SEVENTYTWO_TEMPORAL_TLS_CERT_FILE'),
  });
});
