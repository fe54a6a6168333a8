import { strictDeadline } from '../../clock/deadlines.js';
import { type Instant, isBefore } from '../../clock/instant.js';
import { actTime } from '../../clock/segments.js';
import type { CommandOf } from '../commands.js';
import { ENGINE, type NewEvent, type TaskKind } from '../events.js';
import { isEverybodyTold, isUnreachedTask, peopleOwed, unreachedSays } from '../people-owed.js';
import type { Refusal } from '../refusals.js';
import type { Task } from '../state.js';
import { PUBLIC_TASK, refuseTelling, type Telling, tellsPeople } from '../telling.js';

import { IN_DOUBT_TASK, mayTakeBack, standing, wasTold } from '../taken-back.js';
import {
  breakGlass,
  type Decided,
  type Draft,
  doneTasks,
  happen,
  isSaid,
  madeBy,
  missing,
  refuse,
  refuseAsSecond,
  taskFor,
} from './drafting.js';
import { CONTROLLER_TASK } from './law-duties.js';
import { ORDER_TASK } from './ordered.js';
import { pauseAll } from './people.js';
import { assessesAgain, revived } from './revived.js';
import { refuseNumber, withTelling } from './told-number.js';

/** Tasks that the engine closes by what it sees happen; ticking them off would hide that it has not. */
const BY_EVENT: readonly string[] = [
  'decide-risk',
  'decide-suspicion',
  'approve-notice',
  'verify-mailbox',
  'record-receipt',
  'file-at-portal',
  'review-break-glass',
  'notice-refused',
  'notice-stalled',
  'mailing-paused',
  'review-hold',
];
/** Left undone on purpose only with a written note. */
const NEEDS_NOTE: Readonly<Partial<Record<TaskKind, string>>> = {
  'follow-up-notice': 'why nothing more is sent, or how it was (Art. 33(4))',
  'tell-people': 'how the people were told, and when',
  'settle-authority': 'why the list stands against what the rules say (R-501 to R-509)',
};

/** The same of tasks of kind 'other', by what they are about. */
const OTHERS_NEED: readonly (readonly [string, string])[] = [
  [CONTROLLER_TASK, 'how and when the controller was told, and what it answered'],
  [IN_DOUBT_TASK, 'how and when the authority was told that the notice stands, and what it answered'],
  [ORDER_TASK, 'why what the people were told satisfies the order (Art. 34(4)), or how and when they were told again'],
  [
    PUBLIC_TASK,
    'where and when the public communication appeared, and why it informs people as effectively (Art. 34(3)(c))',
  ],
];

/** What a note must say before this task is ticked off; undefined where none is needed. */
function noteOwed(task: Task): string | undefined {
  const { kind, about } = task;
  if (kind === 'settle-authority' && about.startsWith('controller-notice/'))
    return 'why this controller is told all the same (R-240)';
  if (isUnreachedTask(task)) return NEEDS_NOTE['tell-people'];
  return kind === 'other' ? OTHERS_NEED.find(([one]) => about.startsWith(one))?.[1] : NEEDS_NOTE[kind];
}

