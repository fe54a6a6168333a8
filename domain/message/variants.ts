import type { OffsetMs } from '../clock/deadlines.js';
import { buildMessage, freeTextLeftOut, type LeftOut, type MessageSource } from './build.js';
import { isMessageLanguage, type KnownLanguage } from './languages/known.js';
import type { MessageContent, MessageVariant, PeopleMessage } from './model.js';
import { type Reader, readVariantName, type Segment, variantName } from './segments.js';
import { primaryLanguage, variantsOf } from './texts.js';

type Words = Partial<Omit<PeopleMessage, 'model' | 'incident' | 'mode' | 'language'>>;

/**
 * A person's words in place of the proposed ones: `de` for every text in German, `de/CONTACT` for that one alone, which then has the last
 * word. `unknown` are the names that no text has: nothing may be taken then, or words meant for some would be lost.
 */
export function withWords(
  content: MessageContent,
  words: Readonly<Record<string, Words>>,
): { readonly content: MessageContent; readonly unknown: readonly string[] } {
  const variants = variantsOf(content);
  const wanted = Object.entries(words).map(([name, fields]) => ({ typed: name, name: readVariantName(name), fields }));
  const fits = (name: string, reader: Reader): boolean => name === variantName(reader) || name === reader.language;
  const unknown = wanted.filter(({ name }) => !variants.some((one) => fits(name, one.for))).map(({ typed }) => typed);
  const edited = variants.map(({ for: reader, text }) => {
    const forAll = wanted.filter(({ name }) => name === reader.language);
    const forThese = wanted.filter(({ name }) => name === variantName(reader) && name !== reader.language);
    return { for: reader, text: [...forAll, ...forThese].reduce((all, { fields }) => ({ ...all, ...fields }), text) };
  });
  const [first] = edited;
  return { content: content.model === 2 ? { ...content, variants: edited } : (first?.text ?? content), unknown };
}

export interface VariantsInput {
  readonly state: MessageSource;
  readonly offsetMs?: OffsetMs;
  readonly segments: readonly Segment[];
  /** Only this one, for everybody; without it each reads their own where we have it. */
  readonly language?: KnownLanguage;
}

/** A language that we can write; the organisation's first one where the reader's is not among them. */
const written = (language: string, otherwise: KnownLanguage): KnownLanguage => {
  const known = primaryLanguage(language);
  return isMessageLanguage(known) ? known : otherwise;
};

/** A draft for each group of the list that must read something else. One text alone is a message as it was before there were several. */
export function buildVariants({ state, offsetMs, segments, language }: VariantsInput): MessageContent {
  const otherwise = language ?? state.setting.organisation.languages.find(isMessageLanguage) ?? 'en';
  const readers = new Map<string, { language: KnownLanguage; data: Reader['data'] }>();
  for (const segment of segments) {
    const reader = { language: language ?? written(segment.language, otherwise), data: segment.data };
    readers.set(variantName(reader), reader);
  }
  // Whoever reads a language that we cannot write is in `readers` in the language of `otherwise` already.
  const variants = [...readers.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([, reader]): MessageVariant => ({
        for: reader,
        text: buildMessage({
          state,
          language: reader.language,
          ...(offsetMs && { offsetMs }),
          ...(reader.data && { dataCategories: reader.data }),
        }),
      }),
    );
  const [only, other] = variants;
  if (only === undefined) return buildMessage({ state, language: otherwise, ...(offsetMs && { offsetMs }) });
  if (other === undefined && only.for.data === null) return only.text;
  return { model: 2, incident: state.id, mode: state.mode, otherwise, variants };
}

/** What a person wrote for everybody and a text does not have, unless somebody has written that part for its readers. */
export function notCarriedOver(state: MessageSource, { for: reader, text }: MessageVariant): LeftOut[] {
  const { language, data } = reader;
  if (!isMessageLanguage(language)) return [];
  const only = data ? { dataCategories: data } : {};
  const proposed = buildMessage({ state, language, ...only });
  return freeTextLeftOut(state, language, data ?? undefined).filter(({ field }) => proposed[field] === text[field]);
}
