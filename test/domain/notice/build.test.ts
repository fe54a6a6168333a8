import { expect, test } from '@jest/globals';
import { HOUR_MS } from '../../../domain/clock/instant.js';
import { isInstant } from '../../../domain/clock/instant.js';
import type { Command } from '../../../domain/incident/commands.js';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildNotice, type NoticeSource, sourceFromFacts } from '../../../domain/notice/build.js';
import { toForm } from '../../../domain/notice/form.js';
import { noticeOverview } from '../../../domain/notice/overview.js';
import { noticeSections } from '../../../domain/notice/rows.js';
import { instantInWords } from '../../../domain/notice/words.js';
import {
  APPROVER,
  AWARE,
  anOrganisation,
  byEmail,
  count,
  DPO,
  fact,
  HOSPITAL_FACTS,
  hospitalMessage,
  hoursAfter,
  Play,
} from '../../build.js';
import { factsOf } from './generated.js';

const finding = { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE };
const source = (over: Partial<NoticeSource> = {}, ...facts: readonly FactInput[]): NoticeSource => ({
  ...sourceFromFacts({
    id: 'BR-7K3M-9QXD',
    mode: 'live',
    facts: factsOf(...facts),
    awareness: { awareAt: finding },
    setting: { organisation: anOrganisation(), authorities: [byEmail()] },
  }),
  ...over,
});
const build = (state: NoticeSource, hours = 30, over: object = {}) =>
  buildNotice({ state, at: hoursAfter(hours), rules: 'gdpr-2018', previous: null, withdraw: null, ...over });
const decided = (level: 'HIGH_RISK' | 'RISK_NOT_HIGH' | 'UNLIKELY_RISK' | 'MORE_INFO_NEEDED') => ({
  decision: { level, reasons: 'Because.' },
});

test('a whole incident is source enough: what the engine holds becomes a notice', () => {
  const play = new Play().do({ type: 'RecordFacts', facts: HOSPITAL_FACTS }, hoursAfter(1));
  const content = build(play.state);
  expect([content.kind, content.phase, content.completeness, content.controller.name]).toEqual([
    'NEW',
    1,
    'INCOMPLETE',
    'Hospital of the Example',
  ]);
  expect(content.people.count).toEqual({
    state: 'given',
    value: { min: 1200, likely: 1200, max: 1200 },
    estimated: false,
  });
  expect(content.gaps).toContain('measures.taken');
  expect(content.gaps).not.toContain('breach.summary');
});

// certainty          state in the notice                                   why this row is here
const certainties = [
  ['known', { state: 'given', value: 'Words.', estimated: false }, 'what is known is given'],
  ['estimated', { state: 'given', value: 'Words.', estimated: true }, 'an estimate is given as one'],
  ['pending', { state: 'pending' }, 'what will be found out is pending'],
  ['undeterminable', { state: 'undeterminable' }, 'what cannot be found out says so'],
  ['not_applicable', { state: 'not_applicable' }, 'what does not apply says so'],
] as const;
for (const [certainty, expected, why] of certainties) {
  test(`a fact in the notice: ${why}`, () => {
    const value = certainty === 'known' || certainty === 'estimated' ? 'Words.' : null;
    expect(build(source({}, fact('breach.summary', value, certainty))).breach.summary).toEqual(expected);
  });
}
test('a fact nobody has recorded, and a blank one, are pending', () => {
  expect([build(source()).breach.summary, build(source({}, fact('breach.summary', '  '))).breach.summary]).toEqual([
    { state: 'pending' },
    { state: 'pending' },
  ]);
});

// built after                  late    why
const late = [
  [HOUR_MS * 72 - 1, false, 'a millisecond before the end'],
  [HOUR_MS * 72, false, 'the last moment is still in time'],
  [HOUR_MS * 72 + 1, true, 'a millisecond after it'],
] as const;
for (const [ms, expected, why] of late) {
  test(`a first notice is late or not: ${why}`, () => {
    const content = build(source(), ms / HOUR_MS);
    expect([content.timeline.late, content.gaps.includes('notice.reasonsForDelay')]).toEqual([expected, expected]);
  });
}
test('a follow-up is as late as the first notice was, however late it comes itself', () => {
  const first = build(source(), 30);
  const submitted = source({ notices: [{ deliveries: { 'ex-authority': { submittedAt: hoursAfter(31) } } }] });
  expect(build(submitted, 300, { previous: first }).timeline.late).toBe(false);
  expect(
    build(source({ notices: [{ deliveries: { 'ex-authority': { submittedAt: hoursAfter(73) } } }] }), 300, {
      previous: first,
    }).timeline.late,
  ).toBe(true);
});
test('released after the 72 hours, a notice that was approved in time says that it is late', () => {
  const content = build(source(), 71);
  const overview = noticeOverview(content, { earlierReference: null, releasedAt: hoursAfter(73.5) });
  expect([content.timeline.late, overview.inTime, overview.timing]).toEqual([
    false,
    false,
    'Late by 1 h 30 min. The reasons for the delay will follow.',
  ]);
  expect(overview.missing.some((field) => field.includes('(49)'))).toBe(true);
});

