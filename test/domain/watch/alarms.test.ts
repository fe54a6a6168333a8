import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Instant, plusMs } from '../../../domain/clock/instant.js';
import { acknowledge, type Alarms, delivered, sound, type WatchMessage } from '../../../domain/watch/alarms.js';
import { keepsThePromise, longestToAlarmMs, longestToSilenceMs, patienceFor } from '../../../domain/watch/patience.js';
import { CAUSES, type Cause, type Finding } from '../../../domain/watch/sight.js';
import { MOST_NAMED, RUNBOOK, wordsOf } from '../../../domain/watch/words.js';

const P = patienceFor(10_000);
const T0 = '2026-03-04T09:00:15.000Z';
const at = (seconds: number): Instant => plusMs(T0, seconds * 1_000);
const finding = (ids: readonly string[] = ['BR-7K3M-9QXD'], over: Partial<Finding> = {}): Finding => ({
  cause: 'overdue',
  since: '2026-03-04T09:00:00.000Z',
  incidents: ids.map((id) => ({ id, dueAt: '2026-03-04T09:00:00.000Z', deadline: '2026-03-05T09:00:00.000Z' })),
  blind: false,
  ...over,
});

/** The watchdog's rounds in short: what is found at each second, and what is told. Every message is delivered unless said otherwise. */
function told(
  rounds: readonly (readonly [second: number, findings: readonly Finding[], unseen?: readonly Cause[]])[],
  takes: (message: WatchMessage) => boolean = () => true,
  begin: Alarms = {},
): { kinds: string[]; alarms: Alarms; messages: WatchMessage[] } {
  let alarms = begin;
  const kinds: string[] = [];
  const messages: WatchMessage[] = [];
  for (const [second, findings, unseen = []] of rounds) {
    const sounded = sound(alarms, { findings, unseen }, at(second), P);
    ({ alarms } = sounded);
    for (const message of sounded.messages) {
      messages.push(message);
      kinds.push(`${second} ${message.cause} ${message.kind}`);
      if (takes(message)) alarms = delivered(alarms, message);
    }
  }
  return { kinds, alarms, messages };
}
const F = [finding()];

// rounds                                                              told                                               why this row is here
const rows: readonly (readonly [Parameters<typeof told>[0], readonly string[], string])[] = [
  [
    [
      [0, F],
      [10, F],
      [599, F],
    ],
    ['0 overdue alarm'],
    'told once',
  ],
  [
    [
      [0, F],
      [600, F],
    ],
    ['0 overdue alarm', '600 overdue again'],
    'and again after ten minutes',
  ],
  [
    [
      [0, F],
      [10, []],
      [39, []],
    ],
    ['0 overdue alarm'],
    'gone for a moment',
  ],
  [
    [
      [0, F],
      [10, []],
      [40, []],
      [50, []],
    ],
    ['0 overdue alarm', '40 overdue over'],
    'gone for good: its end is told, once',
  ],
  [
    [
      [0, F],
      [10, []],
      [20, F],
      [30, []],
      [50, []],
    ],
    ['0 overdue alarm'],
    'what comes and goes is one alarm',
  ],
  [
    [
      [0, F],
      [10, [], ['overdue']],
      [100, [], ['overdue']],
    ],
    ['0 overdue alarm'],
    'nobody could look: it is not over',
  ],
  [
    [
      [0, F],
      [10, [finding(['BR-7K3M-9QXD', 'BR-2222-2222'])], []],
    ],
    ['0 overdue alarm', '10 overdue more'],
    'another incident is news',
  ],
  [
    [
      [0, [finding(['BR-7K3M-9QXD', 'BR-2222-2222'])], []],
      [10, F],
    ],
    ['0 overdue alarm'],
    'one less is none',
  ],
  [
    [
      [0, [finding([], { cause: 'no-worker' })]],
      [10, [finding(['BR-7K3M-9QXD'], { cause: 'no-worker' })]],
    ],
    ['0 no-worker alarm'],
    'what endangers everybody is told once',
  ],
  [
    [[0, [finding(), finding([], { cause: 'no-worker' })]]],
    ['0 overdue alarm', '0 no-worker alarm'],
    'one message for each cause',
  ],
];
for (const [rounds, expected, why] of rows) test(`alarms: ${why}`, () => expect(told(rounds).kinds).toEqual(expected));

test('what no channel took is told in the next round, with the same key, and its end is never told', () => {
  const failing = told(
    [
      [0, F],
      [10, F],
    ],
    () => false,
  );
  expect(failing.kinds).toEqual(['0 overdue alarm', '10 overdue alarm']);
  expect(new Set(failing.messages.map((m) => m.key)).size).toBe(1);
  expect(
    told(
      [
        [20, []],
        [60, []],
      ],
      () => true,
      failing.alarms,
    ),
  ).toMatchObject({ kinds: [], alarms: {} });
});

