import { describe, expect, test } from '@jest/globals';
import type { Instant } from '../../../domain/clock/instant.js';
import type { Command } from '../../../domain/incident/commands.js';
import { deliveriesDue, draftDue, isOver, nextEscalation } from '../../../domain/incident/effects.js';
import { registerEntry } from '../../../domain/incident/register-entry.js';
import { buildNotice } from '../../../domain/notice/build.js';
import type { NoticeContent } from '../../../domain/notice/model.js';
import {
  APPROVER,
  aDeclaration,
  aSetting,
  aSuspicion,
  byEmail,
  byPortal,
  DPO,
  fact,
  hoursAfter,
  hospitalMessage,
  Play,
} from '../../build.js';

const decide = (level: 'HIGH_RISK' | 'RISK_NOT_HIGH' | 'UNLIKELY_RISK', confirms: string | null = null): Command => ({
  type: 'DecideRisk',
  level,
  reasons: 'argued',
  confirms,
  setting: null,
});
function unlikely(play: Play, at: Instant): Play {
  play.do(decide('UNLIKELY_RISK'), at, DPO);
  return play.do(decide('UNLIKELY_RISK', play.state.decisionProposal?.proposal ?? ''), at, APPROVER);
}
const authority = (play: Play) => play.state.duties.find((d) => d.kind === 'authority-notice');

/** The engine's draft of the phase on the table, and its approval. */
function draft(play: Play, at: Instant, sha256: string, over: Partial<NoticeContent> = {}): Play {
  const previous =
    play.state.notices.filter((n) => Object.values(n.deliveries).some((d) => d.submittedAt)).at(-1)?.approved
      ?.content ?? null;
  const content = { ...buildNotice({ state: play.state, at, rules: 'test', previous, withdraw: null }), ...over };
  return play.do(
    {
      type: 'PutDraft',
      content,
      sha256,
      basedOn: play.state.seq,
      for: { id: 'engine', role: 'engine' },
      loginMadeBy: null,
    },
    at,
  );
}
const approve = (sha256: string, phase = 1): Command => ({
  type: 'ApproveNotice',
  phase,
  sha256,
  hold: false,
  setting: null,
});
const submitted = (at: Instant, sha256: string, phase = 1, to = 'ex-authority'): Command => ({
  type: 'ReportSubmission',
  phase,
  authority: to,
  channel: 'email',
  at,
  attempt: 1,
  messageId: '<m>',
  artifacts: {},
  reply: '250',
  sha256,
});

describe('a duty that comes back is not a silent one', () => {
  test('decided unlikely, revised after the deadline: the rungs that nobody was called for are reached as past, with an alarm and the reasons task', () => {
    const play = unlikely(new Play(), hoursAfter(10)).pass(hoursAfter(80));
    expect(nextEscalation(play.state)?.milestone.id).toBe('declared');
    play
      .do({ type: 'Acknowledge', milestone: null }, hoursAfter(80))
      .do(decide('RISK_NOT_HIGH'), hoursAfter(80.5), DPO);
    expect(
      play
        .reached()
        .filter((r) => r.because === 'already_past' && r.owed)
        .map((r) => r.id),
    ).toContain('aware+72h');
    expect(nextEscalation(play.state)?.milestone.id).toBe('aware+72h');
    expect(play.state.tasks.some((t) => t.kind === 'reasons-for-delay' && !t.doneAt)).toBe(true);
  });

  test('closed as unlikely, opened again by a fact: the duty is owed at once, also if nobody decides anew (R-204)', () => {
    const play = unlikely(
      new Play(aDeclaration({ facts: [fact('data.unintelligible', 'PROTECTION_INTACT')] })),
      hoursAfter(1),
    );
    play.do({ type: 'Close', reason: 'done' }, hoursAfter(2), DPO);
    play.do({ type: 'RecordFacts', facts: [fact('data.unintelligible', 'NO')] }, hoursAfter(30));
    expect([authority(play)?.state, play.state.duties.find((d) => d.kind === 'register')?.state]).toEqual([
      'open',
      'open',
    ]);
    expect(nextEscalation(play.state)?.milestone.id).toBe('reopened');
    play.pass(hoursAfter(200));
    expect(nextEscalation(play.state)?.milestone.id).toBe('aware+72h');
  });

  test('a withdrawn breach or suspicion that is opened again wakes people at once', () => {
    const breach = new Play();
    const withdraw = { type: 'Withdraw', because: 'other', duplicateOf: null, reason: 'r' } as const;
    breach.do({ ...withdraw, confirms: null }, hoursAfter(1), DPO);
    breach
      .do({ ...withdraw, confirms: breach.state.withdrawalProposal?.proposal ?? '' }, hoursAfter(1), APPROVER)
      .pass(hoursAfter(100));
    breach.do({ type: 'Reopen', reason: 'it was one' }, hoursAfter(100));
    expect(nextEscalation(breach.state)?.milestone.id).toBe('reopened');
    expect(
      breach
        .reached()
        .filter((r) => r.owed)
        .map((r) => r.id),
    ).toContain('aware+72h');
    const suspicion = new Play(aSuspicion())
      .do({ ...withdraw, confirms: null }, hoursAfter(1), DPO)
      .pass(hoursAfter(50));
    expect(nextEscalation(suspicion.do({ type: 'Reopen', reason: 'r' }, hoursAfter(50)).state)).toBeDefined();
  });
});

