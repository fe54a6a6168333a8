import { createHash } from 'node:crypto';
import { encode, wrap } from 'nodemailer/lib/qp';
import { isWireAddress } from '../../domain/message/address.js';
import { type Instant, toMs } from '../../domain/clock/instant.js';

/** Messages by RFC 5322 and 2045, whose bytes depend on nothing but the arguments: no clock, no chance. CRLF line ends throughout. */

const CRLF = '\r\n';
const LINE = 76;

/** An address or a header that would say more than it may. Names the field, never its content. */
export class UnsafeMail extends Error {
  override readonly name = 'UnsafeMail';
}

/** Exactly one plain mailbox: a comma, a group, quotes or a line break make two recipients of one. */
export function mailbox(field: string, address: string): string {
  if (!isWireAddress(address)) {
    throw new UnsafeMail(
      `${field} is not one plain mailbox (local@domain, ASCII, ${address.length} characters given). Nothing was composed; correct the address.`,
    );
  }
  return address;
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
export const sha256 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
function oneLine(field: string, text: string): string {
  if (CONTROL.test(text))
    throw new UnsafeMail(
      `${field} holds a line break or control character. Nothing was composed; write it in one line.`,
    );
  return text;
}

/** RFC 2047: words of at most 75 characters, each of whole characters, in base64. */
function encodedWords(text: string): string[] {
  const words: string[] = [];
  let bytes: Buffer = Buffer.alloc(0);
  for (const char of Array.from(text)) {
    const next = Buffer.from(char, 'utf8');
    if (bytes.length + next.length > 45) {
      words.push(bytes.toString('base64'));
      bytes = next;
    } else bytes = Buffer.concat([bytes, next]);
  }
  return [...words, bytes.toString('base64')].map((word) => `=?UTF-8?B?${word}?=`);
}

/** Broken before blanks so that a line has at most 76 characters where it can be; a fold adds nothing to the text. */
function folded(name: string, words: readonly string[]): string {
  const lines: string[] = [`${name}:`];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length + 1 > LINE && line !== `${name}:`) lines.push(` ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join(CRLF);
}

/** Free text such as a subject. A text that could be taken for an encoded word is encoded itself. */
export function textHeader(name: string, text: string): string {
  const clean = oneLine(name, text);
  const plain =
    isAscii(clean) &&
    !clean.includes('=?') &&
    !/^ | $| {2}/.test(clean) &&
    clean.split(' ').every((word) => word.length < LINE);
  return folded(name, plain ? clean.split(' ') : encodedWords(clean));
}

/** A value that we made ourselves, in one line. */
export const plainHeader = (name: string, value: string): string => `${name}: ${oneLine(name, value)}`;

/** One mailbox with the name to be shown with it. What breaks a line in the name becomes a blank: a name never holds up a notice. */
export function mailboxHeader(name: string, address: string, shown: string | null): string {
  const box = mailbox(name, address);
  if (shown === null || shown === '') return `${name}: ${box}`;
  const clean = shown.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  const phrase =
    isAscii(clean) && clean.length < 60 && !clean.includes('=?')
      ? [`"${clean.replace(/[\\"]/g, '\\$&')}"`]
      : encodedWords(clean);
  return folded(name, [...phrase, `<${box}>`]);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** RFC 5322 3.3, in UTC: `Mon, 02 Mar 2026 09:00:00 +0000`. */
export function dateHeader(at: Instant): string {
  const date = new Date(toMs(at));
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `Date: ${DAYS[date.getUTCDay()]}, ${day} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${at.slice(11, 19)} +0000`;
}

export interface MimePart {
  readonly headers: readonly string[];
  readonly body: string;
}

const crlf = (text: string): string => text.replace(/\r\n?|\n/g, CRLF);

export const textPart = (text: string, type = 'text/plain'): MimePart => ({
  headers: [`Content-Type: ${type}; charset=utf-8`, 'Content-Transfer-Encoding: quoted-printable'],
  body: wrap(encode(crlf(text)), LINE),
});

/** `name` and `type` are ours: plain ASCII. */
export const attachment = (bytes: Uint8Array, name: string, type: string): MimePart => ({
  headers: [
    `Content-Type: ${type}; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
  ],
  body: (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join(CRLF),
});

/** `seed` makes the boundary; neither quoted-printable nor base64 can contain `=_`. */
export function multipart(kind: 'mixed' | 'alternative', parts: readonly MimePart[], seed: string): MimePart {
  const boundary = `=_72_${kind}_${sha256(seed).slice(0, 24)}`;
  const inner = parts
    .map(({ headers, body }) => `--${boundary}${CRLF}${headers.join(CRLF)}${CRLF}${CRLF}${body}${CRLF}`)
    .join('');
  return {
    headers: [`Content-Type: multipart/${kind}; boundary="${boundary}"`],
    body: `${inner}--${boundary}--${CRLF}`,
  };
}

export function messageBytes(headers: readonly string[], part: MimePart): Uint8Array {
  const head = [...headers, 'MIME-Version: 1.0', ...part.headers].join(CRLF);
  const body = part.body.endsWith(CRLF) ? part.body : `${part.body}${CRLF}`;
  return Buffer.from(`${head}${CRLF}${CRLF}${body}`, 'utf8');
}
