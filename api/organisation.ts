import { AUTHORITIES, authoritiesOf, findAuthority, nearestAuthority } from '../domain/authorities/directory.js';
import type { Authority } from '../domain/authorities/authority.js';
import { shownAuthorisation } from './authorisation.js';
import { bearer, sameSecret } from './logins.js';
import { type Call, causeOf, type Handlers, loginOf, type Reply } from './call.js';
import type { Parts } from './parts.js';
import { problem, Refused, refuse } from './errors.js';
import { exact } from './exact.js';
import type { By } from './ports.js';
import { carryToOpenIncidents } from './renewal.js';
import { authorityAnswer, unusableAuthorities } from './setting.js';

type Ids =
  | 'me'
  | 'organisation'
  | 'describeOrganisation'
  | 'bootstrap'
  | 'staff'
  | 'addStaff'
  | 'changeRoles'
  | 'removeStaff'
  | 'eraseStaff'
  | 'issueKey'
  | 'revokeKey'
  | 'authorities'
  | 'authority'
  | 'verifyMailbox';

const by = (call: Call): By => ({ actor: call.actor, cause: causeOf(call), key: loginOf(call).key });
const staffOf = (call: Call): string => call.parameters['staff'] ?? '';
const done: Reply = { json: { done: true } };

function authorityOf(call: Call): Authority {
  const id = call.parameters['authority'] ?? '';
  const found = findAuthority(id);
  if (found) return found;
  const nearest = nearestAuthority(id);
  throw refuse(
    'not-found',
    `The directory has no authority ${id}${nearest ? `; did you mean ${nearest}?` : '.'} All of them: seventytwo authorities list.`,
    'authority',
    { nearest },
  );
}

export function organisationHandlers(parts: Parts): Handlers<Ids> {
  const { deps, settings } = parts;
  const { organisation: store, mode } = deps;

  /** A standing authorisation holds as long as who gave it is in charge: open incidents hear of it. */
  async function endedWithWhoGaveIt(call: Call): Promise<void> {
    const given = await store.authorisation();
    if (given?.grantedBy === staffOf(call)) await carryToOpenIncidents(call.actor, parts);
  }

  async function described(call: Call): Promise<Reply> {
    const known = await store.get();
    if (!known)
      throw refuse(
        'organisation-missing',
        'Nobody has described the organisation yet. Describe it: seventytwo organisation set organisation.yaml (an example: seventytwo init).',
      );
    const given = await store.authorisation();
    return {
      json: {
        organisation: known.organisation,
        playbook: known.playbook,
        authorisation: given && shownAuthorisation(given, call.at),
      },
    };
  }

  return {
    async me(call) {
      const { staff, roles } = loginOf(call);
      const organisation = (await store.get().catch(() => null))?.organisation;
      const shown = organisation && {
        name: organisation.name,
        zone: organisation.zone,
        languages: organisation.languages,
        authorities: organisation.authorities,
      };
      return { json: { id: staff, roles, side: mode, now: call.at, organisation: shown ?? null } };
    },

    organisation: described,
    async describeOrganisation(call) {
      const { organisation, playbook } = exact(call.body);
      const zones = knownZone(organisation.zone)
        ? []
        : [problem('field', 'organisation.zone must be an IANA zone, such as Europe/Berlin.', 'organisation.zone')];
      const problems = [...zones, ...unusableAuthorities(organisation, mode)];
      if (problems.length > 0) throw new Refused(problems);
      await store.describe(by(call), organisation, playbook);
      return described(call);
    },

    /** Open only until the first login was used, and only to whoever holds the token of the server. */
    async bootstrap(call) {
      const token = bearer(call.request.headers.authorization);
      if (deps.bootstrapToken === null || token === null || !sameSecret(token, deps.bootstrapToken)) {
        throw refuse(
          'key-unknown',
          'This is not the bootstrap token of this server. It is set as SEVENTYTWO_BOOTSTRAP_TOKEN when the server starts.',
        );
      }
      const issued = await store.bootstrap(call.body);
      if (!issued)
        throw refuse('already-set-up', 'There is staff already. An administrator adds people: seventytwo staff add.');
      return { json: issued };
    },

    staff: async () => ({ json: { staff: await store.staff() } }),
    async addStaff(call) {
      const { deputy = false, ...member } = exact(call.body);
      const { id } = await store.addStaff(by(call), { ...member, deputy });
      return { json: { id, roles: member.roles, deputy } };
    },
    async changeRoles(call) {
      const { roles, deputy } = call.body;
      await store.changeRoles(by(call), staffOf(call), roles, deputy);
      await endedWithWhoGaveIt(call);
      return { json: { id: staffOf(call), roles, deputy } };
    },
    async removeStaff(call) {
      await store.removeStaff(by(call), staffOf(call));
      await endedWithWhoGaveIt(call);
      return done;
    },
    async eraseStaff(call) {
      await store.eraseStaff(by(call), staffOf(call));
      return done;
    },
    issueKey: async (call) => ({ json: await store.issueKey(by(call), staffOf(call)) }),
    async revokeKey(call) {
      await store.revokeKey(by(call), staffOf(call), call.parameters['key'] ?? '');
      return done;
    },

    async authorities(call) {
      const { country } = call.query;
      if (country !== undefined && !/^[A-Z]{2}$/.test(country))
        throw refuse('field', 'country must be two letters of ISO 3166, such as IE.', 'country');
      const known = await settings.known();
      const listed = country === undefined ? AUTHORITIES : authoritiesOf(country);
      const ours = (known?.organisation.authorities ?? []).flatMap((id) => findAuthority(id) ?? []);
      const all = [
        ...ours.filter((own) => !listed.includes(own) && (country === undefined || own.country === country)),
        ...listed,
      ];
      return { json: { authorities: all.map((authority) => authorityAnswer(authority, known, call.at)) } };
    },
    authority: async (call) => ({ json: authorityAnswer(authorityOf(call), await settings.known(), call.at) }),
    async verifyMailbox(call) {
      const authority = authorityOf(call);
      await store.verifyMailbox(by(call), { authority: authority.id, ...call.body });
      if (await store.authorisation()) await carryToOpenIncidents(call.actor, parts);
      return { json: authorityAnswer(authority, await settings.known(), call.at) };
    },
  };
}

function knownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
