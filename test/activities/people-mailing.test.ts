import { afterEach, expect, test } from '@jest/globals';
import {
  createMailingActivities,
  FLUSH_AFTER,
  type MailingTools,
  NO_TALLY,
  type RangeResult,
  type SendRange,
  tooManyRefusals,
} from '../../activities/people-mailing.js';
import type { Recipient, Relay, SendOutcome } from '../../activities/ports.js';
import { canonicalSha256, createHasher } from '../../adapters/crypto/hash.js';
import { createMailingLane } from '../../adapters/mail/relay.js';
import type { VariedMessage } from '../../domain/message/model.js';
import { runActivity, type Run } from '../fakes/activity-run.js';
import { aMailing, aMessage, listOf, memoryOutcomes, messagesWith } from '../fakes/mailing-store.js';
import { ACCEPTED, memoryJournal, plainComposer } from '../fakes/post-office.js';
import { type Manners, startRudeRelay } from '../fakes/rude-relay.js';

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

const numberOf = (to: string): number => Number(/^p(\d+)@/.exec(to)?.[1]);

/** Answers by the recipient's number; counts who got what. */
function laneThat(
  answer: (n: number, nth: number) => SendOutcome | 'killed-after-dot',
): Relay & { readonly taken: number[] } {
  const taken: number[] = [];
  const asked = new Map<number, number>();
  return {
    taken,
    async send(mail, beforeDot) {
      const n = numberOf(mail.to);
      asked.set(n, (asked.get(n) ?? 0) + 1);
      const outcome = answer(n, asked.get(n) ?? 1);
      if (outcome === 'killed-after-dot' || outcome.state === 'accepted' || outcome.state === 'ambiguous') {
        beforeDot();
        taken.push(n);
      }
      if (outcome === 'killed-after-dot') throw new Error('killed');
      return outcome;
    },
  };
}

function postOffice(count: number, lane: Relay, tools: Partial<MailingTools> = {}) {
  const outcomes = memoryOutcomes();
  const journal = memoryJournal();
  const made = {
    lists: listOf(count),
    outcomes,
    messages: messagesWith(aMessage()),
    composer: plainComposer,
    hasher: createHasher(),
    lane,
    journal,
    ...tools,
  };
  const activities = createMailingActivities(made);
  const send = (about: Partial<SendRange> = {}, run: Run = {}): Promise<RangeResult> =>
    runActivity(
      () =>
        activities.sendRange({
          mailing: aMailing({ count }),
          range: 0,
          pass: 'first',
          formerBroken: false,
          tally: NO_TALLY,
          ...about,
        }),
      run,
    );
  return { ...activities, send, outcomes, journal };
}

async function smtp(manners: Manners) {
  const relay = await startRudeRelay(manners);
  const lane = createMailingLane({
    url: relay.url,
    name: 'w.example',
    timeouts: { connectMs: 1_000, commandMs: 300, dotMs: 300 },
  });
  open.push(lane, relay);
  return { relay, lane };
}

const DEFERRED: SendOutcome = { state: 'deferred', code: 450 };
const REFUSED: SendOutcome = { state: 'refused', code: 550, at: 'rcpt' };
const OPEN: SendOutcome = { state: 'open', why: 'connect' };
const AMBIGUOUS: SendOutcome = { state: 'ambiguous', why: 'closed_after_dot' };
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('everybody in the range gets one message of their own, over SMTP', async () => {
  const { relay, lane } = await smtp({});
  const result = await postOffice(60, lane).send();
  expect(relay.kept.map(({ to }) => numberOf(to))).toEqual(numbers(1, 60));
  expect(result).toMatchObject({ counts: { accepted: 60, open: 0 }, again: 0, stopped: null });
});

