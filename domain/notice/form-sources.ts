import type { FactId } from '../incident/facts.js';

/** Where the answer of a row comes from. `from` is told beside or instead of facts; `not`: not filled yet, and why. */
export interface FieldSource {
  readonly facts?: readonly FactId[];
  readonly from?: string;
  readonly not?: string;
}

const TOLD_OTHERWISE = 'the record: how people were told otherwise, with its task (`task ID TASK --done --on …`)';
const PEOPLE_TOLD =
  'the record: mailings; how people were told otherwise, with its task (`task ID TASK --done --on …`)';
const PARTIES = [
  'parties.processors',
  'parties.jointControllers',
  'parties.controllers',
  'parties.others',
] as const satisfies readonly FactId[];
const ATTACHED = 'attachments are not part of a notice yet';
const ONE_PARTY = 'asked of one party only; with several each line of row 40 names the party, its part and its contact';
const COUNTRIES = { facts: ['people.countries'] } as const satisfies FieldSource;
const TOLD =
  'the record: duties towards authorities; before there are any, the authorities of the organisation; only those of the EEA';
const CONTACT_POINT = 'the contact point is the DPO, or the reporting person where there is none; no third one is kept';

/** Known, and without a row of their own: additional information in row 53. */
const ADDITIONAL = [
  'breach.timesMethod',
  'confidentiality.recipientCount',
  'people.mailboxOwners',
  'people.phishingRecipients',
  'people.inMailbox',
  'availability.outageHours',
  'data.professionalSecrecy',
  'availability.serviceImpact',
  'availability.recoveryTime',
  'measures.staffTrained',
  'order.byAuthority',
  'order.detail',
] as const satisfies readonly FactId[];

