import { type Instant, isAfter, msBetween, SECOND_MS } from '../clock/instant.js';
import { kindOf, readValue } from './fact-values.js';
import {
  type Certainty,
  type Count,
  FACT_IDS,
  type FactId,
  type FactInput,
  type Facts,
  factSpec,
  type FactValue,
  isFactId,
} from './facts.js';
import { furtherContradictions } from './facts-contradictions.js';
import { isSlipOf, nearest } from './nearest.js';
import type { Refusal } from './refusals.js';

export const CERTAINTIES: readonly Certainty[] = ['known', 'estimated', 'pending', 'undeterminable', 'not_applicable'];
/** These say why there is no value: their value is null. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set<Certainty>(['pending', 'undeterminable', 'not_applicable']);
const LONGEST_SOURCE = 500;
/** By as much may the clock of the person who recorded a fact be behind. */
const AHEAD_SECONDS = 300;

/** A fact as it comes from a file, a request or a keyboard. `path` is where it stood, for the person who must mend it. */
export interface RawFact {
  readonly path: string;
  readonly id: string;
  readonly value: unknown;
  /** Left out: known, or estimated for a range, or what the bare words pending, undeterminable, not_applicable say. */
  readonly certainty?: unknown;
  readonly source?: unknown;
  /** How many fields stood beside value, certainty and source. Refused, not dropped: a misspelt certainty changes what is known. */
  readonly unknownFields?: number;
}

/** `facts.people.count`; a key that is no id of ours, nor one with a slip in it, is not repeated but counted: `facts[3]`. */
export const factPath = (parent: string, id: string, index: number): string =>
  isFactId(id) || isSlipOf(id, FACT_IDS) ? `${parent}.${id}` : `${parent}[${index + 1}]`;

/**
 * The facts of an object `{ <id>: value | { value, certainty, source } }`, each with its path, ready for `checkFacts`.
 * `source` stands in where a fact names none of its own.
 */
export function rawFacts(facts: Readonly<Record<string, unknown>>, source: string, parent = 'facts'): RawFact[] {
  return Object.entries(facts).map(([id, given], index) => {
    const path = factPath(parent, id, index);
    if (
      typeof given !== 'object' ||
      given === null ||
      Array.isArray(given) ||
      !('value' in given || 'certainty' in given)
    ) {
      return { path, id, value: given, source };
    }
    const { value, certainty, source: own, ...unknown } = given as Readonly<Record<string, unknown>>;
    return {
      path,
      id,
      value: value ?? null,
      certainty,
      source: own ?? source,
      unknownFields: Object.keys(unknown).length,
    };
  });
}

/** Checks every fact and reads it into canonical form; all problems at once, and contradictions within what was handed in. */
export function checkFacts(inputs: readonly RawFact[]): { readonly facts: FactInput[]; readonly problems: Refusal[] } {
  const facts: FactInput[] = [];
  const problems: Refusal[] = [];
  const seen = new Set<string>();
  for (const input of inputs) {
    const read = readFact(input);
    if (seen.has(input.id))
      problems.push({ code: 'fact-value', path: input.path, expected: 'given once', found: 'the same fact again' });
    seen.add(input.id);
    if ('fact' in read) facts.push(read.fact);
    else problems.push(...read.problems);
  }
  const known = byId(facts);
  const further = furtherContradictions(known).map(
    ({ paths, ...clash }): Refusal => ({ code: 'contradiction', paths: paths.map((id) => `facts.${id}`), ...clash }),
  );
  return { facts, problems: [...problems, ...contradictions(known), ...further] };
}

/** Is this a fact in canonical form? For `decide`, which takes nothing else. Does not look for contradictions. */
export function checkFactInput(input: FactInput, path: string): Refusal[] {
  const read = readFact({ path, ...input });
  if (!('fact' in read)) return read.problems;
  return sorted(read.fact.value) === sorted(input.value) && read.fact.certainty === input.certainty
    ? []
    : [
        {
          code: 'fact-value',
          path,
          expected: 'in canonical form (instants in UTC with milliseconds, counts as { min, likely, max })',
          found: 'in another',
        },
      ];
}

/** As JSON with the keys of a count or a map of countries in one order: that order says nothing. */
function sorted(value: FactValue | null): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries: [string, number][] = Object.entries(value);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

type Read = { readonly fact: FactInput } | { readonly problems: Refusal[] };

