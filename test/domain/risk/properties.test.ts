import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FACT_IDS, type FactId, type FactInput, factSpec, type FactValue } from '../../../domain/incident/facts.js';
import { dutiesOf } from '../../../domain/risk/decision-table.js';
import type { RiskLevel } from '../../../domain/risk/levels.js';
import { settle } from '../../../domain/risk/assess.js';
import { CASES_01_2021 } from './cases-01-2021.js';
import { CASES_9_2022 } from './cases-9-2022.js';
import { CASES_AUTHORITIES } from './cases-authorities.js';
import { assessed, facts, recorded } from './facts.js';

// Properties over every fact that triage reads
const UNREAD =
  /^(data\.(detail|records)|people\.(detail|countries|mailboxOwners|phishingRecipients|inMailbox|mostAffectedLand)|confidentiality\.consequences|integrity\.consequences|harm\.detail)$/;
const READ: readonly FactId[] = FACT_IDS.filter(
  (id) =>
    ['breach.nature', 'breach.cause', 'breach.incidentTypes', 'controller.sensitiveField'].includes(id) ||
    (/^(data|people|confidentiality|protection|availability|integrity|harm)\./.test(id) && !UNREAD.test(id)),
);

function valueOf(id: FactId): fc.Arbitrary<FactValue> {
  const spec = factSpec(id);
  switch (spec.type) {
    case 'one_of':
      return fc.constantFrom(...spec.options);
    case 'many_of':
      return fc.uniqueArray(fc.constantFrom(...spec.options), { minLength: 1, maxLength: 4 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: spec.min, max: spec.max });
    case 'count':
      return fc.constantFrom(0, 1, 2, 10, 11, 24, 25, 100, 101, 5000).map((n) => ({ min: n, likely: n, max: n }));
    default:
      throw new Error(`${id} is not read by triage`);
  }
}
const known = (id: FactId): fc.Arbitrary<FactInput> =>
  valueOf(id).map((value) => ({ id, value, certainty: 'known', source: 'the test' }));
/** The door refuses what cannot all be true; of the two that clash here, one is left out. */
const possible = (inputs: FactInput[]): FactInput[] =>
  inputs.some(({ id, value }) => id === 'availability.outcome' && value === 'TEMPORARY')
    ? inputs.filter(({ id, value }) => id !== 'availability.recovery' || value !== 'NOT_POSSIBLE')
    : inputs;
/** Facts thrown together reach the rules that need many of them seldom: half of the cases are published ones with a few facts turned over or lost. */
const PUBLISHED: readonly (readonly FactInput[])[] = [...CASES_01_2021, ...CASES_9_2022, ...CASES_AUTHORITIES].flatMap(
  ({ given, twin }) => [given, { ...given, ...twin.flip }].map((one) => Object.values(facts(one))),
);
const thrownTogether: fc.Arbitrary<FactInput[]> = fc
  .subarray([...READ])
  .chain((ids) => fc.tuple(...ids.map(known)) as fc.Arbitrary<FactInput[]>);
const nearPublished: fc.Arbitrary<FactInput[]> = fc
  .tuple(
    fc.constantFrom(...PUBLISHED),
    fc.array(fc.constantFrom(...READ).chain(known), { maxLength: 4 }),
    fc.subarray([...READ], { maxLength: 4 }),
  )
  .map(([given, turned, lost]) => {
    const by = new Map([...given, ...turned].map((fact) => [fact.id, fact]));
    for (const id of lost) by.delete(id);
    return [...by.values()];
  });
const someFacts: fc.Arbitrary<FactInput[]> = fc.oneof(thrownTogether, nearPublished).map(possible);
const severityOf = (level: RiskLevel): number =>
  ({ UNLIKELY_RISK: 0, RISK_NOT_HIGH: 1, HIGH_RISK: 2, MORE_INFO_NEEDED: 3 })[level];

/** Level and answers alone, without the hints that cost the most. That they are those of the whole assessment is a property below. */
function answered(inputs: readonly FactInput[]) {
  const { level, worst } = settle(recorded(inputs));
  return { level, se: worst.severity.se, notifyAuthority: worst.rank > 0, tellPeople: worst.rank === 2 };
}

test('the generated cases are rich: every level is reached often, and each rule fires', () => {
  const cases = fc.sample(someFacts, { numRuns: 3000, seed: 1 }).map((one) => settle(recorded(one)));
  for (const level of ['UNLIKELY_RISK', 'RISK_NOT_HIGH', 'HIGH_RISK', 'MORE_INFO_NEEDED'] as const)
    expect(cases.filter((one) => one.level === level).length / cases.length).toBeGreaterThan(0.05);
  const said = new Set(cases.flatMap(({ worst }) => worst.findings.map(({ says }) => says.slice(0, 40))));
  expect(said.size).toBeGreaterThan(45);
});

