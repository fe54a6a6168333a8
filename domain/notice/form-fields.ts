import type { FactId } from '../incident/facts.js';

/** `many_of`, `text_list`, `country_list`: arrays · `country_counts`: country to number · `instant`: RFC 3339 · `date`: ISO day. */
export type FormKind =
  | 'text'
  | 'one_of'
  | 'many_of'
  | 'date'
  | 'instant'
  | 'flag'
  | 'number'
  | 'text_list'
  | 'country_list'
  | 'country_counts';

/** Another field holds one of these letters. */
export interface When {
  readonly no: number;
  readonly is: readonly string[];
}

export interface FormField {
  /** Row number of the EDPB template v1.0; `field_<no>` in the JSON. */
  readonly no: number;
  readonly section: string;
  readonly kind: FormKind;
  readonly title: string;
  /** The provision that the template anchors the field to. */
  readonly gdpr?: string;
  /** `always`: in every notice. `complete`: a notice that calls itself complete has it (Art. 33(4) lets it follow). */
  readonly mandatory?: 'always' | 'complete';
  /** Asked only then. */
  readonly when?: When;
  /** Where it is asked more often than it is mandatory. */
  readonly mandatoryWhen?: When;
  /** The fact that fills it: what to ask when it is missing. */
  readonly fact?: FactId;
  /** When it cannot be determined the field stays out, and the notice may still be complete. */
  readonly maySilentlyBeUnknown?: true;
}

export const FORM_SECTIONS: readonly { readonly number: string; readonly title: string }[] = [
  { number: '1.1', title: 'The notification' },
  { number: '2.1', title: 'The controller' },
  { number: '2.2', title: 'The reporting person' },
  { number: '2.3.1', title: 'Data protection officer, contact point, other parties' },
  { number: '3.1', title: 'Timeline' },
  { number: '3.2', title: 'Nature of the breach' },
  { number: '3.3', title: 'People concerned' },
  { number: '3.4', title: 'Data concerned' },
  { number: '3.5', title: 'Measures in place before the breach' },
  { number: '4.1', title: 'Likely consequences' },
  { number: '4.2', title: 'Outcome of the risk assessment' },
  { number: '4.3', title: 'Measures taken' },
  { number: '4.4', title: 'Prevention' },
  { number: '5', title: 'Communication to the people concerned' },
  { number: '6.1', title: 'Other authorities' },
  { number: '6.2', title: 'Cross-border processing (controller established in the EEA)' },
  { number: '6.3', title: 'Controller not established in the EEA' },
  { number: '7', title: 'Attachments' },
];

