import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assertMarked, DrillMarkingMissing, marked } from '../../../adapters/render/marking.js';
import { formProblems } from '../../../adapters/render/notice-form.js';
import { createNoticeRenderer } from '../../../adapters/render/notice-renderer.js';
import { buildNotice } from '../../../domain/notice/build.js';
import { count, fact, hoursAfter } from '../../build.js';
import { generatedSource } from '../../domain/notice/generated.js';
import { aNotice, anEnvelope, SCRIPTS } from './sample.js';

const renderer = createNoticeRenderer();
const pdf: typeof renderer.pdf = (content, envelope) => renderer.pdf(content, envelope);
const form: typeof renderer.form = (content, envelope) => renderer.form(content, envelope);
const text: typeof renderer.text = (content, envelope) => renderer.text(content, envelope);

/** Everything in the file that is not a picture, unpacked: metadata, attachments, drawing orders. */
function unpacked(bytes: Uint8Array): string {
  const file = Buffer.from(bytes);
  const parts: string[] = [file.toString('latin1')];
  for (let at = file.indexOf('stream\n'); at >= 0; at = file.indexOf('stream\n', at + 7)) {
    const end = file.indexOf('endstream', at);
    try {
      parts.push(inflateSync(file.subarray(at + 7, end)).toString('utf8'));
    } catch {
      parts.push(file.subarray(at + 7, end).toString('utf8')); // stored, not packed
    }
    at = end;
  }
  return parts.join('\n');
}

test('the same notice is the same bytes, today and tomorrow, in each of the three forms', async () => {
  const envelope = anEnvelope();
  expect(
    Buffer.from(await pdf(aNotice('live', SCRIPTS), envelope)).equals(
      Buffer.from(await pdf(aNotice('live', SCRIPTS), envelope)),
    ),
  ).toBe(true);
  expect([form(aNotice(), envelope), text(aNotice(), envelope)]).toEqual([
    form(aNotice(), envelope),
    text(aNotice(), envelope),
  ]);
  expect(
    Buffer.from(await pdf(aNotice(), anEnvelope({ releasedAt: hoursAfter(32) }))).equals(
      Buffer.from(await pdf(aNotice(), envelope)),
    ),
  ).toBe(false);
});

test('the PDF says what it claims to be: archive and accessible format, language, tags, and the form inside', async () => {
  const inside = unpacked(await pdf(aNotice('live', SCRIPTS), anEnvelope()));
  for (const claim of [
    '<pdfaid:part>3',
    '<pdfaid:conformance>A',
    '<pdfuaid:part>1',
    '/Lang (en)',
    '/Marked true',
    '/S /Table',
    '/S /TH',
    '/AFRelationship /Alternative',
    'notice-BR-7K3M-9QXD-1.json',
  ]) {
    expect([claim, inside.includes(claim)]).toEqual([claim, true]);
  }
  expect(inside).toContain(form(aNotice('live', SCRIPTS), anEnvelope()));
});

test('a notice far longer than a page, and one with nothing known, are still set', async () => {
  const long = aNotice(
    'live',
    fact('measures.taken', 'Everything was done. '.repeat(900)),
    fact('breach.timelineNotes', 'x'.repeat(5000)),
  );
  expect((await pdf(long, anEnvelope())).length).toBeGreaterThan(10_000);
  expect(text(aNotice(), anEnvelope())).toContain('Not known yet. Will follow (Art. 33(4) GDPR).');
});

test('whatever the facts: form and text are rendered, the form fits, and a drill says so at both ends', () => {
  fc.assert(
    fc.property(generatedSource, fc.integer({ min: 1, max: 100 }), (state, hours) => {
      const content = buildNotice({ state, at: hoursAfter(hours), rules: 'gdpr-2018', previous: null, withdraw: null });
      const envelope = anEnvelope({ releasedAt: hoursAfter(hours) });
      const words = text(content, envelope);
      expect(formProblems(JSON.parse(form(content, envelope)))).toEqual([]);
      expect(words.startsWith('EXERCISE EXERCISE EXERCISE')).toBe(content.mode === 'drill');
      expect(words.trimEnd().endsWith('EXERCISE EXERCISE EXERCISE')).toBe(content.mode === 'drill');
    }),
    { numRuns: 100 },
  );
});

