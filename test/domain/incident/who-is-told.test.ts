import { describe, expect, test } from '@jest/globals';
import { findAuthority } from '../../../domain/authorities/directory.js';
import { wayTo } from '../../../domain/authorities/way.js';
import type { Declaration } from '../../../domain/incident/commands.js';
import { alarmText, deliveriesDue, draftDue, nextEscalation } from '../../../domain/incident/effects.js';
import type { Setting } from '../../../domain/incident/events.js';
import type { FactInput } from '../../../domain/incident/facts.js';
import { nextSteps } from '../../../domain/incident/next-steps.js';
import { registerEntry } from '../../../domain/incident/register-entry.js';
import type { Organisation } from '../../../domain/incident/organisation.js';
import { summarise } from '../../../domain/incident/summary.js';
import { isFiledLate } from '../../../domain/notice/answers.js';
import { asTold, isFirstFor } from '../../../domain/notice/as-told.js';
import { buildNotice } from '../../../domain/notice/build.js';
import {
  APPROVER,
  aDeclaration,
  anOrganisation,
  aSetting,
  aSuspicion,
  DPO,
  fact,
  hoursAfter,
  Play,
} from '../../build.js';

const way = (id: string, verifiedAt: string | null = hoursAfter(-1)) => {
  const row = findAuthority(id);
  if (!row) throw new Error(`no ${id}`);
  return wayTo(row, ['en'], verifiedAt === null ? undefined : { address: `${id}@authority.test`, verifiedAt });
};
const place = (country: string, main = true) => ({ country, main });
/** As the API makes it: the list where there is one, else who is known before a breach. */
const setting = (organisation: Partial<Organisation>, told: readonly string[], over: Partial<Setting> = {}): Setting =>
  aSetting({
    organisation: anOrganisation({ sector: 'PRIVATE', ...organisation }),
    authorities: told.map((id) => way(id)),
    ...over,
  });
const listed = (ids: readonly string[], over: Partial<Organisation> = {}): Setting =>
  setting({ establishments: [place('IE')], authorities: ids, ...over }, ids);
const unlisted = (country: string, told: readonly string[] = [], over: Partial<Organisation> = {}): Setting =>
  setting({ establishments: [place(country)], authorities: [], ...over }, told);

const played = (of: Setting, facts: readonly FactInput[] = [], over: Partial<Declaration> = {}): Play =>
  new Play(aDeclaration({ setting: of, facts, ...over }));
const record = (play: Play, hours: number, ...facts: FactInput[]) =>
  play.do({ type: 'RecordFacts', facts }, hoursAfter(hours));
const people = (countries: Record<string, number>) => fact('people.countries', countries);
const owed = (play: Play) =>
  play.state.duties
    .filter((d) => d.kind !== 'register')
    .map((d) => `${d.id.replace('authority-notice/', '')} ${d.state}`);
const openTasks = (play: Play, kind = 'settle-authority') =>
  play.state.tasks.filter((t) => t.kind === kind && t.doneAt === null).map((t) => t.about);
const rings = (play: Play) => play.state.milestones.filter((m) => m.reachedAt !== null && m.owed).map((m) => m.id);
function decide(play: Play, level: 'HIGH_RISK' | 'RISK_NOT_HIGH' | 'UNLIKELY_RISK', hours: number): Play {
  const command = { type: 'DecideRisk', level, reasons: 'argued in the test', setting: null } as const;
  play.do({ ...command, confirms: null }, hoursAfter(hours), DPO);
  const { decisionProposal } = play.state;
  return decisionProposal
    ? play.do({ ...command, confirms: decisionProposal.proposal }, hoursAfter(hours), APPROVER)
    : play;
}

