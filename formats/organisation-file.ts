import { z } from 'zod';
import { competent, mayBeUnknown } from '../domain/authorities/competence.js';
import { findAuthority, nearestAuthority } from '../domain/authorities/directory.js';
import { EU_CODES, isCountry } from '../domain/incident/countries.js';
import { DEFAULT_PLAYBOOK, type Organisation, type Playbook } from '../domain/incident/organisation.js';
import { nearest } from '../domain/incident/nearest.js';
import { OrganisationInput, PlaybookInput } from './http/requests.js';
import { isZone } from './instants.js';
import { byLine, pathText, readYaml, unknownKey, type YamlFile } from './yaml-file.js';

/** `organisation.yaml`: the fields of the organisation, and the playbook where it differs from the default. The same fields as at the API. */
export const OrganisationFileSchema = OrganisationInput.extend({
  playbook: PlaybookInput.partial()
    .optional()
    .meta({ description: 'When who is called. What is left out keeps its default.' }),
});

export type ParsedOrganisationFile =
  | { readonly organisation: Organisation; readonly playbook: Playbook }
  | { readonly problems: readonly string[] };

/** Reads organisation.yaml (or JSON). `name` begins each problem, with the line: `organisation.yaml:12: …`; all of them at once. */
export function parseOrganisationFile(text: string, name: string): ParsedOrganisationFile {
  const file = readYaml(text, name);
  if ('problems' in file) return file;
  const { playbook, ...rest } = file.value;
  const described = checkOrganisation(rest, file, []);
  const timed = PlaybookInput.partial().safeParse(playbook ?? {});
  const problems = [
    ...file.unread,
    ...('problems' in described ? described.problems : []),
    ...(timed.success ? [] : problemsOf(timed.error, playbook, file, ['playbook'], Object.keys(PlaybookInput.shape))),
  ];
  if ('problems' in described || !timed.success || problems.length > 0) return { problems: byLine(problems, name) };
  return { organisation: described.organisation, playbook: { ...DEFAULT_PLAYBOOK, ...withoutUndefined(timed.data) } };
}

/** For who works from a file without a server: nothing has to be there, as nothing missing holds up a notice. */
const DraftInput = OrganisationInput.extend({
  contact: OrganisationInput.shape.contact.partial(),
  reportingPerson: OrganisationInput.shape.reportingPerson.partial(),
}).partial();

/** A blank answers nothing: the form lists it as missing (domain/notice/answers.ts). */
const BLANK = {
  name: '',
  role: 'controller',
  zone: 'UTC',
  languages: [],
  contact: { address: '', email: '' },
  sector: '',
  establishments: [],
  reportingPerson: { name: '', function: '' },
  authorities: [],
  publicContact: '',
  senderAddress: '',
};

/** Reads as much of an organisation as a file has; what is left out is blank, what is wrong is still a problem. */
export function readDraftOrganisation(
  text: string,
  name: string,
): { readonly organisation: Organisation } | { readonly problems: readonly string[] } {
  const file = readYaml(text, name);
  if ('problems' in file) return file;
  const { playbook: _, ...rest } = file.value;
  const read = draftOrganisation(rest, file, []);
  const problems = [...file.unread, ...('problems' in read ? read.problems : [])];
  return 'problems' in read || problems.length > 0 ? { problems: byLine(problems, name) } : read;
}

/** The same where the organisation stands at `parent` in a file. */
export function draftOrganisation(
  value: unknown,
  file: YamlFile,
  parent: readonly PropertyKey[],
): { readonly organisation: Organisation } | { readonly problems: readonly string[] } {
  const read = checked(DraftInput, value, file, parent);
  if ('problems' in read) return read;
  const { contact, reportingPerson, ...given } = read.value;
  const organisation = {
    ...BLANK,
    ...given,
    contact: { ...BLANK.contact, ...contact },
    reportingPerson: { ...BLANK.reportingPerson, ...reportingPerson },
  };
  return { organisation: organisation as Organisation };
}

/** Checks an organisation as it is put on record: whole. */
function checkOrganisation(
  value: unknown,
  file: YamlFile,
  parent: readonly PropertyKey[],
): { readonly organisation: Organisation } | { readonly problems: readonly string[] } {
  const read = checked(OrganisationInput, value, file, parent);
  return 'problems' in read ? read : { organisation: read.value as Organisation };
}

function checked<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  file: YamlFile,
  parent: readonly PropertyKey[],
): { readonly value: Exact<z.output<Shape>> } | { readonly problems: readonly string[] } {
  const read = shape.safeParse(value);
  const problems = [
    ...(read.success ? [] : problemsOf(read.error, value, file, parent, Object.keys(OrganisationFileSchema.shape))),
    ...meaning(value, file, parent, shape === (OrganisationInput as z.ZodType)),
  ].filter((problem) => !(file.leftOut && problem.includes('is missing'))); // it may stand in what could not be read
  return read.success && problems.length === 0 ? { value: withoutUndefined(read.data) } : { problems };
}

