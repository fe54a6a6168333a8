import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { AWARENESS, type AwarenessKey } from '../../domain/incident/events.js';
import type { ConfirmAwareness, CorrectAwareness } from '../../formats/http/requests.js';
import { MAY } from '../../domain/incident/commands.js';
import { pathOf } from '../../formats/http/routes.js';
import type { Answer, AwarenessAnswer } from '../answers.js';
import { incident, incidentNext, lookOf, report } from '../report.js';
import { type CommonOptions, incidentId, needed, oneOf, online, Run, type World } from '../run.js';
import { table } from '../table.js';
import { bothTimes, localTime } from '../times.js';
import { refused, wrongUsage } from '../exit.js';
import { shellWord } from '../words.js';

interface Options extends CommonOptions {
  readonly reason?: string;
  readonly because?: string;
  readonly source?: string;
  readonly correct?: boolean;
  readonly key?: string;
  readonly confirm?: string;
  readonly breakGlass?: string;
}

const SHORT: Readonly<Record<string, AwarenessKey>> = {
  aware: 'awareAt',
  hint: 'firstHintAt',
  knew: 'firstEmployeeKnowledgeAt',
  processor: 'processorInformedUsAt',
};
const LABEL: Readonly<Record<AwarenessKey, string>> = {
  firstHintAt: 'First hint',
  firstEmployeeKnowledgeAt: 'First employee knew',
  processorInformedUsAt: 'Processor told us',
  awareAt: 'Aware',
};

export function registerAware(program: Command, world: World): void {
  online(
    program
      .command('aware')
      .argument('<id>', 'incident')
      .argument('[instant]', '02:40, "yesterday 23:15", now, 2026-11-22T02:40+01:00'),
  )
    .summary('confirm or correct when you became aware: this starts the 72 hours')
    .description(
      'Confirms a suspicion from INSTANT on, and starts the 72 hours. With --correct it changes an instant that is on record: an earlier one acts at once, a later one waits for a second person, who repeats the command with --confirm. Without INSTANT it shows what is on record.',
    )
    .option('--reason <text>', 'why this is the instant; needed for a correction')
    .addOption(new Option('--because <text>').hideHelp())
    .option('--source <text>', 'how it is known')
    .option('--correct', 'correct an instant that is on record')
    .option('--key <which>', `with --correct: ${Object.keys(SHORT).join(', ')} (default aware)`)
    .option('--confirm <proposal>', 'you are the second person for this proposal')
    .option(
      '--break-glass <reason>',
      'nobody else is awake: act alone; everybody is alarmed and a review is owed within 24 hours',
    )
    .action(async (typedId: string, typed: string | undefined, options: Options) => {
      const id = incidentId(typedId);
      const correct = options.correct === true || options.confirm !== undefined || options.key !== undefined;
      const run = new Run(
        world,
        options,
        typed === undefined ? 'Read' : correct ? 'CorrectAwareness' : 'ConfirmAwareness',
        id,
      );
      if (typed === undefined) return show(run, id);
      await (correct ? correction(run, id, typed, options) : confirmation(run, id, typed, options));
    });
}

async function show(run: Run, id: string): Promise<void> {
  const awareness = await run.api.get<AwarenessAnswer>(pathOf('awareness', { id }));
  const look = await lookOf(run);
  const next = run.json ? [] : await incidentNext(run, id);
  run.answer(awareness, (shown) => {
    const rows = AWARENESS.flatMap((key) => {
      const finding = shown.awareness[key];
      const before = shown.history.filter((one) => one.key === key).reverse();
      return [
        [LABEL[key], finding ? `${bothTimes(finding.at, look.zone)} (${finding.source})` : 'not on record'],
        // Both values stay on record, so both are shown.
        ...before.map((one) => [
          '',
          `before: ${bothTimes(one.finding.at, look.zone)}, until ${localTime(one.until, look.zone)}: ${one.reason}`,
        ]),
      ];
    });
    return [...table(rows, { width: look.width }), '', ...next];
  });
}

async function confirmation(run: Run, id: string, typed: string, options: Options): Promise<void> {
  const { now, awareAt } = await incident(run, id);
  const read = await run.instant(typed, 'INSTANT', now);
  const reason = options.reason ?? options.because;
  // The same instant again may be a command that was not answered: it keeps its key, and the server knows it.
  if (awareAt && Date.parse(awareAt) !== Date.parse(read.at))
    throw refused(
      [
        `Awareness is on record: ${bothTimes(awareAt, (await lookOf(run)).zone)}, and the 72 hours run from there. Nothing was changed. To change it is a correction: an earlier instant acts at once, a later one takes two people.`,
      ],
      [
        run.withSide(
          `seventytwo aware ${id} ${read.at} --correct --reason ${reason === undefined ? '"…"' : shellWord(reason)}`,
        ),
      ],
    );
  const body: z.input<typeof ConfirmAwareness> = {
    awareness: { awareAt: { ...read, ...(options.source !== undefined && { source: options.source }) } },
    ...(reason !== undefined && { reason }),
  };
  const answer = await run.api.send<Answer>('POST', pathOf('confirmAwareness', { id }), body);
  await report(run, answer.body, 'Confirmed. The 72 hours run from that instant.');
}

async function correction(run: Run, id: string, typed: string, options: Options): Promise<void> {
  const reason = options.reason ?? options.because;
  needed(
    { '--reason': reason },
    run.withSide(`seventytwo aware ${id} ${typed} --correct --reason "the on-call confirmed it at that time"`),
  );
  const word = options.key ?? 'aware';
  const key = SHORT[word] ?? (AWARENESS as readonly string[]).find((each) => each === word);
  if (key === undefined) throw wrongUsage(`--key is one of: ${Object.keys(SHORT).join(', ')}.`);
  const { now } = await incident(run, id);
  const read = await run.instant(typed, 'INSTANT', now);
  const body: z.input<typeof CorrectAwareness> = {
    key: oneOf(key, AWARENESS, '--key'),
    finding: { ...read, ...(options.source !== undefined && { source: options.source }) },
    reason: reason ?? '',
    ...(options.confirm !== undefined && { confirms: options.confirm }),
    ...(options.breakGlass !== undefined && { breakGlass: { reason: options.breakGlass } }),
  };
  const answer = await run.api.send<Answer>('POST', pathOf('correctAwareness', { id }), body);
  const waits = answer.body.incident.waiting.some((one) => one.action === 'CorrectAwareness');
  await report(
    run,
    answer.body,
    waits
      ? `Proposed. A later instant takes effect when a second person has confirmed it.${run.secondPerson(MAY.CorrectAwareness ?? [])}`
      : 'Corrected. Both values stay on record.',
  );
}
