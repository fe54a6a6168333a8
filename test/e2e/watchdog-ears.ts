import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Catcher } from '../../stack/catcher.js';
import { startCatcher } from '../../stack/engines.js';

/** Whoever the watchdog wakes, and its dead-man switch, on this machine. */

export interface Heard {
  readonly id: string;
  readonly type: 'watchdog.alarm' | 'watchdog.over';
  readonly cause: string;
  readonly kind: string;
  readonly says: string;
  readonly incidents: readonly {
    id: string;
    dueAt: string | null;
    deadline: string | null;
    hoursLeft: number | null;
  }[];
  readonly genuine: boolean;
  readonly at: number;
}

export interface Ears {
  readonly env: NodeJS.ProcessEnv;
  readonly heard: Heard[];
  readonly mail: Catcher;
  readonly pings: () => number;
  /** The first message that fits, from those heard already on. */
  hear(is: (one: Heard) => boolean, what: string, withinMs?: number): Promise<Heard>;
  alarm(cause: string, id?: string): Promise<Heard>;
  over(cause: string): Promise<Heard>;
  /** What was heard so far does not count any more. */
  forget(): void;
  stop(): Promise<void>;
}

const KEY = Buffer.alloc(32, 9);

export async function startEars(folder: string): Promise<Ears> {
  const mail = await startCatcher();
  const heard: Heard[] = [];
  let pings = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => {
      text += part.toString('utf8');
    });
    request.on('end', () => {
      response.end();
      if (request.method === 'GET') {
        pings += 1;
        return;
      }
      const header = (name: string): string => String(request.headers[name]);
      const body = JSON.parse(text) as { type: Heard['type']; data: Omit<Heard, 'id' | 'type' | 'genuine' | 'at'> };
      const wanted = createHmac('sha256', KEY)
        .update(`${header('webhook-id')}.${header('webhook-timestamp')}.${text}`)
        .digest();
      const given = Buffer.from(header('webhook-signature').replace(/^v1,/, ''), 'base64');
      const genuine = given.length === wanted.length && timingSafeEqual(given, wanted);
      heard.push({ ...body.data, id: header('webhook-id'), type: body.type, genuine, at: Date.now() });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function hear(is: (one: Heard) => boolean, what: string, withinMs = 60_000): Promise<Heard> {
    const end = Date.now() + withinMs;
    for (;;) {
      const found = heard.find(is);
      if (found) return found;
      if (Date.now() > end)
        throw new Error(`Not heard within ${withinMs / 1_000} s: ${what}. Heard: ${JSON.stringify(heard.slice(-6))}`);
      await delay(30);
    }
  }
  return {
    env: {
      SEVENTYTWO_WATCHDOG_DIR: join(folder, 'watchdog'),
      SEVENTYTWO_WATCHDOG_WEBHOOK_URL: `${url}/hook`,
      SEVENTYTWO_WATCHDOG_WEBHOOK_SECRET: `whsec_${KEY.toString('base64')}`,
      SEVENTYTWO_WATCHDOG_SMTP_URL: mail.url,
      SEVENTYTWO_WATCHDOG_MAIL_FROM: 'watchdog@hospital.example',
      SEVENTYTWO_WATCHDOG_MAIL_TO: 'on-call@hospital.example, deputy@hospital.example',
      SEVENTYTWO_WATCHDOG_PING_URL: `${url}/ping`,
      SEVENTYTWO_WATCHDOG_LISTEN: '127.0.0.1:0',
      SEVENTYTWO_WATCHDOG_ROUND_SECONDS: '1',
    },
    heard,
    mail,
    pings: () => pings,
    hear,
    alarm: (cause, id) =>
      hear(
        (one) =>
          one.type === 'watchdog.alarm' &&
          one.cause === cause &&
          (id === undefined || one.incidents.some((i) => i.id === id)),
        `an alarm ${cause} ${id ?? ''}`,
      ),
    over: (cause) => hear((one) => one.type === 'watchdog.over' && one.cause === cause, `the end of ${cause}`),
    forget: () => {
      heard.length = 0;
      mail.clear();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await mail.stop();
    },
  };
}
