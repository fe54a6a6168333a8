import { expect, test } from '@jest/globals';
import { type Instant, plusMs } from '../../../domain/clock/instant.js';
import { look } from '../../../domain/watch/look.js';
import { patienceFor } from '../../../domain/watch/patience.js';
import {
  type Cause,
  type Copy,
  EMPTY_COPY,
  type Kept,
  type MongoSays,
  type OnRecord,
  type Running,
  type Sight,
  type TemporalSays,
} from '../../../domain/watch/sight.js';

const P = patienceFor(10_000);
const DUE = '2026-03-04T09:00:00.000Z';
const DEADLINE = '2026-03-05T09:00:00.000Z';
const LATER = '2026-03-04T21:00:00.000Z';
const ID = 'BR-7K3M-9QXD';
const after = (ms: number): Instant => plusMs(DUE, ms);

const row = (over: Partial<OnRecord> = {}): OnRecord => ({
  id: ID,
  phase: 'confirmed',
  dueTimes: [DUE, LATER, DEADLINE],
  nextDueAt: DUE,
  deadline: DEADLINE,
  ...over,
});
const moved = row({ dueTimes: [LATER, DEADLINE], nextDueAt: LATER });
const run = (over: Partial<Running> = {}): Running => ({ id: ID, phase: 'confirmed', nextDueAt: DUE, ...over });
const record = (incidents: readonly OnRecord[], intakes: readonly Kept[] = []): MongoSays => ({
  incidents,
  intakes,
  clock: null,
});
const engine = (running: readonly Running[], over: Partial<TemporalSays> = {}): TemporalSays => ({
  running,
  over: [],
  absent: [],
  queues: {
    incident: { pollerSeenAt: plusMs(DUE, 10 * 3_600_000), oldestTaskMs: null },
    mail: { pollerSeenAt: plusMs(DUE, 10 * 3_600_000), oldestTaskMs: null },
  },
  ...over,
});
const causes = (copy: Copy, sight: Sight): Cause[] => look(copy, sight, P).findings.map((f) => f.cause);
/** The copy after a quiet round with both stores, an hour before the due time. */
const calm = look(EMPTY_COPY, { at: after(-3_600_000), mongo: record([row()]), temporal: engine([run()]) }, P).copy;

test('the copy holds every due time of the ladder and the legal deadline, and nothing else', () => {
  expect(calm).toEqual({
    incidents: { [ID]: { id: ID, phase: 'confirmed', dueTimes: [DUE, LATER, DEADLINE], deadline: DEADLINE } },
    doubts: {},
  });
});

const MOVED = engine([run({ nextDueAt: LATER })]);
// after the due time  record           engine            found         why this row is here
const overdueRows: readonly (readonly [number, MongoSays | null, TemporalSays | null, readonly Cause[], string])[] = [
  [14_999, record([row()]), engine([run()]), [], 'a moment is given to the timer and the record'],
  [15_000, record([row()]), engine([run()]), ['overdue'], 'then it sleeps'],
  [15_000, record([moved]), MOVED, [], 'it has acted: both have moved on'],
  [15_000, record([row()]), MOVED, [], 'it has acted: the record is behind the engine'],
  [15_000, record([moved]), engine([run()]), [], 'it has acted: the list of the engine is a moment behind'],
  [15_000, null, engine([run()]), ['overdue'], 'the database is away, the engine has not acted'],
  [15_000, null, MOVED, [], 'the database is away, the engine has acted'],
  [15_000, record([row()]), null, ['overdue'], 'the engine is away, the record has not moved'],
  [15_000, record([moved]), null, [], 'the engine is away now, and had acted before'],
  [14_999, null, null, [], 'both are away: the copy says that it is not yet time'],
  [15_000, null, null, ['overdue'], 'both are away: the copy says that it is time'],
  [
    15_000,
    record([row({ phase: 'closed' })]),
    engine([], { over: [ID] }),
    [],
    'it was closed: nothing is due any more',
  ],
  [15_000, null, engine([], { over: [ID] }), [], 'it came to its end while the record is away'],
  [15_000, record([row({ dueTimes: null })]), engine([run()]), ['overdue'], 'a view that an older build wrote'],
  [15_000, record([row({ dueTimes: [], nextDueAt: null })]), engine([run({ nextDueAt: null })]), [], 'nothing is due'],
];
for (const [ms, mongo, temporal, found, why] of overdueRows)
  test(`a due time that passed ${ms} ms ago: ${why}`, () =>
    expect(causes(calm, { at: after(ms), mongo, temporal })).toEqual(found));

