import type { Refusal } from './refusals.js';

const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '));
const short = (sha256: string): string => sha256.slice(0, 12);

/** A refusal in a sentence: what is wrong, with the figures, and what to do next. No `default`: a new refusal must not compile until it has one. */
export function sentence(refusal: Refusal): string {
  switch (refusal.code) {
    case 'wrong-state':
      return `The incident is ${refusal.phase}. ${refusal.action} needs it to be ${refusal.allowed.join(' or ')}.`;
    case 'already-confirmed':
      return `Awareness is confirmed at ${refusal.awareAt}. To change it, correct it.`;
    case 'instant-in-future':
      return `${refusal.path} is ${refusal.value}, later than now (${refusal.now}) by more than the ${refusal.toleranceSeconds} s that clocks may differ. Use the moment it happened; if it is the server's clock that is wrong, declare without it and confirm it when that clock is set.`;
    case 'before-first-hint':
      return `${refusal.path} is ${refusal.value}, before the first hint at ${refusal.firstHintAt}. Correct one of the two: nobody is certain before the first hint.`;
    case 'missing':
      return `${refusal.path} is missing: ${refusal.what}.`;
    case 'unknown-fact':
      return `${refusal.path} is no fact we know${refusal.nearest ? `; did you mean ${refusal.nearest}?` : '.'} All facts: seventytwo schema facts.`;
    case 'fact-value':
      return `${refusal.path} must be ${refusal.expected}; this is ${refusal.found}.`;
    case 'contradiction':
      return refusal.paths.length === 1
        ? `${refusal.paths[0]} cannot be so: ${refusal.says}. ${refusal.mend ?? 'Correct it.'}`
        : `${refusal.paths.join(' and ')} contradict each other: ${refusal.says}. ${refusal.mend ?? 'Correct one of them.'}`;
    case 'no-proposal':
      return `There is no open proposal ${refusal.proposal}. It may have been confirmed or replaced: look at the incident and confirm the one that waits.`;
    case 'same-person':
      return `${refusal.action} takes two people, and the first was you (${refusal.firstAt}). Ask a colleague to confirm, or use break-glass with a written reason.`;
    case 'login-made-by-author':
      return `${refusal.action} takes two independent people: one of these two logins was made by the other person. Ask somebody else to confirm.`;
    case 'not-the-same':
      return `This is not what ${refusal.proposal} proposes: ${refusal.what} differs. Confirm exactly what was proposed, or propose anew.`;
    case 'second-person-needed':
      return `${refusal.action} waits for a second person as ${refusal.proposal}.`;
    case 'no-such':
      return `There is no ${refusal.kind} ${refusal.id} here. Known: ${list(refusal.known)}.`;
    case 'approval-outdated':
      return `You approved version ${short(refusal.approved)}; version ${short(refusal.current)} is on the table. Read it, then approve that one.`;
    case 'already':
      return `Nothing to do: ${refusal.what}${refusal.since ? ` since ${refusal.since}` : ''}.`;
    case 'not-approved':
      return `${refusal.what} has ${refusal.have} of ${refusal.need} approvals. Get it approved first.`;
    case 'still-owed':
      return `Not everything is settled. Duties open: ${list(refusal.duties)}. Tasks open: ${list(refusal.tasks)}. Settle them, then close.`;
    case 'hold-too-long':
      return `A hold is reviewed within 7 days: not later than ${refusal.latest}, and this says ${refusal.reviewAt} (R-443).`;
    case 'not-holdable':
      return `${refusal.duty} cannot be put off or lifted this way (${refusal.rule}). The notice to the authority is lifted by a risk decision alone.`;
    case 'nothing-changed':
      return `Nothing changes: ${refusal.what} already has this value.`;
    case 'key-reused':
      return `This idempotency key was used for another command (entry ${refusal.firstSeq}). Use a new key for a new command.`;
    case 'not-in-a-live-incident':
      return `${refusal.action} exists in drills only. The clock of a live incident cannot be touched.`;
    case 'not-your-task':
      return `${refusal.task} is for ${refusal.roles.join(' or ')}. Ask one of them.`;
    case 'already-decided':
      return `${refusal.what} was decided at ${refusal.at}.`;
  }
}
