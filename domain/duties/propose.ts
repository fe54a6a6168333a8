import { competent, toBeTold } from '../authorities/competence.js';
import { findAuthority } from '../authorities/directory.js';
import { strictDeadline } from '../clock/deadlines.js';
import type { Instant } from '../clock/instant.js';
import type { Facts } from '../incident/facts.js';
import type { Organisation, Playbook } from '../incident/organisation.js';
import type { Provision } from '../law/basis.js';
import { basisOf, LAW, type RuleSet, ruleSetAt } from '../law/provisions.js';
import type { ProposedDuty } from '../risk/assessment.js';
import { dutiesOf, type Duties } from '../risk/decision-table.js';
import type { RiskLevel } from '../risk/levels.js';
import { controllersTold } from './controllers.js';
import { exemptionsOf } from './exemptions.js';
import { groundOfDuty } from './ground.js';
import { partIn } from './part.js';

/** What besides the level decides who is told. All of it may be left out: then a single controller is meant, under the rules in force. */
export interface DutyContext {
  readonly facts?: Facts | undefined;
  readonly organisation?: Pick<Organisation, 'role' | 'establishments' | 'sector' | 'authorities'> | undefined;
  /** Default: the rules in force at awareness. */
  readonly rules?: RuleSet | undefined;
}

/** Who is meant where no organisation is described: the facts may still say that it was a processor (R-240). */
const SINGLE_CONTROLLER = { role: 'controller' } as const;

/** The answer to "must we tell": authority and people by the level and the rules (R-606), by an order of the authority (R-419), and by role (R-240). */
export function whoIsTold(
  level: RiskLevel,
  { facts = {}, organisation, rules = ruleSetAt(null) }: DutyContext = {},
): Duties {
  if (!partIn(organisation ?? SINGLE_CONTROLLER, facts).controller)
    return { notifyAuthority: false, tellPeople: false, register: true };
  const { notifyAuthority, tellPeople } = dutiesOf(level);
  const order = facts['order.byAuthority']?.value;
  const told = organisation ? toBeTold(organisation.authorities, competent({ organisation, facts })) : [];
  const countries = told.length === 0 ? [undefined] : told.map((id) => findAuthority(id)?.country);
  return {
    notifyAuthority: notifyAuthority && countries.some((country) => reaches(country, level, rules)),
    tellPeople: order === 'ORDERED_BY_SA' || (tellPeople && order !== 'SA_CONFIRMED_EXEMPT'),
    register: true,
  };
}

/** From which level on an authority is told: by the rules of the Union, or those of its own country, which no proposal of the Union moves (R-509). */
function reaches(country: string | undefined, level: RiskLevel, rules: RuleSet): boolean {
  if (country === 'CH') return level === 'HIGH_RISK'; // FADP Art. 24 (R-831)
  return country === 'GB' || rules.notifyFrom === 'RISK_NOT_HIGH' || level !== 'RISK_NOT_HIGH';
}

/**
 * Who must be told, by when and on what basis (sections 2, 4, 5 of the law). Every duty carries its basis. `awareAt` is null while nobody is
 * certain: then no clock runs yet. With an organisation there is one duty for each authority, and `to` names it.
 */
export function proposeDuties(
  level: RiskLevel,
  awareAt: Instant | null,
  playbook: Pick<Playbook, 'tellPeopleWithinHours'>,
  context: DutyContext = {},
): ProposedDuty[] {
  const rules = context.rules ?? ruleSetAt(awareAt);
  const { notifyAuthority, tellPeople } = whoIsTold(level, { ...context, rules });
  const facts = context.facts ?? {};
  return [
    ...(partIn(context.organisation ?? SINGLE_CONTROLLER, facts).processor ? toControllers(facts) : []),
    ...(notifyAuthority ? toAuthorities(level, awareAt, rules, context) : []),
    ...(tellPeople ? [toPeople(facts, playbook, context.organisation)] : []),
    {
      kind: 'register',
      basis: groundOfDuty('register', context.organisation, facts),
      asSoonAs: 'from the start and kept up to date',
      says: 'Document the breach, whether it is notified or not.',
    },
  ];
}

/** No threshold of risk and no hours: the processor must not first assess (R-240), and tells each controller (R-243). */
function toControllers(facts: Facts): ProposedDuty[] {
  const told = controllersTold(facts);
  return told.map((to, index) => ({
    kind: 'controller-notice',
    to,
    basis: basisOf(LAW.processorTellsController),
    asSoonAs: 'without undue delay after becoming aware, whatever the risk; what is not known yet follows',
    says:
      told.length === 1
        ? 'Tell the controller. It owes the notice to the authority, and its 72 hours run from your word (R-241).'
        : `Tell the controller that stands at place ${index + 1} in parties.controllers. It owes the notice to the authority, and its 72 hours run from your word (R-241).`,
  }));
}

