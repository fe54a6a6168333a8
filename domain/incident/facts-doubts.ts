import { type Instant, isAfter, msBetween, DAY_MS } from '../clock/instant.js';
import type { Count, FactId, FactValue } from './facts.js';
import type { Contradiction } from './facts-contradictions.js';
import { EEA } from './lists.js';

/**
 * What hardly fits together and yet can be true: named in the assessment with what to do, never refused. A file or a person with one
 * of these in the night goes on. Echoes only numbers, codes and ids.
 */
export interface Doubt extends Contradiction {
  readonly mend: string;
}
type Values = Readonly<Partial<Record<FactId, { readonly value: FactValue | null }>>>;

class Look {
  constructor(private readonly facts: Values) {}
  value = (id: FactId): FactValue | null => this.facts[id]?.value ?? null;
  given = (...ids: readonly FactId[]): boolean => ids.every((id) => this.value(id) !== null);
  is = (id: FactId, ...values: readonly FactValue[]): boolean => values.some((value) => this.value(id) === value);
  list = (id: FactId): readonly string[] => {
    const value = this.value(id);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  };
  has = (id: FactId, ...items: readonly string[]): boolean => items.some((item) => this.list(id).includes(item));
  count = (id: FactId): Count | null => {
    const value = this.value(id);
    return typeof value === 'object' && value !== null && 'min' in value ? (value as Count) : null;
  };
  /** States of the EEA in which at least one person lives. */
  states = (): readonly string[] => {
    const value = this.value('people.countries');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.entries(value as Readonly<Record<string, number>>).flatMap(([country, people]) =>
      people > 0 && (EEA as readonly string[]).includes(country) ? [country] : [],
    );
  };
}

interface Pair {
  readonly paths: readonly FactId[];
  readonly when: (look: Look) => boolean;
  readonly says: string;
  readonly mend: string;
}

/** "Not known yet" beside what is known: the form shows both, and a reader cannot tell which is true. */
const OPEN_BESIDE_KNOWN = (
  [
    ['data.categories', 'NOT_YET_KNOWN'],
    ['people.categories', 'NOT_YET_KNOWN'],
    ['breach.incidentTypes', 'TBD'],
    ['harm.types', 'TBD'],
    ['confidentiality.consequences', 'UNDER_ASSESSMENT'],
    ['integrity.consequences', 'UNDER_ASSESSMENT'],
    ['availability.consequences', 'UNDER_ASSESSMENT'],
  ] as const
).map(
  ([id, open]): Pair => ({
    paths: [id],
    when: (look) => look.has(id, open) && look.list(id).length > 1,
    says: `${open} stands beside what is known`,
    mend: `Leave ${open} out and mark the fact as estimated, when more may come`,
  }),
);

/** A detail of a kind of breach that `breach.nature` does not name. The three outcomes have their own hint. */
const BEYOND_THE_NATURE = (
  [
    ['CONFIDENTIALITY', ['confidentiality.consequences']],
    ['INTEGRITY', ['integrity.consequences']],
    [
      'AVAILABILITY',
      [
        'availability.recovery',
        'availability.consequences',
        'availability.outageHours',
        'availability.serviceImpact',
        'availability.recoveryTime',
      ],
    ],
  ] as const
).flatMap(([nature, ids]) =>
  ids.map(
    (id): Pair => ({
      paths: [id, 'breach.nature'],
      when: (look) => look.given(id, 'breach.nature') && !look.has('breach.nature', nature),
      says: `it is told about a breach of ${nature.toLowerCase()}, and the nature does not name it`,
      mend: `Add ${nature} to breach.nature, or mark ${id} as not_applicable`,
    }),
  ),
);

