import type { OutgoingMail, Relay, SendOutcome } from '../../activities/ports.js';
import { isWireAddress } from '../../domain/message/address.js';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import { type Attempt, isSession, openSession, type RelayTimeouts, RFC_TIMEOUTS, type Session } from './session.js';

export interface RelayOptions {
  /** `smtps://user:password@relay.example:465`, `smtp+starttls://…`, `smtp://127.0.0.1:1025`. */
  readonly url: string;
  readonly fallbackUrl?: string | undefined;
  /** Our own host name for EHLO. */
  readonly name: string;
  readonly timeouts?: Partial<RelayTimeouts> | undefined;
  /** PEM of a private certificate authority. */
  readonly ca?: string | undefined;
}

const MAILBOX_NAME_NOT_ALLOWED = 553; // RFC 5321 4.2.3: our own verdict, in the words a relay would use
const SKIP_DEAD_RELAY_MS = 60_000;

/** How much an outcome says when neither relay took the message: a refusal is for a person, the rest is for a timer. */
const WEIGHT: Record<SendOutcome['state'], number> = {
  accepted: 6,
  ambiguous: 5,
  refused: 4,
  deferred: 3,
  relay_refuses: 2,
  open: 1,
};

/** Nothing was handed over, so another relay may have it. After an ambiguous outcome it may not. */
const maySendElsewhere = (attempt: Attempt): boolean => attempt.state !== 'accepted' && attempt.state !== 'ambiguous';

const named = (attempt: Attempt, relay: 'first' | 'second'): SendOutcome =>
  attempt.state === 'accepted' ? { ...attempt, at: new Date().toISOString(), relay } : attempt;

/** A connection per message: for notices and alarms, several at a time. Throws only for a bad configuration or a journal that cannot write. */
export function createRelay(options: RelayOptions): Relay {
  const open = opener(options);
  return createSender(options, async (endpoint, mail, beforeDot) => {
    const session = await open(endpoint);
    if (!isSession(session)) return session;
    try {
      return await session.send(mail, beforeDot);
    } finally {
      session.close();
    }
  });
}

export interface MailingLane extends Relay {
  close(): void;
}

/**
 * One connection kept open over a mailing, one message in flight: at most one possible second copy per kill. Calls queue up.
 * A connection that the relay has closed meanwhile (idle, 421) is opened anew once.
 */
export function createMailingLane(options: RelayOptions): MailingLane {
  const open = opener(options);
  const sessions = new Map<Endpoint, Session>();
  const deadUntil = new Map<Endpoint, number>();

  const deliver = async (endpoint: Endpoint, mail: OutgoingMail, beforeDot: () => void): Promise<Attempt> => {
    const kept = sessions.get(endpoint);
    if (kept?.usable()) {
      const attempt = await kept.send(mail, beforeDot);
      const goneMeanwhile = attempt.state === 'open' || (attempt.state === 'deferred' && attempt.code === 421);
      if (!goneMeanwhile) return attempt;
    }
    sessions.delete(endpoint);
    if (options.fallbackUrl && (deadUntil.get(endpoint) ?? 0) > performance.now())
      return { state: 'open', why: 'connect' };
    const session = await open(endpoint);
    if (!isSession(session)) {
      deadUntil.set(endpoint, performance.now() + SKIP_DEAD_RELAY_MS);
      return session;
    }
    sessions.set(endpoint, session);
    return session.send(mail, beforeDot);
  };

  const sender = createSender(options, deliver);
  let queue: Promise<unknown> = Promise.resolve();
  return {
    send(mail, beforeDot) {
      const turn = queue.then(() => sender.send(mail, beforeDot));
      queue = turn.catch(() => undefined); // the caller of that turn has the failure
      return turn;
    },
    close() {
      for (const session of sessions.values()) session.close();
      sessions.clear();
    },
  };
}

type Deliver = (endpoint: Endpoint, mail: OutgoingMail, beforeDot: () => void) => Promise<Attempt>;

const opener =
  ({ name, timeouts, ca }: RelayOptions) =>
  (endpoint: Endpoint): Promise<Session | Attempt> =>
    openSession({ endpoint, name, ca, timeouts: { ...RFC_TIMEOUTS, ...timeouts } });

function createSender(options: RelayOptions, deliver: Deliver): Relay {
  const first = parseEndpoint(options.url);
  const second = options.fallbackUrl ? parseEndpoint(options.fallbackUrl) : null;
  return {
    async send(mail, beforeDot) {
      // An envelope of exactly one plain mailbox, whatever the headers say.
      if (!isWireAddress(mail.to)) return { state: 'refused', code: MAILBOX_NAME_NOT_ALLOWED, at: 'rcpt' };
      if (!isWireAddress(mail.from)) return { state: 'relay_refuses', code: MAILBOX_NAME_NOT_ALLOWED };
      const attempt = await deliver(first, mail, beforeDot);
      if (second === null || !maySendElsewhere(attempt)) return named(attempt, 'first');
      const other = await deliver(second, mail, beforeDot);
      return WEIGHT[other.state] > WEIGHT[attempt.state] ? named(other, 'second') : named(attempt, 'first');
    },
  };
}
