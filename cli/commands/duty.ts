import { type Command, Option } from 'commander';
import { nearest } from '../../domain/incident/nearest.js';
import { pathOf, type RouteId } from '../../formats/http/routes.js';
import type { Answer, Summary } from '../answers.js';
import { refused, wrongUsage } from '../exit.js';
import { incident, lookOf, report } from '../report.js';
import { type CommonOptions, incidentId, needed, oneOf, online, Run, type World } from '../run.js';
import { type Look, nextLines, openLines, taskName } from '../summary-text.js';
import { table } from '../table.js';
import { type TellingOptions, toldText, typedTelling } from '../telling.js';
import { bothTimes, localTime } from '../times.js';

interface DutyOptions extends CommonOptions {
  readonly reason?: string;
  readonly because?: string;
  readonly rule?: string;
  readonly proof?: string;
  readonly requestedBy?: string;
  readonly basis?: string;
  readonly case?: string;
  readonly review?: string;
  readonly confirm?: string;
  readonly breakGlass?: string;
}

/** A rule that may lift a duty of this kind; what it needs is asked by the server. */
const RULE_OF: Readonly<Record<string, string>> = {
  'people-message': 'R-414',
  'authority-notice': 'R-501',
  'controller-notice': 'R-120',
};
const ACTIONS = ['hold', 'release', 'exempt', 'open'] as const;

export function registerDuty(program: Command, world: World): void {
  online(
    program
      .command('duty')
      .argument('<id>', 'incident')
      .argument('[duty]', 'such as authority-notice/ie-dpc')
      .argument('[action]', ACTIONS.join(', ')),
  )
    .summary('who must be told by when; hold, release, exempt or open')
    .description(
      'Without a duty: all of them with their legal basis. hold: at the request of law enforcement, with a review date. exempt: under a rule, with its proof; a notice to an authority that is not competent under R-501, word to a controller for whom the data were not held under R-120. open: tell an authority that is not on your list (authority-notice/fr-cnil).',
    )
    .option('--reason <text>', 'release, exempt, open: why')
    .addOption(new Option('--because <text>').hideHelp())
    .option('--rule <rule>', 'exempt: the rule it rests on, such as R-414')
    .option('--proof <text>', 'exempt: what proves it')
    .option('--confirm <proposal>', 'exempt: you are the second person for this proposal')
    .option('--requested-by <text>', 'hold: the body that asks for it')
    .option('--basis <text>', 'hold: the legal basis it names')
    .option('--case <reference>', 'hold: its case number')
    .option('--review <instant>', 'hold: when it is looked at again (within 7 days)')
    .option('--break-glass <reason>', 'exempt: nobody else is awake: act alone, with a review within 24 hours')
    .action(
      async (typedId: string, typedDuty: string | undefined, typedAction: string | undefined, options: DutyOptions) => {
        const id = incidentId(typedId);
        const action = typedAction === undefined ? undefined : oneOf(typedAction, ACTIONS, 'The action');
        const run = new Run(
          world,
          options,
          action === 'hold'
            ? 'HoldDuty'
            : action === 'release'
              ? 'ReleaseDuty'
              : action === 'exempt'
                ? 'ExemptDuty'
                : action === 'open'
                  ? 'OpenDuty'
                  : 'Read',
          id,
        );
        const summary = await incident(run, id);
        if (typedDuty === undefined) return showDuties(run, summary);
        if (action === 'open') return open(run, id, typedDuty, options);
        const duty = found(summary.duties, typedDuty, 'duty', `seventytwo duty ${id}`);
        if (action === undefined) return showDuties(run, { ...summary, duties: [duty] });
        await change(run, summary, duty.id, action, options);
      },
    );
}

async function open(run: Run, id: string, typed: string, { reason, because }: DutyOptions): Promise<void> {
  const duty = typed.includes('/') ? typed.toLowerCase() : `authority-notice/${typed.toLowerCase()}`;
  needed({ '--reason': reason ?? because }, `seventytwo duty ${id} ${duty} open --reason "…"`);
  const answer = await run.api.send<Answer>('POST', pathOf('openDuty', { id, duty }), { reason: reason ?? because });
  await report(run, answer.body, `Owed: ${duty}.`);
}

