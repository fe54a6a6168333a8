import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { type Channel, openChannels, ping } from '../../../adapters/watchdog/channels.js';
import type { WatchMessage } from '../../../domain/watch/alarms.js';
import { type Catcher, startCatcher } from '../../../stack/catcher.js';

const T0 = '2026-03-04T09:00:15.000Z';
const aMessage = (over: Partial<WatchMessage> = {}): WatchMessage => ({
  key: `overdue/${T0}/1/alarm`,
  kind: 'alarm',
  cause: 'overdue',
  begunAt: T0,
  finding: {
    cause: 'overdue',
    since: '2026-03-04T09:00:00.000Z',
    incidents: [{ id: 'BR-7K3M-9QXD', dueAt: '2026-03-04T09:00:00.000Z', deadline: '2026-03-05T09:00:00.000Z' }],
    blind: false,
  },
  at: T0,
  ...over,
});

const open: (Server | Catcher)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    if ('messages' in one) await one.stop();
    else {
      one.closeAllConnections();
      one.close();
    }
  }
});
async function aReceiver(status: number | 'silence') {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString('utf8');
    });
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      if (status !== 'silence') response.writeHead(status, status === 302 ? { location: '/' } : {}).end();
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const only = (channels: Channel[]): Channel => {
  const [channel] = channels;
  if (!channel) throw new Error('no channel');
  return channel;
};
const webhookTo = (url: string): Channel => only(openChannels({ webhook: { url, secret: SECRET }, mail: null }, 300));
const mailTo = (smtpUrl: string, sendMs = 5_000): Channel =>
  only(
    openChannels(
      {
        webhook: null,
        mail: {
          smtpUrl,
          from: 'watchdog@hospital.example',
          to: ['on-call@hospital.example', 'deputy@hospital.example'],
        },
      },
      sendMs,
    ),
  );

test('the webhook carries ids, instants, hours and what to do; the same message has the same id', async () => {
  const { url, got } = await aReceiver(204);
  expect(await webhookTo(url).send(aMessage())).toBe(true);
  expect(await webhookTo(url).send(aMessage({ at: '2026-03-04T09:00:25.000Z' }))).toBe(true);
  await webhookTo(url).send(aMessage({ key: 'another' }));
  const ids = got.map(({ headers }) => headers['webhook-id']);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
  expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({
    type: 'watchdog.alarm',
    timestamp: T0,
    data: {
      cause: 'overdue',
      count: 1,
      incidents: [{ id: 'BR-7K3M-9QXD', deadline: '2026-03-05T09:00:00.000Z', hoursLeft: 23.9 }],
      runbook: 'docs/runbooks/watchdog-alarm.md#overdue',
    },
  });
});

for (const status of [500, 302, 'silence'] as const)
  test(`a webhook that answers ${status} has not taken it`, async () => {
    const { url } = await aReceiver(status);
    expect(await webhookTo(url).send(aMessage())).toBe(false);
  });

test('the mail goes to each address, says the same, and is the same mail when it is sent again', async () => {
  const catcher = await startCatcher();
  open.push(catcher);
  await mailTo(catcher.url).send(aMessage());
  await mailTo(catcher.url).send(aMessage());
  const mails = await Promise.all(catcher.messages().map(({ raw }) => PostalMime.parse(raw)));
  expect(mails).toHaveLength(4);
  expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(2);
  const [mail] = mails;
  expect(mail?.subject).toBe('Watchdog: a due time passed and the engine did not act: BR-7K3M-9QXD');
  for (const part of [
    'legal deadline 2026-03-05 09:00:00 UTC, 23 h 59 min left',
    'docs/runbooks/watchdog-alarm.md#overdue',
    'touch $SEVENTYTWO_WATCHDOG_DIR/acknowledge.overdue',
  ])
    expect(mail?.text).toContain(part);
});

test('one address that is refused does not keep the mail from the other; all refused is a failed channel', async () => {
  const some = await startCatcher({ onRcpt: (to) => (to.startsWith('on-call') ? { refuse: 550 } : 'take') });
  const none = await startCatcher({ onRcpt: () => ({ refuse: 550 }) });
  open.push(some, none);
  expect(await mailTo(some.url).send(aMessage())).toBe(true);
  expect(await mailTo(none.url).send(aMessage())).toBe(false);
});

test('a relay that does not answer is a failed channel in time', async () => {
  const slow = await startCatcher({ onData: () => new Promise(() => undefined) });
  open.push(slow);
  expect(await mailTo(slow.url, 300).send(aMessage())).toBe(false);
});

test('a ping counts only when the switch took it', async () => {
  const [good, bad, silent] = await Promise.all([aReceiver(200), aReceiver(500), aReceiver('silence')]);
  expect(await ping(good.url, 300)).toBe(true);
  expect(await ping(bad.url, 300)).toBe(false);
  expect(await ping(silent.url, 300)).toBe(false);
});