const totals = { total: 9, accepted: 7, refused: 1, deferred: 0, suppressed: 0, ambiguous: 0, resent: 1 };
const done = {
  mailing: 1,
  message: 'm1',
  list: 'l1',
  count: 9,
  state: 'completed' as const,
  totals,
  completedAt: hoursAfter(40),
};
const message = { id: 'm1', content: hospitalMessage(), sha256: '', list: 'l1', listSha256: '', approvals: [] };
const duty = (over: object) => ({
  id: 'people-message',
  kind: 'people-message' as const,
  to: 'people',
  basis: { rule: 'R-401', cite: 'GDPR Art. 34(1)' },
  rules: 'gdpr-2018',
  dueAt: null,
  asSoonAs: 'without undue delay',
  state: 'open' as const,
  openedAt: AWARE,
  dischargedAt: null,
  dischargedBy: null,
  hold: null,
  ...over,
});

// state                                                                   status             why
const told: [NoticeSource, string, string][] = [
  [source(), 'NO_INVESTIGATING', 'nothing is decided'],
  [source(decided('RISK_NOT_HIGH')), 'NO_NOT_HIGH', 'a risk that is not high needs no message'],
  [source(decided('UNLIKELY_RISK')), 'NO_NOT_HIGH', 'nor does an unlikely one'],
  [source(decided('HIGH_RISK')), 'PLANNED_NO_DATE', 'a high risk: they will be told'],
  [source(decided('HIGH_RISK'), fact('communication.plannedOn', '2026-03-04')), 'PLANNED_ON', 'with a day'],
  [
    source(decided('RISK_NOT_HIGH'), fact('communication.plannedOn', '2026-03-04')),
    'PLANNED_ON',
    'told though nobody must (R-404)',
  ],
  [
    source(
      { ...decided('HIGH_RISK'), duties: [duty({})] },
      fact('communication.exemption', 'A_PROTECTION_APPLIED'),
      fact('communication.exemptionProof', 'A report.'),
    ),
    'PLANNED_NO_DATE',
    'a fact alone claims no exemption while the duty is open',
  ],
  [
    source(decided('RISK_NOT_HIGH'), fact('order.byAuthority', 'ORDERED_BY_SA')),
    'PLANNED_NO_DATE',
    'the authority ordered it, whatever was decided (R-419)',
  ],
  [source(decided('RISK_NOT_HIGH'), fact('order.byAuthority', 'NONE')), 'NO_NOT_HIGH', 'the authority ordered nothing'],
  [
    source({}, fact('communication.exemption', 'A_PROTECTION_APPLIED')),
    'NO_INVESTIGATING',
    'nor while nothing is decided',
  ],
  [source({ ...decided('HIGH_RISK'), mailings: [done], messages: [message] }), 'YES', 'they have been told'],
  [
    source({ ...decided('HIGH_RISK'), mailings: [{ ...done, state: 'running', totals: null, completedAt: null }] }),
    'PLANNED_NO_DATE',
    'a mailing that runs has told nobody for certain',
  ],
  [
    source({ ...decided('HIGH_RISK'), duties: [duty({ state: 'discharged', dischargedAt: hoursAfter(50) })] }),
    'YES',
    'told by other means',
  ],
];
for (const [state, status, why] of told) {
  test(`telling people: ${why}`, () => expect(build(state, 60).communication.status).toBe(status));
}
/** A high risk, whose duty to tell people two of them lift. */
const highRisk = (...facts: readonly FactInput[]): Play =>
  new Play()
    .do({ type: 'RecordFacts', facts: [...HOSPITAL_FACTS, ...facts] }, hoursAfter(1))
    .do({ type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'r', confirms: null, setting: null }, hoursAfter(2), DPO);
const byTwo = (play: Play, command: Extract<Command, { type: 'DecideRisk' | 'ExemptDuty' }>): Play => {
  play.do({ ...command, confirms: null }, hoursAfter(3), DPO);
  const { decisionProposal, exemptionProposal } = play.state;
  const confirms = (command.type === 'DecideRisk' ? decisionProposal : exemptionProposal)?.proposal ?? '';
  return play.do({ ...command, confirms }, hoursAfter(4), APPROVER);
};
const lift = (rule: string) =>
  ({ type: 'ExemptDuty', duty: 'people-message', rule, reason: 'why', proof: 'The report.', confirms: null }) as const;
