import { afterEach, expect, test } from '@jest/globals';
import type { OutgoingMail, SendOutcome } from '../../../activities/ports.js';
import { createMailingLane, createRelay } from '../../../adapters/mail/relay.js';
import type { Attempt, SessionOptions } from '../../../adapters/mail/session.js';
import { startCatcher } from '../../../stack/engines.js';
import { type Manners, type RudeRelay, startRudeRelay } from '../../fakes/rude-relay.js';
import { TEST_CERT, TEST_KEY } from './certificate.js';

const HASTE = { connectMs: 2_000, commandMs: 300, dotMs: 300 };
/** Where much is sent and no timer is meant to run out. */
const PATIENCE = { connectMs: 10_000, commandMs: 30_000, dotMs: 30_000 };
const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

const mailTo = (to: string, body = 'A line.\r\n.A line with a dot in front.\r\n'): OutgoingMail => ({
  from: 'notices@hospital.example',
  to,
  bytes: Buffer.from(`From: notices@hospital.example\r\nTo: ${to}\r\nMessage-ID: <1@hospital.example>\r\n\r\n${body}`),
  messageId: '<1@hospital.example>',
});
const MAIL = mailTo('desk@authority.test');

async function rude(manners: Manners): Promise<RudeRelay> {
  const relay = await startRudeRelay(manners);
  open.push(relay);
  return relay;
}

/** Sends one mail and tells how often the journal was told that the dot leaves. */
async function sendOne(
  url: string,
  mail = MAIL,
  more: { fallbackUrl?: string; ca?: string; timeouts?: typeof HASTE; beforeAnotherMs?: number } = {},
): Promise<{ outcome: SendOutcome; handed: number }> {
  let handed = 0;
  const relay = createRelay({ url, name: 'worker.hospital.example', timeouts: HASTE, ...more });
  return { outcome: await relay.send(mail, () => void handed++), handed };
}

const says = (answer: string, keep = false) => ({ dot: () => ({ answer, keep }) });

// manners                                          outcome                                              H   why this row is here
const rows: readonly (readonly [Manners, Partial<SendOutcome>, number, string])[] = [
  [{}, { state: 'accepted', relay: 'first' }, 1, 'a relay that does its work'],
  [{ ehlo: ['PIPELINING'] }, { state: 'accepted' }, 1, 'the same with pipelining'],
  [{ greeting: '554 no service here' }, { state: 'relay_refuses', code: 554 }, 0, 'it does not want us at all'],
  [{ greeting: '421 too busy' }, { state: 'deferred', code: 421 }, 0, 'it is busy: later'],
  [{ greeting: 'hang-up' }, { state: 'open', why: 'connect' }, 0, 'gone before its greeting'],
  [{ greeting: 'silence' }, { state: 'open', why: 'connect' }, 0, 'it never greets'],
  [{ greeting: 'HTTP/1.1 400 Bad Request' }, { state: 'open', why: 'connect' }, 0, 'it is no mail server'],
  [
    { mail: '550 not this sender' },
    { state: 'relay_refuses', code: 550 },
    0,
    'our sender is refused: nobody else is to blame',
  ],
  [{ mail: '451 later' }, { state: 'deferred', code: 451 }, 0, 'put off at MAIL'],
  [{ mail: '421 closing' }, { state: 'deferred', code: 421 }, 0, 'closing at MAIL: nothing was handed over'],
  [{ mail: 'hang-up' }, { state: 'open', why: 'closed_before_dot', relay: 'first' }, 0, 'gone at MAIL'],
  [{ rcpt: '550 no such mailbox' }, { state: 'refused', code: 550, at: 'rcpt' }, 0, 'the recipient is refused'],
  [
    { rcpt: '550 no such mailbox', ehlo: ['PIPELINING'] },
    { state: 'refused', code: 550, at: 'rcpt' },
    0,
    'the recipient is refused, DATA already sent',
  ],
  [{ rcpt: '450 greylisted' }, { state: 'deferred', code: 450 }, 0, 'greylisting'],
  [{ rcpt: '452 too many recipients' }, { state: 'deferred', code: 452 }, 0, 'pace'],
  [{ rcpt: 'silence' }, { state: 'open', why: 'timeout_before_dot' }, 0, 'it stops answering before the message'],
  [{ data: '554 no' }, { state: 'refused', code: 554, at: 'data' }, 0, 'DATA itself is refused'],
  [
    { data: 'silence' },
    { state: 'open', why: 'timeout_before_dot' },
    0,
    'no answer to DATA: nothing of the message has left',
  ],
  [
    says('250 2.0.0 queued as Q7', true),
    { state: 'accepted', reply: '250 2.0.0 queued as Q7' },
    1,
    'its own words are kept for the record',
  ],
  [says('554 content blocked'), { state: 'refused', code: 554, at: 'data' }, 1, 'the content is refused'],
  [says('451 try later'), { state: 'deferred', code: 451 }, 1, 'put off after the dot'],
  [says('421 closing'), { state: 'deferred', code: 421 }, 1, '421 to the dot means: not taken'],
  [says('hang-up', true), { state: 'ambiguous', why: 'closed_after_dot' }, 1, 'gone after the dot, kept'],
  [
    says('hang-up', false),
    { state: 'ambiguous', why: 'closed_after_dot' },
    1,
    'gone after the dot, not kept: looks the same',
  ],
  [says('silence', true), { state: 'ambiguous', why: 'timeout_after_dot' }, 1, 'no answer to the dot'],
  [
    says('well, fine', true),
    { state: 'ambiguous', why: 'closed_after_dot' },
    1,
    'an answer to the dot that means nothing',
  ],
];

