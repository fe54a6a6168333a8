import { saidBefore, shortened } from '../../domain/notice/changes.js';
import { automaticStatement } from '../../domain/notice/automatic.js';
import { DRILL_MARKING, UNSENT_MARKING } from '../../domain/notice/marking.js';
import type { Change, NoticeContent, NoticeEnvelope } from '../../domain/notice/model.js';
import { noticeOverview } from '../../domain/notice/overview.js';
import { type NoticeRow, noticeSections } from '../../domain/notice/rows.js';
import { assertMarked, marked } from './marking.js';
import { knownOffsetMs } from './zone.js';

const WIDTH = 76;

/** Words after each other, broken at blanks; a word longer than the line stays whole. */
export function wrap(text: string, indent = ''): string {
  return text
    .split('\n')
    .flatMap((paragraph) => {
      const lines: string[] = [''];
      for (const word of paragraph.split(' ')) {
        const line = lines.at(-1) ?? '';
        if (line !== '' && indent.length + line.length + word.length + 1 > WIDTH) lines.push(word);
        else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
      }
      return lines;
    })
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n');
}

const RELEASED = { sent: 'Released:', draft: 'Draft made:', approved: 'Approved:' } as const;
const STATE: Readonly<Record<NoticeRow['state'], string>> = {
  given: '',
  estimated: ' [estimated]',
  pending: ' [to follow]',
  undeterminable: ' [cannot be determined]',
  not_applicable: ' [not applicable]',
};

/** One question and its answer. */
export const rowText = ({ no, label, answer, state }: NoticeRow): string =>
  `${wrap(`${no === null ? '' : `${no} `}${label}${STATE[state]}`, '  ')}\n${wrap(answer, '      ')}`;

function changed(change: Change): string {
  const before = saidBefore(change);
  return [
    wrap(change.field, '  '),
    wrap(`is:  ${shortened(change.after)}`, '    '),
    ...(before === null ? [] : [wrap(`was: ${before}`, '    ')]),
    ...(change.why === undefined ? [] : [wrap(`why: ${change.why}`, '    ')]),
  ].join('\n');
}

/** The whole notice as plain text: what stands in the mail's body and in a portal's clipboard. */
export function noticeText(content: NoticeContent, envelope: NoticeEnvelope): string {
  const overview = noticeOverview(content, envelope, knownOffsetMs);
  const automatic = automaticStatement(content);
  const head = [
    overview.title.toUpperCase(),
    `under ${envelope.under ?? 'Article 33 GDPR'}`,
    '',
    `To:            ${envelope.authorityName}`,
    `From:          ${content.controller.name}`,
    `Reference:     ${content.incident}, phase ${content.phase}`,
    ...(envelope.earlierReference === null ? [] : [`Your reference: ${envelope.earlierReference}`]),
    `Kind:          ${overview.kind}`,
    `Aware since:   ${overview.awareAt}`,
    `72 hours end:  ${overview.dueAt}`,
    `${RELEASED[envelope.unsent ?? 'sent'].padEnd(15)}${overview.releasedAt}`,
    `               ${overview.timing}`,
    ...(content.withdrawalReason === null
      ? [`Risk:          ${overview.risk}`, `People:        ${overview.people}`]
      : [`Withdrawn:     ${content.withdrawalReason}`]),
    ...(automatic === null ? [] : ['', wrap(automatic, '')]),
  ].join('\n');
  const missing =
    overview.missing.length === 0
      ? []
      : [
          `NOT KNOWN YET, WILL FOLLOW (${overview.missing.length})\n${overview.missing.map((line) => wrap(`- ${line}`, '  ')).join('\n')}`,
        ];
  const changes =
    content.changes.length === 0
      ? []
      : [
          `CHANGED SINCE PHASE ${content.changesSince ?? content.phase - 1} (${content.changes.length})\n${content.changes.map((change) => changed(change)).join('\n')}`,
        ];
  const sections = noticeSections(content, envelope, knownOffsetMs).map(({ number, title, rows }) => {
    const name = number === '+' ? title : `${number}  ${title}`;
    return [name.toUpperCase(), ...rows.map(rowText)].join('\n');
  });
  const record = [
    'ABOUT THIS DOCUMENT',
    `  Content (SHA-256):  ${envelope.contentSha256}`,
    ...(envelope.ledgerHead === null
      ? []
      : [`  Ledger head:        ${envelope.ledgerHead.seq} ${envelope.ledgerHead.hash}`]),
    `  Rules of the law:   ${content.rules}`,
  ].join('\n');
  const unsent = envelope.unsent ? [UNSENT_MARKING[envelope.unsent]] : [];
  const whole = [...unsent, head, ...changes, ...missing, ...sections, record, ...unsent].join('\n\n');
  const text = `${marked(content.mode, whole)}\n`;
  assertMarked(content.mode, { 'beginning and end of the text': { text, times: 2 } });
  if (content.mode === 'drill' && !text.startsWith(DRILL_MARKING))
    throw new Error('The marking of the exercise does not begin the text.');
  return text;
}
