import type { FindingInput } from '../domain/incident/commands.js';
import { AWARENESS, type AwarenessKey } from '../domain/incident/events.js';
import type { Instant } from '../domain/clock/instant.js';

interface Sent {
  readonly at: Instant;
  readonly zone?: string | undefined;
  readonly source?: string | undefined;
}
const NO_SOURCE = 'no source given';

export const findingInput = (sent: Sent, zone: string): FindingInput => ({
  at: sent.at,
  zone: sent.zone ?? zone,
  source: sent.source ?? NO_SOURCE,
});

export function findingInputs(
  sent: { readonly [Key in AwarenessKey]?: Sent | undefined },
  zone: string,
): Partial<Record<AwarenessKey, FindingInput>> {
  const findings: Partial<Record<AwarenessKey, FindingInput>> = {};
  for (const key of AWARENESS) {
    const finding = sent[key];
    if (finding) findings[key] = findingInput(finding, zone);
  }
  return findings;
}
