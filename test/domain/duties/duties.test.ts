import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toMs } from '../../../domain/clock/instant.js';
import { type BundleMember, bundle } from '../../../domain/duties/bundle.js';
import { exemptionsOf, protectionLost } from '../../../domain/duties/exemptions.js';
import { changedBy, proposeDuties, whoIsTold } from '../../../domain/duties/propose.js';
import type { Fact, FactId, Facts, FactValue } from '../../../domain/incident/facts.js';
import { AUTHORITY_ORDER, JOINT_CONTROLLER_ROLE } from '../../../domain/incident/lists.js';
import { DEFAULT_PLAYBOOK } from '../../../domain/incident/organisation.js';
import { RULE_SETS, type RuleSet, ruleSet } from '../../../domain/law/provisions.js';
import { RISK_LEVELS } from '../../../domain/risk/levels.js';
import { AWARE, anOrganisation, hoursAfter } from '../../build.js';

type Given = Partial<Record<FactId, FactValue>>;
const facts = (given: Given): Facts =>
  Object.fromEntries(
    Object.entries(given).map(([id, value]) => [
      id,
      { id, value, certainty: 'known', source: 'test', by: '', at: '' } as Fact,
    ]),
  );
const owed = (
  level: (typeof RISK_LEVELS)[number],
  given: Given = {},
  organisation?: ReturnType<typeof anOrganisation>,
) => proposeDuties(level, AWARE, DEFAULT_PLAYBOOK, { facts: facts(given), organisation });
const kinds = (duties: ReturnType<typeof owed>) =>
  duties.map(({ kind, to }) => (to === undefined ? kind : `${kind}/${to}`));

