import { isAfter } from '../../clock/instant.js';
import { awarenessContradictions } from '../awareness-contradictions.js';
import type { CommandOf } from '../commands.js';
import { ENGINE } from '../events.js';
import type { Fact, FactId } from '../facts.js';
import { checkContradictions, checkFactInput } from '../facts-check.js';
import type { Refusal } from '../refusals.js';
import { type Decided, type Draft, doneTasks, happen, refuse, revived, taskFor } from './drafting.js';
import { openedByFacts } from './law-duties.js';
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
    ...(reopens && state.policy >= 2 ? revived(draft) : []),
    reopens ? taskFor(state, 'decide-risk', 'risk', null) : null,
    ...openedByFacts(state, after, at),
    ...(state.policy >= 2 && facts.some((fact) => fact.id === 'notice.reasonsForDelay')
      ? doneTasks(state, 'reasons-for-delay')
      : []),
  );
}

const same = (before: Fact | undefined, after: Fact): boolean =>
  before !== undefined &&
  before.certainty === after.certainty &&
  JSON.stringify(before.value) === JSON.stringify(after.value);

/** What can follow from missing data reopens nothing under policy 1: triage did not read it then. */
const isDeciding = (id: FactId, policy: number): boolean =>
  DECIDING.has(id) || (policy >= 2 && id === 'availability.consequences');

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