/** Every row of the form that is a field. docs/form.md shows it; a test keeps both true. */
// biome-ignore format: a table is read by the row
export const FIELD_SOURCES: Readonly<Record<number, FieldSource>> = {
  3: { from: 'engine: the first phase is new, every later one follows up' },
  4: { from: 'engine: complete when nothing owed is open; withdrawn by a person' },
  5: { from: 'the person who withdraws: `notice ID draft --withdraw "…"`' },
  6: { from: "the record: the authority's receipt of the earlier phase" },
  7: { from: 'engine: id of the incident' },
  10: { from: 'organisation: identifier.type' },
  11: { from: 'organisation: identifier.value' },
  12: { from: 'organisation: name' },
  13: { from: 'organisation: contact' },
  14: { from: 'organisation: sector' },
  15: { from: 'organisation: size' },
  16: { not: 'only asked for further words where row 15 is "Others"; the profile has none' },
  17: { from: 'organisation: activity' },
  18: { from: 'organisation: representative.name' },
  19: { from: 'organisation: representative' },
  21: { from: 'organisation: reportingPerson.name' },
  22: { from: 'organisation: reportingPerson, else contact' },
  23: { from: 'organisation: reportingPerson.function' },
  24: { from: 'organisation: reportingPerson.description' },
  25: { not: 'asked in some states only; a national identification number is not kept' },
  26: { not: 'asked in some states only: a declaration that the person gives at the portal' },
  29: { from: 'organisation: dpo; dpoDesignated: false where there is none; with neither it is not known yet' },
  30: { from: 'organisation: dpo.name' },
  31: { from: 'organisation: dpo, else contact' },
  33: { from: 'organisation: dpo, else reportingPerson' },
  34: { not: CONTACT_POINT },
  35: { not: CONTACT_POINT },
  36: { not: CONTACT_POINT },
  38: { facts: PARTIES },
  39: { not: ONE_PARTY },
  40: { facts: PARTIES },
  41: { not: ONE_PARTY },
  44: { facts: ['breach.occurrence'] },
  45: { facts: ['breach.startedAt', 'breach.endedAt'], from: 'their certainty: estimated' },
  46: { facts: ['breach.startedAt'] },
  47: { facts: ['breach.endedAt'] },
  48: { from: 'the record: awareness.awareAt' },
  49: { facts: ['notice.reasonsForDelay'] },
  50: { facts: ['breach.discoveredBy'] },
  51: { facts: ['breach.discoveryDetail'] },
  52: { facts: ['breach.toldUsOn'], from: 'of a processor else the record: awareness.processorInformedUsAt, as a day where the controller is' },
  53: { facts: ['breach.timelineNotes', 'notice.awarenessReason', 'notice.moreInformationOn', ...ADDITIONAL, 'communication.circleReason'], from: 'the record: first hint, processor, filed automatically' },
  55: { facts: ['breach.nature'] },
  56: { facts: ['confidentiality.outcome'] },
  57: { facts: ['data.unintelligible'] },
  58: { facts: ['integrity.outcome'] },
  59: { facts: ['availability.outcome'] },
  60: { facts: ['breach.incidentTypes'] },
  61: { facts: ['breach.cause'] },
  62: { facts: ['breach.summary', 'breach.rootCause'] },
  63: { facts: ['breach.systems'] },
  65: { facts: ['people.categories'] },
  66: { facts: ['people.detail'] },
  67: { facts: ['people.count'] },
  68: { facts: ['people.count'] },
  70: { facts: ['data.categories'] },
  71: { facts: ['data.detail'] },
  72: { facts: ['data.records'] },
  73: { facts: ['data.records'] },
  75: { facts: ['measures.before'] },
  76: { facts: ['measures.beforeDetail'] },
  79: { facts: ['confidentiality.consequences'] },
  80: { facts: ['harm.detail'] },
  81: { facts: ['integrity.consequences'] },
  82: { facts: ['harm.detail'] },
  83: { facts: ['availability.consequences'] },
  84: { facts: ['harm.detail'] },
  85: { facts: ['harm.types'] },
  86: { facts: ['harm.detail'] },
  87: { facts: ['harm.severity'] },
  89: { from: 'the record: the decision of a person about the risk' },
  90: { from: 'the record: the reasons of that decision, and the severity with its arithmetic and what was assumed' },
  92: { facts: ['measures.taken'] },
  94: { facts: ['measures.prevention'] },
  95: { facts: ['measures.preventionDetail'] },
  97: { facts: ['communication.plannedOn'], from: `${PEOPLE_TOLD}; an exemption by two people; the decision about the risk` },
  98: { from: PEOPLE_TOLD },
  99: { facts: ['communication.plannedOn'] },
  100: { facts: ['communication.exemption'], from: 'the record: the rule under which two people lifted the duty (R-414, R-416, R-417); the fact only where the authority confirmed it (R-419)' },
  101: { from: 'the record: the proof with which two people lifted the duty; under Art. 34(3)(c) the public communication' },
  102: { facts: ['people.count'], from: PEOPLE_TOLD },
  103: { facts: ['people.count', 'communication.circleReason'], from: PEOPLE_TOLD },
  104: { from: PEOPLE_TOLD },
  105: { from: TOLD_OTHERWISE },
  106: { from: 'the record: the message that two people approved; what a person has recorded of letters or an announcement' },
  109: { facts: ['police.reported'] },
  110: { facts: ['authorities.others'] },
  111: { facts: ['authorities.others'] },
  113: { facts: ['crossBorder.processing'], from: 'organisation: asked where it has an establishment in the EEA' },
  114: { from: 'the authority that leads by the rules; none for public bodies and public tasks (Art. 55(2)); where nobody leads, the first of the organisation\'s authorities in the EEA' },
  115: { facts: ['crossBorder.establishments'], from: 'where they say nothing, the organisation: establishments' },
  116: COUNTRIES,
  117: COUNTRIES,
  118: { from: TOLD },
  120: { facts: ['crossBorder.establishments'], from: 'where they say nothing, the organisation: no establishment in the EEA' },
  121: COUNTRIES,
  122: COUNTRIES,
  123: { from: TOLD },
  125: { not: ATTACHED },
  126: { not: ATTACHED },
};
