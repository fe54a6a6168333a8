import type { FactId } from '../incident/facts.js';
import type { DATA_CATEGORIES, DATA_CONTEXT, IDENTIFIABILITY, RECIPIENTS, RECOVERY } from '../incident/lists.js';

export type DataCategory = (typeof DATA_CATEGORIES)[number];
export type DataContext = (typeof DATA_CONTEXT)[number];

/** What triage sees: the facts that decide, with a value in the place of everything that is not known. */
export interface Case {
  readonly seen: boolean; // confidentiality is concerned
  readonly changed: boolean; // integrity is concerned
  readonly gone: boolean; // availability is concerned
  /** What else the facts say happened, though `breach.nature` does not name it: by which of them. */
  readonly unnamed: readonly { readonly part: 'seen' | 'changed' | 'gone'; readonly facts: readonly FactId[] }[];
  readonly categories: ReadonlySet<DataCategory>;
  /** Processing context, 1 to 4, after adjustment. */
  readonly context: { readonly base: DataContext; readonly adjustment: number; readonly dpc: number };
  readonly identifiability: (typeof IDENTIFIABILITY)[number];
  /** A thing with readable data is gone, or may be, and nobody knows who has it: that nobody looked into it cannot be evidenced. */
  readonly goneFromSight: false | 'known' | 'assumed';
  readonly disclosure: 'DISCLOSED' | 'LIKELY_NO_EVIDENCE' | 'NOT_DISCLOSED_EVIDENCED';
  readonly recipients: (typeof RECIPIENTS)[number];
  /** Known to be just one. */
  readonly oneRecipient: boolean;
  readonly trustedRecipients: boolean;
  /** They owe secrecy by law or contract besides. */
  readonly boundRecipients: boolean;
  /** Whoever came by could read the data, however few are known to have done so. */
  readonly published: boolean;
  /** All the conditions of R-414 hold. */
  readonly protectionIntact: boolean;
  /** Passwords were among the data as strong, salted hashes only: they are not in `categories` then. */
  readonly saltedHashes: boolean;
  /** Somebody was in the system, and nobody has said whether they read the data. */
  readonly intruderUnwatched: boolean;
  readonly malicious: boolean;
  /** Somebody from outside meant it. */
  readonly attacked: boolean;
  /** To be in this controller's records at all says something sensitive about a person. */
  readonly sensitiveField: boolean;
  readonly professionalSecrecy: boolean;
  /** All of the data could be had lawfully by anybody before. */
  readonly alreadyPublic: boolean;
  readonly vulnerable: boolean;
  /** Known only as accounts: their names may be made up. */
  readonly onlyAccounts: boolean;
  readonly people: number; // at the most
  readonly recovery: (typeof RECOVERY)[number];
  readonly peopleSuffered: boolean;
  /** Of those who depend on the service some did not get it: they suffered, whether or not anybody says so. */
  readonly unserved: boolean;
  readonly criticalService: boolean;
  /** People depend on what needs the data, and were without it for long. */
  readonly outOfReach: boolean;
  /** Nobody said that people suffered; that nobody depends on the service, or that it ran on, and how short it was, speaks against it. */
  readonly hardlyMissed: boolean;
  readonly integrity: 'ALTERED_NO_USE' | 'ALTERED_USED_RECOVERABLE' | 'ALTERED_USED_LOST';
  /** A person's own finding; null where nobody has made one. */
  readonly harm: 'MINOR' | 'MODERATE' | 'SEVERE' | null;
  readonly graveHarms: boolean;
  /** Harm that a thief does with data: in a person's name or with a person's money. */
  readonly theftHarms: boolean;
  readonly bodilyHarm: boolean;
}

/** A fact that is not known, and what stands in its place. `core`: without it no level is settled. `open`: it may still be found out. */
export interface Assumption {
  readonly fact: FactId;
  readonly assumed: string;
  readonly core: boolean;
  readonly open: boolean;
}

/** Criminal data are treated like the special categories of Art. 9(1). */
export const SPECIAL: ReadonlySet<DataCategory> = new Set<DataCategory>([
  'BIOMETRIC',
  'CRIMINAL',
  'POLITICAL',
  'RACE_ETHNIC',
  'RELIGION_PHILOSOPHY',
  'SEX_LIFE_ORIENTATION',
  'TRADE_UNION',
  'GENETIC',
  'HEALTH',
  'EMPLOYMENT_HEALTH',
]);
/** Whoever holds these can act in a person's name or on a person's account. */
export const FRAUD: ReadonlySet<DataCategory> = new Set<DataCategory>([
  'PAYMENT',
  'CREDENTIALS',
  'OFFICIAL_DOCUMENTS',
  'IDENTIFICATION_NO',
]);
/** R-604; whoever serves as a soldier or in the police may be hunted for it (R-624: a list of undercover officers). */
export const VULNERABLE: ReadonlySet<string> = new Set([
  'MINORS',
  'PATIENTS',
  'VULNERABLE',
  'MILITARY_OR_LAW_ENFORCEMENT',
]);
export const ACCOUNTS: ReadonlySet<string> = new Set(['USERS', 'SUBSCRIBERS']);
export const LOST_THINGS: ReadonlySet<string> = new Set([
  'DEVICE_LOST_STOLEN',
  'PAPER_LOST_STOLEN',
  'MAIL_LOST_OPENED',
]);
export const GRAVE_HARMS: ReadonlySet<string> = new Set([
  'DISCRIMINATION',
  'IDENTITY_THEFT',
  'FRAUD',
  'FINANCIAL_LOSS',
  'UNAUTHORISED_REVERSAL_OF_PSEUDONYMISATION',
  'DAMAGE_TO_REPUTATION',
  'LOSS_OF_PROFESSIONAL_SECRECY',
  'SIGNIFICANT_ECONOMIC_OR_SOCIAL_DISADVANTAGE',
  'PHYSICAL_OR_MENTAL_HARM',
]);
export const THEFT_HARMS: ReadonlySet<string> = new Set(['IDENTITY_THEFT', 'FRAUD', 'FINANCIAL_LOSS']);
