import type { Count } from '../incident/facts.js';
import type { Declared, NoticeContent } from './model.js';
import { countInWords, grouped } from './words.js';

/** Rows 102 and 103: whether all were told and, where not, how many; `code` is null while nobody has recorded it. */
export function informedOfAll(content: NoticeContent): { code: 'ALL' | 'NOT_ALL' | null; why: string | null } {
  const { informed, uncounted, circleReason } = content.communication;
  const { count } = content.people;
  if (informed === null && !uncounted) return { code: null, why: null }; // nobody has recorded it
  if (informed !== null && count.state === 'given' && informed >= count.value.max) return { code: 'ALL', why: null };
  const single =
    informed === null
      ? []
      : [`${grouped(informed)} ${informed === 1 ? 'person has' : 'people have'} been informed so far`];
  const publicly = uncounted ? ['how many a public announcement has reached cannot be counted'] : [];
  const line = [...single, ...publicly, concerned(count)].join('; ');
  return {
    code: 'NOT_ALL',
    why: `${line.charAt(0).toUpperCase()}${line.slice(1)}.${circleReason === undefined ? '' : `\n${circleReason}`}`,
  };
}

function concerned(count: Declared<Count>): string {
  if (count.state === 'given') {
    const { value, estimated } = count;
    return `${estimated && value.min === value.max ? 'about ' : ''}${countInWords(value)} ${value.max === 1 ? 'is' : 'are'} concerned`;
  }
  return count.state === 'pending'
    ? 'how many are concerned is not known yet'
    : 'how many are concerned cannot be determined';
}
