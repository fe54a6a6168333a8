import { createHash, createHmac } from 'node:crypto';
import type { Alarm, Pager } from '../../activities/ports.js';

export interface PagerOptions {
  /** Null or missing: no pager. `http://` only for this very machine. */
  readonly url?: string | undefined;
  /** `whsec_` and base64, 24 to 64 bytes (Standard Webhooks). */
  readonly secret?: string | undefined;
  readonly timeoutMs?: number;
  /** Epoch milliseconds; real time, because the receiver refuses old signatures. */
  readonly now?: () => number;
}

const MIN_SECRET_BYTES = 24;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The same alarm has the same id, however often it is sent: the receiver may drop repeats. */
export function pageId({
  incident,
  milestone,
  round,
  occurrence,
}: Pick<Alarm, 'incident' | 'milestone' | 'round' | 'occurrence'>): string {
  return `msg_${createHash('sha256')
    .update(JSON.stringify([incident, milestone, round, ...(occurrence ? [occurrence] : [])]))
    .digest('base64url')
    .slice(0, 27)}`;
}

/** `v1,` and the base64 HMAC-SHA256 over `id.timestamp.body` (https://www.standardwebhooks.com). */
export function signature(secret: Uint8Array, id: string, timestamp: string, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

function readSecret(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < MIN_SECRET_BYTES) {
    throw new Error(
      `The pager's secret must be whsec_ and the base64 of at least ${MIN_SECRET_BYTES} bytes; this one has ${key.length}.`,
    );
  }
  return key;
}

/** Ids, instants and numbers only: what is written by people (title, sentence) stays at home. */
function body(alarm: Alarm): string {
  const { incident, mode, milestone, round, dueAt, actAt } = alarm;
  const marking = mode === 'drill' ? { exercise: 'EXERCISE EXERCISE EXERCISE' } : {}; // R-930, R-932
  return JSON.stringify({
    type: 'incident.escalation',
    timestamp: actAt,
    data: { ...marking, incident, mode, milestone, round, dueAt },
  });
}

export interface Webhook {
  /** The same id at every attempt: the receiver may drop repeats. Answers false for whatever goes wrong on the way. */
  post(id: string, body: string): Promise<boolean>;
}

/** A signed POST to a service that wakes people (Standard Webhooks). */
export function createWebhook({
  url,
  secret,
  timeoutMs = 10_000,
  now = Date.now,
}: PagerOptions & { readonly url: string }): Webhook {
  const target = new URL(url);
  if (target.protocol !== 'https:' && !(target.protocol === 'http:' && LOOPBACK.test(target.hostname))) {
    throw new Error('The pager must be reached by https:// (http:// only on this machine).');
  }
  if (!secret) throw new Error("The pager needs a secret: the receiver could not tell our alarms from anybody else's.");
  const key = readSecret(secret);
  return {
    async post(id, text) {
      const timestamp = String(Math.floor(now() / 1_000));
      try {
        const response = await fetch(target, {
          method: 'POST',
          redirect: 'error', // a signature is for this receiver only
          signal: AbortSignal.timeout(timeoutMs),
          headers: {
            'content-type': 'application/json',
            'webhook-id': id,
            'webhook-timestamp': timestamp,
            'webhook-signature': signature(key, id, timestamp, text),
          },
          body: text,
        });
        await response.body?.cancel();
        return response.ok;
      } catch {
        return false; // unreachable, too slow, redirected: reported as a failed channel by the caller
      }
    },
  };
}

/** Answers false for whatever goes wrong on the way: the other channels must not notice. */
export function createPager({ url, ...options }: PagerOptions): Pager {
  if (!url) return { page: () => null };
  const webhook = createWebhook({ ...options, url });
  return { page: (alarm) => webhook.post(pageId(alarm), body(alarm)) };
}
