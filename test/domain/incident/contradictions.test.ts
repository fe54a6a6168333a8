import { expect, test } from '@jest/globals';
import { awarenessContradictions } from '../../../domain/incident/awareness-contradictions.js';
import { FACT_IDS, type FactId } from '../../../domain/incident/facts.js';
import { checkFacts, rawFacts } from '../../../domain/incident/facts-check.js';
import { doubts } from '../../../domain/incident/facts-doubts.js';
import { refuseDeclaration } from '../../../domain/incident/decide.js';
import { sentence } from '../../../domain/incident/sentences.js';
import { moreToldThanConcerned } from '../../../domain/notice/overview.js';
import { parseFactsFile } from '../../../formats/facts-file.js';
import { AWARE, aDeclaration, count, fact, HOSPITAL_FACTS, hoursAfter, Play } from '../../build.js';
import { noticeCases } from '../../adapters/render/cases.js';
import { assessed, facts } from '../risk/facts.js';

test('nobody is held to Art. 33 for a day before it applied, which is mostly a year mistyped (Art. 99(2)); older policies took it', () => {
  const declared = (awareAt: string, policy: number) => {
    const declaration = aDeclaration();
    const awareness = { awareAt: { at: awareAt, zone: 'UTC', source: 'SOC' } };
    return refuseDeclaration({ ...declaration, awareness, policy }, '2018-06-01T00:00:00.000Z').map(sentence);
  };
  const told = [expect.stringContaining('before 2018-05-25')];
  expect(declared('2018-05-24T20:59:59.999Z', 3)).toEqual(told);
  expect(declared('2018-05-24T21:00:00.000Z', 3)).toEqual([]);
  expect(declared('2018-05-24T20:59:59.999Z', 2)).toEqual([]);
  const finding = { at: '2018-05-24T12:00:00.000Z', zone: 'UTC', source: 'SOC' };
  const correction = { key: 'awareAt', finding, reason: 'the log says so', confirms: null } as const;
  expect(new Play().refused({ type: 'CorrectAwareness', ...correction }, hoursAfter(1))).toEqual(['contradiction']);
});

const check = (given: Readonly<Record<string, unknown>>) => checkFacts(rawFacts(given, 'the test')).problems;

// facts that cannot all be true, the ids that are named, what to do, why this row is here
const clashes: readonly [Readonly<Record<string, unknown>>, readonly FactId[], string, string][] = [
  [
    { 'communication.exemption': 'B_RISK_REMOVED', 'measures.riskRemoved': 'no' },
    ['measures.riskRemoved', 'communication.exemption'],
    'Take the exemption back',
    'exempt because the risk is gone, and it is not',
  ],
  [
    { 'communication.exemption': 'A_PROTECTION_APPLIED', 'protection.keySafe': 'no' },
    ['protection.keySafe', 'communication.exemption'],
    'Take the exemption back',
    'exempt as unreadable, and the key was taken',
  ],
  [
    { 'communication.exemption': 'A_PROTECTION_APPLIED', 'protection.keyStoredApart': 'no' },
    ['protection.keyStoredApart', 'communication.exemption'],
    'Take the exemption back',
    'each item of R-414 is needed',
  ],
  [
    { 'communication.exemption': 'A_PROTECTION_APPLIED', 'data.unintelligible': 'LIKELY_SUBVERTIBLE' },
    ['data.unintelligible', 'communication.exemption'],
    'Correct one of them',
    'exempt as unreadable, and it can be broken',
  ],
  [
    { 'confidentiality.recipientCount': 0, 'confidentiality.recipients': 'KNOWN_RECIPIENTS' },
    ['confidentiality.recipientCount', 'confidentiality.recipients'],
    'Correct one of them',
    'nobody, and somebody who is known',
  ],
  [
    { 'people.countries': 'IE:3', 'people.mostAffectedLand': 'BY' },
    ['people.countries', 'people.mostAffectedLand'],
    'Add DE',
    'most in Bavaria, and nobody in Germany',
  ],
];
for (const [given, ids, mend, why] of clashes) {
  test(`a contradiction is refused with both facts and what to do: ${why}`, () => {
    const problems = check(given);
    expect(problems).toMatchObject([{ code: 'contradiction', paths: ids.map((id) => `facts.${id}`) }]);
    expect(problems.map(sentence).join()).toContain(mend);
  });
}