function readFact({ path, id, value: raw, certainty: stated, source: from, unknownFields = 0 }: RawFact): Read {
  if (!isFactId(id)) return { problems: [{ code: 'unknown-fact', path, nearest: nearest(id, FACT_IDS) }] };
  const problems: Refusal[] = [];
  const wrong = (where: string, expected: string, found: string) =>
    problems.push({ code: 'fact-value', path: where, expected, found });

  if (unknownFields > 0)
    wrong(
      path,
      'the value itself, or { value, certainty, source }',
      `a group with ${unknownFields} more field${unknownFields === 1 ? '' : 's'}`,
    );

  // `people.count: pending` says that there is no value yet; nobody means the word itself.
  const bare =
    stated === undefined && typeof raw === 'string' && WITHOUT_VALUE.has(raw.trim()) ? (raw.trim() as Certainty) : null;
  const value = bare === null ? raw : null;
  const certainty = bare ?? stated;
  if (certainty !== undefined && !isCertainty(certainty)) {
    wrong(
      `${path}.certainty`,
      `one of ${CERTAINTIES.join(', ')}`,
      typeof certainty === 'string' && certainty !== '' ? 'a text that is none of them' : kindOf(certainty),
    );
  }
  const source = typeof from === 'string' ? from.trim() : from === undefined ? 'not stated' : '';
  if (source === '') wrong(`${path}.source`, 'a text', kindOf(from));
  if (source.length > LONGEST_SOURCE)
    wrong(`${path}.source`, `a text of at most ${LONGEST_SOURCE} characters`, `one of ${source.length}`);

  const withoutValue = typeof certainty === 'string' && WITHOUT_VALUE.has(certainty);
  if (withoutValue) {
    if (value !== null && value !== undefined) wrong(path, `without a value, as it is ${certainty}`, kindOf(value));
    return finish(problems, { id, value: null, certainty: certainty as Certainty, source });
  }
  if (value === null || value === undefined) {
    wrong(path, 'a value, or one of the words pending, undeterminable, not_applicable', 'nothing');
    return { problems };
  }
  const read = readValue(factSpec(id), value);
  if (!read.ok) {
    wrong(path, read.expected, read.found);
    return { problems };
  }
  return finish(problems, {
    id,
    value: read.value,
    certainty: isCertainty(certainty) ? certainty : read.rough === true ? 'estimated' : 'known',
    source,
  });
}

const isCertainty = (value: unknown): value is Certainty => CERTAINTIES.some((certainty) => certainty === value);
const finish = (problems: Refusal[], fact: FactInput): Read => (problems.length > 0 ? { problems } : { fact });

type Values = Readonly<Partial<Record<FactId, { readonly value: FactValue | null; readonly at?: Instant }>>>;
const byId = (facts: readonly FactInput[]): Values => Object.fromEntries(facts.map((fact) => [fact.id, fact]));

/** What cannot all be true at once, however each fact looks alone; each names the facts concerned. */
export function checkContradictions(facts: Facts): Refusal[] {
  return [...contradictions(facts), ...inFuture(facts)];
}

function contradictions(facts: Values): Refusal[] {
  const is = (id: FactId, ...values: readonly FactValue[]): boolean =>
    values.some((value) => facts[id]?.value === value);
  const found: Refusal[] = [];
  const clash = (says: string, ...ids: readonly FactId[]) =>
    found.push({ code: 'contradiction', paths: ids.map((id) => `facts.${id}`), says });

  const [startedAt, endedAt] = [facts['breach.startedAt']?.value, facts['breach.endedAt']?.value];
  if (typeof startedAt === 'string' && typeof endedAt === 'string' && isAfter(startedAt, endedAt)) {
    clash(`it ended (${endedAt}) before it began (${startedAt})`, 'breach.startedAt', 'breach.endedAt');
  }
  if (is('breach.occurrence', 'ONGOING_SINCE') && typeof endedAt === 'string') {
    clash('what is still going on has no end', 'breach.occurrence', 'breach.endedAt');
  }
  const people = facts['people.count']?.value as Count | null | undefined;
  const countries = facts['people.countries']?.value as Readonly<Record<string, number>> | null | undefined;
  const inCountries = Object.values(countries ?? {}).reduce((sum, count) => sum + count, 0);
  if (people && inCountries > people.max) {
    clash(
      `the countries add up to ${inCountries} people, and there are ${people.max} at the most`,
      'people.count',
      'people.countries',
    );
  }
  if (people?.max === 0 && is('harm.severity', 'MODERATE', 'SEVERE')) {
    clash('nobody is concerned, and yet somebody is harmed', 'people.count', 'harm.severity');
  }
  if (
    is('confidentiality.outcome', 'NOT_DISCLOSED_EVIDENCED') &&
    is('confidentiality.recipients', 'KNOWN_RECIPIENTS', 'UNKNOWN_RECIPIENTS')
  ) {
    clash('nobody saw the data, and yet somebody got them', 'confidentiality.outcome', 'confidentiality.recipients');
  }
  if (is('confidentiality.recipientTrusted', true) && is('confidentiality.recipients', 'UNKNOWN_RECIPIENTS')) {
    clash(
      'recipients who are not known cannot be trusted ones',
      'confidentiality.recipientTrusted',
      'confidentiality.recipients',
    );
  }
  if (is('availability.outcome', 'PERMANENT') && is('availability.recovery', 'WITHOUT_DIFFICULTY')) {
    clash(
      'what is lost for good cannot be brought back without difficulty',
      'availability.outcome',
      'availability.recovery',
    );
  }
  return found;
}

/** What was recorded as past must have been past when it was recorded. */
function inFuture(facts: Facts): Refusal[] {
  return (['breach.startedAt', 'breach.endedAt'] as const).flatMap((id): Refusal[] => {
    const fact = facts[id];
    if (typeof fact?.value !== 'string' || msBetween(fact.at, fact.value) <= AHEAD_SECONDS * SECOND_MS) return [];
    return [
      {
        code: 'instant-in-future',
        path: `facts.${id}`,
        value: fact.value,
        now: fact.at,
        toleranceSeconds: AHEAD_SECONDS,
      },
    ];
  });
}