export function completeTask({ state, request, at }: Draft, command: CommandOf<'CompleteTask'>): Decided {
  const task = state.tasks.find((t) => t.id === command.task);
  if (!task)
    return refuse({
      code: 'no-such',
      kind: 'task',
      id: command.task,
      known: state.tasks.filter((t) => !t.doneAt).map((t) => t.id),
    });
  const later = task.doneAt !== null && state.policy >= 3 && tellsPeople(task) && command.told != null; // said, or corrected
  if (task.doneAt && !later) return refuse({ code: 'already', what: 'done', since: task.doneAt });
  const roles: readonly string[] = request.roles ?? [request.actor.role];
  if (!task.roles.some((role) => roles.includes(role)))
    return refuse({ code: 'not-your-task', task: task.id, roles: task.roles });
  const needless = task.kind === 'approve-notice' && task.about !== 'phase-1'; // a follow-up that a person finds not worth sending
  if (needless && !command.note)
    return refuse({
      code: 'missing',
      path: 'note',
      what: 'why this follow-up is not sent (R-222: material changes are)',
    });
  if ((BY_EVENT.includes(task.kind) && !needless) || isToTakeBack(state, task))
    return refuse({
      code: 'missing',
      path: 'task',
      what: `the act itself: '${task.kind}' is done when that is recorded, not by ticking it off`,
    });
  if (task.kind === 'reasons-for-delay' && !state.facts['notice.reasonsForDelay']) {
    return refuse({
      code: 'missing',
      path: 'facts.notice.reasonsForDelay',
      what: 'the reasons for the delay, recorded as a fact: they go into the notice (Art. 33(1))',
    });
  }
  const unreached = isUnreachedTask(task);
  const told = task.kind === 'tell-people' || unreached;
  const controller = task.kind === 'other' && task.about.startsWith(CONTROLLER_TASK);
  const owed = noteOwed(task);
  const why = [
    ...(owed && command.told == null ? missing('note', command.note, owed) : []),
    ...refuseTold(state, task, command, at),
    ...(unreached ? [] : stillUnreached(state, task)),
    ...(told ? heldNow(state) : []),
  ];
  if (why.length > 0) return refuse(...why);
  const done: NewEvent = {
    type: 'TaskDone',
    data: { task: task.id, note: command.note, ...(command.told && { told: command.told }) },
  };
  if (later) return happen(done);
  const duty = controller
    ? state.duties.find(
        (d) => d.id === `controller-notice/${task.about.slice(CONTROLLER_TASK.length)}` && d.state === 'open',
      )
    : told && (!unreached || endsWith(state, task, command.told ?? null))
      ? state.duties.find((d) => d.kind === 'people-message' && d.state === 'open')
      : undefined;
  return happen(
    done,
    duty ? { type: 'DutyDischarged', data: { duty: duty.id, at, late: false, by: task.id } } : null,
    ...(duty && told && task.kind === 'other' ? doneTasks(state, 'tell-people') : []),
  );
}

/**
 * That people were told is no sentence: the authority asks for the day, the number, the means and the text (F-51 to F-56), and the register
 * keeps them. Without a mailing nobody else knows them. A command of before has no field for it.
 */
function refuseTold(state: Draft['state'], task: Task, command: CommandOf<'CompleteTask'>, at: Instant): Refusal[] {
  const { told, note } = command;
  if (told) {
    if (!tellsPeople(task) || state.policy < 3) return [notAboutPeople(task)];
    return [...refuseTelling(told, at), ...refuseNumber(state, task, told, note)];
  }
  if (told === undefined || state.policy < 3 || task.kind === 'other' || !tellsPeople(task)) return [];
  return peopleOwed(state).told > 0 ? [] : [{ code: 'missing', path: 'told', what: HOW_TOLD }];
}
const HOW_TOLD =
  'when, how many, by which means the people were told, and what (told.on, told.number, told.means, told.text): the authority asks for it (Art. 34, F-51 to F-56)';
const notAboutPeople = ({ id }: Task): Refusal => ({
  code: 'contradiction',
  paths: ['told', 'task'],
  says: `${id} is no task to tell people, so how they were told does not belong there`,
});

/** Whether nobody is left to be told once this is done; before policy 3 it was taken so. */
function endsWith(state: Draft['state'], task: Task, telling: Telling | null): boolean {
  return state.policy < 3 || isEverybodyTold(peopleOwed(withTelling(state, task, telling)));
}

/** That people were told is not said over those of whom it is known that the message did not reach them: from policy 3 on. */
const stillUnreached = (state: Draft['state'], { kind }: Task): Refusal[] =>
  kind !== 'tell-people' || state.policy < 3
    ? []
    : peopleOwed(state).unreached.flatMap((one) =>
        one.task === null
          ? []
          : [{ code: 'missing', path: one.task.id, what: `how those were told. ${unreachedSays(one)}` } as const],
      );

