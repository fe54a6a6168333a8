import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { Withdraw } from '../../formats/http/requests.js';
import { MAY } from '../../domain/incident/commands.js';
import { pathOf } from '../../formats/http/routes.js';
import type { Answer } from '../answers.js';
import { withWhatIsOwed } from '../owed-text.js';
import { report } from '../report.js';
import { type CommonOptions, incidentId, needed, oneOf, online, Run, type World } from '../run.js';

interface Options extends CommonOptions {
  readonly reason?: string;
  readonly because?: string;
}
interface WithdrawOptions extends Options {
  readonly of?: string;
  readonly confirm?: string;
  readonly breakGlass?: string;
}

const KINDS = ['not_a_breach', 'duplicate', 'other'] as const;

export function registerEnding(program: Command, world: World): void {
  online(program.command('withdraw').argument('<id>', 'incident').argument('[kind]', KINDS.join(', ')))
    .summary('not a breach after all, a duplicate, other')
    .description(
      'Ends an incident that is none. Once awareness was confirmed it waits for a second person, who repeats it with --confirm.',
    )
    .option('--reason <text>', 'why, in a sentence')
    .option('--because <text>', 'one of the kinds above, or the reason')
    .option('--of <id>', 'the other incident, when it is a duplicate')
    .option('--confirm <proposal>', 'you are the second person for this proposal')
    .option('--break-glass <reason>', 'nobody else is awake: act alone, with a review within 24 hours')
    .action(async (typedId: string, typedKind: string | undefined, options: WithdrawOptions) => {
      const id = incidentId(typedId);
      const becauseIsKind = (KINDS as readonly string[]).includes(options.because?.replaceAll('-', '_') ?? '');
      const kindWord =
        typedKind ?? (becauseIsKind ? options.because : options.of === undefined ? undefined : 'duplicate');
      const reason = options.reason ?? (becauseIsKind ? undefined : options.because);
      needed(
        { KIND: kindWord, '--reason': reason },
        `seventytwo withdraw ${id} not_a_breach --reason "the export held test data only"`,
      );
      const because = oneOf((kindWord ?? '').replaceAll('-', '_'), KINDS, 'KIND');
      if (because === 'duplicate')
        needed({ '--of': options.of }, `seventytwo withdraw ${id} duplicate --of BR-7K3M-9QXD --reason "…"`);
      const body: z.input<typeof Withdraw> = {
        because,
        reason: reason ?? '',
        ...(options.of !== undefined && { duplicateOf: incidentId(options.of) }),
        ...(options.confirm !== undefined && { confirms: options.confirm }),
        ...(options.breakGlass !== undefined && { breakGlass: { reason: options.breakGlass } }),
      };
      const run = new Run(world, options, 'Withdraw', id);
      const answer = await run.api.send<Answer>('POST', pathOf('withdraw', { id }), body);
      const { phase } = answer.body.incident;
      await report(
        run,
        answer.body,
        phase === 'withdrawn'
          ? 'Withdrawn. It stays on record.'
          : `Proposed. It takes effect when a second person has confirmed it.${run.secondPerson(MAY.Withdraw ?? [])}`,
      );
    });

  for (const [name, route, may, summary, example, said] of [
    [
      'close',
      'close',
      'Close',
      'close it when nothing is owed any more',
      'everybody was told, the cause is removed',
      'Closed.',
    ],
    [
      'reopen',
      'reopen',
      'Reopen',
      'something new came up in a closed incident',
      'a second system was found',
      'Open again.',
    ],
  ] as const) {
    online(program.command(name).argument('<id>', 'incident'))
      .summary(summary)
      .option('--reason <text>', 'why, in a sentence')
      .addOption(new Option('--because <text>').hideHelp())
      .action(async (typedId: string, options: Options) => {
        const id = incidentId(typedId);
        const reason = options.reason ?? options.because;
        needed({ '--reason': reason }, `seventytwo ${name} ${id} --reason "${example}"`);
        const run = new Run(world, options, may, id);
        const answer = await run.api.send<Answer>('POST', pathOf(route, { id }), { reason }).catch(async (error) => {
          throw await withWhatIsOwed(run, id, error);
        });
        await report(run, answer.body, said);
      });
  }
}