// biome-ignore format: a table is read by the row
const later: readonly [string, Setting, readonly FactInput[], readonly string[], readonly string[]][] = [
  // why, setting, what is recorded 30 hours on, duties then, tasks to settle
  ['no establishment in the EEA: one for each state in which people turn out to live (R-505)', unlisted('US'), [people({ FR: 2, IE: 9, US: 4 })], ['unsettled waived', 'ie-dpc open', 'fr-cnil open'], []],
  ['a state with nobody in it is none', unlisted('US'), [people({ FR: 2, IE: 0 })], ['unsettled waived', 'fr-cnil open'], []],
  ['the Land is missing: the others open, and the one without a name stays owed', unlisted('US'), [people({ FR: 2, DE: 3 })], ['unsettled open', 'fr-cnil open'], []],
  ['with the Land every one has its name', unlisted('US'), [people({ FR: 2, DE: 3 }), fact('people.mostAffectedLand', 'NW')], ['unsettled waived', 'de-nw-ldi open', 'fr-cnil open'], []],
  ['nobody in the EEA after all: a person looks at the one without a name', unlisted('US'), [people({ US: 4 })], ['unsettled open'], ['authority-notice/unsettled']],
  ['people in the United Kingdom: a notice of its own beside (R-509)', unlisted('IE', ['ie-dpc']), [people({ IE: 9, GB: 1 })], ['ie-dpc open', 'gb-ico open'], []],
  ['people in Switzerland, and no high risk is decided: nothing to it (R-831)', unlisted('IE', ['ie-dpc']), [people({ IE: 9, CH: 1 })], ['ie-dpc open'], []],
  ['people in another state of the EEA alone: the same authority (R-503)', unlisted('IE', ['ie-dpc']), [people({ IE: 9, FR: 1 })], ['ie-dpc open'], []],
  ['a second establishment where it took place: the local one opens, the first stays while it is unsure (R-506)', unlisted('IE', ['ie-dpc']), [fact('crossBorder.establishments', ['ES', 'IE']), fact('crossBorder.tookPlaceIn', ['ES'])], ['ie-dpc open', 'es-aepd open'], []],
  ['cross-border, led from elsewhere, and that is settled: the first is proposed to be left out, never dropped', unlisted('IE', ['ie-dpc']), [fact('crossBorder.establishments', ['ES', 'IE']), fact('crossBorder.processing', 'YES'), fact('crossBorder.leadCountry', ['ES']), fact('processing.publicTask', false), people({ IE: 1, ES: 9 })], ['ie-dpc open', 'es-aepd open'], ['authority-notice/ie-dpc']],
  ['with a list the list is told, and the difference is a task (0016)', listed(['ie-dpc']), [people({ IE: 9, GB: 1 })], ['ie-dpc open'], ['gb-ico']],
  ['with a list that says the same there is nothing to settle', listed(['ie-dpc', 'gb-ico']), [people({ IE: 9, GB: 1 })], ['ie-dpc open', 'gb-ico open'], []],
  ['with a list that says more, and it is settled: a person looks', listed(['ie-dpc', 'gb-ico']), [people({ IE: 9 })], ['ie-dpc open', 'gb-ico open'], ['authority-notice/gb-ico']],
  ['with a list that says more, and where people live is not known: nobody is asked', listed(['ie-dpc', 'gb-ico']), [fact('breach.cause', 'UNKNOWN')], ['ie-dpc open', 'gb-ico open'], []],
  ['processor alone: the controllers, and two people may leave the authority out (R-240)', listed(['ie-dpc']), [fact('parties.role', 'PROCESSOR'), fact('parties.controllers', ['A clinic'])], ['ie-dpc open', 'controller-notice/controller-1 open'], ['authority-notice/ie-dpc']],
  ['controllers are named: both are owed, each to its own (R-120)', listed(['ie-dpc']), [fact('parties.controllers', ['A clinic'])], ['ie-dpc open', 'controller-notice/controller-1 open'], []],
  ['a processor that decided for itself: the authority too (Art. 28(10))', listed(['ie-dpc'], { role: 'processor' }), [fact('parties.role', 'BOTH')], ['controller-notice/controller-1 open', 'ie-dpc open'], []],
];
for (const [why, of, facts, duties, tasks] of later)
  test(`facts that arrive later: ${why}`, () => {
    const play = record(played(of), 30, ...facts);
    expect(owed(play)).toEqual([...duties]);
    expect(openTasks(play)).toEqual([...tasks]);
  });