const peace: readonly [Readonly<Record<string, unknown>>, string][] = [
  [{ 'communication.exemption': 'B_RISK_REMOVED', 'measures.riskRemoved': 'yes' }, 'the risk is gone'],
  [{ 'communication.exemption': 'C_DISPROPORTIONATE_EFFORT', 'protection.keySafe': 'no' }, 'another exemption'],
  [{ 'communication.exemption': 'A_PROTECTION_APPLIED', 'protection.keySafe': 'pending' }, 'not known yet'],
  [{ 'confidentiality.recipientCount': '0-1', 'confidentiality.recipients': 'KNOWN_RECIPIENTS' }, 'maybe one'],
  [{ 'people.countries': 'DE:3', 'people.mostAffectedLand': 'BY' }, 'people in Germany'],
];
for (const [given, why] of peace) test(`no contradiction: ${why}`, () => expect(check(given)).toEqual([]));

// facts that hardly fit, the ids that are named, why this row is here
const unlikely: readonly [Readonly<Record<string, unknown>>, readonly FactId[], string][] = [
  [{ 'data.categories': 'HEALTH,NOT_YET_KNOWN' }, ['data.categories'], 'known, and not yet known'],
  [{ 'people.categories': 'PATIENTS,NOT_YET_KNOWN' }, ['people.categories'], 'the same of people'],
  [{ 'breach.incidentTypes': 'RANSOMWARE,TBD' }, ['breach.incidentTypes'], 'the same of the kind of incident'],
  [{ 'harm.types': 'FRAUD,TBD' }, ['harm.types'], 'the same of harm'],
  [
    { 'availability.recovery': 'WITH_EFFORT', 'breach.nature': 'CONFIDENTIALITY' },
    ['availability.recovery', 'breach.nature'],
    'data come back that were never away',
  ],
  [
    { 'availability.effectOnPeople': 'yes', 'breach.nature': 'CONFIDENTIALITY' },
    ['availability.effectOnPeople', 'breach.nature'],
    'people missed what was never away',
  ],
  [
    { 'integrity.consequences': 'OTHER', 'breach.nature': 'CONFIDENTIALITY' },
    ['integrity.consequences', 'breach.nature'],
    'consequences of a change that nobody names',
  ],
  [
    { 'confidentiality.outcome': 'DISCLOSED', 'confidentiality.recipients': 'NO_EVIDENCE_OF_ACCESS' },
    ['confidentiality.outcome', 'confidentiality.recipients'],
    'disclosed to nobody',
  ],
  [
    { 'confidentiality.recipientTrusted': 'no', 'confidentiality.recipientBound': 'yes' },
    ['confidentiality.recipientBound', 'confidentiality.recipientTrusted'],
    'bound, and not trusted',
  ],
  [
    { 'data.unintelligible': 'PROTECTION_INTACT', 'protection.keySafe': 'no' },
    ['data.unintelligible', 'protection.keySafe'],
    'intact, and the key taken: weighed as readable',
  ],
  [
    { 'data.unintelligible': 'PROTECTION_INTACT', 'protection.appliedToAffectedData': 'no' },
    ['data.unintelligible', 'protection.appliedToAffectedData'],
    'intact, and not on all of it',
  ],
  [
    { 'protection.passwordsSaltedAndHashed': 'yes', 'data.categories': 'CONTACT' },
    ['protection.passwordsSaltedAndHashed', 'data.categories'],
    'hashes of passwords that are not there',
  ],
  [
    { 'breach.cause': 'INTERNAL_NON_MALICIOUS', 'breach.incidentTypes': 'RANSOMWARE' },
    ['breach.cause', 'breach.incidentTypes'],
    'ransomware by accident',
  ],
  [
    { 'breach.cause': 'EXTERNAL_MALICIOUS', 'breach.incidentTypes': 'NO_BCC' },
    ['breach.cause', 'breach.incidentTypes'],
    'a malicious lack of Bcc',
  ],
  [
    { 'availability.outcome': 'TEMPORARY', 'availability.recoveryTime': 'NOT_RECOVERABLE' },
    ['availability.outcome', 'availability.recoveryTime'],
    'for a time, and for ever',
  ],
  [
    {
      'breach.occurrence': 'SPECIFIC_DAY',
      'breach.startedAt': '2026-03-01T09:00Z',
      'breach.endedAt': '2026-03-02T09:01Z',
    },
    ['breach.occurrence', 'breach.startedAt', 'breach.endedAt'],
    'one day of more than 24 hours',
  ],
  [
    { 'breach.occurrence': 'UNDETERMINABLE', 'breach.startedAt': '2026-03-01T09:00Z' },
    ['breach.occurrence', 'breach.startedAt'],
    'nobody can know, and it is known',
  ],
  [{ 'people.count': 100, 'data.records': 99 }, ['people.count', 'data.records'], 'a person without a record'],
  [
    { 'crossBorder.processing': 'NO', 'people.countries': 'IE:3,FR:1' },
    ['crossBorder.processing', 'people.countries'],
    'people in two states do not make it cross-border by themselves (R-503), and it may be',
  ],
  [
    { 'crossBorder.processing': 'NO', 'crossBorder.establishments': 'IE,FR' },
    ['crossBorder.processing', 'crossBorder.establishments'],
    'establishments in two states',
  ],
  [
    { 'order.byAuthority': 'ORDERED_BY_SA', 'communication.exemption': 'C_DISPROPORTIONATE_EFFORT' },
    ['order.byAuthority', 'communication.exemption'],
    'ordered and exempt',
  ],
  [
    { 'communication.exemption': 'A_PROTECTION_APPLIED', 'breach.nature': 'CONFIDENTIALITY,AVAILABILITY' },
    ['communication.exemption', 'breach.nature'],
    'unreadable to others and gone for us (R-415)',
  ],
  [{ 'communication.exemptionProof': 'A report.' }, ['communication.exemptionProof'], 'a proof of nothing'],
  [
    { 'people.inMailbox': 4, 'breach.incidentTypes': 'RANSOMWARE' },
    ['people.inMailbox', 'breach.incidentTypes'],
    'parts of a phishing that was none',
  ],
];
for (const [given, ids, why] of unlikely) {
  test(`what hardly fits goes on, and the assessment names it with what to do: ${why}`, () => {
    const of = facts(given);
    expect(doubts(of)).toMatchObject([{ paths: ids }]);
    expect(assessed(of).hints.join('\n')).toMatch(new RegExp(`Look again: ${ids.join(', ')}: .+\\. .+\\.`));
  });
}
const fits: readonly [Readonly<Record<string, unknown>>, string][] = [
  [{ 'data.categories': 'NOT_YET_KNOWN' }, 'nothing known yet'],
  [{ 'crossBorder.processing': 'NO', 'people.countries': 'IE:3,GB:1' }, 'one state of the EEA and one beside it'],
  [{ 'people.count': 100, 'data.records': '50-100' }, 'as many records as people may be'],
  [
    {
      'breach.occurrence': 'SPECIFIC_DAY',
      'breach.startedAt': '2026-03-01T09:00Z',
      'breach.endedAt': '2026-03-02T09:00Z',
    },
    '24 hours may be one day somewhere',
  ],
  [
    {
      'communication.exemption': 'A_PROTECTION_APPLIED',
      'breach.nature': 'CONFIDENTIALITY,AVAILABILITY',
      'availability.recovery': 'WITHOUT_DIFFICULTY',
    },
    'unreadable, and back from a backup (R-415)',
  ],
];
for (const [given, why] of fits)
  test(`nothing to look at again: ${why}`, () => expect(doubts(facts(given))).toEqual([]));

