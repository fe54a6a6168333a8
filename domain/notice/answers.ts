import { isLate, strictDeadline } from '../clock/deadlines.js';
import type { Contact } from '../incident/organisation.js';
import { commentsOf } from './additional.js';
import { informedOfAll } from './informed.js';
import { EEA } from '../incident/lists.js';
import type { Count } from '../incident/facts.js';
import { type ChoiceField, letterOf, ONLY_WHEN_INCOMPLETE, optionsOf } from './form-options.js';
import { DRILL_MARKING } from './marking.js';
import type { Declared, NoticeContent, NoticeEnvelope } from './model.js';
import { dayInWords } from './words.js';

export type FormValue = string | boolean | number | readonly string[] | Readonly<Record<string, number>>;

/**
 * What one field of the form gets. `pending` keeps a value where the form has a letter for it. `absent`: nothing to say.
 * `not_asked`: the form does not ask it in this case.
 */
export interface Answer {
  readonly value: FormValue | null;
  readonly state: 'given' | 'estimated' | 'pending' | 'undeterminable' | 'not_applicable' | 'absent' | 'not_asked';
}

/** What differs by authority and release, as far as the form shows it. */
export type Filing = Pick<NoticeEnvelope, 'earlierReference' | 'releasedAt' | 'withoutHours' | 'unsent'>;

const ABSENT: Answer = { value: null, state: 'absent' };
const NOT_ASKED: Answer = { value: null, state: 'not_asked' };
/** The whole answer says that no other authority was told. */
const NOBODY_ELSE = /^\s*(?:none|no|nobody|no one|keine[rs]?|nein|niemand|aucune?|non|personne)\s*[.!]?\s*$/i;
/** The form wants rows 89 and 97 in every notice, also in one that takes all of it back. */
const BEFORE_WITHDRAWAL = 'Rows 89 and 97 say what stood before this withdrawal; row 5 says why it is withdrawn.';
const CANNOT = 'Cannot be determined.';
const NOT_APPLICABLE = 'Not applicable.';

const given = (value: FormValue | null | undefined): Answer =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
    ? ABSENT
    : { value, state: 'given' };
const fixed = (no: ChoiceField, code: string | undefined): Answer =>
  given(code === undefined ? null : letterOf(no, code));
const isOpen = (letters: readonly string[], no: ChoiceField): boolean =>
  letters.some(
    (letter) =>
      letter === ONLY_WHEN_INCOMPLETE[no] || optionsOf(no).some((o) => o.letter === letter && o.code === 'TBD'),
  );

function words(declared: Declared<string> | Declared<readonly string[]>): Answer {
  if (declared.state !== 'given') {
    if (declared.state === 'pending') return { value: null, state: 'pending' };
    return { value: declared.state === 'undeterminable' ? CANNOT : NOT_APPLICABLE, state: declared.state };
  }
  const text = typeof declared.value === 'string' ? declared.value : declared.value.join('\n');
  return text.trim() === ''
    ? { value: null, state: 'pending' }
    : { value: text, state: declared.estimated ? 'estimated' : 'given' };
}

/** `otherwise`: the code that stands for each of the three ways not to answer; without one the field stays empty. */
interface Otherwise {
  readonly pending?: string;
  readonly undeterminable?: string;
  readonly not_applicable?: string;
}

function letters(no: ChoiceField, declared: Declared<string> | Declared<readonly string[]>, otherwise: Otherwise) {
  if (declared.state !== 'given') {
    const code = otherwise[declared.state];
    const letter = code === undefined ? undefined : letterOf(no, code);
    return { found: letter === undefined ? [] : [letter], state: declared.state };
  }
  const codes = typeof declared.value === 'string' ? [declared.value] : declared.value;
  const found = optionsOf(no)
    .filter((option) => codes.includes(option.code))
    .map((option) => option.letter);
  if (found.length === 0 || isOpen(found, no)) {
    const letter = otherwise.pending === undefined ? undefined : letterOf(no, otherwise.pending);
    return { found: found.length > 0 ? found : letter === undefined ? [] : [letter], state: 'pending' as const };
  }
  return { found, state: declared.estimated ? ('estimated' as const) : ('given' as const) };
}

function one(no: ChoiceField, declared: Declared<string>, otherwise: Otherwise): Answer {
  const { found, state } = letters(no, declared, otherwise);
  return { value: found[0] ?? null, state };
}

function many(no: ChoiceField, declared: Declared<readonly string[]>, otherwise: Otherwise): Answer {
  const { found, state } = letters(no, declared, otherwise);
  return { value: found.length === 0 ? null : found, state };
}

const isExact = (count: Count): boolean => count.min === count.max;

