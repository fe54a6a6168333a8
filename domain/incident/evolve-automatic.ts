import type { AuthorityEnvelope } from '../authorities/authority.js';
import type { Instant } from '../clock/instant.js';
import { automaticLadder, filingMilestone, isAutomatic, isQuiet, owedTo, WARNING } from './automatic-filing.js';
import type { EventOf } from './events.js';
import { addMilestone, alarm, relaid } from './evolve-parts.js';
import type { IncidentState } from './state.js';

/** What becomes of filing by itself: its two rungs, the warning, and what came of it. */

/** Lays the rungs anew when the setting or awareness changed. People who rely on it hear when it no longer comes. */
export function layAutomatic(before: IncidentState | null, state: IncidentState, at: Instant): IncidentState {
  if (before?.setting === state.setting && before.awareness === state.awareness && before.policy === state.policy)
    return state;
  const refs = automaticLadder(state);
  if (refs.length === 0 && !state.milestones.some(isAutomatic)) return state;
  const laid = refs.map((ref) =>
    relaid(
      state.milestones.find((m) => m.id === ref.id),
      ref,
      at,
    ),
  );
  const others = state.milestones.filter(
    (m) => !laid.some((l) => l.id === m.id) && (!isAutomatic(m) || m.reachedAt !== null),
  );
  const next = unwarned({ ...state, milestones: [...others, ...laid] });
  const reliedOn = state.automatic?.warnedAt != null && filingMilestone(state)?.reachedAt === null;
  return refs.length === 0 && reliedOn && owedTo(state).length > 0
    ? addMilestone(next, alarm('automatic-ended', at))
    : next;
}

/** Everybody was reached by mail: then the warning was given. */
export function warned(state: IncidentState, { data, at }: EventOf<'EscalationSent'>): IncidentState {
  const milestone = state.milestones.find((m) => m.id === data.milestone);
  if (milestone?.kind !== WARNING) return state;
  const missed = data.outcomes.some((o) => !o.ok && o.channel !== 'pager');
  const { automatic } = state;
  if (missed || data.to.length === 0 || (automatic?.warnedAt ?? null) !== null) return state;
  return { ...state, automatic: { outcome: automatic?.outcome ?? null, warnedAt: at } };
}

/** A warning that is given again (its hour moved on) counts from anew. */
const unwarned = (state: IncidentState): IncidentState => {
  const warning = state.milestones.find((m) => m.id === WARNING);
  return state.automatic?.warnedAt != null && warning?.reachedAt === null
    ? { ...state, automatic: { ...state.automatic, warnedAt: null } }
    : state;
};

export function filedAutomatically(
  state: IncidentState,
  phase: number,
  { dueAt, authorities }: { dueAt: Instant; authorities: readonly string[] },
  at: Instant,
): IncidentState {
  const warnedAt = state.automatic?.warnedAt ?? null;
  const filed = { ...state, automatic: { warnedAt, outcome: { dueAt, filed: authorities, withheld: [] } } };
  return addMilestone(filed, alarm(`automatic-filed/${phase}`, at));
}

export function withheldAutomatically(state: IncidentState, event: EventOf<'AutomaticFilingWithheld'>): IncidentState {
  const { dueAt, withheld } = event.data;
  const before = state.automatic?.outcome;
  const filed = before?.dueAt === dueAt ? before.filed : [];
  const next = {
    ...state,
    automatic: { warnedAt: state.automatic?.warnedAt ?? null, outcome: { dueAt, filed, withheld } },
  };
  return withheld.every((w) => isQuiet(w.because)) ? next : addMilestone(next, alarm('automatic-withheld', event.at));
}

export function renewed(state: IncidentState, { data }: EventOf<'SettingRenewed'>): IncidentState {
  const { standing: _before, ...setting } = state.setting;
  const checked = (way: AuthorityEnvelope): AuthorityEnvelope => {
    const found = data.mailboxes.find((m) => m.authority === way.authority);
    return found ? { ...way, address: found.address, mailboxVerifiedAt: found.verifiedAt } : way;
  };
  return {
    ...state,
    setting: {
      ...setting,
      authorities: setting.authorities.map(checked),
      ...(setting.ways && { ways: setting.ways.map(checked) }),
      ...(data.standing && { standing: data.standing }),
    },
  };
}
