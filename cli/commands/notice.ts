import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { MAY } from '../../domain/incident/commands.js';
import type { Delivery } from '../../domain/incident/state.js';
import { pathOf, type Permission } from '../../formats/http/routes.js';
import type { Answer, NoticePhase, Notices, Summary } from '../answers.js';
import { agreed } from '../choice-list.js';
import { refused, wrongUsage } from '../exit.js';
import { noticeLines } from '../notice-text.js';
import { afterEngine, incident, incidentNext, lookOf, report } from '../report.js';
import { type CommonOptions, incidentId, needed, oneOf, online, Run, type World, wholeNumber } from '../run.js';
import { headLines, nextLines } from '../summary-text.js';
import { table } from '../table.js';
import { bothTimes, localTime } from '../times.js';
import { printable, wrap } from '../terminal.js';

const ACTIONS = ['draft', 'show', 'approve', 'release', 'revoke', 'receipt', 'pdf', 'json', 'html'] as const;
type Action = (typeof ACTIONS)[number];

const NEEDS: Readonly<Record<Action, keyof typeof MAY>> = {
  draft: 'DraftNotice',
  show: 'Read',
  approve: 'ApproveNotice',
  release: 'ReleaseNotice',
  revoke: 'RevokeApproval',
  receipt: 'RecordReceipt',
  pdf: 'Read',
  json: 'Read',
  html: 'Read',
};

interface Options extends CommonOptions {
  readonly phase?: string;
  readonly sha256?: string;
  readonly hold?: boolean;
  readonly yes?: boolean;
  readonly withdraw?: string;
  readonly authority?: string;
  readonly reference?: string;
  readonly received?: string;
  readonly evidence?: string;
  readonly reason?: string;
  readonly because?: string;
  readonly out?: string;
  readonly version?: string;
  readonly whole?: boolean;
}

export function registerNotice(program: Command, world: World): void {
  online(program.command('notice').argument('<id>', 'incident').argument('[action]', ACTIONS.join(', ')))
    .summary('the notice to the authority: draft, read, approve, receipt')
    .description(
      `Without an action: every phase and where it stands.
  draft     a draft of the next phase from the facts as they are now
  show      what is on the table, and its hash (--whole: the full text)
  approve   approve exactly what is shown; it is sent at once unless --hold
  release   send what was approved with --hold
  revoke    take an approval back that was not sent yet
  receipt   record the authority's receipt: --reference, --received
  pdf, json, html   write the document as that authority gets it
Offline: seventytwo notice build FILE --out DIR`,
    )
    .option('--phase <number>', 'the phase; the latest one when left out')
    .option('--sha256 <hash>', 'approve, revoke: the hash that you read')
    .option('--hold', 'approve without sending')
    .option('--yes', 'approve: do not ask (without a terminal this or --sha256 is needed)')
    .option('--withdraw <reason>', 'draft: withdraw what was filed, for this reason')
    .option('--authority <authority>', 'receipt, documents: which one; the only one when left out')
    .option('--reference <text>', "receipt: the authority's own reference")
    .option('--received <instant>', "receipt: the receipt's own time (it decides whether the notice was in time)")
    .option('--evidence <text>', 'receipt: where the receipt is kept')
    .option('--reason <text>', 'revoke: why')
    .addOption(new Option('--because <text>').hideHelp())
    .option('--whole', 'show: the full text')
    .option('--version <which>', 'documents: draft, approved or sent')
    .option('--out <file>', 'documents: where to write')
    .action(async (typedId: string, typedAction: string | undefined, options: Options) => {
      const id = incidentId(typedId);
      const action = typedAction === undefined ? undefined : oneOf(typedAction, ACTIONS, 'The action');
      const may: Permission = action === undefined ? 'Read' : NEEDS[action];
      const run = new Run(world, options, may, id);
      switch (action) {
        case undefined:
          return overview(run, id);
        case 'draft':
          return draft(run, id, options);
        case 'show':
          return show(run, id, options);
        case 'approve':
          return approve(run, id, options);
        case 'release':
          return release(run, id, options);
        case 'revoke':
          return revoke(run, id, options);
        case 'receipt':
          return receipt(run, id, options);
        case 'pdf':
        case 'json':
        case 'html':
          return document(run, id, action, options);
      }
    });
}