test('both away for long: the ladder of the copy goes on, each due time that passes is a new one, and it is said that nobody could be asked', () => {
  const blind = (ms: number) => look(calm, { at: after(ms), mongo: null, temporal: null }, P).findings[0];
  expect(blind(15_000)).toMatchObject({ cause: 'overdue', since: DUE, blind: true, incidents: [{ dueAt: DUE }] });
  expect(blind(12 * 3_600_000 + 15_000)).toMatchObject({ since: DUE, incidents: [{ dueAt: LATER }] });
  expect(blind(24 * 3_600_000 + 15_000)).toMatchObject({ since: DUE, incidents: [{ dueAt: DEADLINE }] });
});

/** What is found when the same is seen at every 10 s for `ms`, the last time exactly then. */
function seenFor(ms: number, sightAt: (at: Instant) => Omit<Sight, 'at'>, from: Copy = calm): Cause[] {
  let copy = from;
  const start = after(-1_800_000);
  for (let passed = 0; passed < ms; passed += P.intervalMs) {
    const at = plusMs(start, passed);
    ({ copy } = look(copy, { at, ...sightAt(at) }, P));
  }
  const at = plusMs(start, ms);
  return causes(copy, { at, ...sightAt(at) });
}

const both = (mongo: MongoSays | null, temporal: TemporalSays | null) => (): Omit<Sight, 'at'> => ({ mongo, temporal });
const OTHER = 'BR-2222-2222';
// for ms   what is seen                                                       found               why this row is here
const doubtRows: readonly (readonly [number, (at: Instant) => Omit<Sight, 'at'>, readonly Cause[], string])[] = [
  [29_999, both(record([row()]), engine([run({ nextDueAt: LATER })])), [], 'the record comes after the event'],
  [30_000, both(record([row()]), engine([run({ nextDueAt: LATER })])), ['differs'], 'another due time'],
  [30_000, both(record([row({ phase: 'notifying' })]), engine([run()])), ['differs'], 'another phase'],
  [
    30_000,
    both(record([row({ dueTimes: null })]), engine([run({ nextDueAt: LATER })])),
    [],
    'an old view tells no ladder to compare',
  ],
  [30_000, both(record([row()]), engine([], { over: [ID] })), ['differs'], 'at its end in the engine, open on record'],
  [29_999, both(record([row()]), engine([], { absent: [ID] })), [], 'a moment between two runs'],
  [
    30_000,
    both(record([row()]), engine([], { absent: [ID] })),
    ['not-in-engine'],
    'open on record, unknown to the engine',
  ],
  [30_000, both(null, engine([], { absent: [ID] })), ['not-in-engine'], 'open by the copy, unknown to the engine'],
  [30_000, both(record([]), engine([], { absent: [ID] })), ['not-in-engine'], 'gone from both: it was open'],
  [30_000, both(record([row()]), engine([])), [], 'nobody could look at it one by one'],
  [29_999, both(record([row()]), engine([run(), run({ id: OTHER })])), [], 'its first event is being recorded'],
  [30_000, both(record([row()]), engine([run(), run({ id: OTHER })])), ['not-on-record'], 'runs and is on no record'],
  [30_000, both(null, engine([run(), run({ id: OTHER })])), [], 'the database is away: nothing to compare'],
  [30_000, both(record([row()]), engine([run(), run({ id: 'EX-2222-2222' })])), [], 'an exercise never alarms'],
  [
    30_000,
    both(record([row(), row({ id: 'EX-2222-2222' })]), engine([run()], { absent: ['EX-2222-2222'] })),
    [],
    'an exercise on the wrong record',
  ],
  [9_999, both(null, null), [], 'both silent in one round'],
  [10_000, both(null, null), ['stores-away'], 'both silent in two rounds'],
  [120_000, both(null, null), ['stores-away'], 'both silent: said once, not three times'],
  [119_999, both(record([row()]), null), [], 'the engine may restart'],
  [120_000, both(record([row()]), null), ['temporal-away'], 'the engine is away for long'],
  [119_999, both(null, engine([run()])), [], 'the database may restart'],
  [120_000, both(null, engine([run()])), ['mongo-away'], 'the database is away for long'],
];
for (const [ms, sightAt, found, why] of doubtRows)
  test(`seen for ${ms / 1_000} s: ${why}`, () => expect(seenFor(ms, sightAt)).toEqual(found));