const varied: VariedMessage = {
  model: 2,
  incident: 'BR-7K3M-9QXD',
  mode: 'live',
  otherwise: 'en',
  variants: [
    { for: { language: 'de', data: ['CONTACT'] }, text: aMessage({ language: 'de', subject: 'Ihre Kontaktdaten' }) },
    { for: { language: 'en', data: ['CONTACT'] }, text: aMessage({ subject: 'Your contact details' }) },
    { for: { language: 'en', data: ['CONTACT', 'HEALTH'] }, text: aMessage({ subject: 'Your health' }) },
  ],
};
const READERS: readonly Pick<Recipient, 'language' | 'data'>[] = [
  { language: 'de', data: ['CONTACT'] },
  { language: 'en', data: ['CONTACT', 'HEALTH'] },
  { language: 'it', data: ['CONTACT'] },
  { language: 'de', data: ['CONTACT', 'HEALTH'] },
];
const SEGMENTS = READERS.map((reader) => ({ ...reader, country: null, count: 1 }));
/** Four people, each of another segment. */
const mixed = (readers = READERS): Partial<MailingTools> => {
  const list = listOf(readers.length);
  return {
    messages: messagesWith(varied),
    lists: {
      ...list,
      range: async (...args) => (await list.range(...args)).map((one, at) => ({ ...one, ...readers[at] })),
      frozenAs: async () => ({ count: readers.length, sha256: 'a'.repeat(64), segments: SEGMENTS }),
    },
  };
};
const ofVaried = { mailing: aMailing({ count: 4, messageSha256: canonicalSha256(varied) }) };

test('each person gets the text of their language and of the data that leaked of them', async () => {
  const { relay, lane } = await smtp({});
  const { send, checkMailing } = postOffice(4, lane, mixed());
  expect(await runActivity(() => checkMailing(ofVaried.mailing), {})).toEqual({ ranges: 1 });
  expect((await send(ofVaried)).counts).toMatchObject({ accepted: 4 });
  expect(
    relay.kept.map(({ to, raw }) => [
      numberOf(to),
      /(Ihre Kontaktdaten|Your contact details|Your health)/.exec(raw)?.[1],
    ]),
  ).toEqual([
    [1, 'Ihre Kontaktdaten'],
    [2, 'Your health'],
    [3, 'Your contact details'],
    [4, 'Your health'],
  ]);
});

test('a list with somebody for whom no text was approved: nothing is sent to anybody', async () => {
  const lane = laneThat(() => ACCEPTED);
  const tools = mixed();
  const lists = {
    ...(tools.lists ?? listOf(4)),
    frozenAs: async () => ({
      count: 4,
      sha256: 'a'.repeat(64),
      segments: [...SEGMENTS, { country: 'IE', language: 'en', data: ['PAYMENT'] as const, count: 3 }],
    }),
  };
  const { checkMailing } = postOffice(4, lane, { ...tools, lists });
  await expect(runActivity(() => checkMailing(ofVaried.mailing), {})).rejects.toMatchObject({
    type: 'ApprovalMismatch',
    nonRetryable: true,
    message: expect.stringContaining('no text for 3 people of the list (en/PAYMENT)'),
  });
});

test('a text for everybody is not sent to a person of whom the list says what leaked', async () => {
  const lane = laneThat(() => ACCEPTED);
  const { send } = postOffice(4, lane, { ...mixed(), messages: messagesWith(aMessage()) });
  await expect(send()).rejects.toMatchObject({ type: 'ApprovalMismatch', nonRetryable: true });
  expect(lane.taken).toEqual([]);
});

test('called again, a finished range sends nothing', async () => {
  const { relay, lane } = await smtp({});
  const { send } = postOffice(30, lane);
  await send();
  expect(await send()).toMatchObject({ counts: { accepted: 30 }, stopped: null });
  expect(relay.kept).toHaveLength(30);
});

test('refusals and deferrals are counted by recipient; only the put-off are tried in a later pass', async () => {
  let round = 1;
  const { relay, lane } = await smtp({
    rcpt: (to) =>
      numberOf(to) === 3 ? '550 unknown' : numberOf(to) === 5 && round === 1 ? '450 greylisted' : '250 ok',
  });
  const { send, outcomes } = postOffice(8, lane);
  expect(await send()).toMatchObject({ counts: { accepted: 6, refused: 1, deferred: 1 }, again: 1, stopped: null });
  expect(await send()).toMatchObject({ counts: { deferred: 1 }, again: 1 }); // not yet its time
  round = 2;
  expect(await send({ pass: 'again' })).toMatchObject({ counts: { accepted: 7, refused: 1, deferred: 0 }, again: 0 });
  expect([outcomes.stateOf(3), outcomes.stateOf(5)]).toEqual(['refused', 'accepted']);
  expect(relay.kept.filter(({ to }) => numberOf(to) === 5)).toHaveLength(1);
});

