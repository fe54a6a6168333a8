import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { RISK_LEVELS } from '../../domain/risk/levels.js';
import type { DecideRisk } from '../../formats/http/requests.js';
import { MAY } from '../../domain/incident/commands.js';
import { pathOf } from '../../formats/http/routes.js';
import type { Answer } from '../answers.js';
import { report } from '../report.js';
import { type CommonOptions, incidentId, needed, oneOf, online, Run, type World } from '../run.js';

interface Options extends CommonOptions {
  readonly level?: string;
  readonly because?: string;
  readonly reason?: string;
  readonly confirm?: string;
  readonly breakGlass?: string;
}

export function registerDecide(program: Command, world: World): void {
  online(program.command('decide').argument('<id>', 'incident'))
    .summary('decide the risk: it opens the duties')
    .description(
      `Decides the risk level and with it who must be told (R-606). See what is proposed first: seventytwo assess ID.\nHIGH_RISK: authority and people. RISK_NOT_HIGH: authority. UNLIKELY_RISK: nobody; waits for a second person, who repeats it with --confirm. A decision can be made anew at any time; both stay on record.`,
    )
    .option('--level <level>', RISK_LEVELS.join(', '))
    .option('--because <text>', 'your reasons, as an authority may read them')
    .addOption(new Option('--reason <text>').hideHelp())
    .option('--confirm <proposal>', 'you are the second person for this proposal')
    .option(
      '--break-glass <reason>',
      'nobody else is awake: decide alone; everybody is alarmed and a review is owed within 24 hours',
    )
    .addHelpText(
      'after',
      '\nExample\n  seventytwo decide BR-7K3M-9QXD --level HIGH_RISK --because "health data, unknown recipients"',
    )
    .action(async (typedId: string, options: Options) => {
      const id = incidentId(typedId);
      const reasons = options.because ?? options.reason;
      needed(
        { '--level': options.level, '--because': reasons },
        `seventytwo decide ${id} --level ${options.level ?? 'HIGH_RISK'} --because "health data, unknown recipients"`,
      );
      const level = oneOf((options.level ?? '').replaceAll('-', '_'), RISK_LEVELS, '--level');
      const body: z.input<typeof DecideRisk> = {
        level,
        reasons: reasons ?? '',
        ...(options.confirm !== undefined && { confirms: options.confirm }),
        ...(options.breakGlass !== undefined && { breakGlass: { reason: options.breakGlass } }),
      };
      const run = new Run(world, options, 'DecideRisk', id);
      const answer = await run.api.send<Answer>('POST', pathOf('decideRisk', { id }), body);
      const { decided, waitsForSecondPerson } = answer.body.incident.level;
      await report(
        run,
        answer.body,
        waitsForSecondPerson
          ? `Proposed: ${level}. It takes effect when a second person has confirmed it.${run.secondPerson(MAY.DecideRisk ?? [])}`
          : `Decided: ${decided ?? level}.`,
      );
    });
}
