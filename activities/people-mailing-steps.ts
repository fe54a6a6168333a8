import type { RecipientState, SendOutcome } from './ports.js';

type InJournal = 'none' | 'handed' | SendOutcome;

export interface Known {
  readonly onRecord: RecipientState;
  /** The journal about the first sending, and about sending once more. */
  readonly first: InJournal;
  readonly second: InJournal;
  readonly pass: 'first' | 'again';
}

export type Step =
  | { readonly do: 'nothing' }
  | { readonly do: 'send' }
  /** Once more with the same bytes, and flagged: it may be a second copy. */
  | { readonly do: 'resend' }
  /** The journal knows more than the record: write it down, send nothing. */
  | { readonly do: 'record'; readonly state: RecipientState; readonly code: number | null };

const NOTHING: Step = { do: 'nothing' };
const record = (state: RecipientState, outcome: SendOutcome): Step => ({
  do: 'record',
  state,
  code: 'code' in outcome ? outcome.code : null,
});

/** What is owed to one recipient, from what is on record and what the journal says (mail.md 1.1: H without A is ambiguous). */
export function nextStep({ onRecord, first, second, pass }: Known): Step {
  switch (onRecord) {
    case 'accepted':
    case 'refused':
    case 'resent':
    case 'suppressed':
      return NOTHING;
    case 'open':
    case 'deferred':
    case 'ambiguous':
      return second === 'none' ? afterFirst(onRecord, first, pass) : afterSecond(onRecord, second, pass);
  }
}

function afterFirst(onRecord: 'open' | 'deferred' | 'ambiguous', first: InJournal, pass: 'first' | 'again'): Step {
  if (first === 'handed') return { do: 'resend' }; // killed between the dot and its answer
  const due = onRecord === 'open' || pass === 'again';
  const send: Step = { do: onRecord === 'ambiguous' ? 'resend' : 'send' };
  if (first === 'none') return due ? send : NOTHING;
  switch (first.state) {
    case 'accepted':
      // On record as ambiguous it was flagged already as a possible second copy: the answer settles it.
      return record('accepted', first);
    case 'refused':
      return record('refused', first);
    case 'ambiguous':
      return pass === 'again' ? { do: 'resend' } : onRecord === 'ambiguous' ? NOTHING : record('ambiguous', first);
    case 'deferred':
      if (pass === 'again') return send;
      return onRecord === 'open' ? record('deferred', first) : NOTHING;
    case 'open':
    case 'relay_refuses':
      return due ? send : NOTHING;
  }
}

function afterSecond(
  onRecord: 'open' | 'deferred' | 'ambiguous',
  second: Exclude<InJournal, 'none'>,
  pass: 'first' | 'again',
): Step {
  if (second === 'handed') return { do: 'resend' }; // killed again: at most one more copy per kill
  switch (second.state) {
    case 'accepted':
      return record('resent', second);
    case 'refused':
      return record('refused', second);
    case 'ambiguous':
      return onRecord === 'ambiguous' ? NOTHING : record('ambiguous', second); // once is enough: the rest is for a person
    case 'deferred':
    case 'open':
    case 'relay_refuses':
      return pass === 'again' || second.state !== 'deferred'
        ? { do: 'resend' }
        : onRecord === 'ambiguous'
          ? NOTHING
          : record('ambiguous', second);
  }
}

/** The state to record after sending; null when nothing was handed over and nothing changes. */
export function stateAfter(outcome: SendOutcome, again: boolean): RecipientState | null {
  switch (outcome.state) {
    case 'accepted':
      return again ? 'resent' : 'accepted';
    case 'refused':
      return 'refused';
    case 'deferred':
      return again ? 'ambiguous' : 'deferred'; // the flag of a possible second copy is never lost
    case 'ambiguous':
      return 'ambiguous';
    case 'open':
    case 'relay_refuses':
      return null;
  }
}
