import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ConfigProblems, loadConfig } from '../../../adapters/config.js';
import { createMasterKeyFile } from '../../../adapters/crypto/master-key.js';
import { anAuthority, daysFromNow, files } from '../../helpers/certificates.js';

type Env = Record<string, string | undefined>;
const SECRET = 'hunter2-7f3a91c2';
const KEY = randomBytes(32).toString('base64');
const PAGER_SECRET = `whsec_${randomBytes(32).toString('base64')}`;

const live = (over: Env = {}): Env => ({
  SEVENTYTWO_SIDE: 'live',
  SEVENTYTWO_MONGO_URL: 'mongodb://db.example:27017/seventytwo_live',
  SEVENTYTWO_TEMPORAL_ADDRESS: 'temporal.example:7233',
  SEVENTYTWO_SMTP_URL: 'smtps://user@relay.example:465',
  SEVENTYTWO_MASTER_KEY: KEY,
  SEVENTYTWO_JOURNAL_DIR: '/var/lib/seventytwo/journal',
  ...over,
});
const drill = (over: Env = {}): Env => ({
  ...live({
    SEVENTYTWO_SIDE: 'drill',
    SEVENTYTWO_SMTP_URL: undefined,
    SEVENTYTWO_MONGO_URL: 'mongodb://db.example:27017',
    SEVENTYTWO_EXERCISE_INBOX: 'smtp://127.0.0.1:1026',
  }),
  ...over,
});
function problems(env: Env): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems;
    throw error;
  }
}

