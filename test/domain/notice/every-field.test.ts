import { expect, test } from '@jest/globals';
import { noticeText } from '../../../adapters/render/notice-text.js';
import { FACT_IDS, type FactId, type FactInput, factSpec } from '../../../domain/incident/facts.js';
import { checkFacts, rawFacts } from '../../../domain/incident/facts-check.js';
import type { Organisation } from '../../../domain/incident/organisation.js';
import { buildNotice, sourceFromFacts } from '../../../domain/notice/build.js';
import { missingFields, toForm } from '../../../domain/notice/form.js';
import { FORM_FIELDS } from '../../../domain/notice/form-fields.js';
import { formSchema } from '../../../domain/notice/form-schema.js';
import { FIELD_SOURCES } from '../../../domain/notice/form-sources.js';
import { toOriginalForm } from '../../../domain/notice/original.js';
import { noticeSections } from '../../../domain/notice/rows.js';
import { AWARE, anOrganisation, byEmail, hoursAfter } from '../../build.js';
import { noticeCases, WHOLE_FACTS } from '../../adapters/render/cases.js';
import { factsOf } from './generated.js';

const filing = { earlierReference: null, releasedAt: hoursAfter(30) };
const noticeOf = (facts: readonly FactInput[], organisation: Organisation = anOrganisation()) =>
  buildNotice({
    state: sourceFromFacts({
      id: 'BR-7K3M-9QXD',
      mode: 'live',
      facts: factsOf(...facts),
      awareness: { awareAt: { at: AWARE, zone: 'UTC', source: 'test', by: 'st_1', recordedAt: AWARE } },
      setting: { organisation, authorities: [byEmail()] },
    }),
    at: hoursAfter(30),
    rules: 'gdpr-2018',
    previous: null,
    withdraw: null,
  });

/** Facts that decide who is told, or how high the risk is, and stand in the notice by what follows from them. */
const DECIDE_ONLY: ReadonlySet<FactId> = new Set<FactId>([
  'protection.algorithmStandardised',
  'protection.keySafe',
  'protection.keyStrong',
  'protection.keyStoredApart',
  'protection.appliedToAffectedData',
  'controller.sensitiveField',
  'data.context',
  'data.contextAdjustment',
  'data.identifiability',
  'measures.riskRemoved',
  'communication.exemption', // two people lift the duty, with their proof
  'communication.exemptionProof',
  'communication.circle', // its reason is told
  'parties.jointControllerRole',
  'people.mostAffectedLand',
  'crossBorder.leadCountry',
  'crossBorder.tookPlaceIn',
  'order.detail', // told with the order itself
  'notice.reasonsForDelay', // told when it is late
]);
const other: Readonly<Record<string, unknown>> = {
  text: 'Another text.',
  boolean: true,
  instant: '2026-02-27T10:00:00Z',
  date: '2026-03-20',
  count: '7-9',
  countries: 'SE',
  country_counts: 'SE:3',
  text_list: ['Another text'],
};
const anotherValue = (id: FactId): FactInput => {
  const spec = factSpec(id);
  const raw =
    'options' in spec
      ? id === 'breach.nature'
        ? ['INTEGRITY']
        : spec.options.at(id === 'order.byAuthority' ? 1 : 0)
      : (other[spec.type] ?? 1);
  const [read] = checkFacts(rawFacts({ [id]: raw }, 'test')).facts;
  if (!read) throw new Error(`${id} cannot be read`);
  return read;
};
/** With all three natures the form asks every branch. */
const base = [
  ...WHOLE_FACTS,
  ...checkFacts(
    rawFacts(
      {
        'breach.nature': 'CONFIDENTIALITY,INTEGRITY,AVAILABILITY',
        'breach.discoveredBy': 'DATA_SUBJECT',
        'harm.types': 'OTHER',
        'crossBorder.processing': 'YES',
      },
      'test',
    ),
  ).facts,
];
const shown = (facts: readonly FactInput[]) =>
  noticeSections(noticeOf(facts), filing)
    .flatMap(({ rows }) => rows.map(({ label, answer }) => `${label}: ${answer}`))
    .join('\n');

for (const id of FACT_IDS.filter((one) => factSpec(one).fills.length > 0 && !DECIDE_ONLY.has(one)))
  test(`${id} fills ${factSpec(id).fills.join(', ')}: who reads the notice reads it`, () =>
    expect(shown([...base, anotherValue(id)])).not.toBe(shown(base.filter((fact) => fact.id !== id))));