// biome-ignore format: a table is read by the row
const told: readonly [string, readonly string[], readonly string[]][] = [
  ['unlikely risk: the register alone (R-230)', kinds(owed('UNLIKELY_RISK')), ['register']],
  ['a risk that is not high: the authority', kinds(owed('RISK_NOT_HIGH')), ['authority-notice', 'register']],
  ['a high risk: authority and people', kinds(owed('HIGH_RISK')), ['authority-notice', 'people-message', 'register']],
  ['not settled: the authority, with what there is (R-204)', kinds(owed('MORE_INFO_NEEDED')), ['authority-notice', 'register']],
  ['a processor tells its controller at the least risk there is (R-240)', kinds(owed('UNLIKELY_RISK', {}, anOrganisation({ role: 'processor' }))), ['controller-notice/controller-1', 'register']],
  ['a processor tells neither authority nor people at the highest', kinds(owed('HIGH_RISK', {}, anOrganisation({ role: 'processor' }))), ['controller-notice/controller-1', 'register']],
  ['a processor tells each controller (R-243)', kinds(owed('HIGH_RISK', { 'parties.controllers': ['A clinic', 'A school', 'A shop'] }, anOrganisation({ role: 'processor' }))), ['controller-notice/controller-1', 'controller-notice/controller-2', 'controller-notice/controller-3', 'register']],
  ['an organisation that names controllers for whom it held the data was their processor too: each is told (R-120, R-243)', kinds(owed('UNLIKELY_RISK', { 'parties.controllers': ['A clinic'] }, anOrganisation())), ['controller-notice/controller-1', 'register']],
  ['a processor whose organisation is not described: the fact is heeded (R-240)', kinds(owed('HIGH_RISK', { 'parties.role': 'PROCESSOR' })), ['controller-notice/controller-1', 'register']],
  ['both, not described: both owe', kinds(owed('RISK_NOT_HIGH', { 'parties.role': 'BOTH' })), ['controller-notice/controller-1', 'authority-notice', 'register']],
  ['it stays controller of its own data until somebody says otherwise', kinds(owed('RISK_NOT_HIGH', { 'parties.controllers': ['A clinic'] }, anOrganisation())), ['controller-notice/controller-1', 'authority-notice/ex-authority', 'register']],
  ['controllers named, and it is said to be controller alone', kinds(owed('RISK_NOT_HIGH', { 'parties.controllers': ['A clinic'], 'parties.role': 'CONTROLLER' }, anOrganisation())), ['authority-notice/ex-authority', 'register']],
  ['a controller that turns out to be processor of these data owes no authority anything (R-120)', kinds(owed('HIGH_RISK', { 'parties.role': 'PROCESSOR' }, anOrganisation())), ['controller-notice/controller-1', 'register']],
  ['a processor that decided for itself is controller of that (Art. 28(10))', kinds(owed('HIGH_RISK', { 'parties.role': 'CONTROLLER' }, anOrganisation({ role: 'processor' }))), ['authority-notice/ex-authority', 'people-message', 'register']],
  ['both: both owe', kinds(owed('RISK_NOT_HIGH', { 'parties.role': 'BOTH' }, anOrganisation({ role: 'processor' }))), ['controller-notice/controller-1', 'authority-notice/ex-authority', 'register']],
  ['one duty for each authority of the own list', kinds(owed('RISK_NOT_HIGH', {}, anOrganisation({ authorities: ['ie-dpc', 'fr-cnil'] }))), ['authority-notice/ie-dpc', 'authority-notice/fr-cnil', 'register']],
  ['without a list: one for each that is competent', kinds(owed('RISK_NOT_HIGH', { 'people.countries': { FR: 1, IE: 2 } }, anOrganisation({ authorities: [], establishments: [{ country: 'US', main: true }] }))), ['authority-notice/ie-dpc', 'authority-notice/fr-cnil', 'register']],
  ['no authority settled yet: the duty stands all the same', kinds(owed('RISK_NOT_HIGH', {}, anOrganisation({ authorities: [], establishments: [{ country: 'US', main: true }] }))), ['authority-notice', 'register']],
  ['Switzerland hears of a high risk', kinds(owed('HIGH_RISK', {}, anOrganisation({ authorities: ['ch-edoeb'] }))), ['authority-notice/ch-edoeb', 'people-message', 'register']],
  ['Switzerland does not hear of a risk that is not high (R-831)', kinds(owed('RISK_NOT_HIGH', {}, anOrganisation({ authorities: ['ch-edoeb'] }))), ['register']],
  ['Switzerland does not hear of a risk that is not settled yet (R-831)', kinds(owed('MORE_INFO_NEEDED', {}, anOrganisation({ authorities: ['ch-edoeb'] }))), ['register']],
  ['the United Kingdom hears of a risk that is not high: its threshold is that of the GDPR (R-830)', kinds(owed('RISK_NOT_HIGH', {}, anOrganisation({ authorities: ['gb-ico'] }))), ['authority-notice/gb-ico', 'register']],
  ['the authority ordered it: people are told at any level (R-419)', kinds(owed('RISK_NOT_HIGH', { 'order.byAuthority': 'ORDERED_BY_SA' })), ['authority-notice', 'people-message', 'register']],
  ['the authority confirmed an exemption: people need not be told (R-419)', kinds(owed('HIGH_RISK', { 'order.byAuthority': 'SA_CONFIRMED_EXEMPT' })), ['authority-notice', 'register']],
  ['the authority said nothing: the level decides', kinds(owed('HIGH_RISK', { 'order.byAuthority': 'NONE' })), ['authority-notice', 'people-message', 'register']],
  ['a lead notifier files', kinds(owed('RISK_NOT_HIGH', { 'parties.jointControllerRole': 'LEAD_NOTIFIER' })), ['authority-notice', 'register']],
  ['a relying party stays answerable: the duty is there (R-121)', kinds(owed('RISK_NOT_HIGH', { 'parties.jointControllerRole': 'RELYING_PARTY' })), ['authority-notice', 'register']],
  ['an exemption of one’s own finding lifts nothing by itself (R-418)', kinds(owed('HIGH_RISK', { 'measures.riskRemoved': true, 'communication.exemption': 'B_RISK_REMOVED' })), ['authority-notice', 'people-message', 'register']],
];
for (const [why, duties, expected] of told)
  test(`who must be told: ${why}`, () => expect(duties).toEqual([...expected]));

test('the notice is due 72 hours after awareness, telling people and controllers without undue delay and without a number of hours', () => {
  expect(owed('HIGH_RISK').map(({ dueAt }) => dueAt ?? null)).toEqual([hoursAfter(72), null, null]);
  expect(owed('HIGH_RISK')[1]?.asSoonAs).toContain('without undue delay');
  const [controller] = owed('HIGH_RISK', {}, anOrganisation({ role: 'processor' }));
  expect(controller).toMatchObject({ basis: { rule: 'R-240', cite: 'GDPR Art. 33(2)' } });
  expect(controller?.dueAt).toBeUndefined();
  expect(controller?.asSoonAs).toContain('whatever the risk');
});

