import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { createLog } from '../../adapters/log.js';
import type { Channel } from '../../adapters/watchdog/channels.js';
import { openWatchDisk, type WatchDisk } from '../../adapters/watchdog/disk.js';
import { createWatchMetrics } from '../../adapters/watchdog/metrics.js';
import type { WatchMessage } from '../../domain/watch/alarms.js';
import { patienceFor } from '../../domain/watch/patience.js';
import type { MongoSays, TemporalSays } from '../../domain/watch/sight.js';
import { createDoor, listen } from '../../worker/watchdog-door.js';
import { createRounds } from '../../worker/watchdog-round.js';

/** The rounds and the door of the watchdog, with stores and channels that are played. */

const root = mkdtempSync(join(tmpdir(), 'seventytwo-rounds-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const T0 = Date.parse('2026-03-04T09:00:00.000Z');
const at = (seconds: number): string => new Date(T0 + seconds * 1_000).toISOString();
const ID = 'BR-7K3M-9QXD';
const record: MongoSays = {
  incidents: [{ id: ID, phase: 'confirmed', dueTimes: [at(0)], nextDueAt: at(0), deadline: at(86_400) }],
  intakes: [],
  clock: null,
};
const engine: TemporalSays = {
  running: [{ id: ID, phase: 'confirmed', nextDueAt: at(0) }],
  over: [],
  absent: [],
  queues: {
    incident: { pollerSeenAt: at(86_400), oldestTaskMs: null },
    mail: { pollerSeenAt: at(86_400), oldestTaskMs: null },
  },
};
const hangs = new Promise<never>(() => undefined);

function aWatchdog(
  over: {
    readRecord?: () => Promise<MongoSays>;
    readEngine?: () => Promise<TemporalSays>;
    disk?: Partial<WatchDisk>;
    takes?: (channel: Channel['name'], second: number) => boolean;
  } = {},
) {
  const folder = join(root, String(++folders));
  const disk = { ...openWatchDisk(folder), ...over.disk };
  let second = 0;
  let pings = 0;
  const lines: string[] = [];
  const sent: { second: number; channel: string; message: WatchMessage }[] = [];
  const channel = (name: Channel['name']): Channel => ({
    name,
    async send(message) {
      sent.push({ second, channel: name, message });
      return over.takes?.(name, second) ?? true;
    },
  });
  const metrics = createWatchMetrics({ process: false });
  const patience = { ...patienceFor(10_000), askMs: 50 };
  const nowMs = (): number => T0 + second * 1_000;
  const rounds = createRounds({
    patience,
    readRecord: over.readRecord ?? (async () => record),
    readEngine: over.readEngine ?? (async () => engine),
    disk,
    channels: [channel('webhook'), channel('mail')],
    ping: async () => {
      pings += 1;
      return true;
    },
    metrics,
    log: createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
    nowMs,
  });
  return {
    folder,
    rounds,
    metrics,
    patience,
    nowMs,
    lines,
    sent,
    pings: () => pings,
    async roundAt(next: number): Promise<void> {
      second = next;
      await rounds.round();
    },
    pass: (next: number) => {
      second = next;
    },
  };
}
const told = (dog: ReturnType<typeof aWatchdog>): string[] =>
  dog.sent.map(({ second, channel, message }) => `${second} ${channel} ${message.cause} ${message.kind}`);

test('an alarm goes by all channels at once, and its round pings like any other', async () => {
  const dog = aWatchdog();
  await dog.roundAt(14);
  await dog.roundAt(15);
  await dog.roundAt(25);
  expect(told(dog)).toEqual(['15 webhook overdue alarm', '15 mail overdue alarm']);
  expect(dog.pings()).toBe(3);
});

test('a channel that fails is counted, and the other one has it', async () => {
  const dog = aWatchdog({ takes: (channel) => channel === 'mail' });
  await dog.roundAt(15);
  await dog.roundAt(25);
  expect(told(dog)).toHaveLength(2);
  expect(dog.pings()).toBe(2);
  const figures = await dog.metrics.text();
  expect(figures).toContain('seventytwo_watchdog_messages_total{channel="webhook",ok="false",side="live"} 1');
  expect(figures).toContain('seventytwo_watchdog_messages_total{channel="mail",ok="true",side="live"} 1');
  expect(figures).toContain('seventytwo_watchdog_alarm{cause="overdue",side="live"} 1');
});

test('what no channel took is told again in the next round with the same key; the round that told nobody does not ping', async () => {
  const dog = aWatchdog({ takes: (_, second) => second > 15 });
  await dog.roundAt(15);
  expect(dog.pings()).toBe(0);
  await dog.roundAt(25);
  expect(told(dog)).toHaveLength(4);
  expect(new Set(dog.sent.map(({ message }) => message.key)).size).toBe(1);
  expect(dog.pings()).toBe(1);
});

test('a full disk silences no alarm, and nothing pings', async () => {
  const full = (): void => {
    throw new Error('ENOSPC');
  };
  const dog = aWatchdog({ disk: { write: full } });
  await dog.roundAt(15);
  expect(told(dog)).toHaveLength(2);
  expect(dog.pings()).toBe(0);
  expect(dog.rounds.watching().lastRoundAt).toBeNull();
});

test('stores that hang count as silent: the round goes on, and the copy calls', async () => {
  let away = false;
  const dog = aWatchdog({
    readRecord: () => (away ? hangs : Promise.resolve(record)),
    readEngine: () => (away ? hangs : Promise.resolve(engine)),
  });
  await dog.roundAt(0);
  away = true;
  await dog.roundAt(15);
  await dog.roundAt(25);
  expect(told(dog)).toEqual([
    '15 webhook overdue alarm',
    '15 mail overdue alarm',
    '25 webhook stores-away alarm',
    '25 mail stores-away alarm',
  ]);
  expect(dog.sent[0]?.message.finding.blind).toBe(true);
  expect(dog.pings()).toBe(3); // it does its own work: its switch has nothing to say
});

test('after a kill the next one knows what was told', async () => {
  const dog = aWatchdog();
  await dog.roundAt(15);
  const next = aWatchdog({ disk: openWatchDisk(dog.folder) });
  await next.roundAt(25);
  await next.roundAt(15 + 600);
  expect(told(next)).toEqual(['615 webhook overdue again', '615 mail overdue again']);
});

test('acknowledged by a file in its folder, it repeats nothing for four hours', async () => {
  const dog = aWatchdog();
  await dog.roundAt(15);
  writeFileSync(join(dog.folder, 'acknowledge.overdue'), '');
  await dog.roundAt(25);
  await dog.roundAt(15 + 600);
  expect(told(dog)).toHaveLength(2);
  await dog.roundAt(25 + 4 * 3_600);
  expect(told(dog)).toHaveLength(4);
});

test('its log holds causes, channels and counts, and no message', async () => {
  const dog = aWatchdog();
  await dog.roundAt(15);
  const line = JSON.parse(dog.lines.find((one) => one.includes('watchdog.told')) ?? '{}') as object;
  expect(line).toMatchObject({ channel: 'webhook', ok: true, type: 'overdue', state: 'alarm', count: 1 });
  expect(dog.lines.join()).not.toMatch(/@|nobody may have been called/);
});

const doors: Server[] = [];
afterEach(() => {
  for (const door of doors.splice(0)) door.close();
});
async function aDoor(dog: ReturnType<typeof aWatchdog>, token: string | null = null): Promise<string> {
  const door = createDoor({ ...dog, hasPing: true, token });
  doors.push(door);
  return `http://127.0.0.1:${await listen(door, { host: '127.0.0.1', port: 0 })}`;
}

test('ready from the first healthy round until its last one is too old; alive all the while', async () => {
  const dog = aWatchdog();
  const url = await aDoor(dog);
  const ready = async (): Promise<number> => (await fetch(`${url}/readyz`)).status;
  expect(await ready()).toBe(503);
  await dog.roundAt(0);
  const stale = dog.patience.staleMs / 1_000;
  dog.pass(stale);
  expect(await ready()).toBe(200);
  dog.pass(stale + 0.001);
  expect(await ready()).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('its door shows what sounds, by cause and count, never by words or names', async () => {
  const dog = aWatchdog();
  await dog.roundAt(15);
  const shown = await (await fetch(`${await aDoor(dog)}/readyz`)).json();
  expect(shown).toEqual({
    ok: true,
    lastRoundAt: at(15),
    lastPingAt: at(15),
    deadManSwitch: true,
    answers: { mongo: true, temporal: true },
    incidents: 1,
    alarms: [
      {
        cause: 'overdue',
        begunAt: at(15),
        since: at(0),
        toldAt: at(15),
        acknowledgedAt: null,
        goneSince: null,
        incidents: 1,
      },
    ],
  });
});

const TOKEN = 'a-token-of-24-characters-or-more';
const doorRows: readonly (readonly [string | null, string, string | null, number, string])[] = [
  [null, '/acknowledge', `Bearer ${TOKEN}`, 403, 'no token is configured: only by file'],
  [TOKEN, '/acknowledge', null, 401, 'nobody says who asks'],
  [TOKEN, '/acknowledge', 'Bearer something-else-of-that-length--', 401, 'another token'],
  [TOKEN, '/acknowledge/nothing', `Bearer ${TOKEN}`, 404, 'no such cause'],
  [TOKEN, '/acknowledge/overdue', `Bearer ${TOKEN}`, 202, 'one alarm'],
  [TOKEN, '/acknowledge', `Bearer ${TOKEN}`, 202, 'all of them'],
];
for (const [token, path, authorization, status, why] of doorRows)
  test(`acknowledging over HTTP: ${why}`, async () => {
    const dog = aWatchdog();
    await dog.roundAt(15);
    const url = await aDoor(dog, token);
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      ...(authorization && { headers: { authorization } }),
    });
    expect(answer.status).toBe(status);
    await dog.roundAt(25);
    expect(dog.rounds.watching().alarms.overdue?.acknowledgedAt).toBe(status === 202 ? at(25) : null);
  });
