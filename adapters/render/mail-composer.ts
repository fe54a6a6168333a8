import { createHmac } from 'node:crypto';
import type { Alarm, MailComposer, OutgoingMail } from '../../activities/ports.js';
import { HOUR_MS, type Instant, MINUTE_MS, msBetween, toMs } from '../../domain/clock/instant.js';
import { isExerciseAddress } from '../../domain/message/address.js';
import type { PeopleMessage } from '../../domain/message/model.js';
import { DRILL_MARKING } from '../../domain/notice/marking.js';
import { asTold } from '../../domain/notice/as-told.js';
import type { NoticeContent } from '../../domain/notice/model.js';
import { noticeOverview } from '../../domain/notice/overview.js';
import { instantInWords } from '../../domain/notice/words.js';
import { calendarEntry } from './ics.js';
import { assertMarked, marked } from './marking.js';
import {
  attachment,
  dateHeader,
  domainOf,
  mailbox,
  mailboxHeader,
  messageBytes,
  type MimePart,
  multipart,
  plainHeader,
  sha256,
  textHeader,
  textPart,
  UnsafeMail,
} from './mime.js';
import { peopleBody } from './people-body.js';
import { knownOffsetMs } from './zone.js';

export interface MailComposerOptions {
  /** Key of the Message-IDs of a mailing, which nobody shall be able to guess; at least 16 bytes. */
  readonly messageIdKey: Uint8Array;
  /** Shown beside the sender's address in messages to people and alarms. Notices show the controller's name. */
  readonly organisationName?: string;
}

/** Ids become dot-atoms of RFC 5322: whatever else stands in them becomes a hyphen. */
const atom = (text: string): string => text.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-|-$/g, '') || '-';

/** A drill writes only to domains that belong to nobody (R-933). */
function recipient(mode: 'live' | 'drill', address: string): string {
  const to = mailbox('To', address);
  if (mode === 'drill' && !isExerciseAddress(to)) {
    throw new UnsafeMail(
      'To is no address of an exercise: in a drill only domains under .example, .test and .invalid are written to (R-933).',
    );
  }
  return to;
}

/** Message bodies made from our own models: the same arguments give the same bytes, at every attempt and on every machine. */
export function createMailComposer({ messageIdKey, organisationName }: MailComposerOptions): MailComposer {
  if (messageIdKey.length < 16)
    throw new RangeError(`The key of the Message-IDs has ${messageIdKey.length} bytes; it needs at least 16.`);
  const shownName = organisationName ?? null;
  // A mailing sends one message to thousands: its body is encoded once.
  const bodies = new WeakMap<PeopleMessage, { readonly subject: string; readonly part: MimePart }>();

  function bodyOf(message: PeopleMessage) {
    const known = bodies.get(message);
    if (known) return known;
    const { subject, text, html } = peopleBody(message);
    const made = {
      subject: textHeader('Subject', subject),
      part: multipart('alternative', [textPart(text), textPart(html, 'text/html')], sha256(text, html)),
    };
    bodies.set(message, made);
    return made;
  }

  return {
    noticeMail(content, envelope, parts, from): OutgoingMail {
      if (envelope.address === null)
        throw new UnsafeMail(`The authority ${envelope.authority} has no mailbox: its notice goes through the portal.`);
      const to = recipient(content.mode, envelope.address);
      const sender = mailbox('From', from);
      const drill = content.mode === 'drill';
      const overview = noticeOverview(asTold(content, envelope), envelope);
      const subject = `${drill ? `${DRILL_MARKING} ` : ''}${overview.title}, ${envelope.under ?? 'Art. 33 GDPR'}: ${content.incident}, phase ${content.phase}`;
      const file = `${drill ? 'EXERCISE-' : ''}notice-${atom(content.incident)}-${content.phase}`;
      const text = marked(
        content.mode,
        `${cover(asTold(content, envelope), envelope.under ?? 'Article 33 GDPR', overview, file)}\n\n${'-'.repeat(72)}\n\n${parts.text}`,
      );
      assertMarked(content.mode, {
        subject: { text: subject },
        'beginning and end of the text': { text: parts.text, times: 2 },
        'field_7 of the form': { text: parts.form },
        'metadata of the PDF': { text: Buffer.from(parts.pdf).toString('latin1') },
      });
      const hash = sha256(envelope.contentSha256, to, parts.pdf, parts.form, text).slice(0, 16);
      const messageId = `<notice.${atom(content.incident)}.${content.phase}.${atom(envelope.authority)}.${hash}@${domainOf(sender)}>`;
      const body = multipart(
        'mixed',
        [
          textPart(text),
          attachment(parts.pdf, `${file}.pdf`, 'application/pdf'),
          attachment(Buffer.from(parts.form, 'utf8'), `${file}.json`, 'application/json'),
        ],
        messageId,
      );
      const headers = [
        mailboxHeader('From', sender, content.controller.name),
        mailboxHeader('To', to, null),
        textHeader('Subject', subject),
        dateHeader(envelope.releasedAt),
        plainHeader('Message-ID', messageId),
      ];
      return { from: sender, to, bytes: messageBytes(headers, body), messageId };
    },

    escalationMail(alarm, { staff, email }, from): OutgoingMail {
      const to = recipient(alarm.mode, email);
      const sender = mailbox('From', from);
      const subject = `${alarm.mode === 'drill' ? `${DRILL_MARKING} ` : ''}${alarm.incident}: ${timeLeft(alarm)}`;
      const text = marked(alarm.mode, alarmText(alarm));
      assertMarked(alarm.mode, { subject: { text: subject }, 'beginning and end of the text': { text, times: 2 } });
      const hash = sha256(staff, '|', alarm.actAt, '|', text).slice(0, 16);
      const messageId = `<alarm.${atom(alarm.incident)}.${atom(alarm.milestone)}.${alarm.round}.${hash}@${domainOf(sender)}>`;
      const calendar = calendarOf(alarm, subject, text, domainOf(sender));
      const part =
        calendar === null ? textPart(`${text}\n`) : multipart('mixed', [textPart(`${text}\n`), calendar], messageId);
      const headers = [
        mailboxHeader('From', sender, shownName),
        mailboxHeader('To', to, null),
        textHeader('Subject', subject),
        dateHeader(alarm.actAt),
        plainHeader('Message-ID', messageId),
        'Auto-Submitted: auto-generated',
        'Importance: high',
        'X-Priority: 1',
      ];
      return { from: sender, to, bytes: messageBytes(headers, part), messageId };
    },

    peopleMail(message, { n, email }, mailing): OutgoingMail {
      const to = recipient(message.mode, email);
      const sender = mailbox('From', mailing.from);
      const { subject, part } = bodyOf(message);
      const token = createHmac('sha256', messageIdKey).update(`${mailing.key}|${n}`).digest('hex').slice(0, 32); // 128 bit
      const messageId = `<${atom(mailing.key)}.${n}.${token}@${domainOf(sender)}>`;
      const headers = [
        mailboxHeader('From', sender, shownName),
        mailboxHeader('To', to, null),
        subject,
        dateHeader(mailing.date),
        plainHeader('Message-ID', messageId),
        'Auto-Submitted: auto-generated',
      ];
      return { from: sender, to, bytes: messageBytes(headers, part), messageId };
    },
  };
}