// biome-ignore format: a table is read by the row
const PAIRS: readonly Pair[] = [
  ...OPEN_BESIDE_KNOWN,
  ...BEYOND_THE_NATURE,
  { paths: ['availability.effectOnPeople', 'breach.nature'], when: (l) => l.is('availability.effectOnPeople', true) && l.given('breach.nature') && !l.has('breach.nature', 'AVAILABILITY'), says: 'people suffered from data that were not there, and the nature does not name availability', mend: 'Add AVAILABILITY to breach.nature, or correct the effect' },
  { paths: ['confidentiality.outcome', 'confidentiality.recipients'], when: (l) => l.is('confidentiality.outcome', 'DISCLOSED') && l.is('confidentiality.recipients', 'NO_EVIDENCE_OF_ACCESS'), says: 'the data were disclosed, and nobody seems to have got them', mend: 'LIKELY_NO_EVIDENCE is the outcome for data that lay open without a trace of access' },
  { paths: ['confidentiality.recipients', 'confidentiality.recipientTrusted'], when: (l) => l.is('confidentiality.recipients', 'NO_EVIDENCE_OF_ACCESS') && l.is('confidentiality.recipientTrusted', true), says: 'nobody seems to have got the data, and the recipients are trusted', mend: 'Whoever has confirmed that they destroyed the data is a known recipient' },
  { paths: ['confidentiality.outcome', 'breach.nature'], when: (l) => l.is('confidentiality.outcome', 'NOT_DISCLOSED_EVIDENCED') && l.has('breach.nature', 'CONFIDENTIALITY'), says: 'there is proof that nobody saw the data, and the nature names confidentiality', mend: 'Keep both only if the authority should see why it was ruled out' },
  { paths: ['data.unintelligible', 'protection.keySafe'], when: (l) => l.is('data.unintelligible', 'PROTECTION_INTACT') && l.is('protection.keySafe', false), says: 'the protection is intact, and its key was taken', mend: 'It is weighed as data that can be read (R-208, R-414). If the key was taken, data.unintelligible is NO' },
  { paths: ['data.unintelligible', 'protection.appliedToAffectedData'], when: (l) => l.is('data.unintelligible', 'PROTECTION_INTACT') && l.is('protection.appliedToAffectedData', false), says: 'the protection is intact, and it does not cover all the data', mend: 'If some of the data can be read, data.unintelligible is NO' },
  { paths: ['data.unintelligible', 'protection.algorithmStandardised', 'protection.keyStrong'], when: (l) => l.is('data.unintelligible', 'PROTECTION_INTACT') && (l.is('protection.algorithmStandardised', false) || l.is('protection.keyStrong', false)), says: 'the protection is intact, and it can be broken', mend: 'Protection that can be broken is LIKELY_SUBVERTIBLE' },
  { paths: ['protection.passwordsSaltedAndHashed', 'data.categories'], when: (l) => l.given('protection.passwordsSaltedAndHashed', 'data.categories') && !l.has('data.categories', 'CREDENTIALS'), says: 'it is told how passwords were stored, and no passwords are among the data', mend: 'Add CREDENTIALS to data.categories, or mark the other as not_applicable' },
  { paths: ['breach.cause', 'breach.incidentTypes'], when: (l) => l.is('breach.cause', 'INTERNAL_NON_MALICIOUS', 'EXTERNAL_NON_MALICIOUS') && l.has('breach.incidentTypes', 'RANSOMWARE', 'HACKING_MALWARE', 'EXFILTRATION', 'PHISHING_SOCIAL_ENGINEERING', 'ABUSE_OF_PRIVILEGE'), says: 'an attack is no accident', mend: 'The mistake that let it happen belongs into breach.rootCause; the cause is the attacker' },
  { paths: ['breach.cause', 'breach.incidentTypes'], when: (l) => l.is('breach.cause', 'EXTERNAL_MALICIOUS', 'EXTERNAL_NON_MALICIOUS') && l.has('breach.incidentTypes', 'ABUSE_OF_PRIVILEGE'), says: 'a privilege is abused by somebody who has it', mend: 'Say INTERNAL_MALICIOUS, or UNAUTHORISED_SYSTEM_ACCESS for somebody who took it' },
  { paths: ['breach.cause', 'breach.incidentTypes'], when: (l) => l.is('breach.cause', 'EXTERNAL_MALICIOUS', 'INTERNAL_MALICIOUS') && l.list('breach.incidentTypes').length > 0 && l.list('breach.incidentTypes').every((type) => ['NO_BCC', 'SENT_BY_MISTAKE', 'TECHNICAL_MALFUNCTION'].includes(type)), says: 'a mistake is not meant', mend: 'Say INTERNAL_NON_MALICIOUS, or name the attack among the types' },
  { paths: ['availability.outcome', 'availability.recoveryTime'], when: (l) => l.is('availability.outcome', 'TEMPORARY') && l.is('availability.recoveryTime', 'NOT_RECOVERABLE'), says: 'the data are away for a time only, and nothing will run again as before', mend: 'Data that do not come back are PERMANENT' },
  { paths: ['availability.recovery', 'availability.recoveryTime'], when: (l) => l.is('availability.recovery', 'WITHOUT_DIFFICULTY') && l.is('availability.recoveryTime', 'EXTENDED', 'NOT_RECOVERABLE'), says: 'the data come back without difficulty, and nobody can say when', mend: 'Say WITH_EFFORT or NOT_POSSIBLE, or correct the time' },
  { paths: ['availability.serviceImpact', 'availability.effectOnPeople'], when: (l) => l.is('availability.serviceImpact', 'NONE') && l.is('availability.effectOnPeople', true), says: 'no service is touched, and people suffered from what was not there', mend: 'Say which service it was' },
  { paths: ['availability.essentialService', 'availability.serviceImpact', 'availability.effectOnPeople'], when: (l) => l.is('availability.essentialService', true) && l.is('availability.serviceImpact', 'MEDIUM_SOME_NOT_SERVED', 'HIGH_NONE_SERVED') && l.is('availability.effectOnPeople', false), says: 'people depend on the service and did not get it, and nobody suffered', mend: 'It is weighed as if they had suffered; if everybody was served in another way, say LOW_SERVED_WITH_DELAY or NONE' },
  { paths: ['availability.outcome', 'availability.outageHours'], when: (l) => l.is('availability.outcome', 'PERMANENT') && l.given('availability.outageHours'), says: 'the data are lost for good, and the hours without them are counted', mend: 'Data that come back are TEMPORARY' },
  { paths: ['confidentiality.recipientBound', 'confidentiality.recipientTrusted'], when: (l) => l.is('confidentiality.recipientBound', true) && l.is('confidentiality.recipientTrusted', false), says: 'the recipients owe secrecy, and they are not to be trusted', mend: 'Secrecy weighs only with recipients who have confirmed that they returned or destroyed the data' },
  { paths: ['data.alreadyPublic', 'data.professionalSecrecy'], when: (l) => l.is('data.alreadyPublic', true) && l.is('data.professionalSecrecy', true), says: 'the data were public, and they are secret', mend: 'Public means all of these very data; if a part is secret, say no' },
  { paths: ['availability.serviceImpact', 'availability.consequences'], when: (l) => l.is('availability.serviceImpact', 'NONE') && l.has('availability.consequences', 'CRITICAL_SERVICE_LOST', 'SERVICE_DISRUPTED'), says: 'no service is touched, and one is lost or disrupted', mend: 'Correct the one that is older' },
  { paths: ['integrity.outcome', 'integrity.consequences'], when: (l) => l.is('integrity.outcome', 'ALTERED_NO_USE') && l.has('integrity.consequences', 'USED_THOUGH_INVALID', 'USED_FOR_OTHER_PURPOSES'), says: 'the changed data were not used, and they were used', mend: 'Say ALTERED_USED_RECOVERABLE or ALTERED_USED_LOST if they were' },
  { paths: ['breach.occurrence', 'breach.startedAt'], when: (l) => l.is('breach.occurrence', 'UNDETERMINABLE') && l.given('breach.startedAt'), says: 'nobody can find out when it was, and its beginning is given', mend: 'Say SPECIFIC_DAY, RANGE or ONGOING_SINCE, and mark the beginning as estimated' },
  { paths: ['breach.occurrence', 'breach.startedAt', 'breach.endedAt'], when: (l) => l.is('breach.occurrence', 'SPECIFIC_DAY') && longerThan(l, DAY_MS), says: 'it was on one day, and more than 24 hours lie between begin and end', mend: 'Say RANGE, or correct begin or end' },
  { paths: ['people.count', 'data.records'], when: (l) => { const [people, records] = [l.count('people.count'), l.count('data.records')]; return people !== null && records !== null && records.max < people.min; }, says: 'there are fewer records than people', mend: 'One person has at least one record (R-216): look at both numbers again' },
  { paths: ['people.mailboxOwners', 'people.phishingRecipients', 'people.inMailbox', 'breach.incidentTypes'], when: (l) => (['people.mailboxOwners', 'people.phishingRecipients', 'people.inMailbox'] as const).some((id) => l.given(id)) && l.given('breach.incidentTypes') && !l.has('breach.incidentTypes', 'PHISHING_SOCIAL_ENGINEERING'), says: 'the people are split as for phishing, and the types do not name it', mend: 'Add PHISHING_SOCIAL_ENGINEERING to the types, or mark the parts as not_applicable' },
  { paths: ['crossBorder.processing', 'people.countries'], when: (l) => l.is('crossBorder.processing', 'NO') && l.states().length > 1, says: 'people in several states of the EEA are affected, and the processing is not across borders', mend: 'Affected people abroad alone do not make it so; establishments in several states do, or one whose processing substantially affects people in several (Art. 4(23), R-503). Say in breach.summary which it is' },
  { paths: ['crossBorder.processing', 'crossBorder.establishments'], when: (l) => l.is('crossBorder.processing', 'NO') && l.list('crossBorder.establishments').filter((country) => (EEA as readonly string[]).includes(country)).length > 1, says: 'there are establishments in several states of the EEA, and the processing is not across borders', mend: 'It is across borders if more than one of them takes part in it (Art. 4(23)(a), R-503)' },
  { paths: ['crossBorder.processing', 'crossBorder.leadCountry'], when: (l) => l.is('crossBorder.processing', 'NO') && l.given('crossBorder.leadCountry'), says: 'an authority leads only where the processing is across borders', mend: 'Say YES, or mark crossBorder.leadCountry as not_applicable (R-502)' },
  { paths: ['order.byAuthority', 'communication.exemption'], when: (l) => l.is('order.byAuthority', 'ORDERED_BY_SA') && l.given('communication.exemption'), says: 'the authority has ordered that the people are told, and an exemption is claimed', mend: 'An order stands until the authority lifts it (Art. 34(4), R-419)' },
  { paths: ['order.byAuthority', 'order.detail'], when: (l) => l.is('order.byAuthority', 'NONE') && l.given('order.detail'), says: 'no authority has decided anything, and its decision is described', mend: 'Say ORDERED_BY_SA or SA_CONFIRMED_EXEMPT' },
  { paths: ['communication.exemption', 'breach.nature'], when: (l) => l.is('communication.exemption', 'A_PROTECTION_APPLIED') && l.has('breach.nature', 'INTEGRITY', 'AVAILABILITY') && !l.is('availability.recovery', 'WITHOUT_DIFFICULTY'), says: 'unreadable data are no comfort to whoever misses them', mend: 'Protection lifts the duty for what was seen alone; for what is lost or changed there is another ground or none (R-415)' },
  { paths: ['communication.exemptionProof', 'communication.exemption'], when: (l) => l.given('communication.exemptionProof') && !l.given('communication.exemption'), says: 'a proof is given, and not of which exemption', mend: 'Say which of the three it proves (R-418)' },
  { paths: ['communication.circle', 'communication.circleReason'], when: (l) => l.is('communication.circle', 'ALL') && l.given('communication.circleReason'), says: 'all are told, and there is a reason why not', mend: 'Say SUBSET, or mark the reason as not_applicable' },
];

function longerThan(look: Look, ms: number): boolean {
  const [begin, end] = [look.value('breach.startedAt'), look.value('breach.endedAt')];
  return typeof begin === 'string' && typeof end === 'string' && msBetween(begin, end) > ms;
}

export function doubts(facts: Values): Doubt[] {
  const look = new Look(facts);
  return PAIRS.filter(({ when }) => when(look)).map(({ paths, says, mend }) => ({
    paths: paths.filter((id) => look.given(id)),
    says,
    mend,
  }));
}

/** A day or an instant that was told as past and is still to come. */
export const notYet = (facts: Values, now: Instant): Doubt[] =>
  (['breach.startedAt', 'breach.endedAt'] as const).flatMap((id) => {
    const value = facts[id]?.value;
    return typeof value === 'string' && isAfter(value, now)
      ? [{ paths: [id], says: `${value} is later than now, ${now}`, mend: 'Use the moment at which it happened' }]
      : [];
  });
