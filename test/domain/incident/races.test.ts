import { describe, expect, test } from '@jest/globals';
import { nextEscalation } from '../../../domain/incident/effects.js';
import { APPROVER, AWARE, aDeclaration, aSuspicion, DPO, fact, hoursAfter, Play } from '../../build.js';

const finding = (at: string) => ({ at, zone: 'Europe/Dublin', source: 'log files' });
const LADDER = ['aware+24h', 'aware+48h', 'aware+60h', 'aware+66h', 'aware+70h', 'aware+71h', 'aware+72h'];

describe('milestones', () => {
  test('each rung is reached at its instant and none before', () => {
    const play = new Play();
    for (const hours of [24, 48, 60, 66, 70, 71, 72]) {
      play.pass(hoursAfter(hours - 0.001));
      expect(play.reached().some((r) => r.id === `aware+${hours}h`)).toBe(false);
      play.pass(hoursAfter(hours));
      expect(play.reached().at(-1)).toMatchObject({
        id: `aware+${hours}h`,
        at: hoursAfter(hours),
        because: 'due',
        owed: true,
      });
    }
  });

  test('a milestone that is due in the very instant of a decision is reached first, and then decided', () => {
    const play = new Play().do(
      { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'because', confirms: null, setting: null },
      hoursAfter(24),
    );
    const types = play.types();
    expect(types.indexOf('RiskDecided')).toBeGreaterThan(types.lastIndexOf('MilestoneReached'));
    expect(play.reached().at(-1)?.id).toBe('aware+24h');
  });

  test('awareness 80 hours ago at declaration: every rung is on record as past, once, and one alarm speaks for all', () => {
    const play = new Play(aDeclaration(), hoursAfter(80));
    expect(
      play
        .reached()
        .filter((r) => r.because === 'already_past')
        .map((r) => r.id),
    ).toEqual(LADDER);
    expect(play.state.tasks.some((t) => t.kind === 'reasons-for-delay')).toBe(true);
    expect(nextEscalation(play.state)).toMatchObject({ round: 1 });
    expect(nextEscalation(play.state)?.to).toEqual(play.state.setting.contacts); // as the deadline would call
    expect(play.state.milestones.every((m) => m.reachedAt === hoursAfter(80))).toBe(true);
  });

  test('awareness 100 days ago at declaration: all of it is past, said once, and the notice is still owed', () => {
    const play = new Play(aDeclaration(), hoursAfter(2_400));
    expect(
      play
        .reached()
        .filter((r) => r.because === 'already_past')
        .map((r) => r.id),
    ).toEqual(LADDER);
    expect(play.state.duties.find((d) => d.kind === 'authority-notice')).toMatchObject({
      state: 'open',
      dueAt: hoursAfter(72),
    });
    expect(play.state.tasks.some((t) => t.kind === 'reasons-for-delay')).toBe(true);
  });

  // declared: minutes before its own awareness
  const ahead = [
    [5, hoursAfter(0), 'clocks may differ by five minutes'],
    [6, hoursAfter(-0.1), 'more is a wrong clock: the engine heard of it at its own time'],
    [120, hoursAfter(-2), 'two hours would be given away'],
  ] as const;
  for (const [minutes, counts, why] of ahead)
    test(`declared ${minutes} minutes before its own awareness, the 72 hours count from the earlier instant, and both stay on record: ${why}`, () => {
      const play = new Play(aDeclaration(), hoursAfter(-minutes / 60));
      expect(play.state.awareness.awareAt?.at).toBe(counts);
      expect(play.state.duties.find((d) => d.kind === 'authority-notice')?.dueAt).toBe(
        hoursAfter(72 + (Date.parse(counts) - Date.parse(AWARE)) / 3_600_000),
      );
      expect(play.state.awarenessHistory.map(({ finding: { at } }) => at)).toEqual(minutes > 5 ? [AWARE] : []);
      expect(play.state.milestones.find(({ id }) => id === 'aware+72h')?.dueAt).toBe(
        play.state.duties.find((d) => d.kind === 'authority-notice')?.dueAt,
      );
    });

  test('an incident of policy 2 keeps the awareness that it was declared with', () => {
    const play = new Play(aDeclaration({ policy: 2 }), hoursAfter(-2));
    expect(play.state.awareness.awareAt?.at).toBe(AWARE);
    expect(play.types()).not.toContain('AwarenessCorrected');
  });

  test('awareness corrected backwards past three milestones: they are reached at once, said to be past, and the duty shows both instants', () => {
    const play = new Play().pass(hoursAfter(10));
    play.do(
      {
        type: 'CorrectAwareness',
        key: 'awareAt',
        finding: finding(hoursAfter(-51)),
        reason: 'the mail of Friday was read',
        confirms: null,
      },
      hoursAfter(10),
    );
    expect(
      play
        .reached()
        .filter((r) => r.because === 'already_past')
        .map((r) => r.id),
    ).toEqual(LADDER.slice(0, 3));
    const recomputed = play.events.find((e) => e.type === 'DutyRecomputed');
    expect(recomputed?.data).toMatchObject({ before: hoursAfter(72), dueAt: hoursAfter(21) });
    expect(play.state.awarenessHistory).toHaveLength(1);
  });

  test('a later awareness acts only when a second person has confirmed it; until then the earlier deadline stands', () => {
    const later = {
      type: 'CorrectAwareness',
      key: 'awareAt',
      finding: finding(hoursAfter(5)),
      reason: 'only then certain',
    } as const;
    const play = new Play().do({ ...later, confirms: null }, hoursAfter(6), DPO);
    const proposal = play.state.awarenessProposal?.proposal ?? '';
    expect(play.state.duties.find((d) => d.kind === 'authority-notice')?.dueAt).toBe(hoursAfter(72));
    expect(play.refused({ ...later, confirms: proposal }, hoursAfter(6), DPO)).toEqual(['same-person']);
    expect(play.refused({ ...later, confirms: proposal }, hoursAfter(6), APPROVER, { loginMadeBy: DPO.id })).toEqual([
      'login-made-by-author',
    ]);
    play.do({ ...later, confirms: proposal }, hoursAfter(6), APPROVER);
    expect(play.state.duties.find((d) => d.kind === 'authority-notice')?.dueAt).toBe(hoursAfter(77));
  });

  test('a deadline that is moved while it fires: the old instant does nothing any more', () => {
    const play = new Play().do(
      { type: 'CorrectAwareness', key: 'awareAt', finding: finding(hoursAfter(1)), reason: 'r', confirms: null },
      hoursAfter(2),
      DPO,
    );
    play.do(
      {
        type: 'CorrectAwareness',
        key: 'awareAt',
        finding: finding(hoursAfter(1)),
        reason: 'r',
        confirms: play.state.awarenessProposal?.proposal ?? '',
      },
      hoursAfter(23.9),
      APPROVER,
    );
    play.pass(hoursAfter(24));
    expect(play.reached().some((r) => r.id === 'aware+24h')).toBe(false);
    expect(play.pass(hoursAfter(25)).reached().at(-1)).toMatchObject({
      id: 'aware+24h',
      at: hoursAfter(25),
      because: 'due',
    });
  });

  test('a suspicion that nobody decides for two days is escalated at 24 and at 48 hours, and never becomes a breach by itself', () => {
    const play = new Play(aSuspicion()).pass(hoursAfter(24)).pass(hoursAfter(48)).pass(hoursAfter(100));
    expect(
      play
        .reached()
        .filter((r) => r.id.startsWith('hint+'))
        .map((r) => [r.id, r.at, r.owed]),
    ).toEqual([
      ['hint+24h', hoursAfter(24), true],
      ['hint+48h', hoursAfter(48), true],
    ]);
    expect(play.state.phase).toBe('suspected');
    expect(nextEscalation(play.state)?.to.map((c) => c.id)).toContain('st_deputy');
  });

  test('an acknowledged alarm is quiet; the next milestone wakes again', () => {
    const play = new Play().do({ type: 'Acknowledge', milestone: null }, hoursAfter(0.1));
    expect(nextEscalation(play.state)).toBeUndefined();
    play.pass(hoursAfter(24));
    expect(nextEscalation(play.state)?.milestone.id).toBe('aware+24h');
  });

  test('an alarm that nobody answers goes out again after 30 minutes, with deputies', () => {
    const mailed = { channel: 'email', ok: true, count: 2 } as const;
    const play = new Play().do(
      { type: 'ReportEscalation', milestone: 'declared', round: 1, to: ['st_dpo'], outcomes: [mailed], token: 't' },
      AWARE,
    );
    const again = nextEscalation(play.state);
    expect(again).toMatchObject({ round: 2, at: hoursAfter(0.5) });
    expect(again?.to.map((c) => c.id)).toContain('st_deputy');
  });

  test('an alarm that reached nobody goes out again after two minutes', () => {
    const play = new Play().do(
      {
        type: 'ReportEscalation',
        milestone: 'declared',
        round: 1,
        to: [],
        outcomes: [{ channel: 'email', ok: false, count: 3 }],
        token: 't',
      },
      AWARE,
    );
    expect(nextEscalation(play.state)).toMatchObject({ round: 2, at: hoursAfter(2 / 60) });
  });

  test('a suspicion that took longer than a day to confirm needs the reasons for its length (R-112)', () => {
    const confirm = {
      type: 'ConfirmAwareness',
      awareness: { awareAt: finding(hoursAfter(24.001)) },
      setting: null,
    } as const;
    const play = new Play(aSuspicion());
    expect(play.refused({ ...confirm, reason: null }, hoursAfter(25))).toEqual(['missing']);
    expect(
      play.refused({ ...confirm, awareness: { awareAt: finding(hoursAfter(24)) }, reason: null }, hoursAfter(25)),
    ).toEqual([]);
  });
});

