import type { OffsetMs } from '../domain/clock/deadlines.js';
import type { IncidentState } from '../domain/incident/state.js';
import { inconsistencies } from '../domain/message/consistency.js';
import { whoReadsForThem } from '../domain/message/in-care.js';
import { openQuestions } from '../domain/message/gates.js';
import type { MessageContent, MessageVariant } from '../domain/message/model.js';
import { notOnRecord, type Segment, variantName } from '../domain/message/segments.js';
import { readersOf, uncovered, variantsOf } from '../domain/message/texts.js';
import { notCarriedOver } from '../domain/message/variants.js';
import { problem } from './errors.js';

type Problem = ReturnType<typeof problem>;

/** More than two people can read with care, and about half a megabyte in the record. */
export const MOST_TEXTS = 100;

/** The name of a text in front of what is said about it, where there are several. */
const before = (content: MessageContent, { for: reader }: MessageVariant): string =>
  content.model === 2 ? `${variantName(reader)}: ` : '';

/** Where to write other words for one text. */
const setField = (state: IncidentState, content: MessageContent, { for: reader }: MessageVariant): string =>
  `seventytwo people ${state.id} message --set ${content.model === 2 ? `${variantName(reader)}:` : ''}`;

/** What must be answered before anybody approves, text by text. */
export function openIn(state: IncidentState, content: MessageContent): Problem[] {
  return variantsOf(content).flatMap((variant) =>
    openQuestions(variant.text, state.facts).map(({ field, says }) =>
      problem(
        'field',
        `${before(content, variant)}${says} Then: ${setField(state, content, variant)}FIELD="…"`,
        content.model === 2 ? `${variantName(variant.for)}.${field}` : field,
      ),
    ),
  );
}

const codesOf = (state: IncidentState): readonly string[] => {
  const value = state.facts['data.categories']?.value;
  return Array.isArray(value) ? (value as readonly string[]) : [];
};

/** The list and the record say different things about what leaked: whichever is right, a text from them would be wrong. */
export const againstTheRecord = (state: IncidentState, segments: readonly Segment[]): Problem[] =>
  notOnRecord(codesOf(state), segments).map(({ code, count }) =>
    problem(
      'field',
      `The list says that ${code} leaked of ${count} people; the record (data.categories) does not. Record it: seventytwo facts ${state.id} data.categories=${[...codesOf(state), code].join(',')}. Or mend the list and import it again.`,
      'data.categories',
      { category: code, people: count },
    ),
  );

/** People of the list for whom there is no text: nothing could be sent. */
export function withoutText(
  state: IncidentState,
  list: string,
  content: MessageContent,
  segments: readonly Segment[],
): Problem[] {
  const left = uncovered(content, segments);
  if (left.length === 0) return [];
  const people = left.reduce((sum, { count }) => sum + count, 0);
  const names = [...new Set(left.map(variantName))];
  return [
    problem(
      'field',
      `The list says which data leaked of whom, and this message has no text for ${people} people (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}). Propose the texts of this list: seventytwo people ${state.id} message --list ${list}`,
      'list',
      { people, missing: names },
    ),
  ];
}

/** What stands against approving it, where it and the notice on the table tell different things, and what a text leaves out. */
export function warningsOf(state: IncidentState, content: MessageContent, offsetMs: OffsetMs): string[] {
  const notice = state.notices.at(-1);
  const perText = variantsOf(content).flatMap((variant) => {
    const { data } = variant.for;
    return [
      ...openQuestions(variant.text, state.facts).map(({ says }) => says),
      ...(notice
        ? inconsistencies((notice.approved ?? notice.draft).content, variant.text, {
            offsetMs,
            ...(data && { dataCategories: data }),
          }).map(({ says }) => says)
        : []),
      ...notCarriedOver(state, variant).map(
        ({ fact, field, why }) =>
          `${fact} is not in ${field}: ${why === 'segment' ? 'it was written for everybody and can speak of data that these people did not lose' : 'it was written in another language'}. Give this text its own: ${setField(state, content, variant)}${field}="…"`,
      ),
    ].map((says) => `${before(content, variant)}${says}`);
  });
  return [...whoReadsForThem(state.facts), ...perText];
}

/** Every text with the number of people who get it; null when no list says. */
export function textsOf(content: MessageContent, segments: readonly Segment[] | null) {
  const people = segments && readersOf(content, segments);
  return variantsOf(content).map(({ for: reader }, at) => ({
    text: variantName(reader),
    language: reader.language,
    data: reader.data && [...reader.data],
    people: people?.[at] ?? null,
  }));
}
