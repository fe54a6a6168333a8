import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { plusHours } from '../../../domain/clock/instant.js';
import { type FactInput, FACT_IDS } from '../../../domain/incident/facts.js';
import { buildNotice, sourceFromFacts } from '../../../domain/notice/build.js';
import { toForm } from '../../../domain/notice/form.js';
import { FORM_FIELDS } from '../../../domain/notice/form-fields.js';
import { FORM_OPTIONS, isChoiceField, letterOf, optionsOf } from '../../../domain/notice/form-options.js';
import { AWARE, anOrganisation, byEmail, count, fact, hoursAfter } from '../../build.js';
import { factsOf, generatedSource } from './generated.js';

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
  keywords: ['x-options', 'x-section', 'x-gdpr-ref', 'x-source'],
});
formats.default(ajv);
const published: unknown = JSON.parse(
  readFileSync(new URL('../../../docs/schemas/edpb-notice-corrected.schema.json', import.meta.url), 'utf8'),
);
const fits = ajv.compile(published as object);
const problems = (form: unknown) =>
  fits(form) ? [] : (fits.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);

const source = (...inputs: FactInput[]) =>
  sourceFromFacts({
    id: 'BR-7K3M-9QXD',
    mode: 'live',
    facts: factsOf(...inputs),
    awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } },
    setting: { organisation: anOrganisation(), authorities: [byEmail()] },
  });
const filing = { earlierReference: null, releasedAt: hoursAfter(30) };
const formOf = (...inputs: FactInput[]) =>
  toForm(
    buildNotice({ state: source(...inputs), at: hoursAfter(30), rules: 'gdpr-2018', previous: null, withdraw: null }),
    filing,
  );

