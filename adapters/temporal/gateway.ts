import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  QueryNotRegisteredError,
  ServiceError,
  type WorkflowHandle,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcServiceError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  NamespaceNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import type { IncidentGateway } from '../../activities/ports.js';
import type { CommandRequest } from '../../domain/incident/commands.js';
import type { Refusal } from '../../domain/incident/refusals.js';
import type { IncidentState } from '../../domain/incident/state.js';
import type { MailingTotals } from '../../domain/incident/events.js';
import type { Accepted, IncidentInput } from '../../workflows/messages.js';
import { RefusedError } from '../refused-error.js';

/** The contract's names, repeated because adapters import no workflow code; a test holds them equal to workflows/messages.ts. */
export const NAMES = {
  incidentWorkflow: 'incident',
  mailingWorkflow: 'peopleMailing',
  command: 'command',
  state: 'state',
  mailingControl: 'mailingControl',
  mailingProgress: 'progress',
  queue: 'incident',
  refused: 'Refused',
  retiring: 'Retiring',
  incidentId: (incidentId: string): string => `incident/${incidentId}`,
  mailingId: (incidentId: string, mailing: number): string => `mailing/${incidentId}/${mailing}`,
} as const;

/** The engine has no such incident (its history may have passed its retention): the ledger knows. */
export class NoSuchIncident extends Error {
  override readonly name = 'NoSuchIncident';
  constructor(readonly incident: string) {
    super(`The engine does not know ${incident}.`);
  }
}

/** The incident's workflow has ended; it takes commands again once it is started from its ledger (`resume`). */
export class IncidentNotRunning extends Error {
  override readonly name = 'IncidentNotRunning';
  constructor(readonly incident: string) {
    super(`${incident} is not running in the engine.`);
  }
}

/** No answer in time. The command may have been accepted: ask again with the same key, which never does it twice. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
  constructor(
    readonly incident: string,
    readonly why: 'timeout' | 'unreachable' | 'ended_meanwhile',
  ) {
    super(`It is not known whether ${incident} took this (${why}). Ask again with the same idempotency key.`);
  }
}

/** Temporal cannot be reached, or has no such namespace: nothing was handed over. */
export class EngineUnreachable extends Error {
  override readonly name = 'EngineUnreachable';
  constructor() {
    super('The workflow engine cannot be reached.');
  }
}

export interface TemporalGateway extends IncidentGateway {
  /** Starts the incident with its declaration. `existed`: this id was started before, running or closed; nothing was done. @throws EngineUnreachable, UnknownOutcome */
  declare(input: IncidentInput): Promise<{ existed: boolean }>;
  /**
   * Starts it again from its ledger: reopening, or `rebuilt` where the engine has lost its history, so that nobody can say what the run
   * before sent last. @throws EngineUnreachable, UnknownOutcome
   */
  resume(incidentId: string, fromSeq: number, rebuilt?: boolean): Promise<{ existed: boolean }>;
  /** @throws RefusedError, NoSuchIncident, IncidentNotRunning, UnknownOutcome, EngineUnreachable */
  send(incidentId: string, request: CommandRequest): Promise<Accepted>;
  /** Waits while the incident is being read from its ledger. @throws NoSuchIncident, EngineUnreachable. Needs a living worker. */
  state(incidentId: string): Promise<IncidentState>;
  mailingProgress(incidentId: string, mailing: number): Promise<MailingTotals>;
  /** Rejects also where the engine answers and has no such namespace. */
  ping(): Promise<void>;
}

const ANSWER_WITHIN_MS = 10_000;
/** A run that hands over to the next one, or reads its ledger, is through within milliseconds when the database answers. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 800;
// Numbers of gRPC's status codes, https://grpc.io/docs/guides/status-codes/
const CANCELLED = 1;
const UNKNOWN = 2;
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;
const INTERNAL = 13;
const UNAVAILABLE = 14;
/** None of these is a no: what was asked may have been done, or is done when it is asked again. */
const UNDECIDED: readonly number[] = [
  CANCELLED,
  UNKNOWN,
  DEADLINE_EXCEEDED,
  FAILED_PRECONDITION,
  ABORTED,
  INTERNAL,
  UNAVAILABLE,
];

function grpcCode(error: unknown): number | undefined {
  if (error instanceof ServiceError && isGrpcServiceError(error.cause)) return error.cause.code;
  return isGrpcServiceError(error) ? error.code : undefined;
}
const isUnreachable = (error: unknown): boolean => UNDECIDED.includes(grpcCode(error) ?? -1);

/** Refused before it was accepted, because this run takes no more (the next one will) or too many came at once. */
const isBusy = (error: unknown): boolean =>
  (error instanceof WorkflowUpdateFailedError &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === NAMES.retiring) ||
  grpcCode(error) === RESOURCE_EXHAUSTED;
/** The state query fails for one reason only: the ledger is still being read. */
const isLoading = (error: unknown): boolean => error instanceof QueryNotRegisteredError;
/** In a hand-over the next run has no task yet ("Workflow task is not scheduled yet"). Reading twice harms nothing. */
const isUnanswered = (error: unknown): boolean => isLoading(error) || grpcCode(error) === FAILED_PRECONDITION;

/** The same once more, with longer pauses, while `passing` says that the trouble passes by itself and there is time. */
async function patiently<T>(
  call: () => Promise<T>,
  passing: (error: unknown) => boolean,
  withinMs: number,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await call();
    } catch (error) {
      if (!passing(error) || performance.now() + pauseMs > end) throw error;
    }
    await delay(pauseMs);
  }
}

