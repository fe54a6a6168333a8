import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseFactsFile } from '../../formats/facts-file.js';

const problems = (text: string): readonly string[] => {
  const read = parseFactsFile(text, 'facts.yaml');
  return 'problems' in read ? read.problems : [];
};

const yaml = `
awareness:
  firstHintAt: 2026-03-02T02:40:00+01:00
  awareAt: { at: 2026-03-02T09:00:00Z, zone: Europe/Berlin, source: comparison with the records }
facts:
  people.count: 1000-1500
  breach.nature: [CONFIDENTIALITY]
  data.records: pending
  data.unintelligible: NO # in YAML 1.2 a word, not false
  breach.summary: { value: "Two lists were published.", certainty: known, source: log of the web server }
`;

test('a YAML file gives facts and awareness in canonical form', () => {
  const read = parseFactsFile(yaml, 'facts.yaml');
  expect(read).toEqual({
    organisation: null,
    awareness: {
      firstHintAt: { at: '2026-03-02T01:40:00.000Z' },
      awareAt: { at: '2026-03-02T09:00:00.000Z', zone: 'Europe/Berlin', source: 'comparison with the records' },
    },
    facts: [
      {
        id: 'people.count',
        value: { min: 1000, max: 1500 },
        certainty: 'estimated',
        source: 'facts file',
      },
      { id: 'breach.nature', value: ['CONFIDENTIALITY'], certainty: 'known', source: 'facts file' },
      { id: 'data.records', value: null, certainty: 'pending', source: 'facts file' },
      { id: 'data.unintelligible', value: 'NO', certainty: 'known', source: 'facts file' },
      { id: 'breach.summary', value: 'Two lists were published.', certainty: 'known', source: 'log of the web server' },
    ],
  });
});

test('a JSON file is read alike, indented by tabs and with a byte order mark', () => {
  const json = `\uFEFF${JSON.stringify({ facts: { 'people.count': 12 } }, null, '\t')}`;
  expect(parseFactsFile(json, 'facts.json')).toMatchObject({ facts: [{ id: 'people.count', value: { max: 12 } }] });
});

test('all problems at once, in the order of their lines', () => {
  const found = problems(`awareness:
  awareAt: 2026-03-02
  awaretAt: 2026-03-02T09:00:00Z
fact: 1
facts:
  people.cuont: 12
  people.count: "1,200"
  breach.startedAt: { value: 2026-03-02T09:00:00Z, certanty: known }
  breach.endedAt: 2026-03-02T09:00
`);
  expect(found.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'facts.yaml:2: awareness.awareAt must',
    'facts.yaml:3: awareness.awaretAt is',
    'facts.yaml:4: fact is',
    'facts.yaml:6: facts.people.cuont is',
    'facts.yaml:7: facts.people.count must',
    'facts.yaml:8: facts.breach.startedAt must',
    'facts.yaml:9: facts.breach.endedAt must',
  ]);
  expect(found[0]).toBe(
    'facts.yaml:2: awareness.awareAt must be an instant such as 2026-03-02T09:00:00Z; this one has no time of day. Use the moment you were reasonably certain, not the moment of the attack.',
  );
});

