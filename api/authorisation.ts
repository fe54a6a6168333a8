import { findAuthority, isExerciseAuthority, nearestAuthority } from '../domain/authorities/directory.js';
import { DAY_MS, type Instant, isAfter, msBetween } from '../domain/clock/instant.js';
import { LONGEST_DAYS } from '../domain/incident/automatic-filing.js';
import type { Problem } from '../formats/http/problem.js';
import { type Call, causeOf, type Handlers, loginOf, type Reply } from './call.js';
import type { Parts } from './parts.js';
import { problem, Refused } from './errors.js';
import type { ApiDeps } from './ports.js';
import { carryToOpenIncidents } from './renewal.js';

/** What may be filed without anybody's approval: given in advance, ended at any time, each on record. */
export function authorisationHandlers(
  parts: Parts,
): Handlers<'authorisation' | 'authoriseFiling' | 'revokeAuthorisation'> {
  const { organisation: store, mode } = parts.deps;
  const by = (call: Call) => ({ actor: call.actor, cause: causeOf(call), key: loginOf(call).key });

  async function shown(call: Call): Promise<Record<string, unknown> | null> {
    const view = await store.authorisation();
    return view && shownAuthorisation(view, call.at);
  }
  const carried = async (call: Call): Promise<Reply> => {
    const incidents = await carryToOpenIncidents(call.actor, parts);
    return { json: { authorisation: await shown(call), incidents } };
  };

  return {
    authorisation: async (call) => ({ json: { authorisation: await shown(call) } }),
    async authoriseFiling(call) {
      const { authorities, hoursBeforeDeadline, until } = call.body;
      const problems = [
        ...authorities.flatMap((id, i) => unfit(id, `authorities.${i}`, mode)),
        ...expiry(until, call.at),
      ];
      if (problems.length > 0) throw new Refused(problems);
      await store.authorise(by(call), { authorities: [...new Set(authorities)], hoursBeforeDeadline, until });
      return carried(call);
    },
    async revokeAuthorisation(call) {
      await store.revokeAuthorisation(by(call), call.body.reason);
      return carried(call);
    },
  };
}

type Given = NonNullable<Awaited<ReturnType<ApiDeps['organisation']['authorisation']>>>;

export function shownAuthorisation({ inCharge, ...standing }: Given, now: Instant): Record<string, unknown> {
  const state = isAfter(now, standing.until) ? 'expired' : inCharge ? 'in_force' : 'grantor_left';
  return { ...standing, state };
}

/** Only what can be filed by e-mail can be filed by itself. */
function unfit(id: string, path: string, mode: 'live' | 'drill'): Problem[] {
  const found = findAuthority(id);
  if (!found) {
    const nearest = nearestAuthority(id);
    return [
      problem(
        'field',
        `${path} is no authority of the directory${nearest ? `; did you mean ${nearest}?` : '.'} All of them: seventytwo authorities list.`,
        path,
        { nearest },
      ),
    ];
  }
  if (mode === 'live' && isExerciseAuthority(found))
    return [problem('field', `${path} is ${id}, which exists only in drills.`, path)];
  return found.channel === 'email'
    ? []
    : [
        problem(
          'field',
          `${path} is ${id}, which takes notices at its portal: a person must file there, nothing can go by itself. Leave it out.`,
          path,
        ),
      ];
}

function expiry(until: Instant, now: Instant): Problem[] {
  if (!isAfter(until, now))
    return [
      problem('field', `until is ${until}, and now is ${now}: it would never hold. Name a later instant.`, 'until'),
    ];
  return msBetween(now, until) > LONGEST_DAYS * DAY_MS
    ? [
        problem(
          'field',
          `until is ${until}, more than ${LONGEST_DAYS} days from now: an authorisation is looked at again once a year. Name an earlier instant.`,
          'until',
        ),
      ]
    : [];
}
