import type { Command } from 'commander';
import { refused } from './exit.js';
import type { World } from './run.js';
import { LOCAL_STACK_FILE, localSettings } from './settings.js';

/**
 * The one lazy entry for the processes: their engines and stores are loaded only when one of them is started, so that `declare`
 * starts in a moment and needs none of them. Each module exports `main(options, world)`, which ends when the process has
 * stopped in order and answers the exit code.
 */
export interface ProcessModule {
  main(options: Readonly<Record<string, unknown>>, world: World): Promise<number>;
}

const MODULES: Readonly<Record<'up' | 'serve' | 'incident' | 'mail' | 'rebuild' | 'watchdog', () => Promise<object>>> =
  {
    up: () => import('./up.js'),
    serve: () => import('../api/serve.js'),
    incident: () => import('../worker/incident.js'),
    mail: () => import('../worker/mail.js'),
    rebuild: () => import('../worker/rebuild-process.js'),
    watchdog: () => import('../worker/watchdog.js'),
  };

async function start(
  name: keyof typeof MODULES,
  options: Readonly<Record<string, unknown>>,
  world: World,
): Promise<void> {
  const module = (await MODULES[name]()) as Partial<ProcessModule>;
  if (typeof module.main !== 'function') throw refused([`The process ${name} has no main(): this build is not whole.`]);
  try {
    const code = await module.main(options, world);
    process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
  } catch (error) {
    throw expected(error) ?? error;
  }
}

/** What a process refuses at its start (configuration, a missing engine, a stack that runs already) is said as a refusal, not as a crash. */
function expected(error: unknown): Error | null {
  if (!(error instanceof Error)) return null;
  if (error.name === 'ConfigProblems')
    return refused(problemsOf(error), [
      'seventytwo init   (writes a commented seventytwo.env.example)',
      'seventytwo doctor',
    ]);
  return error.name === 'StackError' || error.name === 'FolderInUse' || error.name === 'TlsRefused'
    ? refused(error.message.split('\n'))
    : null;
}

const problemsOf = (error: Error): readonly string[] =>
  (error as { problems?: readonly string[] }).problems ?? [error.message];

const LOOK_MS = 1_000;

/** A killed `up` cannot stop what it started: these look for themselves. */
function endWith(parent: number): void {
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  look.unref();
}

const SAID_MS = 200;

/** One that cannot start (its port is taken) must not leave half a side running. The refusal is said first. */
function endTheOthers(error: unknown): never {
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), SAID_MS).unref();
  throw error;
}

/** In the folder of a local stack its settings are taken, unless those of a process are there: SEVENTYTWO_SIDE is in all of them. */
function withLocalSettings({ drill, local }: Readonly<Record<string, unknown>>, world: World): World {
  if (world.env['SEVENTYTWO_SIDE'] && local !== true && drill !== true) return world;
  const side = drill === true ? 'drill' : 'live';
  const settings = localSettings(world.folder, side);
  if (!settings) {
    if (local !== true && drill !== true) return world;
    throw refused(
      [`There is no local stack in this folder (${LOCAL_STACK_FILE} does not have its settings).`],
      ['seventytwo up', 'Elsewhere the side is that of SEVENTYTWO_SIDE: seventytwo rebuild'],
    );
  }
  world.terminal.err(world.terminal.paint.dim(`Settings of the local stack of this folder, ${side} side.`));
  const others = Object.entries(world.env).filter(([name]) => !name.startsWith('SEVENTYTWO_'));
  return { ...world, env: { ...Object.fromEntries(others), ...settings } };
}

export function registerProcesses(program: Command, world: World): void {
  program
    .command('up')
    .summary('everything on this machine, for trying, tests and drills')
    .description(
      'Starts the local stack: engines, API, workers, live and drill side. On an empty store it plays the first-light drill.',
    )
    .option('--once', 'play a drill and end; exit 0 only if every duty was met')
    .option('--drill <scenario>', 'the scenario to play')
    .action((options: Record<string, unknown>) => start('up', options, world));
  program
    .command('run', { hidden: true })
    .argument('<process...>', 'serve, incident, mail, watchdog')
    .option('--with-parent <pid>', 'end when this process is gone')
    .description('Several processes in one: what a local stack runs a side as.')
    .action(async (names: (keyof typeof MODULES)[], options: { withParent?: string }) => {
      if (options.withParent !== undefined) endWith(Number(options.withParent));
      await Promise.all(names.map((name) => start(name, options, world).catch(endTheOthers)));
    });
  program
    .command('serve')
    .summary('the API process')
    .description('Settings come from SEVENTYTWO_* variables: seventytwo init writes an example.')
    .action((options: Record<string, unknown>) => start('serve', options, world));
  const worker = program
    .command('worker')
    .summary('a worker process: incident or mail')
    .description('Scale by starting more of them.');
  worker
    .command('incident')
    .summary('workflows, notices, escalations')
    .action((options: Record<string, unknown>) => start('incident', options, world));
  worker
    .command('mail')
    .summary('messages to people')
    .action((options: Record<string, unknown>) => start('mail', options, world));
  program
    .command('watchdog')
    .summary('wakes somebody when the engine sleeps')
    .description(
      'Looks at both stores with eyes of its own, keeps its own copy of due times, and alarms by its own ways. Settings: SEVENTYTWO_WATCHDOG_* and the addresses of both stores.',
    )
    .action((options: Record<string, unknown>) => start('watchdog', options, world));
  program
    .command('rebuild')
    .summary('a lost store: start open incidents from their ledgers')
    .description(
      "After the loss of the workflow engine's database: starts every incident that owes something anew from its ledger. Run it on a machine with the settings of a process, or in the folder of a local stack, which has them. Twice is safe: it starts only what is missing.",
    )
    .option(
      '--ledger',
      "the other way round: put back into the ledger what a restored database lacks, from the engine's histories",
    )
    .option('--dry-run', 'show what it would start, and change nothing')
    .option('--drill', 'local stack: its drill side')
    .option('--local', 'the local stack of this folder, even where the settings of a process are there')
    .option('--json', 'the answer as JSON on stdout')
    .action((options: Record<string, unknown>) => start('rebuild', options, withLocalSettings(options, world)));
  const drill = program
    .command('drill')
    .summary('exercises on the very same workflows')
    .description('Plays a scenario on the drill side of a local stack.');
  drill
    .command('run')
    .argument('<scenario>', 'such as first-light')
    .summary('play a scenario')
    .action((scenario: string, options: Record<string, unknown>) =>
      start('up', { ...options, once: true, drill: scenario }, world),
    );
}

/** Which side's certificate stands in the way, by its name and with its sentence; empty where the settings are not whole. */
export async function checkTls(env: NodeJS.ProcessEnv): Promise<readonly { side: string; says: string }[]> {
  const [{ loadConfig }, { tlsTroubles }] = await Promise.all([
    import('../adapters/config.js'),
    import('../adapters/tls-probe.js'),
  ]);
  return (await tlsTroubles(loadConfig(env))).map(({ side, message }) => ({ side, says: message }));
}

/** Problems of the settings of processes; loaded lazily because it belongs to them. */
export async function checkProcessConfig(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  // A machine of the watchdog alone has no master key and no journal, and needs neither.
  const watches = env['SEVENTYTWO_WATCHDOG_DIR'] && !env['SEVENTYTWO_JOURNAL_DIR'];
  try {
    if (watches) (await import('../adapters/watchdog/config.js')).loadWatchdogConfig(env);
    else (await import('../adapters/config.js')).loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigProblems') return problemsOf(error);
    throw error;
  }
}
