import { strictDeadline } from '../../clock/deadlines.js';
import { HOUR_MS, type Instant, isAfter, isBefore, msBetween, SECOND_MS } from '../../clock/instant.js';
import { liveClock } from '../../clock/segments.js';
import { isOwed } from '../../duties/duty.js';
import { GDPR_FROM, isBeforeGdpr, rulesAt, SUSPICION_WARN_HOURS } from '../../law/provisions.js';
import { awarenessContradictions, type Clash } from '../awareness-contradictions.js';
import type { CommandOf, Declaration, FindingInput } from '../commands.js';
import {
  type Actor,
  AWARENESS,
  type AwarenessKey,
  ENGINE,
  type Finding,
  type NewEvent,
  type Setting,
} from '../events.js';
import { mayBeUnknown } from '../../authorities/competence.js';
import { checkContradictions, checkFactInput } from '../facts-check.js';
import type { Refusal } from '../refusals.js';
import type { IncidentState } from '../state.js';
import { standsWith } from '../taken-back.js';
import {
  breakGlass,
  CLOCK_SKEW_SECONDS,
  type Decided,
  type Draft,
  doneTasks,
  happen,
  madeBy,
  missing,
  openDuty,
  registerGround,
  refuse,
  refuseAsSecond,
  taskFor,
} from './drafting.js';
import { followsFacts, oweAuthorities } from './authority-duties.js';
import { controllersOfAwareness, groundOf, oweControllers, owesControllers } from './law-duties.js';
import { orderedBefore } from './ordered.js';
import { namesNobody, refuseNamesInDeclaration, refusePersonalData } from './named.js';

type Findings<T> = Partial<Record<AwarenessKey, T>>;
/** Of a declaration that names none: the one there was before there was a choice. */
const POLICY_AT_BIRTH = 1;

/** Every reason not to start an incident from this declaration. The API asks before it starts anything. */
export function refuseDeclaration(declaration: Declaration, at: Instant): Refusal[] {
  return [
    ...missing('title', declaration.title, 'a title: a few words without names'),
    ...refuseNamesInDeclaration(declaration),
    ...refuseFindings(declaration.awareness, {}, at, 'awareness'),
    ...beforeTheLaw(declaration.awareness, declaration.policy ?? POLICY_AT_BIRTH),
    ...declaration.facts.flatMap((fact) => checkFactInput(fact, `facts.${fact.id}`)),
    ...(namesNobody(declaration.policy ?? POLICY_AT_BIRTH)
      ? refusePersonalData(declaration.facts, declaration.setting, declaration.policy ?? POLICY_AT_BIRTH)
      : []),
    ...((declaration.policy ?? POLICY_AT_BIRTH) >= 3
      ? beyondTheHint(
          awarenessContradictions(
            declaration.awareness,
            Object.fromEntries(declaration.facts.map((fact) => [fact.id, fact])),
          ),
        )
      : []),
    ...checkContradictions(Object.fromEntries(declaration.facts.map((fact) => [fact.id, { ...fact, by: '', at }]))),
    ...(nobodyToTell(declaration.setting, declaration.policy ?? POLICY_AT_BIRTH)
      ? [
          {
            code: 'missing',
            path: 'organisation.authorities',
            what: 'at least one supervisory authority that this organisation would have to tell',
          } as const,
        ]
      : []),
  ];
}

/** What comes before the first hint is refused with its own figures already. */
const beyondTheHint = (refusals: readonly Clash[]): Refusal[] =>
  refusals.filter(({ paths }) => paths[0] !== 'awareness.firstHintAt');

/** From policy 3 on: the instants as they would stand, against each other and against the facts. */
const refuseTogether = (state: IncidentState, given: Findings<{ at: Instant }>): Refusal[] =>
  state.policy >= 3 ? beyondTheHint(awarenessContradictions({ ...state.awareness, ...given }, state.facts)) : [];

/** Without an establishment in the EEA those concerned decide whom to tell, and where they live may be known only later. */
const nobodyToTell = ({ authorities, organisation }: Setting, policy: number): boolean =>
  authorities.length === 0 && !(followsFacts(policy) && mayBeUnknown(organisation));