test('the same facts at the declaration, at the confirmation and afterwards end in the same duties', () => {
  const facts = [people({ FR: 2, IE: 9 })];
  const atOnce = played(unlisted('US'), facts);
  const confirmed = new Play(aSuspicion({ setting: unlisted('US'), facts })).do(
    {
      type: 'ConfirmAwareness',
      awareness: { awareAt: { at: hoursAfter(1), zone: 'Europe/Dublin', source: 'logs' } },
      reason: null,
      setting: null,
    },
    hoursAfter(1),
  );
  const afterwards = record(played(unlisted('US')), 5, ...facts);
  expect(owed(atOnce)).toEqual(['ie-dpc open', 'fr-cnil open']);
  expect(owed(confirmed)).toEqual(owed(atOnce));
  expect(owed(afterwards).filter((one) => !one.startsWith('unsettled'))).toEqual(owed(atOnce));
});

describe('a duty that opens later', () => {
  const play = () => record(played(unlisted('US'), [people({ FR: 2 })]), 30, people({ FR: 2, IE: 9 }));

  test('is due 72 hours after awareness and not after the fact, says why, and rings at once', () => {
    const opened = play()
      .events.filter((e) => e.type === 'DutyOpened')
      .at(-1)?.data;
    expect(opened).toMatchObject({
      duty: { to: 'ie-dpc', dueAt: hoursAfter(72), openedAt: hoursAfter(30) },
      because: expect.stringContaining('people concerned in IE'),
      later: true,
    });
    expect(rings(play())).toContain('opened/ie-dpc');
    const rung = play().state.milestones.find((m) => m.id === 'opened/ie-dpc');
    expect(rung && alarmText(play().state, rung, hoursAfter(30))).toMatchObject({
      says: expect.stringMatching(/ie-dpc is to be told too .*42 h 00 min left/),
      dueAt: hoursAfter(72),
    });
  });

  test('carries the way to its authority: a verified mailbox that the setting knew, else one that a person has to check (R-511)', () => {
    const unknown = play().state.setting.authorities.find((a) => a.authority === 'ie-dpc');
    expect(unknown?.mailboxVerifiedAt).toBeNull();
    const ready = { ...unlisted('US'), ways: [way('ie-dpc')] };
    const known = record(played(ready, [people({ FR: 2 })]), 30, people({ FR: 2, IE: 9 }));
    expect(known.state.setting.authorities.find((a) => a.authority === 'ie-dpc')).toMatchObject({
      address: 'ie-dpc@authority.test',
      mailboxVerifiedAt: hoursAfter(-1),
    });
  });

  test('keeps its way when a newer setting comes that does not name it, and takes the mailbox that was verified since', () => {
    const known = play();
    const newer: Setting = { ...unlisted('US'), ways: [way('ie-dpc', hoursAfter(31))] };
    known.do(
      { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'why', confirms: null, setting: newer },
      hoursAfter(32),
    );
    expect(known.state.setting.authorities.find((a) => a.authority === 'ie-dpc')?.mailboxVerifiedAt).toBe(
      hoursAfter(31),
    );
  });

  // biome-ignore format: a table is read by the row
  const late = [
    [71, ['aware+60h', 'aware+66h', 'aware+70h', 'aware+71h'], false, 'an hour before the deadline'],
    [73, ['aware+60h', 'aware+66h', 'aware+70h', 'aware+71h', 'aware+72h'], true, 'an hour after it: late, and said to be'],
  ] as const;
  for (const [hours, rungs, isLate, why] of late)
    test(`${why}: what was passed in silence is called again, and the reasons are owed only when it is late (R-203)`, () => {
      const known = decide(played(unlisted('US'), [people({ FR: 2 })]), 'RISK_NOT_HIGH', 1);
      submitted(known, 'fr-cnil', 20);
      known.pass(hoursAfter(hours));
      const before = rings(known).filter((id) => id.startsWith('aware'));
      record(known, hours, people({ FR: 2, IE: 9 }));
      expect(rings(known).filter((id) => id.startsWith('aware') && !before.includes(id))).toEqual(
        expect.arrayContaining([...rungs]),
      );
      expect(openTasks(known, 'reasons-for-delay')).toHaveLength(isLate ? 1 : 0);
      expect(nextEscalation(known.state)?.milestone.id).toBeDefined();
      const content = buildNotice({
        state: known.state,
        at: hoursAfter(hours),
        rules: 'x',
        previous: known.state.notices[0]?.approved?.content ?? null,
        withdraw: null,
      });
      // The one that was told in time is told so; the other gets a first notification, late by its own count.
      const filing = { earlierReference: null, releasedAt: hoursAfter(hours) };
      expect(isFiledLate(asTold(content, {}), filing)).toBe(false);
      const first = asTold(content, { first: true });
      expect([first.kind, first.changes, isFiledLate(first, filing)]).toEqual(['NEW', [], isLate]);
      expect(isFirstFor(known.state.notices, 2, 'ie-dpc')).toBe(true);
      expect(isFirstFor(known.state.notices, 2, 'fr-cnil')).toBe(false);
    });

  test('is drafted for, approved, and delivered to it alone; its receipt discharges it', () => {
    const known = decide(played(unlisted('US'), [people({ FR: 2 })]), 'RISK_NOT_HIGH', 1);
    submitted(known, 'fr-cnil', 20);
    record(known, 30, people({ FR: 2, IE: 9 }));
    expect(draftDue(known.state)).toBe(true);
    approve(known, 31, 2);
    expect(Object.keys(known.state.notices[1]?.deliveries ?? {}).sort()).toEqual(['fr-cnil', 'ie-dpc']);
  });

  test('nothing was known when the notice was approved: it goes nowhere, and is drafted again for the one that opened', () => {
    const known = decide(played(unlisted('US')), 'RISK_NOT_HIGH', 1);
    approve(known, 2, 1);
    expect(deliveriesDue(known.state)).toEqual([]);
    record(known, 30, people({ FR: 2 }));
    expect(draftDue(known.state)).toBe(true);
    approve(known, 31, 1);
    expect(Object.keys(known.state.notices[0]?.deliveries ?? {})).toEqual(['fr-cnil']);
  });
});

