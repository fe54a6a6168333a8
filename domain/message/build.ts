import { contactLine } from '../notice/answers.js';
import type { OffsetMs } from '../clock/deadlines.js';
import { type Instant, plusMs } from '../clock/instant.js';
import type { FactId } from '../incident/facts.js';
import type { DATA_CATEGORIES } from '../incident/lists.js';
import type { IncidentState } from '../incident/state.js';
import { type KnownLanguage, MESSAGE_LANGUAGES } from './languages/known.js';
import type { MessageLanguage } from './languages/language.js';
import type { PeopleMessage } from './model.js';

/** GDPR Art. 9(1) by the form's codes, and data about crimes, Art. 10. */
const SPECIAL_CATEGORIES = [
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
] as const satisfies readonly (typeof DATA_CATEGORIES)[number][];

/** What a message is drafted from; a whole IncidentState fits. */
export interface MessageSource extends Pick<IncidentState, 'id' | 'mode' | 'facts' | 'awareness'> {
  readonly setting: Pick<IncidentState['setting'], 'organisation' | 'authorities'>;
}

export interface MessageInput {
  readonly state: MessageSource;
  readonly language: KnownLanguage;
  readonly at: Instant;
  /** With it days are those of the organisation's zone; without it those of UTC. */
  readonly offsetMs?: OffsetMs;
  /** Only what leaked of these people: codes of the fact `data.categories`; others than that fact names are left out. Without it all of them. */
  readonly dataCategories?: readonly string[];
}

/**
 * A draft in plain words for the people affected (Art. 34(2), R-410 to R-413), from the same facts as the notice. Two people read it
 * before it goes. Free text of the facts enters only in the organisation's own language, which is the one it was written in.
 */
export function buildMessage({ state, language, at, offsetMs, dataCategories }: MessageInput): PeopleMessage {
  const { organisation } = state.setting;
  const words = MESSAGE_LANGUAGES[language];
  const ownWords = (id: FactId) => (organisation.languages[0] === language ? textOf(state, id) : null);
  const dayOf = (instant: Instant) =>
    words.day(plusMs(instant, offsetMs?.(organisation.zone, instant) ?? 0).slice(0, 10));
  const authority = authorityOf(state);
  const categories = listOf(state, 'data.categories').filter((code) => dataCategories?.includes(code) ?? true);

  return {
    model: 1,
    incident: state.id,
    mode: state.mode,
    language,
    subject: words.subject(organisation.name),
    whatHappened: [words.opening(organisation.name), ...whatHappened(state, words)].join(' '),
    when: [whenIn(state, words, dayOf), words.when.noticed(dayOf(state.awareness.awareAt?.at ?? at))].join(' '),
    whichDataOfYours: dataIn(state, words, categories),
    consequences: consequencesIn(state, words, categories),
    whatWeDid: [
      ownWords('measures.taken') ?? words.weActed,
      ...listOf(state, 'measures.prevention').map((code) => lookUp(words.measure, code)),
      authority === null ? null : words.weTold(authority),
    ]
      .filter((line) => line !== null)
      .join('\n'),
    whatYouCanDo: [
      ownWords('communication.advice'),
      ...new Set(categories.map((code) => lookUp(words.data, code)?.advice ?? null)),
      words.generalAdvice,
    ]
      .filter((line) => line !== null)
      .map((line) => `- ${line}`)
      .join('\n'),
    contact: words.contact(withoutScheme(organisation.publicContact), organisation.contact.email),
    dpo: organisation.dpo
      ? words.dpo([organisation.dpo.name, contactLine(organisation.dpo)].filter((part) => part !== '').join(', '))
      : '',
    authorityYouMayTurnTo: authority === null ? '' : words.authority(authority),
    fraudWarning: words.fraudWarning(organisation.name),
    caseRefPublic: words.caseRef(state.id),
  };
}

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
const lookUp = <T>(table: Readonly<Record<string, T>>, code: string): T | null => table[code] ?? null;

function whatHappened(state: MessageSource, words: MessageLanguage): readonly string[] {
  const kinds = listOf(state, 'breach.incidentTypes')
    .map((code) => lookUp(words.incident, code))
    .filter((text) => text !== null);
  const natures = listOf(state, 'breach.nature');
  // Nobody needs to hear that data "could be seen" once a sentence says who took them: the nature speaks where the kind does not.
  const nature = natures
    .filter((code) => kinds.length === 0 || code !== 'CONFIDENTIALITY')
    .map((code) => lookUp(words.nature, code));
  // The sentence says that nobody has the key: only for who knows that.
  const intact = textOf(state, 'data.unintelligible') === 'PROTECTION_INTACT';
  const protectedData = intact && valueOf(state, 'protection.keySafe') === true ? [words.protected] : [];
  return [...kinds, ...nature.filter((text) => text !== null), ...protectedData];
}

function whenIn(state: MessageSource, words: MessageLanguage, dayOf: (instant: Instant) => string): string {
  const from = textOf(state, 'breach.startedAt');
  const to = textOf(state, 'breach.endedAt');
  if (from === null) return words.when.unknown;
  if (textOf(state, 'breach.occurrence') === 'ONGOING_SINCE') return words.when.since(dayOf(from));
  return to === null || dayOf(from) === dayOf(to)
    ? words.when.on(dayOf(from))
    : words.when.between(dayOf(from), dayOf(to));
}

function dataIn(state: MessageSource, words: MessageLanguage, categories: readonly string[]): string {
  const labels = categories.map((code) => lookUp(words.data, code)?.label ?? null).filter((label) => label !== null);
  if (labels.length === 0) return words.dataUnknown;
  const hashed = categories.includes('CREDENTIALS') && valueOf(state, 'protection.passwordsSaltedAndHashed') === true;
  return [words.dataIntro, ...labels.map((label) => `- ${label}`), ...(hashed ? [words.passwordsHashed] : [])].join(
    '\n',
  );
}

/** Harms that only these data can do: whoever lost none of them is not told of them. */
const HARM_NEEDS: Readonly<Record<string, readonly string[]>> = {
  DISCLOSURE_OF_SPECIAL_CATEGORIES: [...SPECIAL_CATEGORIES],
  FINANCIAL_LOSS: [
    'PAYMENT',
    'CREDENTIALS',
    'ECONOMIC_FINANCIAL',
    'IDENTIFICATION_NO',
    'OFFICIAL_DOCUMENTS',
    'ADDITIONAL',
  ],
  IDENTITY_THEFT: [
    'BASIC',
    'IDENTIFICATION_NO',
    'OFFICIAL_DOCUMENTS',
    'BIOMETRIC',
    'CREDENTIALS',
    'PAYMENT',
    'ADDITIONAL',
  ],
};

function consequencesIn(state: MessageSource, words: MessageLanguage, categories: readonly string[]): string {
  const segmented = categories.length < listOf(state, 'data.categories').length;
  const fromData = categories.map((code) => lookUp(words.data, code)?.consequence ?? null);
  const fromHarm = listOf(state, 'harm.types')
    .filter((harm) => !segmented || (HARM_NEEDS[harm]?.some((code) => categories.includes(code)) ?? true))
    .map((code) => lookUp(words.harm, code));
  const lines = [...new Set([...fromData, ...fromHarm])].filter((line) => line !== null);
  return lines.length === 0 ? words.consequencesOpen : lines.map((line) => `- ${line}`).join('\n');
}

function authorityOf({ setting }: MessageSource): string | null {
  const first = setting.organisation.authorities[0];
  return first === undefined ? null : (setting.authorities.find(({ authority }) => authority === first)?.name ?? null);
}