for (const [manners, expected, handed, why] of rows) {
  test(`one relay: ${why}`, async () => {
    const relay = await rude(manners);
    const result = await sendOne(relay.url);
    expect(result).toMatchObject({ outcome: expected, handed });
  });
}

test('a connection lost in the middle of a large message is open, not ambiguous: the dot never left', async () => {
  const relay = await rude({ hangUpAfterBytes: 100_000 });
  const large = mailTo('desk@authority.test', `${'x'.repeat(76)}\r\n`.repeat(200_000));
  expect(await sendOne(relay.url, large, { timeouts: PATIENCE })).toEqual({
    outcome: { state: 'open', why: 'closed_before_dot', relay: 'first' },
    handed: 0,
  });
});

test('nobody listens: open, and nothing was handed over', async () => {
  const relay = await rude({});
  await relay.close();
  expect(await sendOne(relay.url)).toEqual({ outcome: { state: 'open', why: 'connect', relay: 'first' }, handed: 0 });
});

test('the bytes arrive as they are, with dots in front of lines', async () => {
  const catcher = await startCatcher();
  open.push({ close: () => catcher.stop() });
  await sendOne(catcher.url);
  const [message] = catcher.messages();
  expect(message).toMatchObject({ from: MAIL.from, to: [MAIL.to] });
  expect(message?.raw.toString()).toBe(Buffer.from(MAIL.bytes).toString());
});

test('a journal that cannot write keeps the dot back: the message is not sent', async () => {
  const relay = await rude({});
  const sending = createRelay({ url: relay.url, name: 'w.example', timeouts: HASTE }).send(MAIL, () => {
    throw new Error('disk full');
  });
  await expect(sending).rejects.toThrow('The journal could not note the hand-over');
  expect(relay.kept).toEqual([]);
});

// to                                         why this row is here
const notOneMailbox = [
  ['ann@s.test, evil@x.test', 'a comma makes two of one'],
  ['ann@s.test\r\nRCPT TO:<evil@x.test>', 'a line break speaks SMTP'],
  ['team:ann@s.test,evil@x.test;', 'a group'],
  ['"ann, evil"@s.test', 'a quoted local part'],
  ['ann@s.test>', 'a bracket ends the path'],
  ['ann@bücher.example', 'a domain that is not in its ASCII form'],
  ['', 'nobody'],
] as const;
for (const [to, why] of notOneMailbox) {
  test(`an envelope has exactly one plain mailbox: ${why}`, async () => {
    const relay = await rude({});
    expect((await sendOne(relay.url, { ...MAIL, to })).outcome).toEqual({ state: 'refused', code: 553, at: 'rcpt' });
    expect(relay.connections()).toBe(0);
  });
}

