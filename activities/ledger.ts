import { ApplicationFailure, log } from '@temporalio/activity';
import type { IncidentEvent } from '../domain/incident/events.js';
import { fold } from '../domain/incident/evolve.js';
import type { IncidentState } from '../domain/incident/state.js';
import { hasEntry, registerEntry } from '../domain/incident/register-entry.js';
import type { DeclarationsKept, IncidentViews, Ledger, LedgerHead, RegisterWriter } from './ports.js';

export interface LedgerTools {
  readonly ledger: Ledger;
  readonly views: IncidentViews;
  readonly register: RegisterWriter;
  readonly intakes: DeclarationsKept;
}

export type LedgerActivities = ReturnType<typeof createLedgerActivities>;

/** Appends, then moves the view and the register forward; all may be repeated at will. Answers the ledger's head. */
export async function recordEvents(
  { ledger, views, register, intakes }: LedgerTools,
  incidentId: string,
  events: readonly IncidentEvent[],
): Promise<LedgerHead> {
  const head = await ledger.append(events);
  const [first] = events;
  if (first?.type === 'IncidentDeclared') await intakes.recorded(incidentId, first.at);
  await views.forward(incidentId, events);
  const state = await views.load(incidentId);
  if (state && hasEntry(state))
    await register.put(registerEntry(state, head), { seq: state.seq, declaredAt: state.declaredAt });
  return head;
}

export function createLedgerActivities(tools: LedgerTools) {
  const { ledger } = tools;

  /** No retry helps where the ledger was set back or altered: the workflow tells people. The failure's detail is the first entry concerned. */
  async function gapAsFailure(error: unknown): Promise<never> {
    if (!(error instanceof Error) || (error.name !== 'LedgerGap' && error.name !== 'LedgerConflict')) throw error;
    const { stream, seq } = error as Error & { stream: string; seq: number };
    const from = error.name === 'LedgerGap' ? ((await ledger.head(stream))?.seq ?? 0) + 1 : seq;
    log.error(error.name === 'LedgerGap' ? 'ledger.gap' : 'ledger.conflict', { incident: stream, seq, firstBad: from });
    throw ApplicationFailure.nonRetryable(error.message, error.name, from);
  }

  return {
    /** Answers the ledger's head. */
    async appendLedger({
      incidentId,
      events,
    }: {
      incidentId: string;
      events: readonly IncidentEvent[];
    }): Promise<LedgerHead> {
      return recordEvents(tools, incidentId, events).catch(gapAsFailure);
    },

    /** The incident as its ledger tells it: for continue-as-new, reopening and rebuilding. Throws when the ledger ends before `fromSeq`. */
    async loadIncident({
      incidentId,
      fromSeq,
    }: {
      incidentId: string;
      fromSeq: number;
    }): Promise<{ state: IncidentState; head: LedgerHead }> {
      const state = fold((await ledger.read(incidentId)) as IncidentEvent[]);
      const head = await ledger.head(incidentId);
      if (!state || !head) throw new Error(`The ledger has no incident ${incidentId}.`);
      if (state.seq < fromSeq) throw new Error(`The ledger of ${incidentId} ends at ${state.seq}, before ${fromSeq}.`);
      return { state, head };
    },
  };
}
