import type { Count, FactId, Facts, FactValue } from '../incident/facts.js';
import {
  DATA_CATEGORIES,
  type DATA_CONTEXT,
  type IDENTIFIABILITY,
  INTEGRITY_OUTCOME,
  type RECIPIENTS,
  type RECOVERY,
} from '../incident/lists.js';

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
  /** A thing with readable data is gone: that nobody looked into it was claimed, and cannot be evidenced. */
  readonly goneFromSight: boolean;
  readonly disclosure: 'DISCLOSED' | 'LIKELY_NO_EVIDENCE' | 'NOT_DISCLOSED_EVIDENCED';
  readonly recipients: (typeof RECIPIENTS)[number];
  /** Known to be just one. */
  readonly oneRecipient: boolean;
  readonly trustedRecipients: boolean;
  /** Whoever came by could read the data, however few are known to have done so. */
  readonly published: boolean;
  /** All the conditions of R-414 hold. */
  readonly protectionIntact: boolean;
  readonly saltedHashes: boolean;
  readonly malicious: boolean;
  /** Somebody from outside meant it. */
  readonly attacked: boolean;
  /** To be in this controller's records at all says something sensitive about a person. */
  readonly sensitiveField: boolean;
  readonly vulnerable: boolean;
  readonly people: number; // at the most
  readonly recovery: (typeof RECOVERY)[number];
  readonly peopleSuffered: boolean;
  readonly criticalService: boolean;
  readonly integrity: 'ALTERED_NO_USE' | 'ALTERED_USED_RECOVERABLE' | 'ALTERED_USED_LOST';
  /** A person's own finding; null where nobody has made one. */
  readonly harm: 'MINOR' | 'MODERATE' | 'SEVERE' | null;
  readonly graveHarms: boolean;
  /** Harm that a thief does with data: in a person's name or with a person's money. */
  readonly theftHarms: boolean;
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
const VULNERABLE: ReadonlySet<string> = new Set(['MINORS', 'PATIENTS', 'VULNERABLE']);
const LOST_THINGS: ReadonlySet<string> = new Set(['DEVICE_LOST_STOLEN', 'PAPER_LOST_STOLEN', 'MAIL_LOST_OPENED']);
const GRAVE_HARMS: ReadonlySet<string> = new Set([
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
const THEFT_HARMS: ReadonlySet<string> = new Set(['IDENTITY_THEFT', 'FRAUD', 'FINANCIAL_LOSS']);

/** Values of the form that say that something is not known yet, or never will be. */
const STILL_OPEN: ReadonlySet<unknown> = new Set(['TBD', 'UNDETERMINED', 'NOT_YET_KNOWN']);
const NEVER_KNOWN: ReadonlySet<unknown> = new Set(['UNKNOWN', 'NOT_ASSESSABLE']);
/** Volume is a matter of more than a hundred people; an unknown number is taken for many. */
const MANY = Number.MAX_SAFE_INTEGER;
/** simple data that allow assumptions on health, sex life, politics or belief. */
const ASSUMES_SENSITIVE = 3;
const CONTEXT_DPC: Readonly<Record<DataContext, number>> = { SIMPLE: 1, BEHAVIOURAL: 2, FINANCIAL: 3, SENSITIVE: 4 };

/**
 * Puts a value in the place of each fact that is not known: the worse one. With `hopeful`, an open fact that is needed for
 * any answer at all gets the better one instead; between the two readings lies what is not settled yet.
 */
export function caseOf(
  facts: Facts,
  hopeful = false,
): { readonly of: Case; readonly assumptions: readonly Assumption[] } {
  const assumptions: Assumption[] = [];

  function known(id: FactId): FactValue | undefined {
    const fact = facts[id];
    if (!fact || fact.value === null || STILL_OPEN.has(fact.value) || NEVER_KNOWN.has(fact.value)) return undefined;
    return fact.value;
  }
  const isOpen = (id: FactId): boolean => {
    const fact = facts[id];
    if (!fact || fact.certainty === 'pending') return true;
    return (Array.isArray(fact.value) ? fact.value : [fact.value]).some((value) => STILL_OPEN.has(value));
  };
  const settledAsNone = (id: FactId): boolean => facts[id]?.certainty === 'not_applicable';
  function assume<T>(id: FactId, worse: T, says: string, better?: T): T {
    const [core, open] = [better !== undefined, isOpen(id)];
    assumptions.push({ fact: id, assumed: says, core, open });
    return core && open && hopeful ? (better as T) : worse;
  }
  const text = <T extends string>(id: FactId): T | undefined => known(id) as T | undefined;
  const flag = (id: FactId): boolean | undefined => known(id) as boolean | undefined;

  const nature =
    (known('breach.nature') as readonly string[] | undefined) ??
    assume<readonly string[]>(
      'breach.nature',
      ['CONFIDENTIALITY', 'INTEGRITY', 'AVAILABILITY'],
      'data were seen, changed and lost',
      [],
    );
  const unnamed = unnamedOf();
  const concerned = (name: string, part: 'seen' | 'changed' | 'gone') =>
    nature.includes(name) || unnamed.some((other) => other.part === part);
  const [seen, changed, gone] = [
    concerned('CONFIDENTIALITY', 'seen'),
    concerned('INTEGRITY', 'changed'),
    concerned('AVAILABILITY', 'gone'),
  ];
  /** The worse reading: what the facts say counts whatever the nature is said to be, and what they leave open may be the worse. */
  function unnamedOf(): Case['unnamed'] {
    const says = (id: FactId, ...values: readonly string[]): FactId[] => {
      const fact = facts[id];
      if (!fact || settledAsNone(id)) return [];
      return fact.value === null || STILL_OPEN.has(fact.value) || values.some((value) => value === fact.value)
        ? [id]
        : [];
    };
    const outcome = says('confidentiality.outcome', 'DISCLOSED', 'LIKELY_NO_EVIDENCE', 'NOT_ASSESSABLE');
    const denied = facts['confidentiality.outcome']?.value === 'NOT_DISCLOSED_EVIDENCED';
    const others = denied ? [] : says('confidentiality.recipients', 'KNOWN_RECIPIENTS', 'UNKNOWN_RECIPIENTS');
    const found = [
      { name: 'CONFIDENTIALITY', part: 'seen', facts: [...outcome, ...others] },
      { name: 'INTEGRITY', part: 'changed', facts: says('integrity.outcome', ...INTEGRITY_OUTCOME) },
      {
        name: 'AVAILABILITY',
        part: 'gone',
        facts: [...says('availability.outcome', 'PERMANENT'), ...says('availability.recovery', 'NOT_POSSIBLE')],
      },
    ] as const;
    return found.filter(({ name, facts: by }) => by.length > 0 && !nature.includes(name));
  }

  const categories = categoriesOf();
  function categoriesOf(): ReadonlySet<DataCategory> {
    const given = (known('data.categories') as readonly DataCategory[] | undefined) ?? ['NOT_YET_KNOWN'];
    if (!given.includes('NOT_YET_KNOWN')) return new Set(given);
    const named = given.filter((category) => category !== 'NOT_YET_KNOWN');
    return new Set(
      assume<readonly DataCategory[]>(
        'data.categories',
        DATA_CATEGORIES,
        'every kind of data, special categories and credentials among them',
        named,
      ),
    );
  }

  // Like a finding about harm: nobody need make it, and one that is announced and not made may be the worse.
  const sensitiveField =
    flag('controller.sensitiveField') ??
    (facts['controller.sensitiveField'] !== undefined &&
      !settledAsNone('controller.sensitiveField') &&
      assume('controller.sensitiveField', true, 'to be in these records says something sensitive about a person'));

  const context = contextOf();
  function contextOf(): Case['context'] {
    const base =
      text<DataContext>('data.context') ??
      contextFrom(categories, () =>
        assume('data.context', 'SENSITIVE', 'the credentials open the most sensitive data (R-622)'),
      );
    // Class and adjustment are judgements: until a person makes them, what follows from the kinds of data stands.
    const adjustment = (known('data.contextAdjustment') as number | undefined) ?? 0;
    const adjusted = Math.min(4, Math.max(1, CONTEXT_DPC[base] + adjustment));
    return { base, adjustment, dpc: sensitiveField ? Math.max(ASSUMES_SENSITIVE, adjusted) : adjusted };
  }

  const types = (known('breach.incidentTypes') as readonly string[] | undefined) ?? [];
  // A key that is not known to be safe may have gone with the thing.
  const lostInTheClear =
    seen &&
    types.some((type) => LOST_THINGS.has(type)) &&
    (known('data.unintelligible') !== 'PROTECTION_INTACT' || known('protection.keySafe') !== true);
  const claimed =
    text<Case['disclosure']>('confidentiality.outcome') ??
    (seen
      ? assume<Case['disclosure']>(
          'confidentiality.outcome',
          'DISCLOSED',
          'somebody without a right to them saw the data',
          'NOT_DISCLOSED_EVIDENCED',
        )
      : 'NOT_DISCLOSED_EVIDENCED');
  const disclosure = lostInTheClear && claimed === 'NOT_DISCLOSED_EVIDENCED' ? 'LIKELY_NO_EVIDENCE' : claimed;
  const exposed = seen && disclosure !== 'NOT_DISCLOSED_EVIDENCED';

  const protectionIntact = exposed && protectionOf();
  function protectionOf(): boolean {
    const state =
      text<string>('data.unintelligible') ?? assume('data.unintelligible', 'NO', 'whoever got the data can read them');
    if (state !== 'PROTECTION_INTACT') return false;
    // Every condition is looked at, so that all that are missing are named at once.
    return [
      flag('protection.algorithmStandardised') ??
        assume('protection.algorithmStandardised', false, 'the encryption is no standard one'),
      flag('protection.keySafe') ?? assume('protection.keySafe', false, 'the key was taken too'),
      flag('protection.keyStrong') ?? assume('protection.keyStrong', false, 'the key can be found by trying'),
      flag('protection.keyStoredApart') ??
        (settledAsNone('protection.keyStoredApart') ||
          assume('protection.keyStoredApart', false, 'the key lies with the data')),
      flag('protection.appliedToAffectedData') ??
        assume('protection.appliedToAffectedData', false, 'part of the data is not encrypted'),
    ].every(Boolean);
  }
  const readable = exposed && !protectionIntact;

  const identifiability =
    text<Case['identifiability']>('data.identifiability') ??
    assume<Case['identifiability']>('data.identifiability', 'MAXIMUM', 'anybody can tell who the people are');
  // Made-up user names beside the hashes are no other data; names of people are.
  const nameless = identifiability === 'NEGLIGIBLE' || identifiability === 'LIMITED';
  const onlyPasswords =
    categories.has('CREDENTIALS') &&
    [...categories].every((kind) => kind === 'CREDENTIALS' || (kind === 'BASIC' && nameless));
  const saltedHashes =
    readable &&
    onlyPasswords &&
    (flag('protection.passwordsSaltedAndHashed') ??
      assume('protection.passwordsSaltedAndHashed', false, 'the passwords can be read'));

  const told =
    text<Case['recipients']>('confidentiality.recipients') ??
    (exposed
      ? assume<Case['recipients']>(
          'confidentiality.recipients',
          'UNKNOWN_RECIPIENTS',
          'an unknown number of people have the data',
        )
      : 'NO_EVIDENCE_OF_ACCESS');
  // Whoever has it now is not known.
  const recipients = lostInTheClear && told === 'NO_EVIDENCE_OF_ACCESS' ? 'UNKNOWN_RECIPIENTS' : told;
  const trustedRecipients =
    readable &&
    recipients !== 'UNKNOWN_RECIPIENTS' &&
    (flag('confidentiality.recipientTrusted') ??
      (recipients === 'KNOWN_RECIPIENTS' &&
        assume('confidentiality.recipientTrusted', false, 'the recipients are not to be trusted')));

  const cause =
    text<string>('breach.cause') ?? assume('breach.cause', 'EXTERNAL_MALICIOUS', 'somebody from outside meant it');
  const malicious = cause.endsWith('_MALICIOUS') && !cause.endsWith('NON_MALICIOUS');
  const people =
    (known('people.count') as Count | undefined)?.max ?? assume('people.count', MANY, 'more than a hundred people');
  const oneRecipient = readable && recipients !== 'UNKNOWN_RECIPIENTS' && isOne();
  function isOne(): boolean {
    const count = known('confidentiality.recipientCount') as Count | undefined;
    if (count || trustedRecipients || recipients !== 'KNOWN_RECIPIENTS') return count !== undefined && count.max <= 1;
    return assume('confidentiality.recipientCount', false, 'there are many wrong recipients');
  }
  const who =
    (known('people.categories') as readonly string[] | undefined) ??
    (settledAsNone('people.categories') ? [] : ['NOT_YET_KNOWN']);
  const vulnerable =
    who.some((group) => VULNERABLE.has(group)) ||
    (who.includes('NOT_YET_KNOWN') &&
      assume('people.categories', true, 'minors, patients or other vulnerable people are among them'));

  const peopleSuffered =
    gone &&
    (flag('availability.effectOnPeople') ??
      (!settledAsNone('availability.effectOnPeople') &&
        assume('availability.effectOnPeople', true, 'people suffered from the data not being there')));

  const harms = harmsOf();
  const worstHarm = harmOf();

  return {
    of: {
      seen,
      changed,
      gone,
      unnamed,
      categories,
      context,
      disclosure,
      goneFromSight: lostInTheClear && (claimed !== disclosure || told !== recipients),
      recipients,
      trustedRecipients,
      published: types.includes('UNINTENDED_PUBLICATION'),
      protectionIntact,
      saltedHashes,
      vulnerable,
      peopleSuffered,
      identifiability,
      malicious,
      attacked: cause === 'EXTERNAL_MALICIOUS',
      sensitiveField,
      people,
      oneRecipient,
      criticalService: gone && criticalServiceLost(),
      recovery: recoveryOf(),
      integrity:
        text<Case['integrity']>('integrity.outcome') ??
        (changed
          ? assume<Case['integrity']>(
              'integrity.outcome',
              'ALTERED_USED_LOST',
              'changed data were used and cannot be put right',
              'ALTERED_NO_USE',
            )
          : 'ALTERED_NO_USE'),
      harm: worstHarm,
      graveHarms: gravestOf(),
      theftHarms: harms.some((harm) => THEFT_HARMS.has(harm)) || harms.includes('TBD'),
    },
    assumptions,
  };

  function harmsOf(): readonly string[] {
    const given = known('harm.types') as readonly string[] | undefined;
    if (given) return given;
    return !facts['harm.types'] || settledAsNone('harm.types') ? [] : ['TBD'];
  }
  /** That sensitive data were disclosed is a harm of its own only when it is more than a trifle. */
  function isGrave(harm: string): boolean {
    return GRAVE_HARMS.has(harm) || (harm === 'DISCLOSURE_OF_SPECIAL_CATEGORIES' && worstHarm !== 'MINOR');
  }

  function recoveryOf(): Case['recovery'] {
    const recovery = text<Case['recovery']>('availability.recovery');
    if (recovery !== undefined) return recovery;
    if (!gone) return 'WITHOUT_DIFFICULTY';
    if (text('availability.outcome') === 'PERMANENT') return 'NOT_POSSIBLE';
    if (text('availability.outcome') === 'TEMPORARY')
      return assume<Case['recovery']>(
        'availability.recovery',
        'WITH_EFFORT',
        'the data come back only with effort',
        'WITHOUT_DIFFICULTY',
      );
    return assume<Case['recovery']>(
      'availability.recovery',
      'NOT_POSSIBLE',
      'the data cannot be brought back',
      'WITHOUT_DIFFICULTY',
    );
  }

  // A consequence that is still looked into may be the worse; nobody need name one.
  function criticalServiceLost(): boolean {
    const id: FactId = 'availability.consequences';
    const named = known(id) as readonly string[] | undefined;
    if (named?.includes('CRITICAL_SERVICE_LOST')) return true;
    if (named ? !named.includes('UNDER_ASSESSMENT') : !facts[id] || settledAsNone(id)) return false;
    return assume(id, true, 'a service that people cannot do without was lost');
  }

  // Nobody need judge the harm for triage; but a finding that is announced and not made may be the worst.
  function harmOf(): Case['harm'] {
    const found = text<NonNullable<Case['harm']>>('harm.severity');
    if (found !== undefined || !facts['harm.severity'] || settledAsNone('harm.severity')) return found ?? null;
    return assume<Case['harm']>('harm.severity', 'SEVERE', 'the harm is severe', 'MINOR');
  }
  function gravestOf(): boolean {
    if (!harms.includes('TBD')) return harms.some(isGrave);
    return harms.some(isGrave) || assume('harm.types', true, 'grave harm such as identity theft or discrimination');
  }
}

/**
 * The class that the kinds of data have by themselves: the heaviest. Credentials are no class: what they open counts, and while
 * nobody says what that is, it may be the worst. What the form's list does not name cannot be a special category, financial or payment
 * data, as each of those has its own entry: the class below counts.
 */
function contextFrom(categories: ReadonlySet<DataCategory>, whatCredentialsOpen: () => DataContext): DataContext {
  const has = (...some: readonly DataCategory[]) => some.some((category) => categories.has(category));
  if (has(...SPECIAL)) return 'SENSITIVE';
  if (has('CREDENTIALS')) return whatCredentialsOpen();
  if (has('ECONOMIC_FINANCIAL', 'PAYMENT')) return 'FINANCIAL';
  return has('LOCATION', 'PROFILE', 'ADDITIONAL') ? 'BEHAVIOURAL' : 'SIMPLE';
}