const rowsOf = (play: Play) => {
  expect(play.state.duties.find(({ id }) => id === 'people-message')).toMatchObject({
    state: 'exempt',
    dischargedAt: hoursAfter(4),
  });
  const form = toForm(build(play.state), { earlierReference: null, releasedAt: hoursAfter(30) });
  return [97, 98, 100, 101, 102].map((no) => form[`field_${no}`]);
};
test('a risk that turned out not to be high: people were not told, and no exemption is claimed', () => {
  const below = { type: 'DecideRisk', level: 'RISK_NOT_HIGH', reasons: 'r', confirms: null, setting: null } as const;
  expect(rowsOf(byTwo(highRisk(), below))).toEqual(['d', undefined, undefined, undefined, undefined]);
});
const SAFE = [
  fact('data.unintelligible', 'PROTECTION_INTACT'),
  ...(['algorithmStandardised', 'keySafe', 'keyStrong', 'keyStoredApart', 'appliedToAffectedData'] as const).map(
    (item) => fact(`protection.${item}`, true),
  ),
];
// rule, what it needs on record, row 100, why
const exemptions: readonly (readonly [string, readonly FactInput[], string | undefined, string])[] = [
  ['R-414', SAFE, 'a', 'protection was applied'],
  ['R-416', [fact('measures.riskRemoved', true)], 'b', 'the high risk is gone'],
  ['R-417', [fact('communication.exemption', 'C_DISPROPORTIONATE_EFFORT')], 'c', 'too much effort'],
  [
    'R-416',
    [fact('measures.riskRemoved', true), fact('communication.exemption', 'C_DISPROPORTIONATE_EFFORT')],
    'b',
    'the rule that lifted it counts, not another that a fact claims',
  ],
  [
    'R-419',
    [fact('order.byAuthority', 'SA_CONFIRMED_EXEMPT')],
    undefined,
    'the authority found one met, not yet said which',
  ],
];
for (const [rule, needed, condition, why] of exemptions) {
  test(`a duty that two people lifted under ${rule} is told as an exemption with its proof: ${why}`, () =>
    expect(rowsOf(byTwo(highRisk(...needed), lift(rule)))).toEqual([
      'e',
      undefined,
      condition === undefined ? undefined : [condition],
      'The report.',
      undefined,
    ]));
}

const filed = (state: NoticeSource) => toForm(build(state), { earlierReference: null, releasedAt: hoursAfter(30) });
for (const country of ['IE', 'US'])
  test(`rows 114, 118 and 123 name authorities of the EEA only: established in ${country}`, () => {
    const organisation = anOrganisation({
      establishments: [{ country, main: true }],
      authorities: ['gb-ico', 'ex-authority'],
    });
    const authorities = [byEmail('gb-ico', { country: 'GB', name: 'An authority outside' }), byEmail()];
    const form = filed(source({ setting: { organisation, authorities } }, fact('crossBorder.processing', 'YES')));
    expect([form['field_114'], form['field_118'], form['field_123']]).toEqual(
      country === 'IE'
        ? ['Exercise Authority', ['Exercise Authority'], undefined]
        : [undefined, undefined, ['Exercise Authority']],
    );
  });

for (const [said, row110, row111] of [
  ['none', 'b', undefined],
  ['No.', 'b', undefined],
  ['Nobody', 'b', undefined],
  ['keine', 'b', undefined],
  ['Nein', 'b', undefined],
  ['aucune', 'b', undefined],
  ['None but the cyber security centre', 'a', 'None but the cyber security centre'],
  ['Norwegian cyber centre', 'a', 'Norwegian cyber centre'],
] as const)
  test(`other authorities: "${said}" alone means that none was told`, () => {
    const form = filed(source({}, fact('authorities.others', said)));
    expect([form['field_110'], form['field_111']]).toEqual([row110, row111]);
  });

test('the severity in row 90 names the criteria that were assumed, and no others', () => {
  const step = (criterion: 'DPC' | 'EI' | 'CB intent', assumed: boolean) => ({
    criterion,
    value: 1,
    says: 's',
    assumed,
  });
  const row90 = (...steps: ReturnType<typeof step>[]) =>
    filed(
      source({
        proposal: { assessment: { severity: { dpc: 1, ei: 1, cb: 0.5, se: 1.5, level: 'low', steps } } },
      }),
    )['field_90'];
  expect(row90(step('DPC', true), step('EI', false), step('CB intent', true))).toContain(
    'Assumed on the safe side while not known: DPC, CB intent.',
  );
  expect(row90(step('DPC', false), step('EI', false))).not.toContain('Assumed');
});