function toAuthorities(
  level: RiskLevel,
  awareAt: Instant | null,
  rules: RuleSet,
  { facts = {}, organisation }: DutyContext,
): ProposedDuty[] {
  const says = authoritySays(level, facts);
  const ground = rules.on ? LAW.notifyAuthority : rules.basis;
  const within = (basis: Provision, of: RuleSet = rules): Pick<ProposedDuty, 'basis' | 'dueAt' | 'asSoonAs'> =>
    awareAt === null
      ? {
          basis: basisOf(basis),
          asSoonAs: `without undue delay, within ${of.notifyWithinHours} hours of awareness, which is not confirmed yet`,
        }
      : { basis: basisOf(basis), dueAt: strictDeadline(awareAt, of) };
  if (!organisation) return [{ kind: 'authority-notice', ...within(ground), says }];
  const found = competent({ organisation, facts });
  const ids = toBeTold(organisation.authorities, found);
  if (ids.length === 0)
    return [{ kind: 'authority-notice', ...within(ground), says: `${says} Which one is not settled yet.` }];
  return ids.flatMap((id): ProposedDuty[] => {
    const country = findAuthority(id)?.country;
    if (!reaches(country, level, rules)) return [];
    if (country === 'CH') {
      return [
        {
          kind: 'authority-notice',
          to: id,
          basis: basisOf(LAW.switzerland),
          asSoonAs: 'as soon as possible', // no number of hours (R-831)
          says: 'Tell the FDPIC.',
        },
      ];
    }
    const why = found.authorities.find((one) => one.id === id)?.why;
    return [
      {
        kind: 'authority-notice',
        to: id,
        ...(country === 'GB' ? within(LAW.unitedKingdom, ruleSetAt(awareAt)) : within(ground)),
        says: why === undefined ? says : `${says} To ${id}: ${why}.`,
      },
    ];
  });
}

/** Joint controllers (R-121): an arrangement decides who files, never who answers for it. */
function authoritySays(level: RiskLevel, facts: Facts): string {
  const undecided =
    level === 'MORE_INFO_NEEDED'
      ? ' Undecided at the deadline counts as notifiable: the notice goes as incomplete, with its gaps declared.'
      : '';
  switch (facts['parties.jointControllerRole']?.value) {
    case 'LEAD_NOTIFIER':
      return `Tell the authority, for all joint controllers, and say so (Art. 26, R-121).${undecided}`;
    case 'RELYING_PARTY':
      return `By your arrangement another joint controller tells the authority for all. You stay answerable: have its receipt in hand by the deadline, else tell the authority yourself (Art. 26, R-121).${undecided}`;
    case 'NO_ARRANGEMENT':
      return `Tell the authority. Without an arrangement each joint controller does so for itself (Art. 26, R-121).${undecided}`;
    default:
      return `Tell the authority.${undecided}`;
  }
}

function toPeople(
  facts: Facts,
  playbook: Pick<Playbook, 'tellPeopleWithinHours'>,
  organisation: DutyContext['organisation'],
): ProposedDuty {
  const asSoonAs = `without undue delay (the house aims at ${playbook.tellPeopleWithinHours} hours after the decision, R-405)`;
  if (facts['order.byAuthority']?.value === 'ORDERED_BY_SA')
    return {
      kind: 'people-message',
      basis: basisOf(LAW.orderOfAuthority),
      asSoonAs,
      says: 'The authority has ordered that the people be told: no exemption of your own finding lifts that (Art. 34(4)).',
    };
  const may = exemptionsOf(facts).find(({ holds }) => holds === 'yes');
  return {
    kind: 'people-message',
    basis: groundOfDuty('people-message', organisation, facts),
    asSoonAs,
    says: `Tell the people concerned, each of them, in a message about nothing else.${may ? ` ${may.says}` : ''}`,
  };
}

/** What another version of the rules would change, such as the proposal (R-823), in sentences; empty when nothing. For `--rules`. */
export function changedBy(
  rules: RuleSet,
  level: RiskLevel,
  awareAt: Instant | null,
  playbook: Pick<Playbook, 'tellPeopleWithinHours'>,
  context: DutyContext = {},
): string[] {
  const now = { ...context, rules: ruleSetAt(awareAt) };
  const then = { ...context, rules };
  const [before, after] = [whoIsTold(level, now), whoIsTold(level, then)];
  const dueAt = (of: DutyContext) =>
    proposeDuties(level, awareAt, playbook, of).find(({ kind }) => kind === 'authority-notice')?.dueAt;
  const [first, second] = [dueAt(now), dueAt(then)];
  const yes = (told: boolean): string => (told ? 'yes' : 'no');
  return [
    ...(before.notifyAuthority === after.notifyAuthority
      ? []
      : [
          `Tell the authority: ${yes(before.notifyAuthority)} under ${now.rules.version}, ${yes(after.notifyAuthority)} under ${rules.version}: it is told ${rules.notifyFrom === 'HIGH_RISK' ? 'of a likely high risk only' : 'unless a risk is unlikely'}.`,
        ]),
    ...(first !== undefined && second !== undefined && first !== second
      ? [
          `Deadline: ${first} under ${now.rules.version} (${now.rules.notifyWithinHours} h), ${second} under ${rules.version} (${rules.notifyWithinHours} h).`,
        ]
      : []),
    ...(before.tellPeople === after.tellPeople
      ? []
      : [
          `Tell the people: ${yes(before.tellPeople)} under ${now.rules.version}, ${yes(after.tellPeople)} under ${rules.version}.`,
        ]),
  ];
}
