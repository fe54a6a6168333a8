import type { Instant } from '../clock/instant.js';
import { isQuiet, outlook, owedTo, withheldSays } from './automatic-filing.js';
import type { IncidentState, Milestone } from './state.js';

/** What people are woken with about filing by itself. Ids, instants and numbers only. */

const shown = (instant: Instant): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

export function aboutAutomatic(
  state: IncidentState,
  milestone: Pick<Milestone, 'id' | 'kind'>,
  at: Instant,
  clock: string,
): { says: string; next: string } {
  const next = `seventytwo status ${state.id}`;
  if (milestone.kind === 'alarm') {
    const [what, phase = ''] = milestone.id.split('/');
    if (what === 'automatic-filed') {
      const to = state.automatic?.outcome?.filed.join(', ') ?? '';
      return {
        says: `Nobody had approved a notice, so notice ${phase} was filed by itself to ${to}, as it was, incomplete, under the standing authorisation.${whyWithheld(state)} Read it and send what is missing.`,
        next: `seventytwo notice ${state.id} show`,
      };
    }
    if (what === 'automatic-ended')
      return {
        says: `The standing authorisation has ended: nothing is filed by itself any more, whatever the warning said. ${clock}`,
        next,
      };
    return { says: `Nothing was filed by itself.${whyWithheld(state)} ${clock}`, next };
  }
  const coming = outlook(state, at);
  if (!coming) return { says: `${milestone.id} reached. ${clock}${whyWithheld(state)}`, next };
  const not = coming.not.length > 0 ? ` Not to ${withheldSays(coming.not)}.` : '';
  const says =
    coming.to.length > 0
      ? `No notice is approved. At ${shown(coming.at)} one is filed by itself to ${coming.to.join(', ')}, as it is then, incomplete, unless somebody approves one before.${not}`
      : `Nothing will be filed by itself at ${shown(coming.at)}.${not}`;
  return { says: `${says} ${clock}`, next };
}

/** Said with every alarm to the end of the ladder: people must not wait for what does not come. */
export function whyWithheld(state: IncidentState): string {
  const owed = owedTo(state);
  const not = (state.automatic?.outcome?.withheld ?? []).filter(
    (w) => owed.includes(w.authority) && !isQuiet(w.because),
  );
  return not.length > 0 ? ` Not filed by itself to ${withheldSays(not)}.` : '';
}
