import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { competent, differencesFrom, staleAmong, toBeTold } from '../../../domain/authorities/competence.js';
import { AUTHORITIES } from '../../../domain/authorities/directory.js';
import type { Fact, FactId, Facts, FactValue } from '../../../domain/incident/facts.js';
import { EEA, GERMAN_LAENDER } from '../../../domain/incident/lists.js';
import type { Organisation } from '../../../domain/incident/organisation.js';

type Given = Partial<Record<FactId, FactValue>>;
const facts = (given: Given): Facts =>
  Object.fromEntries(
    Object.entries(given).map(([id, value]) => [
      id,
      { id, value, certainty: 'known', source: 'test', by: '', at: '' } as Fact,
    ]),
  );
type Place = Organisation['establishments'][number];
const main = (country: string, region?: string): Place => ({
  country,
  main: true,
  ...(region !== undefined && { region }),
});
const other = (country: string, region?: string): Place => ({ ...main(country, region), main: false });
const ask = (
  establishments: readonly Place[],
  given: Given = {},
  sector: Organisation['sector'] = 'PRIVATE',
  authorities: readonly string[] = [],
) => competent({ organisation: { establishments, sector, authorities }, facts: facts(given) });
const ids = (found: ReturnType<typeof ask>) => found.authorities.map(({ id }) => id);