function refuseFindings(
  given: Findings<{ at: Instant }>,
  known: Findings<Finding>,
  at: Instant,
  path: string,
): Refusal[] {
  const hint = given.firstHintAt?.at ?? known.firstHintAt?.at;
  return AWARENESS.flatMap((key): Refusal[] => {
    const value = given[key]?.at;
    if (!value) return [];
    if (msBetween(at, value) > CLOCK_SKEW_SECONDS * SECOND_MS) {
      return [
        { code: 'instant-in-future', path: `${path}.${key}`, value, now: at, toleranceSeconds: CLOCK_SKEW_SECONDS },
      ];
    }
    return hint && key !== 'firstHintAt' && isBefore(value, hint)
      ? [{ code: 'before-first-hint', path: `${path}.${key}`, value, firstHintAt: hint }]
      : [];
  });
}

/** Mostly a year mistyped. From policy 3 on. */
function beforeTheLaw({ awareAt }: Findings<{ at: Instant }>, policy: number): Refusal[] {
  if (!awareAt || policy < 3 || !isBeforeGdpr(awareAt.at)) return [];
  const says = `${awareAt.at} is before ${GDPR_FROM}, when the GDPR began to apply (Art. 99(2)): for that day there is no duty under Art. 33. Is the year right?`;
  return [{ code: 'contradiction', paths: ['awareness.awareAt'], says }];
}

const found = (findings: Findings<FindingInput>, by: string, at: Instant): Findings<Finding> =>
  Object.fromEntries(Object.entries(findings).map(([key, finding]) => [key, { ...finding, by, recordedAt: at }]));

/** Without a hint of its own, a suspicion began when it was declared. */
function withHint(findings: Findings<Finding>, zone: string, by: string, at: Instant): Findings<Finding> {
  if (findings.firstHintAt || findings.awareAt) return findings;
  return { ...findings, firstHintAt: { at, zone, source: 'declaration', by, recordedAt: at } };
}

export function firstEvents(declaration: Declaration, actor: Actor, at: Instant): [NewEvent, ...NewEvent[]] {
  const { mode, title, setting, facts } = declaration;
  const awareness = withHint(found(declaration.awareness, actor.id, at), setting.organisation.zone, actor.id, at);
  const confirmed = awareness.awareAt !== undefined;
  const declared: NewEvent = {
    type: 'IncidentDeclared',
    data: {
      mode,
      policy: declaration.policy ?? POLICY_AT_BIRTH,
      title,
      confirmed,
      awareness,
      setting,
      clock: [...(declaration.clock ?? liveClock(at))],
    },
  };
  const policy = declaration.policy ?? POLICY_AT_BIRTH;
  const corrections = policy >= 3 ? notYet(awareness, at) : [];
  const awareAt = corrections.find(({ data }) => data.key === 'awareAt')?.data.finding ?? awareness.awareAt;
  const rules = rulesAt(awareAt?.at ?? at);
  const given = Object.fromEntries(facts.map((fact) => [fact.id, { ...fact, by: actor.id, at }]));
  const begun = { policy, mode, facts: given, duties: [], tasks: [] };
  const assesses = !confirmed || !owesControllers(policy, setting, given); // a processor does not first assess
  const rest: (NewEvent | null)[] = [
    openDuty('register', 'register', rules, at, null, registerGround({ policy, setting }, given)),
    ...(awareAt ? owedFromAwareness(begun, setting, awareAt.at, at) : []),
    facts.length > 0
      ? { type: 'FactsRecorded', data: { facts: facts.map((fact) => ({ ...fact, by: actor.id, at })) } }
      : null,
    assesses
      ? taskFor(
          { tasks: [] },
          confirmed ? 'decide-risk' : 'decide-suspicion',
          confirmed ? 'risk' : 'suspicion',
          awareAt ? strictDeadline(awareAt.at) : null,
        )
      : null,
  ];
  return [declared, ...corrections, ...rest.filter((event) => event !== null)];
}

const CLOCK_REASON = 'declared by a clock that runs ahead of the engine: counted from when the engine heard of it';

/** Nobody is aware of what is still to come: the clock of whoever took the declaration is wrong, and would give time away. Both values stay. */
const notYet = (awareness: Findings<Finding>, at: Instant) =>
  AWARENESS.flatMap((key) => {
    const before = awareness[key];
    if (!before || msBetween(at, before.at) <= CLOCK_SKEW_SECONDS * SECOND_MS) return [];
    const finding = { ...before, at, by: ENGINE.id, recordedAt: at };
    const data = { key, before, finding, reason: CLOCK_REASON, confirms: null };
    return [{ type: 'AwarenessCorrected', actor: ENGINE, data } as const];
  });

