import { automaticStatement } from './automatic.js';
import type { Count, FactId, Facts } from '../incident/facts.js';
import type { Declared, NoticeContent } from './model.js';
import { countInWords, dayInWords, instantInWords } from './words.js';

/** In words of the form's own kind, for what only some authorities ask (F-46) or the common form has no row for. */
const SERVICE: Readonly<Record<string, string>> = {
  NONE: 'all of them run',
  LOW_SERVED_WITH_DELAY: 'everybody is served, with delay',
  MEDIUM_SOME_NOT_SERVED: 'some people cannot be served',
  HIGH_NONE_SERVED: 'nobody can be served',
};
const RECOVERY: Readonly<Record<string, string>> = {
  REGULAR: 'foreseeable with what we have',
  SUPPLEMENTED: 'foreseeable with more help',
  EXTENDED: 'not foreseeable',
  NOT_RECOVERABLE: 'nothing will run again as before',
};
const TRAINED: Readonly<Record<string, string>> = { YES: 'yes', NO: 'no', UNKNOWN: 'not known' };
const ORDER: Readonly<Record<string, string>> = {
  ORDERED_BY_SA: 'An authority has ordered that the people are told',
  SA_CONFIRMED_EXEMPT: 'An authority has found that an exemption is met',
};

/** What is known and has no row of its own; each as a line that says what it is. Nothing that only the risk was worked out from. */
export function additionalInformation(facts: Facts): Pick<NoticeContent['timeline'], 'additional'> {
  const text = (id: FactId): string | null => {
    const value = facts[id]?.value;
    return typeof value === 'string' && value.trim() !== '' ? value : null;
  };
  const count = (id: FactId): string | null => {
    const value = facts[id]?.value;
    return typeof value === 'object' && value !== null && 'min' in value ? countInWords(value as Count) : null;
  };
  const line = (says: string, value: string | null | undefined): string[] =>
    value == null ? [] : [`${says}: ${value}`];
  const yesNo = (id: FactId): string | null => {
    const value = facts[id]?.value;
    return typeof value === 'boolean' ? (value ? 'yes' : 'no') : null;
  };
  const word = (id: FactId, words: Readonly<Record<string, string>>): string | null => words[text(id) ?? ''] ?? null;
  const order = word('order.byAuthority', ORDER);
  const lines = [
    ...line('How begin and end were estimated', text('breach.timesMethod')),
    ...line('Number of wrong recipients', count('confidentiality.recipientCount')),
    ...line('Phishing, owners of mailboxes that were taken over', count('people.mailboxOwners')),
    ...line('Phishing, people who got mail from these mailboxes', count('people.phishingRecipients')),
    ...line('Phishing, people about whom messages in the mailboxes tell something', count('people.inMailbox')),
    ...line('Hours without the data', count('availability.outageHours')),
    ...line('Under professional secrecy', yesNo('data.professionalSecrecy')),
    ...line('Services to people', word('availability.serviceImpact', SERVICE)),
    ...line('Time until it runs as before', word('availability.recoveryTime', RECOVERY)),
    ...line('Staff trained in the last two years', word('measures.staffTrained', TRAINED)),
    ...(order === null ? [] : [`${order}${text('order.detail') === null ? '.' : `: ${text('order.detail')}`}`]),
  ];
  return lines.length > 0 ? { additional: lines } : {};
}

/** Whoever reads the fields alone would take the one number there for a likely one. */
const upperEnd = (row: 68 | 73, of: string, count: Declared<Count>): string | null =>
  count.state === 'given' && count.value.likely === undefined
    ? `Number of ${of}: ${countInWords(count.value)} (a likely number is not known). The number in row ${row} of the data form is the upper end.`
    : null;

/** Row 53: further comments on the timeline, and additional information. */
export function commentsOf(content: NoticeContent): string {
  const { timeline, others } = content;
  const lines = [
    timeline.notes.state === 'given' ? timeline.notes.value : null,
    upperEnd(68, 'people concerned', content.people.count),
    upperEnd(73, 'records concerned', content.data.records),
    ...(timeline.additional ?? []),
    content.communication.circleReason !== undefined && content.communication.status !== 'YES'
      ? `Only a part of the people is to be told: ${content.communication.circleReason}`
      : null,
    timeline.firstHintAt === null ? null : `First hint: ${instantInWords(timeline.firstHintAt)}.`,
    timeline.processorInformedUsAt === null
      ? null
      : `The processor informed us: ${instantInWords(timeline.processorInformedUsAt)}.`,
    others.moreInformationOn.state === 'given' && content.completeness === 'INCOMPLETE'
      ? `More information is expected by ${dayInWords(others.moreInformationOn.value)}.`
      : null,
    automaticStatement(content),
  ];
  return lines.filter((line) => line !== null).join('\n');
}