function approve(play: Play, hours: number, phase: number): Play {
  const content = buildNotice({
    state: play.state,
    at: hoursAfter(hours),
    rules: 'x',
    previous: phase === 1 ? null : (play.state.notices[phase - 2]?.approved?.content ?? null),
    withdraw: null,
  });
  const sha256 = `sha-${phase}-${hours}`;
  play.do(
    {
      type: 'PutDraft',
      content,
      sha256,
      basedOn: play.state.seq,
      for: { id: 'engine', role: 'engine' },
      loginMadeBy: null,
    },
    hoursAfter(hours),
  );
  return play.do({ type: 'ApproveNotice', phase, sha256, hold: false, setting: null }, hoursAfter(hours), APPROVER);
}
function submitted(play: Play, authority: string, hours: number): Play {
  approve(play, hours, 1);
  const sent = { authority, channel: 'email', attempt: 1, messageId: 'm', artifacts: {}, reply: null } as const;
  return play.do({ type: 'ReportSubmission', phase: 1, at: hoursAfter(hours), ...sent }, hoursAfter(hours)).do(
    {
      type: 'RecordReceipt',
      phase: 1,
      authority,
      reference: 'R-1',
      receivedAt: hoursAfter(hours),
      evidence: null,
    },
    hoursAfter(hours),
  );
}

