import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseEndpoint } from '../mail/endpoint.js';
import type { TemporalTls } from '../temporal/connect.js';
import { EXAMPLES, isHostAndPort, type Name, type Reader } from './reader.js';

/** How the stores and the relay are reached, and what is taken for their certificates. There is no way to leave a check out. */

type Side = 'live' | 'drill';

export interface TemporalAccess {
  readonly address: string;
  readonly namespace: string;
  /** Null: clear text. */
  readonly tls: TemporalTls | null;
  /** Of Temporal Cloud, instead of a client certificate. */
  readonly apiKey?: string;
}

/** Paths of PEM files beside what the address says. */
export interface MongoTls {
  readonly caFile?: string;
  /** Certificate and key in one file, as the driver wants them. */
  readonly certKeyFile?: string;
}

/** Options of an address that accept any certificate. */
const UNCHECKED = /[?&](tlsInsecure|tlsAllowInvalidCertificates|tlsAllowInvalidHostnames|sslValidate)=/i;
const TLS_OFF = /[?&](?:tls|ssl)=false/i;

function readPem(read: Reader, name: Name, path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    read.wrong(
      name,
      `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): check the path and who may read it`,
    );
    return null;
  }
}

/** Every certificate of a PEM file. */
const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  );

function certificates(read: Reader, name: Name, pem: string): X509Certificate[] {
  try {
    const found = certificatesIn(pem);
    if (found.length > 0) return found;
  } catch {
    // said below: the library's words may quote the file
  }
  read.wrong(name, 'holds no certificate in PEM (-----BEGIN CERTIFICATE-----)');
  return [];
}

const dayOf = (date: string): string => new Date(date).toISOString().slice(0, 10);

function authority(read: Reader, name: Name): string | null {
  const path = read.optional(name);
  if (path === null) return null;
  const pem = readPem(read, name, path);
  if (pem === null) return path;
  const found = certificates(read, name, pem);
  if (found.length > 0 && found.every(({ validTo }) => Date.parse(validTo) < Date.now()))
    read.wrong(name, `expired on ${dayOf(found[0]?.validTo ?? '')}: put the authority's new certificate there`);
  return path;
}

/** Certificate and key fit together and are in force: what does not would be refused by the other side, with fewer words. */
function ownCertificate(
  read: Reader,
  [certName, certPath]: readonly [Name, string],
  [keyName, keyPath]: readonly [Name, string],
): void {
  const certPem = readPem(read, certName, certPath);
  const keyPem = readPem(read, keyName, keyPath);
  const own = certPem === null ? undefined : certificates(read, certName, certPem)[0];
  if (!own || keyPem === null) return;
  if (Date.parse(own.validTo) < Date.now()) read.wrong(certName, `expired on ${dayOf(own.validTo)}: renew it`);
  try {
    if (!own.checkPrivateKey(createPrivateKey(keyPem))) read.wrong(keyName, 'is not the key of that certificate');
  } catch {
    read.wrong(keyName, 'holds no private key in PEM without a password');
  }
}

export function mongo(read: Reader, side: Side): { mongoUrl: string; mongoTls?: MongoTls } {
  const mongoUrlFound = mongoUrl(read, side);
  const caFile = authority(read, 'SEVENTYTWO_MONGO_TLS_CA_FILE');
  const certKeyFile = read.optional('SEVENTYTWO_MONGO_TLS_CERT_KEY_FILE');
  if (certKeyFile !== null)
    ownCertificate(
      read,
      ['SEVENTYTWO_MONGO_TLS_CERT_KEY_FILE', certKeyFile],
      ['SEVENTYTWO_MONGO_TLS_CERT_KEY_FILE', certKeyFile],
    );
  if (caFile === null && certKeyFile === null) return { mongoUrl: mongoUrlFound };
  if (TLS_OFF.test(mongoUrlFound))
    read.wrong('SEVENTYTWO_MONGO_URL', 'says tls=false, but TLS files are named: take one of them out');
  return {
    mongoUrl: mongoUrlFound,
    mongoTls: { ...(caFile !== null && { caFile }), ...(certKeyFile !== null && { certKeyFile }) },
  };
}

