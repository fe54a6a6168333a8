import { ApplicationFailure, Context } from '@temporalio/activity';
import type { MailingTotals } from '../domain/incident/events.js';
import { isExerciseAddress } from '../domain/message/address.js';
import type { MailingInput } from '../domain/message/mailing.js';
import type { MessageContent, PeopleMessage } from '../domain/message/model.js';
import { variantName } from '../domain/message/segments.js';
import { textFor, uncovered } from '../domain/message/texts.js';
import { whileAlive } from './alive.js';
import { nextStep, stateAfter } from './people-mailing-steps.js';
import type {
  Hasher,
  Journal,
  MailComposer,
  Messages,
  OutgoingMail,
  Outcomes,
  Recipient,
  RecipientLists,
  RecipientState,
  Relay,
  SendOutcome,
} from './ports.js';

export interface MailingTools {
  readonly lists: RecipientLists;
  readonly outcomes: Outcomes;
  readonly messages: Messages;
  readonly composer: MailComposer;
  readonly hasher: Hasher;
  /** One message in flight at a time (`createMailingLane`): that is what bounds possible second copies. */
  readonly lane: Relay;
  readonly journal: Journal;
}

/** Answers since a person last said "go": what decides whether the content or the relay is the trouble. */
export interface Tally {
  readonly answered: number;
  readonly refused: number;
  readonly refusedAtData: number;
}
export const NO_TALLY: Tally = { answered: 0, refused: 0, refusedAtData: 0 };

export interface SendRange {
  readonly mailing: MailingInput;
  /** From 0. */
  readonly range: number;
  /** `first`: everybody who has not been tried. `again`: also those who were put off, and once those whose outcome is ambiguous. */
  readonly pass: 'first' | 'again';
  /** The last call for this range did not come back: what it sent last may not be on record. */
  readonly formerBroken: boolean;
  readonly tally: Tally;
  /** What the last call for this range answered: more than is on record now means that the database was set back. */
  readonly known?: RangeResult['counts'];
  /** A person has said "go on" though outcomes of this range are lost: whoever is not on record is told once more, flagged. */
  readonly despiteLoss?: true;
}

export type Stop = 'cancelled' | 'relay-refuses' | 'too-many-refusals' | 'unreachable';

export interface RangeResult {
  readonly counts: Readonly<Record<RecipientState, number>>;
  /** Recipients for whom a later pass may bring an answer. */
  readonly again: number;
  /** Null when nobody is left for this pass. */
  readonly stopped: Stop | null;
  readonly code: number | null;
  readonly tally: Tally;
}

/** Also the most messages that can be unrecorded when the worker and its journal are lost together. */
export const FLUSH_AFTER = 25;
const FLUSH_MS = 1_000;
const GIVE_UP_AFTER_OPEN = 3; // in a row
/** A relay that takes every message and never says so leaves nobody known to be told. */
const GIVE_UP_AFTER_AMBIGUOUS = 5; // in a row
const SERVICE_NOT_AVAILABLE = 421;

const ENOUGH_REFUSED_AT_DATA = 3;
const ENOUGH_REFUSED = 20;
/** Refused after the message was seen: the content is blocked (more than 5 %). Refused by address: the list or the relay is wrong (more than 25 %). */
export const tooManyRefusals = ({ answered, refused, refusedAtData }: Tally): boolean =>
  (refusedAtData >= ENOUGH_REFUSED_AT_DATA && refusedAtData * 20 > answered) ||
  (refused >= ENOUGH_REFUSED && refused * 4 > answered);

const count = (tally: Tally, outcome: SendOutcome): Tally =>
  outcome.state !== 'accepted' && outcome.state !== 'refused' && outcome.state !== 'deferred'
    ? tally
    : {
        answered: tally.answered + 1,
        refused: tally.refused + (outcome.state === 'refused' ? 1 : 0),
        refusedAtData: tally.refusedAtData + (outcome.state === 'refused' && outcome.at === 'data' ? 1 : 0),
      };

const SETTLED: readonly RecipientState[] = ['accepted', 'refused', 'resent', 'suppressed'];

const mailingKey = ({ incidentId, mailing }: MailingInput): string => `${incidentId}/${mailing}`;

export type MailingActivities = ReturnType<typeof createMailingActivities>;

