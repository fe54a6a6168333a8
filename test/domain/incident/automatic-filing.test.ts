import { describe, expect, test } from '@jest/globals';
import { type Instant, plusHours, plusMs } from '../../../domain/clock/instant.js';
import { filingDue, outlook, withheldBecause } from '../../../domain/incident/automatic-filing.js';
import type { Declaration } from '../../../domain/incident/commands.js';
import { alarmText, deliveriesDue, draftDue, nextEscalation } from '../../../domain/incident/effects.js';
import { ENGINE, type Setting } from '../../../domain/incident/events.js';
import { nextSteps } from '../../../domain/incident/next-steps.js';
import type { StandingAuthorisation } from '../../../domain/incident/organisation.js';
import type { IncidentState } from '../../../domain/incident/state.js';
import { WITHHELD, type Withheld, withheldWords } from '../../../domain/incident/withheld.js';
import { buildNotice } from '../../../domain/notice/build.js';
import { aDeclaration, APPROVER, AWARE, aSetting, byEmail, byPortal, DPO, hoursAfter, Play } from '../../build.js';

const AUTHORITY = 'ex-authority';
const CHECKED = plusHours(AWARE, -24 * 10);
const SHA = 'f'.repeat(64);
const MINUTE = 60_000;

const standing = (over: Partial<StandingAuthorisation> = {}): StandingAuthorisation => ({
  id: 'organisation/12',
  authorities: [AUTHORITY],
  hoursBeforeDeadline: 4,
  until: hoursAfter(24 * 100),
  grantedAt: hoursAfter(-24),
  grantedBy: 'st_approver',
  ...over,
});
const setting = (over: Partial<Setting> = {}): Setting =>
  aSetting({ standing: standing(), authorities: [byEmail(AUTHORITY, { mailboxVerifiedAt: CHECKED })], ...over });
const WARNING_AT = hoursAfter(62);
const FILING_AT = hoursAfter(68);

function begin(over: Partial<Setting> = {}, declaration: Partial<Declaration> = {}): Play {
  return new Play(aDeclaration({ setting: setting(over), ...declaration }));
}
/** The warning as the escalation lane sends it; everybody is reached unless told otherwise. */
function warn(play: Play, at: Instant = plusMs(WARNING_AT, 2_000), missed = 0): Play {
  return play.do(
    {
      type: 'ReportEscalation',
      milestone: 'automatic-warning',
      round: (play.state.milestones.find((m) => m.id === 'automatic-warning')?.rounds ?? 0) + 1,
      to: ['st_approver'],
      outcomes: [
        { channel: 'email', ok: true, count: 4 - missed },
        ...(missed > 0 ? [{ channel: 'email', ok: false, count: missed } as const] : []),
      ],
      token: 't',
    },
    at,
    ENGINE,
    { cause: null },
  );
}
/** What the workflow does at the hour: drafts, and hands in what it has. */
function file(play: Play, at: Instant = FILING_AT): Play {
  const { state } = play;
  const { id, grantedAt, hoursBeforeDeadline } = state.setting.standing ?? standing();
  const content = buildNotice({
    state,
    at,
    rules: 'test',
    previous: null,
    withdraw: null,
    automatic: { id, grantedAt, hoursBeforeDeadline },
  });
  const draft = { content, sha256: SHA, basedOn: state.seq };
  return play.do({ type: 'FileAutomatically', draft }, at, ENGINE, { cause: null });
}
const reachHour = (play: Play, at: Instant = FILING_AT): Play => warn(play.pass(WARNING_AT)).pass(at);
const said = (play: Play, id: string): string => {
  const milestone = play.state.milestones.find((m) => m.id === id);
  if (!milestone) throw new Error(`no milestone ${id}`);
  return alarmText(play.state, milestone, play.state.lastAt).says;
};
const filedTo = (state: IncidentState): string[] => deliveriesDue(state).map((d) => d.delivery.authority);

