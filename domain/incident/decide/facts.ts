import { isAfter } from '../../clock/instant.js';
import { awarenessContradictions } from '../awareness-contradictions.js';
import type { CommandOf } from '../commands.js';
import { ENGINE, type NewEvent } from '../events.js';
import type { Fact, FactId, Facts } from '../facts.js';
import { checkContradictions, checkFactInput } from '../facts-check.js';
import type { Refusal } from '../refusals.js';
import { type Decided, type Draft, doneTasks, happen, refuse, taskFor } from './drafting.js';
import { followsFacts, levelNow, oweAuthorities, withOpened } from './authority-duties.js';
import { openedByFacts } from './law-duties.js';
import { assessesAgain, revived } from './revived.js';
import { namesNobody, refusePersonalData } from './named.js';

export function recordFacts(draft: Draft, command: CommandOf<'RecordFacts'>): Decided {
  const { state, request, at } = draft;
  const facts: Fact[] = command.facts.map((fact) => ({ ...fact, by: request.actor.id, at }));
  const after: Partial<Record<FactId, Fact>> = { ...state.facts };
  for (const fact of facts) after[fact.id] = fact;
  const refusals = [
    ...(facts.length === 0 ? [{ code: 'missing', path: 'facts', what: 'at least one fact' } as const] : []),
    ...command.facts.flatMap((fact) => checkFactInput(fact, `facts.${fact.id}`)),
  ];
  if (namesNobody(state.policy)) refusals.push(...refusePersonalData(command.facts, state.setting, state.policy));
  if (refusals.length > 0) return refuse(...refusals);
  const began = after['breach.startedAt']?.value;
  const awareAt = state.awareness.awareAt?.at;
  const impossible: Refusal[] =
    state.policy >= 3
      ? awarenessContradictions(state.awareness, after).filter(({ paths }) =>
          facts.some(({ id }) => paths.includes(`facts.${id}`)),
        )
      : state.policy === 2 && typeof began === 'string' && awareAt && isAfter(began, awareAt)
        ? [
            {
              code: 'contradiction',
              paths: ['facts.breach.startedAt', 'awareness.awareAt'],
              says: `it began at ${began}, after somebody was aware of it at ${awareAt}`,
            },
          ]
        : [];
  const contradictions = [...checkContradictions(after), ...impossible];
  if (contradictions.length > 0) return refuse(...contradictions);
  const changed = facts.filter((fact) => !same(state.facts[fact.id], fact));
  if (changed.length === 0) return refuse({ code: 'nothing-changed', what: 'facts' });

  const reopens = state.phase === 'closed' && changed.some((fact) => isDeciding(fact.id, state.policy));
  const opened = openedByFacts(state, after, at);
  const again = reopens && state.policy >= 2 ? revived(draft) : [];
  return happen(
    { type: 'FactsRecorded', data: { facts: changed } },
    // a decision stands only as long as what it rested on.
    reopens
      ? {
          type: 'IncidentReopened',
          data: { because: 'fact_changed', reason: 'a fact that the decision rested on changed' },
          actor: ENGINE,
        }
      : null,
    ...again,
    reopens && assessesAgain(draft, after) ? taskFor(state, 'decide-risk', 'risk', null) : null,
    ...opened,
    ...(state.phase === 'closed' && !reopens ? [] : authorities(draft, after, [...again, ...opened])),
    ...(state.policy >= 2 && facts.some((fact) => fact.id === 'notice.reasonsForDelay')
      ? doneTasks(state, 'reasons-for-delay')
      : []),
  );
}

/** Who is told, by the facts as they are now. What this answer opened for another reason is not opened twice. */
function authorities({ state, at }: Draft, facts: Facts, opened: readonly (NewEvent | null)[]): (NewEvent | null)[] {
  const awareAt = state.awareness.awareAt?.at;
  if (!followsFacts(state.policy) || awareAt === undefined) return [];
  const now = { ...state, duties: withOpened(state.duties, opened) };
  return oweAuthorities(now, { setting: state.setting, facts, level: levelNow(now), awareAt, at, later: true });
}

const same = (before: Fact | undefined, after: Fact): boolean =>
  before !== undefined &&
  before.certainty === after.certainty &&
  JSON.stringify(before.value) === JSON.stringify(after.value);

/** What triage did not read under the policy of the incident's day reopens nothing. */
const isDeciding = (id: FactId, policy: number): boolean =>
  DECIDING.has(id) ||
  (policy >= 2 && id === 'availability.consequences') ||
  (policy >= 3 && (WHO_IS_TOLD.has(id) || READ_FROM_POLICY_3.has(id)));

/** Facts that decide who is told: from policy 3 on a closed incident rests on them too. */
const WHO_IS_TOLD: ReadonlySet<FactId> = new Set<FactId>([
  'parties.role',
  'parties.controllers',
  'crossBorder.processing',
  'crossBorder.establishments',
  'crossBorder.leadCountry',
  'crossBorder.tookPlaceIn',
  'people.mostAffectedLand',
  'processing.publicTask',
]);

/** Facts that a decision about risk rests on; a change of wording alone reopens nothing. */
const DECIDING: ReadonlySet<FactId> = new Set<FactId>([
  'breach.nature',
  'breach.cause',
  'breach.incidentTypes',
  'data.categories',
  'data.context',
  'data.contextAdjustment',
  'data.identifiability',
  'data.unintelligible',
  'data.records',
  'people.count',
  'people.categories',
  'people.countries',
  'confidentiality.outcome',
  'confidentiality.recipients',
  'confidentiality.recipientCount',
  'confidentiality.recipientTrusted',
  'controller.sensitiveField',
  'order.byAuthority',
  'integrity.outcome',
  'availability.outcome',
  'availability.recovery',
  'availability.effectOnPeople',
  'protection.algorithmStandardised',
  'protection.keySafe',
  'protection.keyStrong',
  'protection.keyStoredApart',
  'protection.appliedToAffectedData',
  'protection.passwordsSaltedAndHashed',
  'harm.types',
  'harm.severity',
  'measures.riskRemoved',
]);
/** What triage reads since policy 3. */
const READ_FROM_POLICY_3: ReadonlySet<FactId> = new Set<FactId>([
  'confidentiality.recipientBound',
  'data.professionalSecrecy',
  'data.alreadyPublic',
  'availability.outageHours',
  'availability.essentialService',
  'availability.serviceImpact',
  'availability.recoveryTime',
]);
