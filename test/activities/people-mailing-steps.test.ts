import { expect, test } from '@jest/globals';
import { type Known, nextStep, type Step } from '../../activities/people-mailing-steps.js';
import type { SendOutcome } from '../../activities/ports.js';
import { ACCEPTED } from '../fakes/post-office.js';

const DEFERRED: SendOutcome = { state: 'deferred', code: 450 };
const REFUSED: SendOutcome = { state: 'refused', code: 550, at: 'rcpt' };
const OPEN: SendOutcome = { state: 'open', why: 'connect' };
const AMBIGUOUS: SendOutcome = { state: 'ambiguous', why: 'closed_after_dot' };

const send: Step = { do: 'send' };
const resend: Step = { do: 'resend' };
const nothing: Step = { do: 'nothing' };
const record = (
  state: 'accepted' | 'refused' | 'deferred' | 'ambiguous' | 'resent',
  code: number | null = null,
): Step => ({ do: 'record', state, code });

type Row = readonly [Known['onRecord'], Known['first'], Known['second'], Step, Step, string];
// on record   first       second      in the first pass          in a later pass            why this row is here
const rows: readonly Row[] = [
  ['open', 'none', 'none', send, send, 'not tried yet'],
  ['open', 'handed', 'none', resend, resend, 'killed between the dot and its answer'],
  ['open', ACCEPTED, 'none', record('accepted'), record('accepted'), 'killed before the answer was recorded'],
  ['open', REFUSED, 'none', record('refused', 550), record('refused', 550), 'the same with a refusal'],
  ['open', DEFERRED, 'none', record('deferred', 450), send, 'the same with a deferral'],
  ['open', OPEN, 'none', send, send, 'the relay was not there: nothing was handed over'],
  ['open', AMBIGUOUS, 'none', record('ambiguous'), resend, 'the relay did not answer the dot'],
  ['deferred', 'none', 'none', nothing, send, 'put off: its time comes later'],
  ['deferred', DEFERRED, 'none', nothing, send, 'the same, with its journal'],
  ['deferred', 'handed', 'none', resend, resend, 'killed in a later pass'],
  ['deferred', ACCEPTED, 'none', record('accepted'), record('accepted'), 'accepted in a later pass, not recorded'],
  ['ambiguous', AMBIGUOUS, 'none', nothing, resend, 'once more, in the next pass'],
  ['ambiguous', 'none', 'none', nothing, resend, 'ambiguous on another worker'],
  ['ambiguous', DEFERRED, 'none', nothing, resend, 'the flag of a second copy is never lost'],
  ['ambiguous', AMBIGUOUS, ACCEPTED, record('resent'), record('resent'), 'sent once more, not recorded'],
  ['ambiguous', AMBIGUOUS, 'handed', resend, resend, 'killed while sending once more: one more copy for that kill'],
  ['ambiguous', AMBIGUOUS, REFUSED, record('refused', 550), record('refused', 550), 'refused when sent once more'],
  ['ambiguous', AMBIGUOUS, DEFERRED, nothing, resend, 'put off when sent once more'],
  ['ambiguous', 'handed', OPEN, resend, resend, 'the relay was not there when it was to be sent once more'],
  ['ambiguous', AMBIGUOUS, AMBIGUOUS, nothing, nothing, 'twice without an answer: a person decides'],
  ['open', 'handed', ACCEPTED, record('resent'), record('resent'), 'killed twice'],
  ['accepted', 'handed', 'none', nothing, nothing, 'what is on record as done stays done'],
  ['refused', 'none', 'none', nothing, nothing, 'refused stays refused'],
  ['resent', ACCEPTED, ACCEPTED, nothing, nothing, 'sent once more stays so'],
  ['suppressed', 'none', 'none', nothing, nothing, 'suppressed gets nothing'],
];

for (const [onRecord, first, second, inFirst, later, why] of rows) {
  test(`next step: ${why}`, () => {
    expect([
      nextStep({ onRecord, first, second, pass: 'first' }),
      nextStep({ onRecord, first, second, pass: 'again' }),
    ]).toEqual([inFirst, later]);
  });
}
