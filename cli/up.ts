import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseScenario } from '../formats/scenario-file.js';
import { refused } from './exit.js';
import { type Played, playScenario, scenarioSource } from './first-light.js';
import type { World } from './run.js';

/** What `stack/up.ts` gives; loaded lazily, because it brings engines and stores along. */
interface Started {
  readonly root: string;
  readonly engines: readonly string[];
  readonly sides: Readonly<
    Record<
      'live' | 'drill',
      {
        readonly url: string;
        readonly keys: Readonly<Record<'responder' | 'dpo' | 'approver' | 'facilitator' | 'auditor' | 'admin', string>>;
        readonly dir: string;
        readonly mailDir: string;
        readonly fresh: boolean;
      }
    >
  >;
  readonly broke: Promise<'live' | 'drill'>;
  stop(): Promise<void>;
}
const STACK = '../stack/up.js';

const SCENARIOS = fileURLToPath(new URL('../scenarios/', import.meta.url));
const FIRST_LIGHT = 'first-light';

/** `seventytwo up`: everything on this machine. On an empty store, or when asked, it plays a drill; with --once it ends after that. */
export async function main(options: Readonly<Record<string, unknown>>, world: World): Promise<number> {
  const { terminal, folder, env } = world;
  const { out, paint } = terminal;
  const once = options['once'] === true;
  const asked = typeof options['drill'] === 'string' ? options['drill'] : null;
  const scenario = readScenario(asked ?? FIRST_LIGHT, folder); // before anything is started: a mistake here costs nothing
  const interrupted = untilInterrupted();

  out(
    paint.bold('seventytwo') +
      paint.dim(
        ' · local stack: for trying, tests and drills. Live duty needs a Temporal cluster, a MongoDB replica set and your relay.',
      ),
  );
  const { startEverything } = (await import(STACK)) as {
    startEverything: (o: { folder: string; log: (line: string) => void; env: NodeJS.ProcessEnv }) => Promise<Started>;
  };
  const began = Date.now();
  const starting = startEverything({ folder, env, log: (line) => out(paint.dim(`  ${line}`)) });
  const stack = await Promise.race([starting, interrupted.then(() => null)]);
  if (!stack) {
    await starting.then(
      (late) => late.stop(),
      () => undefined,
    );
    return 1;
  }
  try {
    out(paint.dim(`  up after ${((Date.now() - began) / 1_000).toFixed(1)} s`));
    let played: Played | null = null;
    if (once || asked || stack.sides.drill.fresh) {
      const ending = Promise.race([
        interrupted,
        stack.broke.then((side) => {
          throw refused(
            [`The ${side} side ended by itself. Its last words: ${join(stack.sides[side].dir, 'processes.log')}`],
            ['seventytwo doctor'],
          );
        }),
      ]);
      out('');
      out(`${paint.bold(`EXERCISE · ${scenario.title}`)}`);
      out(
        paint.dim(
          'The autopilot plays every role. 72 hours of act time; the clock jumps to where the next thing is due.',
        ),
      );
      out('');
      const playing = playScenario(scenario.source, scenario.expected, scenario.zone, stack.sides.drill, terminal);
      played = (await Promise.race([playing, ending])) ?? null;
      if (!played) return 1;
      tellResult(played, Date.now() - began, world);
    }
    if (once) return played?.met ? 0 : 1;
    tellWhere(stack, world);
    await Promise.race([interrupted, stack.broke]);
    return 0;
  } finally {
    out(paint.dim('Stopping in order …'));
    await stack.stop();
  }
}

function readScenario(
  name: string,
  folder: string,
): { source: string; title: string; zone: string; expected: Readonly<Record<string, string>> } {
  const file = [join(SCENARIOS, `${name}.yaml`), join(folder, name), name].find((path) => existsSync(path));
  if (!file)
    throw refused([`There is no scenario ${name}.`], ['seventytwo up --drill first-light', 'or name a scenario file']);
  const source = scenarioSource(file);
  const read = parseScenario(source);
  if ('problems' in read)
    throw refused(
      read.problems.map((problem) => `${relative(folder, file)}: ${problem}`),
      ['Mend the file and try again; nothing was started.'],
    );
  const { title, zone, expected } = read.scenario;
  return { source, title, zone, expected: expected.duties };
}

/** Ctrl-C or SIGTERM, once: what is running is stopped in order. */
const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });

function tellResult(played: Played, ms: number, { terminal, folder }: World): void {
  const { out, paint } = terminal;
  const here = (name: string): string => relative(folder, join(played.folder, name)) || played.folder;
  out('');
  out(played.met ? paint.green(paint.bold('Every duty was met.')) : paint.red(paint.bold('Not every duty was met:')));
  for (const missed of played.missed) out(paint.red(`  ${missed}`));
  out(paint.dim(`72 hours of act time in ${(ms / 1_000).toFixed(0)} s.`));
  out('');
  out(`  notice, to read        ${here('notice-ex-authority-1.pdf')}`);
  out(`  notice, common form    ${here('notice-ex-authority-1.json')}`);
  out(`  messages, as received  ${here('messages/')}`);
  out(`  register entry         ${here('register.json')}`);
  out(`  timeline               ${here('timeline.txt')}`);
  out('');
}

function tellWhere(stack: Started, { terminal, folder }: World): void {
  const { out, paint } = terminal;
  const { live, drill } = stack.sides;
  out(`${paint.bold('Live')}    ${live.url}/docs`);
  out(`${paint.bold('Drill')}   ${drill.url}/docs`);
  out(
    `Mail that was "sent" lies in ${relative(folder, live.mailDir)} and ${relative(folder, drill.mailDir)}; nothing leaves this machine.`,
  );
  out('');
  out('In another terminal, in this folder:');
  out(`  ${paint.bold('npx seventytwo declare "What happened, in a few words" --aware "02:40"')}`);
  out('');
  out(paint.dim('Ctrl-C stops everything in order; incidents are kept.'));
}