test("whatever the facts: the PDF is set, and a drill's carries the marking", async () => {
  await fc.assert(
    fc.asyncProperty(generatedSource, async (state) => {
      const content = buildNotice({ state, at: hoursAfter(30), rules: 'gdpr-2018', previous: null, withdraw: null });
      const bytes = Buffer.from(await pdf(content, anEnvelope())).toString('latin1');
      expect(bytes.startsWith('%PDF-1.7')).toBe(true);
      expect(bytes.includes('EXERCISE EXERCISE EXERCISE')).toBe(content.mode === 'drill');
    }),
    { numRuns: 8 },
  );
});

const AUTOMATIC = { id: 'organisation/12', grantedAt: hoursAfter(-24), hoursBeforeDeadline: 4 };

test('filed by itself: text, form and PDF say so and under what, whatever the facts, and it is never complete', async () => {
  const says = 'This notice was filed automatically under a standing authorisation of the controller (organisation/12';
  const made = (state: Parameters<typeof buildNotice>[0]['state']) =>
    buildNotice({
      state,
      at: hoursAfter(68),
      rules: 'gdpr-2018',
      previous: null,
      withdraw: null,
      automatic: AUTOMATIC,
    });
  const envelope = anEnvelope({ releasedAt: hoursAfter(68) });
  fc.assert(
    fc.property(generatedSource, (state) => {
      const content = made(state);
      const document = form(content, envelope);
      expect(content.completeness).toBe('INCOMPLETE');
      expect(formProblems(JSON.parse(document))).toEqual([]);
      expect(document).toContain(says);
      expect(text(content, envelope).replaceAll(/\s+/g, ' ')).toContain(says);
    }),
    { numRuns: 50 },
  );
  const [state] = fc.sample(generatedSource, { numRuns: 1, seed: 72 });
  if (!state) throw new Error('no sample');
  const bytes = await pdf(made(state), envelope);
  expect(unpacked(bytes)).toContain(says); // the form that travels in it; the banner is set from the same sentence
  expect(bytes.length).not.toBe((await pdf({ ...made(state), filedAutomatically: false }, envelope)).length);
});

test('the text shows what an officer asks first: whom it is from, since when, until when, in time or not, and what is missing', () => {
  const words = text(
    aNotice('live', fact('people.count', count(1200), 'estimated')),
    anEnvelope({ releasedAt: hoursAfter(73) }),
  );
  for (const part of [
    'Hospital of the Example',
    '2 March 2026, 09:00 UTC',
    '5 March 2026, 09:00 UTC',
    'Late by 1 h 0 min',
    '3f'.repeat(32),
    '42 a9',
    '[estimated]',
    'NOT KNOWN YET',
  ]) {
    expect([part, words.includes(part)]).toEqual([part, true]);
  }
});

test('a zone that nobody knows does not hold up a notice', async () => {
  const content = aNotice();
  const lost = { ...content, timeline: { ...content.timeline, zone: 'Nowhere/Nothing' } };
  expect(text(lost, anEnvelope())).toContain('2 March 2026, 09:00 UTC');
});

// part as it would leave                                            why it does not leave
const unmarked: [Record<string, { text: string; times?: number }>, string][] = [
  [{ text: { text: 'Records were copied.' } }, 'no marking at all'],
  [{ text: { text: 'EXERCISE EXERCISE EXERCISE\n\nRecords were copied.', times: 2 } }, 'only at the beginning'],
  [{ subject: { text: 'Exercise' } }, 'the word, not the marking'],
  [{ subject: { text: 'EXERCISE EXERCISE EXERCISE' }, text: { text: 'Records were copied.' } }, 'one of two parts'],
];
for (const [parts, why] of unmarked) {
  test(`a part of a drill does not leave: ${why}`, () => {
    expect(() => assertMarked('drill', parts)).toThrow(DrillMarkingMissing);
    expect(() => assertMarked('live', parts)).not.toThrow();
  });
}
test('a marked text has the marking at both ends', () => {
  expect(() => assertMarked('drill', { text: { text: marked('drill', 'x'), times: 2 } })).not.toThrow();
});

test('a form that does not fit is named by field and rule, never by value', () => {
  const problems = formProblems({ ...JSON.parse(form(aNotice(), anEnvelope())), field_48: 'the secret', field_55: [] });
  expect(problems).toEqual(['field_48 must match format "date-time"', 'field_55 must NOT have fewer than 1 items']);
});