describe('nobody acts', () => {
  test('the notice goes out at its hour and not before, approved by the authorisation and by nobody', () => {
    const play = warn(begin().pass(WARNING_AT));
    play.pass(plusMs(FILING_AT, -1));
    expect(filingDue(play.state)).toBeUndefined();
    play.pass(FILING_AT);
    expect(filingDue(play.state)?.dueAt).toBe(FILING_AT);
    file(play);
    expect(filedTo(play.state)).toEqual([AUTHORITY]);
    expect(play.events.find((e) => e.type === 'NoticeApproved')).toMatchObject({
      actor: ENGINE,
      data: { automatic: { authorisation: 'organisation/12', authorities: [AUTHORITY] }, hold: false },
    });
  });

  test('it is declared as incomplete and as filed by itself, and a person is asked to review it', () => {
    const play = file(reachHour(begin()));
    const approved = play.state.notices[0]?.approved;
    expect(approved?.content).toMatchObject({
      completeness: 'INCOMPLETE',
      filedAutomatically: true,
      authorisation: { id: 'organisation/12' },
    });
    expect(play.state.tasks.filter((t) => t.doneAt === null).map((t) => t.kind)).toContain('review-automatic-notice');
    expect(nextSteps(play.state).map((s) => s.says)).toContainEqual(expect.stringContaining('filed by itself'));
    expect(said(play, 'automatic-filed/1')).toContain('nobody'.replace('n', 'N'));
  });

  test('once: the same hour never files twice, also when the answer is handed in again', () => {
    const play = file(reachHour(begin()));
    expect(filingDue(play.state)).toBeUndefined();
    const { length } = play.events;
    file(play, plusMs(FILING_AT, MINUTE));
    expect(play.events).toHaveLength(length);
  });

  test('a risk that nobody decided counts as notifiable (R-204)', () => {
    const play = file(reachHour(begin()));
    expect(play.state.decision).toBeNull();
    expect(filedTo(play.state)).toEqual([AUTHORITY]);
  });

  test('everybody is warned six hours before, and the warning names the hour and the authority', () => {
    const play = begin().pass(WARNING_AT);
    const due = nextEscalation(play.state);
    expect(due?.milestone.id).toBe('automatic-warning');
    expect(due?.to.map((c) => c.id).sort()).toEqual(['st_approver', 'st_deputy', 'st_dpo', 'st_responder']);
    expect(said(play, 'automatic-warning')).toContain('2026-03-05 05:00 UTC one is filed by itself to ex-authority');
  });

  test('the warning goes before an alarm of the same hour', () => {
    const play = begin({ standing: standing({ hoursBeforeDeadline: 6 }) }).pass(hoursAfter(60));
    expect(play.reached().map((m) => m.id)).toEqual(expect.arrayContaining(['aware+60h', 'automatic-warning']));
    expect(nextEscalation(play.state)?.milestone.id).toBe('automatic-warning');
  });

  test('a follow-up that a person approves ends the review', () => {
    const play = file(reachHour(begin()));
    play.do(
      {
        type: 'ReportSubmission',
        phase: 1,
        authority: AUTHORITY,
        channel: 'email',
        at: FILING_AT,
        attempt: 1,
        messageId: 'm',
        artifacts: {},
        reply: '250',
        sha256: SHA,
      },
      FILING_AT,
      ENGINE,
    );
    const content = {
      ...buildNotice({ state: play.state, at: FILING_AT, rules: 't', previous: null, withdraw: null }),
      phase: 2,
    };
    const sha256 = 'a'.repeat(64);
    play.do(
      { type: 'PutDraft', content, sha256, basedOn: play.state.seq, for: DPO, loginMadeBy: null },
      FILING_AT,
      ENGINE,
    );
    play.do({ type: 'ApproveNotice', phase: 2, sha256, hold: false, setting: null }, FILING_AT, APPROVER);
    expect(play.state.tasks.find((t) => t.kind === 'review-automatic-notice')?.doneAt).not.toBeNull();
    expect(play.state.tasks.some((t) => t.kind === 'follow-up-notice' && t.doneAt === null)).toBe(true);
  });
});

/** A draft that a person can approve. */
function drafted(play: Play, at: Instant): Play {
  const content = buildNotice({ state: play.state, at, rules: 'test', previous: null, withdraw: null });
  return play.do(
    { type: 'PutDraft', content, sha256: SHA, basedOn: play.state.seq, for: ENGINE, loginMadeBy: null },
    at,
    ENGINE,
    { cause: null },
  );
}
const approve = (play: Play, at: Instant, hold = false): Play =>
  drafted(play, at).do({ type: 'ApproveNotice', phase: 1, sha256: SHA, hold, setting: null }, at, APPROVER);
