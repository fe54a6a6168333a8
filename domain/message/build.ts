import { contactLine } from '../notice/answers.js';
import type { OffsetMs } from '../clock/deadlines.js';
import { type Instant, plusMs } from '../clock/instant.js';
import type { FactId } from '../incident/facts.js';
import type { IncidentState } from '../incident/state.js';
import { type KnownLanguage, MESSAGE_LANGUAGES } from './languages/known.js';
import type { MessageLanguage } from './languages/language.js';
import type { PeopleMessage } from './model.js';
import { harmCanCome } from './harm.js';
import { IN_CARE } from './in-care.js';
import type { DataCategory } from './segments.js';
import { whenItHappened } from './when.js';

/** What a message is drafted from; a whole IncidentState fits. */
export interface MessageSource extends Pick<IncidentState, 'id' | 'mode' | 'facts' | 'awareness'> {
  readonly setting: Pick<IncidentState['setting'], 'organisation' | 'authorities'>;
  /** Left out for who has only a file: nobody has been left out yet. */
  readonly duties?: IncidentState['duties'];
}

export interface MessageInput {
  readonly state: MessageSource;
  readonly language: KnownLanguage;
  /** With it days are those of the organisation's zone; without it those of UTC. */
  readonly offsetMs?: OffsetMs;
  /** Only what leaked of these people; what the record does not name is left out. Without it all that the record names. */
  readonly dataCategories?: readonly DataCategory[];
}

/**
 * A draft in plain words for the people affected (Art. 34(2), R-410 to R-413), from the same facts as the notice. Two people read it
 * before it goes. Free text of the facts enters only in the organisation's own language, which is the one it was written in.
 */
export function buildMessage({ state, language, offsetMs, dataCategories }: MessageInput): PeopleMessage {
  const { organisation } = state.setting;
  const words = MESSAGE_LANGUAGES[language];
  const leftOut = freeTextLeftOut(state, language, dataCategories).map(({ fact }) => fact);
  const ownWords = (id: OwnWords) => (leftOut.includes(id) ? null : textOf(state, id));
  const dayOf = (instant: Instant) =>
    words.day(plusMs(instant, offsetMs?.(organisation.zone, instant) ?? 0).slice(0, 10));
  const authority = authorityOf(state);
  const categories = categoriesOf(state, dataCategories);
  const awareAt = state.awareness.awareAt?.at;
  const natures = listOf(state, 'breach.nature');
  const inOtherHands = !nobodySaw(state);
  const treatment = categories.includes('HEALTH') && natures.some((nature) => nature !== 'CONFIDENTIALITY');

  return {
    model: 1,
    incident: state.id,
    mode: state.mode,
    language,
    subject: words.subject(organisation.name),
    whatHappened: [words.opening(organisation.name), ...whatHappened(state, words)].join(' '),
    when: [whenItHappened(state.facts, words, dayOf), ...(awareAt ? [words.when.noticed(dayOf(awareAt))] : [])].join(
      ' ',
    ),
    whichDataOfYours: dataIn(state, words, categories),
    consequences: consequencesIn(state, words, categories, { part: isPart(state, dataCategories), inOtherHands }),
    whatWeDid: [
      ownWords('measures.taken') ?? words.weActed,
      ...asList(listOf(state, 'measures.prevention').map((code) => lookUp(words.measure, code))),
      authority === null ? null : words.weTold(authority.name),
    ]
      .filter((line) => line !== null)
      .join('\n'),
    whatYouCanDo: [
      ownWords('communication.advice'),
      ...new Set(
        (inOtherHands ? (categories.length > 0 ? categories : ['NOT_YET_KNOWN']) : []).map(
          (code) => lookUp(words.data, code)?.advice ?? null,
        ),
      ),
      treatment ? words.treatment : null,
      words.generalAdvice,
    ]
      .filter((line) => line !== null)
      .map((line) => `- ${line}`)
      .join('\n'),
    contact: words.contact(withoutScheme(organisation.publicContact), organisation.contact.email),
    dpo: organisation.dpo
      ? words.dpo([organisation.dpo.name, contactLine(organisation.dpo)].filter((part) => part !== '').join(', '))
      : '',
    authorityYouMayTurnTo: authority === null ? '' : words.authority(authority.name, authority.inUnion),
    fraudWarning: words.fraudWarning(organisation.name),
    caseRefPublic: words.caseRef(state.id),
  };
}

