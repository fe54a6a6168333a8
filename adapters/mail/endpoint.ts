import { isIP } from 'node:net';

/** Where a relay listens and how it is spoken to. `smtp` is clear text and only for this very machine. */
export interface Endpoint {
  readonly scheme: 'smtp' | 'smtps' | 'smtp+starttls';
  readonly host: string;
  readonly port: number;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

const DEFAULT_PORT = { smtp: 25, smtps: 465, 'smtp+starttls': 587 } as const;

const isLoopback = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '::1' ||
  (isIP(host) === 4 && host.startsWith('127.'));

/** `smtps://user:password@relay.example:465`, `smtp+starttls://…:587`, `smtp://127.0.0.1:1025`. Throws without repeating the value: it holds a password. */
export function parseEndpoint(url: string): Endpoint {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new Error(
      'The relay must look like smtps://user@relay.example:465, smtp+starttls://relay.example:587 or smtp://127.0.0.1:1025.',
    );
  }
  const scheme = parsed.protocol.slice(0, -1);
  if (scheme !== 'smtp' && scheme !== 'smtps' && scheme !== 'smtp+starttls') {
    throw new Error('The relay must be reached by smtps://, smtp+starttls:// or, on this machine only, smtp://.');
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw new Error(`The relay needs a host: ${scheme}://relay.example:${DEFAULT_PORT[scheme]}.`);
  if (scheme === 'smtp' && !isLoopback(host)) {
    throw new Error(
      'smtp:// would send in clear text over the network. Use smtps:// (port 465) or smtp+starttls:// (port 587); smtp:// is only for 127.0.0.1.',
    );
  }
  const user = decodeURIComponent(parsed.username);
  return {
    scheme,
    host,
    port: parsed.port === '' ? DEFAULT_PORT[scheme] : Number(parsed.port),
    auth: user === '' ? null : { user, pass: decodeURIComponent(parsed.password) },
  };
}
