import type { Command } from '../domain/incident/commands.js';
import type { Setting } from '../domain/incident/events.js';
import { REBUILD } from '../domain/watch/clockless.js';
import type { RouteId } from '../formats/http/routes.js';
import { type Call, causeOf, type Handler, type Handlers, loginOf, type Reply } from './call.js';
import { factInputs } from './facts.js';
import { findingInput, findingInputs } from './findings.js';
import { refuse, refusedByDomain } from './errors.js';
import { messageCommand } from './messages.js';
import { listCommand } from './people-lists.js';
import type { Parts } from './parts.js';
import type { Sent } from './ports.js';
import type { Reads } from './reads.js';

type Making<Id extends RouteId> = (call: Call<Id>, parts: Parts) => Command | Promise<Command>;

/** A refusal, or silence, of the workflow as an answer of the door. */
export async function acceptedOr(
  sent: Sent,
  incident: string,
  reads: Pick<Reads, 'missing'>,
): Promise<Extract<Sent, { is: 'accepted' }>> {
  switch (sent.is) {
    case 'accepted':
      return sent;
    case 'refused':
      throw refusedByDomain(sent.refusals);
    case 'no-such':
      throw await reads.missing(incident);
    case 'unknown':
      throw refuse(
        'unknown-outcome',
        'The workflow engine has not answered; it may have taken the command. Send it again with the same Idempotency-Key: nothing is done twice.',
      );
    case 'record-behind':
      throw refuse(
        'record-behind',
        'The record of this incident ends earlier than the incident did: the database was set back. Nothing was taken. The operator puts it back first: seventytwo rebuild --ledger.',
      );
    case 'record-broken':
      throw refuse(
        'record-broken',
        `No clock runs for ${incident}: the workflow engine does not have it, and entry ${sent.firstBad} of its record does not verify, so nothing was started from that and nothing was taken. Watch its deadline by hand. What the operator does: ${REBUILD} --dry-run.`,
        null,
        { incident, firstBad: sent.firstBad },
      );
    case 'unavailable':
      throw refuse(
        'unavailable',
        'The workflow engine does not answer, so this was not taken. Clocks and alarms are watched all the same. Send it again with the same Idempotency-Key.',
      );
  }
}

/** What was accepted is never answered as if it had not been: the same key again gives the answer once it can be read. */
const acceptedUnread = (seq: number) =>
  refuse(
    'unknown-outcome',
    `It was taken as entry ${seq}, and what it made of the incident cannot be read at the moment. Send it again with the same Idempotency-Key for the answer: nothing is done twice.`,
    null,
    { seq },
  );

/** The clock of a duplicate goes on in the other incident, so there must be one in which it does. */
async function standing(other: string, own: string, { reads }: Parts): Promise<object> {
  if (other === own) return {}; // the incident itself says so
  const state = await reads.state(other);
  if (state.phase === 'withdrawn' || state.withdrawalProposal?.duplicateOf === own)
    throw refuse(
      'field',
      `${other} is ${state.phase === 'withdrawn' ? 'withdrawn' : `about to be withdrawn as the duplicate of ${own}`}: then no clock of this breach would run. Name the incident that stays.`,
      'duplicateOf',
      { incident: other },
    );
  return {};
}

export async function sendCommand(call: Call, command: Command, { deps, reads }: Parts): Promise<Reply> {
  const id = call.parameters['id'] ?? '';
  const { makers, roles } = loginOf(call);
  const madeBy = { loginMadeBy: makers[0] ?? null, loginMadeByAll: makers };
  const request = { command, actor: call.actor, ...madeBy, roles, cause: causeOf(call) };
  const sent = await acceptedOr(await deps.gateway.send(id, request), id, reads);
  const state = await reads.after(id, sent.seq).catch((error: unknown) => {
    deps.log.error({ event: 'answer.unreadable', incident: id, seq: sent.seq });
    throw Object.assign(acceptedUnread(sent.seq), { cause: error });
  });
  return {
    json: { seq: state.seq, repeated: sent.repeated, incident: reads.summary(state) },
    headers: { ETag: `"${state.seq}"` },
  };
}

const number = (call: Call, name: string): number => {
  const text = call.parameters[name] ?? '';
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw refuse(
    'not-found',
    `${name} is a whole number from 1 on, as GET /v1/incidents/${call.parameters['id']} shows it.`,
    name,
  );
};
const text = (call: Call, name: string): string => call.parameters[name] ?? '';
/** Null while the database is away and there is no copy: the incident has the setting it was declared with, and goes on. */
const setting = ({ settings }: Parts): Promise<Setting | null> => settings.currentOrNone();
/** In which clocks are read: the organisation's of today, else the incident's own. */
const zoneFor = async (call: Call, now: Setting | null, { reads }: Parts): Promise<string> =>
  (now ?? (await reads.stateFor(call)).setting).organisation.zone;
const mayBreakGlass = (body: { breakGlass?: { reason: string } | undefined }): { breakGlass?: { reason: string } } =>
  body.breakGlass ? { breakGlass: body.breakGlass } : {};

