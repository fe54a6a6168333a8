import { Context } from '@temporalio/activity';
import type { OffsetMs } from '../domain/clock/deadlines.js';
import { actTime } from '../domain/clock/segments.js';
import { type Instant, isAfter, toInstant } from '../domain/clock/instant.js';
import { isSettled, type Move, nextMove } from '../domain/drill/autopilot.js';
import type { Scenario, ScriptedAct } from '../domain/drill/scenario.js';
import type { Command } from '../domain/incident/commands.js';
import type { Actor } from '../domain/incident/events.js';
import type { IncidentState } from '../domain/incident/state.js';
import { buildMessage } from '../domain/message/build.js';
import type { Hasher, IncidentGateway, ListMaker, MessageStore } from './ports.js';

export interface DrillTools {
  readonly gateway: Pick<IncidentGateway, 'send' | 'state'>;
  readonly lists: ListMaker;
  readonly messages: MessageStore;
  readonly hasher: Hasher;
  readonly offsetMs: OffsetMs;
}
export type DrillActivities = ReturnType<typeof createDrillActivities>;

const POLL_MS = 40;
const SETTLE_WITHIN_MS = 45_000;

/** The hands of the autopilot. They act through the same door as people: commands with an actor, a role and an idempotency key. */
export function createDrillActivities({ gateway, lists, messages, hasher, offsetMs }: DrillTools) {
  const now = (state: IncidentState): Instant => actTime(state.clock, Date.now());

  async function send(incidentId: string, key: string, command: Command, actor: Actor): Promise<void> {
    const cause = { keyHash: hasher.canonicalSha256({ incidentId, key }), bodyHash: hasher.canonicalSha256({ key }) };
    await gateway.send(incidentId, { command, actor, loginMadeBy: null, cause });
  }

  async function commandsFor(act: ScriptedAct, state: IncidentState, at: Instant): Promise<Command[]> {
    const { act: what } = act;
    const notice = state.notices.at(-1);
    switch (what.kind) {
      case 'inject':
        return [{ type: 'ReleaseInject', inject: `inject-${act.no}`, text: what.text, from: what.from, to: what.to }];
      case 'facts':
        return [{ type: 'RecordFacts', facts: what.facts }];
      case 'confirm-awareness':
        return [
          {
            type: 'ConfirmAwareness',
            awareness: { awareAt: { at, zone: state.setting.organisation.zone, source: what.source } },
            reason: what.reason,
            setting: null,
          },
        ];
      case 'decide':
        return [
          {
            type: 'DecideRisk',
            level: what.level,
            reasons: what.reasons,
            confirms: state.decisionProposal?.proposal ?? null,
            setting: null,
          },
        ];
      case 'import-people': {
        const made = await lists.make(state.id, `${state.id}-list-${state.lists.length + 1}`, what.count, at);
        return [{ type: 'FreezePeopleList', ...made }];
      }
      case 'approve-message': {
        const list = state.lists.at(-1);
        if (!list) throw new Error('The script approves a message before it has a list.');
        const before = state.messages.at(-1);
        const content = before?.content ?? buildMessage({ state, language: what.language, offsetMs });
        const sha256 = await messages.put(content);
        return [
          {
            type: 'ApproveMessage',
            message: before?.id ?? 'message-1',
            content,
            sha256,
            list: list.id,
            listSha256: list.sha256,
          },
        ];
      }
      case 'start-mailing': {
        const message = state.messages.at(-1);
        return message ? [{ type: 'StartMailing', message: message.id, list: message.list }] : [];
      }
      case 'approve-notice':
        return notice
          ? [{ type: 'ApproveNotice', phase: notice.phase, sha256: notice.draft.sha256, hold: false, setting: null }]
          : [];
      case 'receipt':
        return notice
          ? [
              {
                type: 'RecordReceipt',
                phase: notice.phase,
                authority: what.authority,
                reference: what.reference,
                receivedAt: at,
                evidence: null,
              },
            ]
          : [];
      case 'close':
        return [
          ...state.tasks
            .filter((t) => t.doneAt === null && t.kind === 'follow-up-notice')
            .map((t): Command => ({ type: 'CompleteTask', task: t.id, note: 'the follow-up is filed' })),
          { type: 'Close', reason: what.reason },
        ];
    }
  }

  return {
    /** Waits, heartbeating, until the engine has done what it owes; then says what to do next. */
    async lookAround({
      incidentId,
      scenario,
      played,
    }: {
      incidentId: string;
      scenario: Scenario;
      played: readonly number[];
    }): Promise<{ move: Move; at: Instant }> {
      const context = Context.current();
      const until = Date.now() + SETTLE_WITHIN_MS;
      for (;;) {
        const state = await gateway.state(incidentId);
        const at = now(state);
        const move = nextMove(scenario, state, at, new Set(played));
        if (move.kind !== 'wait' || Date.now() > until) {
          if (move.kind === 'wait')
            throw new Error(
              `The engine did not settle: ${isSettled(state, at) ? 'nothing is due' : 'an effect is under way'}.`,
            );
          return { move, at };
        }
        context.heartbeat();
        await context.sleep(POLL_MS);
      }
    },

    async play({ incidentId, act, actor }: { incidentId: string; act: ScriptedAct; actor: Actor }): Promise<void> {
      const state = await gateway.state(incidentId);
      const commands = await commandsFor(act, state, now(state));
      for (const [index, command] of commands.entries())
        await send(incidentId, `act-${act.no}-${index}`, command, actor);
    },

    async acknowledge({ incidentId, actor, at }: { incidentId: string; actor: Actor; at: Instant }): Promise<void> {
      await send(incidentId, `ack-${at}`, { type: 'Acknowledge', milestone: null }, actor);
    },

    /** The clock stands still between jumps, so effects never run late. A jump that was done before is passed over. */
    async jump({
      incidentId,
      to,
      because,
      actor,
    }: {
      incidentId: string;
      to: Instant;
      because: string;
      actor: Actor;
    }): Promise<void> {
      const state = await gateway.state(incidentId);
      if (!isAfter(to, now(state))) return;
      await send(
        incidentId,
        `jump-${to}-${because}`,
        { type: 'AddClockSegment', segment: { realAt: toInstant(Date.now()), actAt: to, scale: 0 }, because },
        actor,
      );
    },
  };
}