/**
 * Open from awareness on: the duty exists unless somebody decides, and can show, that a risk is unlikely.
 * A processor owes its controllers word instead, whatever the risk.
 */
const owedFromAwareness = (
  begun: Pick<IncidentState, 'policy' | 'mode' | 'facts' | 'duties' | 'tasks'>,
  setting: Setting,
  awareAt: Instant,
  at: Instant,
): (NewEvent | null)[] =>
  followsFacts(begun.policy)
    ? [
        ...controllersOfAwareness(begun, setting, begun.facts, awareAt, at),
        ...oweAuthorities(begun, { setting, facts: begun.facts, level: null, awareAt, at }),
        ...(owesControllers(begun.policy, setting, begun.facts) ? [] : orderedBefore(begun, begun.facts, awareAt, at)),
      ]
    : owedAsListed(begun, setting, awareAt, at);

const owedAsListed = (
  begun: Pick<IncidentState, 'policy' | 'facts' | 'duties' | 'tasks'>,
  setting: Setting,
  awareAt: Instant,
  at: Instant,
): (NewEvent | null)[] =>
  owesControllers(begun.policy, setting)
    ? oweControllers(begun, begun.facts, awareAt, at)
    : setting.authorities.map((to) =>
        openDuty(
          'authority-notice',
          to.authority,
          rulesAt(awareAt),
          at,
          strictDeadline(awareAt),
          groundOf(to, begun.policy),
        ),
      );

export function confirmAwareness({ state, request, at }: Draft, command: CommandOf<'ConfirmAwareness'>): Decided {
  const { awareAt } = command.awareness;
  const refusals: Refusal[] = [
    ...(awareAt
      ? []
      : [
          {
            code: 'missing',
            path: 'awareness.awareAt',
            what: 'the moment you were reasonably certain, not the moment of the attack',
          } as const,
        ]),
    ...refuseFindings(command.awareness, state.awareness, at, 'awareness'),
    ...beforeTheLaw(command.awareness, state.policy),
    ...refuseTogether(state, command.awareness),
    ...(awareAt && tookLong(command, state, awareAt.at)
      ? missing(
          'reason',
          command.reason,
          `why it took more than ${SUSPICION_WARN_HOURS} hours from the first hint to certainty (R-112)`,
        )
      : []),
  ];
  const setting = command.setting ?? state.setting;
  if (nobodyToTell(setting, state.policy))
    refusals.push({ code: 'missing', path: 'organisation.authorities', what: 'at least one supervisory authority' });
  if (refusals.length > 0 || !awareAt) return refuse(...refusals);
  return happen(
    {
      type: 'AwarenessConfirmed',
      data: {
        findings: found(command.awareness, request.actor.id, at),
        reason: command.reason,
        setting: command.setting,
      },
    },
    ...owedFromAwareness(state, setting, awareAt.at, at),
    ...doneTasks(state, 'decide-suspicion'),
    owesControllers(state.policy, setting, state.facts)
      ? null
      : taskFor(state, 'decide-risk', 'risk', strictDeadline(awareAt.at)),
  );
}

/** Reasonable certainty is what counts as aware; a short investigation before it is fine, a long one needs its reasons. */
function tookLong(command: CommandOf<'ConfirmAwareness'>, state: IncidentState, awareAt: Instant): boolean {
  const hint = command.awareness.firstHintAt?.at ?? state.awareness.firstHintAt?.at;
  return hint !== undefined && msBetween(hint, awareAt) > SUSPICION_WARN_HOURS * HOUR_MS;
}