describe('Switzerland (FADP Art. 24)', () => {
  const swiss = () => played(unlisted('IE', ['ie-dpc']), [people({ IE: 9, CH: 2 })]);
  // biome-ignore format: a table is read by the row
  const levels = [
    ['HIGH_RISK', true, 'a high risk'],
    ['RISK_NOT_HIGH', false, 'a risk that is not high'],
    ['UNLIKELY_RISK', false, 'an unlikely one'],
  ] as const;
  for (const [level, opens, why] of levels)
    test(`is told of ${why}: ${opens}`, () =>
      expect(decide(swiss(), level, 5).state.duties.some((d) => d.to === 'ch-edoeb')).toBe(opens));

  test('has no hour by which it is due, its own words, its own ground and its own alarms until it is told', () => {
    const play = decide(swiss(), 'HIGH_RISK', 5);
    expect(play.state.duties.find((d) => d.to === 'ch-edoeb')).toMatchObject({
      dueAt: null,
      asSoonAs: 'as soon as possible',
      basis: { rule: 'R-831', cite: 'FADP Art. 24' },
    });
    expect(rings(play)).toContain('opened/ch-edoeb');
    play.pass(hoursAfter(5 + 24));
    expect(rings(play)).toContain('soon/ch-edoeb+24h');
    const rung = play.state.milestones.find((m) => m.id === 'soon/ch-edoeb+24h');
    expect(rung && alarmText(play.state, rung, hoursAfter(29))).toMatchObject({
      dueAt: null,
      says: expect.stringContaining('as soon as possible (FADP Art. 24)'),
    });
  });

  test('alone makes no deadline: no rung of the 72 hours rings, and no reasons for a delay are asked', () => {
    const of = setting({ establishments: [place('CH')], authorities: ['ch-edoeb'] }, ['ch-edoeb']);
    const play = decide(played(of, [people({ CH: 3 })]), 'HIGH_RISK', 1).pass(hoursAfter(80));
    expect(play.reached().filter(({ id, owed: isOwed }) => id.startsWith('aware') && isOwed)).toEqual([]);
    expect(openTasks(play, 'reasons-for-delay')).toEqual([]);
    expect(rings(play)).toContain('soon/ch-edoeb+72h');
    expect(summarise(play.state, hoursAfter(1), () => 0).deadline).toBeNull();
    expect(summarise(played(listed(['ie-dpc'])).state, hoursAfter(1), () => 0).deadline?.strict).toBe(hoursAfter(72));
    const declared = play.state.milestones.find((m) => m.id === 'declared');
    expect(declared && alarmText(play.state, declared, hoursAfter(1)).dueAt).toBeNull();
  });

  test('a level that two people lower lifts it, and a later high one brings it back', () => {
    const play = decide(decide(swiss(), 'HIGH_RISK', 5), 'RISK_NOT_HIGH', 6);
    expect(play.state.duties.find((d) => d.to === 'ch-edoeb')).toMatchObject({
      state: 'exempt',
      dischargedBy: 'R-831',
    });
    decide(play, 'HIGH_RISK', 7);
    expect(play.state.duties.find((d) => d.to === 'ch-edoeb')).toMatchObject({ state: 'open', dueAt: null });
  });

  test('a corrected awareness moves the others and not this one', () => {
    const play = decide(swiss(), 'HIGH_RISK', 5).do(
      {
        type: 'CorrectAwareness',
        key: 'awareAt',
        finding: { at: hoursAfter(-5), zone: 'Europe/Dublin', source: 'mail' },
        reason: 'read on Sunday',
        confirms: null,
      },
      hoursAfter(6),
    );
    expect(play.state.duties.map((d) => [d.to, d.dueAt])).toEqual([
      ['register', null],
      ['ie-dpc', hoursAfter(67)],
      ['ch-edoeb', null],
      ['people', null],
    ]);
  });

  test('the United Kingdom beside it has 72 hours and its own law, also when it comes back', () => {
    const play = played(unlisted('IE', ['ie-dpc']), [people({ IE: 9, GB: 2 })]);
    const gb = () => play.state.duties.find((d) => d.to === 'gb-ico');
    expect(gb()).toMatchObject({ dueAt: hoursAfter(72), basis: { rule: 'R-830', cite: 'UK GDPR Art. 33' } });
    decide(play, 'UNLIKELY_RISK', 2);
    expect(gb()?.state).toBe('exempt');
    play
      .do({ type: 'Close', reason: 'harmless' }, hoursAfter(3))
      .do({ type: 'Reopen', reason: 'a call came in' }, hoursAfter(4));
    expect(gb()).toMatchObject({ state: 'open', dueAt: hoursAfter(72), basis: { cite: 'UK GDPR Art. 33' } });
  });
});

