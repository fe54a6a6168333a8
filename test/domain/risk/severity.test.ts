import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nearBoundary, score } from '../../../domain/risk/severity.js';

// breach-law 6.3, constructed from the tables of the method
const vectors = [
  // id, DPC, EI, confidentiality, integrity, availability, intent, SE, level, why
  ['V-01', 1, 0.25, 0, 0, 0, 0, 0.25, 'low', 'the minimum'],
  ['V-02', 1, 1, 0.25, 0, 0, 0, 1.25, 'low', 'e-mails in open CC, known recipients'],
  ['V-14', 1, 1, 0.5, 0, 0, 0, 1.5, 'low', 'simple data published by mistake'],
  [
    'V-03',
    1,
    1,
    0.5,
    0,
    0,
    0.5,
    2,
    'medium',
    'simple data published on purpose: a boundary belongs to the higher level',
  ],
  ['V-04', 2, 0.75, 0.5, 0, 0, 0, 2, 'medium', 'the same boundary on another way'],
  ['V-07', 3, 0.5, 0.25, 0, 0.25, 0, 2, 'medium', 'two circumstances add up'],
  ['V-12', 4, 0.25, 0.5, 0, 0, 0.5, 2, 'medium', 'pseudonymised health data, stolen'],
  ['V-05', 2, 1, 0.25, 0, 0, 0.5, 2.75, 'medium', 'just below high'],
  ['V-06', 3, 1, 0, 0, 0, 0, 3, 'high', 'financial, identified, no evidence of access'],
  ['V-13', 3, 0.75, 0.5, 0.25, 0, 0, 3, 'high', 'integrity counts'],
  ['V-08', 4, 0.75, 0, 0, 0.25, 0.5, 3.75, 'high', 'hospital ransomware, backup, no exfiltration'],
  ['V-09', 4, 0.75, 0.5, 0, 0, 0.5, 4, 'very_high', 'the last boundary'],
  ['V-10', 4, 1, 0.5, 0, 0, 0.5, 5, 'very_high', 'health data exfiltrated'],
  ['V-11', 4, 1, 0.5, 0.5, 0.5, 0.5, 6, 'very_high', 'the maximum'],
] as const;

for (const [id, dpc, ei, confidentiality, integrity, availability, intent, se, level, why] of vectors) {
  test(`${id}: ${why}`, () => {
    expect(score({ dpc, ei, confidentiality, integrity, availability, intent })).toMatchObject({ se, level });
  });
}

const criteria = fc.record({
  dpc: fc.constantFrom(1, 2, 3, 4),
  ei: fc.constantFrom(0.25, 0.5, 0.75, 1),
  confidentiality: fc.constantFrom(0, 0.25, 0.5),
  integrity: fc.constantFrom(0, 0.25, 0.5),
  availability: fc.constantFrom(0, 0.25, 0.5),
  intent: fc.constantFrom(0, 0.5),
});

test('the score lies between 0.25 and 6 in steps of a quarter, and the circumstances only raise it (R-620, R-626)', () => {
  fc.assert(
    fc.property(criteria, (c) => {
      const { se, cb } = score(c);
      expect(se).toBe(c.dpc * c.ei + cb);
      expect(Number.isInteger(se * 4) && se >= 0.25 && se <= 6 && cb >= 0 && cb <= 2).toBe(true);
    }),
  );
});

test('a value off the scale is refused with the scale', () => {
  expect(() => score({ dpc: 5, ei: 1, confidentiality: 0, integrity: 0, availability: 0, intent: 0 })).toThrow(
    'DPC must be one of 1, 2, 3, 4, not 5.',
  );
  expect(() => score({ dpc: 1, ei: 0.3, confidentiality: 0, integrity: 0, availability: 0, intent: 0 })).toThrow(
    'EI must be one of 0.25, 0.5, 0.75, 1, not 0.3.',
  );
});

const boundaries = [
  [1.5, false, 'half a point below'],
  [1.75, true, 'a quarter below'],
  [2, true, 'on it'],
  [2.25, true, 'a quarter above'],
  [2.5, false, 'in the middle of medium'],
  [4.25, true, 'a quarter above very high'],
  [6, false, 'far above'],
] as const;
for (const [se, near, why] of boundaries)
  test(`a hint is given within 0.25 of a boundary: ${why}`, () => expect(nearBoundary({ se })).toBe(near));
