import { strictDeadline } from '../../clock/deadlines.js';
import { isOwed } from '../../duties/duty.js';
import { rulesAt } from '../../law/provisions.js';
import type { RiskLevel } from '../../risk/levels.js';
import type { CommandOf } from '../commands.js';
import { ENGINE, type NewEvent } from '../events.js';
import { nobodyAtHighRisk } from '../facts-contradictions.js';
import { hasGrown } from '../people-told.js';
import { wasTold } from '../taken-back.js';
import {
  breakGlass,
  type Decided,
  type Draft,
  doneTasks,
  happen,
  isSaid,
  madeBy,
  missing,
  openDuty,
  refuse,
  refuseAsSecond,
  taskFor,
} from './drafting.js';
import { followsFacts, oweAuthorities } from './authority-duties.js';
import { groundOf, owesControllers } from './law-duties.js';
import { owePeople } from './more-concerned.js';
import { isFoundExempt, standsByOrder } from './ordered.js';
import { standsAgain } from './stands-again.js';

const WEIGHT: Readonly<Record<RiskLevel, number>> = {
  MORE_INFO_NEEDED: 0,
  UNLIKELY_RISK: 1,
  RISK_NOT_HIGH: 2,
  HIGH_RISK: 3,
};

export function proposeTriage({ state }: Draft, command: CommandOf<'ProposeTriage'>): Decided {
  const { assessment, factsSeq, rules } = command;
  const decided = state.decision;
  const worse = decided !== null && WEIGHT[assessment.level] > WEIGHT[decided.level];
  return happen(
    { type: 'TriageProposed', actor: ENGINE, data: { assessment, factsSeq, rules } },
    worse ? taskFor(state, 'decide-risk', 'risk', null) : null, // assess again as facts change
  );
}

export function decideRisk(draft: Draft, command: CommandOf<'DecideRisk'>): Decided {
  const { state, request } = draft;
  const { level, confirms, setting } = command;
  // Whoever confirms without words of their own agrees with the first person's.
  const agreed =
    confirms !== null && state.decisionProposal?.proposal === confirms ? state.decisionProposal.reasons : '';
  const reasons = isSaid(command.reasons) ? command.reasons : agreed;
  const why = [
    ...missing('reasons', reasons, 'the reasons for this level: the register must show them (R-231)'),
    ...(state.policy >= 3 ? nobodyAtHighRisk(level, state.facts) : []),
  ];
  if (why.length > 0) return refuse(...why);
  const waiting = state.decisionProposal;
  const basedOn = state.proposal?.factsSeq ?? null;

  if (takesTwo(state, level) && !command.breakGlass) {
    if (confirms === null) {
      const proposal = `risk-${state.seq + 1}`;
      return happen({
        type: 'RiskDecisionProposed',
        data: { proposal, level, reasons, basedOn, ...madeBy(request), setting },
      });
    }
    if (waiting?.proposal !== confirms) return refuse({ code: 'no-proposal', proposal: confirms });
    if (waiting.level !== level) return refuse({ code: 'not-the-same', proposal: confirms, what: 'level' });
    // Two people agree on the same facts, or on nothing.
    if (waiting.basedOn !== basedOn) return refuse({ code: 'not-the-same', proposal: confirms, what: 'facts' });
    const second = refuseAsSecond(waiting, draft, 'DecideRisk');
    if (second.length > 0) return refuse(...second);
  }
  const alone = command.breakGlass && takesTwo(state, level) ? command.breakGlass : undefined; // nothing to break where one may act
  const glass = alone
    ? missing('breakGlass.reason', alone.reason, 'a written reason: it goes to everybody and into the register')
    : [];
  if (glass.length > 0) return refuse(...glass);

  return happen(
    {
      type: 'RiskDecided',
      data: { level, reasons, basedOn, supersedes: state.decision?.seq ?? null, confirms, setting },
    },
    ...(alone ? breakGlass(draft, 'DecideRisk', alone.reason) : []),
    ...(level === 'MORE_INFO_NEEDED' ? [] : doneTasks(state, 'decide-risk')),
    ...(level === 'UNLIKELY_RISK' ? [] : standsAfterAll(state)),
    ...(owesControllers(state.policy, setting ?? state.setting, state.facts)
      ? []
      : CONSEQUENCES[level](draft, setting ?? state.setting)),
  );
}

/**
 * Not to notify is the decision nobody takes alone (R-204; design, section 5). From policy 2 on that holds as well for going below a
 * high risk that was decided or that triage proposes: it means not telling the people.
 */
