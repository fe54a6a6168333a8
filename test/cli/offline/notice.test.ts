import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { formProblems } from '../../../adapters/render/notice-form.js';
import { CommandEnd } from '../../../cli/exit.js';
import { registerNoticeBuild } from '../../../cli/offline/notice.js';

const dir = () => mkdtempSync(join(tmpdir(), 'seventytwo-'));
const file = (text: string, name = 'facts.yaml'): string => {
  const path = join(dir(), name);
  writeFileSync(path, text);
  return path;
};

async function run(...words: readonly string[]): Promise<{ out: string; err: string; exit: number }> {
  let [out, err] = ['', ''];
  const program = new Command('seventytwo')
    .exitOverride()
    .configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (err += text) });
  registerNoticeBuild(program);
  try {
    await program.parseAsync(['notice', 'build', ...words], { from: 'user' });
    return { out, err, exit: 0 };
  } catch (error) {
    if (error instanceof CommandEnd) return { out, err: [...error.lines, ...error.next].join('\n'), exit: error.code };
    if (error instanceof CommanderError) return { out, err, exit: 2 };
    throw error;
  }
}

const ORGANISATION = `
name: Clinic of the Example
role: controller
zone: Europe/Berlin
languages: [en]
contact: { address: "1 Example Square, Berlin", email: office@clinic.example }
sector: PRIVATE
establishments: [{ country: DE, main: true }]
reportingPerson: { name: The DPO, email: dpo@clinic.example, function: DPO }
dpo: { name: The DPO, email: dpo@clinic.example }
authorities: [ex-authority]
publicContact: clinic.example/incident
senderAddress: breach@clinic.example
`;
const FACTS = `
awareness:
  awareAt: 2026-03-27T02:40:00+01:00
facts:
  breach.summary: Records of outpatients were copied.
  breach.nature: [CONFIDENTIALITY]
  people.count: 400-1200
`;
const WHOLE = `organisation:\n${ORGANISATION.trim()
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}${FACTS}`;
const AT = ['--at', '2026-03-28T02:40:00+01:00'];

test('an organisation that keeps no list: the notice goes to whoever is competent by the rules, and says so', async () => {
  const out = dir();
  const text = WHOLE.replace('authorities: [ex-authority]', 'authorities: []').replace('country: DE', 'country: FR');
  expect((await run(file(text), '--out', out, ...AT)).out).toContain('(CNIL)');
  expect(readFileSync(join(out, 'notice.txt'), 'utf8')).toMatch(/118 [^]*\(CNIL\)/);
});

test('a facts file becomes form, PDF and text; the form fits the published schema', async () => {
  const out = join(dir(), 'new', 'folder');
  const answer = await run(file(WHOLE), '--out', out, ...AT);
  expect([answer.exit, answer.err]).toEqual([0, '']);
  expect(answer.out).toContain('To Exercise Authority. In time: 48 h 0 min before the 72 hours ended.');
  const form = JSON.parse(readFileSync(join(out, 'notice.json'), 'utf8'));
  expect([form.field_12, form.field_48, form.field_67, formProblems(form)]).toEqual([
    'Clinic of the Example',
    '2026-03-27T01:40:00.000Z',
    'b',
    [],
  ]);
  expect(readFileSync(join(out, 'notice.pdf')).subarray(0, 8).toString('latin1')).toBe('%PDF-1.7');
  expect(readFileSync(join(out, 'notice.txt'), 'utf8')).toContain('PERSONAL DATA BREACH NOTIFICATION');
});

test('the same file as of the same instant gives the same bytes, also with the organisation in a file of its own', async () => {
  const [one, two] = [dir(), dir()];
  await run(file(WHOLE), '--out', one, ...AT);
  await run(file(FACTS), '--organisation', file(ORGANISATION, 'organisation.yaml'), '--out', two, ...AT);
  for (const name of ['notice.json', 'notice.pdf', 'notice.txt']) {
    expect([name, readFileSync(join(one, name)).equals(readFileSync(join(two, name)))]).toEqual([name, true]);
  }
});

test('a processor gets no notice to an authority but a draft for its controllers, which names neither the others nor a risk (R-240, R-243)', async () => {
  const out = dir();
  const facts = `${WHOLE.replace('role: controller', 'role: processor')}  parties.controllers: [First Ltd, Second Ltd]\n`;
  const answer = await run(file(facts), '--out', out, ...AT);
  expect([answer.exit, readdirSync(out)]).toEqual([0, ['controller-information.txt']]);
  expect(answer.out).toContain('you owe no authority a notice, your controllers do (Art. 33(2), R-240)');
  const said = readFileSync(join(out, 'controller-information.txt'), 'utf8');
  expect(said).toContain('under Article 33(2) GDPR');
  expect(said).toContain('Records of outpatients were copied.');
  expect(said).toMatch(/NOT KNOWN YET, WILL FOLLOW[^]*\(92\)/);
  expect(said).not.toMatch(/Ltd|Authority|risk assessment|72 hours end/);
});

