import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { IncidentSummary } from '../../domain/incident/summary-shape.js';
import { table } from '../../cli/table.js';
import {
  accepted,
  aDesk,
  aHome,
  aSummary,
  declared,
  type Desk,
  type Ended,
  ID,
  ME,
  refusedWith,
  type Reply,
  type Seen,
  seventytwo,
} from './desk.js';

let home: ReturnType<typeof aHome>;
let desk: Desk;
let reply: (seen: Seen) => Reply;

beforeEach(async () => {
  home = aHome();
  desk = await aDesk((seen) => (seen.path === '/v1/me' ? { status: 200, body: ME } : reply(seen)));
  reply = () => ({ status: 200, body: aSummary() });
});
afterEach(async () => {
  await desk.stop();
  home.remove();
});

const run = (words: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  seventytwo(words, { home: home.path, env: { SEVENTYTWO_URL: desk.url, SEVENTYTWO_KEY: 'a-personal-key', ...env } });
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

// the server                                          exit  why this row is here
const away = [
  [(): string => '', 1, 'no server is named'],
  [(): string => desk.url, 3, 'nobody listens there'],
  [(): string => 'http://127.0.0.1:1', 3, 'a port that is never opened'],
] as const;
for (const [url, exit, why] of away) {
  test(`a declaration that reached nobody names the way without a server, and that way works: ${why}`, async () => {
    const server = url();
    await desk.stop();
    const ended = await run(['declare', 'Letters sent', '--aware', '2026-11-22T01:40:00Z', '--json'], {
      SEVENTYTWO_URL: server,
    });
    const said = JSON.parse(ended.err.slice(ended.err.indexOf('{'))) as { says: string[]; offline: string };
    expect(said.says.join(' ')).toContain('Nothing was sent');
    expect(said.offline).toContain("seventytwo declare 'Letters sent' --aware 2026-11-22T01:40:00");
    expect(said.offline).toContain('--offline');
    expect(ended.code).toBe(exit);

    const words = [...said.offline.matchAll(/'([^']*)'|(\S+)/g)].map((word) => word[1] ?? word[2] ?? '').slice(1);
    const offline = await run(words, { SEVENTYTWO_URL: '' });
    expect(JSON.parse(offline.out)).toMatchObject({ deadline: '2026-11-25T01:40:00.000Z' });
    expect(existsSync(join(home.path, (JSON.parse(offline.out) as { file: string }).file))).toBe(true);
    desk = await aDesk((seen) => reply(seen));
  });
}

test('where the outcome of a declaration is open, nobody is sent to declare it a second time', async () => {
  reply = () => 'cut';
  const { code, err } = await run(['declare', 'Letters sent']);
  expect(err).not.toContain('--offline');
  expect(code).toBe(3);
  await desk.stop();
  const again = await run(['declare', 'Letters sent']);
  expect(flat(again.err)).toContain('may have arrived');
  expect(again.err).not.toContain('--offline');
  desk = await aDesk((seen) => reply(seen));
});

const OTHER = {
  id: 'BR-2222-2222',
  title: 'Letters in the wrong envelopes',
  declaredAt: '2026-11-22T01:00:00.000Z',
  firstHintAt: null,
  awareAt: '2026-11-22T00:30:00.000Z',
  phase: 'confirmed',
};

test('declared twice is a question with the title of the other; both clocks are named, and the one that stays', async () => {
  reply = () => declared([OTHER]);
  const { err } = await run(['declare', 'Letters sent']);
  expect(flat(err)).toContain(
    'Is it the same breach as BR-2222-2222, “Letters in the wrong envelopes” (confirmed, declared 1 h 00 min earlier)?',
  );
  expect(flat(err)).toContain('Its clock began Sun 22 Nov 2026 01:30 CET');
  expect(flat(err)).toContain(`that of ${ID} began Sun 22 Nov 2026 02:40 CET`);
  expect(flat(err)).toContain('the one with the earlier clock stays, which is BR-2222-2222');
});

test('who may not withdraw gets no command for it, and hears who may', async () => {
  const command = `      seventytwo withdraw ${ID} duplicate --of BR-2222-2222 --reason "declared twice"\n`;
  reply = () => declared([OTHER]);
  const { err } = await run(['declare', 'Letters sent']);
  expect(err).not.toContain(command);
  expect(flat(err)).toContain('For dpo or approver');
  await desk.stop();
  desk = await aDesk((seen) =>
    seen.path === '/v1/me' ? { status: 200, body: { ...ME, roles: ['dpo'] } } : reply(seen),
  );
  expect((await run(['declare', 'Letters sent'])).err).toContain(command);
});

const OLD = { message: 'msg-aaaaaaaaaaaa', sha256: 'a'.repeat(64), needed: 2 };
const NEW = { message: 'msg-bbbbbbbbbbbb', sha256: 'b'.repeat(64), needed: 2 };
const by = (person: string, breakGlass = false) => ({ by: person, at: '2026-11-22T02:00:00.000Z', breakGlass });
const LIST = { id: 'list-1', count: 2, sha256: 'c'.repeat(64) };
const texts = (...messages: object[]) => {
  reply = (seen) =>
    seen.path.endsWith('/messages')
      ? { status: 200, body: { messages } }
      : /\/messages\/[^/]+$/.test(seen.path)
        ? { status: 200, body: { ...OLD, approvals: [], content: { subject: 'Your letters' }, warnings: [], next: '' } }
        : seen.method === 'GET'
          ? { status: 200, body: aSummary({ lists: [LIST] }) }
          : accepted({ mailings: [{ mailing: 1, state: 'running', count: 2, totals: null }] });
};
const both = { ...OLD, approvals: [by('one'), by('two')] };

for (const [newer, why] of [
  [{ ...NEW, approvals: [] }, 'nobody has approved the newer one'],
  [{ ...NEW, approvals: [by('one')] }, 'one person has'],
] as const) {
  test(`an approved text is not sent by itself once a newer one was proposed: ${why}`, async () => {
    texts(both, newer);
    const { code, err } = await run(['people', ID, 'start']);
    expect(flat(err)).toContain(`${OLD.message} is approved, and ${NEW.message} was proposed after it`);
    expect(err).toContain(`seventytwo people ${ID} start ${OLD.message}`);
    expect(err).toContain(`seventytwo people ${ID} approve ${NEW.message}`);
    expect(desk.commands()).toHaveLength(0);
    expect(code).toBe(1);
  });
}

for (const [messages, words, why] of [
  [[both, { ...NEW, approvals: [] }], [OLD.message], 'it was named'],
  [[both], [], 'there is no other'],
  [[{ ...OLD, approvals: [by('one', true)] }], [], 'break-glass approves alone'],
] as const) {
  test(`an approved text is sent, and the answer says which: ${why}`, async () => {
    texts(...messages);
    const { code, out } = await run(['people', ID, 'start', ...words]);
    expect(flat(out)).toContain(`The text is ${OLD.message}, “Your letters”.`);
    expect(desk.commands()[0]?.body).toEqual({ message: OLD.message, list: 'list-1' });
    expect(code).toBe(0);
  });
}

test('without a terminal a message is approved by its name or with --yes, else not at all', async () => {
  texts({ ...OLD, approvals: [] });
  const none = await run(['people', ID, 'approve', '--json']);
  expect(none.code).toBe(1);
  expect(none.err).toContain(`seventytwo people ${ID} approve ${OLD.sha256}`);
  expect(desk.commands()).toHaveLength(0);
  await run(['people', ID, 'approve', OLD.message, '--json']);
  await run(['people', ID, 'approve', '--yes', '--json']);
  expect(desk.commands().map(({ body }) => body)).toEqual(Array(2).fill({ sha256: OLD.sha256, list: 'list-1' }));
});

test('a document is asked for by its version: the option is not taken for the version of the command', async () => {
  const notice = { phase: 1, draft: { sha256: 'd'.repeat(64) }, approved: null, deliveries: [], warnings: [] };
  reply = (seen) =>
    seen.path.endsWith('/notices')
      ? { status: 200, body: { notices: [notice] } }
      : seen.path.includes('.pdf')
        ? { status: 200, body: '%PDF-', type: 'application/pdf' }
        : { status: 200, body: aSummary({ duties: [duty('authority-notice')] }) };
  const { code, out } = await run(['notice', ID, 'pdf', '--version', 'approved']);
  expect(out).toContain('Written:');
  expect(desk.seen.map(({ path }) => path)).toContain(`/v1/incidents/${ID}/notices/ie-dpc/1.pdf?version=approved`);
  expect(code).toBe(0);
  expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+/);
});

