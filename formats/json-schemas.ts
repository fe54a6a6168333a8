import { z } from 'zod';
import { AWARENESS } from '../domain/incident/events.js';
import { FACT_IDS, type FactId, type FactSpec, factSpec } from '../domain/incident/facts.js';
import { CERTAINTIES } from '../domain/incident/facts-check.js';
import { OrganisationInput } from './http/requests.js';
import { OrganisationFileSchema } from './organisation-file.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const WHOLE = { type: 'integer', minimum: 0 };
const TEXT = { type: 'string', minLength: 1 };
const INSTANT = { type: 'string', format: 'date-time', examples: ['2026-03-02T09:00:00Z'] };
/** Instead of a value: `people.count: pending`. */
const NOT_THERE = { enum: ['pending', 'undeterminable', 'not_applicable'] };

/** The shapes of a value that a file may hold; each is one that `readValue` takes. */
function valueSchema(spec: FactSpec): readonly JsonSchema[] {
  switch (spec.type) {
    case 'text':
      return [TEXT];
    case 'boolean':
      return [{ type: 'boolean' }];
    case 'integer':
      return [{ type: 'integer', minimum: spec.min, maximum: spec.max }];
    case 'one_of':
      return [{ enum: spec.options }];
    case 'many_of':
      return [{ type: 'array', items: { enum: spec.options }, minItems: 1 }, { enum: spec.options }];
    case 'instant':
      return [INSTANT];
    case 'date':
      return [{ type: 'string', format: 'date' }];
    case 'count':
      return [
        WHOLE,
        {
          type: 'string',
          pattern: String.raw`^\d+((-|\.\.)\d+(\.\.\d+)?)?$`,
          examples: ['1000-1500', '1000..1200..1500'],
        },
        {
          type: 'object',
          properties: { min: WHOLE, likely: WHOLE, max: WHOLE },
          required: ['min', 'max'],
          additionalProperties: false,
        },
      ];
    case 'text_list':
      return [{ type: 'array', items: TEXT, minItems: 1 }, TEXT];
    case 'countries':
      return [{ type: 'array', items: { type: 'string', pattern: '^[A-Z]{2}$' }, minItems: 1 }];
    case 'country_counts':
      return [
        { type: 'object', propertyNames: { pattern: '^[A-Z]{2}$' }, additionalProperties: WHOLE, minProperties: 1 },
      ];
  }
}

function factSchema(id: FactId): JsonSchema {
  const spec = factSpec(id);
  const values = valueSchema(spec);
  const fields = { certainty: { enum: CERTAINTIES }, source: TEXT };
  const wrapped = {
    type: 'object',
    properties: { value: { anyOf: [...values, { type: 'null' }] }, ...fields },
    additionalProperties: false,
    anyOf: [{ required: ['value'] }, { required: ['certainty'] }],
  };
  const fills = spec.fills.length > 0 ? ` Fills ${spec.fills.join(', ')}.` : '';
  return {
    description: `${spec.question}${spec.why === undefined ? '' : ` ${spec.why}`}${fills}`,
    anyOf: [...values, NOT_THERE, wrapped],
  };
}

/** A schema of zod to stand inside another, and the definitions that it points to from the root. */
function inner(schema: z.ZodType): { readonly schema: JsonSchema; readonly definitions: JsonSchema } {
  const {
    $schema: _dialect,
    id: _id,
    $defs = {},
    ...rest
  } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  return { schema: rest, definitions: $defs as JsonSchema };
}

/** JSON Schema of a facts file (`seventytwo schema facts`), made from the catalogue. */
export function factsSchema(): JsonSchema {
  const finding = {
    anyOf: [
      INSTANT,
      {
        type: 'object',
        properties: { at: INSTANT, zone: { type: 'string', examples: ['Europe/Dublin'] }, source: TEXT },
        required: ['at'],
        additionalProperties: false,
      },
    ],
  };
  const organisation = inner(OrganisationInput);
  return {
    $schema: DIALECT,
    $id: 'urn:seventytwo:schema:facts:1',
    title: 'Facts of a personal-data breach',
    description:
      'A facts file, YAML or JSON. Instants need a zone (Z or an offset). Free text names no affected person (R-217).',
    type: 'object',
    properties: {
      organisation: organisation.schema,
      awareness: {
        type: 'object',
        description: 'R-115. awareAt starts the 72 hours.',
        properties: Object.fromEntries(AWARENESS.map((key) => [key, finding])),
        additionalProperties: false,
      },
      facts: {
        type: 'object',
        properties: Object.fromEntries(FACT_IDS.map((id) => [id, factSchema(id)])),
        additionalProperties: false,
      },
    },
    additionalProperties: false,
    $defs: organisation.definitions,
  };
}

/** JSON Schema of organisation.yaml (`seventytwo schema organisation`), made from the schema that reads it. */
export function organisationSchema(): JsonSchema {
  const { schema, definitions } = inner(OrganisationFileSchema);
  return {
    $schema: DIALECT,
    $id: 'urn:seventytwo:schema:organisation:1',
    title: 'What is known before a breach',
    ...schema,
    $defs: definitions,
  };
}