// Class of the data and its adjustment are judgements over what follows from the kinds of data, which stands until they are made.
// The kind of incident is a label over the other facts: what it says beyond them counts, and an open one takes nothing back.
const FOUND_OUT = READ.filter((id) => !id.startsWith('data.context') && id !== 'breach.incidentTypes');

test('not to know a fact never settles on less than knowing it, and never spares the authority', () => {
  fc.assert(
    fc.property(
      someFacts,
      fc.constantFrom(...FOUND_OUT).chain(known),
      fc.constantFrom('pending', 'undeterminable'),
      (others, fact, certainty) => {
        const before = others.filter(({ id }) => id !== fact.id);
        fc.pre(possible([...before, fact]).length === before.length + 1);
        const withFact = answered([...before, fact]);
        const without = answered([...before, { ...fact, value: null, certainty }]);
        // MORE_INFO_NEEDED settles nothing: the authority is told, and the fact is asked for.
        if (withFact.level !== 'MORE_INFO_NEEDED')
          expect(severityOf(without.level)).toBeGreaterThanOrEqual(severityOf(withFact.level));
        if (withFact.notifyAuthority) expect(without.notifyAuthority).toBe(true);
        expect(without.se).toBeGreaterThanOrEqual(withFact.se);
      },
    ),
    { numRuns: 4000 },
  );
});

