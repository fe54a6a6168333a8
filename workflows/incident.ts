import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  isCancellation,
  log,
  patched,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { LedgerHead } from '../activities/ports.js';
import { earliest, type Instant } from '../domain/clock/instant.js';
import { actTime, liveClock, realMsUntil } from '../domain/clock/segments.js';
import type { Command, CommandRequest } from '../domain/incident/commands.js';
import { decide, declare, pass } from '../domain/incident/decide.js';
import { nextMilestone } from '../domain/incident/decide/time.js';
import {
  deliveriesDue,
  draftDue,
  isOver,
  isPast,
  nextEscalation,
  packMade,
  triageDue,
} from '../domain/incident/effects.js';
import { type Cause, ENGINE, type IncidentEvent } from '../domain/incident/events.js';
import { evolve } from '../domain/incident/evolve.js';
import type { IncidentState } from '../domain/incident/state.js';
import { filingDue } from '../domain/incident/automatic-filing.js';
import {
  appendLedger,
  askStanding,
  controlMailing,
  draftNotice,
  escalate,
  loadIncident,
  remind,
  startMailing,
  triage,
} from './incident-activities.js';
import { createDelivery, wayOf } from './incident-delivery.js';
import { alarmFor, automaticDraft, mailingInput } from './incident-effects.js';
import {
  type Accepted,
  command,
  type IncidentInput,
  mailingReport,
  REFUSED,
  RETIRING,
  stateQuery,
} from './messages.js';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** How long a command that brings new facts waits for triage, so that its answer already shows the proposal. */
const ANSWER_WITHIN_MS = 5_000;
const COMMAND_WITHIN_MS = 10_000;
const RECORDER_RETRY_MS = 600_000;
const ROUNDS_BEFORE_LONG = 60; // about an hour
const APPEND_AT_ONCE = 50;
/** Effects that are through within moments, unless they fail. */
const QUICK: ReadonlySet<string> = new Set(['recorder', 'triage', 'draft']);
/** So much longer than when it was first full, a history asks for a pause to hand over in. */
const CROWDED = 1.5;

