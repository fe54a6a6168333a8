import { expect, test } from '@jest/globals';
import { findAuthority } from '../../../domain/authorities/directory.js';
import { wayTo } from '../../../domain/authorities/way.js';
import type { Organisation } from '../../../domain/incident/organisation.js';
import { buildMessage } from '../../../domain/message/build.js';
import { buildNotice } from '../../../domain/notice/build.js';
import { APPROVER, aDeclaration, anOrganisation, aSetting, DPO, fact, hoursAfter, Play } from '../../build.js';

// What a notice and a message say about authorities (rows 114, 118, 123; R-413)

const way = (id: string) => {
  const row = findAuthority(id);
  if (!row) throw new Error(`no ${id}`);
  return wayTo(row, ['en'], { address: `${id}@authority.test`, verifiedAt: hoursAfter(-1) });
};
const nameOf = (id: string): string => findAuthority(id)?.name ?? id;
const places = (...all: readonly [string, boolean][]): Organisation['establishments'] =>
  all.map(([country, main]) => ({ country, main }));
function played(
  establishments: Organisation['establishments'],
  list: readonly string[],
  told: readonly string[] = list,
): Play {
  const organisation = anOrganisation({ sector: 'PRIVATE', establishments, authorities: list });
  return new Play(aDeclaration({ setting: aSetting({ organisation, authorities: told.map(way) }), facts: [] }));
}
const record = (play: Play, ...facts: Parameters<typeof fact>[]): Play =>
  play.do({ type: 'RecordFacts', facts: facts.map((one) => fact(...one)) }, hoursAfter(2));
const others = ({ state }: Play) =>
  buildNotice({ state, at: hoursAfter(3), rules: 'test', previous: null, withdraw: null }).others;

test('the lead authority of the notice is the one of the main establishment, not whoever stands first on the list (R-502)', () => {
  const play = record(
    played(places(['IE', false], ['FR', true]), ['ie-dpc', 'fr-cnil']),
    ['crossBorder.processing', 'YES'],
    ['processing.publicTask', false],
  );
  expect(others(play).leadAuthority).toBe(nameOf('fr-cnil'));
});

test('without a list the lead authority is named all the same', () => {
  const play = record(played(places(['IE', true]), [], ['ie-dpc']), ['crossBorder.processing', 'YES']);
  expect(others(play).leadAuthority).toBe(nameOf('ie-dpc'));
});

test.each([
  ['a public body', { sector: 'PUBLIC' }, false],
  ['a private body under a public task', { sector: 'PRIVATE' }, true],
] as const)('row 114 names no lead authority for %s (Art. 55(2), R-501)', (_who, over, publicTask) => {
  const organisation = anOrganisation({ ...over, establishments: places(['IE', true]), authorities: ['ie-dpc'] });
  const play = record(
    new Play(aDeclaration({ setting: aSetting({ organisation, authorities: [way('ie-dpc')] }), facts: [] })),
    ['crossBorder.processing', 'YES'],
    ['processing.publicTask', publicTask],
    ['people.countries', { IE: 9, FR: 1 }],
  );
  expect(others(play).leadAuthority).toMatch(/^None: .*\(Art\. 55\(2\) GDPR\)\.$/);
});

/** Ireland was told of first; then Spain turns out to lead, and two people leave Ireland out. */
function leftOut(): Play {
  const play = record(
    played(places(['IE', true]), [], ['ie-dpc']),
    ['crossBorder.establishments', ['ES', 'IE']],
    ['crossBorder.processing', 'YES'],
    ['crossBorder.leadCountry', ['ES']],
    ['processing.publicTask', false],
    ['people.countries', { IE: 1, ES: 9 }],
  );
  const command = {
    type: 'ExemptDuty',
    duty: 'authority-notice/ie-dpc',
    rule: 'R-501',
    reason: 'Spain leads',
    proof: 'a memo',
  } as const;
  play.do({ ...command, confirms: null }, hoursAfter(2), DPO);
  return play.do({ ...command, confirms: play.state.exemptionProposal?.proposal ?? '' }, hoursAfter(2), APPROVER);
}

test('an authority that was left out as not competent is not listed as one that is told', () => {
  expect(others(leftOut()).authoritiesToldOrToBeTold).toEqual([nameOf('es-aepd')]);
});

test('people are told of an authority that is told, also where the organisation keeps no list', () => {
  const { authorityYouMayTurnTo, whatWeDid } = buildMessage({ state: leftOut().state, language: 'en' });
  expect([authorityYouMayTurnTo, whatWeDid].every((text) => text.includes(nameOf('es-aepd')))).toBe(true);
});
