import type {
  AVAILABILITY_OUTCOME,
  DATA_CATEGORIES,
  HARMS,
  INCIDENT_TYPES,
  MEASURES_PREVENTION,
  NATURE,
} from '../../incident/lists.js';

type DataCategory = (typeof DATA_CATEGORIES)[number];
type Part =
  | 'whatHappened'
  | 'whichDataOfYours'
  | 'consequences'
  | 'whatWeDid'
  | 'whatYouCanDo'
  | 'fraudWarning'
  | 'contact'
  | 'caseRefPublic';

/** Everything a message needs in one language. Whole sentences, short ones; no placeholders but the functions' arguments. */
export interface MessageLanguage {
  readonly headings: Readonly<Record<Part, string>>;
  readonly greeting: string;
  readonly closing: string;
  readonly day: (isoDay: string) => string;
  readonly subject: (organisation: string) => string;
  /** Begins every message: who writes, and why. */
  readonly opening: (organisation: string) => string;
  /** What happened, by kind of incident; null where the kind alone says nothing to a layperson. */
  readonly incident: Readonly<Record<(typeof INCIDENT_TYPES)[number], string | null>>;
  readonly nature: Readonly<Record<(typeof NATURE)[number], string>>;
  /** In place of `nature.CONFIDENTIALITY`, as sure as the record is about who saw the data. */
  readonly seen: Readonly<Record<'DISCLOSED' | 'LIKELY_NO_EVIDENCE' | 'NOT_ASSESSABLE', string>>;
  /** In place of `nature.AVAILABILITY`, where it is known for how long. */
  readonly lost: Readonly<Record<(typeof AVAILABILITY_OUTCOME)[number], string>>;
  /** `rough`: the day is an estimate, and the sentence says so. */
  readonly when: {
    readonly on: (day: string, rough: boolean) => string;
    readonly between: (from: string, to: string, rough: boolean) => string;
    readonly began: (day: string, rough: boolean) => string;
    readonly ended: (day: string, rough: boolean) => string;
    readonly goesOn: string;
    readonly unknown: string;
    /** It cannot be found out. */
    readonly never: string;
    readonly beginningUnknown: string;
    readonly beginningNever: string;
    readonly endUnknown: string;
    readonly endNever: string;
    readonly noticed: (day: string) => string;
  };
  readonly dataIntro: string;
  /** Where the kinds of data are an estimate. */
  readonly dataIntroRough: string;
  /** After the kinds of data that are known. */
  readonly dataMore: string;
  readonly dataUnknown: string;
  readonly dataNever: string;
  /** Short noun phrase · what others can do with it · what the person can do about it. */
  readonly data: Readonly<
    Record<
      DataCategory,
      { readonly label: string | null; readonly consequence: string | null; readonly advice: string | null }
    >
  >;
  readonly protected: string;
  readonly passwordsHashed: string;
  /** In place of what can be done with login details, where nobody got the password itself. */
  readonly hashedConsequence: string;
  /** To patients whose data were away or changed. */
  readonly treatment: string;
  /** For who reads it in the place of a child, or of somebody in their care. */
  readonly forParents: string;
  readonly harm: Readonly<Record<(typeof HARMS)[number], string | null>>;
  readonly consequencesOpen: string;
  readonly measure: Readonly<Record<(typeof MEASURES_PREVENTION)[number], string | null>>;
  readonly weActed: string;
  readonly weTold: (authority: string) => string;
  readonly generalAdvice: string;
  readonly fraudWarning: (organisation: string) => string;
  readonly contact: (publicContact: string, email: string) => string;
  readonly dpo: (contact: string) => string;
  /** `orWhereYouLive`: in the Union one may also go to the authority at home (Art. 77). */
  readonly authority: (name: string, orWhereYouLive: boolean) => string;
  readonly caseRef: (id: string) => string;
  /** Phrases in lower case, with straight apostrophes. */
  readonly hedges: Hedges;
  /** Words beside a figure or a day that say it is not exact. */
  readonly rough: readonly string[];
}

export interface Hedges {
  /** Leaves open what happened: in place only where nobody can know. */
  readonly doubt: readonly string[];
  /** Says that nothing was found: in place only where something proves it. */
  readonly absence: readonly string[];
  /** Calms, praises or plays down: never in place. */
  readonly calming: readonly string[];
}
