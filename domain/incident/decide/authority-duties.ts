import { isReal, competent, type Competence, type Competent, unlisted } from '../../authorities/competence.js';
import type { AuthorityId } from '../../authorities/authority.js';
import { wayIn } from '../../authorities/way.js';
import { strictDeadline } from '../../clock/deadlines.js';
import { controllersTold } from '../../duties/controllers.js';
import type { Instant } from '../../clock/instant.js';
import { isOwed, type Duty } from '../../duties/duty.js';
import { partIn } from '../../duties/part.js';
import { rulesAt } from '../../law/provisions.js';
import type { RiskLevel } from '../../risk/levels.js';
import { ENGINE, type NewEvent, type Setting } from '../events.js';
import type { Facts } from '../facts.js';
import type { Refusal } from '../refusals.js';
import type { IncidentState } from '../state.js';
import { doneTasks, openDuty, taskFor } from './drafting.js';
import { groundOf } from './law-duties.js';

/**
 * Which authorities are told, worked out anew whenever facts, the setting or the decision change: from policy 3 on. What is owed more opens by
 * itself; what is not owed any more is proposed to a person and never dropped (docs/decisions/0022).
 */
export const followsFacts = (policy: number): boolean => policy >= 3;

/** The notice is owed, and nobody knows yet to which authority: no establishment in the EEA, and no country of those concerned. */
export const UNSETTLED: AuthorityId = 'unsettled';

type Known = Pick<IncidentState, 'policy' | 'mode' | 'duties' | 'tasks'>;
export interface Case {
  readonly setting: Setting;
  readonly facts: Facts;
  /** As decided; null while it is open, or to be decided anew. */
  readonly level: RiskLevel | null;
  readonly awareAt: Instant;
  readonly at: Instant;
  /** Opened by what was recorded after awareness: it rings for itself. */
  readonly later?: boolean;
}

/** The level by which duties open now: a decision that a risk is unlikely no longer stands once a notice is owed again. */
export const levelNow = ({ decision, duties }: Pick<IncidentState, 'decision' | 'duties'>): RiskLevel | null =>
  decision?.level === 'UNLIKELY_RISK' && duties.some((d) => d.kind === 'authority-notice' && d.state !== 'exempt')
    ? null
    : (decision?.level ?? null);

/** The duties as they stand once these events are taken. */
export const withOpened = (duties: readonly Duty[], events: readonly (NewEvent | null)[]): readonly Duty[] =>
  events.reduce<readonly Duty[]>(
    (all, event) =>
      event?.type === 'DutyOpened' ? [...all.filter(({ id }) => id !== event.data.duty.id), event.data.duty] : all,
    duties,
  );

const notices = ({ duties }: Known): Duty[] => duties.filter(({ kind }) => kind === 'authority-notice');
const lifted = ({ state }: Duty): boolean => state === 'exempt' || state === 'waived';
/** The list of the organisation is told, for it is a person's decision (0016); without one, whoever the rules say. */
const listed = ({ organisation, authorities }: Setting, mode: Known['mode']): readonly AuthorityId[] | null =>
  organisation.authorities.length > 0 || mode === 'drill' ? authorities.map(({ authority }) => authority) : null;

/** Switzerland hears of a high risk only (FADP Art. 24, R-831); the others of any that is not unlikely. */
const reaches = (id: AuthorityId, country: string | undefined, level: RiskLevel | null): boolean =>
  level !== 'UNLIKELY_RISK' && (country !== 'CH' || level === 'HIGH_RISK') && id !== UNSETTLED;

/** The duty to tell one authority, by the law of its country: 72 hours from awareness, and in Switzerland no number of hours. */
export function noticeDuty(id: AuthorityId, { setting, awareAt, at, later = false }: Case, because?: string): NewEvent {
  const known = setting.authorities.some(({ authority }) => authority === id);
  const way = wayIn(setting, id);
  const swiss = way?.country === 'CH';
  const opened = openDuty(
    'authority-notice',
    id,
    rulesAt(awareAt),
    at,
    swiss ? null : strictDeadline(awareAt),
    way && groundOf(way, 3),
  );
  if (opened.type !== 'DutyOpened') return opened;
  const { duty } = opened.data;
  return {
    ...opened,
    data: {
      duty: swiss ? { ...duty, asSoonAs: 'as soon as possible' } : duty,
      ...(way && !known && { way }),
      ...(because !== undefined && { because }),
      ...(later && { later }),
    },
  };
}

