import { existsSync, readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { MessageFields } from '../../formats/http/requests.js';
import { pathOf, type Permission } from '../../formats/http/routes.js';
import type { Answer, ImportReport, Mailings, MessageAnswer, PeopleLists } from '../answers.js';
import { refused, wrongUsage } from '../exit.js';
import { pick } from '../pick.js';
import { rowReason } from '../row-reasons.js';
import { segmentLines, segmentRows } from '../segment-text.js';
import { approve, approvedMessage, listOf, message, type MessageOptions, preview } from './people-message.js';
import { incident, lookOf, report } from '../report.js';
import { incidentId, needed, oneOf, online, Run, type World, wholeNumber } from '../run.js';
import { headLines, nextLines, openLines, totalsText } from '../summary-text.js';
import { table } from '../table.js';
import { toldText } from '../telling.js';
import { printable } from '../terminal.js';

const ACTIONS = ['import', 'accept', 'message', 'preview', 'approve', 'start', 'pause', 'resume', 'status'] as const;
type Action = (typeof ACTIONS)[number];
const NEEDS: Readonly<Record<Action, Permission>> = {
  import: 'UploadPeople',
  accept: 'FreezePeopleList',
  message: 'DraftNotice',
  preview: 'Read',
  approve: 'ApproveMessage',
  start: 'StartMailing',
  pause: 'PauseMailing',
  resume: 'ResumeMailing',
  status: 'Read',
};

interface Options extends MessageOptions {
  readonly reason?: string;
  readonly because?: string;
}

export function registerPeople(program: Command, world: World): void {
  online(
    program
      .command('people')
      .argument('<id>', 'incident')
      .argument('[action]', ACTIONS.join(', '))
      .argument('[what]', 'a file, list, message or mailing'),
  )
    .summary('tell the people: import, message, approve, start')
    .description(
      `Without an action: lists, messages and mailings, and what comes next.
  import FILE       upload the list (CSV: email; language, country, data if you have them);
                    nothing is sent
  accept [LIST]     from here on the list cannot change
  message [MESSAGE] propose the text from the facts, one for each language and kind of
                    data on the list; --set field=text changes it;
                    a MESSAGE named: begin with its texts, as they were left
                    (--set de/CONTACT:field=text for one of several, --set de:… for all in German)
  preview [MESSAGE] as people will read it (--html FILE writes the page; --text NAME one of several)
  approve [MESSAGE] approve the text for a list; two people, each once
  start [MESSAGE]   send the approved message to the accepted list
  pause, resume [N] stop and go on where it stopped
  status            how far it is`,
    )
    .option('--list <list>', 'message, approve, start: the list; the accepted one when left out')
    .option('--language <code>', 'message: such as en, de, fr')
    .option('--set <field=text...>', `message: ${Object.keys(MessageFields.shape).join(', ')}`)
    .option('--html <file>', 'preview: write the page')
    .option('--text <name>', 'preview: of several texts this one, such as de/CONTACT')
    .option('--yes', 'approve: do not ask (without a terminal this or the name of the MESSAGE is needed)')
    .option('--reason <text>', 'pause: why')
    .addOption(new Option('--because <text>').hideHelp())
    .option(
      '--break-glass <reason>',
      'approve: nobody else is awake; everybody is alarmed and a review is owed within 24 hours',
    )
    .action(async (typedId: string, typedAction: string | undefined, what: string | undefined, options: Options) => {
      const id = incidentId(typedId);
      const action = typedAction === undefined ? 'status' : oneOf(typedAction, ACTIONS, 'The action');
      if (action === 'import') await importList(world, id, what, options);
      else await act(new Run(world, options, NEEDS[action], id), id, action, what, options);
    });
}

async function act(
  run: Run,
  id: string,
  action: Exclude<Action, 'import'>,
  what: string | undefined,
  options: Options,
): Promise<void> {
  switch (action) {
    case 'accept':
      return accept(run, id, what);
    case 'message':
      return message(run, id, what, options);
    case 'preview':
      return preview(run, id, what, options);
    case 'approve':
      return approve(run, id, what, options);
    case 'start':
      return start(run, id, what, options);
    case 'pause':
    case 'resume':
      return control(run, id, action, what, options);
    case 'status':
      return status(run, id);
  }
}

async function importList(world: World, id: string, file: string | undefined, options: Options): Promise<void> {
  if (file === undefined) throw wrongUsage('Which file?', `seventytwo people ${id} import people.csv`);
  if (!existsSync(file))
    throw refused(
      [`${file} is not there.`],
      ['It is a CSV file whose first line names the columns; one of them is email.'],
    );
  const run = new Run(world, options, 'UploadPeople', id);
  const answer = await run.api.upload<ImportReport>(pathOf('uploadPeople', { id }), 'text/csv', readFileSync(file));
  const look = await lookOf(run);
  run.answer(answer.body, (shown) => [
    `${shown.count} people on ${look.paint.bold(shown.list)}. Duplicates merged: ${shown.duplicates}. Rows that cannot be used: ${shown.rejected}.`,
    ...table(
      shown.problems
        .slice(0, 20)
        .map((one) => [`row ${one.row}`, one.column === null ? '' : `column ${one.column}`, rowReason(one.reason)]),
      { width: look.width, indent: '  ' },
    ),
    ...(shown.problems.length > 20 || shown.problemsLeftOut > 0
      ? [
          `  and ${shown.problems.length - Math.min(20, shown.problems.length) + shown.problemsLeftOut} more (--json shows those on record)`,
        ]
      : []),
    ...segmentLines(shown.segments, look.width),
    '',
    look.paint.bold(
      shown.rejected > 0
        ? 'Next: repair the file and import it again, or take the list as it is'
        : 'Next: accept the list; from then on it cannot change',
    ),
    `      ${run.withSide(`seventytwo people ${id} accept ${shown.list}`)}`,
  ]);
}

async function accept(run: Run, id: string, what: string | undefined): Promise<void> {
  const { lists } = await run.api.get<PeopleLists>(pathOf('people', { id }));
  const list = pick(
    lists.filter((one) => what !== undefined || !one.accepted),
    what,
    (one) => one.list,
    'list',
    run.withSide(`seventytwo people ${id} import FILE`),
  );
  const answer = await run.api.send<Answer>('POST', pathOf('acceptPeople', { id, list: list.list }), {
    sha256: list.sha256,
  });
  await report(run, answer.body, `Accepted: ${list.count} people, SHA-256 ${list.sha256.slice(0, 12)}…`);
}

async function start(run: Run, id: string, what: string | undefined, options: Options): Promise<void> {
  const message = await approvedMessage(run, id, what);
  const list = await listOf(run, id, options);
  const { content } = await run.api.get<MessageAnswer>(pathOf('message', { id, message }));
  const answer = await run.api.send<Answer>('POST', pathOf('startMailing', { id }), { message, list });
  const mailing = answer.body.incident.mailings.at(-1);
  await report(
    run,
    answer.body,
    `${mailing ? `Mailing ${mailing.mailing} is on its way to ${mailing.count} people.` : 'The mailing starts.'} ${content.model === 2 ? `The message is ${message}, in ${content.variants.length} texts: each person gets theirs.` : `The text is ${message}, “${printable(content.subject)}”.`}`,
  );
}

async function control(
  run: Run,
  id: string,
  action: 'pause' | 'resume',
  what: string | undefined,
  options: Options,
): Promise<void> {
  const { mailings } = await run.api.get<Mailings>(pathOf('mailings', { id }));
  const latest = mailings.at(-1);
  const mailing = what === undefined ? latest?.mailing : wholeNumber(what, 'The mailing');
  if (mailing === undefined) throw refused(['No mailing has been started.'], [run.withSide(`seventytwo people ${id}`)]);
  const reason = options.reason ?? options.because;
  if (action === 'pause')
    needed({ '--reason': reason }, `seventytwo people ${id} pause ${mailing} --reason "a wrong sentence in the text"`);
  const route = action === 'pause' ? 'pauseMailing' : 'resumeMailing';
  const answer = await run.api.send<Answer>(
    'POST',
    pathOf(route, { id, mailing }),
    action === 'pause' ? { reason } : {},
  );
  await report(
    run,
    answer.body,
    action === 'pause'
      ? `Mailing ${mailing} stops within seconds; nobody is lost.`
      : `Mailing ${mailing} goes on where it stopped.`,
  );
}

async function status(run: Run, id: string): Promise<void> {
  const [summary, { lists }, { mailings }] = await Promise.all([
    incident(run, id),
    run.api.get<PeopleLists>(pathOf('people', { id })),
    run.api.get<Mailings>(pathOf('mailings', { id })),
  ]);
  const look = await lookOf(run);
  run.answer({ lists, messages: summary.messages, mailings }, (shown) => {
    const rows = [
      ...shown.lists.flatMap((one) => [
        [one.list, `${one.count} people, ${one.rejected} rejected; ${one.accepted ? 'accepted' : 'not accepted'}`],
        ...segmentRows(one.segments).map((row) => ['', row.join('  ')]),
      ]),
      ...shown.messages.map((one) => [one.id, `for ${one.list}; ${one.approvals} of ${one.needed} approvals`]),
      ...shown.mailings.map((one) => [
        `mailing ${one.mailing}`,
        `${one.state}; ${one.count} people${(one.progress ?? one.totals) ? `; ${totalsText(one.progress ?? one.totals ?? {})}` : ''}`,
      ]),
    ];
    const otherwise = summary.tasks.flatMap(({ id: task, told }) => (told ? [[task, toldText(told)]] : []));
    const why = openLines(summary, (id) => id === 'people-message', look);
    const open = shown.lists.find((one) => !one.accepted);
    const first = open
      ? [
          '',
          `The list ${open.list} is not accepted yet:`,
          `      ${run.withSide(`seventytwo people ${id} accept ${open.list}`)}`,
        ]
      : shown.lists.length === 0 && otherwise.length === 0
        ? [
            '',
            'To tell people, import their list:',
            `      ${run.withSide(`seventytwo people ${id} import people.csv`)}`,
          ]
        : [];
    return [
      ...headLines(summary, look),
      ...(rows.length > 0 ? table(rows, { width: look.width, indent: '  ' }) : ['  No list, no message yet.']),
      ...(otherwise.length > 0
        ? [
            '',
            look.paint.bold('Told otherwise than by a mailing'),
            ...table(otherwise, { width: look.width, indent: '  ' }),
          ]
        : []),
      ...first,
      ...(why.length > 0 ? ['', look.paint.bold('Why the duty is open, and what ends it'), ...why] : []),
      '',
      ...nextLines(summary, look),
    ];
  });
}
