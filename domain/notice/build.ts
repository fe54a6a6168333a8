import { competent, isReal } from '../authorities/competence.js';
import { findAuthority } from '../authorities/directory.js';
import { establishmentsOf } from '../authorities/given.js';
import { isLate, type OffsetMs, strictDeadline } from '../clock/deadlines.js';
import { earliest, type Instant, plusMs } from '../clock/instant.js';
import { isOwed } from '../duties/duty.js';
import type { Count, FactId, Facts } from '../incident/facts.js';
import { EEA, type EXEMPTIONS, MEANS_OF_TELLING } from '../incident/lists.js';
import type { IncidentState } from '../incident/state.js';
import { LAW } from '../law/provisions.js';
import { nextPhase, type PhaseTold, standsWith } from '../incident/taken-back.js';
import { tellingsOf } from '../incident/telling.js';
import { messageText } from '../message/text.js';
import type { Assessment } from '../risk/assessment.js';
import { changesSince } from './changes.js';
import { additionalInformation } from './additional.js';
import { gapsOf, missingFields } from './form.js';
import type { Authorisation, Completeness, Declared, NoticeContent } from './model.js';

/** What a notice is made from. A whole IncidentState fits; a facts file needs no more than this (`sourceFromFacts`). */
export interface NoticeSource
  extends Pick<IncidentState, 'id' | 'mode' | 'awareness' | 'facts' | 'duties' | 'messages' | 'mailings'>,
    Partial<Pick<IncidentState, 'tasks'>> {
  readonly setting: Pick<IncidentState['setting'], 'organisation' | 'authorities'>;
  readonly decision: Pick<NonNullable<IncidentState['decision']>, 'level' | 'reasons'> | null;
  readonly proposal: { readonly assessment: Pick<Assessment, 'severity'> } | null;
  readonly notices: readonly PhaseTold[];
}

/** A source for someone who has only a file: nothing was decided, sent or told yet. */
export const sourceFromFacts = (
  given: Pick<NoticeSource, 'id' | 'mode' | 'awareness' | 'facts' | 'setting'> &
    Partial<Pick<NoticeSource, 'decision' | 'proposal'>>,
): NoticeSource => ({ decision: null, proposal: null, duties: [], messages: [], mailings: [], notices: [], ...given });

export interface NoticeInput {
  readonly state: NoticeSource;
  readonly at: Instant;
  /** Version of the law's rules. */
  readonly rules: string;
  /** The phase before that was submitted; null for the first, and for the first after all was taken back. */
  readonly previous: NoticeContent | null;
  /** What changed is told since this phase; since the former one where it is left out. */
  readonly comparedWith?: NoticeContent | null;
  /** For days where the controller is; without it those of UTC. */
  readonly offsetMs?: OffsetMs;
  /** The reasons, when the notice takes the earlier one back (R-223, R-224). */
  readonly withdraw: string | null;
  /** Nobody has approved it: it goes out by itself under this authorisation, as incomplete, and says so. */
  readonly automatic?: Authorisation | null;
}

type Told = Pick<
  NoticeContent['communication'],
  'status' | 'on' | 'informed' | 'uncounted' | 'means' | 'otherMeans' | 'text'
>;

/**
 * The canonical content of the next phase. Never refuses for want of facts: what is missing is declared and follows (Art. 33(3), (4); R-211, R-220).
 * Throws only when nobody has confirmed awareness: then no notice is owed and its deadline does not exist.
 */
