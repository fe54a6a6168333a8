import { findAuthority, isExerciseAuthority } from '../domain/authorities/directory.js';
import { MINUTE_MS, plusMs, toInstant } from '../domain/clock/instant.js';
import type { Declaration } from '../domain/incident/commands.js';
import type { Cause } from '../domain/incident/events.js';
import { incidentIdFrom } from '../domain/incident/ids.js';
import { ROLES, type Role } from '../domain/incident/organisation.js';
import type { IncidentState, Phase } from '../domain/incident/state.js';
import { parseScenario } from '../formats/scenario-file.js';
import { causeOf, type Handlers } from './call.js';
import type { Parts } from './parts.js';
import { keyReused, problem, Refused, refuse } from './errors.js';
import type { ApiDeps, StaffRecord } from './ports.js';
import { envelopeFor } from './setting.js';

const ENDED: ReadonlySet<Phase> = new Set<Phase>(['closed', 'withdrawn']);

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
export function drillHandlers({ deps, reads, settings }: Parts): Handlers<'runDrill' | 'drill'> {
  const drills = (): NonNullable<ApiDeps['drills']> => {
    if (deps.drills) return deps.drills;
    throw refuse(
      'no-such-route',
      'This is the live side. Drills run on the drill side, which has an address of its own.',
    );
  };

  /** The exercise that this key has declared; refused when it was another one. Null too when the view is behind: the engine knows. */
  async function before(cause: Cause): Promise<IncidentState | null> {
    const id = incidentIdFrom(cause.keyHash, 'drill');
    const known = await reads.state(id).catch((error: unknown) => {
      if (error instanceof Refused && error.problems.some(({ code }) => code === 'no-such-incident')) return null;
      throw error;
    });
    if (known && known.answered[cause.keyHash]?.bodyHash !== cause.bodyHash)
      throw keyReused('This Idempotency-Key was used for another drill. Run this one with a new key.');
    return known;
  }

  return {
    async runDrill(call) {
      const autopilot = drills();
      const read = parseScenario(call.body.scenario);
      if ('problems' in read) {
        throw new Refused(read.problems.map((says) => problem('scenario', says, 'scenario')));
      }
      const { scenario } = read;
      const cause = causeOf(call);
      const known = await before(cause);
      const cast = castFrom(await deps.organisation.staff());
      const uncast = ROLES.filter((role) => cast[role] === undefined);
      if (uncast.length > 0)
        throw refuse(
          'cast-missing',
          `Nobody can play ${uncast.join(', ')}: add staff with these roles on the drill side.`,
          null,
          { roles: uncast },
        );

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
      if (!known) {
        const started = await deps.gateway.declare(declaration, { id: cast.responder ?? '', role: 'responder' }, cause);
        if (started.is !== 'started' && started.is !== 'existed')
          throw refuse(
            'unavailable',
            'The workflow engine does not answer. Send the same request again with the same Idempotency-Key.',
          );
        if (started.is === 'existed') await before(cause);
      }
      if (!known || !ENDED.has(known.phase))
        // what has been played is not played again
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
