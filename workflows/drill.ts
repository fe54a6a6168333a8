import { proxyActivities, setHandler } from '@temporalio/workflow';
import type { DrillActivities } from '../activities/drill.js';
import type { DrillInput } from '../domain/drill/input.js';
import type { Actor } from '../domain/incident/events.js';
import type { Role } from '../domain/incident/organisation.js';
import { drillProgress } from './messages.js';

const { lookAround, play, acknowledge, jump } = proxyActivities<DrillActivities>({
  startToCloseTimeout: '1m',
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 5, initialInterval: '200ms' },
});

/** The autopilot: plays every role of a scenario on a clock that stands still while effects run and jumps to where the next thing is due. */
export async function drill({ incidentId, scenario, cast }: DrillInput): Promise<void> {
  const played: number[] = [];
  let ended = false;
  setHandler(drillProgress, () => ({ played: played.length, of: scenario.script.length, ended }));
  const as = (role: Role): Actor => ({ id: cast[role], role });

  for (;;) {
    const { move, at } = await lookAround({ incidentId, scenario, played });
    if (move.kind === 'end') break;
    if (move.kind === 'play') {
      await play({ incidentId, act: move.act, actor: as(move.act.as) });
      played.push(move.act.no);
    } else if (move.kind === 'acknowledge') {
      await acknowledge({ incidentId, actor: as('responder'), at });
    } else if (move.kind === 'jump') {
      await jump({ incidentId, to: move.to, because: move.because, actor: as('facilitator') });
    }
  }
  ended = true;
}
