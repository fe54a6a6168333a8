import type { CommandOf } from '../commands.js';
import { ENGINE, type NewEvent } from '../events.js';
import type { Refusal } from '../refusals.js';
import { isEverybodyTold, missedBy, peopleOwed, rejectedOf, unreachedTask } from '../people-owed.js';
import type { MailingState, MessageState } from '../state.js';
import {
  breakGlass,
  type Decided,
  type Draft,
  doneTasks,
  happen,
  madeBy,
  missing,
  openTask,
  refuse,
  refuseAsSecond,
  taskFor,
} from './drafting.js';

/** Release to people takes two (design, section 5). */
export const APPROVALS_FOR_PEOPLE = 2;

export const approvalsOf = (message: MessageState): number =>
  message.approvals.some((a) => a.breakGlass) ? APPROVALS_FOR_PEOPLE : message.approvals.length;

export function freezePeopleList({ state }: Draft, command: CommandOf<'FreezePeopleList'>): Decided {
  const { type, ...data } = command;
  if (state.lists.some((l) => l.id === data.list))
    return refuse({ code: 'already', what: 'this list frozen', since: null });
  if (data.count === 0)
    return refuse({
      code: 'missing',
      path: 'people',
      what: `at least one valid address; all ${data.rejected} rows were rejected, see the import report`,
    });
  return happen({ type: 'PeopleListFrozen', data });
}

export function approveMessage(draft: Draft, command: CommandOf<'ApproveMessage'>): Decided {
  const { state, request } = draft;
  const { message: id, content, sha256, list, listSha256 } = command;
  const frozen = state.lists.find((l) => l.id === list);
  const before = state.messages.find((m) => m.id === id);
  const first = before?.approvals[0];
  const refusals: Refusal[] = [
    ...(frozen ? [] : [{ code: 'no-such', kind: 'list', id: list, known: state.lists.map((l) => l.id) } as const]),
    ...(frozen && frozen.sha256 !== listSha256
      ? [{ code: 'approval-outdated', approved: listSha256, current: frozen.sha256 } as const]
      : []),
    ...(before && before.sha256 !== sha256
      ? [{ code: 'approval-outdated', approved: sha256, current: before.sha256 } as const]
      : []),
    ...(before && before.list !== list ? [{ code: 'not-the-same', proposal: id, what: 'list' } as const] : []),
    ...(before && approvalsOf(before) >= APPROVALS_FOR_PEOPLE
      ? [{ code: 'already', what: 'approved by two', since: before.approvals.at(-1)?.at ?? null } as const]
      : []),
    ...(first && !command.breakGlass ? refuseAsSecond(first, draft, 'ApproveMessage') : []),
    ...(command.breakGlass
      ? missing(
          'breakGlass.reason',
          command.breakGlass.reason,
          'a written reason: it goes to everybody and into the register',
        )
      : []),
  ];
  if (refusals.length > 0) return refuse(...refusals);
  return happen(
    {
      type: 'MessageApproved',
      data: {
        message: id,
        content,
        sha256,
        list,
        listSha256,
        ...madeBy(request),
        breakGlass: command.breakGlass !== undefined,
      },
    },
    ...(command.breakGlass ? breakGlass(draft, 'ApproveMessage', command.breakGlass.reason) : []),
  );
}

export function startMailing({ state }: Draft, command: CommandOf<'StartMailing'>): Decided {
  const message = state.messages.find((m) => m.id === command.message);
  if (!message)
    return refuse({ code: 'no-such', kind: 'message', id: command.message, known: state.messages.map((m) => m.id) });
  const list = state.lists.find((l) => l.id === command.list);
  const have = approvalsOf(message);
  const held = state.duties.find((d) => d.kind === 'people-message' && d.state === 'held');
  const running = state.mailings.find((m) => m.list === command.list);
  const refusals: Refusal[] = [
    ...(list && message.list === command.list
      ? []
      : [{ code: 'no-such', kind: 'list of this message', id: command.list, known: [message.list] } as const]),
    ...(have >= APPROVALS_FOR_PEOPLE
      ? []
      : [{ code: 'not-approved', what: `message ${message.id}`, have, need: APPROVALS_FOR_PEOPLE } as const]),
    ...(held?.hold ? [{ code: 'already', what: `held until ${held.hold.reviewAt}`, since: null } as const] : []),
    ...(running
      ? [{ code: 'already', what: `mailing ${running.mailing} to this list`, since: running.completedAt } as const]
      : []),
  ];
  if (refusals.length > 0 || !list) return refuse(...refusals);
  return happen({
    type: 'MailingStarted',
    data: {
      mailing: state.mailings.length + 1,
      message: message.id,
      sha256: message.sha256,
      list: list.id,
      count: list.count,
    },
  });
}