export function correctAwareness(draft: Draft, command: CommandOf<'CorrectAwareness'>): Decided {
  const { state, request, at } = draft;
  const { key, finding: given, reason } = command;
  const before = state.awareness[key] ?? null;
  const refusals = [
    ...missing('reason', reason, 'why the earlier value was wrong: both stay on record'),
    ...refuseFindings({ [key]: given }, key === 'firstHintAt' ? {} : state.awareness, at, 'awareness'),
    ...beforeTheLaw({ [key]: given }, state.policy),
    ...(key === 'firstHintAt' ? hintAfterOthers(state, given.at) : []),
    ...refuseTogether(state, { [key]: given }),
    ...(before && before.at === given.at ? [{ code: 'nothing-changed', what: key } as const] : []),
    ...(key === 'awareAt' && !before
      ? [
          {
            code: 'missing',
            path: 'awareness.awareAt',
            what: 'a confirmed awareness to correct; confirm it first',
          } as const,
        ]
      : []),
  ];
  if (refusals.length > 0) return refuse(...refusals);

  const finding: Finding = { ...given, by: request.actor.id, recordedAt: at };
  const corrected: NewEvent = {
    type: 'AwarenessCorrected',
    data: { key, before, finding, reason, confirms: command.confirms },
  };
  // Only a later awareAt gains time, so only that waits for a second person (design, section 5).
  if (key !== 'awareAt' || !before || !isAfter(given.at, before.at))
    return happen(corrected, ...(key === 'awareAt' ? recomputed(state, given.at) : []));

  const waiting = state.awarenessProposal;
  if (command.breakGlass) {
    const why = missing(
      'breakGlass.reason',
      command.breakGlass.reason,
      'a written reason: it goes to everybody and into the register',
    );
    return why.length > 0
      ? refuse(...why)
      : happen(
          corrected,
          ...recomputed(state, given.at),
          ...breakGlass(draft, 'CorrectAwareness', command.breakGlass.reason),
        );
  }
  if (command.confirms === null) {
    const proposal = `awareness-${state.seq + 1}`;
    return happen({
      type: 'AwarenessCorrectionProposed',
      data: { proposal, finding, reason, ...madeBy(request) },
    });
  }
  if (waiting?.proposal !== command.confirms) return refuse({ code: 'no-proposal', proposal: command.confirms });
  if (waiting.finding.at !== given.at)
    return refuse({ code: 'not-the-same', proposal: command.confirms, what: 'awareAt' });
  const second = refuseAsSecond(waiting, draft, 'CorrectAwareness');
  return second.length > 0 ? refuse(...second) : happen(corrected, ...recomputed(state, given.at));
}

const hintAfterOthers = (state: IncidentState, hint: Instant): Refusal[] =>
  AWARENESS.flatMap((key): Refusal[] => {
    const value = state.awareness[key]?.at;
    return value && key !== 'firstHintAt' && isBefore(value, hint)
      ? [{ code: 'before-first-hint', path: `awareness.${key}`, value, firstHintAt: hint }]
      : [];
  });

/** Both deadlines stay visible: the recomputation is an event of its own (R-116, R-1034). */
function recomputed(state: IncidentState, awareAt: Instant): (NewEvent | null)[] {
  const dueAt = strictDeadline(awareAt);
  const rules = rulesAt(awareAt);
  const moved = state.duties
    .filter((duty) => duty.kind === 'authority-notice' && duty.dueAt !== null) // without a number of hours nothing moves
    .flatMap((duty): NewEvent[] => {
      const recompute: NewEvent = {
        type: 'DutyRecomputed',
        data: { duty: duty.id, before: duty.dueAt, dueAt, rules, because: 'awareness corrected' },
      };
      if ((duty.state !== 'discharged' && duty.state !== 'discharged_late') || !duty.dischargedAt) return [recompute];
      const late = isAfter(duty.dischargedAt, dueAt); // what was in time may now be late, and the other way round
      return late === (duty.state === 'discharged_late')
        ? [recompute]
        : [
            recompute,
            {
              type: 'DutyDischarged',
              data: { duty: duty.id, at: duty.dischargedAt, late, by: duty.dischargedBy ?? '' },
            },
          ];
    });
  return [...moved, ...reasonsAnew(state, dueAt)];
}

/** What was filed in time may be late by the awareness that was found since: then its reasons are owed, and else they are not. From policy 3 on. */
function reasonsAnew(state: IncidentState, dueAt: Instant): (NewEvent | null)[] {
  if (state.policy < 3) return [];
  const late = state.duties.some((duty) => {
    const first = state.notices.find((notice) => standsWith(state, notice, duty.to))?.deliveries[duty.to]?.submittedAt;
    const until = first ?? (isOwed(duty) ? state.lastAt : dueAt); // what is not filed yet is as late as it is now
    return duty.kind === 'authority-notice' && duty.dueAt !== null && isAfter(until, dueAt);
  });
  if (!late) return doneTasks(state, 'reasons-for-delay');
  return state.facts['notice.reasonsForDelay'] ? [] : [taskFor(state, 'reasons-for-delay', 'deadline', null)];
}
