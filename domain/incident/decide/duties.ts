import { findAuthority, isExerciseAuthority, nearestAuthority } from '../../authorities/directory.js';
import { DAY_MS, isAfter, plusMs } from '../../clock/instant.js';
import { HOLD_REVIEW_WITHIN_DAYS } from '../../law/provisions.js';
import type { Duty, DutyKind } from '../../duties/duty.js';
import type { CommandOf } from '../commands.js';
import { WAIVERS } from '../evolve-parts.js';
import type { Refusal } from '../refusals.js';
import {
  breakGlass,
  type Decided,
  type Draft,
  doneTasks,
  happen,
  madeBy,
  missing,
  refuse,
  refuseAsSecond,
  taskFor,
} from './drafting.js';
import { followsFacts, noticeDuty, refuseWaiver } from './authority-duties.js';
import { PUBLIC_TASK } from '../telling.js';
import { CONTROLLER_TASK, refuseExemption } from './law-duties.js';
import { pauseAll } from './people.js';

const EXEMPTION_RULES = ['R-414', 'R-416', 'R-417', 'R-419'] as const; // Art. 34(3)(a), (b), (c); confirmed by the authority

/** Besides a decision and Art. 34(3): what two people may leave out, by what it is. */
const WAIVED_UNDER: Readonly<Record<DutyKind, readonly string[]>> = {
  'authority-notice': WAIVERS.filter((rule) => rule !== 'R-120'),
  'people-message': ['R-240'],
  'controller-notice': ['R-120'],
  register: [],
};

/** Art. 34(3) is about telling people: it lifts nothing else. */
function notLifted({ policy }: Draft['state'], { id, kind }: Duty): Refusal[] {
  if (kind !== 'controller-notice' || !followsFacts(policy)) return [{ code: 'not-holdable', duty: id, rule: 'R-204' }];
  return [
    {
      code: 'contradiction',
      paths: ['duty', 'rule'],
      says: 'a controller is told whatever the risk, and no exemption of Art. 34(3) is about that (Art. 33(2), R-240)',
      mend: 'Once the facts say that the data were not held for it, two people leave it out under R-120; else tell it.',
    },
  ];
}

function find({ state }: Draft, id: string): { duty: Draft['state']['duties'][number] } | { refused: Decided } {
  const duty = state.duties.find((d) => d.id === id);
  return duty
    ? { duty }
    : { refused: refuse({ code: 'no-such', kind: 'duty', id, known: state.duties.map((d) => d.id) }) };
}

/** Law enforcement may ask to wait with telling people; the notice to the authority is never held. */
export function holdDuty(draft: Draft, command: CommandOf<'HoldDuty'>): Decided {
  const found = find(draft, command.duty);
  if ('refused' in found) return found.refused;
  const { duty } = found;
  if (duty.kind !== 'people-message') return refuse({ code: 'not-holdable', duty: duty.id, rule: 'R-441' });
  const latest = plusMs(draft.at, HOLD_REVIEW_WITHIN_DAYS * DAY_MS);
  const refusals = [
    ...(duty.state === 'open' || duty.state === 'held'
      ? []
      : [{ code: 'already', what: duty.state, since: duty.dischargedAt } as const]),
    ...(isAfter(command.reviewAt, latest)
      ? [{ code: 'hold-too-long', reviewAt: command.reviewAt, latest } as const]
      : []),
    ...(draft.state.policy >= 3 && !isAfter(command.reviewAt, draft.at)
      ? [
          {
            code: 'contradiction',
            paths: ['reviewAt'],
            says: `a hold is reviewed at an instant to come, within ${HOLD_REVIEW_WITHIN_DAYS} days (R-443); ${command.reviewAt} is past`,
          } as const,
        ]
      : []),
    ...missing('requestedBy', command.requestedBy, 'the law-enforcement body that asks'),
    ...missing('basis', command.basis, 'the legal ground of the request'),
    ...(draft.state.policy >= 3
      ? missing('caseRef', command.caseRef, "the reference of the request there, or 'none given' (R-443)")
      : []),
  ];
  const { type, ...data } = command;
  return refusals.length > 0
    ? refuse(...refusals)
    : happen(
        { type: 'DutyHeld', data },
        ...pauseAll(draft.state, 'held for law enforcement'),
        ...doneTasks(draft.state, 'review-hold', duty.id),
      );
}

export function releaseDuty(draft: Draft, command: CommandOf<'ReleaseDuty'>): Decided {
  const found = find(draft, command.duty);
  if ('refused' in found) return found.refused;
  if (found.duty.state !== 'held')
    return refuse({ code: 'already', what: found.duty.state, since: found.duty.openedAt });
  const again = draft.state.policy >= 3;
  const why = again
    ? missing('reason', command.reason, 'why it is released: who lifted it, or that nobody renewed it')
    : [];
  if (why.length > 0) return refuse(...why);
  return happen(
    { type: 'DutyReleased', data: { duty: command.duty, reason: command.reason } },
    ...doneTasks(draft.state, 'review-hold', command.duty),
    again ? taskFor(draft.state, 'tell-people', 'people', null) : null, // then it is prompt
  );
}