// biome-ignore format: a table is read by the row
const grounds = [
  ['gb-ico', 'UK GDPR Art. 33', 'the United Kingdom on its own law'],
  ['ch-edoeb', 'FADP Art. 24', 'Switzerland on its own law'],
  ['ie-dpc', 'GDPR Art. 33(1)', 'the EEA'],
] as const;
for (const [authority, cite, why] of grounds)
  test(`the basis of a notice: ${why}`, () =>
    expect(owed('HIGH_RISK', {}, anOrganisation({ authorities: [authority] }))[0]?.basis.cite).toBe(cite));

test('a notice to Switzerland has no hour by which it is due; to the United Kingdom it has 72 (R-830, R-831)', () => {
  const [gb, ch] = owed('HIGH_RISK', {}, anOrganisation({ authorities: ['gb-ico', 'ch-edoeb'] }));
  expect([gb?.dueAt, ch?.dueAt]).toEqual([hoursAfter(72), undefined]);
  expect(ch?.asSoonAs).toBe('as soon as possible');
});

test('what each joint controller must do is said by its role (R-121)', () => {
  const says = (role: string) => owed('RISK_NOT_HIGH', { 'parties.jointControllerRole': role })[0]?.says ?? '';
  expect(says('LEAD_NOTIFIER')).toContain('for all joint controllers');
  expect(says('RELYING_PARTY')).toContain('You stay answerable');
  expect(says('NO_ARRANGEMENT')).toContain('each joint controller does so for itself');
});

test('Switzerland alone is told of a high risk only: below it the answer is no, and no duty says otherwise (R-831)', () => {
  const organisation = anOrganisation({ authorities: ['ch-edoeb'] });
  const told = (at: (typeof RISK_LEVELS)[number]) => whoIsTold(at, { organisation, facts: {} }).notifyAuthority;
  expect([told('RISK_NOT_HIGH'), told('HIGH_RISK')]).toEqual([false, true]);
});

test('what the proposal of the Union would change leaves the United Kingdom alone, its threshold as well as its hours (R-509, R-823)', () => {
  const below = (authorities: readonly string[]) => {
    const of = { organisation: anOrganisation({ authorities }), facts: {}, rules: ruleSet('com-2025-837') };
    return proposeDuties('RISK_NOT_HIGH', AWARE, DEFAULT_PLAYBOOK, of).flatMap(({ to }) => to ?? []);
  };
  expect([below(['ie-dpc', 'gb-ico']), below(['ie-dpc'])]).toEqual([['gb-ico'], []]);
});

const level = fc.constantFrom(...RISK_LEVELS);
const contexts = fc.record({
  role: fc.constantFrom('controller' as const, 'processor' as const),
  authorities: fc.subarray(['ie-dpc', 'gb-ico', 'ch-edoeb', 'ex-authority']),
  countries: fc.dictionary(fc.constantFrom('IE', 'FR', 'DE', 'GB', 'US'), fc.nat(5), { minKeys: 1 }),
  main: fc.constantFrom('IE', 'US', 'DE', 'GB'),
  order: fc.constantFrom(...AUTHORITY_ORDER),
  joint: fc.constantFrom(...JOINT_CONTROLLER_ROLE),
  rules: fc.constantFrom(...RULE_SETS),
  aware: fc.boolean(),
});
test('whatever the case: every duty carries a basis and a time or the words for it, and the register is always among them', () => {
  fc.assert(
    fc.property(level, contexts, (at, { role, authorities, countries, main, order, joint, rules, aware }) => {
      const organisation = anOrganisation({ role, authorities, establishments: [{ country: main, main: true }] });
      const given = facts({
        'people.countries': countries,
        'order.byAuthority': order,
        'parties.jointControllerRole': joint,
      });
      const duties = proposeDuties(at, aware ? AWARE : null, DEFAULT_PLAYBOOK, { organisation, facts: given, rules });
      for (const duty of duties) {
        expect(duty.basis.rule).toMatch(/^R-\d{3,4}$/);
        expect(duty.basis.cite).not.toBe('');
        expect((duty.dueAt === undefined) !== (duty.asSoonAs === undefined)).toBe(true);
        const hours = duty.to === 'gb-ico' ? 72 : rules.notifyWithinHours;
        if (duty.dueAt !== undefined) expect(toMs(duty.dueAt)).toBe(toMs(AWARE) + hours * 3_600_000);
      }
      expect(duties.filter(({ kind }) => kind === 'register')).toHaveLength(1);
      const { notifyAuthority, tellPeople } = whoIsTold(at, { organisation, facts: given, rules });
      expect(duties.some(({ kind }) => kind === 'people-message')).toBe(tellPeople);
      expect(duties.some(({ kind }) => kind === 'authority-notice')).toBe(notifyAuthority);
    }),
  );
});