async function overview(run: Run, id: string): Promise<void> {
  const summary = await incident(run, id);
  const look = await lookOf(run);
  run.answer(summary, (shown) => {
    const rows = shown.notices.flatMap((one) => [
      [
        look.paint.bold(`phase ${one.phase}`),
        `${one.kind.toLowerCase().replace('_', ' ')}, ${one.completeness.toLowerCase()}`,
      ],
      [
        '',
        one.approvedSha256
          ? `approved ${one.approvedSha256.slice(0, 12)}…${one.held ? ', held back' : ''}`
          : `draft ${one.draftSha256.slice(0, 12)}…, not approved`,
      ],
      ...one.deliveries.map((delivery) => [
        '',
        `${delivery.authority}: ${delivery.state.replaceAll('_', ' ')}${delivery.submittedAt ? ` ${localTime(delivery.submittedAt, look.zone)}` : ''}${delivery.receipt ? `, receipt ${delivery.receipt.reference}` : ''}`,
      ]),
    ]);
    return [
      ...headLines(shown, look),
      ...(rows.length > 0 ? table(rows, { width: look.width, indent: '  ' }) : ['  No notice has been drafted.']),
      '',
      ...nextLines(shown, look),
    ];
  });
}

async function draft(run: Run, id: string, options: Options): Promise<void> {
  const answer = await run.api.send<Answer>(
    'POST',
    pathOf('draftNotice', { id }),
    options.withdraw === undefined ? {} : { withdraw: options.withdraw },
  );
  const latest = answer.body.incident.notices.at(-1);
  await report(
    run,
    answer.body,
    latest
      ? `On the table: phase ${latest.phase}, ${latest.completeness.toLowerCase()}, ${latest.draftSha256.slice(0, 12)}…`
      : 'Asked for: the draft is being made.',
  );
}

/** The phase asked for, or the latest. */
async function phaseOf(run: Run, id: string, options: Options): Promise<NoticePhase> {
  if (options.phase !== undefined)
    return run.api.get<NoticePhase>(pathOf('notice', { id, phase: wholeNumber(options.phase, '--phase') }));
  const { notices } = await run.api.get<Notices>(pathOf('notices', { id }));
  const latest = [...notices].sort((a, b) => b.phase - a.phase)[0];
  if (!latest) throw refused(['No notice has been drafted yet.'], [run.withSide(`seventytwo notice ${id} draft`)]);
  return latest;
}

function authorityOf(summary: Summary, options: Options, phase?: number): string {
  const delivered = summary.notices.find((one) => one.phase === phase)?.deliveries.map((one) => one.authority) ?? [];
  const owed = summary.duties.filter((one) => one.kind === 'authority-notice').map((one) => one.to);
  const known = [...new Set([...delivered, ...owed])];
  if (options.authority !== undefined)
    return oneOf(options.authority, known.length > 0 ? known : [options.authority.toLowerCase()], '--authority');
  const [only, other] = known;
  if (only !== undefined && other === undefined) return only;
  throw refused(
    [known.length === 0 ? 'No authority is owed a notice yet.' : 'Several authorities are told; say which one.'],
    known.length === 0
      ? [summary.next[0]?.command ?? `seventytwo assess ${summary.id}`]
      : known.map((one) => `--authority ${one}`),
  );
}

async function show(run: Run, id: string, options: Options): Promise<void> {
  const phase = await phaseOf(run, id, options);
  const look = await lookOf(run);
  if (options.whole && !run.json) {
    const summary = await incident(run, id);
    const authority = authorityOf(summary, options, phase.phase);
    const text = await run.api.bytes(
      `${pathOf('noticeDocument', { id, authority, phase: phase.phase, format: 'txt' })}${query(options)}`,
      'text/plain',
    );
    run.terminal.out(printable(text.toString('utf8')));
    return;
  }
  const next = run.json ? [] : await incidentNext(run, id);
  run.answer(phase, (shown) => [...noticeLines(id, shown, look), '', ...next]);
}

