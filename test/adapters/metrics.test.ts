import { expect, test } from '@jest/globals';
import { type BoardFigures, createMetrics } from '../../adapters/metrics.js';

const NOW = Date.parse('2026-03-05T08:00:00.000Z');
const FIGURES: BoardFigures = {
  open: { suspected: 1, confirmed: 2, notifying: 0 },
  nextDeadline: '2026-03-05T09:00:00.000Z',
  overdue: 1,
  mailings: { running: 1, paused: 0 },
};
const metricsOf = (board: () => Promise<BoardFigures>, side: 'live' | 'drill' = 'live') =>
  createMetrics({ side, process: false, now: () => NOW, watched: { board } });

/** The value of an unlabelled or labelled sample, null when there is none. */
function sample(text: string, name: string, label = ''): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes(label));
  return line === undefined ? null : Number(line.split(' ').at(-1));
}

test('the board in figures: open incidents, the seconds to the next deadline, what is overdue, mailings', async () => {
  const text = await metricsOf(async () => FIGURES).text();
  expect(sample(text, 'seventytwo_incidents_open', 'phase="confirmed"')).toBe(2);
  expect(sample(text, 'seventytwo_next_deadline_seconds')).toBe(3_600);
  expect(sample(text, 'seventytwo_deadlines_owed')).toBe(1);
  expect(sample(text, 'seventytwo_milestones_overdue')).toBe(1);
  expect(sample(text, 'seventytwo_mailings', 'state="running"')).toBe(1);
  expect(sample(text, 'seventytwo_board_readable')).toBe(1);
});

test('where nothing is owed there is no deadline, and it says so', async () => {
  const text = await metricsOf(async () => ({ ...FIGURES, nextDeadline: null })).text();
  expect(sample(text, 'seventytwo_next_deadline_seconds')).toBeNull();
  expect(sample(text, 'seventytwo_deadlines_owed')).toBe(0);
});

test('a board that cannot be read gives no figures instead of old ones, and holds up no others', async () => {
  const text = await metricsOf(() => Promise.reject(new Error('away'))).text();
  expect(sample(text, 'seventytwo_board_readable')).toBe(0);
  for (const name of ['seventytwo_incidents_open', 'seventytwo_next_deadline_seconds', 'seventytwo_milestones_overdue'])
    expect(sample(text, name)).toBeNull();
  expect(text).toContain('seventytwo_recorder_behind_seconds');
});

test('an exercise has its own clock: no seconds to a deadline and nothing overdue on the drill side', async () => {
  const text = await metricsOf(async () => FIGURES, 'drill').text();
  expect(sample(text, 'seventytwo_incidents_open', 'phase="confirmed"')).toBe(2);
  expect(sample(text, 'seventytwo_next_deadline_seconds')).toBeNull();
  expect(sample(text, 'seventytwo_milestones_overdue')).toBeNull();
});

test('whoever asks in a loop does not make the database work: the board is read once in five seconds', async () => {
  let reads = 0;
  const metrics = metricsOf(async () => {
    reads++;
    return FIGURES;
  });
  await Promise.all([metrics.text(), metrics.text()]);
  await metrics.text();
  expect(reads).toBe(1);
});

test('a check that fails is 0 under its name', async () => {
  const checks = [
    { name: 'mongo', check: () => Promise.reject(new Error('away')) },
    { name: 'temporal', check: async () => undefined },
  ];
  const text = await createMetrics({ side: 'live', process: false, watched: { checks } }).text();
  expect(sample(text, 'seventytwo_check_ok', 'check="mongo"')).toBe(0);
  expect(sample(text, 'seventytwo_check_ok', 'check="temporal"')).toBe(1);
});
