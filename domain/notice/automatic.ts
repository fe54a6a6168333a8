import type { NoticeContent } from './model.js';
import { instantInWords } from './words.js';

/** What a notice says of itself that went out without anybody's approval; null for every other. */
export function automaticStatement({ filedAutomatically, authorisation }: NoticeContent): string | null {
  if (!filedAutomatically) return null;
  if (!authorisation) return 'This notice was filed automatically under a standing authorisation of the controller.';
  const { id, grantedAt, hoursBeforeDeadline } = authorisation;
  return `This notice was filed automatically under a standing authorisation of the controller (${id} in its record, granted ${instantInWords(grantedAt)}), because nobody had approved one ${hoursBeforeDeadline} ${hoursBeforeDeadline === 1 ? 'hour' : 'hours'} before the deadline. No person has reviewed it; a reviewed follow-up is to come.`;
}
