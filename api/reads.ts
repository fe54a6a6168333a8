import { type Instant, toMs } from '../domain/clock/instant.js';
import { actTime } from '../domain/clock/segments.js';
import type { IncidentState } from '../domain/incident/state.js';
import { summarise } from '../domain/incident/summary.js';
import type { IncidentSummary } from '../domain/incident/summary-shape.js';
import { REBUILD } from '../domain/watch/clockless.js';
import type { Call } from './call.js';
import { type Refused, refuse } from './errors.js';
import type { ApiDeps } from './ports.js';

const VIEW_WAIT_MS = 2_000;

const noSuchIncident = (id: string): Refused =>
  refuse('no-such-incident', `There is no incident ${id} here. All of them: seventytwo status.`, null, {
    incident: id,
  });

const notOnRecord = (id: string, started: boolean): Refused =>
  refuse(
    'no-clock',
    started
      ? `${id} was declared, and neither the workflow engine nor the record has it: no clock runs for it. Watch its deadline by hand. The operator starts it from the declaration that was kept: ${REBUILD}.`
      : `${id} was declared and is kept; the workflow engine has not taken it yet, so no clock runs for it. It is started within seconds when the engine answers. Its deadline: seventytwo status.`,
    null,
    { incident: id },
  );

/** Nobody can say that there is no such incident, or that it has no clock, while the record cannot be read. */
const recordAway = (): Refused =>
  refuse(
    'unavailable',
    'The workflow engine does not run this incident, and the database, which would know whether it is closed, does not answer. Try again in a few seconds.',
  );

/** What the incident's own clock shows now. */
export const actNow = (state: IncidentState, now: Instant): Instant => actTime(state.clock, toMs(now));

export function createReads(deps: Pick<ApiDeps, 'views' | 'gateway' | 'intakes' | 'now' | 'offsetMs' | 'limits'>) {
  const { views, gateway } = deps;

  async function fromWorkflow(id: string): Promise<IncidentState | null> {
    const answer = await gateway.state(id);
    if (answer.is === 'known') return answer.state;
    if (answer.is === 'no-such') return null;
    throw refuse(
      'unavailable',
      'The incident cannot be read at the moment: neither the database nor the workflow engine answers. Its clock runs on. Try again in a few seconds.',
    );
  }

  /** The view when it is far enough, else the workflow; the view again when the workflow is gone (closed long ago). */
  async function state(id: string, minSeq = 0): Promise<IncidentState> {
    let behind: IncidentState | null = null;
    let away = false;
    try {
      const view =
        minSeq > 0
          ? await views.loadAtLeast(id, minSeq, deps.limits?.viewWaitMs ?? VIEW_WAIT_MS)
          : await views.load(id);
      if (view) return view;
      if (minSeq > 0) behind = await views.load(id);
    } catch {
      away = true; // the workflow knows as well, unless it ended long ago
    }
    const asked = await fromWorkflow(id);
    const found = asked ?? behind;
    if (!found && away) throw recordAway();
    if (!found) throw await missing(id);
    return found;
  }

  /** Neither the engine nor the record has it. A declaration that was kept tells a loss from an id that never was. */
  async function missing(id: string): Promise<Refused> {
    const kept = await deps.intakes.find(id).catch(() => {
      throw recordAway();
    });
    return kept ? notOnRecord(id, kept.started) : noSuchIncident(id);
  }

  const summary = (found: IncidentState): IncidentSummary => summarise(found, actNow(found, deps.now()), deps.offsetMs);

  return {
    state,
    missing,
    summary,
    stateFor: (call: Call): Promise<IncidentState> =>
      state(call.parameters['id'] ?? '', wantedSeq(call.query['minSeq'])),

    /** What a command is made from: the workflow knows what was accepted a moment ago, the view may be behind it. */
    async newest(id: string): Promise<IncidentState> {
      const answer = await gateway.state(id);
      return answer.is === 'known' ? answer.state : state(id);
    },

    /** After an accepted command: the workflow itself knows best; the view when it cannot be asked. Rejects rather than tell an older state. */
    async after(id: string, seq: number): Promise<IncidentState> {
      const answer = await gateway.state(id);
      const found = answer.is === 'known' && answer.state.seq >= seq ? answer.state : await state(id, seq);
      if (found.seq < seq) throw new Error(`The incident can be read up to entry ${found.seq} only.`);
      return found;
    },
  };
}
export type Reads = ReturnType<typeof createReads>;

export function wantedSeq(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refuse('field', 'minSeq must be a whole number, as an answer gave it as seq.', 'minSeq');
}
