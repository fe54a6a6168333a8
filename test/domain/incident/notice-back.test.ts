import { describe, expect, test } from '@jest/globals';
import { createTriageActivities } from '../../../activities/triage.js';
import { withheldBecause } from '../../../domain/incident/automatic-filing.js';
import { deliveriesDue, draftDue } from '../../../domain/incident/effects.js';
import { nextSteps } from '../../../domain/incident/next-steps.js';
import type { NoticeContent } from '../../../domain/notice/model.js';
import type { RiskLevel } from '../../../domain/risk/levels.js';
import { APPROVER, aDeclaration, aSetting, byEmail, byPortal, DPO, hoursAfter, Play, RESPONDER } from '../../build.js';

/** A notice that is taken back is as good as none, and is taken back only when nobody is at risk. */

const at = hoursAfter;
const SETTING = aSetting({ authorities: [byEmail('de-hh'), byEmail('fr-cnil')] });
const triage = createTriageActivities({
  hasher: {
    canonicalSha256: (value: object) => `sha ${JSON.stringify(value).length} ${JSON.stringify(value).slice(0, 120)}`,
  } as never,
});

/** One person, and a second one where it takes two. */
function decide(play: Play, level: RiskLevel, hours: number): Play {
  const command = { type: 'DecideRisk', level, reasons: 'because', setting: null } as const;
  play.do({ ...command, confirms: null }, at(hours), DPO);
  const confirms = play.state.decisionProposal?.proposal;
  return confirms === undefined ? play : play.do({ ...command, confirms }, at(hours), APPROVER);
}
function withdraw(play: Play, hours: number): Play {
  const command = { type: 'Withdraw', because: 'not_a_breach', duplicateOf: null, reason: 'test data' } as const;
  play.do({ ...command, confirms: null }, at(hours), DPO);
  return play.do({ ...command, confirms: play.state.withdrawalProposal?.proposal ?? '' }, at(hours), APPROVER);
}
/** Drafted as the engine does it, and approved. */
async function approved(play: Play, hours: number, back: string | null = null): Promise<NoticeContent> {
  play.do({ type: 'DraftNotice', withdraw: back }, at(hours), DPO);
  const { content, sha256 } = await triage.draftNotice({ state: play.state, at: at(hours), withdraw: back });
  play.do({ type: 'PutDraft', content, sha256, basedOn: play.state.seq, for: DPO, loginMadeBy: null }, at(hours));
  play.do({ type: 'ApproveNotice', phase: content.phase, sha256, hold: false, setting: null }, at(hours), APPROVER);
  return content;
}
function sent(play: Play, phase: number, hours: number, authorities = ['de-hh', 'fr-cnil']): Play {
  for (const authority of authorities) {
    const rest = { messageId: null, artifacts: {}, reply: null, attempt: 1 };
    play.do({ type: 'ReportSubmission', phase, authority, channel: 'email', at: at(hours), ...rest }, at(hours));
  }
  return play;
}
function received(play: Play, phase: number, hours: number, authorities = ['de-hh', 'fr-cnil']): Play {
  for (const authority of authorities)
    play.do(
      { type: 'RecordReceipt', phase, authority, reference: 'none given', receivedAt: at(hours), evidence: null },
      at(hours),
    );
  return play;
}
async function told(play: Play, hours: number, back: string | null = null): Promise<Play> {
  const { phase } = await approved(play, hours, back);
  return received(sent(play, phase, hours), phase, hours);
}
const notified = async (level: RiskLevel = 'RISK_NOT_HIGH', policy = 3): Promise<Play> =>
  told(decide(new Play(aDeclaration({ setting: SETTING, policy })), level, 1), 2);
const duties = (play: Play) =>
  play.state.duties
    .filter((d) => d.kind === 'authority-notice')
    .map((d) => `${d.state} ${d.dischargedBy ?? ''}`.trim());
const both = (text: string) => [text, text];
const openTasks = (play: Play) => play.state.tasks.filter((t) => t.doneAt === null).map((t) => `${t.kind} ${t.about}`);