const PROPOSED = ruleSet('com-2025-837') as RuleSet;
// biome-ignore format: a table is read by the row
const changes = [
  ['RISK_NOT_HIGH', ['Tell the authority: yes under gdpr-2018-05-25, no under com-2025-837'], 'the threshold'],
  ['HIGH_RISK', [`Deadline: ${hoursAfter(72)} under gdpr-2018-05-25 (72 h), ${hoursAfter(96)}`], 'the hours'],
  ['UNLIKELY_RISK', [], 'nothing'],
] as const;
for (const [at, said, why] of changes) {
  test(`what the proposal would change: ${why} (R-823)`, () => {
    const found = changedBy(PROPOSED, at, AWARE, DEFAULT_PLAYBOOK);
    expect(found).toHaveLength(said.length);
    for (const [i, start] of said.entries()) expect(found[i]?.startsWith(start)).toBe(true);
  });
}

const SAFE: Given = {
  'breach.nature': ['CONFIDENTIALITY'],
  'data.unintelligible': 'PROTECTION_INTACT',
  'protection.algorithmStandardised': true,
  'protection.keySafe': true,
  'protection.keyStrong': true,
  'protection.keyStoredApart': true,
  'protection.appliedToAffectedData': true,
};
const without = (id: FactId): Given => Object.fromEntries(Object.entries(SAFE).filter(([one]) => one !== id));
// biome-ignore format: a table is read by the row
const protections: readonly [string, Given, string][] = [
  ['every check item is met', SAFE, 'yes'],
  ['the algorithm is a home-made one', { ...SAFE, 'protection.algorithmStandardised': false }, 'no'],
  ['the key was compromised, in any breach', { ...SAFE, 'protection.keySafe': false }, 'no'],
  ['the key can be found by trying', { ...SAFE, 'protection.keyStrong': false }, 'no'],
  ['the key lay beside the data', { ...SAFE, 'protection.keyStoredApart': false }, 'no'],
  ['a part of the data was not encrypted', { ...SAFE, 'protection.appliedToAffectedData': false }, 'no'],
  ['nobody knows where the key is', without('protection.keySafe'), 'open'],
  ['encrypted, and the only copy is lost: it says nothing about that (R-415)', { ...SAFE, 'breach.nature': ['CONFIDENTIALITY', 'AVAILABILITY'] }, 'no'],
  ['encrypted, lost, back from the backup, and nobody suffered meanwhile', { ...SAFE, 'breach.nature': ['CONFIDENTIALITY', 'AVAILABILITY'], 'availability.recovery': 'WITHOUT_DIFFICULTY', 'availability.effectOnPeople': false }, 'yes'],
  ['encrypted, lost, back, and a treatment was put off meanwhile: encryption undoes none of that', { ...SAFE, 'breach.nature': ['CONFIDENTIALITY', 'AVAILABILITY'], 'availability.recovery': 'WITHOUT_DIFFICULTY', 'availability.effectOnPeople': true }, 'no'],
  ['encrypted, lost, back, and nobody asked who suffered', { ...SAFE, 'breach.nature': ['CONFIDENTIALITY', 'AVAILABILITY'], 'availability.recovery': 'WITHOUT_DIFFICULTY' }, 'open'],
  ['encrypted, and changed', { ...SAFE, 'breach.nature': ['CONFIDENTIALITY', 'INTEGRITY'] }, 'no'],
  ['nothing is known', {}, 'open'],
  ['the data can be read, whatever else is not known', { 'data.unintelligible': 'NO' }, 'no'],
  ['the protection can be overcome', { ...SAFE, 'data.unintelligible': 'LIKELY_SUBVERTIBLE' }, 'no'],
];
for (const [why, given, holds] of protections)
  test(`Art. 34(3)(a): ${why}`, () => expect(exemptionsOf(facts(given))[0]).toMatchObject({ rule: 'R-414', holds }));

