import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../adapters/config.js';
import { EXAMPLES, FROM_FILE } from '../../adapters/config/reader.js';
import { endpointsOf } from '../../cli/commands/doctor.js';
import { ENV_EXAMPLE, organisationYaml } from '../../cli/templates.js';
import { parseOrganisationFile } from '../../formats/organisation-file.js';
import { accepted, aDesk, aHome, type Desk, ME, type Reply, type Seen, seventytwo } from './desk.js';

let home: ReturnType<typeof aHome>;
let desk: Desk;
let reply: (seen: Seen) => Reply;
beforeEach(async () => {
  home = aHome();
  desk = await aDesk((seen) => reply(seen));
});
afterEach(async () => {
  await desk.stop();
  home.remove();
});

test('the organisation.yaml that init writes is accepted as it stands', async () => {
  const { code, out } = await seventytwo(['init'], { home: home.path });
  expect(code).toBe(0);
  expect(out).toContain('seventytwo organisation set organisation.yaml');
  const text = readFileSync(join(home.path, 'organisation.yaml'), 'utf8');
  expect(parseOrganisationFile(text, 'organisation.yaml')).toMatchObject({
    organisation: { role: 'controller', authorities: ['ie-dpc'] },
  });
});

test('a name with quotes, colons and line breaks cannot break the file that init writes', () => {
  const text = organisationYaml({
    name: 'A "B": C\n- d',
    country: 'IE',
    zone: 'Europe/Dublin',
    authority: 'ie-dpc',
    email: 'dpo@hospital.example',
  });
  expect(parseOrganisationFile(text, 'organisation.yaml')).toMatchObject({ organisation: { name: 'A "B": C\n- d' } });
});

test('the example of settings that init writes loads, once the key file is there', async () => {
  await seventytwo(['init'], { home: home.path });
  const key = join(home.path, 'master.key');
  writeFileSync(key, Buffer.alloc(32, 7).toString('base64'), { mode: 0o600 });
  const lines = readFileSync(join(home.path, 'seventytwo.env.example'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('SEVENTYTWO_'));
  const env = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(loadConfig({ ...env, SEVENTYTWO_MASTER_KEY_FILE: key })).toMatchObject({
    side: 'live',
    listen: { port: 7272 },
  });
});

test('the example of settings names everything that a process or the watchdog reads', () => {
  for (const name of [...Object.keys(EXAMPLES), ...FROM_FILE.map((one) => `${one.replace('SEVENTYTWO', '')}_FILE`)])
    if (name !== 'SEVENTYTWO_EXERCISE_INBOX') expect(ENV_EXAMPLE).toContain(name);
  expect(ENV_EXAMPLE).toContain('# SEVENTYTWO_WATCHDOG_ROUND_SECONDS=10');
});

test('init writes over nothing unless it is told to', async () => {
  await seventytwo(['init'], { home: home.path });
  writeFileSync(join(home.path, 'organisation.yaml'), 'mine');
  const { code, err } = await seventytwo(['init'], { home: home.path });
  expect(err).toContain('organisation.yaml');
  expect(readFileSync(join(home.path, 'organisation.yaml'), 'utf8')).toBe('mine');
  expect(code).toBe(1);
});

test('init --profile keeps the key in a file that only its owner reads', async () => {
  const env = { SEVENTYTWO_URL: 'https://breach.hospital.example', SEVENTYTWO_KEY: 'a-personal-key' };
  const { code, out } = await seventytwo(['init', '--profile'], { home: home.path, env });
  const path = join(home.path, '.config/seventytwo/config.json');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ url: env.SEVENTYTWO_URL, key: env.SEVENTYTWO_KEY });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(out).not.toContain(env.SEVENTYTWO_KEY);
  expect(code).toBe(0);
});

test('init --admin sends the token of the server and shows the new key once', async () => {
  reply = () => ({ status: 201, body: { staff: 'st_1', key: 'key_1', secret: 's72_only-once' } });
  const env = { SEVENTYTWO_URL: desk.url, SEVENTYTWO_BOOTSTRAP_TOKEN: 'a-token-of-the-server' };
  const { code, out } = await seventytwo(
    ['init', '--admin', '--name', 'the administrator', '--email', 'it@hospital.example'],
    { home: home.path, env },
  );
  expect(desk.seen[0]).toMatchObject({
    path: '/v1/bootstrap',
    login: 'Bearer a-token-of-the-server',
    body: { name: 'the administrator', email: 'it@hospital.example' },
  });
  expect(out).toContain('s72_only-once');
  expect(code).toBe(0);
});

