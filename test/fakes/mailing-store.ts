import { createHash } from 'node:crypto';
import type { Messages, Outcomes, RecipientLists, RecipientState } from '../../activities/ports.js';
import { canonicalSha256 } from '../../adapters/crypto/hash.js';
import type { MailingInput } from '../../domain/message/mailing.js';
import type { MessageContent, PeopleMessage } from '../../domain/message/model.js';

const RANGE = 500;

/** A frozen list of `count` people (it may claim another number): p1@people.test, p2@people.test and on; `address` makes others. */
export function listOf(
  count: number,
  address: (n: number) => string = (n) => `p${n}@people.test`,
  claims = count,
): RecipientLists {
  return {
    ranges: async () => Math.ceil(count / RANGE),
    frozenAs: async () => ({ count: claims, sha256: 'a'.repeat(64), segments: null }),
    range: async (_list, range) =>
      Array.from({ length: Math.min(RANGE, count - range * RANGE) }, (_, i) => range * RANGE + i + 1).map((n) => ({
        n,
        email: address(n),
        language: 'en',
        data: null,
      })),
  };
}

export interface MemoryOutcomes extends Outcomes {
  stateOf(n: number): RecipientState;
}

/** The rules of the port without a database. */
export function memoryOutcomes(): MemoryOutcomes {
  const ranges = new Map<number, { token: number; states: RecipientState[] }>();
  const all = (): RecipientState[] => [...ranges].sort(([a], [b]) => a - b).flatMap(([, { states }]) => states);
  return {
    stateOf: (n) => ranges.get(Math.floor((n - 1) / RANGE))?.states[(n - 1) % RANGE] ?? 'open',
    async claim(_mailing, range, count) {
      const held = ranges.get(range) ?? {
        token: 0,
        states: Array.from({ length: count }, (): RecipientState => 'open'),
      };
      held.token++;
      ranges.set(range, held);
      return { token: held.token, states: [...held.states] };
    },
    async record(_mailing, range, token, changes) {
      const held = ranges.get(range);
      if (held?.token !== token) throw Object.assign(new Error('taken over'), { name: 'LeaseLost' });
      for (const [n, state] of changes) held.states[n - 1 - range * RANGE] = state;
    },
    async totals() {
      const of = (state: RecipientState): number => all().filter((s) => s === state).length;
      return {
        total: all().length,
        accepted: of('accepted'),
        refused: of('refused'),
        deferred: of('deferred'),
        suppressed: of('suppressed'),
        ambiguous: of('ambiguous'),
        resent: of('resent'),
      };
    },
    digest: async () => createHash('sha256').update(all().join()).digest('hex'),
  };
}

export const aMessage = (about: Partial<PeopleMessage> = {}): PeopleMessage => ({
  model: 1,
  incident: 'BR-7K3M-9QXD',
  mode: 'live',
  language: 'en',
  subject: 'Your data at the hospital',
  whatHappened: 'A mailbox was read by somebody else.',
  when: 'On 1 March 2026.',
  whichDataOfYours: 'Your address.',
  consequences: 'You may get unwanted mail.',
  whatWeDid: 'We closed the mailbox.',
  whatYouCanDo: 'Be careful with mail that names us.',
  contact: 'privacy@hospital.example',
  dpo: 'dpo@hospital.example',
  authorityYouMayTurnTo: 'The authority of your state.',
  fraudWarning: 'We never ask for passwords.',
  caseRefPublic: 'BR-7K3M-9QXD',
  ...about,
});

export const messagesWith = (message: MessageContent): Messages => ({
  message: async (sha256) => (sha256 === canonicalSha256(message) ? message : null),
});

export const aMailing = (about: Partial<MailingInput> = {}): MailingInput => ({
  incidentId: 'BR-7K3M-9QXD',
  mode: 'live',
  mailing: 1,
  list: 'list-1',
  listSha256: 'a'.repeat(64),
  count: 10,
  messageSha256: canonicalSha256(aMessage({ mode: about.mode ?? 'live' })),
  from: 'privacy@hospital.example',
  approvedAt: '2026-03-04T09:00:00.000Z',
  ...about,
});
