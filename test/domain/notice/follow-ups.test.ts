import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildNotice, type NoticeSource, sourceFromFacts } from '../../../domain/notice/build.js';
import { toForm } from '../../../domain/notice/form.js';
import type { NoticeContent } from '../../../domain/notice/model.js';
import { noticeSections } from '../../../domain/notice/rows.js';
import { AWARE, anOrganisation, byEmail, fact, HOSPITAL_FACTS, hoursAfter } from '../../build.js';
import { factsOf } from './generated.js';

const filing = { earlierReference: 'EX-1', releasedAt: hoursAfter(50) };
const source = (facts: readonly FactInput[]): NoticeSource =>
  sourceFromFacts({
    id: 'BR-7K3M-9QXD',
    mode: 'live',
    facts: factsOf(...facts),
    awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } },
    setting: { organisation: anOrganisation(), authorities: [byEmail()] },
    decision: { level: 'HIGH_RISK', reasons: 'Health data are in unknown hands.' },
  });
const build = (facts: readonly FactInput[], previous: NoticeContent | null = null, withdraw: string | null = null) =>
  buildNotice({ state: source(facts), at: hoursAfter(previous ? 50 : 30), rules: 'gdpr-2018', previous, withdraw });

test('a withdrawal does not tell once more what it takes back: only what every notice must have, and who was told', () => {
  const content = build(HOSPITAL_FACTS, build(HOSPITAL_FACTS), 'A planned export.');
  const form = toForm(content, filing);
  const about = Object.keys(form).map((field) => Number(field.slice('field_'.length)));
  expect(about.filter((row) => row > 33)).toEqual([48, 89, 90, 97, 118]);
  expect(form['field_90']).toMatch(/^Rows 89 and 97 say what stood before this withdrawal; row 5 says why/);
  expect(content.changes).toEqual([]);
  const shown = noticeSections(content, filing).flatMap(({ rows }) => rows.map(({ no }) => no));
  expect(shown).toEqual(about);
});

test('what is added to an answer is said to be added, not to be different', () => {
  const before = [fact('breach.summary', 'Records were copied.')];
  const after = build([...before, fact('breach.rootCause', 'An old gateway.')], build(before));
  expect(after.changes.map(({ field, why }) => [field.slice(0, 2), why])).toEqual([
    ['62', 'More is known than before; what was told stands.'],
  ]);
});
