import type { OffsetMs } from '../clock/deadlines.js';
import { isInstant } from '../clock/instant.js';
import type { Answer, Filing } from './answers.js';
import { askedFields } from './form.js';
import { FORM_SECTIONS, type FormField } from './form-fields.js';
import { isChoiceField, textOf } from './form-options.js';
import type { Declared, NoticeContent } from './model.js';
import { countInWords, dayInWords, grouped, instantInWords } from './words.js';

/** One line of the notice for a human reader. `no` is the row of the common form; null for what the form has no row for. */
export interface NoticeRow {
  readonly no: number | null;
  readonly label: string;
  readonly answer: string;
  readonly state: Exclude<Answer['state'], 'absent' | 'not_asked'>;
}

export interface NoticeSection {
  readonly number: string;
  readonly title: string;
  readonly rows: readonly NoticeRow[];
}

/** Said where a field is owed and not there yet: the reader must not take silence for an answer. */
export const FOLLOWS = 'Not known yet. Will follow (Art. 33(4) GDPR).';
/** For an authority under another law that knows no such article. */
const FOLLOWS_ELSEWHERE = 'Not known yet. Will follow.';

/** The answer of one field in words; lists have one choice a line. */
function inWords(
  field: FormField,
  answer: Answer,
  content: NoticeContent,
  filing: Filing,
  offsetMs?: OffsetMs,
): string {
  const { value } = answer;
  const count = field.no === 68 ? content.people.count : field.no === 73 ? content.data.records : null;
  if (count?.state === 'given') return countInWords(count.value);
  if (value === null)
    return answer.state === 'undeterminable'
      ? 'Cannot be determined.'
      : answer.state === 'not_applicable'
        ? 'Not applicable.'
        : filing.withoutHours
          ? FOLLOWS_ELSEWHERE
          : FOLLOWS;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return grouped(value);
  if (typeof value === 'string') {
    if (field.kind === 'instant' && isInstant(value)) return instantInWords(value, content.timeline.zone, offsetMs);
    if (field.kind === 'date') return dayInWords(value);
    return isChoiceField(field.no) ? textOf(field.no, value) : value;
  }
  if (Array.isArray(value)) {
    const choices = value as readonly string[];
    const { no } = field;
    return choices
      .map((choice) => (isChoiceField(no) ? textOf(no, choice) : choice))
      .join(field.kind === 'country_list' ? ', ' : '\n');
  }
  return Object.entries(value)
    .map(([country, people]) => `${country}: ${grouped(people)}`)
    .join('\n');
}

/** The whole notice in the form's order: what was asked and answered, and what is owed and not known yet. Optional fields without an answer are left out. */
export function noticeSections(content: NoticeContent, filing: Filing, offsetMs?: OffsetMs): readonly NoticeSection[] {
  const rows = askedFields(content, filing).flatMap(({ field, answer }) => {
    if (
      answer.state === 'not_asked' ||
      // Nothing more follows on what is withdrawn.
      (content.completeness === 'WITHDRAW' && (answer.state === 'pending' || answer.value === null)) ||
      (answer.value === null && (answer.state === 'absent' || field.mandatory === undefined))
    )
      return [];
    const state = answer.state === 'absent' ? 'given' : answer.state;
    return [
      {
        section: field.section,
        row: { no: field.no, label: field.title, answer: inWords(field, answer, content, filing, offsetMs), state },
      },
    ];
  });
  const extra = beyondTheForm(content);
  return [
    ...FORM_SECTIONS.map(({ number, title }) => ({
      number,
      title,
      rows: rows.filter(({ section }) => section === number).map(({ row }) => row),
    })).filter((section) => section.rows.length > 0),
    ...(extra.length > 0 ? [{ number: '+', title: 'Further information', rows: extra }] : []),
  ];
}

/** What we can say and the common form has no row for. */
function beyondTheForm(content: NoticeContent): readonly NoticeRow[] {
  const row = (label: string, declared: Declared<string>, words = (value: string) => value): readonly NoticeRow[] =>
    declared.state === 'given'
      ? [{ no: null, label, answer: words(declared.value), state: declared.estimated ? 'estimated' : 'given' }]
      : [];
  return [
    ...row('Advice to the people concerned', content.communication.advice),
    ...(content.completeness === 'INCOMPLETE'
      ? row('More information is expected by', content.others.moreInformationOn, dayInWords)
      : []),
  ];
}