describe('what is on its way', () => {
  test('a phase that has gone out takes no other version; a newer draft of it belongs to the next phase', () => {
    const play = draft(new Play(), hoursAfter(1), 'v1').do(approve('v1'), hoursAfter(2), APPROVER);
    draft(play, hoursAfter(3), 'v2').do(submitted(hoursAfter(4), 'v1'), hoursAfter(4));
    expect(play.refused(approve('v2'), hoursAfter(5), APPROVER)).toEqual(['already', 'approval-outdated']);
    expect(play.state.notices.map((n) => [n.phase, n.draft.sha256, n.approved?.sha256])).toEqual([[1, 'v1', 'v1']]);
    expect(play.state.tasks.some((t) => t.kind === 'approve-notice' && !t.doneAt)).toBe(false);
    play.do(decide('RISK_NOT_HIGH'), hoursAfter(6), DPO);
    expect(draftDue(play.state)).toBe(true);
  });

  test('what may have been handed over cannot be called back', () => {
    const play = draft(new Play(), hoursAfter(1), 'v1').do(approve('v1'), hoursAfter(2), APPROVER);
    play.do(
      { type: 'ReportAmbiguous', phase: 1, authority: 'ex-authority', attempt: 1, messageId: '<m>' },
      hoursAfter(2),
    );
    expect(
      play.refused({ type: 'RevokeApproval', phase: 1, sha256: 'v1', reason: 'r' }, hoursAfter(3), APPROVER),
    ).toEqual(['already']);
  });

  test('a slow draft of facts that have changed since does not replace the newer one', () => {
    const play = draft(new Play(), hoursAfter(1), 'new');
    play.do(
      {
        type: 'PutDraft',
        content: buildNotice({ state: play.state, at: hoursAfter(1), rules: 't', previous: null, withdraw: null }),
        sha256: 'old',
        basedOn: 1,
        for: DPO,
        loginMadeBy: null,
      },
      hoursAfter(2),
    );
    expect(play.state.notices[0]?.draft.sha256).toBe('new');
  });

  test('nothing is sent for a duty that was lifted; what was with the relay by then must be withdrawn at the authority', () => {
    const play = draft(new Play(), hoursAfter(1), 'v1').do(approve('v1'), hoursAfter(2), APPROVER);
    unlikely(play, hoursAfter(3));
    expect(deliveriesDue(play.state)).toEqual([]);
    play.do(submitted(hoursAfter(4), 'v1'), hoursAfter(4));
    expect(play.state.tasks.find((t) => t.kind === 'follow-up-notice' && !t.doneAt)?.about).toBe('withdraw');
  });

  test('a mailbox that was checked more than 180 days ago waits for a person; one that is checked today gets the notice', () => {
    const old = aSetting({ authorities: [byEmail('ex-authority', { mailboxVerifiedAt: hoursAfter(-181 * 24) })] });
    const play = draft(new Play(aDeclaration({ setting: old })), hoursAfter(1), 'v1').do(
      approve('v1'),
      hoursAfter(2),
      APPROVER,
    );
    expect(play.state.notices[0]?.deliveries['ex-authority']?.state).toBe('unverified_mailbox');
    const checked = aSetting({ authorities: [byEmail('ex-authority', { mailboxVerifiedAt: hoursAfter(2) })] });
    play.do({ type: 'ReleaseNotice', phase: 1, setting: checked }, hoursAfter(3), APPROVER);
    expect(play.state.notices[0]?.deliveries['ex-authority']?.state).toBe('waiting');
    expect(play.state.notices[0]?.approved?.releasedAt).toBe(hoursAfter(3));
  });

  test('a refusal and a relay that takes nothing wake people until it is settled', () => {
    const play = draft(new Play(), hoursAfter(1), 'v1')
      .do(approve('v1'), hoursAfter(2), APPROVER)
      .do({ type: 'Acknowledge', milestone: null }, hoursAfter(2));
    play.do({ type: 'ReportStalled', phase: 1, authority: 'ex-authority', since: hoursAfter(2) }, hoursAfter(3));
    expect(nextEscalation(play.state)?.milestone.id).toBe('stalled/ex-authority/1');
    play.do({ type: 'ReportRefusal', phase: 1, authority: 'ex-authority', attempt: 1, code: 550 }, hoursAfter(4));
    expect(nextEscalation(play.state)?.milestone.id).toBe('refused/ex-authority/1');
    play.do(
      {
        type: 'RecordReceipt',
        phase: 1,
        authority: 'ex-authority',
        reference: 'by telephone',
        receivedAt: hoursAfter(5),
        evidence: null,
      },
      hoursAfter(5),
    );
    expect(nextEscalation(play.state)).toBeUndefined();
  });

  const stalled: Command = { type: 'ReportStalled', phase: 1, authority: 'ex-authority', since: hoursAfter(2) };
  const receipt: Command = {
    type: 'RecordReceipt',
    phase: 1,
    authority: 'ex-authority',
    reference: 'portal 7',
    receivedAt: hoursAfter(4),
    evidence: null,
  };
  const refused: Command = { type: 'ReportRefusal', phase: 1, authority: 'ex-authority', attempt: 1, code: 550 };
  const revoked: Command = { type: 'RevokeApproval', phase: 1, sha256: 'v1', reason: 'a wrong number' };
  // biome-ignore format: a table is read by the row
  const ends: readonly (readonly [string, Command | null, number])[] = [
    ['nothing yet', null, 1],
    ['a mail server that takes it after all', submitted(hoursAfter(4), 'v1'), 0],
    ['the receipt of a portal or a telephone call', receipt, 0],
    ['a refusal, which is a task of its own', refused, 0],
    ['an approval that is withdrawn: nothing waits any more', revoked, 0],
  ];
  for (const [why, command, open] of ends)
    test(`a notice that no mail server takes is a task for a person, once, and ends it: ${why}`, () => {
      const play = draft(new Play(), hoursAfter(1), 'v1').do(approve('v1'), hoursAfter(2), APPROVER);
      play.do(stalled, hoursAfter(3)).do(stalled, hoursAfter(3));
      const tasks = play.state.tasks.filter((t) => t.kind === 'notice-stalled');
      expect(tasks.map((t) => [t.about, t.dueAt])).toEqual([['ex-authority', hoursAfter(72)]]);
      expect(play.refused({ type: 'CompleteTask', task: tasks[0]?.id ?? '', note: 'seen' }, hoursAfter(3))).toEqual([
        'missing',
      ]);
      if (command) play.do(command, hoursAfter(4), APPROVER);
      expect(play.state.tasks.filter((t) => t.kind === 'notice-stalled' && !t.doneAt)).toHaveLength(open);
    });

  // biome-ignore format: a table is read by the row
  const rest = [
    [3, 'FR', 'fr-cnil', 'complete/fr-cnil', hoursAfter(2 + 72), 'France: 72 hours after the initial notice (R-221)'],
    [3, 'IE', 'ie-dpc', 'complete', null, 'elsewhere no number of hours is known'],
    [2, 'FR', 'fr-cnil', 'complete', null, 'an incident of before keeps what it had'],
  ] as const;
  for (const [policy, country, to, about, dueAt, why] of rest)
    test(`the rest of an incomplete notice is asked for, ${country}, policy ${policy}: ${why}`, () => {
      const setting = aSetting({ authorities: [byEmail(to, { country })] });
      const play = draft(new Play(aDeclaration({ policy, setting })), hoursAfter(1), 'v1', {
        completeness: 'INCOMPLETE',
      });
      play.do(approve('v1'), hoursAfter(2), APPROVER).do(submitted(hoursAfter(2), 'v1', 1, to), hoursAfter(2));
      const task = () => play.state.tasks.find((t) => t.kind === 'follow-up-notice' && !t.doneAt);
      expect([task()?.about, task()?.dueAt]).toEqual([about, dueAt]);
      draft(play, hoursAfter(3), 'v2', { completeness: 'COMPLETE' }).do(approve('v2', 2), hoursAfter(4), APPROVER);
      play.do(submitted(hoursAfter(4), 'v2', 2, to), hoursAfter(4));
      expect(task()).toBeUndefined();
    });

  test('a notice that is approved anew and stalls again is a task again', () => {
    const play = draft(new Play(), hoursAfter(1), 'v1').do(approve('v1'), hoursAfter(2), APPROVER);
    play.do(stalled, hoursAfter(3)).do(revoked, hoursAfter(4), APPROVER).do(approve('v1'), hoursAfter(5), APPROVER);
    play.do(stalled, hoursAfter(6));
    expect(play.state.tasks.filter((t) => t.kind === 'notice-stalled' && !t.doneAt)).toHaveLength(1);
  });

  test('a portal pack belongs to its version: another version makes another pack, and what was filed is on record', () => {
    const play = draft(
      new Play(aDeclaration({ setting: aSetting({ authorities: [byPortal()] }) })),
      hoursAfter(1),
      'v1',
    ).do(approve('v1'), hoursAfter(2), APPROVER);
    const pack = (sha256: string): Command => ({
      type: 'ReportPortalPack',
      phase: 1,
      authority: 'ex-portal-authority',
      sha256,
      artifacts: { pdf: `pdf of ${sha256}` },
    });
    play.do(pack('v1'), hoursAfter(2));
    expect(deliveriesDue(play.state)).toEqual([]);
    play.do({ type: 'RevokeApproval', phase: 1, sha256: 'v1', reason: 'wrong number' }, hoursAfter(3), APPROVER);
    expect(play.state.tasks.some((t) => t.kind === 'file-at-portal' && !t.doneAt)).toBe(false);
    draft(play, hoursAfter(4), 'v2').do(approve('v2'), hoursAfter(5), APPROVER);
    expect(deliveriesDue(play.state)).toHaveLength(1);
    play.do(pack('v2'), hoursAfter(5));
    play.do(
      {
        type: 'RecordReceipt',
        phase: 1,
        authority: 'ex-portal-authority',
        reference: 'P-1',
        receivedAt: hoursAfter(6),
        evidence: null,
      },
      hoursAfter(6),
    );
    expect(registerEntry(play.state).notices[0]).toMatchObject({
      contentSha256: 'v2',
      artifacts: { pdf: 'pdf of v2' },
    });
  });
});

