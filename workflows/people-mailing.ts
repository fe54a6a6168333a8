import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { MailingActivities, RangeResult, Stop, Tally } from '../activities/people-mailing.js';
import type { MailingTotals } from '../domain/incident/events.js';
import type { MailingInput } from '../domain/message/mailing.js';
import { incidentWorkflowId, MAIL_QUEUE, mailingControl, mailingProgress, mailingReport } from './messages.js';

const HEARTBEAT = '10 seconds'; // a dead worker is noticed after this; activities beat every second
const { sendRange } = proxyActivities<MailingActivities>({
  taskQueue: MAIL_QUEUE,
  startToCloseTimeout: '2 hours', // 500 messages to a slow relay; one answer alone may take ten minutes
  heartbeatTimeout: HEARTBEAT,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED, // what it has sent is recorded before we go on
  retry: { maximumAttempts: 3, initialInterval: '1 second' }, // then a timer: an activity that retries for hours hides trouble
});
const { checkMailing, mailingTotals, mailingDigest } = proxyActivities<MailingActivities>({
  taskQueue: MAIL_QUEUE,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: HEARTBEAT,
  retry: { maximumAttempts: 3, initialInterval: '1 second' },
});

/** When those who were put off (and once those whose outcome is ambiguous) are tried again; after the last they are counted as they are. */
const AGAIN_AFTER = ['5 minutes', '30 minutes', '2 hours', '6 hours'] as const;
const TROUBLE_WAITS = [
  '15 seconds',
  '30 seconds',
  '1 minute',
  '2 minutes',
  '5 minutes',
  '10 minutes',
  '10 minutes',
  '10 minutes',
] as const;
const REPORT_WAITS = ['10 seconds', '1 minute', '5 minutes', '30 minutes', '2 hours', '6 hours'] as const;

export type PauseReason =
  | 'relay-refuses'
  | 'too-many-refusals'
  | 'unreachable'
  | 'failing'
  | 'approval-mismatch'
  | 'does-not-add-up'
  | 'outcomes-lost';

/** What goes over to a next run; counts and range numbers only. */
export interface MailingCarry {
  readonly ranges: number | null;
  readonly pass: number;
  readonly todo: readonly number[];
  readonly again: readonly number[];
  readonly broken: readonly number[];
  readonly counts: Readonly<Record<number, RangeResult['counts']>>;
  readonly tally: Tally;
  readonly paused: boolean;
}

const failedWith = (error: unknown, type: string): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === type;

const NO_TALLY: Tally = { answered: 0, refused: 0, refusedAtData: 0 };

function totalsOf(counts: Readonly<Record<number, RangeResult['counts']>>, total: number): MailingTotals {
  const sum = (state: keyof RangeResult['counts']): number =>
    Object.values(counts).reduce((all, range) => all + range[state], 0);
  return {
    total,
    accepted: sum('accepted'),
    refused: sum('refused'),
    deferred: sum('deferred'),
    suppressed: sum('suppressed'),
    ambiguous: sum('ambiguous'),
    resent: sum('resent'),
  };
}

/** Each recipient counts in one place; whoever is in none of them was not tried, and nobody may be. */
const addsUp = (totals: MailingTotals, count: number): boolean =>
  totals.total === count &&
  totals.accepted + totals.resent + totals.refused + totals.deferred + totals.suppressed + totals.ambiguous === count;

/**
 * One message to one frozen list, range by range. A workflow of its own, so that the incident's clock never waits for it. It pauses by
 * itself when the relay or the content is the trouble, says so to the incident, and goes on when a person says so. It cannot end before
 * the outcomes on record add up to everybody on the list.
 */
