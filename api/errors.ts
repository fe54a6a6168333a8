import type { Response } from 'express';
import { z } from 'zod';
import { isSlipOf } from '../domain/incident/nearest.js';
import type { Refusal, RefusalCode } from '../domain/incident/refusals.js';
import { sentence } from '../domain/incident/sentences.js';
import { PROBLEM_MEDIA, PROBLEM_TYPE, type Problem, type ProblemDocument } from '../formats/http/problem.js';
import { isAway } from './calm.js';

/** The only file that knows status codes. */

/** Refusals of the door itself; those of the domain are in domain/incident/refusals.ts. */
export const DOOR = {
  'key-missing': [401, 'Log in'],
  'key-unknown': [401, 'This key is not known'],
  'key-revoked': [401, 'This key was revoked'],
  'role-missing': [403, 'Your role may not do this'],
  'malformed-json': [400, 'The body is not JSON'],
  'malformed-request': [400, 'The request cannot be read'],
  'idempotency-key': [400, 'An Idempotency-Key is needed'],
  'body-too-large': [413, 'The body is too large'],
  'content-type': [415, 'Wrong content type'],
  field: [422, 'Fields do not fit'],
  'unknown-field': [422, 'Unknown fields'],
  instant: [422, 'An instant does not fit'],
  'import-refused': [422, 'The list cannot be read'],
  scenario: [422, 'The scenario does not fit'],
  'cast-missing': [409, 'Roles without people'],
  'no-such-route': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'Not this way'],
  'no-such-incident': [404, 'No such incident'],
  'not-found': [404, 'Not found'],
  'key-of-another': [409, 'This key belongs to another declaration'],
  'organisation-missing': [409, 'The organisation is not described yet'],
  'already-set-up': [409, 'There is an administrator already'],
  'record-behind': [409, 'The record was set back'],
  'record-broken': [409, 'The record does not verify'],
  'no-clock': [409, 'No clock runs for it'],
  'unknown-outcome': [504, 'The outcome is not known'],
  unavailable: [503, 'Not reachable at the moment'],
  internal: [500, 'Something broke on our side'],
} as const satisfies Record<string, readonly [status: number, title: string]>;
export type DoorCode = keyof typeof DOOR;

const DOMAIN: Readonly<Record<RefusalCode, readonly [status: number, title: string]>> = {
  'wrong-state': [409, 'Not in this state'],
  'already-confirmed': [409, 'Confirmed already'],
  'instant-in-future': [422, 'An instant lies in the future'],
  'before-first-hint': [422, 'An instant lies before the first hint'],
  missing: [422, 'Something is missing'],
  'unknown-fact': [422, 'Unknown facts'],
  'fact-value': [422, 'A fact does not fit'],
  contradiction: [422, 'Facts contradict each other'],
  'no-proposal': [409, 'No such proposal'],
  'same-person': [403, 'A second person is needed'],
  'login-made-by-author': [403, 'A second, independent person is needed'],
  'not-the-same': [409, 'Not what was proposed'],
  'second-person-needed': [409, 'A second person is needed'],
  'no-such': [404, 'Not found'],
  'approval-outdated': [409, 'A newer version is on the table'],
  already: [409, 'Done already'],
  'not-approved': [409, 'Not approved yet'],
  'still-owed': [409, 'Something is still owed'],
  'hold-too-long': [422, 'The hold is too long'],
  'not-holdable': [409, 'This duty cannot be held'],
  'nothing-changed': [409, 'Nothing changed'],
  'key-reused': [422, 'This key was used for something else'],
  'not-in-a-live-incident': [409, 'Only in drills'],
  'not-your-task': [403, 'Your role may not do this'],
  'already-decided': [409, 'Decided already'],
};

const KNOWN: Readonly<Record<string, readonly [number, string]>> = { ...DOOR, ...DOMAIN };
/** With several problems, the one that must be solved first gives the status. */
const FIRST = [401, 403, 400, 413, 415, 404, 405, 409, 422, 504, 503, 500];

/** A request that is not done, with everything that is wrong with it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly problems: readonly Problem[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problems.map(({ code }) => code).join(', '));
  }
}

type Figures = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
/** One problem of the door. `says`: a sentence with what to do next; never what was sent. */
export const problem = (code: DoorCode, says: string, path: string | null = null, figures: Figures = {}): Problem => ({
  code,
  path,
  says,
  ...figures,
});
export const refuse = (code: DoorCode, says: string, path: string | null = null, figures: Figures = {}): Refused =>
  new Refused([problem(code, says, path, figures)]);

/** Where no command of an incident used the key before. @param says what it was used for, and what to do */
export const keyReused = (says: string): Refused => new Refused([{ code: 'key-reused', path: null, says }]);

export function refusedByDomain(refusals: readonly Refusal[]): Refused {
  return new Refused(
    refusals.map((refusal) => {
      const path = 'path' in refusal ? refusal.path : 'paths' in refusal ? (refusal.paths[0] ?? null) : null;
      return { ...refusal, path, says: sentence(refusal) };
    }),
  );
}

/** Path elements may be keys that a caller made up: only what looks like one of our names is repeated. */
const SAFE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/;
export const safePath = (path: readonly PropertyKey[]): string =>
  path.map((part) => (SAFE.test(String(part)) ? String(part) : '?')).join('.');

