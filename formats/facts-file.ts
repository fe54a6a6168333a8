import type { Instant } from '../domain/clock/instant.js';
import { awarenessContradictions } from '../domain/incident/awareness-contradictions.js';
import { AWARENESS, type AwarenessKey } from '../domain/incident/events.js';
import type { FactInput } from '../domain/incident/facts.js';
import { checkFacts, rawFacts } from '../domain/incident/facts-check.js';
import { nearest } from '../domain/incident/nearest.js';
import type { Organisation } from '../domain/incident/organisation.js';
import type { Refusal } from '../domain/incident/refusals.js';
import { sentence } from '../domain/incident/sentences.js';
import { AWARENESS_HINT, isZone, parseInstant } from './instants.js';
import { draftOrganisation } from './organisation-file.js';
import { byLine, pathText, readYaml, unknownKey, type YamlFile } from './yaml-file.js';

/** An instant of awareness as a file gives it (R-115). */
export interface FileFinding {
  readonly at: Instant;
  readonly zone?: string;
  readonly source?: string;
}

export interface FactsFile {
  readonly facts: FactInput[];
  readonly awareness: { readonly [Key in AwarenessKey]?: FileFinding };
  /** As much of it as the file has; what is left out is blank. */
  readonly organisation: Organisation | null;
}

export type ParsedFactsFile = FactsFile | { readonly problems: readonly string[] };

const TOP = ['organisation', 'awareness', 'facts'] as const;

/**
 * Reads a facts file, YAML or JSON: `{ organisation?, awareness?, facts: { <id>: value | { value, certainty, source } } }`.
 * `name` begins each problem, with the line: `facts.yaml:12: …`; all of them at once, none repeats what stands in the file.
 */
export function parseFactsFile(text: string, name: string): ParsedFactsFile {
  const file = readYaml(text, name);
  if ('problems' in file) return file;
  const problems: string[] = [...file.unread];
  for (const key of Object.keys(file.value)) {
    if ((TOP as readonly string[]).includes(key)) continue;
    const near = nearest(key, TOP);
    problems.push(
      `${file.at([key])}${pathText([unknownKey(key, TOP)])} is no part of a facts file${near === null ? `; there are ${TOP.join(', ')}.` : `; did you mean ${near}?`}`,
    );
  }
  const facts = factsOf(file, problems);
  const awareness = awarenessOf(file, problems);
  for (const refusal of awarenessContradictions(awareness, Object.fromEntries(facts.map((fact) => [fact.id, fact]))))
    problems.push(`${lineOf(file, pathOf(refusal))}${sentence(refusal)}`);
  const organisation = organisationOf(file, problems);
  return problems.length > 0 ? { problems: byLine(problems, name) } : { facts, awareness, organisation };
}

type Group = Readonly<Record<string, unknown>>;
const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A part of the file; without what is empty only because a line below it could not be read. */
function readable(file: YamlFile, part: (typeof TOP)[number]): unknown {
  const given = file.value[part];
  if (!file.leftOut) return given;
  return isGroup(given)
    ? Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
    : (given ?? undefined);
}

function factsOf(file: YamlFile, problems: string[]): FactInput[] {
  const given = readable(file, 'facts');
  if (given === undefined && (file.leftOut || !Object.hasOwn(file.value, 'facts'))) return [];
  if (!isGroup(given)) {
    problems.push(`${file.at(['facts'])}facts must be a group of facts by their ids, such as "people.count: 1200".`);
    return [];
  }
  const raw = rawFacts(given, 'facts file');
  const { facts, problems: refused } = checkFacts(raw);
  // A path names a fact, maybe with a field behind it; the file knows it by the name under which it stands there.
  const names = Object.keys(given);
  const lineFor = (path: string): string => {
    const index = raw.findIndex((fact) => path === fact.path || path.startsWith(`${fact.path}.`));
    return file.at(index < 0 ? ['facts'] : ['facts', names[index] ?? '']);
  };
  problems.push(...refused.map((refusal) => `${lineFor(pathOf(refusal))}${sentence(refusal)}`));
  return facts;
}

/** Of a path such as `awareness.awareAt` or `facts.breach.startedAt`: a fact's id has points in it. */
const lineOf = (file: YamlFile, path: string): string => {
  const at = path.indexOf('.');
  return file.at([path.slice(0, at), path.slice(at + 1)]);
};

const pathOf = (refusal: Refusal): string =>
  'path' in refusal ? refusal.path : 'paths' in refusal ? (refusal.paths.at(-1) ?? '') : '';

function awarenessOf(file: YamlFile, problems: string[]): FactsFile['awareness'] {
  const given = readable(file, 'awareness');
  if (given === undefined || given === null) return {};
  if (!isGroup(given)) {
    problems.push(
      `${file.at(['awareness'])}awareness must be a group of instants, such as "awareAt: 2026-03-02T09:00:00Z".`,
    );
    return {};
  }
  const found: { [Key in AwarenessKey]?: FileFinding } = {};
  for (const [key, value] of Object.entries(given)) {
    const wrong = (says: string, ...deeper: string[]) =>
      problems.push(
        `${file.at(['awareness', key, ...deeper])}${pathText(['awareness', isAwarenessKey(key) ? key : unknownKey(key, AWARENESS), ...deeper])} ${says}`,
      );
    if (!isAwarenessKey(key)) {
      const near = nearest(key, AWARENESS);
      wrong(
        `is no instant of awareness${near === null ? `; there are ${AWARENESS.join(', ')}.` : `; did you mean ${near}?`}`,
      );
      continue;
    }
    const finding = findingOf(key, value, wrong);
    if (finding) found[key] = finding;
  }
  return found;
}

const isAwarenessKey = (key: string): key is AwarenessKey => AWARENESS.some((known) => known === key);

function findingOf(
  key: AwarenessKey,
  value: unknown,
  wrong: (says: string, ...deeper: string[]) => void,
): FileFinding | null {
  const { at, zone, source, ...unknown } = isGroup(value) ? value : { at: value };
  const read = typeof at === 'string' ? parseInstant(at) : null;
  if (!read?.ok) {
    const says = read?.says ?? 'must be an instant such as 2026-03-02T09:00:00Z.';
    wrong(key === 'awareAt' ? `${says} ${AWARENESS_HINT}` : says, ...(isGroup(value) ? ['at'] : []));
  }
  if (zone !== undefined && !(typeof zone === 'string' && isZone(zone)))
    wrong('must be the name of a time zone, such as Europe/Dublin.', 'zone');
  if (source !== undefined && !(typeof source === 'string' && source.trim() !== ''))
    wrong('must be a text: how it is known.', 'source');
  for (const field of Object.keys(unknown)) wrong('is no field here; there are at, zone, source.', field);
  if (!read?.ok) return null;
  return {
    at: read.instant,
    ...(typeof zone === 'string' ? { zone } : {}),
    ...(typeof source === 'string' ? { source: source.trim() } : {}),
  };
}

function organisationOf(file: YamlFile, problems: string[]): Organisation | null {
  const given = file.value['organisation'];
  if (given === undefined || given === null) return null;
  const read = draftOrganisation(given, file, ['organisation']);
  if ('organisation' in read) return read.organisation;
  problems.push(...read.problems);
  return null;
}
