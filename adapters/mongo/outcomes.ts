import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { Outcomes, RecipientState } from '../../activities/ports.js';
import type { MailingTotals } from '../../domain/incident/events.js';
import { isDuplicateKey } from './connect.js';
import { RANGE_SIZE } from './lists.js';

/** One byte a recipient; the places in this table are stored and never change. */
const STATES = [
  'open',
  'accepted',
  'refused',
  'deferred',
  'ambiguous',
  'resent',
  'suppressed',
] as const satisfies readonly RecipientState[];
const byteOf = new Map<RecipientState, number>(STATES.map((state, byte) => [state, byte]));

/** Another attempt has taken the range over: this one must stop sending. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor(mailing: string, range: number, token: number) {
    super(
      `Range ${range} of mailing ${mailing} was taken over from token ${token}. What this attempt did after that is not on record.`,
    );
  }
}

/** Bytes and `updateOne` only: arrays and findOneAndUpdate cost many times as much on the embedded store (mail.md, section 3). */
interface OutcomeDoc {
  _id: string; // mailing/range
  mailing: string;
  range: number;
  token: number;
  /** Rises with each write, so that two writes of one holder cannot undo each other. */
  rev: number;
  states: Buffer;
  /** JSON: `[[n, code], …]`, in order of n. */
  exceptions: string;
}

function decode(states: Buffer): RecipientState[] {
  return Array.from(states, (byte) => {
    const state = STATES[byte];
    if (!state)
      throw new RangeError(`An outcome on record has the unknown code ${byte}: it was written by a later version.`);
    return state;
  });
}

function withChanges(doc: OutcomeDoc, changes: ReadonlyMap<number, RecipientState>): Buffer {
  const first = doc.range * RANGE_SIZE + 1;
  const states = Buffer.from(doc.states);
  for (const [n, state] of changes) {
    const at = n - first;
    if (!Number.isInteger(at) || at < 0 || at >= states.length) {
      throw new RangeError(
        `Recipient ${n} is not in range ${doc.range}, which holds ${first} to ${first + states.length - 1}.`,
      );
    }
    states[at] = byteOf.get(state) ?? 0;
  }
  return states;
}

function withExceptions(json: string, added: readonly { n: number; code: number }[]): string {
  const byNumber = new Map(JSON.parse(json) as [number, number][]);
  for (const { n, code } of added) byNumber.set(n, code);
  return JSON.stringify([...byNumber].sort(([a], [b]) => a - b));
}

/** Collection `outcomes`. Recipients are numbered from 1; `states[i]` of range `r` belongs to number `r * 500 + i + 1`. */
export function createOutcomes({ db }: { db: Db }): Outcomes {
  const outcomes: Collection<OutcomeDoc> = db.collection('outcomes');
  const ofMailing = (mailing: string) => outcomes.find({ mailing }).sort({ range: 1 });

  return {
    async claim(mailing, range, count) {
      if (!Number.isInteger(count) || count < 1 || count > RANGE_SIZE)
        throw new RangeError(`A range holds 1 to ${RANGE_SIZE} recipients, not ${count}.`);
      const _id = `${mailing}/${range}`;
      for (;;) {
        const doc = await outcomes.findOne({ _id });
        if (!doc) {
          try {
            await outcomes.insertOne({
              _id,
              mailing,
              range,
              token: 1,
              rev: 0,
              states: Buffer.alloc(count),
              exceptions: '[]',
            });
            return { token: 1, states: decode(Buffer.alloc(count)) };
          } catch (error) {
            if (!isDuplicateKey(error)) throw error;
            continue;
          }
        }
        if (doc.states.length !== count)
          throw new RangeError(
            `Range ${range} of mailing ${mailing} has ${doc.states.length} recipients on record, not ${count}.`,
          );
        const token = doc.token + 1;
        // Also on rev: the former holder may write between the read and this, and what it wrote must be in the answer.
        const { matchedCount } = await outcomes.updateOne({ _id, token: doc.token, rev: doc.rev }, { $set: { token } });
        if (matchedCount === 1) return { token, states: decode(doc.states) };
      }
    },

    async record(mailing, range, token, changes, exceptions) {
      const _id = `${mailing}/${range}`;
      for (;;) {
        const doc = await outcomes.findOne({ _id, token });
        if (!doc) throw new LeaseLost(mailing, range, token);
        const next = {
          states: withChanges(doc, changes),
          exceptions: withExceptions(doc.exceptions, exceptions),
          rev: doc.rev + 1,
        };
        const { matchedCount } = await outcomes.updateOne({ _id, token, rev: doc.rev }, { $set: next });
        if (matchedCount === 1) return;
      }
    },

    /** Counts the ranges claimed so far; `total` is the sum of their recipients. Each recipient counts in one place; the open ones in none. */
    async totals(mailing) {
      const counts: number[] = STATES.map(() => 0);
      let total = 0;
      for await (const { states } of ofMailing(mailing)) {
        total += states.length;
        for (const byte of states) counts[byte] = (counts[byte] ?? 0) + 1;
      }
      const of = (state: RecipientState): number => counts[byteOf.get(state) ?? -1] ?? 0;
      const totals: MailingTotals = {
        total,
        accepted: of('accepted'),
        refused: of('refused'),
        deferred: of('deferred'),
        suppressed: of('suppressed'),
        ambiguous: of('ambiguous'),
        resent: of('resent'),
      };
      return totals;
    },

    /** Over `number:state LF` in order. */
    async digest(mailing) {
      const hash = createHash('sha256');
      for await (const { range, states } of ofMailing(mailing)) {
        decode(states).forEach((state, i) => hash.update(`${range * RANGE_SIZE + i + 1}:${state}\n`));
      }
      return hash.digest('hex');
    },
  };
}
