import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DrillProgress } from '../domain/drill/input.js';
import type { CommandRequest, Declaration } from '../domain/incident/commands.js';
import type { Actor, Cause, MailingTotals } from '../domain/incident/events.js';
import type { IncidentState } from '../domain/incident/state.js';
import type { MailingReport } from '../domain/message/mailing.js';

/** The contract between the API and the workflows. Everything here is JSON. */

export const INCIDENT_QUEUE = 'incident';
export const MAIL_QUEUE = 'mail';

export const incidentWorkflowId = (incidentId: string): string => `incident/${incidentId}`;
export const mailingWorkflowId = (incidentId: string, mailing: number): string => `mailing/${incidentId}/${mailing}`;
export const drillWorkflowId = (drillId: string): string => `drill/${drillId}`;

/** One way to begin: a declaration, or the ledger's fold (continue-as-new, reopening, rebuilding). */
export type IncidentInput =
  | {
      readonly declaration: Declaration;
      readonly actor: Actor;
      readonly cause: Cause;
      readonly limits?: IncidentLimits;
    }
  | {
      readonly incidentId: string;
      readonly fromSeq: number;
      /** The run before is lost together with its history: what it sent last may not be on record. */
      readonly rebuilt?: true;
      readonly limits?: IncidentLimits;
    };

/** Lowered by tests only. */
export interface IncidentLimits {
  readonly continueAfterEvents?: number;
}

/** The answer to an accepted command. The state is asked for by query, so that it does not lie in the history once per command. */
export interface Accepted {
  readonly seq: number;
  /** True when this key was answered before: nothing was done again. */
  readonly repeated: boolean;
}

/** A refusal crosses as ApplicationFailure of this type with Refusal[] as its first detail. */
export const REFUSED = 'Refused';
/** The run is ending or being replaced: the same Update again, in a moment, finds the next one or none. */
export const RETIRING = 'Retiring';

export const command = defineUpdate<Accepted, [CommandRequest]>('command');
export const stateQuery = defineQuery<IncidentState>('state');

export const drillProgress = defineQuery<DrillProgress>('drillProgress');
export const mailingReport = defineSignal<[MailingReport]>('mailingReport');
export const mailingControl = defineSignal<['pause' | 'resume']>('mailingControl');
export const mailingProgress = defineQuery<MailingTotals>('progress');
