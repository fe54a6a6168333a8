import { autocomplete, autocompleteMultiselect, isCancel, log, text } from '@clack/prompts';
import type { Readable, Writable } from 'node:stream';
import { wrap } from './terminal.js';

/** Where a question is asked: a test puts its own keyboard and screen. */
export interface Tty {
  readonly input: Readable;
  readonly output: Writable & { readonly columns?: number };
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** What was picked; a mark such as `<`; or that the person leaves. */
export type Picked = { readonly values: readonly string[] } | { readonly mark: string } | 'leave';

const SHOWN_AT_ONCE = 12;
const WIDEST = 100;

/** A message in lines that leave room for the guide of the prompts, which would else be broken in the middle of words. */
export function fitted(message: string, tty?: Tty): string {
  const columns = (tty?.output ?? process.stdout) as { readonly columns?: number };
  const width = Math.min(WIDEST, columns.columns ?? 80) - 4;
  const [first = '', ...rest] = message.split('\n').flatMap((line) => wrap(line.trim(), width));
  return [first, ...rest.map((line) => `   ${line}`)].join('\n');
}

/**
 * One of a list. What is typed only narrows it: letters are no shortcuts, so that a word typed into the wrong question does nothing.
 * A whole choice or a mark that was typed is taken at Enter; what was only narrowed down is confirmed first.
 */
export async function pickOne(
  message: string,
  choices: readonly Choice[],
  { marks, cursorOn, tty }: { marks: readonly Choice[]; cursorOn: string; tty?: Tty | undefined },
): Promise<Picked> {
  for (;;) {
    let typed = '';
    const all = [...choices, ...marks];
    const said = await autocomplete<string>({
      message: fitted(message, tty),
      options() {
        typed = this.userInput.trim();
        return all;
      },
      filter: (search, option) => matches(search, option, marks),
      initialValue: cursorOn,
      maxItems: SHOWN_AT_ONCE,
      ...tty,
    });
    if (isCancel(said)) return 'leave';
    const found = all.find(({ value }) => value === said);
    if (found === undefined) log.warn(fitted(`“${typed}” is none of them: nothing was recorded.`, tty), tty);
    else if (marks.includes(found)) return { mark: found.value };
    else if (typed === '' || isWhole(typed, found)) return { values: [found.value] };
    else {
      const sure = await recordIt([found], tty);
      if (sure !== 'no') return sure === 'yes' ? { values: [found.value] } : 'leave';
    }
  }
}

/** Any of a list. Tab chooses; what is typed narrows the list and chooses nothing. What was chosen is said and confirmed. */
export async function pickSeveral(
  message: string,
  choices: readonly Choice[],
  { marks, tty }: { marks: readonly Choice[]; tty?: Tty | undefined },
): Promise<Picked> {
  let before: string[] = [];
  for (;;) {
    let input = '';
    const said = await autocompleteMultiselect<string>({
      message: fitted(message, tty),
      options() {
        input = this.userInput;
        return [...choices];
      },
      filter: (search, option) => matches(search, option, marks),
      initialValues: before,
      required: false,
      maxItems: SHOWN_AT_ONCE,
      ...tty,
    });
    if (isCancel(said)) return 'leave';
    const mark = marks.find(({ value }) => value === input.trim());
    if (mark !== undefined) return { mark: mark.value };
    const chosen = choices.filter(({ value }) => said.includes(value));
    before = chosen.map(({ value }) => value);
    if (chosen.length === 0) {
      if (input === '') return { values: [] };
      log.warn(
        fitted(
          `“${input.trim()}” was typed, but nothing was chosen and nothing recorded. Tab chooses the line of the cursor; Enter without typing skips.`,
          tty,
        ),
        tty,
      );
      continue;
    }
    const sure = await recordIt(chosen, tty);
    if (sure !== 'no') return sure === 'yes' ? { values: before } : 'leave';
  }
}

/** The whole word, or nothing happens: a single letter could have been meant for another question. */
export async function agreed(message: string, tty?: Tty): Promise<boolean> {
  const said = await text({ message: fitted(`${message} Type yes; anything else is a no.`, tty), ...tty });
  return !isCancel(said) && (said ?? '').trim().toLowerCase() === 'yes';
}

async function recordIt(chosen: readonly Choice[], tty?: Tty): Promise<'yes' | 'no' | 'leave'> {
  for (;;) {
    const said = await text({
      message: fitted(
        `Record: ${chosen.map(({ label }) => label).join(', ')}?\nEnter or yes records; < or no chooses again`,
        tty,
      ),
      ...tty,
    });
    if (isCancel(said)) return 'leave';
    const typed = (said ?? '').trim().toLowerCase();
    if (['', 'y', 'yes'].includes(typed)) return 'yes';
    if (['<', 'n', 'no'].includes(typed)) return 'no';
    log.warn(fitted('Nothing was recorded yet.', tty), tty);
  }
}

/** A mark finds itself alone; a word finds the choices in which one word begins with it. */
function matches(
  search: string,
  { value, label = value }: { value: string; label?: string },
  marks: readonly Choice[],
): boolean {
  const typed = search.trim().toLowerCase();
  if (marks.some((mark) => mark.value === typed)) return value === typed;
  return ` ${label.toLowerCase()}`.includes(` ${typed}`) || value.toLowerCase().startsWith(typed);
}

const isWhole = (typed: string, { value, label }: Choice): boolean =>
  [value, label].some((word) => word.toLowerCase() === typed.toLowerCase());
