import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type FactId, factSpec, isFactId } from '../../domain/incident/facts.js';
import { pathOf } from '../../formats/http/routes.js';
import type { Answer, FactsAnswer, Summary } from '../answers.js';
import { askInTerminal, complain, formOf } from '../asker.js';
import { CommandEnd, EXIT, wrongUsage } from '../exit.js';
import { answered, factsFile, type FactsBody, typedFacts } from '../facts-in.js';
import { type Asker, interview, isAsked, openQuestions } from '../interview.js';
import { countText } from '../notice-text.js';
import { incident, incidentNext, lookOf, report } from '../report.js';
import { type CommonOptions, incidentId, online, Run, type World } from '../run.js';
import { type Look, nextLines, thenLines } from '../summary-text.js';
import { table } from '../table.js';
import { wrap } from '../terminal.js';
import { shellWord } from '../words.js';

interface Options extends CommonOptions {
  readonly source?: string;
  readonly show?: boolean;
  readonly all?: boolean;
}

export function registerFacts(program: Command, world: World): void {
  online(
    program.command('facts').argument('<id>', 'incident').argument('[facts...]', 'a YAML or JSON file, or key=value…'),
  )
    .summary('what is known and missing; record facts')
    .description(
      `Without facts: what is known and what is missing, each with its question; at a terminal it then asks, and can be left at any point.
With key=value: people.count=1000-1500 data.categories=HEALTH,CONTACT data.records=?
  =?  not known yet      =!  cannot be found out      =-  does not apply
Every fact with its type: seventytwo schema facts`,
    )
    .option('--source <text>', 'where they come from')
    .option('--show', 'only show, never ask')
    .option('--all', 'show every open fact')
    .action(async (typedId: string, words: string[], options: Options) => {
      const id = incidentId(typedId);
      const run = new Run(
        world,
        options,
        words.length === 0 && (options.show || options.all || !world.terminal.interactive) ? 'Read' : 'RecordFacts',
        id,
      );
      if (words.length === 0) return showAndAsk(run, id, options);
      const facts = await readWords(run, words, options);
      const body = { facts, ...(options.source !== undefined && { source: options.source }) };
      const answer = await run.api.send<Answer>('POST', pathOf('recordFacts', { id }), body);
      const count = Object.keys(facts).length;
      await report(run, answer.body, `Recorded: ${count} fact${count === 1 ? '' : 's'}.`);
    });
}

async function readWords(run: Run, words: readonly string[], options: Options): Promise<Record<string, unknown>> {
  const files = words.filter((word) => !word.includes('=') || existsSync(word));
  if (files.length === 0) return typedFacts(words, options.source, (typed, option) => run.instant(typed, option));
  const [file, other] = files;
  if (file === undefined || other !== undefined || words.length > 1) {
    throw wrongUsage(
      'Give one file, or facts as key=value; not both at once.',
      'seventytwo facts ID facts.yaml',
      'seventytwo facts ID people.count=1200 breach.nature=CONFIDENTIALITY',
    );
  }
  const read = await factsFile(file);
  if (Object.keys(read.awareness).length > 0)
    run.aside('The file names instants of awareness; those are confirmed by a person: seventytwo aware ID INSTANT');
  return read.facts;
}

async function showAndAsk(run: Run, id: string, options: Options): Promise<void> {
  const answer = await run.api.get<FactsAnswer>(pathOf('facts', { id }));
  const ask = run.terminal.interactive && !run.json && options.show !== true && options.all !== true;
  const look = await lookOf(run);
  const summary = run.json || ask ? null : await incident(run, id);
  const known = Object.fromEntries(answer.facts.map((fact) => [fact.id, fact]));
  run.answer(answer, (shown) => {
    const missing = shown.missing.filter((fact) => isFactId(fact) && isAsked(fact, known)).filter(isFactId);
    const head = `${look.paint.bold(id)}  ${shown.facts.length} facts known, ${missing.length} open`;
    const given = table(
      shown.facts.map((fact) => [fact.id, factText(fact)]),
      { width: look.width, indent: '  ' },
    );
    if (!summary) return [head, ...given, ''];
    if (missing.length === 0) return [head, ...given, '', ...nextLines(summary, look)];
    return [
      head,
      ...given,
      '',
      ...openLines(run, id, missing, options.all === true, look),
      ...afterFacts(summary, look),
    ];
  });
  if (ask) await askOpen(run, id, known);
}

