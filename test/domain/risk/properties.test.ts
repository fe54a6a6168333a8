import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FACT_IDS, type FactId, type FactInput, factSpec, type FactValue } from '../../../domain/incident/facts.js';
import { dutiesOf } from '../../../domain/risk/decision-table.js';
import type { RiskLevel } from '../../../domain/risk/levels.js';
import { assessed, recorded } from './facts.js';

// Properties over every fact that triage reads
const UNREAD =
  /^(data\.(detail|records)|people\.(detail|countries|mailboxOwners|phishingRecipients|inMailbox|mostAffectedLand)|confidentiality\.consequences|integrity\.consequences|availability\.(serviceImpact|recoveryTime)|harm\.detail)$/;
const READ: readonly FactId[] = FACT_IDS.filter(
  (id) =>
    id === 'breach.nature' ||
    id === 'breach.cause' ||
    id === 'controller.sensitiveField' ||
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
      return fc.constantFrom(1, 99, 100, 101, 5000).map((n) => ({ min: n, likely: n, max: n }));
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
const someFacts: fc.Arbitrary<FactInput[]> = fc
  .subarray([...READ])
  .chain((ids) => fc.tuple(...ids.map(known)) as fc.Arbitrary<FactInput[]>)
  .map(possible);
const severityOf = (level: RiskLevel): number =>
  ({ UNLIKELY_RISK: 0, RISK_NOT_HIGH: 1, HIGH_RISK: 2, MORE_INFO_NEEDED: 3 })[level];

// Class of the data and its adjustment are judgements over what follows from the kinds of data, which stands until they are made.
const FOUND_OUT = READ.filter((id) => !id.startsWith('data.context'));

test('not to know a fact never settles on less than knowing it, and never spares the authority', () => {
  fc.assert(
    fc.property(
      someFacts,
      fc.constantFrom(...FOUND_OUT).chain(known),
      fc.constantFrom('pending', 'undeterminable'),
      (others, fact, certainty) => {
        const before = others.filter(({ id }) => id !== fact.id);
        fc.pre(possible([...before, fact]).length === before.length + 1);
        const withFact = assessed(recorded([...before, fact]));
        const without = assessed(recorded([...before, { ...fact, value: null, certainty }]));
        // MORE_INFO_NEEDED settles nothing: the authority is told, and the fact is asked for.
        if (withFact.level !== 'MORE_INFO_NEEDED')
          expect(severityOf(without.level)).toBeGreaterThanOrEqual(severityOf(withFact.level));
        if (withFact.notifyAuthority) expect(without.notifyAuthority).toBe(true);
        expect(without.severity.se).toBeGreaterThanOrEqual(withFact.severity.se);
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
      const withFact = assessed(recorded([...before, fact]));
      const never = assessed(recorded([...before, { ...fact, value: null, certainty: 'undeterminable' }]));
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
  'availability.recovery': ['WITHOUT_DIFFICULTY', 'WITH_EFFORT', 'NOT_POSSIBLE'],
  'availability.effectOnPeople': [false, true],
  'integrity.outcome': ['ALTERED_NO_USE', 'ALTERED_USED_RECOVERABLE', 'ALTERED_USED_LOST'],
  'controller.sensitiveField': [false, true],
  'harm.severity': ['MINOR', 'MODERATE', 'SEVERE'],
};
/** Lists to which one more can only make it worse. */
const GROWING: readonly FactId[] = [
  'breach.nature',
  'data.categories',
  'people.categories',
  'harm.types',
  'availability.consequences',
];
const STILL_OPEN = new Set(['NOT_YET_KNOWN', 'TBD', 'UNDER_ASSESSMENT']);

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
      const [was, is] = [assessed(recorded([...before, better])), assessed(recorded([...before, worse]))];
      if (was.level !== 'MORE_INFO_NEEDED' && is.level !== 'MORE_INFO_NEEDED')
        expect(severityOf(is.level)).toBeGreaterThanOrEqual(severityOf(was.level));
      if (was.notifyAuthority) expect(is.notifyAuthority).toBe(true);
      if (was.tellPeople) expect(is.tellPeople).toBe(true);
    }),
    { numRuns: 6000 },
  );
});