describe('leaving an authority out', () => {
  const needless = () => record(played(listed(['ie-dpc', 'gb-ico'])), 5, people({ IE: 9 }));
  const leave = (duty: string, rule = 'R-501') =>
    ({
      type: 'ExemptDuty',
      duty: `authority-notice/${duty}`,
      reason: 'nobody there',
      rule,
      proof: 'count of today',
    }) as const;

  test('takes two people, ends the task, and is on record with its reason; nothing is sent there', () => {
    const play = needless().do(leave('gb-ico'), hoursAfter(6), DPO);
    expect(owed(play)).toEqual(['ie-dpc open', 'gb-ico open']);
    expect(nextSteps(play.state).some(({ says }) => says.includes('Not telling gb-ico waits'))).toBe(true);
    const confirms = play.state.exemptionProposal?.proposal ?? '';
    expect(play.refused({ ...leave('gb-ico'), confirms }, hoursAfter(6), DPO)).toEqual(['same-person']);
    play.do({ ...leave('gb-ico'), confirms }, hoursAfter(6), APPROVER);
    expect(owed(play)).toEqual(['ie-dpc open', 'gb-ico waived']);
    expect(openTasks(play)).toEqual([]);
    expect(registerEntry(play.state).notNotifiedBecause).toBe('gb-ico: nobody there (R-501; count of today)');
    decide(play, 'HIGH_RISK', 7);
    expect(owed(play)).toEqual(['ie-dpc open', 'gb-ico waived', 'people-message open']);
  });

  test('facts that make it competent again bring it back', () => {
    const play = needless();
    play.do(leave('gb-ico'), hoursAfter(6), DPO);
    play.do({ ...leave('gb-ico'), confirms: play.state.exemptionProposal?.proposal ?? '' }, hoursAfter(6), APPROVER);
    record(play, 7, fact('crossBorder.establishments', ['GB', 'IE']), fact('crossBorder.processing', 'NO'));
    expect(owed(play)).toEqual(['ie-dpc open', 'gb-ico open']);
  });

  // biome-ignore format: a table is read by the row
  const refused: readonly [string, () => Play, string, string][] = [
    ['one that is competent', needless, 'ie-dpc', 'contradiction'],
    ['one whose competence is not settled', () => played(listed(['ie-dpc', 'gb-ico'])), 'gb-ico', 'contradiction'],
    ['one, while the one that is competent has no duty', () => record(played(listed(['gb-ico'])), 5, people({ IE: 9 })), 'gb-ico', 'contradiction'],
  ];
  for (const [why, made, to, code] of refused)
    test(`is refused for ${why}`, () => expect(made().refused(leave(to), hoursAfter(6), DPO)).toEqual([code]));

  test('under an exemption from telling people it is refused: the authority is another matter (R-204)', () =>
    expect(needless().refused(leave('gb-ico', 'R-416'), hoursAfter(6), DPO)).toContain('not-holdable'));

  test('where nobody is established a person may find that the law does not apply there', () => {
    const play = record(played(listed(['ie-dpc', 'gb-ico'])), 5, people({ IE: 9, GB: 1 }));
    play.do(leave('gb-ico'), hoursAfter(6), DPO);
    expect(play.state.exemptionProposal?.rule).toBe('R-501');
  });
});

describe('what the list does not name', () => {
  const difference = () => record(played(listed(['ie-dpc'])), 5, people({ IE: 9, GB: 1 }));

  test('is a step with its ground, due by the deadline, and blocks closing', () => {
    const step = nextSteps(difference().state).find(({ says }) => says.includes('gb-ico'));
    expect(step).toMatchObject({
      says: expect.stringMatching(/UK GDPR Art. 33/),
      command: 'seventytwo duty BR-7K3M-9QXD authority-notice/gb-ico open --reason "…"',
      dueAt: hoursAfter(72),
    });
  });

  test('one person opens it: by the law of its country, from the same awareness', () => {
    const play = difference().do({ type: 'OpenDuty', authority: 'gb-ico', reason: 'people there' }, hoursAfter(6));
    expect(play.state.duties.find((d) => d.to === 'gb-ico')).toMatchObject({
      dueAt: hoursAfter(72),
      basis: { rule: 'R-830' },
    });
    expect(openTasks(play)).toEqual([]);
    expect(play.state.setting.authorities.map((a) => a.authority)).toEqual(['ie-dpc', 'gb-ico']);
  });

  test('or it is said why not, and nobody is asked again for the same', () => {
    const play = difference();
    const task = play.state.tasks.find((t) => t.kind === 'settle-authority')?.id ?? '';
    expect(play.refused({ type: 'CompleteTask', task, note: null }, hoursAfter(6))).toEqual(['missing']);
    play.do({ type: 'CompleteTask', task, note: 'no offer there (Art. 3(2))' }, hoursAfter(6));
    record(play, 7, people({ IE: 9, GB: 2 }));
    expect(openTasks(play)).toEqual([]);
  });

  test('a fact that was wrong takes its task back', () => {
    expect(openTasks(record(difference(), 6, people({ IE: 10 })))).toEqual([]);
  });

  // biome-ignore format: a table is read by the row
  const refused: readonly [string, string, string][] = [
    ['no-such', 'xx-nobody', 'one that is in no directory'],
    ['no-such', 'ex-authority', 'one of exercise in a live incident (R-933)'],
    ['already', 'ie-dpc', 'one that is told already'],
    ['contradiction', 'ch-edoeb', 'Switzerland without a high risk (R-831)'],
  ];
  for (const [code, authority, why] of refused)
    test(`opening is refused: ${why}`, () =>
      expect(difference().refused({ type: 'OpenDuty', authority, reason: 'why' }, hoursAfter(6))).toEqual([code]));

  test('a drill never names a real authority', () => {
    const of = setting({ establishments: [place('IE')], authorities: ['ex-authority'] }, ['ex-authority']);
    const drill = record(played(of, [], { mode: 'drill' }), 5, people({ IE: 1, GB: 1 }));
    expect([owed(drill), openTasks(drill)]).toEqual([['ex-authority open'], []]);
    expect(drill.refused({ type: 'OpenDuty', authority: 'gb-ico', reason: 'why' }, hoursAfter(6))).toEqual(['no-such']);
  });
});

