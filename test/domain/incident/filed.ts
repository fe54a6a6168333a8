import { plusHours, type Instant } from '../../../domain/clock/instant.js';
import { buildNotice } from '../../../domain/notice/build.js';
import type { NoticeContent } from '../../../domain/notice/model.js';
import { APPROVER, DPO, type Play } from '../../build.js';

/** An incident whose next notice is drafted from its state, approved, submitted to everybody who is owed it that way, and received. */
export function filed(
  play: Play,
  at: Instant,
  over: Partial<NoticeContent> = {},
  way: 'email' | 'portal' = 'email',
  received = true,
): Play {
  const previous =
    play.state.notices.filter((n) => Object.values(n.deliveries).some((d) => d.submittedAt)).at(-1)?.approved
      ?.content ?? null;
  const built = buildNotice({ state: play.state, at, rules: 'test', previous, withdraw: null });
  const content = { ...built, ...over };
  const { phase } = content;
  const sha256 = `sha-${phase}-${at}`;
  play
    .do(
      {
        type: 'PutDraft',
        content,
        sha256,
        basedOn: play.state.seq,
        for: { id: 'engine', role: 'engine' },
        loginMadeBy: null,
      },
      at,
    )
    .do({ type: 'ApproveNotice', phase, sha256, hold: false, setting: null }, at, APPROVER);
  const ways = play.state.setting.authorities.filter(({ channel }) => channel === way);
  for (const { authority } of ways) {
    if (way === 'email')
      play.do(
        {
          type: 'ReportSubmission',
          phase,
          authority,
          channel: 'email',
          at,
          attempt: 1,
          messageId: 'm@hospital.example',
          artifacts: {},
          reply: null,
        },
        at,
      );
    else play.do({ type: 'ReportPortalPack', phase, authority, sha256, artifacts: {} }, at);
    if (!received) continue;
    play.do(
      { type: 'RecordReceipt', phase, authority, reference: `R-${phase}`, receivedAt: at, evidence: null },
      plusHours(at, 1),
      DPO,
    );
  }
  return play;
}

export const decideHigh = (play: Play, at: Instant = plusHours(play.state.declaredAt, 1)): Play =>
  play.do({ type: 'DecideRisk', level: 'HIGH_RISK', reasons: 'argued', confirms: null, setting: null }, at, DPO);
