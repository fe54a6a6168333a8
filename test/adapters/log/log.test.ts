import { expect, test } from '@jest/globals';
import { type LogLine, createLog } from '../../../adapters/log.js';
import { createMetrics } from '../../../adapters/metrics.js';
import { createTemporalLogger } from '../../../adapters/temporal/logger.js';

const CANARY = 'canary 7f3a91c2';

function logged(write: (log: ReturnType<typeof createLog>) => void): { text: string; line: Record<string, unknown> } {
  const lines: string[] = [];
  write(createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } }));
  const text = lines.join('');
  return { text, line: JSON.parse(text) as Record<string, unknown> };
}

test('a line is one JSON object with ids, counts, states and times', () => {
  const { line } = logged((log) =>
    log.info({ event: 'notice.sent', incident: 'BR-7K3M-9QXD', phase: 1, hoursLeft: 31, authority: 'ie-dpc' }),
  );
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    event: 'notice.sent',
    incident: 'BR-7K3M-9QXD',
    phase: 1,
    hoursLeft: 31,
    authority: 'ie-dpc',
  });
});

// a field that carries something it should not      why this row is here
// biome-ignore format: a table is read by the row
const DROPPED: [LogLine, string][] = [
  [{ title: CANARY }, 'a field that is not on the list'],
  [{ email: 'patient@people.example' }, 'an address'],
  [{ state: CANARY }, 'free text in a field for states'],
  [{ why: 'patient@people.example' }, 'an address in a field for codes'],
  [{ incident: CANARY }, 'free text for an incident'],
  [{ staff: 'The DPO of the hospital' }, 'a name for a staff id'],
  [{ count: CANARY }, 'text for a number'],
  [{ count: Number.NaN }, 'no number at all'],
  [{ dueAt: 'tomorrow' }, 'a time that is none'],
  [{ codes: ['wrong-state', CANARY] }, 'free text among codes'],
  [{ url: 'smtps://user:secret@relay.example:465' }, 'an address with a password'],
  [{ sha256: CANARY }, 'text for a hash'],
  [{ error: CANARY }, 'a message for the name of an error'],
  [{ constructor: CANARY, toString: CANARY }, 'names that every object has'],
];
for (const [line, why] of DROPPED) {
  test(`never reaches the log: ${why}`, () => {
    const { line: written } = logged((log) => log.error({ event: 'something.failed', ...line }));
    expect(Object.keys(written).sort()).toEqual(['event', 'level', 'time']);
  });
}

test('an error is logged by its name alone, without message, stack and cause', () => {
  const { text, line } = logged((log) =>
    log.error({ event: 'ledger.failed', error: new TypeError(CANARY, { cause: new Error(CANARY) }) }),
  );
  expect(line).toMatchObject({ event: 'ledger.failed', error: 'TypeError' });
  expect(text).not.toContain('canary');
  expect(text).not.toContain('at ');
});

test('an error that carries a sentence for a name is not believed', () => {
  const error = new Error('x');
  error.name = CANARY;
  expect(logged((log) => log.error({ event: 'ledger.failed', error })).text).not.toContain('canary');
});

// message of the SDK, of a workflow or an activity         says                      why this row is here
// biome-ignore format: a table is read by the row
const SDK = [
  ['Workflow completed', { event: 'temporal', says: 'Workflow-completed' }, 'plain words of the code'],
  ['own report refused', { event: 'temporal', says: 'own-report-refused' }, 'a line of a workflow'],
  ['notice.journal_failed', { event: 'notice.journal_failed' }, 'a line of an activity, as a code'],
  ['Failed: connect 127.0.0.1:7233', { event: 'temporal' }, 'an address'],
  [`Failing "${CANARY}"`, { event: 'temporal' }, 'a quotation'],
] as const;
for (const [message, expected, why] of SDK) {
  test(`a line of the workflow engine keeps what is safe: ${why}`, () => {
    const meta = {
      workflowId: 'incident/BR-7K3M-9QXD',
      taskQueue: 'incident',
      attempt: 2,
      reason: CANARY,
      error: new RangeError(CANARY),
    };
    const { line } = logged((log) => createTemporalLogger(log).warn(message, meta));
    expect(line).toEqual({
      level: 'warn',
      time: expect.anything(),
      incident: 'BR-7K3M-9QXD',
      queue: 'incident',
      attempt: 2,
      error: 'RangeError',
      ...expected,
    });
  });
}

test('figures are counted by side and without ids', async () => {
  const metrics = createMetrics({ side: 'drill', process: false });
  metrics.declared('drill', true);
  metrics.command('RecordFacts', 'accepted');
  metrics.refusal('wrong-state');
  metrics.recorded(3, 0.2);
  metrics.behind({ events: 2, sinceMs: Date.now() - 1_000 });
  metrics.ledgerConflict();
  metrics.notice('sent');
  metrics.escalation('email', true, 2);
  metrics.recipients('accepted', 500);
  metrics.answered('declare', 201, 12);
  const text = await metrics.text();
  expect(text).toContain('seventytwo_incidents_declared_total{mode="drill",state="confirmed",side="drill"} 1');
  expect(text).toContain('seventytwo_commands_total{type="RecordFacts",outcome="accepted",side="drill"} 1');
  expect(text).toContain('seventytwo_ledger_events_total{side="drill"} 3');
  expect(text).toContain('seventytwo_ledger_unrecorded_events{side="drill"} 2');
  expect(text).toMatch(/seventytwo_recorder_behind_seconds\{side="drill"\} 1\.\d/);
  expect(text).toContain('seventytwo_escalations_total{channel="email",ok="true",side="drill"} 2');
  expect(text).toContain('seventytwo_recipients_total{state="accepted",side="drill"} 500');
  expect(text).toContain('seventytwo_http_seconds_count{side="drill",route="declare",status="201"} 1');
});

test('two registries in one process do not share figures', async () => {
  const [live, drill] = [createMetrics({ side: 'live' }), createMetrics({ side: 'drill' })];
  live.notice('sent');
  expect(await drill.text()).not.toContain('seventytwo_notices_total{');
});