const cover = (
  { controller, kind, completeness }: Pick<NoticeContent, 'controller' | 'kind' | 'completeness'>,
  under: string,
  overview: ReturnType<typeof noticeOverview>,
  file: string,
): string =>
  [
    'Dear Sir or Madam,',
    completeness === 'WITHDRAW'
      ? `${controller.name} withdraws its notification of a personal data breach under ${under}.`
      : kind === 'NEW'
        ? `${controller.name} notifies you of a personal data breach under ${under}.`
        : `${controller.name} sends you more about the personal data breach that it notified under ${under}.`,
    `${overview.kind}. ${overview.timing}`,
    `The whole notification is attached as a document (${file}.pdf) and as data in the fields of the common European form (${file}.json). The same follows below as text.`,
    'Please confirm receipt with your reference.',
  ].join('\n\n');

/** `6 h 30 min left`, `overdue by 2 h`: the first thing to read on a telephone at night. */
function timeLeft({ dueAt, actAt }: Pick<Alarm, 'dueAt' | 'actAt'>): string {
  if (dueAt === null) return 'act now';
  const left = msBetween(actAt, dueAt);
  const minutes = Math.floor(Math.abs(left) / MINUTE_MS) % 60;
  const hours = Math.floor(Math.abs(left) / HOUR_MS);
  const span = [hours > 0 || minutes === 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '']
    .filter((part) => part !== '')
    .join(' ');
  return left >= 0 ? `${span} left` : `overdue by ${span}`;
}

const inZone = (at: Instant, zone: string): string => instantInWords(at, zone, knownOffsetMs);

function alarmText(alarm: Alarm): string {
  return [
    alarm.says,
    [
      `Incident:     ${alarm.incident} ${alarm.title}`,
      ...(alarm.dueAt === null
        ? []
        : [`Due:          ${inZone(alarm.dueAt, alarm.zone)}`, `              ${timeLeft(alarm)}`]),
      `Milestone:    ${alarm.milestone}, call ${alarm.round}`,
    ].join('\n'),
    `Do this now:\n  ${alarm.next}`,
    `Say that you have it (the calls go on until somebody does):\n  ${alarm.acknowledge}`,
  ].join('\n\n');
}

function calendarOf(alarm: Alarm, subject: string, text: string, domain: string): MimePart | null {
  if (!alarm.withCalendar || alarm.dueAt === null) return null;
  const drill = alarm.mode === 'drill' ? `${DRILL_MARKING} ` : '';
  const entry = calendarEntry({
    uid: `${alarm.incident}.${atom(alarm.milestone)}@${domain}`,
    at: alarm.dueAt,
    stampedAt: alarm.actAt,
    sequence: Math.floor(toMs(alarm.actAt) / 1000) % 2_147_483_647,
    summary: `${drill}${alarm.incident}: due`,
    description: text,
  });
  assertMarked(alarm.mode, { subject: { text: subject }, 'calendar entry': { text: entry.replace(/\r\n /g, '') } });
  return attachment(
    Buffer.from(entry, 'utf8'),
    `${atom(alarm.incident)}.ics`,
    'text/calendar; charset=utf-8; method=PUBLISH',
  );
}