describe('late', () => {
  test('a notice that goes out late without reasons leaves the task for them open; only the reasons end it (R-203)', () => {
    const play = draft(new Play(), hoursAfter(70), 'v1')
      .do(approve('v1'), hoursAfter(71.9), APPROVER)
      .pass(hoursAfter(72));
    play.do(submitted(hoursAfter(75), 'v1'), hoursAfter(75));
    const open = () => play.state.tasks.some((t) => t.kind === 'reasons-for-delay' && !t.doneAt);
    expect(open()).toBe(true);
    play.do({ type: 'RecordFacts', facts: [fact('notice.reasonsForDelay', 'The relay was down.')] }, hoursAfter(76));
    expect(open()).toBe(false);
  });

  test('a passed deadline is said again every day, answered or not, until the notice is filed', () => {
    const play = new Play().pass(hoursAfter(72)).do({ type: 'Acknowledge', milestone: null }, hoursAfter(73));
    expect(nextEscalation(play.state)).toMatchObject({ milestone: { id: 'aware+72h' }, at: hoursAfter(96) });
    draft(play, hoursAfter(74), 'v1')
      .do(approve('v1'), hoursAfter(75), APPROVER)
      .do(submitted(hoursAfter(75), 'v1'), hoursAfter(75));
    expect(nextEscalation(play.state)).toBeUndefined();
  });

  test('an acknowledgement answers what was due up to the alarm it names, not what comes due at that very instant', () => {
    const play = new Play().pass(hoursAfter(24)).do({ type: 'Acknowledge', milestone: 'aware+24h' }, hoursAfter(72));
    expect(nextEscalation(play.state)?.milestone.id).toBe('aware+72h');
  });

  test('a playbook that calls nobody at 48 hours still has its draft made then', () => {
    const setting = aSetting();
    const play = new Play(
      aDeclaration({ setting: { ...setting, playbook: { ...setting.playbook, confirmedHours: [24, 72] } } }),
    ).pass(hoursAfter(48));
    expect(draftDue(play.state)).toBe(true);
  });
});

