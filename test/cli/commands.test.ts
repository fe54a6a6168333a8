import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentIdFrom } from '../../domain/incident/ids.js';
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
  start,
} from './desk.js';

let home: ReturnType<typeof aHome>;
let desk: Desk;
let reply: (seen: Seen) => Reply;

const reads = (seen: Seen): Reply =>
  seen.path === '/v1/me' ? { status: 200, body: ME } : { status: 200, body: aSummary() };
const usual = (seen: Seen): Reply =>
  seen.method === 'GET' ? reads(seen) : seen.path === '/v1/incidents' ? declared() : accepted();

beforeEach(async () => {
  home = aHome();
  reply = usual;
  desk = await aDesk((seen) => reply(seen));
});
afterEach(async () => {
  await desk.stop();
  home.remove();
});

const run = (words: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  seventytwo(words, { home: home.path, env: { SEVENTYTWO_URL: desk.url, SEVENTYTWO_KEY: 'a-personal-key', ...env } });

const unanswered = (): string[] => {
  const folder = join(home.path, '.local/state/seventytwo/unanswered');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('a declaration prints its id, the deadline in local time and in UTC, and the next command to type', async () => {
  const { code, out, err } = await run(['declare', 'Letters sent to the wrong patients', '--aware', '02:40']);
  expect(err).toContain('--aware: read as Sun 22 Nov 2026 02:40 CET (+01:00) = 2026-11-22 01:40 UTC');
  expect(out).toContain(ID);
  expect(out).toContain('Wed 25 Nov 2026 02:40 CET (+01:00) = 2026-11-25 01:40 UTC');
  expect(out).toContain('71 h 39 min left');
  expect(out).toContain(`seventytwo facts ${ID}`);
  expect(desk.commands()[0]?.body).toEqual({
    title: 'Letters sent to the wrong patients',
    awareness: { awareAt: { at: '2026-11-22T01:40:00.000Z', zone: 'Europe/Berlin' } },
  });
  expect(code).toBe(0);
});

test('no line of the usual output is wider than 80 columns', async () => {
  const ended = [
    await run(['status', 'br7k3m9qxd']),
    await run(['help']),
    await run([]),
    await run(['declare', 'x', '--aware', '02:40']),
  ];
  for (const line of ended.flatMap(({ out }) => out.split('\n'))) expect(line.length).toBeLessThanOrEqual(80);
});

test('an authority that is not on the list is opened with its reason; without one the whole command is shown', async () => {
  const opened = await run(['duty', ID, 'gb-ico', 'open', '--reason', 'people there']);
  expect([opened.code, opened.out]).toEqual([0, expect.stringContaining('Owed: authority-notice/gb-ico.')]);
  expect(desk.commands().at(-1)).toMatchObject({
    path: `/v1/incidents/${ID}/duties/authority-notice%2Fgb-ico/opening`,
    body: { reason: 'people there' },
  });
  const silent = await run(['duty', ID, 'gb-ico', 'open']);
  expect([silent.code, silent.err.replaceAll(/\s+/g, ' ')]).toEqual([
    2,
    expect.stringContaining(`seventytwo duty ${ID} authority-notice/gb-ico open --reason "…"`),
  ]);
});

test('an outcome that is not known ends with 3, keeps the key, and the same command uses it again', async () => {
  reply = (seen) => (seen.method === 'GET' ? reads(seen) : 'cut');
  const first = await run(['declare', 'Letters sent to the wrong patients', '--aware', '02:40']);
  expect(first.code).toBe(3);
  expect(first.err.replaceAll('\n', ' ')).toContain('Whether it was done is not known');
  expect(first.err).toContain(
    "seventytwo declare 'Letters sent to the wrong patients' --aware 2026-11-22T01:40:00.000Z",
  );
  expect(unanswered()).toHaveLength(1);

  reply = usual;
  const again = await run(['declare', 'Letters sent to the wrong patients', '--aware', '2026-11-22T01:40:00.000Z']);
  expect(again.code).toBe(0);
  expect(unanswered()).toHaveLength(0);
  const [one, two] = desk.commands();
  expect(two?.key).toBe(one?.key);
  expect(two?.body).toEqual(one?.body);

  await run(['declare', 'Letters sent to the wrong patients', '--aware', '2026-11-22T01:40:00.000Z']);
  expect(desk.commands()[2]?.key).not.toBe(one?.key);
});

test('what is kept for a retry holds neither the title nor the login', async () => {
  reply = (seen) => (seen.method === 'GET' ? reads(seen) : 'cut');
  await run(['declare', 'Canary of the title']);
  const folder = join(home.path, '.local/state/seventytwo/unanswered');
  const [file] = unanswered();
  const path = join(folder, file ?? '');
  expect(readFileSync(path, 'utf8')).not.toMatch(/Canary|personal-key/i);
  expect(statSync(path).mode & 0o077).toBe(0);
});

test('when a retried command says something else and the first one had arrived, the person is told so and the key is given up', async () => {
  reply = (seen) => (seen.method === 'GET' ? reads(seen) : 'cut');
  await run(['declare', 'The same title', '--aware', '02:40']);
  reply = (seen) =>
    seen.method === 'GET'
      ? reads(seen)
      : refusedWith(422, 'key-reused', 'This idempotency key was used for another command (entry 1).');
  const second = await run(['declare', 'The same title', '--aware', '01:10']);
  expect(second.code).toBe(1);
  expect(second.err).toContain('did arrive');
  expect(second.err).toContain('seventytwo status');
  expect(unanswered()).toHaveLength(0);
});

test('Ctrl-C while the answer is awaited still says how to go on, and keeps the key', async () => {
  reply = (seen) => (seen.method === 'GET' ? reads(seen) : 'never');
  const { child, ended } = start(['ack', ID], {
    home: home.path,
    env: { SEVENTYTWO_URL: desk.url, SEVENTYTWO_KEY: 'a-personal-key' },
  });
  await desk.command();
  child.kill('SIGINT');
  const { code, err } = await ended;
  expect(err).toContain('interrupted');
  expect(err).toContain(`seventytwo ack ${ID}`);
  expect(unanswered()).toHaveLength(1);
  expect(code).toBe(3);
});

test('an answer that takes too long ends with 3', async () => {
  reply = (seen) => (seen.method === 'GET' ? reads(seen) : 'never');
  const { code, err } = await run(['ack', ID, '--timeout', '0.2']);
  expect(err).toContain('within 0.2 s');
  expect(code).toBe(3);
});

const answers = [
  [500, 3, 'a failure of the server may have come after the deed'],
  [503, 3, 'a server that is not ready decides nothing'],
  [400, 1, 'malformed'],
  [401, 1, 'no such key'],
  [403, 1, 'a role that may not'],
  [409, 1, 'the key of another caller'],
  [422, 1, 'a refusal'],
] as const;
for (const [status, exit, why] of answers) {
  test(`an answer of ${status} ends with ${exit}: ${why}`, async () => {
    reply = (seen) =>
      seen.method === 'GET' ? reads(seen) : refusedWith(status, 'some-code', 'First reason.', 'Second reason.');
    const { code, out, err } = await run(['ack', ID]);
    expect(err).toContain('First reason.');
    expect(err).toContain('Second reason.');
    expect(out).toBe('');
    expect(unanswered()).toHaveLength(exit === 3 ? 1 : 0);
    expect(code).toBe(exit);
  });
}

test('a server that is not there ends with 3 and says that nothing was sent', async () => {
  await desk.stop();
  const { code, err } = await run(['ack', ID]);
  expect(err).toContain('Nothing was sent');
  expect(err).toContain(`seventytwo ack ${ID}`);
  expect(code).toBe(3);
  desk = await aDesk((seen) => reply(seen));
});

test('a page of a proxy in the place of an answer is not taken for one', async () => {
  reply = (seen) =>
    seen.method === 'GET' ? reads(seen) : { status: 200, body: '<html>please log in</html>', type: 'text/html' };
  const { code, err } = await run(['ack', ID]);
  expect(err).toContain('not in JSON');
  expect(code).toBe(3);
});

test('an offline declaration has the id that the server computes from its key, and sends the same key', async () => {
  const offline = await run(
    ['declare', 'Letters sent', '--aware', '2026-11-22T01:40:00Z', '--offline', '--out', 'it.json'],
    { SEVENTYTWO_URL: '' },
  );
  expect(offline.code).toBe(0);
  const file = JSON.parse(readFileSync(join(home.path, 'it.json'), 'utf8')) as {
    id: string;
    key: string;
    deadline: string;
  };
  expect(file.deadline).toBe('2026-11-25T01:40:00.000Z');
  expect(offline.out).toContain(file.id);
  expect(offline.out).toContain('Wed 25 Nov 2026 01:40 UTC');
  expect(offline.out).toContain('seventytwo declare --send it.json');
  expect(statSync(join(home.path, 'it.json')).mode & 0o077).toBe(0);

  const sent = await run(['declare', '--send', 'it.json']);
  expect(sent.code).toBe(0);
  const key = desk.commands()[0]?.key ?? '';
  expect(incidentIdFrom(createHash('sha256').update(key).digest('hex'), 'live')).toBe(file.id);
});

test('an offline suspicion keeps the time of its writing as the first hint, however late it is sent', async () => {
  await run(['declare', 'Odd log lines', '--offline', '--out', 'it.json']);
  const file = JSON.parse(readFileSync(join(home.path, 'it.json'), 'utf8')) as {
    writtenAt: string;
    request: { awareness: { firstHintAt: { at: string } } };
  };
  expect(file.request.awareness.firstHintAt.at).toBe(file.writtenAt);
});

test('a declaration file that was altered is refused before anything is sent', async () => {
  await run(['declare', 'Letters sent', '--offline', '--out', 'it.json']);
  const path = join(home.path, 'it.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...file, key: '0'.repeat(32) }));
  const { code, err } = await run(['declare', '--send', 'it.json']);
  expect(err).toContain('its id does not come from its key');
  expect(desk.commands()).toHaveLength(0);
  expect(code).toBe(1);
});

// typed                                   what is said                            why this row is here
const wrong = [
  [['statsu'], 'status', 'a typo suggests the nearest command'],
  [['notice', ID, 'aprove'], 'approve', 'a typo in an action too'],
  [['status', 'BR-7K3M-9QXU'], 'BR-7K3M-9QXD', 'U is in no id'],
  [['decide', ID], '--level, --because', 'all that is missing at once'],
  [['decide', ID, '--level', 'HIGH', '--because', 'x'], 'HIGH_RISK', 'the levels are named'],
  [['aware', ID, 'about midnight'], 'INSTANT must be', 'no time'],
  [['declare', 'x', '--aware', '2026-10-25 02:30'], 'came twice', 'the hour that came twice'],
  [['task', ID, '--done'], 'Which task', 'done, but which'],
  [['--nonsense'], 'unknown option', 'an option that is not there'],
] as const;
for (const [words, says, why] of wrong) {
  test(`wrong usage ends with 2 and helps: ${why}`, async () => {
    const { code, err } = await run(words);
    expect(err).toContain(says);
    expect(desk.commands()).toHaveLength(0);
    expect(code).toBe(2);
  });
}

test('facts are checked all at once before anything is sent', async () => {
  const { code, err } = await run([
    'facts',
    ID,
    'people.count=many',
    'people.cuont=3',
    'breach.nature=CONFIDENTIALITY',
  ]);
  expect(err).toContain('people.count');
  expect(err).toContain('did you mean people.count?');
  expect(err).not.toContain('many');
  expect(desk.commands()).toHaveLength(0);
  expect(code).toBe(1);
});

test('facts typed at the keyboard arrive in canonical form, with the three ways of not knowing', async () => {
  const { code } = await run([
    'facts',
    'br7k3m9qxd',
    'people.count=1000-1500',
    'data.categories=health,contact',
    'data.records=?',
    'breach.startedAt=yesterday 23:15',
  ]);
  expect(desk.commands()[0]).toMatchObject({
    path: `/v1/incidents/${ID}/facts`,
    body: {
      facts: {
        'people.count': { value: { min: 1000, max: 1500 }, certainty: 'estimated' },
        'data.categories': { value: ['HEALTH', 'CONTACT'], certainty: 'known' },
        'data.records': { value: null, certainty: 'pending' },
        'breach.startedAt': { value: '2026-11-21T22:15:00.000Z' },
      },
    },
  });
  expect(code).toBe(0);
});

test('JSON goes to stdout as the server gave it, and a refusal to stderr as JSON with its next steps', async () => {
  const good = await run(['status', ID, '--json']);
  expect(JSON.parse(good.out)).toEqual(aSummary());
  reply = (seen) => (seen.method === 'GET' ? reads(seen) : refusedWith(403, 'forbidden', 'This takes an approver.'));
  const bad = await run(['ack', ID, '--json']);
  expect(bad.out).toBe('');
  expect(JSON.parse(bad.err)).toMatchObject({ exit: 1, says: ['This takes an approver.'], status: 403 });
});

test('a refusal reads its instants out in the zone of the reader, and as JSON leaves them as they came', async () => {
  const says = 'Acknowledge takes two people, and the first was you (2026-03-02T08:00:00.000Z).';
  reply = (seen) => (seen.method === 'GET' ? reads(seen) : refusedWith(403, 'same-person', says));
  const { err } = await run(['ack', ID], { SEVENTYTWO_ZONE: 'Europe/Berlin' });
  expect(err.replaceAll(/\s+/g, ' ')).toContain(
    'the first was you (Mon 02 Mar 2026 09:00 CET (+01:00) = 2026-03-02 08:00 UTC).',
  );
  expect(err).not.toContain('2026-03-02T08:00:00.000Z');
  const json = await run(['ack', ID, '--json'], { SEVENTYTWO_ZONE: 'Europe/Berlin' });
  expect(JSON.parse(json.err)).toMatchObject({ problem: { problems: [{ says }] } });
});

test("a title cannot move the cursor of somebody else's terminal", async () => {
  reply = (seen) =>
    seen.path === '/v1/me' ? reads(seen) : { status: 200, body: aSummary({ title: 'x\u001b[2Jy\u202ez\u009b1m' }) };
  const { out } = await run(['status', ID]);
  expect(out).toContain('x[2Jyz1m');
  for (const unsafe of ['\u001b', '\u009b', '\u202e']) expect(out).not.toContain(unsafe);
});

test('a local stack lends the login of the first role that may do the command, and says which; --as takes another', async () => {
  mkdirSync(join(home.path, '.seventytwo'));
  const keys = { responder: 'key-r', dpo: 'key-d', approver: 'key-a', admin: 'key-x' };
  writeFileSync(
    join(home.path, '.seventytwo/cli.json'),
    JSON.stringify({ live: { url: desk.url, keys }, drill: { url: desk.url, keys: { dpo: 'key-drill' } } }),
  );
  const here = { SEVENTYTWO_URL: '', SEVENTYTWO_KEY: '' };
  const first = await run(['decide', ID, '--level', 'HIGH_RISK', '--because', 'x'], here);
  expect(first.err).toContain('As dpo, live side of the local stack');
  await run(['decide', ID, '--level', 'HIGH_RISK', '--because', 'x', '--as', 'approver'], here);
  await run(['decide', 'EX-7K3M-9QXD', '--level', 'HIGH_RISK', '--because', 'x'], here);
  expect(desk.commands().map((one) => one.login)).toEqual(['Bearer key-d', 'Bearer key-a', 'Bearer key-drill']);
});

test('a task of a local stack is ended by the login of the role that it is for', async () => {
  mkdirSync(join(home.path, '.seventytwo'), { recursive: true });
  const keys = { responder: 'key-r', dpo: 'key-d', approver: 'key-a', admin: 'key-x' };
  writeFileSync(join(home.path, '.seventytwo/cli.json'), JSON.stringify({ live: { url: desk.url, keys } }));
  const told = {
    id: 'task-2',
    kind: 'tell-people',
    about: 'people',
    roles: ['dpo', 'approver'],
    doneAt: null,
    dueAt: null,
  };
  const task = { ...told, doneBy: null, note: null, told: null };
  reply = (seen) =>
    seen.path === '/v1/me' ? reads(seen) : { status: 200, body: aSummary({ tasks: [task] } as never) };
  await run(['task', ID, 'task-2', '--done', '--note', 'x'], { SEVENTYTWO_URL: '', SEVENTYTWO_KEY: '' });
  expect(desk.commands().map((one) => one.login)).toEqual(['Bearer key-d']);
});

test('a profile that others can read is refused, a private one is used', async () => {
  const folder = join(home.path, '.config/seventytwo');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ url: desk.url, key: 'from-profile' }), { mode: 0o644 });
  const here = { SEVENTYTWO_URL: '', SEVENTYTWO_KEY: '' };
  const open = await run(['status'], here);
  expect(open.code).toBe(1);
  expect(open.err).toContain(`chmod 600 ${file}`);
  chmodSync(file, 0o600);
  await run(['ack', ID], here);
  expect(desk.commands()[0]?.login).toBe('Bearer from-profile');
});

test('a key never travels in the open to another machine', async () => {
  const { code, err } = await run(['status'], { SEVENTYTWO_URL: 'http://breach.hospital.example' });
  expect(err).toContain('https://');
  expect(code).toBe(1);
});

test('without any server named, the ways to name one are said', async () => {
  const { code, err } = await run(['status'], { SEVENTYTWO_URL: '', SEVENTYTWO_KEY: '' });
  expect(err).toContain('seventytwo up');
  expect(err).toContain('SEVENTYTWO_URL');
  expect(code).toBe(1);
});

test('`seventytwo` alone shows the three commands that matter at three in the morning', async () => {
  const { code, out } = await run([]);
  for (const word of ['seventytwo declare', 'seventytwo status', 'seventytwo ack']) expect(out).toContain(word);
  expect(out).not.toContain('\u001b');
  expect(code).toBe(0);
});
