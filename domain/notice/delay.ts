import { isLate, type OffsetMs, strictDeadline } from '../clock/deadlines.js';
import { type Instant, isAfter, MINUTE_MS, msBetween } from '../clock/instant.js';
import type { IncidentState } from '../incident/state.js';
import { standsWith, withdraws } from '../incident/taken-back.js';
import { instantInWords } from './words.js';

/** What the draft is made from; a whole IncidentState fits. */
export type DelaySource = Pick<
  IncidentState,
  | 'awareness'
  | 'awarenessHistory'
  | 'facts'
  | 'declaredAt'
  | 'milestones'
  | 'decisions'
  | 'decisionProposal'
  | 'notices'
  | 'setting'
>;

/** The part that no record can tell. The draft ends with it, and says so. */
export const REASON_TO_ADD = 'Why it was not possible earlier: [to be written by a person]';

/**
 * A first draft of the reasons for a late notice (Art. 33(1), second sentence; R-203), from the record alone: what was known when, which
 * alarms went out, what was decided. Instants, numbers and codes; no names. Null while the notice is in time or nobody is aware.
 * The record tells what happened, not why: a person completes it.
 */
export function delayDraft(state: DelaySource, at: Instant, offsetMs?: OffsetMs): string | null {
  const aware = state.awareness.awareAt;
  if (aware === undefined) return null;
  const dueAt = strictDeadline(aware.at);
  const sent = firstSubmission(state);
  if (!isLate(sent ?? at, dueAt)) return null;

  const said = (instant: Instant): string => instantInWords(instant, aware.zone, offsetMs);
  const hint = state.awareness.firstHintAt?.at;
  const processor = state.awareness.processorInformedUsAt?.at;
  const corrections = state.awarenessHistory.filter(({ key }) => key === 'awareAt');
  return [
    `The controller became aware of the breach on ${said(aware.at)}. The 72 hours ended on ${said(dueAt)}.`,
    sent === null
      ? 'The notification had not been submitted then.'
      : `The first notification was submitted on ${said(sent)}, ${span(dueAt, sent)} later.`,
    ...takenBack(state, said),
    hint === undefined || !isAfter(aware.at, hint)
      ? null
      : `The first hint came on ${said(hint)}; ${span(hint, aware.at)} passed until there was certainty.`,
    processor === undefined ? null : `The processor informed the controller on ${said(processor)}.`,
    ...corrections.map(
      ({ finding, until }) =>
        `Until ${said(until)} the controller took ${said(finding.at)} for the moment of awareness; that was corrected.`,
    ),
    isAfter(state.declaredAt, aware.at)
      ? `The breach was entered into the record on ${said(state.declaredAt)}, ${span(aware.at, state.declaredAt)} after awareness.`
      : null,
    ...alarms(state, said),
    ...decisions(state, dueAt, said),
    ...notices(state, said),
    REASON_TO_ADD,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

type Said = (instant: Instant) => string;

/** What was taken back with an authority is no notice to it (R-223). */
function firstSubmission(state: DelaySource): Instant | null {
  const sent = state.notices.flatMap((notice) =>
    Object.values(notice.deliveries)
      .filter(({ authority }) => standsWith(state, notice, authority))
      .flatMap((one) => one.submittedAt ?? []),
  );
  return sent.sort()[0] ?? null;
}

const takenBack = ({ notices }: DelaySource, said: Said): string[] =>
  notices.filter(withdraws).flatMap(({ deliveries }) =>
    Object.values(deliveries).flatMap(({ authority, submittedAt }) => {
      const before = notices.flatMap((one) => one.deliveries[authority]?.submittedAt ?? [])[0];
      return submittedAt === null || before === undefined || before === submittedAt
        ? []
        : [`${authority} had been notified on ${said(before)}; that was taken back on ${said(submittedAt)}.`];
    }),
  );

const span = (from: Instant, to: Instant): string => {
  const minutes = Math.floor(msBetween(from, to) / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} minutes` : `${hours} hours ${minutes % 60} minutes`;
};

/** `aware+48h` as a person would say it; an alarm of another kind by its kind. */
function alarmName(id: string): string {
  const ladder = /^(aware|hint)\+(\d+)h$/.exec(id);
  if (ladder) return `the alarm ${ladder[2]} hours after ${ladder[1] === 'aware' ? 'awareness' : 'the first hint'}`;
  return id === 'declared' ? 'the alarm at declaration' : `the alarm "${id}"`;
}

function alarms({ milestones, setting }: DelaySource, said: Said): (string | null)[] {
  const sent = milestones
    .filter((one) => one.reachedAt !== null && one.rounds > 0)
    .sort((a, b) => ((a.reachedAt ?? '') < (b.reachedAt ?? '') ? -1 : 1));
  if (sent.length === 0) return ['No alarm about it was sent.'];
  const roles = [...new Set(setting.contacts.flatMap((contact) => contact.roles))].sort();
  return [
    `Alarms went to those of the ${setting.contacts.length} staff on call (${roles.join(', ')}) whom the playbook names at that hour:`,
    ...sent.map(
      ({ id, reachedAt, rounds, acknowledgedBy }) =>
        `- ${alarmName(id)}, ${said(reachedAt ?? '')}: sent ${rounds === 1 ? 'once' : `${rounds} times`}, ${acknowledgedBy === null ? 'not acknowledged' : 'acknowledged'}.`,
    ),
  ];
}

function decisions({ decisions: taken, decisionProposal }: DelaySource, dueAt: Instant, said: Said): string[] {
  const waits = decisionProposal
    ? [
        `A decision (${decisionProposal.level}) was proposed on ${said(decisionProposal.at)} and waits for a second person.`,
      ]
    : [];
  if (taken.length === 0) return ['The risk has not been decided yet.', ...waits];
  return [
    ...taken.map(
      ({ level, at }) =>
        `The risk was decided on ${said(at)}: ${level}${isLate(at, dueAt) ? ', after the 72 hours' : ''}.`,
    ),
    ...waits,
  ];
}

function notices({ notices: phases }: DelaySource, said: Said): string[] {
  const first = phases[phases.findLastIndex(withdraws) + 1];
  if (!first) return ['No notice had been drafted.'];
  const ways = Object.values(first.deliveries);
  return [
    `The notice on the table was drafted on ${said(first.draft.at)}.`,
    first.approved === null
      ? 'It has not been approved.'
      : `It was approved on ${said(first.approved.at)}${first.approved.hold ? ', and held back' : ''}.`,
    ...ways
      .filter(({ state }) => HELD_UP[state] !== undefined)
      .map(
        ({ authority, state, attempts }) =>
          `${authority}: ${HELD_UP[state]}${attempts > 1 ? ` (${attempts} attempts)` : ''}.`,
      ),
  ];
}
const HELD_UP: Readonly<Record<string, string>> = {
  refused: "the authority's mail server refused the notice",
  ambiguous: 'the notice was handed over and no answer came',
  unverified_mailbox: 'the mailbox had not been verified by a person',
  at_portal: 'the notice waited to be filed at the portal by a person',
};