function takesTwo(state: Draft['state'], level: RiskLevel): boolean {
  if (level === 'UNLIKELY_RISK') return true;
  const high = state.decision?.level === 'HIGH_RISK' || state.proposal?.assessment.level === 'HIGH_RISK';
  return state.policy >= 2 && level === 'RISK_NOT_HIGH' && (high || untells(state));
}

/** What the authority was told is so again, and not taken back; unless it is one that should not have been told. From policy 3 on. */
const standsAfterAll = (state: Draft['state']): NewEvent[] =>
  state.policy < 3 || state.duties.some((d) => d.kind === 'authority-notice' && d.state === 'waived')
    ? []
    : standsAgain(state);

/** It would lift a duty to tell people that is owed, whatever was decided in between: from policy 3 on. */
const untells = (state: Draft['state']): boolean =>
  state.policy >= 3 && state.duties.some((d) => d.kind === 'people-message' && isOwed(d) && !standsByOrder(state, d));

type Consequence = (draft: Draft, setting: Draft['state']['setting']) => (NewEvent | null)[];

/** R-606, as duties. */
const CONSEQUENCES: Readonly<Record<RiskLevel, Consequence>> = {
  HIGH_RISK: (draft, setting) => [...openAuthorities(draft, setting, 'HIGH_RISK'), ...openPeople(draft)],
  RISK_NOT_HIGH: (draft, setting) => [
    ...openAuthorities(draft, setting, 'RISK_NOT_HIGH'),
    ...exempt(draft, 'people-message', 'R-401', 'decided: the risk is not high'),
  ],
  UNLIKELY_RISK: (draft) => [
    ...exempt(draft, 'authority-notice', 'R-204', 'decided: a risk is unlikely'),
    ...exempt(draft, 'people-message', 'R-401', 'decided: a risk is unlikely'),
    wasTold(draft.state) ? taskFor(draft.state, 'follow-up-notice', 'withdraw', null) : null, // tell the authority that it was none
  ],
  // Open again is no finding that a risk is unlikely: what that finding lifted is owed, from policy 3 on.
  MORE_INFO_NEEDED: (draft, setting) =>
    followsFacts(draft.state.policy) ? openAuthorities(draft, setting, 'MORE_INFO_NEEDED') : [],
};

function openAuthorities(
  { state, at }: Draft,
  setting: Draft['state']['setting'],
  level: RiskLevel,
): (NewEvent | null)[] {
  const awareAt = state.awareness.awareAt?.at;
  if (!awareAt) return [];
  if (followsFacts(state.policy)) return oweAuthorities(state, { setting, facts: state.facts, level, awareAt, at });
  return setting.authorities
    .filter(
      ({ authority }) => !state.duties.some((d) => d.to === authority && d.state !== 'exempt' && d.state !== 'waived'),
    )
    .map((to) =>
      openDuty(
        'authority-notice',
        to.authority,
        rulesAt(awareAt),
        at,
        strictDeadline(awareAt),
        groundOf(to, state.policy),
      ),
    );
}

function openPeople({ state, at }: Draft): (NewEvent | null)[] {
  const before = state.duties.find((d) => d.kind === 'people-message');
  if (hasGrown(state, state.facts)) return owePeople(state, state.facts, at);
  if (before && ((before.state !== 'exempt' && before.state !== 'waived') || isFoundExempt(state, before))) return [];
  return owePeople(state, state.facts, at);
}

const exempt = (
  { state }: Draft,
  kind: 'authority-notice' | 'people-message',
  rule: string,
  reason: string,
): NewEvent[] => {
  const owed = state.duties.filter((d) => d.kind === kind && isOwed(d));
  const lifted = owed.filter((d) => !standsByOrder(state, d)); // an order stands (Art. 34(4))
  const stays = state.policy >= 3 && lifted.length < owed.length;
  return [
    ...lifted.map(
      (d): NewEvent => ({ type: 'DutyExempted', actor: ENGINE, data: { duty: d.id, reason, rule, proof: null } }),
    ),
    ...(kind === 'people-message'
      ? stays
        ? []
        : [...doneTasks(state, 'tell-people'), ...(state.policy >= 3 ? doneTasks(state, 'review-hold') : [])]
      : [
          ...doneTasks(state, 'approve-notice'),
          ...doneTasks(state, 'reasons-for-delay'),
          ...doneTasks(state, 'settle-authority'),
          ...doneTasks(state, 'notice-stalled'),
        ]),
  ];
};
