import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Config } from './config.js';
import { parseEndpoint } from './mail/endpoint.js';

/**
 * Why a connection over TLS does not come about, in a sentence that names the side and what to do. The drivers refuse too, each in its
 * own words; nothing here decides whether a connection is taken.
 */

export type Side = 'temporal' | 'mongo' | 'relay' | 'second relay';

/** The certificate, or what is offered instead of TLS, stands in the way. The message is the sentence. */
export class TlsRefused extends Error {
  override readonly name = 'TlsRefused';
  constructor(
    readonly side: Side,
    readonly why: Why,
    message: string,
  ) {
    super(message);
  }
}

export type Why = 'untrusted' | 'expired' | 'other-name' | 'no-tls' | 'wants-certificate';

interface Target {
  readonly side: Side;
  readonly host: string;
  readonly port: number;
  readonly startTls: boolean;
  readonly tls: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername' | 'ALPNProtocols'>;
  /** The variables that name the authority and the own certificate. */
  readonly authority: string;
  readonly own: string;
}

const WITHIN_MS = 5_000;
const NAMES: Readonly<Record<Side, string>> = {
  temporal: 'Temporal',
  mongo: 'MongoDB',
  relay: 'The relay',
  'second relay': 'The second relay',
};

function sentence(why: Why, { side, host, port, authority, own }: Target): string {
  const who = `${NAMES[side]} at ${host}:${port}`;
  switch (why) {
    case 'untrusted':
      return `${who} shows a certificate of an authority that is not trusted here. Name that authority's certificate (PEM) in ${authority}; if it is named already, the server has been given another certificate, or somebody stands in between.`;
    case 'expired':
      return `${who} shows a certificate that has expired or is not in force yet. Renew it there, and compare the clocks of the two machines.`;
    case 'other-name':
      return `${who} shows a certificate for another name. Use the name that the certificate is for in the address${side === 'temporal' ? ', or give it in SEVENTYTWO_TEMPORAL_TLS_SERVER_NAME' : ''}.`;
    case 'no-tls':
      return `${who} does not speak TLS there, and nothing is sent in clear. Check the port, and turn TLS on at the server.`;
    case 'wants-certificate':
      return `${who} refuses our own certificate, or wants one and got none. Give one that it trusts in ${own}.`;
  }
}

const UNTRUSTED =
  /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|CERT_REVOKED|INVALID_CA|ERR_TLS_CERT_)/;

function whyOf(error: NodeJS.ErrnoException): Why | null {
  const code = error.code ?? '';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'other-name';
  if (UNTRUSTED.test(code)) return 'untrusted';
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN/.test(code))
    return 'wants-certificate';
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE/.test(code)) return 'no-tls';
  return null;
}

const pem = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : readFileSync(path, 'utf8');

function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

/** What the configuration reaches over TLS. A cluster found through DNS is left to the driver. */
function targetsOf(config: Config): Target[] {
  const targets: Target[] = [];
  const { temporal, mongoUrl, mongoTls } = config;
  if (temporal.tls) {
    const at = temporal.address.lastIndexOf(':');
    const { caFile, certFile, keyFile, serverName } = temporal.tls;
    targets.push({
      side: 'temporal',
      host: temporal.address.slice(0, at).replace(/^\[|\]$/g, ''),
      port: Number(temporal.address.slice(at + 1)),
      startTls: false,
      tls: {
        ...defined({ ca: pem(caFile), cert: pem(certFile), key: pem(keyFile), servername: serverName }),
        ALPNProtocols: ['h2'],
      },
      authority: 'SEVENTYTWO_TEMPORAL_TLS_CA_FILE',
      own: 'SEVENTYTWO_TEMPORAL_TLS_CERT_FILE and _KEY_FILE',
    });
  }
  if (mongoUrl.startsWith('mongodb:') && (mongoTls || /[?&](?:tls|ssl)=true/i.test(mongoUrl))) {
    const hosts = /^mongodb:\/\/(?:[^@/]*@)?([^/?]+)/.exec(mongoUrl)?.[1]?.split(',') ?? [];
    const { caFile, certKeyFile } = mongoTls ?? {};
    for (const host of hosts) {
      const [, name = '', port = '27017'] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(host) ?? [];
      targets.push({
        side: 'mongo',
        host: name.replace(/^\[|\]$/g, ''),
        port: Number(port),
        startTls: false,
        tls: defined({ ca: pem(caFile), cert: pem(certKeyFile), key: pem(certKeyFile) }),
        authority: 'SEVENTYTWO_MONGO_TLS_CA_FILE',
        own: 'SEVENTYTWO_MONGO_TLS_CERT_KEY_FILE',
      });
    }
  }
  if (config.side === 'live') {
    const relays = [
      ['relay', config.smtpUrl],
      ['second relay', config.smtpFallbackUrl],
    ] as const;
    for (const [side, url] of relays) {
      if (url === null) continue;
      const { scheme, host, port } = parseEndpoint(url);
      if (scheme === 'smtp') continue;
      targets.push({
        side,
        host,
        port,
        startTls: scheme === 'smtp+starttls',
        tls: defined({ ca: pem(config.smtpCaFile) }),
        authority: 'SEVENTYTWO_SMTP_TLS_CA_FILE',
        own: 'its address (user and password)',
      });
    }
  }
  return targets;
}

