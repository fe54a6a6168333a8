import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { fold } from '../../domain/incident/evolve.js';
import { PATHS } from '../workflows/paths.js';
import { bundleWith, type Mutation, mutatedBundle, WITNESS } from './bundles.js';
import { recordMissing } from './record.js';
import { endingOf, fileSha256, HISTORIES, provenance, readRecording, recordedFiles } from './recordings.js';
import { replay } from './replaying.js';

const silent = (): void => undefined; // a mutant's replay fails loudly; that is what it is for
// Read README.md before you set this. Recording plays on real engines, which install a runtime of their own.
const recording = process.env['SEVENTYTWO_RECORD_HISTORIES'] === '1';
if (!recording)
  Runtime.install({
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent, log: silent },
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });

if (recording) beforeAll(recordMissing, 600_000);

let bundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  bundle = await bundleWith(WITNESS);
});
afterAll(async () => {
  await Runtime.instance().shutdown();
});

const NOTHING = { steps: [], timers: [], record: [] };

test('there is a recording of every path', () => {
  const paths = new Set(recordedFiles().map((file) => file.split('.')[0]));
  expect(paths).toEqual(new Set(Object.keys(PATHS)));
});

for (const file of recordedFiles()) {
  describe(file, () => {
    test('is what was recorded, and small', () => {
      expect(provenance()[file]?.sha256).toBe(fileSha256(file));
      expect(statSync(join(HISTORIES, file)).size).toBeLessThan(512_000);
    });

    test('replays with the code of today: the same steps, timers as long, the same events, and a state that is the fold of the ledger', async () => {
      const recording = readRecording(file);
      const { timersCompared, ...found } = await replay(recording, bundle);
      expect(found).toEqual(NOTHING);
      expect(timersCompared).toBeGreaterThan(0);
      const state = fold(recording.ledger);
      expect(state && endingOf(state)).toEqual(recording.ended);
    });
  });
}

/** Each is a slip that somebody could make; the guard that must see it is named. Temporal's own replay sees only the first two. */
const SLIPS: readonly (Mutation & { readonly seenBy: 'steps' | 'timers' | 'record'; readonly why: string })[] = [
  {
    why: 'two steps in another order: the alarm before the record',
    seenBy: 'steps',
    file: 'workflows/incident.ts',
    from: "    lane('recorder', () => (unrecorded.length > 0 ? record : undefined)),\n    lane('escalation', () => (escalationDue() ? wake : undefined)),",
    to: "    lane('escalation', () => (escalationDue() ? wake : undefined)),\n    lane('recorder', () => (unrecorded.length > 0 ? record : undefined)),",
  },
  {
    why: 'one step more: the ledger is read after each append',
    seenBy: 'steps',
    file: 'workflows/incident.ts',
    from: '    head = await appendLedger({ incidentId: known().id, events });',
    to: '    head = await appendLedger({ incidentId: known().id, events });\n    await loadIncident({ incidentId: known().id, fromSeq: 0 });',
  },
  {
    why: 'every timer an hour longer',
    seenBy: 'timers',
    file: 'domain/clock/segments.ts',
    from: 'Math.ceil(left / scale)',
    to: 'Math.ceil(left / scale) + 3_600_000',
  },
  {
    why: 'the ladder an hour later',
    seenBy: 'timers',
    file: 'domain/clock/deadlines.ts',
    from: 'dueAt: plusHours(awareAt, hours),',
    to: 'dueAt: plusHours(awareAt, hours + 1),',
  },
  {
    why: 'no timer changed, but the deadline that is written down',
    seenBy: 'record',
    file: 'domain/law/provisions.ts',
    from: 'NOTIFY_WITHIN_HOURS = 72',
    to: 'NOTIFY_WITHIN_HOURS = 73',
  },
  {
    why: 'an event that is taken in another way',
    seenBy: 'record',
    file: 'domain/incident/evolve.ts',
    from: '{ rounds: round, lastSentAt: at }',
    to: '{ rounds: round + 1, lastSentAt: at }',
  },
];

describe('a slip makes a replay fail', () => {
  const recordings = recordedFiles().map(readRecording);
  for (const { why, seenBy, ...mutation } of SLIPS) {
    test(`${why} (seen by: ${seenBy})`, async () => {
      const mutant = await mutatedBundle(mutation);
      const found = [];
      for (const recording of recordings) found.push(...(await replay(recording, mutant))[seenBy]);
      expect(found).not.toEqual([]);
    });
  }

  test('Temporal alone would not have seen the longer timers', async () => {
    const longer = SLIPS.find(({ file }) => file === 'domain/clock/segments.ts');
    const mutant = await mutatedBundle(longer as Mutation);
    const { steps } = await replay(readRecording('undecided-to-the-end.json'), mutant);
    expect(steps).toEqual([]);
  });
});
