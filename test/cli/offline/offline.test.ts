import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { CommandEnd } from '../../../cli/exit.js';
import { assessFile, assessmentText, registerAssess } from '../../../cli/offline/assess.js';
import { clockAnswer, clockText, registerClock } from '../../../cli/offline/clock.js';
import { registerSchema, schemaOf } from '../../../cli/offline/schema.js';

/** Runs a word line as the program would: what was written, and the exit code it would end with. */
async function run(...words: readonly string[]): Promise<{ out: string; err: string; exit: number }> {
  let [out, err] = ['', ''];
  const program = new Command('seventytwo').exitOverride().configureOutput({
    writeOut: (text) => (out += text),
    writeErr: (text) => (err += text),
  });
  for (const register of [registerClock, registerAssess, registerSchema]) register(program);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return { out, err, exit: 0 };
  } catch (error) {
    if (error instanceof CommandEnd) return { out, err: error.lines.join('\n'), exit: error.code };
    if (error instanceof CommanderError) return { out, err, exit: 2 };
    throw error;
  }
}

const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'seventytwo-')), 'facts.yaml');
  writeFileSync(path, text);
  return path;
};

test('clock --json gives the deadlines and the ladder (W-06)', async () => {
  const { out, exit } = await run('clock', '--aware', '2027-10-30T14:10:00+02:00', '--zone', 'Europe/Madrid', '--json');
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toEqual({
    awareAt: '2027-10-30T12:10:00.000Z',
    strictDeadline: '2027-11-02T12:10:00.000Z',
    statutoryDeadline: '2027-11-02T13:00:00.000Z',
    ladder: expect.arrayContaining([{ id: 'aware+72h', kind: 'deadline', dueAt: '2027-11-02T12:10:00.000Z' }]),
  });
});

test('clock in words shows local time and UTC, and says what is left', () => {
  const answer = clockAnswer('2026-11-22T01:40:00.000Z', 'Europe/Berlin');
  expect(clockText(answer, 'Europe/Berlin', '2026-11-22T03:00:00.000Z').slice(0, 2)).toEqual([
    'Aware                  Sun 22 Nov 2026 02:40 CET (+01:00)  2026-11-22 01:40 UTC',
    'Tell the authority by  Wed 25 Nov 2026 02:40 CET (+01:00)  2026-11-25 01:40 UTC   70 h 40 min left',
  ]);
  expect(clockText(answer, 'Europe/Berlin', '2026-11-25T02:10:00.000Z').join('\n')).toContain(
    'passed 0 h 30 min ago: the notice is still owed',
  );
});

test('clock shows the contested reading only when it is asked for, and the rest does not change by it (W-02)', async () => {
  const words = ['clock', '--aware', '2026-11-27T16:30:00+01:00', '--zone', 'Europe/Berlin', '--json'];
  const [plain, asked] = [JSON.parse((await run(...words)).out), JSON.parse((await run(...words, '--contested')).out)];
  expect(plain).not.toHaveProperty('contested');
  expect(asked).toEqual({
    ...plain,
    contested: { at: '2026-12-01T23:00:00.000Z', country: 'DE', holidaysKnown: true },
  });
});

test('clock --rules shows a proposal as one, beside the deadline that counts', async () => {
  const words = ['clock', '--aware', '2026-11-27T16:30:00+01:00', '--zone', 'Europe/Berlin', '--rules', 'com-2025-837'];
  expect(JSON.parse((await run(...words, '--json')).out)).toMatchObject({
    strictDeadline: '2026-12-01T15:30:00.000Z',
    rules: { name: 'com-2025-837', inForce: false, strictDeadlineInForce: '2026-11-30T15:30:00.000Z' },
  });
  const { out } = await run(...words);
  expect(out.split('\n')[0]).toContain('PROPOSAL, not in force');
  expect(out.split('\n')[1]).toMatch(/^Tell the authority by {2}Mon 30 Nov 2026 16:30/);
});

test('clock counts a period in days with the holidays of the state (D-04)', async () => {
  const { out } = await run('clock', '--from', '2027-03-25', '--days', '3', '--zone', 'Europe/Berlin', '--json');
  expect(JSON.parse(out)).toMatchObject({ lastDay: '2027-03-31', endsAt: '2027-03-31T22:00:00.000Z', country: 'DE' });
});

test('a period in a named state ends with its day there, wherever the machine is (R-308)', async () => {
  const { out } = await run('clock', '--from', '2026-12-18', '--days', '3', '--country', 'DE', '--json');
  expect(JSON.parse(out)).toMatchObject({ lastDay: '2026-12-22', endsAt: '2026-12-22T23:00:00.000Z', country: 'DE' });
});

