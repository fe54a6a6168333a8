import { z } from 'zod';

/** One thing that is wrong: its code, where it is, a sentence, and its figures (instants, numbers, enums, ids) beside it. */
export const Problem = z
  .looseObject({
    code: z.string().meta({ example: 'instant-in-future' }),
    path: z.string().nullable().meta({
      description: 'Where in the request: awareness.awareAt.at, facts.people.count',
      example: 'awareness.awareAt.at',
    }),
    says: z.string().meta({ description: 'What is wrong, and what to do next.' }),
  })
  .meta({ id: 'Problem' });

/** RFC 9457. Every refusal has this form; all problems come at once. */
export const ProblemDocument = z
  .object({
    type: z.string().meta({ example: 'urn:seventytwo:problem:instant-in-future' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    problems: z.array(Problem),
  })
  .meta({ id: 'ProblemDocument', description: 'application/problem+json, RFC 9457' });

export type Problem = z.infer<typeof Problem>;
export type ProblemDocument = z.infer<typeof ProblemDocument>;

export const PROBLEM_TYPE = 'urn:seventytwo:problem:';
export const PROBLEM_MEDIA = 'application/problem+json';
export const problemCode = (type: string): string => type.replace(PROBLEM_TYPE, '');
