import { type Instant, isBefore } from '../clock/instant.js';
import { ALLOWED_IN } from './allowed.js';
import type { Command, CommandRequest, Declaration } from './commands.js';
import { fileAutomatically, renewSetting } from './decide/automatic.js';
import { confirmAwareness, correctAwareness, firstEvents } from './decide/awareness.js';
import { type Decided, type Draft, refuse } from './decide/drafting.js';
import { exemptDuty, holdDuty, openAuthority, releaseDuty } from './decide/duties.js';
import { recordFacts } from './decide/facts.js';
import {
  addClockSegment,
  close,
  completeTask,
  releaseInject,
  reopen,
  reviewBreakGlass,
  withdraw,
} from './decide/lifecycle.js';
import { approveNotice, draftNotice, putDraft, releaseNotice, revokeApproval } from './decide/notice.js';
import {
  recordReceipt,
  reportAmbiguous,
  reportPortalPack,
  reportRefusal,
  reportStalled,
  reportSubmission,
} from './decide/notice-sent.js';
import {
  approveMessage,
  freezePeopleList,
  pauseMailing,
  reportMailing,
  resumeMailing,
  startMailing,
} from './decide/people.js';
import { refuseNamesInCommand } from './decide/named.js';
import { reportRecordGap, reportRecordWhole } from './decide/record.js';
import { decideRisk, proposeTriage } from './decide/risk.js';
import { acknowledge, reportEscalation, tick } from './decide/time.js';
import { type Actor, type Cause, ENGINE, EVENT_VERSION, type IncidentEvent, type NewEvent } from './events.js';
import { evolve } from './evolve.js';
import type { Refusal } from './refusals.js';
import type { IncidentState } from './state.js';

/**
 * The rules by which `decide` decides. Only an event changes it in a running incident, so that old incidents are never decided anew.
 * 2: free text that names an affected person is refused.
 * 3: files by itself under a standing authorisation; what is written beside facts names nobody either (decide/named.ts); awareness and
 * facts that cannot both be true are refused at every door.
 */
export const POLICY = 3;

export type Decision =
  | { readonly events: readonly IncidentEvent[]; readonly repeated: boolean }
  | { readonly refusals: readonly Refusal[] };

/**
 * What a command does to an incident: the events that follow from it, or every reason against it at once. Pure; `at` is act time.
 * Milestones due at `at` or before are reached first, whichever way Temporal delivered timer and command: what was due is said.
 */
export function decide(state: IncidentState, request: CommandRequest, at: Instant): Decision {
  const before = request.cause && state.answered[request.cause.keyHash];
  if (before && request.cause) {
    return before.bodyHash === request.cause.bodyHash
      ? { events: [], repeated: true }
      : { refusals: [{ code: 'key-reused', firstSeq: before.seq }] };
  }
  const { command } = request;
  const allowed = ALLOWED_IN[command.type];
  if (!allowed.includes(state.phase))
    return { refusals: [{ code: 'wrong-state', action: command.type, phase: state.phase, allowed }] };

  const now = isBefore(at, state.lastAt) ? state.lastAt : at; // the record never runs backwards
  const log = new Log(state, now);
  log.add(tick(state, now), ENGINE, null);
  const named = refuseNamesInCommand(command, state.setting, state.policy);
  const decided = dispatch(log.state, request, now);
  if ('refusals' in decided || named.length > 0)
    return { refusals: [...('refusals' in decided ? decided.refusals : []), ...named] };
  log.add(decided.events, request.actor, request.cause);
  log.add(tick(log.state, now), ENGINE, null); // what the command itself made due
  return { events: log.events, repeated: false };
}

/** The first events of an incident, with every milestone that is past already. Throws for a declaration that `refuseDeclaration` refuses. */
export function declare(
  declaration: Declaration,
  actor: Actor,
  cause: Cause | null,
  at: Instant,
): readonly IncidentEvent[] {
  const log = new Log(null, at, declaration.incidentId);
  const [declared, ...rest] = firstEvents(declaration, actor, at);
  log.add([declared], actor, cause);
  log.add(rest, actor, cause);
  log.add(tick(log.state, at), ENGINE, null);
  return log.events;
}
export { refuseDeclaration } from './decide/awareness.js';