/** Each route that is one command, and how its body becomes that command. */
const COMMANDS = {
  recordFacts: ({ body }) => ({ type: 'RecordFacts', facts: factInputs(body.facts, body.source) }),
  confirmAwareness: async (call, parts) => {
    const { body } = call;
    const now = await setting(parts);
    return {
      type: 'ConfirmAwareness',
      awareness: findingInputs(body.awareness, await zoneFor(call, now, parts)),
      reason: body.reason ?? null,
      setting: now,
    };
  },
  correctAwareness: async (call, parts) => {
    const { body } = call;
    const zone = await zoneFor(call, await setting(parts), parts);
    return {
      type: 'CorrectAwareness',
      key: body.key,
      finding: findingInput(body.finding, zone),
      reason: body.reason,
      confirms: body.confirms ?? null,
      ...mayBreakGlass(body),
    };
  },
  decideRisk: async ({ body }, parts) => ({
    type: 'DecideRisk',
    level: body.level,
    reasons: body.reasons,
    confirms: body.confirms ?? null,
    setting: await setting(parts),
    ...mayBreakGlass(body),
  }),
  withdraw: async ({ body, parameters }, parts) => ({
    ...(body.duplicateOf !== undefined && (await standing(body.duplicateOf, parameters['id'] ?? '', parts))),
    type: 'Withdraw',
    because: body.because,
    duplicateOf: body.duplicateOf ?? null,
    reason: body.reason,
    confirms: body.confirms ?? null,
    ...mayBreakGlass(body),
  }),
  close: ({ body }) => ({ type: 'Close', reason: body.reason }),
  reopen: ({ body }) => ({ type: 'Reopen', reason: body.reason }),
  acknowledge: ({ body }) => ({ type: 'Acknowledge', milestone: body.milestone ?? null }),
  completeTask: (call) => ({
    type: 'CompleteTask',
    task: text(call, 'task'),
    note: call.body.note ?? null,
    told: call.body.told ?? null,
  }),
  holdDuty: (call) => ({ type: 'HoldDuty', duty: text(call, 'duty'), ...call.body }),
  releaseDuty: (call) => ({ type: 'ReleaseDuty', duty: text(call, 'duty'), reason: call.body.reason }),
  exemptDuty: (call) => ({
    type: 'ExemptDuty',
    duty: text(call, 'duty'),
    reason: call.body.reason,
    rule: call.body.rule,
    proof: call.body.proof ?? null,
    confirms: call.body.confirms ?? null,
    ...mayBreakGlass(call.body),
  }),
  openDuty: (call) => ({
    type: 'OpenDuty',
    authority: text(call, 'duty').replace(/^authority-notice\//, ''),
    reason: call.body.reason,
  }),
  draftNotice: ({ body }) => ({ type: 'DraftNotice', withdraw: body.withdraw ?? null }),
  approveNotice: async (call, parts) => ({
    type: 'ApproveNotice',
    phase: number(call, 'phase'),
    sha256: call.body.sha256,
    hold: call.body.hold ?? false,
    setting: await setting(parts),
  }),
  releaseNotice: async (call, parts) => ({
    type: 'ReleaseNotice',
    phase: number(call, 'phase'),
    setting: await setting(parts),
  }),
  revokeApproval: (call) => ({ type: 'RevokeApproval', phase: number(call, 'phase'), ...call.body }),
  recordReceipt: (call) => ({
    type: 'RecordReceipt',
    phase: number(call, 'phase'),
    authority: text(call, 'authority'),
    reference: call.body.reference,
    receivedAt: call.body.receivedAt,
    evidence: call.body.evidence ?? null,
  }),
  acceptPeople: (call, parts) => listCommand(call, parts),
  approveMessage: (call, parts) => messageCommand(call, parts),
  startMailing: ({ body }) => ({ type: 'StartMailing', message: body.message, list: body.list }),
  pauseMailing: (call) => ({ type: 'PauseMailing', mailing: number(call, 'mailing'), reason: call.body.reason }),
  resumeMailing: (call) => ({ type: 'ResumeMailing', mailing: number(call, 'mailing') }),
  reviewBreakGlass: (call) => ({ type: 'ReviewBreakGlass', use: text(call, 'use'), finding: call.body.finding }),
  addClockSegment: ({ body }) => ({ type: 'AddClockSegment', segment: body.segment, because: body.because }),
  releaseInject: ({ body }) => ({ type: 'ReleaseInject', ...body }),
} as const satisfies { readonly [Id in RouteId]?: Making<Id> };

export type CommandRoute = keyof typeof COMMANDS;

export function commandHandlers(parts: Parts): Handlers<CommandRoute> {
  const handler =
    <Id extends CommandRoute>(making: Making<Id>): Handler<Id> =>
    async (call) =>
      sendCommand(call, await making(call, parts), parts);
  return Object.fromEntries(
    Object.entries(COMMANDS).map(([id, making]) => [id, handler(making as Making<CommandRoute>)]),
  ) as unknown as Handlers<CommandRoute>; // one entry a key of COMMANDS, whose types are checked there
}
