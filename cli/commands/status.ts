import type { Command } from 'commander';
import { pathOf } from '../../formats/http/routes.js';
import type { Board } from '../answers.js';
import { boardAlarm, incidentAlarm } from '../clockless-text.js';
import { EXIT, CommandEnd } from '../exit.js';
import { KeptKeys } from '../kept.js';
import { incident, lookOf } from '../report.js';
import { type CommonOptions, incidentId, online, Run, type World } from '../run.js';
import { statePath } from '../settings.js';
import { boardLines, incidentLines, isOver } from '../summary-text.js';
import { bothTimes } from '../times.js';

interface Options extends CommonOptions {
  readonly all?: boolean;
  readonly watch?: boolean;
}

const WATCH_MS = 10_000;

export function registerStatus(program: Command, world: World): void {
  online(program.command('status').argument('[id]', 'incident, such as BR-7K3M-9QXD (br7k3m9qxd will do)'))
    .summary('the board, or one incident: clock, duties, next step')
    .description(
      'Without an id: every incident, the most urgent first. With one: its clock, duties, tasks and the next step.',
    )
    .option('--all', 'closed and withdrawn incidents too')
    .option('--watch', 'show it again every 10 seconds until Ctrl-C')
    .action(async (typed: string | undefined, options: Options) => {
      const id = typed === undefined ? undefined : incidentId(typed);
      const run = new Run(world, options, 'Read', id);
      await show(run, id, options);
      if (options.watch !== true) return;
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
        if (world.terminal.interactive) world.terminal.out('\u001b[2J\u001b[H');
        try {
          await show(run, id, options);
        } catch (error) {
          // A watch outlives a restart of the server: it says so and goes on.
          if (!(error instanceof CommandEnd) || error.code !== EXIT.unknown) throw error;
          run.aside(error.lines.join(' '));
        }
      }
    });
}

async function show(run: Run, id: string | undefined, options: Options): Promise<void> {
  if (id !== undefined) {
    const [summary, look] = [await incident(run, id), await lookOf(run)];
    return run.answer(summary, (shown) => [...incidentAlarm(shown, run, look), ...incidentLines(shown, look)]);
  }
  const board = await run.api.get<Board>(pathOf('board'));
  const look = await lookOf(run);
  run.answer(board, (shown) => {
    const open = shown.incidents.filter((one) => options.all || !isOver(one));
    const urgency = (one: Board['incidents'][number]): string => (isOver(one) ? '99' : (one.deadline?.strict ?? '9'));
    const urgent = [...open].sort((a, b) => urgency(a).localeCompare(urgency(b)));
    const intakes = shown.intakes.flatMap((one) => [
      `${one.id}  declared, waits for the workflow engine${one.deadline ? `; deadline ${bothTimes(one.deadline.strict, look.zone)}` : ''}`,
    ]);
    const past = shown.incidents.length - open.length;
    return [
      ...boardAlarm(shown, run, look),
      ...intakes,
      ...boardLines(urgent, look, shown.clocks?.without),
      ...(past > 0 ? ['', look.paint.dim(`${past} closed or withdrawn: seventytwo status --all`)] : []),
    ];
  });
  const waiting = new KeptKeys(statePath(run.world.env)).list();
  if (waiting.length > 0)
    run.aside(
      `${waiting.length} command${waiting.length > 1 ? 's' : ''} of yours never got an answer (the first of ${waiting[0] ? bothTimes(waiting[0].at, await run.zone()) : ''}); typing the same again is safe for a day.`,
    );
}
