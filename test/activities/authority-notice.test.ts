import { expect, test } from '@jest/globals';
import { createNoticeActivities, type NoticeTools, type SendNotice } from '../../activities/authority-notice.js';
import type { Journal, SendOutcome } from '../../activities/ports.js';
import { canonicalSha256, createHasher } from '../../adapters/crypto/hash.js';
import { buildNotice } from '../../domain/notice/build.js';
import type { NoticeContent, NoticeEnvelope } from '../../domain/notice/model.js';
import { aDeclaration, AWARE, Play } from '../build.js';
import { runActivity } from '../fakes/activity-run.js';
import {
  ACCEPTED,
  memoryArtifacts,
  memoryJournal,
  plainComposer,
  plainRenderer,
  relayThat,
} from '../fakes/post-office.js';

const DEFERRED: SendOutcome = { state: 'deferred', code: 451 };
const REFUSED: SendOutcome = { state: 'refused', code: 550, at: 'rcpt' };
const AMBIGUOUS: SendOutcome = { state: 'ambiguous', why: 'timeout_after_dot' };

const contentOf = (mode: 'live' | 'drill'): NoticeContent => ({
  ...buildNotice({ state: new Play(aDeclaration()).state, at: AWARE, rules: 'test', previous: null, withdraw: null }),
  mode,
});
const CONTENT = contentOf('live');

const envelopeFor = (content: NoticeContent, about: Partial<NoticeEnvelope> = {}): NoticeEnvelope => ({
  authority: 'ex-authority',
  authorityName: 'Exercise Authority',
  language: 'en',
  channel: 'email',
  address: 'notices@authority.test',
  portal: null,
  earlierReference: null,
  contentSha256: canonicalSha256(content),
  ledgerHead: null,
  releasedAt: AWARE,
  ...about,
});

const aNotice = (about: Partial<SendNotice> = {}, content = CONTENT): SendNotice => ({
  incidentId: 'BR-7K3M-9QXD',
  phase: 1,
  attempt: 1,
  content,
  envelope: envelopeFor(content),
  former: 'none',
  ...about,
});

function office(relay: NoticeTools['relay'], tools: Partial<NoticeTools> = {}) {
  const artifacts = memoryArtifacts();
  const journal = memoryJournal();
  const activities = createNoticeActivities({
    relay,
    journal,
    renderer: plainRenderer,
    composer: plainComposer,
    artifacts,
    hasher: createHasher(),
    from: 'breach@hospital.example',
    ...tools,
  });
  return { ...activities, artifacts, journal };
}

test('an approved notice is sent once, with its parts kept by their hashes', async () => {
  const relay = relayThat(ACCEPTED);
  const { sendAuthorityNotice, artifacts } = office(relay);
  const result = await runActivity(() => sendAuthorityNotice(aNotice()));
  expect(relay.sent).toHaveLength(1);
  expect(result).toMatchObject({
    outcome: ACCEPTED,
    messageId: '<BR-7K3M-9QXD.1.ex-authority@hospital.example>',
    missing: [],
    sentBefore: false,
  });
  expect(Object.keys(result.artifacts)).toEqual(['pdf', 'form', 'text', 'mail']);
  expect(await artifacts.get(result.artifacts['mail'] ?? '')).toMatchObject({
    name: 'notice-ex-authority-1.eml',
    bytes: relay.sent[0]?.bytes,
  });
});

test('content that is not the approved one is not sent', async () => {
  const relay = relayThat(ACCEPTED);
  const notice = aNotice({ content: { ...CONTENT, rules: 'changed after approval' } });
  await expect(runActivity(() => office(relay).sendAuthorityNotice(notice))).rejects.toMatchObject({
    type: 'ApprovalMismatch',
    nonRetryable: true,
  });
  expect(relay.sent).toEqual([]);
});

test('a repeat of the activity after an accepted notice sends nothing and gives the same answer', async () => {
  const relay = relayThat(ACCEPTED);
  const { sendAuthorityNotice } = office(relay);
  const first = await runActivity(() => sendAuthorityNotice(aNotice()));
  const repeat = await runActivity(() => sendAuthorityNotice(aNotice()), { attempt: 2 });
  expect(relay.sent).toHaveLength(1);
  expect(repeat).toEqual({ ...first, sentBefore: true });
});

const laterHead = { ...aNotice().envelope, ledgerHead: { seq: 99, hash: 'f'.repeat(64) } };
const afterLoss = () => aNotice({ envelope: laterHead, formerRun: 'lost' });

test('the run was lost and no journal tells what it sent: on record as ambiguous before anything leaves', async () => {
  const relay = relayThat(ACCEPTED);
  const { sendAuthorityNotice } = office(relay);
  expect((await runActivity(() => sendAuthorityNotice(afterLoss()))).outcome.state).toBe('ambiguous');
  expect(relay.sent).toEqual([]);
  await runActivity(() => sendAuthorityNotice(aNotice({ envelope: laterHead, attempt: 2, former: 'ambiguous' })));
  expect(relay.sent).toHaveLength(1);
});

