import type * as L from '../incident/lists.js';
import type { RiskLevel } from '../risk/levels.js';
import type { Completeness, NoticeContent, NoticeKind } from './model.js';

/**
 * The choices of the common European form: our code, the form's words; the letter is the place in the row (a, b, c …).
 * Words after the EDPB template v1.0 as extracted by N. Franchetto and M. Taborda Barata (CC BY 4.0; docs/form.md).
 */
type Texts<T extends string> = Readonly<Record<T, string>>;

const YES_NO_UNKNOWN: Texts<(typeof L.YES_NO_UNKNOWN)[number]> = { YES: 'Yes', NO: 'No', UNKNOWN: 'Unknown' };
const COUNT_KIND = {
  EXACT: 'Exact number',
  APPROX: 'Approximate number',
  UNDETERMINABLE: 'Number cannot be determined',
  TBD: 'Number to be determined',
};

export const FORM_OPTIONS = {
  3: {
    NEW: 'New Notification',
    FOLLOW_UP: 'Follow-Up Notification',
  } satisfies Texts<NoticeKind>,
  4: {
    COMPLETE: 'Complete',
    INCOMPLETE: 'Incomplete',
    WITHDRAW: 'Withdraw',
  } satisfies Texts<Completeness>,
  10: {
    COMPANY_ID: 'CompanyID',
    ORGANISATION_NUMBER: 'Organisation number',
    VAT: 'VAT number',
  },
  14: {
    PRIVATE: 'Private',
    PUBLIC: 'Public',
  },
  15: {
    FREELANCE_MICRO: 'Freelance or Microenterprise',
    SME: 'Small or Medium Enterprise',
    LARGE: 'Large Enterprise',
    OTHER: 'Others',
  },
  23: {
    DPO: 'DPO',
    LEGAL_REP: 'Legal representative',
    AUTHORISED_OTHER: 'Authorised representative or other (please specify)',
  },
  29: { YES: 'Yes', NO: 'No' },
  33: {
    DPO: 'DPO',
    REPORTING_PERSON: 'Reporting person',
    OTHER: 'Other (please specify)',
  },
  38: YES_NO_UNKNOWN,
  44: {
    SPECIFIC_DAY: 'On a specific day',
    RANGE: 'From a date to a date',
    ONGOING_SINCE: 'From a date and is still ongoing',
    UNDETERMINABLE: 'Cannot be determined',
    TBD: 'To be determined',
  } satisfies Texts<(typeof L.OCCURRENCE)[number]>,
  50: {
    CONTROLLER: 'Detection by the data controller',
    PROCESSOR: 'Detection and communication by the data processor',
    DATA_SUBJECT: 'Communication by a data subject',
    EXTERNAL: 'Communication by an external party',
    PRESS: 'Press news',
    OTHER: 'Other (please specify in further description)',
  } satisfies Texts<(typeof L.DISCOVERY)[number]>,
  55: {
    CONFIDENTIALITY:
      'Confidentiality breach - where there is an unauthorised or accidental disclosure of, or access to, personal data',
    INTEGRITY: 'Integrity breach - where there is an unauthorised or accidental alteration of personal data',
    AVAILABILITY:
      'Availability breach - where there is an accidental or unauthorised loss of access to, or destruction of, personal data',
  } satisfies Texts<(typeof L.NATURE)[number]>,
  56: {
    DISCLOSED: 'Personal data are exfiltrated or disclosed',
    LIKELY_NO_EVIDENCE: 'Personal data are likely exfiltrated or disclosed (no evidence)',
    NOT_DISCLOSED_EVIDENCED: 'Personal data are NOT exfiltrated NOR disclosed (reasonable evidence present)',
    NOT_ASSESSABLE: 'Not possible to assess',
    TBD: 'To be determined',
  } satisfies Texts<(typeof L.CONFIDENTIALITY_OUTCOME)[number]>,
  57: {
    PROTECTION_INTACT: 'Yes and protection is still intact (e.g. data was securely encrypted or otherwise protected)',
    LIKELY_SUBVERTIBLE:
      'Protective measures had been taken, but it is likely that they could be subverted (e.g. because the unauthorised party could be able to use decryption keys or exploit a technical weakness in the measures that have been applied)',
    NO: 'No',
    NOT_ASSESSABLE: 'Not possible to assess',
    TBD: 'To be determined',
  } satisfies Texts<(typeof L.UNINTELLIGIBLE)[number]>,
  58: {
    ALTERED_NO_USE: 'Alteration or modification of the data, with no evidence of illegal or wrong use',
    ALTERED_USED_RECOVERABLE:
      'Alteration or modification of the data, with evidence of illegal or wrong use, but with the possibility of reversing/recovering the damages to data subjects',
    ALTERED_USED_LOST:
      'Alteration or modification of the data with evidence of illegal or wrong use, without the possibility of reversing/recovering damages to the data subjects',
    UNDETERMINABLE: 'Cannot be determined',
  },
  59: {
    TEMPORARY: 'Temporary availability issue',
    PERMANENT: 'Permanent availability issue',
    UNDETERMINED: 'Not determined',
  } satisfies Texts<(typeof L.AVAILABILITY_OUTCOME)[number]>,
  60: {
    ABUSE_OF_PRIVILEGE: 'Abuse of access privileges by employee',
    RANSOMWARE: 'Encrypted device / ransomware',
    HACKING_MALWARE: 'Hacking / malware activity detected',
    PHISHING_SOCIAL_ENGINEERING: 'Phishing / social engineering',
    VULNERABILITY_EXPLOITED: 'Security vulnerability (likely) exploited (known CVE or zero day)',
    UNAUTHORISED_SYSTEM_ACCESS: 'Unauthorised access to personal data in IT systems',
    EXFILTRATION: 'Data exfiltration / unauthorised extraction of personal data',
    WRONG_PERSONS_DATA_SHOWN: 'Data of wrong data subject shown (mix-up of records)',
    DEVICE_LOST_STOLEN: 'Device lost or stolen',
    E_WASTE: 'E-waste (personal data still present on obsolete device)',
    PAPER_DISPOSAL: 'Incorrect disposal of personal data on paper',
    MAIL_LOST_OPENED: 'Mail lost or opened / misdelivery (post/email)',
    MISCONFIGURATION: 'Misconfiguration',
    WRONG_PERMISSIONS: 'Incorrect access permissions (e.g., cloud storage, shared folder)',
    PAPER_LOST_STOLEN: 'Paper lost or stolen or left in insecure location',
    DATA_DELETED: 'Personal data deleted/destroyed',
    DISPLAYED_TO_WRONG_RECIPIENT: 'Personal data displayed to wrong recipient',
    SENT_BY_MISTAKE: 'Personal data sent by mistake (post/email)',
    NO_BCC: 'Sending email to multiple recipients without blind copy / with open distribution list',
    TECHNICAL_MALFUNCTION: 'Technical malfunction',
    UNAUTHORISED_MODIFICATION: 'Unauthorised data modification',
    UNINTENDED_PUBLICATION: 'Unintended publication (e.g., public link / public website / shared drive)',
    VERBAL_DISCLOSURE: 'Verbal unauthorised disclosure of personal data',
    TBD: 'To be determined',
    OTHER: 'Other (please specify in further description)',
  } satisfies Texts<(typeof L.INCIDENT_TYPES)[number]>,
  61: {
    INTERNAL_NON_MALICIOUS: 'Internal non malicious',
    INTERNAL_MALICIOUS: 'Internal malicious',
    EXTERNAL_NON_MALICIOUS: 'External non malicious',
    EXTERNAL_MALICIOUS: 'External malicious',
    TBD: 'To be determined',
    UNKNOWN: 'Unknown',
  } satisfies Texts<(typeof L.CAUSE)[number]>,
  65: {
    CUSTOMERS: 'Customers (current and prospects)',
    EMPLOYEES: 'Employees (former, current and candidates)',
    MILITARY_OR_LAW_ENFORCEMENT: 'Military or law enforcement staff',
    MINORS: 'Minors',
    PATIENTS: 'Patients',
    STUDENTS: 'Students',
    SUBSCRIBERS: 'Subscribers',
    USERS: 'Users',
    VULNERABLE: 'Vulnerable individuals (elderly, refugees, disabled people, victims, …)',
    ADDITIONAL: 'Additional concerned data subjects (please specify in further description)',
    NOT_YET_KNOWN: 'Not yet known',
  } satisfies Texts<(typeof L.PEOPLE_CATEGORIES)[number]>,
  67: COUNT_KIND,
  70: {
    BASIC: 'Basic data (e.g. name, surname, date of birth)',
    CONTACT: 'Contact details (e.g. address, phone number, e-mail)',
    BIOMETRIC: 'Biometric data',
    CRIMINAL: 'Criminal convictions, offence or security measures',
    POLITICAL: 'Data revealing political opinions',
    RACE_ETHNIC: 'Data revealing racial or ethnic origin',
    RELIGION_PHILOSOPHY: 'Data revealing religious or philosophical beliefs',
    SEX_LIFE_ORIENTATION: 'Data revealing sex life or sexual orientation',
    TRADE_UNION: 'Data revealing trade union membership',
    GENETIC: 'Genetic data',
    HEALTH: 'Health data (e.g. medical records, test results, …)',
    ECONOMIC_FINANCIAL: 'Economic and financial data',
    EMPLOYMENT_HEALTH:
      'Employment related health data (e.g. proof of sick leave, proof of medical attendance, results of medical fitness tests or similar)',
    IDENTIFICATION_NO: 'Identification data (e.g. National identification number, ID number)',
    LOCATION: 'Location data',
    OFFICIAL_DOCUMENTS: 'Official documents (e.g. scanned copies)',
    PAYMENT: 'Payment methods (e.g. credit card, bank accounts)',
    PROFILE: 'Profile data (e.g. social network, credit score, psychology or other profile)',
    CREDENTIALS: 'User credentials (e.g. usernames, passwords, tokens)',
    NOT_YET_KNOWN: 'Not yet known',
    ADDITIONAL: 'Additional data types (please specify in further description)',
  } satisfies Texts<(typeof L.DATA_CATEGORIES)[number]>,
  72: COUNT_KIND,
  75: {
    PSEUDONYMISATION: 'Pseudonymisation',
    BACKUP_RECOVERY: 'Backup / Recovery plan',
    ENCRYPTION: 'Data encryption',
    POLICIES: 'Data protection and information security policies',
    TRAINING: 'Data protection and security training',
    INCIDENT_LOG: 'Incident log',
    ACCESS_LEVELS: 'Levels of access to data',
    LOGICAL_ACCESS_CONTROL: 'Logical access control (e.g. MFA)',
    AUDITS: 'Periodic audits',
    PHYSICAL_ACCESS: 'Physical access control',
    UP_TO_DATE_SYSTEMS: 'Up-to-date IT systems',
    OTHER: 'Other measures (please specify in further description)',
  } satisfies Texts<(typeof L.MEASURES_BEFORE)[number]>,
  79: {
    WIDER_DISCLOSURE: 'Data were disclosed beyond the scope of the privacy policy or relevant legislation',
    LINKED_WITH_OTHER_DATA:
      'Data may be linked, without unreasonable effort, with other information regarding data subjects',
    OTHER_PURPOSES: 'Data may be used for purposes other than the intended purpose or unlawfully',
    OTHER: 'Other',
    UNDER_ASSESSMENT: 'Under assessment',
  } satisfies Texts<(typeof L.CONFIDENTIALITY_CONSEQUENCES)[number]>,
  81: {
    USED_THOUGH_INVALID: 'Data may have been modified and used even though it is no longer valid',
    USED_FOR_OTHER_PURPOSES:
      'Data may have been modified into otherwise valid data and subsequently used for other purposes',
    OTHER: 'Other',
    UNDER_ASSESSMENT: 'Under assessment',
  } satisfies Texts<(typeof L.INTEGRITY_CONSEQUENCES)[number]>,
  83: {
    CRITICAL_SERVICE_LOST: 'Inability to access services',
    SERVICE_DISRUPTED: 'Service disruptions and difficulties in service use',
    OTHER: 'Other',
    UNDER_ASSESSMENT: 'Under assessment',
  } satisfies Texts<(typeof L.AVAILABILITY_CONSEQUENCES)[number]>,
  85: {
    LOSS_OF_CONTROL: 'Loss of control of their personal data',
    LIMITATION_OF_RIGHTS: 'Limitation of their rights',
    DISCRIMINATION: 'Discrimination',
    IDENTITY_THEFT: 'Identity theft or usurpation',
    FRAUD: 'Fraud',
    FINANCIAL_LOSS: 'Financial loss',
    UNAUTHORISED_REVERSAL_OF_PSEUDONYMISATION: 'Unauthorised reversal of pseudonymisation',
    DAMAGE_TO_REPUTATION: 'Damage to reputation',
    LOSS_OF_PROFESSIONAL_SECRECY: 'Loss of confidentiality of personal data protected by professional secrecy',
    DISCLOSURE_OF_SPECIAL_CATEGORIES: 'Disclosure of data to unauthorised third parties',
    SIGNIFICANT_ECONOMIC_OR_SOCIAL_DISADVANTAGE: 'Significant economic or social disadvantage',
    PHYSICAL_OR_MENTAL_HARM: 'Physical or mental harm',
    MATERIAL_OR_NON_MATERIAL_DAMAGE: 'Material or non-material damage to property',
    OTHER: 'Other impact (please specify in further description)',
    TBD: 'To be determined',
  } satisfies Texts<(typeof L.HARMS)[number]>,
  87: {
    MINOR: 'Minor',
    MODERATE: 'Moderate',
    SEVERE: 'Severe',
    TBD: 'To be determined',
  } satisfies Texts<(typeof L.IMPACT_SEVERITY)[number]>,
  89: {
    HIGH_RISK:
      'The personal data breach is likely to result in a high risk to the rights and freedoms of natural persons',
    RISK_NOT_HIGH:
      'The personal data breach is likely to result in a (not high) risk to the rights and freedoms of natural persons',
    UNLIKELY_RISK:
      'The personal data breach is unlikely to result in a risk to the rights and freedoms of natural persons',
    MORE_INFO_NEEDED:
      'Additional information is needed to assess the risk to the rights and freedoms of natural persons',
  } satisfies Texts<RiskLevel>,
  94: {
    ANONYMISATION: 'Anonymisation',
    BACKUP_RECOVERY: 'Backup / Recovery plan',
    PROCESS_CHANGE: 'Change of processes',
    ENCRYPTION: 'Data encryption',
    POLICIES: 'Data protection and information security policies',
    TRAINING: 'Data protection and security training',
    ERASURE: 'Erasure of the data',
    INCIDENT_LOG: 'Incident log',
    ACCESS_LEVELS: 'Levels of access to data',
    LOGICAL_ACCESS_CONTROL: 'Logical access control (e.g. MFA)',
    AUDITS: 'Periodic audits',
    PHYSICAL_ACCESS: 'Physical access control',
    PSEUDONYMISATION: 'Pseudonymisation',
    UP_TO_DATE_SYSTEMS: 'Up-to-date IT systems',
    OTHER: 'Other measures (please specify in further description)',
  } satisfies Texts<(typeof L.MEASURES_PREVENTION)[number]>,
  97: {
    YES: 'Yes',
    PLANNED_ON: 'No, but it will be communicated on a specific date',
    PLANNED_NO_DATE: 'No, but it will be communicated on a date to be determined',
    NO_INVESTIGATING: 'No, the investigation is still ongoing',
    NO_NOT_HIGH:
      'No, it will not be communicated since the personal data breach is unlikely to result in a high risk to the rights and freedoms of natural persons',
    NO_EXEMPT:
      'No, it will not be communicated since one of the conditions referred to in article 34(3) of the GDPR is met',
  } satisfies Texts<NoticeContent['communication']['status']>,
  100: {
    A_PROTECTION_APPLIED:
      'The controller has implemented appropriate technical and organisational protection measures, and those measures were applied to the personal data affected by the personal data breach, in particular those that render the personal data unintelligible to any person who is not authorised to access it, such as encryption',
    B_RISK_REMOVED:
      'The controller has taken subsequent measures which ensure that the high risk to the rights and freedoms of data subjects referred to in paragraph 1 is no longer likely to materialise',
    C_DISPROPORTIONATE_EFFORT:
      'It would involve disproportionate effort. In such a case, there shall instead be a public communication or similar measure whereby the data subjects are informed in an equally effective manner',
  } satisfies Texts<(typeof L.EXEMPTIONS)[number]>,
  102: {
    ALL: 'All data subjects have been informed',
    NOT_ALL: 'Not all data subjects have been informed',
  },
  104: {
    INDIVIDUAL: 'Individual communication (letter/email/personal communication)',
    PUBLIC: 'Public announcement (website/press release/social network)',
    OTHER: 'Other',
  },
  109: YES_NO_UNKNOWN,
  110: YES_NO_UNKNOWN,
  113: YES_NO_UNKNOWN,
  120: YES_NO_UNKNOWN,
  125: {
    COMMUNICATION: 'Dated copy of the communication to the datasubject',
    RISK_ASSESSMENT: 'Dated copy of the risk-assessment',
    RESEARCH_REPORT: 'Dated copy of the research report into the data breach (cyberincidents)',
    RANSOM_NOTE: 'Dated copy of the ransomware-note',
    PHISHING_MESSAGE: 'Dated copy of the phishing-message',
    NOTIFICATION_PROCEDURE: 'Dated copy of the internal procedure to notify a data breach',
    DELETION_POLICY: 'Dated copy of the internal policy to delete/destroy (outdated) personal data',
    WRONG_RECIPIENT_COMMUNICATION: 'Dated copy of the communication to the wrong recipients',
    EXTERNAL_NOTICE: 'Dated copy of the external notification/message of the data breach',
    OTHER: 'Other',
  },
} as const;

