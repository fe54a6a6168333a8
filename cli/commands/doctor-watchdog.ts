import type { World } from '../run.js';
import { localWatchdog } from '../settings.js';

interface Check {
  readonly name: string;
  readonly ok: boolean | null;
  readonly says: string;
  readonly next?: string;
}

/** What the watchdog's door shows (worker/watchdog-door.ts). */
interface Readiness {
  readonly ok: boolean;
  readonly lastRoundAt: string | null;
  readonly lastPingAt: string | null;
  readonly deadManSwitch: boolean;
  readonly alarms: readonly { readonly cause: string; readonly goneSince: string | null }[];
}

const PROBE_MS = 3_000;
const RUNBOOK = 'docs/runbooks/watchdog-alarm.md';

/** The watchdog of this machine or of the local stack; none named, none looked at. */
export async function watchdogChecks({ env, folder }: World): Promise<Check[]> {
  const url = addressOf(env) ?? localWatchdog(folder);
  if (url === null) return [];
  let shown: Readiness;
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_MS) });
    shown = (await answer.json()) as Readiness;
  } catch {
    return [
      {
        name: 'Watchdog',
        ok: false,
        says: `${url} does not answer: if the engine sleeps now, nobody says so`,
        next: 'seventytwo watchdog   (its log says why it ended)',
      },
    ];
  }
  const sounding = shown.alarms.filter(({ goneSince }) => goneSince === null).map(({ cause }) => cause);
  const ping = !shown.deadManSwitch
    ? 'no dead-man switch is named (SEVENTYTWO_WATCHDOG_PING_URL)'
    : `last ping ${ago(shown.lastPingAt)}`;
  return [
    {
      name: 'Watchdog',
      ok: shown.ok && (!shown.deadManSwitch || shown.lastPingAt !== null),
      says: `last round ${ago(shown.lastRoundAt)}, ${ping}`,
      next: `Look at the log of seventytwo watchdog, and at ${RUNBOOK}.`,
    },
    ...(sounding.length > 0
      ? [
          {
            name: 'Its alarms',
            ok: false,
            says: sounding.join(', '),
            next: `Each alarm and what to do: ${RUNBOOK}`,
          },
        ]
      : []),
  ];
}

/** Where this machine's own one listens. */
function addressOf(env: NodeJS.ProcessEnv): string | null {
  const listen = env['SEVENTYTWO_WATCHDOG_LISTEN'] || (env['SEVENTYTWO_WATCHDOG_DIR'] && '127.0.0.1:7274');
  return listen ? `http://${listen.replace(/^(0\.0\.0\.0|\[::\]):/, '127.0.0.1:')}` : null;
}

const ago = (instant: string | null): string =>
  instant === null ? 'never' : `${Math.max(0, Math.round((Date.now() - Date.parse(instant)) / 1_000))} s ago`;