function mongoUrl(read: Reader, side: Side): string {
  const name = 'SEVENTYTWO_MONGO_URL';
  const value = read.required(name);
  if (value === '') return value;
  const shape = /^(mongodb(?:\+srv)?:\/\/[^/?\s]+)(?:\/([^?\s]*))?(\?\S*)?$/.exec(value);
  if (!shape) {
    const scheme = value.includes('://') ? 'something else' : 'a value without a scheme';
    read.wrong(name, `must look like ${EXAMPLES[name]}, got ${scheme}`);
    return '';
  }
  const [, server, database, query = ''] = shape;
  const weak = UNCHECKED.exec(query)?.[1];
  if (weak !== undefined)
    read.wrong(
      name,
      `has ${weak}, which accepts any certificate: take it out, and name the authority in SEVENTYTWO_MONGO_TLS_CA_FILE`,
    );
  const other = side === 'live' ? 'drill' : 'live';
  if (database?.match(new RegExp(`[-_]${other}$`)))
    read.wrong(name, `names the database of the ${other} side; the ${side} side has its own (seventytwo_${side})`);
  if (database !== undefined && database !== '') return value;
  // Without a database in the address the login is looked up in admin; naming one must not change that.
  const login =
    server?.includes('@') && !/[?&]authSource=/.test(query) ? `${query === '' ? '?' : '&'}authSource=admin` : '';
  return `${server}/seventytwo_${side}${query}${login}`;
}

export function temporal(read: Reader, side: Side): TemporalAccess {
  const address = read.required('SEVENTYTWO_TEMPORAL_ADDRESS');
  if (address !== '' && !isHostAndPort(address))
    read.wrong('SEVENTYTWO_TEMPORAL_ADDRESS', 'must be host:port, such as localhost:7233, without a scheme');
  const namespace = read.optional('SEVENTYTWO_TEMPORAL_NAMESPACE') ?? `seventytwo-${side}`;
  const other = side === 'live' ? 'drill' : 'live';
  if (namespace === `seventytwo-${other}`)
    read.wrong(
      'SEVENTYTWO_TEMPORAL_NAMESPACE',
      `names the namespace of the ${other} side; the ${side} side has its own (seventytwo-${side})`,
    );

  const caFile = authority(read, 'SEVENTYTWO_TEMPORAL_TLS_CA_FILE');
  const certFile = read.optional('SEVENTYTWO_TEMPORAL_TLS_CERT_FILE');
  const keyFile = read.optional('SEVENTYTWO_TEMPORAL_TLS_KEY_FILE');
  const serverName = read.optional('SEVENTYTWO_TEMPORAL_TLS_SERVER_NAME');
  if ((certFile === null) !== (keyFile === null)) {
    read.wrong(
      certFile === null ? 'SEVENTYTWO_TEMPORAL_TLS_CERT_FILE' : 'SEVENTYTWO_TEMPORAL_TLS_KEY_FILE',
      'is missing: certificate and key go together',
    );
  } else if (certFile !== null && keyFile !== null) {
    ownCertificate(
      read,
      ['SEVENTYTWO_TEMPORAL_TLS_CERT_FILE', certFile],
      ['SEVENTYTWO_TEMPORAL_TLS_KEY_FILE', keyFile],
    );
  }
  const apiKey = read.optional('SEVENTYTWO_TEMPORAL_API_KEY');
  const wanted = read.optional('SEVENTYTWO_TEMPORAL_TLS');
  if (wanted !== null && wanted !== 'true' && wanted !== 'false')
    read.wrong('SEVENTYTWO_TEMPORAL_TLS', 'must be true or false');
  const files = {
    ...(caFile !== null && { caFile }),
    ...(certFile !== null && { certFile }),
    ...(keyFile !== null && { keyFile }),
    ...(serverName !== null && { serverName }),
  };
  if (wanted === 'false' && Object.keys(files).length > 0)
    read.wrong('SEVENTYTWO_TEMPORAL_TLS', 'is false, but TLS files are named: set it to true, or take them out');
  if (wanted === 'false' && apiKey !== null)
    read.wrong(
      'SEVENTYTWO_TEMPORAL_TLS',
      'is false, but there is an API key, which would travel in clear: set it to true',
    );
  if (apiKey !== null && certFile !== null)
    read.wrong('SEVENTYTWO_TEMPORAL_API_KEY', 'is set beside a client certificate: the engine takes one of them');
  const asked = Object.keys(files).length > 0 || apiKey !== null;
  return {
    address,
    namespace,
    tls: wanted === 'true' || (wanted === null && asked) ? files : null,
    ...(apiKey !== null && { apiKey }),
  };
}

export function relayUrl(
  read: Reader,
  name: 'SEVENTYTWO_SMTP_URL' | 'SEVENTYTWO_SMTP_FALLBACK_URL' | 'SEVENTYTWO_WATCHDOG_SMTP_URL',
  value: string | null,
): void {
  if (value !== null && value !== '' && !value.includes('://'))
    read.wrong(name, `must look like ${EXAMPLES[name]}, got a value without a scheme`);
  else if (value !== null && value !== '') read.tried(name, () => parseEndpoint(value));
}

/** Of both relays. Their address decides whether TLS comes first (smtps) or after STARTTLS; clear text is for this machine alone. */
export function relayAuthority(read: Reader): { smtpCaFile?: string } {
  const path = authority(read, 'SEVENTYTWO_SMTP_TLS_CA_FILE');
  return path === null ? {} : { smtpCaFile: path };
}
