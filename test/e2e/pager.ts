import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../helpers/processes.js';

/** A pager service on this machine: whom the engine wakes besides by mail. */

export interface Page {
  readonly incident: string;
  readonly milestone: string;
  readonly round: number;
  /** Its signature is right (Standard Webhooks). */
  readonly genuine: boolean;
}

export interface Pager {
  readonly env: NodeJS.ProcessEnv;
  pages(incident: string): Page[];
  /** The first about this milestone, also one that came before. */
  page(incident: string, milestone: string): Promise<Page>;
  stop(): Promise<void>;
}

const KEY = Buffer.alloc(32, 5);

export async function startPager(): Promise<Pager> {
  const heard: Page[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => {
      text += part.toString('utf8');
    });
    request.on('end', () => {
      response.end();
      const header = (name: string): string => String(request.headers[name]);
      const signed = `${header('webhook-id')}.${header('webhook-timestamp')}.${text}`;
      const wanted = createHmac('sha256', KEY).update(signed).digest();
      const given = Buffer.from(header('webhook-signature').replace(/^v1,/, ''), 'base64');
      const genuine = given.length === wanted.length && timingSafeEqual(given, wanted);
      heard.push({ ...(JSON.parse(text) as { data: Omit<Page, 'genuine'> }).data, genuine });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pages = (incident: string): Page[] => heard.filter((page) => page.incident === incident);
  return {
    env: {
      SEVENTYTWO_PAGER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
      SEVENTYTWO_PAGER_SECRET: `whsec_${KEY.toString('base64')}`,
    },
    pages,
    async page(incident, milestone) {
      const [found] = await until(
        async () => pages(incident).filter((page) => page.milestone === milestone),
        (some) => some.length > 0,
        `a page about ${milestone} of ${incident}`,
      );
      if (!found) throw new Error('It was there.');
      return found;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