for (const command of ['clock', 'assess', 'schema', 'notice']) {
  test(`help ${command} says what ${command} --help says`, async () => {
    const [help, option] = [await run(['help', command]), await run([command, '--help'])];
    expect(help).toEqual(option);
    expect(help.out).toContain('--json');
    expect(help.code).toBe(0);
  });
}

const duty = (kind: 'authority-notice' | 'people-message'): IncidentSummary['duties'][number] => ({
  id: kind === 'authority-notice' ? 'authority-notice/ie-dpc' : kind,
  kind,
  to: kind === 'authority-notice' ? 'ie-dpc' : 'people',
  basis: { rule: 'R-200', cite: 'Art. 33(1)' },
  openedAt: '2026-11-22T02:00:00.000Z',
  dueAt: null,
  asSoonAs: 'without undue delay',
  state: 'open',
  dischargedAt: null,
  dischargedBy: null,
  rules: 'gdpr-2016-679',
  hold: null,
});
const task = (id: string, kind: IncidentSummary['tasks'][number]['kind'], about: string, done = false) => ({
  id,
  kind,
  roles: ['dpo' as const],
  about,
  dueAt: null,
  openedAt: '2026-11-22T02:00:00.000Z',
  doneAt: done ? '2026-11-22T02:00:00.000Z' : null,
  doneBy: null,
});