test('who is both gets both', async () => {
  const out = dir();
  const answer = await run(file(`${WHOLE}  parties.role: BOTH\n`), '--out', out, ...AT);
  expect(readdirSync(out).sort()).toEqual(['controller-information.txt', 'notice.json', 'notice.pdf', 'notice.txt']);
  expect(answer.out).toContain('You are also a processor here. Tell each controller without undue delay');
});

test('--json tells a machine where the files are, their hash and the gaps', async () => {
  const out = dir();
  const answer = JSON.parse((await run(file(WHOLE), '--out', out, '--json', ...AT)).out);
  expect(answer).toMatchObject({
    completeness: 'INCOMPLETE',
    late: false,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    personalData: [],
  });
  expect(answer.files).toEqual(['notice.json', 'notice.pdf', 'notice.txt'].map((name) => join(out, name)));
  expect(answer.gaps).toContain('measures.taken');
});

test('a decision of a person, the id of a drill, a late instant: all show in the notice', async () => {
  const out = dir();
  await run(
    file(WHOLE),
    '--out',
    out,
    '--id',
    'ex-7k3m-9qxd',
    '--level',
    'HIGH_RISK',
    '--because',
    'Health data.',
    '--at',
    '2026-04-01T00:00:00Z',
  );
  const form = JSON.parse(readFileSync(join(out, 'notice.json'), 'utf8'));
  expect([form.field_7, form.field_89, form.field_90.split('\n')[0]]).toEqual([
    'EXERCISE EXERCISE EXERCISE EX-7K3M-9QXD',
    'a',
    'Health data.',
  ]);
  expect(readFileSync(join(out, 'notice.txt'), 'utf8')).toContain('it would have been late by');
});

test('personal data in free text is pointed at, not repeated', async () => {
  const answer = await run(
    file(`${WHOLE}  measures.taken: We wrote to someone@people.example.\n`),
    '--out',
    dir(),
    ...AT,
  );
  expect([answer.exit, answer.err]).toEqual([
    0,
    'Look again: measures.taken seems to hold an e-mail address. A notice names no\naffected person (R-217); on record it is refused.\n',
  ]);
});

test('a draft lists what the organisation leaves out as missing, and claims nothing in its place', async () => {
  const out = dir();
  const path = file(
    `organisation:\n  name: Clinic of the Example\n  establishments: [{ country: DE, main: true }]\n${FACTS}`,
  );
  const made = await run(path, '--out', out, ...AT);
  expect([made.exit, made.err]).toEqual([
    0,
    'Assumed: a private organisation, for organisation.sector is missing. A public\none may have another authority.\n',
  ]);
  for (const row of ['13', '21', '22', '23']) expect(made.out).toMatch(new RegExp(`row\\s${row}\\s\\(`));
  expect(made.out.replaceAll('\n', ' ')).toContain('and then notice.json and notice.pdf are written too');
  expect(readdirSync(out)).toEqual(['notice.txt']);
  expect(readFileSync(join(out, 'notice.txt'), 'utf8')).not.toMatch(/undefined|sector: private/i);
});

test('no line is longer than the terminal is wide', async () => {
  const path = file(
    `organisation:\n  name: Clinic of the Example\n  establishments: [{ country: DE, main: true }]\n${FACTS}`,
  );
  const made = await run(path, '--out', dir(), ...AT);
  const long = `${made.out}${made.err}`.split('\n').filter((line) => line.includes(' ') && line.length > 80);
  expect(long).toEqual([]);
});

test('who notifies and a person to ask are enough for the whole form', async () => {
  const out = dir();
  const path = file(WHOLE.replace(/^ {2}(sector|publicContact|senderAddress|languages|role|dpo): .*\n/gm, ''));
  expect((await run(path, '--out', out, ...AT)).exit).toBe(0);
  expect(readdirSync(out).sort()).toEqual(['notice.json', 'notice.pdf', 'notice.txt']);
  const form = JSON.parse(readFileSync(join(out, 'notice.json'), 'utf8')) as Record<string, string>;
  expect([form['field_14'], formProblems(form)]).toEqual([undefined, []]);
});

