import { FACT_IDS, type FactId, type FactSpec, factSpec } from '../domain/incident/facts.js';
import { INTRUSIONS } from '../domain/incident/lists.js';

/** Facts as the server knows them: value by id. */
export type Known = Readonly<Partial<Record<string, { readonly value: unknown; readonly certainty: string }>>>;

/** What a person can say to a question besides the value itself. */
export type Said =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'certainty'; readonly certainty: 'pending' | 'undeterminable' | 'not_applicable' }
  | { readonly kind: 'skip' }
  /** To the question before, to answer it once more. */
  | { readonly kind: 'back' }
  | { readonly kind: 'leave' };

/** An answer in canonical form: later questions depend on it. */
export interface Recorded {
  readonly value: unknown;
  readonly certainty: string;
}

export interface Asker {
  ask(question: { readonly fact: FactId; readonly spec: FactSpec; readonly place: string }): Promise<Said>;
  /** Records one answer at once, and says as what; or what does not fit, so that the question comes again. */
  record(fact: FactId, said: Said): Promise<Recorded | { readonly problem: string }>;
  complain(problem: string): void;
}

/** A question that the answers so far have made pointless is not asked: nobody has time for it at three in the morning. */
export function isAsked(fact: FactId, known: Known): boolean {
  const natures = known['breach.nature']?.value;
  const nature = (name: string): boolean => !Array.isArray(natures) || natures.includes(name);
  const recipients = known['confidentiality.recipients']?.value;
  if (fact === 'confidentiality.recipientCount' || fact === 'confidentiality.recipientTrusted')
    return nature('CONFIDENTIALITY') && (recipients === undefined || recipients === 'KNOWN_RECIPIENTS');
  if (fact === 'confidentiality.recipientBound') return known['confidentiality.recipientTrusted']?.value === true;
  // An intruder may have read what they encrypted or deleted: whether nobody did has to be shown.
  if (fact === 'confidentiality.outcome')
    return nature('CONFIDENTIALITY') || intruded(known['breach.incidentTypes']?.value);
  // For good is longer than any hours.
  if (fact === 'availability.outageHours')
    return nature('AVAILABILITY') && known['availability.outcome']?.value !== 'PERMANENT';
  if (fact.startsWith('confidentiality.')) return nature('CONFIDENTIALITY');
  if (fact.startsWith('integrity.')) return nature('INTEGRITY');
  if (fact.startsWith('availability.')) return nature('AVAILABILITY');
  if (fact === 'data.unintelligible') return nature('CONFIDENTIALITY');
  if (fact === 'protection.passwordsSaltedAndHashed') return includes(known['data.categories']?.value, 'CREDENTIALS');
  if (fact.startsWith('protection.'))
    return ['PROTECTION_INTACT', 'LIKELY_SUBVERTIBLE'].includes(String(known['data.unintelligible']?.value));
  const types = known['breach.incidentTypes']?.value;
  if (['people.mailboxOwners', 'people.phishingRecipients', 'people.inMailbox'].includes(fact))
    return includes(types, 'PHISHING_SOCIAL_ENGINEERING');
  if (fact === 'parties.jointControllerRole') return known['parties.jointControllers']?.value != null;
  if (fact === 'crossBorder.leadCountry') return known['crossBorder.processing']?.value === 'YES';
  if (fact === 'communication.circleReason') return known['communication.circle']?.value === 'SUBSET';
  if (fact === 'communication.exemptionProof') return known['communication.exemption']?.value != null;
  if (fact === 'breach.toldUsOn')
    return !['CONTROLLER', undefined].includes(known['breach.discoveredBy']?.value as string | undefined);
  if (fact === 'breach.endedAt') return known['breach.occurrence']?.value !== 'ONGOING_SINCE';
  if (fact === 'order.detail')
    return ['ORDERED_BY_SA', 'SA_CONFIRMED_EXEMPT'].includes(String(known['order.byAuthority']?.value));
  if (fact === 'people.mostAffectedLand')
    return Object.hasOwn((known['people.countries']?.value ?? {}) as object, 'DE');
  // Derived, or asked by a task of its own when it is owed.
  return !['data.contextAdjustment', 'notice.reasonsForDelay'].includes(fact);
}

const intruded = (types: unknown): boolean => INTRUSIONS.some((type) => includes(types, type));
const includes = (value: unknown, wanted: string): boolean => Array.isArray(value) && value.includes(wanted);

export const openQuestions = (known: Known): FactId[] =>
  FACT_IDS.filter((fact) => (known[fact] === undefined || known[fact].certainty === 'pending') && isAsked(fact, known));

/**
 * Walks the open questions, what decides a duty first; an answer can open others, which then come in their order. Each answer is recorded
 * before the next question, so that leaving loses nothing. Answers how many facts were recorded.
 */
export async function interview(start: Known, asker: Asker): Promise<number> {
  const known: Record<string, Recorded> = Object.fromEntries(
    Object.entries(start).flatMap(([id, fact]) => (fact ? [[id, fact]] : [])),
  );
  const passed: FactId[] = []; // answered or skipped in this walk, in that order
  const recorded = new Set<FactId>();
  let again: FactId | null = null;
  for (;;) {
    const open = openQuestions(known).filter((fact) => !passed.includes(fact));
    const fact: FactId | undefined = again ?? open[0];
    if (fact === undefined) return recorded.size;
    const place = `${passed.length + 1} of about ${passed.length + Math.max(open.length, 1)}`;
    const said = await asker.ask({ fact, spec: factSpec(fact), place });
    if (said.kind === 'leave') return recorded.size;
    if (said.kind === 'back') {
      again = passed.pop() ?? fact;
      if (again === fact) asker.complain('This is the first question of this walk.');
      continue;
    }
    if (said.kind !== 'skip') {
      const answer = await asker.record(fact, said);
      if ('problem' in answer) {
        asker.complain(`${answer.problem} (< goes back to the question before.)`);
        again = fact;
        continue;
      }
      known[fact] = answer;
      recorded.add(fact);
    }
    again = null;
    passed.push(fact);
  }
}
