import { isLate, type OffsetMs, strictDeadline } from '../clock/deadlines.js';
import { type Instant, MINUTE_MS, msBetween } from '../clock/instant.js';
import { type Filing, isFiledLate } from './answers.js';
import { missingFields } from './form.js';
import type { NoticeContent } from './model.js';
import { countInWords, instantInWords } from './words.js';

/** What an officer wants to know before reading on; the first page of the PDF and the head of the text. */
export interface Overview {
  readonly title: string;
  /** `Initial notice (phase 1), incomplete: more will follow`. */
  readonly kind: string;
  readonly awareAt: string;
  readonly dueAt: string;
  readonly releasedAt: string;
  readonly inTime: boolean;
  /** `In time: 23 h 55 min before the 72 hours ended.` */
  readonly timing: string;
  readonly risk: string;
  readonly people: string;
  /** Titles of the fields that are owed and not known yet, with their rows. */
  readonly missing: readonly string[];
}

const RISK: Readonly<Record<NoticeContent['assessment']['level'], string>> = {
  HIGH_RISK: 'High risk is likely',
  RISK_NOT_HIGH: 'A risk is likely, not a high one',
  UNLIKELY_RISK: 'A risk is unlikely',
  MORE_INFO_NEEDED: 'Still being assessed',
};

export function noticeOverview(content: NoticeContent, filing: Filing, offsetMs?: OffsetMs): Overview {
  const { awareAt, zone } = content.timeline;
  const dueAt = strictDeadline(awareAt);
  const late = isFiledLate(content, filing);
  const { count } = content.people;
  const timing = filing.withoutHours
    ? 'The law here knows no number of hours.'
    : timingInWords(content, filing.releasedAt, dueAt, late);
  return {
    title:
      content.completeness === 'WITHDRAW'
        ? 'Withdrawal of a personal data breach notification'
        : 'Personal data breach notification',
    kind: kindInWords(content, filing.withoutHours === true),
    awareAt: instantInWords(awareAt, zone, offsetMs),
    dueAt: filing.withoutHours ? 'None: as soon as possible' : instantInWords(dueAt, zone, offsetMs),
    releasedAt: instantInWords(filing.releasedAt, zone, offsetMs),
    inTime: !late,
    timing: filing.unsent && content.kind === 'NEW' && !filing.withoutHours ? wouldBe(timing) : timing,
    risk: RISK[content.assessment.level],
    people:
      count.state === 'given'
        ? countInWords(count.value)
        : count.state === 'pending'
          ? 'Not known yet'
          : 'Cannot be determined',
    missing:
      content.completeness === 'WITHDRAW'
        ? []
        : missingFields(content, filing).map(({ no, title }) => `${title} (${no})`),
  };
}

function kindInWords({ kind, phase, completeness }: NoticeContent, elsewhere: boolean): string {
  if (completeness === 'WITHDRAW') return `Follow-up (phase ${phase}): the earlier notification is withdrawn`;
  const which = kind === 'NEW' ? `Initial notification (phase ${phase})` : `Follow-up notification (phase ${phase})`;
  return completeness === 'COMPLETE'
    ? `${which}, complete`
    : `${which}, incomplete: more will follow${elsewhere ? '' : ' under Art. 33(4)'}`;
}

const span = (ms: number): string => {
  const minutes = Math.floor(Math.abs(ms) / MINUTE_MS);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** Nothing has gone out yet, so nothing was in time or late. */
const wouldBe = (timing: string): string =>
  `Not sent yet. At that moment it would have been ${timing.charAt(0).toLowerCase()}${timing.slice(1)}`;

function timingInWords(content: NoticeContent, releasedAt: Instant, dueAt: Instant, late: boolean): string {
  if (content.kind === 'FOLLOW_UP') {
    return late
      ? 'The first notification came after the 72 hours; the reasons are in row 49.'
      : 'The first notification was in time.';
  }
  if (!late) return `In time: ${span(msBetween(releasedAt, dueAt))} before the 72 hours ended.`;
  const reasons =
    content.timeline.reasonsForDelay.state === 'given'
      ? 'The reasons are in row 49.'
      : 'The reasons for the delay will follow.';
  return isLate(releasedAt, dueAt) ? `Late by ${span(msBetween(dueAt, releasedAt))}. ${reasons}` : `Late. ${reasons}`;
}

/** More people told than are concerned: one of the two figures is not up to date, and the authority reads both. */
export function moreToldThanConcerned({ communication, people }: NoticeContent): string[] {
  const { informed } = communication;
  return informed !== null && people.count.state === 'given' && informed > people.count.value.max
    ? [
        `${informed} people have been told, and people.count says that at most ${people.count.value.max} are concerned: correct people.count, or say in communication.circleReason who else was told.`,
      ]
    : [];
}