test('killed after the dot: on resuming that one is sent once more and flagged, everybody else exactly once', async () => {
  let killed = false;
  const lane = laneThat((n) => {
    if (n !== 13 || killed) return ACCEPTED;
    killed = true;
    return 'killed-after-dot';
  });
  const { send, outcomes } = postOffice(40, lane);
  await expect(send()).rejects.toThrow('killed');
  const result = await send({ formerBroken: true }, { attempt: 2 });
  expect(result).toMatchObject({ counts: { accepted: 39, resent: 1, open: 0 }, stopped: null });
  expect(outcomes.stateOf(13)).toBe('resent');
  expect(lane.taken.filter((n) => n === 13)).toHaveLength(2);
  expect([...new Set(lane.taken)]).toHaveLength(40);
  expect(lane.taken).toHaveLength(41);
});

test('killed between the answer and the record: the journal has it, nobody gets a second copy', async () => {
  const lane = laneThat(() => ACCEPTED);
  let dead = true;
  const outcomes = memoryOutcomes();
  const broken = {
    ...outcomes,
    record: (...args: Parameters<typeof outcomes.record>) =>
      dead ? Promise.reject(new Error('killed')) : outcomes.record(...args),
  };
  const { send } = postOffice(40, lane, { outcomes: broken });
  await expect(send()).rejects.toThrow('killed');
  dead = false;
  expect(await send({ formerBroken: true }, { attempt: 2 })).toMatchObject({ counts: { accepted: 40, resent: 0 } });
  expect(lane.taken).toEqual(numbers(1, 40));
});

test('the worker is lost with its journal: what may have been sent and not recorded is sent once more and flagged', async () => {
  const lane = laneThat((n, nth) => (n === 40 && nth === 1 ? 'killed-after-dot' : ACCEPTED));
  const first = postOffice(100, lane);
  await expect(first.send()).rejects.toThrow('killed'); // 25 on record, 26 to 40 only in a journal that is gone
  const other = postOffice(100, lane, { outcomes: first.outcomes, journal: memoryJournal() });
  const result = await other.send({ formerBroken: true });
  const twice = numbers(1, 100).filter((n) => lane.taken.filter((taken) => taken === n).length > 1);
  expect(twice).toEqual(numbers(26, 40));
  expect(twice.every((n) => first.outcomes.stateOf(n) === 'resent')).toBe(true);
  expect(result.counts).toMatchObject({ accepted: 100 - FLUSH_AFTER, resent: FLUSH_AFTER, open: 0 });
});

test('another worker that takes over after a clean end flags nobody', async () => {
  const lane = laneThat(() => ACCEPTED);
  const first = postOffice(30, lane);
  await first.send();
  const other = postOffice(30, lane, { outcomes: first.outcomes, journal: memoryJournal() });
  expect(await other.send({ pass: 'again' })).toMatchObject({ counts: { accepted: 30, resent: 0 } });
});

test('a relay that does not answer the dot: ambiguous, once more in the next pass, flagged; twice in vain is left to a person', async () => {
  const lane = laneThat((n, nth) => (n === 2 && nth === 1 ? AMBIGUOUS : n === 4 ? AMBIGUOUS : ACCEPTED));
  const { send } = postOffice(5, lane);
  expect(await send()).toMatchObject({ counts: { accepted: 3, ambiguous: 2 }, again: 2, stopped: null });
  expect(await send({ pass: 'again' })).toMatchObject({ counts: { accepted: 3, resent: 1, ambiguous: 1 }, again: 0 });
  expect(await send({ pass: 'again' })).toMatchObject({ counts: { ambiguous: 1 }, again: 0 });
  expect(lane.taken.filter((n) => n === 4)).toHaveLength(2);
});

test('a worker that was overtaken stops and records nothing', async () => {
  const outcomes = memoryOutcomes();
  const lane = laneThat((n) => {
    if (n === 3) void outcomes.claim('BR-7K3M-9QXD/1', 0, 60);
    return ACCEPTED;
  });
  await expect(postOffice(60, lane, { outcomes }).send()).rejects.toMatchObject({
    type: 'LeaseLost',
    nonRetryable: true,
  });
  expect(lane.taken).toHaveLength(FLUSH_AFTER);
});

