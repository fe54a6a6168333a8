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

export function createLedgerActivities({ ledger, views, register, intakes }: LedgerTools) {
  return {
    /** Appends, then moves the view and the register forward; all may be repeated at will. Answers the ledger's head. */
    async appendLedger({
      incidentId,
      events,
    }: {
      incidentId: string;
      events: readonly IncidentEvent[];
    }): Promise<LedgerHead> {
      const head = await ledger.append(events);
      const [first] = events;
      if (first?.type === 'IncidentDeclared') await intakes.recorded(incidentId, first.at);
      await views.forward(incidentId, events);
      const state = await views.load(incidentId);
      if (state && hasEntry(state))
        await register.put(registerEntry(state, head), { seq: state.seq, declaredAt: state.declaredAt });
      return head;
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
