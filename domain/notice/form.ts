import type { FactId } from '../incident/facts.js';
import { type Answer, answersOf, type Filing, type FormValue } from './answers.js';
import { FORM_FIELDS, type FormField, fieldId, type When } from './form-fields.js';
import type { NoticeContent } from './model.js';

/** The common European form as data: `{ field_3: 'a', field_55: ['a', 'c'], … }`. Fits docs/schemas/edpb-notice-corrected.schema.json. */
export type FormDocument = Readonly<Record<string, FormValue>>;

export interface AskedField {
  readonly field: FormField;
  readonly answer: Answer;
}

const NOTHING: Answer = { value: null, state: 'absent' };

function holds(when: When | undefined, asked: ReadonlyMap<number, Answer>): boolean {
  if (when === undefined) return true;
  const value = asked.get(when.no)?.value;
  return Array.isArray(value)
    ? value.some((letter: string) => when.is.includes(letter))
    : typeof value === 'string' && when.is.includes(value);
}

/** Of what is taken back, a withdrawal tells only what the form wants in every notice, who was told, and whether people were. */
const TOLD_OF_WITHDRAWN: readonly string[] = ['1.1', '2.1', '2.2', '2.3.1', '5'];
const AUTHORITIES_TOLD: readonly number[] = [118, 123];
const isTold = (content: NoticeContent, field: FormField): boolean =>
  content.completeness !== 'WITHDRAW' ||
  field.mandatory === 'always' ||
  AUTHORITIES_TOLD.includes(field.no) ||
  TOLD_OF_WITHDRAWN.includes(field.section);

/** The fields that the form asks in this case, in its order, with their answers: a field that depends on an unasked one is not asked either. */
export function askedFields(content: NoticeContent, filing: Filing): readonly AskedField[] {
  const answers = answersOf(content, filing);
  const asked = new Map<number, Answer>();
  return FORM_FIELDS.flatMap((field) => {
    const answer = answers.get(field.no) ?? NOTHING;
    if (answer.state === 'not_asked' || !isTold(content, field) || !holds(field.when, asked)) return [];
    asked.set(field.no, answer);
    return [{ field, answer }];
  });
}

/** Not there though a complete notice owes it, or there and promising more: who promises more is not complete (Art. 33(4)). */
export function missingFields(content: NoticeContent, filing: Filing): readonly FormField[] {
  const fields = askedFields(content, filing);
  const asked = new Map(fields.map(({ field, answer }) => [field.no, answer]));
  return fields
    .filter(({ field, answer }) => {
      if (field.mandatory === undefined) return answer.state === 'pending' && answer.value !== null;
      if (!holds(field.mandatoryWhen, asked)) return false;
      return answer.state === 'pending' || (answer.value === null && field.maySilentlyBeUnknown !== true);
    })
    .map(({ field }) => field);
}

/** The facts behind the missing fields, each once, in the form's order. */
export const gapsOf = (missing: readonly FormField[]): readonly FactId[] => [
  ...new Set(missing.flatMap((field) => (field.fact === undefined ? [] : [field.fact]))),
];

export function toForm(content: NoticeContent, filing: Filing): FormDocument {
  return Object.fromEntries(
    askedFields(content, filing).flatMap(({ field, answer }) =>
      answer.value === null ? [] : [[fieldId(field.no), answer.value]],
    ),
  );
}