test('the run was lost after the answer: nothing is sent, and the hashes are those of the bytes that were', async () => {
  const relay = relayThat(ACCEPTED);
  const { sendAuthorityNotice } = office(relay);
  const first = await runActivity(() => sendAuthorityNotice(aNotice()));
  const again = await runActivity(() => sendAuthorityNotice(afterLoss()));
  expect(relay.sent).toHaveLength(1);
  expect(again).toEqual({ ...first, sentBefore: true });
});

test('the run was lost before the answer: sent once more with the same bytes, though the record has grown', async () => {
  const relay = relayThat('killed-after-dot', ACCEPTED);
  const { sendAuthorityNotice } = office(relay);
  await expect(runActivity(() => sendAuthorityNotice(aNotice()))).rejects.toThrow('killed');
  expect((await runActivity(() => sendAuthorityNotice(afterLoss()))).outcome.state).toBe('ambiguous');
  await runActivity(() => sendAuthorityNotice(aNotice({ envelope: laterHead, attempt: 2, former: 'ambiguous' })));
  const [one, two] = relay.sent.map(({ bytes }) => Buffer.from(bytes));
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true);
});

test('killed between the dot and its answer: ambiguous, nothing is sent; then once more with the same bytes', async () => {
  const relay = relayThat('killed-after-dot', ACCEPTED);
  const { sendAuthorityNotice } = office(relay);
  await expect(runActivity(() => sendAuthorityNotice(aNotice()))).rejects.toThrow('killed');

  const resumed = await runActivity(() => sendAuthorityNotice(aNotice()), { attempt: 2 });
  expect(resumed.outcome).toMatchObject({ state: 'ambiguous' });
  expect(relay.sent).toHaveLength(1);

  const again = await runActivity(() => sendAuthorityNotice(aNotice({ attempt: 2, former: 'ambiguous' })));
  expect(again).toMatchObject({ outcome: ACCEPTED, sentBefore: false });
  expect(relay.sent).toHaveLength(2);
  expect(relay.sent[1]).toEqual(relay.sent[0]);
});

test('killed again while sending once more: ambiguous again, at most one extra copy per kill', async () => {
  const relay = relayThat('killed-after-dot', 'killed-after-dot', ACCEPTED);
  const { sendAuthorityNotice } = office(relay);
  const call = (attempt: number, tries = 1) =>
    runActivity(() => sendAuthorityNotice(aNotice({ attempt, former: attempt === 1 ? 'none' : 'ambiguous' })), {
      attempt: tries,
    });
  await expect(call(1)).rejects.toThrow('killed');
  await expect(call(2)).rejects.toThrow('killed');
  expect((await call(2, 2)).outcome.state).toBe('ambiguous');
  expect((await call(3)).outcome.state).toBe('accepted');
  expect(relay.sent).toHaveLength(3); // two kills, two extra copies at most
});

test('a try that left no trace here may have run on another worker: ambiguous, not sent blindly', async () => {
  const relay = relayThat(ACCEPTED);
  const result = await runActivity(() => office(relay).sendAuthorityNotice(aNotice()), { attempt: 2 });
  expect(result.outcome.state).toBe('ambiguous');
  expect(relay.sent).toEqual([]);
});

// the relay says     the same call again sends   why this row is here
const outcomes = [
  [DEFERRED, true, 'put off: the workflow tries again by a timer'],
  [{ state: 'open', why: 'connect' }, true, 'the relay was not there'],
  [{ state: 'relay_refuses', code: 554 }, true, 'the relay refuses us: perhaps not for ever'],
  [REFUSED, false, 'refused stays refused until a person has looked'],
  [AMBIGUOUS, false, 'nobody knows: the workflow records that first'],
] as const satisfies readonly (readonly [SendOutcome, boolean, string])[];
for (const [outcome, sendsAgain, why] of outcomes) {
  test(`what the relay says is a result: ${why}`, async () => {
    const relay = relayThat(outcome, ACCEPTED);
    const { sendAuthorityNotice } = office(relay);
    expect((await runActivity(() => sendAuthorityNotice(aNotice()))).outcome).toEqual(outcome);
    const next = await runActivity(() => sendAuthorityNotice(aNotice()));
    expect([relay.sent.length, next.outcome.state]).toEqual(sendsAgain ? [2, 'accepted'] : [1, outcome.state]);
  });
}