const broken: readonly [string, string, string][] = [
  ['', 'facts.yaml: must hold named fields, such as "facts:"; this file is empty.', 'an empty file'],
  ['- 1\n', 'this file does not.', 'a list at the top'],
  [
    'facts: [',
    'facts.yaml:1: this line is not indented like its neighbours, or a bracket is not closed.',
    'an open bracket',
  ],
  [
    'facts:\n  people.count: 1\n  people.count: 2\n',
    'facts.yaml:3: the same name stands here as in line 2, and only one of the two can be meant. Keep one.',
    'one name twice',
  ],
  ['facts: {}\n---\nfacts: {}\n', 'Keep one', 'two documents'],
  ['facts: 12\n', 'facts.yaml:1: facts must be a group of facts', 'no group'],
  ['awareness: 2026-03-02T09:00:00Z\n', 'awareness must be a group of instants', 'an instant alone'],
  [`facts: {}\n${'#'.repeat(1_000_001)}`, 'such a file has at most 1000000', 'a file that is no facts file'],
  [
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((l, i) => `${l}: &${l} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
      .join('\n')}\n`,
    'refers to itself too often',
    'a bomb of aliases',
  ],
];
for (const [text, says, why] of broken)
  test(`a file that cannot be read says where: ${why}`, () => expect(problems(text).join('\n')).toContain(says));

test('no problem repeats what stands in the file', () => {
  const canary = 'canary@person.example';
  const found = problems(`${canary}: 1
awareness: { awareAt: ${canary}, ${canary}: 1, firstHintAt: { at: 2026-03-02T09:00:00Z, zone: ${canary}, ${canary}: 1 } }
organisation: { name: { x: ${canary} }, zone: ${canary}, authorities: [${canary}], ${canary}: 1, contact: { email: "${canary} x" }, role: ${canary} }
facts: { ${canary}: 1, people.count: ${canary}, breach.nature: [${canary}], breach.startedAt: { value: ${canary}, certainty: ${canary} } }
`);
  expect(found.length).toBeGreaterThan(12);
  expect(found.join('\n')).not.toContain('canary');
  expect(problems(`facts: {${canary}`).join()).not.toContain('canary');
});

// the file, how each problem begins, why this row is here
const slips: readonly [string, readonly string[], string][] = [
  [
    'facts:\n  people.count: 1\n  data.records: many\n  people.count: 2\n  breach.cause: NOBODY\n',
    ['3: facts.data.records must', '4: the same name', '5: facts.breach.cause must'],
    'a name twice hides nothing',
  ],
  [
    '{"facts": {"people.count": 1,\n"people.count": 2,\n"data.records": -1},\n"awareness": {"awareAt": "yesterday"}}',
    ['2: the same name', '3: facts.data.records must', '4: awareness.awareAt must'],
    'a name twice in JSON',
  ],
  [
    'facts:\n  people.count: 1\nawareness:\n  awareAt: 2026-03-02\nfacts:\n  data.records: -1\n',
    ['4: awareness.awareAt must', '5: the same name', '6: facts.data.records must'],
    'a whole group twice: the later one is looked at',
  ],
  [
    'facts:\n\tpeople.count: 1\n\tdata.records: -1\nawareness:\n  awareAt: 2026-03-02\n',
    ['2: a tab is used to indent, and on 1 more line', '3: facts.data.records must', '5: awareness.awareAt must'],
    'tabs are told once, and the rest is read',
  ],
  [
    'facts:\n  people.count: 1\n    data.records: 2\n  breach.cause: NOBODY\n',
    ['2: a text with a colon', '4: facts.breach.cause must'],
    'a line that is indented too far',
  ],
  [
    'facts:\n  people.count: 1\n data.records: 2\n  breach.cause: NOBODY\n',
    ['3: this line is not indented', '4: facts.breach.cause must'],
    'a line that is indented too little',
  ],
  [
    'facts:\n  breach.nature: [CONFIDENTIALITY\n  people.count: -1\n  breach.cause: NOBODY\n',
    [
      '3: this line is not indented like its neighbours, or a bracket',
      '3: facts.people.count',
      '4: facts.breach.cause',
    ],
    'an open bracket',
  ],
  [
    'facts:\n  breach.summary: Attack: a list was copied\n  people.count: -1\n',
    ['2: a text with a colon in it stands in quotes', '3: facts.people.count must'],
    'a colon in a text',
  ],
  [
    'facts:\n  breach.summary: @home\n  people.count: -1\n',
    ['2: a text that begins with @', '3: facts.people.count must'],
    'a sign that YAML keeps for itself',
  ],
  [
    'facts:\n  breach.summary: *important\n  people.count: -1\n',
    ['2: a text that begins with an asterisk', '3: facts.people.count must'],
    'an asterisk is no reference to nothing',
  ],
  [
    'facts:\n  breach.summary: "open\n  people.count: -1\n',
    ['2: a quote, bracket', '3: facts.people.count must'],
    'an open quote says where it begins',
  ],
  [
    'facts:\n  people.count 12\n  data.records: -1\nawareness:\n  awareAt: 2026-03-02\n',
    ['2: the name and its value', '3: facts.data.records must', '5: awareness.awareAt must'],
    'a colon forgotten',
  ],
  ['facts:\n  data.records 12\n', ['1: facts must be a group'], 'a text where the facts should stand'],
];
for (const [text, begins, why] of slips)
  test(`one slip does not hide the others: ${why}`, () => {
    const found = problems(text);
    expect([found.length, ...found.map((line, at) => line.startsWith(`facts.yaml:${begins[at]}`))]).toEqual([
      begins.length,
      ...begins.map(() => true),
    ]);
  });

test('however a file is broken, the answer is facts or problems, each with its line, and soon', () => {
  const lines = 'facts:\n  people.count: 12\n  breach.nature: [CONFIDENTIALITY]\n  breach.summary: "A list."\n';
  fc.assert(
    fc.property(
      fc.nat(lines.length),
      fc.constantFrom('\t', '"', '[', '}', ': ', '\n   ', '*', '&a ', '@', '---\n', '? ', '|', '- ', '#', '!x '),
      (at, piece) => {
        for (const problem of problems(lines.slice(0, at) + piece + lines.slice(at)))
          expect(problem).toMatch(/^facts\.yaml(?::\d+)?: .+[.?]$/);
      },
    ),
    { numRuns: 500 },
  );
});