describe('a notice that was taken back', () => {
  test('discharges nothing any more, and is owed again with its ladder when it was a breach after all', async () => {
    const play = await notified();
    expect(duties(play)).toEqual(both('discharged receipt/1'));
    await told(withdraw(play, 10), 11, 'no breach');
    expect(duties(play)).toEqual(both('exempt R-223'));
    play.do({ type: 'Reopen', reason: 'it was one' }, at(300)).pass(at(300));
    expect(duties(play)).toEqual(both('open'));
    expect(play.state.milestones.find(({ kind }) => kind === 'deadline')).toMatchObject({ owed: true });
    expect(openTasks(play)).toContain('reasons-for-delay deadline');
  });

  test('is owed again when two people had found no risk, and a high one is decided after all', async () => {
    const play = await told(decide(await notified(), 'UNLIKELY_RISK', 10), 11, 'no risk');
    expect(duties(play)).toEqual(both('exempt R-223'));
    expect(duties(decide(play, 'HIGH_RISK', 200))).toEqual(both('open'));
  });

  test('is followed by a notice of its own: new, numbered on, late with its reasons, drafted by itself', async () => {
    const play = await told(withdraw(await notified(), 10), 11, 'no breach');
    play.do({ type: 'Reopen', reason: 'it was one' }, at(300)).pass(at(300));
    expect(draftDue(play.state)).toBe(true);
    const content = await approved(play, 301);
    expect(content).toMatchObject({ phase: 3, kind: 'NEW', changes: [], timeline: { late: true } });
    expect(draftDue(play.state)).toBe(false);
    expect(duties(received(sent(play, 3, 302), 3, 302))).toEqual(both('discharged_late receipt/3'));
  });

  test('is not made good by the receipt of it that comes late', async () => {
    const play = decide(new Play(aDeclaration({ setting: SETTING })), 'RISK_NOT_HIGH', 1);
    await approved(play, 2);
    sent(play, 1, 2);
    await told(decide(play, 'UNLIKELY_RISK', 10), 11, 'no risk');
    expect(duties(received(play, 1, 12))).toEqual(both('exempt R-223'));
  });

  test('still stands where the withdrawal was not sent before the incident was opened again', async () => {
    const play = withdraw(await notified(), 10);
    await approved(play, 11, 'no breach');
    play.do({ type: 'Reopen', reason: 'it was one' }, at(20));
    expect(duties(play)).toEqual(both('discharged receipt/1'));
    expect(deliveriesDue(play.state)).toEqual([]);
    expect(openTasks(play)).not.toContain('follow-up-notice withdraw');
  });

  test('while the risk was decided anew is owed again at once', async () => {
    const play = decide(await notified(), 'UNLIKELY_RISK', 10);
    const { phase } = await approved(play, 11, 'no risk');
    sent(decide(play, 'HIGH_RISK', 12), phase, 12, ['de-hh']);
    expect(duties(play)).toEqual(['open', 'discharged receipt/1']);
    expect(play.state.duties[1]).toMatchObject({ dueAt: at(72) });
  });

  test('in an incident of policy 2 keeps discharging its duty', async () => {
    const play = await told(decide(await notified('RISK_NOT_HIGH', 2), 'UNLIKELY_RISK', 10), 11, 'no risk');
    expect(duties(play)).toEqual(both('discharged receipt/1'));
  });
});

describe('taking a notice back', () => {
  const back = { type: 'DraftNotice', withdraw: 'a mistake' } as const;
  for (const level of ['HIGH_RISK', 'RISK_NOT_HIGH', 'MORE_INFO_NEEDED'] as const)
    test(`is refused while the decision is ${level}`, async () =>
      expect((await notified(level)).refused(back, at(3))).toEqual(['contradiction']));

  test('is refused to an approver whose draft was made before the risk was decided anew', async () => {
    const play = decide(await notified(), 'UNLIKELY_RISK', 10);
    const { content, sha256 } = await triage.draftNotice({ state: play.state, at: at(11), withdraw: 'no risk' });
    play.do({ type: 'PutDraft', content, sha256, basedOn: play.state.seq, for: DPO, loginMadeBy: null }, at(11));
    decide(play, 'HIGH_RISK', 12);
    const approval = { type: 'ApproveNotice', phase: 2, sha256, hold: false, setting: null } as const;
    expect(play.refused(approval, at(13), APPROVER)).toEqual(['contradiction']);
  });

  test('goes to whom the notice stands with, and settles no duty of an authority that was never told', async () => {
    const play = decide(new Play(aDeclaration({ setting: SETTING })), 'RISK_NOT_HIGH', 1);
    await approved(play, 2);
    received(sent(play, 1, 2, ['de-hh']), 1, 2, ['de-hh']);
    decide(play, 'UNLIKELY_RISK', 3);
    await approved(play, 4, 'no risk');
    expect(Object.keys(play.state.notices[1]?.deliveries ?? {})).toEqual(['de-hh']);
    expect(duties(play)).toEqual(['discharged receipt/1', 'exempt R-204']);
  });

  test('is done by the notice or its receipt, not by ticking the task off', async () => {
    const play = withdraw(await notified(), 10);
    const task = play.state.tasks.find((t) => t.doneAt === null)?.id ?? '';
    const tick = { type: 'CompleteTask', task, note: 'n/a' } as const;
    expect(play.refused(tick, at(11), RESPONDER)).toEqual(['missing']);
    await told(play, 12, 'no breach');
    expect(openTasks(play)).toEqual([]);
  });
});