describe('telling people', () => {
  const freeze = (list: string, count: number): Command => ({
    type: 'FreezePeopleList',
    list,
    count,
    sha256: list,
    rejected: 0,
    duplicates: 0,
  });
  const message = (list: string): Command => ({
    type: 'ApproveMessage',
    message: `m-${list}`,
    content: hospitalMessage(),
    sha256: list,
    list,
    listSha256: list,
  });
  const totals = (over: object = {}) => ({
    total: 10,
    accepted: 10,
    refused: 0,
    deferred: 0,
    suppressed: 0,
    ambiguous: 0,
    resent: 0,
    ...over,
  });
  const completed = (mailing: number, over: object = {}): Command => ({
    type: 'ReportMailing',
    mailing,
    state: 'completed',
    reason: null,
    totals: totals(over),
    outcomesSha256: 'o',
  });
  const people = (play: Play) => play.state.duties.find((d) => d.kind === 'people-message')?.state;
  function started(...lists: string[]): Play {
    const play = new Play().do(decide('HIGH_RISK'), hoursAfter(1), DPO);
    for (const list of lists)
      play
        .do(freeze(list, 10), hoursAfter(2))
        .do(message(list), hoursAfter(2), DPO)
        .do(message(list), hoursAfter(2), APPROVER);
    for (const list of lists) play.do({ type: 'StartMailing', message: `m-${list}`, list }, hoursAfter(3), DPO);
    return play;
  }

  test('nobody whose outcome is unknown counts as told', () => {
    const play = started('a').do(completed(1, { accepted: 0, ambiguous: 10 }), hoursAfter(4));
    expect([people(play), play.state.tasks.find((t) => t.kind === 'other')?.about]).toEqual(['open', 'unreached/1']);
  });

  test('the duty is done when every frozen list was sent to, and the incident does not close before', () => {
    const play = started('a', 'b').do(completed(1), hoursAfter(4));
    expect(people(play)).toBe('open');
    expect(play.refused({ type: 'Close', reason: 'r' }, hoursAfter(5), DPO)).toEqual(['still-owed']);
    expect(people(play.do(completed(2), hoursAfter(6)))).toBe('discharged');
  });

  test('a hold stops what is being sent, nothing is resumed under it, and its release sets a new term for telling people', () => {
    const play = started('a').do(
      {
        type: 'HoldDuty',
        duty: 'people-message',
        requestedBy: 'police',
        basis: 'R-440',
        caseRef: 'c',
        reviewAt: hoursAfter(90),
      },
      hoursAfter(4),
      DPO,
    );
    expect(play.state.mailings[0]?.state).toBe('paused');
    expect(play.refused({ type: 'ResumeMailing', mailing: 1 }, hoursAfter(5), DPO)).toEqual(['already']);
    play.pass(hoursAfter(60)).do({ type: 'ReleaseDuty', duty: 'people-message', reason: 'over' }, hoursAfter(89), DPO);
    expect(play.state.milestones.find((m) => m.id === 'people+24h')).toMatchObject({
      dueAt: hoursAfter(113),
      reachedAt: null,
    });
  });

  test('a mailing that pauses itself wakes people; a withdrawal stops the others, and the run ends only then', () => {
    const play = started('a', 'b').do({ type: 'Acknowledge', milestone: null }, hoursAfter(3));
    play.do(
      {
        type: 'ReportMailing',
        mailing: 1,
        state: 'paused',
        reason: 'relay-refuses',
        totals: totals(),
        outcomesSha256: null,
      },
      hoursAfter(4),
    );
    expect(nextEscalation(play.state)?.milestone.id).toBe('paused/1');
    const withdraw = { type: 'Withdraw', because: 'other', duplicateOf: null, reason: 'r' } as const;
    play.do({ ...withdraw, confirms: null }, hoursAfter(5), DPO);
    expect(isOver(play.state)).toBe(false);
    play.do({ ...withdraw, confirms: play.state.withdrawalProposal?.proposal ?? '' }, hoursAfter(5), APPROVER);
    expect([play.state.mailings.map((m) => m.state), isOver(play.state)]).toEqual([['paused', 'paused'], true]);
  });
});
