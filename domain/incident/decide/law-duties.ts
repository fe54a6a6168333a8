import type { AuthorityEnvelope } from '../../authorities/authority.js';
import { strictDeadline } from '../../clock/deadlines.js';
import type { Instant } from '../../clock/instant.js';
import { controllersTold } from '../../duties/controllers.js';
import { exemptionLost, exemptionsOf, protectionLost } from '../../duties/exemptions.js';
import { partIn } from '../../duties/part.js';
import type { Basis } from '../../law/basis.js';
import { basisOf, LAW, rulesAt } from '../../law/provisions.js';
import type { NewEvent, Setting } from '../events.js';
import type { Facts } from '../facts.js';
import type { Refusal } from '../refusals.js';
import type { IncidentState } from '../state.js';
import { doneTasks, openDuty, peopleGround, taskFor } from './drafting.js';
import { moreConcerned } from './more-concerned.js';
import { isOrdered, ordered } from './ordered.js';

/** Which duties the law opens, keeps and brings back. All of it from policy 2 on: older incidents are decided as they were. */

/** A processor alone owes its controllers word, and neither authority nor people anything (Art. 33(2), R-240). From policy 3 on facts count. */
export const owesControllers = (
  policy: number,
  { organisation }: Pick<Setting, 'organisation'>,
  facts: Facts = {},
): boolean =>
  policy >= 3 ? !partIn(organisation, facts).controller : policy >= 2 && organisation.role === 'processor';

/** Besides what it owes as a controller: from policy 3 on somebody may be both. */
const owesControllersToo = (policy: number, { organisation }: Pick<Setting, 'organisation'>, facts: Facts): boolean =>
  policy >= 3 && partIn(organisation, facts).processor;

/** The United Kingdom and Switzerland have laws of their own; from policy 2 on a duty there says so. */
export const groundOf = ({ country }: AuthorityEnvelope, policy: number): Basis =>
  basisOf(
    policy >= 2 && country === 'GB'
      ? LAW.unitedKingdom
      : policy >= 2 && country === 'CH'
        ? LAW.switzerland
        : LAW.notifyAuthority,
  );

/** `tell-controller/controller-1`: a task of kind `other`, done with a note of how and when. */
export const CONTROLLER_TASK = 'tell-controller/';

/** What is owed to controllers from awareness on, by whoever processes for them. */
export const controllersOfAwareness = (
  state: Pick<IncidentState, 'policy' | 'duties' | 'tasks'>,
  setting: Pick<Setting, 'organisation'>,
  facts: Facts,
  awareAt: Instant,
  at: Instant,
): (NewEvent | null)[] =>
  owesControllers(state.policy, setting, facts) || owesControllersToo(state.policy, setting, facts)
    ? oweControllers(state, facts, awareAt, at)
    : [];

/** Each controller that has no duty of its own yet, or that was left out when the facts were others: one for each that is named, and one while none is. */
export function oweControllers(
  state: Pick<IncidentState, 'duties' | 'tasks'>,
  facts: Facts,
  awareAt: Instant,
  at: Instant,
): (NewEvent | null)[] {
  return controllersTold(facts)
    .filter((to) =>
      state.duties.every((duty) => duty.kind !== 'controller-notice' || duty.to !== to || duty.state === 'waived'),
    )
    .flatMap((to) => [
      openDuty('controller-notice', to, rulesAt(awareAt), at, null),
      taskFor(state, 'other', `${CONTROLLER_TASK}${to}`, null),
    ]);
}