/** The fields of the common European form, in its order (breach-law 7; source and credit: docs/form.md). */
// biome-ignore format: a table, one field a line
export const FORM_FIELDS: readonly FormField[] = [
  { no: 3, section: '1.1', kind: 'one_of', title: 'Type of notification', mandatory: 'always' },
  { no: 4, section: '1.1', kind: 'one_of', title: 'Sub-type of notification', mandatory: 'always' },
  { no: 5, section: '1.1', kind: 'text', title: 'Reasons for withdrawing a previous notification', mandatory: 'always', when: { no: 4, is: ['c'] } },
  { no: 6, section: '1.1', kind: 'text', title: 'ID of previously notified personal data breach', when: { no: 3, is: ['b'] } },
  { no: 7, section: '1.1', kind: 'text', title: 'Data controller\'s internal reference number' },
  { no: 10, section: '2.1', kind: 'one_of', title: 'Type of Identifier', gdpr: 'Art. 33(3)(a)' },
  { no: 11, section: '2.1', kind: 'text', title: 'Identifier', gdpr: 'Art. 33(3)(a)' },
  { no: 12, section: '2.1', kind: 'text', title: 'Name of the organisation', gdpr: 'Art. 33(3)(a)', mandatory: 'always' },
  { no: 13, section: '2.1', kind: 'text', title: 'Contact details', gdpr: 'Art. 33(3)(a)', mandatory: 'always' },
  { no: 14, section: '2.1', kind: 'one_of', title: 'Sector', gdpr: 'Art. 33(3)(a)' },
  { no: 15, section: '2.1', kind: 'one_of', title: 'Type of organisation', gdpr: 'Art. 33(3)(a)', when: { no: 14, is: ['a'] } },
  { no: 16, section: '2.1', kind: 'text', title: 'Further description of organisation type', gdpr: 'Art. 33(3)(a)', when: { no: 15, is: ['d'] } },
  { no: 17, section: '2.1', kind: 'text', title: 'Classification of economic activity', gdpr: 'Art. 33(3)(a)' },
  { no: 18, section: '2.1', kind: 'text', title: 'Name of representative in EEA', gdpr: 'Art. 33(3)(a)' },
  { no: 19, section: '2.1', kind: 'text', title: 'Contact details of representative in EEA', gdpr: 'Art. 33(3)(a)' },
  { no: 21, section: '2.2', kind: 'text', title: 'Name of the reporting person', gdpr: 'Art. 33(3)(a)', mandatory: 'always' },
  { no: 22, section: '2.2', kind: 'text', title: 'Contact details', gdpr: 'Art. 33(3)(a)', mandatory: 'always' },
  { no: 23, section: '2.2', kind: 'one_of', title: 'Function of the reporting person', gdpr: 'Art. 33(3)(a)', mandatory: 'always' },
  { no: 24, section: '2.2', kind: 'text', title: 'Description of the function of the reporting person', gdpr: 'Art. 33(3)(a)', when: { no: 23, is: ['c'] } },
  { no: 25, section: '2.2', kind: 'text', title: 'National identification number', gdpr: 'Art. 33(3)(a)' },
  { no: 26, section: '2.2', kind: 'text', title: 'Accuracy & Responsibility', gdpr: 'Art. 33(3)(a)' },
  { no: 29, section: '2.3.1', kind: 'one_of', title: 'Is a data protection officer designated?', gdpr: 'Art. 33(3)(b)', mandatory: 'complete', when: { no: 23, is: ['b', 'c'] } },
  { no: 30, section: '2.3.1', kind: 'text', title: 'Name of the DPO', gdpr: 'Art. 33(3)(b)', mandatory: 'always', when: { no: 29, is: ['a'] } },
  { no: 31, section: '2.3.1', kind: 'text', title: 'Contact details', gdpr: 'Art. 33(3)(b)', mandatory: 'always', when: { no: 29, is: ['a'] } },
  { no: 33, section: '2.3.1', kind: 'one_of', title: 'More information about the incident can be obtained at', gdpr: 'Art. 33(3)(b)', mandatory: 'always' },
  { no: 34, section: '2.3.1', kind: 'text', title: 'Name of the contact person', gdpr: 'Art. 33(3)(b)', when: { no: 33, is: ['c'] } },
  { no: 35, section: '2.3.1', kind: 'text', title: 'Function of the contact person', gdpr: 'Art. 33(3)(b)', when: { no: 33, is: ['c'] } },
  { no: 36, section: '2.3.1', kind: 'text', title: 'Contact details', gdpr: 'Art. 33(3)(b)', when: { no: 33, is: ['c'] } },
  { no: 38, section: '2.3.1', kind: 'one_of', title: 'Are other parties such as data processors or joint controllers involved?', gdpr: 'Art. 33(2); Art. 28; Art. 26', mandatory: 'complete', fact: 'parties.others' },
  { no: 39, section: '2.3.1', kind: 'text', title: 'Qualification of the other involved party', gdpr: 'Art. 33(2); Art. 28; Art. 26', when: { no: 38, is: ['a'] } },
  { no: 40, section: '2.3.1', kind: 'text_list', title: 'Name of the other involved party', gdpr: 'Art. 33(2); Art. 28; Art. 26', mandatory: 'complete', when: { no: 38, is: ['a'] }, fact: 'parties.others' },
  { no: 41, section: '2.3.1', kind: 'text', title: 'Contact details', gdpr: 'Art. 33(2); Art. 28; Art. 26', when: { no: 38, is: ['a'] } },
  { no: 44, section: '3.1', kind: 'one_of', title: 'When did the personal data breach occur?', gdpr: 'Art. 33(1)', mandatory: 'complete', fact: 'breach.occurrence' },
  { no: 45, section: '3.1', kind: 'flag', title: 'Only estimated dates are possible', gdpr: 'Art. 33(1)' },
  { no: 46, section: '3.1', kind: 'instant', title: 'Beginning date and time of personal data breach', gdpr: 'Art. 33(1)', mandatory: 'complete', mandatoryWhen: { no: 44, is: ['a', 'b', 'c'] }, fact: 'breach.startedAt' },
  { no: 47, section: '3.1', kind: 'instant', title: 'Ending date and time of personal data breach', gdpr: 'Art. 33(1)', mandatory: 'complete', when: { no: 44, is: ['a', 'b'] }, mandatoryWhen: { no: 44, is: ['b'] }, fact: 'breach.endedAt' },
  { no: 48, section: '3.1', kind: 'instant', title: 'Date and time of awareness of the data controller of the personal data breach', gdpr: 'Art. 33(1)', mandatory: 'always' },
  { no: 49, section: '3.1', kind: 'text', title: 'Reasons for late notification of the personal data breach', gdpr: 'Art. 33(1)', mandatory: 'complete', fact: 'notice.reasonsForDelay' },
  { no: 50, section: '3.1', kind: 'one_of', title: 'How was the personal data breach discovered?', gdpr: 'Art. 33(1)', mandatory: 'complete', fact: 'breach.discoveredBy' },
  { no: 51, section: '3.1', kind: 'text', title: 'Further description of the discovery of the personal data breach', gdpr: 'Art. 33(1)', mandatory: 'complete', fact: 'breach.discoveryDetail' },
  { no: 52, section: '3.1', kind: 'date', title: 'Date of notification by other party', gdpr: 'Art. 33(1)', when: { no: 50, is: ['b', 'c', 'd', 'e', 'f'] }, fact: 'breach.toldUsOn' },
  { no: 53, section: '3.1', kind: 'text', title: 'Further comments on timeline and additional information', gdpr: 'Art. 33(1)' },
  { no: 55, section: '3.2', kind: 'many_of', title: 'Nature of the personal data breach', gdpr: 'Art. 4(12); Art. 33(3)(a)', mandatory: 'complete', fact: 'breach.nature' },
  { no: 56, section: '3.2', kind: 'one_of', title: 'Type of confidentiality breach', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', when: { no: 55, is: ['a'] }, fact: 'confidentiality.outcome' },
  { no: 57, section: '3.2', kind: 'one_of', title: 'Was the data unintelligible to anyone who was not authorised to access it or were individuals not identifiable?', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', when: { no: 55, is: ['a'] }, fact: 'data.unintelligible' },
  { no: 58, section: '3.2', kind: 'one_of', title: 'Type of integrity breach', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', when: { no: 55, is: ['b'] }, fact: 'integrity.outcome' },
  { no: 59, section: '3.2', kind: 'one_of', title: 'Type of availability breach', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', when: { no: 55, is: ['c'] }, fact: 'availability.outcome' },
  { no: 60, section: '3.2', kind: 'many_of', title: 'Nature of the incident', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'breach.incidentTypes' },
  { no: 61, section: '3.2', kind: 'one_of', title: 'Cause of the personal data breach', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'breach.cause' },
  { no: 62, section: '3.2', kind: 'text', title: 'Further description of the nature of the incident', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'breach.summary' },
  { no: 63, section: '3.2', kind: 'text', title: 'Description of the systems, software, services, and infrastructures involved in the personal data breach and where they are located', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'breach.systems' },
  { no: 65, section: '3.3', kind: 'many_of', title: 'Categories of concerned data subjects', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'people.categories' },
  { no: 66, section: '3.3', kind: 'text', title: 'Further description of categories of concerned data subjects and additional data subjects', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'people.detail' },
  { no: 67, section: '3.3', kind: 'one_of', title: 'Data subjects concerned by the personal data breach', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'people.count' },
  { no: 68, section: '3.3', kind: 'number', title: 'Number of data subjects concerned by the personal data breach', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', when: { no: 67, is: ['a', 'b'] }, fact: 'people.count' },
  { no: 70, section: '3.4', kind: 'many_of', title: 'Type of breached data', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'data.categories' },
  { no: 71, section: '3.4', kind: 'text', title: 'Further description of breached data and additional data categories', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'data.detail' },
  { no: 72, section: '3.4', kind: 'one_of', title: 'Personal data records concerned by the personal data breach', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', fact: 'data.records' },
  { no: 73, section: '3.4', kind: 'number', title: 'Number of personal data records concerned by the personal data breach', gdpr: 'Art. 33(3)(a)', mandatory: 'complete', when: { no: 72, is: ['a', 'b'] }, fact: 'data.records' },
  { no: 75, section: '3.5', kind: 'many_of', title: 'Relevant measures in place when the personal data breach occurred', gdpr: 'Art. 32; Art. 33(3)', mandatory: 'complete', fact: 'measures.before' },
  { no: 76, section: '3.5', kind: 'text', title: 'Further description of relevant measures in place when the personal data breach occurred', gdpr: 'Art. 32; Art. 33(3)', mandatory: 'complete', fact: 'measures.beforeDetail' },
  { no: 79, section: '4.1', kind: 'many_of', title: 'Likely consequences in case of breach of confidentiality', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', when: { no: 55, is: ['a'] }, fact: 'confidentiality.consequences' },
  { no: 80, section: '4.1', kind: 'text', title: 'Description of other confidentiality consequences', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', when: { no: 79, is: ['d'] }, fact: 'harm.detail' },
  { no: 81, section: '4.1', kind: 'many_of', title: 'Likely consequences in case of breach of integrity', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', when: { no: 55, is: ['b'] }, fact: 'integrity.consequences' },
  { no: 82, section: '4.1', kind: 'text', title: 'Description of other integrity consequences', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', when: { no: 81, is: ['c'] }, fact: 'harm.detail' },
  { no: 83, section: '4.1', kind: 'many_of', title: 'Likely consequences in case of breach of availability', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', when: { no: 55, is: ['c'] }, fact: 'availability.consequences' },
  { no: 84, section: '4.1', kind: 'text', title: 'Description of other availability consequences', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', when: { no: 83, is: ['c'] }, fact: 'harm.detail' },
  { no: 85, section: '4.1', kind: 'many_of', title: 'Nature of the potential impact for the data subject', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', fact: 'harm.types' },
  { no: 86, section: '4.1', kind: 'text', title: 'Further description of the other impacts for the data subjects', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', mandatoryWhen: { no: 85, is: ['n'] }, fact: 'harm.detail' },
  { no: 87, section: '4.1', kind: 'one_of', title: 'Severity of the potential impacts', gdpr: 'Art. 33(3)(c)', mandatory: 'complete', fact: 'harm.severity' },
  { no: 89, section: '4.2', kind: 'one_of', title: 'Outcome of the risk assessment carried out by the controller', gdpr: 'Art. 33(1); Art. 34(1)', mandatory: 'always' },
  { no: 90, section: '4.2', kind: 'text', title: 'Further description of the risk assessment carried out by the data controller', gdpr: 'Art. 33(1); Art. 34(1)', mandatory: 'always' },
  { no: 92, section: '4.3', kind: 'text', title: 'Measures taken to address the personal data breach and to mitigate its consequences', gdpr: 'Art. 33(3)(d)', mandatory: 'complete', fact: 'measures.taken' },
  { no: 94, section: '4.4', kind: 'many_of', title: 'Relevant measures taken to prevent similar personal data breach', gdpr: 'Art. 33(3)(d)', mandatory: 'complete', fact: 'measures.prevention' },
  { no: 95, section: '4.4', kind: 'text', title: 'Further description of relevant updated permanent measures to avoid similar incidents in the future', gdpr: 'Art. 33(3)(d)', mandatory: 'complete', fact: 'measures.preventionDetail' },
  { no: 97, section: '5', kind: 'one_of', title: 'Has the personal data breach been communicated to data subjects?', gdpr: 'Art. 34(1); Art. 34(2)', mandatory: 'always' },
  { no: 98, section: '5', kind: 'date', title: 'Date of when information was given to data subjects', gdpr: 'Art. 34(1); Art. 34(2)', mandatory: 'complete', when: { no: 97, is: ['a'] } },
  { no: 99, section: '5', kind: 'date', title: 'Future date on which the data breach will be communicated to the data subjects', gdpr: 'Art. 34(1); Art. 34(2)', mandatory: 'complete', when: { no: 97, is: ['b'] }, fact: 'communication.plannedOn' },
  { no: 100, section: '5', kind: 'many_of', title: 'Further information about conditions referred to in article 34(3) of the GDPR that are met', gdpr: 'Art. 34(3)(a)(b)(c)', mandatory: 'complete', when: { no: 97, is: ['e'] }, fact: 'communication.exemption' },
  { no: 101, section: '5', kind: 'text', title: 'Further description why the conditions referred to in article 34(3) of the GDPR are met and the measures taken', gdpr: 'Art. 34(3)(a)(b)(c)', mandatory: 'complete', when: { no: 97, is: ['e'] } },
  { no: 102, section: '5', kind: 'one_of', title: 'Number of data subjects informed', gdpr: 'Art. 34(1); Art. 34(2)', mandatory: 'complete', when: { no: 97, is: ['a'] } },
  { no: 103, section: '5', kind: 'text', title: 'Further description why not all data subjects have been informed', gdpr: 'Art. 34(1); Art. 34(2)', mandatory: 'complete', when: { no: 102, is: ['b'] } },
  { no: 104, section: '5', kind: 'many_of', title: 'Means of communication used to inform the data subject', gdpr: 'Art. 34(1); Art. 34(2)', mandatory: 'complete', when: { no: 97, is: ['a'] } },
  { no: 105, section: '5', kind: 'text', title: 'Further description of the other means of communication', gdpr: 'Art. 34(1); Art. 34(2)', when: { no: 104, is: ['c'] } },
  { no: 106, section: '5', kind: 'text', title: 'Content of the information provided to the data subjects', gdpr: 'Art. 34(1); Art. 34(2)', mandatory: 'complete', when: { no: 97, is: ['a'] } },
  { no: 109, section: '6.1', kind: 'one_of', title: 'Has the incident been reported to the police/judicial authorities as a criminal offence?', fact: 'police.reported' },
  { no: 110, section: '6.1', kind: 'one_of', title: 'Has the incident been notified to other supervisory authorities or control bodies under other relevant legislation? (e.g. national cyber security centre, etc.)', fact: 'authorities.others' },
  { no: 111, section: '6.1', kind: 'text', title: 'Further information about notification to other authorities or bodies', fact: 'authorities.others' },
  { no: 113, section: '6.2', kind: 'one_of', title: 'Does the personal data breach involve cross-border processing carried out by a controller established in the European Economic Area (EEA)?', gdpr: 'Art. 56', mandatory: 'complete', fact: 'crossBorder.processing' },
  { no: 114, section: '6.2', kind: 'text', title: 'The lead supervisory authority is', gdpr: 'Art. 56', mandatory: 'complete', when: { no: 113, is: ['a'] } },
  { no: 115, section: '6.2', kind: 'country_list', title: 'List of EEA countries where the controller has an establishment', gdpr: 'Art. 56', mandatory: 'complete', when: { no: 113, is: ['a'] } },
  { no: 116, section: '6.2', kind: 'country_list', title: 'List of EEA countries where affected data subjects are located', gdpr: 'Art. 56', mandatory: 'complete', when: { no: 113, is: ['a'] }, fact: 'people.countries', maySilentlyBeUnknown: true },
  { no: 117, section: '6.2', kind: 'country_counts', title: 'Approximate number of data subjects per country', gdpr: 'Art. 56', mandatory: 'complete', when: { no: 113, is: ['a'] }, fact: 'people.countries', maySilentlyBeUnknown: true },
  { no: 118, section: '6.2', kind: 'text_list', title: 'List of EEA supervisory authority to which the breach has been or will be notified', gdpr: 'Art. 56' },
  { no: 120, section: '6.3', kind: 'one_of', title: 'Does the personal data breach involve processing, to which the GDPR applies, carried out by a controller that is not established in the European Economic Area (EEA)?', gdpr: 'Art. 3(2)', mandatory: 'complete' },
  { no: 121, section: '6.3', kind: 'country_list', title: 'List of EEA countries where affected data subjects are located', gdpr: 'Art. 3(2)', mandatory: 'complete', when: { no: 120, is: ['a'] }, fact: 'people.countries', maySilentlyBeUnknown: true },
  { no: 122, section: '6.3', kind: 'country_counts', title: 'Approximate number of data subjects per country', gdpr: 'Art. 3(2)', mandatory: 'complete', when: { no: 120, is: ['a'] }, fact: 'people.countries', maySilentlyBeUnknown: true },
  { no: 123, section: '6.3', kind: 'text_list', title: 'List of EEA supervisory authority to which the breach has been or will be notified', gdpr: 'Art. 3(2)', when: { no: 120, is: ['a'] } },
  { no: 125, section: '7', kind: 'many_of', title: 'Please identify the attachments to this notification' },
  { no: 126, section: '7', kind: 'text', title: 'Other attachments' },
];

export const fieldId = (no: number): string => `field_${no}`;