describe('what would take back a notice that stands', () => {
  const AT_PORTAL = aSetting({ authorities: [byPortal('fr-cnil')] });
  const pack = (play: Play, hours: number, phase = 2): Play => {
    const sha256 = play.state.notices.find((n) => n.phase === phase)?.approved?.sha256 ?? '';
    return play.do({ type: 'ReportPortalPack', phase, authority: 'fr-cnil', artifacts: {}, sha256 }, at(hours));
  };
  /** Told, and withdrawn; the notice that says so is approved. */
  async function takingBack(by: (play: Play) => Play, setting = AT_PORTAL, policy = 3): Promise<Play> {
    const play = decide(new Play(aDeclaration({ setting, policy })), 'RISK_NOT_HIGH', 1);
    await approved(play, 2);
    received(sent(play, 1, 2, ['fr-cnil']), 1, 2, ['fr-cnil']);
    await approved(by(play), 11, 'no breach');
    return play;
  }
  const reopened = (play: Play) => play.do({ type: 'Reopen', reason: 'it was one' }, at(20));
  const asked = (play: Play) =>
    nextSteps(play.state).filter(({ command, says }) => /phase 2|notice 2|approve|release/i.test(`${command} ${says}`));
  const ways: readonly [string, (play: Play) => Play, (play: Play) => Play][] = [
    ['opened again', (play) => withdraw(play, 10), reopened],
    ['decided anew', (play) => decide(play, 'UNLIKELY_RISK', 10), (play) => decide(play, 'HIGH_RISK', 20)],
  ];
  for (const [how, by, back] of ways) {
    test(`is not to be filed at a portal any more once it was ${how}`, async () => {
      const play = pack(await takingBack(by), 12);
      expect(openTasks(play)).toContain('file-at-portal fr-cnil');
      back(play);
      expect(openTasks(play).filter((task) => /portal|notice-/.test(task))).toEqual([]);
      expect(asked(play)).toEqual([]);
    });

    test(`is not asked for by what is reported late, once it was ${how}`, async () => {
      const play = back(await takingBack(by));
      const ofTwo = { phase: 2, authority: 'fr-cnil' } as const;
      pack(play, 21).do({ type: 'ReportRefusal', ...ofTwo, attempt: 1, code: 550 }, at(21));
      play.do({ type: 'ReportStalled', ...ofTwo, since: at(12) }, at(21));
      expect(openTasks(play).filter((task) => /portal|notice-/.test(task))).toEqual([]);
      expect(asked(play)).toEqual([]);
    });

    test(`may have arrived: then a person tells that the notice stands, once it was ${how}`, async () => {
      const play = await takingBack(by, aSetting({ authorities: [byEmail('fr-cnil')] }));
      play.do(
        { type: 'ReportAmbiguous', phase: 2, authority: 'fr-cnil', attempt: 1, messageId: '<2@hospital.example>' },
        at(12),
      );
      back(play);
      expect(openTasks(play)).toContain('other withdrawal-in-doubt/fr-cnil');
      expect(nextSteps(play.state).map(({ says }) => says)).toContainEqual(
        expect.stringContaining('the notice stands'),
      );
      const task = play.state.tasks.find((t) => t.about.startsWith('withdrawal-in-doubt/'))?.id ?? '';
      expect(play.refused({ type: 'CompleteTask', task, note: null }, at(21), DPO)).toEqual(['missing']);
      expect(play.refused({ type: 'CompleteTask', task, note: 'by telephone, noted there' }, at(21), DPO)).toEqual([]);
    });
  }

  const EMAIL = aSetting({ authorities: [byEmail('fr-cnil')] });
  const ambiguous = (play: Play, hours: number) =>
    play.do(
      { type: 'ReportAmbiguous', phase: 2, authority: 'fr-cnil', attempt: 1, messageId: '<2@hospital.example>' },
      at(hours),
    );
  const arrived: readonly [string, typeof AT_PORTAL, (play: Play) => Play][] = [
    ['was handed over without an answer', EMAIL, (play) => ambiguous(play, 12)],
    ['lay ready to be filed', AT_PORTAL, (play) => pack(play, 12)],
  ];
  for (const [why, setting, what] of arrived)
    test(`and ${why} keeps its number: what is new goes out as the next phase, and a person asks the authority`, async () => {
      const play = reopened(what(await takingBack((one) => withdraw(one, 10), setting)));
      expect(openTasks(play)).toContain('other withdrawal-in-doubt/fr-cnil');
      const { phase } = await approved(play, 21);
      expect([phase, deliveriesDue(play.state).map(({ notice }) => notice.phase)]).toEqual([3, [3]]);
    });

  test('and is reported as handed over only afterwards is asked for all the same', async () => {
    const play = reopened(await takingBack((one) => withdraw(one, 10), EMAIL));
    expect(openTasks(play)).not.toContain('other withdrawal-in-doubt/fr-cnil');
    expect(openTasks(ambiguous(play, 21))).toContain('other withdrawal-in-doubt/fr-cnil');
  });

  test('and never left gives its place to the next draft, which somebody is asked to approve', async () => {
    const play = reopened(await takingBack((one) => withdraw(one, 10), EMAIL));
    play.do({ type: 'DraftNotice', withdraw: null }, at(21), DPO);
    const { content, sha256 } = await triage.draftNotice({ state: play.state, at: at(21), withdraw: null });
    play.do({ type: 'PutDraft', content, sha256, basedOn: play.state.seq, for: DPO, loginMadeBy: null }, at(21));
    expect([content.phase, content.completeness]).toEqual([2, 'INCOMPLETE']);
    expect(nextSteps(play.state).map(({ says }) => says)).toContain('Read and approve notice 2 (INCOMPLETE).');
  });

  test('and is only a draft waits for nobody', async () => {
    const play = withdraw(await notified(), 10);
    play.do({ type: 'DraftNotice', withdraw: 'no breach' }, at(11), DPO);
    const { content, sha256 } = await triage.draftNotice({ state: play.state, at: at(11), withdraw: 'no breach' });
    play.do({ type: 'PutDraft', content, sha256, basedOn: play.state.seq, for: DPO, loginMadeBy: null }, at(11));
    expect(openTasks(play)).toContain('approve-notice phase-2');
    expect(asked(reopened(play))).toEqual([]);
    expect(openTasks(play)).not.toContain('approve-notice phase-2');
  });

  test('keeps its tasks in an incident of policy 2', async () => {
    const play = pack(await takingBack((one) => withdraw(one, 10), AT_PORTAL, 2), 12);
    expect(openTasks(reopened(play))).toContain('file-at-portal fr-cnil');
  });

  test('makes the 72 hours of the CNIL for the rest count from the notice that stands (R-221)', async () => {
    const french = aSetting({ authorities: [byEmail('fr-cnil', { country: 'FR' })] });
    const play = sent(await takingBack((one) => withdraw(one, 10), french), 2, 12, ['fr-cnil']);
    await approved(reopened(play), 21);
    sent(play, 3, 22, ['fr-cnil']);
    expect(play.state.tasks.find((t) => t.about === 'complete/fr-cnil' && t.doneAt === null)?.dueAt).toBe(at(22 + 72));
  });
});

for (const [policy, withheld] of [
  [3, []],
  [2, ['filed-already']],
] as const)
  test(`filing by itself counts a notice that was taken back ${policy === 3 ? 'as none' : 'as one'}, under policy ${policy}`, async () => {
    const play = await told(withdraw(await notified('RISK_NOT_HIGH', policy), 10), 11, 'no breach');
    play.do({ type: 'Reopen', reason: 'it was one' }, at(20));
    const ofNotices = ['filed-already', 'approved-goes-first', 'approved-on-hold', 'approved-refused'];
    expect(withheldBecause(play.state, 'de-hh', at(68)).filter((one) => ofNotices.includes(one))).toEqual(withheld);
  });

for (const [policy, taken] of [
  [3, false],
  [2, true],
] as const)
  test(`what was told and taken back is ${taken ? '' : 'not '}taken back once more, under policy ${policy}`, async () => {
    const play = await told(withdraw(await notified('RISK_NOT_HIGH', policy), 10), 11, 'no breach');
    play.do({ type: 'Reopen', reason: 'it was one' }, at(20));
    decide(play, 'UNLIKELY_RISK', 30);
    expect(openTasks(play).includes('follow-up-notice withdraw')).toBe(taken);
  });