describe('joint controllers (R-121)', () => {
  const relying = () => record(played(listed(['ie-dpc'])), 5, fact('parties.jointControllerRole', 'RELYING_PARTY'));
  const end = {
    type: 'ExemptDuty',
    duty: 'authority-notice/ie-dpc',
    reason: 'told by the other one for all',
    rule: 'R-121',
    proof: 'receipt 4711',
    confirms: null,
  } as const;
  const byTwo = (play: Play) =>
    play
      .do(end, hoursAfter(6), DPO)
      .do({ ...end, confirms: play.state.exemptionProposal?.proposal ?? '' }, hoursAfter(6), APPROVER);

  test('who relies on another stays owed, is told how it ends, and ends it by two with the other one’s receipt', () => {
    const play = relying();
    expect(owed(play)).toEqual(['ie-dpc open']);
    expect(nextSteps(play.state).find(({ command }) => command.includes('R-121'))?.dueAt).toBe(hoursAfter(72));
    expect(owed(byTwo(play))).toEqual(['ie-dpc waived']);
    expect(owed(record(play, 7, fact('breach.cause', 'UNKNOWN')))).toEqual(['ie-dpc waived']);
  });
  test('when there is no such arrangement after all it is owed again', () => {
    const play = record(byTwo(relying()), 7, fact('parties.jointControllerRole', 'NO_ARRANGEMENT'));
    expect(owed(play)).toEqual(['ie-dpc open']);
  });
  test.each(['LEAD_NOTIFIER', 'NO_ARRANGEMENT'])('as %s it cannot be ended so', (role) => {
    const play = record(played(listed(['ie-dpc'])), 5, fact('parties.jointControllerRole', role));
    expect(play.refused(end, hoursAfter(6), DPO)).toEqual(['contradiction']);
  });
});

describe('a closed incident', () => {
  test('is opened again by a fact that makes one more authority competent, and that one is owed', () => {
    const play = decide(played(unlisted('US'), [people({ FR: 2 })]), 'UNLIKELY_RISK', 1).do(
      { type: 'Close', reason: 'harmless' },
      hoursAfter(2),
    );
    record(play, 100, people({ FR: 2, IE: 9 }));
    expect(play.state.phase).toBe('notifying');
    expect(owed(play)).toEqual(['fr-cnil open', 'ie-dpc open']);
    expect(play.state.duties.every((d) => d.dueAt === null || d.dueAt === hoursAfter(72))).toBe(true);
  });
});

test.each([1, 2])('an incident of before (policy %i) is decided as it was', (policy) => {
  const play = record(
    played(listed(['ie-dpc', 'ch-edoeb']), [], { policy }),
    5,
    people({ IE: 9, GB: 1 }),
    fact('parties.role', 'BOTH'),
  );
  expect(owed(play)).toEqual(['ie-dpc open', 'ch-edoeb open']);
  expect(openTasks(play)).toEqual([]);
  expect(play.state.duties.find((d) => d.to === 'ch-edoeb')?.dueAt).toBe(hoursAfter(72));
  expect(play.refused({ type: 'OpenDuty', authority: 'gb-ico', reason: 'why' }, hoursAfter(6))).toEqual([
    'contradiction',
  ]);
});