export function buildNotice(input: NoticeInput): NoticeContent {
  const { state, at, rules, previous, withdraw, automatic = null } = input;
  const awareAt = state.awareness.awareAt?.at;
  if (awareAt === undefined)
    throw new Error('A notice needs awareAt: confirm awareness first. Without it no notice is owed yet.');
  const { facts, duties } = state;
  const { organisation } = state.setting;
  const dayOf: DayOf = (instant) => plusMs(instant, input.offsetMs?.(organisation.zone, instant) ?? 0).slice(0, 10);
  const kind = previous === null && withdraw === null ? 'NEW' : 'FOLLOW_UP';
  const communication = communicationOf(state, dayOf);

  const draft: NoticeContent = {
    model: 1,
    incident: state.id,
    mode: state.mode,
    phase: Math.max((previous?.phase ?? 0) + 1, nextPhase(state, withdraw !== null)),
    kind,
    completeness: withdraw === null ? 'COMPLETE' : 'WITHDRAW',
    withdrawalReason: withdraw,
    rules,
    builtAt: at,
    controller: {
      name: organisation.name,
      contact: organisation.contact,
      sector: organisation.sector,
      establishments: establishmentsOf(organisation, facts),
      ...(organisation.identifier && { identifier: organisation.identifier }),
      ...(organisation.size && { size: organisation.size }),
      ...(organisation.activity !== undefined && { activity: organisation.activity }),
      ...(organisation.representative && { representative: organisation.representative }),
    },
    reportingPerson: organisation.reportingPerson,
    dpo: organisation.dpo ?? null,
    ...dpoDesignated(organisation),
    otherParties: otherParties(facts),
    timeline: {
      zone: state.awareness.awareAt?.zone ?? organisation.zone,
      occurrence: text(facts, 'breach.occurrence'),
      startedAt: text(facts, 'breach.startedAt'),
      endedAt: text(facts, 'breach.endedAt'),
      firstHintAt: state.awareness.firstHintAt?.at ?? null,
      processorInformedUsAt: state.awareness.processorInformedUsAt?.at ?? null,
      toldUsOn: toldUsOn(state, dayOf),
      awareAt,
      late: isLate(firstSubmission(state, previous) ?? at, strictDeadline(awareAt)),
      reasonsForDelay: text(facts, 'notice.reasonsForDelay'),
      discoveredBy: text(facts, 'breach.discoveredBy'),
      discoveryDetail: text(facts, 'breach.discoveryDetail'),
      notes: together(text(facts, 'breach.timelineNotes'), text(facts, 'notice.awarenessReason')),
      ...additionalInformation(facts),
    },
    breach: {
      summary: text(facts, 'breach.summary'),
      rootCause: text(facts, 'breach.rootCause'),
      nature: list(facts, 'breach.nature'),
      confidentiality: text(facts, 'confidentiality.outcome'),
      unintelligible: text(facts, 'data.unintelligible'),
      integrity: text(facts, 'integrity.outcome'),
      availability: text(facts, 'availability.outcome'),
      incidentTypes: list(facts, 'breach.incidentTypes'),
      cause: text(facts, 'breach.cause'),
      systems: list(facts, 'breach.systems'),
    },
    people: {
      categories: list(facts, 'people.categories'),
      detail: text(facts, 'people.detail'),
      count: declared(facts, 'people.count', isCount),
      countries: declared(facts, 'people.countries', isCountryCounts),
    },
    data: {
      categories: list(facts, 'data.categories'),
      detail: text(facts, 'data.detail'),
      records: declared(facts, 'data.records', isCount),
    },
    measuresBefore: list(facts, 'measures.before'),
    measuresBeforeDetail: text(facts, 'measures.beforeDetail'),
    consequences: {
      confidentiality: list(facts, 'confidentiality.consequences'),
      integrity: list(facts, 'integrity.consequences'),
      availability: list(facts, 'availability.consequences'),
      harms: list(facts, 'harm.types'),
      detail: text(facts, 'harm.detail'),
      severity: text(facts, 'harm.severity'),
    },
    assessment: assessmentOf(state),
    measures: {
      taken: text(facts, 'measures.taken'),
      prevention: list(facts, 'measures.prevention'),
      preventionDetail: text(facts, 'measures.preventionDetail'),
    },
    communication: {
      ...communication,
      ...exemptionOf(state),
      ...publiclyOf(state),
      ...circleReasonOf(facts),
      advice: text(facts, 'communication.advice'),
    },
    others: {
      police: text(facts, 'police.reported'),
      authorities: text(facts, 'authorities.others'),
      crossBorder: text(facts, 'crossBorder.processing'),
      leadAuthority: leadOf(state),
      authoritiesToldOrToBeTold: authoritiesOf(state),
      moreInformationOn: text(facts, 'notice.moreInformationOn'),
    },
    gaps: [],
    changes: [],
    filedAutomatically: automatic !== null,
    ...(automatic && { authorisation: automatic }),
  };

  const missing = missingFields(draft, { earlierReference: null, releasedAt: at });
  // What no person has read is never complete: a reviewed follow-up is owed (Art. 33(4)).
  const promised = isPromised(facts, at);
  const owed = duties.some((d) => d.kind === 'people-message' && isOwed(d)); // whoever is not told yet follows
  const complete = missing.length === 0 && !promised && !owed && automatic === null;
  const completeness: Completeness = withdraw !== null ? 'WITHDRAW' : complete ? 'COMPLETE' : 'INCOMPLETE';
  const content: NoticeContent = {
    ...draft,
    completeness,
    gaps: [
      ...gapsOf(missing).map((id) => (id === 'parties.others' && facts[id] ? (openParty(facts) ?? id) : id)),
      ...(promised ? (['notice.moreInformationOn'] as const) : []),
    ],
  };
  const compared = input.comparedWith ?? previous;
  return compared === null ? content : { ...content, ...changesSince(compared, content, facts) };
}