const AT = after(-1_800_000);
const queues = (incident: [agoMs: number | null, oldestMs: number | null], mail = incident): Partial<TemporalSays> => {
  const says = ([agoMs, oldestTaskMs]: [number | null, number | null]) => ({
    pollerSeenAt: agoMs === null ? null : plusMs(AT, -agoMs),
    oldestTaskMs,
  });
  return { queues: { incident: says(incident), mail: says(mail) } };
};
const seenTwice = (over: Partial<TemporalSays>, apartMs: number): Cause[] => {
  const sight = (at: Instant): Sight => ({ at, mongo: record([row()]), temporal: engine([run()], over) });
  return causes(look(calm, sight(plusMs(AT, -apartMs)), P).copy, sight(AT));
};
// incident worker   mail worker             apart    found               why this row is here
const workerRows: readonly (readonly [
  [number | null, number | null],
  [number | null, number | null],
  number,
  readonly Cause[],
  string,
])[] = [
  [[0, null], [0, null], 30_000, [], 'both ask for work'],
  [[89_999, null], [0, null], 30_000, [], 'an idle worker asks once a minute'],
  [[120_000, null], [0, null], 29_999, [], 'a worker that is being replaced'],
  [[120_000, null], [0, null], 30_000, ['no-worker'], 'nobody asks for work'],
  [[null, null], [0, null], 30_000, ['no-worker'], 'nobody has asked for minutes'],
  [[0, 29_999], [0, null], 10_000, [], 'a task waits a little'],
  [[0, 30_000], [0, null], 10_000, ['tasks-wait'], 'a task waits, though somebody asks for work'],
  [[0, null], [null, null], 30_000, [], 'no mail worker, and no mailing'],
  [[0, null], [null, 1], 30_000, ['no-mail-worker'], 'no mail worker, and a mailing waits'],
  [[0, null], [0, 500_000], 30_000, [], 'a mail worker that is busy'],
];
for (const [incident, mail, apart, found, why] of workerRows)
  test(`workers: ${why}`, () => expect(seenTwice(queues(incident, mail), apart)).toEqual(found));

// the database's clock is ahead   found              why this row is here
const clockRows: readonly (readonly [number | null, readonly Cause[], string])[] = [
  [29_999, [], 'a little'],
  [30_000, ['clock-off'], 'the watchdog would call late'],
  [-29_999, [], 'a little, the other way'],
  [-30_000, ['clock-off'], 'the watchdog would call too early'],
  [null, [], 'the database does not tell'],
];
for (const [ms, found, why] of clockRows)
  test(`the database's clock ${ms} ms ahead for 30 s: ${why}`, () =>
    expect(
      seenFor(30_000, (now) => ({
        mongo: { ...record([row()]), clock: ms === null ? null : plusMs(now, ms) },
        temporal: engine([run()]),
      })),
    ).toEqual(found));

const intake = (over: Partial<Kept> = {}): Kept => ({
  id: OTHER,
  receivedAt: AT,
  started: false,
  deadline: DEADLINE,
  ...over,
});
const intakeRows: readonly (readonly [number, Kept, TemporalSays | null, readonly Cause[], string])[] = [
  [29_999, intake(), engine([run()]), [], 'about to be started'],
  [30_000, intake(), engine([run()]), ['intake-waits'], 'kept and never started'],
  [30_000, intake(), null, ['intake-waits'], 'kept while the engine is away'],
  [30_000, intake({ started: true }), engine([run()]), [], 'started'],
];
for (const [ms, kept, temporal, found, why] of intakeRows)
  test(`a declaration kept ${ms} ms ago: ${why}`, () =>
    expect(causes(calm, { at: plusMs(AT, ms), mongo: record([row()], [kept]), temporal })).toEqual(found));

test('a kept declaration has its legal deadline in the copy, and alarms by it when both stores are gone', () => {
  const { copy } = look(calm, { at: AT, mongo: record([row()], [intake()]), temporal: null }, P);
  const late = look(copy, { at: plusMs(DEADLINE, 15_000), mongo: null, temporal: null }, P).findings[0];
  expect(late?.incidents.map((i) => i.id).sort()).toEqual([OTHER, ID]);
});

test('what nobody could look at is neither found nor over, and its doubt stays as old as it was', () => {
  const lagging = { mongo: record([row()]), temporal: engine([run({ nextDueAt: LATER })]) };
  const first = look(calm, { at: AT, ...lagging }, P);
  const away = look(first.copy, { at: plusMs(AT, 20_000), mongo: null, temporal: lagging.temporal }, P);
  expect(away.unseen).toEqual(expect.arrayContaining(['differs', 'not-on-record', 'intake-waits']));
  expect(away.unseen).not.toContain('overdue');
  expect(look(away.copy, { at: plusMs(AT, 30_000), ...lagging }, P).findings).toMatchObject([
    { cause: 'differs', since: AT },
  ]);
});

test('hundreds at once are one finding, the nearest deadline first', () => {
  const rows = Array.from({ length: 300 }, (_, i) =>
    row({ id: `BR-2222-${String(1_000 + i)}`, deadline: plusMs(DEADLINE, (300 - i) * 1_000) }),
  );
  const { findings } = look(EMPTY_COPY, { at: after(60_000), mongo: record(rows), temporal: null }, P);
  expect(findings.map((f) => [f.cause, f.incidents.length, f.incidents[0]?.id])).toEqual([
    ['overdue', 300, 'BR-2222-1299'],
  ]);
});