test('the facts of a plain case give no doubt', () =>
  expect(doubts(Object.fromEntries(HOSPITAL_FACTS.map((one) => [one.id, one])))).toEqual([]));
test('a doubt names facts only, never what they say', () => {
  const canary = { value: 'canary' };
  const all = Object.fromEntries(FACT_IDS.map((id) => [id, canary]));
  expect(JSON.stringify(doubts(all))).not.toContain('canary');
});

const at = (instants: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(instants).map(([key, hours]) => [key, { at: hoursAfter(hours) }]));
// instants in hours from awareness, facts, the paths that are named, why this row is here
const instants: readonly [
  Readonly<Record<string, number>>,
  Readonly<Record<string, unknown>>,
  readonly string[],
  string,
][] = [
  [{ firstHintAt: 1, awareAt: 0 }, {}, ['awareness.firstHintAt', 'awareness.awareAt'], 'certain before the first hint'],
  [{ firstHintAt: 0, awareAt: 0 }, {}, [], 'certain at the first hint'],
  [
    { firstHintAt: 2, processorInformedUsAt: 1 },
    {},
    ['awareness.firstHintAt', 'awareness.processorInformedUsAt'],
    'what the processor said was a hint',
  ],
  [
    { firstEmployeeKnowledgeAt: 1, awareAt: 0 },
    {},
    ['awareness.firstEmployeeKnowledgeAt', 'awareness.awareAt'],
    'the organisation knows through somebody (R-115)',
  ],
  [{ processorInformedUsAt: 1, awareAt: 0 }, {}, [], 'another source may be quicker than the processor'],
  [
    { awareAt: 0 },
    { 'breach.startedAt': '2026-03-02T09:00:00.001Z' },
    ['facts.breach.startedAt', 'awareness.awareAt'],
    'aware of what has not begun',
  ],
  [{ awareAt: 0 }, { 'breach.startedAt': '2026-03-02T09:00:00Z' }, [], 'aware in the moment it began'],
  [{ awareAt: 0 }, { 'breach.endedAt': '2026-03-09T09:00:00Z' }, [], 'it went on after we knew'],
  [
    { awareAt: 0 },
    { 'notice.moreInformationOn': '2026-02-28' },
    ['facts.notice.moreInformationOn', 'awareness.awareAt'],
    'more information on a day that is over',
  ],
  [{ awareAt: 0 }, { 'notice.moreInformationOn': '2026-03-01' }, [], 'a day that is not over yet in the west'],
  [
    { awareAt: 0 },
    { 'communication.plannedOn': '2026-02-28' },
    ['facts.communication.plannedOn', 'awareness.awareAt'],
    'people told before anybody knew',
  ],
];
for (const [given, of, paths, why] of instants) {
  test(`awareness and facts: ${why}`, () =>
    expect(awarenessContradictions(at(given), facts(of)).flatMap((clash) => clash.paths)).toEqual(paths));
}

