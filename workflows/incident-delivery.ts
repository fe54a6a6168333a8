import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import type { LedgerHead } from '../activities/ports.js';
import type { Instant } from '../domain/clock/instant.js';
import type { Command } from '../domain/incident/commands.js';
import { deliveriesDue } from '../domain/incident/effects.js';
import type { Delivery, IncidentState, NoticePhase } from '../domain/incident/state.js';
import type { NoticeEnvelope } from '../domain/notice/model.js';
import { makePortalPack, sendAuthorityNotice } from './incident-activities.js';
import { envelopeFor } from './incident-effects.js';

/** A relay that has taken nothing for so long is something that people must know. A house value. */
const STALLED_AFTER_MS = 15 * 60_000;

interface Deps {
  readonly known: () => IncidentState;
  readonly now: () => Instant;
  readonly report: (own: Command) => void;
  readonly head: () => LedgerHead | null;
  /** Phases that are with a relay at this moment. */
  readonly sending: Set<number>;
  /** Ways of deliveries that a lost run may have made: asked about once. */
  readonly lost: Set<string>;
}

/** One attempt to bring an approved notice to its authority; what came of it is reported, and whoever did not take it makes it throw. */
export function createDelivery({
  known,
  now,
  report,
  head,
  sending,
  lost,
}: Deps): (authority: string, phase: number) => Promise<void> {
  const waitingSince = new Map<string, number>();
  const envelopes = new Map<string, NoticeEnvelope>(); // fixed at the first attempt, so that every attempt has the same bytes

  return async (authority, phase) => {
    const due = deliveriesDue(known()).find((d) => d.delivery.authority === authority && d.notice.phase === phase);
    if (!due?.notice.approved) return;
    const { content } = due.notice.approved;
    const key = `${phase}/${authority}/${due.notice.approved.sha256}`;
    // Once it may have been handed over, every attempt has the same bytes; until then it goes where the authority can be reached now.
    const handedOver = due.delivery.state === 'ambiguous' ? envelopes.get(key) : undefined;
    const envelope = handedOver ?? envelopeFor(known(), due.notice, authority, head());
    envelopes.set(key, envelope);
    const base = { incidentId: known().id, phase, content, envelope };
    if (envelope.channel === 'portal') {
      const { artifacts } = await makePortalPack(base);
      return report({ type: 'ReportPortalPack', phase, authority, sha256: envelope.contentSha256, artifacts });
    }
    const attempt = due.delivery.attempts + 1;
    const formerRun = lost.delete(wayOf(due.notice, due.delivery)) ? { formerRun: 'lost' as const } : {};
    sending.add(phase);
    try {
      const result = await sendAuthorityNotice({
        ...base,
        from: known().setting.organisation.senderAddress,
        attempt,
        former: due.delivery.state === 'ambiguous' ? 'ambiguous' : 'none',
        ...formerRun,
      });
      const { outcome, messageId, artifacts } = result;
      if (outcome.state === 'accepted')
        return report({
          type: 'ReportSubmission',
          phase,
          authority,
          channel: 'email',
          at: now(),
          attempt,
          messageId,
          artifacts,
          reply: outcome.reply,
          sha256: envelope.contentSha256,
        });
      if (outcome.state === 'ambiguous')
        return report({ type: 'ReportAmbiguous', phase, authority, attempt, messageId });
      if (outcome.state === 'refused')
        return report({ type: 'ReportRefusal', phase, authority, attempt, code: outcome.code });
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      if (error.cause instanceof ApplicationFailure && error.cause.nonRetryable)
        return report({ type: 'ReportRefusal', phase, authority, attempt, code: 0 });
      // Nobody can say whether the last worker had handed it over: sent once more, and on record as possibly double.
      if (error.cause instanceof TimeoutFailure)
        report({ type: 'ReportAmbiguous', phase, authority, attempt, messageId: '' });
      throw error;
    } finally {
      sending.delete(phase);
    }
    const since = waitingSince.get(key) ?? Date.now();
    waitingSince.set(key, since);
    if (Date.now() - since >= STALLED_AFTER_MS)
      report({ type: 'ReportStalled', phase, authority, since: new Date(since).toISOString() });
    throw ApplicationFailure.retryable('The relay did not take the notice over.', 'NotTaken');
  };
}

export const wayOf = ({ phase }: NoticePhase, { authority }: Delivery): string => `${phase}/${authority}`;
