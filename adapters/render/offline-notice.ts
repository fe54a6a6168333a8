import type { Instant } from '../../domain/clock/instant.js';
import type { NoticeContent } from '../../domain/notice/model.js';
import { canonicalSha256 } from '../crypto/hash.js';
import { createNoticeRenderer } from './notice-renderer.js';

export interface OfflineNotice {
  /** Over RFC 8785 canonical JSON of the content, as an approval would name it. */
  readonly sha256: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** The three renderings of a notice that no server knows: without a ledger, for one authority. The text alone where the form does not take it yet. */
export async function renderOffline(
  content: NoticeContent,
  to: {
    readonly authority: string;
    readonly authorityName: string;
    readonly language: string;
    readonly earlierReference: string | null;
    readonly at: Instant;
    readonly textOnly: boolean;
  },
): Promise<OfflineNotice> {
  const renderer = createNoticeRenderer();
  const sha256 = canonicalSha256(content);
  const { at, textOnly, ...rest } = to;
  const envelope = {
    ...rest,
    channel: 'portal' as const,
    address: null,
    portal: null,
    contentSha256: sha256,
    ledgerHead: null,
    unsent: 'draft' as const,
    releasedAt: at,
  };
  const text = { name: 'notice.txt', bytes: Buffer.from(renderer.text(content, envelope), 'utf8') };
  if (textOnly) return { sha256, files: [text] };
  return {
    sha256,
    files: [
      { name: 'notice.json', bytes: Buffer.from(renderer.form(content, envelope), 'utf8') },
      { name: 'notice.pdf', bytes: await renderer.pdf(content, envelope) },
      text,
    ],
  };
}