/** More is announced for a day that is not over (F-66): who says that is not complete (Art. 33(4)). */
const isPromised = (facts: Facts, at: Instant): boolean => {
  const on = facts['notice.moreInformationOn']?.value;
  return isText(on) && on >= at.slice(0, 10);
};

type DayOf = (instant: Instant) => string;

/** F-23: of a processor the record knows it; of anybody else only the fact. */
function toldUsOn({ facts, awareness }: NoticeSource, dayOf: DayOf): string | null {
  const said = facts['breach.toldUsOn']?.value;
  if (isText(said)) return said;
  const informed = awareness.processorInformedUsAt?.at;
  return facts['breach.discoveredBy']?.value === 'PROCESSOR' && informed ? dayOf(informed) : null;
}

/** F-14: designated, not designated, and not known are three things. A DPO who reports says by that that there is one. */
const dpoDesignated = ({
  dpo,
  dpoDesignated: said,
  reportingPerson,
}: NoticeSource['setting']['organisation']): Pick<NoticeContent, 'dpoDesignated'> =>
  dpo || reportingPerson.function === 'DPO' ? {} : { dpoDesignated: said === false ? 'no' : 'not_known' };

/** The instant that decides whether the 72 hours were kept: the first phase that reached any authority, and still stands there (R-223). */
function firstSubmission(state: NoticeSource, previous: NoticeContent | null): Instant | null {
  const submitted = state.notices.flatMap((notice) =>
    Object.entries(notice.deliveries).flatMap(([authority, { submittedAt }]) =>
      submittedAt !== null && standsWith(state, notice, authority) ? [submittedAt] : [],
    ),
  );
  return submitted.length > 0 ? earliest(...submitted) : (previous?.builtAt ?? null);
}

/** A blank text says nothing: it counts as not answered. */
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isTextList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is Count =>
  isRecord(value) && ['min', 'max'].every((key) => typeof value[key] === 'number');
const isCountryCounts = (value: unknown): value is Readonly<Record<string, number>> =>
  isRecord(value) && Object.values(value).every((count) => typeof count === 'number');

/** Known and estimated are given; a fact nobody has recorded is pending: it will be found out. */
function declared<T>(facts: Facts, id: FactId, is: (value: unknown) => value is T): Declared<T> {
  const fact = facts[id];
  if (fact === undefined || fact.certainty === 'pending') return { state: 'pending' };
  if (fact.certainty === 'undeterminable' || fact.certainty === 'not_applicable') return { state: fact.certainty };
  return is(fact.value)
    ? { state: 'given', value: fact.value, estimated: fact.certainty === 'estimated' }
    : { state: 'pending' };
}
const text = (facts: Facts, id: FactId): Declared<string> => declared(facts, id, isText);
const list = (facts: Facts, id: FactId): Declared<readonly string[]> => declared(facts, id, isTextList);

const PARTIES = [
  ['processor', 'parties.processors'],
  ['joint controller', 'parties.jointControllers'],
  ['controller for whom we process', 'parties.controllers'],
] as const;

/** F-16: whoever is involved, with its part. Who is known is named, also while it is open whether there are more. */
function otherParties(facts: Facts): Declared<readonly string[]> {
  const named = PARTIES.flatMap(([part, id]) => {
    const names = list(facts, id);
    return names.state === 'given'
      ? names.value.map((name) => ({ line: `${name} (${part})`, estimated: names.estimated }))
      : [];
  });
  const others = list(facts, 'parties.others');
  if (named.length === 0)
    return others.state !== 'given' && openParty(facts) !== undefined ? { state: 'pending' } : others;
  const more = others.state === 'given' ? others.value.map((line) => ({ line, estimated: others.estimated })) : [];
  const all = [...named, ...more];
  return { state: 'given', value: all.map(({ line }) => line), estimated: all.some(({ estimated }) => estimated) };
}

