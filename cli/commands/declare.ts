import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { text as ask, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { strictDeadline } from '../../domain/clock/deadlines.js';
import { HOUR_MS } from '../../domain/clock/instant.js';
import { MAY } from '../../domain/incident/commands.js';
import { incidentIdFrom } from '../../domain/incident/ids.js';
import type { Declare } from '../../formats/http/requests.js';
import { pathOf } from '../../formats/http/routes.js';
import type { Declared as Answer, Intake } from '../answers.js';
import { EXIT, CommandEnd, refused, wrongUsage } from '../exit.js';
import { factsFile } from '../facts-in.js';
import { newKey, sha256Hex } from '../kept.js';
import { lookOf } from '../report.js';
import { type CommonOptions, online, Run, type World } from '../run.js';
import { afterLines, may } from '../summary-text.js';
import { printable } from '../terminal.js';
import { bothTimes, duration, typedInstant } from '../times.js';
import { shellWord, shellWords } from '../words.js';

type Body = z.input<typeof Declare>;
type Finding = NonNullable<NonNullable<Body['awareness']>['awareAt']>;

interface Options extends CommonOptions {
  readonly aware?: string;
  readonly hint?: string;
  readonly knew?: string;
  readonly source?: string;
  readonly facts?: string;
  readonly offline?: boolean;
  readonly out?: string;
  readonly send?: string;
}

/** What `--offline` writes and `--send` reads: the request as it will be sent, with the key that its id comes from. */
interface DeclarationFile {
  readonly seventytwo: 'declaration';
  readonly version: 1;
  readonly id: string;
  readonly key: string;
  readonly writtenAt: string;
  readonly deadline: string | null;
  readonly request: Body;
}

const UNITS = 'INSTANT is 02:40, "yesterday 23:15", 2026-11-22T02:40+01:00';

export function registerDeclare(program: Command, world: World): void {
  online(program.command('declare').argument('[title]', 'what happened, in five words, without personal data'))
    .summary('declare a breach; needs only a title')
    .description(
      `Declare a breach. With --aware the 72 hours run from that instant; without it the incident is a suspicion and no legal clock runs yet.\n${UNITS}.`,
    )
    .option('--aware <instant>', 'when you were reasonably certain (not when the attack was)')
    .option('--hint <instant>', 'when the first hint came; the time of declaring, when left out')
    .option('--knew <instant>', 'when the first employee knew')
    .option('--source <text>', 'how that is known, such as "SOC alert"')
    .option('--facts <file>', 'facts in YAML or JSON (seventytwo schema facts)')
    .option('--offline', 'write a declaration file instead of sending; works without any server')
    .option('--out <file>', 'with --offline: where to write it')
    .option('--send <file>', 'send a declaration file; it keeps its id')
    .action((title: string | undefined, options: Options) => declare(world, title, options));
}

async function declare(world: World, typedTitle: string | undefined, options: Options): Promise<void> {
  if (options.send !== undefined) return send(world, options.send, options);
  const title = typedTitle ?? (await askTitle(world));
  if (title.trim() === '')
    throw wrongUsage('The title is empty.', 'seventytwo declare "Letters sent to the wrong patients"');
  if (options.offline) return offline(world, title, options);

  const run = notReached(
    () => new Run(world, options, 'Declare'),
    () => [...world.words, ...(typedTitle === undefined ? [title] : [])],
  );
  const body = await requestOf(title, options, (typed, option) => run.instant(typed, option));
  const answer = await run.api
    .send<Answer | Intake>('POST', pathOf('declare'), body, { intent: `declare\n${title.trim().toLowerCase()}` })
    .catch((error: unknown) => {
      throw withOffline(error, [...run.typed(), ...(typedTitle === undefined ? [title] : [])]);
    });
  await tell(run, answer.body, answer.status);
}

function notReached<T>(make: () => T, words: () => readonly string[]): T {
  try {
    return make();
  } catch (error) {
    throw withOffline(error, words());
  }
}

/** Nothing was sent, and the hours run: the way that needs no server is said first. Where the outcome is open it is not said, for it would declare a second time. */
function withOffline(error: unknown, words: readonly string[]): unknown {
  if (!(error instanceof CommandEnd) || error.details['reached'] !== false) return error;
  const command = shellWords(['seventytwo', ...words, '--offline']);
  return new CommandEnd(
    error.code,
    error.lines,
    [`${command}   (works without any server: id, deadline and a file to send later)`, ...error.next],
    { ...error.details, offline: command },
  );
}

async function askTitle(world: World): Promise<string> {
  if (!world.terminal.interactive)
    throw wrongUsage('A title is needed.', 'seventytwo declare "Letters sent to the wrong patients"');
  const said = await ask({
    message: 'What happened, in five words? (no names)',
    placeholder: 'Letters sent to the wrong patients',
  });
  if (isCancel(said)) throw new CommandEnd(EXIT.refused, ['Nothing was declared.']);
  return said ?? '';
}

async function requestOf(
  title: string,
  options: Options,
  read: (typed: string, option: string) => Promise<{ at: string; zone: string }>,
): Promise<Body> {
  const file = options.facts === undefined ? { awareness: {}, facts: {} } : await factsFile(options.facts);
  const awareness: Record<string, Finding> = { ...file.awareness };
  const source = options.source;
  for (const [key, typed, option] of [
    ['awareAt', options.aware, '--aware'],
    ['firstHintAt', options.hint, '--hint'],
    ['firstEmployeeKnowledgeAt', options.knew, '--knew'],
  ] as const) {
    if (typed !== undefined)
      awareness[key] = { ...(await read(typed, option)), ...(source !== undefined && { source }) };
  }
  return {
    title: title.trim(),
    ...(Object.keys(awareness).length > 0 && { awareness }),
    ...(Object.keys(file.facts).length > 0 && { facts: file.facts }),
  };
}

async function tell(run: Run, answer: Answer | Intake, status: number): Promise<void> {
  const look = await lookOf(run);
  if ('kept' in answer) {
    run.answer(answer, (intake) => [
      `${look.paint.bold(intake.id)} is declared and kept safe; the workflow engine is away and starts it when it is back.`,
      intake.deadline
        ? `Deadline   ${bothTimes(intake.deadline.strict, look.zone)}`
        : 'Deadline   none yet: awareness is not confirmed',
      '',
      'Next: see that it has started',
      `      ${run.withSide(`seventytwo status ${intake.id}`)}`,
    ]);
    return;
  }
  if (answer.repeated || status === 200) run.aside('This had been declared already; it is the same incident.');
  const { incident } = answer;
  const said = incident.awareAt
    ? 'Declared. The 72 hours are running.'
    : 'Declared as a suspicion. No legal clock runs until awareness is confirmed.';
  for (const other of printable(answer.others)) {
    const { first, later } = inOrder(incident, other);
    run.aside(
      `Is it the same breach as ${other.id}, “${other.title}” (${other.phase}, declared ${agoOf(incident, other)})? Its clock ${clockOf(other, look.zone)}; that of ${incident.id} ${clockOf(incident, look.zone)}. If not, nothing is to do. If it is, the one with the earlier clock stays, which is ${first}:`,
    );
    const command = run.withSide(`seventytwo withdraw ${later} duplicate --of ${first} --reason "declared twice"`);
    if (may(look, MAY.Withdraw ?? [])) run.terminal.err(`      ${command}`);
    else run.aside(`For ${MAY.Withdraw?.join(' or ')}: seventytwo withdraw`);
  }
  run.answer(answer, (shown) => afterLines(shown.incident, said, look));
}

interface Began {
  readonly id: string;
  readonly awareAt: string | null;
  readonly declaredAt: string;
}
const clockOf = ({ awareAt, declaredAt }: Began, zone: string): string =>
  awareAt ? `began ${bothTimes(awareAt, zone)}` : `has not begun (declared ${bothTimes(declaredAt, zone)})`;
/** How long before or after. */
const agoOf = (incident: Began, other: Began): string => {
  const hours = (Date.parse(incident.declaredAt) - Date.parse(other.declaredAt)) / HOUR_MS;
  return `${duration(hours)} ${hours < 0 ? 'later' : 'earlier'}`;
};

/** The clock that began first must not be the one that is given up. A confirmed one goes before a suspicion; at the same instant the id decides, for everybody alike. */
export function inOrder(one: Began, other: Began): { first: string; later: string } {
  const began = ({ id, awareAt, declaredAt }: Began): string =>
    `${awareAt ?? `later ${declaredAt}`} ${declaredAt} ${id}`;
  const [first, later] = began(one) < began(other) ? [one, other] : [other, one];
  return { first: first.id, later: later.id };
}

/** Everything that the server would answer with is computed here by the same functions: id from the key, deadline from awareness. */
async function offline(world: World, title: string, options: Options): Promise<void> {
  const { terminal } = world;
  const now = new Date().toISOString();
  const zone = world.env['SEVENTYTWO_ZONE'] || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const request = await requestOf(title, options, async (typed, option) => {
    const read = typedInstant(typed, option, { zone, now });
    if (read.echo) terminal.err(read.echo);
    return { at: read.at, zone };
  });
  // The server would take the time of its arrival for the first hint, and this file may arrive tomorrow.
  const awareness =
    request.awareness?.awareAt || request.awareness?.firstHintAt
      ? request.awareness
      : { ...request.awareness, firstHintAt: { at: now, zone, source: options.source ?? 'declared offline' } };
  const key = newKey();
  const id = incidentIdFrom(sha256Hex(key), options.drill ? 'drill' : 'live');
  const awareAt = awareness?.awareAt?.at;
  const deadline = awareAt === undefined ? null : strictDeadline(new Date(awareAt).toISOString());
  const file: DeclarationFile = {
    seventytwo: 'declaration',
    version: 1,
    id,
    key,
    writtenAt: now,
    deadline,
    request: { ...request, awareness },
  };
  const path = options.out ?? `${id}.declaration.json`;
  if (existsSync(path))
    throw refused(
      [`${path} is there already, and a declaration is never written over.`],
      ['Name another with --out FILE.'],
    );
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' });

  if (options.json) return terminal.out(JSON.stringify({ ...file, key: undefined, file: path }, null, 2));
  terminal.out(`${terminal.paint.bold(id)}  declared on paper: ${path}`);
  terminal.out(
    deadline ? `  Deadline   ${bothTimes(deadline, zone)}` : '  Deadline   none yet: awareness is not confirmed',
  );
  terminal.out('');
  terminal.out(terminal.paint.bold('Next: send it as soon as the server can be reached; nobody is called before'));
  terminal.out(`      seventytwo declare --send ${shellWord(path)}${options.drill ? ' --drill' : ''}`);
}

async function send(world: World, path: string, options: Options): Promise<void> {
  const file = readDeclaration(path);
  const drill = file.id.startsWith('EX-');
  const run = new Run(world, { ...options, drill }, 'Declare', file.id);
  const answer = await run.api.send<Answer | Intake>('POST', pathOf('declare'), file.request, { key: file.key });
  await tell(run, answer.body, answer.status);
}

function readDeclaration(path: string): DeclarationFile {
  if (!existsSync(path))
    throw refused([`${path} is not there.`], ['seventytwo declare "TITLE" --offline   (writes one)']);
  let file: Partial<DeclarationFile>;
  try {
    file = JSON.parse(readFileSync(path, 'utf8')) as Partial<DeclarationFile>;
  } catch (cause) {
    throw Object.assign(
      refused([`${path} is not JSON: it was changed or cut off.`], ['Declare anew: seventytwo declare "TITLE"']),
      { cause },
    );
  }
  if (
    file.seventytwo !== 'declaration' ||
    file.version !== 1 ||
    typeof file.key !== 'string' ||
    !file.request ||
    typeof file.id !== 'string'
  ) {
    throw refused(
      [`${path} is no declaration file of version 1.`],
      ['seventytwo declare "TITLE" --offline   (writes one)'],
    );
  }
  const hash = createHash('sha256').update(file.key).digest('hex');
  if (incidentIdFrom(hash, file.id.startsWith('EX-') ? 'drill' : 'live') !== file.id) {
    throw refused(
      [`${path} was changed: its id does not come from its key.`],
      ['Declare anew: seventytwo declare "TITLE"'],
    );
  }
  return file as DeclarationFile;
}