/** What recorded facts open by themselves: a controller more, an order of the authority, what rested on encryption that no longer holds. */
export function openedByFacts(state: IncidentState, after: Facts, at: Instant): (NewEvent | null)[] {
  if (state.policy < 2) return [];
  const awareAt = state.awareness.awareAt?.at;
  if (awareAt === undefined) return [];
  if (state.policy < 3 && owesControllers(state.policy, state.setting))
    return oweControllers(state, after, awareAt, at);
  const alone = owesControllers(state.policy, state.setting, after);
  const before = owesControllers(state.policy, state.setting, state.facts);
  if (alone)
    return [
      ...controllersOfAwareness(state, state.setting, after, awareAt, at),
      ...(before ? [] : doneTasks(state, 'decide-risk')), // a processor does not assess
    ];
  const own = before ? people(state) : undefined; // lifted because the data were held for others, and they are one's own after all
  return [
    ...(own?.state === 'waived' && state.decision?.level === 'HIGH_RISK'
      ? [
          openDuty('people-message', 'people', rulesAt(awareAt), at, null, peopleGround(state, after)),
          taskFor(state, 'tell-people', 'people', null),
        ]
      : []),
    ...controllersOfAwareness(state, state.setting, after, awareAt, at),
    before && state.decision === null ? taskFor(state, 'decide-risk', 'risk', strictDeadline(awareAt)) : null,
    ...ordered(state, after, awareAt, at),
    ...moreConcerned(state, after, at),
    ...comesBack(state, after, awareAt, at),
  ];
}

const people = (state: IncidentState) => state.duties.find(({ kind }) => kind === 'people-message');

/**
 * the key is compromised, the algorithm broken. What was lifted because of it is owed again at once; and so is the message to people when
 * the facts that its exemption rested on are others now. The 72 hours ran from awareness of the
 * breach, so the notice is late and says why; whether a risk is unlikely is decided anew.
 */
function comesBack(state: IncidentState, after: Facts, awareAt: Instant, at: Instant): (NewEvent | null)[] {
  const readable = protectionLost(state.unlikelyBecause ?? state.facts, after, state.policy);
  const told = people(state);
  const exempt = told?.state === 'exempt' ? (told.dischargedBy ?? '') : '';
  const messages = (readable && exempt === 'R-414') || (state.policy >= 3 && exemptionLost(exempt, state.facts, after));
  if (!readable && !messages) return [];
  const notices =
    !readable || state.phase === 'closed' // the reopening brings these back already
      ? []
      : state.duties.filter(
          (d) =>
            d.kind === 'authority-notice' &&
            d.state === 'exempt' &&
            d.dischargedBy === 'R-204' &&
            (state.policy < 3 || d.dueAt !== null), // Switzerland hears of a high risk, and that is decided anew
        );
  return [
    ...notices.map((d) =>
      openDuty(d.kind, d.to, rulesAt(awareAt), at, strictDeadline(awareAt), {
        rule: LAW.keyCompromisedLater.rule,
        cite: state.policy >= 3 ? d.basis.cite : LAW.notifyAuthority.cite, // the United Kingdom on its own law
      }),
    ),
    ...(messages
      ? [
          openDuty('people-message', 'people', rulesAt(awareAt), at, null, peopleGround(state, after)),
          taskFor(state, 'tell-people', 'people', null),
        ]
      : []),
    notices.length > 0 || messages ? taskFor(state, 'decide-risk', 'risk', null) : null,
  ];
}

/** Why this exemption cannot be claimed: what it needs and the record does not hold, or an order against it. */
export function refuseExemption(state: IncidentState, rule: string): Refusal[] {
  if (state.policy < 2) return [];
  if (rule !== 'R-419' && isOrdered(state.facts))
    return [
      {
        code: 'contradiction',
        paths: ['facts.order.byAuthority', 'rule'],
        says: `the authority has ordered that people be told (Art. 34(4)), and ${rule} is a finding of your own`,
      },
    ];
  const found = exemptionsOf(state.facts, state.policy).find((one) => one.rule === rule);
  if (!found || rule === 'R-417') return []; // (c) rests on its proof alone, and on the public communication that it opens
  return found.items
    .filter((item) => item.state !== 'met')
    .map((item) => ({
      code: 'missing',
      path: `facts.${item.fact}`,
      what: `${item.says}. ${rule} needs it, and the record ${item.state === 'open' ? 'does not say so' : 'says otherwise'}`,
    }));
}