/** An unknown key is repeated only when it is one of ours with a slip in it; any other is counted, because it may be a name. */
function unknownField(key: string, path: readonly PropertyKey[], known: readonly string[], body: unknown): Problem {
  const parent = safePath(path);
  const fields = known.length === 0 ? 'Send an empty object.' : `Fields here: ${known.join(', ')}.`;
  if (isSlipOf(key, known)) {
    const there = parent === '' ? key : `${parent}.${key}`;
    return problem('unknown-field', `There is no field ${there}. ${fields}`, there);
  }
  const found = path.reduce<unknown>((part, each) => (part as Record<PropertyKey, unknown> | undefined)?.[each], body);
  const place = Object.keys(found ?? {}).indexOf(key) + 1;
  const where = parent === '' ? 'the body' : parent;
  return problem('unknown-field', `Field ${place} of ${where} is none that there is. ${fields}`, `${parent}[${place}]`);
}

/** Every problem of a body, by its path; names what was expected, never what was found. */
export function bodyProblems(issues: readonly z.core.$ZodIssue[], schema: z.ZodType, body: unknown): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    const path = safePath(issue.path);
    const named = path === '' ? 'The body' : path;
    if (issue.code === 'unrecognized_keys') {
      const known = fieldsAt(schema, issue.path);
      return issue.keys.map((key) => unknownField(key, issue.path, known, body));
    }
    const code: DoorCode = issue.code === 'custom' && issue.params?.['code'] === 'instant' ? 'instant' : 'field';
    const hint =
      code === 'instant' && path.includes('awareAt')
        ? ' Use the moment you were reasonably certain, not the moment of the attack.'
        : '';
    return [problem(code, `${named} ${expected(issue)}${hint}`, path || null)];
  });
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('must ')) return issue.message.endsWith('.') ? issue.message : `${issue.message}.`;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? `is missing: it must be ${article(issue.expected)}.`
        : `must be ${article(issue.expected)}.`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return `must have at least ${issue.minimum}.`;
    case 'too_big':
      return `must have at most ${issue.maximum}.`;
    default:
      return 'does not have the form that /openapi.json describes.';
  }
}
const article = (kind: string): string => (/^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`);

function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = unwrapped(schema);
  for (const part of path) {
    if (here instanceof z.ZodObject) here = unwrapped((here.shape as Record<string, unknown>)[String(part)]);
    else if (here instanceof z.ZodArray) here = unwrapped(here.element);
    else return [];
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}
function unwrapped(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodDefault)
    inner = inner.unwrap();
  return inner;
}

/** What express and its body reader throw: a kind, no text of the request. */
function fromLibrary(error: unknown): Refused | undefined {
  const { type, status } = error as { type?: unknown; status?: unknown };
  switch (type) {
    case 'entity.parse.failed':
      return refuse(
        'malformed-json',
        'The body is not JSON. Check quotes, commas and brackets; the text must be UTF-8.',
      );
    case 'entity.too.large':
      return refuse(
        'body-too-large',
        'A body may have at most 1 MB. Lists of people are uploaded as text/csv and may be larger.',
        null,
        { limitBytes: BODY_LIMIT_BYTES },
      );
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return refuse(
        'content-type',
        'Send UTF-8 with Content-Type: application/json and no compression other than gzip, deflate or br.',
      );
    default:
      return typeof status === 'number' && status >= 400 && status < 500
        ? refuse(
            'malformed-request',
            'The request cannot be read: check the percent-encoding of its address and the length of its body.',
          )
        : undefined;
  }
}
export const BODY_LIMIT_BYTES = 1_048_576;

const fromStore = (error: unknown): Refused | undefined =>
  isAway(error)
    ? refuse(
        'unavailable',
        'The database does not answer at the moment. Try again in a moment, with the same Idempotency-Key: nothing is done twice.',
      )
    : undefined;

/** Adapters throw what the domain refuses under this name. */
function fromAdapter(error: unknown): Refused | undefined {
  const { name, refusals } = error as { name?: unknown; refusals?: unknown };
  return name === 'RefusedError' && Array.isArray(refusals) ? refusedByDomain(refusals as Refusal[]) : undefined;
}

export const asRefused = (error: unknown): Refused =>
  error instanceof Refused
    ? error
    : (fromAdapter(error) ??
      fromLibrary(error) ??
      fromStore(error) ??
      refuse(
        'internal',
        'Nothing is known to be lost. Try again with the same Idempotency-Key; if it stays, look at the log of the server.',
      ));

/** Somebody must look at it: what was asked was right. */
export const isOurFault = (refused: Refused): boolean =>
  refused.problems.some(({ code }) => code === 'internal' || code === 'unavailable');

export function statusOf(refused: Refused): number {
  const statuses = refused.problems.map(({ code }) => (KNOWN[code] ?? DOOR.internal)[0]);
  return FIRST.find((status) => statuses.includes(status)) ?? 500;
}

export function documentOf(refused: Refused): ProblemDocument {
  const status = statusOf(refused);
  const leading = refused.problems.find(({ code }) => (KNOWN[code] ?? DOOR.internal)[0] === status);
  const code = leading?.code ?? 'internal';
  const rest = refused.problems.length - 1;
  return {
    type: `${PROBLEM_TYPE}${code}`,
    title: (KNOWN[code] ?? DOOR.internal)[1],
    status,
    detail: `${leading?.says ?? ''}${rest > 0 ? ` (and ${rest} more ${rest === 1 ? 'problem' : 'problems'} below)` : ''}`,
    problems: [...refused.problems],
  };
}

export function sendProblem(response: Response, refused: Refused): void {
  const document = documentOf(refused);
  for (const [name, value] of Object.entries(refused.headers)) response.setHeader(name, value);
  if (document.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="seventytwo"');
  if (document.status === 503) response.setHeader('Retry-After', '5');
  response.status(document.status).type(PROBLEM_MEDIA).send(JSON.stringify(document));
}

export const NOT_MODIFIED = 304;
export const ACCEPTED = 202;
export const NOT_READY = 503;