test('what stands against closing is said in words, each with the command that ends it', async () => {
  reply = (seen) =>
    seen.method === 'POST'
      ? refusedWith(409, 'still-owed', 'Not everything is settled. Tasks open: task-5.')
      : {
          status: 200,
          body: aSummary({
            duties: [duty('people-message')],
            tasks: [
              task('task-5', 'follow-up-notice', 'complete'),
              task('task-6', 'record-receipt', 'ie-dpc'),
              task('task-7', 'review-break-glass', 'use-1'),
              task('task-8', 'decide-risk', 'risk', true),
            ],
          }),
        };
  const { code, err } = await run(['close', ID, '--reason', 'all done']);
  expect(flat(err)).toContain('Duty people-message is open.');
  expect(flat(err)).toContain('task-5, complete: send the rest to the authority');
  expect(err).toContain(`      seventytwo task ${ID} task-5 --done --note "…"\n`);
  expect(err).toContain(
    `      seventytwo notice ${ID} receipt --authority ie-dpc --reference REF --received INSTANT\n`,
  );
  expect(err).toContain(`      seventytwo task ${ID} task-7 --finding "…"\n`);
  expect(err).not.toContain('task-8');
  expect(code).toBe(1);
});

test('no clock runs for what is closed or withdrawn, and what is open comes first', async () => {
  const of = (id: string, phase: IncidentSummary['phase'], strict: string) =>
    aSummary({
      id,
      phase,
      deadline: { strict, statutory: strict, hoursLeft: -5, passed: true, provisional: false },
    });
  reply = () => ({
    status: 200,
    body: {
      incidents: [
        of('BR-1111-1111', 'closed', '2026-11-01T00:00:00.000Z'),
        of('BR-2222-2222', 'withdrawn', '2026-11-02T00:00:00.000Z'),
        of('BR-3333-3333', 'confirmed', '2026-11-03T00:00:00.000Z'),
      ],
      intakes: [],
    },
  });
  const { out } = await run(['status', '--all']);
  const line = (id: string): string => out.split('\n').find((one) => one.startsWith(id)) ?? '';
  expect(line('BR-3333-3333')).toContain('5 h 00 min past');
  for (const id of ['BR-1111-1111', 'BR-2222-2222']) expect(line(id)).not.toMatch(/past|left/);
  expect(out).toContain('seventytwo status BR-3333-3333');
  expect(out.indexOf('BR-3333-3333')).toBeLessThan(out.indexOf('BR-1111-1111'));
});

test('a long first column is wrapped, so that what stands beside it can be read at 80 columns', () => {
  const field = '68 Number of data subjects concerned by the personal data breach';
  const lines = table([[field, '1000 to 1500, likely 1250 -> 1380\nAn estimate before; established now.']], {
    width: 80,
    indent: '  ',
    most: 34,
  });
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines[0]).toMatch(/^ {2}68 Number of data subjects +1000 to 1500, likely 1250 -> 1380$/);
  expect(flat(lines.map((line) => line.slice(0, 36)).join(' ')).trim()).toBe(field);
});

