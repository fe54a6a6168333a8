import type { Instant } from '../domain/clock/instant.js';
import type { IncidentSummary, NextStep } from '../domain/incident/summary-shape.js';
import { table } from './table.js';
import type { Paint } from './terminal.js';
import { wrap } from './terminal.js';
import { bothTimes, duration, localTime } from './times.js';

export interface Look {
  readonly paint: Paint;
  readonly width: number;
  readonly zone: string;
  /** Puts --drill or --local behind a command where this run needed it. */
  readonly withSide: (command: string) => string;
  /** Roles of whoever looks; a local stack has a login for each. Null: not known, and every command is shown. */
  readonly roles: readonly string[] | null;
}

/** The incident as a person reads it at three in the morning: the clock first, the next step last, where the eye ends. */
export function incidentLines(summary: IncidentSummary, look: Look): string[] {
  return [
    ...headLines(summary, look),
    '',
    ...clockLines(summary, look),
    ...workLines(summary, look),
    '',
    ...nextLines(summary, look, 'all'),
  ];
}

/** After a command: what it changed is known to the person; the clock and the next step are what counts. */
export function afterLines(summary: IncidentSummary, said: string, look: Look): string[] {
  return [
    ...wrap(said, look.width),
    '',
    ...headLines(summary, look),
    ...clockLines(summary, look),
    '',
    ...nextLines(summary, look),
  ];
}

export function headLines(summary: IncidentSummary, look: Look): string[] {
  const mark = summary.mode === 'drill' ? `${look.paint.yellow('EXERCISE')}  ` : '';
  return wrap(`${mark}${look.paint.bold(summary.id)}  ${summary.phase}  ${summary.title}`, look.width);
}

function clockLines(summary: IncidentSummary, look: Look): string[] {
  const rows: string[][] = [];
  if (summary.deadline) {
    const { strict, hoursLeft, passed, provisional } = summary.deadline;
    const told = toldText(summary);
    const left = told ?? `${duration(hoursLeft)} ${passed ? 'past' : 'left'}`;
    const calm = told !== null ? !told.includes('late') : hoursLeft >= 24;
    const colour = calm ? look.paint.green : passed || hoursLeft < 6 ? look.paint.red : look.paint.yellow;
    const kind = provisional ? ' (provisional: awareness is not confirmed)' : '';
    rows.push(['Deadline', bothTimes(strict, look.zone)], ['', `${colour(left)}${kind}`]);
  } else {
    rows.push(['Deadline', 'none yet: awareness is not confirmed']);
  }
  if (summary.awareAt) rows.push(['Aware since', bothTimes(summary.awareAt, look.zone)]);
  else if (summary.firstHintAt) rows.push(['First hint', bothTimes(summary.firstHintAt, look.zone)]);
  rows.push(['Risk', riskText(summary)]);
  return table(rows, { width: look.width, indent: '  ' });
}

/** Why these are still open, and the command that ends each or brings its end nearer. */
export function openLines(
  summary: Pick<IncidentSummary, 'stillOpen'>,
  wanted: (id: string) => boolean,
  look: Look,
): string[] {
  return summary.stillOpen
    .filter(({ id }) => wanted(id))
    .flatMap(({ id, because, ends }) => [
      ...wrap([`${look.paint.bold(id)}:`, ...because].join(' '), look.width - 2).map(
        (line, index) => `${index === 0 ? '  ' : '    '}${line}`,
      ),
      ...ends.flatMap(({ says, command }) => [
        ...wrap(says, look.width - 4).map((line) => `    ${line}`),
        `      ${look.withSide(command)}`,
      ]),
    ]);
}

/** What a task is about, in a few words: a kind of its own, or what the others are for. */
export function taskName({ kind, about }: IncidentSummary['tasks'][number]): string {
  const [what = '', which = ''] = about.split('/');
  if (kind !== 'other') return kind.replaceAll('-', ' ');
  if (what === 'unreached') return `tell whom mailing ${which} missed`;
  if (what === 'tell-controller') return `tell ${which}`;
  return what === '' ? 'other' : what.replaceAll('-', ' ');
}

