import { describe, expect, test } from '@jest/globals';
import { alarmText } from '../../../domain/incident/effects.js';
import type { Declaration } from '../../../domain/incident/commands.js';
import type { FactInput } from '../../../domain/incident/facts.js';
import { nextSteps } from '../../../domain/incident/next-steps.js';
import {
  APPROVER,
  aDeclaration,
  anOrganisation,
  aSetting,
  aSuspicion,
  AWARE,
  byEmail,
  DPO,
  fact,
  hoursAfter,
  Play,
} from '../../build.js';

const now = (over: Partial<Declaration> = {}): Declaration => aDeclaration({ policy: 2, ...over });
const aProcessor = (over: Partial<Declaration> = {}): Declaration =>
  now({ setting: aSetting({ organisation: anOrganisation({ role: 'processor' }) }), ...over });
const CONTROLLERS = (...names: string[]) => fact('parties.controllers', names);
const owed = (play: Play) => play.state.duties.filter((d) => d.kind !== 'register').map((d) => `${d.id} ${d.state}`);
const record = (play: Play, hours: number, ...facts: FactInput[]) =>
  play.do({ type: 'RecordFacts', facts }, hoursAfter(hours));
const openTasks = (play: Play) => play.state.tasks.filter((t) => t.doneAt === null);

describe('a processor (Art. 33(2))', () => {
  test('owes each controller word from awareness on, and no authority anything; nobody is asked for a level of risk first (R-240, R-243)', () => {
    const play = new Play(aProcessor({ facts: [CONTROLLERS('A clinic', 'A school')] }));
    expect(owed(play)).toEqual(['controller-notice/controller-1 open', 'controller-notice/controller-2 open']);
    expect(play.state.duties[1]).toMatchObject({ basis: { rule: 'R-240', cite: 'GDPR Art. 33(2)' }, dueAt: null });
    expect(openTasks(play).map((t) => t.about)).toEqual([
      'tell-controller/controller-1',
      'tell-controller/controller-2',
    ]);
    expect(JSON.stringify(play.state.duties)).not.toContain('clinic');
  });

  test('owes word also while no controller is named: there is one', () => {
    expect(owed(new Play(aProcessor()))).toEqual(['controller-notice/controller-1 open']);
  });

  test('a suspicion opens nothing; confirming it does', () => {
    const play = new Play({ ...aSuspicion({ policy: 2 }), setting: aProcessor().setting });
    expect(owed(play)).toEqual([]);
    play.do(
      {
        type: 'ConfirmAwareness',
        awareness: { awareAt: { at: hoursAfter(1), zone: 'Europe/Dublin', source: 'logs' } },
        reason: null,
        setting: null,
      },
      hoursAfter(1),
    );
    expect(owed(play)).toEqual(['controller-notice/controller-1 open']);
  });

  test('a controller that is named later gets a duty of its own, the others keep theirs', () => {
    const play = new Play(aProcessor({ facts: [CONTROLLERS('A clinic')] }));
    record(play, 1, CONTROLLERS('A clinic', 'A school', 'A shop'));
    expect(owed(play)).toHaveLength(3);
    record(play, 2, fact('breach.summary', 'More is known.'));
    expect(owed(play)).toHaveLength(3);
  });

  test('is called by the ladder until each controller is told, with a note of how; then the case can be closed', () => {
    const play = new Play(aProcessor({ facts: [CONTROLLERS('A clinic', 'A school')] })).pass(hoursAfter(24));
    expect(play.reached().at(-1)).toMatchObject({ id: 'aware+24h', owed: true });
    const [first, second] = openTasks(play);
    expect(play.refused({ type: 'CompleteTask', task: first?.id ?? '', note: null }, hoursAfter(25))).toEqual([
      'missing',
    ]);
    play.do({ type: 'CompleteTask', task: first?.id ?? '', note: 'by telephone at ten' }, hoursAfter(25));
    expect(owed(play)).toEqual(['controller-notice/controller-1 discharged', 'controller-notice/controller-2 open']);
    expect(play.refused({ type: 'Close', reason: 'done' }, hoursAfter(26))).toEqual(['still-owed']);
    play.do({ type: 'CompleteTask', task: second?.id ?? '', note: 'by e-mail' }, hoursAfter(27));
    play.pass(hoursAfter(48));
    expect(play.reached().at(-1)).toMatchObject({ id: 'aware+48h', owed: false });
    play.do({ type: 'Close', reason: 'every controller was told' }, hoursAfter(49));
    expect(play.state.phase).toBe('closed');
  });

  test('a level that is decided all the same opens nothing to authority or people', () => {
    const play = new Play(aProcessor()).do(
      { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'for the controller', confirms: null, setting: null },
      hoursAfter(1),
    );
    expect(owed(play)).toEqual(['controller-notice/controller-1 open']);
  });

  test('is told what to do next, and no alarm speaks of 72 hours that are not its own', () => {
    const play = new Play(aProcessor());
    expect(nextSteps(play.state).some(({ says }) => says.includes('Tell controller-1'))).toBe(true);
    const rung = play.pass(hoursAfter(24)).state.milestones.find(({ id }) => id === 'aware+24h');
    expect(rung && alarmText(play.state, rung, hoursAfter(24)).says).not.toMatch(/left until/);
  });

  test('an incident of before (policy 1) is decided as it was', () => {
    expect(owed(new Play(aProcessor({ facts: [CONTROLLERS('A clinic')], policy: 1 })))).toEqual([
      'authority-notice/ex-authority open',
    ]);
  });
});