// first relay                              second called   outcome                               why this row is here
const second: readonly (readonly [Manners, boolean, Partial<SendOutcome>, string])[] = [
  [{}, false, { state: 'accepted', relay: 'first' }, 'the first took it'],
  [{ greeting: '554 no' }, true, { state: 'accepted', relay: 'second' }, 'the first refuses us'],
  [{ rcpt: '550 relaying denied' }, true, { state: 'accepted', relay: 'second' }, 'the first refuses the recipient'],
  [{ rcpt: '450 later' }, true, { state: 'accepted', relay: 'second' }, 'the first puts it off'],
  [says('451 later'), true, { state: 'accepted', relay: 'second' }, 'the first puts it off after the dot'],
  [says('hang-up'), false, { state: 'ambiguous' }, 'the first may have it: the second must not get it too'],
];
for (const [manners, called, expected, why] of second) {
  test(`two relays: ${why}`, async () => {
    const first = await rude(manners);
    const other = await rude({});
    expect((await sendOne(first.url, MAIL, { fallbackUrl: other.url })).outcome).toMatchObject(expected);
    expect(other.connections()).toBe(called ? 1 : 0);
  });
}

test('when both relays fail the outcome that needs a person wins', async () => {
  const first = await rude({ rcpt: '550 no such mailbox' });
  const other = await rude({ greeting: 'hang-up' });
  expect((await sendOne(first.url, MAIL, { fallbackUrl: other.url })).outcome).toEqual({
    state: 'refused',
    code: 550,
    at: 'rcpt',
    relay: 'first',
  });
});

/** A first relay's own limits would outlast the test; a second one shortens them before the dot. */
const SHORT_MS = 300;
const untilSecond = (first: string, other: string) =>
  sendOne(first, MAIL, { fallbackUrl: other, timeouts: PATIENCE, beforeAnotherMs: SHORT_MS });

// silent                                why this row is here
const silent: readonly (readonly [Manners, string])[] = [
  [{ greeting: 'silence' }, 'it takes the connection and says nothing'],
  [{ ehlo: ['AUTH PLAIN'], auth: 'silence' }, 'at the log-in'],
  [{ mail: 'silence' }, 'at the sender'],
  [{ rcpt: 'silence' }, 'at the recipient'],
  [{ data: 'silence' }, 'before the message'],
];
for (const [manners, why] of silent) {
  test(`a first relay that is silent (${why}) is left after a short while for the second, which alone has the message`, async () => {
    const first = await rude(manners);
    const other = await rude({});
    const { outcome, handed } = await untilSecond(first.url.replace('//', '//user:secret@'), other.url);
    expect(outcome).toMatchObject({ state: 'accepted', relay: 'second' });
    expect([handed, first.connections(), first.kept.length, other.kept.length]).toEqual([1, 1, 0, 1]);
  });
}

test('that while is half a minute where RFC 5321 asks for five, and only beside a second relay', async () => {
  const given = async (fallbackUrl?: string) => {
    const limits: number[] = [];
    const silent = async ({ timeouts }: SessionOptions): Promise<Attempt> => {
      limits.push(timeouts.commandMs);
      return { state: 'open', why: 'connect' };
    };
    const relay = createRelay({ url: 'smtps://one.example', fallbackUrl, name: 'w.example' }, silent);
    expect(await relay.send(MAIL, () => undefined)).toMatchObject({ state: 'open', relay: 'first' });
    return limits;
  };
  expect(await given('smtps://two.example')).toEqual([30_000, 300_000, 300_000]); // the first, the other, the first once more
  expect(await given()).toEqual([300_000]);
});

test('silent after the dot the first relay has all its time, and the second never gets the message', async () => {
  const first = await rude(says('silence'));
  const other = await rude({});
  const { outcome } = await sendOne(first.url, MAIL, { fallbackUrl: other.url, beforeAnotherMs: 50 });
  expect(outcome).toEqual({ state: 'ambiguous', why: 'timeout_after_dot', relay: 'first' });
  expect(other.connections()).toBe(0);
});