// biome-ignore format: a table is read by the row
const cases: readonly [string, ReturnType<typeof ask>, readonly string[], string | undefined, string, string][] = [
  // why, asked, who is told, who leads, rule of the first, what a question is about ('' for none)
  ['one establishment, nothing across borders', ask([main('IE')]), ['ie-dpc'], undefined, 'R-501', ''],
  ['one establishment, cross-border: it leads', ask([main('IE')], { 'crossBorder.processing': 'YES', 'people.countries': { IE: 5, FR: 5 } }), ['ie-dpc'], 'ie-dpc', 'R-502', ''],
  ['the lead authority is told which states are affected', ask([main('IE')], { 'crossBorder.processing': 'YES' }), ['ie-dpc'], 'ie-dpc', 'R-502', 'people.countries'],
  ['people abroad alone make no cross-border processing (R-503)', ask([main('IE')], { 'people.countries': { IE: 5, FR: 5 } }), ['ie-dpc'], undefined, 'R-506', 'crossBorder.processing'],
  ['people abroad, and it is known not to be cross-border', ask([main('IE')], { 'crossBorder.processing': 'NO', 'people.countries': { FR: 5 } }), ['ie-dpc'], undefined, 'R-501', ''],
  ['several establishments, cross-border: that of the main one leads', ask([main('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'people.countries': { ES: 9 } }), ['nl-ap'], 'nl-ap', 'R-502', 'Art. 6(1)(c)'],
  ['the main one need not be named first', ask([other('ES'), main('NL')], { 'crossBorder.processing': 'YES' }), ['nl-ap'], 'nl-ap', 'R-502', 'people.countries'],
  ['decisions outside the Union: no main one, nobody leads, each state on its own', ask([other('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'people.countries': { ES: 9, NL: 2, PT: 1 } }), ['es-aepd', 'nl-ap', 'pt-cnpd'], undefined, 'R-504', 'establishments.main'],
  ['nobody leads, people in Germany and no establishment there: the Land with most of them', ask([other('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'people.countries': { NL: 9, DE: 2 }, 'people.mostAffectedLand': 'NW' }), ['nl-ap', 'de-nw-ldi'], undefined, 'R-504', 'No written rule'],
  ['nobody leads, people in Germany, the Land not known: where they live is asked, not where one is established', ask([other('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'people.countries': { NL: 9, DE: 2 } }), ['nl-ap'], undefined, 'R-504', 'people.mostAffectedLand'],
  ['several establishments, not cross-border: the local one', ask([main('NL'), other('ES')], { 'crossBorder.processing': 'NO', 'crossBorder.tookPlaceIn': ['ES'] }), ['es-aepd'], undefined, 'R-501', ''],
  ['unsure who leads: the local one where it took place', ask([main('NL'), other('ES')], { 'crossBorder.tookPlaceIn': ['ES'] }), ['es-aepd'], undefined, 'R-506', 'crossBorder.processing'],
  ['unsure, said to be unknown', ask([main('NL'), other('ES')], { 'crossBorder.processing': 'UNKNOWN', 'crossBorder.tookPlaceIn': ['ES'] }), ['es-aepd'], undefined, 'R-506', 'crossBorder.processing'],
  ['unsure who leads and where it took place: the main one, and ask', ask([main('NL'), other('ES')]), ['nl-ap'], undefined, 'R-506', 'crossBorder.tookPlaceIn'],
  ['a public body: its own, whatever the processing', ask([main('PT')], { 'crossBorder.processing': 'YES', 'people.countries': { PT: 1, FR: 1 } }, 'PUBLIC'), ['pt-cnpd'], undefined, 'R-501', ''],
  ['a public body in Spain may have another authority', ask([main('ES')], {}, 'PUBLIC'), ['es-aepd'], undefined, 'R-501', 'Catalonia'],
  ['no establishment: one in each state where people live', ask([main('US')], { 'people.countries': { FR: 2, IE: 9, US: 5, IT: 0 } }), ['ie-dpc', 'fr-cnil'], undefined, 'R-505', ''],
  ['no establishment: being a member of the EEA counts, not of the Union', ask([main('US')], { 'people.countries': { NO: 2, IS: 1, LI: 1 } }), ['no-datatilsynet', 'is-personuvernd', 'li-dss'], undefined, 'R-505', ''],
  ['no establishment and nobody knows where people live', ask([main('US')]), [], undefined, '', 'people.countries'],
  ['no establishment, people in Germany: the Land with most of them, and ask it', ask([main('US')], { 'people.countries': { DE: 2 }, 'people.mostAffectedLand': 'NW' }), ['de-nw-ldi'], undefined, 'R-505', 'No written rule'],
  ['no establishment, people in Germany, the Land not known', ask([main('US')], { 'people.countries': { DE: 2 } }), [], undefined, '', 'people.mostAffectedLand'],
  ['established in a Land', ask([main('DE', 'DE-BW')]), ['de-bw-lfdi'], undefined, 'R-501', ''],
  ['Bavaria, private', ask([main('DE', 'DE-BY')]), ['de-by-baylda'], undefined, 'R-501', ''],
  ['Bavaria, public', ask([main('DE', 'DE-BY')], {}, 'PUBLIC'), ['de-by-baylfd'], undefined, 'R-501', ''],
  ['two Länder: that of the main one', ask([other('DE', 'DE-HH'), main('DE', 'DE-BE')]), ['de-be-blnbdi'], undefined, 'R-501', ''],
  ['Germany without a Land: the own list helps, and ask', ask([main('DE')], {}, 'PRIVATE', ['de-hh-hmbbfdi']), ['de-hh-hmbbfdi'], undefined, 'R-501', 'establishments.region'],
  ['beside it: people in the United Kingdom and Switzerland', ask([main('IE')], { 'crossBorder.processing': 'NO', 'people.countries': { IE: 5, GB: 3, CH: 2 } }), ['ie-dpc', 'gb-ico', 'ch-edoeb'], undefined, 'R-501', 'UK GDPR'],
  ['established in the United Kingdom alone', ask([main('GB')], { 'people.countries': { GB: 3 } }), ['gb-ico'], undefined, 'R-830', ''],
  ['established in the United Kingdom, people in the EEA: no one-stop-shop', ask([main('GB')], { 'people.countries': { GB: 3, FR: 1 } }), ['fr-cnil', 'gb-ico'], undefined, 'R-505', ''],
  ['establishments that become known count before the description: a second one makes it a question who leads', ask([main('IE')], { 'crossBorder.establishments': ['IE', 'FR'], 'crossBorder.tookPlaceIn': ['FR'] }), ['fr-cnil'], undefined, 'R-506', 'The facts name establishments in IE, FR'],
  ['the same establishments as described: nothing to ask about them', ask([main('IE')], { 'crossBorder.establishments': ['IE'], 'crossBorder.processing': 'NO' }), ['ie-dpc'], undefined, 'R-501', ''],
  ['no establishment in the EEA after all: each state (R-505)', ask([main('IE')], { 'crossBorder.establishments': ['US'], 'people.countries': { FR: 2, IE: 1 } }), ['fr-cnil', 'ie-dpc'], undefined, 'R-505', 'The facts name establishments in US'],
  ['one in the EEA after all: its authority alone', ask([main('US')], { 'crossBorder.establishments': ['US', 'NL'], 'people.countries': { FR: 2, IE: 1 }, 'crossBorder.processing': 'NO' }), ['nl-ap'], undefined, 'R-501', 'The facts name establishments in US, NL'],
  ['a Land stays known when the facts name the country', ask([main('DE', 'DE-BY')], { 'crossBorder.establishments': ['DE'] }), ['de-by-baylda'], undefined, 'R-501', ''],
  ['the lead country named as a fact leads where no main establishment was described', ask([other('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'crossBorder.leadCountry': ['ES'], 'people.countries': { NL: 9 } }), ['es-aepd'], 'es-aepd', 'R-502', 'Art. 6(1)(c)'],
  ['it is the main one of this processing, whatever was described; the difference is said', ask([main('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'crossBorder.leadCountry': ['ES'], 'people.countries': { NL: 9 } }), ['es-aepd'], 'es-aepd', 'R-502', 'main establishment in NL'],
  ['no one leads from where there is no establishment: named, and the described one leads', ask([main('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'crossBorder.leadCountry': ['FR'], 'people.countries': { NL: 9 } }), ['nl-ap'], 'nl-ap', 'R-502', 'FR cannot lead: there is no establishment'],
  ['a state outside the EEA cannot lead (R-508)', ask([main('NL'), other('GB')], { 'crossBorder.leadCountry': ['GB'], 'crossBorder.processing': 'NO' }), ['nl-ap', 'gb-ico'], undefined, 'R-501', 'GB cannot lead: it is no state of the EEA'],
  ['Norway is one of the EEA (R-508)', ask([other('NO'), other('ES')], { 'crossBorder.processing': 'YES', 'crossBorder.leadCountry': ['NO'], 'people.countries': { ES: 1 } }), ['no-datatilsynet'], 'no-datatilsynet', 'R-502', 'Art. 6(1)(c)'],
  ['two cannot lead (R-502)', ask([other('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'crossBorder.leadCountry': ['NL', 'ES'], 'people.countries': { NL: 1 } }), ['nl-ap'], undefined, 'R-504', 'NL, ES cannot lead: only one state can'],
  ['nobody leads without an establishment in the EEA (R-505)', ask([main('US')], { 'crossBorder.leadCountry': ['IE'], 'people.countries': { FR: 1 } }), ['fr-cnil'], undefined, 'R-505', 'nobody leads'],
  ['nobody leads for a public body (Art. 55(2))', ask([main('PT')], { 'crossBorder.leadCountry': ['PT'] }, 'PUBLIC'), ['pt-cnpd'], undefined, 'R-501', 'no authority leads (Art. 55(2)'],
  ['nobody leads when it is not cross-border', ask([main('NL'), other('ES')], { 'crossBorder.processing': 'NO', 'crossBorder.tookPlaceIn': ['NL'], 'crossBorder.leadCountry': ['ES'] }), ['nl-ap'], undefined, 'R-501', 'not to be cross-border'],
  ['a private body in a public task: the state where it is, and nobody leads (Art. 55(2))', ask([main('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'processing.publicTask': true, 'crossBorder.tookPlaceIn': ['ES'], 'people.countries': { ES: 1, NL: 1 } }), ['es-aepd'], undefined, 'R-501', ''],
  ['a private body in no public task: the lead authority, and no question about it', ask([main('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'processing.publicTask': false, 'people.countries': { ES: 1 } }), ['nl-ap'], 'nl-ap', 'R-502', ''],
  ['a public task, and nobody knows in which of several states: the main one, and ask', ask([main('NL'), other('ES')], { 'processing.publicTask': true }), ['nl-ap'], undefined, 'R-501', 'crossBorder.tookPlaceIn'],
  ['people in Jersey: an authority that the directory does not hold', ask([main('IE')], { 'people.countries': { IE: 1, JE: 1 } }), ['ie-dpc'], undefined, 'R-501', 'JE has an authority of its own'],
];
for (const [why, found, told, lead, rule, question] of cases) {
  test(`who is competent: ${why}`, () => {
    expect({ told: ids(found), lead: found.lead, rule: found.authorities[0]?.basis.rule ?? '' }).toEqual({
      told: [...told],
      lead,
      rule,
    });
    expect(question === '' ? found.questions : found.questions.filter((one) => one.includes(question))).toHaveLength(
      question === '' ? 0 : 1,
    );
  });
}

// biome-ignore format: a table is read by the row
const settled: readonly [string, boolean, ReturnType<typeof ask>][] = [
  ['one establishment, and where people live is known: nothing can change it', true, ask([main('IE')], { 'people.countries': { IE: 5, FR: 5 } })],
  ['where people live is not known: the United Kingdom may come beside it', false, ask([main('IE')])],
  ['several, cross-border, the main one known, no public task', true, ask([main('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'processing.publicTask': false, 'people.countries': { ES: 1 } })],
  ['the same, and nobody has said that it is no public task', false, ask([main('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'people.countries': { ES: 1 } })],
  ['several, not cross-border, and where it took place', true, ask([main('NL'), other('ES')], { 'crossBorder.processing': 'NO', 'crossBorder.tookPlaceIn': ['ES'], 'people.countries': { ES: 1 } })],
  ['several, and unsure who leads: told on the safe side only (R-506)', false, ask([main('NL'), other('ES')], { 'crossBorder.tookPlaceIn': ['ES'], 'people.countries': { ES: 1 } })],
  ['a lead country that cannot be: somebody has to look', false, ask([main('IE')], { 'people.countries': { IE: 5 }, 'crossBorder.leadCountry': ['FR'] })],
  ['no establishment, and the countries are known', true, ask([main('US')], { 'people.countries': { FR: 1 } })],
  ['no establishment, people in Germany, the Land not known', false, ask([main('US')], { 'people.countries': { FR: 1, DE: 1 } })],
];
for (const [why, expected, found] of settled)
  test(`is it settled who is competent: ${why}`, () => expect(found.settled).toBe(expected));

test('whether the law applies at all is left to a person only where nobody is established', () => {
  const applies = (found: ReturnType<typeof ask>) => found.authorities.map((one) => one.ifLawApplies !== true);
  expect(applies(ask([main('IE')], { 'people.countries': { IE: 1, GB: 1, CH: 1 } }))).toEqual([true, false, false]);
  expect(applies(ask([main('IE'), other('GB')], { 'crossBorder.processing': 'NO' }))).toEqual([true, true]);
  expect(applies(ask([main('US')], { 'people.countries': { FR: 1 } }))).toEqual([false]);
});

test('a representative changes nothing: without an establishment each state is told (R-123, R-505)', () => {
  const organisation = {
    establishments: [main('US')],
    sector: 'PRIVATE',
    authorities: [],
    representative: { name: 'the representative' },
  } as const;
  const found = competent({ organisation, facts: facts({ 'people.countries': { FR: 1, ES: 1 } }) });
  expect(ids(found).sort()).toEqual(['es-aepd', 'fr-cnil']);
});

test.each(GERMAN_LAENDER)('every Land has an authority of its own: %s', (land) => {
  expect(ids(ask([main('DE', `DE-${land}`)]))[0]).toMatch(new RegExp(`^de-${land.toLowerCase()}-`));
});

test('thirty states, thirty authorities: no establishment and people everywhere', () => {
  const everywhere = Object.fromEntries(EEA.map((country) => [country, 1]));
  const found = ask([main('US')], { 'people.countries': everywhere, 'people.mostAffectedLand': 'BY' });
  expect(found.authorities).toHaveLength(30);
});

const places = fc.array(fc.record({ country: fc.constantFrom(...EEA, 'US', 'GB', 'CH'), main: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
});
const given = fc.record({
  'people.countries': fc.option(
    fc.dictionary(fc.constantFrom(...EEA, 'US', 'GB', 'CH'), fc.nat(9), { minKeys: 1, maxKeys: 6 }),
    { nil: null },
  ),
  'crossBorder.processing': fc.option(fc.constantFrom('YES', 'NO', 'UNKNOWN'), { nil: null }),
  'crossBorder.establishments': fc.option(
    fc.uniqueArray(fc.constantFrom(...EEA, 'US', 'GB', 'CH'), { minLength: 1, maxLength: 3 }),
    { nil: null },
  ),
  'crossBorder.leadCountry': fc.option(fc.uniqueArray(fc.constantFrom(...EEA, 'US'), { minLength: 1, maxLength: 2 }), {
    nil: null,
  }),
  'processing.publicTask': fc.option(fc.boolean(), { nil: null }),
  'crossBorder.tookPlaceIn': fc.option(fc.uniqueArray(fc.constantFrom(...EEA), { minLength: 1, maxLength: 3 }), {
    nil: null,
  }),
});
test('whatever the facts: each authority is one of the directory, named once, with reason and basis; whoever leads is told; nobody is left without a question', () => {
  fc.assert(
    fc.property(
      places,
      given,
      fc.constantFrom('PRIVATE' as const, 'PUBLIC' as const),
      (establishments, values, sector) => {
        const found = ask(establishments, values as Given, sector);
        const told = ids(found);
        expect(new Set(told).size).toBe(told.length);
        expect(told.every((id) => AUTHORITIES.some((row) => row.id === id))).toBe(true);
        expect(found.authorities.every(({ why, basis }) => why !== '' && basis.rule !== '' && basis.cite !== '')).toBe(
          true,
        );
        if (found.lead !== undefined) expect(told).toContain(found.lead);
        const peopleInEea = Object.entries(values['people.countries'] ?? { IE: 1 }).some(
          ([c, n]) => (EEA as readonly string[]).includes(c) && n > 0,
        );
        if (told.length === 0 && peopleInEea) expect(found.questions.length).toBeGreaterThan(0);
      },
    ),
  );
});

test('the organisation’s own list is told when there is one; what the rules say otherwise is said', () => {
  const found = ask([main('IE')], { 'people.countries': { IE: 4, GB: 1 } });
  expect(toBeTold(['fr-cnil'], found)).toEqual(['fr-cnil']);
  expect(toBeTold([], found)).toEqual(['ie-dpc', 'gb-ico']);
  const said = differencesFrom(['fr-cnil'], found).join('\n');
  expect(said).toContain('ie-dpc is not on your list');
  expect(said).toContain('gb-ico is not on your list');
  expect(said).toContain('fr-cnil is on your list of authorities; by the rules it is not competent here');
  expect(differencesFrom(['ie-dpc', 'gb-ico'], found)).toEqual([]);
});

test('a list that names the lead authority second is told so', () => {
  const found = ask([main('NL'), other('ES')], { 'crossBorder.processing': 'YES', 'people.countries': { ES: 1 } });
  expect(differencesFrom(['es-aepd', 'nl-ap'], found).at(-1)).toContain('nl-ap leads by the rules');
});

test('a list of exercise authorities is left alone', () =>
  expect(differencesFrom(['ex-authority'], ask([main('IE')]))).toEqual([]));

test('R-511: rows that nobody checked for more than 180 days are named', () => {
  expect(staleAmong(['ie-dpc', 'ex-authority'], '2027-01-17')).toEqual([]);
  expect(staleAmong(['ie-dpc', 'ex-authority'], '2027-01-18')).toEqual(['ie-dpc']);
});
