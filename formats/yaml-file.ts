import { isSlipOf } from '../domain/incident/nearest.js';
import { isMap, isNode, isScalar, isSeq } from 'yaml';
import { readWithMending } from './yaml-mending.js';

/** A YAML or JSON file of the organisation's own: its value, and where each part stands. */
export interface YamlFile {
  readonly value: Readonly<Record<string, unknown>>;
  /** What was in the way, already as problems with their lines; the value is what could be read beside it. */
  readonly unread: readonly string[];
  /** Something was left out: that a part is missing is no problem of its own then. */
  readonly leftOut: boolean;
  /** `facts.yaml:12: ` for a problem at this path; the nearest part that is there, when the very one is missing. */
  at(path: readonly PropertyKey[]): string;
}

const LARGEST_CHARACTERS = 1_000_000;

/** Reads one document whose top is a group of named fields. Problems name the line and never repeat what stands there. */
export function readYaml(text: string, name: string): YamlFile | { readonly problems: readonly string[] } {
  if (text.length > LARGEST_CHARACTERS)
    return { problems: [`${name}: is ${text.length} characters long; such a file has at most ${LARGEST_CHARACTERS}.`] };
  const { document, lines, wrong, whole, leftOut } = readWithMending(text.replace(/^\uFEFF/, ''));
  const unread = wrong.map(({ line, says }) => `${name}:${line}: ${says}`);
  if (!whole || (unread.length > 0 && !isMap(document.contents))) return { problems: byLine(unread, name) };
  if (!isMap(document.contents))
    return {
      problems: [
        `${name}: must hold named fields, such as "facts:"; this file ${document.contents === null ? 'is empty' : 'does not'}.`,
      ],
    };

  try {
    const value = document.toJS() as Readonly<Record<string, unknown>>;
    return {
      value,
      unread,
      leftOut,
      at: (path) => `${name}:${lines.linePos(startOf(document.contents, path)).line}: `,
    };
  } catch (error) {
    if (error instanceof ReferenceError)
      return { problems: [`${name}: refers to itself too often (YAML aliases). Write the values out.`] };
    throw error;
  }
}

/** Problems of a file in the order of its lines, as a person mends them. */
export function byLine(problems: readonly string[], name: string): string[] {
  const line = (problem: string): number => Number(/^\d+/.exec(problem.slice(name.length + 1))?.[0] ?? 0);
  return [...problems].sort((a, b) => line(a) - line(b));
}

/** Where a part begins, by its own name; the nearest part above it where the file does not have it. */
function startOf(top: unknown, path: readonly PropertyKey[]): number {
  let node: unknown = top;
  let start = 0;
  for (const part of path) {
    if (isMap(node)) {
      // Of a name that stands twice the last is the one that counts.
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair || !isScalar(pair.key)) return start;
      start = pair.key.range?.[0] ?? start;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (!isNode(node)) return start;
      start = node.range?.[0] ?? start;
    } else return start;
  }
  return start;
}

const NAME_SHAPED = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;

/** What stands for a key that may be anything, also somebody's name; the line number says where it is. */
const NOT_REPEATED = '';
/** An unknown key, as far as it may be repeated: when it is a known one with a slip in it. */
export const unknownKey = (key: string, known: readonly string[]): string =>
  isSlipOf(key, known) ? key : NOT_REPEATED;

/** A path as a person reads it: `contact.email`, `establishments[2].country`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part + 1}]`;
    if (!NAME_SHAPED.test(String(part))) return `${text}[…]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