const SAFE = [
  fact('breach.nature', ['CONFIDENTIALITY']),
  fact('data.unintelligible', 'PROTECTION_INTACT'),
  fact('protection.algorithmStandardised', true),
  fact('protection.keySafe', true),
  fact('protection.keyStrong', true),
  fact('protection.keyStoredApart', true),
  fact('protection.appliedToAffectedData', true),
];
/** Two people decide that a risk is unlikely. */
function unlikely(play: Play, hours = 2): Play {
  const command = { type: 'DecideRisk', level: 'UNLIKELY_RISK', reasons: 'safely encrypted', setting: null } as const;
  play.do({ ...command, confirms: null }, hoursAfter(hours), DPO);
  return play.do({ ...command, confirms: play.state.decisionProposal?.proposal ?? '' }, hoursAfter(hours), APPROVER);
}
const high = (play: Play, hours = 2): Play =>
  play.do(
    { type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'because', confirms: null, setting: null },
    hoursAfter(hours),
  );

describe('encryption that no longer holds (R-208)', () => {
  // biome-ignore format: a table is read by the row
  const lost: readonly [string, FactInput][] = [
    ['the key was taken', fact('protection.keySafe', false)],
    ['the algorithm is broken', fact('protection.algorithmStandardised', false)],
    ['the data were readable after all', fact('data.unintelligible', 'NO')],
  ];
  for (const [why, later] of lost) {
    test(`the notice is owed again, at once, loudly, and decided anew: ${why}`, () => {
      const play = unlikely(new Play(now({ facts: SAFE })));
      expect(owed(play)).toEqual(['authority-notice/ex-authority exempt']);
      record(play, 500, later);
      expect(owed(play)).toEqual(['authority-notice/ex-authority open']);
      expect(play.state.duties.find((d) => d.kind === 'authority-notice')).toMatchObject({
        basis: { rule: 'R-208', cite: 'GDPR Art. 33(1)' },
        dueAt: hoursAfter(72),
      });
      expect(openTasks(play).map((t) => t.kind)).toContain('decide-risk');
      expect(play.state.milestones.find(({ id }) => id === 'revived/ex-authority')).toMatchObject({ owed: true });
    });
  }

  test('also when the case was closed', () => {
    const play = unlikely(new Play(now({ facts: SAFE }))).do(
      { type: 'Close', reason: 'nothing is owed' },
      hoursAfter(3),
    );
    record(play, 500, fact('protection.keySafe', false));
    expect([play.state.phase, ...owed(play)]).toEqual(['notifying', 'authority-notice/ex-authority open']);
  });

  test('a changed fact that says nothing about it brings nothing back', () => {
    const play = unlikely(new Play(now({ facts: SAFE })));
    record(play, 500, fact('breach.rootCause', 'a bag left on a train'));
    expect(owed(play)).toEqual(['authority-notice/ex-authority exempt']);
  });

  test('people who were not told because of it are to be told', () => {
    const play = high(new Play(now({ facts: SAFE })));
    exempted(play, 'R-414');
    record(play, 500, fact('protection.keySafe', false));
    expect(play.state.duties.find((d) => d.kind === 'people-message')?.state).toBe('open');
    expect(openTasks(play).map((t) => t.kind)).toContain('tell-people');
  });
});

