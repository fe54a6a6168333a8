import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ConfigProblems } from '../../../adapters/config.js';
import { loadWatchdogConfig } from '../../../adapters/watchdog/config.js';

type Env = Record<string, string | undefined>;
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const good = (over: Env = {}): Env => ({
  SEVENTYTWO_MONGO_URL: 'mongodb://db.example:27017',
  SEVENTYTWO_TEMPORAL_ADDRESS: 'temporal.example:7233',
  SEVENTYTWO_WATCHDOG_DIR: '/var/lib/seventytwo/watchdog',
  SEVENTYTWO_WATCHDOG_WEBHOOK_URL: 'https://other-pager.example/hook',
  SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET: SECRET,
  SEVENTYTWO_WATCHDOG_SMTP_URL: 'smtps://user@other-relay.example:465',
  SEVENTYTWO_WATCHDOG_MAIL_FROM: 'watchdog@hospital.example',
  SEVENTYTWO_WATCHDOG_MAIL_TO: 'on-call@hospital.example, deputy@hospital.example',
  SEVENTYTWO_WATCHDOG_PING_URL: 'https://dead-man.example/ping/1',
  ...over,
});
function problems(env: Env): readonly string[] {
  try {
    loadWatchdogConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems;
    throw error;
  }
}

test('both channels, a ping, and the usual round; no master key is asked for', () => {
  expect(loadWatchdogConfig(good())).toEqual({
    mongoUrl: 'mongodb://db.example:27017/seventytwo_live',
    temporal: { address: 'temporal.example:7233', namespace: 'seventytwo-live', tls: null },
    dir: '/var/lib/seventytwo/watchdog',
    webhook: { url: 'https://other-pager.example/hook', secret: SECRET },
    mail: {
      smtpUrl: 'smtps://user@other-relay.example:465',
      from: 'watchdog@hospital.example',
      to: ['on-call@hospital.example', 'deputy@hospital.example'],
    },
    pingUrl: 'https://dead-man.example/ping/1',
    listen: { host: '127.0.0.1', port: 7274 },
    token: null,
    intervalMs: 10_000,
    logLevel: 'info',
  });
});

test('everything that is wrong is told at once, and no value is repeated', () => {
  const found = problems({
    SEVENTYTWO_SIDE: 'drill',
    SEVENTYTWO_WATCHDOG_DIR: 'here',
    SEVENTYTWO_WATCHDOG_SMTP_URL: 'hunter2',
    SEVENTYTWO_WATCHDOG_MAIL_TO: 'on-call@hospital.example, hunter2',
    SEVENTYTWO_WATCHDOG_PING_URL: 'http://hunter2.example',
    SEVENTYTWO_WATCHDOG_TOKEN: 'hunter2',
    SEVENTYTWO_WATCHDOG_ROUND_SECONDS: '30',
  });
  expect(found.map((one) => one.split(' ')[0])).toEqual([
    'SEVENTYTWO_SIDE',
    'SEVENTYTWO_WATCHDOG_DIR',
    'SEVENTYTWO_WATCHDOG_PING_URL',
    'SEVENTYTWO_MONGO_URL',
    'SEVENTYTWO_TEMPORAL_ADDRESS',
    'SEVENTYTWO_WATCHDOG_MAIL_FROM',
    'SEVENTYTWO_WATCHDOG_SMTP_URL',
    'SEVENTYTWO_WATCHDOG_MAIL_TO',
    'SEVENTYTWO_WATCHDOG_TOKEN',
    'SEVENTYTWO_WATCHDOG_ROUND_SECONDS',
  ]);
  expect(found.join()).not.toContain('hunter2');
  expect(found.at(-1)).toContain('from 0.2 to 11');
});

test('without any way to wake somebody it does not start, and says all that each way needs', () => {
  const none = Object.fromEntries(Object.entries(good()).filter(([name]) => !/WEBHOOK|SMTP|MAIL/.test(name)));
  const found = problems(none);
  expect(found).toEqual([expect.stringContaining('needs a way to wake somebody')]);
  for (const name of ['WEBHOOK_URL', 'WEBHOOK_SECRET', 'SMTP_URL', 'MAIL_FROM', 'MAIL_TO'])
    expect(found[0]).toContain(`SEVENTYTWO_WATCHDOG_${name}`);
});

test('half a channel that is wrong besides is told with both problems', () => {
  const half = good({
    SEVENTYTWO_WATCHDOG_WEBHOOK_URL: undefined,
    SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET: 'whsec_c2hvcnQ=',
  });
  expect(problems(half)).toEqual([
    expect.stringContaining('SEVENTYTWO_WATCHDOG_WEBHOOK_URL is missing'),
    expect.stringContaining('got 5 bytes'),
  ]);
});

test('half a channel is none', () => {
  expect(problems(good({ SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET: undefined }))).toEqual([
    expect.stringContaining('SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET is missing'),
  ]);
  expect(problems(good({ SEVENTYTWO_WATCHDOG_MAIL_TO: undefined }))).toEqual([
    expect.stringContaining('SEVENTYTWO_WATCHDOG_MAIL_TO is missing'),
  ]);
});