/** One incident, from the first alarm to the last receipt: the single writer of its record. Decisions are the domain's; here is only the order of steps. */
export async function incident(input: IncidentInput): Promise<void> {
  let state: IncidentState | undefined;
  let unrecorded: IncidentEvent[] = [];
  let head: LedgerHead | null = null;
  let busy = 0; // effects under way
  let asked = 0; // commands that came to this run
  let ending = false; // this run takes no more commands: it is done, or a new one takes over
  let fullAt: number | undefined; // events in the history when it should first have been handed over
  const hindered = new Set<string>(); // lanes whose work may take long, or fails
  /** Commands came so close together that no moment was quiet: the next ones wait (at the caller) for the new run. Never while an effect is slow or the database away. */
  const crowded = (): boolean =>
    fullAt !== undefined && workflowInfo().historyLength > fullAt * CROWDED && hindered.size === 0;
  const sending = new Set<number>(); // phases that are with a relay at this moment
  const lost = new Set<string>(); // deliveries that a lost run may have made: asked about once

  const now = (s: IncidentState): Instant => actTime(s.clock, Date.now());
  const known = (): IncidentState => {
    if (!state) throw ApplicationFailure.nonRetryable('The incident is still being read from its ledger.', 'Loading');
    return state;
  };
  const take = (events: readonly IncidentEvent[]): void => {
    for (const event of events) state = evolve(state ?? null, event);
    unrecorded.push(...events);
  };
  const answer = (request: CommandRequest): ReturnType<typeof decide> => {
    const { command: asked } = request;
    // Nobody can call back what is with the relay at this moment; in a moment its outcome is known.
    if ((asked.type === 'RevokeApproval' || asked.type === 'ApproveNotice') && sending.has(asked.phase))
      return { refusals: [{ code: 'already', what: `phase ${asked.phase} being handed over`, since: null }] };
    return decide(known(), request, now(known()));
  };
  /** What the engine itself reports is always taken; a refusal here would be a defect of ours. */
  const report = (own: Command, cause: Cause | null = null): void => {
    const decided = answer({ command: own, actor: ENGINE, loginMadeBy: null, cause });
    if ('refusals' in decided)
      log.error('own report refused', { type: own.type, codes: decided.refusals.map((r) => r.code) });
    else take(decided.events);
  };
  const refused = (refusals: readonly { code: string }[]): ApplicationFailure =>
    ApplicationFailure.create({
      message: `Refused: ${refusals.map((r) => r.code).join(', ')}`,
      type: REFUSED,
      nonRetryable: true,
      details: [refusals],
    });

  /** A command that the door should never have let in fails by itself; a plain error would fail the workflow task, again and again, and stop the clock. */
  const answerTo = (request: CommandRequest): ReturnType<typeof decide> => {
    try {
      return answer(request);
    } catch (error) {
      throw error instanceof ApplicationFailure
        ? error
        : ApplicationFailure.nonRetryable('This command cannot be understood.', 'Malformed');
    }
  };

  setHandler(stateQuery, known);
  setHandler(command, handle, {
    validator: (request: CommandRequest) => {
      if (ending || crowded()) throw ApplicationFailure.nonRetryable('This run is ending; ask again.', RETIRING);
      if (!state) return; // decided in the handler
      const decided = answerTo(request);
      if ('refusals' in decided) throw refused(decided.refusals);
    },
  });
  setHandler(mailingReport, async (mailing) => {
    await condition(() => state !== undefined);
    report({ type: 'ReportMailing', ...mailing });
  });

  async function handle(request: CommandRequest): Promise<Accepted> {
    await condition(() => state !== undefined);
    asked++;
    const decided = answerTo(request); // again: another command of the same task may have come first
    if ('refusals' in decided) throw refused(decided.refusals);
    take(decided.events);
    if (request.command.type === 'DraftNotice' && !decided.repeated) await draft(request, request.command.withdraw);
    else if (triageDue(known())) await condition(() => !triageDue(known()) && !draftOwed(), ANSWER_WITHIN_MS);
    const first = decided.repeated && request.cause ? known().answered[request.cause.keyHash]?.seq : undefined;
    return { seq: first ?? known().seq, repeated: decided.repeated };
  }

  async function draft(request: CommandRequest | null, withdraw: string | null): Promise<void> {
    const s = known();
    const { content, sha256 } = await draftNotice({ state: { ...s, answered: {} }, at: now(s), withdraw });
    const { actor = ENGINE, loginMadeBy = null, loginMadeByAll, cause = null } = request ?? {};
    report(
      {
        type: 'PutDraft',
        content,
        sha256,
        basedOn: s.seq,
        for: actor,
        loginMadeBy,
        ...(loginMadeByAll && { loginMadeByAll }),
      },
      s.policy >= 2 ? cause : null,
    );
  }

  // 2026-11: the marks of a run of before follow the ledger, so they stand still while the database is away.
  const shownAtOnce = patched('2026-11-shown-at-once');
  // 2026-11: a run of before leaves it to a person to tell the authority what became of the people.
  const afterPeople = patched('2026-11-told-after-notice');
  const draftOwed = (): boolean => draftDue(known(), afterPeople);

  // The story begins: with a declaration, or with what the ledger tells.
  if ('declaration' in input) {
    const { declaration, actor, cause } = input;
    take(
      declare(
        declaration,
        actor,
        cause,
        actTime(declaration.clock ?? liveClock(new Date(Date.now()).toISOString()), Date.now()),
      ),
    );
  } else {
    for (let tries = 0; !state; tries++) {
      try {
        const loaded = await loadIncident({ incidentId: input.incidentId, fromSeq: input.fromSeq });
        state = loaded.state;
        head = loaded.head;
        if (input.rebuilt) for (const { notice, delivery } of deliveriesDue(state)) lost.add(wayOf(notice, delivery));
      } catch (error) {
        if (isCancellation(error)) throw error;
        await condition(() => false, pause(tries));
      }
    }
  }

  const quiet = (): boolean => unrecorded.length === 0 && busy === 0 && allHandlersFinished();

  /** Runs one kind of effect whenever it is due. Trouble with one never holds up another. */
  async function lane(name: string, due: () => (() => Promise<void>) | undefined): Promise<void> {
    let failures = 0;
    for (;;) {
      await condition(() => ending || due() !== undefined);
      const work = ending ? undefined : due();
      if (!work) return;
      busy++;
      if (!QUICK.has(name)) hindered.add(name);
      try {
        await work();
        failures = 0;
        hindered.delete(name);
      } catch (error) {
        if (isCancellation(error)) throw error;
        hindered.add(name);
        const gap = gapIn(error);
        if (gap && !known().recordGap && patched('record-gap')) report({ type: 'ReportRecordGap', ...gap });
        log.warn('effect failed', { lane: name, failures: ++failures });
      } finally {
        busy--;
      }
      if (failures > 0)
        await condition(() => ending, pause(failures - 1, name === 'recorder' ? RECORDER_RETRY_MS : undefined));
    }
  }

  async function record(): Promise<void> {
    // While the ledger is away each round costs history: one event a round keeps years of it small.
    const events = unrecorded.slice(0, hindered.has('recorder') ? 1 : APPEND_AT_ONCE);
    head = await appendLedger({ incidentId: known().id, events });
    unrecorded = unrecorded.slice(events.length);
    if (known().recordGap) report({ type: 'ReportRecordWhole' });
    markVisible();
  }

  let shown = '';
  /** For an operator's list and the watchdog: phase and next due time, in clear and without anything personal. */
  function markVisible(): void {
    const s = known();
    const due = nextMilestone(s)?.dueAt;
    const mark = `${s.phase} ${due ?? ''}`;
    if (mark === shown) return;
    shown = mark;
    upsertSearchAttributes({ IncidentPhase: [s.phase], NextDeadline: due ? [new Date(due)] : [] });
  }

  async function proposeLevel(): Promise<void> {
    const s = known();
    const found = await triage({
      facts: s.facts,
      awareAt: s.awareness.awareAt?.at ?? null,
      now: now(s),
      playbook: s.setting.playbook,
      organisation: s.setting.organisation,
    });
    report({ type: 'ProposeTriage', assessment: found.assessment, factsSeq: s.factsSeq, rules: found.rules });
  }

  /** The hour of a standing authorisation has come: what the record says of it now counts, then what stands against filing. */
  async function fileAutomatically(): Promise<void> {
    const found = await askStanding().catch((error: unknown) => {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      return 'unknown' as const;
    });
    if (found !== 'unknown') report({ type: 'RenewSetting', standing: found, mailboxes: [] });
    const s = known();
    const automatic = automaticDraft(s, now(s));
    const drafted = automatic
      ? await draftNotice({ state: { ...s, answered: {} }, at: now(s), withdraw: null, automatic })
      : null;
    report({ type: 'FileAutomatically', draft: drafted && { ...drafted, basedOn: s.seq } });
  }

  async function wake(): Promise<void> {
    const due = nextEscalation(known());
    if (!due) return;
    const { milestone, round } = due;
    const to = due.to.map(({ id, email }) => ({ staff: id, email }));
    const call = round > 1 ? remind : escalate;
    const sent = await call({
      alarm: alarmFor(known(), milestone, round, now(known())),
      to,
      alsoPage: due.page,
      from: known().setting.organisation.senderAddress,
    });
    const token = `${milestone.id}#${round}`;
    report({ type: 'ReportEscalation', milestone: milestone.id, round, to: sent.to, outcomes: sent.outcomes, token });
  }

  const deliver = createDelivery({ known, now: () => now(known()), report, head: () => head, sending, lost });

  const told = new Map<number, string>(); // what each mailing was last told
  const mailingDue = (): (() => Promise<void>) | undefined => {
    const s = known();
    const due = s.mailings.find((m) => m.state !== 'completed' && told.get(m.mailing) !== m.state);
    if (!due) return undefined;
    return async () => {
      if (!told.has(due.mailing)) await startMailing(mailingInput(s, due));
      if (due.state === 'paused' || told.has(due.mailing)) {
        await controlMailing({
          incidentId: s.id,
          mailing: due.mailing,
          control: due.state === 'paused' ? 'pause' : 'resume',
        });
      }
      told.set(due.mailing, due.state);
    };
  };

  let drafted = ''; // the ground of the last draft of our own, so that the same ground never drafts twice
  const draftGround = (s: IncidentState): string =>
    `${s.factsSeq}/${s.decision?.seq ?? 0}/${s.milestones.filter((m) => m.reachedAt).length}/${s.notices.length}/${s.mailings.filter((m) => m.completedAt).length}/${s.duties.filter((d) => d.dischargedAt).length}/${s.tasks.map((t) => t.told?.at ?? '').join('')}`;
  const escalationDue = (): boolean => {
    const due = nextEscalation(known());
    return due !== undefined && isPast(due.at, now(known()));
  };

  /** One lane for each way to an authority: one that does not answer never holds up another. */
  const lanes = new Map<string, Promise<void>>();
  const openLanes = (): void => {
    for (const { notice, delivery } of deliveriesDue(known())) {
      const { authority } = delivery;
      const key = wayOf(notice, delivery);
      if (lanes.has(key)) continue;
      lanes.set(
        key,
        lane(`notice ${key}`, () => {
          const due = deliveriesDue(known()).some(
            (d) => d.notice.phase === notice.phase && d.delivery.authority === authority,
          );
          return due && !packMade(known(), authority) ? () => deliver(authority, notice.phase) : undefined;
        }),
      );
    }
  };

  const work = Promise.all([
    lane('recorder', () => (unrecorded.length > 0 ? record : undefined)),
    lane('escalation', () => (escalationDue() ? wake : undefined)),
    lane('automatic filing', () => (filingDue(known()) ? fileAutomatically : undefined)),
    lane('triage', () => (triageDue(known()) ? proposeLevel : undefined)),
    lane('draft', () =>
      draftOwed() && !triageDue(known()) && drafted !== draftGround(known())
        ? async () => {
            const ground = draftGround(known());
            await draft(null, null);
            drafted = ground;
          }
        : undefined,
    ),
    lane('mailing', mailingDue),
  ]);

  // The one timer: to the next milestone or the next repeated alarm, armed anew whenever anything changes.
  const limit = input.limits?.continueAfterEvents ?? Number.POSITIVE_INFINITY;
  const full = (): boolean => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > limit;
  // A finished incident that was started again was started for a command: it waits for it.
  if ('incidentId' in input && isOver(known())) await condition(() => asked > 0, COMMAND_WITHIN_MS);

  const done = (): boolean => isOver(known()) && quiet() && mailingDue() === undefined;
  const replaced = (): boolean =>
    full() && quiet() && !deliveriesDue(known()).some((d) => d.delivery.state === 'ambiguous');
  for (;;) {
    openLanes();
    if (shownAtOnce) markVisible();
    if (done() || replaced()) break;
    if (full()) fullAt ??= workflowInfo().historyLength;
    const s = known();
    const repeat = nextEscalation(s)?.at;
    const dues = [nextMilestone(s)?.dueAt, repeat && !isPast(repeat, now(s)) ? repeat : undefined].filter(
      (due) => due !== undefined,
    );
    const left = dues.length > 0 ? realMsUntil(s.clock, earliest(...dues), Date.now()) : undefined;
    const changed = (): boolean => known() !== s || done() || replaced();
    if (left === undefined) await condition(changed);
    else if (left > 0) await condition(changed, left);
    take(pass(known(), now(known())));
  }
  ending = true; // in the same step as the look: no command can come between
  const again = !isOver(known());

  await work;
  await Promise.all(lanes.values());
  while (unrecorded.length > 0) {
    // a mailing may have reported meanwhile
    try {
      await record();
    } catch (error) {
      if (isCancellation(error)) throw error;
      await condition(() => false, FIRST_RETRY_MS);
    }
  }
  await condition(allHandlersFinished);
  if (again)
    await continueAsNew<typeof incident>({
      incidentId: known().id,
      fromSeq: known().seq,
      ...(input.limits && { limits: input.limits }),
    });
}

/** The ledger has lost what stood before these events, or has another history: no waiting helps, so people must know. */
function gapIn(error: unknown): { from: number; why: 'missing' | 'other' } | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure) || (cause.type !== 'LedgerGap' && cause.type !== 'LedgerConflict'))
    return undefined;
  const from = Number(cause.details?.[0]);
  return { from, why: cause.type === 'LedgerGap' ? 'missing' : 'other' };
}

const pause = (failures: number, longest?: number): number =>
  longest !== undefined && failures > ROUNDS_BEFORE_LONG
    ? longest
    : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