const claim = (rule: string) =>
  ({ type: 'ExemptDuty', duty: 'people-message', reason: 'it applies', rule, proof: 'report 7' }) as const;
/** As two people do it. */
function exempted(play: Play, rule: string, hours = 3): Play {
  play.do(claim(rule), hoursAfter(hours), DPO);
  const confirms = play.state.exemptionProposal?.proposal;
  return confirms === undefined ? play : play.do({ ...claim(rule), confirms }, hoursAfter(hours), APPROVER);
}

describe('exemptions from telling people (Art. 34(3))', () => {
  // biome-ignore format: a table is read by the row
  const claims: readonly [string, readonly FactInput[], string, number][] = [
    // why, facts on record, rule, refusals
    ['(a), every check item on record', SAFE, 'R-414', 0],
    ['(a), the key is known to be taken', [...SAFE.filter((f) => f.id !== 'protection.keySafe'), fact('protection.keySafe', false)], 'R-414', 1],
    ['(a), nothing on record: every item is named at once', [fact('breach.nature', ['CONFIDENTIALITY'])], 'R-414', 5],
    ['(b), the high risk is gone', [fact('measures.riskRemoved', true)], 'R-416', 0],
    ['(b), it is only reduced', [fact('measures.riskRemoved', false)], 'R-416', 1],
    ['(c), on its proof', [], 'R-417', 0],
    ['confirmed by the authority', [fact('order.byAuthority', 'SA_CONFIRMED_EXEMPT')], 'R-419', 0],
    ['confirmed by nobody', [], 'R-419', 1],
    ['the authority ordered it: no finding of one’s own lifts that', [...SAFE, fact('order.byAuthority', 'ORDERED_BY_SA')], 'R-414', 1],
  ];
  for (const [why, facts, rule, refusals] of claims) {
    test(`${refusals === 0 ? 'taken' : 'refused'}: ${why}`, () => {
      const play = high(new Play(now({ facts: [...facts] })));
      expect(play.refused(claim(rule), hoursAfter(3), DPO)).toHaveLength(refusals);
    });
  }

  test('disproportionate effort changes the form: the public communication is owed before the case can be closed (R-417)', () => {
    const play = exempted(high(new Play(now())), 'R-417');
    const task = openTasks(play).find((t) => t.about === 'public-communication');
    expect(task).toBeDefined();
    expect(nextSteps(play.state).some(({ says }) => says.includes('Art. 34(3)(c)'))).toBe(true);
    expect(play.refused({ type: 'CompleteTask', task: task?.id ?? '', note: null }, hoursAfter(4))).toEqual([
      'missing',
    ]);
    play.do({ type: 'CompleteTask', task: task?.id ?? '', note: 'a banner on the site since ten' }, hoursAfter(4));
    expect(openTasks(play).some((t) => t.about === 'public-communication')).toBe(false);
  });
});

