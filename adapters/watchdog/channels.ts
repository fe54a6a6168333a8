import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { hoursLeft, MOST_NAMED, wordsOf } from '../../domain/watch/words.js';
import type { WatchMessage } from '../../domain/watch/alarms.js';
import { createWebhook } from '../mail/pager.js';
import { createRelay } from '../mail/relay.js';
import { watchMail } from '../render/watch-mail.js';
import type { WatchdogConfig } from './config.js';

/** One way to wake somebody. Answers whether it took the message, in time; never throws. */
export interface Channel {
  readonly name: 'webhook' | 'mail';
  send(message: WatchMessage): Promise<boolean>;
}

/** The watchdog's own ways: none goes through the engine, its stores or its workers. */
export function openChannels(
  { webhook, mail, smtpCaFile }: Pick<WatchdogConfig, 'webhook' | 'mail' | 'smtpCaFile'>,
  sendMs: number,
): Channel[] {
  return [
    ...(webhook ? [webhookChannel(webhook, sendMs)] : []),
    ...(mail ? [mailChannel(mail, smtpCaFile, sendMs)] : []),
  ];
}

const idOf = ({ key }: WatchMessage): string => createHash('sha256').update(key).digest('base64url').slice(0, 27);

function webhookChannel(to: { url: string; secret: string }, sendMs: number): Channel {
  const webhook = createWebhook({ ...to, timeoutMs: sendMs });
  return { name: 'webhook', send: (message) => webhook.post(`msg_${idOf(message)}`, bodyOf(message)) };
}

function bodyOf(message: WatchMessage): string {
  const { kind, cause, begunAt, finding, at } = message;
  const { subject, says, next, runbook } = wordsOf(message);
  const incidents = finding.incidents.slice(0, MOST_NAMED).map((one) => ({
    ...one,
    hoursLeft: one.deadline === null ? null : hoursLeft(one.deadline, at),
  }));
  return JSON.stringify({
    type: kind === 'over' ? 'watchdog.over' : 'watchdog.alarm',
    timestamp: at,
    data: {
      cause,
      kind,
      begunAt,
      since: finding.since,
      subject,
      says,
      next,
      runbook,
      count: finding.incidents.length,
      incidents,
    },
  });
}

function mailChannel(
  { smtpUrl, from, to }: NonNullable<WatchdogConfig['mail']>,
  caFile: string | undefined,
  sendMs: number,
): Channel {
  const half = Math.floor(sendMs / 2);
  const relay = createRelay({
    url: smtpUrl,
    name: hostname(),
    ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8'),
    timeouts: { connectMs: half, commandMs: half, dotMs: sendMs },
  });
  return {
    name: 'mail',
    async send(message) {
      const all = Promise.all(
        to.map((address) => relay.send(watchMail(message, idOf(message), from, address), () => undefined)),
      );
      // One recipient that was reached is awake; the others get the repetitions.
      const took = all.then((outcomes) => outcomes.some(({ state }) => state === 'accepted'));
      return inTime(took, sendMs);
    },
  };
}

async function inTime(took: Promise<boolean>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([took.catch(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A plain GET, as every dead-man switch takes it. */
export async function ping(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false; // counted by the caller; the switch itself calls when pings stay away
  }
}
