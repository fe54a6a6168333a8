import type { Instant } from '../clock/instant.js';
import type { Basis, Provision } from './basis.js';
import { COMPETENCE_LAW } from './competence-provisions.js';
import { DUTY_LAW } from './duty-provisions.js';
import { TIME_LAW } from './time-provisions.js';

const GDPR_URL = 'https://eur-lex.europa.eu/eli/reg/2016/679/oj';
/** Art. 99(2) GDPR. */
export const GDPR_FROM = '2018-05-25';
const CHECKED = '2026-11-22';
const HOUSE_FROM = GDPR_FROM; // ours, for every case under the GDPR

/**
 * The provisions we act on, each with its source, the day from which it applies and the day somebody last checked it.
 * `cite: 'House rule'` marks what is ours and not the law's.
 */
export const LAW = {
  ...DUTY_LAW,
  ...COMPETENCE_LAW,
  ...TIME_LAW,
  becomingAware: {
    rule: 'R-110',
    cite: 'EDPB Guidelines 9/2022, sec. II.A.2',
    says: 'A controller is aware when it has a reasonable degree of certainty that a security incident has compromised personal data.',
    url: 'https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-92022-personal-data-breach-notification-under_en',
    appliesFrom: '2023-03-28', // version 2.0; the text is that of WP250rev.01, endorsed on 2018-05-25
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  shortInvestigation: {
    rule: 'R-112',
    cite: 'House rule',
    says: 'The short investigation before awareness is warned about after 24 hours and escalated after 48; its length needs written reasons.',
    url: 'https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-92022-personal-data-breach-notification-under_en',
    appliesFrom: HOUSE_FROM,
    checkedOn: CHECKED,
    evidence: 'house',
  },
  notifyAuthority: {
    rule: 'R-201',
    cite: 'GDPR Art. 33(1)',
    says: 'Tell the authority without undue delay and, where feasible, not later than 72 hours after becoming aware.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  reasonsForDelay: {
    rule: 'R-203',
    cite: 'GDPR Art. 33(1), second sentence',
    says: 'A notice that is not made within 72 hours is still owed and is accompanied by the reasons for the delay.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  unlikelyRisk: {
    rule: 'R-204',
    cite: 'GDPR Art. 33(1) and Art. 5(2)',
    says: 'No notice is due only if the breach is unlikely to result in a risk, and the controller must be able to show that.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  processorTellsController: {
    rule: 'R-240',
    cite: 'GDPR Art. 33(2)',
    says: 'The processor tells the controller without undue delay after becoming aware; no threshold of risk, no hours.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  contentOfNotice: {
    rule: 'R-211',
    cite: 'GDPR Art. 33(3)',
    says: 'The notice describes at least the nature of the breach, a contact point, the likely consequences, and the measures taken or proposed.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  inPhases: {
    rule: 'R-220',
    cite: 'GDPR Art. 33(4)',
    says: 'What cannot be given at the same time may follow in phases without undue further delay.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  register: {
    rule: 'R-230',
    cite: 'GDPR Art. 33(5)',
    says: 'The controller documents any breach: its facts, its effects and the remedial action taken.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  tellPeople: {
    rule: 'R-401',
    cite: 'GDPR Art. 34(1)',
    says: 'Tell the people concerned without undue delay when the breach is likely to result in a high risk to their rights and freedoms.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  tellPeopleTarget: {
    rule: 'R-405',
    cite: 'House rule',
    says: 'People are to be told within 24 hours of the decision that the risk is high; the law knows no number of hours here.',
    url: GDPR_URL,
    appliesFrom: HOUSE_FROM,
    checkedOn: CHECKED,
    evidence: 'house',
  },
  protectionApplied: {
    rule: 'R-414',
    cite: 'GDPR Art. 34(3)(a)',
    says: 'People need not be told if protection applied to the affected data made them unintelligible to anyone not authorised, such as encryption.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  riskRemoved: {
    rule: 'R-416',
    cite: 'GDPR Art. 34(3)(b)',
    says: 'People need not be told if later measures ensure that the high risk is no longer likely to materialise; reduced is not enough.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  disproportionateEffort: {
    rule: 'R-417',
    cite: 'GDPR Art. 34(3)(c)',
    says: 'If telling each person is a disproportionate effort, a public communication informs them in an equally effective manner.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  lawEnforcementHold: {
    rule: 'R-443',
    cite: 'House rule, after GDPR Recital 88',
    says: 'A hold at the wish of law enforcement is reviewed after seven days at the latest; it never holds the notice to the authority (R-441).',
    url: GDPR_URL,
    appliesFrom: HOUSE_FROM,
    checkedOn: CHECKED,
    evidence: 'house',
  },
  mailboxCheck: {
    rule: 'R-511',
    cite: 'House rule',
    says: "An authority's address counts as checked for 180 days; nothing is sent to one that no person has checked.",
    url: 'https://www.edpb.europa.eu/notify-data-breach_en',
    appliesFrom: HOUSE_FROM,
    checkedOn: CHECKED,
    evidence: 'house',
  },
  lossForATime: {
    rule: 'R-104',
    cite: 'House rule, after EDPB Guidelines 9/2022, sec. I.B.2',
    says: 'Whether a loss for a time is notified depends on its effect on people. That a day without the data is long is ours; the guidelines know no number of hours.',
    url: 'https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-92022-personal-data-breach-notification-under_en',
    appliesFrom: HOUSE_FROM,
    checkedOn: CHECKED,
    evidence: 'house',
  },
  severityMethod: {
    rule: 'R-620',
    cite: 'ENISA 2013, severity of personal data breaches, v1.0',
    says: 'SE = DPC × EI + CB. An aid that is older than the GDPR; it never decides the legal question alone.',
    url: 'https://www.enisa.europa.eu/publications/dbn-severity',
    appliesFrom: '2013-12-20',
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
} as const satisfies Record<string, Provision>;

/** The ground of a duty, without the prose. */
export const basisOf = ({ rule, cite }: Provision): Basis => ({ rule, cite });

/** GDPR Art. 33(1), R-202. Elapsed hours, never rolled over a weekend or a holiday. */
export const NOTIFY_WITHIN_HOURS = 72;
/** of the proposal that is off. */
export const PROPOSED_WITHIN_HOURS = 96;
/** R-112, house values: hours from the first hint. */
export const SUSPICION_WARN_HOURS = 24;
export const SUSPICION_ESCALATE_HOURS = 48;
/** R-405, house value: hours from the decision that the risk is high. */
export const TELL_PEOPLE_WITHIN_HOURS = 24;
/** of the CNIL, counted from the initial notification. The other authorities know no such number. */
export const FRENCH_FOLLOW_UP_WITHIN_HOURS = 72;
/** R-443, house value. */
export const HOLD_REVIEW_WITHIN_DAYS = 7;
/** R-511, house value. */
export const MAILBOX_CHECK_HOLDS_DAYS = 180;

/** ENISA boundaries in quarters of a point; each belongs to the higher level. */
export const SEVERITY_FROM_QUARTERS = { medium: 8, high: 12, very_high: 16 } as const;
/**
 * Strictly more than this many people: the method flags it for attention, the EDPB says that numbers usually raise the risk.
 * That it weighs in the proposal is a house value, and each reason that rests on it says so.
 */
export const MANY_PEOPLE = 100;
/** House value (R-104 knows no hours): data out of reach for longer than this are missed by whoever depends on them. */
export const LONG_OUTAGE_HOURS = 24;

/** What a version of the rules says where versions differ. Everything else holds under each of them. */
export interface RuleSet {
  /** `gdpr-2018-05-25`; kept with every duty (R-1034). */
  readonly version: string;
  readonly says: string;
  readonly basis: Provision;
  /** First day, ISO date, from 00:00 UTC; null: no date is known. */
  readonly appliesFrom: string | null;
  /** Last day, ISO date, to its end in UTC; null: no end is known. */
  readonly appliesUntil: string | null;
  /** Off: a proposal, to see what it would change. Never chosen by an instant. */
  readonly on: boolean;
  /** Elapsed hours from awareness within which the authority is told. */
  readonly notifyWithinHours: number;
  /** The least risk at which the authority is told. */
  readonly notifyFrom: 'RISK_NOT_HIGH' | 'HIGH_RISK';
}

const GDPR: RuleSet = {
  version: 'gdpr-2018-05-25',
  says: 'Tell the authority within 72 hours of awareness, unless a risk is unlikely.',
  basis: LAW.notifyAuthority,
  appliesFrom: '2018-05-25',
  appliesUntil: null,
  on: true,
  notifyWithinHours: NOTIFY_WITHIN_HOURS,
  notifyFrom: 'RISK_NOT_HIGH',
};
const DIGITAL_OMNIBUS: RuleSet = {
  version: 'com-2025-837',
  says: 'Proposal, not in force: tell the authority within 96 hours of awareness, and only of a likely high risk.',
  basis: LAW.proposedNotice,
  appliesFrom: null,
  appliesUntil: null,
  on: false,
  notifyWithinHours: PROPOSED_WITHIN_HOURS,
  notifyFrom: 'HIGH_RISK',
};

/** Every version of the rules, newest first. A new one gets a row, the one before an end; old incidents keep theirs (R-1034). */
export const RULE_SETS: readonly RuleSet[] = [DIGITAL_OMNIBUS, GDPR];

/** The version of that name, in force or proposed; undefined when there is none. */
export const ruleSet = (version: string): RuleSet | undefined => RULE_SETS.find((set) => set.version === version);

/**
 * The rules under which a breach is judged, chosen by the instant of awareness; `null` (not aware yet) gets the newest in force.
 * Awareness before the GDPR applied still gets its rules, since the engine knows no older law: ask isBeforeGdpr too.
 */
export function ruleSetAt(awareAt: Instant | null, sets: readonly RuleSet[] = RULE_SETS): RuleSet {
  const inForce = sets.filter(({ on, appliesFrom }) => on && appliesFrom !== null);
  const day = awareAt?.slice(0, 10);
  const found =
    day === undefined
      ? inForce[0]
      : inForce.find(
          ({ appliesFrom, appliesUntil }) =>
            (appliesFrom ?? '') <= day && (appliesUntil === null || day <= appliesUntil),
        );
  return found ?? inForce.at(-1) ?? GDPR;
}

/** That day began in the east of the EEA three hours before UTC. */
const GDPR_FIRST_INSTANT: Instant = '2018-05-24T21:00:00.000Z';
/** Art. 33 knew no duty yet, nowhere in the EEA. */
export const isBeforeGdpr = (awareAt: Instant): boolean => awareAt < GDPR_FIRST_INSTANT;

/** The name of the rules of an instant of awareness, as it is kept with duties and notices. */
export const rulesAt = (awareAt: Instant | null): string => ruleSetAt(awareAt).version;

/** The newest version in force. */
export const RULES = rulesAt(null);
