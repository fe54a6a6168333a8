import { readFileSync } from 'node:fs';
import { Command, CommanderError, Help, type Option } from 'commander';
import { registerAware } from './commands/aware.js';
import { registerDecide } from './commands/decide.js';
import { registerDeclare } from './commands/declare.js';
import { registerDoctor } from './commands/doctor.js';
import { registerAck, registerDuty, registerTask } from './commands/duty.js';
import { registerEnding } from './commands/ending.js';
import { registerFacts } from './commands/facts.js';
import { registerInit } from './commands/init.js';
import { registerAuthorities, registerOrganisation } from './commands/organisation.js';
import { registerPeople } from './commands/people.js';
import { registerRecord } from './commands/record.js';
import { registerStaff } from './commands/staff.js';
import { registerStatus } from './commands/status.js';
import { CommandEnd, EXIT } from './exit.js';
import { greeting } from './greeting.js';
import { registerAssess, registerNoticeOnline, registerOffline } from './offline-entry.js';
import { registerProcesses } from './processes.js';
import type { World } from './run.js';
import { type Terminal, wrap } from './terminal.js';

function version(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // sources and dist/ lie at different depths
    }
  }
  return 'unknown';
}

async function build(world: World): Promise<Command> {
  const program = new Command('seventytwo');
  program
    .description('From the first alarm to the last receipt of a personal-data breach.')
    .option('--version', 'print the version')
    .enablePositionalOptions() // `notice ID pdf --version approved` asks for a document, not for this
    .on('option:version', () => {
      world.terminal.out(version());
      throw new CommanderError(0, 'commander.version', '');
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.terminal.out(text.trimEnd()),
      writeErr: (text) => world.terminal.err(text.trimEnd()),
    })
    .configureHelp({
      helpWidth: world.terminal.width,
      subcommandTerm: (command) =>
        [
          command.name(),
          ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)),
        ].join(' '),
      // What is particular to a command comes before what all have in common.
      visibleOptions(command) {
        const all = Help.prototype.visibleOptions.call(this, command);
        return [
          ...all.filter((one) => one.helpGroupHeading === undefined),
          ...all.filter((one) => one.helpGroupHeading !== undefined),
        ];
      },
      groupItems: <T extends Command | Option>(_all: T[], visible: T[], heading: (item: T) => string) => {
        const groups = new Map<string, T[]>();
        for (const item of visible) groups.set(heading(item), [...(groups.get(heading(item)) ?? []), item]);
        return groups;
      },
    })
    .showHelpAfterError('Help: seventytwo help [command]')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 refused, 2 wrong usage, 3 not reached or outcome unknown.\nThe whole walk: docs/how-to/first-incident.md',
    );

  program.commandsGroup('The first minutes');
  registerDeclare(program, world);
  registerStatus(program, world);
  registerAck(program, world);
  program.commandsGroup('The work, in its order');
  registerAware(program, world);
  registerFacts(program, world);
  registerAssess(program, world);
  registerDecide(program, world);
  registerNoticeOnline(program, world);
  registerPeople(program, world);
  registerDuty(program, world);
  registerTask(program, world);
  registerEnding(program, world);
  program.commandsGroup('The record');
  registerRecord(program, world);
  program.commandsGroup('Before a breach');
  registerInit(program, world);
  registerOrganisation(program, world);
  registerAuthorities(program, world);
  registerStaff(program, world);
  registerDoctor(program, world);
  program.commandsGroup('Without a server');
  await registerOffline(program, world.words);
  program.commandsGroup('Processes');
  registerProcesses(program, world);
  return program;
}

/** `help COMMAND` is `COMMAND --help`: one command is loaded by its first word, and has its options then only. */
function asTyped(words: readonly string[]): readonly string[] {
  const [help, ...command] = words;
  const named = command[0] !== undefined && command[0] !== 'help' && !command[0].startsWith('-');
  return help === 'help' && named ? [...command, '--help'] : words;
}

/** Runs one command; answers the exit code. Everything that ends a command early is said on stderr, with what to do next. */
export async function run(given: World): Promise<number> {
  const world = { ...given, words: asTyped(given.words) };
  const program = await build(world);
  if (world.words.length === 0) {
    for (const line of greeting(world)) world.terminal.out(line);
    return EXIT.done;
  }
  try {
    await program.parseAsync([...world.words], { from: 'user' });
    return process.exitCode === undefined ? EXIT.done : Number(process.exitCode);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof CommandEnd) {
      say(world.terminal, error, world.words.includes('--json'));
      return error.code;
    }
    throw error;
  }
}

function say(terminal: Terminal, end: CommandEnd, json: boolean): void {
  if (json) {
    terminal.err(JSON.stringify({ exit: end.code, says: end.lines, next: end.next, ...end.details }, null, 2));
    return;
  }
  const { paint, width } = terminal;
  for (const [index, line] of end.lines.entries()) {
    const lines = wrap(line, width - 2, end.lines.length > 1 ? '  ' : '');
    if (end.lines.length > 1 && index === 0) terminal.err(paint.red(`${end.lines.length} problems:`));
    for (const [at, each] of lines.entries()) terminal.err(end.lines.length === 1 && at === 0 ? paint.red(each) : each);
  }
  if (end.next.length === 0) return;
  terminal.err('');
  terminal.err(paint.bold('Next:'));
  for (const step of end.next) terminal.err(`      ${step}`);
}