describe('ordered by the authority (Art. 34(4), R-419)', () => {
  const ORDER = fact('order.byAuthority', 'ORDERED_BY_SA');
  test('people are to be told although the risk was decided not to be high', () => {
    const play = new Play(now()).do(
      { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'because', confirms: null, setting: null },
      hoursAfter(1),
    );
    record(play, 30, ORDER);
    expect(play.state.duties.find((d) => d.kind === 'people-message')).toMatchObject({
      state: 'open',
      basis: { rule: 'R-419', cite: 'GDPR Art. 34(4) and Art. 58(2)(e)' },
    });
    expect(openTasks(play).map((t) => t.kind)).toContain('tell-people');
  });

  test('a later decision does not lift the order', () => {
    const play = new Play(now());
    record(play, 30, ORDER);
    play.do(
      { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'because', confirms: null, setting: null },
      hoursAfter(31),
    );
    expect(play.state.duties.find((d) => d.kind === 'people-message')?.state).toBe('open');
  });

  test('an order that is recorded twice opens one duty', () => {
    const play = high(new Play(now()));
    record(play, 30, ORDER);
    expect(play.state.duties.filter((d) => d.kind === 'people-message')).toHaveLength(1);
    expect(play.types().filter((t) => t === 'DutyOpened')).toHaveLength(3);
  });
});

describe('a hold for law enforcement (R-440 to R-443)', () => {
  const hold = (reviewAt: string, duty = 'people-message') =>
    ({ type: 'HoldDuty', duty, requestedBy: 'the police', basis: 'a law', caseRef: 'case 7', reviewAt }) as const;
  // biome-ignore format: a table is read by the row
  const reviews = [
    [168, [], 'reviewed on the seventh day'],
    [168.001, ['hold-too-long'], 'a moment later than seven days'],
  ] as const;
  for (const [hours, refusals, why] of reviews)
    test(`${refusals.length === 0 ? 'taken' : 'refused'}: ${why}`, () =>
      expect(high(new Play(now())).refused(hold(hoursAfter(3 + hours)), hoursAfter(3))).toEqual([...refusals]));

  test('the notice to the authority is never held', () => {
    expect(high(new Play(now())).refused(hold(hoursAfter(20), 'authority-notice/ex-authority'), hoursAfter(3))).toEqual(
      ['not-holdable'],
    );
  });
});

// biome-ignore format: a table is read by the row
const targets = [
  [25.999, false, 'a moment before'],
  [26, true, 'at 24 hours after the decision'],
] as const;
for (const [hours, reached, why] of targets) {
  test(`people are to be told within the house’s 24 hours of the decision (R-405): ${why}`, () => {
    const play = high(new Play(now())).pass(hoursAfter(hours));
    expect(play.reached().some(({ id }) => id === 'people+24h')).toBe(reached);
  });
}

test('a notice outside the EEA is owed on the law of that country (R-509)', () => {
  const setting = aSetting({ authorities: [byEmail(), byEmail('gb-ico', { country: 'GB' })] });
  const cites = (declaration: Declaration) =>
    new Play(declaration).state.duties.filter((d) => d.kind === 'authority-notice').map((d) => d.basis.cite);
  expect(cites(now({ setting }))).toEqual(['GDPR Art. 33(1)', 'UK GDPR Art. 33']);
  expect(cites(now({ setting, policy: 1 }))).toEqual(['GDPR Art. 33(1)', 'GDPR Art. 33(1)']);
});

test('a correction of awareness keeps both deadlines in sight, under the rules of its day (R-116, R-1034)', () => {
  const play = new Play(now());
  play.do(
    {
      type: 'CorrectAwareness',
      key: 'awareAt',
      finding: { at: hoursAfter(-5), zone: 'Europe/Dublin', source: 'mail' },
      reason: 'read on Sunday',
      confirms: null,
    },
    hoursAfter(1),
  );
  expect(play.events.find((e) => e.type === 'DutyRecomputed')?.data).toMatchObject({
    before: hoursAfter(72),
    dueAt: hoursAfter(67),
    rules: 'gdpr-2018-05-25',
  });
  expect(play.state.awarenessHistory[0]?.finding.at).toBe(AWARE);
});