export async function peopleMailing(input: MailingInput, carry?: MailingCarry): Promise<MailingTotals> {
  let { ranges, pass, tally, paused } = carry ?? {
    ranges: null,
    pass: 0,
    tally: NO_TALLY,
    paused: input.paused === true,
  };
  let todo = [...(carry?.todo ?? [])];
  let again = [...(carry?.again ?? [])];
  const broken = new Set(carry?.broken);
  const despite = new Set<number>(); // ranges whose lost outcomes a person has accepted
  let rechecked = false;
  const counts: Record<number, RangeResult['counts']> = { ...carry?.counts };
  let trouble = 0;
  let sending: CancellationScope | null = null;

  setHandler(mailingProgress, () => totalsOf(counts, input.count));
  setHandler(mailingControl, (control) => {
    paused = control === 'pause';
    if (paused) sending?.cancel();
    else [tally, trouble] = [NO_TALLY, 0]; // a person has looked: count anew
  });

  const report = async (
    state: 'paused' | 'completed',
    reason: PauseReason | null,
    totals: MailingTotals,
    outcomesSha256: string | null,
  ): Promise<void> => {
    const incident = getExternalWorkflowHandle(incidentWorkflowId(input.incidentId));
    for (const wait of REPORT_WAITS) {
      try {
        return await incident.signal(mailingReport, { mailing: input.mailing, state, reason, totals, outcomesSha256 });
      } catch (error) {
        if (isCancellation(error)) throw error;
        await sleep(wait);
      }
    }
    throw ApplicationFailure.nonRetryable(
      `Incident ${input.incidentId} could not be told that mailing ${input.mailing} is ${state}.`,
      'IncidentNotReached',
    );
  };

  const pauseItself = async (reason: PauseReason): Promise<void> => {
    paused = true;
    await report('paused', reason, totalsOf(counts, input.count), null);
    await condition(() => !paused);
  };

  /** Waits longer each time; when waiting has not helped, a person is told. */
  const inTrouble = async (reason: PauseReason): Promise<void> => {
    const wait = TROUBLE_WAITS[trouble++];
    if (wait === undefined) await pauseItself(reason);
    else await condition(() => paused, wait);
  };

  const onFailure = async (error: unknown): Promise<void> => {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    if (failedWith(error, 'ApprovalMismatch')) await pauseItself('approval-mismatch');
    else await inTrouble('failing');
  };

  const persist = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        await onFailure(error);
      }
    }
  };

  const onStop = async (stopped: Stop): Promise<void> => {
    if (stopped === 'relay-refuses' || stopped === 'too-many-refusals') await pauseItself(stopped);
    if (stopped === 'unreachable') await inTrouble('unreachable');
  };

  /** One call for one range; null when it did not come back with a result. */
  const send = async (range: number): Promise<RangeResult | null> => {
    const scope = new CancellationScope();
    sending = scope;
    try {
      const result = await scope.run(() =>
        sendRange({
          mailing: input,
          range,
          pass: pass === 0 ? 'first' : 'again',
          formerBroken: broken.has(range),
          tally,
          ...(counts[range] && { known: counts[range] }),
          ...(despite.has(range) && { despiteLoss: true as const }),
        }),
      );
      broken.delete(range);
      return result;
    } catch (error) {
      broken.add(range);
      if (isCancellation(error) && scope.consideredCancelled && !CancellationScope.current().consideredCancelled)
        return null;
      if (failedWith(error, 'OutcomesLost')) {
        await pauseItself('outcomes-lost');
        despite.add(range);
      } else await onFailure(error);
      return null;
    } finally {
      sending = null;
    }
  };

  /** Every range that is to do in this pass. */
  const walk = async (): Promise<void> => {
    for (;;) {
      await condition(() => !paused);
      if (workflowInfo().continueAsNewSuggested) {
        await continueAsNew<typeof peopleMailing>(input, {
          ranges,
          pass,
          todo,
          again,
          broken: [...broken],
          counts,
          tally,
          paused,
        });
      }
      const range = todo[0];
      if (range === undefined) return;
      const result = await send(range);
      if (result === null) continue;
      counts[range] = result.counts;
      tally = result.tally;
      if (result.stopped !== null) {
        await onStop(result.stopped);
        continue;
      }
      trouble = 0;
      todo.shift();
      if (result.again > 0) again.push(range);
    }
  };

  const everyRange = (n: number): number[] => Array.from({ length: n }, (_, range) => range);
  if (ranges === null) {
    ({ ranges } = await persist(() => checkMailing(input)));
    todo = everyRange(ranges);
    // Where the engine was lost, this mailing ran before: whoever held a range then may have sent more than is on record.
    for (const range of todo) broken.add(range);
  }

  for (;;) {
    await walk();
    const wait = AGAIN_AFTER[pass];
    if (again.length > 0 && wait !== undefined) {
      await sleep(wait);
      pass++;
      [todo, again] = [again, []];
      continue;
    }
    const totals = await persist(() => mailingTotals(input));
    if (addsUp(totals, input.count)) {
      const sha256 = await persist(() => mailingDigest(input));
      await report('completed', null, totals, sha256);
      return totals;
    }
    // Outcomes that were there before may be lost with a database that was set back: each range is held against what it answered.
    if (!rechecked && patched('recheck-outcomes')) rechecked = true;
    else await pauseItself('does-not-add-up');
    [todo, again, pass] = [everyRange(ranges), [], 0];
  }
}
