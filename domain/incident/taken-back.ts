import type { Instant } from '../clock/instant.js';
import { isOwed } from '../duties/duty.js';
import type { IncidentState, NoticePhase } from './state.js';

/** What an authority was told and then told to be none: as good as not told. */

/** What is asked of a phase; one without a number is the first. A NoticePhase fits. */
export interface PhaseTold {
  readonly phase?: number;
  readonly approved?: { readonly content: { readonly completeness: string } } | null;
  readonly deliveries: Readonly<Record<string, { readonly submittedAt: Instant | null; readonly state?: string }>>;
}
interface Told<T extends PhaseTold = PhaseTold> {
  readonly notices: readonly T[];
}

const numberOf = ({ phase = 1 }: PhaseTold): number => phase;
export const withdraws = (notice: PhaseTold | undefined): boolean =>
  notice?.approved?.content.completeness === 'WITHDRAW';

/** To one authority at least. */
export const wasSubmitted = ({ deliveries }: PhaseTold): boolean =>
  Object.values(deliveries).some((d) => d.submittedAt !== null);

/** Would take back what was told: approved, or only drafted. */
export const takesBack = ({ approved, draft }: Pick<NoticePhase, 'approved' | 'draft'>): boolean =>
  (approved ?? draft).content.completeness === 'WITHDRAW';

/** A task for whoever must tell an authority that the notice stands, since what takes it back may have arrived. */
export const IN_DOUBT_TASK = 'withdrawal-in-doubt/';

/** The last phase that took the earlier ones back with this authority; 0 when none did. */
export function takenBackUpTo({ notices }: Told, authority: string): number {
  const last = notices.findLast((n) => withdraws(n) && n.deliveries[authority]?.submittedAt != null);
  return last === undefined ? 0 : numberOf(last);
}

/** Was this phase submitted to this authority, and not taken back there since? */
export const standsWith = (state: Told, notice: PhaseTold, authority: string): boolean =>
  notice.deliveries[authority]?.submittedAt != null && numberOf(notice) > takenBackUpTo(state, authority);

/** The phases that some authority holds to be so, oldest first; what takes others back is none of them. */
export const standing = <T extends PhaseTold>(state: Told<T>): readonly T[] =>
  state.notices.filter(
    (notice) => !withdraws(notice) && Object.keys(notice.deliveries).some((to) => standsWith(state, notice, to)),
  );

/** The last phase that every authority has which has any: what changed is told from there on, so that nobody misses a change. */
export function heardByAll<T extends PhaseTold>(state: Told<T>): T | undefined {
  const phases = standing(state);
  const to = [...new Set(phases.flatMap((notice) => Object.keys(notice.deliveries)))];
  const last = to.flatMap((authority) => phases.findLast((notice) => standsWith(state, notice, authority)) ?? []);
  return last.toSorted((a, b) => numberOf(a) - numberOf(b))[0];
}

/** Handed over and not known what became of it, or ready for a person who may have filed it. */
export const mayHaveArrived = ({
  submittedAt,
  state,
}: {
  readonly submittedAt: Instant | null;
  readonly state?: string;
}): boolean => submittedAt === null && (state === 'ambiguous' || state === 'at_portal');

/**
 * Phases are counted on, also over those that were taken back; one that never left is replaced. A withdrawal that may have arrived keeps
 * its number when what it takes back stands after all: nothing else goes out under it.
 */
export function nextPhase({ notices }: Told, withdrawing = false): number {
  const keeps = (n: PhaseTold): boolean =>
    !withdrawing && withdraws(n) && Object.values(n.deliveries).some(mayHaveArrived);
  const last = notices.findLast((n) => wasSubmitted(n) || keeps(n));
  return last === undefined ? 1 : numberOf(last) + 1;
}

/** The incident was none, or two people found a risk unlikely and no notice is owed again since: only then is a notice taken back. */
export const mayTakeBack = ({
  phase,
  decision,
  duties,
}: Pick<IncidentState, 'phase' | 'decision' | 'duties'>): boolean =>
  phase === 'withdrawn' ||
  (decision?.level === 'UNLIKELY_RISK' && !duties.some((d) => d.kind === 'authority-notice' && isOwed(d)));

/** It takes back what stands by now, so nobody is asked to send it: from policy 3 on. */
export const isOverruled = (
  state: Pick<IncidentState, 'policy' | 'phase' | 'decision' | 'duties'>,
  notice: Pick<NoticePhase, 'approved' | 'draft'>,
): boolean => state.policy >= 3 && takesBack(notice) && !mayTakeBack(state);

/** The same of the version on the table, which may be another than the approved one. */
export const isDraftOverruled = (
  state: Pick<IncidentState, 'policy' | 'phase' | 'decision' | 'duties'>,
  { draft }: Pick<NoticePhase, 'draft'>,
): boolean => isOverruled(state, { draft, approved: null });

/** An authority has, or had: before policy 3 what was taken back counted on. */
export const wasTold = (state: IncidentState): boolean =>
  state.policy >= 3 ? standing(state).length > 0 : state.notices.some(wasSubmitted);