/** What two people left a duty out for is no longer so. */
function waivedInVain({ to, dischargedBy }: Duty, found: Competence, facts: Facts): boolean {
  if (dischargedBy === 'R-240') return true; // asked only where one is a controller
  if (dischargedBy === 'R-121') return !relies(facts);
  return found.authorities.some((one) => one.id === to && one.ifLawApplies !== true);
}

/** By the arrangement another joint controller tells the authority for all. */
export const relies = (facts: Facts): boolean => facts['parties.jointControllerRole']?.value === 'RELYING_PARTY';

const reason = ({ why, basis }: Competent): string => `${why} (${basis.cite}, ${basis.rule})`;

export function oweAuthorities(known: Known, given: Case): (NewEvent | null)[] {
  const { setting, facts, level } = given;
  const controller = partIn(setting.organisation, facts).controller;
  const found = competent({ organisation: setting.organisation, facts });
  const list = listed(setting, known.mode);
  const told = list ?? found.authorities.map(({ id }) => id);
  const country = (id: AuthorityId) => wayIn(setting, id)?.country;
  const duty = (id: AuthorityId) => notices(known).find(({ to }) => to === id);
  const comesBack = (before: Duty): boolean =>
    before.state === 'exempt' || (before.state === 'waived' && waivedInVain(before, found, facts));
  const opens = (controller ? told : []).filter((id) => {
    const before = duty(id);
    return reaches(id, country(id), level) && (before === undefined || comesBack(before));
  });
  const unnamed =
    controller &&
    list === null &&
    found.unnamed &&
    level !== 'UNLIKELY_RISK' &&
    notices(known).every((one) => one.to !== UNSETTLED || lifted(one));
  return [
    ...opens.map((id) => {
      const one = found.authorities.find((each) => each.id === id);
      return noticeDuty(id, given, list === null && one ? reason(one) : undefined);
    }),
    unnamed ? noticeDuty(UNSETTLED, given, found.questions.at(-1)) : null,
    ...(found.unnamed || told.length === 0 ? [] : named(known)),
    ...notReached(known, country, level),
    ...tasks(known, given, { found, list: list ?? [], controller, opens }),
  ];
}

/** Once every authority can be named, the notice without an address ends: each of them has a duty of its own. */
const named = (known: Known): NewEvent[] =>
  notices(known)
    .filter((one) => one.to === UNSETTLED && isOwed(one))
    .map((one) => waived(one, 'it is known now which authorities are told', 'R-501'));

const waived = (duty: Duty, why: string, rule: string): NewEvent => ({
  type: 'DutyExempted',
  actor: ENGINE,
  data: { duty: duty.id, reason: why, rule, proof: null },
});

/** A risk that is not high lifts what only a high one opened. */
const notReached = (
  known: Known,
  country: (id: AuthorityId) => string | undefined,
  level: RiskLevel | null,
): NewEvent[] =>
  level !== 'RISK_NOT_HIGH'
    ? []
    : notices(known)
        .filter((one) => isOwed(one) && country(one.to) === 'CH')
        .map((one) => waived(one, 'decided: the risk is not high', 'R-831'));

interface Told {
  readonly found: Competence;
  readonly list: readonly AuthorityId[];
  readonly controller: boolean;
  readonly opens: readonly AuthorityId[];
}