async function askOpen(
  run: Run,
  id: string,
  known: Record<string, { value: unknown; certainty: string }>,
): Promise<void> {
  const open = openQuestions(known).length;
  if (open > 0)
    run.terminal.out(
      run.terminal.paint.dim(
        `About ${open} questions, what decides a duty first. Each answer is recorded at once; Ctrl-C leaves at any point, < goes back.`,
      ),
    );
  let last: Answer | null = null;
  const asker: Asker = {
    ask: ({ fact, spec, place }) => askInTerminal(fact, spec, place),
    complain,
    async record(fact, said) {
      const typed =
        said.kind === 'certainty'
          ? { value: null, certainty: said.certainty }
          : said.kind === 'value'
            ? await keyboardValue(run, fact, said.value)
            : null;
      const read = answered(fact, typed);
      if ('problem' in read) return read;
      const problem = await recordOne(run, id, read.facts, (answer) => {
        last = answer;
      });
      const { value = null, certainty = 'pending' } = read.facts[fact] ?? {};
      return problem === null ? { value, certainty } : { problem };
    },
  };
  const recorded = await interview(known, asker);
  const answer = last as Answer | null;
  if (answer)
    await report(
      run,
      answer,
      `Recorded: ${recorded} fact${recorded === 1 ? '' : 's'}. Ask again at any time: seventytwo facts ${shellWord(id)}`,
    );
  else for (const line of await incidentNext(run, id)) run.terminal.out(line);
}

async function keyboardValue(run: Run, fact: string, value: unknown): Promise<unknown> {
  if (!isFactId(fact) || typeof value !== 'string') return value;
  const { type } = factSpec(fact);
  if (type === 'text_list') return value.split(';').map((item) => item.trim());
  if (type !== 'instant') return value;
  try {
    return (await run.instant(value, fact)).at;
  } catch (error) {
    if (error instanceof CommandEnd && error.code === EXIT.usage) return value; // refused by the check that follows, in its words
    throw error;
  }
}

/** Null when it was recorded; else why not, so that the question comes again. */
async function recordOne(
  run: Run,
  id: string,
  facts: FactsBody,
  done: (answer: Answer) => void,
): Promise<string | null> {
  try {
    done((await run.api.send<Answer>('POST', pathOf('recordFacts', { id }), { facts })).body);
    return null;
  } catch (error) {
    if (error instanceof CommandEnd && error.code === EXIT.refused) return error.lines.join(' ');
    throw error;
  }
}

const SHOWN_AT_ONCE = 8;

/** The open facts that matter most, each with what can be answered; then the command that takes them. */
function openLines(run: Run, id: string, missing: readonly FactId[], all: boolean, look: Look): string[] {
  const first = all ? missing : missing.slice(0, SHOWN_AT_ONCE);
  const left = missing.length - first.length;
  const asked = first.flatMap((fact) => {
    const spec = factSpec(fact);
    return [
      `  ${look.paint.bold(fact)}`,
      ...wrap(spec.question, look.width, '      '),
      ...wrap(formOf(spec), look.width, '      ').map(look.paint.dim),
    ];
  });
  const example = missing
    .slice(0, 3)
    .map((fact) => `${fact}=…`)
    .join(' ');
  return [
    look.paint.bold('Open, what decides a duty first'),
    ...asked,
    ...(left > 0 ? [`  and ${left} more: ${run.withSide(`seventytwo facts ${id} --all`)}`] : []),
    '',
    look.paint.bold('Next: write what you know; ? is "not known yet", - is "does not apply"'),
    `      ${run.withSide(`seventytwo facts ${id} ${example}`)}`,
    look.paint.dim('      or from a file (its form: seventytwo schema facts)'),
    `      ${run.withSide(`seventytwo facts ${id} FILE.yaml`)}`,
  ];
}

/** What comes after the facts: the incident's own steps, and always a look at what the rules make of them. */
function afterFacts({ id, next }: Summary, look: Look): string[] {
  const others = next.filter(({ command }) => command !== `seventytwo facts ${id}`);
  const assess = { says: 'See what the rules propose.', roles: [], command: `seventytwo assess ${id}`, dueAt: null };
  return thenLines(id, others.some(({ command }) => command === assess.command) ? others : [assess, ...others], look);
}

function factText(fact: FactsAnswer['facts'][number]): string {
  if (fact.value === null || fact.value === undefined) return fact.certainty.replace('_', ' ');
  return `${valueText(fact.value)}${fact.certainty === 'known' ? '' : ` (${fact.certainty})`}`;
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ');
  if (value !== null && typeof value === 'object') {
    const numbers = value as Readonly<Record<string, number>>;
    const { min, likely, max } = numbers;
    if (min !== undefined && max !== undefined) return countText({ min, max, ...(likely !== undefined && { likely }) });
    return Object.entries(numbers)
      .map(([country, count]) => `${country} ${count}`)
      .join(', ');
  }
  return String(value);
}