type OwnWords = keyof typeof OWN_WORDS;
/** What a person writes once, for everybody, and the part of the message that it belongs to. */
const OWN_WORDS = {
  'measures.taken': 'whatWeDid',
  'communication.advice': 'whatYouCanDo',
} as const satisfies Partial<Record<FactId, keyof PeopleMessage>>;

export interface LeftOut {
  readonly fact: OwnWords;
  readonly field: (typeof OWN_WORDS)[OwnWords];
  /** Written in another language; or for everybody, so it can speak of data that these people did not lose. */
  readonly why: 'language' | 'segment';
}

/** Nobody can tell by rule which data a sentence of a person speaks of: it goes to those who lost all of them, and to nobody else. */
export function freeTextLeftOut(
  state: MessageSource,
  language: KnownLanguage,
  dataCategories?: readonly DataCategory[],
): LeftOut[] {
  const foreign = state.setting.organisation.languages[0] !== language;
  const part = isPart(state, dataCategories);
  if (!foreign && !part) return [];
  return (Object.keys(OWN_WORDS) as OwnWords[])
    .filter((fact) => textOf(state, fact) !== null)
    .map((fact) => ({ fact, field: OWN_WORDS[fact], why: part ? 'segment' : 'language' }));
}

/** Of the data on record these people lost only some. */
const isPart = (state: MessageSource, dataCategories: readonly DataCategory[] | undefined): boolean =>
  dataCategories !== undefined &&
  listOf(state, 'data.categories').some((code) => code !== 'NOT_YET_KNOWN' && !isIn(dataCategories, code));
const isIn = (codes: readonly string[], code: string): boolean => codes.includes(code);

const categoriesOf = (state: MessageSource, only: readonly DataCategory[] | undefined): readonly string[] =>
  only === undefined
    ? listOf(state, 'data.categories')
    : only.filter((code) => code === 'NOT_YET_KNOWN' || isIn(listOf(state, 'data.categories'), code));

/** A link in such a message is what fraud looks like: a web address is there to be typed in. */
const withoutScheme = (text: string): string => text.replace(/https?:\/\//g, '');

const valueOf = (state: MessageSource, id: FactId) => state.facts[id]?.value ?? null;
const textOf = (state: MessageSource, id: FactId): string | null => {
  const value = valueOf(state, id);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
};
const listOf = (state: MessageSource, id: FactId): readonly string[] => {
  const value = valueOf(state, id);
  return Array.isArray(value) ? (value as readonly string[]) : [];
};
/** Several measures are a list; one alone is a sentence. */
const asList = (lines: readonly (string | null)[]): readonly string[] => {
  const said = lines.filter((line) => line !== null);
  return said.length > 1 ? said.map((line) => `- ${line}`) : said;
};
/** What another line says as well, and more of it, is said once. */
const withoutRepeats = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !lines.some((other) => other !== line && other.startsWith(line.slice(0, -1))));

const lookUp = <T>(table: Readonly<Record<string, T>>, code: string): T | null => table[code] ?? null;

/** Kinds of incident whose sentence does not say whether the data came to others. */
const SAYS_NOT_WHO_SAW: readonly string[] = [
  'RANSOMWARE',
  'HACKING_MALWARE',
  'PHISHING_SOCIAL_ENGINEERING',
  'VULNERABILITY_EXPLOITED',
  'UNAUTHORISED_SYSTEM_ACCESS',
  'DATA_DELETED',
  'TECHNICAL_MALFUNCTION',
  'UNAUTHORISED_MODIFICATION',
  'TBD',
  'OTHER',
];

function whatHappened(state: MessageSource, words: MessageLanguage): readonly string[] {
  const codes = listOf(state, 'breach.incidentTypes');
  const natures = listOf(state, 'breach.nature');
  const lost = textOf(state, 'availability.outcome');
  // The sentence says that nobody has the key: only for who knows that.
  const unreadable =
    textOf(state, 'data.unintelligible') === 'PROTECTION_INTACT' && valueOf(state, 'protection.keySafe') === true;
  return [
    ...codes.map((code) => lookUp(words.incident, code)),
    natures.includes('CONFIDENTIALITY') && !unreadable ? whoSaw(state, words, codes) : null,
    natures.includes('INTEGRITY') ? words.nature.INTEGRITY : null,
    natures.includes('AVAILABILITY') ? (lookUp(words.lost, lost ?? '') ?? words.nature.AVAILABILITY) : null,
    unreadable ? words.protected : null,
  ].filter((text) => text !== null);
}

