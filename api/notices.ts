import type { Instant } from '../domain/clock/instant.js';
import type { IncidentState, NoticePhase } from '../domain/incident/state.js';
import { inconsistencies } from '../domain/message/consistency.js';
import { variantName } from '../domain/message/segments.js';
import { variantsOf } from '../domain/message/texts.js';
import { delayDraft } from '../domain/notice/delay.js';
import { isFirstFor, underLawOf } from '../domain/notice/as-told.js';
import type { NoticeContent, NoticeEnvelope } from '../domain/notice/model.js';
import { PERSONAL_DATA_IN_WORDS, personalDataIn } from '../domain/notice/personal-data.js';
import type { Call, Handlers, Reply } from './call.js';
import type { Parts } from './parts.js';
import { refuse } from './errors.js';
import { moreToldThanConcerned } from '../domain/notice/overview.js';
import { escaped, PAGE_HEADERS, page } from './html.js';
import { actNow } from './reads.js';

const FORMATS = {
  pdf: { part: 'pdf', mediaType: 'application/pdf' },
  json: { part: 'form', mediaType: 'application/json' },
  txt: { part: 'text', mediaType: 'text/plain; charset=utf-8' },
  html: { part: 'text', mediaType: 'text/html; charset=utf-8' },
} as const;
type Format = keyof typeof FORMATS;
const VERSIONS = ['draft', 'approved', 'sent'] as const;
type Version = (typeof VERSIONS)[number];

const isFormat = (text: string): text is Format => Object.hasOwn(FORMATS, text);

function phaseOf(state: IncidentState, text: string | undefined): NoticePhase {
  const found = state.notices.find((n) => String(n.phase) === text);
  if (found) return found;
  const known = state.notices.map((n) => String(n.phase));
  throw refuse(
    'not-found',
    known.length === 0
      ? `There is no notice yet. Draft one: seventytwo notice ${state.id} draft`
      : `There is no such phase. Phases: ${known.join(', ')}.`,
    'phase',
    { known },
  );
}

/** As the workflow makes it; a draft is shown with the time at which it was drafted. */
function envelope(
  state: IncidentState,
  notice: NoticePhase,
  authority: string,
  version: { sha256: string; at: string },
  unsent: NoticeEnvelope['unsent'],
): NoticeEnvelope {
  const way = state.setting.authorities.find((a) => a.authority === authority);
  if (!way) {
    const known = state.setting.authorities.map((a) => a.authority);
    throw refuse(
      'not-found',
      `No notice of this incident goes to that authority. Authorities: ${known.join(', ') || 'none'}.`,
      'authority',
      { known },
    );
  }
  const earlier = state.notices
    .filter((n) => n.phase < notice.phase)
    .flatMap((n) => n.deliveries[authority]?.receipt?.reference ?? []);
  return {
    authority,
    authorityName: way.name,
    language: way.language,
    channel: way.channel,
    address: way.address,
    portal: way.portal,
    earlierReference: earlier.at(-1) ?? null,
    ...(state.policy >= 3 && isFirstFor(state.notices, notice.phase, authority) && { first: true }),
    ...(state.policy >= 3 && underLawOf(way.country)),
    contentSha256: version.sha256,
    ledgerHead: null,
    ...(unsent && { unsent }),
    releasedAt: version.at,
  };
}

function versionOf(call: Call, notice: NoticePhase, authority: string): Version {
  const wanted = call.query['version'];
  const furthest: Version = notice.deliveries[authority]?.submittedAt ? 'sent' : notice.approved ? 'approved' : 'draft';
  if (wanted === undefined) return furthest;
  const version = VERSIONS.find((v) => v === wanted);
  if (!version) throw refuse('field', `version must be one of ${VERSIONS.join(', ')}.`, 'version');
  if (VERSIONS.indexOf(version) > VERSIONS.indexOf(furthest))
    throw refuse(
      'not-found',
      `This notice is not ${version} yet; it is ${furthest === 'draft' ? 'a draft' : furthest}.`,
      'version',
    );
  return version;
}

/** Refused, or handed over without an answer, it did go out. */
function unsentYet(version: Version, notice: NoticePhase, authority: string): NoticeEnvelope['unsent'] {
  if (version === 'draft') return 'draft';
  const state = notice.deliveries[authority]?.state ?? 'waiting';
  return version === 'approved' && ['waiting', 'unverified_mailbox'].includes(state) ? 'approved' : undefined;
}

type Ids = 'notices' | 'notice' | 'noticeDocument';

