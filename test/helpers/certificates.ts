import { createPrivateKey, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Certificates for tests of TLS: made anew each time, so that no key lies in the repository and none can expire there. The few parts of
 * X.509 (RFC 5280) that a server's certificate needs, in DER.
 */

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}
export interface Authority extends Certificate {
  issue(options?: { names?: readonly string[]; from?: Date; until?: Date }): Certificate;
}

const tlv = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: readonly Buffer[]): Buffer => tlv(0x30, ...parts);
const explicit = (n: number, part: Buffer): Buffer => tlv(0xa0 + n, part);
const integer = (bytes: Buffer): Buffer => tlv(0x02, bytes);
const bits = (bytes: Buffer): Buffer => tlv(0x03, Buffer.from([0]), bytes);
const octets = (bytes: Buffer): Buffer => tlv(0x04, bytes);
const TRUE = tlv(0x01, Buffer.from([0xff]));

function oid(dotted: string): Buffer {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [a * 40 + b];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return tlv(0x06, Buffer.from(bytes));
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const name = (common: string): Buffer => sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, Buffer.from(common)))));
/** GeneralizedTime; fine for the years that tests use. */
const time = (date: Date): Buffer =>
  tlv(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));
const altName = (host: string): Buffer =>
  /^\d+(\.\d+){3}$/.test(host) ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host));

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;

interface Wanted {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: Buffer;
  readonly signedBy: string;
  readonly from: Date;
  readonly until: Date;
  readonly extensions: readonly Buffer[];
}

function certificate({ subject, issuer, publicKey, signedBy, from, until, extensions }: Wanted): string {
  const serial = randomBytes(8);
  serial[0] = (serial[0] ?? 0) & 0x7f || 1;
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    ECDSA_SHA256,
    name(issuer),
    sequence(time(from), time(until)),
    name(subject),
    publicKey,
    explicit(3, sequence(...extensions)),
  );
  const signature = createSign('sha256').update(body).sign(createPrivateKey(signedBy));
  return pem('CERTIFICATE', sequence(body, ECDSA_SHA256, bits(signature)));
}

const DAY_MS = 86_400_000;

/** A certificate authority of its own. Two with the same name do not trust each other's certificates. */
export function anAuthority(subject = 'test authority', { until }: { until?: Date } = {}): Authority {
  const pair = newPair();
  const [from, to] = [new Date(Date.now() - 30 * DAY_MS), new Date(Date.now() + 30 * DAY_MS)];
  const extensions = [
    extension('2.5.29.19', true, sequence(TRUE)), // an authority
    extension('2.5.29.15', true, tlv(0x03, Buffer.from([1, 0x06]))), // signs certificates and lists
  ];
  const wanted = {
    subject,
    issuer: subject,
    publicKey: pair.publicKey,
    signedBy: pair.key,
    from,
    until: until ?? to,
    extensions,
  };
  return {
    key: pair.key,
    cert: certificate(wanted),
    issue({ names = ['localhost', '127.0.0.1'], from: since = from, until: end = to } = {}) {
      const own = newPair();
      const about = {
        subject: names[0] ?? 'nobody',
        issuer: subject,
        publicKey: own.publicKey,
        signedBy: pair.key,
        from: since,
        until: end,
        extensions: [
          extension('2.5.29.19', true, sequence()),
          extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'))),
          extension('2.5.29.17', false, sequence(...names.map(altName))),
        ],
      };
      return { key: own.key, cert: certificate(about) };
    },
  };
}

function newPair(): { publicKey: Buffer; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey, key: privateKey };
}

/** Writes PEM files and answers their paths. */
export function files(folder: string, parts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).map(([file, text]) => {
      const path = join(folder, `${file}.pem`);
      writeFileSync(path, text, { mode: 0o600 });
      return [file, path];
    }),
  );
}

export const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS);
