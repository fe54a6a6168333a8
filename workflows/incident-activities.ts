import { proxyActivities } from '@temporalio/workflow';
import type { NoticeActivities } from '../activities/authority-notice.js';
import type { EscalationActivities } from '../activities/escalation.js';
import type { GatewayActivities } from '../activities/gateway.js';
import type { LedgerActivities } from '../activities/ledger.js';
import type { StandingActivities } from '../activities/standing.js';
import type { TriageActivities } from '../activities/triage.js';

/** What the incident has done by activities, with how long each may take and how often it is tried. */

// Few attempts per activity and a workflow timer between rounds: an activity that retries for hours hides trouble (temporal.md).
export const { appendLedger, loadIncident } = proxyActivities<LedgerActivities>({
  startToCloseTimeout: '20s',
  retry: { maximumAttempts: 2, initialInterval: '200ms' },
});
export const { askStanding } = proxyActivities<StandingActivities>({
  startToCloseTimeout: '5s', // where it is not known, the copy in the state counts: filing does not wait
  retry: { maximumAttempts: 2, initialInterval: '200ms' },
});
export const { triage, draftNotice } = proxyActivities<TriageActivities>({
  startToCloseTimeout: '20s',
  retry: { maximumAttempts: 3, initialInterval: '100ms' },
});
// When the queue is long the server hands out what has the lowest key first (1 to 5, 3 when nothing is said): what the law dates, then who
// must wake, then the record, and last what somebody has been told before.
const NOTICE_FIRST = { priorityKey: 1 };
const ALARM = { priorityKey: 2 };
const REMINDER = { priorityKey: 5 };
const CALL = { startToCloseTimeout: '3m', heartbeatTimeout: '10s', retry: { maximumAttempts: 2 } } as const;
export const { escalate } = proxyActivities<EscalationActivities>({ ...CALL, priority: ALARM });
export const { escalate: remind } = proxyActivities<EscalationActivities>({ ...CALL, priority: REMINDER });
export const { sendAuthorityNotice, makePortalPack } = proxyActivities<NoticeActivities>({
  startToCloseTimeout: '20m',
  heartbeatTimeout: '10s',
  priority: NOTICE_FIRST,
  retry: { maximumAttempts: 3, initialInterval: '1s' }, // a dot may be answered after 10 minutes (RFC 5321 4.5.3.2.6)
});
export const { startMailing, controlMailing } = proxyActivities<GatewayActivities>({
  startToCloseTimeout: '20s',
  retry: { maximumAttempts: 2 },
});