/** Rows 67 and 72: how well the number is known. */
function countKind(no: 67 | 72, declared: Declared<Count>): Answer {
  if (declared.state === 'pending') return { value: letterOf(no, 'TBD') ?? null, state: 'pending' };
  if (declared.state !== 'given') return { value: letterOf(no, 'UNDETERMINABLE') ?? null, state: declared.state };
  const exact = isExact(declared.value) && !declared.estimated;
  return { value: letterOf(no, exact ? 'EXACT' : 'APPROX') ?? null, state: exact ? 'given' : 'estimated' };
}

/** One number is all that the form takes. Of a range without a likely one it is the upper end, so that nobody reads too few; row 53 says so. */
const countNumber = (declared: Declared<Count>): Answer =>
  declared.state === 'given'
    ? {
        value: declared.value.likely ?? declared.value.max,
        state: declared.estimated || !isExact(declared.value) ? 'estimated' : 'given',
      }
    : { value: null, state: declared.state };

export const contactLine = (contact: Partial<Contact> & { website?: string | undefined }): string =>
  [contact.address, contact.email, contact.phone, contact.website]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');

/** The form follows the EU's own codes where they differ from ISO. */
const formCountry = (iso: string): string => (iso === 'GR' ? 'EL' : iso);
const isEea = (country: string): boolean => (EEA as readonly string[]).includes(country);

/** Free text for "other" where a list could not be answered: the description of the harm, else what there is to say. */
function otherText(list: Declared<readonly string[]>, detail: Declared<string>): Answer {
  if (detail.state === 'given' || list.state === 'given' || list.state === 'pending') return words(detail);
  return words({ state: list.state });
}

export const isEstablishedInEea = (content: NoticeContent): boolean =>
  content.controller.establishments.some((place) => isEea(place.country));

/** Late as approved, or because it was released only after the deadline. A follow-up is as late as its first phase was. */
export const isFiledLate = (content: NoticeContent, filing: Filing): boolean =>
  filing.withoutHours !== true &&
  (content.timeline.late ||
    (content.kind === 'NEW' && isLate(filing.releasedAt, strictDeadline(content.timeline.awareAt))));

/** Only a value counts here: the form has no way to say why there is none. */
const asIs = (declared: Declared<string>): Answer =>
  declared.state === 'given'
    ? { value: declared.value, state: declared.estimated ? 'estimated' : 'given' }
    : { value: null, state: declared.state };
/** Asked where row 44 knows when it was; a start that is known is told all the same. */
const startOf = ({ occurrence, startedAt }: NoticeContent['timeline']): Answer =>
  startedAt.state === 'given' ||
  (occurrence.state === 'given' && ['SPECIFIC_DAY', 'RANGE', 'ONGOING_SINCE'].includes(occurrence.value))
    ? asIs(startedAt)
    : NOT_ASKED;
const isRough = (declared: Declared<string>): boolean => declared.state === 'given' && declared.estimated;

function joined(first: Answer, label: string, second: Declared<string>): Answer {
  return typeof first.value === 'string' && second.state === 'given'
    ? { ...first, value: `${first.value}\n${label}: ${second.value}` }
    : first;
}

function otherParties(declared: Declared<readonly string[]>): Answer {
  if (declared.state === 'given') return fixed(38, declared.value.length > 0 ? 'YES' : 'NO');
  if (declared.state === 'pending') return { value: null, state: 'pending' };
  return { value: letterOf(38, declared.state === 'undeterminable' ? 'UNKNOWN' : 'NO') ?? null, state: declared.state };
}

/** Of people who were told: whoever told them knows it, and has not recorded it. */
const TO_FOLLOW: Answer = { value: null, state: 'pending' };
const toFollow = (value: string | null): Answer => (value === null ? TO_FOLLOW : given(value));

/** Under Art. 34(3)(c) the public communication is one of the measures that row 101 asks for. */
const withPublic = (answer: Answer, publicly: NoticeContent['communication']['publicly']): Answer =>
  publicly === undefined
    ? answer
    : joined(answer, `Public communication of ${dayInWords(publicly.on)}`, {
        state: 'given',
        value: publicly.text,
        estimated: false,
      });

/** What is planned, or not decided yet, is told when it is so: the authority hears of it in a later phase. */
const isStillToCome = (status: NoticeContent['communication']['status']): boolean =>
  status === 'PLANNED_ON' || status === 'PLANNED_NO_DATE' || status === 'NO_INVESTIGATING';

const day = (instant: string | null): string | null => instant?.slice(0, 10) ?? null;

