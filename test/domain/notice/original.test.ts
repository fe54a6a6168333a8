import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildNotice, sourceFromFacts } from '../../../domain/notice/build.js';
import { ORIGINAL_REQUIRED, toOriginalForm } from '../../../domain/notice/original.js';
import { AWARE, anOrganisation, byEmail, count, fact, hoursAfter } from '../../build.js';
import { factsOf, generatedSource } from './generated.js';

const SCHEMA = new URL('../../fixtures/edpb-template-v1.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as { required: string[] };
// By JSON Schema 2020-12 `format` describes and does not assert: otherwise row 95, a description typed as a date, could never be told.
const fits = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

/** One file shown to one wrong person: nowhere more than one choice. */
const ONE_OF_EACH: readonly FactInput[] = [
  fact('breach.summary', 'A letter went to another patient.'),
  fact('breach.nature', ['CONFIDENTIALITY']),
  fact('breach.incidentTypes', ['SENT_BY_MISTAKE']),
  fact('breach.cause', 'INTERNAL_NON_MALICIOUS'),
  fact('breach.occurrence', 'SPECIFIC_DAY'),
  fact('breach.startedAt', '2026-03-01T10:00:00.000Z'),
  fact('breach.endedAt', '2026-03-01T10:00:00.000Z'),
  fact('breach.discoveredBy', 'DATA_SUBJECT'),
  fact('breach.systems', ['Mail room', 'Patient records']),
  fact('data.categories', ['HEALTH']),
  fact('data.records', count(1)),
  fact('people.categories', ['PATIENTS']),
  fact('people.count', count(1)),
  fact('confidentiality.outcome', 'DISCLOSED'),
  fact('confidentiality.consequences', ['WIDER_DISCLOSURE', 'LINKED_WITH_OTHER_DATA']),
  fact('data.unintelligible', 'NO'),
  fact('harm.types', ['LOSS_OF_CONTROL']),
  fact('harm.severity', 'MODERATE'),
  fact('measures.before', ['POLICIES']),
  fact('measures.prevention', ['TRAINING']),
  fact('crossBorder.processing', 'NO'),
  fact('parties.others', []),
];
const build = (level: 'HIGH_RISK' | 'RISK_NOT_HIGH' | 'UNLIKELY_RISK', ...facts: readonly FactInput[]) =>
  buildNotice({
    state: sourceFromFacts({
      id: 'BR-7K3M-9QXD',
      mode: 'live',
      facts: factsOf(...ONE_OF_EACH, ...facts),
      awareness: { awareAt: { at: AWARE, zone: 'UTC', source: 'test', by: 'st_1', recordedAt: AWARE } },
      setting: { organisation: anOrganisation(), authorities: [byEmail()] },
      decision: { level, reasons: 'One letter, a patient of the same ward.' },
    }),
    at: hoursAfter(30),
    rules: 'gdpr-2018',
    previous: null,
    withdraw: null,
  });
const filing = { earlierReference: null, releasedAt: hoursAfter(31) };

test('the list of what the original wants in every notice is its own', () => {
  expect(ORIGINAL_REQUIRED.map((no) => `field_${no}`)).toEqual(schema.required);
});

test('a simple case can be told in the original schema, and is: nothing is lost, what has no room stands in row 53', () => {
  const made = toOriginalForm(build('RISK_NOT_HIGH'), filing);
  const form = 'form' in made ? made.form : {};
  expect([fits(form), fits.errors]).toEqual([true, null]);
  expect(form).toMatchObject({
    field_29: 'Yes',
    field_30: 'The DPO',
    field_55: 'a',
    field_73: 1,
    field_113: 'b',
    field_120: 'b',
  });
  expect(form['field_53']).toContain('Row 79');
  expect(form['field_53']).toContain(
    'Row 118 (List of EEA supervisory authority to which the breach has been or will be notified): Exercise Authority',
  );
});

// fact                                                              rows   why this row is here
const cannot: [FactInput, number[], string][] = [
  [fact('breach.nature', ['CONFIDENTIALITY', 'AVAILABILITY']), [55], 'two natures, and one letter'],
  [fact('data.records', null, 'undeterminable'), [73], 'a number that nobody can know'],
  [fact('data.records', null, 'pending'), [73], 'a number that nobody knows yet'],
  [fact('parties.others', null, 'undeterminable'), [38], 'whether others are involved is not known'],
  [fact('breach.discoveredBy', null, 'pending'), [50], 'a choice that is open'],
  [fact('data.categories', ['HEALTH', 'CONTACT']), [70], 'two kinds of data'],
];
for (const [changed, rows, why] of cannot) {
  test(`refused rather than falsified: ${why}`, () => {
    const made = toOriginalForm(build('RISK_NOT_HIGH', changed), filing);
    expect('untellable' in made ? made.untellable.map(({ no }) => no) : []).toEqual(rows);
  });
}
test('a risk that is unlikely shares its choice with one that is not assessed: refused', () => {
  const made = toOriginalForm(build('UNLIKELY_RISK'), filing);
  expect('untellable' in made ? made.untellable.map(({ no }) => no) : []).toEqual([89]);
});

test('whatever the facts: it is told and fits, or refused with the rows', () => {
  fc.assert(
    fc.property(generatedSource, (state) => {
      const content = buildNotice({ state, at: hoursAfter(30), rules: 'gdpr-2018', previous: null, withdraw: null });
      const made = toOriginalForm(content, filing);
      if ('form' in made) expect([fits(made.form), fits.errors]).toEqual([true, null]);
      else expect(made.untellable.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});