test('the full hour of the statutory reading is never that of a place where no authority is (R-315, W-14)', async () => {
  const words = ['clock', '--aware', '2026-12-14T05:50:00Z', '--zone', 'Asia/Kolkata', '--contested', '--json'];
  expect(JSON.parse((await run(...words)).out)).toMatchObject({
    statutoryDeadline: '2026-12-17T06:00:00.000Z',
    contested: { country: null },
  });
  const french = [...words, '--country', 'FR'];
  expect(JSON.parse((await run(...french)).out)).toMatchObject({
    statutoryDeadline: '2026-12-17T06:00:00.000Z',
    contested: { country: 'FR' },
  });
});

test('a typed time is read in the zone of whoever types, also where a state is named (W-14)', async () => {
  const words = ['clock', '--aware', '2026-12-14 11:20', '--zone', 'Asia/Kolkata', '--country', 'FR', '--json'];
  expect(JSON.parse((await run(...words)).out)).toMatchObject({ strictDeadline: '2026-12-17T05:50:00.000Z' });
  const kept = process.env['SEVENTYTWO_ZONE'];
  process.env['SEVENTYTWO_ZONE'] = 'Asia/Kolkata';
  try {
    const { out } = await run('clock', '--aware', '2026-12-14 11:20', '--country', 'FR', '--json');
    expect(JSON.parse(out)).toMatchObject({ strictDeadline: '2026-12-17T05:50:00.000Z' });
  } finally {
    if (kept === undefined) delete process.env['SEVENTYTWO_ZONE'];
    else process.env['SEVENTYTWO_ZONE'] = kept;
  }
});

test('an awareness of before the GDPR is said to have no duty; that of its first day has one (Art. 99(2))', async () => {
  const said = async (day: string) => (await run('clock', '--aware', `${day}T12:00:00Z`, '--zone', 'Europe/Paris')).out;
  expect(await said('2018-05-24')).toContain('applies from 2018-05-25 (Art. 99(2))');
  expect(await said('2018-05-25')).not.toContain('Art. 99(2)');
});

test('a typed time is echoed with its zone', async () => {
  const { err, exit } = await run('clock', '--aware', 'yesterday 23:15', '--zone', 'Asia/Kolkata');
  expect(exit).toBe(0);
  expect(err).toMatch(/^--aware: read as .* 23:15 \(\+05:30\) = .* 17:45 UTC/);
});

test('clock shows the times of the place that the environment names; in UTC it says how to name one', async () => {
  const before = process.env['SEVENTYTWO_ZONE'];
  try {
    process.env['SEVENTYTWO_ZONE'] = 'Europe/Berlin';
    const here = await run('clock', '--aware', '2026-03-02T09:00:00Z');
    expect(here.out).toContain('10:00 CET');
    expect(here.err).toBe('');
    process.env['SEVENTYTWO_ZONE'] = 'UTC';
    expect((await run('clock', '--aware', '2026-03-02T09:00:00Z')).err).toContain('--zone Europe/Dublin');
  } finally {
    if (before === undefined) delete process.env['SEVENTYTWO_ZONE'];
    else process.env['SEVENTYTWO_ZONE'] = before;
  }
});

const wrong: readonly [readonly string[], string, string][] = [
  [['clock'], '--aware', 'no awareness'],
  [['clock', '--aware', 'soon'], '--aware must be a time such as 02:40', 'no instant'],
  [['clock', '--aware', '2026-03-02'], 'this one has no time of day', 'a day alone'],
  [
    ['clock', '--aware', '2027-10-31 02:30', '--zone', 'Europe/Berlin'],
    'came twice that night',
    'the hour that comes twice',
  ],
  [
    ['clock', '--aware', '2026-03-02T09:00:00Z', '--zone', 'Dublin'],
    '--zone must be the name of a time zone',
    'no zone',
  ],
  [['clock', '--aware', 'now', '--rules', 'gdpr'], 'gdpr-2018-05-25', 'no such rules'],
  [['clock', '--aware', 'now', '--country', 'US'], 'must be a state of the EEA', 'a country without such periods'],
  [['clock', '--from', '2027-02-30', '--days', '3'], '--from must be a day', 'a day that does not exist'],
  [['clock', '--from', '2027-02-03', '--days', '3', '--months', '1'], 'Exactly one of', 'two lengths'],
  [['clock', '--from', '2027-02-03', '--days', '0'], '--days must be a whole number', 'no length'],
  [['schema', 'nothing'], 'There is a schema of facts and of organisation.', 'no such schema'],
];
for (const [words, says, why] of wrong) {
  test(`wrong usage ends with 2 and the reason: ${why}`, async () => {
    const { err, exit } = await run(...words);
    expect(exit).toBe(2);
    expect(err).toContain(says);
  });
}

const leak = `
awareness: { awareAt: 2026-03-02T09:00:00Z }
facts:
  breach.nature: [CONFIDENTIALITY]
  breach.cause: EXTERNAL_MALICIOUS
  data.categories: [BASIC, HEALTH]
  people.count: 400-1200
  people.categories: [PATIENTS]
  confidentiality.outcome: DISCLOSED
  confidentiality.recipients: UNKNOWN_RECIPIENTS
  data.unintelligible: NO
  data.identifiability: MAXIMUM
`;

