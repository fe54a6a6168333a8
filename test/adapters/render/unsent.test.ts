import { expect, test } from '@jest/globals';
import { renderOffline } from '../../../adapters/render/offline-notice.js';
import { createNoticeRenderer } from '../../../adapters/render/notice-renderer.js';
import { DRILL_MARKING, pageMarking, UNSENT_MARKING } from '../../../domain/notice/marking.js';
import { hoursAfter } from '../../build.js';
import { aNotice, anEnvelope } from './sample.js';

const renderer = createNoticeRenderer();

for (const [unsent, mark] of Object.entries(UNSENT_MARKING) as ['draft' | 'approved', string][]) {
  test(`what has not gone out says "${mark}" at both ends and nowhere that it was released or in time`, async () => {
    const envelope = anEnvelope({ unsent, releasedAt: hoursAfter(31) });
    const said = renderer.text(aNotice(), envelope).trim();
    expect([said.startsWith(mark), said.endsWith(mark), /released|^\s*In time/im.test(said)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(said).toContain('Not sent yet. At that moment it would have been in time: 41 h 0 min before');
    const bytes = Buffer.from(await renderer.pdf(aNotice(), envelope)).toString('latin1');
    expect(bytes).toContain(mark); // the title of the document; each page has the same words above and below
  });
}

test('what was sent says nothing of a draft', () => {
  expect(renderer.text(aNotice(), anEnvelope())).not.toMatch(/draft|not sent/i);
});

test('a draft of an exercise is both, and begins as an exercise', () => {
  expect(pageMarking(true, 'draft')).toBe(`${DRILL_MARKING}   ·   DRAFT, NOT SENT`);
  expect(renderer.text(aNotice('drill'), anEnvelope({ unsent: 'draft' }))).toMatch(
    new RegExp(`^${DRILL_MARKING}\n\nDRAFT, NOT SENT\n`),
  );
});

test('a notice from a file is a draft', async () => {
  const { files } = await renderOffline(aNotice(), {
    authority: 'ie-dpc',
    authorityName: 'The authority',
    language: 'en',
    earlierReference: null,
    at: hoursAfter(31),
    textOnly: false,
  });
  expect(
    files
      .filter(({ name }) => name !== 'notice.json')
      .map(({ bytes }) => Buffer.from(bytes).includes('DRAFT, NOT SENT')),
  ).toEqual([true, true]);
});
