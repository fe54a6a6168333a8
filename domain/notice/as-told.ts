import { LAW } from '../law/provisions.js';
import type { NoticeContent, NoticeEnvelope } from './model.js';

/**
 * What one authority reads. One that became competent after others were told gets the same facts as its first notification: it has no earlier one
 * that this could follow, and whether it is late is counted to it alone.
 */
export const asTold = (content: NoticeContent, { first }: Pick<NoticeEnvelope, 'first'>): NoticeContent =>
  first === true && content.kind === 'FOLLOW_UP' && content.completeness !== 'WITHDRAW'
    ? { ...content, kind: 'NEW', changes: [], timeline: { ...content.timeline, late: false } }
    : content;

/** What an envelope says of the law of its country, where that is not the GDPR. */
export const underLawOf = (country: string): Pick<NoticeEnvelope, 'under' | 'withoutHours'> =>
  country === 'GB'
    ? { under: LAW.unitedKingdom.cite }
    : country === 'CH'
      ? { under: LAW.switzerland.cite, withoutHours: true }
      : {};

interface Delivered {
  readonly phase: number;
  readonly deliveries: Readonly<Record<string, { readonly submittedAt: string | null } | undefined>>;
}

/** Has this authority had no phase before this one, though others have? */
export const isFirstFor = (notices: readonly Delivered[], phase: number, authority: string): boolean =>
  phase > 1 && !notices.some((n) => n.phase < phase && n.deliveries[authority]?.submittedAt != null);
