import type { Instant } from '../clock/instant.js';
import type { Duty } from '../duties/duty.js';
import { approvalsOf, APPROVALS_FOR_PEOPLE } from './decide/people.js';
import { peopleOwed, persons, unreachedSays } from './people-owed.js';
import { dataSince } from './people-told.js';
import type { Delivery, IncidentState, NoticePhase } from './state.js';
import type { StillOpen } from './summary-shape.js';
import { isOverruled } from './taken-back.js';
import { taskSteps } from './task-steps.js';

type Ending = StillOpen['ends'][number];
type Why = Pick<StillOpen, 'because' | 'ends'>;

/** Why each duty and each task is still open, with the figures, and what ends it: no screen leaves a person to guess. */
export function stillOpen(state: IncidentState): StillOpen[] {
  if (state.phase === 'closed') return [];
  return [
    ...state.duties.flatMap((duty) => {
      const why = whyOpen(state, duty);
      return why === null ? [] : [{ id: duty.id, ...why }];
    }),
    ...state.tasks
      .filter((task) => task.doneAt === null)
      .map((task) => ({
        id: task.id,
        because: [],
        ends: taskSteps(state, task).map(({ says, command }) => ({ says, command })),
      })),
  ];
}

function whyOpen(state: IncidentState, duty: Duty): Why | null {
  const { id } = state;
  if (duty.state === 'held' && duty.hold)
    return {
      because: [`It is held for law enforcement, and the hold is looked at again by ${shown(duty.hold.reviewAt)}.`],
      ends: [end('Once the hold has ended it is owed again:', `duty ${id} ${duty.id} release --reason "…"`)],
    };
  if (duty.state !== 'open' && duty.state !== 'filed_receipt_pending') return null;
  switch (duty.kind) {
    case 'authority-notice':
      return authority(state, duty);
    case 'people-message':
      return people(state);
    case 'controller-notice':
      return controller(state, duty);
    case 'register':
      return {
        because: ['The breach stays in the register, and is kept up to date until nothing is owed any more.'],
        ends: [end('It ends with the incident:', `close ${id} --reason "…"`)],
      };
  }
}

const end = (says: string, command: string): Ending => ({ says, command: `seventytwo ${command}` });
const shown = (instant: Instant): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

function controller(state: IncidentState, { to }: Duty): Why {
  const task = state.tasks.find((t) => t.about === `tell-controller/${to}` && t.doneAt === null);
  return {
    because: [`Nobody has recorded that ${to} was told (its place in parties.controllers).`],
    ends: task ? taskSteps(state, task) : [],
  };
}

function people(state: IncidentState): Why {
  const { id } = state;
  const owed = peopleOwed(state);
  const task = state.tasks.find((t) => t.kind === 'tell-people' && t.doneAt === null);
  const begun = state.mailings.length > 0;
  const because = [
    ...(begun || owed.told > 0
      ? [
          `${persons(owed.told)} ${owed.told === 1 ? 'was' : 'were'} told${owed.elsewhere > 0 ? `, ${owed.elsewhere} of them in another way than by e-mail` : ''}.`,
        ]
      : ['Nobody was told yet.']),
    ...(owed.excused > 0
      ? [
          `${owed.excused} of those whom a mailing missed ${owed.excused === 1 ? 'was' : 'were'} not told, for the reason noted.`,
        ]
      : []),
    ...owed.underWay.map((m) => `Mailing ${m.mailing} to ${persons(m.count)} is ${m.state}.`),
    ...owed.unreached.map((one) => `${unreachedSays(one)}.`),
    ...owed.notMailed.map((list) => `No mailing went to ${list.id} (${persons(list.count)}).`),
    ...(owed.atLeast !== null ? [`By the facts at least ${persons(owed.atLeast)} are concerned (people.count).`] : []),
    ...since(state),
  ];
  const otherwise = task
    ? [
        end(
          begun
            ? 'Whoever else is concerned was told in another way, or need not be told (R-404): say how and when, or why. That ends the duty:'
            : 'Or, told in another way: say when, how many, how and what (without --number where a public announcement cannot be counted). That ends the duty:',
          `task ${id} ${task.id} --done ${begun ? '--note "…"' : TOLD}`,
        ),
      ]
    : [];
  return {
    because,
    ends: [
      ...owed.underWay.map((m) =>
        m.state === 'paused'
          ? end('It goes on where it stopped:', `people ${id} resume ${m.mailing}`)
          : end('It ends when everybody has an outcome:', `people ${id} status`),
      ),
      ...owed.unreached.flatMap(({ task: open }) => {
        const found = state.tasks.find((t) => t.id === open?.id);
        return found ? taskSteps(state, found) : [];
      }),
      ...(begun && owed.notMailed.length === 0 ? [] : [mailingNext(state)]),
      ...(owed.unreached.length + owed.underWay.length > 0 ? [] : otherwise),
    ].map(({ says, command }) => ({ says, command })),
  };
}