/** Final failures: `ApprovalMismatch` (text or list are not what was approved), `LeaseLost` (another worker has the range). */
export function createMailingActivities({ lists, outcomes, messages, composer, hasher, lane, journal }: MailingTools) {
  async function approvedMessage({ incidentId, mode, messageSha256 }: MailingInput): Promise<MessageContent> {
    const message = await messages.message(messageSha256);
    const found = message && hasher.canonicalSha256(message);
    if (message && found === messageSha256 && message.incident === incidentId && message.mode === mode) return message;
    throw ApplicationFailure.nonRetryable(
      `The message with the approved hash ${messageSha256} is ${message ? 'another one' : 'not there'}. Nothing was sent.`,
      'ApprovalMismatch',
      { incidentId, messageSha256 },
    );
  }

  /** Notes outcomes in bulk; what is not noted yet is in the journal. */
  function recorder(mailing: MailingInput, range: number, token: number, states: Map<number, RecipientState>) {
    let changes = new Map<number, RecipientState>();
    let exceptions: { n: number; code: number }[] = [];
    let flushedAt = performance.now();
    const flush = async (): Promise<void> => {
      if (changes.size === 0) return;
      try {
        await outcomes.record(mailingKey(mailing), range, token, changes, exceptions);
      } catch (error) {
        if (error instanceof Error && error.name === 'LeaseLost') {
          throw ApplicationFailure.nonRetryable(
            `Range ${range} of mailing ${mailingKey(mailing)} was taken over by another worker.`,
            'LeaseLost',
          );
        }
        throw error;
      }
      changes = new Map();
      exceptions = [];
      flushedAt = performance.now();
    };
    return {
      flush,
      async note(n: number, state: RecipientState, code: number | null): Promise<void> {
        if (states.get(n) === state && code === null) return;
        states.set(n, state);
        changes.set(n, state);
        if (code !== null) exceptions.push({ n, code });
        if (changes.size >= FLUSH_AFTER || performance.now() - flushedAt > FLUSH_MS) await flush();
      },
    };
  }

  /** The text of this person's language and of the data that leaked of them, or nothing at all. */
  function textOf(message: MessageContent, recipient: Recipient): PeopleMessage {
    const text = textFor(message, recipient);
    if (text) return text;
    throw ApplicationFailure.nonRetryable(
      `The approved message has no text for recipient ${recipient.n} (${variantName(recipient)}). This one was sent nothing.`,
      'ApprovalMismatch',
    );
  }

  function compose(message: PeopleMessage, recipient: Recipient, mailing: MailingInput): OutgoingMail {
    const mail = composer.peopleMail(message, recipient, {
      key: mailingKey(mailing),
      from: mailing.from,
      date: mailing.approvedAt,
    });
    if (mail.to === recipient.email) return mail;
    throw ApplicationFailure.nonRetryable(
      `The message to recipient ${recipient.n} was addressed to somebody else. Nothing was sent.`,
      'ApprovalMismatch',
    );
  }

  /** How many of the range are settled, on record or by the journal. */
  function settled(group: string, states: ReadonlyMap<number, RecipientState>): number {
    const inJournal = (key: string): boolean => {
      const found = journal.state(key);
      return typeof found === 'object' && (found.state === 'accepted' || found.state === 'refused');
    };
    return [...states].filter(
      ([n, state]) => SETTLED.includes(state) || inJournal(`${group}/${n}`) || inJournal(`${group}/${n}r`),
    ).length;
  }

  async function send(input: SendRange): Promise<RangeResult> {
    const { mailing, range, pass, formerBroken, tally: before, known } = input;
    const { cancellationSignal, info } = Context.current();
    const message = await approvedMessage(mailing);
    const recipients = await lists.range(mailing.list, range);
    const { token, states: onRecord } = await outcomes.claim(mailingKey(mailing), range, recipients.length);
    const states = new Map(recipients.map(({ n }, index) => [n, onRecord[index] ?? 'open']));
    const record = recorder(mailing, range, token, states);

    const group = `mailing/${mailingKey(mailing)}/${range}`;
    // The holder before us wrote into another worker's journal, and did not come back: the next ones in order may have been sent.
    let maybeSent =
      token > 1 && (formerBroken || info.attempt > 1) && journal.state(`${group}/own-${token - 1}`) === 'none'
        ? FLUSH_AFTER
        : 0;
    journal.handed(`${group}/own-${token}`);
    if (known && settled(group, states) < SETTLED.reduce((sum, state) => sum + known[state], 0)) {
      // Where everybody was told there is nothing to doubt: it is written down again.
      if (known.accepted === recipients.length) for (const { n } of recipients) await record.note(n, 'accepted', null);
      else if (input.despiteLoss) maybeSent = recipients.length;
      else
        throw ApplicationFailure.nonRetryable(
          `Outcomes of range ${range} of mailing ${mailingKey(mailing)} are lost: who was told is not known any more. Nothing was sent.`,
          'OutcomesLost',
        );
    }

    let tally = before;
    let stopped: Stop | null = null;
    let code: number | null = null;
    let openInARow = 0;
    let ambiguousInARow = 0;

    for (const recipient of recipients) {
      if (cancellationSignal.aborted) stopped = 'cancelled';
      if (stopped) break;
      const { n } = recipient;
      const first = `${group}/${n}`;
      const second = `${group}/${n}r`;
      const step = nextStep({
        onRecord: states.get(n) ?? 'open',
        first: journal.state(first),
        second: journal.state(second),
        pass,
      });
      if (step.do === 'nothing') continue;
      if (step.do === 'record') {
        await record.note(n, step.state, step.code);
        continue;
      }
      if (mailing.mode === 'drill' && !isExerciseAddress(recipient.email)) {
        await record.note(n, 'suppressed', null);
        continue;
      }
      const again = step.do === 'resend' || maybeSent > 0;
      if (step.do === 'send' && maybeSent > 0) maybeSent--;
      if (again) await record.note(n, 'ambiguous', null);

      const key = again ? second : first;
      const outcome = await lane.send(compose(textOf(message, recipient), recipient, mailing), () =>
        journal.handed(key),
      );
      journal.answered(key, outcome);
      tally = count(tally, outcome);

      const notTaken =
        outcome.state === 'open' || (outcome.state === 'deferred' && outcome.code === SERVICE_NOT_AVAILABLE);
      openInARow = notTaken ? openInARow + 1 : 0;
      if (openInARow >= GIVE_UP_AFTER_OPEN) stopped = 'unreachable';
      ambiguousInARow = outcome.state === 'ambiguous' ? ambiguousInARow + 1 : 0;
      if (ambiguousInARow >= GIVE_UP_AFTER_AMBIGUOUS) stopped = 'relay-refuses';
      if (outcome.state === 'relay_refuses') [stopped, code] = ['relay-refuses', outcome.code];
      const state = notTaken ? null : stateAfter(outcome, again);
      if (state) await record.note(n, state, 'code' in outcome ? outcome.code : null);
      if (tooManyRefusals(tally)) [stopped, code] = ['too-many-refusals', 'code' in outcome ? outcome.code : null];
    }
    await record.flush();

    const counts: Record<RecipientState, number> = {
      open: 0,
      accepted: 0,
      refused: 0,
      deferred: 0,
      ambiguous: 0,
      resent: 0,
      suppressed: 0,
    };
    let waiting = 0;
    for (const [n, state] of states) {
      counts[state]++;
      const resentInVain = journal.state(`${group}/${n}r`);
      if (
        state === 'deferred' ||
        (state === 'ambiguous' && !(typeof resentInVain === 'object' && resentInVain.state === 'ambiguous'))
      )
        waiting++;
    }
    if (stopped === null && counts.open > 0) stopped = 'unreachable'; // one or two that the relay did not take, with others in between
    if (counts.ambiguous === 0) journal.forget(group);
    return { counts, again: waiting, stopped, code, tally };
  }

  return {
    /** Before anything is sent: the text is the approved one, the list is there. Answers how many ranges it has. */
    checkMailing: async (mailing: MailingInput): Promise<{ ranges: number }> => {
      return whileAlive(async () => {
        const message = await approvedMessage(mailing);
        const { count, sha256, segments } = await lists.frozenAs(mailing.list);
        if (sha256 !== mailing.listSha256 || count !== mailing.count)
          throw ApplicationFailure.nonRetryable(
            `The list has ${count} people and the hash ${sha256}; ${mailing.count} and ${mailing.listSha256} were approved. Nothing was sent.`,
            'ApprovalMismatch',
          );
        const left = uncovered(message, segments ?? []);
        if (left.length > 0)
          throw ApplicationFailure.nonRetryable(
            `The approved message has no text for ${left.reduce((sum, one) => sum + one.count, 0)} people of the list (${[...new Set(left.map(variantName))].slice(0, 5).join(', ')}). Nothing was sent.`,
            'ApprovalMismatch',
          );
        return { ranges: await lists.ranges(mailing.list) };
      });
    },

    /** Goes on where the record and the journal say: after a kill as after a pause. Stops within a message when it is cancelled. */
    sendRange: async (input: SendRange): Promise<RangeResult> => {
      return whileAlive(() => send(input));
    },

    mailingTotals: async (mailing: MailingInput): Promise<MailingTotals> => {
      return whileAlive(() => outcomes.totals(mailingKey(mailing)));
    },

    mailingDigest: async (mailing: MailingInput): Promise<string> => {
      return whileAlive(() => outcomes.digest(mailingKey(mailing)));
    },
  };
}