test('an end that no channel took is told again; a new alarm of the same cause has another key', () => {
  const { messages } = told(
    [
      [0, F],
      [10, []],
      [40, []],
      [50, []],
      [60, F],
    ],
    (m) => m.at !== at(40),
  );
  expect(messages.map((m) => m.kind)).toEqual(['alarm', 'over', 'over', 'alarm']);
  expect(messages[1]?.key).toBe(messages[2]?.key);
  expect(messages[3]?.key).not.toBe(messages[0]?.key);
});

test('acknowledged: silent for four hours, unless another incident comes', () => {
  const acked = acknowledge(told([[0, F]]).alarms, null, at(30));
  const four = 4 * 3_600;
  expect(
    told(
      [
        [600, F],
        [four + 29, F],
      ],
      undefined,
      acked,
    ).kinds,
  ).toEqual([]);
  expect(told([[four + 30, F]], undefined, acked).kinds).toEqual([`${four + 30} overdue again`]);
  const more = [finding(['BR-7K3M-9QXD', 'BR-2222-2222'])];
  expect(
    told(
      [
        [600, more],
        [1_200, more],
      ],
      undefined,
      acked,
    ).kinds,
  ).toEqual(['600 overdue more', '1200 overdue again']);
});

test('acknowledging one cause leaves the others loud', () => {
  const two = [finding(), finding([], { cause: 'no-worker' })];
  const acked = acknowledge(told([[0, two]]).alarms, 'no-worker', at(1));
  expect(told([[600, two]], undefined, acked).kinds).toEqual(['600 overdue again']);
});

test('a further due time of the same incident is news: the deadline is not hidden by the 48 hours', () => {
  const later = finding().incidents.map((i) => ({ ...i, dueAt: i.deadline }));
  expect(
    told([
      [0, F],
      [10, [finding([], { incidents: later })]],
    ]).kinds,
  ).toEqual(['0 overdue alarm', '10 overdue more']);
});

// pause between rounds     why this row is here
const intervals = [
  [200, true, 'tests'],
  [10_000, true, 'the usual'],
  [11_000, true, 'the longest in whole seconds'],
  [11_100, false, 'a tenth of a second longer'],
] as const;
for (const [ms, keeps, why] of intervals)
  test(`an alarm within 60 s with rounds every ${ms / 1_000} s: ${keeps} (${why})`, () =>
    expect(keepsThePromise(ms)).toBe(keeps));

test('the budget of the usual interval, part by part: due time to alarm 52 s, silence to alarm 58 s at most', () => {
  expect(longestToAlarmMs(P)).toBe(15_000 + (4_000 + 8_000 + 3_000) + 10_000 + (4_000 + 8_000));
  expect(longestToSilenceMs(P)).toBe(8_000 + 3_000 + 10_000 + (4_000 + 8_000 + 3_000) + 10_000 + (4_000 + 8_000));
});

const messageOf = (f: Finding, kind: WatchMessage['kind'] = 'alarm'): WatchMessage => ({
  key: 'k',
  kind,
  cause: f.cause,
  begunAt: T0,
  finding: f,
  at: at(0),
});

test('an alarm says what is wrong, since when, which incident, its legal deadline with the hours left, and the runbook', () => {
  expect(wordsOf(messageOf(finding()))).toEqual({
    subject: 'Watchdog: a due time passed and the engine did not act: BR-7K3M-9QXD',
    says: 'A due time of BR-7K3M-9QXD passed, since 2026-03-04 09:00:00 UTC (15 s), and the engine has not acted: nobody may have been called.',
    incidents: [
      'BR-7K3M-9QXD: legal deadline 2026-03-05 09:00:00 UTC, 23 h 59 min left, due time 2026-03-04 09:00:00 UTC',
    ],
    next: expect.stringContaining('do by hand what is due'),
    runbook: 'docs/runbooks/watchdog-alarm.md#overdue',
  });
});

for (const cause of CAUSES)
  test(`${cause}: a sentence with its begin, a step, and no hole`, () => {
    for (const ids of [[], ['BR-7K3M-9QXD'], ['BR-7K3M-9QXD', 'BR-2222-2222']])
      for (const kind of ['alarm', 'over'] as const) {
        const words = wordsOf(messageOf(finding(ids, { cause }), kind));
        expect(words.says).toContain('2026-03-04 09:00:00 UTC');
        expect(JSON.stringify(words)).not.toMatch(/undefined|NaN|null/);
        expect(words.next.length).toBeGreaterThan(10);
      }
  });

test('of thousands the nearest are named and the rest counted', () => {
  const ids = Array.from({ length: 5_000 }, (_, i) => `BR-2222-${i}`);
  const { incidents, subject } = wordsOf(messageOf(finding(ids)));
  expect(incidents).toHaveLength(MOST_NAMED + 1);
  expect(incidents.at(-1)).toBe('and 4950 more');
  expect(subject).toContain('BR-2222-0 and 4999 more');
});

test('the runbook has a chapter for each cause', () => {
  const page = readFileSync(new URL(`../../../${RUNBOOK}`, import.meta.url), 'utf8');
  for (const cause of CAUSES) expect(page).toContain(`\n### ${cause}\n`);
});
