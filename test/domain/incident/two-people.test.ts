import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../../domain/incident/commands.js';
import { nextEscalation } from '../../../domain/incident/effects.js';
import { registerEntry } from '../../../domain/incident/register-entry.js';
import {
  APPROVER,
  aDeclaration,
  DPO,
  fact,
  HOSPITAL_FACTS,
  hoursAfter,
  hospitalMessage,
  Play,
  RESPONDER,
} from '../../build.js';

const GLASS = { breakGlass: { reason: 'nobody else answers' } } as const;
/** What Art. 34(3)(a) needs on record. */
const SAFE = [
  fact('breach.nature', ['CONFIDENTIALITY']),
  ...(['algorithmStandardised', 'keySafe', 'keyStrong', 'keyStoredApart', 'appliedToAffectedData'] as const).map(
    (item) => fact(`protection.${item}`, true),
  ),
];
const high = (): Play =>
  new Play(aDeclaration({ facts: SAFE })).do(
    { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'health data', confirms: null, setting: null },
    hoursAfter(1),
    DPO,
  );
/** One person goes from a high risk to an open question: the people are owed their message all the same. */
const open = (): Play =>
  high().do(
    { type: 'DecideRisk', level: 'MORE_INFO_NEEDED', reasons: 'look again', confirms: null, setting: null },
    hoursAfter(2),
    DPO,
  );
const exemption = {
  type: 'ExemptDuty',
  duty: 'people-message',
  reason: 'encrypted',
  rule: 'R-414',
  proof: 'key report',
} as const;
const withdrawal = { type: 'Withdraw', because: 'not_a_breach', duplicateOf: null, reason: 'test data' } as const;
const list = { type: 'FreezePeopleList', list: 'l', count: 1, sha256: 'x', rejected: 0, duplicates: 0 } as const;
const message = {
  type: 'ApproveMessage',
  message: 'm',
  content: hospitalMessage(),
  sha256: 'y',
  list: 'l',
  listSha256: 'x',
} as const;
const finding = { at: hoursAfter(3), zone: 'Europe/Dublin', source: 'log' };

/** Every step that takes two, as one person alone would do it. */
const ALONE: readonly (readonly [name: string, play: () => Play, command: Command])[] = [
  [
    'a decision not to notify',
    () => new Play(),
    { type: 'DecideRisk', level: 'UNLIKELY_RISK', reasons: 'r', confirms: null, setting: null },
  ],
  [
    'going below a high risk',
    high,
    { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'r', confirms: null, setting: null },
  ],
  [
    'going below a high risk by way of an open question',
    open,
    { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'r', confirms: null, setting: null },
  ],
  ['an exemption from telling people', high, { ...exemption, confirms: null }],
  ['a withdrawal of a confirmed breach', () => new Play(), { ...withdrawal, confirms: null }],
  [
    'a later awareness',
    () => new Play(),
    { type: 'CorrectAwareness', key: 'awareAt', finding, reason: 'r', confirms: null },
  ],
];

