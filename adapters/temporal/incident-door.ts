import type { Ledger } from '../../activities/ports.js';
import type { CommandRequest, Declaration } from '../../domain/incident/commands.js';
import type { Actor, Cause } from '../../domain/incident/events.js';
import type { Refusal } from '../../domain/incident/refusals.js';
import type { IncidentState } from '../../domain/incident/state.js';
import type { Accepted } from '../../workflows/messages.js';
import { RefusedError } from '../refused-error.js';
import {
  EngineUnreachable,
  IncidentNotRunning,
  NoSuchIncident,
  type TemporalGateway,
  UnknownOutcome,
} from './gateway.js';

/** `unknown`: it may have been accepted, the same key again is safe. `unavailable`: nothing was handed over. */
export type Silence = { readonly is: 'unknown' | 'unavailable' };
export type Sent =
  | { readonly is: 'accepted'; readonly seq: number; readonly repeated: boolean; readonly state: IncidentState }
  | { readonly is: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly is: 'no-such' }
  /** It has ended in the engine later than its ledger tells: begun again from there, it would write another history. */
  | { readonly is: 'record-behind' }
  /** The engine has lost it, and its ledger does not verify: nothing is started from that. */
  | { readonly is: 'record-broken'; readonly firstBad: number }
  | Silence;

/** The gateway with every expected outcome as a value, for those who answer people. */
export interface IncidentDoor {
  declare(
    declaration: Declaration,
    actor: Actor,
    cause: Cause,
  ): Promise<{ readonly is: 'started' | 'existed' } | Silence>;
  /** An incident whose workflow has ended, or is gone from the engine, is started again from its ledger first. */
  send(incidentId: string, request: CommandRequest): Promise<Sent>;
  state(
    incidentId: string,
  ): Promise<{ readonly is: 'known'; readonly state: IncidentState } | { readonly is: 'no-such' | 'unavailable' }>;
}

function silenceFrom(error: unknown): Silence | undefined {
  if (error instanceof UnknownOutcome) return { is: 'unknown' };
  if (error instanceof EngineUnreachable) return { is: 'unavailable' };
  return undefined;
}

export function createIncidentDoor({
  gateway,
  ledger,
}: {
  gateway: TemporalGateway;
  ledger: Pick<Ledger, 'head'> & {
    verifyChain(stream: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly firstBad: number }>;
  };
}): IncidentDoor {
  async function send(incidentId: string, request: CommandRequest, mayResume: boolean): Promise<Sent> {
    let accepted: Accepted | undefined;
    try {
      accepted = await gateway.send(incidentId, request);
      return { is: 'accepted', ...accepted, state: await gateway.state(incidentId) };
    } catch (error) {
      if (error instanceof RefusedError) return { is: 'refused', refusals: error.refusals };
      const silence = silenceFrom(error);
      if (silence) return accepted ? { is: 'unknown' } : silence;
      const ended = error instanceof IncidentNotRunning || error instanceof NoSuchIncident;
      if (!ended) throw error;
      const head = mayResume ? await ledger.head(incidentId) : null;
      if (!head) return error instanceof NoSuchIncident ? { is: 'no-such' } : { is: 'unknown' };
      if (error instanceof IncidentNotRunning && (await endedAt(incidentId)) > head.seq) return { is: 'record-behind' };
      const lost = error instanceof NoSuchIncident;
      const chain = lost ? await ledger.verifyChain(incidentId) : null; // as seventytwo rebuild does
      if (chain?.ok === false) return { is: 'record-broken', firstBad: chain.firstBad };
      return resume(incidentId, head.seq, request, lost);
    }
  }

  /** What the run that ended knew; 0 where nobody can say. */
  async function endedAt(incidentId: string): Promise<number> {
    const { seq } = await gateway.state(incidentId).catch(() => ({ seq: 0 }));
    return seq;
  }

  async function resume(incidentId: string, seq: number, request: CommandRequest, lost: boolean): Promise<Sent> {
    try {
      await gateway.resume(incidentId, seq, lost);
    } catch (error) {
      const silence = silenceFrom(error);
      if (silence) return silence;
      throw error;
    }
    return send(incidentId, request, false);
  }

  return {
    async declare(declaration, actor, cause) {
      try {
        const { existed } = await gateway.declare({ declaration, actor, cause });
        return { is: existed ? 'existed' : 'started' };
      } catch (error) {
        const silence = silenceFrom(error);
        if (silence) return silence;
        throw error;
      }
    },

    send: (incidentId, request) => send(incidentId, request, true),

    async state(incidentId) {
      try {
        return { is: 'known', state: await gateway.state(incidentId) };
      } catch (error) {
        if (error instanceof NoSuchIncident) return { is: 'no-such' };
        if (error instanceof EngineUnreachable) return { is: 'unavailable' };
        throw error;
      }
    },
  };
}