const query = (options: Options): string =>
  options.version === undefined ? '' : `?version=${encodeURIComponent(options.version)}`;

async function approve(run: Run, id: string, options: Options): Promise<void> {
  if (run.json && options.sha256 === undefined) {
    throw wrongUsage(
      'With --json nothing is shown, so --sha256 must say which version was read.',
      run.withSide(`seventytwo notice ${id} show --json`),
    );
  }
  const phase = await phaseOf(run, id, options);
  const look = await lookOf(run);
  const before = phase.approved;
  // Asked before anything is sent: the same approval again is no mistake of the person. Holding it back now would be another matter.
  if (before && before.sha256 === (options.sha256?.toLowerCase() ?? phase.draft.sha256) && options.hold !== true) {
    const summary = await incident(run, id);
    return run.answer({ already: true, phase: phase.phase, sha256: before.sha256, incident: summary }, (shown) => [
      ...wrap(
        `Phase ${shown.phase}, ${shown.sha256.slice(0, 12)}…, was approved already, by ${before.by}, ${bothTimes(before.at, look.zone)}. Nothing to do${before.hold ? '; it is held back' : ''}.`,
        look.width,
      ),
      '',
      ...nextLines(shown.incident, look),
    ]);
  }
  if (options.sha256 === undefined) {
    for (const line of noticeLines(id, printable(phase), look)) run.terminal.out(line);
    run.terminal.out('');
    if (run.terminal.interactive && options.yes !== true) {
      if (!(await agreed(options.hold ? 'Approve this, and hold it back?' : 'Approve this, and send it now?'))) {
        throw refused(
          ['Nothing was approved.'],
          [run.withSide(`seventytwo notice ${id} show --whole`), run.withSide(`seventytwo notice ${id} approve`)],
        );
      }
    } else if (options.yes !== true) {
      const exactly = `seventytwo notice ${id} approve --phase ${phase.phase} --sha256 ${phase.draft.sha256}${options.hold ? ' --hold' : ''}`;
      throw refused(
        ['Nothing was approved: without a terminal nobody can be asked, so say which version was read.'],
        [
          run.withSide(exactly),
          'Or approve what is on the table, whatever it says by then: the same command with --yes',
        ],
        { sha256: phase.draft.sha256 },
      );
    }
  }
  const body = {
    sha256: options.sha256?.toLowerCase() ?? phase.draft.sha256,
    ...(options.hold === true && { hold: true }),
  };
  const answer = await run.api.send<Answer>('POST', pathOf('approveNotice', { id, phase: phase.phase }), body);
  const after = options.hold
    ? answer.body
    : await afterEngine(run, answer.body, (summary) => handedOver(summary, phase.phase), HANDED_OVER_WITHIN_MS);
  await report(
    run,
    after,
    `Approved: phase ${phase.phase}, ${body.sha256.slice(0, 12)}… ${options.hold ? 'Held back: nothing is sent.' : deliveryText(after.incident, phase.phase)}`,
  );
}

/** A PDF is set and a relay asked meanwhile: a second or two, more on a busy machine. Who approved wants to see what came of it. */
const HANDED_OVER_WITHIN_MS = 10_000;

/** Each authority's side has left the state in which the engine still has to act. */
const handedOver = (summary: Summary, phase: number): boolean =>
  deliveriesOf(summary, phase).every((one) => one.state !== 'waiting' || filesByHand(summary, one.authority));

const deliveriesOf = (summary: Summary, phase: number) =>
  summary.notices.find((one) => one.phase === phase)?.deliveries ?? [];
const filesByHand = (summary: Summary, authority: string): boolean =>
  summary.tasks.some((task) => task.kind === 'file-at-portal' && task.about === authority && task.doneAt === null);

