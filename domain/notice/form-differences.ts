/** Where the published schema leaves the third-party one, and why. docs/form.md lists them; a test shows that these are all. */
export interface Difference {
  readonly fields: readonly number[];
  /** JSON Schema keyword of the property; `required`: the field's place in the list of what every notice must have. */
  readonly keyword:
    | 'type'
    | 'format'
    | 'enum'
    | 'items'
    | 'minItems'
    | 'uniqueItems'
    | 'minLength'
    | 'minimum'
    | 'x-options'
    | 'x-section'
    | 'title'
    | 'propertyNames'
    | 'additionalProperties'
    | 'minProperties'
    | 'required';
  readonly reason: string;
}

const SEVERAL = [55, 60, 65, 70, 75, 79, 81, 83, 85, 94, 100, 104, 125];
const LISTS = [40, 115, 116, 118, 121, 123];
const COUNTS = [117, 122];
/** Plain texts of the template: all but the choices, lists, dates, numbers and the flag. */
const TEXTS = [
  5, 6, 7, 11, 12, 13, 16, 17, 18, 19, 21, 22, 24, 25, 26, 30, 31, 34, 35, 36, 39, 41, 49, 51, 53, 62, 63, 66, 71, 76,
  80, 82, 84, 86, 90, 92, 95, 101, 103, 105, 106, 111, 114, 126,
];

const several =
  'The template lets several apply (a breach may concern confidentiality and availability); one letter loses the others.';
const lists = 'The field asks for a list; one text cannot be read by a machine.';
const perCountry = 'A number for each country is asked; one integer cannot say which country it belongs to.';
const wrongly = 'Words or numbers that the extraction put into the wrong cell, or a slip of the pen.';
const later =
  'Art. 33(4) lets it follow: only a notice that calls itself complete must have it, and only where the template asks it.';

export const FORM_DIFFERENCES: readonly Difference[] = [
  { fields: SEVERAL, keyword: 'type', reason: several },
  { fields: SEVERAL, keyword: 'enum', reason: several },
  { fields: SEVERAL, keyword: 'items', reason: several },
  { fields: SEVERAL, keyword: 'minItems', reason: 'An empty list says nothing: then the field stays out.' },
  { fields: SEVERAL, keyword: 'uniqueItems', reason: 'A choice is made once.' },
  { fields: LISTS, keyword: 'type', reason: lists },
  { fields: LISTS, keyword: 'items', reason: lists },
  { fields: LISTS, keyword: 'minItems', reason: lists },
  { fields: [115, 116, 121], keyword: 'uniqueItems', reason: 'A country is named once.' },
  { fields: COUNTS, keyword: 'type', reason: perCountry },
  { fields: COUNTS, keyword: 'minimum', reason: perCountry },
  { fields: COUNTS, keyword: 'propertyNames', reason: perCountry },
  { fields: COUNTS, keyword: 'additionalProperties', reason: perCountry },
  { fields: COUNTS, keyword: 'minProperties', reason: perCountry },
  { fields: TEXTS, keyword: 'minLength', reason: 'An empty text says nothing: then the field stays out.' },
  { fields: [95], keyword: 'format', reason: 'The field asks for a description; it was typed as a date.' },
  { fields: [29], keyword: 'enum', reason: 'A yes-or-no question had free text for an answer.' },
  { fields: [29], keyword: 'x-options', reason: 'A yes-or-no question had free text for an answer.' },
  {
    fields: [38, 58, 89, 97],
    keyword: 'enum',
    reason:
      'A possible answer was missing: not known (38), cannot be determined (58), more information needed (89), planned without a date (97).',
  },
  { fields: [38, 58, 89, 97], keyword: 'x-options', reason: 'As above; in 89 and 97 two answers stood in one cell.' },
  { fields: [118, 123], keyword: 'enum', reason: 'The list of all authorities was read as one single choice.' },
  {
    fields: [118, 123],
    keyword: 'x-options',
    reason: 'The list of all authorities was read as one single choice, cut off before Mecklenburg-Vorpommern.',
  },
  { fields: [10, 55, 57, 59, 60, 70, 100], keyword: 'x-options', reason: wrongly },
  { fields: [13, 19, 31, 36, 41, 57, 90, 101, 114, 123, 126], keyword: 'title', reason: wrongly },
  {
    fields: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    keyword: 'x-section',
    reason: 'Rows about the controller belong to section 2.1, not 1.1.',
  },
  {
    fields: [97, 98, 99, 100, 101, 102, 103, 104, 105, 106],
    keyword: 'x-section',
    reason: 'Communication to the people concerned is section 5, not 4.4.',
  },
  { fields: [125, 126], keyword: 'x-section', reason: 'Attachments are section 7, not 6.3.' },
  {
    fields: [29, 30, 31],
    keyword: 'required',
    reason:
      'Asked only when the DPO is not the reporting person; 30 and 31 only when there is one. Whether there is one may be unknown in the night: 29 may follow (Art. 33(4)).',
  },
  { fields: [33], keyword: 'required', reason: 'Art. 33(3)(b) wants a contact point in every notice.' },
  {
    fields: [39, 41],
    keyword: 'required',
    reason: 'One party only; with several, each line of row 40 names the party, its part and its contact.',
  },
  {
    fields: [38, 40, 44, 50, 51, 55, 60, 61, 62, 63, 65, 66, 67, 70, 71, 72, 75, 76, 85, 87, 92, 94, 95],
    keyword: 'required',
    reason: later,
  },
  {
    fields: [73],
    keyword: 'required',
    reason: 'An unknown number of records is not an integer: asked only when row 72 says exact or approximate.',
  },
  {
    fields: [113, 120],
    keyword: 'required',
    reason: 'A controller is established in the EEA or it is not: one of the two, never both.',
  },
];