test('when it is cancelled it stops after the message in hand, and all it did is on record', async () => {
  const cancel = new AbortController();
  const lane = laneThat((n) => {
    if (n === 7) cancel.abort();
    return ACCEPTED;
  });
  const { send } = postOffice(40, lane);
  expect(await send({}, { signal: cancel.signal })).toMatchObject({
    counts: { accepted: 7, open: 33 },
    stopped: 'cancelled',
  });
  expect(await send()).toMatchObject({ counts: { accepted: 40, resent: 0 }, stopped: null });
});

// the relay                                                                     stops with             sent  why this row is here
const stops = [
  [
    (n: number) => (n >= 5 ? { state: 'relay_refuses', code: 550 } : ACCEPTED),
    'relay-refuses',
    4,
    'it refuses us: nobody is to blame for it',
  ],
  [(n: number) => (n >= 5 ? OPEN : ACCEPTED), 'unreachable', 4, 'it has gone away'],
  [
    (n: number) => (n >= 5 ? { state: 'deferred', code: 421 } : ACCEPTED),
    'unreachable',
    4,
    'it closes each connection',
  ],
  [
    (n: number) => (n >= 5 ? { state: 'refused', code: 554, at: 'data' } : ACCEPTED),
    'too-many-refusals',
    4,
    'the content is blocked',
  ],
  [(n: number) => (n === 5 ? OPEN : ACCEPTED), 'unreachable', 39, 'one message did not go: it is not forgotten'],
] as const satisfies readonly (readonly [(n: number) => SendOutcome, RangeResult['stopped'], number, string])[];
for (const [answer, stopped, sent, why] of stops) {
  test(`stops by itself, and those who did not get it stay open: ${why}`, async () => {
    const { send } = postOffice(40, laneThat(answer));
    const result = await send();
    expect(result.stopped).toBe(stopped);
    expect(result.counts.accepted).toBe(sent);
    expect(result.counts.open + result.counts.refused + sent).toBe(40);
  });
}

// answered  refused  at data  too many  why this row is here
const tallies = [
  [3, 3, 3, true, 'the first three are all refused for their content'],
  [2, 2, 2, false, 'two are not enough to judge'],
  [60, 3, 3, false, '5 % for the content is the limit'],
  [59, 3, 3, true, 'more than 5 %'],
  [19, 19, 0, false, '19 bad addresses are not enough to judge'],
  [20, 20, 0, true, '20 are'],
  [80, 20, 0, false, '25 % bad addresses is the limit'],
  [79, 20, 0, true, 'more than 25 %'],
] as const;
for (const [answered, refused, refusedAtData, expected, why] of tallies) {
  test(`too many refusals: ${why}`, () => expect(tooManyRefusals({ answered, refused, refusedAtData })).toBe(expected));
}

test('a drill reaches nobody outside the exercise domains: suppressed and counted (R-933)', async () => {
  const lane = laneThat(() => ACCEPTED);
  const lists = listOf(
    4,
    (n) => ['p1@people.test', 'p2@people.org', 'p3@test.people.example', 'p4@example.com'][n - 1] ?? '',
  );
  const { sendRange, outcomes } = postOffice(4, lane, { lists, messages: messagesWith(aMessage({ mode: 'drill' })) });
  const mailing = aMailing({ count: 4, mode: 'drill' });
  const result = await runActivity(() =>
    sendRange({ mailing, range: 0, pass: 'first', formerBroken: false, tally: NO_TALLY }),
  );
  expect(lane.taken).toEqual([1, 3]);
  expect(result.counts).toMatchObject({ accepted: 2, suppressed: 2, open: 0 });
  expect([outcomes.stateOf(2), outcomes.stateOf(4)]).toEqual(['suppressed', 'suppressed']);
});

// message                                       why this row is here
const wrongMessages = [
  [aMessage({ subject: 'changed after approval' }), 'another text'],
  [aMessage({ mode: 'drill' }), 'a text of a drill'],
] as const;
for (const [message, why] of wrongMessages) {
  test(`nothing is sent but the approved text: ${why}`, async () => {
    const lane = laneThat(() => ACCEPTED);
    await expect(postOffice(5, lane, { messages: { message: async () => message } }).send()).rejects.toMatchObject({
      type: 'ApprovalMismatch',
      nonRetryable: true,
    });
    expect(lane.taken).toEqual([]);
  });
}

