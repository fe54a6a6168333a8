import type { Command } from 'commander';
import { factsSchema, type JsonSchema, organisationSchema } from '../../formats/json-schemas.js';
import { wrongUsage } from '../exit.js';
import { writer } from './writer.js';

const SCHEMAS = { facts: factsSchema, organisation: organisationSchema } as const;

/** The JSON Schema of a kind of file; undefined for a kind there is none of. */
export const schemaOf = (which: string): JsonSchema | undefined =>
  Object.hasOwn(SCHEMAS, which) ? SCHEMAS[which as keyof typeof SCHEMAS]() : undefined;

/** `seventytwo schema facts|organisation`, offline; always JSON. Exit 0, or 2 for another word. */
export function registerSchema(program: Command): void {
  const words = Object.keys(SCHEMAS);
  program
    .command('schema')
    .argument('<which>', words.join(', '))
    .summary('JSON Schemas of facts and organisation files')
    .description('The JSON Schema (draft 2020-12) of a file: for editors that complete and check while you write.')
    .option('--json', 'it always is')
    .action((which: string, _options: unknown, command: Command) => {
      const schema = schemaOf(which);
      if (!schema)
        throw wrongUsage(
          `There is a schema of ${words.join(' and of ')}.`,
          ...words.map((word) => `seventytwo schema ${word}`),
        );
      writer(command).out([JSON.stringify(schema, null, 2)]);
    });
}
