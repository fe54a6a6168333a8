import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import type { Alarm } from '../../../activities/ports.js';
import { calendarEntry } from '../../../adapters/render/ics.js';
import { createMailComposer } from '../../../adapters/render/mail-composer.js';
import { createNoticeRenderer } from '../../../adapters/render/notice-renderer.js';
import { AWARE, hospitalMessage, hoursAfter } from '../../build.js';
import { aNotice, anEnvelope } from './sample.js';

const composer = createMailComposer({ messageIdKey: Buffer.alloc(32, 7), organisationName: 'Hôpital "d\'Exemple"' });
const renderer = createNoticeRenderer();
const FROM = 'breach@hospital.example';
const kept = new Map<string, ReturnType<typeof render>>();
const rendered = (mode: 'live' | 'drill' = 'live') => {
  const known = kept.get(mode) ?? render(mode);
  kept.set(mode, known);
  return known;
};
const render = async (mode: 'live' | 'drill') => {
  const [content, envelope] = [aNotice(mode), anEnvelope()];
  return {
    content,
    envelope,
    parts: {
      pdf: await renderer.pdf(content, envelope),
      form: renderer.form(content, envelope),
      text: renderer.text(content, envelope),
    },
  };
};
const people = (over: object = {}, to = 'patient@people.test', n = 17) =>
  composer.peopleMail(
    { ...hospitalMessage(), ...over },
    { n, email: to },
    { key: 'BR-7K3M-9QXD/1', from: FROM, date: AWARE },
  );
const alarm = (over: Partial<Alarm> = {}): Alarm => ({
  incident: 'BR-7K3M-9QXD',
  mode: 'live',
  title: 'Records copied',
  milestone: 'aware+66h',
  round: 1,
  dueAt: hoursAfter(72),
  actAt: hoursAfter(66),
  zone: 'Europe/Dublin',
  says: 'The notice to the authority is due.',
  next: 'seventytwo notice BR-7K3M-9QXD approve',
  acknowledge: 'seventytwo ack BR-7K3M-9QXD',
  withCalendar: true,
  ...over,
});
const escalation = (over: Partial<Alarm> = {}, email = 'oncall@hospital.example') =>
  composer.escalationMail(alarm(over), { staff: 'st_1', email }, FROM);
const lines = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8').split('\r\n');

test('a notice: cover and text, PDF and form attached, each as it was rendered', async () => {
  const { content, envelope, parts } = await rendered();
  const mail = composer.noticeMail(content, envelope, parts, FROM);
  const parsed = await PostalMime.parse(mail.bytes);
  expect([parsed.from?.name, parsed.from?.address, parsed.to?.[0]?.address, parsed.subject]).toEqual([
    'Hospital of the Example',
    FROM,
    'notices@authority.test',
    'Personal data breach notification, Art. 33 GDPR: BR-7K3M-9QXD, phase 1',
  ]);
  expect(parsed.text).toContain('Please confirm receipt');
  expect(parsed.text?.replace(/\r\n/g, '\n')).toContain(parts.text.trim());
  expect(parsed.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
    ['notice-BR-7K3M-9QXD-1.pdf', 'application/pdf'],
    ['notice-BR-7K3M-9QXD-1.json', 'application/json'],
  ]);
  expect(Buffer.from(parsed.attachments[0]?.content as ArrayBuffer).equals(Buffer.from(parts.pdf))).toBe(true);
  expect(Buffer.from(parsed.attachments[1]?.content as ArrayBuffer).toString('utf8')).toBe(parts.form);
  expect(mail.messageId).toMatch(/^<notice\.BR-7K3M-9QXD\.1\.ex-authority\.[0-9a-f]{16}@hospital\.example>$/);
});

test('every attempt is the same bytes with the same Message-ID', async () => {
  const { content, envelope, parts } = await rendered();
  const twice = [() => composer.noticeMail(content, envelope, parts, FROM), () => people(), () => escalation()];
  for (const compose of twice) {
    const [first, second] = [compose(), compose()];
    expect([first.messageId, Buffer.from(first.bytes).equals(Buffer.from(second.bytes))]).toEqual([
      second.messageId,
      true,
    ]);
  }
  const elsewhere = createMailComposer({ messageIdKey: Buffer.alloc(32, 7), organisationName: 'Hôpital "d\'Exemple"' });
  const again = elsewhere.peopleMail(
    hospitalMessage(),
    { n: 17, email: 'patient@people.test' },
    { key: 'BR-7K3M-9QXD/1', from: FROM, date: AWARE },
  );
  expect(Buffer.from(again.bytes).equals(Buffer.from(people().bytes))).toBe(true);
});

