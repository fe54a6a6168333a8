import { setTimeout as delay } from 'node:timers/promises';
import { toMs } from '../domain/clock/instant.js';
import { longestToAlarmMs, DEFAULT_INTERVAL_MS, patienceFor, WITHIN_MS } from '../domain/watch/patience.js';
import { startEars } from '../test/e2e/watchdog-ears.js';
import { startWorld } from '../test/helpers/processes.js';
import { load, row, type Say, seconds } from './figures.js';
import { declareAll } from './incidents.js';

const FREEZE_AHEAD_MS = 3_000;
const HEARD_WITHIN_MS = 120_000;

/** So many open incidents that fall due in one second while the worker is frozen (SIGSTOP): how long until the watchdog calls, with its usual rounds. */
async function atSize(say: Say, size: number): Promise<void> {
  const world = await startWorld({ built: true });
  const ears = await startEars(world.folder);
  try {
    const worker = await world.start('incident');
    const intervalMs = DEFAULT_INTERVAL_MS;
    await world.start('watchdog', {
      env: { ...ears.env, SEVENTYTWO_WATCHDOG_ROUND_SECONDS: String(intervalMs / 1_000) },
    });
    const { dueAt, restedAheadMs } = await declareAll(world, size);
    await delay(Math.max(0, toMs(dueAt) - Date.now() - FREEZE_AHEAD_MS));
    worker.freeze();
    const begun = ears.heard.filter((one) => one.type === 'watchdog.alarm').length;
    const alarm = await ears.hear(
      (one) => one.type === 'watchdog.alarm' && one.cause === 'overdue' && one.at >= toMs(dueAt),
      'the call that due times have passed',
      HEARD_WITHIN_MS,
    );
    const lateMs = alarm.at - toMs(dueAt);
    say(row('', 'alarm', 'of at most', 'promised', 'load'));
    say(
      row(
        `${size} incidents, worker frozen`,
        seconds(lateMs),
        seconds(longestToAlarmMs(patienceFor(intervalMs))),
        seconds(WITHIN_MS),
        load(),
      ),
    );
    say(row('  share of the promise', `× ${(lateMs / WITHIN_MS).toFixed(2)}`));
    say(row('  incidents that it names', String(alarm.incidents.length)));
    say(row('  alarms before anything was due', String(begun)));
    if (restedAheadMs < 0) say(`  declaring had not come to rest when they fell due, by ${seconds(-restedAheadMs)}`);
    worker.thaw();
  } finally {
    await world.stop();
    await ears.stop();
  }
}

export async function silence(say: Say, { sizes }: { readonly sizes: readonly number[] }): Promise<void> {
  for (const size of sizes) await atSize(say, size);
}
