import type { Instant } from '../clock/instant.js';
import * as L from './lists.js';

export type Certainty = 'known' | 'estimated' | 'pending' | 'undeterminable' | 'not_applicable';

/**
 * A number of people, records, recipients or hours that may be rough: all whole, not negative, min <= likely <= max. An exact one has
 * three equal values. A range has a likely number only where somebody named one; before, its middle stood there.
 */
export interface Count {
  readonly min: number;
  readonly likely?: number;
  readonly max: number;
}

interface Spec {
  /** What is asked at three in the morning. */
  readonly question: string;
  /** Rows of the merged field list (breach-law 7.2) that this fact fills. */
  readonly fills: readonly string[];
  /** Why it is asked, where that is not plain. */
  readonly why?: string;
}
type Simple = {
  readonly type: 'text' | 'boolean' | 'instant' | 'date' | 'count' | 'countries' | 'country_counts' | 'text_list';
};
type OneOf = { readonly type: 'one_of'; readonly options: readonly string[] };
type ManyOf = { readonly type: 'many_of'; readonly options: readonly string[] };
type Whole = { readonly type: 'integer'; readonly min: number; readonly max: number };
export type FactSpec = Spec & (Simple | OneOf | ManyOf | Whole);

/**
 * Every fact there is, in the order in which a person is asked: what decides a duty comes first.
 * Ids are for ever. Free text never names an affected person.
 */