/** While law enforcement asks to wait nobody is told, and nobody says so: from policy 3 on. */
const heldNow = ({ policy, duties }: Draft['state']): Refusal[] =>
  duties
    .filter((d) => policy >= 3 && d.kind === 'people-message' && d.state === 'held')
    .map((d) => ({
      code: 'already',
      what: `held until ${d.hold?.reviewAt ?? 'its review'}: release it first`,
      since: null,
    }));

/** An authority holds to be so what is none: only telling it ends that, by a notice or, filed by hand, its receipt. From policy 3 on. */
const isToTakeBack = (state: Draft['state'], { kind, about }: { readonly kind: TaskKind; readonly about: string }) =>
  state.policy >= 3 &&
  kind === 'follow-up-notice' &&
  about === 'withdraw' &&
  mayTakeBack(state) &&
  standing(state).length > 0;

export function reviewBreakGlass(draft: Draft, command: CommandOf<'ReviewBreakGlass'>): Decided {
  const { state } = draft;
  const used = state.breakGlass.find((b) => b.use === command.use);
  if (!used)
    return refuse({
      code: 'no-such',
      kind: 'use of break-glass',
      id: command.use,
      known: state.breakGlass.map((b) => b.use),
    });
  const refusals: Refusal[] = [
    ...(used.reviewedBy ? [{ code: 'already', what: 'reviewed', since: used.at } as const] : []),
    ...refuseAsSecond({ ...used, by: used.by.id }, draft, 'ReviewBreakGlass'),
    ...missing('finding', command.finding, 'what the review found'),
  ];
  return refusals.length > 0
    ? refuse(...refusals)
    : happen(
        { type: 'BreakGlassReviewed', data: { use: command.use, finding: command.finding } },
        ...doneTasks(state, 'review-break-glass', command.use),
      );
}

/** Not a breach after all, or the same as another. Once awareness is confirmed it stops a legal duty, so it takes two. */
export function withdraw(draft: Draft, command: CommandOf<'Withdraw'>): Decided {
  const { state, request, at } = draft;
  const { because, duplicateOf, confirms } = command;
  const proposed = state.withdrawalProposal;
  // Whoever confirms without words of their own agrees with the first person's.
  const reason = isSaid(command.reason) || proposed?.proposal !== confirms ? command.reason : (proposed?.reason ?? '');
  const refusals: Refusal[] = [
    ...missing('reason', reason, 'the reasons: the register keeps this case too (R-232)'),
    ...(because === 'duplicate' ? missing('duplicateOf', duplicateOf, 'the incident that this one duplicates') : []),
    ...(duplicateOf === state.id
      ? [{ code: 'contradiction', paths: ['duplicateOf'], says: `${state.id} cannot duplicate itself` } as const]
      : []),
    ...(command.breakGlass
      ? missing(
          'breakGlass.reason',
          command.breakGlass.reason,
          'a written reason: it goes to everybody and into the register',
        )
      : []),
  ];
  if (refusals.length > 0) return refuse(...refusals);
  if (state.phase !== 'suspected' && !command.breakGlass) {
    if (confirms === null) {
      return happen({
        type: 'WithdrawalProposed',
        data: {
          proposal: `withdrawal-${state.seq + 1}`,
          because,
          duplicateOf,
          reason,
          ...madeBy(request),
        },
      });
    }
    const waiting = state.withdrawalProposal;
    if (waiting?.proposal !== confirms) return refuse({ code: 'no-proposal', proposal: confirms });
    if (waiting.because !== because || waiting.duplicateOf !== duplicateOf)
      return refuse({
        code: 'not-the-same',
        proposal: confirms,
        what: waiting.because !== because ? 'because' : 'duplicateOf',
      });
    const second = refuseAsSecond(waiting, draft, 'Withdraw');
    if (second.length > 0) return refuse(...second);
  }
  const told =
    wasTold(state) || state.notices.some((n) => Object.values(n.deliveries).some((d) => d.state === 'ambiguous'));
  const rule = because === 'not_a_breach' ? 'R-102' : 'R-232';
  return happen(
    ...(command.breakGlass ? breakGlass(draft, 'Withdraw', command.breakGlass.reason) : []),
    ...state.duties
      .filter((d) => d.kind !== 'register' && (d.state === 'open' || d.state === 'held'))
      .map(
        (d): NewEvent => ({
          type: 'DutyExempted',
          actor: ENGINE,
          data: { duty: d.id, reason: `withdrawn: ${because}`, rule, proof: null },
        }),
      ),
    ...state.tasks
      .filter((t) => t.doneAt === null && t.kind !== 'review-break-glass')
      .map((t): NewEvent => ({ type: 'TaskDone', actor: ENGINE, data: { task: t.id, note: null } })),
    ...pauseAll(state, 'withdrawn'),
    { type: 'IncidentWithdrawn', data: { because, duplicateOf, reason } },
    { type: 'DutyDischarged', actor: ENGINE, data: { duty: 'register', at, late: false, by: 'register' } }, // recorded all the same
    told ? taskFor({ tasks: [] }, 'follow-up-notice', 'withdraw', null) : null,
  );
}