const unlikely = {
  type: 'DecideRisk',
  level: 'UNLIKELY_RISK',
  reasons: 'argued',
  confirms: null,
  setting: null,
} as const;
const later = hoursAfter(64);

// Each condition on both sides: what is withheld, and the nearest that is filed.
const CONDITIONS: readonly {
  readonly why: string;
  readonly because: Withheld;
  readonly withheld: () => Play;
  readonly files: () => Play;
}[] = [
  {
    why: 'the channel is e-mail',
    because: 'not-by-email',
    withheld: () => begin({ standing: standing({ authorities: ['ex-portal-authority'] }), authorities: [byPortal()] }),
    files: () => begin(),
  },
  {
    why: 'a person has verified the mailbox',
    because: 'mailbox-unverified',
    withheld: () => begin({ authorities: [byEmail(AUTHORITY, { mailboxVerifiedAt: null })] }),
    files: () => begin(),
  },
  {
    why: 'within 180 days before the filing',
    because: 'mailbox-check-old',
    withheld: () =>
      begin({ authorities: [byEmail(AUTHORITY, { mailboxVerifiedAt: plusMs(plusHours(FILING_AT, -180 * 24), -1) })] }),
    files: () => begin({ authorities: [byEmail(AUTHORITY, { mailboxVerifiedAt: plusHours(FILING_AT, -180 * 24) })] }),
  },
  {
    why: 'the authorisation names the authority',
    because: 'authority-not-named',
    withheld: () => begin({ standing: standing({ authorities: ['ie-dpc'] }) }),
    files: () => begin({ standing: standing({ authorities: ['ie-dpc', AUTHORITY] }) }),
  },
  {
    why: 'the authorisation is valid at that instant',
    because: 'authorisation-expired',
    withheld: () => begin({ standing: standing({ until: plusMs(FILING_AT, -1) }) }),
    files: () => begin({ standing: standing({ until: FILING_AT }) }),
  },
  {
    why: 'it was given by somebody who is still in charge',
    because: 'grantor-not-in-charge',
    withheld: () => begin({ standing: standing({ grantedBy: 'st_who_left' }) }),
    files: () => begin({ standing: standing({ grantedBy: 'st_deputy' }) }),
  },
  {
    why: 'who gave it is still an approver',
    because: 'grantor-not-in-charge',
    withheld: () => begin({ standing: standing({ grantedBy: 'st_dpo' }) }),
    files: () => begin(),
  },
  {
    why: 'no decision not to notify waits for its second person',
    because: 'decision-waits',
    withheld: () => warn(begin().pass(WARNING_AT)).do(unlikely, later, DPO),
    files: () => warn(begin().pass(WARNING_AT)).do({ ...unlikely, level: 'HIGH_RISK' }, later, DPO),
  },
  {
    why: 'no withdrawal waits for its second person',
    because: 'withdrawal-waits',
    withheld: () =>
      warn(begin().pass(WARNING_AT)).do(
        { type: 'Withdraw', because: 'not_a_breach', duplicateOf: null, reason: 'test data', confirms: null },
        later,
        DPO,
      ),
    files: () => begin(),
  },
  {
    why: 'no approved notice is on hold',
    because: 'approved-on-hold',
    withheld: () => approve(warn(begin().pass(WARNING_AT)), later, true),
    files: () => drafted(warn(begin().pass(WARNING_AT)), later),
  },
  {
    why: 'an approved notice goes first',
    because: 'approved-goes-first',
    withheld: () => approve(warn(begin().pass(WARNING_AT)), later),
    files: () =>
      approve(warn(begin().pass(WARNING_AT)), later).do(
        { type: 'RevokeApproval', phase: 1, sha256: SHA, reason: 'a wrong figure' },
        later,
        APPROVER,
      ),
  },
  {
    why: 'what a person approved was not refused',
    because: 'approved-refused',
    withheld: () =>
      approve(warn(begin().pass(WARNING_AT)), later).do(
        { type: 'ReportRefusal', phase: 1, authority: AUTHORITY, attempt: 1, code: 550 },
        later,
        ENGINE,
      ),
    files: () => begin(),
  },
  {
    why: 'everybody was warned',
    because: 'not-warned',
    withheld: () => warn(begin().pass(WARNING_AT), plusMs(WARNING_AT, 2_000), 1),
    files: () => warn(warn(begin().pass(WARNING_AT), plusMs(WARNING_AT, 2_000), 1), plusMs(WARNING_AT, 6 * MINUTE)),
  },
  {
    why: 'six hours before, but for the quarter of an hour that sending may take',
    because: 'warned-too-late',
    withheld: () => warn(begin().pass(WARNING_AT), plusMs(WARNING_AT, 15 * MINUTE + 1)),
    files: () => warn(begin().pass(WARNING_AT), plusMs(WARNING_AT, 15 * MINUTE)),
  },
];

