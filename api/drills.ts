import { findAuthority, isExerciseAuthority } from '../domain/authorities/directory.js';
import { MINUTE_MS, plusMs, toInstant } from '../domain/clock/instant.js';
import type { Declaration } from '../domain/incident/commands.js';
import { incidentIdFrom } from '../domain/incident/ids.js';
import { ROLES, type Role } from '../domain/incident/organisation.js';
import { parseScenario } from '../formats/scenario-file.js';
import { causeOf, type Handlers } from './call.js';
import type { Parts } from './commands.js';
import { problem, Refused, refuse } from './errors.js';
import type { ApiDeps, StaffRecord } from './ports.js';
import { envelopeFor } from './setting.js';

/** Everybody plays a role of their own where there are enough people: two-person steps stay two people. */
function castFrom(staff: readonly StaffRecord[]): Partial<Record<Role, string>> {
  const here = staff.filter((person) => !person.removed);
  const cast: Partial<Record<Role, string>> = {};
  for (const role of ROLES) {
    const able = here.filter((person) => person.roles.includes(role));
    const free = able.find((person) => !Object.values(cast).includes(person.id)) ?? able[0];
    if (free) cast[role] = free.id;
  }
  return cast;
}

/** Drills are started on the drill side only; the live side has no such thing behind these addresses. */
export function drillHandlers({ deps, settings }: Parts): Handlers<'runDrill' | 'drill'> {
  const drills = (): NonNullable<ApiDeps['drills']> => {
    if (deps.drills) return deps.drills;
    throw refuse(
      'no-such-route',
      'This is the live side. Drills run on the drill side, which has an address of its own.',
    );
  };

  return {
    async runDrill(call) {
      const autopilot = drills();
      const read = parseScenario(call.body.scenario);
      if ('problems' in read) {
        throw new Refused(read.problems.map((says) => problem('scenario', says, 'scenario')));
      }
      const { scenario } = read;
      const cast = castFrom(await deps.organisation.staff());
      const uncast = ROLES.filter((role) => cast[role] === undefined);
      if (uncast.length > 0)
        throw refuse(
          'cast-missing',
          `Nobody can play ${uncast.join(', ')}: add staff with these roles on the drill side.`,
          null,
          { roles: uncast },
        );

      const cause = causeOf(call);
      const incidentId = incidentIdFrom(cause.keyHash, 'drill');
      const { contacts, playbook } = await settings.current();
      const authorities = scenario.organisation.authorities
        .map((id) => findAuthority(id))
        .filter((row) => row !== undefined && isExerciseAuthority(row));
      const declaration: Declaration = {
        incidentId,
        mode: 'drill',
        title: scenario.declaration.title,
        facts: scenario.declaration.facts,
        awareness: {
          firstHintAt: {
            at: plusMs(scenario.startsAt, scenario.declaration.hintMinutes * MINUTE_MS),
            zone: scenario.zone,
            source: 'scenario',
          },
        },
        setting: {
          organisation: scenario.organisation,
          contacts,
          playbook,
          // An exercise authority is verified by being one: its mailbox lies in an exercise domain.
          authorities: authorities.map((row) => ({
            ...envelopeFor(row, scenario.organisation, []),
            mailboxVerifiedAt: scenario.startsAt,
          })),
        },
        clock: [{ realAt: toInstant(Date.parse(call.at)), actAt: scenario.startsAt, scale: 0 }],
      };
      const started = await deps.gateway.declare(declaration, { id: cast.responder ?? '', role: 'responder' }, cause);
      if (started.is !== 'started' && started.is !== 'existed')
        throw refuse(
          'unavailable',
          'The workflow engine does not answer. Send the same request again with the same Idempotency-Key.',
        );
      await autopilot.start({ drillId: incidentId, incidentId, scenario, cast: cast as Record<Role, string> });
      return { json: { drill: incidentId, incident: incidentId, startsAt: scenario.startsAt } };
    },

    async drill(call) {
      const id = call.parameters['drill'] ?? '';
      const progress = await drills().progress(id);
      if (!progress) throw refuse('not-found', 'There is no such drill.', null, { drill: id });
      return { json: { drill: id, ...progress } };
    },
  };
}