test('incident, tasks, people and duties say why telling the people is still open, with the figures and the command that ends it', async () => {
  const duty: IncidentSummary['duties'][number] = {
    id: 'people-message',
    kind: 'people-message',
    to: 'people',
    basis: { rule: 'R-401', cite: 'GDPR Art. 34(1)' },
    rules: 'r',
    dueAt: null,
    asSoonAs: 'without undue delay',
    state: 'open',
    openedAt: '2026-11-22T02:00:00.000Z',
    dischargedAt: null,
    dischargedBy: null,
    hold: null,
  };
  const ends = [{ says: 'Tell them another way.', command: `seventytwo task ${ID} task-5 --done --note "…"` }];
  const owed = aSummary({
    phase: 'notifying',
    duties: [duty],
    tasks: [
      {
        id: 'task-5',
        kind: 'other',
        about: 'unreached/1',
        roles: ['dpo'],
        dueAt: null,
        openedAt: duty.openedAt,
        doneAt: null,
        doneBy: null,
      },
    ],
    stillOpen: [
      { id: 'people-message', because: ['Mailing 1 did not reach 2 people: 2 refused by their mail server.'], ends },
      { id: 'task-5', because: [], ends },
    ],
  });
  reply = ({ path }) => ({
    status: 200,
    body: path.endsWith('/people') ? { lists: [] } : path.endsWith('/mailings') ? { mailings: [] } : owed,
  });
  const screens = await Promise.all(
    [
      ['status', ID],
      ['people', ID],
      ['duty', ID],
      ['duty', ID, 'people'],
      ['task', ID],
    ].map((words) => run(words)),
  );
  for (const { out } of screens) expect(out).toContain(`      seventytwo task ${ID} task-5 --done --note "…"`);
  for (const { out } of screens.slice(0, 4)) expect(flat(out)).toContain('2 refused by their mail server');
  expect(screens[4]?.out).toContain('tell whom mailing 1 missed');
});

const steps = (count: number): IncidentSummary['next'] =>
  Array.from({ length: count }, (_, at) => ({
    says: `Step ${at + 1}.`,
    roles: ['responder'],
    command: `seventytwo task ${ID} task-${at + 1} --done --note "…"`,
    dueAt: null,
  }));

test('status shows every step; after a command the first ones are shown, with how many more there are and where', async () => {
  reply = (seen) =>
    seen.method === 'GET' ? { status: 200, body: aSummary({ next: steps(7) }) } : accepted({ next: steps(7) });
  expect((await run(['status', ID])).out).toContain('Then: Step 7.');
  const { out } = await run(['facts', ID, 'people.count=12']);
  expect(out).toContain('Then: Step 4.');
  expect(out).not.toContain('Step 5.');
  expect(out).toContain(`… and 3 more: seventytwo status ${ID}`);
});

test('a command is printed for those who may type it; for others it is said who may', async () => {
  const close = {
    says: 'Nothing is owed any more.',
    roles: ['dpo', 'approver'],
    command: `seventytwo close ${ID} --reason "…"`,
    dueAt: null,
  };
  reply = () => ({ status: 200, body: aSummary({ next: [close] }) });
  const mine = await run(['status', ID]);
  expect(flat(mine.out)).toContain('Next: Nothing is owed any more. (for dpo or approver, not for responder)');
  expect(mine.out).not.toContain('seventytwo close');
  await desk.stop();
  desk = await aDesk((seen) =>
    seen.path === '/v1/me' ? { status: 200, body: { ...ME, roles: ['dpo'] } } : reply(seen),
  );
  expect((await run(['status', ID])).out).toContain(close.command);
});

const CONFIRMED = '2026-11-22T01:40:00.000Z'; // of aSummary
// typed                    exit  sent  why this row is here
const again = [
  ['2026-11-22T01:10:00Z', 1, 0, 'another instant is a correction, and the command for it is there to be copied'],
  [CONFIRMED, 0, 1, 'the same instant again may be a command that was not answered'],
] as const;
for (const [instant, exit, sent, why] of again)
  test(`awareness that is on record is not confirmed anew: ${why}`, async () => {
    reply = (seen) => (seen.method === 'POST' ? accepted() : { status: 200, body: aSummary() });
    const { code, err } = await run(['aware', ID, instant, '--reason', 'the ticket says so']);
    if (exit === 1)
      expect(err).toContain(`aware ${ID} 2026-11-22T01:10:00.000Z --correct --reason 'the ticket says so'`);
    expect(desk.commands()).toHaveLength(sent);
    expect(code).toBe(exit);
  });
