import type { Instant } from '../clock/instant.js';
import type { RiskLevel } from '../risk/levels.js';
import type { Fact, FactId, FactValue } from './facts.js';
import type { IncidentState, Phase } from './state.js';
import type { Telling, Told } from './telling.js';

/** One line of the Art. 33(5) register: facts, effects, remedial action, and the reasoning of each decision. */
export interface RegisterEntry {
  readonly incident: string;
  readonly mode: 'live' | 'drill';
  readonly title: string;
  readonly phase: Phase;
  readonly declaredAt: Instant;
  readonly awareAt: Instant | null;
  readonly whatHappened: string | null;
  readonly cause: string | null;
  readonly dataConcerned: readonly string[];
  readonly peopleConcerned: { readonly categories: readonly string[]; readonly count: FactValue | null };
  readonly effects: readonly string[];
  readonly remedialAction: string | null;
  readonly decisions: readonly {
    readonly level: RiskLevel;
    readonly reasons: string;
    readonly by: string;
    readonly at: Instant;
  }[];
  readonly notNotifiedBecause: string | null;
  readonly exemption: { readonly rule: string; readonly reason: string; readonly proof: string } | null;
  readonly reasonsForDelay: string | null;
  readonly notices: readonly {
    readonly phase: number;
    readonly authority: string;
    readonly state: string;
    readonly submittedAt: Instant | null;
    readonly reference: string | null;
    readonly contentSha256: string | null;
    readonly artifacts: Readonly<Record<string, string>>;
  }[];
  readonly communications: readonly {
    readonly mailing: number;
    readonly completedAt: Instant | null;
    readonly total: number;
    readonly accepted: number;
    readonly messageSha256: string | null;
  }[];
  /** Otherwise than by a mailing: by letter, publicly. The note alone where nobody has recorded more. Entries of before have none. */
  readonly otherwiseTold?: readonly (Partial<Telling> & Pick<Told, 'note' | 'by' | 'at'>)[];
  readonly breakGlass: readonly {
    readonly for: string;
    readonly by: string;
    readonly at: Instant;
    readonly reason: string;
    readonly reviewedBy: string | null;
  }[];
  readonly withdrawn: { readonly because: string; readonly duplicateOf: string | null; readonly reason: string } | null;
  readonly closedAt: Instant | null;
  /** Where the chain of the ledger stood when this was written; entries of before have none. */
  readonly ledgerHead?: { readonly seq: number; readonly hash: string };
}

const value = (fact: Fact | undefined): FactValue | null => fact?.value ?? null;
const text = (state: IncidentState, id: FactId): string | null => {
  const found = value(state.facts[id]);
  return typeof found === 'string' ? found : null;
};
const list = (state: IncidentState, id: FactId): readonly string[] => {
  const found = value(state.facts[id]);
  return Array.isArray(found) ? found : [];
};

/** An authority that two people left out, and why. */
const leftOut = ({ duties }: IncidentState): string[] =>
  duties.flatMap(({ kind, to, state, dischargedBy, exemption }) =>
    kind === 'authority-notice' && state === 'waived' && exemption
      ? [`${to}: ${exemption.reason} (${dischargedBy ?? ''}; ${exemption.proof})`]
      : [],
  );

/** A suspicion is no breach yet and has no entry; whatever was confirmed or withdrawn has one for good. */
export const hasEntry = (state: IncidentState): boolean => state.phase !== 'suspected';

/** @param ledgerHead of the incident's ledger, with everything that the entry tells */
export function registerEntry(state: IncidentState, ledgerHead?: RegisterEntry['ledgerHead']): RegisterEntry {
  const exempt = state.duties.find((d) => d.kind === 'people-message' && d.state === 'exempt');
  const unlikely = state.decision?.level === 'UNLIKELY_RISK' ? state.decision.reasons : null;
  return {
    incident: state.id,
    mode: state.mode,
    title: state.title,
    phase: state.phase,
    declaredAt: state.declaredAt,
    awareAt: state.awareness.awareAt?.at ?? null,
    whatHappened: text(state, 'breach.summary'),
    cause: text(state, 'breach.cause'),
    dataConcerned: list(state, 'data.categories'),
    peopleConcerned: { categories: list(state, 'people.categories'), count: value(state.facts['people.count']) },
    effects: list(state, 'harm.types'),
    remedialAction: text(state, 'measures.taken'),
    decisions: state.decisions.map(({ level, reasons, by, at }) => ({ level, reasons, by, at })),
    notNotifiedBecause: [...(unlikely === null ? [] : [unlikely]), ...leftOut(state)].join('\n') || null,
    exemption: exempt?.exemption ? { rule: exempt.dischargedBy ?? '', ...exempt.exemption } : null,
    reasonsForDelay: text(state, 'notice.reasonsForDelay'),
    notices: state.notices.flatMap((n) =>
      Object.values(n.deliveries).map((d) => ({
        phase: n.phase,
        authority: d.authority,
        state: d.state,
        submittedAt: d.submittedAt,
        reference: d.receipt?.reference ?? null,
        contentSha256: n.approved?.sha256 ?? null,
        artifacts: d.artifacts,
      })),
    ),
    communications: state.mailings.map((m) => ({
      mailing: m.mailing,
      completedAt: m.completedAt,
      total: m.count,
      accepted: (m.totals?.accepted ?? 0) + (m.totals?.resent ?? 0),
      messageSha256: state.messages.find((message) => message.id === m.message)?.sha256 ?? null,
    })),
    otherwiseTold: state.tasks.flatMap(({ told }) =>
      told ? [{ ...told.telling, note: told.note, by: told.by, at: told.at }] : [],
    ),
    breakGlass: state.breakGlass.map((b) => ({
      for: b.for,
      by: b.by.id,
      at: b.at,
      reason: b.reason,
      reviewedBy: b.reviewedBy,
    })),
    withdrawn: state.withdrawn,
    closedAt: state.closedAt,
    ...(ledgerHead && { ledgerHead }),
  };
}