describe('every condition withholds the filing, and nothing else does', () => {
  /** The warning was given, unless the row is about the warning itself. */
  const atTheHour = (play: Play, about: Withheld): Play => {
    const ofWarning = about === 'not-warned' || about === 'warned-too-late';
    if (!ofWarning && play.state.automatic?.warnedAt == null) warn(play.pass(WARNING_AT));
    return play.pass(FILING_AT);
  };

  for (const { why, because, withheld, files } of CONDITIONS) {
    test(`files only when ${why}`, () => {
      const not = file(atTheHour(withheld(), because));
      expect(not.state.automatic?.outcome).toMatchObject({ filed: [], withheld: [{ because: [because] }] });
      expect(not.state.notices.every((n) => n.approved?.automatic === undefined)).toBe(true);

      const yes = file(atTheHour(files(), because));
      expect(yes.state.automatic?.outcome?.filed).toEqual([AUTHORITY]);
      expect(filedTo(yes.state)).toEqual([AUTHORITY]);
    });
  }

  test('a receipt of what was filed elsewhere withholds it: nothing is owed any more', () => {
    const play = approve(warn(begin().pass(WARNING_AT)), later, true).do(
      {
        type: 'RecordReceipt',
        phase: 1,
        authority: AUTHORITY,
        reference: 'by telephone',
        receivedAt: later,
        evidence: null,
      },
      later,
      DPO,
    );
    play.pass(FILING_AT);
    expect(filingDue(play.state)).toBeUndefined();
    expect(withheldBecause(play.state, AUTHORITY, FILING_AT)).toContain('filed-already');
  });

  test('a notice whose outcome is not known counts as filed', () => {
    const play = approve(warn(begin().pass(WARNING_AT)), later).do(
      { type: 'ReportAmbiguous', phase: 1, authority: AUTHORITY, attempt: 1, messageId: 'm' },
      later,
      ENGINE,
    );
    file(play.pass(FILING_AT));
    expect(play.state.automatic?.outcome?.withheld).toEqual([{ authority: AUTHORITY, because: ['filed-already'] }]);
  });

  test('a decision not to notify that two people took: nothing is owed, nothing is filed, nobody is woken for it', () => {
    const play = begin().do(unlikely, hoursAfter(10), DPO);
    const confirms = play.state.decisionProposal?.proposal ?? '';
    play.do({ ...unlikely, confirms }, hoursAfter(11), APPROVER).pass(FILING_AT);
    expect(filingDue(play.state)).toBeUndefined();
    expect(play.reached().find((m) => m.id === 'automatic-warning')?.owed).toBe(false);
  });

  test('a duty on hold is withheld', () => {
    const { state } = reachHour(begin());
    const held = {
      ...state,
      duties: state.duties.map((d) => (d.to === AUTHORITY ? { ...d, state: 'held' as const } : d)),
    };
    expect(withheldBecause(state, AUTHORITY, FILING_AT)).toEqual([]);
    expect(withheldBecause(held, AUTHORITY, FILING_AT)).toEqual(['duty-held']);
  });

  test('an authority that is not settled, one without an hour, and one that somebody proposes to leave out are withheld', () => {
    const { state } = reachHour(begin());
    const changed = (change: object) => ({
      ...state,
      duties: state.duties.map((d) => (d.to === AUTHORITY ? { ...d, ...change } : d)),
    });
    expect(withheldBecause(changed({ dueAt: null }), AUTHORITY, FILING_AT)).toEqual(['no-deadline']);
    expect(withheldBecause(changed({ to: 'unsettled' }), 'unsettled', FILING_AT)).toContain('not-settled');
    const waiting = { proposal: 'p', by: 'st_dpo', loginMadeBy: null, at: later, rule: 'R-501' };
    const leftOut = (duty: string) => ({ ...state, exemptionProposal: { ...waiting, duty } });
    expect(withheldBecause(leftOut(`authority-notice/${AUTHORITY}`), AUTHORITY, FILING_AT)).toEqual(['decision-waits']);
    expect(withheldBecause(leftOut('people-message'), AUTHORITY, FILING_AT)).toEqual([]);
  });

  test('an authority at its portal does not keep the other one from its notice, and gets a draft for a person to approve', () => {
    const play = reachHour(begin({ authorities: [byEmail(AUTHORITY, { mailboxVerifiedAt: CHECKED }), byPortal()] }));
    file(play);
    expect(play.state.automatic?.outcome).toMatchObject({
      filed: [AUTHORITY],
      withheld: [{ authority: 'ex-portal-authority', because: ['authority-not-named', 'not-by-email'] }],
    });
    expect(Object.keys(play.state.notices[0]?.deliveries ?? {})).toEqual([AUTHORITY]);
    play.do(
      {
        type: 'ReportSubmission',
        phase: 1,
        authority: AUTHORITY,
        channel: 'email',
        at: FILING_AT,
        attempt: 1,
        messageId: 'm',
        artifacts: {},
        reply: '250',
        sha256: SHA,
      },
      FILING_AT,
      ENGINE,
    );
    expect(draftDue(play.state)).toBe(true);
  });

  test('an incident of the rules before never files by itself', () => {
    const play = begin({}, { policy: 2 }).pass(hoursAfter(72));
    expect(play.reached().map((m) => m.id)).not.toContain('automatic-filing');
    expect(filingDue(play.state)).toBeUndefined();
  });

  test('without an authorisation there is no such rung', () => {
    const play = new Play().pass(hoursAfter(72));
    expect(play.state.milestones.some((m) => m.kind === 'automatic-filing')).toBe(false);
  });

  test.each(WITHHELD)('%s has a sentence', (because) => expect(withheldWords(because)).toMatch(/^[a-z].{10,}/));
});