export function createIncidentGateway({
  client,
  answerWithinMs = ANSWER_WITHIN_MS,
}: {
  client: Client;
  answerWithinMs?: number;
}): TemporalGateway {
  const timed = <T>(call: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + answerWithinMs, call).catch((error: unknown) => {
      // Made anew after a loss, and its namespace not yet: nobody is there to take anything.
      throw error instanceof NamespaceNotFoundError ? new EngineUnreachable() : error;
    });
  const handleOf = (incidentId: string): WorkflowHandle => client.workflow.getHandle(NAMES.incidentId(incidentId));

  /** Rejects only before anything was handed over. */
  async function reached(): Promise<void> {
    try {
      await timed(() => client.connection.ensureConnected());
    } catch {
      throw new EngineUnreachable();
    }
  }

  async function start(
    input: IncidentInput,
    incidentId: string,
    reuse: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
  ): Promise<{ existed: boolean }> {
    await reached();
    try {
      await timed(() =>
        client.workflow.start(NAMES.incidentWorkflow, {
          workflowId: NAMES.incidentId(incidentId),
          taskQueue: NAMES.queue,
          args: [input],
          // FAIL and not USE_EXISTING: both leave the running one alone, but only this one says that it was there.
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: reuse,
        }),
      );
      return { existed: false };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return { existed: true };
      if (isUnreachable(error)) throw new UnknownOutcome(incidentId, 'timeout');
      throw error;
    }
  }

  /** "Not found" means either; only a look at the execution tells them apart. */
  async function missing(incidentId: string): Promise<NoSuchIncident | IncidentNotRunning> {
    try {
      await timed(() => handleOf(incidentId).describe());
      return new IncidentNotRunning(incidentId);
    } catch {
      return new NoSuchIncident(incidentId);
    }
  }

  async function fromSend(incidentId: string, error: unknown): Promise<Error> {
    if (error instanceof WorkflowUpdateFailedError) {
      const { cause } = error;
      if (cause instanceof ApplicationFailure && cause.type === NAMES.refused)
        return new RefusedError((cause.details?.[0] ?? []) as Refusal[]);
      const ended = cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
      if (ended || isBusy(error)) return new UnknownOutcome(incidentId, 'ended_meanwhile');
      return error;
    }
    if (isBusy(error)) return new UnknownOutcome(incidentId, 'timeout');
    if (error instanceof WorkflowNotFoundError) return missing(incidentId);
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return new UnknownOutcome(incidentId, 'timeout');
    if (isUnreachable(error))
      return new UnknownOutcome(incidentId, grpcCode(error) === UNAVAILABLE ? 'unreachable' : 'timeout');
    return error instanceof Error ? error : new Error('The engine answered with something that is no error.');
  }

  return {
    declare: (input) =>
      start(input, 'declaration' in input ? input.declaration.incidentId : input.incidentId, 'REJECT_DUPLICATE'),
    resume: (incidentId, fromSeq, rebuilt = false) =>
      start({ incidentId, fromSeq, ...(rebuilt && { rebuilt }) }, incidentId, 'ALLOW_DUPLICATE'),

    async send(incidentId, request) {
      await reached();
      // The body is part of the id: the same key with another body must reach the incident, which refuses it.
      const updateId = request.cause ? `${request.cause.keyHash}.${request.cause.bodyHash}` : undefined;
      try {
        const options = { args: [request] as [CommandRequest], ...(updateId !== undefined && { updateId }) };
        const ask = () => handleOf(incidentId).executeUpdate<Accepted, [CommandRequest]>(NAMES.command, options);
        return await patiently(() => timed(ask), isBusy, answerWithinMs);
      } catch (error) {
        throw await fromSend(incidentId, error);
      }
    },

    async state(incidentId) {
      try {
        const ask = () => handleOf(incidentId).query<IncidentState, []>(NAMES.state);
        return await patiently(() => timed(ask), isUnanswered, answerWithinMs);
      } catch (error) {
        if (isLoading(error)) throw new EngineUnreachable();
        if (error instanceof WorkflowNotFoundError) throw new NoSuchIncident(incidentId);
        if (isUnreachable(error)) throw new EngineUnreachable();
        throw error;
      }
    },

    async startMailing(input) {
      try {
        await timed(() =>
          client.workflow.start(NAMES.mailingWorkflow, {
            workflowId: NAMES.mailingId(input.incidentId, input.mailing),
            taskQueue: NAMES.queue,
            args: [input],
            workflowIdConflictPolicy: 'USE_EXISTING',
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
          }),
        );
      } catch (error) {
        // It ran and ended: a mailing is never sent a second time under the same number.
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },

    async controlMailing(incidentId, mailing, control) {
      try {
        await timed(() =>
          client.workflow.getHandle(NAMES.mailingId(incidentId, mailing)).signal(NAMES.mailingControl, control),
        );
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error; // it has ended: nothing left to pause or resume
      }
    },

    mailingProgress: (incidentId, mailing) =>
      timed(() =>
        client.workflow.getHandle(NAMES.mailingId(incidentId, mailing)).query<MailingTotals, []>(NAMES.mailingProgress),
      ),

    async ping() {
      await timed(() => client.workflowService.describeNamespace({ namespace: client.options.namespace }));
    },
  };
}
