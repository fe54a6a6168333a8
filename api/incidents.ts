import { competenceShown } from '../domain/authorities/competence.js';
import { exemptionsOf } from '../domain/duties/exemptions.js';
import { AWARENESS } from '../domain/incident/events.js';
import { FACT_IDS } from '../domain/incident/facts.js';
import type { IncidentState, Phase } from '../domain/incident/state.js';
import { assess } from '../domain/risk/assess.js';
import { clocklessSays } from '../domain/watch/clockless.js';
import type { Handlers, Reply } from './call.js';
import type { Parts } from './parts.js';
import { intakeAnswer } from './declare.js';
import { refuse } from './errors.js';
import { actNow } from './reads.js';

const PHASES: readonly Phase[] = ['suspected', 'confirmed', 'notifying', 'closed', 'withdrawn'];
const OPEN: ReadonlySet<Phase> = new Set<Phase>(['suspected', 'confirmed', 'notifying']);

function phasesOf(text: string | undefined): { phases: readonly Phase[] } | undefined {
  if (text === undefined) return undefined;
  const phase = PHASES.find((known) => known === text);
  if (!phase) throw refuse('field', `phase must be one of ${PHASES.join(', ')}.`, 'phase');
  return { phases: [phase] };
}

type Ids = 'board' | 'incident' | 'facts' | 'awareness' | 'assessment' | 'tasks' | 'breakGlass';

export function incidentHandlers({ deps, reads, clocks }: Parts): Handlers<Ids> {
  const withSeq = (state: IncidentState, json: object): Reply => ({
    json: { seq: state.seq, ...json },
    headers: { ETag: `"${state.seq}"` },
  });

  return {
    async board(call) {
      const looking = clocks.all();
      const rows = await deps.views.board(phasesOf(call.query['phase'])).catch(() => {
        throw refuse(
          'unavailable',
          'The board cannot be read at the moment: the database does not answer. One incident can: GET /v1/incidents/{id}.',
        );
      });
      const states = rows.flatMap(({ state }) => (state ? [state] : []));
      const waiting = await deps.intakes.waiting().catch(() => []);
      const found = await looking;
      return {
        json: {
          incidents: [...states]
            .sort((a, b) => Number(OPEN.has(b.phase)) - Number(OPEN.has(a.phase)))
            .map(reads.summary),
          intakes: waiting.map((intake) => intakeAnswer(intake, intake.receivedAt ?? call.at, deps.offsetMs)),
          clocks: found && { ...found, says: clocklessSays(found, { naming: true }) },
        },
      };
    },

    async incident(call) {
      const state = await reads.stateFor(call);
      const lacking = OPEN.has(state.phase) ? await clocks.lacking(state.id) : false;
      const json = { ...reads.summary(state), withoutClock: lacking };
      // The seq does not tell that a clock has stopped: an answer that says so is never the one that somebody has already.
      if (lacking) return { json, headers: { 'Cache-Control': 'no-store' } };
      const headers = { ETag: `"${state.seq}"`, 'Cache-Control': 'no-cache' };
      const seen = call.request.headers['if-none-match'];
      return seen === headers.ETag ? { notModified: true, headers } : { json, headers };
    },

    async facts(call) {
      const state = await reads.stateFor(call);
      const facts = FACT_IDS.flatMap((id) => state.facts[id] ?? []);
      const missing = FACT_IDS.filter((id) => state.facts[id] === undefined || state.facts[id].certainty === 'pending');
      return withSeq(state, { facts, missing });
    },

    async awareness(call) {
      const state = await reads.stateFor(call);
      const awareness = Object.fromEntries(
        AWARENESS.flatMap((key) => (state.awareness[key] ? [[key, state.awareness[key]]] : [])),
      );
      return withSeq(state, { awareness, history: state.awarenessHistory, proposal: state.awarenessProposal });
    },

    /** What triage proposed when it rests on the facts as they are, else worked out anew by the same function. */
    async assessment(call) {
      const state = await reads.stateFor(call);
      const current = state.proposal?.factsSeq === state.factsSeq ? state.proposal.assessment : undefined;
      const assessment =
        current ??
        assess({
          facts: state.facts,
          awareAt: state.awareness.awareAt?.at ?? null,
          now: actNow(state, call.at),
          playbook: state.setting.playbook,
          organisation: state.setting.organisation,
        });
      const competence = competenceShown(state.setting.organisation, state.facts, call.at.slice(0, 10));
      const exemptions = assessment.tellPeople ? exemptionsOf(state.facts) : [];
      return withSeq(state, { assessment, decision: state.decision, competence, exemptions });
    },

    async tasks(call) {
      const state = await reads.stateFor(call);
      return withSeq(state, { tasks: reads.summary(state).tasks });
    },

    async breakGlass(call) {
      const state = await reads.stateFor(call);
      return withSeq(state, {
        uses: state.breakGlass.map(({ use, by, for: what, at, reviewedBy }) => ({
          use,
          by: by.id,
          for: what,
          at,
          reviewedBy,
        })),
      });
    },
  };
}
