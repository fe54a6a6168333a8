import type { Command } from 'commander';
import { pathOf } from '../../formats/http/routes.js';
import type { AssessmentAnswer } from '../answers.js';
import { incidentNext, lookOf } from '../report.js';
import { type CommonOptions, incidentId, online, Run, type World } from '../run.js';
import { table } from '../table.js';
import { wrap } from '../terminal.js';

/** `assess ID`; the offline command takes a FILE and has the same name. */
export function registerAssessOnline(program: Command, world: World): void {
  online(program.command('assess').argument('<id>', 'incident'))
    .summary('what triage proposes: level, arithmetic, factors, duties')
    .description(
      'What the rules propose from the facts as they are: a level with its reasons, each with its rule. A person decides: seventytwo decide ID.',
    )
    .action(async (typedId: string, options: CommonOptions) => {
      const id = incidentId(typedId);
      const run = new Run(world, options, 'Read', id);
      const answer = await run.api.get<AssessmentAnswer>(pathOf('assessment', { id }));
      const look = await lookOf(run);
      const next = run.json ? [] : await incidentNext(run, id);
      run.answer(answer, ({ assessment, decision }) => {
        const { severity } = assessment;
        const bold = look.paint.bold;
        return [
          `${bold(id)}  proposes ${bold(assessment.level)}${decision ? `; decided: ${decision.level}` : ''}`,
          '',
          ...table(
            [
              ['Tell the authority', assessment.notifyAuthority ? 'yes' : 'no'],
              ['Tell the people', assessment.tellPeople ? 'yes' : 'no'],
              [
                'Severity',
                `${severity.level.replace('_', ' ')}: ${severity.dpc} x ${severity.ei} + ${severity.cb} = ${severity.se} (DPC x EI + CB, ENISA)`,
              ],
            ],
            { width: look.width, indent: '  ' },
          ),
          ...severity.steps.flatMap((step) =>
            wrap(
              `${step.criterion} ${step.value}: ${step.says}${step.assumed ? ' (assumed)' : ''}`,
              look.width,
              '    ',
            ),
          ),
          ...(assessment.factors.length > 0 ? ['', bold('Reasons')] : []),
          ...table(
            assessment.factors.map((factor) => [factor.effect, factor.rule, factor.says]),
            { width: look.width, indent: '  ' },
          ),
          ...(assessment.missing.length > 0 ? ['', bold('Not known yet, so the worse value is assumed')] : []),
          ...table(
            assessment.missing.map((one) => [one.fact, one.assumed]),
            { width: look.width, indent: '  ' },
          ),
          ...(assessment.hints.length > 0 ? [''] : []),
          ...assessment.hints.flatMap((hint) => wrap(hint, look.width)),
          '',
          ...next,
        ].filter((line, index, all) => line !== '' || all[index - 1] !== '');
      });
    });
}