/** Every field's answer, from the canonical content alone; fields that are not in the map have none. Visibility is the form's matter. */
export function answersOf(content: NoticeContent, filing: Filing): ReadonlyMap<number, Answer> {
  const {
    controller,
    reportingPerson,
    dpo,
    timeline,
    breach,
    people,
    data,
    consequences,
    measures,
    communication,
    others,
  } = content;
  const known =
    people.countries.state === 'given'
      ? Object.entries(people.countries.value).filter(([country]) => isEea(country))
      : [];
  const countriesState =
    people.countries.state === 'given' ? (people.countries.estimated ? 'estimated' : 'given') : people.countries.state;
  const countries: Answer = {
    value: known.length > 0 ? known.map(([country]) => formCountry(country)).sort() : null,
    state: countriesState,
  };
  const perCountry: Answer = {
    value: known.length > 0 ? Object.fromEntries(known.map(([country, count]) => [formCountry(country), count])) : null,
    state: countriesState,
  };
  const inEea = isEstablishedInEea(content);
  const late = isFiledLate(content, filing);
  const informed = informedOfAll(content);
  const told = given(others.authoritiesToldOrToBeTold);

  return new Map<number, Answer>([
    [3, fixed(3, content.kind)],
    [4, fixed(4, content.completeness)],
    [5, given(content.withdrawalReason)],
    [6, given(filing.earlierReference)],
    [7, given(content.mode === 'drill' ? `${DRILL_MARKING} ${content.incident}` : content.incident)],
    [10, fixed(10, controller.identifier?.type)],
    [11, given(controller.identifier?.value)],
    [12, given(controller.name)],
    [13, given(contactLine(controller.contact))],
    [14, fixed(14, controller.sector)],
    [15, fixed(15, controller.size)],
    [17, given(controller.activity)],
    [18, given(controller.representative?.name)],
    [19, given(controller.representative ? contactLine(controller.representative) : null)],
    [21, given(reportingPerson.name)],
    [22, given(contactLine(reportingPerson) || contactLine(controller.contact))],
    [23, fixed(23, reportingPerson.function)],
    [24, given(reportingPerson.description)],
    [
      29,
      dpo === null && content.dpoDesignated === 'not_known'
        ? { value: null, state: 'pending' }
        : fixed(29, dpo === null ? 'NO' : 'YES'),
    ],
    [30, given(dpo?.name)],
    [31, given(dpo === null ? null : contactLine(dpo) || contactLine(controller.contact))],
    [33, fixed(33, dpo !== null || reportingPerson.function === 'DPO' ? 'DPO' : 'REPORTING_PERSON')],
    [38, otherParties(content.otherParties)],
    [
      40,
      content.otherParties.state === 'given'
        ? given(content.otherParties.value)
        : { value: null, state: content.otherParties.state },
    ],
    [
      44,
      one(44, timeline.occurrence, {
        pending: 'TBD',
        undeterminable: 'UNDETERMINABLE',
        not_applicable: 'UNDETERMINABLE',
      }),
    ],
    [45, isRough(timeline.startedAt) || isRough(timeline.endedAt) ? given(true) : ABSENT],
    [46, startOf(timeline)],
    [47, asIs(timeline.endedAt)],
    [48, given(timeline.awareAt)],
    [49, late ? asIs(timeline.reasonsForDelay) : NOT_ASKED],
    [50, one(50, timeline.discoveredBy, { undeterminable: 'OTHER', not_applicable: 'OTHER' })],
    [51, words(timeline.discoveryDetail)],
    [52, given(timeline.toldUsOn === undefined ? day(timeline.processorInformedUsAt) : timeline.toldUsOn)],
    [53, given(commentsOf(content))],
    [55, many(55, breach.nature, {})],
    [
      56,
      one(56, breach.confidentiality, {
        pending: 'TBD',
        undeterminable: 'NOT_ASSESSABLE',
        not_applicable: 'NOT_ASSESSABLE',
      }),
    ],
    [
      57,
      one(57, breach.unintelligible, {
        pending: 'TBD',
        undeterminable: 'NOT_ASSESSABLE',
        not_applicable: 'NOT_ASSESSABLE',
      }),
    ],
    [58, one(58, breach.integrity, { undeterminable: 'UNDETERMINABLE', not_applicable: 'UNDETERMINABLE' })],
    [59, one(59, breach.availability, { undeterminable: 'UNDETERMINED', not_applicable: 'UNDETERMINED' })],
    [60, many(60, breach.incidentTypes, { pending: 'TBD', undeterminable: 'OTHER', not_applicable: 'OTHER' })],
    [61, one(61, breach.cause, { pending: 'TBD', undeterminable: 'UNKNOWN', not_applicable: 'UNKNOWN' })],
    [62, joined(words(breach.summary), 'Root cause', breach.rootCause)],
    [63, words(breach.systems)],
    [
      65,
      many(65, people.categories, {
        pending: 'NOT_YET_KNOWN',
        undeterminable: 'ADDITIONAL',
        not_applicable: 'ADDITIONAL',
      }),
    ],
    [66, words(people.detail)],
    [67, countKind(67, people.count)],
    [68, countNumber(people.count)],
    [
      70,
      many(70, data.categories, {
        pending: 'NOT_YET_KNOWN',
        undeterminable: 'ADDITIONAL',
        not_applicable: 'ADDITIONAL',
      }),
    ],
    [71, words(data.detail)],
    [72, countKind(72, data.records)],
    [73, countNumber(data.records)],
    [75, many(75, content.measuresBefore, { undeterminable: 'OTHER', not_applicable: 'OTHER' })],
    [76, words(content.measuresBeforeDetail)],
    [
      79,
      many(79, consequences.confidentiality, {
        pending: 'UNDER_ASSESSMENT',
        undeterminable: 'OTHER',
        not_applicable: 'OTHER',
      }),
    ],
    [80, otherText(consequences.confidentiality, consequences.detail)],
    [
      81,
      many(81, consequences.integrity, {
        pending: 'UNDER_ASSESSMENT',
        undeterminable: 'OTHER',
        not_applicable: 'OTHER',
      }),
    ],
    [82, otherText(consequences.integrity, consequences.detail)],
    [
      83,
      many(83, consequences.availability, {
        pending: 'UNDER_ASSESSMENT',
        undeterminable: 'OTHER',
        not_applicable: 'OTHER',
      }),
    ],
    [84, otherText(consequences.availability, consequences.detail)],
    [85, many(85, consequences.harms, { pending: 'TBD', undeterminable: 'OTHER', not_applicable: 'OTHER' })],
    [86, otherText(consequences.harms, consequences.detail)],
    [87, one(87, consequences.severity, { pending: 'TBD', undeterminable: 'TBD', not_applicable: 'TBD' })],
    [
      89,
      {
        value: letterOf(89, content.assessment.level) ?? null,
        state: content.assessment.level === 'MORE_INFO_NEEDED' ? 'pending' : 'given',
      },
    ],
    [
      90,
      given(
        [
          content.completeness === 'WITHDRAW' ? BEFORE_WITHDRAWAL : '',
          content.assessment.reasons,
          content.assessment.method,
        ]
          .filter((text) => text !== '')
          .join('\n'),
      ),
    ],
    [92, words(measures.taken)],
    [94, many(94, measures.prevention, { undeterminable: 'OTHER', not_applicable: 'OTHER' })],
    [95, words(measures.preventionDetail)],
    [
      97,
      {
        value: letterOf(97, communication.status) ?? null,
        state: content.completeness !== 'WITHDRAW' && isStillToCome(communication.status) ? 'pending' : 'given',
      },
    ],
    [98, toFollow(communication.on)],
    [99, given(communication.on)],
    [
      100,
      many(
        100,
        communication.exemption.state === 'given'
          ? { ...communication.exemption, value: [communication.exemption.value] }
          : communication.exemption,
        {},
      ),
    ],
    [101, withPublic(words(communication.exemptionProof), communication.publicly)],
    [102, informed.code === null ? TO_FOLLOW : fixed(102, informed.code)],
    [103, given(informed.why)],
    [
      104,
      communication.means.length > 0
        ? many(104, { state: 'given', value: communication.means, estimated: false }, {})
        : TO_FOLLOW,
    ],
    [105, given(communication.otherMeans)],
    [106, toFollow(communication.text)],
    [109, one(109, others.police, { pending: 'UNKNOWN', undeterminable: 'UNKNOWN', not_applicable: 'NO' })],
    [
      110,
      others.authorities.state === 'given'
        ? fixed(110, NOBODY_ELSE.test(others.authorities.value) ? 'NO' : 'YES')
        : one(110, others.authorities, { pending: 'UNKNOWN', undeterminable: 'UNKNOWN', not_applicable: 'NO' }),
    ],
    [
      111,
      others.authorities.state === 'given' && !NOBODY_ELSE.test(others.authorities.value)
        ? words(others.authorities)
        : ABSENT,
    ],
    [113, inEea ? one(113, others.crossBorder, { undeterminable: 'UNKNOWN', not_applicable: 'NO' }) : NOT_ASKED],
    [114, given(others.leadAuthority)],
    [
      115,
      given(
        controller.establishments
          .filter((place) => isEea(place.country))
          .map((place) => formCountry(place.country))
          .sort(),
      ),
    ],
    [116, countries],
    [117, perCountry],
    [118, inEea ? told : NOT_ASKED],
    [120, inEea ? NOT_ASKED : fixed(120, 'YES')],
    [121, countries],
    [122, perCountry],
    [123, inEea ? NOT_ASKED : told],
  ]);
}