describe('when it is withheld', () => {
  test('it is said at once, and with every rung to the end of the ladder', () => {
    const play = reachHour(begin({ authorities: [byEmail(AUTHORITY, { mailboxVerifiedAt: null })] }));
    file(play);
    expect(said(play, 'automatic-withheld')).toContain('ex-authority: nobody has verified its mailbox');
    expect(nextEscalation(play.state)?.milestone.id).toBe('automatic-withheld');
    play.pass(hoursAfter(71));
    expect(said(play, 'aware+71h')).toContain('Not filed by itself to ex-authority: nobody has verified its mailbox');
    play.pass(hoursAfter(72));
    expect(said(play, 'aware+72h')).toContain('Not filed by itself');
  });

  test('the warning says so beforehand, so that it can be put right', () => {
    const play = begin({ authorities: [byEmail(AUTHORITY, { mailboxVerifiedAt: null })] }).pass(WARNING_AT);
    expect(said(play, 'automatic-warning')).toContain('Nothing will be filed by itself');
    warn(play).do(
      {
        type: 'RenewSetting',
        standing: standing(),
        mailboxes: [{ authority: AUTHORITY, address: 'new@authority.test', verifiedAt: later }],
      },
      later,
      DPO,
    );
    file(play.pass(FILING_AT));
    expect(filedTo(play.state)).toEqual([AUTHORITY]);
  });

  test('a notice of a person that is on its way is no reason to wake anybody', () => {
    const play = approve(warn(begin().pass(WARNING_AT)), later).pass(FILING_AT);
    file(play);
    expect(play.state.milestones.some((m) => m.id === 'automatic-withheld')).toBe(false);
  });
});