const TOLD = '--on DATE --number N --means INDIVIDUAL --text "…"';

/** What was found after the people had been told: they have not heard of it. */
function since(state: IncidentState): string[] {
  const found = dataSince(state, state.facts);
  return found.length === 0 ? [] : [`Found since they were told: ${found.join(', ')} (data.categories).`];
}

function mailingNext({ id, lists, messages }: IncidentState): Ending {
  const message = messages.at(-1);
  if (lists.length === 0) return end('It ends with a mailing that reaches everybody:', `people ${id} import FILE.csv`);
  return message && approvalsOf(message) >= APPROVALS_FOR_PEOPLE
    ? end('The message is approved. Start sending:', `people ${id} start`)
    : end('The message is approved by two, then sent:', `people ${id} approve`);
}

function authority(state: IncidentState, duty: Duty): Why {
  const { id } = state;
  if (duty.to === 'unsettled')
    return {
      because: [
        'It is not known which authority is to be told: the country or the Land of those concerned is missing.',
      ],
      ends: [end('It ends when that is recorded:', `facts ${id}`)],
    };
  const notices = state.notices.filter((n) => !isOverruled(state, n));
  const last = notices.at(-1);
  const sentTo = notices.findLast((n) => n.deliveries[duty.to] !== undefined);
  const delivery = sentTo?.deliveries[duty.to];
  if (sentTo && delivery) return onItsWay(state, sentTo, delivery);
  if (!last)
    return state.decision === null
      ? {
          because: ['No notice is drafted yet: the risk is not decided.'],
          ends: [end('Then a notice is drafted:', `decide ${id} --level LEVEL --because "…"`)],
        }
      : { because: ['The notice is being drafted.'], ends: [end('Then it is approved:', `notice ${id} show`)] };
  return last.approved
    ? {
        because: [`Notice ${last.phase} was approved before ${duty.to} was to be told, and does not go there.`],
        ends: [end('The next one does:', `notice ${id} draft`)],
      }
    : {
        because: [`Notice ${last.phase} is a draft: nobody has approved it.`],
        ends: [end('Once approved it goes out; its receipt ends the duty:', `notice ${id} approve`)],
      };
}

function onItsWay({ id }: IncidentState, { phase, approved }: NoticePhase, delivery: Delivery): Why {
  const to = delivery.authority;
  const receipt = end(
    `The receipt of ${to} ends the duty:`,
    `notice ${id} receipt --authority ${to} --phase ${phase} --reference REF --received INSTANT`,
  );
  const tried = delivery.attempts > 0 ? ` after ${delivery.attempts} attempt${delivery.attempts === 1 ? '' : 's'}` : '';
  if (approved?.hold && delivery.submittedAt === null)
    return {
      because: [`Notice ${phase} is approved and on hold: nothing is sent.`],
      ends: [end('Let it go:', `notice ${id} release`)],
    };
  switch (delivery.state) {
    case 'waiting':
      return {
        because: [`Notice ${phase} is approved, and no mail server has taken it over for ${to}${tried}.`],
        ends: [
          end(
            'It is tried again by itself. Filed in another way, its receipt ends the duty:',
            receipt.command.slice(11),
          ),
        ],
      };
    case 'ambiguous':
      return {
        because: [`Notice ${phase} was handed over${tried}, and whether it was taken is not known.`],
        ends: [receipt],
      };
    case 'refused':
      return { because: [`The mail server of ${to} refused notice ${phase}${tried}.`], ends: [receipt] };
    case 'at_portal':
      return {
        because: [`Notice ${phase} lies ready, and a person files it at the portal of ${to}.`],
        ends: [end('Write it to a file:', `notice ${id} pdf --authority ${to} --phase ${phase}`), receipt],
      };
    case 'unverified_mailbox':
      return {
        because: [`Nobody has verified the mailbox of ${to}, so notice ${phase} was not sent there.`],
        ends: [
          end('Check it:', `authorities verify ${to} --how "…"`),
          end('Then send the notice:', `notice ${id} release`),
        ],
      };
    case 'sent':
      return {
        because: [
          `Notice ${phase} is with ${to}${delivery.submittedAt ? ` since ${shown(delivery.submittedAt)}` : ''}, and its receipt is not recorded.`,
        ],
        ends: [receipt],
      };
  }
}
