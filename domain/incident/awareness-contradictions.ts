import { DAY_MS, type Instant, isAfter, isBefore, plusMs } from '../clock/instant.js';
import type { AwarenessKey } from './events.js';
import type { FactId, FactValue } from './facts.js';
import type { Refusal } from './refusals.js';

export type Clash = Extract<Refusal, { code: 'contradiction' }>;

type Instants = Readonly<Partial<Record<AwarenessKey, { readonly at: Instant }>>>;
type Values = Readonly<Partial<Record<FactId, { readonly value: FactValue | null }>>>;

/**
 * What cannot be so between the instants of awareness, and between them and the facts; the latest one named last. That the processor
 * told us after we knew is none of it: another source may have been quicker, and both instants are true then.
 */
export function awarenessContradictions(awareness: Instants, facts: Values): Clash[] {
  return [...amongInstants(awareness), ...withFacts(awareness, facts)];
}

function amongInstants({ firstHintAt, firstEmployeeKnowledgeAt: employee, awareAt, ...rest }: Instants): Clash[] {
  const found: Clash[] = [];
  const clash = (first: AwarenessKey, second: AwarenessKey, says: string, mend: string) =>
    found.push({ code: 'contradiction', paths: [`awareness.${first}`, `awareness.${second}`], says, mend });
  const processor = rest.processorInformedUsAt;
  const HINT_FIRST = 'Correct one of the two: nobody is certain before the first hint (R-111).';
  for (const [key, finding] of [
    ['awareAt', awareAt],
    ['firstEmployeeKnowledgeAt', employee],
    ['processorInformedUsAt', processor],
  ] as const)
    if (firstHintAt && finding && isAfter(firstHintAt.at, finding.at))
      clash('firstHintAt', key, `the first hint came at ${firstHintAt.at}, after ${finding.at}`, HINT_FIRST);
  if (employee && awareAt && isAfter(employee.at, awareAt.at))
    clash(
      'firstEmployeeKnowledgeAt',
      'awareAt',
      `the first of us knew at ${employee.at}, after we were aware at ${awareAt.at}`,
      'Use the instant at which the first employee knew; it cannot be later than awareAt (R-115).',
    );
  return found;
}

function withFacts(awareness: Instants, facts: Values): Clash[] {
  const began = facts['breach.startedAt']?.value;
  const found: Clash[] = [];
  if (typeof began === 'string')
    for (const key of ['firstEmployeeKnowledgeAt', 'processorInformedUsAt', 'awareAt'] as const) {
      const at = awareness[key]?.at;
      if (at && isAfter(began, at))
        found.push({
          code: 'contradiction',
          paths: ['facts.breach.startedAt', `awareness.${key}`],
          says: `it began at ${began}, after somebody knew of it at ${at}`,
          mend: 'Correct one of the two; when the beginning is not known, breach.startedAt is pending.',
        });
    }
  const aware = awareness.awareAt?.at;
  for (const id of ['notice.moreInformationOn', 'communication.plannedOn'] as const) {
    const day = facts[id]?.value;
    // A day has no zone: only one that is over everywhere is certainly before.
    if (aware && typeof day === 'string' && isBefore(`${day}T23:59:59.999Z`, plusMs(aware, -DAY_MS / 2)))
      found.push({
        code: 'contradiction',
        paths: [`facts.${id}`, 'awareness.awareAt'],
        says: `${day} is a day before anybody was aware of the breach (${aware})`,
        mend: 'Use a day that is to come.',
      });
  }
  return found;
}