/** Art. 34(3), with the proof that R-418 asks for; by two people (from policy 2 on), because it means not telling anybody concerned. The notice to the authority is lifted by a risk decision alone. */
export function exemptDuty(draft: Draft, command: CommandOf<'ExemptDuty'>): Decided {
  const found = find(draft, command.duty);
  if ('refused' in found) return found.refused;
  const { duty } = found;
  const waives = followsFacts(draft.state.policy) && WAIVED_UNDER[duty.kind].includes(command.rule);
  const refusals: Refusal[] = [
    ...(duty.kind === 'people-message' || waives ? [] : notLifted(draft.state, duty)),
    ...(duty.state === 'open' || duty.state === 'held'
      ? []
      : [{ code: 'already', what: duty.state, since: duty.dischargedAt } as const]),
    ...(waives || duty.kind === 'controller-notice' || EXEMPTION_RULES.some((rule) => rule === command.rule)
      ? []
      : [{ code: 'no-such', kind: 'exemption', id: command.rule, known: EXEMPTION_RULES } as const]),
    ...missing('proof', command.proof, 'what proves the exemption (R-418)'),
    ...missing('reason', command.reason, 'why the exemption applies'),
    ...(waives
      ? refuseWaiver(draft.state, duty, command.rule)
      : duty.kind === 'controller-notice'
        ? []
        : refuseExemption(draft.state, command.rule)),
  ];
  if (refusals.length > 0) return refuse(...refusals);
  const { reason, rule, proof } = command;
  if (draft.state.policy >= 2 && !command.breakGlass) {
    const { confirms = null } = command;
    const waiting = draft.state.exemptionProposal;
    if (confirms === null) {
      const proposal = `exemption-${draft.state.seq + 1}`;
      return happen({
        type: 'DutyExemptionProposed',
        data: { proposal, duty: duty.id, reason, rule, proof, ...madeBy(draft.request) },
      });
    }
    if (waiting?.proposal !== confirms) return refuse({ code: 'no-proposal', proposal: confirms });
    if (waiting.duty !== duty.id || waiting.rule !== rule)
      return refuse({ code: 'not-the-same', proposal: confirms, what: 'rule' });
    const second = refuseAsSecond(waiting, draft, 'ExemptDuty');
    if (second.length > 0) return refuse(...second);
  }
  return happen(
    { type: 'DutyExempted', data: { duty: duty.id, reason, rule, proof } },
    ...(duty.kind === 'people-message' ? doneTasks(draft.state, 'tell-people') : []),
    ...(duty.kind === 'controller-notice' ? doneTasks(draft.state, 'other', `${CONTROLLER_TASK}${duty.to}`) : []),
    ...doneTasks(draft.state, 'settle-authority', duty.id),
    ...(duty.kind === 'authority-notice' ? doneTasks(draft.state, 'notice-stalled', duty.to) : []),
    rule === 'R-417' && draft.state.policy >= 2 ? taskFor(draft.state, 'other', PUBLIC_TASK, null) : null, // another form, not no duty
    ...doneTasks(draft.state, 'review-hold', duty.id),
    ...(command.breakGlass ? breakGlass(draft, 'ExemptDuty', command.breakGlass.reason) : []),
  );
}

/** A person tells one more authority than the list does, for the rules name it or because they want to: the safe side takes one. */
export function openAuthority(draft: Draft, command: CommandOf<'OpenDuty'>): Decided {
  const { state, at } = draft;
  const { authority, reason } = command;
  const row = findAuthority(authority);
  const awareAt = state.awareness.awareAt?.at;
  const before = state.duties.find((d) => d.kind === 'authority-notice' && d.to === authority);
  const here = row && isExerciseAuthority(row) === (state.mode === 'drill');
  const refusals: Refusal[] = [
    ...(followsFacts(state.policy)
      ? []
      : [
          {
            code: 'contradiction',
            paths: ['authority'],
            says: 'this incident keeps the rules of the day of its declaration: put the authority on the list of the organisation, then decide the risk again',
          } as const,
        ]),
    ...(here ? [] : [{ code: 'no-such', kind: 'authority', id: authority, known: nearby(authority) } as const]),
    ...(before && before.state !== 'exempt' && before.state !== 'waived'
      ? [{ code: 'already', what: before.id, since: before.openedAt } as const]
      : []),
    ...(row?.country === 'CH' && state.decision?.level !== 'HIGH_RISK'
      ? [
          {
            code: 'contradiction',
            paths: ['authority', 'decision.level'],
            says: 'Switzerland is told of a likely high risk only (FADP Art. 24, R-831), and none is decided',
          } as const,
        ]
      : []),
    ...(state.decision?.level === 'UNLIKELY_RISK'
      ? [
          {
            code: 'contradiction',
            paths: ['decision.level'],
            says: 'two people decided that a risk is unlikely, so no authority is told (R-204): decide anew first',
          } as const,
        ]
      : []),
    ...missing('reason', reason, 'why this authority is told too'),
  ];
  if (refusals.length > 0 || awareAt === undefined) return refuse(...refusals);
  return happen(
    noticeDuty(authority, { setting: state.setting, facts: state.facts, level: null, awareAt, at }, reason),
    ...doneTasks(state, 'settle-authority', authority),
  );
}

const nearby = (id: string): readonly string[] => {
  const nearest = nearestAuthority(id);
  return nearest === null ? [] : [nearest];
};