test('a store that is away holds filing up by its limit only, and the hashes are there', async () => {
  const never = { put: () => new Promise<string>(() => undefined), get: async () => null };
  const { sendAuthorityNotice } = office(relayThat(ACCEPTED), { artifacts: never, storeWithinMs: 20 });
  const result = await runActivity(() => sendAuthorityNotice(aNotice()));
  expect(result).toMatchObject({ outcome: ACCEPTED, missing: ['pdf', 'form', 'text', 'mail'] });
  expect(Object.values(result.artifacts).every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
});

test('a store that fails for one part names that part', async () => {
  const store = memoryArtifacts();
  const artifacts = {
    ...store,
    put: (...args: Parameters<typeof store.put>) =>
      args[1].name.endsWith('.pdf') ? Promise.reject(new Error('too large')) : store.put(...args),
  };
  expect(
    await runActivity(() => office(relayThat(ACCEPTED), { artifacts }).sendAuthorityNotice(aNotice())),
  ).toMatchObject({ missing: ['pdf'] });
});

test('a journal on a full disk does not stop filing', async () => {
  const fail = (): never => {
    throw new Error('ENOSPC');
  };
  const journal: Journal = {
    handed: fail,
    answered: fail,
    forget: fail,
    note: fail,
    noted: () => null,
    state: () => 'none',
  };
  const relay = relayThat(ACCEPTED);
  expect((await runActivity(() => office(relay, { journal }).sendAuthorityNotice(aNotice()))).outcome).toEqual(
    ACCEPTED,
  );
});

test('a drill writes to exercise domains only (R-933, R-934)', async () => {
  const relay = relayThat(ACCEPTED);
  const drill = contentOf('drill');
  const real = aNotice({ envelope: envelopeFor(drill, { address: 'notices@authority.org' }) }, drill);
  await expect(runActivity(() => office(relay).sendAuthorityNotice(real))).rejects.toMatchObject({
    type: 'NotAnExerciseAddress',
    nonRetryable: true,
  });
  expect(relay.sent).toEqual([]);
  expect((await runActivity(() => office(relay).sendAuthorityNotice(aNotice({}, drill)))).outcome.state).toBe(
    'accepted',
  );
});

test('an authority with a portal gets a pack and no mail', async () => {
  const relay = relayThat(ACCEPTED);
  const { sendAuthorityNotice, makePortalPack, artifacts } = office(relay);
  const envelope = envelopeFor(CONTENT, { channel: 'portal', address: null, portal: 'https://portal.authority.test' });
  await expect(runActivity(() => sendAuthorityNotice(aNotice({ envelope })))).rejects.toMatchObject({
    type: 'NotByMail',
  });
  const pack = await runActivity(() =>
    makePortalPack({ incidentId: 'BR-7K3M-9QXD', phase: 1, content: CONTENT, envelope }),
  );
  expect(Object.keys(pack.artifacts)).toEqual(['pdf', 'form', 'text']);
  expect([...artifacts.names].sort()).toEqual([
    'notice-ex-authority-1.json',
    'notice-ex-authority-1.pdf',
    'notice-ex-authority-1.txt',
  ]);
  expect(relay.sent).toEqual([]);
});

test('the journal knows a notice by ids alone', async () => {
  const { sendAuthorityNotice, journal } = office(relayThat(AMBIGUOUS, ACCEPTED));
  await runActivity(() => sendAuthorityNotice(aNotice()));
  await runActivity(() => sendAuthorityNotice(aNotice({ attempt: 2, former: 'ambiguous' })));
  const [first = '', second] = [...journal.entries.keys()];
  expect(first).toMatch(/^notice\/BR-7K3M-9QXD\/1\/ex-authority\.[0-9a-f]{12}$/);
  expect([second, journal.entries.size]).toEqual([`${first}#2`, 2]);
});

test('it beats while a relay takes its time, so that a dead worker is noticed in seconds', async () => {
  let answer: () => void = () => undefined;
  const relay = { send: () => new Promise<SendOutcome>((resolve) => (answer = () => resolve(ACCEPTED))) };
  const result = await runActivity(() => office(relay).sendAuthorityNotice(aNotice()), { onHeartbeat: () => answer() }); // answered by the first beat
  expect(result.outcome).toEqual(ACCEPTED);
});

for (const [name, channel] of [
  ['sendAuthorityNotice', 'email'],
  ['makePortalPack', 'portal'],
] as const)
  test(`${name}: the engine hears that the worker lives while the notice waits to be rendered`, async () => {
    let heard = (): void => undefined;
    const beaten = new Promise<void>((resolve) => (heard = resolve));
    const pdf: typeof plainRenderer.pdf = async (content, envelope) => {
      await beaten;
      return plainRenderer.pdf(content, envelope);
    };
    const activities = office(relayThat(ACCEPTED), { renderer: { ...plainRenderer, pdf } });
    const notice = aNotice({ envelope: envelopeFor(CONTENT, { channel }) });
    const { artifacts } = await runActivity(() => activities[name](notice), { onHeartbeat: () => heard() });
    expect(artifacts).toHaveProperty('pdf');
  });
