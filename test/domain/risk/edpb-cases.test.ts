import { expect, test } from '@jest/globals';
import type { Assessment } from '../../../domain/risk/assessment.js';
import { CASES_01_2021 } from './cases-01-2021.js';
import { CASES_9_2022 } from './cases-9-2022.js';
import { CASES_AUTHORITIES } from './cases-authorities.js';
import { assessed, facts } from './facts.js';
import type { Duties } from './published-case.js';

const answers = ({ notifyAuthority, tellPeople, level }: Assessment, [, people]: Duties) => ({
  level,
  duties: [notifyAuthority, people === null ? null : tellPeople],
});

for (const { id, what, evidence, given, duties, twin } of [...CASES_01_2021, ...CASES_9_2022, ...CASES_AUTHORITIES]) {
  test(`${id} [${evidence}]: ${what}`, () => {
    const assessment = assessed(facts(given));
    expect(answers(assessment, duties)).toMatchObject({ duties: [...duties] });
    expect(assessment.register).toBe(true);
  });
  test(`${id} turned over: ${twin.why}`, () => {
    const assessment = assessed(facts({ ...given, ...twin.flip }));
    expect(answers(assessment, twin.duties)).toMatchObject({ duties: [...twin.duties] });
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