/** Kinds of incident in which data are lost or changed and come to nobody. */
const COME_TO_NOBODY: readonly string[] = ['DATA_DELETED', 'TECHNICAL_MALFUNCTION', 'UNAUTHORISED_MODIFICATION'];

/** Shown, or plain by what happened: then what strangers can do with the data is not said. An intruder may have read what they locked. */
function nobodySaw(state: MessageSource): boolean {
  const outcome = valueOf(state, 'confidentiality.outcome');
  const natures = listOf(state, 'breach.nature');
  const kinds = listOf(state, 'breach.incidentTypes');
  const onlyLost = natures.length > 0 && !natures.includes('CONFIDENTIALITY');
  return (
    outcome === 'NOT_DISCLOSED_EVIDENCED' ||
    (outcome === null && onlyLost && kinds.length > 0 && kinds.every((code) => isIn(COME_TO_NOBODY, code)))
  );
}

/** As sure as the record is. Nobody needs to hear that data lay open once a sentence says who got them. */
function whoSaw(state: MessageSource, words: MessageLanguage, kinds: readonly string[]): string | null {
  const outcome = state.facts['confidentiality.outcome'];
  const recorded = outcome?.certainty === 'undeterminable' ? 'NOT_ASSESSABLE' : outcome?.value;
  if (recorded === 'NOT_DISCLOSED_EVIDENCED') return null;
  if (recorded === 'NOT_ASSESSABLE' || recorded === 'LIKELY_NO_EVIDENCE') return words.seen[recorded];
  if (!kinds.every((code) => SAYS_NOT_WHO_SAW.includes(code))) return null;
  return recorded === 'DISCLOSED' ? words.seen.DISCLOSED : words.nature.CONFIDENTIALITY;
}

function dataIn(state: MessageSource, words: MessageLanguage, categories: readonly string[]): string {
  const labels = categories.map((code) => lookUp(words.data, code)?.label ?? null).filter((label) => label !== null);
  const recorded = state.facts['data.categories']?.certainty;
  const ofOthers = listOf(state, 'people.categories').some((code) => IN_CARE.includes(code)) ? [words.forParents] : [];
  if (labels.length === 0)
    return [recorded === 'undeterminable' ? words.dataNever : words.dataUnknown, ...ofOthers].join('\n');
  const hashed = categories.includes('CREDENTIALS') && areHashed(state);
  return [
    recorded === 'estimated' ? words.dataIntroRough : words.dataIntro,
    ...labels.map((label) => `- ${label}`),
    ...(categories.includes('NOT_YET_KNOWN') ? [words.dataMore] : []),
    ...(hashed ? [words.passwordsHashed] : []),
    ...ofOthers,
  ].join('\n');
}

/** Strong, salted hashes: to be found by trying alone, so whoever has one is told to change it all the same (EDPB 01/2021, case 6; R-650). */
const areHashed = (state: MessageSource): boolean => valueOf(state, 'protection.passwordsSaltedAndHashed') === true;

function consequencesIn(
  state: MessageSource,
  words: MessageLanguage,
  categories: readonly string[],
  { part, inOtherHands }: { readonly part: boolean; readonly inOtherHands: boolean },
): string {
  const fromData = (inOtherHands ? categories : []).map((code) =>
    code === 'CREDENTIALS' && areHashed(state)
      ? words.hashedConsequence
      : (lookUp(words.data, code)?.consequence ?? null),
  );
  const fromHarm = listOf(state, 'harm.types')
    .filter((harm) => !part || harmCanCome(harm, categories))
    .map((harm) => lookUp(words.harm, harm));
  const lines = [...new Set([...fromData, ...fromHarm])].filter((line) => line !== null).map((line) => `- ${line}`);
  const open = lines.length === 0 || categories.every((code) => code === 'NOT_YET_KNOWN');
  return [...withoutRepeats(lines), ...(open ? [words.consequencesOpen] : [])].join('\n');
}

/** The first of the list, which a person made; without a list the first of those that were worked out. Never one that is not told. */
function authorityOf({ setting, duties = [] }: MessageSource): { name: string; inUnion: boolean } | null {
  const { organisation, authorities } = setting;
  const ids = organisation.authorities.length > 0 ? organisation.authorities : authorities.map((a) => a.authority);
  const first = ids.find((id) => !duties.some(({ to, state }) => to === id && state === 'waived'));
  const found = authorities.find(({ authority }) => authority === first);
  return found ? { name: found.name, inUnion: found.country !== 'GB' && found.country !== 'CH' } : null;
}