for (const occurrence of ['TBD', 'UNDETERMINABLE', null])
  test(`a start that is known is told, also with occurrence ${occurrence ?? 'not recorded'}`, () => {
    const when = occurrence === null ? [] : [fact('breach.occurrence', occurrence)];
    expect(filed(source({}, ...when, fact('breach.startedAt', AWARE)))['field_46']).toBe(AWARE);
    expect(build(source({}, ...when)).gaps).not.toContain('breach.startedAt');
  });

test('who was told is counted, and the authority gets the text (F-54, F-56)', () => {
  const { communication } = build(
    source({ ...decided('HIGH_RISK'), mailings: [done], messages: [message] }, fact('people.count', count(9))),
    60,
  );
  expect([communication.informed, communication.on, communication.means]).toEqual([8, '2026-03-04', ['INDIVIDUAL']]);
  expect(communication.text).toContain('Somebody copied records.');
});

test('a follow-up says what changed, field by field, and nothing else', () => {
  const first = build(
    source({}, fact('people.count', count(1200), 'estimated'), fact('breach.summary', 'Records copied.')),
  );
  const next = build(
    source(decided('HIGH_RISK'), fact('people.count', count(1450)), fact('breach.summary', 'Records copied.')),
    60,
    { previous: first },
  );
  expect(next.kind).toBe('FOLLOW_UP');
  expect(next.changes.map(({ field }) => Number.parseInt(field, 10))).toEqual([67, 68, 89, 90, 97]);
  expect(next.changes[1]).toEqual({
    field: '68 Number of data subjects concerned by the personal data breach',
    before: '1\u202f200 (estimated)',
    after: '1\u202f450',
    why: 'An estimate before; established now (recorded on 2 March 2026, 09:00 UTC).',
  });
  expect(next.changes.filter(({ why }) => why === undefined)).toEqual([]);
  expect(
    build(source({}, fact('people.count', count(1450)), fact('breach.summary', 'Records copied.')), 60, {
      previous: build(source({}, fact('people.count', count(1450)), fact('breach.summary', 'Records copied.'))),
    }).changes,
  ).toEqual([]);
});

test('a withdrawal is a follow-up with its reasons and no gaps held against it', () => {
  const content = build(source(), 50, { previous: build(source()), withdraw: 'A duplicate.' });
  expect([content.kind, content.completeness, content.withdrawalReason]).toEqual([
    'FOLLOW_UP',
    'WITHDRAW',
    'A duplicate.',
  ]);
  expect(noticeOverview(content, { earlierReference: null, releasedAt: hoursAfter(50) }).missing).toEqual([]);
});

test('without awareness there is no notice and no deadline to be late for', () => {
  expect(() => build(source({ awareness: {} }))).toThrow('confirm awareness first');
});

test('what is owed and not known stands in the notice as such, not as a blank', () => {
  const rows = noticeSections(build(source()), { earlierReference: null, releasedAt: hoursAfter(30) }).flatMap(
    (section) => section.rows,
  );
  expect(rows.find(({ no }) => no === 92)).toMatchObject({
    answer: 'Not known yet. Will follow (Art. 33(4) GDPR).',
    state: 'pending',
  });
  expect(rows.every(({ answer }) => answer.trim() !== '')).toBe(true);
});

test('an instant is told in UTC, and with the clocks of the place where they differ', () => {
  const east = () => 5.5 * HOUR_MS;
  expect([
    isInstant(AWARE),
    instantInWords(AWARE, 'Asia/Kolkata', east),
    instantInWords(AWARE, 'Europe/Dublin'),
  ]).toEqual([true, '2 March 2026, 14:30 (Asia/Kolkata, UTC+05:30) = 09:00 UTC', '2 March 2026, 09:00 UTC']);
});

// facts                                                                                         row 40                                    why
const parties: [FactInput[], unknown, string][] = [
  [[], { state: 'pending' }, 'nobody has looked yet'],
  [[fact('parties.others', [])], { state: 'given', value: [], estimated: false }, 'nobody else is involved'],
  [
    [fact('parties.processors', ['Hosting Ltd'])],
    { state: 'given', value: ['Hosting Ltd (processor)'], estimated: false },
    'a processor is named with its part',
  ],
  [
    [
      fact('parties.jointControllers', ['University of the Example'], 'estimated'),
      fact('parties.others', ['The landlord']),
    ],
    { state: 'given', value: ['University of the Example (joint controller)', 'The landlord'], estimated: true },
    'joint controllers, and whoever else',
  ],
];
for (const [facts, expected, why] of parties) {
  test(`other parties: ${why}`, () => expect(build(source({}, ...facts)).otherParties).toEqual(expected));
}
