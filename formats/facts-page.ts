import { FACT_IDS, type FactId, type FactSpec, factSpec } from '../domain/incident/facts.js';

/** Rows of the merged field list (breach-law 7.2) that no fact fills, and who does. */
export const NO_FACT: Readonly<Record<string, string>> = {
  'F-01': 'the engine: the first notice of an authority is new, each later one a follow-up',
  'F-02': 'the engine: complete or incomplete by the gaps of the notice; withdrawn by a command',
  'F-03': 'the reason of the command that withdraws (`seventytwo withdraw`)',
  'F-04': "the authority's receipt, as recorded (`seventytwo notice ID receipt`)",
  'F-05': 'the id of the incident',
  'F-06': 'the engine: GDPR Art. 33; other regimes are not built yet',
  'F-07': 'the organisation: name, contact',
  'F-08': 'the organisation: identifier',
  'F-09': 'the organisation: sector',
  'F-10': 'the organisation: size',
  'F-11': 'the organisation: activity',
  'F-12': 'the organisation: representative',
  'F-13': 'the organisation: reporting person',
  'F-14': 'the organisation: dpo; `dpoDesignated: false` where there is none; with neither it is told as not known yet',
  'F-15': 'the organisation: contact',
  'F-20': 'awareness: an instant with author, reason and history (`seventytwo aware`), no fact (R-116)',
  'F-23': 'awareness: `processorInformedUsAt`',
  'F-42': 'the decision about the risk, with its reasons (`seventytwo decide`)',
  'F-50': 'the duty to tell people and its mailing',
  'F-54': 'the mailing: how many were told',
  'F-55': 'the mailing, or what the person said who marked the people as told',
  'F-56': 'the message as approved',
  'F-65': 'the duties to authorities and their notices',
  'F-67':
    'not built yet: the record keeps the hash and place of a receipt, a notice carries no attachments besides its own PDF and form',
};

const LAST_ROW = 67;
const UNUSED = new Set(['F-47', 'F-48', 'F-49', 'F-58', 'F-59']); // numbers that the list does not give out
/** Every row of the list, F-01 to F-67. */
export const FIELD_ROWS: readonly string[] = Array.from(
  { length: LAST_ROW },
  (_, index) => `F-${String(index + 1).padStart(2, '0')}`,
).filter((row) => !UNUSED.has(row));

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function typeInWords(spec: FactSpec): string {
  switch (spec.type) {
    case 'text':
      return 'text';
    case 'boolean':
      return 'yes or no';
    case 'integer':
      return `whole number, ${spec.min} to ${spec.max}`;
    case 'one_of':
      return `one of ${spec.options.map((option) => `\`${option}\``).join(', ')}`;
    case 'many_of':
      return `one or more of ${spec.options.map((option) => `\`${option}\``).join(', ')}`;
    case 'instant':
      return 'instant, with its zone';
    case 'date':
      return 'day';
    case 'count':
      return 'number of people, records, recipients or hours; a range will do: `1000-1500`';
    case 'text_list':
      return 'list of texts';
    case 'countries':
      return 'countries (ISO 3166)';
    case 'country_counts':
      return 'number of people by country: `{ IE: 1200, FR: 40 }`';
  }
}

const fillers = (field: string): readonly FactId[] => FACT_IDS.filter((id) => factSpec(id).fills.includes(field));

/** `docs/facts.md`: the catalogue as a reading aid. A test keeps the page equal to this. */
export function factsPage(): string {
  return [
    '# Facts',
    '',
    '<!-- Made from domain/incident/facts.ts by formats/facts-page.ts; test/docs/facts.test.ts writes it anew with UPDATE_DOCS=1. -->',
    '',
    'What is asked about a breach, in the order in which it is asked: first what decides whether somebody must be told. Nothing is mandatory, and nothing that is missing holds up a notice that is due: it says what is not known yet.',
    '',
    'Each fact has a certainty: *known*, *estimated*, *pending* (will be found out), *undeterminable* (cannot be found out), *not applicable*. For the risk, what is not known counts as the worse value (R-627). Free text never names a person who is concerned (R-217).',
    '',
    'At the keyboard: `seventytwo facts ID key=value …`, a file, or without either the questions one by one: each answer is recorded at once, `<` goes back, Ctrl-C leaves at any point. A file to start from: [write a facts file](how-to/facts-file.md). As a schema: `seventytwo schema facts`.',
    '',
    row('fact', 'question, and why', 'answer', 'fills'),
    row('---', '---', '---', '---'),
    ...FACT_IDS.map((id) => {
      const spec = factSpec(id);
      const why = spec.why === undefined ? '' : ` *${spec.why}*`;
      return row(`\`${id}\``, `${spec.question}${why}`, typeInWords(spec), spec.fills.join(', '));
    }),
    '',
    '## The fields of the forms',
    '',
    'The merged list of what the forms ask (F-01 to F-67; F-47 to F-49, F-58 and F-59 do not exist), and where each answer comes from. What is no fact is known before the breach, or is what the engine itself did.',
    '',
    row('field', 'comes from'),
    row('---', '---'),
    ...FIELD_ROWS.map((field) => {
      const facts = fillers(field)
        .map((id) => `\`${id}\``)
        .join(', ');
      const other = NO_FACT[field];
      return row(field, [facts, other].filter((part) => part !== undefined && part !== '').join('; '));
    }),
    '',
  ].join('\n');
}