test('what cannot be known is never weighed less than any value it could have', () => {
  fc.assert(
    fc.property(someFacts, fc.constantFrom(...FOUND_OUT).chain(known), (others, fact) => {
      const before = others.filter(({ id }) => id !== fact.id);
      fc.pre(possible([...before, fact]).length === before.length + 1);
      const withFact = answered([...before, fact]);
      const never = answered([...before, { ...fact, value: null, certainty: 'undeterminable' }]);
      if (withFact.tellPeople) expect(never.level === 'MORE_INFO_NEEDED' || never.tellPeople).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('every proposal is consistent: duties as in the table, every assumption about a fact that is not known', () => {
  fc.assert(
    fc.property(someFacts, (given) => {
      const of = recorded(given);
      const assessment = assessed(of);
      expect(assessed(of)).toEqual(assessment);
      const { se, ...answers } = answered(given);
      expect({ ...assessment, se: assessment.severity.se }).toMatchObject({ ...answers, se });
      const { dpc, ei, cb, steps } = assessment.severity;
      expect([dpc * ei + cb, steps.slice(2).reduce((sum, step) => sum + step.value, 0)]).toEqual([se, cb]);
      for (const step of steps) expect(step.value * 4).toBe(Math.round(step.value * 4));
      const settled = assessment.level !== 'MORE_INFO_NEEDED';
      if (settled)
        expect(dutiesOf(assessment.level)).toEqual({
          notifyAuthority: assessment.notifyAuthority,
          tellPeople: assessment.tellPeople,
          register: true,
        });
      expect(assessment.notifyAuthority).toBe(assessment.level !== 'UNLIKELY_RISK');
      expect(assessment.duties.map(({ kind }) => kind).includes('people-message')).toBe(
        settled && assessment.tellPeople,
      );
      expect(assessment.factors.length).toBeGreaterThan(settled ? 0 : -1);
      for (const { rule, says } of assessment.factors) expect(`${rule} ${says}`).toMatch(/^R-\d{3} \S.*\.$/);
      expect(new Set(assessment.missing.map(({ fact }) => fact)).size).toBe(assessment.missing.length);
      expect(assessment.level === 'MORE_INFO_NEEDED' && assessment.missing.length === 0).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

// From better to worse. Where the worse of two is not plain from the law (such as between two kinds of data) there is no row.
const WORSE: Readonly<Partial<Record<FactId, readonly FactValue[]>>> = {
  'breach.cause': ['EXTERNAL_NON_MALICIOUS', 'INTERNAL_MALICIOUS', 'EXTERNAL_MALICIOUS'],
  'people.count': [1, 100, 101, 5000].map((n) => ({ min: 1, likely: n, max: n })),
  'confidentiality.outcome': ['NOT_DISCLOSED_EVIDENCED', 'LIKELY_NO_EVIDENCE', 'DISCLOSED'],
  'confidentiality.recipients': ['NO_EVIDENCE_OF_ACCESS', 'KNOWN_RECIPIENTS', 'UNKNOWN_RECIPIENTS'],
  'confidentiality.recipientCount': [1, 2, 5000].map((n) => ({ min: 1, likely: n, max: n })),
  'confidentiality.recipientTrusted': [true, false],
  'data.unintelligible': ['PROTECTION_INTACT', 'NO'],
  'protection.algorithmStandardised': [true, false],
  'protection.keySafe': [true, false],
  'protection.keyStrong': [true, false],
  'protection.keyStoredApart': [true, false],
  'protection.appliedToAffectedData': [true, false],
  'protection.passwordsSaltedAndHashed': [true, false],
  'data.contextAdjustment': [-3, -2, -1, 0, 1, 2, 3],
  'data.identifiability': ['NEGLIGIBLE', 'LIMITED', 'SIGNIFICANT', 'MAXIMUM'],
  'data.professionalSecrecy': [false, true],
  'data.alreadyPublic': [true, false],
  'confidentiality.recipientBound': [true, false],
  'availability.outageHours': [0, 24, 25, 500].map((n) => ({ min: 0, likely: n, max: n })),
  'availability.essentialService': [false, true],
  'availability.serviceImpact': ['NONE', 'LOW_SERVED_WITH_DELAY', 'MEDIUM_SOME_NOT_SERVED', 'HIGH_NONE_SERVED'],
  'availability.recoveryTime': ['REGULAR', 'SUPPLEMENTED', 'EXTENDED', 'NOT_RECOVERABLE'],
  'availability.recovery': ['WITHOUT_DIFFICULTY', 'WITH_EFFORT', 'NOT_POSSIBLE'],
  'availability.effectOnPeople': [false, true],
  'integrity.outcome': ['ALTERED_NO_USE', 'ALTERED_USED_RECOVERABLE', 'ALTERED_USED_LOST'],
  'controller.sensitiveField': [false, true],
  'harm.severity': ['MINOR', 'MODERATE', 'SEVERE'],
};
/** Lists to which one more can only make it worse. */
const GROWING: readonly FactId[] = [
  'breach.nature',
  'breach.incidentTypes',
  'data.categories',
  'people.categories',
  'harm.types',
  'availability.consequences',
];
const STILL_OPEN = new Set(['NOT_YET_KNOWN', 'TBD', 'UNDER_ASSESSMENT']);

const isKindWithoutLoss = ({ id, value }: FactInput): boolean =>
  id === 'breach.incidentTypes' && Array.isArray(value) && !value.some((kind) => /LOST|TBD/.test(kind));
const fact = (id: FactId, value: FactValue): FactInput => ({ id, value, certainty: 'known', source: 'the test' });
const worsened: fc.Arbitrary<readonly [FactInput, FactInput]> = fc.oneof(
  fc.constantFrom(...(Object.keys(WORSE) as FactId[])).chain((id) => {
    const scale = WORSE[id] ?? [];
    return fc
      .tuple(fc.nat(scale.length - 1), fc.nat(scale.length - 1))
      .map(([a, b]) => [fact(id, scale[Math.min(a, b)] ?? ''), fact(id, scale[Math.max(a, b)] ?? '')] as const);
  }),
  fc.constantFrom(...GROWING).chain((id) => {
    const spec = factSpec(id);
    const options = 'options' in spec ? spec.options.filter((option) => !STILL_OPEN.has(option)) : [];
    return fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...options), { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(fc.constantFrom(...options), { maxLength: 3 }),
      )
      .map(([some, more]) => [fact(id, some), fact(id, [...new Set([...some, ...more])])] as const);
  }),
);

test('a worse fact never lowers the level, and never takes an answer back from yes to no', () => {
  fc.assert(
    fc.property(someFacts, worsened, (others, [better, worse]) => {
      const before = others.filter(({ id }) => id !== better.id);
      fc.pre([better, worse].every((one) => possible([...before, one]).length === before.length + 1));
      // Of what is or may be a lost thing, that nobody is known to have it is no better than that somebody known does.
      fc.pre(better.id !== 'confidentiality.recipients' || before.some(isKindWithoutLoss));
      const [was, is] = [answered([...before, better]), answered([...before, worse])];
      if (was.level !== 'MORE_INFO_NEEDED' && is.level !== 'MORE_INFO_NEEDED')
        expect(severityOf(is.level)).toBeGreaterThanOrEqual(severityOf(was.level));
      if (was.notifyAuthority) expect(is.notifyAuthority).toBe(true);
      if (was.tellPeople) expect(is.tellPeople).toBe(true);
    }),
    { numRuns: 6000 },
  );
});