/** What a person has to settle: an authority that the rules name and the list does not, and a duty that the rules know no longer. */
function tasks(known: Known, { setting, facts, level, awareAt }: Case, told: Told): (NewEvent | null)[] {
  const country = (id: AuthorityId) => wayIn(setting, id)?.country;
  const missing = (told.controller && known.mode === 'live' ? unlisted(told.list, told.found) : []).filter(
    ({ id }) =>
      reaches(id, country(id), level) && !told.opens.includes(id) && !notices(known).some(({ to }) => to === id),
  );
  const needless = known.duties.filter(
    (one) =>
      isOwed(one) && (isNeedless(one, told.found, told.controller) || isNoController(one, setting.organisation, facts)),
  );
  const wanted = [...missing.map(({ id }) => id), ...needless.map(({ id }) => id)];
  const answered = (about: string): boolean =>
    known.tasks.some(
      (t) => t.kind === 'settle-authority' && t.about === about && t.doneBy !== null && t.doneBy !== 'engine',
    );
  return [
    ...known.tasks
      .filter((t) => t.kind === 'settle-authority' && t.doneAt === null && !wanted.includes(t.about))
      .flatMap((t) => doneTasks(known, 'settle-authority', t.about).map((done) => ({ ...done, actor: ENGINE }))),
    ...wanted
      .filter((about) => !answered(about))
      .map((about) =>
        taskFor(
          known,
          'settle-authority',
          about,
          country(about) === 'CH' || about.startsWith('controller-notice/') ? null : strictDeadline(awareAt),
        ),
      ),
  ];
}

/** By the rules nobody is told this by us, and nothing that is still open could change that. An order of the authority stands. */
export const isNeedless = ({ kind, to, basis }: Duty, found: Competence, controller: boolean): boolean =>
  kind === 'authority-notice'
    ? !controller ||
      (found.settled &&
        !found.unnamed &&
        (to === UNSETTLED ? found.authorities.length === 0 : isReal(to) && !names(found, to)))
    : kind === 'people-message' && !controller && basis.rule !== 'R-419';

/** By the facts as they are now the data were not held for this controller: the part was another, or fewer are concerned. */
export const isNoController = ({ kind, to }: Duty, organisation: Setting['organisation'], facts: Facts): boolean =>
  kind === 'controller-notice' && !(partIn(organisation, facts).processor && controllersTold(facts).includes(to));

const names = ({ authorities }: Competence, id: AuthorityId): boolean => authorities.some((one) => one.id === id);

/** Why two people may not leave this duty out under this rule; empty when they may. */
export function refuseWaiver(state: IncidentState, duty: Duty, rule: string): Refusal[] {
  const { organisation } = state.setting;
  const controller = partIn(organisation, state.facts).controller;
  const found = competent({ organisation, facts: state.facts });
  if (rule === 'R-120')
    return isNoController(duty, organisation, state.facts)
      ? []
      : [
          {
            code: 'contradiction',
            paths: ['rule', 'facts.parties.role', 'facts.parties.controllers'],
            says: `by the record you hold these data for ${duty.to}, which is told whatever the risk (Art. 33(2), R-240)`,
            mend: 'Correct parties.role or parties.controllers first, if that is a mistake; else tell it.',
          },
        ];
  if (rule === 'R-240')
    return controller
      ? [
          {
            code: 'contradiction',
            paths: ['rule', 'facts.parties.role'],
            says: 'by the record these are your own data too: R-240 lifts it for a processor alone, so record parties.role first',
          },
        ]
      : [];
  if (rule === 'R-121')
    return relies(state.facts)
      ? [] // the proof is the receipt of the other one: whoever relies stays answerable
      : [
          {
            code: 'contradiction',
            paths: ['rule', 'facts.parties.jointControllerRole'],
            says: 'by the record no other joint controller tells the authority for all (R-121): record RELYING_PARTY first, if that is your arrangement',
          },
        ];
  const competentHere = found.authorities.find(({ id }) => id === duty.to);
  const says =
    competentHere && competentHere.ifLawApplies !== true
      ? `by the rules it is competent: ${reason(competentHere)}`
      : !competentHere && !found.settled
        ? `it is not settled who is competent. ${found.questions[0] ?? ''}`.trim()
        : unheard(state, duty, found);
  return says === null ? [] : [{ code: 'contradiction', paths: ['duty', 'rule'], says }];
}

/** One that is competent has to be told, or on its way, before one that is not is left out. */
function unheard(state: IncidentState, duty: Duty, found: Competence): string | null {
  const others = found.authorities.filter(({ id, ifLawApplies }) => id !== duty.to && ifLawApplies !== true);
  const told = others.some(({ id }) => notices(state).some((one) => one.to === id && !lifted(one)));
  return others.length === 0 || told
    ? null
    : `${others.map(({ id }) => id).join(', ')} is competent and has no duty here: open that one first`;
}