test('on the wire: CRLF only, seven bits, no line too long, one of each header', async () => {
  const { content, envelope, parts } = await rendered();
  for (const mail of [
    composer.noticeMail(content, envelope, parts, FROM),
    people({ subject: 'Wichtig: Ihre persönlichen Daten, Ελληνικά, '.repeat(4).trim() }),
    escalation({ title: 'Ünïcode' }),
  ]) {
    const raw = Buffer.from(mail.bytes).toString('latin1');
    expect(raw.replace(/\r\n/g, '')).not.toMatch(/[\r\n\x80-\xff]/);
    expect(Math.max(...lines(mail.bytes).map((line) => line.length))).toBeLessThanOrEqual(98);
    const names = raw
      .slice(0, raw.indexOf('\r\n\r\n'))
      .split('\r\n')
      .filter((line) => !line.startsWith(' '))
      .map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
    expect(names.length).toBe(new Set(names).size);
    for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'mime-version']) expect(names).toContain(name);
  }
});

test('a message to people: text and page, nothing else in it, nothing that reports back (R-431)', async () => {
  const parsed = await PostalMime.parse(
    people({ contact: 'hospital.example/incident', whatYouCanDo: '- Change <b>your</b> password.\n- Be careful.' })
      .bytes,
  );
  expect([parsed.to?.map(({ address }) => address), parsed.cc, parsed.bcc, parsed.attachments]).toEqual([
    ['patient@people.test'],
    undefined,
    undefined,
    [],
  ]);
  expect(parsed.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  expect(parsed.html).not.toMatch(/<a\b|<img|<script|<link|url\(|https?:|list-unsubscribe/i);
  expect(parsed.html).toContain('<li>Change &lt;b&gt;your&lt;/b&gt; password.</li>');
  for (const part of ['Somebody copied records.', 'We never ask for passwords.', 'BR-7K3M-9QXD', 'Exercise Authority'])
    expect(parsed.text).toContain(part);
  expect(parsed.from?.name).toBe('Hôpital "d\'Exemple"');
});

test('Message-IDs of a mailing: one for each recipient and list, and nobody can guess them without the key', () => {
  const other = createMailComposer({ messageIdKey: Buffer.alloc(32, 8) }).peopleMail(
    hospitalMessage(),
    { n: 17, email: 'patient@people.test' },
    { key: 'BR-7K3M-9QXD/1', from: FROM, date: AWARE },
  );
  const ids = [people().messageId, people({}, 'patient@people.test', 18).messageId, other.messageId];
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toMatch(/^<BR-7K3M-9QXD-1\.17\.[0-9a-f]{32}@hospital\.example>$/);
  expect(ids.join()).not.toContain('patient');
  expect(() => createMailComposer({ messageIdKey: Buffer.alloc(8) })).toThrow('8 bytes');
});

// due in hours       subject says                                why this row is here
const subjects: [Partial<Alarm>, string, string][] = [
  [{}, 'BR-7K3M-9QXD: 6 h left', 'whole hours'],
  [{ actAt: hoursAfter(71.5) }, 'BR-7K3M-9QXD: 30 min left', 'the last half hour'],
  [{ actAt: hoursAfter(72) }, 'BR-7K3M-9QXD: 0 h left', 'the last moment'],
  [{ actAt: hoursAfter(75.25) }, 'BR-7K3M-9QXD: overdue by 3 h 15 min', 'too late is said as such'],
  [{ dueAt: null }, 'BR-7K3M-9QXD: act now', 'no instant'],
];
for (const [over, subject, why] of subjects) {
  test(`an alarm's subject: ${why}`, async () =>
    expect((await PostalMime.parse(escalation(over).bytes)).subject).toBe(subject));
}

test('an alarm says what to do and how to take it, and brings the deadline into the calendar', async () => {
  const parsed = await PostalMime.parse(escalation().bytes);
  for (const part of [
    'The notice to the authority is due.',
    'seventytwo notice BR-7K3M-9QXD approve',
    'seventytwo ack BR-7K3M-9QXD',
    '5 March 2026, 09:00 UTC',
  ])
    expect(parsed.text).toContain(part);
  const entry = Buffer.from(parsed.attachments[0]?.content as ArrayBuffer).toString('utf8');
  expect(entry).toMatch(/^BEGIN:VCALENDAR/);
  for (const line of [
    'DTSTART:20260305T090000Z',
    'UID:BR-7K3M-9QXD.aware-66h@hospital.example',
    'TRIGGER:-PT1H',
    'END:VCALENDAR',
  ])
    expect(entry.split(/\r?\n/)).toContain(line);
  expect(entry.split(/\r?\n/).every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  expect((await PostalMime.parse(escalation({ withCalendar: false }).bytes)).attachments).toEqual([]);
});

test('a drill: subject, both ends of each text and page, file names and calendar carry the marking', async () => {
  const mark = 'EXERCISE EXERCISE EXERCISE';
  const { content, envelope, parts } = await rendered('drill');
  const mails = [
    composer.noticeMail(content, envelope, parts, FROM),
    people({ mode: 'drill' }),
    escalation({ mode: 'drill', incident: 'EX-7K3M-9QXD' }),
  ];
  for (const { bytes } of mails) {
    const parsed = await PostalMime.parse(bytes);
    expect(parsed.subject?.startsWith(mark)).toBe(true);
    expect([parsed.text?.startsWith(mark), parsed.text?.trimEnd().endsWith(mark)]).toEqual([true, true]);
    for (const { filename } of parsed.attachments) expect(filename).toMatch(/^EX/);
  }
  expect((await PostalMime.parse(people({ mode: 'drill' }).bytes)).html?.split(mark).length).toBeGreaterThan(2);
});

test('a drill whose parts do not say so is not composed, nor one that would reach a real domain', async () => {
  const { content, envelope, parts } = await rendered('drill');
  const live = await rendered('live');
  for (const unmarked of [
    { ...parts, text: live.parts.text },
    { ...parts, form: live.parts.form },
    { ...parts, pdf: live.parts.pdf },
  ]) {
    expect(() => composer.noticeMail(content, envelope, unmarked, FROM)).toThrow('This is an exercise');
  }
  expect(() => composer.noticeMail(content, { ...envelope, address: 'info@authority.eu' }, parts, FROM)).toThrow(
    'R-933',
  );
  expect(() => people({ mode: 'drill' }, 'someone@real.org')).toThrow('R-933');
});

// address                                  why it is refused
const damaged: [string, string][] = [
  ['a@people.test, evil@x.test', 'a comma makes two recipients'],
  ['a@people.test\r\nBcc: evil@x.test', 'a line break makes a header'],
  ['a@people.test\nX: y', 'so does a bare one'],
  ['group: a@people.test, b@x.test;', 'a group'],
  ['"a,b"@people.test', 'quotes'],
  ['A <a@people.test>', 'a name and brackets'],
  ['a@people.test (comment)', 'a comment'],
  ['a@b@people.test', 'two at-signs'],
  ['ä@people.test', 'not plain ASCII'],
  ['', 'nothing'],
];
for (const [address, why] of damaged) {
  test(`refused and not repeated: ${why}`, async () => {
    const { content, envelope, parts } = await rendered();
    const attempts = [
      () => people({}, address),
      () => escalation({}, address),
      () => composer.noticeMail(content, { ...envelope, address }, parts, FROM),
      () => composer.noticeMail(content, envelope, parts, address),
    ];
    for (const attempt of attempts) {
      let message = '';
      try {
        attempt();
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toContain('is not one plain mailbox');
      expect(message.includes('people.test')).toBe(false);
    }
  });
}

test('a subject with a line break is refused: it would be a header of its own', () => {
  expect(() => people({ subject: 'Your data\r\nBcc: evil@x.test' })).toThrow('Subject holds a line break');
});

test('any subject and any text arrive as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      async (subject, body) => {
        const clean = subject.replace(/[\p{Cc}\u2028\u2029]/gu, '').trim();
        const words = body.replace(/[\p{Cc}\u2028\u2029]/gu, '');
        const parsed = await PostalMime.parse(people({ subject: `S${clean}.`, whatHappened: `W${words}.` }).bytes);
        expect(parsed.subject).toBe(`S${clean}.`);
        expect(parsed.text).toContain(`W${words}.`);
      },
    ),
    { numRuns: 100 },
  );
});

test('a calendar file: CRLF, escaped, folded between characters, the last line too', () => {
  const entry = calendarEntry({
    uid: 'u',
    at: hoursAfter(72),
    stampedAt: AWARE,
    sequence: 1,
    summary: 'a, b; c\\d',
    description: `${'ä'.repeat(80)}\nend`,
  });
  expect(entry.endsWith('END:VCALENDAR\r\n')).toBe(true);
  expect(entry.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
  expect(entry).toContain('SUMMARY:a\\, b\\; c\\\\d\r\n');
  expect(entry.replace(/\r\n /g, '')).toContain(`DESCRIPTION:${'ä'.repeat(80)}\\nend\r\n`);
  expect(Math.max(...entry.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
});

test('a notice for a portal is not mailed', async () => {
  const { content, envelope, parts } = await rendered();
  expect(() => composer.noticeMail(content, { ...envelope, address: null }, parts, FROM)).toThrow(
    'goes through the portal',
  );
});
