import { createHash, timingSafeEqual } from 'node:crypto';
import { toMs } from '../domain/clock/instant.js';
import { MAY } from '../domain/incident/commands.js';
import type { Role } from '../domain/incident/organisation.js';
import type { Permission } from '../formats/http/routes.js';
import { refuse } from './errors.js';
import type { ApiDeps, Login } from './ports.js';

/** As long as the clock of a breach runs: an attack that takes the database must not lock out who has to approve at hour 71. A house value. */
const COPY_MS = 72 * 60 * 60_000;
const HOW = 'Send your personal key as "Authorization: Bearer …". An administrator issues one: seventytwo staff key.';

export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export function bearer(header: string | undefined): string | null {
  const match = /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '');
  return match?.[1] ?? null;
}

/** Equal without telling by the time it takes how much of it was right. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

export interface Logins {
  /** @throws Refused */
  of(header: string | undefined): Promise<Login>;
  /** Copies every good key's hash and login for the time when the database is away. False when it is away already. */
  warm(): Promise<boolean>;
}

/**
 * Who a key belongs to. While the database is away the copy of all logins counts that was made when it last answered, for at most 72
 * hours: a key that is revoked meanwhile somewhere else opens this door until the database is back. Each such use is logged.
 */
export function createLogins({
  organisation,
  now,
  limits,
  log,
}: Pick<ApiDeps, 'organisation' | 'now' | 'limits' | 'log'>): Logins {
  let copies: ReadonlyMap<string, Login> = new Map();
  let until = 0;

  function copyOf(hash: string): Login {
    const login = toMs(now()) < until ? copies.get(hash) : undefined;
    log.error({ event: 'logins.unreachable', copy: login !== undefined });
    if (login) return login;
    throw refuse(
      'unavailable',
      'Logins cannot be checked at the moment: the database does not answer. To start the clock anyway: seventytwo declare --offline.',
    );
  }

  return {
    async of(header) {
      const key = bearer(header);
      if (key === null) throw refuse('key-missing', `This needs a login. ${HOW}`);
      const hash = sha256Hex(key);
      const found = await organisation.authenticate(key).catch(() => copyOf(hash));
      if (found === 'unknown' || found === 'revoked') {
        copies = new Map([...copies].filter(([other]) => other !== hash));
        throw found === 'revoked'
          ? refuse('key-revoked', `This key was revoked. ${HOW}`)
          : refuse('key-unknown', `Nobody has this key. ${HOW}`);
      }
      if (!copies.has(hash)) {
        copies = new Map([...copies, [hash, found]]);
        until = Math.max(until, toMs(now()) + (limits?.copyMs ?? COPY_MS));
      }
      return found;
    },
    async warm() {
      try {
        copies = await organisation.logins();
        until = toMs(now()) + (limits?.copyMs ?? COPY_MS);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** The first of the person's roles that may; a refusal names the roles that would. */
export function roleFor(login: Login, may: Exclude<Permission, 'Public'>): Role {
  const first = login.roles[0];
  if (may === 'AnyLogin') {
    if (first) return first;
    throw refuse('role-missing', 'This login has no role any more. Ask an administrator.');
  }
  const roles = MAY[may] ?? [];
  const role = login.roles.find((own) => roles.includes(own));
  if (role) return role;
  throw refuse(
    'role-missing',
    `Your roles (${login.roles.join(', ') || 'none'}) may not do this. It takes: ${roles.join(' or ') || 'nobody'}.`,
    null,
    {
      action: may,
      needs: roles,
      have: login.roles,
    },
  );
}
