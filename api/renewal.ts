import type { Command } from '../domain/incident/commands.js';
import type { Actor } from '../domain/incident/events.js';
import type { Parts } from './parts.js';

const AT_ONCE = 20;
const ANSWER_WITHIN_MS = 3_000;

interface Carried {
  readonly open: number;
  readonly reached: number;
}

/**
 * Carries what may be filed without approval, and which mailboxes were verified, to every open incident. The answer waits a moment, the
 * carrying goes on. Best effort: an incident that is not reached asks by itself at the hour of filing, so a revocation counts all the same.
 */
export async function carryToOpenIncidents(actor: Actor, parts: Parts): Promise<Carried> {
  const progress = { open: 0, reached: 0 };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ANSWER_WITHIN_MS);
  });
  await Promise.race([carry(actor, parts, progress), late]);
  clearTimeout(timer);
  return { ...progress };
}

/** Never rejects. */
async function carry(
  actor: Actor,
  { deps: { log, views, gateway }, settings }: Parts,
  progress: { open: number; reached: number },
): Promise<void> {
  try {
    const known = await settings.known();
    if (!known) return; // without an organisation there is no incident
    const { standing, mailboxes: verified } = known;
    const mailboxes = verified.map(({ authority, address, verifiedAt }) => ({ authority, address, verifiedAt }));
    const command: Command = { type: 'RenewSetting', standing, mailboxes };
    const board = await views.board({ phases: ['suspected', 'confirmed', 'notifying'] });
    const open = board.flatMap(({ state }) => (state && state.policy >= 3 ? [state.id] : []));
    progress.open = open.length;
    for (let from = 0; from < open.length; from += AT_ONCE) {
      const sent = await Promise.all(
        open
          .slice(from, from + AT_ONCE)
          .map((id) => gateway.send(id, { command, actor, loginMadeBy: null, cause: null }).catch(() => null)),
      );
      progress.reached += sent.filter((s) => s?.is === 'accepted').length;
    }
    if (progress.reached < progress.open)
      log.error({ event: 'setting.not_carried', total: progress.open, count: progress.reached });
  } catch (error) {
    log.error({ event: 'setting.not_carried', code: error instanceof Error ? error.name : null });
  }
}
