import type { FactId } from '../../../domain/incident/facts.js';

export type Given = Readonly<Partial<Record<FactId, unknown>>>;
/** [tell the authority, tell the people]; null where the source decided only the other. */
export type Duties = readonly [boolean, boolean | null];

/**
 * A published example: its facts as somebody answers the questions who has read the story and not the rules, the outcome that was
 * published, and a twin in which one decisive fact is another. Evidence as in the law reference: P, the authority's own page was read; S, a secondary source was read; K, known.
 */
export interface PublishedCase {
  readonly id: string;
  readonly what: string;
  readonly evidence: 'P' | 'S' | 'K';
  readonly given: Given;
  readonly duties: Duties;
  readonly twin: { readonly flip: Given; readonly duties: Duties; readonly why: string };
}

export const NOBODY: Duties = [false, false];
export const AUTHORITY: Duties = [true, false];
export const EVERYBODY: Duties = [true, true];
export const AUTHORITY_AT_LEAST: Duties = [true, null];

export const SAFE_KEY = {
  'data.unintelligible': 'PROTECTION_INTACT',
  'protection.algorithmStandardised': true,
  'protection.keySafe': true,
  'protection.keyStrong': true,
  'protection.keyStoredApart': true,
  'protection.appliedToAffectedData': true,
} as const;
export const HARMLESS_GAP = {
  'availability.outcome': 'TEMPORARY',
  'availability.recovery': 'WITHOUT_DIFFICULTY',
  'availability.effectOnPeople': false,
} as const;
