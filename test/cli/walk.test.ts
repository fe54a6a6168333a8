import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Command } from '../../domain/incident/commands.js';
import type { Role } from '../../domain/incident/organisation.js';
import { fakeApi, keyOf, serveFake } from '../fakes/api.js';
import { aHome, type Ended, seventytwo } from './desk.js';

/** The whole job by hand, on the API's own app and the real decisions of the domain; only the engine's effects are reported by the test. */
async function aStack() {
  const home = aHome();
  const api = fakeApi();
  const served = await serveFake(api);
  const keys = Object.fromEntries(
    (['responder', 'dpo', 'approver', 'admin'] as const satisfies readonly Role[]).map((role) => [
      role,
      keyOf(`st_${role}`),
    ]),
  );
  mkdirSync(join(home.path, '.seventytwo'));
  writeFileSync(join(home.path, '.seventytwo/cli.json'), JSON.stringify({ live: { url: served.url, keys } }));
  const told: string[] = [];
  return {
    home: home.path,
    api,
    told,
    /** Runs a command, and remembers what it printed: the next one must have been announced there. */
    async type(...words: string[]): Promise<Ended> {
      const ended = await seventytwo(words, { home: home.path });
      told.push(`$ seventytwo ${words.join(' ')}\n${ended.err}${ended.out}`);
      return ended;
    },
    engine: (id: string, command: Command) => api.byEngine(id, command),
    async stop() {
      await served.stop();
      home.remove();
    },
  };
}

const FACTS = `
facts:
  breach.summary: Letters with laboratory results went to the addresses of other patients.
  breach.nature: [CONFIDENTIALITY]
  breach.cause: INTERNAL_NON_MALICIOUS
  breach.incidentTypes: [SENT_BY_MISTAKE]
  breach.occurrence: SPECIFIC_DAY
  breach.startedAt: 2026-03-01T08:00:00Z
  breach.discoveredBy: DATA_SUBJECT
  breach.discoveryDetail: A patient telephoned.
  breach.systems: [letter printing]
  data.categories: [HEALTH, CONTACT]
  data.detail: Results of blood tests.
  data.records: 1200
  data.unintelligible: "NO"
  data.identifiability: MAXIMUM
  people.count: 1000-1500
  people.categories: [PATIENTS]
  people.detail: Patients of the outpatient clinic.
  people.countries: { IE: 1250 }
  confidentiality.outcome: DISCLOSED
  confidentiality.recipients: UNKNOWN_RECIPIENTS
  confidentiality.consequences: [WIDER_DISCLOSURE]
  harm.types: [LOSS_OF_CONTROL]
  harm.severity: SEVERE
  harm.detail: Others may learn of an illness.
  measures.before: [TRAINING]
  measures.beforeDetail: Two people look at each batch.
  measures.taken: Printing was stopped.
  measures.prevention: [PROCESS_CHANGE]
  measures.preventionDetail: A barcode ties each letter to its envelope.
  communication.advice: Bring the letter back.
  parties.others: { certainty: not_applicable }
  crossBorder.processing: "NO"
  police.reported: "NO"
  authorities.others: { certainty: not_applicable }
`;

