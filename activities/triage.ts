import { rulesAt } from '../domain/law/provisions.js';
import type { OffsetMs } from '../domain/clock/deadlines.js';
import type { Instant } from '../domain/clock/instant.js';
import type { Facts } from '../domain/incident/facts.js';
import type { Organisation, Playbook } from '../domain/incident/organisation.js';
import { assess } from '../domain/risk/assess.js';
import type { Assessment } from '../domain/risk/assessment.js';
import type { IncidentState } from '../domain/incident/state.js';
import { heardByAll, standing } from '../domain/incident/taken-back.js';
import { buildNotice } from '../domain/notice/build.js';
import type { Authorisation, NoticeContent } from '../domain/notice/model.js';
import type { Hasher } from './ports.js';

export type TriageActivities = ReturnType<typeof createTriageActivities>;

/**
 * What rules make of facts. Activities, not workflow code: their result becomes an event, so that a corrected rule never decides an
 * old incident anew (docs/decisions/0003). They need no store: facts come in, proposals go out.
 */
export function createTriageActivities({ hasher, offsetMs }: { hasher: Hasher; offsetMs?: OffsetMs }) {
  return {
    async triage(input: {
      facts: Facts;
      awareAt: Instant | null;
      now: Instant;
      playbook: Playbook;
      organisation?: Organisation;
    }): Promise<{ assessment: Assessment; rules: string }> {
      return { assessment: assess(input), rules: rulesAt(input.awareAt) };
    },

    async draftNotice(input: {
      state: IncidentState;
      at: Instant;
      withdraw: string | null;
      automatic?: Authorisation;
    }): Promise<{ content: NoticeContent; sha256: string }> {
      const { state, at, withdraw, automatic } = input;
      // What no authority has, or was taken back, is no former phase: a draft takes the place of one that never left.
      const previous = standing(state).at(-1)?.approved?.content ?? null;
      const content = buildNotice({
        state,
        at,
        rules: rulesAt(state.awareness.awareAt?.at ?? null),
        previous,
        comparedWith: heardByAll(state)?.approved?.content ?? null,
        withdraw,
        ...(offsetMs && { offsetMs }),
        ...(automatic && { automatic }),
      });
      return { content, sha256: hasher.canonicalSha256(content) };
    },
  };
}