// biome-ignore format: a table is read by the row
export const FACTS = {
  // What happened, to what, and to whom: the risk
  'breach.summary': { type: 'text', question: 'What happened, in two or three sentences?', fills: ['F-32'] },
  'breach.nature': { type: 'many_of', options: L.NATURE, question: 'Were data seen by others, changed, or lost?', fills: ['F-25'], why: 'Each of the three has its own harm and its own fields in the form (R-103).' },
  'breach.incidentTypes': { type: 'many_of', options: L.INCIDENT_TYPES, question: 'What kind of incident is it?', fills: ['F-30'], why: 'An intruder may have read what they encrypted; what is lost, nobody can watch (R-105, R-114).' },
  'data.categories': { type: 'many_of', options: L.DATA_CATEGORIES, question: 'What kinds of data are concerned?', fills: ['F-36'], why: 'Special categories and payment data raise the risk (R-604, R-610). A photo is biometric only when a machine identifies by it (R-613).' },
  'people.count': { type: 'count', question: 'How many people are concerned (a range will do)?', fills: ['F-35'] },
  'people.categories': { type: 'many_of', options: L.PEOPLE_CATEGORIES, question: 'Who are they?', fills: ['F-34'], why: 'Minors, patients and other vulnerable people raise the risk (R-604).' },
  'confidentiality.outcome': { type: 'one_of', options: L.CONFIDENTIALITY_OUTCOME, question: 'Did somebody without a right to them see the data?', fills: ['F-26'] },
  'confidentiality.recipients': { type: 'one_of', options: L.RECIPIENTS, question: 'Who got the data: nobody as far as we can tell, known recipients, or unknown ones?', fills: [], why: 'A circumstance of the ENISA score (6.3).' },
  'confidentiality.recipientCount': { type: 'count', question: 'How many wrong recipients are there (a range will do)?', fills: ['F-32'], why: 'One message to one wrong address is a small thing in places (R-206); a whole mailing list is none.' },
  'confidentiality.recipientTrusted': { type: 'boolean', question: 'Are all recipients known, trusted, and have they confirmed that they returned or destroyed the data?', fills: [], why: 'A trusted recipient can lower the severity (R-604).' },
  'confidentiality.recipientBound': { type: 'boolean', question: 'If they are trusted: do all of them owe you secrecy for these data by law or contract, and stand in no relation to the people, such as your processor, a doctor or lawyer who works with you, staff where customers are concerned?', fills: [], why: 'Then even sensitive data in their hands need not be a risk (R-604). One who only promised is trusted, not bound.' },
  'data.unintelligible': { type: 'one_of', options: L.UNINTELLIGIBLE, question: 'Were the data unreadable to whoever got them?', fills: ['F-27'], why: 'Safe encryption can lift the duty to tell people (R-414).' },
  'protection.algorithmStandardised': { type: 'boolean', question: 'Is the encryption a standard, current algorithm?', fills: ['F-52'] },
  'protection.keySafe': { type: 'boolean', question: 'Is the key safe: not taken in this or any other breach?', fills: ['F-52'] },
  'protection.keyStrong': { type: 'boolean', question: 'Was the key made so that nobody can find it by trying?', fills: ['F-52'] },
  'protection.keyStoredApart': { type: 'boolean', question: 'Is the key kept apart from the data?', fills: ['F-52'] },
  'protection.appliedToAffectedData': { type: 'boolean', question: 'Does the encryption cover all the data concerned?', fills: ['F-52'] },
  'protection.passwordsSaltedAndHashed': { type: 'boolean', question: 'If passwords are concerned: were they only stored as strong, salted hashes?', fills: [], why: 'R-650.' },
  'breach.cause': { type: 'one_of', options: L.CAUSE, question: 'Was it an accident or meant, from inside or outside?', fills: ['F-31'] },
  'availability.outcome': { type: 'one_of', options: L.AVAILABILITY_OUTCOME, question: 'If data cannot be reached: for a time, or for good?', fills: ['F-29'] },
  'availability.recovery': { type: 'one_of', options: L.RECOVERY, question: 'Can the data be brought back (a complete backup counts as without difficulty)?', fills: [], why: 'A circumstance of the ENISA score; a harmless ransomware case rests on it.' },
  'availability.effectOnPeople': { type: 'boolean', question: 'Did people suffer from the data not being there, such as a treatment put off?', fills: [], why: 'Whether a loss for a time is notified depends on its effect on people (R-104).' },
  'availability.outageHours': { type: 'count', question: 'For how many hours could the data not be reached, or will it be (0 for minutes; a range will do)?', fills: [], why: 'A short gap in what nobody depends on is no risk; a day without a patient’s file is one (R-104).' },
  'availability.essentialService': { type: 'boolean', question: 'Do people depend on the service that needs these data, such as treatment, care, an emergency line, wages, benefits, a bank account?', fills: [], why: 'A newsletter can wait, a hospital cannot (R-104).' },
  'availability.serviceImpact': { type: 'one_of', options: L.SERVICE_IMPACT, question: 'Which of your services to people still run?', fills: ['F-46'], why: 'A service that people depend on and do not get does them harm (R-104).' },
  'availability.recoveryTime': { type: 'one_of', options: L.RECOVERY_TIME, question: 'How long will it take to run as before: with what you have, with more help, not foreseeable, never?', fills: ['F-46'], why: 'R-714. Where no end can be seen, it counts as long.' },
  'integrity.outcome': { type: 'one_of', options: L.INTEGRITY_OUTCOME, question: 'If data were changed: were the changed data used, and can they be put right?', fills: ['F-28'] },
  'controller.sensitiveField': { type: 'boolean', question: 'Does being in your records say something sensitive about a person: patient of a clinic, member of a party, client of a debt adviser?', fills: [], why: 'The character of the controller counts: there even a name tells a lot (R-603, R-610).' },
  'data.professionalSecrecy': { type: 'boolean', question: 'Are the data under professional secrecy: of a doctor, lawyer, tax adviser, counsellor, cleric, social worker?', fills: [], why: 'That it is broken is a harm that the law names (R-602, R-612).' },
  'data.alreadyPublic': { type: 'boolean', question: 'Could anybody lawfully get all of these very data before, such as from a public register or your own website?', fills: [], why: 'What everybody could know already does little harm (R-624).' },
  'data.context': { type: 'one_of', options: L.DATA_CONTEXT, question: 'What is the heaviest class of the data: simple, behavioural, financial, sensitive?', fills: ['F-43'], why: 'ENISA 6.3, R-622. Left open, it follows from the kinds of data.' },
  'data.contextAdjustment': { type: 'integer', min: -3, max: 3, question: 'By how much do the circumstances raise or lower that class (-3 to 3)?', fills: ['F-43'], why: 'R-623, R-624.' },
  'data.identifiability': { type: 'one_of', options: L.IDENTIFIABILITY, question: 'How easily can somebody tell from the data who a person is?', fills: ['F-43'], why: 'ENISA 6.3, R-625.' },
  'harm.types': { type: 'many_of', options: L.HARMS, question: 'What can it do to people?', fills: ['F-40'] },
  'harm.severity': { type: 'one_of', options: L.IMPACT_SEVERITY, question: 'How bad is that for them, at the worst that is plausible?', fills: ['F-41'] },
  // Who has to be told
  'parties.role': { type: 'one_of', options: L.OWN_ROLE, question: 'For the data concerned: do you decide yourself what they are processed for, or do you process them for others, or both?', fills: [], why: 'A controller tells the authority and the people; a processor tells each controller, whatever the risk (Art. 33(1), (2), R-120).' },
  'parties.controllers': { type: 'text_list', question: 'If the data were in your hands for others (you are their processor): which controllers are concerned?', fills: ['F-16', 'F-17'], why: 'A processor tells each of them without undue delay, whatever the risk (Art. 33(2), R-240).' },
  'parties.jointControllers': { type: 'text_list', question: 'Who decides about this processing together with you (names of organisations)?', fills: ['F-16'], why: 'Each of them stays answerable (R-121).' },
  'parties.jointControllerRole': { type: 'one_of', options: L.JOINT_CONTROLLER_ROLE, question: 'If you decide about the processing together with others: who tells the authority by your arrangement?', fills: ['F-16'], why: 'Without an arrangement each joint controller has the duty itself (R-121).' },
  'people.countries': { type: 'country_counts', question: 'In which countries do they live, and how many in each?', fills: ['F-64'], why: 'Decides which authorities must be told (R-505, R-507).' },
  'crossBorder.processing': { type: 'one_of', options: L.YES_NO_UNKNOWN, question: 'Is it processing across borders within the EEA?', fills: ['F-62'], why: 'Art. 4(23): it is about the processing, not about where people live (R-503).' },
  'processing.publicTask': { type: 'boolean', question: 'Do you process these data because a law obliges you to, or in a public task?', fills: [], why: 'Then the authority of that state is told, and no other leads (Art. 55(2), R-501).' },
  'crossBorder.establishments': { type: 'countries', question: 'In which countries do you have establishments?', fills: ['F-63'], why: 'Without one in the EEA every affected state has to be told (R-505).' },
  'crossBorder.leadCountry': { type: 'countries', question: 'If it is: which state’s authority leads (that of your main establishment in the EEA)?', fills: ['F-63'], why: 'It is then the only one to be told (R-502, R-504).' },
  'crossBorder.tookPlaceIn': { type: 'countries', question: 'In which countries did the breach itself take place (where the system or the office is)?', fills: ['F-63'], why: 'When it is not certain which authority leads, the local one there is told at least (R-506).' },
  'people.mostAffectedLand': { type: 'one_of', options: L.GERMAN_LAENDER, question: 'If people in Germany are concerned: in which Land do most of them live?', fills: ['F-63'], why: 'Without an establishment in the EEA one German authority is told: that Land’s (R-505).' },
  'order.byAuthority': { type: 'one_of', options: L.AUTHORITY_ORDER, question: 'Has the authority decided whether the people must be told?', fills: ['F-52'], why: 'It can order it, or find that an exemption is met (Art. 34(4), R-419).' },
  'order.detail': { type: 'text', question: 'What did it decide, on which day, under which reference?', fills: ['F-52'], why: 'R-418, R-419: the proof.' },
  'measures.taken': { type: 'text', question: 'What has been done so far to stop it and limit the harm?', fills: ['F-44'] },
  'measures.riskRemoved': { type: 'boolean', question: 'Has something been done since that makes a high risk no longer likely?', fills: ['F-52'], why: 'Art. 34(3)(b), R-416: reduced is not enough.' },
  'communication.exemption': { type: 'one_of', options: L.EXEMPTIONS, question: 'Does one of the three exemptions of Art. 34(3) apply?', fills: ['F-52'] },
  'communication.exemptionProof': { type: 'text', question: 'What proves it?', fills: ['F-52'], why: 'R-418: the controller must be able to prove it.' },
  // When and how
  'breach.occurrence': { type: 'one_of', options: L.OCCURRENCE, question: 'Did it happen on one day, over a time, or is it still going on?', fills: ['F-18'] },
  'breach.startedAt': { type: 'instant', question: 'When did it begin?', fills: ['F-19'] },
  'breach.endedAt': { type: 'instant', question: 'When did it end?', fills: ['F-19'] },
  'breach.timesMethod': { type: 'text', question: 'If begin or end is estimated: how was it estimated?', fills: ['F-19'] },
  'breach.discoveredBy': { type: 'one_of', options: L.DISCOVERY, question: 'Who found it?', fills: ['F-22'] },
  'breach.toldUsOn': { type: 'date', question: 'If somebody else found it: on which day did they tell us?', fills: ['F-23'] },
  'breach.discoveryDetail': { type: 'text', question: 'How was it found?', fills: ['F-22'] },
  'breach.rootCause': { type: 'text', question: 'What was the root cause, as far as you know?', fills: ['F-32'] },
  'breach.systems': { type: 'text_list', question: 'Which systems and services are concerned, and where?', fills: ['F-33'] },
  'breach.timelineNotes': { type: 'text', question: 'Anything else about the times?', fills: ['F-24'] },
  'harm.detail': { type: 'text', question: 'Describe the likely consequences for them.', fills: ['F-40'] },
  'data.detail': { type: 'text', question: 'Describe the data more closely (kinds, never contents).', fills: ['F-36'] },
  'data.records': { type: 'count', question: 'How many records are concerned (one person may have several)?', fills: ['F-37'] },
  'people.detail': { type: 'text', question: 'Describe the people more closely, and why they may be vulnerable.', fills: ['F-34'] },
  'people.mailboxOwners': { type: 'count', question: 'Phishing: how many owners of a mailbox that was taken over?', fills: ['F-35'], why: 'The form wants the people split three ways in phishing cases (R-715).' },
  'people.phishingRecipients': { type: 'count', question: 'Phishing: how many people got phishing mail from such a mailbox?', fills: ['F-35'], why: 'R-715.' },
  'people.inMailbox': { type: 'count', question: 'Phishing: about how many people do the messages in the mailbox tell something?', fills: ['F-35'], why: 'R-715. Most of those concerned are often here.' },
  'confidentiality.consequences': { type: 'many_of', options: L.CONFIDENTIALITY_CONSEQUENCES, question: 'What can follow from others having seen the data?', fills: ['F-39'] },
  'integrity.consequences': { type: 'many_of', options: L.INTEGRITY_CONSEQUENCES, question: 'What can follow from the changed data?', fills: ['F-39'] },
  'availability.consequences': { type: 'many_of', options: L.AVAILABILITY_CONSEQUENCES, question: 'What can follow from the data not being there?', fills: ['F-39'] },
  'measures.before': { type: 'many_of', options: L.MEASURES_BEFORE, question: 'Which protections were in place before?', fills: ['F-38'] },
  'measures.beforeDetail': { type: 'text', question: 'Describe them.', fills: ['F-38'] },
  'measures.staffTrained': { type: 'one_of', options: L.YES_NO_UNKNOWN, question: 'Were the staff who made the mistake or had to prevent it trained in the last two years?', fills: ['F-46'] },
  'measures.prevention': { type: 'many_of', options: L.MEASURES_PREVENTION, question: 'What will stop it from happening again?', fills: ['F-45'] },
  'measures.preventionDetail': { type: 'text', question: 'Describe it.', fills: ['F-45'] },
  // Telling people
  'communication.advice': { type: 'text', question: 'What should people do to protect themselves?', fills: ['F-57'] },
  'communication.plannedOn': { type: 'date', question: 'On which day will they be told?', fills: ['F-51'] },
  'communication.circle': { type: 'one_of', options: L.CIRCLE, question: 'Will all the people concerned be told, or a part of them?', fills: ['F-53'], why: 'Only those at high risk must be told; others may be (R-404).' },
  'communication.circleReason': { type: 'text', question: 'Why only these?', fills: ['F-53'] },
  // Others
  'parties.processors': { type: 'text_list', question: 'Which processors are involved (names of organisations, what each does for you)?', fills: ['F-16'] },
  'parties.others': { type: 'text_list', question: 'Which other organisations are involved, and in what part?', fills: ['F-16'] },
  'police.reported': { type: 'one_of', options: L.YES_NO_UNKNOWN, question: 'Has it been reported to the police?', fills: ['F-60'] },
  'authorities.others': { type: 'text', question: 'Which other authorities were told, under which case number?', fills: ['F-61'] },
  'notice.reasonsForDelay': { type: 'text', question: 'Why was the authority not told within 72 hours?', fills: ['F-21'], why: 'Art. 33(1) asks for it with every late notice (R-203).' },
  'notice.awarenessReason': { type: 'text', question: 'Why did it take from the first hint to certainty as long as it did?', fills: ['F-24'], why: 'R-112.' },
  'notice.moreInformationOn': { type: 'date', question: 'By which day will you know more?', fills: ['F-66'] },
} as const satisfies Record<string, FactSpec>;

export type FactId = keyof typeof FACTS;
export const FACT_IDS = Object.keys(FACTS) as FactId[];
export const isFactId = (id: string): id is FactId => Object.hasOwn(FACTS, id);
export const factSpec = (id: FactId): FactSpec => FACTS[id];

/** Shapes by type: text, one_of, instant, date: string · boolean · integer: number · count: Count · many_of, text_list, countries: string[] · country_counts: { IE: 1200 }. */
export type FactValue = string | boolean | number | Count | readonly string[] | Readonly<Record<string, number>>;

export interface Fact {
  readonly id: FactId;
  /** null exactly when the certainty is pending, undeterminable or not_applicable. */
  readonly value: FactValue | null;
  readonly certainty: Certainty;
  /** Where it comes from, in a person's words. */
  readonly source: string;
  /** Staff id, never a name. */
  readonly by: string;
  readonly at: Instant;
}

/** What a person hands in; `by` and `at` are ours to add. */
export type FactInput = Omit<Fact, 'by' | 'at'>;
export type Facts = Readonly<Partial<Record<FactId, Fact>>>;
