import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { createPager } from '../../../adapters/mail/pager.js';
import { anAlarm } from '../../fakes/alarm.js';

const KEY = Buffer.alloc(32, 7);
const SECRET = `whsec_${KEY.toString('base64')}`;
const NOW = Date.parse('2026-03-02T09:00:00.000Z');

interface Paged {
  readonly id: string;
  readonly body: string;
  readonly genuine: boolean;
}
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A pager service that verifies by the text of Standard Webhooks, with its own arithmetic. */
async function startPagerService(
  answer: { status: number; location?: string } | 'silence',
): Promise<{ url: string; paged: Paged[] }> {
  const paged: Paged[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const header = (name: string): string => String(request.headers[name]);
      const expected = createHmac('sha256', KEY)
        .update(`${header('webhook-id')}.${header('webhook-timestamp')}.${body}`)
        .digest();
      const [version, signed = ''] = header('webhook-signature').split(',');
      const given = Buffer.from(signed, 'base64');
      const fresh = Math.abs(Number(header('webhook-timestamp')) - NOW / 1_000) < 300;
      const genuine = version === 'v1' && fresh && given.length === expected.length && timingSafeEqual(given, expected);
      paged.push({ id: header('webhook-id'), body, genuine });
      if (answer !== 'silence')
        response.writeHead(answer.status, answer.location ? { location: answer.location } : {}).end('x'.repeat(10));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/page`, paged };
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const pagerFor = (url: string) => createPager({ url, secret: SECRET, timeoutMs: 300, now: () => NOW });

test('a receiver can verify the signature, and a repeat has the same id while another round has another', async () => {
  const { url, paged } = await startPagerService({ status: 204 });
  const pager = pagerFor(url);
  expect(await pager.page(anAlarm({ round: 1 }))).toBe(true);
  expect(await pager.page(anAlarm({ round: 1 }))).toBe(true);
  expect(await pager.page(anAlarm({ round: 2 }))).toBe(true);
  expect(paged.map(({ genuine }) => genuine)).toEqual([true, true, true]);
  expect(paged[0]?.id).toBe(paged[1]?.id);
  expect(paged[2]?.id).not.toBe(paged[1]?.id);
});

test('nothing that a person wrote leaves by the pager: ids, instants and numbers only', async () => {
  const { url, paged } = await startPagerService({ status: 200 });
  await pagerFor(url).page(anAlarm({ title: 'CANARY-TITLE', says: 'CANARY-SAYS', next: 'CANARY-NEXT' }));
  expect(paged[0]?.body).not.toContain('CANARY');
  expect(JSON.parse(paged[0]?.body ?? '')).toEqual({
    type: 'incident.escalation',
    timestamp: '2026-03-04T09:00:00.000Z',
    data: {
      incident: 'BR-7K3M-9QXD',
      mode: 'live',
      milestone: 'aware+48h',
      round: 1,
      dueAt: '2026-03-05T09:00:00.000Z',
    },
  });
});

test('a drill says that it is one (R-930, R-932)', async () => {
  const { url, paged } = await startPagerService({ status: 200 });
  await pagerFor(url).page(anAlarm({ mode: 'drill' }));
  expect(paged[0]?.body).toContain('EXERCISE EXERCISE EXERCISE');
});

// answer                                                       why this row is here
const failures = [
  [{ status: 500 }, 'the service is broken'],
  [{ status: 401 }, 'the secret is another one'],
  [
    { status: 302, location: 'http://127.0.0.1:1/elsewhere' },
    'it sends us elsewhere: the signature is for nobody else',
  ],
  ['silence', 'it never answers'],
] as const;
for (const [answer, why] of failures) {
  test(`a page that is not taken answers false and throws nothing: ${why}`, async () => {
    const { url } = await startPagerService(answer);
    expect(await pagerFor(url).page(anAlarm())).toBe(false);
  });
}

test('nobody listens: false', async () => {
  expect(await pagerFor('http://127.0.0.1:1/').page(anAlarm())).toBe(false);
});

test('without a url there is no pager', () => {
  expect(createPager({}).page(anAlarm())).toBeNull();
});

test('a pager that is configured wrongly is refused at start', () => {
  expect(() => createPager({ url: 'http://pager.example/', secret: SECRET })).toThrow('https://');
  expect(() => createPager({ url: 'https://pager.example/' })).toThrow('needs a secret');
  expect(() => createPager({ url: 'https://pager.example/', secret: 'whsec_c2hvcnQ=' })).toThrow(
    'at least 24 bytes; this one has 5',
  );
});
