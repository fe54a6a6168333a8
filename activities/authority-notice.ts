import { createHash } from 'node:crypto';
import { ApplicationFailure, Context, log } from '@temporalio/activity';
import { isExerciseAddress } from '../domain/message/address.js';
import type { NoticeContent, NoticeEnvelope } from '../domain/notice/model.js';
import { whileAlive } from './alive.js';
import type {
  Artifacts,
  Hasher,
  Journal,
  MailComposer,
  NoticeRenderer,
  OutgoingMail,
  Relay,
  SendOutcome,
} from './ports.js';

export interface NoticeTools {
  readonly relay: Relay;
  readonly journal: Journal;
  readonly renderer: NoticeRenderer;
  readonly composer: MailComposer;
  readonly artifacts: Artifacts;
  readonly hasher: Hasher;
  /** Envelope sender and From: of notices. */
  readonly from: string;
  /** How long filing waits for the store, in ms; then it goes on without. */
  readonly storeWithinMs?: number;
}

export interface SendNotice {
  readonly incidentId: string;
  readonly phase: number;
  /** From 1; goes up by one after an ambiguous outcome and after a refusal that a person has dealt with. Other repeats keep it. */
  readonly attempt: number;
  readonly content: NoticeContent;
  readonly envelope: NoticeEnvelope;
  /** The organisation's own sender, where the incident knows it. */
  readonly from?: string;
  /** `ambiguous`: the workflow has recorded that the attempt before may have arrived, and wants it sent once more. */
  readonly former: 'none' | 'ambiguous';
  /** The run that may have handed this attempt over is lost: no trace here does not mean that nothing was sent. */
  readonly formerRun?: 'lost';
}

export interface NoticeResult {
  readonly outcome: SendOutcome;
  readonly messageId: string;
  /** SHA-256 by part: `pdf`, `form`, `text`, and `mail` for the message as it went out. Always computed. */
  readonly artifacts: Record<string, string>;
  /** Parts that the store did not take in time: rendered again from the content whenever they are wanted. */
  readonly missing: readonly string[];
  /** An attempt before had been accepted already; nothing was sent now. */
  readonly sentBefore: boolean;
}

export interface PortalPack {
  readonly artifacts: Record<string, string>;
  readonly missing: readonly string[];
}

