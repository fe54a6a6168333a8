import type { Count, Facts } from '../incident/facts.js';
import { DATA_CATEGORIES } from '../incident/lists.js';
import {
  ACCOUNTS,
  type Assumption,
  type Case,
  type DataCategory,
  type DataContext,
  GRAVE_HARMS,
  LOST_THINGS,
  SPECIAL,
  THEFT_HARMS,
  VULNERABLE,
} from './case.js';
import { readAvailability } from './read-availability.js';
import { readNature } from './read-nature.js';
import { readerOf } from './reader.js';

/** An unknown number of people is taken for many. */
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
  const reader = readerOf(facts, hopeful);
  const { assumptions, known, assume, text, flag, settledAsNone, isLeftOpen, mayBe } = reader;

  const { seen, changed, gone, unnamed, intruderUnwatched } = readNature(reader);
  const named = namedCategories();
  // Like a finding about harm: nobody need make it, and one that is announced and not made may be the worse.
  const sensitiveField = mayBe(
    'controller.sensitiveField',
    'to be in these records says something sensitive about a person',
  );
  const professionalSecrecy = mayBe('data.professionalSecrecy', 'the data are under professional secrecy');
  const alreadyPublic =
    flag('data.alreadyPublic') ??
    (isLeftOpen('data.alreadyPublic') && assume('data.alreadyPublic', false, 'the data were not public before'));

  const types = (known('breach.incidentTypes') as readonly string[] | undefined) ?? [];
  // A key that is not known to be safe may have gone with the thing.
  const inTheClear =
    seen && (known('data.unintelligible') !== 'PROTECTION_INTACT' || known('protection.keySafe') !== true);
  const denied = known('confidentiality.outcome') === 'NOT_DISCLOSED_EVIDENCED';
  const mayBeLost = () => assume('breach.incidentTypes', true, 'a thing that holds the data is gone');
  const lost = types.some((type) => LOST_THINGS.has(type));
  const lostInTheClear = inTheClear && (lost || (!denied && isLeftOpen('breach.incidentTypes') && mayBeLost()));
  // Nobody said what kind of incident it is, nor who has the data.
  const perhapsLost =
    inTheClear &&
    !denied &&
    facts['breach.incidentTypes'] === undefined &&
    (known('confidentiality.recipients') ?? 'NO_EVIDENCE_OF_ACCESS') === 'NO_EVIDENCE_OF_ACCESS' &&
    mayBeLost();
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
  const readable = exposed && !protectionIntact;

  const identifiability =
    text<Case['identifiability']>('data.identifiability') ??
    assume<Case['identifiability']>('data.identifiability', 'MAXIMUM', 'anybody can tell who the people are');
  const saltedHashes =
    named.has('CREDENTIALS') &&
    (flag('protection.passwordsSaltedAndHashed') ??
      (readable && assume('protection.passwordsSaltedAndHashed', false, 'the passwords can be read')));
  // Nobody gets a password out of them: what else there is counts.
  const categories: Case['categories'] = saltedHashes
    ? new Set([...named].filter((category) => category !== 'CREDENTIALS'))
    : named;
  const context = contextOf();

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
  const published = types.includes('UNINTENDED_PUBLICATION');
  // Whoever else came by is not known, however well known one reader is.
  const trustedRecipients =
    readable &&
    !published &&
    recipients !== 'UNKNOWN_RECIPIENTS' &&
    (flag('confidentiality.recipientTrusted') ??
      (recipients === 'KNOWN_RECIPIENTS' &&
        assume('confidentiality.recipientTrusted', false, 'the recipients are not to be trusted')));
  const boundRecipients =
    trustedRecipients &&
    (flag('confidentiality.recipientBound') ??
      assume('confidentiality.recipientBound', false, 'the recipients owe no secrecy by law or contract'));

  const cause =
    text<string>('breach.cause') ?? assume('breach.cause', 'EXTERNAL_MALICIOUS', 'somebody from outside meant it');
  const malicious = cause.endsWith('_MALICIOUS') && !cause.endsWith('NON_MALICIOUS');
  const people =
    (known('people.count') as Count | undefined)?.max ?? assume('people.count', MANY, 'more than a hundred people');
  const oneRecipient = readable && recipients !== 'UNKNOWN_RECIPIENTS' && isOne();
  const who =
    (known('people.categories') as readonly string[] | undefined) ??
    (settledAsNone('people.categories') ? [] : ['NOT_YET_KNOWN']);
  const vulnerable =
    who.some((group) => VULNERABLE.has(group)) ||
    (who.includes('NOT_YET_KNOWN') &&
      assume('people.categories', true, 'minors, patients or other vulnerable people are among them'));

  const availability = readAvailability({ gone, context, vulnerable }, reader);
  const harms = harmsOf();
  const worstHarm = harmOf();

  return {
    of: {
      seen,
      changed,
      gone,
      unnamed,
      intruderUnwatched,
      categories,
      context,
      disclosure,
      goneFromSight:
        (perhapsLost || (lostInTheClear && recipients !== 'KNOWN_RECIPIENTS')) && (lost ? 'known' : 'assumed'),
      recipients,
      trustedRecipients,
      boundRecipients,
      published,
      protectionIntact,
      saltedHashes,
      vulnerable,
      onlyAccounts: who.length > 0 && who.every((group) => ACCOUNTS.has(group)),
      identifiability,
      malicious,
      attacked: cause === 'EXTERNAL_MALICIOUS',
      sensitiveField,
      professionalSecrecy,
      alreadyPublic,
      people,
      oneRecipient,
      ...availability,
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
      bodilyHarm: harms.includes('PHYSICAL_OR_MENTAL_HARM') || harms.includes('TBD'),
    },
    assumptions,
  };

  function namedCategories(): ReadonlySet<DataCategory> {
    const given = (known('data.categories') as readonly DataCategory[] | undefined) ?? ['NOT_YET_KNOWN'];
    if (!given.includes('NOT_YET_KNOWN')) return new Set(given);
    const better = given.filter((category) => category !== 'NOT_YET_KNOWN');
    return new Set(
      assume<readonly DataCategory[]>(
        'data.categories',
        DATA_CATEGORIES,
        'every kind of data, special categories and credentials among them',
        better,
      ),
    );
  }

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

  function isOne(): boolean {
    const count = known('confidentiality.recipientCount') as Count | undefined;
    if (count || trustedRecipients || recipients !== 'KNOWN_RECIPIENTS') return count !== undefined && count.max <= 1;
    return assume('confidentiality.recipientCount', false, 'there are many wrong recipients');
  }

  function harmsOf(): readonly string[] {
    const given = known('harm.types') as readonly string[] | undefined;
    if (given) return given;
    return !facts['harm.types'] || settledAsNone('harm.types') ? [] : ['TBD'];
  }
  /** That sensitive data were disclosed is a harm of its own only when it is more than a trifle. */
  function isGrave(harm: string): boolean {
    return GRAVE_HARMS.has(harm) || (harm === 'DISCLOSURE_OF_SPECIAL_CATEGORIES' && worstHarm !== 'MINOR');
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