/** Once every authority was told, hours left are nobody's worry any more. */
function toldText(summary: IncidentSummary): string | null {
  const duties = summary.duties.filter((duty) => duty.kind === 'authority-notice');
  if (summary.phase === 'withdrawn') return 'withdrawn';
  if (duties.length === 0 || duties.some((duty) => duty.state === 'open' || duty.state === 'held'))
    return summary.phase === 'closed' ? 'closed' : null;
  if (duties.some((duty) => duty.state === 'discharged_late')) return 'the authority was told, late';
  return duties.some((duty) => duty.state === 'filed_receipt_pending')
    ? 'the authority was told; its receipt is awaited'
    : 'the authority was told in time';
}

function riskText(summary: IncidentSummary): string {
  const { decided, proposed, waitsForSecondPerson } = summary.level;
  const facts = `${summary.factsKnown} facts known`;
  if (waitsForSecondPerson) return `a decision waits for its second person (${waitsForSecondPerson}); ${facts}`;
  if (decided)
    return `${decided}, decided${proposed && proposed !== decided ? ` (triage now proposes ${proposed})` : ''}; ${facts}`;
  return proposed ? `${proposed} proposed, not decided; ${facts}` : `not assessed; ${facts}`;
}

function workLines(summary: IncidentSummary, look: Look): string[] {
  const lines: string[] = [];
  const section = (title: string, rows: string[][]): void => {
    if (rows.length > 0) lines.push('', look.paint.bold(title), ...table(rows, { width: look.width, indent: '  ' }));
  };
  section(
    'Duties',
    summary.duties.map((duty) => [
      duty.id,
      look.paint[duty.state === 'open' ? 'yellow' : duty.state === 'discharged_late' ? 'red' : 'green'](
        duty.state.replaceAll('_', ' '),
      ),
      duty.dueAt ? localTime(duty.dueAt, look.zone) : (duty.asSoonAs ?? ''),
    ]),
  );
  const why = openLines(summary, (id) => id !== 'register' && summary.duties.some((duty) => duty.id === id), look);
  if (why.length > 0) lines.push('', look.paint.bold('Why a duty is open, and what ends it'), ...why);
  const open = summary.tasks.filter((task) => task.doneAt === null);
  section(
    'Tasks',
    open.map((task) => [
      task.id,
      taskName(task),
      `${task.roles.join(' or ')}${task.dueAt ? `, by ${localTime(task.dueAt, look.zone)}` : ''}`,
    ]),
  );
  section(
    'Notices',
    summary.notices.map((notice) => [`phase ${notice.phase}`, notice.completeness.toLowerCase(), noticeState(notice)]),
  );
  section('People', [
    ...summary.lists.map((list) => [
      list.id,
      `${list.count} people`,
      `list accepted${list.rejected ? `, ${list.rejected} rows could not be used` : ''}`,
    ]),
    ...summary.messages.map((message) => [
      message.id,
      `${message.approvals} of ${message.needed} approvals`,
      `message for ${message.list}`,
    ]),
    ...summary.mailings.map((mailing) => [
      `mailing ${mailing.mailing}`,
      mailing.state,
      mailing.totals ? totalsText(mailing.totals) : `${mailing.count} people`,
    ]),
  ]);
  section(
    'Waits for a second person',
    summary.waiting.map((one) => [one.proposal, one.action, `since ${localTime(one.at, look.zone)}`]),
  );
  const ringing = isOver(summary)
    ? []
    : summary.milestones.filter((one) => one.reachedAt !== null && one.owed && !one.acknowledged);
  section(
    'Ringing',
    ringing.map((one) => [
      one.id,
      `since ${localTime(one.reachedAt ?? one.dueAt, look.zone)}`,
      look.withSide(`seventytwo ack ${summary.id}`),
    ]),
  );
  return lines;
}

function noticeState(notice: IncidentSummary['notices'][number]): string {
  const deliveries = notice.deliveries.map(
    (one) => `${one.authority}: ${one.receipt ? `receipt ${one.receipt.reference}` : one.state.replaceAll('_', ' ')}`,
  );
  const approval =
    notice.approvedSha256 === null
      ? 'draft, not approved'
      : notice.approvedSha256 === notice.draftSha256
        ? 'approved'
        : 'approved; a newer draft is on the table';
  return [`${approval}${notice.held ? ', held back' : ''}`, ...deliveries].join('; ');
}

export function totalsText(totals: Readonly<Record<string, number>>): string {
  return Object.entries(totals)
    .flatMap(([state, count]) => (count > 0 || state === 'accepted' ? [`${count} ${state}`] : []))
    .join(', ');
}

