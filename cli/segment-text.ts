import type { ImportReport } from './answers.js';
import { table } from './table.js';

type Segments = ImportReport['segments'];
const MOST = 12;

/** The groups of a list that read another text, with what leaked of them, the largest first. One group alone needs no line. */
export function segmentRows(segments: Segments): string[][] {
  const groups = new Map<string, { language: string; data: string; count: number; countries: Set<string> }>();
  for (const { language, data, count, country } of segments ?? []) {
    const said = data === null ? 'all that the record names' : data.join(', ');
    const key = `${language}/${said}`;
    const group = groups.get(key) ?? { language, data: said, count: 0, countries: new Set<string>() };
    group.count += count;
    if (country !== null) group.countries.add(country);
    groups.set(key, group);
  }
  if (groups.size < 2) return [];
  const sorted = [...groups.values()].sort((a, b) => b.count - a.count);
  const rest = sorted.slice(MOST);
  return [
    ...sorted
      .slice(0, MOST)
      .map(({ language, data, count, countries }) => [String(count), language, [...countries].sort().join(' '), data]),
    ...(rest.length === 0
      ? []
      : [[String(rest.reduce((sum, { count }) => sum + count, 0)), '', '', `in ${rest.length} more groups (--json)`]]),
  ];
}

export function segmentLines(segments: Segments, width: number): string[] {
  const rows = segmentRows(segments);
  return rows.length === 0
    ? []
    : [
        '',
        'Groups that read another text:',
        ...table(rows, { width, indent: '  ', head: ['people', 'language', 'countries', 'data'] }),
      ];
}