interface Part {
  readonly part: 'pdf' | 'form' | 'text' | 'mail';
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** By content: what the journal knows of one version says nothing of another. */
const keyOf = (
  incidentId: string,
  phase: number,
  { authority, contentSha256 }: NoticeEnvelope,
  attempt: number,
): string =>
  `notice/${incidentId}/${phase}/${authority}.${contentSha256.slice(0, 12)}${attempt === 1 ? '' : `#${attempt}`}`;

/** Where the journal notes which head of the record a version went out with: a copy after the loss of the run has the same bytes. */
const headKey = (input: SendNotice): string => `${keyOf(input.incidentId, input.phase, input.envelope, 1)}/head`;

const NO_HEAD = 'none';

const STORE_WITHIN_MS = 3_000;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hashesOf = (parts: readonly Part[]): Record<string, string> =>
  Object.fromEntries(parts.map(({ part, bytes }) => [part, sha256(bytes)]));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export type NoticeActivities = ReturnType<typeof createNoticeActivities>;

/** Final failures: `ApprovalMismatch`, `NotByMail`, `NotAnExerciseAddress`. What a relay does is a result, never a failure. */
export function createNoticeActivities(tools: NoticeTools) {
  const { relay, journal, renderer, composer, artifacts, hasher, from, storeWithinMs = STORE_WITHIN_MS } = tools;

  function checkApproved(content: NoticeContent, envelope: NoticeEnvelope): void {
    const found = hasher.canonicalSha256(content);
    if (found === envelope.contentSha256) return;
    throw ApplicationFailure.nonRetryable(
      `The content of notice ${content.phase} has the hash ${found}; ${envelope.contentSha256} was approved. Nothing was sent.`,
      'ApprovalMismatch',
      { incidentId: content.incident, phase: content.phase, approved: envelope.contentSha256, found },
    );
  }

  async function render(
    content: NoticeContent,
    envelope: NoticeEnvelope,
  ): Promise<{ pdf: Uint8Array; form: string; text: string }> {
    return {
      pdf: await renderer.pdf(content, envelope),
      form: renderer.form(content, envelope),
      text: renderer.text(content, envelope),
    };
  }

  function partsOf(
    content: NoticeContent,
    envelope: NoticeEnvelope,
    rendered: { pdf: Uint8Array; form: string; text: string },
  ): Part[] {
    const name = `notice-${envelope.authority}-${content.phase}`;
    return [
      { part: 'pdf', name: `${name}.pdf`, mediaType: 'application/pdf', bytes: rendered.pdf },
      { part: 'form', name: `${name}.json`, mediaType: 'application/json', bytes: utf8(rendered.form) },
      { part: 'text', name: `${name}.txt`, mediaType: 'text/plain; charset=utf-8', bytes: utf8(rendered.text) },
    ];
  }

  /** Best effort: the store being away never holds up filing. */
  async function store(incident: string, parts: readonly Part[]): Promise<PortalPack> {
    const missing = new Set(parts.map(({ part }) => part));
    const puts = parts.map(async ({ part, name, mediaType, bytes }) => {
      await artifacts.put(bytes, { incident, name, mediaType });
      missing.delete(part);
    });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, storeWithinMs);
    });
    await Promise.race([Promise.allSettled(puts), limit]);
    clearTimeout(timer);
    return {
      artifacts: hashesOf(parts),
      missing: [...missing],
    };
  }

  /** What the attempts so far tell before anything is sent: an answer that stands, or null when this attempt is to be sent. */
  function answerOnRecord({ incidentId, phase, attempt, envelope, former, formerRun }: SendNotice): SendOutcome | null {
    const key = (n: number): string => keyOf(incidentId, phase, envelope, n);
    const states = Array.from({ length: attempt }, (_, index) => journal.state(key(index + 1)));
    const accepted = states.find(
      (state): state is SendOutcome => typeof state === 'object' && state.state === 'accepted',
    );
    if (accepted) return accepted;
    // Older attempts whose outcome is open are the workflow's reason to call again; it says so by `former`.
    const undecided = former === 'ambiguous' ? states.slice(-1) : states;
    if (undecided.some((state) => state === 'handed' || (typeof state === 'object' && state.state === 'ambiguous'))) {
      return { state: 'ambiguous', why: 'closed_after_dot' };
    }
    const own = states.at(-1);
    if (typeof own === 'object' && own.state === 'refused') return own;
    // A try of this very attempt ended without a trace here: it may have been made on another worker, with another journal.
    if (own === 'none' && (formerRun === 'lost' || Context.current().info.attempt > 1))
      return { state: 'ambiguous', why: 'closed_after_dot' };
    return null;
  }

  /** The envelope of the first attempt, where this worker made it. */
  function asBefore(input: SendNotice): NoticeEnvelope {
    const noted = journal.noted(headKey(input));
    if (noted === null) return input.envelope;
    const [seq, hash = ''] = noted.split('.');
    return { ...input.envelope, ledgerHead: noted === NO_HEAD ? null : { seq: Number(seq), hash } };
  }

  async function send(input: SendNotice, mail: OutgoingMail, sent: Record<string, string>): Promise<SendOutcome> {
    const { incidentId, phase, attempt, envelope } = input;
    const key = keyOf(incidentId, phase, envelope, attempt);
    // A full disk must not stop filing at hour 71: without a record a kill may cost a second copy that is not flagged, the lesser evil.
    const note = (write: () => void): void => {
      try {
        write();
      } catch {
        log.error('notice.journal_failed', { incident: incidentId, phase, authority: envelope.authority, attempt });
      }
    };
    const { ledgerHead } = envelope;
    const outcome = await relay.send(mail, () =>
      note(() => {
        journal.note(headKey(input), ledgerHead ? `${ledgerHead.seq}.${ledgerHead.hash}` : NO_HEAD);
        journal.handed(key);
      }),
    );
    if (outcome.state !== 'accepted') {
      const { state, code, why, relay: by } = { code: undefined, why: undefined, relay: undefined, ...outcome };
      log.warn('notice.not_taken', {
        incident: incidentId,
        phase,
        authority: envelope.authority,
        attempt,
        state,
        code,
        why,
        relay: by,
      });
    }
    note(() => journal.answered(key, outcome.state === 'accepted' ? { ...outcome, sent } : outcome));
    return outcome;
  }

  async function file(asked: SendNotice): Promise<NoticeResult> {
    const envelope = asBefore(asked);
    const input = { ...asked, envelope };
    const { incidentId, phase, content } = input;
    checkApproved(content, envelope);
    if (envelope.channel !== 'email' || envelope.address === null) {
      throw ApplicationFailure.nonRetryable(
        `Authority ${envelope.authority} has no e-mail channel: make a portal pack for notice ${phase}.`,
        'NotByMail',
      );
    }
    if (content.mode === 'drill' && !isExerciseAddress(envelope.address)) {
      throw ApplicationFailure.nonRetryable(
        `A drill writes only to .example, .test and .invalid (R-933, R-934); the address of authority ${envelope.authority} is in another domain.`,
        'NotAnExerciseAddress',
        { incidentId, phase, authority: envelope.authority },
      );
    }
    const rendered = await render(content, envelope);
    const mail = composer.noticeMail(content, envelope, rendered, input.from ?? from);
    const parts: Part[] = [
      ...partsOf(content, envelope, rendered),
      {
        part: 'mail',
        name: `notice-${envelope.authority}-${phase}.eml`,
        mediaType: 'message/rfc822',
        bytes: mail.bytes,
      },
    ];
    const onRecord = answerOnRecord(input);
    const { sent, ...outcome } = { sent: undefined, ...(onRecord ?? (await send(input, mail, hashesOf(parts)))) };
    const stored = await store(incidentId, parts);
    // What a lost run sent carried an earlier head of the record: those are the bytes that the authority has.
    const hashes = { ...(sent ?? stored.artifacts) };
    return {
      outcome,
      messageId: mail.messageId,
      artifacts: hashes,
      missing: stored.missing,
      sentBefore: onRecord?.state === 'accepted',
    };
  }

  return {
    // All of it, not the relay alone: where many notices are due at once, each waits for its turn to be rendered.
    sendAuthorityNotice: (asked: SendNotice): Promise<NoticeResult> => whileAlive(() => file(asked)),

    /** For an authority that takes notices only at its portal: the PDF, the form, and the text to copy field by field in the form's order. */
    makePortalPack: (input: Pick<SendNotice, 'incidentId' | 'phase' | 'content' | 'envelope'>): Promise<PortalPack> =>
      whileAlive(async () => {
        checkApproved(input.content, input.envelope);
        const rendered = await render(input.content, input.envelope);
        return store(input.incidentId, partsOf(input.content, input.envelope, rendered));
      }),
  };
}