/** Nobody says "no others" while somebody still asks whether there is a processor. */
const openParty = (facts: Facts): FactId | undefined =>
  PARTIES.map(([, id]) => id).find((id) => facts[id]?.certainty === 'pending');

function together(first: Declared<string>, second: Declared<string>): Declared<string> {
  if (first.state !== 'given') return second.state === 'given' ? second : first;
  if (second.state !== 'given') return first;
  return { state: 'given', value: `${first.value}\n${second.value}`, estimated: first.estimated || second.estimated };
}

function assessmentOf({ decision, proposal }: NoticeSource): NoticeContent['assessment'] {
  const severity = proposal?.assessment.severity;
  const assumed = severity?.steps.filter((step) => step.assumed).map(({ criterion }) => criterion) ?? [];
  return {
    level: decision?.level ?? 'MORE_INFO_NEEDED',
    reasons: decision?.reasons ?? 'The assessment is not finished; its outcome will follow.',
    method: severity
      ? `Method: ENISA 2013, severity = processing context x ease of identification + circumstances: ${severity.dpc} x ${severity.ei} + ${severity.cb} = ${severity.se} (${severity.level.replace('_', ' ')}); criteria of EDPB Guidelines 9/2022.${assumed.length > 0 ? ` Assumed on the safe side while not known: ${assumed.join(', ')}.` : ''}`
      : 'Method: criteria of EDPB Guidelines 9/2022.',
  };
}

const authorityName = (state: NoticeSource, id: string | undefined): string | null =>
  id === undefined
    ? null
    : (state.setting.authorities.find(({ authority }) => authority === id)?.name ?? findAuthority(id)?.name ?? id);

const NOBODY_LEADS =
  'None: public authorities, legal obligations and public tasks have their own authority and no lead one (Art. 55(2) GDPR).';

/** Row 114: who leads by the rules (R-502), as the facts have it; the first of the list where they name nobody, and in exercises. */
function leadOf(state: NoticeSource): string | null {
  const { organisation } = state.setting;
  const listed = organisation.authorities.find((id) => isInEea(state, id));
  if (listed !== undefined && !isReal(listed)) return authorityName(state, listed);
  const { lead, authorities } = competent({ organisation, facts: state.facts });
  if (lead === undefined && authorities.some(({ basis }) => basis.cite === LAW.publicBodies.cite)) return NOBODY_LEADS;
  return authorityName(state, lead ?? listed);
}

/** Whoever was left out because it is not competent is not told, unless it had been told before. */
function authoritiesOf(state: NoticeSource): readonly string[] {
  const owed = state.duties.filter(({ kind }) => kind === 'authority-notice');
  const told = owed.filter(
    ({ to, state: now }) =>
      now !== 'waived' || state.notices.some(({ deliveries }) => (deliveries[to]?.submittedAt ?? null) !== null),
  );
  const { organisation, authorities } = state.setting;
  const before = organisation.authorities.length > 0 ? organisation.authorities : authorities.map((a) => a.authority);
  const ids = owed.length > 0 ? told.map(({ to }) => to) : before;
  return [...new Set(ids)].filter((id) => isInEea(state, id)).map((id) => authorityName(state, id) ?? id);
}

/** Rows 114, 118 and 123 ask for authorities of the EEA: one outside it is told beside them and neither leads nor stands there (R-508). */
const isInEea = (state: NoticeSource, id: string): boolean =>
  state.setting.authorities.some(
    ({ authority, country }) => authority === id && (EEA as readonly string[]).includes(country),
  );

const peopleDuty = (state: NoticeSource) => state.duties.find(({ kind }) => kind === 'people-message');

/** The conditions of Art. 34(3) by the rule that lifted the duty; under R-419 the authority found one of them met, and the fact says which. */
const LIFTED_BY: Readonly<Record<string, (typeof EXEMPTIONS)[number] | null>> = {
  'R-414': 'A_PROTECTION_APPLIED',
  'R-416': 'B_RISK_REMOVED',
  'R-417': 'C_DISPROPORTIONATE_EFFORT',
  'R-419': null,
};
/** Undefined unless two people have lifted the duty: a fact alone claims nothing, and a risk that is not high (R-401) is no exemption. */
function liftedBy(state: NoticeSource): (typeof EXEMPTIONS)[number] | null | undefined {
  const duty = peopleDuty(state);
  return duty?.state === 'exempt' && duty.dischargedBy !== null ? LIFTED_BY[duty.dischargedBy] : undefined;
}

