import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseScenario } from '../formats/scenario-file.js';
import type { Board } from './answers.js';
import { localAlarm } from './clockless-text.js';
import { refused } from './exit.js';
import { type Played, playScenario, scenarioSource } from './first-light.js';
import type { World } from './run.js';
import { wrap } from './terminal.js';
import { shellWord } from './words.js';

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
interface Stack {
  readonly startEverything: (o: {
    folder: string;
    log: (line: string) => void;
    env: NodeJS.ProcessEnv;
  }) => Promise<Started>;
}
const STACK = '../stack/up.js';

const SCENARIOS = fileURLToPath(new URL('../scenarios/', import.meta.url));
const FIRST_LIGHT = 'first-light';

/** `seventytwo up`: everything on this machine. On an empty store, or when asked, it plays a drill; with --once it ends after that. */
export async function main(
  options: Readonly<Record<string, unknown>>,
  world: World,
  load: () => Promise<Stack> = async () => (await import(STACK)) as Stack,
): Promise<number> {
  const { terminal, folder, env } = world;
  const { out, paint } = terminal;
  const once = options['once'] === true;
  const asked = typeof options['drill'] === 'string' ? options['drill'] : null;
  const scenario = readScenario(asked ?? FIRST_LIGHT, folder); // before anything is started: a mistake here costs nothing
  const interrupted = untilInterrupted();

  const say = (text: string, indent = ''): void => {
    for (const line of wrap(text, terminal.width, indent)) out(paint.dim(line));
  };
  out(paint.bold('seventytwo, local stack'));
  say('For trying, tests and drills. Live duty needs a Temporal cluster, a MongoDB replica set and your relay.');
  const { startEverything } = await load();
  const began = Date.now();
  const starting = startEverything({ folder, env, log: (line) => say(line, '  ') });
  const stack = await Promise.race([starting, interrupted.then(() => null)]);
  if (!stack) {
    await starting.then(
      (late) => late.stop(),
      () => undefined,
    );
    return 1;
  }
  const broke = stack.broke.then((side) => {
    throw refused(
      [`The ${side} side ended by itself. Its last words: ${join(stack.sides[side].dir, 'processes.log')}`],
      ['seventytwo up   (incidents are kept; when it ends again: seventytwo doctor)'],
    );
  });
  broke.catch(() => undefined); // when everything is stopped in order the sides end too, and nobody asks any more
  try {
    say(`up after ${((Date.now() - began) / 1_000).toFixed(1)} s`, '  ');
    let played: Played | null = null;
    if (once || asked || stack.sides.drill.fresh) {
      out('');
      out(`${paint.bold(`EXERCISE · ${scenario.title}`)}`);
      say(
        'The autopilot plays every role; the clock jumps to where the next thing is due. The second column: hours left to the deadline.',
      );
      out('');
      const beganToPlay = Date.now();
      const playing = playScenario(scenario.source, scenario.expected, scenario.zone, stack.sides.drill, terminal);
      played = (await Promise.race([playing, interrupted, broke])) ?? null;
      if (!played) return 1;
      tellResult(played, Date.now() - beganToPlay, world);
    }
    if (once) return played?.met ? 0 : 1;
    tellWhere(stack, world);
    for (const side of ['live', 'drill'] as const) await tellClocks(side, stack.sides[side], world);
    await Promise.race([interrupted, broke]);
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
  out('');
  out(played.met ? paint.green(paint.bold('Every duty was met.')) : paint.red(paint.bold('Not every duty was met:')));
  for (const missed of played.missed) out(paint.red(`  ${missed}`));
  out(paint.dim(`${played.actHours} hours of act time in ${Math.round(ms / 1_000)} s.`));
  out('');
  const notices = readdirSync(played.folder).filter((name) => name.startsWith('notice-'));
  const rows = [
    ...notices.filter((name) => name.endsWith('.pdf')).map((name) => ['notice, to read', name]),
    ...notices.filter((name) => name.endsWith('.json')).map((name) => ['notice, common form', name]),
    ['messages, as received', 'messages/'],
    ['register entry', 'register.json'],
    ['timeline', 'timeline.txt'],
  ] as const;
  out(`In ${relative(folder, played.folder) || played.folder}:`);
  for (const [what, name] of rows) out(`  ${what.padEnd(22)} ${name}`);
  out('');
}

function tellWhere(stack: Started, { terminal, folder, env }: World): void {
  const { out, paint } = terminal;
  const { live, drill } = stack.sides;
  out(`${paint.bold('Live')}    ${live.url}/docs`);
  out(`${paint.bold('Drill')}   ${drill.url}/docs`);
  for (const line of wrap(
    `Mail that was "sent" lies in ${relative(folder, live.mailDir)} and ${relative(folder, drill.mailDir)}; nothing leaves this machine.`,
    terminal.width,
  ))
    out(line);
  out('');
  out('In another terminal, in this folder:');
  if (!isOnPath('seventytwo', env)) out(`      alias seventytwo=${shellWord(`node ${shellWord(BIN)}`)}`);
  out(`      ${paint.bold('seventytwo declare "What happened, in a few words" --aware now')}`);
  out(paint.dim('      Or --aware 02:40, "yesterday 23:15"; without it no legal clock runs yet.'));
  out('');
  out(paint.dim('Ctrl-C stops everything in order; incidents are kept.'));
}

/** What was stored before is found again, and perhaps not by both engines: that is said last, where the eye ends. */
async function tellClocks(
  side: 'live' | 'drill',
  { url, keys }: Started['sides']['live'],
  { terminal }: World,
): Promise<void> {
  const answer = await fetch(`${url}/v1/incidents`, { headers: { authorization: `Bearer ${keys.responder}` } }).catch(
    () => null, // an end of the side is told by itself
  );
  const { clocks } = answer?.ok ? ((await answer.json()) as Partial<Board>) : {};
  if (!clocks?.says) return;
  for (const line of ['', ...localAlarm(clocks.says, side, terminal)]) terminal.out(line);
}

const BIN = fileURLToPath(new URL('../bin/seventytwo.mjs', import.meta.url));
const isOnPath = (name: string, env: NodeJS.ProcessEnv): boolean =>
  (env['PATH'] ?? '').split(delimiter).some((dir) => dir !== '' && existsSync(join(dir, name)));