/** What time alone brings: reached milestones and what follows from them. Empty when nothing is due. */
export function pass(state: IncidentState, at: Instant): readonly IncidentEvent[] {
  const log = new Log(state, isBefore(at, state.lastAt) ? state.lastAt : at);
  log.add(tick(state, at), ENGINE, null);
  return log.events;
}

/** Numbers the events and evolves along, so that what comes later in the same answer sees what came before. */
class Log {
  readonly events: IncidentEvent[] = [];
  #state: IncidentState | null;
  constructor(
    state: IncidentState | null,
    private readonly at: Instant,
    private readonly stream = state?.id ?? '',
  ) {
    this.#state = state;
  }
  get state(): IncidentState {
    if (!this.#state) throw new Error('Nothing was declared.');
    return this.#state;
  }
  add(drafts: readonly NewEvent[], actor: Actor, cause: Cause | null): void {
    for (const { type, data: drafted, actor: own } of drafts) {
      const data =
        type === 'TaskOpened' ? { ...drafted, task: `task-${(this.#state?.tasks.length ?? 0) + 1}` } : drafted;
      const event = {
        stream: this.stream,
        seq: (this.#state?.seq ?? 0) + 1,
        type,
        at: this.at,
        actor: own ?? actor,
        cause,
        data,
        v: EVENT_VERSION,
      } as IncidentEvent; // type and data come from one NewEvent, so they belong together
      this.#state = evolve(this.#state, event);
      this.events.push(event);
    }
  }
}

// biome-ignore format: a table is read by the row
function dispatch(state: IncidentState, request: CommandRequest, at: Instant): Decided {
  const command: Command = request.command;
  const draft: Draft = { state, request, at };
  switch (command.type) {
    case 'ConfirmAwareness': return confirmAwareness(draft, command);
    case 'CorrectAwareness': return correctAwareness(draft, command);
    case 'RecordFacts': return recordFacts(draft, command);
    case 'DecideRisk': return decideRisk(draft, command);
    case 'DraftNotice': return draftNotice(draft, command);
    case 'ApproveNotice': return approveNotice(draft, command);
    case 'ReleaseNotice': return releaseNotice(draft, command);
    case 'RevokeApproval': return revokeApproval(draft, command);
    case 'RecordReceipt': return recordReceipt(draft, command);
    case 'HoldDuty': return holdDuty(draft, command);
    case 'ReleaseDuty': return releaseDuty(draft, command);
    case 'ExemptDuty': return exemptDuty(draft, command);
    case 'OpenDuty': return openAuthority(draft, command);
    case 'CompleteTask': return completeTask(draft, command);
    case 'Acknowledge': return acknowledge(draft, command);
    case 'FreezePeopleList': return freezePeopleList(draft, command);
    case 'ApproveMessage': return approveMessage(draft, command);
    case 'StartMailing': return startMailing(draft, command);
    case 'PauseMailing': return pauseMailing(draft, command);
    case 'ResumeMailing': return resumeMailing(draft, command);
    case 'ReviewBreakGlass': return reviewBreakGlass(draft, command);
    case 'Withdraw': return withdraw(draft, command);
    case 'Close': return close(draft);
    case 'Reopen': return reopen(draft, command);
    case 'AddClockSegment': return addClockSegment(draft, command);
    case 'ReleaseInject': return releaseInject(draft, command);
    case 'ProposeTriage': return proposeTriage(draft, command);
    case 'PutDraft': return putDraft(draft, command);
    case 'ReportSubmission': return reportSubmission(draft, command);
    case 'ReportStalled':
      return reportStalled(draft, command);
    case 'ReportAmbiguous': return reportAmbiguous(draft, command);
    case 'ReportRefusal': return reportRefusal(draft, command);
    case 'ReportPortalPack': return reportPortalPack(draft, command);
    case 'ReportEscalation': return reportEscalation(draft, command);
    case 'RenewSetting': return renewSetting(draft, command);
    case 'FileAutomatically': return fileAutomatically(draft, command);
    case 'ReportRecordGap': return reportRecordGap(draft, command);
    case 'ReportRecordWhole': return reportRecordWhole(draft);
    case 'ReportMailing': return reportMailing(draft, command);
    default: {
      const never: never = command;
      return refuse({ code: 'no-such', kind: 'command', id: String((never as Command).type), known: Object.keys(ALLOWED_IN) });
    }
  }
}
