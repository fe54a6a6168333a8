import { expect, test } from '@jest/globals';
import { shown, table } from '../../cli/table.js';

test('each paragraph of a cell stands under the one before, beside an empty name', () => {
  expect(
    table(
      [
        ['message', 'Dear patient,\n\nyour data leaked.'],
        ['sent', 'no'],
      ],
      { width: 40 },
    ),
  ).toEqual(['message  Dear patient,', '', '         your data leaked.', 'sent     no']);
});

test('a column is as wide as its longest paragraph', () => {
  expect(shown('one\nthree3')).toBe(6);
  expect(table([['a\nbb', 'x', 'y']], { width: 40 })[0]).toBe('a   x  y');
});

test('a follow-up with the texts of a mailing, 1,200 paragraphs before and after, is laid out whole', () => {
  const text = Array.from({ length: 1_200 }, (_, at) => `Paragraph ${at}, which says something.`).join('\n');
  const lines = table([['row 80', text, text]], { width: 120 });
  expect(lines).toHaveLength(1_200); // with the library alone this does not end within the test's time
  expect(lines.at(-1)).toContain('Paragraph 1199');
});
