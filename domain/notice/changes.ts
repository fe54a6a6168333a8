import type { NoticeContent } from './model.js';
import { noticeSections } from './rows.js';

const NOT_STATED = '(not stated)';
/** Different in every phase by nature; what they say stands on the first page. */
const NEVER_A_CHANGE: readonly number[] = [3, 4, 6];

/**
 * What the reader of the earlier phase must know anew: field by field, in the form's words, in its order.
 * `field` is `<row> <title>`, for instance `68 Number of data subjects concerned by the personal data breach`.
 */
export function changesBetween(
  before: NoticeContent,
  after: NoticeContent,
): { field: string; before: string; after: string }[] {
  const was = answersByField(before);
  const is = answersByField(after);
  const fields = [...new Set([...is.keys(), ...was.keys()])].sort((a, b) => rowOf(a) - rowOf(b));
  return fields
    .map((field) => ({ field, before: was.get(field) ?? NOT_STATED, after: is.get(field) ?? NOT_STATED }))
    .filter((change) => change.before !== change.after);
}

const rowOf = (field: string): number => Number.parseInt(field, 10) || Number.MAX_SAFE_INTEGER;

function answersByField(content: NoticeContent): ReadonlyMap<string, string> {
  const rows = noticeSections(content, { earlierReference: null, releasedAt: content.builtAt }).flatMap(
    (section) => section.rows,
  );
  return new Map(
    rows
      .filter(({ no }) => no === null || !NEVER_A_CHANGE.includes(no))
      .map(({ no, label, answer, state }) => [
        no === null ? label : `${no} ${label}`,
        state === 'estimated' ? `${answer} (estimated)` : answer,
      ]),
  );
}

const LONG = 400;
/** A long text is told by its beginning where the whole stands in its own row, or stood in the notice before. */
export const shortened = (text: string): string =>
  text.length <= LONG ? text : `${text.slice(0, LONG).trimEnd()} […]`;
