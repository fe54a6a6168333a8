import type { Escalated } from '../activities/escalation.js';
import type { NoticeResult } from '../activities/authority-notice.js';
import type { Ledger, Outcomes } from '../activities/ports.js';
import type { Metrics } from '../adapters/metrics.js';
import type { AnyEvent } from '../domain/incident/events.js';

/** The same tools, with what they do counted. Nothing is decided by a figure. */

const MS = 1_000;
/** A worker that has not tried for so long is not the one that records this incident any more. */
const FORGOTTEN_MS = 30 * 60_000;

type Mark = { readonly events: number; readonly sinceMs: number; readonly triedMs: number };

const oldest = (events: readonly AnyEvent[]): number => Math.min(...events.map(({ at }) => Date.parse(at)));

export function countedLedger<L extends Ledger>(
  ledger: L,
  metrics: Metrics,
  side: 'live' | 'drill',
  now = Date.now,
): L {
  const failing = new Map<string, Mark>();
  function tell(): void {
    for (const [stream, { triedMs }] of failing) if (now() - triedMs > FORGOTTEN_MS) failing.delete(stream);
    const marks = [...failing.values()];
    metrics.behind(
      marks.length === 0
        ? null
        : {
            events: marks.reduce((sum, { events }) => sum + events, 0),
            sinceMs: Math.min(...marks.map(({ sinceMs }) => sinceMs)),
          },
    );
  }
  return {
    ...ledger,
    async append(events) {
      const stream = events[0]?.stream ?? '';
      try {
        const head = await ledger.append(events);
        failing.delete(stream);
        // An exercise has its own clock: how far the two are apart says nothing.
        metrics.recorded(events.length, side === 'live' ? Math.max(0, now() - oldest(events)) / MS : null);
        return head;
      } catch (error) {
        if (error instanceof Error && error.name === 'LedgerConflict') metrics.ledgerConflict();
        if (error instanceof Error && error.name === 'LedgerGap') metrics.ledgerGap();
        const sinceMs = failing.get(stream)?.sinceMs ?? (side === 'live' ? Math.min(now(), oldest(events)) : now());
        failing.set(stream, { events: events.length, sinceMs, triedMs: now() });
        throw error;
      } finally {
        tell();
      }
    },
  };
}

export function countedOutcomes(outcomes: Outcomes, metrics: Metrics): Outcomes {
  return {
    ...outcomes,
    async record(mailing, range, token, changes, exceptions) {
      await outcomes.record(mailing, range, token, changes, exceptions);
      for (const state of changes.values()) metrics.recipients(state, 1);
    },
  };
}

type Counted = {
  readonly escalate: (...given: never[]) => Promise<Escalated>;
  readonly sendAuthorityNotice: (...given: never[]) => Promise<NoticeResult>;
};

/** Alarms by channel, notices by outcome. */
export function countedActivities<A extends Counted>(activities: A, metrics: Metrics): A {
  const counted =
    <Given extends unknown[], R>(run: (...given: Given) => Promise<R>, count: (result: R) => void) =>
    async (...given: Given): Promise<R> => {
      const result = await run(...given);
      count(result);
      return result;
    };
  return {
    ...activities,
    escalate: counted(activities.escalate, ({ outcomes }) => {
      for (const { channel, ok, count } of outcomes) metrics.escalation(channel, ok, count);
    }),
    sendAuthorityNotice: counted(activities.sendAuthorityNotice, ({ outcome }) => metrics.notice(outcome.state)),
  };
}