test('assess says what other rules would change, and answers by those in force', async () => {
  const { out } = await run('assess', file(leak), '--rules', 'com-2025-837', '--json');
  expect(JSON.parse(out)).toMatchObject({
    notifyAuthority: true,
    duties: expect.arrayContaining([
      expect.objectContaining({ kind: 'authority-notice', dueAt: '2026-03-05T09:00:00.000Z' }),
    ]),
    underRules: {
      inForce: false,
      notifyAuthority: true,
      changes: [expect.stringContaining('2026-03-06T09:00:00.000Z')],
    },
  });
  expect((await run('assess', file(leak), '--rules', 'com-2025-837')).out).toContain('a proposal that is not in force');
});

test('assess needs nothing of an organisation but what it uses', async () => {
  const { out, err, exit } = await run(
    'assess',
    file(`organisation: { establishments: [{ country: FR, main: true }] }\n${leak}`),
  );
  expect(exit).toBe(0);
  expect(out).toContain('fr-cnil');
  expect(err).toContain('Assumed: a private organisation, for organisation.sector is missing.');
  expect((await run('assess', file(`organisation: { name: A Shop }\n${leak}`))).exit).toBe(0);
});

test('assess points at personal data that would be refused on record, by place and kind and never the thing', async () => {
  const { out, err } = await run('assess', file(`${leak}  measures.taken: We wrote to jane.roe@home.example.\n`));
  expect(err).toContain('Look again: measures.taken seems to hold an e-mail address.');
  expect(out + err).not.toContain('jane.roe');
});

const controller = `
organisation:
  name: Hospital of the Example
  role: controller
  zone: Europe/Dublin
  languages: [en]
  sector: PRIVATE
  contact: { address: 1 Example Street, email: office@hospital.example }
  establishments: [{ country: US, main: true }]
  reportingPerson: { name: the DPO, email: dpo@hospital.example, function: DPO }
  authorities: [ie-dpc]
  publicContact: office@hospital.example
  senderAddress: breach@hospital.example
`;
test('assess names the competent authorities, and where the own list differs', async () => {
  const text = `${controller}${leak}  people.countries: { FR: 300, PT: 20 }\n`;
  const answer = JSON.parse((await run('assess', file(text), '--json')).out) as {
    competence: { authorities: { id: string }[] };
  };
  expect(answer.competence.authorities.map(({ id }) => id)).toEqual(['fr-cnil', 'pt-cnpd']);
  expect(answer).toMatchObject({
    competence: {
      told: ['ie-dpc'],
      differences: expect.arrayContaining([expect.stringContaining('fr-cnil is not on your list')]),
    },
  });
  const { out } = await run('assess', file(text));
  expect(out).toContain('Which authority');
  expect(out).toContain('R-505');
});

test('assess of a processor: each controller is told, whatever the risk (R-240)', async () => {
  const text = `${controller.replace('role: controller', 'role: processor')}${leak}  parties.controllers: [A clinic, A school]\n`;
  expect(JSON.parse((await run('assess', file(text), '--json')).out)).toMatchObject({
    notifyAuthority: false,
    tellPeople: false,
    duties: [
      { kind: 'controller-notice', to: 'controller-1' },
      { kind: 'controller-notice', to: 'controller-2' },
      { kind: 'register' },
    ],
  });
});

test('assess FILE --json gives the proposal (V-10)', async () => {
  const { out, exit } = await run('assess', file(leak), '--json');
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    level: 'HIGH_RISK',
    notifyAuthority: true,
    tellPeople: true,
    register: true,
    severity: { dpc: 4, ei: 1, cb: 1, se: 5, level: 'very_high' },
    duties: [
      { kind: 'authority-notice', dueAt: '2026-03-05T09:00:00.000Z' },
      { kind: 'people-message' },
      { kind: 'register' },
    ],
    missing: [],
  });
});

test('assess in words names level, arithmetic, reasons with rules, duties, and what is missing', () => {
  const text = assessmentText(assessFile('facts: { people.count: 12 }', 'facts.yaml', '2026-03-02T12:00:00.000Z'), 80);
  expect(text[0]).toBe('The rules propose MORE_INFO_NEEDED. A person decides.');
  expect(text.join('\n')).toContain('4 x 1 + 2 = 6');
  expect(text.join('\n')).toMatch(/breach\.nature +data were seen, changed and lost/);
  expect(Math.max(...text.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('a facts file that does not fit ends with 1 and all problems', async () => {
  const { err, exit } = await run('assess', file('facts: { people.cuont: 1, people.count: -1 }'));
  expect(exit).toBe(1);
  expect(err.split('\n')).toHaveLength(2);
});

test('a file that is not there ends with 1', async () =>
  expect(await run('assess', join(tmpdir(), 'seventytwo-not-there.yaml'))).toMatchObject({ exit: 1 }));

test('schema prints JSON Schemas', async () => {
  for (const which of ['facts', 'organisation'])
    expect(JSON.parse((await run('schema', which)).out)).toEqual(schemaOf(which));
});
