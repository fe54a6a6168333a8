import { DAY_MS, isAfter, plusMs } from '../../clock/instant.js';
import type { CommandOf } from '../commands.js';
import { breakGlass, type Decided, type Draft, doneTasks, happen, missing, refuse } from './drafting.js';

/** A hold without an early review is forgotten: R-443, a house value. */
const HOLD_REVIEW_WITHIN_DAYS = 7;
const EXEMPTION_RULES = ['R-414', 'R-416', 'R-417', 'R-419'] as const; // Art. 34(3)(a), (b), (c); confirmed by the authority

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
    ...missing('requestedBy', command.requestedBy, 'the law-enforcement body that asks'),
    ...missing('basis', command.basis, 'the legal ground of the request'),
  ];
  const { type, ...data } = command;
  return refusals.length > 0
    ? refuse(...refusals)
    : happen({ type: 'DutyHeld', data }, ...doneTasks(draft.state, 'review-hold', duty.id));
}

export function releaseDuty(draft: Draft, command: CommandOf<'ReleaseDuty'>): Decided {
  const found = find(draft, command.duty);
  if ('refused' in found) return found.refused;
  if (found.duty.state !== 'held')
    return refuse({ code: 'already', what: found.duty.state, since: found.duty.openedAt });
  return happen(
    { type: 'DutyReleased', data: { duty: command.duty, reason: command.reason } },
    ...doneTasks(draft.state, 'review-hold', command.duty),
  );
}

/** Art. 34(3), with the proof that R-418 asks for. The notice to the authority is lifted by a risk decision alone. */
export function exemptDuty(draft: Draft, command: CommandOf<'ExemptDuty'>): Decided {
  const found = find(draft, command.duty);
  if ('refused' in found) return found.refused;
  const { duty } = found;
  const refusals = [
    ...(duty.kind === 'people-message' ? [] : [{ code: 'not-holdable', duty: duty.id, rule: 'R-204' } as const]),
    ...(duty.state === 'open' || duty.state === 'held'
      ? []
      : [{ code: 'already', what: duty.state, since: duty.dischargedAt } as const]),
    ...(EXEMPTION_RULES.some((rule) => rule === command.rule)
      ? []
      : [{ code: 'no-such', kind: 'exemption', id: command.rule, known: EXEMPTION_RULES } as const]),
    ...missing('proof', command.proof, 'what proves the exemption (R-418)'),
    ...missing('reason', command.reason, 'why the exemption applies'),
  ];
  if (refusals.length > 0) return refuse(...refusals);
  return happen(
    { type: 'DutyExempted', data: { duty: duty.id, reason: command.reason, rule: command.rule, proof: command.proof } },
    ...doneTasks(draft.state, 'tell-people'),
    ...(command.breakGlass ? breakGlass(draft.state, 'ExemptDuty', command.breakGlass.reason, draft.at) : []),
  );
}