describe('two declarations of one breach', () => {
  test('stay two incidents; one is withdrawn as the duplicate of the other, by two people once awareness is confirmed', () => {
    const play = new Play();
    const command = {
      type: 'Withdraw',
      because: 'duplicate',
      duplicateOf: 'BR-0000-0001',
      reason: 'declared twice',
    } as const;
    play.do({ ...command, confirms: null }, hoursAfter(1), DPO);
    expect(play.state.phase).toBe('confirmed');
    play.do({ ...command, confirms: play.state.withdrawalProposal?.proposal ?? '' }, hoursAfter(1), APPROVER);
    expect(play.state).toMatchObject({ phase: 'withdrawn', withdrawn: { duplicateOf: 'BR-0000-0001' } });
    expect(play.state.duties.map((d) => [d.kind, d.state])).toEqual([
      ['register', 'discharged'],
      ['authority-notice', 'exempt'],
    ]);
  });
});

describe('idempotency', () => {
  test('the same key with the same body changes nothing, with another body it is refused, and a refusal is decided anew', () => {
    const play = new Play();
    const cause = { keyHash: 'k', bodyHash: 'b' };
    expect(play.refused({ type: 'Close', reason: 'x' }, hoursAfter(1), DPO, { cause })).toEqual(['wrong-state']);
    play.do({ type: 'RecordFacts', facts: [fact('breach.summary', 'one')] }, hoursAfter(1), DPO, { cause });
    const seq = play.state.seq;
    expect(
      play.try({ type: 'RecordFacts', facts: [fact('breach.summary', 'one')] }, hoursAfter(2), DPO, { cause }),
    ).toEqual({ events: [], repeated: true });
    expect(
      play.refused({ type: 'RecordFacts', facts: [fact('breach.summary', 'two')] }, hoursAfter(2), DPO, {
        cause: { keyHash: 'k', bodyHash: 'other' },
      }),
    ).toEqual(['key-reused']);
    expect(play.state.seq).toBe(seq);
  });
});