/** The part of RFC 3207 before the handshake: greeting, EHLO, STARTTLS. Resolves false when it is not offered. */
async function offersStartTls(socket: Socket): Promise<boolean> {
  const reply = (): Promise<string> =>
    new Promise((resolve, reject) => {
      let said = '';
      const hear = (text: Buffer): void => {
        said += text.toString('latin1');
        if (!/^\d{3} [^\n]*\n$/m.test(said.split(/(?<=\n)/).at(-1) ?? '')) return;
        socket.off('data', hear);
        resolve(said);
      };
      socket.on('data', hear);
      socket.once('close', () => reject(new Error('closed')));
    });
  await reply();
  socket.write('EHLO localhost\r\n');
  if (!/STARTTLS/i.test(await reply())) return false;
  socket.write('STARTTLS\r\n');
  return (await reply()).startsWith('220');
}

async function probe(target: Target): Promise<TlsRefused | null> {
  const { host, port, startTls, tls } = target;
  const refused = (why: Why): TlsRefused => new TlsRefused(target.side, why, sentence(why, target));
  const sockets: Socket[] = [];
  const attempt = async (): Promise<TlsRefused | null> => {
    const options: ConnectionOptions = { ...(isIP(host) ? {} : { servername: host }), ...tls, minVersion: 'TLSv1.2' };
    if (startTls) {
      const plain = connectPlain({ host, port });
      sockets.push(plain);
      plain.once('error', () => undefined);
      if (!(await offersStartTls(plain))) return refused('no-tls');
      options.socket = plain;
      options.host = host;
    } else Object.assign(options, { host, port });
    return new Promise((resolve) => {
      const socket: TLSSocket = connectTls(options);
      sockets.push(socket);
      const failed = (error: NodeJS.ErrnoException): void => {
        const why = whyOf(error);
        resolve(why && refused(why));
      };
      socket.once('error', failed);
      socket.once('close', () => resolve(null));
      socket.once('secureConnect', () => {
        // With TLS 1.3 the refusal of our certificate comes after the handshake, if it comes.
        const settled = setTimeout(() => resolve(null), LISTEN_FOR_REFUSAL_MS);
        socket.once('close', () => clearTimeout(settled));
      });
    });
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, WITHIN_MS, null);
  });
  try {
    return await Promise.race([attempt().catch(() => null), late]);
  } finally {
    clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
  }
}
const LISTEN_FOR_REFUSAL_MS = 300;

/** Everything that stands in the way of TLS, at once. What is merely not reached is not told here. */
export async function tlsTroubles(config: Config): Promise<TlsRefused[]> {
  const found = await Promise.all(targetsOf(config).map(probe));
  return found.filter((one) => one !== null);
}

/** After a connection has failed: whether it was for TLS. */
export async function refusedByTls(config: Config, side: Side): Promise<TlsRefused | null> {
  const found = await Promise.all(
    targetsOf(config)
      .filter((one) => one.side === side)
      .map(probe),
  );
  return found.find((one) => one !== null) ?? null;
}