function running({ state }: Draft, mailing: number, wanted: 'running' | 'paused'): Decided | null {
  const found = state.mailings.find((m) => m.mailing === mailing);
  if (!found)
    return refuse({
      code: 'no-such',
      kind: 'mailing',
      id: String(mailing),
      known: state.mailings.map((m) => String(m.mailing)),
    });
  return found.state === wanted ? null : refuse({ code: 'already', what: found.state, since: found.completedAt });
}

/** While law enforcement asks to wait, nothing goes to people. */
function heldBack({ state }: Draft): Decided | null {
  const held = state.duties.find((d) => d.kind === 'people-message' && d.state === 'held');
  return held?.hold ? refuse({ code: 'already', what: `held until ${held.hold.reviewAt}`, since: null }) : null;
}

/** Whatever is being sent stops; a person says when it goes on. */
export const pauseAll = (state: Draft['state'], reason: string): NewEvent[] =>
  state.mailings
    .filter((m) => m.state === 'running')
    .map((m) => ({ type: 'MailingPaused', data: { mailing: m.mailing, reason } }));

export const pauseMailing = (draft: Draft, { mailing, reason }: CommandOf<'PauseMailing'>): Decided =>
  running(draft, mailing, 'running') ?? happen({ type: 'MailingPaused', data: { mailing, reason } });

export const resumeMailing = (draft: Draft, { mailing }: CommandOf<'ResumeMailing'>): Decided =>
  running(draft, mailing, 'paused') ??
  heldBack(draft) ??
  happen({ type: 'MailingResumed', data: { mailing } }, ...doneTasks(draft.state, 'mailing-paused', String(mailing)));

/** As many were told as there are at least. Fewer may be right (only those at high risk, R-404), but a person says so. */
function enough(state: Draft['state'], mailing: number, accepted: number): boolean {
  const count = state.facts['people.count']?.value;
  if (state.policy < 2 || typeof count !== 'object' || count === null || !('min' in count)) return true;
  const before = state.mailings
    .filter((m) => m.mailing !== mailing)
    .reduce((sum, m) => sum + (m.totals?.accepted ?? 0), 0);
  return before + accepted >= Number(count.min);
}

export function reportMailing({ state, at }: Draft, command: CommandOf<'ReportMailing'>): Decided {
  const { mailing, totals, outcomesSha256 } = command;
  const found = state.mailings.find((m) => m.mailing === mailing);
  if (!found || found.state === 'completed') return happen(); // reported twice
  if (command.state === 'paused') {
    return found.state === 'paused'
      ? happen()
      : happen(
          { type: 'MailingPaused', actor: ENGINE, data: { mailing, reason: command.reason ?? '' } },
          taskFor(state, 'mailing-paused', String(mailing), null),
        );
  }
  const duty = state.duties.find((d) => d.kind === 'people-message' && d.state === 'open');
  const unreached = missedBy(totals) + rejectedOf(state, found.list);
  const told = (list: string): boolean =>
    list === found.list || state.mailings.some((m) => m.list === list && m.state === 'completed');
  const after: MailingState = { ...found, state: 'completed', totals, completedAt: at };
  const everybody =
    unreached === 0 &&
    (state.policy >= 3
      ? isEverybodyTold(
          peopleOwed({ ...state, mailings: state.mailings.map((m) => (m.mailing === mailing ? after : m)) }),
        )
      : !openTask(state, 'other') &&
        state.lists.every((list) => told(list.id)) &&
        enough(state, mailing, totals.accepted));
  return happen(
    { type: 'MailingCompleted', actor: ENGINE, data: { mailing, totals, outcomesSha256: outcomesSha256 ?? '', at } },
    // Whoever e-mail did not reach is still owed word by another way: the duty stays open for that, and the task says so.
    unreached > 0 ? taskFor(state, 'other', unreachedTask(mailing), null) : null,
    duty && everybody
      ? { type: 'DutyDischarged', actor: ENGINE, data: { duty: duty.id, at, late: false, by: `mailing/${mailing}` } }
      : null,
    ...doneTasks(state, 'mailing-paused', String(mailing)),
    ...(everybody ? doneTasks(state, 'tell-people') : []),
  );
}