/** Approved is not sent: a mailbox may be unverified, a portal waits for a person. */
function deliveryText(summary: Summary, phase: number): string {
  return deliveriesOf(summary, phase)
    .map(
      (one) =>
        `${one.authority}: ${filesByHand(summary, one.authority) ? 'to be filed at its portal by a person' : DELIVERY[one.state]}.`,
    )
    .join(' ');
}
const DELIVERY: Readonly<Record<Delivery['state'], string>> = {
  waiting: 'on its way',
  sent: 'taken over by its mail server',
  ambiguous: 'handed over without an answer; it is sent once more',
  refused: 'refused by its mail server',
  at_portal: 'to be filed at its portal by a person',
  unverified_mailbox: 'not sent, nobody has verified its mailbox',
};

async function release(run: Run, id: string, options: Options): Promise<void> {
  const phase = await phaseOf(run, id, options);
  const answer = await run.api.send<Answer>('POST', pathOf('releaseNotice', { id, phase: phase.phase }), {});
  const after = await afterEngine(
    run,
    answer.body,
    (summary) => handedOver(summary, phase.phase),
    HANDED_OVER_WITHIN_MS,
  );
  await report(run, after, `Released: phase ${phase.phase}. ${deliveryText(after.incident, phase.phase)}`);
}

async function revoke(run: Run, id: string, options: Options): Promise<void> {
  const reason = options.reason ?? options.because;
  needed({ '--reason': reason }, `seventytwo notice ${id} revoke --reason "the count is wrong"`);
  const phase = await phaseOf(run, id, options);
  const sha256 = options.sha256 ?? phase.approved?.sha256;
  if (sha256 === undefined)
    throw refused(
      [`Phase ${phase.phase} is not approved, so there is nothing to revoke.`],
      [run.withSide(`seventytwo notice ${id}`)],
    );
  const answer = await run.api.send<Answer>('POST', pathOf('revokeApproval', { id, phase: phase.phase }), {
    sha256,
    reason,
  });
  await report(run, answer.body, `Revoked: phase ${phase.phase}.`);
}

async function receipt(run: Run, id: string, options: Options): Promise<void> {
  needed(
    { '--reference': options.reference, '--received': options.received },
    `seventytwo notice ${id} receipt --reference DPC-2026-1234 --received "2026-11-22 14:05"`,
  );
  const phase = await phaseOf(run, id, options);
  const summary = await incident(run, id);
  const authority = authorityOf(summary, options, phase.phase);
  const received = await run.instant(options.received ?? '', '--received', summary.now);
  const body = {
    reference: options.reference,
    receivedAt: received.at,
    ...(options.evidence !== undefined && { evidence: options.evidence }),
  };
  const answer = await run.api.send<Answer>(
    'POST',
    pathOf('recordReceipt', { id, authority, phase: phase.phase }),
    body,
  );
  const duty = answer.body.incident.duties.find((one) => one.kind === 'authority-notice' && one.to === authority);
  await report(
    run,
    answer.body,
    `Receipt of ${authority} recorded${duty?.state === 'discharged' ? ': in time.' : duty?.state === 'discharged_late' ? ': late.' : '.'}`,
  );
}

const MEDIA = { pdf: 'application/pdf', json: 'application/json', html: 'text/html' } as const;

async function document(run: Run, id: string, format: keyof typeof MEDIA, options: Options): Promise<void> {
  const phase = await phaseOf(run, id, options);
  const summary = await incident(run, id);
  const authority = authorityOf(summary, options, phase.phase);
  const bytes = await run.api.bytes(
    `${pathOf('noticeDocument', { id, authority, phase: phase.phase, format })}${query(options)}`,
    MEDIA[format],
  );
  const file = options.out ?? `${id}-notice-${authority}-${phase.phase}.${format}`;
  writeFileSync(file, bytes, { mode: 0o600 });
  const next = run.json ? [] : nextLines(summary, await lookOf(run));
  run.answer({ file, bytes: bytes.length, phase: phase.phase, authority, sha256: phase.draft.sha256 }, (written) => [
    `Written: ${written.file} (${written.bytes} bytes)`,
    '',
    ...next,
  ]);
}