export function noticeHandlers({ deps, reads }: Parts): Handlers<Ids> {
  const { renderer, artifacts } = deps;

  const shown = (state: IncidentState, notice: NoticePhase, at: Instant) => ({
    phase: notice.phase,
    draft: {
      sha256: notice.draft.sha256,
      at: notice.draft.at,
      by: notice.draft.by,
      basedOn: notice.draft.basedOn,
      content: notice.draft.content,
    },
    approved: notice.approved,
    deliveries: Object.values(notice.deliveries),
    warnings: warnings(state, notice),
    reasonsForDelayDraft: state.facts['notice.reasonsForDelay'] ? null : delayDraft(state, at, deps.offsetMs),
  });

  const warnings = (state: IncidentState, notice: NoticePhase): string[] => [
    ...personalDataIn(state.facts, state.setting).map(
      ({ fact, kind }) =>
        `${fact} seems to hold ${PERSONAL_DATA_IN_WORDS[kind]}: a notice names no affected person (R-217).`,
    ),
    ...moreToldThanConcerned(notice.draft.content),
    ...state.messages.flatMap(({ id, content }) =>
      variantsOf(content).flatMap(({ for: reader, text }) =>
        inconsistencies(notice.draft.content, text, {
          offsetMs: deps.offsetMs,
          ...(reader.data && { dataCategories: reader.data }),
        }).map(({ says }) => `${id}${content.model === 2 ? ` ${variantName(reader)}` : ''}: ${says}`),
      ),
    ),
  ];

  async function rendered(format: Format, content: NoticeContent, to: NoticeEnvelope): Promise<Uint8Array | string> {
    if (format === 'pdf') return renderer.pdf(content, to);
    return format === 'json' ? renderer.form(content, to) : renderer.text(content, to);
  }

  /** The very bytes that went out, while the store has them. */
  async function stored(notice: NoticePhase, authority: string, format: Format): Promise<Uint8Array | null> {
    const sha256 = notice.deliveries[authority]?.artifacts[FORMATS[format].part];
    return sha256 === undefined ? null : ((await artifacts.get(sha256).catch(() => null))?.bytes ?? null);
  }

  function reply(
    format: Format,
    bytes: Uint8Array | string,
    content: NoticeContent,
    headers: Record<string, string>,
  ): Reply {
    const { mediaType } = FORMATS[format];
    if (format !== 'html') return { bytes, mediaType, headers };
    const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes);
    const title = `Notice ${content.incident}, phase ${content.phase}`;
    return {
      bytes: page('en', title, content.mode === 'drill', `<pre>${escaped(text)}</pre>`),
      mediaType,
      headers: { ...headers, ...PAGE_HEADERS },
    };
  }

  return {
    async notices(call) {
      const state = await reads.stateFor(call);
      return {
        json: { seq: state.seq, notices: state.notices.map((notice) => shown(state, notice, actNow(state, call.at))) },
      };
    },

    async notice(call) {
      const state = await reads.stateFor(call);
      return { json: shown(state, phaseOf(state, call.parameters['phase']), actNow(state, call.at)) };
    },

    async noticeDocument(call) {
      const { authority = '', phase, format = '' } = call.parameters;
      if (!isFormat(format))
        throw refuse(
          'not-found',
          `A notice comes as ${Object.keys(FORMATS)
            .map((f) => `.${f}`)
            .join(', ')}.`,
          'format',
        );
      const state = await reads.stateFor(call);
      const notice = phaseOf(state, phase);
      const version = versionOf(call, notice, authority);
      const shownVersion = version === 'draft' || !notice.approved ? notice.draft : notice.approved;
      const to = envelope(state, notice, authority, shownVersion, unsentYet(version, notice, authority));
      // What was sent, or lies ready for a portal, is one file for everybody: rendered again it would lack the ledger's head.
      const made = version !== 'draft' && ['sent', 'at_portal'].includes(notice.deliveries[authority]?.state ?? '');
      const sent = made ? await stored(notice, authority, format) : null;
      const bytes = sent ?? (await rendered(format, shownVersion.content, to));
      return reply(format, bytes, shownVersion.content, {
        'Content-Disposition': `inline; filename="notice-${authority}-${notice.phase}.${format}"`,
        'X-Notice-Version': version,
        'X-Notice-Sha256': shownVersion.sha256,
        'X-Notice-Bytes': sent ? 'as-sent' : 'rendered-now',
      });
    },
  };
}