describe('what changes while the incident is open', () => {
  const renew = (play: Play, to: StandingAuthorisation | null, at: Instant): Play =>
    play.do({ type: 'RenewSetting', standing: to, mailboxes: [] }, at, APPROVER);

  test('an authorisation that is given later lays its rungs, and files when six hours are left to warn', () => {
    const play = renew(begin({ standing: null }), standing(), hoursAfter(61));
    expect(play.state.milestones.find((m) => m.id === 'automatic-filing')?.dueAt).toBe(FILING_AT);
    file(reachHour(play));
    expect(filedTo(play.state)).toEqual([AUTHORITY]);
  });

  test('given with less than six hours left, the warning says that nothing will be filed, and nothing is', () => {
    const late = plusMs(WARNING_AT, 16 * MINUTE);
    const play = renew(begin({ standing: null }), standing(), late).pass(late);
    expect(said(play, 'automatic-warning')).toContain('less than 6 hours were left');
    file(warn(play, late).pass(FILING_AT));
    expect(play.state.automatic?.outcome?.withheld).toEqual([{ authority: AUTHORITY, because: ['warned-too-late'] }]);
  });

  test('revoked before the warning: nothing is said and nothing is filed', () => {
    const play = renew(begin(), null, hoursAfter(10)).pass(hoursAfter(72));
    expect(play.reached().map((m) => m.id)).not.toContain('automatic-filing');
  });

  test('revoked after the warning: everybody who relies on it is told, and nothing is filed', () => {
    const play = renew(warn(begin().pass(WARNING_AT)), null, later);
    expect(nextEscalation(play.state)?.milestone.id).toBe('automatic-ended');
    expect(said(play, 'automatic-ended')).toContain('nothing is filed by itself any more');
    expect(filingDue(play.pass(FILING_AT).state)).toBeUndefined();
  });

  test('found revoked at the hour itself: withheld, and said', () => {
    const play = renew(reachHour(begin()), null, FILING_AT);
    file(play);
    expect(play.state.automatic?.outcome?.withheld).toEqual([
      { authority: AUTHORITY, because: ['authorisation-ended'] },
    ]);
    expect(play.state.milestones.some((m) => m.id === 'automatic-withheld')).toBe(true);
  });

  test('another number of hours moves the rungs', () => {
    const play = renew(begin(), standing({ id: 'organisation/13', hoursBeforeDeadline: 2 }), hoursAfter(5));
    expect(play.state.milestones.filter((m) => m.kind.startsWith('automatic')).map((m) => m.dueAt)).toEqual([
      hoursAfter(64),
      hoursAfter(70),
    ]);
  });

  test('the same again changes nothing', () => {
    const play = begin();
    const { seq } = play.state;
    expect(renew(play, standing(), hoursAfter(1)).state.seq).toBe(seq);
  });

  test('an earlier awareness moves both rungs, and an hour that is past already without a warning is withheld', () => {
    const play = begin().do(
      {
        type: 'CorrectAwareness',
        key: 'awareAt',
        finding: { at: hoursAfter(-30), zone: 'Europe/Dublin', source: 'a log' },
        reason: 'found in a log',
        confirms: null,
      },
      hoursAfter(40),
      DPO,
    );
    expect(play.state.milestones.find((m) => m.id === 'automatic-filing')?.dueAt).toBe(hoursAfter(38));
    file(play, hoursAfter(40));
    expect(play.state.automatic?.outcome?.withheld).toEqual([{ authority: AUTHORITY, because: ['not-warned'] }]);
  });

  test('a later awareness, once two people agree, moves the hour on and warns anew', () => {
    const play = warn(begin().pass(WARNING_AT));
    const correction = {
      type: 'CorrectAwareness',
      key: 'awareAt',
      finding: { at: hoursAfter(8), zone: 'Europe/Dublin', source: 'a log' },
      reason: 'found in a log',
    } as const;
    play.do({ ...correction, confirms: null }, later, DPO);
    play.do({ ...correction, confirms: play.state.awarenessProposal?.proposal ?? '' }, later, APPROVER);
    expect(outlook(play.state, later)?.at).toBe(plusHours(FILING_AT, 8));
    expect(play.state.automatic?.warnedAt).toBeNull();
    expect(
      play
        .pass(plusHours(WARNING_AT, 8))
        .reached()
        .filter((m) => m.id === 'automatic-warning'),
    ).toHaveLength(2);
  });

  test('whoever answers another alarm has not answered a warning that nobody has heard', () => {
    const play = begin({ standing: standing({ hoursBeforeDeadline: 6 }) }).pass(hoursAfter(60));
    play.do({ type: 'Acknowledge', milestone: 'aware+60h' }, plusMs(hoursAfter(60), 1_000), DPO);
    expect(nextEscalation(play.state)?.milestone.id).toBe('automatic-warning');
  });

  test('declared too late for a warning: withheld and said, and the ladder goes on', () => {
    const play = new Play(aDeclaration({ setting: setting() }), hoursAfter(69)).pass(hoursAfter(69));
    file(play, hoursAfter(69));
    expect(play.state.automatic?.outcome?.withheld[0]?.because).toEqual(['not-warned']);
    expect(said(play, 'automatic-withheld')).toContain('not everybody could be warned');
  });
});