test('the walk from declaration to register: every step was announced by the output before it', async () => {
  const stack = await aStack();
  const wrong: string[] = [];
  let before = '';
  const step = async (announced: string, ...words: string[]): Promise<void> => {
    if (!before.replaceAll(/\s+/g, ' ').includes(announced)) wrong.push(`not announced: ${announced}`);
    const { code, out, err } = await stack.type(...words);
    if (code !== 0) wrong.push(`${words.join(' ')} ended with ${code}: ${err}`);
    before = out;
  };
  const look = async (id: string): Promise<void> => {
    before = (await stack.type('status', id)).out;
  };
  const submitted = (id: string, phase: number): void => {
    stack.engine(id, {
      type: 'ReportSubmission',
      phase,
      authority: 'ie-dpc',
      channel: 'email',
      at: stack.api.world.now,
      attempt: 1,
      messageId: 'm',
      artifacts: {},
      reply: null,
    });
  };
  const receipt = (id: string, phase: string): Promise<void> =>
    step(
      `seventytwo notice ${id} receipt --authority ie-dpc --phase ${phase} --reference REF --received INSTANT`,
      'notice',
      id,
      'receipt',
      '--authority',
      'ie-dpc',
      '--phase',
      phase,
      '--reference',
      'DPC-1',
      '--received',
      '10:00',
    );
  try {
    await step('', 'declare', 'Letters sent to the wrong patients', '--aware', '2026-03-02T09:00:00Z');
    const id = /BR-\w{4}-\w{4}/.exec(before)?.[0] ?? '';
    writeFileSync(join(stack.home, 'facts.yaml'), FACTS);
    await step(`seventytwo facts ${id}`, 'facts', id, 'facts.yaml');
    await step(`seventytwo assess ${id}`, 'assess', id);
    expect(before).not.toContain(`seventytwo assess ${id}`); // what was just read is no next step
    await step(
      `seventytwo decide ${id} --level HIGH_RISK --because "…"`,
      'decide',
      id,
      '--level',
      'HIGH_RISK',
      '--because',
      'health data with strangers',
    );
    const unasked = await stack.type('notice', id, 'approve');
    expect(unasked.err.replaceAll(/\s+/g, ' ')).toContain('Nothing was approved: without a terminal');
    expect(unasked.err).toMatch(/seventytwo notice \S+ approve --phase 1 --sha256 [0-9a-f]{64}/);
    expect(unasked.code).toBe(1);
    expect((await stack.type('status', id)).out).toContain('not approved');
    await step(`seventytwo notice ${id} approve`, 'notice', id, 'approve', '--yes');
    submitted(id, 1);
    await look(id);
    await receipt(id, '1');

    writeFileSync(join(stack.home, 'people.csv'), 'email\none@people.example\ntwo@people.example\nnot an address\n');
    await step(`seventytwo people ${id} import FILE.csv`, 'people', id, 'import', 'people.csv');
    const list = /accept (\S+)/.exec(before)?.[1] ?? '';
    await step(`seventytwo people ${id} accept ${list}`, 'people', id, 'accept', list);
    await step(`seventytwo people ${id} approve`, 'people', id, 'approve', '--yes');
    await step(`seventytwo people ${id} approve`, 'people', id, 'approve', '--yes', '--as', 'approver');
    await step(`seventytwo people ${id} start`, 'people', id, 'start');
    await step(`seventytwo people ${id} status`, 'people', id, 'status');
    const totals = { total: 2, accepted: 2, refused: 0, deferred: 0, suppressed: 0, ambiguous: 0, resent: 0 };
    stack.engine(id, {
      type: 'ReportMailing',
      mailing: 1,
      state: 'completed',
      reason: null,
      totals,
      outcomesSha256: 'ab'.repeat(32),
    });
    await look(id);
    for (const note of ['the row was a note in the file, and nobody', 'the other letters came back unopened']) {
      const owed = /task \S+ (task-\d+) --done/.exec(before)?.[1] ?? '';
      await step(
        `seventytwo task ${id} ${owed} --done --note "…"`,
        'task',
        id,
        owed,
        '--done',
        '--note',
        note,
        '--as',
        'dpo',
      );
    }
    await step(`seventytwo notice ${id} draft`, 'notice', id, 'draft');
    await step(`seventytwo notice ${id} approve`, 'notice', id, 'approve', '--yes');
    submitted(id, 2);
    await look(id);
    await receipt(id, '2');
    await step(
      `seventytwo close ${id} --reason "…"`,
      'close',
      id,
      '--reason',
      'everybody was told, the cause is removed',
    );
    await step('seventytwo register', 'register');
    expect(before).toContain(id);
    expect(wrong).toEqual([]);
  } finally {
    if (process.env['SEVENTYTWO_TEST_SHOW']) process.stdout.write(stack.told.join('\n'));
    await stack.stop();
  }
}, 180_000);
