import { competent, mayBeUnknown, toBeTold } from '../domain/authorities/competence.js';
import { wayTo } from '../domain/authorities/way.js';
import { findAuthority, isExerciseAuthority, isStale, nearestAuthority } from '../domain/authorities/directory.js';
import type { Authority, AuthorityEnvelope } from '../domain/authorities/authority.js';
import type { Instant } from '../domain/clock/instant.js';
import type { Setting } from '../domain/incident/events.js';
import type { Organisation, Playbook, StaffContact, StandingAuthorisation } from '../domain/incident/organisation.js';
import { problem, Refused, refuse } from './errors.js';
import type { Problem } from '../formats/http/problem.js';
import type { ApiDeps, VerifiedMailbox } from './ports.js';

interface Known {
  readonly organisation: Organisation;
  readonly playbook: Playbook;
  readonly contacts: readonly StaffContact[];
  readonly mailboxes: readonly VerifiedMailbox[];
  readonly standing: StandingAuthorisation | null;
}

/** How this organisation reaches one authority: the directory's row, and the mailbox that a person verified in place of a listed one. */
export function envelopeFor(
  authority: Authority,
  organisation: Organisation,
  mailboxes: readonly VerifiedMailbox[],
): AuthorityEnvelope {
  return wayTo(
    authority,
    organisation.languages,
    mailboxes.find((m) => m.authority === authority.id),
  );
}

/** Given by somebody who has left, it holds no more. */
const inForce = ({
  inCharge,
  ...standing
}: StandingAuthorisation & { readonly inCharge: boolean }): StandingAuthorisation | null =>
  inCharge ? standing : null;

export interface Settings {
  /** Everything an incident needs to act while the database is away. @throws Refused when the organisation is not described */
  current(): Promise<Setting>;
  /** As `current`; null when it cannot be read, so that a running incident goes on with the setting it has. */
  currentOrNone(): Promise<Setting | null>;
  /** The organisation, or null while nobody has described it. */
  known(): Promise<Known | null>;
  /** Reads the copy, so that there is one before the database is away. False when it is away already. */
  warm(): Promise<boolean>;
}

/** Reads the organisation anew each time, and keeps a copy for the time when the database is away: declaring must still work. */
export function createSettings({ organisation: store, log }: Pick<ApiDeps, 'organisation' | 'log'>): Settings {
  let copy: Known | null = null;

  async function read(): Promise<Known | null> {
    const described = await store.get();
    if (!described) return null;
    const [contacts, mailboxes, given] = await Promise.all([
      store.contacts(),
      store.mailboxes(),
      store.authorisation(),
    ]);
    return { ...described, contacts, mailboxes, standing: given && inForce(given) };
  }

  async function known(): Promise<Known | null> {
    try {
      copy = await read();
      return copy;
    } catch {
      log.error({ event: 'organisation.unreachable', copy: copy !== null });
      if (copy) return copy;
      throw refuse(
        'unavailable',
        'The organisation cannot be read at the moment: the database does not answer. To start the clock anyway: seventytwo declare --offline.',
      );
    }
  }

  async function current(): Promise<Setting> {
    const all = await known();
    if (!all)
      throw refuse(
        'organisation-missing',
        'Nobody has described the organisation yet, so no authority is known. Describe it: seventytwo organisation set organisation.yaml (an example: seventytwo init).',
      );
    const { organisation, playbook, contacts, mailboxes, standing } = all;
    // What only the facts of a breach tell (people in other states) the incident works out by itself; here is what is known before.
    const ids = toBeTold(organisation.authorities, competent({ organisation, facts: {} }));
    const authorities = ids.flatMap((id) => {
      const authority = findAuthority(id);
      return authority ? [envelopeFor(authority, organisation, mailboxes)] : [];
    });
    const ways = mailboxes.flatMap((verified) => {
      const authority = ids.includes(verified.authority) ? undefined : findAuthority(verified.authority);
      return authority ? [envelopeFor(authority, organisation, mailboxes)] : [];
    });
    return {
      organisation,
      playbook,
      contacts,
      authorities,
      ...(ways.length > 0 && { ways }),
      ...(standing && { standing }),
    };
  }

  return {
    known,
    current,
    async currentOrNone() {
      try {
        return await current();
      } catch (error) {
        if (error instanceof Refused && error.problems.some(({ code }) => code === 'unavailable')) return null;
        throw error;
      }
    },
    async warm() {
      try {
        copy = await read();
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Authorities that the directory does not know, each with the nearest one that it does; on the live side also those of exercise. */
export function unusableAuthorities(organisation: Organisation, mode: 'live' | 'drill'): Problem[] {
  if (organisation.authorities.length === 0) {
    const path = 'organisation.authorities';
    if (mode === 'drill')
      return [problem('field', `${path} must name an exercise authority in a drill, such as ex-authority.`, path)];
    const { authorities, questions } = competent({ organisation, facts: {} });
    if (authorities.length > 0 || mayBeUnknown(organisation)) return [];
    return [
      problem(
        'field',
        `${path} is missing and cannot be worked out before a breach: name at least one that you would tell. ${questions[0] ?? ''}`.trim(),
        path,
      ),
    ];
  }
  return organisation.authorities.flatMap((id, i) => {
    const found = findAuthority(id);
    const path = `organisation.authorities.${i}`;
    if (found && mode === 'live' && isExerciseAuthority(found)) {
      return [
        problem(
          'field',
          `${path} is ${id}, which exists only in drills: a notice to it would reach nobody. Name the authority that is in charge of you.`,
          path,
        ),
      ];
    }
    if (found) return [];
    const nearest = nearestAuthority(id);
    return [
      problem(
        'field',
        `${path} is no authority of the directory${nearest ? `; did you mean ${nearest}?` : '.'} All of them: seventytwo authorities list.`,
        path,
        { nearest },
      ),
    ];
  });
}

export function authorityAnswer(authority: Authority, all: Known | null, now: Instant): Record<string, unknown> {
  const verified = all?.mailboxes.find((m) => m.authority === authority.id);
  return {
    id: authority.id,
    country: authority.country,
    name: authority.name,
    zone: authority.zone,
    channel: authority.channel,
    mailbox: authority.mailbox,
    portal: authority.portal,
    languages: authority.languages,
    verifiedOn: authority.verifiedOn,
    stale: isStale(authority, now.slice(0, 10)),
    ours: all ? toBeTold(all.organisation.authorities, competent({ ...all, facts: {} })).includes(authority.id) : false,
    mailboxVerifiedAt: verified?.verifiedAt ?? null,
    verifiedAddress: verified?.address ?? null,
  };
}