async function showDuties(run: Run, summary: Summary): Promise<void> {
  const look = await lookOf(run);
  run.answer(summary.duties, (duties) => {
    if (duties.length === 0) return ['No duty is open yet: the risk is not decided.', '', ...nextLines(summary, look)];
    const rows = duties.flatMap((duty) => [
      [look.paint.bold(duty.id), duty.state.replaceAll('_', ' ')],
      ['', duty.dueAt ? `by ${bothTimes(duty.dueAt, look.zone)}` : (duty.asSoonAs ?? '')],
      ['', `${duty.basis.cite} (${duty.basis.rule})`],
      ...(duty.dischargedAt ? [['', `discharged ${bothTimes(duty.dischargedAt, look.zone)}`]] : []),
      ...(duty.hold
        ? [['', `held, case ${duty.hold.caseRef}; review by ${bothTimes(duty.hold.reviewAt, look.zone)}`]]
        : []),
    ]);
    const why = openLines(summary, (id) => duties.some((duty) => duty.id === id), look);
    return [
      ...table(rows, { width: look.width }),
      ...(why.length > 0 ? ['', look.paint.bold('Why it is open, and what ends it'), ...why] : []),
      '',
      ...nextLines(summary, look),
    ];
  });
}

async function change(
  run: Run,
  summary: Summary,
  duty: string,
  action: Exclude<(typeof ACTIONS)[number], 'open'>,
  options: DutyOptions,
): Promise<void> {
  const reason = options.reason ?? options.because;
  const [base, id] = [`seventytwo duty ${summary.id} ${duty} ${action}`, summary.id];
  let route: RouteId;
  let body: unknown;
  if (action === 'hold') {
    needed(
      {
        '--requested-by': options.requestedBy,
        '--basis': options.basis,
        '--case': options.case,
        '--review': options.review,
      },
      `${base} --requested-by "Police" --basis "…" --case … --review "2026-11-25 09:00"`,
    );
    const review = await run.instant(options.review ?? '', '--review', summary.now);
    [route, body] = [
      'holdDuty',
      { requestedBy: options.requestedBy, basis: options.basis, caseRef: options.case, reviewAt: review.at },
    ];
  } else if (action === 'release') {
    needed({ '--reason': reason }, `${base} --reason "the police have lifted it"`);
    [route, body] = ['releaseDuty', { reason }];
  } else {
    needed(
      { '--reason': reason, '--rule': options.rule },
      `${base} --rule ${RULE_OF[duty.split('/')[0] ?? ''] ?? 'R-414'} --reason "…" --proof "…"`,
    );
    [route, body] = [
      'exemptDuty',
      {
        reason,
        rule: options.rule?.toUpperCase(),
        ...(options.proof !== undefined && { proof: options.proof }),
        ...(options.confirm !== undefined && { confirms: options.confirm }),
        ...(options.breakGlass !== undefined && { breakGlass: { reason: options.breakGlass } }),
      },
    ];
  }
  const answer = await run.api.send<Answer>('POST', pathOf(route, { id, duty }), body);
  const proposed =
    action === 'exempt' &&
    !['exempt', 'waived'].includes(answer.body.incident.duties.find((one) => one.id === duty)?.state ?? '');
  await report(
    run,
    answer.body,
    proposed
      ? 'Proposed. It takes effect when a second person has confirmed it.'
      : { hold: `Held: ${duty}.`, release: `Owed again: ${duty}.`, exempt: `Exempt: ${duty}.` }[action],
  );
}

/** The one whose id was typed whole, or so much of it that only one fits. */
function found<T extends { readonly id: string }>(all: readonly T[], typed: string, kind: string, list: string): T {
  const wanted = typed.toLowerCase();
  const fitting = all.filter((one) => one.id.toLowerCase() === wanted);
  const candidates = fitting.length > 0 ? fitting : all.filter((one) => one.id.toLowerCase().includes(wanted));
  const [only, other] = candidates;
  if (only !== undefined && other === undefined) return only;
  if (other !== undefined) throw wrongUsage(`Several fit: ${candidates.map((one) => one.id).join(', ')}.`, list);
  const near = nearest(
    typed,
    all.map((one) => one.id),
  );
  throw refused(
    [
      `There is no such ${kind} here.${near ? ` The nearest is ${near}.` : ''}${all.length > 0 ? ` There are: ${all.map((one) => one.id).join(', ')}.` : ''}`,
    ],
    [list],
  );
}

interface TaskOptions extends CommonOptions, TellingOptions {
  readonly done?: boolean;
  readonly note?: string;
  readonly finding?: string;
}

