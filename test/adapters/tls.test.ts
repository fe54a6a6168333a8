import { mkdtempSync, rmSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { type AddressInfo, createServer as createPlainServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { NativeConnection } from '@temporalio/worker';
import { SMTPServer } from 'smtp-server';
import { loadConfig, type LiveConfig } from '../../adapters/config.js';
import { createRelay } from '../../adapters/mail/relay.js';
import { connectMongo } from '../../adapters/mongo/connect.js';
import { tlsOptions } from '../../adapters/temporal/connect.js';
import { tlsTroubles } from '../../adapters/tls-probe.js';
import { anAuthority, type Certificate, daysFromNow, files } from '../helpers/certificates.js';

/** Each side over TLS: what is refused, with which sentence, and that nothing goes on in clear instead. */

const folder = mkdtempSync(join(tmpdir(), 'seventytwo-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const ours = anAuthority();
const paths = files(folder, { ca: ours.cert, other: anAuthority().cert });
const [CA = '', OTHER = ''] = [paths['ca'], paths['other']];

const listen = (server: Server | Http2SecureServer, close: () => unknown = () => server.close()): Promise<number> =>
  new Promise((resolve) => {
    closing.push(async () => void close());
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** A server that speaks TLS and closes what comes after: enough to judge its certificate. Counts what got through. */
async function tlsServer(
  certificate: Certificate,
  options: TlsOptions = {},
): Promise<{ port: number; taken: () => number }> {
  let taken = 0;
  const server = createTlsServer({ ...certificate, ALPNProtocols: ['h2'], ...options }, (socket) => {
    socket.once('data', () => {
      taken++;
      socket.destroy();
    });
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  return { port: await listen(server), taken: () => taken };
}

/** One that knows no TLS and keeps all it hears. */
async function clearServer(): Promise<{ port: number; heard: () => string }> {
  let heard = '';
  const server = createPlainServer((socket) => {
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    socket.on('error', () => undefined);
  });
  return { port: await listen(server), heard: () => heard };
}

async function relayServer(
  certificate: Certificate | null,
  secure: boolean,
): Promise<{ port: number; took: () => number }> {
  let took = 0;
  const server = new SMTPServer({
    secure,
    ...certificate,
    disabledCommands: certificate ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    logger: false,
    onData: (stream, _session, done) => {
      took++;
      stream.resume().once('end', () => done());
    },
  });
  server.on('error', () => undefined);
  return { port: await listen(server.server as Server, () => server.close()), took: () => took };
}

const settings = (over: Readonly<Record<string, string>>): LiveConfig =>
  loadConfig({
    SEVENTYTWO_SIDE: 'live',
    SEVENTYTWO_MONGO_URL: 'mongodb://127.0.0.1:1/x',
    SEVENTYTWO_TEMPORAL_ADDRESS: '127.0.0.1:1',
    SEVENTYTWO_SMTP_URL: 'smtp://127.0.0.1:1',
    SEVENTYTWO_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    SEVENTYTWO_JOURNAL_DIR: folder,
    ...over,
  }) as LiveConfig;

const SIDES = {
  Temporal: (port: number, host: string, ca: string) => ({
    SEVENTYTWO_TEMPORAL_ADDRESS: `${host}:${port}`,
    SEVENTYTWO_TEMPORAL_TLS_CA_FILE: ca,
  }),
  MongoDB: (port: number, host: string, ca: string) => ({
    SEVENTYTWO_MONGO_URL: `mongodb://${host}:${port}/x`,
    SEVENTYTWO_MONGO_TLS_CA_FILE: ca,
  }),
  'The relay': (port: number, host: string, ca: string) => ({
    SEVENTYTWO_SMTP_URL: `smtps://${host}:${port}`,
    SEVENTYTWO_SMTP_TLS_CA_FILE: ca,
  }),
} as const;

// why            certificate                                                    trusted   the sentence                                what to do
const refusals = [
  [
    'untrusted',
    () => ours.issue(),
    OTHER,
    'an authority that is not trusted here',
    /Name that authority's certificate \(PEM\) in SEVENTYTWO_\w+_TLS_CA_FILE/,
  ],
  ['expired', () => ours.issue({ until: daysFromNow(-1) }), CA, 'has expired or is not in force yet', /Renew it there/],
  [
    'other-name',
    () => ours.issue({ names: ['elsewhere.example'] }),
    CA,
    'a certificate for another name',
    /Use the name that the certificate is for/,
  ],
] as const;

for (const [side, settingsOf] of Object.entries(SIDES))
  for (const [why, certificate, ca, says, next] of refusals)
    test(`${side}: ${why} is refused with a sentence that names the side and what to do`, async () => {
      const { port } = await tlsServer(certificate());
      const [found, ...more] = await tlsTroubles(settings(settingsOf(port, '127.0.0.1', ca)));
      expect(more).toEqual([]);
      expect(found).toMatchObject({ name: 'TlsRefused', why });
      expect(found?.message).toContain(`${side} at 127.0.0.1:${port} shows`);
      expect(found?.message).toContain(says);
      expect(found?.message).toMatch(next);
    });

test('a relay that secures itself by STARTTLS is judged in the same way, and one without it is told apart', async () => {
  const good = await relayServer(ours.issue(), false);
  const url = (port: number) => ({ SEVENTYTWO_SMTP_URL: `smtp+starttls://127.0.0.1:${port}` });
  expect(await tlsTroubles(settings({ ...url(good.port), SEVENTYTWO_SMTP_TLS_CA_FILE: CA }))).toEqual([]);
  expect(await tlsTroubles(settings({ ...url(good.port), SEVENTYTWO_SMTP_TLS_CA_FILE: OTHER }))).toMatchObject([
    { side: 'relay', why: 'untrusted' },
  ]);
  const clear = await relayServer(null, false);
  expect(await tlsTroubles(settings(url(clear.port)))).toMatchObject([
    { why: 'no-tls', message: expect.stringContaining('nothing is sent in clear') },
  ]);
});

test('what is in order is told of no side, and every trouble at once otherwise', async () => {
  const [one, two] = [await tlsServer(ours.issue()), await tlsServer(ours.issue())];
  const both = (ca: string) =>
    settings({ ...SIDES.Temporal(one.port, '127.0.0.1', ca), ...SIDES.MongoDB(two.port, '127.0.0.1', ca) });
  expect(await tlsTroubles(both(CA))).toEqual([]);
  expect((await tlsTroubles(both(OTHER))).map(({ side }) => side)).toEqual(['temporal', 'mongo']);
});

test('a server that wants a certificate of ours and gets none says so', async () => {
  const { port } = await tlsServer(ours.issue(), { requestCert: true, rejectUnauthorized: true, ca: ours.cert });
  const without = SIDES.Temporal(port, '127.0.0.1', CA);
  expect(await tlsTroubles(settings(without))).toMatchObject([
    { why: 'wants-certificate', message: expect.stringContaining('SEVENTYTWO_TEMPORAL_TLS_CERT_FILE') },
  ]);
  const { cert, key } = ours.issue({ names: ['worker.example'] });
  const own = files(folder, { 'own-cert': cert, 'own-key': key });
  const withOwn = {
    ...without,
    SEVENTYTWO_TEMPORAL_TLS_CERT_FILE: own['own-cert'] ?? '',
    SEVENTYTWO_TEMPORAL_TLS_KEY_FILE: own['own-key'] ?? '',
  };
  expect(await tlsTroubles(settings(withOwn))).toEqual([]);
});

// The drivers themselves, each against a server whose certificate is not trusted, and one that speaks no TLS.
const mail = {
  to: 'someone@people.example',
  from: 'breach@hospital.example',
  bytes: Buffer.from('Subject: x\r\n\r\nx\r\n'),
  messageId: '<1@hospital.example>',
};
const attempts = {
  Temporal: async (port: number, ca: string) =>
    (await NativeConnection.connect({ address: `127.0.0.1:${port}`, tls: tlsOptions({ caFile: ca }) })).close(),
  MongoDB: async (port: number, ca: string) => {
    const mongo = connectMongo(`mongodb://127.0.0.1:${port}/x?directConnection=true`, {
      selectionTimeoutMs: 1_000,
      tls: { caFile: ca },
    });
    try {
      await mongo.ping();
    } finally {
      await mongo.close();
    }
  },
  'The relay': async (port: number, ca: string) => {
    const { readFileSync } = await import('node:fs');
    const relay = createRelay({ url: `smtps://127.0.0.1:${port}`, name: 'test.example', ca: readFileSync(ca, 'utf8') });
    const outcome = await relay.send(mail, () => undefined);
    if (outcome.state !== 'accepted') throw new Error(outcome.state);
  },
} as const;

for (const [side, attempt] of Object.entries(attempts))
  test(`${side}: the driver sends nothing to an untrusted server and nothing in clear to one without TLS`, async () => {
    const untrusted = await tlsServer(ours.issue());
    await expect(attempt(untrusted.port, OTHER)).rejects.toThrow();
    expect(untrusted.taken()).toBe(0);

    const clear = await clearServer();
    await expect(attempt(clear.port, CA)).rejects.toThrow();
    expect(clear.heard()).not.toMatch(/hospital|people|isMaster|hello|PRI \* HTTP/i); // only handshakes, which are no text
  });

test('the relay with a trusted certificate takes the message', async () => {
  const { port, took } = await relayServer(ours.issue(), true);
  await attempts['The relay'](port, CA);
  expect(took()).toBe(1);
});

test('the engine over TLS is reached with its authority named', async () => {
  const server = createSecureServer({ ...ours.issue() });
  let asked = '';
  server.on('stream', (stream, headers) => {
    asked = String(headers[':path']);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true });
  });
  const port = await listen(server as unknown as Http2SecureServer);
  await attempts.Temporal(port, CA).catch(() => undefined);
  expect(asked).toContain('GetSystemInfo');
});
