import { EEA } from '../incident/lists.js';
import { FORM_FIELDS, type FormField, type FormKind, fieldId, type When } from './form-fields.js';
import { type ChoiceField, isChoiceField, ONLY_WHEN_INCOMPLETE, optionsOf } from './form-options.js';

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
export type JsonSchema = { readonly [key: string]: Json };

/** The EEA as the form writes it: ISO, but EL for Greece. */
const FORM_COUNTRIES = EEA.map((country) => (country === 'GR' ? 'EL' : country)).sort();

const KINDS: Readonly<Record<Exclude<FormKind, 'one_of' | 'many_of'>, JsonSchema>> = {
  text: { type: 'string', minLength: 1 },
  date: { type: 'string', format: 'date' },
  instant: { type: 'string', format: 'date-time' },
  flag: { type: 'boolean' },
  number: { type: 'integer', minimum: 0 },
  text_list: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
  country_list: { type: 'array', items: { type: 'string', enum: FORM_COUNTRIES }, minItems: 1, uniqueItems: true },
  country_counts: {
    type: 'object',
    propertyNames: { enum: FORM_COUNTRIES },
    additionalProperties: { type: 'integer', minimum: 0 },
    minProperties: 1,
  },
};

function shape(field: FormField): JsonSchema {
  if (field.kind !== 'one_of' && field.kind !== 'many_of') return KINDS[field.kind];
  const options = isChoiceField(field.no) ? optionsOf(field.no) : [];
  const one: JsonSchema = { type: 'string', enum: options.map((option) => option.letter) };
  const texts: JsonSchema = { 'x-options': Object.fromEntries(options.map(({ letter, text }) => [letter, text])) };
  return field.kind === 'one_of'
    ? { ...one, ...texts }
    : { type: 'array', items: one, minItems: 1, uniqueItems: true, ...texts };
}

const property = (field: FormField): JsonSchema => ({
  ...shape(field),
  title: field.title,
  'x-section': field.section,
  ...(field.gdpr === undefined ? {} : { 'x-gdpr-ref': field.gdpr }),
});

const kindOf = (no: number): FormKind | undefined => FORM_FIELDS.find((field) => field.no === no)?.kind;

/** The JSON Schema of "that field holds one of these letters". */
const condition = ({ no, is }: When): JsonSchema => ({
  properties: { [fieldId(no)]: kindOf(no) === 'many_of' ? { contains: { enum: is } } : { enum: is } },
  required: [fieldId(no)],
});

// oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
const implies = (when: When, then: JsonSchema): JsonSchema => ({ if: condition(when), then });

const demand = (fields: readonly FormField[]): { required: readonly string[]; allOf: readonly JsonSchema[] } => ({
  required: fields.filter((field) => whenOf(field) === undefined).map((field) => fieldId(field.no)),
  allOf: fields.flatMap((field) => {
    const when = whenOf(field);
    return when === undefined ? [] : [implies(when, { required: [fieldId(field.no)] })];
  }),
});
const whenOf = (field: FormField): When | undefined => field.mandatoryWhen ?? field.when;

/** One of the two sections about borders is answered, never both: it follows from where the controller is established. */
const IN_EEA = 113;
const OUTSIDE_EEA = 120;
/** Owed only when the 72 hours have passed, which a schema cannot see. */
const REASONS_FOR_DELAY = 49;

/** Without these: Art. 33(4) lets them follow; a choice that only promises more is no answer of a complete notice. */
function completeNotice(): JsonSchema {
  const owed = demand(
    FORM_FIELDS.filter(
      (field) =>
        field.mandatory === 'complete' &&
        field.maySilentlyBeUnknown !== true &&
        ![IN_EEA, OUTSIDE_EEA, REASONS_FOR_DELAY].includes(field.no),
    ),
  );
  const closed = Object.entries(ONLY_WHEN_INCOMPLETE).map(([no, letter]) => {
    const field = Number(no) as ChoiceField;
    return [
      fieldId(field),
      kindOf(field) === 'many_of' ? { items: { not: { const: letter } } } : { not: { const: letter } },
    ];
  });
  return {
    required: owed.required,
    properties: Object.fromEntries(closed),
    oneOf: [{ required: [fieldId(IN_EEA)] }, { required: [fieldId(OUTSIDE_EEA)] }],
    allOf: owed.allOf,
  };
}

/** The schema that the project publishes (docs/schemas/edpb-notice-corrected.schema.json), made from the table of fields. */
export function formSchema(): JsonSchema {
  const always = demand(FORM_FIELDS.filter((field) => field.mandatory === 'always'));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:seventytwo:schema:edpb-notice-corrected:1',
    title: 'Personal data breach notification (EDPB template v1.0), corrected',
    description:
      'Fields of the EDPB template v1.0 for Art. 33 GDPR notifications (adopted 8 June 2026 for consultation). Changed from the JSON Schema by Nicola Franchetto and Martim Taborda Barata, EDPB Breach Notification Assistant, CC BY 4.0; every difference and its reason is listed in docs/form.md. Not an official document of the EDPB.',
    'x-source':
      'https://www.edpb.europa.eu/our-work-tools/our-documents/other/template-personal-data-breach-notification_en',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(FORM_FIELDS.map((field) => [fieldId(field.no), property(field)])),
    required: always.required,
    allOf: [
      ...always.allOf,
      implies({ no: 4, is: ['c'] }, { properties: { field_3: { const: 'b' } } }),
      implies({ no: 4, is: ['a'] }, completeNotice()),
      { not: { required: [fieldId(IN_EEA), fieldId(OUTSIDE_EEA)] } },
    ],
  };
}