test('a facts file says such a contradiction at the line of the later one, beside all else', () => {
  const read = parseFactsFile(
    `awareness:
  awareAt: 2026-03-02T09:00:00Z
  firstHintAt: 2026-03-02T10:00:00Z
facts:
  breach.startedAt: 2026-03-02T11:00:00Z
  data.records: -1
`,
    'facts.yaml',
  );
  expect('problems' in read ? read.problems.map((line) => line.split(' ').slice(0, 4).join(' ')) : []).toEqual([
    'facts.yaml:2: awareness.firstHintAt and awareness.awareAt',
    'facts.yaml:2: facts.breach.startedAt and awareness.awareAt',
    'facts.yaml:6: facts.data.records must be',
  ]);
});

const began = fact('breach.startedAt', hoursAfter(1));
// policy, refused at declaring, at recording, at confirming a suspicion; why
const policies: readonly [number, number, number, number, string][] = [
  [1, 0, 0, 0, 'as it was'],
  [2, 0, 1, 0, 'recording asks, as it did'],
  [3, 1, 1, 1, 'each door asks'],
];
for (const [policy, declaring, recording, confirming, why] of policies) {
  test(`a beginning after awareness, policy ${policy}: ${why}`, () => {
    const suspected = new Play(
      aDeclaration({ policy, awareness: { firstHintAt: { at: AWARE, zone: 'UTC', source: 'x' } }, facts: [began] }),
      hoursAfter(3),
    );
    expect([
      refuseDeclaration(aDeclaration({ policy, facts: [began] }), hoursAfter(3)).length,
      new Play(aDeclaration({ policy })).refused({ type: 'RecordFacts', facts: [began] }, hoursAfter(3)).length,
      suspected.refused(
        {
          type: 'ConfirmAwareness',
          awareness: { awareAt: { at: AWARE, zone: 'UTC', source: 'x' } },
          reason: null,
          setting: null,
        },
        hoursAfter(3),
      ).length,
    ]).toEqual([declaring, recording, confirming]);
  });
  test(`a high risk for nobody, policy ${policy}: ${policy >= 3 ? 'refused with both' : 'as it was'}`, () => {
    const play = new Play(aDeclaration({ policy, facts: [fact('people.count', count(0))] }));
    const decided = (level: 'HIGH_RISK' | 'RISK_NOT_HIGH') =>
      play.refused(
        { type: 'DecideRisk', level, reasons: 'As assessed.', confirms: null, setting: null },
        hoursAfter(1),
      );
    expect([decided('HIGH_RISK'), decided('RISK_NOT_HIGH')]).toEqual([policy >= 3 ? ['contradiction'] : [], []]);
  });
}

test('more people told than are concerned is pointed at', () => {
  const [{ content } = { content: null }] = noticeCases();
  if (!content) throw new Error('no case');
  const told = (informed: number | null) =>
    moreToldThanConcerned({
      ...content,
      people: { ...content.people, count: { state: 'given', value: { min: 5, likely: 7, max: 9 }, estimated: true } },
      communication: { ...content.communication, informed },
    }).length;
  expect([told(null), told(9), told(10)]).toEqual([0, 0, 1]);
});
