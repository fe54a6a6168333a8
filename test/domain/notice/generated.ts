import fc from 'fast-check';
import { EEA } from '../../../domain/incident/lists.js';
import {
  type Fact,
  FACT_IDS,
  type FactId,
  type FactInput,
  type Facts,
  type FactSpec,
  type FactValue,
  factSpec,
} from '../../../domain/incident/facts.js';
import type { NoticeSource } from '../../../domain/notice/build.js';
import { sourceFromFacts } from '../../../domain/notice/build.js';
import { AWARE, anOrganisation, byEmail, byPortal } from '../../build.js';

/** Facts and sources made by chance, everything that the catalogue allows. */

export const factsOf = (...inputs: readonly FactInput[]): Facts =>
  Object.fromEntries(inputs.map((input) => [input.id, { ...input, by: 'st_1', at: AWARE }]));

const dates = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2030-01-01T00:00:00Z'),
  noInvalidDate: true,
});

function value(spec: FactSpec): fc.Arbitrary<FactValue> {
  switch (spec.type) {
    case 'text':
      return fc.string({ minLength: 0, maxLength: 60, unit: 'grapheme' });
    case 'boolean':
      return fc.boolean();
    case 'instant':
      return dates.map((date) => date.toISOString());
    case 'date':
      return dates.map((date) => date.toISOString().slice(0, 10));
    case 'integer':
      return fc.integer({ min: spec.min, max: spec.max });
    case 'count':
      return fc
        .tuple(fc.nat(5_000_000), fc.nat(1000), fc.nat(1000), fc.boolean())
        .map(([min, more, most, named]) => ({ min, max: min + more + most, ...(named && { likely: min + more }) }));
    case 'countries':
      return fc.uniqueArray(fc.constantFrom(...EEA, 'US', 'CH'));
    case 'country_counts':
      return fc.dictionary(fc.constantFrom(...EEA, 'US', 'CH'), fc.nat(100_000), { noNullPrototype: true });
    case 'text_list':
      return fc.array(fc.string({ minLength: 1, maxLength: 30 }), { maxLength: 4 });
    case 'one_of':
      return fc.constantFrom(...spec.options);
    case 'many_of':
      return fc.uniqueArray(fc.constantFrom(...spec.options), { maxLength: 5 });
  }
}

const aFact = (id: FactId): fc.Arbitrary<Fact> =>
  fc
    .record({
      value: value(factSpec(id)),
      certainty: fc.constantFrom('known', 'estimated', 'pending', 'undeterminable', 'not_applicable'),
    })
    .map((drawn) => ({
      id,
      value: drawn.certainty === 'known' || drawn.certainty === 'estimated' ? drawn.value : null,
      certainty: drawn.certainty,
      source: 'generated',
      by: 'st_1',
      at: AWARE,
    }));

export const generatedFacts = (likely = 3): fc.Arbitrary<Facts> =>
  fc
    .tuple(...FACT_IDS.map((id) => fc.option(aFact(id), { freq: likely, nil: null })))
    .map((facts) => Object.fromEntries(facts.flatMap((fact) => (fact === null ? [] : [[fact.id, fact]]))));

export const generatedSource: fc.Arbitrary<NoticeSource> = fc
  .record({
    facts: fc.oneof(generatedFacts(), generatedFacts(50)),
    mode: fc.constantFrom('live', 'drill'),
    level: fc.constantFrom('HIGH_RISK', 'RISK_NOT_HIGH', 'UNLIKELY_RISK', 'MORE_INFO_NEEDED', null),
    dpo: fc.constantFrom('none', 'unknown', 'reports', 'other'),
    inEea: fc.boolean(),
    told: fc.boolean(),
    lifted: fc.constantFrom('R-401', 'R-414', 'R-416', 'R-417', 'R-419', null),
  })
  .map(({ facts, mode, level, dpo, inEea, told, lifted }) => {
    const { dpo: contact, ...others } = anOrganisation();
    const organisation = {
      ...others,
      ...(dpo === 'none' ? { dpoDesignated: false as const } : dpo !== 'unknown' && contact ? { dpo: contact } : {}),
      reportingPerson: {
        name: 'Head of Legal',
        email: 'legal@hospital.example',
        function: dpo === 'reports' ? ('DPO' as const) : ('LEGAL_REP' as const),
      },
      establishments: inEea ? others.establishments : [{ country: 'US', main: true }],
      authorities: ['ex-authority', 'ex-portal-authority'],
    };
    const totals = { total: 9, accepted: 7, refused: 1, deferred: 0, suppressed: 0, ambiguous: 0, resent: 1 };
    return {
      ...sourceFromFacts({
        id: mode === 'drill' ? 'EX-7K3M-9QXD' : 'BR-7K3M-9QXD',
        mode,
        facts,
        awareness: {
          awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'generated', by: 'st_1', recordedAt: AWARE },
        },
        setting: { organisation, authorities: [byEmail(), byPortal()] },
        decision: level === null ? null : { level, reasons: 'Reasons of the decision.' },
      }),
      duties:
        lifted === null
          ? []
          : [
              {
                id: 'people-message',
                kind: 'people-message',
                to: 'people',
                basis: { rule: 'R-401', cite: 'GDPR Art. 34(1)' },
                rules: 'gdpr-2018',
                dueAt: null,
                asSoonAs: 'without undue delay',
                state: 'exempt',
                openedAt: AWARE,
                dischargedAt: AWARE,
                dischargedBy: lifted,
                ...(lifted !== 'R-401' && { exemption: { reason: 'Reasons.', proof: 'A report.' } }),
                hold: null,
              },
            ],
      mailings: told
        ? [{ mailing: 1, message: 'm', list: 'l', count: 9, state: 'completed', totals, completedAt: AWARE }]
        : [],
    };
  });
