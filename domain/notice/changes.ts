import type { Facts } from '../incident/facts.js';
import { FORM_FIELDS } from './form-fields.js';
import type { Change, NoticeContent } from './model.js';
import { FOLLOWS, type NoticeRow, noticeSections } from './rows.js';
import { instantInWords } from './words.js';

const NOT_STATED = '(not stated)';
/** Different in every phase by nature; what they say stands on the first page. */
const NEVER_A_CHANGE: readonly number[] = [3, 4, 5, 6];
/** A withdrawal says there that it is one. */
const RISK_IN_WORDS = 90;

/**
 * What the reader of the earlier phase must know anew: field by field, in the form's words, in its order, each with the reason as far as
 * the record tells it. `field` is `<row> <title>`, for instance `68 Number of data subjects concerned by the personal data breach`.
 */
export function changesBetween(before: NoticeContent, after: NoticeContent, facts: Facts = {}): Change[] {
  const was = answersByField(before);
  const is = answersByField(after);
  const fields = [...new Set([...is.keys(), ...was.keys()])].sort((a, b) => rowOf(a) - rowOf(b));
  return fields.flatMap((field) => {
    // A withdrawal no longer says what is still to follow: that is no change of what is known.
    if (after.completeness === 'WITHDRAW' && (!is.has(field) || rowOf(field) === RISK_IN_WORDS)) return [];
    const change = { field, before: was.get(field)?.text ?? NOT_STATED, after: is.get(field)?.text ?? NOT_STATED };
    if (change.before === change.after) return [];
    const added = was.get(field)?.state !== 'pending' && change.after.startsWith(`${change.before}\n`);
    const why = added ? ADDED : reason(rowOf(field), was.get(field)?.state, is.get(field)?.state, after, facts);
    return [why === null ? change : { ...change, why }];
  });
}

/** With the phase since which, where that is not the one before: another authority has heard less. */
export const changesSince = (
  before: NoticeContent,
  after: NoticeContent,
  facts: Facts,
): Pick<NoticeContent, 'changes' | 'changesSince'> => ({
  changes: changesBetween(before, after, facts),
  ...(before.phase !== after.phase - 1 && { changesSince: before.phase }),
});

const ADDED = 'More is known than before; what was told stands.';
const rowOf = (field: string): number => Number.parseInt(field, 10) || Number.MAX_SAFE_INTEGER;
type State = NoticeRow['state'];

/** Follows from what row 111 names. */
const OTHERS_TOLD = 110;
const RISK = [89, 90];
const COMMUNICATION = { from: 97, to: 106 };
const SECTION_2 = { from: 10, to: 36 };

/** Art. 33(4) wants the further information; the reader wants to know what made the earlier one wrong or incomplete. */
function reason(
  row: number,
  was: State | undefined,
  is: State | undefined,
  after: NoticeContent,
  facts: Facts,
): string | null {
  const id = FORM_FIELDS.find(({ no }) => no === (row === OTHERS_TOLD ? OTHERS_TOLD + 1 : row))?.fact;
  const fact = id === undefined ? undefined : facts[id];
  if (fact !== undefined) {
    const since = `recorded on ${instantInWords(fact.at, after.timeline.zone)}`;
    if (is === 'undeterminable') return `It has turned out that this cannot be determined (${since}).`;
    if (is === 'not_applicable') return `It has turned out that this does not apply (${since}).`;
    if (is === 'pending') return `What was told before does not hold and is being found out anew (${since}).`;
    if (was === undefined || was === 'pending') return `Not known before; known now (${since}).`;
    if (was === 'estimated' && is === 'given') return `An estimate before; established now (${since}).`;
    return `Found to be different (${since}).`;
  }
  if (RISK.includes(row))
    return after.assessment.level === 'MORE_INFO_NEEDED'
      ? 'The risk is being assessed anew.'
      : 'The controller has decided about the risk on what is known now.';
  if (row >= COMMUNICATION.from && row <= COMMUNICATION.to)
    return after.communication.status === 'YES'
      ? 'The people concerned have been told since.'
      : 'Follows from the decision about the risk and about telling the people concerned.';
  if (row >= SECTION_2.from && row <= SECTION_2.to) return "The controller's own details were corrected.";
  if (row === 53) return 'More is known about the course of events.';
  if (row === 48) return 'The controller has corrected the moment at which it became aware.';
  return null;
}

function answersByField(content: NoticeContent): ReadonlyMap<string, { readonly text: string; readonly state: State }> {
  const rows = noticeSections(content, { earlierReference: null, releasedAt: content.builtAt }).flatMap(
    (section) => section.rows,
  );
  return new Map(
    rows
      .filter(({ no }) => no === null || !NEVER_A_CHANGE.includes(no))
      .map(({ no, label, answer, state }) => [
        no === null ? label : `${no} ${label}`,
        { text: state === 'estimated' ? `${answer} (estimated)` : answer, state },
      ]),
  );
}

/** What stood there before, where that says more than that nothing was known. */
export const saidBefore = ({ before }: Change): string | null =>
  before === NOT_STATED || before === FOLLOWS ? null : shortened(before);

const LONG = 400;
/** A long text is told by its beginning where the whole stands in its own row, or stood in the notice before. */
export const shortened = (text: string): string =>
  text.length <= LONG ? text : `${text.slice(0, LONG).trimEnd()} […]`;
