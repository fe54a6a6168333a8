import type { Alarm, LedgerHead } from '../activities/ports.js';
import type { Instant } from '../domain/clock/instant.js';
import { owedTo, withheldBecause } from '../domain/incident/automatic-filing.js';
import { alarmText } from '../domain/incident/effects.js';
import type { IncidentState, MailingState, Milestone, NoticePhase } from '../domain/incident/state.js';
import type { MailingInput } from '../domain/message/mailing.js';
import { isFirstFor, underLawOf } from '../domain/notice/as-told.js';
import type { Authorisation, NoticeEnvelope } from '../domain/notice/model.js';

/** What activities are handed, made from the state: so filing and waking need no database. */

export function alarmFor(state: IncidentState, milestone: Milestone, round: number, at: Instant): Alarm {
  const { says, next, dueAt } = alarmText(state, milestone, at);
  return {
    incident: state.id,
    mode: state.mode,
    title: state.title,
    milestone: milestone.id,
    round,
    dueAt,
    actAt: at,
    zone: state.setting.organisation.zone,
    says,
    next,
    acknowledge: `seventytwo ack ${state.id}`,
    occurrence: milestone.laidAt,
    withCalendar: dueAt !== null && milestone.kind === 'alarm' && round === 1,
  };
}

export function envelopeFor(
  state: IncidentState,
  notice: NoticePhase,
  authority: string,
  head: LedgerHead | null,
): NoticeEnvelope {
  const way = state.setting.authorities.find((a) => a.authority === authority);
  const approved = notice.approved;
  if (!way || !approved) throw new Error(`No way to ${authority} is known, or nothing is approved.`);
  const earlier = state.notices
    .filter((n) => n.phase < notice.phase)
    .map((n) => n.deliveries[authority]?.receipt?.reference)
    .filter((r) => r !== undefined);
  return {
    authority,
    authorityName: way.name,
    language: way.language,
    channel: way.channel,
    address: way.address,
    portal: way.portal,
    earlierReference: earlier.at(-1) ?? null,
    ...(state.policy >= 3 && isFirstFor(state.notices, notice.phase, authority) && { first: true }),
    ...(state.policy >= 3 && underLawOf(way.country)),
    contentSha256: approved.sha256,
    ledgerHead: head,
    releasedAt: approved.releasedAt ?? approved.at,
  };
}

/** Under which authorisation a notice is drafted that goes out by itself; undefined when nothing could go out anyway. */
export function automaticDraft(state: IncidentState, at: Instant): Authorisation | undefined {
  const { standing } = state.setting;
  if (!standing || !owedTo(state).some((authority) => withheldBecause(state, authority, at).length === 0))
    return undefined;
  const { id, grantedAt, hoursBeforeDeadline } = standing;
  return { id, grantedAt, hoursBeforeDeadline };
}

export function mailingInput(state: IncidentState, mailing: MailingState): MailingInput {
  const message = state.messages.find((m) => m.id === mailing.message);
  if (!message) throw new Error(`Mailing ${mailing.mailing} has no message.`);
  return {
    incidentId: state.id,
    mode: state.mode,
    mailing: mailing.mailing,
    list: mailing.list,
    listSha256: message.listSha256,
    count: mailing.count,
    messageSha256: message.sha256,
    from: state.setting.organisation.senderAddress,
    approvedAt: message.approvals.at(-1)?.at ?? state.lastAt,
    ...(mailing.state === 'paused' && { paused: true as const }),
  };
}