test('when the second one is down too, the first gets all its time once more: it may only be slow', async () => {
  let connections = 0;
  const first = await rude({ rcpt: () => (++connections === 1 ? 'silence' : '250 ok') });
  const other = await rude({ greeting: 'hang-up' });
  const { outcome, handed } = await untilSecond(first.url, other.url);
  expect(outcome).toMatchObject({ state: 'accepted', relay: 'first' });
  expect([handed, first.kept.length]).toEqual([1, 1]);
});

const unkind: readonly (readonly [Manners, Partial<SendOutcome>, string])[] = [
  [{ greeting: '554 not you' }, { state: 'relay_refuses', code: 554 }, 'refuses us'],
  [
    { rcpt: '550 relaying denied' },
    { state: 'deferred', code: 550 },
    'refuses the recipient, as one that is set up wrongly does',
  ],
  [{ rcpt: '451 later' }, { state: 'deferred', code: 451 }, 'puts it off'],
];
for (const [manners, unlessFirst, why] of unkind) {
  test(`a slow first relay takes the notice though the second one ${why}`, async () => {
    let connections = 0;
    const first = await rude({ rcpt: () => (++connections === 1 ? 'silence' : '250 ok') });
    const { outcome, handed } = await untilSecond(first.url, (await rude(manners)).url);
    expect(outcome).toMatchObject({ state: 'accepted', relay: 'first' });
    expect([handed, first.kept.length]).toEqual([1, 1]);
  });

  test(`when the first stays silent and the second one ${why}, the notice is tried again later`, async () => {
    const first = await rude({ rcpt: 'silence' });
    const { url } = await rude(manners);
    const limits = { fallbackUrl: url, timeouts: HASTE, beforeAnotherMs: SHORT_MS / 3 };
    expect((await sendOne(first.url, MAIL, limits)).outcome).toEqual({ ...unlessFirst, relay: 'second' });
  });
}

for (const [manners, why] of [
  [{ rcpt: '450 greylisted' }, 'puts it off'],
  [{ greeting: '554 not you' }, 'refuses us'],
] as const)
  test(`only the first relay says that a mailbox is none: when it ${why}, a refusal of the second is tried again later`, async () => {
    const { url } = await rude({ rcpt: '550 relaying denied' });
    const { outcome } = await sendOne((await rude(manners)).url, MAIL, { fallbackUrl: url });
    expect(outcome).toMatchObject({ state: 'deferred' });
  });

test('a mailing beside a silent first relay does not take the second one’s refusal for that of the mailbox', async () => {
  const first = await rude({ greeting: 'silence' });
  const { url } = await rude({ rcpt: '550 relaying denied' });
  const lane = createMailingLane({ url: first.url, fallbackUrl: url, name: 'w.example', timeouts: HASTE });
  open.push(lane);
  expect(await lane.send(mailTo('p1@people.test'), () => undefined)).toMatchObject({ state: 'deferred', code: 550 });
});

test('what the second one may have is not sent to the first once more', async () => {
  let connections = 0;
  const first = await rude({ rcpt: () => (++connections === 1 ? 'silence' : '250 ok') });
  const limits = { fallbackUrl: (await rude(says('hang-up'))).url, timeouts: PATIENCE, beforeAnotherMs: SHORT_MS };
  expect((await sendOne(first.url, MAIL, limits)).outcome).toMatchObject({ state: 'ambiguous', relay: 'second' });
  expect([connections, first.kept.length]).toEqual([1, 0]);
});

test('a mailing waits once for a first relay that greets and falls silent, not at every message', async () => {
  const first = await rude({ mail: 'silence' });
  const other = await rude({});
  const lane = createMailingLane({
    url: first.url,
    fallbackUrl: other.url,
    name: 'w.example',
    timeouts: PATIENCE,
    beforeAnotherMs: SHORT_MS,
  });
  open.push(lane);
  const outcomes = [];
  for (const n of [1, 2, 3]) outcomes.push(await lane.send(mailTo(`p${n}@people.test`), () => undefined));
  expect(outcomes).toMatchObject(Array(3).fill({ state: 'accepted', relay: 'second' }));
  expect(first.connections()).toBe(1);
});