export function registerTask(program: Command, world: World): void {
  online(
    program
      .command('task')
      .argument('<id>', 'incident')
      .argument('[task]', 'its id, or so much of it that only one fits'),
  )
    .summary('what people owe; --done when it is done')
    .description('Without a task: all of them, open ones first.')
    .option('--done', 'the task is done')
    .option('--note <text>', 'what was done, in a sentence; why the rest are owed no word, where --number is fewer')
    .option('--on <day>', 'people were told: on which day')
    .option(
      '--number <count>',
      'how many more were told by this, without those whom a mailing reached; left out where a public announcement cannot be counted',
    )
    .option('--means <means>', 'INDIVIDUAL (letter, call, e-mail), PUBLIC, OTHER; several with commas')
    .option('--other-means <text>', 'which, with OTHER')
    .option('--text <text>', 'what they were told, or where it can be read')
    .option('--finding <text>', 'review of a break-glass: what you found')
    .action(async (typedId: string, typedTask: string | undefined, options: TaskOptions) => {
      const id = incidentId(typedId);
      const told = typedTelling(options, `seventytwo task ${id} ${typedTask ?? 'TASK'} --done`);
      const done =
        options.done === true || options.note !== undefined || options.finding !== undefined || told !== undefined;
      if (done && typedTask === undefined)
        throw wrongUsage('Which task is done?', `seventytwo task ${id}   (lists them)`);
      const reader = new Run(world, options, 'Read', id, { silent: done });
      const summary = await incident(reader, id);
      const tasks =
        typedTask === undefined ? summary.tasks : [found(summary.tasks, typedTask, 'task', `seventytwo task ${id}`)];
      const only = tasks[0];
      const may = options.finding !== undefined ? 'ReviewBreakGlass' : 'CompleteTask';
      const run = done ? new Run(world, options, may, id, only && { roles: only.roles }) : reader; // a task is for some of those who may end tasks
      if (only?.kind === 'review-break-glass' && done) {
        needed(
          { '--finding': options.finding },
          `seventytwo task ${id} ${only.id} --finding "it was right to act alone: …"`,
        );
        const answer = await run.api.send<Answer>('POST', pathOf('reviewBreakGlass', { id, use: only.about }), {
          finding: options.finding,
        });
        return report(run, answer.body, `Reviewed: ${only.about}.`);
      }
      if (done && only) {
        const answer = await run.api.send<Answer>('POST', pathOf('completeTask', { id, task: only.id }), {
          ...(options.note !== undefined && { note: options.note }),
          ...(told && { told }),
        });
        return report(run, answer.body, `Done: ${only.id}.`);
      }
      const look = await lookOf(run);
      run.answer(tasks, (shown) => [
        ...(shown.length === 0 ? ['No tasks.'] : []),
        ...table(
          shown.map((task) => [
            look.paint.bold(task.id),
            taskName(task),
            task.doneAt
              ? `done ${localTime(task.doneAt, look.zone)}${task.told ? `; ${toldText(task.told)}` : ''}`
              : `open, ${task.roles.join(' or ')}${task.dueAt ? `, by ${localTime(task.dueAt, look.zone)}` : ''}`,
          ]),
          { width: look.width },
        ),
        '',
        ...openTasks(summary, shown, look),
        ...nextLines(summary, look),
      ]);
    });
}

/** What each of them asks for, and the command that ends it. */
function openTasks(summary: Summary, shown: Summary['tasks'], look: Look): string[] {
  const lines = openLines(summary, (id) => shown.some((task) => task.id === id), look);
  return lines.length > 0 ? [look.paint.bold('What is asked, and what ends it'), ...lines, ''] : [];
}

export function registerAck(program: Command, world: World): void {
  online(
    program
      .command('ack')
      .argument('<id>', 'incident')
      .argument('[milestone]', 'such as aware+48h; everything that rings, when left out'),
  )
    .summary('"I have it": stops the alarm')
    .description('Acknowledges what rings. The clock goes on; the next milestone calls again.')
    .action(async (typedId: string, milestone: string | undefined, options: CommonOptions) => {
      const id = incidentId(typedId);
      const run = new Run(world, options, 'Acknowledge', id);
      const answer = await run.api.send<Answer>(
        'POST',
        pathOf('acknowledge', { id }),
        milestone === undefined ? {} : { milestone },
      );
      await report(run, answer.body, 'Acknowledged.');
    });
}