test("an authority's decision stands with its detail", () =>
  expect(shown([...base, anotherValue('order.byAuthority'), anotherValue('order.detail')])).toContain(
    'An authority has ordered that the people are told: Another text.',
  ));

const fillable = FORM_FIELDS.filter(({ no }) => FIELD_SOURCES[no]?.not === undefined);
test('each of the 100 fields is in the published schema under its number, and those that we fill are 90', () => {
  const { properties } = formSchema() as { properties: Record<string, { title: string }> };
  expect(FORM_FIELDS.map(({ no, title }) => [no, properties[`field_${no}`]?.title === title])).toEqual(
    FORM_FIELDS.map(({ no }) => [no, true]),
  );
  expect([FORM_FIELDS.length, fillable.length]).toEqual([100, 90]);
});

test('each answer in the JSON stands in the PDF and in the text under the number and the words of the form', () => {
  // A withdrawal has nothing that is still to follow: its PDF leaves out what the form must hold as "to be determined".
  for (const { content, envelope } of noticeCases().filter((one) => one.content.completeness !== 'WITHDRAW')) {
    const rows = noticeSections(content, envelope).flatMap((section) => section.rows);
    const text = noticeText(content, envelope).replaceAll(/\s+/g, ' ');
    for (const key of Object.keys(toForm(content, envelope))) {
      const no = Number(key.slice('field_'.length));
      const field = FORM_FIELDS.find((one) => one.no === no);
      expect([key, rows.find((row) => row.no === no)?.label]).toEqual([key, field?.title]);
      expect([key, text.includes((field?.title ?? '').slice(0, 40))]).toEqual([key, true]);
    }
  }
});

const asker = (over: Partial<Organisation>): Organisation => {
  const { dpo: _, ...without } = anOrganisation();
  return { ...without, reportingPerson: { name: 'Head of Legal', function: 'LEGAL_REP' }, ...over };
};
// the profile, row 29, what is said there, whether the notice may call itself complete for it, the third-party schema; why
const officers: readonly [Organisation, string | undefined, string | undefined, boolean, string, string][] = [
  [asker({ dpo: { name: 'The DPO' } }), 'a', 'Yes', true, 'Yes', 'designated'],
  [asker({ dpoDesignated: false }), 'b', 'No', true, 'No', 'not designated, and said so'],
  [
    asker({}),
    undefined,
    'Not known yet. Will follow (Art. 33(4) GDPR).',
    false,
    'Not known yet. Will follow (Art. 33(4) GDPR).',
    'nobody has said',
  ],
  [
    asker({ reportingPerson: { name: 'The DPO', function: 'DPO' } }),
    undefined,
    undefined,
    true,
    'Yes',
    'the DPO reports: not asked',
  ],
];
for (const [organisation, letter, says, complete, original, why] of officers) {
  test(`F-14, data protection officer: ${why}`, () => {
    const content = noticeOf(WHOLE_FACTS, organisation);
    const rows = noticeSections(content, filing).flatMap((section) => section.rows);
    expect([toForm(content, filing)['field_29'], rows.find(({ no }) => no === 29)?.answer]).toEqual([letter, says]);
    expect(missingFields(content, filing).some(({ no }) => no === 29)).toBe(!complete);
    const made = toOriginalForm(noticeOf(WHOLE_FACTS.slice(0, 0), organisation), filing);
    expect('form' in made ? made.form['field_29'] : original).toBe(original);
  });
}
test('a notice of before it was asked says what it said then', () => {
  const { dpoDesignated, ...before } = noticeOf(WHOLE_FACTS, asker({}));
  expect([dpoDesignated, toForm(before, filing)['field_29']]).toEqual(['not_known', 'b']);
});

test('why only a part of the people is told stands in row 103 once they were told, and before that in row 53', () => {
  const reason = checkFacts(
    rawFacts(
      { 'communication.circle': 'SUBSET', 'communication.circleReason': 'Only these are at high risk.' },
      'test',
    ),
  ).facts;
  const content = noticeOf([...WHOLE_FACTS, ...reason]);
  expect(toForm(content, filing)['field_53']).toContain('Only these are at high risk.');
  const told = { ...content, communication: { ...content.communication, status: 'YES' as const, informed: 4 } };
  expect(toForm(told, filing)['field_103']).toContain('Only these are at high risk.');
  expect(toForm(told, filing)['field_53']).not.toContain('Only these');
});
