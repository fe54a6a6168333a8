import { filingDue, owedTo, withheldBecause } from '../automatic-filing.js';
import type { CommandOf } from '../commands.js';
import { ENGINE, type Setting } from '../events.js';
import { type Decided, type Draft, doneTasks, happen, taskFor } from './drafting.js';

/** What changed since the setting was copied; nothing when nothing did. */
export function renewSetting({ state }: Draft, command: CommandOf<'RenewSetting'>): Decided {
  const { standing } = command;
  const before = state.setting.standing ?? null;
  const mailboxes = command.mailboxes.filter((m) => changes(state.setting, m));
  const same = before?.id === standing?.id && mailboxes.length === 0;
  return same || state.policy < 3
    ? happen()
    : happen({ type: 'SettingRenewed', data: { standing, mailboxes: [...mailboxes] } });
}

const changes = (
  { authorities, ways = [] }: Setting,
  { authority, address, verifiedAt }: CommandOf<'RenewSetting'>['mailboxes'][number],
): boolean =>
  [...authorities, ...ways].some(
    (a) => a.authority === authority && (a.address !== address || a.mailboxVerifiedAt !== verifiedAt),
  );

/** The hour has come. What people have done until this very moment counts; the rest goes out as it is, or it is said why not. */
export function fileAutomatically({ state, at }: Draft, { draft }: CommandOf<'FileAutomatically'>): Decided {
  const filing = filingDue(state);
  if (!filing) return happen();
  const { dueAt } = filing;
  const found = owedTo(state).map((authority) => ({ authority, because: withheldBecause(state, authority, at) }));
  const free = found.filter((f) => f.because.length === 0).map((f) => f.authority);
  const withheld = found.filter((f) => f.because.length > 0);
  const { standing } = state.setting;
  if (free.length > 0 && (!draft || !standing)) return happen(); // something fell away meanwhile: asked again, with a draft
  return happen(
    ...(free.length > 0 && draft && standing
      ? [
          {
            type: 'NoticeDrafted',
            actor: ENGINE,
            data: { phase: draft.content.phase, ...draft, loginMadeBy: null },
          } as const,
          {
            type: 'NoticeApproved',
            actor: ENGINE,
            data: {
              phase: draft.content.phase,
              sha256: draft.sha256,
              hold: false,
              setting: null,
              automatic: { authorisation: standing.id, authorities: free, dueAt },
            },
          } as const,
          ...doneTasks(state, 'approve-notice', `phase-${draft.content.phase}`),
          taskFor(state, 'review-automatic-notice', `phase-${draft.content.phase}`, null),
        ]
      : []),
    withheld.length > 0 ? { type: 'AutomaticFilingWithheld', actor: ENGINE, data: { dueAt, withheld } } : null,
  );
}
