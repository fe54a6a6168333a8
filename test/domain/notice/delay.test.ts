import { expect, test } from '@jest/globals';
import { delayDraft, REASON_TO_ADD } from '../../../domain/notice/delay.js';
import { aDeclaration, APPROVER, AWARE, DPO, fact, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';

const late = (hours = 73) =>
  new Play(
    aDeclaration({
      awareness: {
        firstHintAt: { at: hoursAfter(-5), zone: 'Europe/Dublin', source: 'a caller' },
        awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'on-call' },
      },
    }),
    hoursAfter(2),
  ).pass(hoursAfter(hours));

// hours after awareness   a draft   why this row is here
const boundary: [number, boolean, string][] = [
  [72, false, 'the last moment is in time'],
  [72 + 1 / 3_600_000, true, 'a millisecond later reasons are owed (R-203)'],
];
for (const [hours, drafted, why] of boundary) {
  test(`a draft of the reasons for delay: ${why}`, () => {
    expect(delayDraft(late(hours).state, hoursAfter(hours)) !== null).toBe(drafted);
  });
}

test('it tells the course of events from the record: hint, awareness, declaration, alarms, decisions, and what only a person can add', () => {
  const play = late(24);
  play.do(
    {
      type: 'ReportEscalation',
      milestone: 'aware+24h',
      round: 1,
      to: ['st_dpo'],
      outcomes: [{ channel: 'email', ok: true, count: 1 }],
      token: 't',
    },
    hoursAfter(24),
  );
  play.do({ type: 'Acknowledge', milestone: 'aware+24h' }, hoursAfter(25), DPO);
  play.do(
    { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'Health data.', confirms: null, setting: null },
    hoursAfter(74),
    APPROVER,
  );
  const draft = delayDraft(play.state, hoursAfter(75)) ?? '';
  for (const part of [
    'became aware of the breach on 2 March 2026, 09:00 UTC',
    'The 72 hours ended on 5 March 2026, 09:00 UTC',
    'The first hint came on 2 March 2026, 04:00 UTC; 5 hours 0 minutes passed',
    'entered into the record on 2 March 2026, 11:00 UTC, 2 hours 0 minutes after awareness',
    'the alarm 24 hours after awareness, 3 March 2026, 09:00 UTC: sent once, acknowledged',
    'decided on 5 March 2026, 11:00 UTC: HIGH_RISK, after the 72 hours',
    'No notice had been drafted',
    REASON_TO_ADD,
  ]) {
    expect([part, draft.includes(part)]).toEqual([part, true]);
  }
});

test('it names no person, no mailbox and none of the free text', () => {
  const play = late();
  play.do({ type: 'RecordFacts', facts: [...HOSPITAL_FACTS, fact('breach.rootCause', 'Ward seven')] }, hoursAfter(73));
  const draft = delayDraft(play.state, hoursAfter(74)) ?? '';
  expect(draft).not.toMatch(/st_|@|Ward|Records copied|outpatient|caller/);
});

test('an awareness that was corrected shows both moments (R-116)', () => {
  const play = late(3);
  play.do(
    {
      type: 'CorrectAwareness',
      key: 'awareAt',
      finding: { at: hoursAfter(-1), zone: 'Europe/Dublin', source: 'the log' },
      reason: 'It was known earlier.',
      confirms: null,
    },
    hoursAfter(4),
    DPO,
  );
  const draft = delayDraft(play.state, hoursAfter(75)) ?? '';
  expect(draft).toContain('became aware of the breach on 2 March 2026, 08:00 UTC');
  expect(draft).toContain('Until 2 March 2026, 13:00 UTC the controller took 2 March 2026, 09:00 UTC');
});
