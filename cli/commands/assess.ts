import type { Command } from 'commander';
import type { CompetenceShown } from '../../domain/authorities/competence.js';
import type { Exemption } from '../../domain/duties/exemptions.js';
import type { Assessment } from '../../domain/risk/assessment.js';
import { pathOf } from '../../formats/http/routes.js';
import type { AssessmentAnswer } from '../answers.js';
import { incidentNext, lookOf } from '../report.js';
import { type CommonOptions, incidentId, online, Run, type World } from '../run.js';

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
      const next = run.json ? [] : await incidentNext(run, id, `seventytwo assess ${id}`);
      const { assessmentText } = await import('../offline/assess.js');
      const { lawText } = await import('../offline/assess-law.js');
      run.answer(answer, ({ assessment, decision, competence, exemptions }) => [
        `${look.paint.bold(id)}${decision ? `  decided: ${decision.level}` : '  not decided'}`,
        ...assessmentText(assessment as Assessment, look.width, look.zone),
        ...lawText(
          {
            ...(competence && { competence: competence as CompetenceShown }),
            exemptions: exemptions as readonly Exemption[],
          },
          look.width,
        ),
        '',
        'Levels: HIGH_RISK (authority and people are told), RISK_NOT_HIGH (authority),',
        'UNLIKELY_RISK (nobody; it takes two people).',
        '',
        ...next,
      ]);
    });
}