/** What a shape cannot say: names that must exist in the world. Looks also at a file whose shape is wrong elsewhere. */
function meaning(value: unknown, file: YamlFile, parent: readonly PropertyKey[], whole: boolean): string[] {
  const { zone, authorities, establishments, sector, dpo, dpoDesignated } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Readonly<Record<string, unknown>>;
  const problems: string[] = [];
  const wrong = (path: readonly PropertyKey[], says: string) =>
    problems.push(`${file.at([...parent, ...path])}${pathText([...parent, ...path])} ${says}`);

  if (typeof zone === 'string' && OrganisationInput.shape.zone.safeParse(zone).success && !isZone(zone))
    wrong(['zone'], 'names no time zone that exists; write one such as Europe/Dublin.');
  for (const [index, id] of list(authorities)) {
    if (typeof id !== 'string' || findAuthority(id)) continue;
    const near = nearestAuthority(id);
    wrong(
      ['authorities', index],
      `names no authority of the directory${near === null ? '.' : `; did you mean ${near}?`} All of them: seventytwo authorities.`,
    );
  }
  if (dpo !== undefined && dpoDesignated === false)
    wrong(['dpoDesignated'], 'says that there is no data protection officer, and dpo names one. Keep one of the two.');
  let main = 0;
  for (const [index, each] of list(establishments)) {
    const { country, main: isMain, region } = (each ?? {}) as { country?: unknown; main?: unknown; region?: unknown };
    if (isMain === true) main += 1;
    if (typeof region === 'string' && country !== 'DE')
      wrong(
        ['establishments', index, 'region'],
        'is for establishments in Germany only, where each Land has its authority.',
      );
    if (typeof country !== 'string' || isCountry(country)) continue;
    const iso = EU_CODES[country];
    wrong(
      ['establishments', index, 'country'],
      `must be a code of ISO 3166, such as IE${iso === undefined ? '' : `; write ${iso}`}.`,
    );
  }
  if (main > 1) wrong(['establishments'], `has ${main} main establishments; there is one (R-504).`);
  const checked = OrganisationInput.shape.establishments.safeParse(establishments);
  if (whole && list(authorities).length === 0 && checked.success && problems.length === 0) {
    const found = competent({
      organisation: {
        establishments: withoutUndefined(checked.data),
        sector: sector === 'PUBLIC' ? 'PUBLIC' : 'PRIVATE',
        authorities: [],
      },
      facts: {},
    });
    const known = { establishments: withoutUndefined(checked.data), authorities: [] };
    if (found.authorities.length === 0 && !mayBeUnknown(known))
      wrong(
        ['authorities'],
        `is missing, and cannot be worked out before a breach: name at least one that you would tell. ${found.questions[0] ?? ''}`.trim(),
      );
  }
  return problems;
}

const list = (value: unknown): [number, unknown][] => (Array.isArray(value) ? [...value.entries()] : []);

/** Each issue of a schema as a line for a person. */
function problemsOf(
  error: z.ZodError,
  value: unknown,
  file: YamlFile,
  parent: readonly PropertyKey[],
  known: readonly string[],
): string[] {
  return error.issues.flatMap((issue) => {
    const path = [...parent, ...issue.path];
    if (issue.code !== 'unrecognized_keys')
      return [`${file.at(path)}${pathText(path)} ${sayIssue(issue, valueAt(value, issue.path))}`];
    return issue.keys.map((key) => {
      const near = issue.path.length === 0 ? nearest(key, known) : null;
      return `${file.at([...path, key])}${pathText([...path, unknownKey(key, near === null ? [] : known)])} is no field here${near === null ? '.' : `; did you mean ${near}?`} All fields: seventytwo schema organisation.`;
    });
  });
}

function sayIssue(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return found === undefined ? 'is missing.' : `must be ${KIND[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `${found === undefined ? 'is missing: ' : 'must be '}one of ${issue.values.map(String).join(', ')}.`;
    default:
      return issue.message.startsWith('must') ? `${issue.message}.` : `does not fit: ${issue.message}.`;
  }
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null ? (part as Readonly<Record<PropertyKey, unknown>>)[key] : undefined,
    value,
  );

const KIND: Readonly<Record<string, string>> = {
  string: 'a text (in quotes where it could be read as a number)',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list, with - before each item or in [ ]',
  object: 'a group of fields',
};

/** Without the `undefined` that optional fields of a schema allow in their types: what came from a file has none. */
type Exact<T> = T extends readonly (infer Item)[]
  ? Exact<Item>[]
  : T extends object
    ? { [Key in keyof T]: Exact<Exclude<T[Key], undefined>> }
    : T;
const withoutUndefined = <T>(value: T): Exact<T> => JSON.parse(JSON.stringify(value)) as Exact<T>;
