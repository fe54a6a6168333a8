import { expect, test } from '@jest/globals';
import { createNoticeRenderer } from '../../../adapters/render/notice-renderer.js';
import { underLawOf } from '../../../domain/notice/as-told.js';
import { buildNotice } from '../../../domain/notice/build.js';
import type { NoticeEnvelope } from '../../../domain/notice/model.js';
import { aDeclaration, count, fact, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';

const play = new Play(aDeclaration({ facts: HOSPITAL_FACTS }));
const build = (previous: ReturnType<typeof buildNotice> | null) =>
  buildNotice({ state: play.state, at: hoursAfter(20), rules: 'x', previous, withdraw: null });
const first = build(null);
play.do({ type: 'RecordFacts', facts: [fact('people.count', count(1300))] }, hoursAfter(30));
const second = build(first);
// biome-ignore format: a table is read by the row
const laws = [
  ['IE', /under Article 33 GDPR/, /Late by 2 h/, 'the EEA: the GDPR and its 72 hours'],
  ['GB', /under UK GDPR Art\. 33/, /Late by 2 h/, 'the United Kingdom: its own law, and 72 hours'],
  ['CH', /under FADP Art\. 24/, /no number of hours/, 'Switzerland: its own law, and nothing is late'],
] as const;
for (const [country, under, timing, why] of laws)
  test(`a notice says under which law it comes: ${why} (R-830, R-831)`, () => {
    const said = createNoticeRenderer().text(
      build(null),
      envelope({ ...underLawOf(country), releasedAt: hoursAfter(74) }),
    );
    expect(said).toMatch(under);
    expect(said).toMatch(timing);
  });

const envelope = (over: Partial<NoticeEnvelope>): NoticeEnvelope => ({
  authority: 'pt-cnpd',
  authorityName: 'The authority in Portugal',
  language: 'en',
  channel: 'portal',
  address: null,
  portal: 'https://portal.authority.test',
  earlierReference: null,
  contentSha256: 'a'.repeat(64),
  ledgerHead: null,
  releasedAt: hoursAfter(30),
  ...over,
});

test('an authority that is told later reads a first notification, in time or late by its own count, in every rendering', async () => {
  const renderer = createNoticeRenderer();
  const read = (over: Partial<NoticeEnvelope>) => renderer.text(second, envelope(over));
  expect(read({})).toMatch(/Follow-up notification[\s\S]*CHANGED SINCE/);
  expect(read({ first: true })).toMatch(/Initial notification/);
  expect(read({ first: true })).not.toMatch(/CHANGED SINCE/);
  expect(read({ first: true, releasedAt: hoursAfter(72) })).toMatch(/In time/);
  expect(read({ first: true, releasedAt: hoursAfter(73) })).toMatch(/Late by 1 h/);
  expect(renderer.form(second, envelope({ first: true }))).not.toBe(renderer.form(second, envelope({})));
  expect((await renderer.pdf(second, envelope({ first: true }))).length).toBeGreaterThan(1_000);
});
