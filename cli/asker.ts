import { isCancel, log, text } from '@clack/prompts';
import type { FactId, FactSpec } from '../domain/incident/facts.js';
import { FORM_FIELDS } from '../domain/notice/form-fields.js';
import { isChoiceField, optionsOf } from '../domain/notice/form-options.js';
import { type Choice, fitted, pickOne, pickSeveral, type Tty } from './choice-list.js';
import type { Said } from './interview.js';

const OPEN = [
  { value: '?', label: '? not known yet', hint: 'will be found out' },
  { value: '!', label: '! cannot be found out' },
  { value: '-', label: '- does not apply' },
  { value: '<', label: '< back to the question before' },
  { value: '>', label: '> skip for now' },
] as const;
/** Where the cursor stands at first: a hurried Enter records nothing. */
const SKIP = '>';

const MARKS: Readonly<Record<string, Said>> = {
  '?': { kind: 'certainty', certainty: 'pending' },
  '!': { kind: 'certainty', certainty: 'undeterminable' },
  '-': { kind: 'certainty', certainty: 'not_applicable' },
  '<': { kind: 'back' },
  '>': { kind: 'skip' },
  '': { kind: 'skip' },
};

/** One question in the terminal. Ctrl-C leaves the interview: what was answered before is on record. */
export async function askInTerminal(fact: FactId, spec: FactSpec, place: string, tty?: Tty): Promise<Said> {
  const message = [spec.question, ...(spec.why ? [spec.why] : []), `${fact}, ${place}`].join('\n');
  const words = formWords(fact);
  if (spec.type === 'one_of' || spec.type === 'boolean') {
    const options: readonly string[] = 'options' in spec ? spec.options : ['yes', 'no'];
    const picked = await pickOne(
      message,
      options.map((value) => choice(value, words)),
      { marks: OPEN, cursorOn: SKIP, tty },
    );
    return typeof picked === 'object' && 'values' in picked
      ? { kind: 'value', value: picked.values[0] }
      : marked(picked);
  }
  if (spec.type === 'many_of') {
    const picked = await pickSeveral(
      `${message}\nTab chooses, typing finds, empty skips\n${MARKS_IN_WORDS}`,
      spec.options.map((value) => choice(value, words)),
      { marks: OPEN, tty },
    );
    if (typeof picked !== 'object' || 'mark' in picked) return marked(picked);
    return picked.values.length > 0 ? { kind: 'value', value: picked.values } : { kind: 'skip' };
  }
  const said = await text({
    message: fitted(`${message}\n${FORMS[spec.type]}; empty skips\n${MARKS_IN_WORDS}`, tty),
    ...tty,
  });
  if (isCancel(said)) return { kind: 'leave' };
  const typed = (said ?? '').trim();
  return MARKS[typed] ?? { kind: 'value', value: typed };
}

const MARKS_IN_WORDS = '? not known yet; ! cannot be found out; - does not apply; < back';

const marked = (picked: { readonly mark: string } | 'leave'): Said =>
  picked === 'leave' ? { kind: 'leave' } : (MARKS[picked.mark] ?? { kind: 'skip' });

const FORMS: Readonly<Record<Exclude<FactSpec['type'], 'one_of' | 'many_of' | 'boolean'>, string>> = {
  text: 'in your words, no names of people',
  instant: '02:40, "yesterday 23:15", 2026-11-22 02:40',
  date: 'a day such as 2026-11-25',
  count: '1200, or a range such as 1000-1500',
  countries: 'IE, DE',
  country_counts: 'IE:1200, DE:40',
  text_list: 'several are separated by ;',
  integer: 'a whole number',
};

/** What can be answered, in one line. */
export function formOf(spec: FactSpec): string {
  if ('options' in spec) return `${spec.type === 'many_of' ? 'any of ' : ''}${spec.options.join(', ')}`;
  return spec.type === 'boolean'
    ? 'yes, no'
    : spec.type === 'integer'
      ? `${spec.min} to ${spec.max}`
      : FORMS[spec.type];
}

type FormWords = Readonly<Record<string, string>>;

/** The form's own words for the choices of a fact, where it asks for it: shown beside the choice on which the cursor stands. */
export function formWords(fact: FactId): FormWords {
  const no = FORM_FIELDS.find((field) => field.fact === fact && isChoiceField(field.no))?.no;
  return no !== undefined && isChoiceField(no)
    ? Object.fromEntries(optionsOf(no).map(({ code, text: says }) => [code, says]))
    : {};
}
const choice = (value: string, words: FormWords): Choice => {
  const label = inWords(value);
  const hint = words[value];
  return hint === undefined || hint.toLowerCase() === label ? { value, label } : { value, label, hint };
};

const inWords = (value: string): string => value.toLowerCase().replaceAll('_', ' ');

export const complain = (problem: string): void => log.warn(fitted(problem));