test('what nothing can be made without is asked for, with the schema that shows how it is written', async () => {
  const { err, exit } = await run(file(`organisation: { sector: PRIVATE }\n${FACTS}`), '--out', dir(), ...AT);
  expect(exit).toBe(1);
  expect(err).toContain('organisation.name is missing');
  expect(err).toContain('organisation.establishments is missing');
  expect(err).toContain('seventytwo schema organisation');
  expect(err).not.toContain('schema facts');
});

test('what is wrong in an organisation is a problem, in a draft too', async () => {
  const { err, exit } = await run(file(WHOLE.replace('sector: PRIVATE', 'sector: CHURCH')), '--out', dir(), ...AT);
  expect([exit, err]).toEqual([1, expect.stringContaining('organisation.sector must be one of PRIVATE, PUBLIC')]);
});

// words after the file                       exit   says                                  why this row is here
const refusals: [string, string[], number, string[], string][] = [
  [
    'facts:\n  breach.summary: x\n',
    [],
    1,
    ['organisation is missing', 'awareness.awareAt is missing'],
    'all problems at once',
  ],
  [
    `${WHOLE}  no.such: 1\n  people.categories: many\n`,
    [],
    1,
    ['facts[4]', 'people.categories'],
    'facts that are none',
  ],
  [WHOLE, ['--at', '2026-03-01T00:00:00Z'], 1, ['after the instant of the notice'], 'before anybody knew'],
  [WHOLE, ['--level', 'VERY_BAD', '--because', 'x'], 2, ['--level must be one of HIGH_RISK'], 'a level that is none'],
  [WHOLE, ['--level', 'HIGH_RISK'], 2, ['--level needs --because'], 'a decision without reasons'],
  [WHOLE, ['--at', 'yesterday'], 2, ['--at'], 'an instant that is none'],
  [WHOLE, ['--id', 'INCIDENT'], 2, ['--id must be an incident id'], 'an id that is none'],
];
for (const [text, words, exit, says, why] of refusals) {
  test(`refused, nothing written: ${why}`, async () => {
    const out = join(dir(), 'none');
    const answer = await run(file(text), '--out', out, ...words);
    expect(answer.exit).toBe(exit);
    for (const part of says) expect(answer.err).toContain(part);
    expect(existsSync(out)).toBe(false);
  });
}

test('a file that is not there, and no folder to write to, are said as such', async () => {
  expect(await run(join(dir(), 'none.yaml'), '--out', dir())).toMatchObject({
    exit: 1,
    err: expect.stringContaining('is not there'),
  });
  expect((await run(file(WHOLE))).exit).toBe(2);
});

const SIMPLE = WHOLE.replace(
  'people.count: 400-1200',
  `people.count: 1
  breach.incidentTypes: [SENT_BY_MISTAKE]
  breach.cause: INTERNAL_NON_MALICIOUS
  breach.discoveredBy: DATA_SUBJECT
  data.categories: [HEALTH]
  data.records: 1
  people.categories: [PATIENTS]
  harm.types: [LOSS_OF_CONTROL]
  measures.before: [POLICIES]
  measures.prevention: [TRAINING]
  crossBorder.processing: "NO"
  parties.others: not_applicable`,
);
const DECIDED = ['--level', 'RISK_NOT_HIGH', '--because', 'One letter.'];

test('--schema original: the third-party form beside ours where the case can be told in it, nothing at all where it cannot', async () => {
  const out = dir();
  const told = await run(file(SIMPLE), '--out', out, ...AT, ...DECIDED, '--schema', 'original');
  expect([told.exit, told.err]).toEqual([0, '']);
  const form = JSON.parse(readFileSync(join(out, 'notice-original.json'), 'utf8')) as Record<string, unknown>;
  expect([form['field_55'], form['field_73'], form['field_120']]).toEqual(['a', 1, 'b']);

  const empty = join(dir(), 'none');
  const refused = await run(file(SIMPLE.replace('data.records: 1', '')), '--out', empty, ...AT, '--schema', 'original');
  expect([refused.exit, existsSync(empty)]).toEqual([1, false]);
  expect(refused.err).toMatch(/Row 73 .* wants a whole number/);
  expect(refused.err).toMatch(/Row 89/);
});

test('late without reasons: the answer says that they are owed', async () => {
  const late = ['--at', '2026-04-01T09:00:00Z'];
  expect((await run(file(WHOLE), '--out', dir(), ...late)).out).toContain('the notice must say why (Art. 33(1))');
  const said = WHOLE.replace('people.count', 'notice.reasonsForDelay: Nobody was reached.\n  people.count');
  expect((await run(file(said), '--out', dir(), ...late)).out).not.toContain('must say why');
});
