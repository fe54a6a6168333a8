import { expect, test } from '@jest/globals';
import { organisationYaml } from '../../cli/templates.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import { parseOrganisationFile } from '../../formats/organisation-file.js';

const template = organisationYaml({
  name: 'Hospital of the Example',
  country: 'IE',
  zone: 'Europe/Dublin',
  authority: 'ie-dpc',
  email: 'dpo@hospital.example',
});
const problems = (text: string): string => {
  const read = parseOrganisationFile(text, 'organisation.yaml');
  return 'problems' in read ? read.problems.join('\n') : '';
};

test('the file that init writes is read, with the default playbook', () => {
  expect(parseOrganisationFile(template, 'organisation.yaml')).toMatchObject({
    organisation: { name: 'Hospital of the Example', zone: 'Europe/Dublin', authorities: ['ie-dpc'] },
    playbook: DEFAULT_PLAYBOOK,
  });
});

test('a playbook may change one value and keeps the others', () => {
  expect(parseOrganisationFile(`${template}\nplaybook: { draftAtHours: 36 }\n`, 'organisation.yaml')).toMatchObject({
    playbook: { ...DEFAULT_PLAYBOOK, draftAtHours: 36 },
  });
});

test('authorities may be left out where the establishment tells them', () => {
  expect(problems(template.replace(/^authorities: .*$/m, ''))).toBe('');
});

const changes: readonly [(text: string) => string, string, string][] = [
  [
    (text) => `${text}\ndpoDesignated: false\n`,
    'says that there is no data protection officer, and dpo names one',
    'an officer who is designated and is not',
  ],
  [(text) => `${text}\ndpoDesignated: true\n`, 'dpoDesignated', 'that there is one is said by naming it'],
  [
    (text) => text.replace(/^zone: .*$/m, 'zone: Europe/Dubln'),
    'zone names no time zone that exists',
    'a misspelt zone',
  ],
  [
    (text) => text.replace('[ie-dpc]', '[ie-dcp]'),
    'authorities[1] names no authority of the directory; did you mean ie-dpc?',
    'a misspelt authority',
  ],
  [
    (text) => text.replace('country: IE', 'country: EL'),
    'establishments[1].country must be a code of ISO 3166, such as IE; write GR.',
    'the code of the Union for Greece',
  ],
  [
    (text) => text.replace(/^role: .*$/m, 'role: owner'),
    'role must be one of controller, processor.',
    'a role that is none',
  ],
  [(text) => text.replace(/^role: .*$/m, ''), 'role is missing: one of controller, processor.', 'no role'],
  [(text) => text.replace(/^name: .*$/m, ''), 'name is missing.', 'no name'],
  [(text) => text.replace(/^name: /m, 'nmae: '), 'nmae is no field here; did you mean name?', 'a misspelt field'],
  [
    (text) => text.replace(/^languages: .*$/m, 'languages: en'),
    'languages must be a list',
    'a text where a list belongs',
  ],
  [
    (text) => `${text}\nplaybook: { draftHours: 3 }\n`,
    'playbook.draftHours is no field here; did you mean draftAtHours?',
    'a misspelt field of the playbook',
  ],
  [
    (text) =>
      text.replace('- { country: IE, main: true }', '- { country: IE, main: true }\n  - { country: FR, main: true }'),
    'has 2 main establishments; there is one',
    'two main establishments',
  ],
  [
    (text) =>
      text.replace(/^authorities: .*$/m, '').replace('{ country: IE, main: true }', '{ country: DE, main: true }'),
    'authorities is missing, and cannot be worked out before a breach',
    'no authority named and no establishment that tells one',
  ],
  [
    (text) => text.replace('{ country: IE, main: true }', '{ country: IE, main: true, region: DE-BY }'),
    'region is for establishments in Germany only',
    'a Land elsewhere',
  ],
  [
    (text) => text.replace('{ country: IE, main: true }', '{ country: DE, main: true, region: Bavaria }'),
    'must be a German Land by its ISO 3166-2 code',
    'a Land in words',
  ],
];
for (const [change, says, why] of changes)
  test(`a problem names the field and what to write: ${why}`, () => expect(problems(change(template))).toContain(says));

test('all problems come at once, each with its line', () => {
  const found = problems(changes.slice(0, 4).reduce((text, [change]) => change(text), template)).split('\n');
  expect(found).toHaveLength(4);
  for (const line of found) expect(line).toMatch(/^organisation\.yaml:\d+: /);
});
