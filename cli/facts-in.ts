import { existsSync, readFileSync } from 'node:fs';
import { type FactInput, type FactSpec, factSpec, type FactValue, isFactId } from '../domain/incident/facts.js';
import { checkFacts, rawFacts } from '../domain/incident/facts-check.js';
import { sentence } from '../domain/incident/sentences.js';
import { refused } from './exit.js';

/** Facts as the API takes them. */
export type FactsBody = Record<string, { value: FactValue | null; certainty: string; source?: string }>;

const SOURCE = 'typed at the command line';

/** Words of the form `people.count=1000-1500`; `=?` not known yet, `=!` cannot be found out, `=-` does not apply. All problems at once. */
export async function typedFacts(
  words: readonly string[],
  source: string | undefined,
  instant: (typed: string, option: string) => Promise<{ at: string }>,
): Promise<FactsBody> {
  const given: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    const id = word.slice(0, at);
    if (at <= 0)
      problems.push(`${at < 0 ? 'A fact' : 'What is before ='} is written key=value, such as people.count=1000-1500.`);
    else if (Object.hasOwn(given, id)) problems.push(`${id} is given twice.`);
    else given[id] = await fromKeyboard(id, word.slice(at + 1), instant);
  }
  if (problems.length > 0)
    throw refused([...new Set(problems)], ['seventytwo schema facts   (every fact with its type)']);
  return checked(given, source ?? SOURCE);
}

const CERTAINTY: Readonly<Record<string, string>> = { '?': 'pending', '!': 'undeterminable', '-': 'not_applicable' };

async function fromKeyboard(
  id: string,
  text: string,
  instant: (typed: string, option: string) => Promise<{ at: string }>,
): Promise<unknown> {
  const certainty = CERTAINTY[text.trim()];
  if (certainty !== undefined) return { value: null, certainty };
  const spec: FactSpec | null = isFactId(id) ? factSpec(id) : null;
  if (spec?.type === 'instant') return (await instant(text, id)).at;
  return spec?.type === 'text_list' ? text.split(';').map((item) => item.trim()) : text;
}

/** One answer of the interview in the form of the API, or the sentence that says what does not fit. */
export function answered(id: string, value: unknown): { facts: FactsBody } | { problem: string } {
  const read = checkFacts(rawFacts({ [id]: value }, 'asked in the interview'));
  return read.problems.length > 0 ? { problem: read.problems.map(sentence).join(' ') } : { facts: bodyOf(read.facts) };
}

function checked(given: Readonly<Record<string, unknown>>, source: string): FactsBody {
  const read = checkFacts(rawFacts(given, source));
  if (read.problems.length > 0)
    throw refused(read.problems.map(sentence), ['Nothing was recorded. Types and choices: seventytwo schema facts']);
  return bodyOf(read.facts);
}

const bodyOf = (facts: readonly FactInput[]): FactsBody =>
  Object.fromEntries(facts.map(({ id, value, certainty, source }) => [id, { value, certainty, source }]));

/** A facts file: its facts as they stand, checked here and once more by the server, and its instants of awareness. */
export async function factsFile(
  path: string,
): Promise<{ facts: FactsBody; awareness: Record<string, { at: string; zone?: string; source?: string }> }> {
  if (!existsSync(path))
    throw refused([`${path} is not there.`], ['seventytwo schema facts   (what such a file holds)']);
  const { parseFactsFile } = await import('../formats/facts-file.js');
  const read = parseFactsFile(readFileSync(path, 'utf8'), path);
  if ('problems' in read)
    throw refused(read.problems, ['Nothing was recorded. Types and choices: seventytwo schema facts']);
  return { facts: bodyOf(read.facts), awareness: read.awareness };
}
