import { expect, test } from '@jest/globals';
import { inOrder } from '../../cli/commands/declare.js';

const at = (hour: number): string => `2026-03-02T0${hour}:00:00.000Z`;
const one = { id: 'BR-1111-1111' };
const two = { id: 'BR-2222-2222' };

// the first                                     the other                                      who is withdrawn  why this row is here
// biome-ignore format: a table is read by the row
const rows = [
  [{ awareAt: at(2), declaredAt: at(5) }, { awareAt: at(3), declaredAt: at(4) }, two.id, 'the clock that began later, though it was declared earlier'],
  [{ awareAt: at(3), declaredAt: at(4) }, { awareAt: at(2), declaredAt: at(5) }, one.id, 'the new one is the later one'],
  [{ awareAt: null, declaredAt: at(4) }, { awareAt: null, declaredAt: at(5) }, two.id, 'two suspicions: the one declared later'],
  [{ awareAt: null, declaredAt: at(4) }, { awareAt: at(5), declaredAt: at(5) }, one.id, 'a running clock is not given up for a suspicion'],
  [{ awareAt: at(2), declaredAt: at(4) }, { awareAt: at(2), declaredAt: at(4) }, two.id, 'the same instant: both declarers are told the same'],
] as const;
for (const [first, other, later, why] of rows) {
  test(`declared twice: ${why}`, () => {
    const [a, b] = [
      { ...one, ...first },
      { ...two, ...other },
    ];
    expect(inOrder(a, b).later).toBe(later);
    expect(inOrder(b, a)).toEqual(inOrder(a, b));
  });
}