test('every notice, from whatever facts, fits the published schema: first, follow-up and withdrawal', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(generatedSource, fc.integer({ min: 1, max: 200 }), fc.boolean(), (state, hours, withdraw) => {
      const at = plusHours(AWARE, hours);
      const first = buildNotice({ state, at, rules: 'gdpr-2018', previous: null, withdraw: null });
      const next = buildNotice({
        state,
        at: plusHours(at, 24),
        rules: 'gdpr-2018',
        previous: first,
        withdraw: withdraw ? 'A duplicate.' : null,
      });
      for (const content of [first, next]) {
        seen.add(content.completeness);
        expect(
          problems(toForm(content, { earlierReference: content === first ? null : 'IN-1', releasedAt: at })),
        ).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
  expect([...seen].sort()).toEqual(['INCOMPLETE', 'WITHDRAW']);
});

const answered = (): FactInput[] => FACT_IDS.map((id) => fact(id, null, 'undeterminable'));
const COMPLETE: FactInput[] = [
  ...answered(),
  fact('breach.nature', ['CONFIDENTIALITY', 'INTEGRITY', 'AVAILABILITY']),
  fact('breach.occurrence', 'UNDETERMINABLE'),
  fact('communication.exemption', 'A_PROTECTION_APPLIED'),
];

test('facts that cannot be determined are answers: the notice is complete, and it fits', () => {
  const state = { ...source(...COMPLETE), decision: { level: 'RISK_NOT_HIGH', reasons: 'Because.' } } as const;
  const content = buildNotice({ state, at: hoursAfter(30), rules: 'gdpr-2018', previous: null, withdraw: null });
  expect([content.completeness, content.gaps, problems(toForm(content, filing))]).toEqual(['COMPLETE', [], []]);
});

test('a complete notice that loses any one fact still fits: either the form did not ask, or it is incomplete', () => {
  for (const id of FACT_IDS) {
    const state = {
      ...source(...COMPLETE.filter((input) => input.id !== id)),
      decision: { level: 'RISK_NOT_HIGH', reasons: 'Because.' },
    } as const;
    const content = buildNotice({ state, at: hoursAfter(30), rules: 'gdpr-2018', previous: null, withdraw: null });
    expect([id, problems(toForm(content, filing))]).toEqual([id, []]);
    if (content.completeness === 'COMPLETE') expect(content.gaps).toEqual([]);
  }
});

test('a form that calls itself complete and lacks a field, or promises one, does not fit', () => {
  const state = { ...source(...COMPLETE), decision: { level: 'RISK_NOT_HIGH', reasons: 'Because.' } } as const;
  const form = toForm(
    buildNotice({ state, at: hoursAfter(30), rules: 'gdpr-2018', previous: null, withdraw: null }),
    filing,
  );
  const { field_62: _, ...without } = form;
  expect(problems(without)).not.toEqual([]);
  expect(problems({ ...form, field_56: 'e' })).not.toEqual([]);
  expect(problems({ ...form, field_4: 'b', field_56: 'e' })).toEqual([]);
  expect(problems({ ...form, field_120: 'a' })).not.toEqual([]);
});

// facts                                                        field, value                        why this row is here
const letters: [FactInput[], string, unknown, string][] = [
  [
    [fact('breach.nature', ['AVAILABILITY', 'CONFIDENTIALITY'])],
    'field_55',
    ['a', 'c'],
    'several natures, in the order of the form',
  ],
  [[], 'field_44', 'e', 'nobody has said when: to be determined'],
  [[fact('breach.occurrence', null, 'undeterminable')], 'field_44', 'd', 'nobody can say when'],
  [[fact('people.count', count(1200))], 'field_67', 'a', 'an exact number'],
  [[fact('people.count', count(1200), 'estimated')], 'field_67', 'b', 'one number, but a guess'],
  [
    [fact('people.count', { min: 1000, likely: 1200, max: 1500 })],
    'field_68',
    1200,
    'the form takes the likely one of a range',
  ],
  [[fact('people.count', null, 'undeterminable')], 'field_67', 'c', 'a number that cannot be had'],
  [[fact('people.count', null, 'undeterminable')], 'field_68', undefined, 'then there is no number, not 0'],
  [[], 'field_67', 'd', 'a number to come'],
  [
    [fact('measures.prevention', ['PSEUDONYMISATION', 'ANONYMISATION'])],
    'field_94',
    ['a', 'm'],
    'a list whose letters are not in the order of our codes',
  ],
  [[fact('parties.others', [])], 'field_38', 'b', 'nobody else is involved'],
  [
    [fact('parties.others', ['Host of the Example, processor'])],
    'field_40',
    ['Host of the Example, processor'],
    'somebody else is',
  ],
  [
    [fact('crossBorder.processing', 'YES'), fact('people.countries', { GR: 5, US: 2 })],
    'field_116',
    ['EL'],
    'Greece is EL here, and only the EEA is asked (R-510)',
  ],
  [
    [fact('crossBorder.processing', 'YES'), fact('people.countries', { GR: 5, IE: 7 })],
    'field_117',
    { EL: 5, IE: 7 },
    'a number for each country',
  ],
  [[], 'field_89', 'd', 'undecided: more information is needed'],
  [[], 'field_97', 'c', 'undecided: nothing is said about telling people'],
  [[fact('confidentiality.outcome', 'DISCLOSED')], 'field_56', undefined, 'not asked while the nature is not known'],
];
for (const [facts, field, expected, why] of letters) {
  test(`form: ${why}`, () => expect(formOf(...facts)[field]).toEqual(expected));
}

test('a drill is marked in the reference, a live notice is not', () => {
  const drill = { ...source(), id: 'EX-7K3M-9QXD', mode: 'drill' } as const;
  const content = buildNotice({ state: drill, at: hoursAfter(1), rules: 'gdpr-2018', previous: null, withdraw: null });
  expect(toForm(content, filing)['field_7']).toBe('EXERCISE EXERCISE EXERCISE EX-7K3M-9QXD');
  expect(formOf()['field_7']).toBe('BR-7K3M-9QXD');
});

test('every choice of the form has one letter and one code, and every choice field has choices', () => {
  for (const field of FORM_FIELDS.filter(({ kind }) => kind === 'one_of' || kind === 'many_of')) {
    if (!isChoiceField(field.no)) throw new Error(`Row ${field.no} is a choice without choices.`);
    const options = optionsOf(field.no);
    expect(new Set(options.map(({ letter }) => letter)).size).toBe(options.length);
  }
  expect(
    Object.keys(FORM_OPTIONS)
      .map(Number)
      .filter((no) => !FORM_FIELDS.some((field) => field.no === no)),
  ).toEqual([]);
  expect([letterOf(97, 'PLANNED_NO_DATE'), letterOf(97, 'NO_EXEMPT'), letterOf(60, 'OTHER')]).toEqual(['b1', 'e', 'y']);
});