export function close({ state, request, at }: Draft): Decided {
  const duties = state.duties
    .filter(
      (d) => d.kind !== 'register' && (d.state === 'open' || d.state === 'held' || d.state === 'filed_receipt_pending'),
    )
    .map((d) => d.id);
  const sending = state.mailings.filter((m) => m.state !== 'completed').map((m) => `mailing/${m.mailing}`);
  const tasks = state.tasks.filter((t) => t.doneAt === null).map((t) => t.id);
  const reason = request.command.type === 'Close' ? request.command.reason : '';
  const refusals: Refusal[] = [
    ...(duties.length + sending.length + tasks.length > 0
      ? [{ code: 'still-owed', duties: [...duties, ...sending], tasks } as const]
      : []),
    ...missing('reason', reason, 'a closing remark for the register'),
  ];
  return refusals.length > 0
    ? refuse(...refusals)
    : happen(
        { type: 'DutyDischarged', actor: ENGINE, data: { duty: 'register', at, late: false, by: 'register' } },
        { type: 'IncidentClosed', data: { reason } },
      );
}

export function reopen(draft: Draft, command: CommandOf<'Reopen'>): Decided {
  const { state } = draft;
  const why = missing('reason', command.reason, 'why it is opened again');
  if (why.length > 0) return refuse(...why);
  const awareAt = state.awareness.awareAt?.at;
  return happen(
    { type: 'IncidentReopened', data: { because: 'person', reason: command.reason } },
    ...revived(draft),
    awareAt
      ? assessesAgain(draft)
        ? taskFor(state, 'decide-risk', 'risk', strictDeadline(awareAt))
        : null
      : taskFor(state, 'decide-suspicion', 'suspicion', null),
  );
}

export function addClockSegment({ state, at }: Draft, { segment, because }: CommandOf<'AddClockSegment'>): Decided {
  const shown = actTime(state.clock, Date.parse(segment.realAt));
  const refusals: Refusal[] = [
    ...(state.mode === 'live' ? [{ code: 'not-in-a-live-incident', action: 'AddClockSegment' } as const] : []),
    ...(isBefore(segment.actAt, shown) || isBefore(segment.actAt, at)
      ? [
          {
            code: 'contradiction',
            paths: ['segment.actAt'],
            says: `the clock shows ${shown}; it never runs backwards`,
          } as const,
        ]
      : []),
    ...(segment.scale < 0
      ? [{ code: 'contradiction', paths: ['segment.scale'], says: 'the scale is 0 (pause) or more' } as const]
      : []),
  ];
  return refusals.length > 0 ? refuse(...refusals) : happen({ type: 'ClockSegmentAdded', data: { segment, because } });
}

export function releaseInject({ state }: Draft, command: CommandOf<'ReleaseInject'>): Decided {
  const { type, ...data } = command;
  if (state.mode === 'live') return refuse({ code: 'not-in-a-live-incident', action: 'ReleaseInject' });
  if (state.injects.includes(data.inject))
    return refuse({ code: 'already', what: `inject ${data.inject}`, since: null });
  return happen({ type: 'InjectReleased', data });
}
