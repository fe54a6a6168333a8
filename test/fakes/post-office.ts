import { createHash } from 'node:crypto';
import type {
  Artifacts,
  Journal,
  MailComposer,
  NoticeRenderer,
  OutgoingMail,
  Relay,
  SendOutcome,
} from '../../activities/ports.js';

/** A message in the least words: enough for a relay to carry and a test to recognise. */
const mail = (from: string, to: string, messageId: string, text: string): OutgoingMail => ({
  from,
  to,
  messageId,
  bytes: Buffer.from(`From: ${from}\r\nTo: ${to}\r\nMessage-ID: ${messageId}\r\n\r\n${text}\r\n`),
});

export const plainComposer: MailComposer = {
  noticeMail: (content, envelope, { pdf, form, text }, from) =>
    mail(
      from,
      envelope.address ?? '',
      `<${content.incident}.${content.phase}.${envelope.authority}@hospital.example>`,
      `${text}|${form}|${pdf.length}`,
    ),
  escalationMail(alarm, to, from) {
    if (!to.email.includes('@')) throw new Error('no mailbox');
    return mail(from, to.email, `<${alarm.incident}.${alarm.round}.${to.staff}@hospital.example>`, alarm.says);
  },
  peopleMail: (message, { n, email }, { key, from, date }) =>
    mail(from, email, `<${key.replace('/', '.')}.${n}@hospital.example>`, `${date} ${message.subject}`),
};

export const plainRenderer: NoticeRenderer = {
  pdf: async (content) => Buffer.from(`%PDF ${content.incident} ${content.phase}`),
  form: (content) => JSON.stringify({ incident: content.incident }),
  text: (content, { ledgerHead }) =>
    `Notice ${content.phase} of ${content.incident}${ledgerHead ? ` at ${ledgerHead.seq}` : ''}`,
};

export function memoryArtifacts(): Artifacts & { readonly names: string[] } {
  const kept = new Map<string, { bytes: Uint8Array; name: string; mediaType: string }>();
  const names: string[] = [];
  return {
    names,
    async put(bytes, { name, mediaType }) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      kept.set(sha256, { bytes, name, mediaType });
      names.push(name);
      return sha256;
    },
    get: async (sha256) => kept.get(sha256) ?? null,
  };
}

/** Answers in turn as it is told, the last answer for ever; `killed` throws after the dot has left, as if the process had died there. */
export function relayThat(...answers: (SendOutcome | 'killed-after-dot')[]): Relay & { readonly sent: OutgoingMail[] } {
  const sent: OutgoingMail[] = [];
  return {
    sent,
    async send(message, beforeDot) {
      const answer = answers[Math.min(sent.length, answers.length - 1)];
      if (answer === undefined) throw new Error('This relay was told nothing.');
      sent.push(message);
      if (answer === 'killed-after-dot' || answer.state === 'accepted' || answer.state === 'ambiguous') beforeDot();
      if (answer === 'killed-after-dot') throw new Error('killed');
      return answer;
    },
  };
}

export function memoryJournal(): Journal & { readonly entries: Map<string, ReturnType<Journal['state']>> } {
  const entries = new Map<string, ReturnType<Journal['state']>>();
  const words = new Map<string, string>();
  return {
    entries,
    note: (key, word) => void words.set(key, word),
    noted: (key) => words.get(key) ?? null,
    handed: (key) => void entries.set(key, 'handed'),
    answered: (key, outcome) => void entries.set(key, outcome),
    state: (key) => entries.get(key) ?? 'none',
    forget(group) {
      for (const key of entries.keys()) if (key.slice(0, key.lastIndexOf('/')) === group) entries.delete(key);
    },
  };
}

export const ACCEPTED: SendOutcome = {
  state: 'accepted',
  reply: '250 queued',
  at: '2026-03-05T08:00:00.000Z',
  relay: 'first',
};
