import { expect, test } from '@jest/globals';
import type { FactValue } from '../../../domain/incident/facts.js';
import { buildNotice, sourceFromFacts } from '../../../domain/notice/build.js';
import { toForm } from '../../../domain/notice/form.js';
import type { NoticeContent } from '../../../domain/notice/model.js';
import { noticeOverview } from '../../../domain/notice/overview.js';
import { noticeSections } from '../../../domain/notice/rows.js';
import { AWARE, anOrganisation, byEmail, count, fact, hoursAfter } from '../../build.js';
import { factsOf } from './generated.js';

const filing = { earlierReference: null, releasedAt: hoursAfter(30) };
const noticeOf = (people: FactValue, certainty: 'known' | 'estimated' = 'estimated'): NoticeContent =>
  buildNotice({
    state: sourceFromFacts({
      id: 'BR-7K3M-9QXD',
      mode: 'live',
      facts: factsOf(fact('people.count', people, certainty), fact('data.records', people, certainty)),
      awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } },
      setting: { organisation: anOrganisation(), authorities: [byEmail()] },
    }),
    at: hoursAfter(30),
    rules: 'gdpr-2018',
    previous: null,
    withdraw: null,
  });
const row = (content: NoticeContent, wanted: number): string | undefined =>
  noticeSections(content, filing)
    .flatMap(({ rows }) => rows)
    .find(({ no }) => no === wanted)?.answer;
const told = (content: NoticeContent, informed: number): NoticeContent => ({
  ...content,
  communication: { ...content.communication, status: 'YES', informed },
});

test('a range of which nobody named a likely number is told as a range everywhere, and no number between is made up', () => {
  const content = noticeOf({ min: 4004, max: 4006 });
  const form = toForm(content, filing);
  expect([row(content, 68), row(content, 73), noticeOverview(content, filing).people]).toEqual(
    Array(3).fill('between 4\u202f004 and 4\u202f006'),
  );
  expect([form['field_67'], form['field_68'], form['field_72'], form['field_73']]).toEqual(['b', 4006, 'b', 4006]);
  expect(form['field_53']).toContain(
    'Number of people concerned: between 4\u202f004 and 4\u202f006 (a likely number is not known). The number in row 68 of the data form is the upper end.',
  );
  expect(JSON.stringify([content, form, noticeSections(content, filing)])).not.toMatch(/4\D?005/);
});

test('a likely number that somebody named is told with its ends, and row 53 has nothing to explain', () => {
  const content = noticeOf({ min: 4, likely: 5, max: 6 });
  expect([row(content, 68), toForm(content, filing)['field_68'], row(content, 53) ?? '']).toEqual([
    'about 5 (at least 4, at most 6)',
    5,
    expect.not.stringContaining('upper end'),
  ]);
});

// people, told                                          row 103                                                                   why this row is here
const informed: [FactValue, 'known' | 'estimated', number, string | undefined, string][] = [
  [
    { min: 4, max: 6 },
    'estimated',
    5,
    '5 people have been informed so far; between 4 and 6 are concerned.',
    'a range without a likely number',
  ],
  [count(6), 'known', 1, '1 person has been informed so far; 6 are concerned.', 'an exact number is not about'],
  [count(6), 'estimated', 5, '5 people have been informed so far; about 6 are concerned.', 'a guess is'],
  [{ min: 4, max: 6 }, 'estimated', 6, undefined, 'as many as there are at most: all were told'],
];
for (const [people, certainty, number, why, because] of informed) {
  test(`how many were told of how many: ${because}`, () =>
    expect(row(told(noticeOf(people, certainty), number), 103)).toBe(why));
}
