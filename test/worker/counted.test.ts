import { expect, test } from '@jest/globals';
import type { Ledger } from '../../activities/ports.js';
import { createMetrics } from '../../adapters/metrics.js';
import type { AnyEvent } from '../../domain/incident/events.js';
import { countedLedger } from '../../worker/counted.js';

const AT = '2026-03-02T09:00:00.000Z';
const event = (stream: string, seq: number): AnyEvent => ({ stream, seq, at: AT }) as AnyEvent;

function aLedger(side: 'live' | 'drill' = 'live') {
  const world = { away: true, nowMs: Date.parse(AT) + 60_000 };
  const metrics = createMetrics({ side, process: false, now: () => world.nowMs });
  const ledger: Ledger = {
    async append(events) {
      if (world.away) throw new Error('away');
      return { seq: events.at(-1)?.seq ?? 0, hash: '' };
    },
    read: async () => [],
    head: async () => null,
  };
  const counted = countedLedger(ledger, metrics, side, () => world.nowMs);
  const figure = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(await metrics.text())?.[1]);
  return { world, counted, figure };
}

test('the recorder is behind from the oldest event that could not be appended until it is appended', async () => {
  const { world, counted, figure } = aLedger();
  await expect(counted.append([event('BR-1', 1), event('BR-1', 2)])).rejects.toThrow('away');
  expect(await figure('seventytwo_recorder_behind_seconds')).toBe(60);
  expect(await figure('seventytwo_ledger_unrecorded_events')).toBe(2);

  world.nowMs += 540_000;
  expect(await figure('seventytwo_recorder_behind_seconds')).toBe(600);

  world.away = false;
  await counted.append([event('BR-1', 1), event('BR-1', 2)]);
  expect(await figure('seventytwo_recorder_behind_seconds')).toBe(0);
  expect(await figure('seventytwo_ledger_lag_seconds_sum')).toBe(600);
});

test('an incident that another worker has taken over is not counted for ever', async () => {
  const { world, counted, figure } = aLedger();
  await expect(counted.append([event('BR-1', 1)])).rejects.toThrow('away');
  world.nowMs += 31 * 60_000;
  world.away = false;
  await counted.append([event('BR-2', 1)]);
  expect(await figure('seventytwo_recorder_behind_seconds')).toBe(0);
});

test('on the drill side the lag is real time: the clock of an exercise says nothing about it', async () => {
  const { world, counted, figure } = aLedger('drill');
  world.nowMs += 72 * 3_600_000;
  await expect(counted.append([event('EX-1', 1)])).rejects.toThrow('away');
  expect(await figure('seventytwo_recorder_behind_seconds')).toBe(0);
  world.nowMs += 5_000;
  expect(await figure('seventytwo_recorder_behind_seconds')).toBe(5);
});