function exemptionOf(state: NoticeSource): Pick<NoticeContent['communication'], 'exemption' | 'exemptionProof'> {
  const lifted = liftedBy(state);
  if (lifted === undefined) return { exemption: { state: 'pending' }, exemptionProof: { state: 'pending' } };
  const proof = peopleDuty(state)?.exemption?.proof;
  return {
    exemption:
      lifted === null
        ? text(state.facts, 'communication.exemption')
        : { state: 'given', value: lifted, estimated: false },
    exemptionProof: isText(proof) ? { state: 'given', value: proof, estimated: false } : { state: 'pending' },
  };
}

const circleReasonOf = (facts: Facts): Pick<NoticeContent['communication'], 'circleReason'> => {
  const reason = text(facts, 'communication.circleReason');
  return facts['communication.circle']?.value === 'ALL' || reason.state !== 'given'
    ? {}
    : { circleReason: reason.value };
};

/** F-50 to F-56: told, planned, still open, not needed, or exempt with a reason (R-401, R-414 to R-419). */
function communicationOf(state: NoticeSource, dayOf: DayOf): Told {
  const duty = peopleDuty(state);
  const not = { informed: null, means: [], text: null, on: null } as const;
  const told = toldOf(state, dayOf);
  if (told !== null) return told;
  // A lifted duty has an instant too: only what discharged it says that anybody was told.
  if (liftedBy(state) !== undefined) return { ...not, status: 'NO_EXEMPT' };
  if (duty?.dischargedAt && (duty.state === 'discharged' || duty.state === 'discharged_late'))
    return { ...not, status: 'YES' }; // nobody has recorded when and how
  const level = state.decision?.level ?? 'MORE_INFO_NEEDED';

  const plannedOn = state.facts['communication.plannedOn'];
  if (isText(plannedOn?.value)) return { ...not, status: 'PLANNED_ON', on: plannedOn.value };
  // An order stands above one's own decision (Art. 34(4), R-419).
  const toBeTold = level === 'HIGH_RISK' || state.facts['order.byAuthority']?.value === 'ORDERED_BY_SA';
  return { ...not, status: toBeTold ? 'PLANNED_NO_DATE' : notHigh(level) };
}

/** By mailings, and otherwise as a person has recorded it; null while nobody was told. */
function toldOf(state: NoticeSource, dayOf: DayOf): Told | null {
  const mailings = state.mailings.flatMap(({ totals, completedAt, message }) => {
    const number = totals === null ? 0 : totals.accepted + totals.resent;
    if (number === 0 || completedAt === null) return [];
    const content = state.messages.find(({ id }) => id === message)?.content;
    return [{ on: dayOf(completedAt), number, means: ['INDIVIDUAL'], text: content ? messageText(content) : null }];
  });
  const tellings = tellingsOf(state);
  const all = [...mailings, ...tellings];
  const first = all.map(({ on }) => on).sort()[0];
  if (first === undefined) return null;
  const counted = all.flatMap(({ number }) => number ?? []);
  const texts = [...new Set(all.flatMap(({ text }) => text ?? []))];
  const others = [...new Set(tellings.flatMap(({ otherMeans }) => otherMeans ?? []))];
  return {
    status: 'YES',
    on: first,
    informed: counted.length > 0 ? counted.reduce((sum, number) => sum + number, 0) : null,
    ...(counted.length < all.length && { uncounted: true }),
    means: MEANS_OF_TELLING.filter((one) => all.some(({ means }) => means.includes(one))),
    ...(others.length > 0 && { otherMeans: others.join('; ') }),
    text: texts.length > 0 ? texts.join('\n\n') : null,
  };
}

/** Art. 34(3)(c): where and when the public communication appeared. */
function publiclyOf(state: NoticeSource): Pick<NoticeContent['communication'], 'publicly'> {
  const first = tellingsOf(state, true)[0];
  return first === undefined ? {} : { publicly: { on: first.on, text: first.text } };
}

const notHigh = (level: NoticeContent['assessment']['level']): Told['status'] =>
  level === 'MORE_INFO_NEEDED' ? 'NO_INVESTIGATING' : 'NO_NOT_HIGH';
