import { contactLine } from '../../domain/notice/answers.js';
import { missingFields } from '../../domain/notice/form.js';
import { UNSENT_MARKING } from '../../domain/notice/marking.js';
import type { NoticeContent } from '../../domain/notice/model.js';
import { FOLLOWS, noticeSections } from '../../domain/notice/rows.js';
import { instantInWords } from '../../domain/notice/words.js';
import type { Instant } from '../../domain/clock/instant.js';
import { assertMarked, marked } from './marking.js';
import { rowText, wrap } from './notice-text.js';
import { knownOffsetMs } from './zone.js';

/**
 * What a controller needs for its own notice (Art. 33(3)) and its processor may know. Not here: other controllers, who are none of its business,
 * and the risk and the communication, which are the controller's to decide.
 */
const SECTIONS: readonly string[] = ['3.1', '3.2', '3.3', '3.4', '3.5', '4.1', '4.3', '4.4'];
/** When the controller was aware, why it is late, when its processor told it: nothing that a processor could say. */
const OF_THE_CONTROLLER: readonly number[] = [48, 49, 52];

/** A draft of what a processor tells each controller (Art. 33(2); R-240, R-242, R-243). */
export function controllerInformation(content: NoticeContent, at: Instant): string {
  const filing = { earlierReference: null, releasedAt: at };
  const { controller: processor, dpo, reportingPerson, timeline } = content;
  const inZone = (instant: Instant): string => instantInWords(instant, timeline.zone, knownOffsetMs);
  const isTold = ({ section, no }: { readonly section: string; readonly no: number | null }): boolean =>
    SECTIONS.includes(section) && (no === null || !OF_THE_CONTROLLER.includes(no));
  const head = [
    'INFORMATION FOR THE CONTROLLER ABOUT A PERSONAL DATA BREACH',
    'from its processor, under Article 33(2) GDPR',
    '',
    'To:            (the controller)',
    `From:          ${processor.name}`,
    `Reference:     ${content.incident}`,
    `Aware since:   ${inZone(timeline.awareAt)}`,
    `Draft made:    ${inZone(at)}`,
    `Ask:           ${dpo ? `${dpo.name}, ${contactLine(dpo)}` : `${reportingPerson.name}, ${contactLine(reportingPerson)}`}`,
    '',
    wrap(
      'Personal data that we process for you are concerned. Whether your authority and the people concerned are told is yours to decide. You count as aware as soon as you have this; your 72 hours (Art. 33(1) GDPR) run from then (EDPB Guidelines 9/2022). What we do not know yet follows without undue delay.',
    ),
  ].join('\n');
  const missing = missingFields(content, filing).filter(isTold);
  const open =
    missing.length === 0
      ? []
      : [
          `NOT KNOWN YET, WILL FOLLOW (${missing.length})\n${missing.map(({ title, no }) => wrap(`- ${title} (${no})`, '  ')).join('\n')}`,
        ];
  const sections = noticeSections(content, filing, knownOffsetMs).flatMap(({ number, title, rows }) => {
    const told = rows.filter(({ no, answer }) => answer !== FOLLOWS && isTold({ section: number, no }));
    return told.length === 0 ? [] : [[`${number}  ${title}`.toUpperCase(), ...told.map(rowText)].join('\n')];
  });
  const whole = [
    UNSENT_MARKING.draft,
    head,
    ...open,
    ...sections,
    'The numbers are the rows of the EDPB template v1.0, in which you may notify your authority.',
    UNSENT_MARKING.draft,
  ];
  const text = `${marked(content.mode, whole.join('\n\n'))}\n`;
  assertMarked(content.mode, { 'beginning and end of the information for controllers': { text, times: 2 } });
  return text;
}