test('a refusal is on record with its code, and no address is in the journal', async () => {
  const codes: { n: number; code: number }[] = [];
  const outcomes = memoryOutcomes();
  const watched = {
    ...outcomes,
    record: async (...args: Parameters<typeof outcomes.record>) => (codes.push(...args[4]), outcomes.record(...args)),
  };
  const { send, journal } = postOffice(
    3,
    laneThat((n) => (n === 2 ? REFUSED : n === 3 ? AMBIGUOUS : ACCEPTED)),
    { outcomes: watched },
  );
  await send();
  expect(codes).toEqual([{ n: 2, code: 550 }]);
  expect([...journal.entries.keys()]).toContain('mailing/BR-7K3M-9QXD/1/0/3');
  expect(JSON.stringify([...journal.entries])).not.toContain('people.test');
});

test('when a range is done and nobody in it is ambiguous, the journal forgets it', async () => {
  const { send, journal } = postOffice(
    30,
    laneThat((n) => (n === 9 ? DEFERRED : ACCEPTED)),
  );
  await send();
  expect(journal.entries.size).toBe(0);
});

test('a relay that never says whether it took a message is left alone after five in a row: nobody is counted as told', async () => {
  const { relay, lane } = await smtp({ dot: () => ({ answer: 'hang-up', keep: true }) });
  const result = await postOffice(30, lane).send();
  expect(relay.kept.length).toBeLessThanOrEqual(5);
  expect(result).toMatchObject({ stopped: 'relay-refuses', counts: { accepted: 0 } });
});

test('a list that is not the approved one is not sent to', async () => {
  const { relay, lane } = await smtp({});
  const { checkMailing } = postOffice(10, lane);
  for (const about of [{ count: 9 }, { count: 10, listSha256: 'b'.repeat(64) }])
    await expect(runActivity(() => checkMailing(aMailing(about)))).rejects.toMatchObject({ type: 'ApprovalMismatch' });
  expect(relay.kept).toEqual([]);
});

// the journal, what the range comes to, why this row is here
const setBack = [
  ['lost', { accepted: 30, resent: 0 }, 'everybody had been told: written down again, nothing is sent'],
  ['kept', { accepted: 29, refused: 1 }, 'the journal still knows each of them'],
] as const;
for (const [kept, counts, why] of setBack) {
  test(`the database was set back and the outcomes of a range are gone: ${why}`, async () => {
    const lane = laneThat((n) =>
      n === 7 && 'refused' in counts ? { state: 'refused', code: 550, at: 'rcpt' } : ACCEPTED,
    );
    const first = postOffice(30, lane);
    const before = await first.send();
    const told = [...lane.taken];
    const after = postOffice(30, lane, kept === 'kept' ? { journal: journalOf(first.outcomes) } : {});
    expect((await after.send({ known: before.counts })).counts).toMatchObject(counts);
    expect(lane.taken).toEqual(told);
  });
}

/** A journal that forgot nothing. */
function journalOf(outcomes: ReturnType<typeof memoryOutcomes>) {
  const journal = memoryJournal();
  for (const n of numbers(1, 30))
    journal.answered(
      `mailing/BR-7K3M-9QXD/1/0/${n}`,
      outcomes.stateOf(n) === 'refused' ? { state: 'refused', code: 550, at: 'rcpt' } : ACCEPTED,
    );
  return journal;
}

test('outcomes are gone and nobody knows whose: nothing is sent until a person says so, and then each is flagged', async () => {
  const lane = laneThat((n, nth) => (n === 7 && nth === 1 ? { state: 'refused', code: 550, at: 'rcpt' } : ACCEPTED));
  const { counts: known } = await postOffice(30, lane).send();
  const { send } = postOffice(30, lane);
  await expect(send({ known })).rejects.toMatchObject({ type: 'OutcomesLost', nonRetryable: true });
  expect(lane.taken).toHaveLength(29);
  const { counts } = await send({ known, despiteLoss: true });
  expect(counts).toMatchObject({ accepted: 0, resent: 30, open: 0 });
});
