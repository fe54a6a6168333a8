import type { Count } from '../domain/incident/facts.js';
import type { Declared, NoticeContent } from '../domain/notice/model.js';
import type { NoticePhase } from './answers.js';
import type { Look } from './summary-text.js';
import { table } from './table.js';
import { wrap } from './terminal.js';
import { bothTimes } from './times.js';

const TOLD = {
  YES: 'yes',
  PLANNED_ON: 'not yet; planned, with a date',
  PLANNED_NO_DATE: 'not yet; planned, without a date',
  NO_INVESTIGATING: 'not yet; it is being looked into',
  NO_NOT_HIGH: 'no: the risk is not high',
  NO_EXEMPT: 'no: exempt under Art. 34(3)',
} as const satisfies Record<NoticeContent['communication']['status'], string>;

/** What somebody must have read before approving: on one screen, gaps and changes included. */
export function noticeLines(id: string, phase: NoticePhase, look: Look): string[] {
  const content = phase.draft.content as unknown as NoticeContent;
  const { timeline, breach, people, data } = content;
  const approved = phase.approved;
  const rows = [
    ['Controller', content.controller.name],
    ['Aware since', bothTimes(timeline.awareAt, look.zone)],
    ['In time', timeline.late ? look.paint.red('no: later than 72 hours') : 'yes, when it goes now'],
    ['What happened', declared(breach.summary)],
    ['Nature', declared(breach.nature)],
    ['People', `${declared(people.count, countText)}; ${declared(people.categories)}`],
    ['Data', declared(data.categories)],
    ['Consequences', declared(content.consequences.harms)],
    ['Measures', declared(content.measures.taken)],
    ['Risk', content.assessment.level],
    ['People told', TOLD[content.communication.status]],
    [
      'Goes to',
      phase.deliveries.length > 0
        ? phase.deliveries.map((one) => one.authority).join(', ')
        : content.others.authoritiesToldOrToBeTold.join(', '),
    ],
  ];
  return [
    `${content.mode === 'drill' ? `${look.paint.yellow('EXERCISE')}  ` : ''}${look.paint.bold(id)}  notice, phase ${phase.phase}, ${content.completeness.toLowerCase()}${content.kind === 'FOLLOW_UP' ? ', follow-up' : ''}`,
    ...table(rows, { width: look.width, indent: '  ' }),
    ...(content.gaps.length > 0
      ? [
          '',
          ...wrap(
            `Gaps, declared as such (nothing missing blocks a notice, Art. 33(4)): ${content.gaps.join(', ')}`,
            look.width,
            '  ',
          ),
        ]
      : []),
    ...(content.changes.length > 0
      ? [
          '',
          look.paint.bold('Changed since the phase before'),
          ...table(
            content.changes.map((one) => [
              one.field,
              `${one.before} -> ${one.after}${one.why === undefined ? '' : `\n${one.why}`}`,
            ]),
            { width: look.width, indent: '  ', most: 34 },
          ),
        ]
      : []),
    ...phase.warnings.flatMap((warning) => wrap(`Look at this once more: ${warning}`, look.width, '  ')),
    ...(phase.reasonsForDelayDraft === null
      ? []
      : [
          '',
          look.paint.bold('It is late: the notice must say why (Art. 33(1)). From the record, to be completed by you:'),
          ...phase.reasonsForDelayDraft.split('\n').flatMap((line) => wrap(line, look.width, '  ')),
          ...wrap(`Then: seventytwo facts ${id} notice.reasonsForDelay="…"`, look.width, '  '),
        ]),
    '',
    `  SHA-256 ${phase.draft.sha256}`,
    ...(approved
      ? [
          approved.sha256 === phase.draft.sha256
            ? `  Approved${approved.hold ? ', held back' : ''}.`
            : `  An earlier version is approved: ${approved.sha256.slice(0, 12)}…`,
        ]
      : []),
    ...wrap(
      `The whole text: seventytwo notice ${id} show --whole; as a file: seventytwo notice ${id} pdf`,
      look.width,
      '  ',
    ),
  ];
}

function declared<T>(value: Declared<T>, text: (value: T) => string = plain): string {
  if (value.state !== 'given') return value.state === 'pending' ? 'not known yet' : value.state.replaceAll('_', ' ');
  return `${text(value.value)}${value.estimated ? ' (estimated)' : ''}`;
}

const plain = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));

export const countText = ({ min, likely, max }: Count): string =>
  min === max ? String(min) : `${min} to ${max}${likely === undefined ? '' : `, likely ${likely}`}`;