test('doctor names each thing that asks for something, and what to do', async () => {
  reply = (seen) => {
    if (seen.path === '/readyz')
      return { status: 503, body: { ok: false, checks: [{ name: 'mongo', ok: false, ms: 3000 }] } };
    if (seen.path === '/v1/me')
      return { status: 200, body: { ...ME, now: new Date(Date.now() - 60_000).toISOString() } };
    if (seen.path === '/v1/authorities')
      return {
        status: 200,
        body: { authorities: [{ id: 'ie-dpc', ours: true, channel: 'email', mailboxVerifiedAt: null }] },
      };
    return accepted();
  };
  const env = {
    SEVENTYTWO_URL: desk.url,
    SEVENTYTWO_KEY: 'k',
    SEVENTYTWO_MONGO_URL: 'mongodb://somebody:secret@127.0.0.1:1/x',
  };
  const { code, out, err } = await seventytwo(['doctor'], { home: home.path, env });
  expect(out).toContain('not answering: mongo');
  expect(out).toMatch(/-(59|60|61)\.\d s from the server's/);
  expect(out).toContain('nobody has verified: ie-dpc');
  expect(out).toContain('no connection to 127.0.0.1:1');
  expect(out).toContain('SEVENTYTWO_SIDE is missing');
  expect(err).toContain('seventytwo authorities verify ie-dpc');
  expect(out + err).not.toContain('secret');
  expect(code).toBe(1);
});

// address                                                  hosts                                   why this row is here
const addresses = [
  [
    'mongodb://a:b@one.example,two.example:27018/x?y=z',
    [
      ['one.example', 27017],
      ['two.example', 27018],
    ],
    'several hosts, a password, the usual port',
  ],
  ['smtps://user:p%40ss@relay.example', [['relay.example', 465]], 'mail over TLS'],
  ['smtp+starttls://relay.example:2525', [['relay.example', 2525]], 'a scheme with a plus'],
  ['temporal.example:7233', [['temporal.example', 7233]], 'no scheme'],
  ['https://[::1]:8443/hook', [['::1', 8443]], 'IPv6'],
] as const;
for (const [address, hosts, why] of addresses) {
  test(`doctor finds the hosts of an address: ${why}`, () => {
    expect(endpointsOf(address).map(({ host, port }) => [host, port])).toEqual(hosts);
  });
}

const round = (over: object = {}) => ({
  ok: true,
  checks: [],
  lastRoundAt: new Date(Date.now() - 4_000).toISOString(),
  lastPingAt: new Date(Date.now() - 5_000).toISOString(),
  deadManSwitch: true,
  alarms: [],
  ...over,
});
// what its door shows                                                     what doctor says of it          why this row is here
const watchdogs: readonly (readonly [object | null, RegExp, string])[] = [
  [round(), /ok +Watchdog +last round \d+ s ago, last ping \d+ s ago/, 'it looks and pings'],
  [round({ ok: false, lastRoundAt: null }), /NO +Watchdog +last round never/, 'it has not looked'],
  [round({ lastPingAt: null }), /NO +Watchdog .*last ping never/, 'its dead-man switch does not take a ping'],
  [
    round({ deadManSwitch: false, lastPingAt: null }),
    /ok +Watchdog .*no dead-man switch/,
    'nobody watches it from outside',
  ],
  [
    round({
      alarms: [
        { cause: 'overdue', goneSince: null },
        { cause: 'differs', goneSince: '2026-03-04T09:00:00.000Z' },
      ],
    }),
    /NO +Its alarms +overdue\s*\n/,
    'an alarm sounds',
  ],
  [null, /NO +Watchdog +http:\/\/127\.0\.0\.1:1 does not answer/, 'it is gone'],
];
for (const [shown, says, why] of watchdogs)
  test(`doctor looks at the watchdog: ${why}`, async () => {
    reply = (seen) =>
      seen.path === '/readyz' && shown ? { status: 200, body: shown } : { status: 401, body: { detail: 'no' } };
    const listen = shown ? new URL(desk.url).host : '127.0.0.1:1';
    const { out } = await seventytwo(['doctor'], {
      home: home.path,
      env: { SEVENTYTWO_URL: desk.url, SEVENTYTWO_KEY: 'k', SEVENTYTWO_WATCHDOG_LISTEN: listen },
    });
    expect(out).toMatch(says);
  });
