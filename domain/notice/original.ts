import { type Answer, answersOf, contactLine, type Filing, type FormValue } from './answers.js';
import { askedFields } from './form.js';
import { FORM_FIELDS, type FormField, fieldId } from './form-fields.js';
import { isChoiceField, textOf } from './form-options.js';
import type { NoticeContent } from './model.js';
import { FOLLOWS } from './rows.js';

/**
 * The third-party schema of the same form (docs/form.md says where ours leaves it, and why). A notice goes into it only where every
 * field can be told without saying something untrue; what it has no room for goes in words into row 53.
 */
export type OriginalForm = Readonly<Record<string, string | number | boolean>>;

/** A field that could only be filled with something untrue, or not at all. */
export interface Untellable {
  readonly no: number;
  readonly title: string;
  readonly why: string;
}

/** In every notice of that schema, whatever is known. The fixture's own list; a test compares them. */
export const ORIGINAL_REQUIRED: readonly number[] = [
  3, 4, 12, 13, 21, 22, 23, 29, 30, 31, 38, 39, 40, 41, 44, 48, 50, 51, 55, 60, 61, 62, 63, 65, 66, 67, 70, 71, 72, 73,
  75, 76, 85, 87, 89, 90, 92, 94, 95, 97, 113, 120,
];
/** Typed as one choice out of one option, the list of all authorities: nothing can be put there. */
const NO_ROOM: readonly number[] = [118, 123];
const COMMENTS = 53;
const NO = 'b';

type Put =
  | { readonly value: string | number | boolean }
  | { readonly untellable: string }
  | { readonly inWords: string }
  | null;

export function toOriginalForm(
  content: NoticeContent,
  filing: Filing,
): { readonly form: OriginalForm } | { readonly untellable: readonly Untellable[] } {
  const asked = new Map(askedFields(content, filing).map(({ field, answer }) => [field.no, answer]));
  const all = answersOf(content, filing);
  const put = FORM_FIELDS.map((field) => ({ field, put: putField(field, asked, all, content) }));
  const untellable = put.flatMap(({ field: { no, title }, put: one }) =>
    one !== null && 'untellable' in one ? [{ no, title, why: one.untellable }] : [],
  );
  if (untellable.length > 0) return { untellable };

  const comments = put.flatMap(({ field, put: one }) =>
    one !== null && 'inWords' in one ? [`Row ${field.no} (${field.title}): ${one.inWords}`] : [],
  );
  const values = put.flatMap(({ field, put: one }) =>
    one !== null && 'value' in one ? [[fieldId(field.no), one.value] as const] : [],
  );
  const form: Record<string, string | number | boolean> = Object.fromEntries(values);
  const own = form[fieldId(COMMENTS)];
  const notes = [...(typeof own === 'string' ? [own] : []), ...comments].join('\n');
  return { form: notes === '' ? form : { ...form, [fieldId(COMMENTS)]: notes } };
}

function putField(
  field: FormField,
  asked: ReadonlyMap<number, Answer>,
  all: ReadonlyMap<number, Answer>,
  content: NoticeContent,
): Put {
  const answer = asked.get(field.no);
  const required = ORIGINAL_REQUIRED.includes(field.no);
  // Asked of every controller there, though each is in the EEA or not: the other question is answered with no.
  if ((field.no === 113 || field.no === 120) && answer === undefined) return { value: NO };
  if (answer === undefined || answer.value === null) return required ? without(field, answer, all, content) : null;
  const told = tell(field, answer.value);
  if (!('untellable' in told)) return told;
  return required ? told : { inWords: inWords(field, answer.value) };
}

/** Required there and not asked here, or not answered. A text may say so; a number or a choice may not be made up. */
function without(
  field: FormField,
  answer: Answer | undefined,
  all: ReadonlyMap<number, Answer>,
  { dpo, dpoDesignated, reportingPerson, controller }: NoticeContent,
): Put {
  // Asked of every controller there; here not when the DPO reports, and open while nobody knows whether there is one.
  const officer = dpo ?? (reportingPerson.function === 'DPO' ? reportingPerson : null);
  const none = officer === null && dpoDesignated !== 'not_known';
  switch (field.no) {
    case 29:
      return { value: officer ? 'Yes' : none ? 'No' : FOLLOWS };
    case 30:
      return { value: officer?.name ?? (none ? 'No data protection officer is designated.' : FOLLOWS) };
    case 31:
      return {
        value: officer ? contactLine(officer) || contactLine(controller.contact) : none ? 'Not applicable.' : FOLLOWS,
      };
    case 39:
    case 41:
      return { value: all.get(38)?.value === 'a' ? 'See the lines of row 40.' : 'Not applicable.' };
    case 40:
      return all.get(38)?.value === NO ? { value: 'None.' } : { value: FOLLOWS };
    case 73:
      return { untellable: 'wants a whole number, and none is known' };
    default:
      break;
  }
  if (field.kind === 'text') return { value: FOLLOWS };
  return answer === undefined
    ? { untellable: 'is wanted though it does not apply' }
    : { untellable: 'wants an answer, and none is known yet' };
}

function tell(field: FormField, value: FormValue): Exclude<Put, null> {
  const { no, kind } = field;
  if (NO_ROOM.includes(no)) return { untellable: 'has the list of all authorities as its only choice' };
  if (kind === 'country_counts') {
    const counts = Object.values(value as Readonly<Record<string, number>>);
    const [only] = counts;
    return counts.length === 1 && only !== undefined
      ? { value: only }
      : { untellable: `takes one number, and there are ${counts.length} countries` };
  }
  if (no === 29) return { value: value === 'a' ? 'Yes' : 'No' };
  if (no === 38 && value === 'c') return { untellable: 'takes yes or no, and it is not known' };
  if (no === 58 && value === 'd') return { untellable: 'has no choice for what cannot be determined' };
  if (no === 89 && (value === 'c' || value === 'd'))
    return { untellable: 'has "unlikely" and "more information needed" as one choice' };
  if (no === 97 && value === 'b1') return { value: 'b' }; // one choice for with and without a day there; row 99 tells them apart
  if (Array.isArray(value)) {
    const list = value as readonly string[];
    if (kind !== 'many_of') return { value: list.join(kind === 'country_list' ? ', ' : '\n') };
    const [only] = list;
    return list.length === 1 && only !== undefined
      ? { value: only }
      : { untellable: `takes one choice, and ${list.length} apply` };
  }
  return { value: value as string | number | boolean };
}

function inWords(field: FormField, value: FormValue): string {
  const { no } = field;
  if (Array.isArray(value))
    return (value as readonly string[]).map((one) => (isChoiceField(no) ? textOf(no, one) : one)).join('; ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([country, count]) => `${country}: ${count}`)
      .join(', ');
  return typeof value === 'string' && isChoiceField(no) ? textOf(no, value) : String(value);
}
