import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildNotice, type NoticeSource, sourceFromFacts } from '../../../domain/notice/build.js';
import { noticeOverview } from '../../../domain/notice/overview.js';
import { FOLLOWS, noticeSections } from '../../../domain/notice/rows.js';
import { WHOLE_FACTS } from '../../adapters/render/cases.js';
import { AWARE, anOrganisation, byEmail, fact, hoursAfter } from '../../build.js';
import { factsOf } from './generated.js';

/** A notice that promises more is not complete (Art. 33(4), R-220); one that is complete promises nothing. */

const WITHOUT_PLAN = WHOLE_FACTS.filter(({ id }) => id !== 'communication.plannedOn');
type Level = NonNullable<NoticeSource['decision']>['level'];
const build = (level: Level, ...facts: FactInput[]) =>
  buildNotice({
    state: sourceFromFacts({
      id: 'BR-7K3M-9QXD',
      mode: 'live',
      facts: factsOf(...WITHOUT_PLAN, ...facts),
      awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } },
      setting: { organisation: anOrganisation(), authorities: [byEmail()] },
      decision: { level, reasons: 'Because.' },
    }),
    at: hoursAfter(30), // 3 March
    rules: 'gdpr-2018',
    previous: null,
    withdraw: null,
  });
const filing = { earlierReference: null, releasedAt: hoursAfter(30) };

// level, facts more                                               completeness  gaps                          why this row is here
// biome-ignore format: a table is read by the row
const rows: readonly (readonly [Level, FactInput[], string, string[], string])[] = [
  ['RISK_NOT_HIGH', [], 'COMPLETE', [], 'everything is there, and nobody need be told'],
  ['HIGH_RISK', [], 'INCOMPLETE', [], 'people are to be told: when and how they were follows'],
  ['RISK_NOT_HIGH', [fact('communication.plannedOn', '2026-03-05')], 'INCOMPLETE', [], 'the day is still to come'],
  ['RISK_NOT_HIGH', [fact('notice.moreInformationOn', '2026-03-06')], 'INCOMPLETE', ['notice.moreInformationOn'], 'more is announced'],
  ['RISK_NOT_HIGH', [fact('notice.moreInformationOn', '2026-03-03')], 'INCOMPLETE', ['notice.moreInformationOn'], 'for today'],
  ['RISK_NOT_HIGH', [fact('notice.moreInformationOn', '2026-03-02')], 'COMPLETE', [], 'that day is over'],
  ['RISK_NOT_HIGH', [fact('notice.moreInformationOn', null, 'not_applicable')], 'COMPLETE', [], 'nothing is announced'],
  ['RISK_NOT_HIGH', [fact('authorities.others', null, 'pending')], 'INCOMPLETE', ['authorities.others'], 'row 110 says that it follows'],
  ['RISK_NOT_HIGH', [fact('police.reported', null, 'pending')], 'INCOMPLETE', ['police.reported'], 'row 109 too'],
];
for (const [level, facts, completeness, gaps, why] of rows)
  test(`a notice is ${completeness.toLowerCase()}: ${why}`, () => {
    const content = build(level, ...facts);
    expect([content.completeness, content.gaps]).toEqual([completeness, gaps]);
    const printed = noticeSections(content, filing).flatMap((section) => section.rows);
    const promises = printed.filter(
      ({ state, answer, label }) =>
        state === 'pending' ||
        answer === FOLLOWS ||
        label.startsWith('More information is expected') ||
        answer.includes('is expected by'),
    );
    expect(completeness === 'COMPLETE' ? promises : promises.length > 0).toEqual(
      completeness === 'COMPLETE' ? [] : true,
    );
  });

test('what is planned for the people stands among what is missing', () =>
  expect(noticeOverview(build('HIGH_RISK'), filing).missing.join()).toContain('(97)'));