test('a reply that repeats the address is kept without it', async () => {
  const relay = await rude({ dot: () => ({ answer: '250 2.1.5 <desk@authority.test> queued as Q1', keep: true }) });
  const { outcome } = await sendOne(relay.url);
  expect(JSON.stringify(outcome)).not.toContain('authority.test');
  expect(outcome).toMatchObject({ reply: expect.stringContaining('queued as Q1') });
});

test('TLS: a certificate that can be verified is used, one that cannot ends the attempt before anything is said', async () => {
  const relay = await startRudeRelay({}, { key: TEST_KEY, cert: TEST_CERT });
  open.push(relay);
  expect((await sendOne(relay.url)).outcome).toEqual({ state: 'open', why: 'connect', relay: 'first' });
  expect((await sendOne(relay.url, MAIL, { ca: TEST_CERT })).outcome).toMatchObject({ state: 'accepted' });
  expect(relay.kept).toHaveLength(1);
});

test('STARTTLS is required where it is asked for: a relay without it gets nothing', async () => {
  const relay = await rude({});
  expect((await sendOne(relay.url.replace('smtp:', 'smtp+starttls:'))).outcome).toEqual({
    state: 'relay_refuses',
    code: 502,
    relay: 'first',
  });
  expect(relay.kept).toEqual([]);
});

test('a relay that falls silent in the middle of the greeting is left within the limit', async () => {
  const relay = await rude({ ehlo: ['AUTH PLAIN'], auth: 'silence' });
  const other = await rude({});
  const { outcome } = await sendOne(relay.url.replace('//', '//user:secret@'), MAIL, { fallbackUrl: other.url });
  expect(outcome).toMatchObject({ state: 'accepted', relay: 'second' });
});

test('a wrong password is the relay refusing us', async () => {
  const relay = await rude({ ehlo: ['AUTH PLAIN'], auth: '535 5.7.8 authentication failed' });
  expect((await sendOne(relay.url.replace('//', '//user:secret@'))).outcome).toEqual({
    state: 'relay_refuses',
    code: 535,
    relay: 'first',
  });
});

// url                               says
const badUrls = [
  ['smtp://relay.hospital.example:25', 'clear text'],
  ['http://127.0.0.1', 'must be reached by'],
  ['relay.example', 'must look like'],
] as const;
for (const [url, text] of badUrls) {
  test(`a relay that is configured wrongly is refused at start: ${text}`, () => {
    expect(() => createRelay({ url, name: 'w.example' })).toThrow(text);
  });
}

test('a mailing keeps its connection over many messages and opens a new one when the relay closes it', async () => {
  let nth = 0;
  const relay = await rude({
    dot: () => ({ answer: '250 ok', keep: true }),
    rcpt: () => (++nth === 4 ? '421 enough for this connection' : '250 ok'),
  });
  const lane = createMailingLane({ url: relay.url, name: 'w.example', timeouts: HASTE });
  open.push(lane);
  const outcomes = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((n) => lane.send(mailTo(`p${n}@people.test`), () => undefined)),
  );
  expect(outcomes.map((outcome) => outcome.state)).toEqual(Array(6).fill('accepted'));
  expect(relay.kept.map(({ to }) => to)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `p${n}@people.test`));
  expect(relay.connections()).toBe(2);
});

test('a refused recipient does not cost the mailing its connection', async () => {
  const relay = await rude({ rcpt: (to) => (to.startsWith('p2@') ? '550 unknown' : '250 ok') });
  const lane = createMailingLane({ url: relay.url, name: 'w.example', timeouts: HASTE });
  open.push(lane);
  const states = [];
  for (const n of [1, 2, 3]) states.push((await lane.send(mailTo(`p${n}@people.test`), () => undefined)).state);
  expect(states).toEqual(['accepted', 'refused', 'accepted']);
  expect(relay.connections()).toBe(1);
});
