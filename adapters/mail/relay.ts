import type { OutgoingMail, Relay, SendOutcome } from '../../activities/ports.js';
import { isWireAddress } from '../../domain/message/address.js';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import {
  type Attempt,
  BEFORE_ANOTHER_MS,
  isSession,
  openSession,
  type RelayTimeouts,
  RFC_TIMEOUTS,
  type Session,
} from './session.js';

export interface RelayOptions {
  /** `smtps://user:password@relay.example:465`, `smtp+starttls://…`, `smtp://127.0.0.1:1025`. */
  readonly url: string;
  readonly fallbackUrl?: string | undefined;
  /** Our own host name for EHLO. */
  readonly name: string;
  readonly timeouts?: Partial<RelayTimeouts> | undefined;
  /** With a second relay: how long the first may be silent at each step before the dot. */
  readonly beforeAnotherMs?: number | undefined;
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

/** It did not say no: it was not there, or not in time. */
const wasSilent = (attempt: Attempt): boolean => attempt.state === 'open';

/** "Relaying denied" reads like "no such mailbox": from the second relay alone it does not end the attempts. */
const notFinal = (attempt: Attempt): Attempt =>
  attempt.state === 'refused' ? { state: 'deferred', code: attempt.code } : attempt;

const named = (attempt: Attempt, relay: 'first' | 'second'): SendOutcome =>
  attempt.state === 'accepted' ? { ...attempt, at: new Date().toISOString(), relay } : { ...attempt, relay };

/** Of two that did not take it, the one that says more; the first one's when both say as much. */
const weightier = (first: Attempt, second: Attempt): SendOutcome =>
  WEIGHT[second.state] > WEIGHT[first.state] ? named(second, 'second') : named(first, 'first');

/** A connection per message: for notices and alarms, several at a time. Throws only for a bad configuration or a journal that cannot write. */
export function createRelay(options: RelayOptions, openWith = openSession): Relay {
  const { hasty, patient } = openers(options, openWith);
  const through =
    (open: Open): Deliver =>
    async (endpoint, mail, beforeDot) => {
      const session = await open(endpoint);
      if (!isSession(session)) return session;
      try {
        return await session.send(mail, beforeDot);
      } finally {
        session.close();
      }
    };
  const again = hasty === patient ? undefined : through(patient);
  return createSender(options, { first: through(hasty), second: through(patient), again });
}

export interface MailingLane extends Relay {
  close(): void;
}

/**
 * One connection kept open over a mailing, one message in flight: at most one possible second copy per kill. Calls queue up.
 * A connection that the relay has closed meanwhile (idle, 421) is opened anew once.
 */
export function createMailingLane(options: RelayOptions): MailingLane {
  const { hasty, patient } = openers(options);
  const sessions = new Map<Endpoint, Session>();
  const deadUntil = new Map<Endpoint, number>();
  const leave = (endpoint: Endpoint): void => {
    deadUntil.set(endpoint, performance.now() + SKIP_DEAD_RELAY_MS);
  };
  /** One that greets and then falls silent is left too, or each message would wait for it. */
  const sendThrough = async (session: Session, endpoint: Endpoint, mail: OutgoingMail, beforeDot: () => void) => {
    const attempt = await session.send(mail, beforeDot);
    if (attempt.state === 'open' && attempt.why === 'timeout_before_dot') leave(endpoint);
    return attempt;
  };

  const through =
    (open: Open): Deliver =>
    async (endpoint, mail, beforeDot) => {
      const kept = sessions.get(endpoint);
      if (kept?.usable()) {
        const attempt = await sendThrough(kept, endpoint, mail, beforeDot);
        const goneMeanwhile = attempt.state === 'open' || (attempt.state === 'deferred' && attempt.code === 421);
        if (!goneMeanwhile) return attempt;
      }
      sessions.delete(endpoint);
      if (options.fallbackUrl && (deadUntil.get(endpoint) ?? 0) > performance.now())
        return { state: 'open', why: 'connect' };
      const session = await open(endpoint);
      if (!isSession(session)) {
        leave(endpoint);
        return session;
      }
      sessions.set(endpoint, session);
      return sendThrough(session, endpoint, mail, beforeDot);
    };

  const sender = createSender(options, { first: through(hasty), second: through(patient) });
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

type Open = (endpoint: Endpoint) => Promise<Session | Attempt>;
type Deliver = (endpoint: Endpoint, mail: OutgoingMail, beforeDot: () => void) => Promise<Attempt>;

/** `hasty`: for a relay beside which there is another one; the same as `patient` where that hurries enough. */
function openers(
  { name, timeouts, ca, fallbackUrl, beforeAnotherMs = BEFORE_ANOTHER_MS }: RelayOptions,
  openWith = openSession,
) {
  const limits = { ...RFC_TIMEOUTS, ...timeouts };
  const within =
    (commandMs: number): Open =>
    (endpoint) =>
      openWith({ endpoint, name, ca, timeouts: { ...limits, commandMs } });
  const patient = within(limits.commandMs);
  return { hasty: fallbackUrl && beforeAnotherMs < limits.commandMs ? within(beforeAnotherMs) : patient, patient };
}

interface Ways {
  readonly first: Deliver;
  readonly second: Deliver;
  /** The first once more, with all its time, when it was silent and the second did not take it either. */
  readonly again?: Deliver | undefined;
}

function createSender(options: RelayOptions, { first: deliver, second: deliverElsewhere, again }: Ways): Relay {
  const first = parseEndpoint(options.url);
  const second = options.fallbackUrl ? parseEndpoint(options.fallbackUrl) : null;
  return {
    async send(mail, beforeDot) {
      // An envelope of exactly one plain mailbox, whatever the headers say.
      if (!isWireAddress(mail.to)) return { state: 'refused', code: MAILBOX_NAME_NOT_ALLOWED, at: 'rcpt' };
      if (!isWireAddress(mail.from)) return { state: 'relay_refuses', code: MAILBOX_NAME_NOT_ALLOWED };
      const attempt = await deliver(first, mail, beforeDot);
      if (second === null || !maySendElsewhere(attempt)) return named(attempt, 'first');
      const other = await deliverElsewhere(second, mail, beforeDot);
      if (!maySendElsewhere(other) || attempt.state === 'refused') return weightier(attempt, other);
      if (!again || !wasSilent(attempt)) return weightier(attempt, notFinal(other));
      // It may only be slow: a second one that is down or refuses us must not decide for it.
      const later = await again(first, mail, beforeDot);
      return wasSilent(later) ? weightier(later, notFinal(other)) : named(later, 'first');
    },
  };
}