/** The next steps: first the one thing to do, with the command that does it on a line of its own. */
export function nextLines(
  summary: Pick<IncidentSummary, 'id' | 'next' | 'phase'>,
  look: Look,
  howMany: 'first' | 'all' = 'first',
): string[] {
  const [first, ...others] = isOver(summary)
    ? summary.next.filter(({ command }) => !command.startsWith('seventytwo ack '))
    : summary.next;
  if (!first)
    return summary.phase === 'closed'
      ? [
          look.paint.green('Nothing is owed any more. It stands in the register:'),
          `      ${look.withSide('seventytwo register')}`,
        ]
      : [look.paint.green('Nothing is owed right now.')];
  return [
    ...stepLines('Next: ', first, look),
    ...(howMany === 'all'
      ? others.flatMap((step) => stepLines('Then: ', step, look))
      : thenLines(summary.id, others, look)),
  ];
}

const SHOWN_AFTER_THE_FIRST = 3;

export function thenLines(id: string, steps: readonly NextStep[], look: Look): string[] {
  const left = steps.length - SHOWN_AFTER_THE_FIRST;
  return [
    ...steps.slice(0, SHOWN_AFTER_THE_FIRST).flatMap((step) => stepLines('Then: ', step, look)),
    ...(left > 0 ? [`… and ${left} more: ${look.withSide(`seventytwo status ${id}`)}`] : []),
  ];
}

/** Where the server did not say who this is, the refusal will. */
export const may = ({ roles }: Pick<Look, 'roles'>, allowed: readonly string[]): boolean =>
  roles === null || allowed.some((role) => roles.includes(role));

function stepLines(label: string, step: NextStep, look: Look): string[] {
  const who = step.roles.join(' or ');
  // A command that would be refused helps nobody: whoever may do it is named instead.
  const mine = who === '' || may(look, step.roles);
  const due = step.dueAt ? ` By ${localTime(step.dueAt, look.zone)}.` : '';
  const whose = who === '' ? '' : mine ? ` (${who})` : ` (for ${who}, not for ${look.roles?.join(', ')})`;
  const said = wrap(`${label}${step.says}${whose}${due}`, look.width - 6);
  // A command is never broken over lines by us: it is there to be copied.
  return [
    look.paint.bold(said[0] ?? ''),
    ...said.slice(1).map((line) => `      ${line}`),
    ...(step.command && mine ? [`      ${look.withSide(step.command)}`] : []),
  ];
}

/** The board: one line for each incident, the most urgent first. */
export function boardLines(incidents: readonly BoardRow[], look: Look, withoutClock: readonly string[] = []): string[] {
  if (incidents.length === 0)
    return [
      'No incident is open.',
      '',
      'Next: something leaked?',
      '      seventytwo declare "WHAT HAPPENED, IN FIVE WORDS"',
    ];
  const rows = incidents.map((one) => [
    look.paint.bold(one.id),
    one.phase,
    [
      ...(withoutClock.includes(one.id) ? [look.paint.red('NOT RUNNING')] : []),
      ...(one.deadline && !isOver(one) ? [leftText(one.deadline, look)] : []),
    ].join(', '),
    one.title,
  ]);
  const first = incidents.find((one) => !isOver(one));
  return [
    ...table(rows, { width: look.width, head: ['INCIDENT', 'PHASE', 'CLOCK', 'TITLE'] }),
    '',
    ...(first
      ? ['Next: see one of them', `      ${look.withSide(`seventytwo status ${first.id}`)}`]
      : ['No incident is open.']),
  ];
}

/** Closed or withdrawn: no clock runs, and nobody is called. */
export const isOver = ({ phase }: { readonly phase: string }): boolean => phase === 'closed' || phase === 'withdrawn';

export interface BoardRow {
  readonly id: string;
  readonly phase: string;
  readonly title: string;
  readonly deadline: {
    readonly strict: Instant;
    readonly hoursLeft: number;
    readonly passed: boolean;
    readonly provisional?: boolean;
  } | null;
}

function leftText(deadline: NonNullable<BoardRow['deadline']>, look: Look): string {
  const text = `${duration(deadline.hoursLeft)} ${deadline.passed ? 'past' : 'left'}`;
  return deadline.passed || deadline.hoursLeft < 6
    ? look.paint.red(text)
    : deadline.hoursLeft < 24
      ? look.paint.yellow(text)
      : text;
}