// biome-ignore format: a table is read by the row
const others: readonly [string, Given, string, string][] = [
  ['(b): the high risk is gone', { 'measures.riskRemoved': true }, 'R-416', 'yes'],
  ['(b): it is only smaller', { 'measures.riskRemoved': false }, 'R-416', 'no'],
  ['(c): claimed', { 'communication.exemption': 'C_DISPROPORTIONATE_EFFORT' }, 'R-417', 'yes'],
  ['(c): another one is claimed', { 'communication.exemption': 'A_PROTECTION_APPLIED' }, 'R-417', 'no'],
  ['Art. 34(4): the authority confirms', { 'order.byAuthority': 'SA_CONFIRMED_EXEMPT' }, 'R-419', 'yes'],
  ['Art. 34(4): the authority orders', { 'order.byAuthority': 'ORDERED_BY_SA' }, 'R-419', 'no'],
];
for (const [why, given, rule, holds] of others)
  test(`exemption, ${why}`, () =>
    expect(exemptionsOf(facts(given)).find((one) => one.rule === rule)?.holds).toBe(holds));

test('an exemption that may hold is named with the duty, and the duty stays until a person exempts it with the proof', () => {
  const people = owed('HIGH_RISK', SAFE).find(({ kind }) => kind === 'people-message');
  expect(people?.says).toContain('GDPR Art. 34(3)(a) may lift it');
  expect(people?.says).toContain('with the proof');
  expect(owed('HIGH_RISK', { ...SAFE, 'order.byAuthority': 'ORDERED_BY_SA' })[1]?.says).not.toContain('34(3)(a)');
});

// biome-ignore format: a table is read by the row
const lost: readonly [string, Given, Given, boolean][] = [
  ['the key turns out to be taken (R-208)', SAFE, { ...SAFE, 'protection.keySafe': false }, true],
  ['the algorithm is broken (R-208)', SAFE, { ...SAFE, 'protection.algorithmStandardised': false }, true],
  ['the data were readable after all', SAFE, { ...SAFE, 'data.unintelligible': 'NO' }, true],
  ['the key turns out to have lain beside the data', SAFE, { ...SAFE, 'protection.keyStoredApart': false }, true],
  ['nothing about it changed', SAFE, { ...SAFE, 'breach.summary': 'other words' }, false],
  ['it was known to be taken before', { ...SAFE, 'protection.keySafe': false }, { ...SAFE, 'protection.keySafe': false }, false],
  ['nothing rested on encryption', {}, { 'protection.keySafe': false }, false],
];
for (const [why, before, after, expected] of lost)
  test(`a duty comes back: ${why}`, () => expect(protectionLost(facts(before), facts(after))).toBe(expected));

const member = (incident: string, hours: number, over: Partial<BundleMember> = {}): BundleMember => ({
  incident,
  awareAt: hoursAfter(hours),
  dataCategories: ['BASIC', 'CONTACT'],
  incidentTypes: ['SENT_BY_MISTAKE'],
  ...over,
});
test('a bundle: the earliest awareness governs, whatever the order (R-225)', () => {
  expect(
    bundle(
      [member('BR-0000-0002', 20), member('BR-0000-0001', 0, { dataCategories: ['CONTACT', 'BASIC'] })],
      'one mailing tool',
    ),
  ).toMatchObject({
    ok: true,
    awareAt: AWARE,
    dueAt: hoursAfter(72),
    basis: { rule: 'R-225' },
    tooLateToJoin: [],
  });
});
const joining = [
  [72, [], 'known at the very deadline: it can still go with it'],
  [72.001, ['BR-0000-0002'], 'known after it: a notice of its own'],
] as const;
for (const [hours, late, why] of joining)
  test(`a bundle: ${why}`, () =>
    expect(bundle([member('BR-0000-0001', 0), member('BR-0000-0002', hours)], 'one tool')).toMatchObject({
      tooLateToJoin: [...late],
    }));

test('a bundle is refused with every reason at once: alone, without a reason, other data, another way, not known', () => {
  expect(bundle([member('BR-0000-0001', 0)], 'why')).toMatchObject({ ok: false });
  const unknown = bundle(
    [member('BR-0000-0001', 0, { dataCategories: [] }), member('BR-0000-0002', 1, { dataCategories: [] })],
    'one tool',
  );
  expect(unknown.ok ? [] : unknown.problems).toEqual([expect.stringContaining('BR-0000-0001, BR-0000-0002')]);
  const refused = bundle(
    [
      member('BR-0000-0001', 0),
      member('BR-0000-0002', 1, { dataCategories: ['HEALTH'], incidentTypes: ['RANSOMWARE'] }),
    ],
    ' ',
  );
  expect(refused.ok ? [] : refused.problems).toHaveLength(3);
});
