import type { MessageContent, MessageVariant, PeopleMessage } from './model.js';
import { type Reader, type Segment, sameData } from './segments.js';

/** Every text of a message, with whom it is for. */
export const variantsOf = (content: MessageContent): readonly MessageVariant[] =>
  content.model === 2 ? content.variants : [{ for: { language: content.language, data: null }, text: content }];

/** `de` of `de-AT`. */
export const primaryLanguage = (language: string): string => language.toLowerCase().split('-')[0] ?? '';

/**
 * The text that this person gets; null when there is none, and then nobody may be sent anything. A text for everybody goes to nobody of
 * whom the list says what leaked: it would tell them about the data of others.
 */
export function textFor(content: MessageContent, { language, data }: Reader): PeopleMessage | null {
  if (content.model === 1) return data === null ? content : null;
  const fitting = content.variants.filter((one) => sameData(one.for.data, data));
  const spoken = (wanted: string) =>
    fitting.find((one) => primaryLanguage(one.for.language) === primaryLanguage(wanted));
  return (spoken(language) ?? spoken(content.otherwise))?.text ?? null;
}

/** Groups of the list for whom the message has no text. */
export const uncovered = (content: MessageContent, segments: readonly Segment[]): readonly Segment[] =>
  segments.filter((segment) => textFor(content, segment) === null);

/** How many people of the list get each text, in the order of the texts. */
export function readersOf(content: MessageContent, segments: readonly Segment[]): readonly number[] {
  return variantsOf(content).map(({ text }) =>
    segments.filter((segment) => textFor(content, segment) === text).reduce((sum, { count }) => sum + count, 0),
  );
}