export type ChoiceField = keyof typeof FORM_OPTIONS;
export interface FormOption {
  readonly letter: string;
  readonly code: string;
  readonly text: string;
}

/** Row 97 alone numbers a choice `b1`; everywhere else the letters are in order. */
const LETTERS_OF_97 = ['a', 'b', 'b1', 'c', 'd', 'e'];

const OPTIONS = new Map<number, readonly FormOption[]>(
  Object.entries(FORM_OPTIONS).map(([no, texts]) => [
    Number(no),
    Object.entries(texts).map(([code, text], place) => ({
      letter: (no === '97' ? LETTERS_OF_97[place] : undefined) ?? String.fromCharCode(97 + place),
      code,
      text,
    })),
  ]),
);

export const optionsOf = (no: ChoiceField): readonly FormOption[] => OPTIONS.get(no) ?? [];
export const isChoiceField = (no: number): no is ChoiceField => Object.hasOwn(FORM_OPTIONS, no);
export const letterOf = (no: ChoiceField, code: string): string | undefined =>
  optionsOf(no).find((option) => option.code === code)?.letter;
export const textOf = (no: ChoiceField, letter: string): string =>
  optionsOf(no).find((option) => option.letter === letter)?.text ?? letter;

/** Choices that promise more and are therefore only to be had in an incomplete notice (the template's own notes). */
// biome-ignore format: a table
export const ONLY_WHEN_INCOMPLETE: Readonly<Partial<Record<ChoiceField, string>>> = {
  44: 'e', 56: 'e', 57: 'e', 61: 'e', 65: 'k', 67: 'd', 70: 't', 72: 'd', 79: 'e', 81: 'd', 83: 'd', 89: 'd', 97: 'c',
};
