import { expect, test } from '@jest/globals';
import { CASES_01_2021 } from './cases-01-2021.js';
import { CASES_9_2022 } from './cases-9-2022.js';
import { assessed, facts } from './facts.js';

for (const { id, what, evidence, given, duties, twin } of [...CASES_01_2021, ...CASES_9_2022]) {
  test(`${id} [${evidence}]: ${what}`, () => {
    const { notifyAuthority, tellPeople, register, level } = assessed(facts(given));
    expect({ level, duties: [notifyAuthority, tellPeople] }).toMatchObject({ duties: [...duties] });
    expect(register).toBe(true);
  });
  test(`${id} turned over: ${twin.why}`, () => {
    const { notifyAuthority, tellPeople, level } = assessed(facts({ ...given, ...twin.flip }));
    expect({ level, duties: [notifyAuthority, tellPeople] }).toMatchObject({ duties: [...twin.duties] });
  });
  test(`${id}: every reason names its rule, and there is one`, () => {
    const { factors } = assessed(facts(given));
    expect(factors.length).toBeGreaterThan(0);
    for (const factor of factors) expect(`${factor.rule} ${factor.says}`).toMatch(/^R-\d{3} \S.*\.$/);
  });
}

test('all eighteen cases of the guidelines are there', () =>
  expect(CASES_01_2021.map(({ id }) => id)).toEqual(
    Array.from({ length: 18 }, (_, index) => `C-${String(index + 1).padStart(2, '0')}`),
  ));