describe('one person alone', () => {
  for (const [name, play, command] of ALONE) {
    test(`${name} changes no duty until somebody else confirms it`, () => {
      const game = play();
      const before = game.state.duties;
      game.do(command, hoursAfter(5), DPO);
      expect(game.state.duties).toEqual(before);
      const proposal =
        [
          game.state.decisionProposal,
          game.state.exemptionProposal,
          game.state.withdrawalProposal,
          game.state.awarenessProposal,
        ].find((p) => p)?.proposal ?? '';
      const confirm = { ...command, confirms: proposal } as Command;
      expect(game.refused(confirm, hoursAfter(5), DPO)).toEqual(['same-person']);
      expect(
        game.refused(confirm, hoursAfter(5), APPROVER, {
          loginMadeBy: 'st_admin',
          loginMadeByAll: ['st_admin', DPO.id],
        }),
      ).toEqual(['login-made-by-author']);
      game.do(confirm, hoursAfter(5), APPROVER);
      expect(game.state.duties).not.toEqual(before);
    });

    test(`${name} with break-glass wakes everybody at once, whatever it does to the incident`, () => {
      const game = play().do({ type: 'Acknowledge', milestone: null }, hoursAfter(4), RESPONDER);
      game.do({ ...command, ...GLASS } as Command, hoursAfter(5), DPO);
      const alarm = nextEscalation(game.state);
      expect(alarm?.milestone.id).toBe('break-glass-1');
      expect(alarm?.to.map((c) => c.id).sort()).toEqual(['st_approver', 'st_deputy', 'st_dpo', 'st_responder']);
      expect(game.state.tasks.find((t) => t.kind === 'review-break-glass')?.dueAt).toBe(hoursAfter(29));
      expect(registerEntry(game.state).breakGlass).toMatchObject([
        { reason: GLASS.breakGlass.reason, reviewedBy: null },
      ]);
    });
  }

  test('a message to people needs two who had no hand in each other’s login', () => {
    const game = high()
      .do(list, hoursAfter(2))
      .do(message, hoursAfter(3), DPO, { loginMadeBy: 'st_a', loginMadeByAll: ['st_a', 'st_b'] });
    expect(game.refused(message, hoursAfter(3), { id: 'st_b', role: 'approver' })).toEqual(['login-made-by-author']);
    expect(game.refused({ type: 'StartMailing', message: 'm', list: 'l' }, hoursAfter(3))).toEqual(['not-approved']);
    game.do(message, hoursAfter(3), APPROVER).do({ type: 'StartMailing', message: 'm', list: 'l' }, hoursAfter(3));
  });

  test('whoever used break-glass neither silences its alarm nor reviews it, nor does a login that they made', () => {
    const game = new Play().do({ ...withdrawal, confirms: null, ...GLASS }, hoursAfter(5), DPO);
    game.do(
      {
        type: 'ReportEscalation',
        milestone: 'break-glass-1',
        round: 1,
        to: ['st_dpo'],
        outcomes: [{ channel: 'email', ok: true, count: 1 }],
        token: 't',
      },
      hoursAfter(5),
    );
    const review = { type: 'ReviewBreakGlass', use: 'break-glass-1', finding: 'fine' } as const;
    expect(game.refused(review, hoursAfter(6), DPO)).toEqual(['same-person']);
    expect(game.refused(review, hoursAfter(6), APPROVER, { loginMadeBy: DPO.id })).toEqual(['login-made-by-author']);
    game.do(review, hoursAfter(6), APPROVER);
    expect(nextEscalation(game.state)).toBeUndefined();
  });

  test('acknowledging one’s own break-glass is refused while other alarms can be answered', () => {
    const game = new Play().do(
      { type: 'DecideRisk', level: 'UNLIKELY_RISK', reasons: 'r', confirms: null, setting: null, ...GLASS },
      hoursAfter(1),
      DPO,
    );
    game.do({ type: 'Acknowledge', milestone: null }, hoursAfter(1), DPO);
    expect(nextEscalation(game.state)?.milestone.id).toBe('break-glass-1');
    expect(game.refused({ type: 'Acknowledge', milestone: null }, hoursAfter(1), DPO)).toEqual(['same-person']);
    game.do({ type: 'Acknowledge', milestone: null }, hoursAfter(1.1), APPROVER);
    expect(nextEscalation(game.state)).toBeUndefined();
  });

  test('a proposal not to notify cannot be confirmed on facts that its author never saw', () => {
    const command = { type: 'DecideRisk', level: 'UNLIKELY_RISK', reasons: 'encrypted', setting: null } as const;
    const game = new Play().do({ ...command, confirms: null }, hoursAfter(1), DPO);
    const confirms = game.state.decisionProposal?.proposal ?? '';
    game.do({ type: 'RecordFacts', facts: HOSPITAL_FACTS }, hoursAfter(2));
    game.do(
      { type: 'ProposeTriage', assessment: { level: 'HIGH_RISK' } as never, factsSeq: game.state.factsSeq, rules: 'x' },
      hoursAfter(2),
    );
    expect(game.refused({ ...command, confirms }, hoursAfter(3), APPROVER)).toEqual(['not-the-same']);
  });
});

describe('a task', () => {
  test('is done only by somebody for whom it is; all roles of a person count', () => {
    const game = high();
    const task = game.state.tasks.find((t) => t.kind === 'tell-people')?.id ?? '';
    const done = { type: 'CompleteTask', task, note: 'letters went out on Monday' } as const;
    expect(game.refused(done, hoursAfter(2), RESPONDER)).toEqual(['not-your-task']);
    expect(game.refused({ ...done, note: null }, hoursAfter(2), RESPONDER, { roles: ['responder', 'dpo'] })).toEqual([
      'missing',
    ]);
    game.do(done, hoursAfter(2), RESPONDER, { roles: ['responder', 'dpo'] });
    expect(game.state.duties.find((d) => d.kind === 'people-message')?.state).toBe('discharged');
  });

  test('that an act settles cannot be ticked off instead', () => {
    const game = new Play(aDeclaration({ facts: [fact('breach.nature', ['AVAILABILITY'])] }));
    const task = game.state.tasks.find((t) => t.kind === 'decide-risk')?.id ?? '';
    expect(game.refused({ type: 'CompleteTask', task, note: 'done' }, hoursAfter(2), DPO)).toEqual(['missing']);
  });
});

test('the register shows an exemption with its rule, its reason and its proof, and no decision as one', () => {
  const game = high().do({ ...exemption, confirms: null }, hoursAfter(2), DPO);
  game.do({ ...exemption, confirms: game.state.exemptionProposal?.proposal ?? '' }, hoursAfter(2), APPROVER);
  expect(registerEntry(game.state).exemption).toEqual({ rule: 'R-414', reason: 'encrypted', proof: 'key report' });
  const lowered = high().do(
    { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'r', confirms: null, setting: null, ...GLASS },
    hoursAfter(2),
    DPO,
  );
  expect(registerEntry(lowered.state).exemption).toBeNull();
});