const dir = mkdtempSync(join(tmpdir(), 'seventytwo-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const authority = anAuthority();
const [good, old] = [authority.issue(), authority.issue({ until: daysFromNow(-2) })];
const expired = anAuthority('of yesterday', { until: daysFromNow(-1) });
const pem = files(dir, {
  ca: authority.cert,
  cert: good.cert,
  key: good.key,
  old: `${old.cert}${expired.cert}`,
  oldKey: old.key,
  both: `${good.cert}${good.key}`,
});
const { ca: CA, cert: CERT, key: CERT_KEY, old: OLD, oldKey: OLD_KEY, both: BOTH } = pem;

test('a live configuration has its relay, and defaults of its own side', () => {
  expect(loadConfig(live())).toEqual({
    side: 'live',
    mongoUrl: 'mongodb://db.example:27017/seventytwo_live',
    temporal: { address: 'temporal.example:7233', namespace: 'seventytwo-live', tls: null },
    masterKey: Buffer.from(KEY, 'base64'),
    listen: { host: '127.0.0.1', port: 7272 },
    journalDir: '/var/lib/seventytwo/journal',
    publicUrl: 'http://127.0.0.1:7272',
    bootstrapToken: null,
    logLevel: 'info',
    smtpUrl: 'smtps://user@relay.example:465',
    smtpFallbackUrl: null,
    pager: null,
  });
});

test('a drill configuration has no field through which anybody outside could be reached', () => {
  const config = loadConfig(drill());
  expect(Object.keys(config).filter((field) => /smtp|relay|pager|fallback/i.test(field))).toEqual([]);
  expect(config).toMatchObject({
    side: 'drill',
    exerciseInbox: 'smtp://127.0.0.1:1026',
    mongoUrl: 'mongodb://db.example:27017/seventytwo_drill',
    temporal: { namespace: 'seventytwo-drill' },
    listen: { port: 7273 },
  });
});

for (const name of [
  'SEVENTYTWO_SMTP_URL',
  'SEVENTYTWO_SMTP_FALLBACK_URL',
  'SEVENTYTWO_PAGER_URL',
  'SEVENTYTWO_PAGER_SECRET',
]) {
  test(`a drill does not start while ${name} is set`, () => {
    expect(problems(drill({ [name]: `smtps://user:${SECRET}@relay.example` }))).toEqual([
      expect.stringContaining(`${name} is set, but this is the drill side`),
    ]);
  });
}

test('all problems are told at once, in the form of the style guide', () => {
  const env = live({ SEVENTYTWO_MONGO_URL: undefined, SEVENTYTWO_SMTP_URL: 'relay.example' });
  expect(() => loadConfig(env)).toThrow(
    'Config has 2 problems:\n' +
      '  SEVENTYTWO_SMTP_URL must look like smtps://user@relay.example:465, got a value without a scheme\n' +
      '  SEVENTYTWO_MONGO_URL is missing (example: mongodb://localhost:27017/seventytwo_live)',
  );
});

test('an empty environment is told everything that is needed', () => {
  expect(problems({}).map((problem) => problem.split(' ')[0])).toEqual([
    'SEVENTYTWO_SIDE',
    'SEVENTYTWO_SMTP_URL',
    'SEVENTYTWO_MONGO_URL',
    'SEVENTYTWO_TEMPORAL_ADDRESS',
    'SEVENTYTWO_MASTER_KEY',
    'SEVENTYTWO_JOURNAL_DIR',
  ]);
});

// environment                                                                           says                                why this row is here
// biome-ignore format: a table is read by the row
const WRONG: [Env, string | RegExp, string][] = [
  [live({ SEVENTYTWO_SIDE: 'test' }), 'SEVENTYTWO_SIDE must be live or drill', 'a side that is not there'],
  [live({ SEVENTYTWO_SIDE: undefined }), 'SEVENTYTWO_SIDE is missing', 'nobody said whether this is real'],
  [live({ SEVENTYTWO_MONGO_URL: `db:${SECRET}` }), 'got a value without a scheme', 'a database without a scheme'],
  [live({ SEVENTYTWO_MONGO_URL: `http://u:${SECRET}@db.example` }), 'got something else', 'a database of another kind'],
  [live({ SEVENTYTWO_MONGO_URL: 'mongodb://db.example/seventytwo_drill' }), 'names the database of the drill side', 'the exercise database for real incidents'],
  [drill({ SEVENTYTWO_MONGO_URL: 'mongodb://db.example/seventytwo_live' }), 'names the database of the live side', 'the real database for exercises'],
  [drill({ SEVENTYTWO_TEMPORAL_NAMESPACE: 'seventytwo-live' }), 'names the namespace of the live side', 'the real namespace for exercises'],
  [live({ SEVENTYTWO_TEMPORAL_ADDRESS: 'http://t.example:7233' }), 'must be host:port', 'an address with a scheme'],
  [live({ SEVENTYTWO_TEMPORAL_ADDRESS: 't.example:99999' }), 'must be host:port', 'a port that is not there'],
  [live({ SEVENTYTWO_TEMPORAL_TLS_CERT_FILE: '/c.pem' }), 'SEVENTYTWO_TEMPORAL_TLS_KEY_FILE is missing', 'half a certificate'],
  [live({ SEVENTYTWO_TEMPORAL_TLS: 'yes' }), 'must be true or false', 'a word for true'],
  [live({ SEVENTYTWO_TEMPORAL_TLS: 'false', SEVENTYTWO_TEMPORAL_TLS_CA_FILE: CA }), 'is false, but TLS files are named', 'TLS off and on'],
  [live({ SEVENTYTWO_TEMPORAL_TLS_CA_FILE: '/nowhere/ca.pem' }), 'SEVENTYTWO_TEMPORAL_TLS_CA_FILE cannot be read (ENOENT)', 'an authority that is not there'],
  [live({ SEVENTYTWO_MONGO_TLS_CA_FILE: CERT_KEY }), 'SEVENTYTWO_MONGO_TLS_CA_FILE holds no certificate', 'a key for an authority'],
  [live({ SEVENTYTWO_SMTP_TLS_CA_FILE: OLD }), /SEVENTYTWO_SMTP_TLS_CA_FILE expired on \d{4}-\d\d-\d\d/, 'an authority of yesterday'],
  [live({ SEVENTYTWO_TEMPORAL_TLS_CERT_FILE: OLD, SEVENTYTWO_TEMPORAL_TLS_KEY_FILE: OLD_KEY }), /SEVENTYTWO_TEMPORAL_TLS_CERT_FILE expired on \d{4}-\d\d-\d\d: renew it/, 'our own certificate of yesterday'],
  [live({ SEVENTYTWO_TEMPORAL_TLS_CERT_FILE: CERT, SEVENTYTWO_TEMPORAL_TLS_KEY_FILE: OLD_KEY }), 'SEVENTYTWO_TEMPORAL_TLS_KEY_FILE is not the key of that certificate', 'the key of another certificate'],
  [live({ SEVENTYTWO_MONGO_TLS_CERT_KEY_FILE: CERT }), 'SEVENTYTWO_MONGO_TLS_CERT_KEY_FILE holds no private key', 'a certificate without its key'],
  [live({ SEVENTYTWO_MONGO_URL: 'mongodb://m.example/x?tls=false', SEVENTYTWO_MONGO_TLS_CA_FILE: CA }), 'SEVENTYTWO_MONGO_URL says tls=false', 'TLS off and on for the database'],
  [live({ SEVENTYTWO_MONGO_URL: 'mongodb://m.example/x?tls=true&tlsAllowInvalidCertificates=true' }), 'accepts any certificate', 'a check that is turned off'],
  [live({ SEVENTYTWO_TEMPORAL_TLS: 'false', SEVENTYTWO_TEMPORAL_API_KEY: SECRET }), 'would travel in clear', 'an API key without TLS'],
  [live({ SEVENTYTWO_TEMPORAL_API_KEY: SECRET, SEVENTYTWO_TEMPORAL_TLS_CERT_FILE: CERT, SEVENTYTWO_TEMPORAL_TLS_KEY_FILE: CERT_KEY }), 'takes one of them', 'two ways to log in'],
  [live({ SEVENTYTWO_PAGER_SECRET: PAGER_SECRET, SEVENTYTWO_PAGER_SECRET_FILE: CA, SEVENTYTWO_PAGER_URL: 'https://pager.example/hook' }), 'keep one of them', 'a secret twice'],
  [live({ SEVENTYTWO_BOOTSTRAP_TOKEN_FILE: '/nowhere/token' }), 'SEVENTYTWO_BOOTSTRAP_TOKEN_FILE cannot be read (ENOENT)', 'a secret whose file is not there'],
  [live({ SEVENTYTWO_HEALTH_LISTEN: '7280' }), 'SEVENTYTWO_HEALTH_LISTEN must be host:port', 'a health port alone'],
  [live({ SEVENTYTWO_SMTP_URL: `smtp://u:${SECRET}@relay.example` }), 'clear text', 'mail in clear over the network'],
  [live({ SEVENTYTWO_SMTP_FALLBACK_URL: `http://u:${SECRET}@relay.example` }), 'SEVENTYTWO_SMTP_FALLBACK_URL does not fit', 'a second relay of another kind'],
  [live({ SEVENTYTWO_PAGER_URL: 'https://pager.example/hook' }), 'SEVENTYTWO_PAGER_SECRET is missing', 'a pager whose calls nobody could check'],
  [live({ SEVENTYTWO_PAGER_SECRET: PAGER_SECRET }), 'SEVENTYTWO_PAGER_URL is missing', 'a secret for no pager'],
  [live({ SEVENTYTWO_PAGER_URL: 'http://pager.example/hook', SEVENTYTWO_PAGER_SECRET: PAGER_SECRET }), 'http:// only for this very machine', 'a pager in clear'],
  [live({ SEVENTYTWO_PAGER_URL: 'https://pager.example/hook', SEVENTYTWO_PAGER_SECRET: 'whsec_c2hvcnQ=' }), 'got 5 bytes', 'a short secret'],
  [live({ SEVENTYTWO_MASTER_KEY: SECRET }), 'SEVENTYTWO_MASTER_KEY must be base64', 'a password for a key'],
  [live({ SEVENTYTWO_MASTER_KEY_FILE: '/k' }), 'keep one of them', 'two keys'],
  [live({ SEVENTYTWO_MASTER_KEY: undefined, SEVENTYTWO_MASTER_KEY_FILE: '/nowhere/master.key' }), 'cannot be read (ENOENT)', 'a key file that is not there'],
  [live({ SEVENTYTWO_LISTEN: '7272' }), 'SEVENTYTWO_LISTEN must be host:port', 'a port alone'],
  [live({ SEVENTYTWO_PUBLIC_URL: 'http://breach.hospital.example' }), 'logins travel with each request', 'logins in clear'],
  [live({ SEVENTYTWO_BOOTSTRAP_TOKEN: SECRET.slice(0, 10) }), 'at least 24 characters, got 10', 'a token that can be guessed'],
  [live({ SEVENTYTWO_LOG_LEVEL: 'verbose' }), 'must be one of debug, info, warn, error', 'a level that is not there'],
  [live({ SEVENTYTWO_JOURNAL_DIR: '  ' }), 'SEVENTYTWO_JOURNAL_DIR is missing', 'blanks are nothing'],
  [live({ SEVENTYTWO_EXERCISE_INBOX: 'smtp://127.0.0.1:1026' }), 'this is the live side', 'an exercise inbox for real incidents'],
  [drill({ SEVENTYTWO_EXERCISE_INBOX: undefined }), 'SEVENTYTWO_EXERCISE_INBOX is missing', 'an exercise without an inbox'],
  [drill({ SEVENTYTWO_EXERCISE_INBOX: 'smtp://relay.example:25' }), 'an exercise never leaves it', 'an inbox on another machine'],
  [drill({ SEVENTYTWO_EXERCISE_INBOX: 'smtps://127.0.0.1:465' }), 'must be a mail catcher on this machine', 'not what a catcher speaks'],
  [drill({ SEVENTYTWO_EXERCISE_INBOX: 'smtp://127.0.0.1.evil.example:25' }), 'must be a mail catcher on this machine', 'a name that only looks like this machine'],
];
for (const [env, says, why] of WRONG) {
  test(`one problem, said without the value: ${why}`, () => {
    const found = problems(env);
    expect(found).toEqual([says instanceof RegExp ? expect.stringMatching(says) : expect.stringContaining(says)]);
    expect(found.join()).not.toContain(SECRET);
  });
}

test('a key file with mode 0600 is read; one that others can read is refused', () => {
  const path = join(dir, 'master.key');
  const key = createMasterKeyFile(path);
  expect(loadConfig(live({ SEVENTYTWO_MASTER_KEY: undefined, SEVENTYTWO_MASTER_KEY_FILE: path })).masterKey).toEqual(
    key,
  );
  const open = join(dir, 'open.key');
  writeFileSync(open, KEY, { mode: 0o644 });
  expect(problems(live({ SEVENTYTWO_MASTER_KEY: undefined, SEVENTYTWO_MASTER_KEY_FILE: open }))).toEqual([
    expect.stringContaining('mode 0644'),
  ]);
});

test('a cluster, its options and TLS pass through', () => {
  const config = loadConfig(
    live({
      SEVENTYTWO_MONGO_URL: 'mongodb+srv://user:pw@cluster.example/?tls=true',
      SEVENTYTWO_TEMPORAL_TLS: 'true',
      SEVENTYTWO_TEMPORAL_TLS_CA_FILE: CA,
      SEVENTYTWO_LISTEN: '[::1]:0',
      SEVENTYTWO_PUBLIC_URL: 'https://breach.hospital.example/',
      SEVENTYTWO_PAGER_URL: 'https://pager.example/hook',
      SEVENTYTWO_PAGER_SECRET: PAGER_SECRET,
    }),
  );
  expect(config).toMatchObject({
    mongoUrl: 'mongodb+srv://user:pw@cluster.example/seventytwo_live?tls=true&authSource=admin',
    temporal: { tls: { caFile: CA } },
    listen: { host: '::1', port: 0 },
    publicUrl: 'https://breach.hospital.example',
    pager: { url: 'https://pager.example/hook', secret: PAGER_SECRET },
  });
});

test('the database and the relays over TLS of a private authority; an API key turns TLS to the engine on', () => {
  expect(
    loadConfig(
      live({
        SEVENTYTWO_MONGO_TLS_CA_FILE: CA,
        SEVENTYTWO_MONGO_TLS_CERT_KEY_FILE: BOTH,
        SEVENTYTWO_SMTP_TLS_CA_FILE: CA,
        SEVENTYTWO_TEMPORAL_API_KEY: SECRET,
      }),
    ),
  ).toMatchObject({
    mongoTls: { caFile: CA, certKeyFile: BOTH },
    smtpCaFile: CA,
    temporal: { tls: {}, apiKey: SECRET },
  });
});

test('a secret may stand in a file; an empty file is as good as none', () => {
  const relay = join(dir, 'relay-url');
  writeFileSync(relay, `smtps://user:${SECRET}@relay.example:465\n`, { mode: 0o600 });
  const empty = join(dir, 'empty');
  writeFileSync(empty, '\n', { mode: 0o600 });
  expect(
    loadConfig(
      live({
        SEVENTYTWO_SMTP_URL: undefined,
        SEVENTYTWO_SMTP_URL_FILE: relay,
        SEVENTYTWO_SMTP_FALLBACK_URL_FILE: empty,
        SEVENTYTWO_BOOTSTRAP_TOKEN_FILE: empty,
      }),
    ),
  ).toMatchObject({ smtpUrl: `smtps://user:${SECRET}@relay.example:465`, smtpFallbackUrl: null, bootstrapToken: null });
});
