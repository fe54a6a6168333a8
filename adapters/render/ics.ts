import type { Instant } from '../../domain/clock/instant.js';

/** RFC 5545 3.3.11. */
const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r\n?|\n/g, '\\n');
const utc = (at: Instant): string => `${at.slice(0, 19).replace(/[-:]/g, '')}Z`;

/** Lines of at most 75 octets; a character is never cut (RFC 5545 3.1). */
function folded(line: string): string {
  const lines: string[] = [''];
  for (const char of Array.from(line)) {
    const current = lines.at(-1) ?? '';
    if (Buffer.byteLength(current + char) > 75) lines.push(` ${char}`);
    else lines[lines.length - 1] = current + char;
  }
  return lines.join('\r\n');
}

/** Hours before the deadline at which the calendar rings by itself, should everything of ours be silent. */
const RINGS_BEFORE_HOURS = [24, 6, 2, 1];

/** One deadline as a calendar file, in UTC. The same deadline keeps its `uid`, so that a moved one replaces the old. */
export function calendarEntry(entry: {
  uid: string;
  at: Instant;
  stampedAt: Instant;
  sequence: number;
  summary: string;
  description: string;
}): string {
  const alarms = RINGS_BEFORE_HOURS.flatMap((hours) => [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(entry.summary)}`,
    `TRIGGER:-PT${hours}H`,
    'END:VALARM',
  ]);
  return `${[
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//seventytwo//deadline//EN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${escaped(entry.uid)}`,
    `DTSTAMP:${utc(entry.stampedAt)}`,
    `SEQUENCE:${entry.sequence}`,
    `DTSTART:${utc(entry.at)}`,
    `DTEND:${utc(entry.at)}`,
    `SUMMARY:${escaped(entry.summary)}`,
    `DESCRIPTION:${escaped(entry.description)}`,
    'TRANSP:TRANSPARENT',
    ...alarms,
    'END:VEVENT',
    'END:VCALENDAR',
  ]
    .map(folded)
    .join('\r\n')}\r\n`;
}
